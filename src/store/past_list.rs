//! Lists of cases as they stood: what was true on one day, as known on another. Who may see a case, its title and the
//! names in it are today's; everything that lists are narrowed and ordered by is of that day.

use super::{
    Db, StoreError,
    case_facts::{ROW, Row, held, version},
    case_list::{Cursor, Filter, Line, Sort, ordered, stored_days, withhold},
    schema::{case_facts, case_parties, cases, departments},
};
use crate::domain::{
    day::Day,
    figures::{AsOf, Measures},
    gate::{Party, Scope},
    ids::UserId,
    words::Stage,
};
use diesel::{
    dsl::{exists, not, sql},
    prelude::*,
    sql_types::{BigInt, Bool},
};
use std::collections::HashMap;

/// One page of what `scope` may see, as [`case_list::list`](super::case_list::list) gives it of what holds now. Cases
/// stand here from the day on which they were handed in.
#[expect(clippy::too_many_arguments, reason = "one more than the list of what holds now: the days")]
pub fn list(
    db: &mut Db,
    scope: &Scope,
    to_be_named: Option<UserId>,
    filter: &Filter,
    sort: Sort,
    after: Option<&Cursor>,
    limit: i64,
    as_of: AsOf,
) -> Result<Vec<Line>, StoreError> {
    let (congress, party) = match scope {
        Scope::Nothing => return Ok(Vec::new()),
        Scope::Congress(congress) => (congress, None),
        Scope::Party(congress, party) => (congress, Some(party.key())),
    };
    let same_case = cases::congress_id.eq(case_facts::congress_id).and(cases::id.eq(case_facts::case_id));
    let mut query = held!(case_facts::table.inner_join(cases::table.on(same_case)), as_of)
        .filter(case_facts::congress_id.eq(congress.as_str()))
        .into_boxed();
    let parties = || {
        case_parties::table
            .filter(case_parties::congress_id.eq(case_facts::congress_id))
            .filter(case_parties::case_id.eq(case_facts::case_id))
    };
    if let Some(party) = party {
        query = query.filter(exists(parties().filter(case_parties::party.eq(party))));
    }
    if let Some(user) = to_be_named.filter(|_| filter.names()) {
        // Whose a confidential case is, is not found out by asking for it.
        let named = exists(parties().filter(case_parties::party.eq(Party::Reader(user).key())));
        query = query.filter(not(cases::confidential).or(named));
    }
    // Destructured without `..`, so that a new filter cannot be forgotten here.
    let Filter {
        stage,
        kind,
        origin,
        session,
        category,
        department,
        class,
        evaluation,
        number,
        lead,
        channel,
        exclusion,
        key_case,
        delegation,
        days_to_reply,
        due_before,
        due_after,
        measures,
    } = filter.clone();
    if let Some(stage) = stage {
        query = query.filter(case_facts::stage.eq(stage.id()));
    }
    if let Some(kind) = kind {
        query = query.filter(case_facts::kind.eq(kind.id()));
    }
    if let Some(sessions) = session {
        let ids: Vec<String> = sessions.ids().iter().map(ToString::to_string).collect();
        query = query.filter(case_facts::session_id.eq_any(ids));
    }
    // Where a case has none of it, the text is empty.
    macro_rules! equal {
        ($($column:ident: $text:expr,)+) => {
            $(if let Some(text) = $text {
                query = query.filter(case_facts::$column.eq(text));
            })+
        };
    }
    equal! {
        origin: origin.map(|it| it.to_string()),
        category: category,
        department_id: department.map(|it| it.map(|d| d.to_string()).unwrap_or_default()),
        class: class,
        evaluation: evaluation.map(|it| it.map(|e| e.to_string()).unwrap_or_default()),
        number: number,
        deputy_id: lead.map(|it| it.to_string()),
        channel: channel.map(|it| it.to_string()),
        exclusion: exclusion.map(|it| it.map(|e| e.to_string()).unwrap_or_default()),
        delegation: delegation,
    }
    if let Some(key_case) = key_case {
        query = query.filter(case_facts::key_case.eq(key_case));
    }
    query = match days_to_reply {
        Some(Some(days)) => query.filter(case_facts::days_to_reply.eq(stored_days(days))),
        Some(None) => query.filter(case_facts::days_to_reply.is_null()),
        None => query,
    };
    if let Some(day) = due_before {
        query = query.filter(case_facts::due_on.lt(day.date()));
    }
    if let Some(day) = due_after {
        query = query.filter(case_facts::due_on.gt(day.date()));
    }
    if !measures.is_empty() {
        let any = measures.iter().fold(0, |bits, m| bits | Measures::bit(*m));
        query = query.filter(sql::<Bool>("(case_facts.measures & ").bind::<BigInt, _>(any).sql(") <> 0"));
    }
    let query = ordered!(
        query,
        sort,
        after,
        case_facts::case_id,
        (case_facts::stage, case_facts::due_on, case_facts::case_id)
    );
    type Found = (Row, String, String, bool);
    let found: Vec<Found> =
        query.limit(limit).select((ROW, cases::title, cases::lead_name, cases::confidential)).load(db)?;
    let names: HashMap<String, String> = departments::table
        .filter(departments::congress_id.eq(congress.as_str()))
        .select((departments::id, departments::name))
        .load::<(String, String)>(db)?
        .into_iter()
        .collect();
    let mut lines = found.into_iter().map(|found| line(found, &names)).collect::<Result<Vec<_>, _>>()?;
    if let Some(user) = to_be_named {
        withhold(db, scope, user, &mut lines)?;
    }
    Ok(lines)
}

fn line(
    (row, title, lead_name, confidential): (Row, String, String, bool),
    departments: &HashMap<String, String>,
) -> Result<Line, StoreError> {
    let id = row.0.clone();
    let facts = version(row)?.facts;
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Ok(Line {
        id,
        stage: facts.stage.to_string(),
        kind: facts.kind.to_string(),
        session_id: some(facts.session),
        origin: some(facts.origin),
        number: some(facts.number),
        title,
        category: some(facts.category),
        lead_id: facts.deputy,
        lead_name,
        department_name: departments.get(&facts.department).cloned(),
        department_id: some(facts.department),
        class: some(facts.class),
        evaluation: some(facts.evaluation),
        registered_on: facts.registered_on.map(Day::date),
        assigned_on: facts.assigned_on.map(Day::date),
        due_on: facts.due_on.map(Day::date),
        replied_on: facts.replied_on.map(Day::date),
        exclusion: some(facts.exclusion),
        key_case: facts.key_case,
        confidential,
    })
}
