//! From a sealed report to the year that is printed: which figure stands where, and which cases are behind it.

use super::files::CaseFile;
use crate::{
    annual::{
        Rate,
        year::{CaseLine, Class, Group, Indicator, KeyCase, Revisit, Unresolved, Year},
    },
    domain::{
        day::Day,
        figures::{Dimension, Facts, METRICS, Measure, Metric},
        ids::SessionId,
        reports::{Body, Line, Value},
        rounding::Rounding,
        words::{Exclusion, Kind, Origin, Satisfaction},
    },
    office::letters::Names,
};
use chrono::{Datelike as _, NaiveDate};
use std::{collections::BTreeMap, str::FromStr};

/// What the text speaks of: the metric, what stands above its line, and what it is called.
const TOLD: [(&str, &str, &str); 10] = [
    ("reply_rate", "已答复", "答复率"),
    ("on_time_rate", "按期办结", "按期办结率"),
    ("resolution_rate", "已解决或基本解决", "解决率"),
    ("satisfaction_rate", "代表评价满意或基本满意", "满意率"),
    ("consultation_rate", "答复前与代表沟通面商", "面商率"),
    ("first_contact_in_time_rate", "按期首次联系代表", "按期首次联系率"),
    ("revisit_coverage", "回头看", "回头看覆盖率"),
    ("revisit_upheld_rate", "经回头看维持原结果", "回头看维持率"),
    ("b_to_a_rate", "由第二类转为第一类", "B转A率"),
    ("satisfied_after_rework_rate", "重新办理后满意或基本满意", "重新办理后满意率"),
];

/// Told of each group, as `crate::annual::year::GROUP_RATES` names them.
const OF_GROUPS: [&str; 3] = ["on_time_rate", "resolution_rate", "satisfaction_rate"];
/// Whose denominator is what a group was to answer.
const COUNTED: &str = "resolution_rate";

/// How much of the digest is printed: enough to be compared by eye.
const SHORT: usize = 16;

/// A sealed report with what the office knows beside it.
pub(super) struct Sealed<'a> {
    pub body: &'a Body,
    pub digest: &'a str,
    pub names: Names,
    /// The sessions' labels by their ids.
    pub sessions: BTreeMap<String, String>,
    /// The classes' names by their ids.
    pub classes: BTreeMap<String, String>,
    /// The report's cases in the order in which they are listed, and what is told of each.
    pub lines: Vec<&'a Line>,
    pub files: Vec<CaseFile>,
}

