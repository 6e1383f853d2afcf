//! Suggestions as they are written, and which of them are about the same matter.

use super::*;
use crate::domain::ids::CaseId;
use proptest::prelude::*;
use uuid::Uuid;

const PARKING_YUEHE: (&str, &str) = (
    "关于改善月河街道停车难的建议",
    "随着私家车数量快速增长，月河街道停车难问题日益突出。辖区老小区建成时间早，未规划停车位，晚间车辆沿路乱停，占用消防通道，\
     居民意见很大。建议：一是利用闲置地块建设临时停车场；二是推动机关单位停车场夜间向居民错时开放；三是在支路施划限时停车泊位，\
     规范停车秩序。",
);
const PARKING_OLD: (&str, &str) = (
    "关于解决老旧小区停车位不足问题的建议",
    "我区老旧小区大多建于上世纪九十年代，停车位配比低，缺口较大。下班以后一位难求，车辆停在绿化带和消防通道上，存在安全隐患。\
     建议结合老旧小区改造增设停车位，利用周边空地建设公共停车场，鼓励商场、学校停车场错时共享。",
);
const PARKING_HOSPITAL: (&str, &str) = (
    "关于缓解市中心医院周边停车难的建议",
    "市中心医院日门诊量超过五千人次，院内停车位仅三百个，就诊高峰期车辆排队进入停车场，造成红旗路拥堵。建议新建立体停车楼，\
     引导就诊市民乘坐公交，在周边道路设置限时停车泊位。",
);
const CARE_HOME: (&str, &str) = (
    "关于推进居家养老服务的建议",
    "我区六十岁以上老年人口占比已超过百分之三十，高龄、独居老人居家养老需求日益增长。目前居家养老服务中心功能单一，助餐、助浴、\
     医疗护理等服务供给不足，专业护理人员缺乏。建议加大投入，完善社区养老服务设施，培育专业养老服务机构，推进医养结合。",
);
const CARE_MEALS: (&str, &str) = (
    "关于完善农村老年食堂助餐服务的建议",
    "农村空巢老人、独居老人吃饭难问题较为突出。部分村的老年食堂因用餐人数少、运营经费不足而停办。建议加大对老年食堂的补助，\
     依托居家养老服务中心开展送餐上门，鼓励养老服务机构参与助餐服务。",
);
const LIFT: (&str, &str) = (
    "关于加快老旧小区加装电梯的建议",
    "老旧小区多为六层无电梯住宅，老年人上下楼十分不便。加装电梯存在低层住户反对、资金筹措难、管线迁移费用高等问题。\
     建议简化加装电梯审批流程，提高财政补助标准，由社区牵头协商。",
);
const CHARGING: (&str, &str) = (
    "关于增加小区电动自行车充电设施的建议",
    "电动自行车进楼入户、飞线充电现象屡禁不止，火灾隐患大。小区集中充电桩数量少、收费高。建议在小区内增设电动自行车充电棚，\
     降低充电价格，加强消防宣传。",
);
const CHARGING_CAR: (&str, &str) = (
    "关于加快新能源汽车充电桩建设的建议",
    "新能源汽车保有量快速增长，公共充电桩数量不足、布局不均，老旧小区受电力容量限制难以安装。建议统筹规划充电桩布局，\
     在公共停车场配建充电桩，对老旧小区进行电力扩容。",
);
const BUS: (&str, &str) = (
    "关于优化公交线路、增设站点的建议",
    "东部新城已入住居民两万余人，但公交线路仅两条，发车间隔长达三十分钟，末班车时间早，居民出行不便。建议延长公交线路，\
     加密班次，在新建小区和学校门口增设公交站点。",
);
const SEWAGE_A: (&str, &str) = (
    "关于加强织里镇农村生活污水治理的建议",
    "织里镇部分自然村生活污水管网破损，终端处理设施停运，污水直排河道，影响水质。建议加大管网改造投入，落实第三方专业运维，\
     加强污水终端日常监管。",
);
const SEWAGE_B: (&str, &str) = (
    "关于进一步推进埭溪镇农村生活污水处理设施运维的建议",
    "埭溪镇农村生活污水处理设施建成较早，部分管网堵塞渗漏，处理终端出水不达标，污水流入河道。建议对老化管网进行改造，\
     引入专业运维单位，建立运维考核机制。",
);
const SCHOOL: (&str, &str) = (
    "关于增加城区公办幼儿园学位的建议",
    "随着三孩政策实施和新居民子女增多，城区公办幼儿园学位紧张，家长反映入园难。建议加快新建公办幼儿园，新建住宅小区配套\
     幼儿园同步规划、同步交付，加强幼儿教师队伍建设。",
);

const ALL: [(&str, &str); 12] = [
    PARKING_YUEHE,
    PARKING_OLD,
    PARKING_HOSPITAL,
    CARE_HOME,
    CARE_MEALS,
    LIFT,
    CHARGING,
    CHARGING_CAR,
    BUS,
    SEWAGE_A,
    SEWAGE_B,
    SCHOOL,
];

