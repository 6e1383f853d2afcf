//! In what one policy differs from another, value by value.

use super::{LadderRung, Policy, PolicyTerm};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A value that two policies set differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Difference {
    /// Where it stands: a choice, a term, a class or a ground.
    #[schema(example = "extension.consent")]
    pub what: String,
    /// None where the old policy sets no such value.
    pub old: Option<String>,
    /// None where the new policy sets no such value.
    pub new: Option<String>,
    /// The clause of the old value.
    pub old_clause: Option<String>,
    /// The clause of the new value; of the old one where it falls away.
    pub clause: String,
}

/// Each changed term, class, ground and choice. Between versions of one policy also each clause that moved; a policy
/// that extends another says the same by its own clauses, and that is no difference.
pub fn differences(old: &Policy, new: &Policy) -> Vec<Difference> {
    let versions = old.id == new.id;
    let (mut before, after) = (values(old), values(new));
    let mut found = Vec::new();
    for (what, value) in after {
        let was = before.remove(&what);
        let same = was
            .as_ref()
            .is_some_and(|was| was.text == value.text && (!versions || was.clause == value.clause));
        if !same {
            found.push(difference(what, was, Some(value)));
        }
    }
    found.extend(before.into_iter().map(|(what, was)| difference(what, Some(was), None)));
    found.sort_by(|a, b| a.what.cmp(&b.what));
    found
}

fn difference(what: String, old: Option<Set>, new: Option<Set>) -> Difference {
    let clause = new.as_ref().or(old.as_ref()).map(|it| it.clause.clone()).unwrap_or_default();
    Difference {
        what,
        old_clause: old.as_ref().map(|it| it.clause.clone()),
        old: old.map(|it| it.text),
        new: new.map(|it| it.text),
        clause,
    }
}

/// A value as a person reads it.
struct Set {
    text: String,
    clause: String,
}

fn values(policy: &Policy) -> BTreeMap<String, Set> {
    let mut all = BTreeMap::new();
    for (kind, term) in &policy.terms {
        let set = Set { text: term_in_words(term), clause: term.clause.clone() };
        all.insert(format!("terms.{}", kind.id()), set);
    }
    for class in &policy.classes {
        let counts = if class.resolved { "resolved" } else { "not resolved" };
        let set = Set { text: format!("{}, {counts}", class.label), clause: class.clause.clone() };
        all.insert(format!("classes.{}", class.id), set);
    }
    for ground in &policy.grounds {
        let set = Set { text: ground.id.zh().to_owned(), clause: ground.clause.clone() };
        all.insert(format!("grounds.{}", ground.id), set);
    }
    for rung in &policy.ladder {
        let set = Set { text: rung_in_words(rung), clause: rung.clause.clone() };
        all.insert(format!("ladder.{}", rung.id), set);
    }
    choices(policy, &mut all);
    all
}

/// Walked as it is written, so that no choice can be forgotten here.
fn choices(policy: &Policy, all: &mut BTreeMap<String, Set>) {
    let Ok(Value::Object(sections)) = serde_json::to_value(policy) else { return };
    for (section, value) in sections {
        let Value::Object(mut fields) = value else { continue };
        let Some(Value::String(clause)) = fields.remove("clause") else { continue };
        fields.remove("stated_by");
        for (field, value) in fields {
            let text = value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
            all.insert(format!("{section}.{field}"), Set { text, clause: clause.clone() });
        }
    }
}

fn term_in_words(term: &PolicyTerm) -> String {
    let only = term.when.map(|origin| format!(", {origin} only")).unwrap_or_default();
    format!("{} {} from {}{only}", term.amount, term.unit.id(), term.anchor.id())
}

