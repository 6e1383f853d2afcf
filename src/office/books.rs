//! The rule books on the desk: policies and calendars.

use crate::domain::{
    calendar::Calendar,
    case::{Case, PolicyRef},
    day::Day,
    policy::{Policies, Policy},
};
use crate::store::StoreError;

pub struct Books {
    pub policies: Policies,
    pub calendar: Calendar,
}

impl Books {
    /// The books that come with the program.
    pub fn shipped() -> Books {
        Books { policies: Policies::shipped().clone(), calendar: Calendar::shipped().clone() }
    }

    /// The version that a case was fixed to.
    pub fn policy(&self, it: &PolicyRef) -> Result<&Policy, StoreError> {
        let known = self.policies.get(&it.id, it.version);
        known.ok_or_else(|| {
            StoreError::corrupt(
                "cases",
                &it.id,
                format!("names version {} of a policy that is not known", it.version),
            )
        })
    }

    /// The version of a congress's policy that is in force on a day.
    pub fn in_force(&self, id: &str, on: Day) -> Result<&Policy, StoreError> {
        let known = self.policies.in_force(id, on);
        known.ok_or_else(|| StoreError::corrupt("congresses", id, "names a policy that is not known"))
    }

    /// The policy that a case is handled under; a draft has none yet, and goes by the congress's as of its last change.
    pub fn policy_of(&self, case: &Case, congress_policy: &str) -> Result<&Policy, StoreError> {
        match &case.policy {
            Some(policy) => self.policy(policy),
            None => self.in_force(congress_policy, case.latest_on),
        }
    }
}
