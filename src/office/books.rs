//! The rule books on the desk: policies and calendars.

use crate::domain::{
    calendar::Calendar,
    case::{Case, PolicyRef},
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

    pub fn policy(&self, id: &str) -> Result<&Policy, StoreError> {
        self.policies
            .get(id)
            .ok_or_else(|| StoreError::corrupt("congresses", id, "names a policy that is not known"))
    }

    /// The policy that a case is handled under.
    pub fn policy_of(&self, case: &Case, congress_policy: &str) -> Result<&Policy, StoreError> {
        let id = case.policy.as_ref().map_or(congress_policy, |p: &PolicyRef| p.id.as_str());
        self.policy(id)
    }
}
