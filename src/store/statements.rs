//! Departments' quarterly statements of their promises: as they were issued, and what the deputies said of their lines.

use super::{
    Db, StoreError,
    schema::{commitment_confirmations, commitment_statement_lines, commitment_statements},
};
use crate::domain::ids::{CongressId, DepartmentId, DeputyId};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A statement as it was issued.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = commitment_statements)]
pub struct Statement {
    pub congress_id: String,
    pub id: String,
    pub department_id: String,
    /// As `2024-Q4`.
    pub quarter: String,
    /// From 1; the last one holds.
    pub edition: i32,
    /// JSON, byte for byte what the digest is of.
    pub body: String,
    pub sha256: String,
    pub issued_at: NaiveDateTime,
}

/// Whose line it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Insertable, Queryable, Selectable)]
#[diesel(table_name = commitment_statement_lines)]
pub struct Line {
    pub congress_id: String,
    pub statement_id: String,
    pub line: i32,
    pub deputy_id: String,
    pub case_id: String,
}

/// A deputy's word on a line.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = commitment_confirmations)]
pub struct Confirmation {
    pub congress_id: String,
    pub statement_id: String,
    pub line: i32,
    pub confirmed: bool,
    pub objection: Option<String>,
    pub answered_at: NaiveDateTime,
}

pub fn issue(db: &mut Db, statement: &Statement, lines: &[Line]) -> Result<(), StoreError> {
    diesel::insert_into(commitment_statements::table).values(statement).execute(db)?;
    for line in lines {
        diesel::insert_into(commitment_statement_lines::table).values(line).execute(db)?;
    }
    Ok(())
}

pub fn find(db: &mut Db, congress: &CongressId, id: &str) -> Result<Option<Statement>, StoreError> {
    Ok(commitment_statements::table
        .find((congress.as_str(), id))
        .select(Statement::as_select())
        .first(db)
        .optional()?)
}

/// The last edition of a department's quarter.
pub fn latest(
    db: &mut Db,
    congress: &CongressId,
    department: DepartmentId,
    quarter: &str,
) -> Result<Option<Statement>, StoreError> {
    Ok(commitment_statements::table
        .filter(commitment_statements::congress_id.eq(congress.as_str()))
        .filter(commitment_statements::department_id.eq(department.to_string()))
        .filter(commitment_statements::quarter.eq(quarter))
        .order(commitment_statements::edition.desc())
        .select(Statement::as_select())
        .first(db)
        .optional()?)
}

/// The next statements, latest first; of one department, or those that have a line of a deputy's.
pub fn page(
    db: &mut Db,
    congress: &CongressId,
    department: Option<DepartmentId>,
    deputy: Option<DeputyId>,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<Statement>, StoreError> {
    let mut query = commitment_statements::table
        .filter(commitment_statements::congress_id.eq(congress.as_str()))
        .order(commitment_statements::id.desc())
        .limit(limit)
        .select(Statement::as_select())
        .into_boxed();
    if let Some(department) = department {
        query = query.filter(commitment_statements::department_id.eq(department.to_string()));
    }
    if let Some(deputy) = deputy {
        let own = commitment_statement_lines::table
            .filter(commitment_statement_lines::congress_id.eq(congress.to_string()))
            .filter(commitment_statement_lines::deputy_id.eq(deputy.to_string()))
            .select(commitment_statement_lines::statement_id);
        query = query.filter(commitment_statements::id.eq_any(own));
    }
    if let Some(before) = before {
        query = query.filter(commitment_statements::id.lt(before.to_owned()));
    }
    Ok(query.load(db)?)
}

/// A statement's lines in their order.
pub fn lines(db: &mut Db, congress: &CongressId, id: &str) -> Result<Vec<Line>, StoreError> {
    Ok(commitment_statement_lines::table
        .filter(commitment_statement_lines::congress_id.eq(congress.as_str()))
        .filter(commitment_statement_lines::statement_id.eq(id))
        .order(commitment_statement_lines::line.asc())
        .select(Line::as_select())
        .load(db)?)
}

/// What was said of a statement's lines so far, in their order.
pub fn confirmations(db: &mut Db, congress: &CongressId, id: &str) -> Result<Vec<Confirmation>, StoreError> {
    Ok(commitment_confirmations::table
        .filter(commitment_confirmations::congress_id.eq(congress.as_str()))
        .filter(commitment_confirmations::statement_id.eq(id))
        .order(commitment_confirmations::line.asc())
        .select(Confirmation::as_select())
        .load(db)?)
}

pub fn confirm(db: &mut Db, word: &Confirmation) -> Result<(), StoreError> {
    diesel::insert_into(commitment_confirmations::table).values(word).execute(db)?;
    Ok(())
}

/// The lines that wait for a deputy's word, of statements that no later edition took the place of; latest first.
pub fn waiting_for(
    db: &mut Db,
    congress: &CongressId,
    deputy: DeputyId,
    limit: i64,
) -> Result<Vec<(Line, String, String)>, StoreError> {
    let later = diesel::alias!(commitment_statements as later);
    let replaced = later
        .filter(later.field(commitment_statements::congress_id).eq(commitment_statements::congress_id))
        .filter(later.field(commitment_statements::department_id).eq(commitment_statements::department_id))
        .filter(later.field(commitment_statements::quarter).eq(commitment_statements::quarter))
        .filter(later.field(commitment_statements::edition).gt(commitment_statements::edition));
    let answered = commitment_confirmations::table
        .filter(commitment_confirmations::congress_id.eq(commitment_statement_lines::congress_id))
        .filter(commitment_confirmations::statement_id.eq(commitment_statement_lines::statement_id))
        .filter(commitment_confirmations::line.eq(commitment_statement_lines::line));
    let same = commitment_statements::congress_id
        .eq(commitment_statement_lines::congress_id)
        .and(commitment_statements::id.eq(commitment_statement_lines::statement_id));
    Ok(commitment_statement_lines::table
        .inner_join(commitment_statements::table.on(same))
        .filter(commitment_statement_lines::congress_id.eq(congress.as_str()))
        .filter(commitment_statement_lines::deputy_id.eq(deputy.to_string()))
        .filter(diesel::dsl::not(diesel::dsl::exists(answered)))
        .filter(diesel::dsl::not(diesel::dsl::exists(replaced)))
        .order((commitment_statement_lines::statement_id.desc(), commitment_statement_lines::line.asc()))
        .limit(limit)
        .select((Line::as_select(), commitment_statements::department_id, commitment_statements::quarter))
        .load(db)?)
}

/// Every statement of a congress. For `verify` alone.
pub fn all(db: &mut Db, congress: &CongressId) -> Result<Vec<Statement>, StoreError> {
    Ok(commitment_statements::table
        .filter(commitment_statements::congress_id.eq(congress.as_str()))
        .order(commitment_statements::id.asc())
        .select(Statement::as_select())
        .load(db)?)
}
