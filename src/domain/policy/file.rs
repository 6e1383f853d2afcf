//! A policy file as it is written, and what it becomes once all that it leaves out is filled in.

use super::{choices::*, *};
use serde::Deserialize;

/// What is wrong with a policy file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    #[error("{0}")]
    Toml(String),
    #[error("policy {id} extends {base}, which is not known; known are {known}")]
    UnknownBase { id: String, base: String, known: String },
    #[error("policy {id} has no {what}, and extends no policy that has")]
    Missing { id: String, what: &'static str },
    #[error("policy {id}: {reason}")]
    Wrong { id: String, reason: String },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    id: String,
    version: u32,
    extends: Option<String>,
    name: String,
    /// How its clauses are cited.
    cite: String,
    edition: Day,
    effective_from: Day,
    #[serde(default)]
    open_cases: OpenCases,
    #[serde(default)]
    terms: BTreeMap<TermKind, PolicyTerm>,
    #[serde(default)]
    classes: Vec<ResultClass>,
    #[serde(default)]
    grounds: Vec<GroundRule>,
    rounding: Option<RoundingRule>,
    numbering: Option<NumberingRule>,
    submission: Option<SubmissionRule>,
    motion: Option<MotionRule>,
    assignment: Option<AssignmentRule>,
    hand_back: Option<HandBackRule>,
    extension: Option<ExtensionRule>,
    reply: Option<ReplyRule>,
    evaluation: Option<EvaluationRule>,
    rework: Option<ReworkRule>,
    withdrawal: Option<WithdrawalRule>,
    publication: Option<PublicationRule>,
    key_cases: Option<KeyCaseRule>,
    notices: Option<NoticeRule>,
    #[serde(default)]
    ladder: Vec<LadderRung>,
}

impl File {
    pub fn read(text: &str) -> Result<File, PolicyError> {
        toml::from_str(text).map_err(|e| PolicyError::Toml(e.to_string()))
    }

    pub fn extends(&self) -> Option<&str> {
        self.extends.as_deref()
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn version(&self) -> u32 {
        self.version
    }

    pub fn effective_from(&self) -> Day {
        self.effective_from
    }

    /// Whether it extends what the other file holds. A version may extend an earlier one of its own policy.
    pub fn waits_for(&self, other: &File) -> bool {
        self.extends() == Some(other.id()) && (self.id != other.id || other.version < self.version)
    }

    /// What is wrong with it when it waits for a file that waits for it in turn.
    pub fn ring(&self) -> PolicyError {
        let base = self.extends().unwrap_or_default();
        let reason = format!("it extends {base}, which extends it in turn; one of them must extend another");
        PolicyError::Wrong { id: self.id.clone(), reason }
    }

    /// The policy, with what the file leaves out taken from `base`.
    pub fn over(mut self, base: Option<&Policy>) -> Result<Policy, PolicyError> {
        let (cite, id) = (self.cite, self.id);
        if cite.trim().is_empty() {
            let reason = "cite is empty; it is the name that goes before 第…条".to_owned();
            return Err(PolicyError::Wrong { id, reason });
        }
        for term in self.terms.values_mut() {
            term.clause = cited(&cite, &term.clause);
            id.clone_into(&mut term.stated_by);
        }
        let mut terms = base.map(|b| b.terms.clone()).unwrap_or_default();
        terms.extend(self.terms);
        let stating = Stating { cite: &cite, id: &id };
        let policy = Policy {
            version: self.version,
            name: self.name,
            edition: self.edition,
            effective_from: self.effective_from,
            open_cases: self.open_cases,
            extends: self.extends,
            terms,
            classes: stating.list(self.classes, base.map(|b| &b.classes)),
            grounds: stating.list(self.grounds, base.map(|b| &b.grounds)),
            rounding: stating.one(self.rounding, base.map(|b| &b.rounding), "[rounding]")?,
            numbering: stating.one(self.numbering, base.map(|b| &b.numbering), "[numbering]")?,
            submission: stating.one(self.submission, base.map(|b| &b.submission), "[submission]")?,
            motion: stating.one(self.motion, base.map(|b| &b.motion), "[motion]")?,
            assignment: stating.one(self.assignment, base.map(|b| &b.assignment), "[assignment]")?,
            hand_back: stating.one(self.hand_back, base.map(|b| &b.hand_back), "[hand_back]")?,
            extension: stating.one(self.extension, base.map(|b| &b.extension), "[extension]")?,
            reply: stating.one(self.reply, base.map(|b| &b.reply), "[reply]")?,
            evaluation: stating.one(self.evaluation, base.map(|b| &b.evaluation), "[evaluation]")?,
            rework: stating.one(self.rework, base.map(|b| &b.rework), "[rework]")?,
            withdrawal: stating.one(self.withdrawal, base.map(|b| &b.withdrawal), "[withdrawal]")?,
            publication: stating.one(self.publication, base.map(|b| &b.publication), "[publication]")?,
            key_cases: stating.one(self.key_cases, base.map(|b| &b.key_cases), "[key_cases]")?,
            notices: stating.one(self.notices, base.map(|b| &b.notices), "[notices]")?,
            ladder: stating.list(self.ladder, base.map(|b| &b.ladder)),
            id: id.clone(),
        };
        policy.check()?;
        Ok(policy)
    }
}

/// Names the text and the policy in what a file states itself; what it inherits has them already.
struct Stating<'a> {
    cite: &'a str,
    id: &'a str,
}

impl Stating<'_> {
    fn one<T: Stated + Clone>(
        &self,
        own: Option<T>,
        base: Option<&T>,
        what: &'static str,
    ) -> Result<T, PolicyError> {
        match own {
            Some(mut own) => {
                own.state(self.cite, self.id);
                Ok(own)
            }
            None => base.cloned().ok_or_else(|| PolicyError::Missing { id: self.id.to_owned(), what }),
        }
    }

    /// A list is taken whole: own classes replace the inherited ones.
    fn list<T: Stated + Clone>(&self, mut own: Vec<T>, base: Option<&Vec<T>>) -> Vec<T> {
        own.iter_mut().for_each(|one| one.state(self.cite, self.id));
        if own.is_empty() { base.cloned().unwrap_or_default() } else { own }
    }
}
