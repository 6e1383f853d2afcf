//! Every policy at hand, in all its versions, and which one is in force on a day.

use super::{OpenCases, Policy, PolicyError, file::File};
use crate::domain::day::Day;
use std::{collections::BTreeMap, sync::LazyLock};

/// All policies at hand, by id and version.
#[derive(Clone, Debug, Default)]
pub struct Policies(BTreeMap<(String, u32), Policy>);

pub(super) const SHIPPED: [&str; 8] = [
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

    /// Reads files of which each may extend an earlier one, in the version in force when it took effect itself.
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
        self.put(File::read(file)?)
    }

    /// Reads files in the order given, but each after all that it extends. On an error the others stay unread.
    ///
    /// # Errors
    /// As `add`, with the name of the file that is wrong.
    pub fn add_all<N>(
        &mut self,
        files: impl IntoIterator<Item = (N, String)>,
    ) -> Result<(), (N, PolicyError)> {
        let mut waiting = Vec::new();
        for (name, text) in files {
            match File::read(&text) {
                Ok(file) => waiting.push((name, file)),
                Err(error) => return Err((name, error)),
            }
        }
        while !waiting.is_empty() {
            let ready =
                waiting.iter().position(|(_, file)| !waiting.iter().any(|(_, other)| file.waits_for(other)));
            let (name, file) = waiting.remove(ready.unwrap_or(0));
            let read = match ready {
                Some(_) => self.put(file).map(|_| ()),
                None => Err(file.ring()),
            };
            read.map_err(|error| (name, error))?;
        }
        Ok(())
    }

    fn put(&mut self, file: File) -> Result<&Policy, PolicyError> {
        let policy = self.filled_in(file)?;
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
        self.filled_in(File::read(file)?)
    }

    fn filled_in(&self, file: File) -> Result<Policy, PolicyError> {
        let base = match file.extends() {
            None => None,
            Some(base) => {
                let known = self.base(base, (file.id(), file.version()), file.effective_from());
                Some(known.ok_or_else(|| PolicyError::UnknownBase {
                    id: file.id().to_owned(),
                    base: base.to_owned(),
                    known: self.ids().join(", "),
                })?)
            }
        };
        file.over(base)
    }

    /// The version of a base that was in force when the extending one took effect: a later version of the base does not
    /// change what cases were handled under. A policy that extends itself extends an earlier version.
    fn base(&self, base: &str, (id, version): (&str, u32), on: Day) -> Option<&Policy> {
        let before = |policy: &&Policy| policy.id != id || policy.version < version;
        let mut known = self.versions(base).filter(before);
        let effective = self.versions(base).filter(before).rfind(|policy| policy.effective_from <= on);
        effective.or_else(|| known.next())
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

    /// The newest version that has taken effect by a day and that open cases follow; `None` where no earlier one could
    /// have left an open case. A still newer version that lets cases keep theirs does not undo what this one said on its
    /// own day, so that it makes no difference when somebody looks.
    pub fn followed(&self, id: &str, on: Day) -> Option<&Policy> {
        let first = self.versions(id).next()?.version;
        let follow = |policy: &&Policy| policy.open_cases == OpenCases::Follow && policy.effective_from <= on;
        self.versions(id).rfind(follow).filter(|policy| policy.version > first)
    }

    /// All versions of a policy, oldest first.
    pub fn versions(&self, id: &str) -> impl DoubleEndedIterator<Item = &Policy> {
        self.0.range((id.to_owned(), 0)..=(id.to_owned(), u32::MAX)).map(|(_, policy)| policy)
    }

    /// Every policy's id once.
    pub fn ids(&self) -> Vec<&str> {
        let mut ids: Vec<_> = self.0.keys().map(|(id, _)| id.as_str()).collect();
        ids.dedup();
        ids
    }

    /// What a policy is best compared with: the version before it, or else the policy that it extends.
    pub fn before(&self, policy: &Policy) -> Option<&Policy> {
        let older = self.versions(&policy.id).rfind(|known| known.version < policy.version);
        let key = (policy.id.as_str(), policy.version);
        older.or_else(|| self.base(policy.extends.as_deref()?, key, policy.effective_from))
    }

    pub fn all(&self) -> impl Iterator<Item = &Policy> {
        self.0.values()
    }
}
