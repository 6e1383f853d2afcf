//! Attached files 附件: named in the case by number and digest; the bytes lie elsewhere and never change.

use super::{Case, Context, Event, Rejection};
use crate::domain::{actor::Role, day::Day, text::Line, words::Purpose};
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
    let fits = match (&context.actor.role, file.purpose) {
        (Role::Deputy { .. }, purpose) => purpose == Purpose::Submission,
        (Role::Department { .. }, purpose) => purpose != Purpose::Submission,
        _ => file.purpose == Purpose::Submission,
    };
    if !fits {
        return Err(Rejection::invalid(
            "?purpose",
            "代表在提交前附 submission；代表工委附 submission；承办单位附 handling、reply、commitment",
            "deputies attach `submission` before handing in, the committee `submission`, departments \
             `handling`, `reply` or `commitment`",
        ));
    }
    Ok(Event::Attached { file, assignment })
}

pub(super) fn attached(case: &mut Case, file: &FileFacts, assignment: Option<u32>, by: &str, on: Day) {
    let number = case.attachments.last().map_or(1, |a| a.number + 1);
    case.attachments.push(Attachment { number, file: file.clone(), assignment, by: by.to_owned(), on });
}
