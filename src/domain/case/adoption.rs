//! A new version of the policy takes effect: whether an open case follows it, and from which day.

use super::{Case, Event, PolicyRef};
use crate::domain::{
    day::Day,
    policy::{OpenCases, Policy},
    words::Stage,
};

/// Stages in which nothing is owed any more; a case there stays under the rules that it was handled by.
pub const OVER: [Stage; 6] =
    [Stage::Closed, Stage::Declined, Stage::Withdrawn, Stage::OnAgenda, Stage::Examined, Stage::Converted];

impl Case {
    /// What happens to the case where a version is in effect: `None` if it keeps its own.
    ///
    /// It follows from the day on which the version took effect, whenever that is written down; but no event takes
    /// effect before the latest one.
    pub fn adopts(&self, newer: &Policy) -> Option<(Event, Day)> {
        // A draft that was never handed in has no policy yet, and will be fixed to the one in force then.
        let own = self.policy.as_ref()?;
        let follows = newer.open_cases == OpenCases::Follow
            && newer.id == own.id
            && newer.version > own.version
            && !OVER.contains(&self.stage);
        let on = newer.effective_from.max(self.latest_on);
        follows.then(|| (Event::PolicyAdopted { policy: PolicyRef::to(newer) }, on))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{case::Recorded, policy::Policies};
    use serde_json::json;

    fn policies() -> Policies {
        let mut policies = Policies::shipped().clone();
        for (version, open_cases, from) in
            [(1, "keep", "2020-01-01"), (2, "follow", "2024-04-01"), (3, "keep", "2024-06-01")]
        {
            policies
                .add(&format!(
                    "id = \"county\"\nversion = {version}\nextends = \"law-2025\"\nname = \"某县办法\"\ncite = \"某县办法\"\n\
                     edition = \"2020-01-01\"\neffective_from = \"{from}\"\nopen_cases = \"{open_cases}\"\n"
                ))
                .unwrap();
        }
        policies
    }

    fn case(policy: Option<(&str, u32)>, stage: Stage, latest_on: &str) -> Case {
        let deputy = json!({"id": "018f0000-0000-7000-8000-000000000001", "name": "陈芳"});
        let drafted: Recorded = serde_json::from_value(json!({
            "version": 1, "occurred_on": "2024-01-16", "recorded_at": "2024-01-16T01:00:00Z",
            "author": {"user": "018f0000-0000-7000-8000-000000000002", "name": "陈芳", "role": "deputy"},
            "event": {
                "type": "drafted", "id": "018f0000-0000-7000-8000-000000000003", "congress": "330502",
                "kind": "suggestion", "title": "题", "body": "文", "category": null, "lead": deputy, "co_signers": []
            }
        }))
        .unwrap();
        let case = Case::begin(&drafted).unwrap();
        let policy = policy.map(|(id, version)| PolicyRef { id: id.to_owned(), version });
        Case { policy, stage, latest_on: latest_on.parse().unwrap(), ..case }
    }

    #[test]
    fn the_version_to_follow_is_the_newest_in_effect_that_says_so() {
        let policies = policies();
        let followed = |on: &str| policies.followed("county", on.parse().unwrap()).map(|p| p.version);
        let days = ["2019-01-01", "2024-03-31", "2024-04-01", "2024-05-31", "2024-06-01", "2030-01-01"];
        assert_eq!(days.map(followed), [None, None, Some(2), Some(2), Some(2), Some(2)]);
        // Nobody can have been assigned under a version before the first.
        assert!(policies.followed("law-2025", "2030-01-01".parse().unwrap()).is_none());
        assert!(policies.followed("nowhere", "2030-01-01".parse().unwrap()).is_none());
    }

    #[test]
    fn an_open_case_follows_and_what_is_over_does_not() {
        let policies = policies();
        let follow = policies.get("county", 2).unwrap();
        for stage in Stage::ALL {
            let adopts = case(Some(("county", 1)), *stage, "2024-02-22").adopts(follow).is_some();
            assert_eq!(adopts, !OVER.contains(stage), "{stage}");
        }
        let open = |policy, latest_on| case(policy, Stage::Assigned, latest_on).adopts(follow);
        let day = |text: &str| text.parse::<Day>().unwrap();
        let (event, on) = open(Some(("county", 1)), "2024-02-22").unwrap();
        assert_eq!(event, Event::PolicyAdopted { policy: PolicyRef { id: "county".to_owned(), version: 2 } });
        assert_eq!(on, day("2024-04-01"));
        assert_eq!(open(Some(("county", 1)), "2024-04-09").unwrap().1, day("2024-04-09"));
        for kept in [None, Some(("county", 2)), Some(("county", 3)), Some(("law-2025", 1))] {
            assert_eq!(open(kept, "2024-02-22"), None, "{kept:?}");
        }
        let keep = policies.get("county", 3).unwrap();
        assert_eq!(case(Some(("county", 1)), Stage::Assigned, "2024-02-22").adopts(keep), None);
    }
}
