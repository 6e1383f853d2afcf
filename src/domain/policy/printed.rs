//! A policy written out as a file would say it, with nothing left out: for people to read, and to begin an edition of
//! their own from.

use super::Policy;
use serde_json::Value;
use std::fmt::Write;

impl Policy {
    /// TOML, with the policy that states each value beside its clause. What a file has and a policy no longer does is the
    /// short name of its text (`cite`): every clause here names its text already.
    pub fn printed(&self) -> String {
        let mut text = String::new();
        // Walked as it is serialised, so that no choice can be forgotten here. Writing to a string does not fail.
        let Ok(Value::Object(all)) = serde_json::to_value(self) else { return text };
        let plain = |value: &Value| !value.is_object() && !value.is_array();
        for (name, value) in all.iter().filter(|(_, value)| plain(value)) {
            let _ = writeln!(text, "{name} = {}", written(value));
        }
        for (name, value) in all.iter().filter(|(_, value)| !plain(value)) {
            match value {
                Value::Array(items) => {
                    items.iter().for_each(|item| section(&mut text, &format!("[[{name}]]"), item))
                }
                Value::Object(terms) if name == "terms" => {
                    terms
                        .iter()
                        .for_each(|(kind, term)| section(&mut text, &format!("[terms.{kind}]"), term));
                }
                _ => section(&mut text, &format!("[{name}]"), value),
            }
        }
        text
    }
}

fn section(text: &mut String, head: &str, value: &Value) {
    let _ = writeln!(text, "\n{head}");
    let Value::Object(fields) = value else { return };
    let by = fields.get("stated_by").and_then(Value::as_str).unwrap_or_default();
    for (name, value) in fields.iter().filter(|(name, _)| *name != "stated_by") {
        let beside = if name == "clause" { format!("  # {by}") } else { String::new() };
        let _ = writeln!(text, "{name} = {}{beside}", written(value));
    }
}

/// JSON writes words, numbers and truth values as TOML reads them.
fn written(value: &Value) -> String {
    value.to_string()
}

#[cfg(test)]
mod tests {
    use crate::domain::policy::{Policies, Policy, differences};

    #[test]
    fn what_is_printed_reads_back_as_the_same_rules() {
        let policies = Policies::shipped();
        for policy in policies.all() {
            let printed = policy.printed();
            // Every clause stands as it is; only the text's short name is the reader's to give.
            let file = format!("cite = \"某办法\"\n{printed}");
            let read = policies.resolve(&file).unwrap_or_else(|e| panic!("{e}\n{file}"));
            assert_eq!(differences(policy, &read), [], "{}", policy.id);
            let head = |it: &Policy| (it.name.clone(), it.edition, it.effective_from, it.open_cases);
            assert_eq!(head(&read), head(policy));
        }
    }

    #[test]
    fn each_clause_says_whose_it_is() {
        let policy = Policies::shipped().latest("qingdao-2021").unwrap();
        let printed = policy.printed();
        for lines in [
            "[terms.reply]\namount = 3\nunit = \"months\"\nanchor = \"assigned\"\n\
             clause = \"青岛市代表建议工作条例第二十五条\"  # qingdao-2021\n",
            "clause = \"（惯例）\"  # law-2025\n",
            "\n[[classes]]\nid = \"A\"\n",
        ] {
            assert!(printed.contains(lines), "{printed}\nlacks: {lines}");
        }
    }
}
