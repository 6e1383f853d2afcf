//! An item of a problem list: its events, and what they leave behind.

use super::ItemReport;
use crate::domain::{
    case::{DepartmentRef, Issuer, Notice, NoticeAnswer, NoticeAnswered, NoticeDecision, NoticeIssue},
    day::Day,
    ids::{CaseId, UserId},
    ladder::{Addressee, Cause, Duty, Issued, Matter},
    text::Note,
    words::{ItemStanding, NoticeStanding},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What happened to an item. Stored for ever: new fields take a default, none is renamed or removed. No person is named:
/// who acted stands beside it by the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ItemEvent {
    Assigned {
        text: Note,
        department: DepartmentRef,
        due_on: Day,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<CaseId>,
    },
    Reported {
        report: ItemReport,
    },
    StruckOff {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
    },
    /// The report will not do.
    SentBack {
        reason: Note,
    },
    NoticeIssued {
        notice: NoticeIssue,
    },
    NoticeAnswered {
        notice: u32,
        answer: NoticeAnswer,
    },
    NoticeDecided {
        notice: u32,
        decision: NoticeDecision,
    },
}

impl ItemEvent {
    pub fn kind(&self) -> &'static str {
        match self {
            ItemEvent::Assigned { .. } => "assigned",
            ItemEvent::Reported { .. } => "reported",
            ItemEvent::StruckOff { .. } => "struck_off",
            ItemEvent::SentBack { .. } => "sent_back",
            ItemEvent::NoticeIssued { .. } => "notice_issued",
            ItemEvent::NoticeAnswered { .. } => "notice_answered",
            ItemEvent::NoticeDecided { .. } => "notice_decided",
        }
    }
}

/// An event as the item's history keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemRecorded {
    /// Its place in the item's history, from 1.
    pub version: i64,
    pub on: Day,
    pub at: DateTime<Utc>,
    /// Nil for the office itself.
    pub user: UserId,
    pub role: String,
    pub event: ItemEvent,
}

/// A report in the item's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ItemReported {
    pub report: ItemReport,
    /// The account that reported it.
    pub by: UserId,
    pub on: Day,
    /// Why it would not do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_back: Option<Note>,
}

/// Everything that is known of an item now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its number in the list, from 1.
    pub number: u32,
    pub version: i64,
    pub text: Note,
    pub department: DepartmentRef,
    pub due_on: Day,
    pub case: Option<CaseId>,
    pub assigned_on: Day,
    pub reports: Vec<ItemReported>,
    pub struck_off_on: Option<Day>,
    pub struck_off_for: Option<Note>,
    pub notices: Vec<Notice>,
}

impl Item {
    /// The item as its first event left it.
    pub fn begin(number: u32, first: &ItemRecorded) -> Option<Item> {
        let ItemEvent::Assigned { text, department, due_on, case } = &first.event else { return None };
        Some(Item {
            number,
            version: 1,
            text: text.clone(),
            department: department.clone(),
            due_on: *due_on,
            case: *case,
            assigned_on: first.on,
            reports: Vec::new(),
            struck_off_on: None,
            struck_off_for: None,
            notices: Vec::new(),
        })
    }

    /// The item after one more event.
    pub fn after(mut self, it: &ItemRecorded) -> Item {
        self.version += 1;
        match &it.event {
            ItemEvent::Assigned { .. } => {}
            ItemEvent::Reported { report } => {
                self.reports.push(ItemReported {
                    report: report.clone(),
                    by: it.user,
                    on: it.on,
                    sent_back: None,
                });
            }
            ItemEvent::StruckOff { reason } => {
                self.struck_off_on = Some(it.on);
                self.struck_off_for.clone_from(reason);
            }
            ItemEvent::SentBack { reason } => {
                if let Some(latest) = self.reports.last_mut() {
                    latest.sent_back = Some(reason.clone());
                }
            }
            ItemEvent::NoticeIssued { notice } => self.notices.push(Notice {
                number: self.notices.last().map_or(1, |it| it.number + 1),
                issue: notice.clone(),
                issuer: Issuer::Ladder,
                issued_on: it.on,
                answers: Vec::new(),
                closed_on: None,
                closed_for: None,
            }),
            ItemEvent::NoticeAnswered { notice, answer } => {
                // The department answers; whose hand it was stands in the history.
                let by = self.department.name.clone();
                let answer = NoticeAnswered { answer: answer.clone(), by, on: it.on, refused: None };
                if let Some(notice) = self.notice_mut(*notice) {
                    notice.answers.push(answer);
                }
            }
            ItemEvent::NoticeDecided { notice, decision } => {
                if let Some(notice) = self.notice_mut(*notice) {
                    notice.decide(decision, it.on);
                }
            }
        }
        self
    }

    /// The whole history folded; `None` if it does not begin with the assignment.
    pub fn fold<'e>(number: u32, history: impl IntoIterator<Item = &'e ItemRecorded>) -> Option<Item> {
        let mut history = history.into_iter();
        let first = Item::begin(number, history.next()?)?;
        Some(history.fold(first, Item::after))
    }

    fn notice_mut(&mut self, number: u32) -> Option<&mut Notice> {
        self.notices.iter_mut().find(|it| it.number == number)
    }

    /// The report that waits for the committee's word.
    pub fn pending_report(&self) -> Option<&ItemReported> {
        self.reports.last().filter(|it| it.sent_back.is_none() && self.struck_off_on.is_none())
    }

    pub fn standing(&self) -> ItemStanding {
        match (self.struck_off_on, self.pending_report()) {
            (Some(_), _) => ItemStanding::StruckOff,
            (None, Some(_)) => ItemStanding::Reported,
            (None, None) => ItemStanding::Open,
        }
    }

    pub fn notice_standing(&self, notice: &Notice) -> NoticeStanding {
        notice.stands(false, self.struck_off_on.is_some())
    }

    /// What its holder still owes: a report is not yet a striking-off, but nobody is urged while it is looked at.
    pub fn duties(&self) -> Vec<Duty> {
        if self.standing() != ItemStanding::Open {
            return Vec::new();
        }
        let cause = Cause {
            matter: Matter::ProblemItem,
            assignment: None,
            commitment: None,
            since: self.assigned_on,
        };
        let to =
            Addressee::Department { assignment: None, commitment: None, department: self.department.clone() };
        vec![Duty { cause, due: self.due_on, since: self.assigned_on, to }]
    }

    /// The notices that went out by the ladder.
    pub fn climbed(&self) -> Vec<Issued<'_>> {
        let own = self.notices.iter();
        own.filter_map(|it| it.climbed(self.notice_standing(it))).collect()
    }
}
