//! From stored rows back to cases: the same fold as the service's, over the events of a bundle.

use crate::{
    domain::case::{Case, Event, Recorded},
    domain::{actor::Author, day::Day},
    evidence::{
        commitment::{self, committed},
        row::{ActRow, EventRow},
    },
};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::HashMap;

/// What is read where a text was erased, as the service reads it.
pub const ERASED: &str = "（已删除）";

/// An event as its row tells it, with commitments in place of names.
pub fn recorded(row: &EventRow) -> Result<Recorded, String> {
    let author: Author = serde_json::from_str(&row.author).map_err(|e| format!("its author: {e}"))?;
    let event: Event = serde_json::from_str(&row.body).map_err(|e| format!("its body: {e}"))?;
    let occurred_on = row.occurred_on.parse().ok().and_then(Day::new).ok_or("its day cannot be read")?;
    let recorded_at: DateTime<Utc> =
        row.recorded_at.parse().map_err(|_| "its instant cannot be read".to_owned())?;
    if event.kind() != row.kind {
        return Err(format!("its kind is {}, its body's {}", row.kind, event.kind()));
    }
    Ok(Recorded { version: row.version, occurred_on, recorded_at, author, event })
}

/// The digests that an event commits to.
pub fn commitments(recorded: &mut Recorded) -> Result<Vec<String>, String> {
    let mut digests = Vec::new();
    recorded.persons(&mut |_, stored| {
        digests.extend(committed(stored).map(str::to_owned));
        None
    })?;
    Ok(digests)
}

/// The same of a stored row.
///
/// # Errors
/// When the row cannot be read.
pub fn committed_by_event(row: &EventRow) -> Result<Vec<String>, String> {
    commitments(&mut recorded(row)?)
}

/// The digests that a line of the second book commits to.
///
/// # Errors
/// When the row cannot be read.
pub fn committed_by_act(act: &ActRow) -> Result<Vec<String>, String> {
    let mut digests = Vec::new();
    let mut look = |text: Option<&str>| digests.extend(text.and_then(committed).map(str::to_owned));
    if let Some(author) = &act.author {
        let author: Value = serde_json::from_str(author).map_err(|e| format!("its author: {e}"))?;
        look(author["name"].as_str());
    }
    look(act.address.as_deref());
    let body: Value = serde_json::from_str(&act.body).map_err(|e| format!("its body: {e}"))?;
    for name in commitment::PERSONAL {
        look(body[name].as_str());
    }
    Ok(digests)
}

/// Puts the texts where the commitments stand.
pub fn tell(recorded: &mut Recorded, texts: &HashMap<&str, &str>) -> Result<(), String> {
    recorded.persons(&mut |_, stored| Some((*texts.get(committed(stored)?).unwrap_or(&ERASED)).to_owned()))
}

/// The folded case, and how it is written.
pub fn fold(history: &[Recorded]) -> Result<(Case, Value), String> {
    let case = Case::fold(history).ok_or("its history does not begin with a draft")?;
    let state = serde_json::to_value(&case).map_err(|e| e.to_string())?;
    Ok((case, state))
}

/// The state that the rows of a case come to, with commitments in place of names.
///
/// # Errors
/// When the rows are no history of a case.
pub fn state_of(rows: &[EventRow]) -> Result<Value, String> {
    let history = rows.iter().map(recorded).collect::<Result<Vec<_>, _>>()?;
    Ok(fold(&history)?.1)
}

/// Where a stated case differs from what its events come to: by the names of its members.
pub fn differences(stated: &Value, folded: &Value) -> Vec<String> {
    let (Some(stated), Some(folded)) = (stated.as_object(), folded.as_object()) else {
        return if stated == folded { Vec::new() } else { vec!["the whole".to_owned()] };
    };
    let names = stated.keys().chain(folded.keys().filter(|name| !stated.contains_key(*name)));
    names.filter(|name| stated.get(*name) != folded.get(*name)).cloned().collect()
}
