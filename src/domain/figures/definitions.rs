//! The registry of metrics: what each number means, in words that can be read out beside it.

use super::{Dimension, Measure};
use crate::domain::say::Say;

/// What a number is a number of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Numerator ÷ denominator, printed as a percentage.
    Percent,
    /// Numerator ÷ denominator, printed as calendar days a case.
    DaysMean,
    /// The numerator itself: within so many calendar days this part of the cases was answered.
    DaysWithin,
}

/// A figure: a fraction over cases, or a length of time.
pub struct Metric {
    pub id: &'static str,
    /// Raised whenever the meaning changes; a sealed report keeps the version that it was made with.
    pub version: u32,
    pub unit: Unit,
    zh: &'static str,
    en: &'static str,
    /// A case counts above the line by each of these.
    pub numerator: &'static [Measure],
    pub denominator: Measure,
    /// Each group's share of all groups together, instead of a rate within the group.
    pub share: bool,
    /// Whether the number tells how deputies judged.
    pub of_evaluations: bool,
    /// Of the answered cases, ordered by their days: which per cent is looked at.
    pub percentile: Option<u64>,
    leaves_out: Left,
    source: &'static str,
}

/// What a metric leaves out of its denominator.
#[derive(Clone, Copy)]
enum Left {
    Excluded,
    Unanswered,
    Unevaluated,
    Nothing,
    WithoutTerm,
    WithoutPromise,
    NeverRevisited,
    NeverSecond,
    NeverUnsatisfied,
}

impl Metric {
    pub fn definition(&self) -> Say {
        Say::new(self.zh, self.en)
    }

    /// The arithmetic, in the measures' own names: read off what is computed, so that it cannot say otherwise.
    pub fn formula(&self) -> String {
        let ids: Vec<_> = self.numerator.iter().map(|it| it.id()).collect();
        let above = ids.join(" + ");
        match (self.percentile, self.share) {
            (Some(part), _) => {
                format!("min d: n({}, days ≤ d) ≥ {part}% × {}", self.denominator, self.denominator)
            }
            (None, true) => format!("({above} of the group) ÷ ({} of all groups)", self.denominator),
            (None, false) if ids.len() > 1 => format!("({above}) ÷ {}", self.denominator),
            (None, false) => format!("{above} ÷ {}", self.denominator),
        }
    }

    /// Which cases do not stand below the line.
    pub fn exclusions(&self) -> Say {
        match self.leaves_out {
            Left::Excluded => Say::new(
                "剔除件：立案后撤回、不予受理，以及列入议程、交专门委员会审议、审议结束、转为建议的议案；逐件列明原因",
                "excluded cases: withdrawn or declined after registration; motions on the agenda, with or after a committee, or converted; each listed with its reason",
            ),
            Left::Unanswered => {
                Say::new("剔除件；尚未正式答复的件", "excluded cases; cases without a final reply")
            }
            Left::Unevaluated => Say::new(
                "剔除件；代表未评价的件（沉默不算满意）",
                "excluded cases; cases that no deputy evaluated: silence is not satisfaction",
            ),
            Left::Nothing => Say::new("无", "none"),
            Left::WithoutTerm => Say::new(
                "剔除件；未交办的件；所依办法未规定首次联系期限的件",
                "excluded cases; cases not assigned; cases whose regulation sets no term for the first contact",
            ),
            Left::WithoutPromise => Say::new(
                "剔除件；没有承诺事项的件；被更正答复取代的承诺",
                "excluded cases; cases without a promise; promises of letters that a correction replaced",
            ),
            Left::NeverRevisited => {
                Say::new("剔除件；未回头看的件", "excluded cases; cases that were not revisited")
            }
            Left::NeverSecond => Say::new(
                "剔除件；从未列入第二类（B类）的件",
                "excluded cases; cases that were never in the second class (B)",
            ),
            Left::NeverUnsatisfied => Say::new(
                "剔除件；从未被评为不满意的件",
                "excluded cases; cases that were never judged unsatisfactory",
            ),
        }
    }

    /// The clause, or that it is custom 惯例.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Whether sums that are kept can answer it, grouped like this. A percentile needs the days of each case: they are
    /// kept for the congress and for each department.
    pub fn groups_by(&self, dimension: Dimension) -> bool {
        match self.percentile {
            Some(_) => matches!(dimension, Dimension::Total | Dimension::Department),
            // Of the days only the answered cases are kept.
            None => dimension != Dimension::DaysToReply || self.denominator == Measure::Replied && self.share,
        }
    }
}

const LAW: &str =
    "代表法（2025年修正）第五十一条：交办之日起三个月内答复；涉及面广、处理难度大的，六个月内答复";
const CUSTOM: &str = "惯例：各级人大年度办理情况报告的口径";
const CONTACT: &str = "代表法（2025年修正）第五十一条：与代表联系沟通，充分听取意见";
const TERM_OF_CONTACT: &str = "所依办法规定的首次联系期限（如重庆2017年办法）";
const FOLLOWED_UP: &str =
    "跟踪办理制度（如浙江2016年办法第二十条）；承诺事项台账（如青岛2021年条例第二十七条）";
