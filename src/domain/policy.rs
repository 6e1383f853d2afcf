//! Policies: what a regulation sets, as data. One file each in `policies/`; every value with its clause.
//!
//! A policy may extend another: what it leaves out is found there. The national law is the last of the line.

use super::{
    rounding::Rounding,
    term::{Term, Unit},
    words::{Kind, Origin},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::LazyLock};

/// A term that a regulation may set.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TermKind {
    /// 受理告知
    AcceptanceNotice,
    /// 交办
    Assignment,
    /// 退办
    HandBack,
    /// 重新交办
    Reassignment,
    /// 首次联系代表
    FirstContact,
    /// 会办意见
    Opinion,
    /// 重新提出会办意见
    OpinionAgain,
    /// 答复
    Reply,
    /// 延期后的最长答复期限
    ReplyExtended,
    /// 代表评价
    Evaluation,
    /// 重新办理
    Rework,
    /// 承诺事项评价
    CommitmentEvaluation,
}

impl TermKind {
    pub fn zh(self) -> &'static str {
        match self {
            TermKind::AcceptanceNotice => "受理告知期限",
            TermKind::Assignment => "交办期限",
            TermKind::HandBack => "退办期限",
            TermKind::Reassignment => "重新交办期限",
            TermKind::FirstContact => "首次联系代表期限",
            TermKind::Opinion => "会办意见期限",
            TermKind::OpinionAgain => "重新提出会办意见期限",
            TermKind::Reply => "答复期限",
            TermKind::ReplyExtended => "延期后最长答复期限",
            TermKind::Evaluation => "代表评价期限",
            TermKind::Rework => "重新办理期限",
            TermKind::CommitmentEvaluation => "承诺事项评价期限",
        }
    }
}

/// The event that starts a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    Submitted,
    Assigned,
    /// On the platform the same day as assigned: a late signature does not lengthen a term.
    Received,
    HandedBack,
    OpinionRejected,
    Replied,
    ReworkOrdered,
    CommitmentReported,
}

impl Anchor {
    pub fn zh(self) -> &'static str {
        match self {
            Anchor::Submitted => "收到代表建议之日",
            Anchor::Assigned => "交办之日",
            Anchor::Received => "承办单位收到之日（平台交办当日送达）",
            Anchor::HandedBack => "收到退办件之日",
            Anchor::OpinionRejected => "主办单位要求重新提出之日",
            Anchor::Replied => "代表收到答复之日",
            Anchor::ReworkOrdered => "要求重新办理之日",
            Anchor::CommitmentReported => "代表收到落实情况之日",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyTerm {
    pub amount: u32,
    pub unit: Unit,
    pub anchor: Anchor,
    /// Only for cases of this origin; for all if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Origin>,
    #[schema(example = "浙江省代表建议办理规定第二十一条")]
    pub clause: String,
}

impl PolicyTerm {
    pub fn term(&self) -> Term {
        Term { amount: self.amount, unit: self.unit }
    }
}

/// A result class 办理结果分类.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultClass {
    #[schema(example = "A")]
    pub id: String,
    pub label: String,
    /// Whether it counts in the resolution rate.
    pub resolved: bool,
}

/// How percentages are printed unless the reader asks otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoundingRule {
    pub decimals: u8,
    pub rule: Rounding,
    pub trim_zeros: bool,
}

/// Whose evaluation counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// 领衔代表
    Lead,
    /// The worst of all signers who judged.
    Worst,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluationRule {
    pub whose: Whose,
    pub clause: String,
}

/// Until when a case may be withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawUntil {
    Assignment,
    Reply,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalRule {
    pub until: WithdrawUntil,
    /// Whether all signers have to agree.
    pub all_signers: bool,
    pub clause: String,
}

/// Signers that a motion 议案 needs at each level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MotionRule {
    pub township: u32,
    pub county: u32,
    pub national: u32,
    pub clause: String,
}

