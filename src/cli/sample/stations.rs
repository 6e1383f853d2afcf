//! The district's contact stations: a year of visits and of what residents said, with as many of each as the real district
//! printed. What happens to which opinion is written down by its number, not drawn.

use super::{
    district,
    story::{Teller, caller},
    year::{People, day, later, text},
};
use crate::{
    domain::{
        case::DepartmentRef,
        day::Day,
        ids::{OpinionId, StationId},
        station::{
            Visitor,
            opinion::{Closure, OpinionCommand, Resident, Sorting},
        },
        text::Note,
        words::{Contentment, OpinionGround, OpinionRoute, StationKind, ToldBy},
    },
    office::{
        Fault,
        stations::{NewOpinion, NewReception, NewStation, RegisteredOpinion},
    },
};

/// Receptions of the year; each has one official, and eight or nine deputies: 450 and 3,690 visits.
const RECEPTIONS: usize = 450;
const DEPUTY_VISITS: usize = 3690;

/// Opinions besides those of the common suggestions: over 1,900 together.
const OPINIONS: usize = 1840;

/// The cases of the year that were made from opinions: twelve common suggestions.
const COMMON: std::ops::Range<usize> = 93..105;

/// Opinions of one common suggestion.
const ALIKE: usize = 6;

/// Written in one transaction.
const TOGETHER: usize = 200;

/// What residents speak of: a topic, and what they say of it.
const SAID: [(&str, &str); 8] = [
    ("停车难", "小区外道路晚间停满车辆，救护车进不来。"),
    ("路灯不亮", "北门路灯坏了多日，老人夜里不敢出门。"),
    ("公交班次少", "早高峰公交半小时一班，孩子上学赶不上。"),
    ("垃圾清运不及时", "垃圾房门口常有堆积，夏天气味难闻。"),
    ("充电桩不够", "全小区只有四个充电桩，夜里要排队。"),
    ("河道漂浮物", "雨后河面漂浮物多，两三天才清理。"),
    ("夜间施工扰民", "工地夜里十点后仍在施工，影响休息。"),
    ("健身器材损坏", "广场健身器材断裂，存在安全隐患。"),
];

/// Sets the stations up, one for each delegation, whose deputies receive residents there.
pub async fn open(teller: &Teller, people: &People) -> Result<Vec<StationId>, Fault> {
    let mut stations = Vec::with_capacity(district::DELEGATIONS.len());
    for (index, place) in district::DELEGATIONS.iter().enumerate() {
        let own = people.deputies.iter().skip(index).step_by(district::DELEGATIONS.len());
        let new = NewStation {
            kind: StationKind::Station,
            code: text(&format!("LZ-{:02}", index + 1))?,
            name: text(&format!("{place}代表联络站"))?,
            place: Some(text(place)?),
            deputies: own.map(|(deputy, _)| deputy.id).collect(),
        };
        stations.push(teller.office().open_station(&caller(people.committee), new).await?.id);
    }
    Ok(stations)
}

/// What residents had said that a case of the year was made from; nothing for most.
pub async fn said_before(
    teller: &Teller,
    people: &People,
    stations: &[StationId],
    index: usize,
) -> Result<Vec<OpinionId>, Fault> {
    if !COMMON.contains(&index) {
        return Ok(Vec::new());
    }
    let on = later(day("2024-02-01"), index - COMMON.start);
    teller.turn(on, 0);
    let matter = &district::MATTERS[index % district::MATTERS.len()];
    let author = index % people.deputies.len();
    let mut entries = Vec::with_capacity(ALIKE);
    for n in 0..ALIKE {
        let opinion = NewOpinion {
            topic: text(matter.title)?,
            text: text(&format!("{}，这是第{}位来站反映的居民。", matter.title, n + 1))?,
            resident: resident(n)?,
            deputy: Some(people.deputies[author].0.id),
            answered_on_the_spot: None,
        };
        let station = stations[author % stations.len()];
        entries.push(RegisteredOpinion { station, on, opinion, then: Vec::new() });
    }
    teller.office().register_opinions(&caller(people.committee), entries).await
}

/// The year's visits and opinions, and what became of them.
pub async fn live(teller: &Teller, people: &People, stations: &[StationId]) -> Result<(), Fault> {
    teller.turn(day("2024-12-30"), 0);
    let committee = caller(people.committee);
    let receptions: Vec<_> =
        (0..RECEPTIONS).map(|n| reception(people, stations, n)).collect::<Result<_, Fault>>()?;
    for some in receptions.chunks(TOGETHER) {
        teller.office().register_receptions(&committee, some.to_vec()).await?;
    }
    for from in (0..OPINIONS).step_by(TOGETHER) {
        let entries = (from..OPINIONS.min(from + TOGETHER))
            .map(|n| opinion(people, stations, n))
            .collect::<Result<_, Fault>>()?;
        teller.office().register_opinions(&committee, entries).await?;
    }
    told_of_common(teller, people).await
}

