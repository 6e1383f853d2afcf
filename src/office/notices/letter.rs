//! A notice 三单 on paper: what was recorded, and nothing else.

use crate::{
    domain::{
        case::{Case, Issuer, Notice},
        gate::Operation,
        ids::CaseId,
        ladder::Addressee,
    },
    letter::Letter,
    office::{
        Caller, Fault, Office, Posted,
        letters::{Names, called, chinese},
    },
};

impl Office {
    /// A notice as it went out; one that the caller does not see is none.
    pub async fn ladder_notice(&self, caller: &Caller, id: CaseId, number: u32) -> Result<Posted, Fault> {
        let shown = self.show(caller, id, Operation::GetLadderNotice).await?;
        let case = shown.case();
        let notice = case.notice(number).filter(|it| shown.seen.sight().shows(it.mark()));
        let notice = notice.ok_or(Fault::NotFound)?;
        let names = Names::of(&self.congress_name(case).await?);
        Ok(Posted { name: notice.issue.document.text.to_string(), letter: written(case, notice, &names) })
    }
}

fn written(case: &Case, notice: &Notice, names: &Names) -> Letter {
    let issue = &notice.issue;
    // A letter's addressees are deputies; an office stands in a line of its own.
    let (deputy, office) = match &issue.to {
        Addressee::Deputy { deputy } => (Some(deputy.name.clone()), None),
        Addressee::Department { department, .. } => (None, Some(department.name.as_str())),
        Addressee::Committee => (None, Some(names.committee.as_str())),
        Addressee::GovernmentOffice => (None, Some(names.government.as_str())),
    };
    let about = match case.confidential {
        None => format!("{}“{}”。", called(case), &*case.title),
        Some(_) => format!("{}。", called(case)),
    };
    let answer = issue.answer_by.map(|by| format!("请于{}前书面反馈。", chinese(by)));
    let leader = issue.leader.as_ref().map(|it| match &it.name {
        Some(name) => format!("报送：{}{}", &*it.title, &**name),
        None => format!("报送：{}", &*it.title),
    });
    let issuer = match notice.issuer {
        Issuer::Ladder | Issuer::Committee => names.committee.clone(),
        Issuer::GovernmentOffice => names.government.clone(),
    };
    Letter {
        issuer,
        class_mark: None,
        marking: None,
        document_number: Some(issue.document.text.to_string()),
        signer: issue.leader.as_ref().and_then(|it| it.name.as_ref()).map(|it| it.to_string()),
        title: issue.rung.zh().to_owned(),
        addressees: deputy.into_iter().collect(),
        paragraphs: office
            .map(|name| format!("{name}："))
            .into_iter()
            .chain([about, issue.reason.to_string()])
            .chain(answer)
            .chain(leader)
            .collect(),
        sections: Vec::new(),
        closing: Vec::new(),
        date: notice.issued_on.date(),
        contact: None,
        copies_to: Vec::new(),
    }
}
