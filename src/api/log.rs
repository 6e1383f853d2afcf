//! The log that is evidence: signed heads, proofs, public keys, and a witness's signature.

use super::{
    ask::Ask,
    input::{Body, Query},
    problem::{ReadProblems, Refused, WriteProblems},
    step::case_id,
};
use crate::{
    domain::ids::CaseId,
    evidence::row::{EventRow, Kind},
    office::{
        Fault,
        evidence::{EventProof, Located},
    },
};
use actix_web::{HttpResponse, get, http::header::ContentType, post, web::Path};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CheckpointQuery {
    /// The checkpoint of this many entries; the newest if left out.
    #[param(value_type = Option<u64>)]
    size: Option<u64>,
}

/// Read a checkpoint 存证检查点
///
/// The signed head of a congress's log, as a C2SP checkpoint in plain text, with the cosignatures of witnesses below the
/// log's own signature. `docs/evidence.md` tells the format.
///
/// **Who:** committee staff and auditors, their congress's; operators, that of `installation`.
#[utoipa::path(
    tag = "evidence",
    params(CheckpointQuery, ("id" = String, Path, description = "A congress, or `installation`")),
    responses((status = 200, body = String, content_type = "text/plain"), ReadProblems),
    security(("bearer" = []))
)]
#[get("/log/{id}/checkpoint")]
pub async fn get_checkpoint(
    ask: Ask,
    id: Path<String>,
    query: Query<CheckpointQuery>,
) -> Result<HttpResponse, Refused> {
    let note = ask.office.checkpoint(&ask.caller, &id, query.0.size).await?;
    Ok(HttpResponse::Ok().content_type(ContentType::plaintext()).body(note.to_string()))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InclusionQuery {
    /// The entry by its place in the log, from 0.
    #[param(value_type = Option<u64>)]
    index: Option<u64>,
    /// The entry that is this event: its case, and `version`.
    #[param(value_type = Option<String>)]
    case: Option<CaseId>,
    /// The event's version in the ledger.
    #[param(value_type = Option<i64>)]
    version: Option<i64>,
    /// The entry that is this act.
    #[param(value_type = Option<String>)]
    act: Option<Uuid>,
    /// In the log of this many entries, of which there is a checkpoint; the newest if left out.
    #[param(value_type = Option<u64>)]
    size: Option<u64>,
}

/// That an entry is in the log.
#[derive(Serialize, utoipa::ToSchema)]
pub struct InclusionProof {
    /// `sha256` or `sm3`.
    hash: &'static str,
    index: u64,
    size: u64,
    entry: Entry,
    /// Hexadecimal.
    leaf: String,
    /// From the leaf up (RFC 9162, 2.1.3), hexadecimal.
    proof: Vec<String>,
    /// The signed head that the proof leads to.
    checkpoint: String,
}

/// What an entry of the log is of.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Entry {
    kind: Kind,
    /// The case's id, the act's or the report's.
    id: String,
    /// The event's version; 0 for the others.
    version: i64,
}

/// Prove that an entry is in the log
///
/// Name the entry by its `index`, by `case` and `version`, or by `act`.
///
/// **Who:** as `get_checkpoint`.
#[utoipa::path(
    tag = "evidence",
    params(InclusionQuery, ("id" = String, Path, description = "A congress, or `installation`")),
    responses((status = 200, body = InclusionProof), ReadProblems),
    security(("bearer" = []))
)]
#[get("/log/{id}/proofs/inclusion")]
pub async fn prove_inclusion(
    ask: Ask,
    id: Path<String>,
    query: Query<InclusionQuery>,
) -> Result<HttpResponse, Refused> {
    let Query(InclusionQuery { index, case, version, act, size }) = query;
    let of = match (index, case, version, act) {
        (Some(index), None, None, None) => Located::Index(index),
        (None, Some(case), Some(version), None) => Located::event(case, version),
        (None, None, None, Some(act)) => Located::act(act),
        _ => {
            return Err(Fault::invalid(
                "?index",
                "请用 index、case 加 version、或 act 之一指明条目",
                "name the entry by index, by case and version, or by act",
            )
            .into());
        }
    };
    let found = ask.office.inclusion(&ask.caller, &id, of, size).await?;
    let subject = found.leaf.subject;
    Ok(HttpResponse::Ok().json(InclusionProof {
        hash: found.algorithm.id(),
        index: found.leaf.index,
        size: found.size,
        entry: Entry { kind: subject.kind, id: subject.id, version: subject.version },
        leaf: found.leaf.hash.to_string(),
        proof: found.proof.iter().map(ToString::to_string).collect(),
        checkpoint: found.note.to_string(),
    }))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConsistencyQuery {
    /// The length of the older log.
    from: u64,
    /// The length of the newer one.
    to: u64,
}

/// That a log grew out of an older one.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ConsistencyProof {
    /// `sha256` or `sm3`.
    hash: &'static str,
    from: u64,
    to: u64,
    /// RFC 9162, 2.1.4, hexadecimal.
    proof: Vec<String>,
}

/// Prove that the log only grew
///
/// **Who:** as `get_checkpoint`.
#[utoipa::path(
    tag = "evidence",
    params(ConsistencyQuery, ("id" = String, Path, description = "A congress, or `installation`")),
    responses((status = 200, body = ConsistencyProof), ReadProblems),
    security(("bearer" = []))
)]
#[get("/log/{id}/proofs/consistency")]
pub async fn prove_consistency(
    ask: Ask,
    id: Path<String>,
    query: Query<ConsistencyQuery>,
) -> Result<HttpResponse, Refused> {
    let Query(ConsistencyQuery { from, to }) = query;
    let (algorithm, proof) = ask.office.consistency(&ask.caller, &id, from, to).await?;
    let proof = proof.iter().map(ToString::to_string).collect();
    Ok(HttpResponse::Ok().json(ConsistencyProof { hash: algorithm.id(), from, to, proof }))
}

