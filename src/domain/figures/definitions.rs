//! Every metric, with the definition that is shown beside its number.

use super::facts::Measure;
use crate::domain::say::Say;

/// A fraction over cases.
pub struct Metric {
    pub id: &'static str,
    /// Raised whenever the meaning changes; an old report keeps the version it was made with.
    pub version: u32,
    zh: &'static str,
    en: &'static str,
    /// A case counts above the line if any of these holds.
    pub numerator: &'static [Measure],
    pub denominator: Measure,
    /// Each group's share of all groups together, instead of a rate within the group.
    pub share: bool,
    /// Whether the number tells how deputies judged.
    pub of_evaluations: bool,
}

impl Metric {
    pub fn definition(&self) -> Say {
        Say::new(self.zh, self.en)
    }
}

const fn rate(
    id: &'static str,
    zh: &'static str,
    en: &'static str,
    numerator: &'static [Measure],
    denominator: Measure,
) -> Metric {
    Metric { id, version: 2, zh, en, numerator, denominator, share: false, of_evaluations: false }
}

const fn judged(metric: Metric) -> Metric {
    Metric { of_evaluations: true, ..metric }
}

const fn share(metric: Metric) -> Metric {
    Metric { share: true, ..metric }
}

use Measure as M;

pub const METRICS: &[Metric] = &[
    rate(
        "reply_rate",
        "答复率＝已正式答复件数÷应办件数；应办件数＝立案总数－剔除件数（立案后撤回、不予受理，以及列入议程、交专门委员会审议、转为建议的议案）",
        "replied ÷ counted; counted = received − excluded (withdrawn or declined after registration; motions on the agenda, with a committee, or converted)",
        &[M::Replied],
        M::Counted,
    ),
    rate(
        "on_time_rate",
        "按期办结率＝首次正式答复不晚于办理期限（含经同意的延期）的件数÷应办件数；未答复的一律不计为按期",
        "first final reply not after the due date, granted extensions included ÷ counted; what is open counts as not on time",
        &[M::OnTime],
        M::Counted,
    ),
    rate(
        "on_time_rate_original",
        "按原期限办结率＝首次正式答复不晚于原办理期限（不计延期）的件数÷应办件数",
        "first final reply not after the due date before any extension ÷ counted",
        &[M::OnTimeOriginal],
        M::Counted,
    ),
    rate(
        "resolution_rate",
        "解决率＝现行办理结果属于已解决或基本解决类的件数÷应办件数；哪些分类属于已解决由办理办法确定",
        "class in force counts as resolved under the policy ÷ counted",
        &[M::Resolved],
        M::Counted,
    ),
    judged(rate(
        "satisfaction_rate",
        "满意率＝评价为满意或基本满意的件数÷已评价件数；以办法规定的评价人对办理结果的评价为准，未评价的不计入",
        "(satisfied + basically satisfied) ÷ evaluated; silence is left out of both",
        &[M::Satisfied, M::BasicallySatisfied],
        M::Evaluated,
    )),
    judged(rate(
        "satisfied_only_rate",
        "满意率（不含基本满意）＝评价为满意的件数÷已评价件数",
        "satisfied ÷ evaluated",
        &[M::Satisfied],
        M::Evaluated,
    )),
    rate(
        "consultation_rate",
        "面商率＝主办（单办）单位在首次正式答复前与代表有沟通面商记录（含走访、座谈、电话、书面）的件数÷应办件数",
        "answering department has a recorded consultation with a signer, in any way, before its first final reply ÷ counted",
        &[M::Consulted],
        M::Counted,
    ),
    share(rate(
        "excluded_share",
        "剔除占比＝该组剔除件数÷剔除总数；按 exclusion 分组即为各项剔除原因",
        "the group's excluded cases ÷ all excluded cases; grouped by exclusion, the reasons",
        &[M::Excluded],
        M::Excluded,
    )),
    share(rate(
        "class_share",
        "分类占比＝该组件数÷应办件数",
        "the group's counted cases ÷ all counted cases",
        &[M::Counted],
        M::Counted,
    )),
    judged(share(rate(
        "evaluation_share",
        "评价占比＝该组已评价件数÷已评价件数",
        "the group's evaluated cases ÷ all evaluated cases",
        &[M::Evaluated],
        M::Evaluated,
    ))),
];

pub fn metric(id: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.id == id)
}
