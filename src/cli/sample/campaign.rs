//! Revisit campaigns of the sample: a year later a sample of the answers of 2024 is looked at again, and what was not as
//! reported is due for another look.

use super::{
    story::{Teller, Told, caller},
    year::{People, day, later, text},
};
use crate::{
    domain::{
        campaign::{Campaign, Criteria, Sample, Size, Visitor},
        case::{Command, RevisitRecord},
        ids::SessionId,
        words::{Outcome, Strata, Way},
    },
    office::{
        Fault, Precondition,
        campaigns::{Asked, Closing, NewCampaign, VisitorsForm},
    },
};

/// Deputies who are sent, beside a third party; they signed few of the cases.
const SENT: [usize; 3] = [7, 19, 30];

/// Twenty of 2024's answers of class A, drawn by department; one is worse than its letter said.
pub async fn of_2024(teller: &Teller, people: &People) -> Result<(), Fault> {
    teller.turn(day("2025-04-08"), 0);
    let (office, staff) = (teller.office(), caller(people.committee));
    let session = |id: &str| id.parse::<SessionId>().map_err(|e| Fault::invalid("", e, e));
    let criteria = Criteria {
        sessions: vec![session("5-3")?, session("5-3-between")?],
        classes: vec!["A".to_owned()],
        ..Criteria::default()
    };
    let sample = Sample {
        seed: text("2025038")?,
        seed_source: Some(text("中国福利彩票双色球第2025038期")?),
        strata: Strata::Department,
        size: Size::Total(20),
    };
    let new = NewCampaign {
        title: text("2024年已解决建议抽样回头看")?,
        criteria,
        sample: Some(sample),
        until: Some(day("2025-05-30")),
    };
    let campaign = office.open_campaign(&staff, new).await?;
    let sent = VisitorsForm {
        deputies: SENT.iter().map(|it| people.deputies[*it].0.id).collect(),
        third_parties: vec![text("湖州社会调查中心（示例）")?],
        ..VisitorsForm::default()
    };
    office.assign_visitors(&staff, campaign.id, Precondition::Any, sent).await?;
    visit_all(teller, people, &campaign).await?;
    teller.turn(day("2025-06-03"), 0);
    let conclusion = "抽查的已解决建议绝大多数与答复一致；一件管护不到位，十月底前再看。";
    let closing = Closing { conclusion: Some(text(conclusion)?) };
    office.close_campaign(&staff, campaign.id, Precondition::Any, closing).await?;
    Ok(())
}

async fn visit_all(teller: &Teller, people: &People, campaign: &Campaign) -> Result<(), Fault> {
    let staff = caller(people.committee);
    let lines = teller.office().campaign_cases(&staff, campaign.id, Asked::default(), None, 100).await?;
    for (place, line) in lines.iter().enumerate() {
        let on = later(day("2025-04-15"), place);
        teller.turn(on, place as u32);
        // A deputy who was sent records his visit; the third party's is entered by staff.
        let deputy = line.visitors.iter().find_map(|it| match it.visitor {
            Visitor::Deputy(id) => people.deputies.iter().find(|(deputy, _)| deputy.id == id),
            _ => None,
        });
        let worse = place == 4;
        let (finding, outcome) = match worse {
            true => ("设施已建成，但管护不到位，多处破损", Outcome::Worse),
            false => ("现场查看，与答复一致，群众认可", Outcome::Upheld),
        };
        let record = RevisitRecord {
            day: on,
            way: if place % 5 == 3 { Way::Phone } else { Way::Visit },
            people: vec![text(deputy.map_or("调查员", |(deputy, _)| &deputy.name))?],
            finding: text(finding)?,
            evidence: None,
            outcome,
            class: None,
            reopen: false,
            campaign: Some(campaign.id),
            findings: Vec::new(),
            attachments: Vec::new(),
            supervision_order: false,
            next_on: worse.then(|| day("2025-10-31")),
        };
        let by = deputy.map_or(people.committee, |(_, who)| *who);
        teller.act(&Told { id: line.case }, by, Command::Revisit(record)).await?;
    }
    Ok(())
}

/// What is due for another look; the `deputy` account is sent where he did not sign.
pub async fn of_what_is_due(teller: &Teller, people: &People) -> Result<(), Fault> {
    teller.turn(day("2026-11-03"), 0);
    let (office, staff) = (teller.office(), caller(people.committee));
    let new = NewCampaign {
        title: text("到期再次回头看")?,
        criteria: Criteria { revisit_due_by: Some(day("2026-10-31")), ..Criteria::default() },
        sample: None,
        until: Some(day("2026-12-15")),
    };
    let campaign = office.open_campaign(&staff, new).await?;
    let sent = VisitorsForm { deputies: vec![people.deputies[0].0.id], ..VisitorsForm::default() };
    office.assign_visitors(&staff, campaign.id, Precondition::Any, sent).await?;
    Ok(())
}