fn rung_in_words(rung: &LadderRung) -> String {
    let matters: Vec<_> = rung.matters.iter().map(|matter| matter.id()).collect();
    let answer =
        rung.answer_within.map(|days| format!(", answered within {days} working_days")).unwrap_or_default();
    let silent = if rung.unanswered { ", or when unanswered" } else { "" };
    let leader = rung.leader.as_ref().map(|title| format!(", to {title}")).unwrap_or_default();
    format!(
        "{} at {:+} {} of {}{silent}{answer}{leader}",
        rung.rung,
        rung.offset,
        rung.unit.id(),
        matters.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::Policies;

    fn file(version: u32, more: &str) -> String {
        format!(
            "id = \"county\"\nversion = {version}\nextends = \"law-2025\"\nname = \"某县代表建议办理办法\"\n\
             cite = \"某县办法\"\nedition = \"2020-01-10\"\neffective_from = \"2020-03-01\"\n{more}"
        )
    }

    fn lines(old: &Policy, new: &Policy) -> Vec<String> {
        let shown = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        differences(old, new)
            .into_iter()
            .map(|d| {
                format!(
                    "{}: {} [{}] → {} [{}]",
                    d.what,
                    shown(d.old),
                    shown(d.old_clause),
                    shown(d.new),
                    d.clause
                )
            })
            .collect()
    }

    const FIRST: &str = r#"
        [terms.rework]
        amount = 20
        unit = "working_days"
        anchor = "rework_ordered"
        when = "between_sessions"
        clause = "第九条"
        [[classes]]
        id = "A"
        label = "已经解决或者基本解决"
        resolved = true
        clause = "第七条"
        [[classes]]
        id = "E"
        label = "不予采纳"
        resolved = false
        clause = "第七条"
        [[grounds]]
        id = "complaint"
        clause = "第四条"
        [extension]
        consent = true
        clause = "第八条"
        [rework]
        order = "committee"
        clause = "第九条"
    "#;

    #[test]
    fn a_policy_differs_from_its_base_in_values_and_not_in_clauses() {
        let mut policies = Policies::shipped().clone();
        policies.add(&file(1, FIRST)).unwrap();
        let (law, county) = (policies.latest("law-2025").unwrap(), policies.latest("county").unwrap());
        let expected = [
            "classes.B: 正在解决或者列入计划逐步解决, not resolved [（惯例）] → - [（惯例）]",
            "classes.C: 因条件限制暂时难以解决, not resolved [（惯例）] → - [（惯例）]",
            "classes.D: 留作参考, not resolved [（惯例）] → - [（惯例）]",
            "classes.E: - [-] → 不予采纳, not resolved [某县办法第七条]",
            "extension.consent: false [代表法第五十一条第二款] → true [某县办法第八条]",
            "grounds.academic_or_product: 属于学术探讨、产品推介 [（惯例）] → - [（惯例）]",
            "grounds.complaint: - [-] → 属于检举、申诉、控告 [某县办法第四条]",
            "grounds.forwarded_letter: 代转人民群众来信、申诉材料 [（惯例）] → - [（惯例）]",
            "grounds.no_concrete_content: 没有具体内容 [（惯例）] → - [（惯例）]",
            "grounds.other: 其他不应当作为代表建议提出的 [（惯例）] → - [（惯例）]",
            "grounds.pending_case: 对未审结的具体司法案件提出意见 [（惯例）] → - [（惯例）]",
            "grounds.personal_matter: 涉及代表本人及其亲属个人问题 [（惯例）] → - [（惯例）]",
            "grounds.tender_under_way: 对正在进行的招标投标提出具体中标意见 [（惯例）] → - [（惯例）]",
            "terms.rework: - [-] → 20 working_days from rework_ordered, between_sessions only [某县办法第九条]",
        ];
        assert_eq!(lines(law, county), expected);
        assert!(differences(law, law).is_empty());
    }

    #[test]
    fn a_version_differs_from_the_one_before_in_clauses_too() {
        let mut policies = Policies::shipped().clone();
        policies.add(&file(1, FIRST)).unwrap();
        let second = FIRST
            .replace("amount = 20", "amount = 15")
            .replace("when = \"between_sessions\"", "")
            .replace("clause = \"第八条\"", "clause = \"第十条\"")
            .replace("label = \"不予采纳\"", "label = \"不予采纳，说明理由\"")
            .replace("id = \"complaint\"", "id = \"other\"");
        policies.add(&file(2, &second)).unwrap();
        let (old, new) = (policies.get("county", 1).unwrap(), policies.get("county", 2).unwrap());
        let expected = [
            "classes.E: 不予采纳, not resolved [某县办法第七条] → 不予采纳，说明理由, not resolved [某县办法第七条]",
            "extension.consent: true [某县办法第八条] → true [某县办法第十条]",
            "grounds.complaint: 属于检举、申诉、控告 [某县办法第四条] → - [某县办法第四条]",
            "grounds.other: - [-] → 其他不应当作为代表建议提出的 [某县办法第四条]",
            "terms.rework: 20 working_days from rework_ordered, between_sessions only [某县办法第九条] → \
             15 working_days from rework_ordered [某县办法第九条]",
        ];
        assert_eq!(lines(old, new), expected);
    }
}
