//! What is handed out of the log: heads, proofs, and a case's events with both. Everything passes the gate.

use crate::{
    domain::{
        actor::Actor,
        gate::{self, Operation},
        ids::CaseId,
        say::Say,
    },
    evidence::{
        Algorithm, Checkpoint, Hash,
        note::{Line, Note, Purpose},
        row::{EventRow, Kind, Subject},
        tree::{self, Range},
    },
    office::{Caller, Fault, Office, perform::actor},
    store::{
        Db, StoreError, Touch, checkpoints,
        log::{self, INSTALLATION, Leaf, Log},
    },
};
use chrono::DateTime;

/// How an entry of a log is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Located {
    Index(u64),
    Subject(Subject),
}

/// That an entry is in a log of some length.
#[derive(Clone, Debug)]
pub struct Inclusion {
    pub leaf: Leaf,
    pub size: u64,
    pub algorithm: Algorithm,
    pub proof: Vec<Hash>,
    /// The head that the proof leads to.
    pub note: Note,
}

/// An event of a case, as its row is stored, and where it stands in the log; nothing yet, if it was just written.
#[derive(Clone, Debug)]
pub struct EventProof {
    pub row: EventRow,
    pub leaf: Option<(Leaf, Vec<Hash>)>,
}

/// A case in the log.
#[derive(Clone, Debug)]
pub struct CaseProof {
    pub algorithm: Algorithm,
    pub size: u64,
    pub note: Note,
    pub events: Vec<EventProof>,
}

/// Whose signatures count, and how the log is built.
#[derive(Clone, Debug)]
pub struct Keys {
    pub origin: String,
    pub algorithm: Algorithm,
    pub log: Vec<String>,
    pub witnesses: Vec<String>,
}

impl Office {
    /// A signed head with what witnesses signed below it: the newest, or the one of a length.
    pub async fn checkpoint(&self, caller: &Caller, id: &str, size: Option<u64>) -> Result<Note, Fault> {
        self.in_log(caller, id, Operation::ReadLog, move |db, log| Ok(head(db, &log.id, size)?.1)).await
    }

    pub async fn inclusion(
        &self,
        caller: &Caller,
        id: &str,
        of: Located,
        size: Option<u64>,
    ) -> Result<Inclusion, Fault> {
        self.in_log(caller, id, Operation::ReadLog, move |db, log| {
            let (size, note) = head(db, &log.id, size)?;
            let leaf = match &of {
                Located::Index(at) => log::leaf_at(db, &log.id, *at)?,
                Located::Subject(subject) => log::leaf_of(db, &log.id, subject)?,
            };
            let leaf = leaf.filter(|leaf| leaf.index < size).ok_or(Fault::NotFound)?;
            let proof = proof(db, log, tree::inclusion(leaf.index, size))?;
            Ok(Inclusion { leaf, size, algorithm: log.algorithm, proof, note })
        })
        .await
    }

    /// That the log of `to` entries grew out of that of `from`; any lengths that it had.
    pub async fn consistency(
        &self,
        caller: &Caller,
        id: &str,
        from: u64,
        to: u64,
    ) -> Result<(Algorithm, Vec<Hash>), Fault> {
        self.in_log(caller, id, Operation::ReadLog, move |db, log| {
            if from > to {
                return Err(Fault::invalid("?from", "from 不得大于 to", "from must not be larger than to"));
            }
            let has = log::size(db, &log.id)?;
            if to > has {
                return Err(Fault::invalid(
                    "?to",
                    format!("日志只有 {has} 条"),
                    format!("the log has {has} entries"),
                ));
            }
            Ok((log.algorithm, proof(db, log, tree::consistency(from, to))?))
        })
        .await
    }

    pub async fn evidence_keys(&self, caller: &Caller, id: &str) -> Result<Keys, Fault> {
        let evidence = self.evidence.clone();
        self.in_log(caller, id, Operation::ReadLog, move |_, log| {
            let evidence = evidence.as_ref();
            let told = |keys: Vec<crate::evidence::note::PublicKey>| {
                keys.iter().map(ToString::to_string).collect::<Vec<_>>()
            };
            Ok(Keys {
                origin: log.origin.clone(),
                algorithm: log.algorithm,
                log: evidence.map(|it| told(it.log_keys(&log.origin))).unwrap_or_default(),
                witnesses: evidence.map(|it| told(it.witnesses.clone())).unwrap_or_default(),
            })
        })
        .await
    }

    /// Whether the caller may hand a signature in at all: asked before what he sent is read.
    pub async fn may_cosign(&self, caller: &Caller, id: &str) -> Result<(), Fault> {
        self.in_log(caller, id, Operation::CosignLog, |_, _| Ok(())).await
    }