const AGAIN: &str = "不满意件重新办理（如浙江2016年办法第二十四条）";

const fn rate(
    id: &'static str,
    (zh, en): (&'static str, &'static str),
    numerator: &'static [Measure],
    denominator: Measure,
    leaves_out: Left,
    source: &'static str,
) -> Metric {
    Metric {
        id,
        version: 3,
        unit: Unit::Percent,
        zh,
        en,
        numerator,
        denominator,
        share: false,
        of_evaluations: false,
        percentile: None,
        leaves_out,
        source,
    }
}

const fn judged(metric: Metric) -> Metric {
    Metric { of_evaluations: true, ..metric }
}

/// A later version than the rest: its meaning changed since.
const fn revised(version: u32, metric: Metric) -> Metric {
    Metric { version, ..metric }
}

const fn share(metric: Metric) -> Metric {
    Metric { share: true, ..metric }
}

/// Calendar days a case, over the answered ones.
const fn mean(id: &'static str, words: (&'static str, &'static str), days: &'static [Measure]) -> Metric {
    Metric { unit: Unit::DaysMean, ..rate(id, words, days, M::Replied, Left::Unanswered, CUSTOM) }
}

const fn percentile(id: &'static str, words: (&'static str, &'static str), part: u64) -> Metric {
    let of_days = rate(id, words, &[M::Replied], M::Replied, Left::Unanswered, CUSTOM);
    Metric { unit: Unit::DaysWithin, percentile: Some(part), ..of_days }
}

use Measure as M;