/// A policy with nothing left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Policy {
    #[schema(example = "zhejiang-2016")]
    pub id: String,
    pub version: u32,
    pub name: String,
    /// The day on which the edition that it follows was passed.
    #[schema(example = "2016-05-27")]
    pub edition: String,
    pub effective_from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    pub terms: BTreeMap<TermKind, PolicyTerm>,
    pub classes: Vec<ResultClass>,
    pub rounding: RoundingRule,
    pub evaluation: EvaluationRule,
    pub withdrawal: WithdrawalRule,
    pub motion: MotionRule,
    /// `{session}`, `{kind}` and `{number}` stand for a case's own.
    #[schema(example = "{session}{kind}第{number}号")]
    pub numbering: String,
}

impl Policy {
    pub fn term(&self, kind: TermKind) -> Option<&PolicyTerm> {
        self.terms.get(&kind)
    }

    pub fn class(&self, id: &str) -> Option<&ResultClass> {
        self.classes.iter().find(|class| class.id == id)
    }

    pub fn is_resolved(&self, class: &str) -> bool {
        self.class(class).is_some_and(|class| class.resolved)
    }

    /// A case's number as it is written.
    pub fn number(&self, session: &str, kind: Kind, sequence: u32) -> String {
        let kind = match kind {
            Kind::Motion => "议案",
            Kind::Suggestion => "建议",
        };
        self.numbering
            .replace("{session}", session)
            .replace("{kind}", kind)
            .replace("{number}", &format!("{sequence:03}"))
    }
}

/// A policy file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    version: u32,
    extends: Option<String>,
    name: String,
    /// How its clauses are cited.
    cite: String,
    edition: String,
    effective_from: String,
    numbering: Option<String>,
    #[serde(default)]
    terms: BTreeMap<TermKind, PolicyTerm>,
    #[serde(default)]
    classes: Vec<ResultClass>,
    rounding: Option<RoundingRule>,
    evaluation: Option<EvaluationRule>,
    withdrawal: Option<WithdrawalRule>,
    motion: Option<MotionRule>,
}

/// What is wrong with a policy file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    #[error("{0}")]
    Toml(String),
    #[error("policy {id} extends {base}, which is not known")]
    UnknownBase { id: String, base: String },
    #[error("policy {id} has no {what}, and extends no policy that has")]
    Missing { id: String, what: &'static str },
    #[error("policy {id}: {reason}")]
    Wrong { id: String, reason: String },
}

/// All policies at hand.
#[derive(Clone, Debug, Default)]
pub struct Policies(BTreeMap<String, Policy>);

const SHIPPED: [&str; 8] = [
    include_str!("../../policies/law-2025.toml"),
    include_str!("../../policies/zhejiang-2016.toml"),
    include_str!("../../policies/chongqing-2017.toml"),
    include_str!("../../policies/qingdao-2021.toml"),
    include_str!("../../policies/beijing-2014.toml"),
    include_str!("../../policies/shandong-2017.toml"),
    include_str!("../../policies/shanghai-2015.toml"),
    include_str!("../../policies/henan-2017.toml"),
];