fn signature((title, body): (&str, &str)) -> Vec<Term> {
    terms(title, body)
}

fn id(n: usize) -> CaseId {
    CaseId(Uuid::from_u128(n as u128))
}

/// What the store would answer with the examples for its cases, the last being the newest.
fn postings(asking: &[Term]) -> Vec<Posting> {
    let cases: Vec<_> = ALL.iter().map(|case| signature(*case)).collect();
    let having = |term: &Term| {
        let has = |n: &usize| cases[*n].iter().any(|other| other.text == term.text);
        (0..cases.len()).rev().filter(has).map(id).collect()
    };
    asking.iter().map(|term| (term.clone(), having(term))).collect()
}

fn alike(a: (&str, &str), b: (&str, &str)) -> f64 {
    let asking = signature(a);
    similarity(&asking, &signature(b), &Commonness::of(&postings(&asking)))
}

/// A list of the store that goes no further.
const FULL: usize = NEWEST_PER_TERM as usize;

/// The same in a congress of some thousand cases, where the commoner words are common indeed.
fn alike_among_many(a: (&str, &str), b: (&str, &str)) -> f64 {
    let asking = signature(a);
    let mut postings = postings(&asking);
    let among: &[(&str, usize)] = &[
        ("停车", 110),
        ("车位", 70),
        ("车场", 70),
        ("车难", 40),
        ("车辆", 120),
        ("老旧小区", 150),
        ("小区", 200),
        ("建设", 200),
        ("公共", 200),
        ("规划", 200),
        ("消防", 60),
        ("通道", 50),
        ("养老", 130),
        ("服务", 200),
        ("老服", 100),
        ("居家", 60),
        ("家养", 60),
        ("专业", 120),
        ("老年", 150),
        ("农村", 200),
        ("污水", 80),
        ("水处", 50),
        ("处理", 140),
        ("设施", 200),
        ("管网", 60),
        ("运维", 40),
        ("河道", 90),
        ("改造", 200),
        ("充电", 70),
        ("电桩", 40),
        ("公交", 90),
        ("线路", 60),
        ("电梯", 60),
        ("加装", 50),
        ("学校", 200),
        ("医院", 120),
        ("周边", 200),
        ("利用", 150),
        ("新建", 120),
        ("电动", 50),
    ];
    for (term, cases) in &mut postings {
        let common = among.iter().find(|(text, _)| *text == term.text).map_or(2, |(_, n)| *n);
        cases.extend((1000..1000 + common).map(id));
        cases.truncate(FULL);
    }
    similarity(&asking, &signature(b), &Commonness::of(&postings))
}

/// Which of the examples are about the same matter.
const KIN: [&[(&str, &str)]; 4] = [
    &[PARKING_YUEHE, PARKING_OLD, PARKING_HOSPITAL],
    &[CARE_HOME, CARE_MEALS],
    &[SEWAGE_A, SEWAGE_B],
    &[CHARGING, CHARGING_CAR],
];

#[test]
fn the_same_matter_is_similar_whatever_the_place_and_another_is_not() {
    for a in ALL {
        for b in ALL {
            let kin = a == b || KIN.iter().any(|kin| kin.contains(&a) && kin.contains(&b));
            for found in [alike(a, b), alike_among_many(a, b)] {
                assert_eq!(found >= SIMILAR, kin, "{found} {} / {}", a.0, b.0);
                // Not by a hair.
                assert!(!(0.15..0.22).contains(&found), "{found} {} / {}", a.0, b.0);
            }
        }
    }
}

#[test]
fn a_title_alone_finds_its_matter() {
    let asking = terms("月河街道停车难", "");
    let common = Commonness::of(&postings(&asking));
    let found = |other| similarity(&asking, &signature(other), &common);
    assert!(
        found(PARKING_YUEHE) > found(PARKING_OLD) && found(PARKING_OLD) >= SIMILAR,
        "{}",
        found(PARKING_OLD)
    );
    assert!(similarity(&asking, &terms("老旧小区停车位不足", ""), &common) >= SIMILAR);
    assert_eq!(similarity(&asking, &terms("推进居家养老服务", ""), &common), 0.0);
    assert!(found(CARE_HOME) < 0.05 && found(LIFT) < 0.05);
}

#[test]
fn the_same_text_is_wholly_similar_and_an_empty_one_is_like_nothing() {
    for case in ALL {
        assert_eq!(alike(case, case), 1.0);
        // In other words of the office around the same matter, or in full width.
        let again = case.0.replace("关于", "进一步").replace("的建议", "的议案");
        assert!(alike(case, (&again, case.1)) > 0.99);
    }
    let common = Commonness::of::<CaseId>(&[]);
    assert_eq!(similarity(&[], &[], &common), 0.0);
    assert_eq!(similarity(&[], &signature(LIFT), &common), 0.0);
    // Printed as 0, not as -0.
    assert!(similarity(&signature(LIFT), &[], &common).is_sign_positive());
}

