use super::{term::*, words::Origin, rounding::Rounding}; use serde::*;
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)] #[serde(rename_all="snake_case")] pub enum TermKind { AcceptanceNotice, Assignment, HandBack, FirstContact, Opinion, Reply, ReplyExtended, Evaluation }
impl TermKind { pub fn zh(self) -> &'static str { "" } }
#[derive(Clone, Copy)] pub enum Anchor { A } impl Anchor { pub fn zh(self) -> &'static str { "" } }
#[derive(Clone)] pub struct PolicyTerm { pub amount: u32, pub unit: Unit, pub anchor: Anchor, pub clause: String, pub when: Option<Origin> }
impl PolicyTerm { pub fn term(&self) -> Term { Term { amount: self.amount, unit: self.unit } } }
#[derive(Clone)] pub struct ResultClass { pub id: String, pub resolved: bool }
#[derive(Clone, Copy, PartialEq)] pub enum Whose { Lead, Worst }
#[derive(Clone, Copy, PartialEq)] pub enum WithdrawUntil { Any, BeforeAssignment }
#[derive(Clone)] pub struct Evaluation { pub whose: Whose }
#[derive(Clone)] pub struct Withdrawal { pub until: WithdrawUntil, pub clause: String }
#[derive(Clone)] pub struct RoundingRule { pub decimals: u8, pub rule: Rounding, pub trim_zeros: bool }
#[derive(Clone)] pub struct Policy { pub id: String, pub version: u32, pub classes: Vec<ResultClass>, pub evaluation: Evaluation, pub withdrawal: Withdrawal, pub rounding: RoundingRule }
impl Policy { pub fn term(&self, _k: TermKind) -> Option<&PolicyTerm> { None } pub fn class(&self, c: &str) -> Option<&ResultClass> { self.classes.iter().find(|x| x.id == c) } pub fn is_resolved(&self, c: &str) -> bool { self.class(c).is_some_and(|c| c.resolved) } }
#[derive(Clone)] pub struct Policies; impl Policies { pub fn shipped() -> &'static Policies { &Policies } pub fn get(&self, _i: &str) -> Option<&Policy> { None } }
