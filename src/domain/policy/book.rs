//! Every policy at hand, in all its versions, and which one is in force on a day.

use super::{Policy, PolicyError, file::File};
use crate::domain::day::Day;
use std::{collections::BTreeMap, sync::LazyLock};

/// All policies at hand, by id and version.
#[derive(Clone, Debug, Default)]
pub struct Policies(BTreeMap<(String, u32), Policy>);

const SHIPPED: [&str; 8] = [
    include_str!("../../../policies/law-2025.toml"),
    include_str!("../../../policies/zhejiang-2016.toml"),
    include_str!("../../../policies/chongqing-2017.toml"),
    include_str!("../../../policies/qingdao-2021.toml"),
    include_str!("../../../policies/beijing-2014.toml"),
    include_str!("../../../policies/shandong-2017.toml"),
    include_str!("../../../policies/shanghai-2015.toml"),
    include_str!("../../../policies/henan-2017.toml"),
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
    /// As `read`; and for a version that is known already with other content.
    pub fn add(&mut self, file: &str) -> Result<&Policy, PolicyError> {
        let policy = self.resolve(file)?;
        let key = (policy.id.clone(), policy.version);
        if self.0.get(&key).is_some_and(|known| *known != policy) {
            return Err(PolicyError::Wrong {
                id: policy.id,
                reason: format!(
                    "version {} is known with other content; a change takes a higher version",
                    key.1
                ),
            });
        }
        Ok(self.0.entry(key).insert_entry(policy).into_mut())
    }

    /// A file as the policy that it would be.
    ///
    /// # Errors
    /// As `read`.
    pub fn resolve(&self, file: &str) -> Result<Policy, PolicyError> {
        let file = File::read(file)?;
        let base = match file.extends() {
            None => None,
            Some(base) => Some(self.latest(base).ok_or_else(|| PolicyError::UnknownBase {
                id: file.id().to_owned(),
                base: base.to_owned(),
            })?),
        };
        file.over(base)
    }

    /// The highest version.
    pub fn latest(&self, id: &str) -> Option<&Policy> {
        self.versions(id).next_back()
    }

    pub fn get(&self, id: &str, version: u32) -> Option<&Policy> {
        self.0.get(&(id.to_owned(), version))
    }

    /// The highest version that has taken effect by a day; before the first of them, the first.
    pub fn in_force(&self, id: &str, on: Day) -> Option<&Policy> {
        let effective = self.versions(id).rev().find(|policy| policy.effective_from <= on);
        effective.or_else(|| self.versions(id).next())
    }

    /// All versions of a policy, oldest first.
    pub fn versions(&self, id: &str) -> impl DoubleEndedIterator<Item = &Policy> {
        self.0.range((id.to_owned(), 0)..=(id.to_owned(), u32::MAX)).map(|(_, policy)| policy)
    }

    pub fn all(&self) -> impl Iterator<Item = &Policy> {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{policy::TermKind, term::Unit};
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
            let policy = policies.latest(id).unwrap();
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
        let clause =
            |id: &str, kind| policies.latest(id).and_then(|p| p.term(kind)).map(|t| t.clause.clone());
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