impl Policies {
    /// The policies that come with the program.
    pub fn shipped() -> &'static Policies {
        static POLICIES: LazyLock<Policies> = LazyLock::new(|| {
            // A test reads each of these files; a broken one does not pass it.
            Policies::read(SHIPPED).unwrap_or_default()
        });
        &POLICIES
    }

    /// Reads files of which each may extend an earlier one.
    ///
    /// # Errors
    /// Names the file's policy, what is wrong, and what would be right.
    pub fn read<'f>(files: impl IntoIterator<Item = &'f str>) -> Result<Policies, PolicyError> {
        let mut policies = Policies::default();
        for file in files {
            policies.add(file)?;
        }
        Ok(policies)
    }

    /// Reads one more file, which may extend those known.
    ///
    /// # Errors
    /// As `read`.
    pub fn add(&mut self, file: &str) -> Result<&Policy, PolicyError> {
        let policy = self.resolve(file)?;
        Ok(self.0.entry(policy.id.clone()).insert_entry(policy).into_mut())
    }

    pub fn get(&self, id: &str) -> Option<&Policy> {
        self.0.get(id)
    }

    pub fn all(&self) -> impl Iterator<Item = &Policy> {
        self.0.values()
    }

    fn resolve(&self, file: &str) -> Result<Policy, PolicyError> {
        let mut file: File = toml::from_str(file).map_err(|e| PolicyError::Toml(e.to_string()))?;
        let base = match &file.extends {
            None => None,
            Some(base) => Some(
                self.get(base)
                    .ok_or_else(|| PolicyError::UnknownBase { id: file.id.clone(), base: base.clone() })?,
            ),
        };
        file.cite_clauses();
        let id = file.id.clone();
        let missing = |what| PolicyError::Missing { id: id.clone(), what };
        let mut terms = base.map(|b| b.terms.clone()).unwrap_or_default();
        terms.extend(file.terms);
        let classes = match file.classes.is_empty() {
            true => base.map(|b| b.classes.clone()).unwrap_or_default(),
            false => file.classes,
        };
        let policy = Policy {
            version: file.version,
            name: file.name,
            edition: file.edition,
            effective_from: file.effective_from,
            extends: file.extends,
            terms,
            classes,
            rounding: file
                .rounding
                .or(base.map(|b| b.rounding.clone()))
                .ok_or_else(|| missing("[rounding]"))?,
            evaluation: file
                .evaluation
                .or(base.map(|b| b.evaluation.clone()))
                .ok_or_else(|| missing("[evaluation]"))?,
            withdrawal: file
                .withdrawal
                .or(base.map(|b| b.withdrawal.clone()))
                .ok_or_else(|| missing("[withdrawal]"))?,
            motion: file.motion.or(base.map(|b| b.motion.clone())).ok_or_else(|| missing("[motion]"))?,
            numbering: file
                .numbering
                .or(base.map(|b| b.numbering.clone()))
                .ok_or_else(|| missing("numbering"))?,
            id: file.id,
        };
        policy.check()?;
        Ok(policy)
    }
}

impl File {
    /// A clause is read on its own, far from its file: it names its text.
    fn cite_clauses(&mut self) {
        let cite = &self.cite;
        let clauses = self.terms.values_mut().map(|t| &mut t.clause);
        let others = [
            self.evaluation.as_mut().map(|e| &mut e.clause),
            self.withdrawal.as_mut().map(|w| &mut w.clause),
        ];
        for clause in clauses.chain(others.into_iter().flatten()) {
            if clause.starts_with('第') {
                *clause = format!("{cite}{clause}");
            }
        }
    }
}

