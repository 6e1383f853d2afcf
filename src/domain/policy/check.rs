//! What a policy has to satisfy beyond its form: all that is wrong at once, each with what would be right.

use super::{choices::Stated, *};
use crate::domain::{ladder::is_right, rounding::MOST_DECIMALS, term::Unit, text::Line, words::Rung};

impl Policy {
    pub(super) fn check(&self) -> Result<(), PolicyError> {
        let mut wrong = Vec::new();
        self.check_head(&mut wrong);
        self.check_terms(&mut wrong);
        self.check_classes(&mut wrong);
        self.check_grounds(&mut wrong);
        self.check_numbering(&mut wrong);
        self.check_counts(&mut wrong);
        self.check_ladder(&mut wrong);
        self.check_clauses(&mut wrong);
        if wrong.is_empty() {
            return Ok(());
        }
        Err(PolicyError::Wrong { id: self.id.clone(), reason: wrong.join("; ") })
    }

    fn check_head(&self, wrong: &mut Vec<String>) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || !self.id.chars().all(plain) {
            wrong.push("id takes lower-case letters, digits and hyphens, such as zhejiang-2016".to_owned());
        }
        if self.name.trim().is_empty() {
            wrong.push("name is empty; it is the regulation's full name".to_owned());
        }
        if self.version == 0 {
            wrong.push("version is 0; versions count from 1".to_owned());
        }
    }

    fn check_terms(&self, wrong: &mut Vec<String>) {
        for (kind, term) in &self.terms {
            let most = term.unit.most();
            if !(1..=most).contains(&term.amount) {
                wrong.push(format!(
                    "[terms.{}] amount is {}; in {} it lies between 1 and {most}",
                    kind.id(),
                    term.amount,
                    term.unit.id(),
                ));
            }
        }
        let (Some(reply), Some(longest)) = (self.term(TermKind::Reply), self.term(TermKind::ReplyExtended))
        else {
            wrong.push("[terms.reply] and [terms.reply_extended] are needed".to_owned());
            return;
        };
        if reply.unit != longest.unit || reply.amount > longest.amount {
            wrong.push(
                "[terms.reply_extended] must be in the unit of [terms.reply], and not shorter".to_owned(),
            );
        }
        if self.term(TermKind::Opinion).is_some_and(|opinion| longer(opinion, reply)) {
            wrong.push(
                "[terms.opinion] is longer than [terms.reply]; the reply tells the opinions, so they come no later"
                    .to_owned(),
            );
        }
    }

    fn check_classes(&self, wrong: &mut Vec<String>) {
        if self.classes.iter().all(|c| !c.resolved) {
            wrong.push("at least one of [[classes]] must count as resolved".to_owned());
        }
        for (index, class) in self.classes.iter().enumerate() {
            if class.id.trim().is_empty() || class.label.trim().is_empty() {
                wrong.push(format!(
                    "class {} of [[classes]] needs an id, such as A, and a label, such as 已经解决",
                    index + 1
                ));
            }
            if self.classes[..index].iter().any(|c| c.id == class.id) {
                wrong.push(format!("class {} is there twice; each id names one", class.id));
            }
        }
    }

    fn check_grounds(&self, wrong: &mut Vec<String>) {
        for (index, ground) in self.grounds.iter().enumerate() {
            if self.grounds[..index].iter().any(|g| g.id == ground.id) {
                wrong.push(format!("ground {} is there twice; name both items in one clause", ground.id));
            }
        }
    }

    fn check_numbering(&self, wrong: &mut Vec<String>) {
        let pattern = &self.numbering.pattern;
        if !pattern.contains("{number}") {
            wrong.push("[numbering] pattern needs {number}, or two cases would share one".to_owned());
        }
        let rest =
            ["{session}", "{kind}", "{number}"].iter().fold(pattern.clone(), |p, it| p.replace(it, ""));
        if rest.contains(['{', '}']) {
            wrong.push(format!(
                "[numbering] pattern {pattern} holds what nothing is known for; {{session}}, {{kind}} and {{number}} are"
            ));
        }
    }

    fn check_counts(&self, wrong: &mut Vec<String>) {
        if self.rounding.decimals > MOST_DECIMALS {
            wrong.push(format!("[rounding] decimals is {}; at most {MOST_DECIMALS}", self.rounding.decimals));
        }
        if [self.motion.township, self.motion.county, self.motion.national].contains(&0) {
            wrong.push("[motion] counts the lead signer too, so that each number is 1 or more".to_owned());
        }
        if self.key_cases.chosen_by.trim().is_empty() {
            wrong.push("[key_cases] chosen_by is empty; it says who, such as 主任会议".to_owned());
        }
    }

    fn check_ladder(&self, wrong: &mut Vec<String>) {
        const MOST_DAYS: u32 = 400;
        for (index, rung) in self.ladder.iter().enumerate() {
            let id = &rung.id;
            if id.is_empty() || !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            {
                wrong.push(format!(
                    "rung {} of [[ladder]] takes an id of lower-case letters, digits and _",
                    index + 1
                ));
            }
            if self.ladder[..index].iter().any(|r| r.id == *id) {
                wrong.push(format!("rung {id} is there twice; each id names one"));
            }
            if rung.matters.is_empty() {
                wrong.push(format!("rung {id} names no matters, and would never be climbed"));
            }
            if rung.unit == Unit::Months || rung.offset.unsigned_abs() > MOST_DAYS {
                wrong.push(format!("rung {id} is at most {MOST_DAYS} days or working_days from the due day"));
            }
            if rung.answer_within.is_some_and(|days| !(1..=MOST_DAYS).contains(&days)) {
                wrong.push(format!("rung {id} is answered within 1 to {MOST_DAYS} working days"));
            }
            if rung.leader.as_ref().is_some_and(|title| Line::parse(title).is_err()) {
                wrong.push(format!("rung {id} names no leader; it says which office, such as 分管副主任"));
            }
            let right = rung.matters.iter().find(|matter| is_right(**matter));
            if let (Some(right), true) = (right, rung.rung != Rung::Reminder) {
                wrong.push(format!(
                    "rung {id} would warn of {right}, which is a right: it can be reminded of, no more"
                ));
            }
        }
    }

    /// A value without its source could not be defended to the deputy who asks for it.
    fn check_clauses(&self, wrong: &mut Vec<String>) {
        let silent = self.clauses().into_iter().filter(|(_, clause)| clause.trim().is_empty());
        wrong.extend(
            silent.map(|(what, _)| {
                format!("{what} has no clause; write 第…条, or （惯例） where it is practice")
            }),
        );
    }

    fn clauses(&self) -> Vec<(String, &str)> {
        let mut all: Vec<(String, &str)> = Vec::new();
        all.extend(self.terms.iter().map(|(kind, t)| (format!("[terms.{}]", kind.id()), t.clause.as_str())));
        all.extend(self.classes.iter().map(|c| (format!("class {}", c.id), c.clause())));
        all.extend(self.grounds.iter().map(|g| (format!("ground {}", g.id), g.clause())));
        all.extend(self.ladder.iter().map(|r| (format!("rung {}", r.id), r.clause())));
        let sections: [(&str, &dyn Stated); 14] = [
            ("[rounding]", &self.rounding),
            ("[numbering]", &self.numbering),
            ("[submission]", &self.submission),
            ("[motion]", &self.motion),
            ("[assignment]", &self.assignment),
            ("[hand_back]", &self.hand_back),
            ("[extension]", &self.extension),
            ("[reply]", &self.reply),
            ("[evaluation]", &self.evaluation),
            ("[rework]", &self.rework),
            ("[withdrawal]", &self.withdrawal),
            ("[publication]", &self.publication),
            ("[key_cases]", &self.key_cases),
            ("[notices]", &self.notices),
        ];
        all.extend(sections.map(|(what, section)| (what.to_owned(), section.clause())));
        all
    }
}

