//! What may be done with an item, and by whom: its holder reports, somebody else strikes off.

use super::{Item, ItemEvent};
use crate::domain::{
    actor::Actor,
    case::{NoticeAnswer, NoticeDecision, Refusal, Rejection, procedure::Hand},
    say::Say,
    text::Note,
    words::{ItemStanding, NoticeStanding},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What the holder did about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemReport {
    #[schema(value_type = String, example = "站点已建成，十一月二日启用")]
    pub done: Note,
    /// What shows it: a document, a place to see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Note>,
    /// SHA-256 digests of files that show it, in lower-case hexadecimal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub files: Vec<String>,
}

/// What the committee says of the report 销号.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StrikingOff {
    /// Strikes the item off; or sends it back.
    pub accepted: bool,
    /// Needed where it is sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Note>,
}

/// What is asked of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Report(ItemReport),
    StrikeOff(StrikingOff),
    Answer(u32, NoticeAnswer),
    Decide(u32, NoticeDecision),
}

fn refused(code: &'static str, zh: &str, en: &str, who: &[Hand]) -> Rejection {
    Refusal::new(code, Say::new(zh, en), who).into()
}

/// Decides what is asked of an item on a day.
///
/// # Errors
/// When the item's state does not allow it, or the form is wrong. That the caller is of the holder, or of the committee,
/// was asked before.
pub fn decide(item: &Item, asked: Asked, actor: &Actor, on: NaiveDate) -> Result<ItemEvent, Rejection> {
    match asked {
        Asked::Report(report) => self::report(item, report),
        Asked::StrikeOff(form) => strike_off(item, form, actor),
        Asked::Answer(number, answer) => {
            open_notice(item, number)?;
            if answer.finished_by.is_some_and(|by| by.date() < on) {
                return Err(Rejection::invalid("/finished_by", "不得早于今天", "must not lie in the past"));
            }
            Ok(ItemEvent::NoticeAnswered { notice: number, answer })
        }
        Asked::Decide(number, decision) => {
            let notice = item.notices.iter().find(|it| it.number == number);
            let standing = notice.map(|it| item.notice_standing(it));
            let answered = standing == Some(NoticeStanding::Answered);
            if !answered && standing != Some(NoticeStanding::Open) {
                return Err(closed());
            }
            decision.holds(answered, on)?;
            Ok(ItemEvent::NoticeDecided { notice: number, decision })
        }
    }
}

fn report(item: &Item, report: ItemReport) -> Result<ItemEvent, Rejection> {
    match item.standing() {
        ItemStanding::Open => {}
        ItemStanding::Reported => {
            return Err(refused(
                "reported",
                "已报告，待代表工委研究",
                "was reported on; the committee has not decided yet",
                &[Hand::Committee],
            ));
        }
        ItemStanding::StruckOff => {
            return Err(refused("struck_off", "已销号", "is struck off", &[Hand::Committee]));
        }
    }
    let digest = |it: &String| it.len() == 64 && it.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if let Some(index) = report.files.iter().position(|it| !digest(it)) {
        return Err(Rejection::invalid(
            format!("/files/{index}"),
            "须为文件的 SHA-256 摘要（64 位小写十六进制）",
            "must be a file's SHA-256 digest, 64 digits in lower-case hexadecimal",
        ));
    }
    if report.files.len() > 50 {
        return Err(Rejection::invalid("/files", "最多 50 项", "at most 50 are allowed"));
    }
    Ok(ItemEvent::Reported { report })
}

fn strike_off(item: &Item, form: StrikingOff, actor: &Actor) -> Result<ItemEvent, Rejection> {
    let Some(pending) = item.pending_report() else {
        return Err(match item.standing() {
            ItemStanding::StruckOff => refused("struck_off", "已销号", "is struck off", &[Hand::Committee]),
            _ => refused(
                "not_reported",
                "承办单位尚未报告整改情况",
                "the department that holds it has not reported",
                &[Hand::LeadHandler],
            ),
        });
    };
    if pending.by == actor.user {
        return Err(refused(
            "own_report",
            "报告人不得为自己的报告销号",
            "whoever reported does not strike off",
            &[Hand::Committee],
        ));
    }
    match (form.accepted, form.reason) {
        (true, reason) => Ok(ItemEvent::StruckOff { reason }),
        (false, Some(reason)) => Ok(ItemEvent::SentBack { reason }),
        (false, None) => {
            Err(Rejection::invalid("/reason", "退回的，应当说明理由", "what is sent back needs a reason"))
        }
    }
}

fn open_notice(item: &Item, number: u32) -> Result<(), Rejection> {
    let notice = item.notices.iter().find(|it| it.number == number);
    match notice.map(|it| item.notice_standing(it)) {
        Some(NoticeStanding::Open) => Ok(()),
        Some(NoticeStanding::Answered) => Err(refused(
            "notice_answered",
            "已反馈，待发出单位研究",
            "was answered; the issuer has not decided yet",
            &[Hand::Committee],
        )),
        _ => Err(closed()),
    }
}

fn closed() -> Rejection {
    refused("notice_closed", "已销号或者已失效", "is struck off, or has lapsed", &[Hand::Committee])
}