pub const METRICS: &[Metric] = &[
    rate(
        "reply_rate",
        (
            "答复率＝已正式答复件数÷应办件数；应办件数＝立案总数－剔除件数",
            "replied ÷ counted; counted = received − excluded",
        ),
        &[M::Replied],
        M::Counted,
        Left::Excluded,
        LAW,
    ),
    rate(
        "on_time_rate",
        (
            "按期办结率＝首次正式答复不晚于办理期限（含经同意的延期）的件数÷应办件数；未答复的一律不计为按期",
            "first final reply not after the due date, granted extensions included ÷ counted; what is open counts as not on time",
        ),
        &[M::OnTime],
        M::Counted,
        Left::Excluded,
        LAW,
    ),
    rate(
        "on_time_rate_original",
        (
            "按原期限办结率＝首次正式答复不晚于原办理期限（不计延期）的件数÷应办件数",
            "first final reply not after the due date before any extension ÷ counted",
        ),
        &[M::OnTimeOriginal],
        M::Counted,
        Left::Excluded,
        LAW,
    ),
    rate(
        "resolution_rate",
        (
            "解决率＝现行办理结果属于已解决或基本解决类的件数÷应办件数；哪些分类属于已解决由办理办法确定",
            "class in force counts as resolved under the policy ÷ counted",
        ),
        &[M::Resolved],
        M::Counted,
        Left::Excluded,
        CUSTOM,
    ),
    judged(rate(
        "satisfaction_rate",
        (
            "满意率＝评价为满意或基本满意的件数÷已评价件数；以办法规定的评价人对办理结果的评价为准",
            "(satisfied + basically satisfied) ÷ evaluated, by whose evaluation counts under the policy",
        ),
        &[M::Satisfied, M::BasicallySatisfied],
        M::Evaluated,
        Left::Unevaluated,
        CUSTOM,
    )),
    judged(rate(
        "satisfied_only_rate",
        ("满意率（不含基本满意）＝评价为满意的件数÷已评价件数", "satisfied ÷ evaluated"),
        &[M::Satisfied],
        M::Evaluated,
        Left::Unevaluated,
        CUSTOM,
    )),
    rate(
        "consultation_rate",
        (
            "面商率＝主办（单办）单位在首次正式答复前与代表有沟通面商记录（含走访、座谈、电话、书面）的件数÷应办件数",
            "answering department has a recorded consultation with a signer, in any way, before its first final reply ÷ counted",
        ),
        &[M::Consulted],
        M::Counted,
        Left::Excluded,
        CONTACT,
    ),
    rate(
        "first_contact_in_time_rate",
        (
            "按期首次联系率＝主办（单办）单位在办法规定期限内首次联系代表的件数÷应首次联系件数；尚未联系的不计为按期",
            "answering department's first contact within the regulation's term ÷ cases for which one is owed; no contact yet counts as not in time",
        ),
        &[M::ContactInTime],
        M::ContactOwed,
        Left::WithoutTerm,
        TERM_OF_CONTACT,
    ),
    revised(
        4,
        rate(
            "commitment_fulfilment_rate",
            (
                "承诺落实率＝已确认落实、或附佐证报告落实且未提异议的承诺事项数÷承诺事项数；未到期的、经同意取消的也计入分母",
                "promises confirmed, or reported kept with evidence and not disputed ÷ promises; what is not yet due or was \
             given up with consent stays below the line",
            ),
            &[M::PromiseKept],
            M::Promised,
            Left::WithoutPromise,
            FOLLOWED_UP,
        ),
    ),
    revised(
        4,
        rate(
            "commitment_in_time_rate",
            (
                "承诺按期落实率＝在承诺日期（经同意延期的为延期后的日期）之前（含当日）落实的承诺事项数÷承诺事项数",
                "promises kept on or before the day promised, or that the committee moved it to ÷ promises",
            ),
            &[M::PromiseKeptInTime],
            M::Promised,
            Left::WithoutPromise,
            FOLLOWED_UP,
        ),
    ),
    rate(
        "revisit_coverage",
        ("回头看覆盖率＝已回头看件数÷已答复件数", "revisited ÷ replied"),
        &[M::Revisited],
        M::Replied,
        Left::Unanswered,
        FOLLOWED_UP,
    ),
    rate(
        "revisit_upheld_rate",
        (
            "回头看维持率＝最近一次回头看维持原结果的件数÷已回头看件数",
            "latest revisit upheld the result ÷ revisited",
        ),
        &[M::RevisitUpheld],
        M::Revisited,
        Left::NeverRevisited,
        FOLLOWED_UP,
    ),
    rate(
        "b_to_a_rate",
        (
            "B转A率＝曾列第二类（B类）、现行分类为第一类（A类）的件数÷曾列第二类的件数",
            "held the policy's second class (B) and stands in its first (A) now ÷ ever held the second class",
        ),
        &[M::SecondToFirst],
        M::HeldSecond,
        Left::NeverSecond,
        FOLLOWED_UP,
    ),
    judged(rate(
        "satisfied_after_rework_rate",
        (
            "重新办理后满意率＝曾被评为不满意、现行答复被评为满意或基本满意的件数÷曾被评为不满意的件数",
            "once judged unsatisfactory, and the answer in force judged satisfactory or basically so ÷ once judged unsatisfactory",
        ),
        &[M::SatisfiedSince],
        M::WasUnsatisfied,
        Left::NeverUnsatisfied,
        AGAIN,
    )),
    mean(
        "days_to_reply",
        (
            "平均答复用时（日）＝交办至首次正式答复的日历日总数÷已答复件数",
            "calendar days from assignment to the first final reply ÷ replied",
        ),
        &[M::DaysToReply],
    ),
    percentile(
        "days_to_reply_median",
        (
            "答复用时中位数（日）：一半以上的已答复件在这些天内答复",
            "half of the replied cases were answered within so many calendar days",
        ),
        50,
    ),
    percentile(
        "days_to_reply_p90",
        (
            "答复用时第90百分位（日）：九成以上的已答复件在这些天内答复",
            "nine in ten of the replied cases were answered within so many calendar days",
        ),
        90,
    ),
    mean(
        "days_with_deputy",
        (
            "代表环节平均用时（日），首次答复前",
            "calendar days with the deputy before the first final reply ÷ replied",
        ),
        &[M::DaysDeputy],
    ),
    mean(
        "days_with_committee",
        (
            "代表工委环节平均用时（日），首次答复前",
            "calendar days with the committee before the first final reply ÷ replied",
        ),
        &[M::DaysCommittee],
    ),
    mean(
        "days_with_government_office",
        (
            "政府办环节平均用时（日），首次答复前",
            "calendar days with the government office before the first final reply ÷ replied",
        ),
        &[M::DaysGovernmentOffice],
    ),
    mean(
        "days_with_department",
        (
            "承办单位环节平均用时（日），首次答复前",
            "calendar days with the departments before the first final reply ÷ replied",
        ),
        &[M::DaysDepartment],
    ),
    share(rate(
        "days_to_reply_share",
        (
            "答复用时分布＝该组已答复件数÷已答复件数；按 days_to_reply 分组",
            "the group's replied cases ÷ all replied cases; grouped by days_to_reply, how long answers took",
        ),
        &[M::Replied],
        M::Replied,
        Left::Unanswered,
        CUSTOM,
    )),
    share(rate(
        "excluded_share",
        (
            "剔除占比＝该组剔除件数÷剔除总数；按 exclusion 分组即为各项剔除原因",
            "the group's excluded cases ÷ all excluded cases; grouped by exclusion, the reasons",
        ),
        &[M::Excluded],
        M::Excluded,
        Left::Nothing,
        CUSTOM,
    )),
    share(rate(
        "class_share",
        ("分类占比＝该组件数÷应办件数", "the group's counted cases ÷ all counted cases"),
        &[M::Counted],
        M::Counted,
        Left::Excluded,
        CUSTOM,
    )),
    judged(share(rate(
        "evaluation_share",
        ("评价占比＝该组已评价件数÷已评价件数", "the group's evaluated cases ÷ all evaluated cases"),
        &[M::Evaluated],
        M::Evaluated,
        Left::Unevaluated,
        CUSTOM,
    ))),
];

pub fn metric(id: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.id == id)
}
