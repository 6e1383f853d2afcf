//! Attached files 附件: named in the case by number and digest; the bytes lie elsewhere and never change.

use super::{Case, Context, Event, Refusal, Rejection, guard::missing, procedure::Hand};
use crate::domain::{
    actor::Role,
    day::Day,
    text::Line,
    words::{Purpose, Stage},
};
use serde::{Deserialize, Serialize};

/// What is known of a file before it is attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FileFacts {
    pub name: Line,
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Of the content, in hex.
    pub sha256: String,
    pub purpose: Purpose,
    /// Only for those who need it to handle the case; never public.
    pub confidential: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Attachment {
    /// Its number within the case, from 1.
    pub number: u32,
    pub file: FileFacts,
    /// The department's assignment that attached it; absent for deputies and committee.
    pub assignment: Option<u32>,
    pub by: String,
    pub on: Day,
}

/// Files on one case; more is a mistake.
const MOST: usize = 100;
/// Bytes of all files on one case: ten of the largest that are usually allowed.
const MOST_BYTES: u64 = 200 << 20;

/// What a deputy hands in is complete; later papers come with a consultation, or through the committee. Who visits a
/// closed case brings what he saw.
pub(super) fn is_in_time(case: &Case, context: Context<'_>) -> Result<(), Refusal> {
    let Role::Deputy { deputy } = context.actor.role else { return Ok(()) };
    if matches!(case.stage, Stage::Draft | Stage::Returned) {
        return Ok(());
    }
    match case.is_visited_by(deputy) {
        false => Err(missing(
            "handed_in",
            "本件已提交；补充材料请交代表工委",
            "the case has been handed in; give further papers to the committee",
            &[Hand::Committee],
        )),
        true if case.stage != Stage::Closed => Err(missing(
            "not_closed",
            "本件尚未办结，回头看材料在办结之后附上",
            "the case is not closed; papers of a revisit are attached afterwards",
            &[Hand::Committee],
        )),
        true => Ok(()),
    }
}

pub(super) fn attach(case: &Case, file: FileFacts, context: Context<'_>) -> Result<Event, Rejection> {
    if case.attachments.len() >= MOST {
        return Err(Rejection::invalid("", format!("附件最多 {MOST} 个"), format!("at most {MOST} files")));
    }
    let lying: u64 = case.attachments.iter().map(|it| it.file.size).sum();
    if lying.saturating_add(file.size) > MOST_BYTES {
        // Without the sum so far: it counts papers that the caller does not see.
        let limit = MOST_BYTES >> 20;
        return Err(Rejection::invalid(
            "",
            format!("本件附件合计最大 {limit} MB（{MOST_BYTES} 字节），加上此文件即超出"),
            format!(
                "the files of one case may have {limit} MB ({MOST_BYTES} bytes) together; this one is too much"
            ),
        ));
    }
    let department = match context.actor.role {
        Role::Department { department, .. } => Some(department),
        _ => None,
    };
    let assignment = department.and_then(|id| case.files_under(id));
    // Of others' papers it may not even know.
    let same = |a: &Attachment| a.file.sha256 == file.sha256 && a.file.purpose == file.purpose;
    if case.attachments.iter().any(|a| a.assignment == assignment && same(a)) {
        return Err(Rejection::invalid("", "该文件已经附上", "this file is attached already"));
    }
    let closed = case.stage == Stage::Closed;
    let fits = match (&context.actor.role, file.purpose) {
        (Role::Deputy { deputy }, Purpose::Revisit) => case.is_visited_by(*deputy),
        (Role::Deputy { deputy }, purpose) => purpose == Purpose::Submission && !case.is_visited_by(*deputy),
        (Role::Department { .. }, purpose) => !matches!(purpose, Purpose::Submission | Purpose::Revisit),
        (_, Purpose::Revisit) => closed,
        _ => file.purpose == Purpose::Submission,
    };
    if !fits {
        return Err(Rejection::invalid(
            "?purpose",
            "代表在提交前附 submission；代表工委附 submission，办结后可附 revisit；随访代表附 revisit；承办单位附 handling、reply、commitment",
            "deputies attach `submission` before handing in, the committee `submission` and, once it is closed, `revisit`, \
             who visits it `revisit`, departments `handling`, `reply` or `commitment`",
        ));
    }
    Ok(Event::Attached { file, assignment })
}

pub(super) fn attached(case: &mut Case, file: &FileFacts, assignment: Option<u32>, by: &str, on: Day) {
    let number = case.attachments.last().map_or(1, |a| a.number + 1);
    case.attachments.push(Attachment { number, file: file.clone(), assignment, by: by.to_owned(), on });
}