/// Across units by rule of thumb: a month is thirty days, five working days are seven. That is enough to find a mistake.
fn longer(a: &PolicyTerm, b: &PolicyTerm) -> bool {
    let fifths_of_days = |term: &PolicyTerm| {
        u64::from(term.amount)
            * match term.unit {
                Unit::Months => 150,
                Unit::Days => 5,
                Unit::WorkingDays => 7,
            }
    };
    fifths_of_days(a) > fifths_of_days(b)
}

#[cfg(test)]
mod tests {
    use crate::domain::policy::Policies;

    /// What is said of a policy with this one rung.
    fn said(rung: &str) -> String {
        let file = format!(
            "id = \"county\"\nversion = 1\nextends = \"law-2025\"\nname = \"某县办法\"\ncite = \"某县办法\"\n\
             edition = \"2020-01-10\"\neffective_from = \"2020-03-01\"\n[[ladder]]\n{rung}"
        );
        match Policies::shipped().resolve(&file) {
            Ok(policy) => format!("{} rung", policy.ladder.len()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_rung_is_checked_like_the_rest() {
        let good = "id = \"a\"\nrung = \"reminder\"\nmatters = [\"reply\", \"evaluation\"]\noffset = -10\n\
                    unit = \"days\"\nclause = \"第九条\"\n";
        assert_eq!(said(good), "1 rung");
        for (from, to, told) in [
            ("\"a\"", "\"A b\"", "takes an id"),
            ("[\"reply\", \"evaluation\"]", "[]", "names no matters"),
            ("\"reply\", ", "\"fax\", ", "there are acceptance_notice"),
            ("\"days\"", "\"months\"", "days or working_days"),
            ("-10", "-1000", "at most 400"),
            ("\"reminder\"", "\"warning\"", "evaluation, which is a right"),
            ("第九条", "", "has no clause"),
            ("offset", "answer_within = 0\noffset", "answered within 1 to 400"),
            ("offset", "leader = \"\"\noffset", "names no leader"),
        ] {
            let wrong = good.replacen(from, to, 1);
            assert!(said(&wrong).contains(told), "{wrong}\n{}", said(&wrong));
        }
        assert!(said(&format!("{good}[[ladder]]\n{good}")).contains("there twice"));
    }
}
