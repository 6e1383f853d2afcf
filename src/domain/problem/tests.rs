//! An item from its assignment to its striking-off.

use super::*;
use crate::domain::{
    actor::{Actor, Role},
    case::{DepartmentRef, Rejection},
    ids::UserId,
    words::{Channel, ItemStanding},
};
use uuid::Uuid;

fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

fn actor(n: u128) -> Actor {
    Actor { user: user(n), ..Actor::office("某人", &"330502".parse().unwrap(), Role::STAFF) }
}

fn recorded(version: i64, by: u128, event: ItemEvent) -> ItemRecorded {
    let on: Day = "2024-11-04".parse().unwrap();
    let at = "2024-11-04T02:00:00Z".parse().unwrap();
    ItemRecorded { version, on, at, user: user(by), role: "department".into(), event }
}

fn item() -> Item {
    let department = DepartmentRef {
        id: DepartmentId(Uuid::from_u128(9)),
        name: "区交通运输局".into(),
        channel: Channel::Government,
    };
    let assigned = ItemEvent::Assigned {
        text: Note::parse("站点未建").unwrap(),
        department,
        due_on: "2024-12-31".parse().unwrap(),
        case: None,
    };
    Item::fold(1, &[recorded(1, 1, assigned)]).unwrap()
}

fn report() -> ItemReport {
    ItemReport { done: Note::parse("已建成").unwrap(), evidence: None, files: Vec::new() }
}

fn does(item: Item, asked: Asked, by: u128) -> Result<Item, String> {
    let on = "2024-11-04".parse().unwrap();
    let event = decide(&item, asked, &actor(by), on).map_err(|it| match it {
        Rejection::Refused(refusal) => refusal.code.to_owned(),
        Rejection::Invalid { pointer, .. } => pointer,
    })?;
    let version = item.version + 1;
    Ok(item.after(&recorded(version, by, event)))
}

fn strike(accepted: bool, reason: Option<&str>) -> Asked {
    Asked::StrikeOff(StrikingOff { accepted, reason: reason.map(|it| Note::parse(it).unwrap()) })
}

#[test]
fn an_item_is_reported_on_by_one_and_struck_off_by_another() {
    let open = item();
    assert_eq!(open.duties().len(), 1);
    assert_eq!(does(open.clone(), strike(true, None), 2).unwrap_err(), "not_reported");
    let reported = does(open, Asked::Report(report()), 3).unwrap();
    assert_eq!((reported.standing(), reported.duties().len()), (ItemStanding::Reported, 0));
    assert_eq!(does(reported.clone(), Asked::Report(report()), 3).unwrap_err(), "reported");
    // Somebody may be of the department and of the committee.
    assert_eq!(does(reported.clone(), strike(true, None), 3).unwrap_err(), "own_report");
    assert_eq!(does(reported.clone(), strike(false, None), 2).unwrap_err(), "/reason");
    let back = does(reported.clone(), strike(false, Some("尚未通车")), 2).unwrap();
    assert_eq!((back.standing(), back.duties().len()), (ItemStanding::Open, 1));
    let again = does(back, Asked::Report(report()), 3).unwrap();
    let off = does(again, strike(true, None), 2).unwrap();
    assert_eq!((off.standing(), off.version, off.duties().len()), (ItemStanding::StruckOff, 5, 0));
    assert_eq!(does(off, Asked::Report(report()), 3).unwrap_err(), "struck_off");
}

#[test]
fn evidence_is_named_by_its_digest() {
    let with = |file: &str| Asked::Report(ItemReport { files: vec![file.to_owned()], ..report() });
    assert!(does(item(), with(&"0f".repeat(32)), 3).is_ok());
    for wrong in ["", "0F", &"0F".repeat(32), &"0f".repeat(33)] {
        assert_eq!(does(item(), with(wrong), 3).unwrap_err(), "/files/0");
    }
}