impl Policy {
    fn check(&self) -> Result<(), PolicyError> {
        let wrong = |reason: String| Err(PolicyError::Wrong { id: self.id.clone(), reason });
        let (Some(reply), Some(longest)) = (self.term(TermKind::Reply), self.term(TermKind::ReplyExtended))
        else {
            return wrong("[terms.reply] and [terms.reply_extended] are needed".to_owned());
        };
        if reply.unit != longest.unit || reply.amount > longest.amount {
            return wrong("reply_extended must be in the unit of reply, and not shorter".to_owned());
        }
        if self.classes.iter().all(|c| !c.resolved) {
            return wrong("at least one class must count as resolved".to_owned());
        }
        for (index, class) in self.classes.iter().enumerate() {
            if self.classes[..index].iter().any(|c| c.id == class.id) {
                return wrong(format!("class {} is there twice", class.id));
            }
        }
        if !self.numbering.contains("{number}") {
            return wrong("numbering needs {number}, or two cases would share one".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TermKind as T;
    use Unit::{Days, Months, WorkingDays as Wd};

    /// Written by hand from the texts, not from the files.
    #[test]
    fn the_shipped_policies_say_what_the_texts_say() {
        let policies = Policies::read(SHIPPED).unwrap();
        type Set = [(TermKind, u32, Unit)];
        let expected: [(&str, &Set); 8] = [
            ("law-2025", &[]),
            (
                "zhejiang-2016",
                &[
                    (T::AcceptanceNotice, 7, Days),
                    (T::HandBack, 10, Days),
                    (T::Opinion, 2, Months),
                    (T::Rework, 1, Months),
                ],
            ),
            (
                "chongqing-2017",
                &[
                    (T::Assignment, 10, Wd),
                    (T::HandBack, 10, Wd),
                    (T::Reassignment, 10, Wd),
                    (T::FirstContact, 20, Wd),
                    (T::Opinion, 30, Wd),
                    (T::OpinionAgain, 5, Wd),
                    (T::Evaluation, 20, Wd),
                    (T::Rework, 2, Months),
                    (T::CommitmentEvaluation, 20, Wd),
                ],
            ),
            ("qingdao-2021", &[(T::Assignment, 5, Wd), (T::HandBack, 5, Wd), (T::Opinion, 1, Months)]),
            ("beijing-2014", &[(T::Evaluation, 15, Wd), (T::Rework, 2, Months)]),
            (
                "shandong-2017",
                &[
                    (T::Assignment, 5, Days),
                    (T::HandBack, 5, Days),
                    (T::Opinion, 1, Months),
                    (T::Rework, 1, Months),
                ],
            ),
            (
                "shanghai-2015",
                &[
                    (T::Assignment, 7, Wd),
                    (T::HandBack, 7, Wd),
                    (T::Opinion, 1, Months),
                    (T::Rework, 1, Months),
                ],
            ),
            (
                "henan-2017",
                &[
                    (T::HandBack, 10, Wd),
                    (T::Reassignment, 10, Wd),
                    (T::Opinion, 2, Months),
                    (T::Evaluation, 10, Wd),
                    (T::Rework, 1, Months),
                ],
            ),
        ];
        assert_eq!(policies.all().count(), expected.len());
        for (id, terms) in expected {
            let policy = policies.get(id).unwrap();
            let mut all = vec![(T::Reply, 3, Months), (T::ReplyExtended, 6, Months)];
            all.extend(terms);
            if !terms.iter().any(|(kind, ..)| *kind == T::Evaluation) {
                // Where a text is silent, the practice that the national policy fills in.
                all.push((T::Evaluation, 20, Wd));
            }
            all.sort_by_key(|(kind, ..)| *kind);
            let set: Vec<_> = policy.terms.iter().map(|(kind, t)| (*kind, t.amount, t.unit)).collect();
            assert_eq!(set, all, "{id}");
        }
    }

    #[test]
    fn a_clause_names_its_text_wherever_it_is_read() {
        let policies = Policies::shipped();
        let clause = |id: &str, kind| policies.get(id).and_then(|p| p.term(kind)).map(|t| t.clause.clone());
        assert_eq!(clause("zhejiang-2016", T::Reply).as_deref(), Some("浙江省代表建议办理规定第二十一条"));
        assert_eq!(clause("law-2025", T::Reply).as_deref(), Some("代表法第五十一条第二款"));
    }

    #[test]
    fn a_wrong_file_is_told_what_is_wrong() {
        let law = SHIPPED[0];
        let read = |file: &str| Policies::read([file]).map(|_| ()).unwrap_err().to_string();
        assert!(read(&law.replace("amount = 6", "amount = 2")).contains("not shorter"));
        assert!(read(&law.replace("resolved = true", "resolved = false")).contains("count as resolved"));
        assert!(read(&law.replace("[motion]", "[motions]")).contains("motions"));
        assert!(read(&law.replace("version = 1", "version = 1\nextends = \"nowhere\"")).contains("nowhere"));
    }
}