/// How the log is built, and whose signatures count.
#[derive(Serialize, utoipa::ToSchema)]
pub struct LogKeys {
    /// The first line of its checkpoints.
    origin: String,
    /// `sha256` or `sm3`.
    hash: &'static str,
    /// The log's public keys (C2SP signed-note, NAME+ID+BASE64), the one that signs first.
    keys: Vec<String>,
    /// Those of the registered witnesses.
    witnesses: Vec<String>,
}

/// Read the log's public keys
///
/// Take them once, over a way that you trust, and keep them: they are what everything else is checked with.
///
/// **Who:** as `get_checkpoint`.
#[utoipa::path(
    tag = "evidence",
    params(("id" = String, Path, description = "A congress, or `installation`")),
    responses((status = 200, body = LogKeys), ReadProblems),
    security(("bearer" = []))
)]
#[get("/log/{id}/keys")]
pub async fn get_log_keys(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    let keys = ask.office.evidence_keys(&ask.caller, &id).await?;
    Ok(HttpResponse::Ok().json(LogKeys {
        origin: keys.origin,
        hash: keys.algorithm.id(),
        keys: keys.log,
        witnesses: keys.witnesses,
    }))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CosignatureForm {
    /// The length of the checkpoint that was signed.
    size: u64,
    /// The line that `jianyi cosign` printed.
    #[schema(example = "— npc.example/committee jWbPPwAAAABkGFDL…")]
    cosignature: String,
}

/// Hand in a witness's signature 会签
///
/// Answers the checkpoint as it is shown from now on. Handing the same in again changes nothing.
///
/// **Who:** committee staff and leaders; the signature itself must be a registered witness's.
#[utoipa::path(
    tag = "evidence",
    params(("id" = String, Path, description = "A congress, or `installation`")),
    request_body(
        content = CosignatureForm,
        example = json!({"size": 1042, "cosignature": "— npc.example.cn/committee jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="})
    ),
    responses((status = 200, body = String, content_type = "text/plain"), WriteProblems),
    security(("bearer" = []))
)]
#[post("/log/{id}/cosignatures")]
pub async fn cosign_checkpoint(ask: Ask, id: Path<String>, body: Body) -> Result<HttpResponse, Refused> {
    ask.office.may_cosign(&ask.caller, &id).await?;
    let CosignatureForm { size, cosignature } = body.read()?;
    let line = cosignature.trim_end_matches('\n').parse().map_err(|_| {
        Fault::invalid(
            "/cosignature",
            "不是会签行；应为 jianyi cosign 打印的“— 名称 BASE64”",
            "is no signature's line; wanted is “— NAME BASE64” as `jianyi cosign` prints it",
        )
    })?;
    let note = ask.office.cosign(&ask.caller, &id, size, line).await?;
    Ok(HttpResponse::Ok().content_type(ContentType::plaintext()).body(note.to_string()))
}

/// A case in the log.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CaseProofView {
    /// `sha256` or `sm3`.
    hash: &'static str,
    size: u64,
    /// The signed head that the proofs lead to.
    checkpoint: String,
    /// All of them, oldest first.
    events: Vec<EventProofView>,
}

/// An event and its place in the log.
#[derive(Serialize, utoipa::ToSchema)]
pub struct EventProofView {
    row: RowView,
    /// None for an event that the checkpoint does not hold yet; ask again after a minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    /// Hexadecimal: over the row's texts, as `docs/evidence.md` tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    leaf: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<Vec<String>>,
}

/// An event as its row is stored; names stand as commitments in it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RowView {
    congress: String,
    case: String,
    version: i64,
    kind: String,
    occurred_on: String,
    recorded_at: String,
    author: String,
    request_id: String,
    body: String,
}

/// Read a case's proof 存证
///
/// Each event as its row is stored, with its place in the log and the proof that it is there.
///
/// **Who:** committee staff and auditors who see all of the case's events.
#[utoipa::path(
    tag = "evidence",
    params(("id" = CaseId, Path)),
    responses((status = 200, body = CaseProofView), ReadProblems),
    security(("bearer" = []))
)]
#[get("/cases/{id}/proof")]
pub async fn get_proof(ask: Ask, id: Path<String>) -> Result<HttpResponse, Refused> {
    let found = ask.office.case_proof(&ask.caller, case_id(&id)?).await?;
    Ok(HttpResponse::Ok().json(CaseProofView {
        hash: found.algorithm.id(),
        size: found.size,
        checkpoint: found.note.to_string(),
        events: found.events.into_iter().map(event).collect(),
    }))
}

fn event(EventProof { row, leaf }: EventProof) -> EventProofView {
    let EventRow { congress, case, version, kind, occurred_on, recorded_at, author, request_id, body } = row;
    let row = RowView { congress, case, version, kind, occurred_on, recorded_at, author, request_id, body };
    let Some((leaf, proof)) = leaf else {
        return EventProofView { row, index: None, leaf: None, proof: None };
    };
    EventProofView {
        row,
        index: Some(leaf.index),
        leaf: Some(leaf.hash.to_string()),
        proof: Some(proof.iter().map(ToString::to_string).collect()),
    }
}