impl Sealed<'_> {
    pub fn year(&self) -> Year {
        let Body { completeness, .. } = self.body;
        Year {
            title: self.body.title.to_string(),
            issuer: self.names.committee.clone(),
            date: Day::at(self.body.sealed_at).date(),
            mark: self.body.name.clone(),
            about: self.about(),
            notes: self.notes(),
            sessions: self.session_names(),
            until: self.body.true_on.date(),
            received: completeness.received,
            counted: completeness.counted,
            excluded: completeness.excluded,
            origins: self.origins(),
            indicators: TOLD.iter().filter_map(|told| self.indicator(*told)).collect(),
            classes: self.classes(),
            departments: self.groups(Dimension::Department, "未交办"),
            categories: self.groups(Dimension::Category, "未分类"),
            months: self.months(),
            cases: self
                .lines
                .iter()
                .zip(&self.files)
                .map(|(line, file)| self.case(&line.facts, file))
                .collect(),
            unresolved: self.unresolved(),
            revisits: self.revisits(),
            key_cases: self.key_cases(),
        }
    }

    fn facts(&self) -> impl Iterator<Item = (usize, &Facts)> {
        self.lines.iter().map(|line| &line.facts).enumerate()
    }

    /// A value as it was sealed.
    fn value(&self, metric: &str, by: Dimension, group: &str) -> Option<&Value> {
        let is = |it: &&Value| it.metric == metric && it.group_by == by.id() && it.group == group;
        self.body.values.iter().find(is)
    }

    fn indicator(&self, (metric, counted, name): (&str, &str, &str)) -> Option<Indicator> {
        let value = self.value(metric, Dimension::Total, "")?;
        // Which cases stand where is told by today's definition, if it is the one that was sealed.
        let sealed = self.body.definitions.iter().find(|it| it.metric == metric)?;
        let same = METRICS.iter().find(|it| it.id == metric && it.version == sealed.version);
        let cases = same.map(|metric| self.behind(metric)).unwrap_or_default();
        Some(Indicator { counted: counted.to_owned(), name: name.to_owned(), rate: rate(value), cases })
    }

    fn behind(&self, metric: &Metric) -> Vec<(usize, bool)> {
        let below = self.facts().filter(|(_, it)| it.measures.holds(metric.denominator));
        let above = |it: &Facts| metric.numerator.iter().any(|measure| it.measures.holds(*measure));
        below.map(|(at, it)| (at, above(it))).collect()
    }

    fn counted(&self) -> impl Iterator<Item = (usize, &Facts)> {
        self.facts().filter(|(_, it)| it.measures.holds(Measure::Counted))
    }

    fn classes(&self) -> Vec<Class> {
        let shares = self.body.values.iter();
        let shares = shares.filter(|it| it.metric == "class_share" && it.group_by == Dimension::Class.id());
        let mut classes: Vec<Class> = shares
            .map(|it| Class {
                name: self.class_name(&it.group),
                count: it.numerator,
                share: rate(it),
                cases: self
                    .counted()
                    .filter(|(_, facts)| facts.class == it.group)
                    .map(|(at, _)| at)
                    .collect(),
            })
            .collect();
        // Those without one come first as the empty text does; they are told last.
        if self.value("class_share", Dimension::Class, "").is_some() {
            classes.rotate_left(1);
        }
        classes
    }

    fn class_name(&self, class: &str) -> String {
        match class {
            "" => "尚无办理结果".to_owned(),
            _ => self.classes.get(class).cloned().unwrap_or_else(|| format!("{class}类")),
        }
    }

    /// Those who have most come first.
    fn groups(&self, by: Dimension, none: &str) -> Vec<Group> {
        let all = self.body.values.iter();
        let all = all.filter(|it| it.metric == COUNTED && it.group_by == by.id());
        let mut groups: Vec<Group> = all
            .map(|it| {
                let unnamed = if it.group.is_empty() { none } else { &it.group };
                Group {
                    name: it.name.clone().unwrap_or_else(|| unnamed.to_owned()),
                    counted: it.denominator,
                    rates: OF_GROUPS.map(|metric| self.value(metric, by, &it.group).and_then(rate)),
                    cases: self
                        .counted()
                        .filter(|(_, facts)| facts.value(by) == it.group)
                        .map(|(at, _)| at)
                        .collect(),
                }
            })
            .collect();
        groups.sort_by_key(|it| std::cmp::Reverse(it.counted));
        groups
    }

    fn origins(&self) -> Vec<(String, u64)> {
        let many = |origin: &Origin| self.facts().filter(|(_, it)| it.origin == origin.id()).count() as u64;
        let all = Origin::ALL.iter().map(|origin| (origin.zh().to_owned(), many(origin)));
        all.filter(|(_, many)| *many > 0).collect()
    }

    /// From the first month in which one was answered to the last, those without an answer too.
    fn months(&self) -> Vec<(String, u64)> {
        let replied = || self.counted().filter_map(|(_, it)| it.replied_on.map(Day::date));
        let month = |day: NaiveDate| day.year() * 12 + day.month0() as i32;
        let (Some(first), Some(last)) = (replied().map(month).min(), replied().map(month).max()) else {
            return Vec::new();
        };
        // Old paper mistyped may lie centuries apart.
        let first = first.max(last - 120);
        let name = |at: i32| format!("{:04}-{:02}", at.div_euclid(12), at.rem_euclid(12) + 1);
        let many = |at: i32| replied().filter(|day| month(*day) == at).count() as u64;
        (first..=last).map(|at| (name(at), many(at))).collect()
    }

    fn case(&self, facts: &Facts, file: &CaseFile) -> CaseLine {
        let department = self.value(COUNTED, Dimension::Department, &facts.department);
        CaseLine {
            number: facts.number.clone(),
            kind: if facts.kind == Kind::Motion { "议案" } else { "建议" }.to_owned(),
            title: file.title.clone(),
            category: facts.category.clone(),
            department: department.and_then(|it| it.name.clone()).unwrap_or_else(|| facts.department.clone()),
            class: facts.class.clone(),
            evaluation: word(&facts.evaluation, Satisfaction::zh),
            replied_on: facts.replied_on.map(Day::date),
            exclusion: Some(word(&facts.exclusion, Exclusion::zh)).filter(|it| !it.is_empty()),
        }
    }

    fn unresolved(&self) -> Vec<Unresolved> {
        let open = self.counted().filter(|(_, it)| !it.measures.holds(Measure::Resolved));
        open.map(|(case, _)| Unresolved {
            case,
            reason: self.files.get(case).and_then(|it| it.reason.clone()),
        })
        .collect()
    }

    fn revisits(&self) -> Vec<Revisit> {
        let files = self.files.iter().enumerate();
        files
            .flat_map(|(case, file)| {
                file.revisits.iter().map(move |it| Revisit {
                    case,
                    day: it.day.date(),
                    outcome: it.outcome.zh().to_owned(),
                    class_before: it.class_before.clone().unwrap_or_default(),
                    class_after: it.class_after.clone().unwrap_or_default(),
                    finding: it.finding.clone(),
                })
            })
            .collect()
    }

    fn key_cases(&self) -> Vec<KeyCase> {
        let files = self.files.iter().enumerate();
        let forms = files.filter_map(|(case, file)| Some((case, file.key_case.as_ref()?)));
        forms
            .map(|(case, form)| KeyCase {
                case,
                meeting: form.meeting.to_string(),
                supervisor: form.supervisor.to_string(),
            })
            .collect()
    }

    fn session_names(&self) -> String {
        let label =
            |id: &SessionId| self.sessions.get(id.as_str()).cloned().unwrap_or_else(|| id.to_string());
        match &self.body.filter.session {
            Some(sessions) => sessions.ids().iter().map(label).collect::<Vec<_>>().join("、"),
            None => format!("{}人大历次会议", self.names.place),
        }
    }

    fn about(&self) -> Vec<(String, String)> {
        let Body { name, id, edition, filter, true_on, known_on, sealed_at, .. } = self.body;
        let mut about = vec![
            ("统计报告", format!("{name}（{id}）")),
            ("摘要", self.digest.chars().take(SHORT).collect()),
            ("人大", self.body.congress_name.clone()),
            ("届次", self.session_names()),
            ("统计截至", true_on.to_string()),
            ("录入截至", known_on.to_string()),
            ("封存", Day::at(*sealed_at).to_string()),
        ];
        let narrowed = [
            filter.kind.map(|it| it.zh().to_owned()),
            filter.origin.map(|it| it.zh().to_owned()),
            filter.category.clone(),
            filter.department.as_ref().map(|it| {
                let value = self.value(COUNTED, Dimension::Department, it);
                value.and_then(|it| it.name.clone()).unwrap_or_else(|| it.clone())
            }),
            filter.key_case.map(|it| if it { "重点督办件" } else { "非重点督办件" }.to_owned()),
        ];
        let narrowed: Vec<String> = narrowed.into_iter().flatten().collect();
        if !narrowed.is_empty() {
            about.push(("范围", narrowed.join("、")));
        }
        if let Some(replaced) = &edition.replaces {
            let reason = edition.reason.as_ref().map(|it| it.to_string()).unwrap_or_default();
            about.push(("更正", format!("本版取代{}：{reason}", replaced.name)));
        }
        about.into_iter().map(|(name, words)| (name.to_owned(), words)).collect()
    }

    /// How the figures are defined, counted and printed.
    fn notes(&self) -> Vec<String> {
        let told = TOLD.iter().filter_map(|(metric, ..)| {
            let it = self.body.definitions.iter().find(|it| it.metric == *metric)?;
            Some(format!("{}（口径第{}版；来源：{}）", it.definition.zh, it.version, it.source))
        });
        let rule = &self.body.rounding;
        let rounded = match rule.rounding {
            Rounding::HalfUp => "四舍五入",
            Rounding::Truncate => "截去多余位数",
            Rounding::LargestRemainder => "最大余数法（各项之和为100）",
        };
        let trimmed = if rule.trim_zeros { "，末尾的零不印" } else { "" };
        let printed = format!("百分数保留{}位小数，{rounded}{trimmed}。", rule.decimals);
        let policies: Vec<&str> = self.body.rules.policies.iter().map(|it| it.name.as_str()).collect();
        let under = (!policies.is_empty()).then(|| format!("办理依据：{}。", policies.join("；")));
        told.chain([printed]).chain(under).collect()
    }
}

fn rate(value: &Value) -> Option<Rate> {
    let printed = value.printed.as_ref().filter(|_| value.denominator > 0)?;
    Some(Rate { numerator: value.numerator, denominator: value.denominator, printed: format!("{printed}%") })
}

/// A closed vocabulary's word in Chinese, or what stands there.
fn word<W: FromStr>(id: &str, zh: fn(W) -> &'static str) -> String {
    id.parse().map_or_else(|_| id.to_owned(), |word| zh(word).to_owned())
}