    /// Takes a witness's signature on a head, if it is one of the registered witnesses' and good.
    pub async fn cosign(&self, caller: &Caller, id: &str, size: u64, line: Line) -> Result<Note, Fault> {
        let (caller, id, office) = (caller.clone(), id.to_owned(), self.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let log = entitled(db, &caller, &id, Operation::CosignLog)?;
                let (size, note) = head(db, &log.id, Some(size)).map_err(|fault| match fault {
                    Fault::NotFound => Fault::invalid(
                        "/size",
                        "没有这一长度的检查点",
                        "there is no checkpoint of this size; read one from /v1/log/{id}/checkpoint",
                    ),
                    other => other,
                })?;
                let witnesses = office.evidence.as_ref().map(|it| it.witnesses.clone()).unwrap_or_default();
                let signed = |key: &crate::evidence::note::PublicKey| key.verify(&note.text, &line);
                let good = witnesses.iter().find_map(|key| match signed(key) {
                    Ok(Some(good)) if key.purpose == Purpose::Witness => Some((key.clone(), good)),
                    _ => None,
                });
                let Some((key, good)) = good else {
                    return Err(Fault::invalid(
                        "/cosignature",
                        "不是已登记见证人对这一检查点的有效会签",
                        "not a good cosignature of a registered witness on this checkpoint; witnesses are registered \
                         with JIANYI_WITNESSES",
                    ));
                };
                let time = good.time.and_then(|time| i64::try_from(time).ok()).unwrap_or_default();
                let cosigned_at = DateTime::from_timestamp(time, 0).unwrap_or_default().naive_utc();
                checkpoints::cosign(
                    db,
                    &checkpoints::Cosignature {
                        log_id: log.id.clone(),
                        size: i64::try_from(size).map_err(|e| StoreError::corrupt("checkpoints", size, e))?,
                        witness: key.to_string(),
                        line: line.to_string(),
                        cosigned_at,
                        created_at: office.now().naive_utc(),
                    },
                )?;
                Ok(head(db, &log.id, Some(size))?.1)
            })
            .await
    }

    /// Every event of a case as it is stored, with its place in the log. For whoever sees all of them.
    pub async fn case_proof(&self, caller: &Caller, id: CaseId) -> Result<CaseProof, Fault> {
        self.look(caller, id, Operation::GetProof, move |db, shown| {
            let case = shown.case();
            if shown.seen.version() != case.version {
                return Err(Fault::Forbidden(Say::new(
                    "本件有您不能查阅的经过（例如承办单位内部的拟稿），完整的存证只提供给审计人员",
                    "parts of this case's history are not for you (a department's drafts, for example); only auditors \
                     get its whole proof",
                )));
            }
            let log = log::log(db, case.congress.as_str())?.ok_or(Fault::NotFound)?;
            let (size, note) = head(db, &log.id, None)?;
            let mut events = Vec::new();
            for row in log::events_of(db, &log.id, &id.to_string())? {
                let leaf = log::leaf_of(db, &log.id, &row.subject())?.filter(|leaf| leaf.index < size);
                let leaf = match leaf {
                    Some(leaf) => {
                        let proof = proof(db, &log, tree::inclusion(leaf.index, size))?;
                        Some((leaf, proof))
                    }
                    None => None,
                };
                events.push(EventProof { row, leaf });
            }
            Ok(CaseProof { algorithm: log.algorithm, size, note, events })
        })
        .await
    }

    async fn in_log<T: Send + 'static>(
        &self,
        caller: &Caller,
        id: &str,
        operation: Operation,
        ask: impl FnOnce(&mut Db, &Log) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (caller, id) = (caller.clone(), id.to_owned());
        self.store
            .snapshot(move |db| {
                let log = entitled(db, &caller, &id, operation)?;
                ask(db, &log)
            })
            .await
    }
}

/// The log, if it is the caller's to ask about: his congress's, or for the operator the installation's.
fn entitled(db: &mut Db, caller: &Caller, id: &str, operation: Operation) -> Result<Log, Fault> {
    let actor: Actor = actor(db, caller)?;
    gate::admit(&actor, operation)?;
    let own = actor.congress.as_ref().map_or(INSTALLATION, |congress| congress.as_str());
    if id != own {
        // Another congress is another house.
        return Err(Fault::NotFound);
    }
    log::log(db, id)?.ok_or(Fault::NotFound)
}

/// A head and what was signed below it.
fn head(db: &mut Db, log: &str, size: Option<u64>) -> Result<(u64, Note), Fault> {
    let row = match size.map(i64::try_from) {
        None => checkpoints::newest(db, log)?,
        Some(Ok(size)) => checkpoints::at(db, log, size)?,
        Some(Err(_)) => None,
    };
    let row = row.ok_or(Fault::NotFound)?;
    let mut note = row.read()?;
    for it in checkpoints::cosigned(db, log, row.size)? {
        let line: Line = it
            .line
            .parse()
            .map_err(|e| StoreError::corrupt("cosignatures", format!("{log} {}", row.size), e))?;
        note.lines.push(line);
    }
    let checkpoint: Checkpoint = note
        .text
        .parse()
        .map_err(|e| StoreError::corrupt("checkpoints", format!("{log} {}", row.size), e))?;
    Ok((checkpoint.size, note))
}

fn proof(db: &mut Db, log: &Log, ranges: Vec<Range>) -> Result<Vec<Hash>, Fault> {
    let hash = |range: Range| range.hash(log.algorithm, |node| log::node(db, &log.id, node));
    Ok(ranges.into_iter().map(hash).collect::<Result<_, _>>()?)
}

/// What a query says of an entry's place.
impl Located {
    pub fn event(case: CaseId, version: i64) -> Located {
        Located::Subject(Subject { kind: Kind::Event, id: case.to_string(), version })
    }

    pub fn act(id: uuid::Uuid) -> Located {
        Located::Subject(Subject { kind: Kind::Act, id: id.to_string(), version: 0 })
    }
}
