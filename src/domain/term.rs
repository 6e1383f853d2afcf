use super::calendar::Calendar; use chrono::NaiveDate; use serde::*;
#[derive(Clone, Copy, Debug, PartialEq, Serialize, utoipa::ToSchema)] #[serde(rename_all="snake_case")] pub enum Unit { Months, Days, WorkingDays }
#[derive(Clone, Copy, Debug, PartialEq, Serialize, utoipa::ToSchema)] pub struct Term { pub amount: u32, pub unit: Unit }
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)] pub struct Step { pub text: String }
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)] pub struct Counted { pub unrolled: NaiveDate, pub due: NaiveDate, pub provisional: bool, pub steps: Vec<Step> }
#[derive(Debug)] pub struct TermError;
pub fn count(anchor: NaiveDate, _t: Term, _c: &Calendar) -> Result<Counted, TermError> { Ok(Counted{unrolled: anchor, due: anchor, provisional: false, steps: vec![]}) }
pub fn extend_to(anchor: NaiveDate, _c: &Calendar) -> Result<Counted, TermError> { Ok(Counted{unrolled: anchor, due: anchor, provisional: false, steps: vec![]}) }