/// Whoever said what became a suggestion hears of its answer.
async fn told_of_common(teller: &Teller, people: &People) -> Result<(), Fault> {
    let committee = caller(people.committee);
    let asked = crate::office::stations::ListedOpinions {
        state: Some(crate::domain::words::OpinionState::Joined),
        limit: i64::try_from(COMMON.len() * ALIKE).unwrap_or_default(),
        ..Default::default()
    };
    let joined = teller.office().list_opinions(&committee, asked).await?;
    let on = teller.office().today();
    let answer: Note = text("您反映的事项已由代表提出建议，主办单位已经答复并列入年度计划。")?;
    let steps = joined.into_iter().map(|(opinion, _)| {
        let told = Closure { answer: Some(answer.clone()), ..closure(on, Some(Contentment::Content)) };
        (opinion.id, on, OpinionCommand::Close(told))
    });
    teller.office().register_steps(&committee, steps.collect()).await
}

fn reception(people: &People, stations: &[StationId], n: usize) -> Result<(StationId, NewReception), Fault> {
    // As many as nine where eight each are too few.
    let deputies = DEPUTY_VISITS / RECEPTIONS + usize::from(n < DEPUTY_VISITS % RECEPTIONS);
    let first = n * 5;
    let mut visitors: Vec<Visitor> = (0..deputies)
        .map(|k| Visitor::Deputy { deputy: people.deputies[(first + k) % people.deputies.len()].0.id })
        .collect();
    let department = department(people, n);
    visitors
        .push(Visitor::Official {
            organisation: text(&department.name)?, post: Some(text("分管负责人")?)
        });
    let on = later(day("2024-01-08"), n * 350 / RECEPTIONS);
    Ok((
        stations[n % stations.len()],
        NewReception { day: on, visitors, received: u32::try_from(6 + n % 9).unwrap_or_default() },
    ))
}

fn department(people: &People, n: usize) -> &DepartmentRef {
    &people.departments[n % people.departments.len()].0
}

fn opinion(people: &People, stations: &[StationId], n: usize) -> Result<RegisteredOpinion, Fault> {
    let (topic, said) = SAID[n % SAID.len()];
    let station = n % stations.len();
    let place = district::DELEGATIONS[station];
    let on = later(day("2024-01-08"), n * 350 / OPINIONS);
    let sorting = |route| Sorting {
        route,
        answer: None,
        department: None,
        due_on: None,
        case: None,
        ground: None,
        redirect: None,
        note: None,
    };
    let (next, week) = (later(on, 1), later(on, 7));
    let sort = |sorting| (next, OpinionCommand::Sort(sorting));
    let close = |contentment| (week, OpinionCommand::Close(closure(week, contentment)));
    let content = (!n.is_multiple_of(7)).then_some(Contentment::Content);
    let mut then = match n % 20 {
        // Answered there and then: no step beside.
        0..12 => Vec::new(),
        12..18 => {
            let passed = Sorting {
                department: Some(department(people, n).id),
                due_on: Some(later(on, 15)),
                ..sorting(OpinionRoute::Department)
            };
            let answer = OpinionCommand::Answer(text("已到现场核实，列入近期整改清单。")?);
            vec![sort(passed), (week, answer), close(content)]
        }
        18 => vec![sort(sorting(OpinionRoute::Committee))],
        _ => {
            let refused = Sorting {
                ground: Some(OpinionGround::Lawsuit),
                redirect: Some(text("请通过诉讼途径解决，可到公共法律服务站咨询。")?),
                ..sorting(OpinionRoute::NotAccepted)
            };
            vec![sort(refused), close(None)]
        }
    };
    // The last of the year are still under way.
    if n + 30 > OPINIONS {
        then.truncate(n % 3);
    }
    let on_the_spot = n % 20 < 12;
    Ok(RegisteredOpinion {
        station: stations[station],
        on,
        opinion: NewOpinion {
            topic: text(&format!("{place}{topic}"))?,
            text: text(said)?,
            resident: if n.is_multiple_of(10) { resident(n)? } else { None },
            deputy: None,
            answered_on_the_spot: if on_the_spot {
                Some(text("已当场说明办理渠道和时间。")?)
            } else {
                None
            },
        },
        then,
    })
}

fn closure(on: Day, contentment: Option<Contentment>) -> Closure {
    Closure { told_by: ToldBy::Phone, told_on: Some(on), answer: None, contentment }
}

fn resident(n: usize) -> Result<Option<Resident>, Fault> {
    let name = text(&format!("居民{}", n % 90 + 1))?;
    Ok(Some(Resident { name: Some(name), phone: None }))
}