#[test]
fn a_signature_names_the_matter_and_nothing_of_the_office() {
    let text = |terms: Vec<Term>| terms.into_iter().map(|t| (t.text, t.count)).collect::<Vec<_>>();
    let expected = [("停车", 10), ("月河", 5), ("车难", 5)].map(|(word, count)| (word.to_owned(), count));
    assert_eq!(text(signature(PARKING_YUEHE))[..3], expected);
    assert_eq!(text(terms("关于进一步加强我区有关工作的建议", "希望有关部门高度重视，尽快解决问题。")), []);
    // Words and numbers of other scripts, in full width too; single characters are noise.
    let mixed = terms("５Ｇ基站 Wi-Fi", "2024年，A区；a、5G。12345热线");
    let expected = [("5g", 5), ("基站", 4), ("wi", 4), ("fi", 4), ("2024", 1), ("12345", 1), ("热线", 1)];
    assert_eq!(text(mixed), expected.map(|(word, count)| (word.to_owned(), count)));
    // A setting is one term, however long.
    let lift: Vec<_> = signature(LIFT).into_iter().take(4).map(|t| t.text).collect();
    assert_eq!(lift, ["电梯", "加装", "装电", "老旧小区"]);
}

#[test]
fn a_long_text_has_a_bounded_signature_and_a_title_outweighs_its_beginning() {
    let long: String = (0x4e00..0x4e00 + 9000).filter_map(char::from_u32).collect();
    let signature = terms("加装电梯", &long);
    assert_eq!(signature.len(), MOST_TERMS);
    assert_eq!(signature[0].text, "加装");
    assert!(terms(&"长".repeat(200), &"x".repeat(20_000)).iter().all(|t| t.text == "长长"));
}

#[test]
fn the_shortlist_is_short_its_likeliest_come_first_and_the_asking_case_is_not_on_it() {
    let asking = signature(PARKING_YUEHE);
    let postings = postings(&asking);
    let listed = shortlist(&postings, Some(id(0)), 2);
    assert_eq!(listed, [id(2), id(1)]);
    assert_eq!(shortlist(&postings, None, 3)[0], id(0));
    // Of equally likely ones the newest.
    let term = asking[0].clone();
    assert_eq!(shortlist(&[(term, vec![id(7), id(9), id(8)])], None, 2), [id(9), id(8)]);
    assert_eq!(shortlist::<CaseId>(&[], None, 5), []);
}

#[test]
fn similar_cases_speak_for_their_department_by_how_similar_they_are() {
    assert_eq!(
        likely([("交通局", 0.3), ("城管局", 0.6), ("交通局", 0.3)]),
        [("城管局", 0.667), ("交通局", 0.333)]
    );
    assert_eq!(likely([("甲", 0.5), ("乙", 0.5), ("丙", 0.0)]), [("乙", 0.5), ("甲", 0.5)]);
    assert_eq!(likely(Vec::<(&str, f64)>::new()), []);
}

/// Texts of anything, and of what people type.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "\\PC{0,60}", "[停车难养老小区的，。 a-zA-Z0-9５Ｇİß\u{20000}\u{301}]{0,80}"]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_has_a_signature_and_any_two_a_bounded_likeness(
        ours in (text(), text()), theirs in (text(), text()), having in prop::collection::vec(0..FULL, MOST_TERMS),
    ) {
        let (ours, theirs) = (terms(&ours.0, &ours.1), terms(&theirs.0, &theirs.1));
        for signature in [&ours, &theirs] {
            prop_assert!(signature.len() <= MOST_TERMS);
            let distinct: std::collections::BTreeSet<_> = signature.iter().map(|t| &t.text).collect();
            prop_assert_eq!(distinct.len(), signature.len());
            prop_assert!(signature.iter().all(|t| t.count > 0 && t.text.chars().count() >= 2 && t.text.len() <= 96));
        }
        let mut postings: Vec<Posting> = ours
            .iter()
            .zip(having)
            .map(|(term, n)| (term.clone(), (0..n).map(id).collect()))
            .collect();
        let common = Commonness::of(&postings);
        let found = similarity(&ours, &theirs, &common);
        prop_assert!((0.0..=1.0).contains(&found));
        prop_assert_eq!(found, similarity(&theirs, &ours, &common));
        prop_assert_eq!(similarity(&ours, &ours, &common), if ours.is_empty() { 0.0 } else { 1.0 });
        // The order in which anything is given changes nothing, not even a last digit.
        let listed = shortlist(&postings, None, SHORTLIST);
        postings.reverse();
        let (mut ours, mut theirs) = (ours, theirs);
        ours.reverse();
        theirs.reverse();
        prop_assert_eq!(similarity(&ours, &theirs, &Commonness::of(&postings)), found);
        prop_assert_eq!(shortlist(&postings, None, SHORTLIST), listed);
    }
}
