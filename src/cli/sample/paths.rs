//! The year 2026 of the district: at least one case on each path of the procedure, many of them still under way, so that
//! every account finds something on its table.

mod promised;
mod watched;

use super::{
    story::{Teller, Told},
    year::{People, day, form, text},
};
use crate::{
    domain::{
        case::*,
        ids::{CaseId, MembershipId},
        words::*,
    },
    office::{Fault, NewDraft},
};

/// The `department` account's, and two neighbours'.
const TRANSPORT: usize = 0;
const HOUSING: usize = 1;
const EDUCATION: usize = 2;
const COURT: usize = 14;

struct Year<'a> {
    teller: &'a Teller,
    people: &'a People,
}

pub(super) async fn live(teller: &Teller, people: &People) -> Result<(), Fault> {
    let year = Year { teller, people };
    year.before_registration().await?;
    year.motions().await?;
    year.offices().await?;
    year.answers().await?;
    year.afterwards().await?;
    year.watched().await
}

impl Year<'_> {
    /// Drafts, invitations, corrections, declining, withdrawal.
    async fn before_registration(&self) -> Result<(), Fault> {
        self.on("2026-01-13");
        // Somebody else's draft that waits for the signature of the `deputy` account.
        let invited = self.written(1, "关于织里镇童装企业用工的建议").await?;
        let asked = Command::Invite(vec![self.people.deputies[0].0.clone()]);
        self.by(&invited, self.people.deputies[1].1, asked).await?;
        let returned = self.submitted(0, "关于停车和养老两件事的建议").await?;
        let correction = CorrectionRequest {
            reason: text("一事一议，请将两件事分开提出")?,
            points: vec![text("停车难作一件")?, text("居家养老作另一件")?],
        };
        self.by_committee(&returned, Command::AskCorrection(correction)).await?;
        let declined = self.submitted(2, "关于本人住房安置问题的建议").await?;
        let form = DecliningForm {
            ground: Ground::PersonalMatter,
            explanation: text("所提系本人住房安置，请按信访程序反映")?,
            passed_on_to: Some(text("区信访局")?),
        };
        self.by_committee(&declined, Command::Decline(form)).await?;
        let withdrawn = self.registered(3, "关于增设公交站的建议").await?;
        let reason = WithdrawalRequest { reason: text("站点已经设立")? };
        self.by(&withdrawn, self.people.deputies[3].1, Command::Withdraw(reason)).await?;
        // Waits for its examination.
        self.submitted(4, "关于规范共享单车停放的建议").await?;
        Ok(())
    }

    /// On the agenda, with a committee, examined, and one that became a suggestion.
    async fn motions(&self) -> Result<(), Fault> {
        let decisions = [
            ("关于制定城市更新条例的议案", MotionOutcome::Agenda, None),
            ("关于加强湖漾生态保护的议案", MotionOutcome::Committee, Some("城建环保委员会")),
            ("关于促进童装产业的议案", MotionOutcome::Committee, Some("财政经济委员会")),
            ("关于完善社区医疗的议案", MotionOutcome::Conversion, None),
        ];
        for (index, (title, outcome, committee)) in decisions.into_iter().enumerate() {
            self.on("2026-01-14");
            let motion = self.motion(5 + index, title).await?;
            let decision = MotionDecision {
                outcome,
                meeting: text("主席团第二次会议")?,
                committee: committee.map(text).transpose()?,
                reason: None,
            };
            let suggestion = CaseId(self.teller.office().fresh_id());
            self.by_committee(&motion, Command::DecideMotion(decision, suggestion)).await?;
            if index == 2 {
                self.on("2026-03-20");
                let report = MotionReport {
                    outcome: MotionOutcome::NoAgenda,
                    text: text("经审议，所提事项已列入产业政策修订计划，建议不列入会议议程。")?,
                    meeting: None,
                };
                self.by_committee(&motion, Command::ReportMotion(report, suggestion)).await?;
            }
        }
        Ok(())
    }

    /// Handed over, shared out, merged, several departments, a dispute, a hand-back that waits.
    async fn offices(&self) -> Result<(), Fault> {
        self.on("2026-01-14");
        let waits = self.registered(9, "关于农贸市场周边交通的建议").await?;
        let main = self.registered(10, "关于织里小学周边停车难的建议").await?;
        let joined = self.registered(11, "关于织里实验小学接送停车的建议").await?;
        let separate = self.registered(12, "关于校车通行和交通法治宣传的建议").await?;
        let mut disputed = self.registered(13, "关于农村公路桥下空间的建议").await?;
        let asking = self.registered(14, "关于电动自行车充电的建议").await?;
        self.by_committee(&joined, Command::Merge(Box::new(self.case(&main).await?))).await?;
        self.on("2026-02-10");
        for told in [&waits, &mut disputed] {
            let note = DispatchForm { note: Some(text("请按职责分办")?) };
            self.by_committee(told, Command::Dispatch(note)).await?;
        }
        self.by_committee(&main, self.assign(&[(TRANSPORT, Part::Lead), (EDUCATION, Part::Co)])).await?;
        self.by_committee(&separate, self.assign(&[(TRANSPORT, Part::Separate), (COURT, Part::Separate)]))
            .await?;
        self.by_committee(&asking, self.assign(&[(TRANSPORT, Part::Sole)])).await?;
        let office = self.people.government_office;
        self.by(&disputed, office, self.assign(&[(TRANSPORT, Part::Sole)])).await?;
        self.on("2026-02-13");
        let not_ours = |to: &str| -> Result<HandBack, Fault> {
            Ok(HandBack { reason: text("不属本单位职责")?, proposed_department: Some(text(to)?) })
        };
        self.by_department(
            &disputed,
            TRANSPORT,
            Command::RequestHandBack(1, not_ours("区住房和城乡建设局")?),
        )
        .await?;
        let to = |index: usize| Some(self.people.departments[index].0.clone());
        let granted = HandBackDecision { granted: true, reason: None, share_dropped: false };
        self.by(&disputed, office, Command::DecideHandBack(1, granted.clone(), to(HOUSING))).await?;
        self.on("2026-02-20");
        self.by_department(&disputed, HOUSING, Command::RequestHandBack(2, not_ours("区交通运输局")?))
            .await?;
        self.by(&disputed, office, Command::DecideHandBack(2, granted, to(TRANSPORT))).await?;
        self.by_department(&asking, TRANSPORT, Command::RequestHandBack(1, not_ours("区应急管理局")?))
            .await?;
        for (told, number) in [(&main, 1), (&separate, 1), (&disputed, 3)] {
            self.by_department(told, TRANSPORT, Command::Accept(number)).await?;
        }
        self.by_department(&separate, COURT, Command::Accept(2)).await?;
        self.by_department(&main, EDUCATION, Command::Accept(2)).await?;
        self.on("2026-03-18");
        self.by_department(&main, EDUCATION, Command::GiveOpinion(2, OpinionText { text: text("无意见")? }))
            .await?;
        let empty = OpinionRejection { reason: text("请说明接送时段和学生人数")? };
        self.by_department(&main, TRANSPORT, Command::RejectOpinion(2, empty)).await?;
        self.by_department(&separate, COURT, Command::Reply(2, self.letter("A")?)).await?;
        for (words, audience) in
            [("已会同交警踏勘", Audience::Everybody), ("预算约四十万元，待局务会", Audience::Department)]
        {
            let note = ProgressNote { text: text(words)?, audience };
            self.by_department(&main, TRANSPORT, Command::NoteProgress(1, note)).await?;
        }
        Ok(())
    }

    /// Interim and corrected letters, a draft that waits for its signature, asks, more time.
    async fn answers(&self) -> Result<(), Fault> {
        let drafted = self.in_hand(15, "关于公交车站适老化改造的建议").await?;
        let asks = self.with_asks(0, "关于月河街道停车难的建议").await?;
        let corrected = self.in_hand(17, "关于非机动车道的建议").await?;
        let longer = self.in_hand(18, "关于国道改线的建议").await?;
        let silent = self.in_hand(19, "关于交通标线的建议").await?;
        self.on("2026-03-25");
        self.by_department(&drafted, TRANSPORT, Command::DraftReply(1, self.letter("B")?)).await?;
        let back = SendingBack { reason: text("请写明完成时限")? };
        self.by(&drafted, self.people.approver, Command::SendBackReply(1, back)).await?;
        self.by_department(&drafted, TRANSPORT, Command::DraftReply(1, self.letter("B")?)).await?;
        let mut letter = self.letter("B")?;
        letter.answers = vec![
            AskAnswer { ask: 1, class: "A".to_owned(), text: text("已挖潜车位六十个")? },
            AskAnswer { ask: 2, class: "B".to_owned(), text: text("正与三家单位协商错时共享")? },
        ];
        letter.commitments = promised::DUES.iter().map(|due| self.promise(due)).collect::<Result<_, _>>()?;
        self.by_department(&asks, TRANSPORT, Command::DraftReply(1, letter)).await?;
        self.by(&asks, self.people.approver, Command::SignReply(1)).await?;
        self.promised(&asks).await?;
        self.on("2026-03-25");
        let interim = ReplyLetter { class: None, interim: true, ..self.letter("B")? };
        self.by_department(&corrected, TRANSPORT, Command::Reply(1, interim)).await?;
        self.by_department(&corrected, TRANSPORT, Command::Reply(1, self.letter("A")?)).await?;
        let right = ReplyCorrection { reason: text("文号有误")?, letter: self.letter("A")? };
        self.by_department(&corrected, TRANSPORT, Command::CorrectReply(1, right)).await?;
        let more = ExtensionRequest { reason: text("涉及国道改线，需省市协调")?, until: None };
        self.by_department(&longer, TRANSPORT, Command::RequestExtension(1, more)).await?;
        self.by_department(&silent, TRANSPORT, Command::Reply(1, self.letter("A")?)).await?;
        self.on("2026-06-01");
        self.by_committee(&silent, Command::RemindEvaluation).await
    }

    /// Rejections, promises, key cases, what is public and what never is, and what a revisit opened again.
    async fn afterwards(&self) -> Result<(), Fault> {
        self.rejections().await?;
        let kept = self.answered(22, "关于学校门口过街设施的建议", "B").await?;
        self.judged(&kept, 22, Satisfaction::Satisfied).await?;
        self.by_committee(&kept, Command::Close).await?;
        let key = KeyCaseForm {
            meeting: text("第三十次主任会议")?,
            supervisor: text("张副主任")?,
            supervised_by: Some(text("城建环保工委")?),
            plan: text("五月视察，八月听取汇报，十月回头看。")?,
        };
        let watched = self.in_hand(23, "关于农村公路养护的建议").await?;
        self.by_committee(&watched, Command::ChooseKeyCase(key)).await?;
        let public = self.answered(24, "关于公交首末班时间的建议", "A").await?;
        let full = PublicationForm { publicity: Publicity::Full, summary: None, ground: None };
        self.by_committee(&public, Command::DecidePublication(full)).await?;
        let secret = self.registered(25, "关于某企业运输安全隐患的建议").await?;
        let kept_back = ConfidentialityForm { confidential: true, reason: text("代表本人要求保密")? };
        self.by_committee(&secret, Command::DecideConfidentiality(kept_back)).await?;
        self.teller.name_readers(&secret, self.people.leader, &["committee", "approver"]).await?;
        self.on("2026-09-10");
        let report = |progress, words: &str| -> Result<CommitmentReport, Fault> {
            Ok(CommitmentReport {
                progress,
                text: text(words)?,
                evidence: Some(text("验收单")?),
                attachments: Vec::new(),
            })
        };
        self.by_department(
            &kept,
            TRANSPORT,
            Command::ReportCommitment(1, report(Progress::UnderWay, "已完成招标")?),
        )
        .await?;
        self.on("2026-10-15");
        let shown = "过街信号灯验收单：两组信号灯安装到位，调试合格，2026年10月12日启用。\n";
        let by = self.people.departments[TRANSPORT].1;
        self.teller.attach(&kept, by, "验收单.txt", Purpose::Commitment, shown).await?;
        let done =
            CommitmentReport { attachments: vec![1], ..report(Progress::Kept, "过街信号灯已启用")? };
        self.by(&kept, by, Command::ReportCommitment(1, done)).await?;
        let yes = CommitmentJudgement { confirmed: true, text: None };
        self.by(&kept, self.people.deputies[22].1, Command::JudgeCommitment(1, yes)).await?;
        self.by_department(&kept, TRANSPORT, Command::FollowUp(1, self.letter("A")?)).await?;
        let reopened = self.answered(26, "关于夜间照明的建议", "A").await?;
        self.judged(&reopened, 26, Satisfaction::Satisfied).await?;
        self.by_committee(&reopened, Command::Close).await?;
        self.on("2026-11-10");
        let seen = RevisitRecord {
            day: day("2026-11-09"),
            way: Way::Visit,
            people: vec![text("代表工委")?],
            finding: text("路灯尚未安装")?,
            evidence: None,
            outcome: Outcome::NotDelivered,
            class: Some("B".to_owned()),
            reopen: true,
            campaign: None,
            findings: Vec::new(),
            attachments: Vec::new(),
            supervision_order: false,
            next_on: None,
        };
        self.by_committee(&reopened, Command::Revisit(seen)).await
    }

    /// One is handled again; of one that was rejected twice the committee lets the answer stand.
    async fn rejections(&self) -> Result<(), Fault> {
        let decide = |rework| -> Result<DissatisfactionDecision, Fault> {
            Ok(DissatisfactionDecision { rework, reason: text("已召集代表和承办单位研究")? })
        };
        let again = self.answered(20, "关于货车绕行的建议", "A").await?;
        self.judged(&again, 20, Satisfaction::Unsatisfied).await?;
        self.by_committee(&again, Command::SettleDissatisfaction(decide(true)?)).await?;
        let twice = self.answered(21, "关于轨道交通站点的建议", "C").await?;
        self.judged(&twice, 21, Satisfaction::Unsatisfied).await?;
        self.by_committee(&twice, Command::SettleDissatisfaction(decide(true)?)).await?;
        self.by_department(&twice, TRANSPORT, Command::Reply(1, self.letter("C")?)).await?;
        self.judged(&twice, 21, Satisfaction::Unsatisfied).await?;
        self.by_committee(&twice, Command::SettleDissatisfaction(decide(false)?)).await?;
        self.by_committee(&twice, Command::Close).await
    }

    /// In the afternoon: a deputy who judges at once has not read the letter.
    async fn judged(&self, told: &Told, author: usize, judgement: Satisfaction) -> Result<(), Fault> {
        self.teller.turn(self.teller.office().today(), 290);
        let why = (judgement == Satisfaction::Unsatisfied).then_some("没有回应具体意见");
        self.by(told, self.people.deputies[author].1, Command::Evaluate(form(judgement, why)?)).await
    }

    async fn answered(&self, author: usize, title: &str, class: &str) -> Result<Told, Fault> {
        let told = self.in_hand(author, title).await?;
        self.on("2026-04-08");
        let mut letter = self.letter(class)?;
        letter.commitments = if class == "B" { vec![self.promise("2026-10-31")?] } else { Vec::new() };
        self.by_department(&told, TRANSPORT, Command::Reply(1, letter)).await?;
        Ok(told)
    }

    async fn in_hand(&self, author: usize, title: &str) -> Result<Told, Fault> {
        self.on("2026-01-14");
        let told = self.registered(author, title).await?;
        self.handed_out(told).await
    }

    async fn with_asks(&self, author: usize, title: &str) -> Result<Told, Fault> {
        self.on("2026-01-14");
        let told = self.written(author, title).await?;
        let asks = Some(vec![text("挖潜扩容，新增车位")?, text("机关单位车位错时共享")?]);
        let amendment = Amendment { asks, ..Amendment::default() };
        let by = self.people.deputies[author].1;
        self.by(&told, by, Command::Amend(amendment)).await?;
        let counted = "月河街道晚高峰停车实测：登记车位 420 个，停放车辆 563 辆，缺口 143 个。\n";
        self.teller.attach(&told, by, "停车实测记录.txt", Purpose::Submission, counted).await?;
        self.teller.submit(&told, self.people.deputies[author].1).await?;
        self.teller.register(&told, self.people.committee).await?;
        self.handed_out(told).await
    }

    async fn handed_out(&self, told: Told) -> Result<Told, Fault> {
        self.on("2026-02-10");
        self.by_committee(&told, self.assign(&[(TRANSPORT, Part::Sole)])).await?;
        self.by_department(&told, TRANSPORT, Command::Accept(1)).await?;
        Ok(told)
    }

    async fn registered(&self, author: usize, title: &str) -> Result<Told, Fault> {
        let told = self.submitted(author, title).await?;
        self.teller.register(&told, self.people.committee).await?;
        Ok(told)
    }

    async fn submitted(&self, author: usize, title: &str) -> Result<Told, Fault> {
        let told = self.written(author, title).await?;
        self.teller.submit(&told, self.people.deputies[author].1).await?;
        Ok(told)
    }

    async fn written(&self, author: usize, title: &str) -> Result<Told, Fault> {
        self.teller.draft(self.people.deputies[author].1, self.draft(Kind::Suggestion, title)?).await
    }

    async fn motion(&self, author: usize, title: &str) -> Result<Told, Fault> {
        let signers = (1..=9).map(|n| &self.people.deputies[(author + n) % self.people.deputies.len()]);
        let (refs, users): (Vec<_>, Vec<_>) = signers.map(|(deputy, user)| (deputy.id, *user)).unzip();
        let draft = NewDraft { co_signers: refs, ..self.draft(Kind::Motion, title)? };
        let told = self.teller.draft(self.people.deputies[author].1, draft).await?;
        self.teller.co_signed(&told, &users).await?;
        self.teller.submit(&told, self.people.deputies[author].1).await?;
        self.teller.register(&told, self.people.committee).await?;
        Ok(told)
    }

    fn draft(&self, kind: Kind, title: &str) -> Result<NewDraft, Fault> {
        Ok(NewDraft {
            kind,
            title: text(title)?,
            body: text("情况：群众多次反映。分析：存在短板。建议：摸清底数，列出清单，分步实施，年内见效。")?,
            category: Some(text("城建交通")?),
            asks: Vec::new(),
            co_signers: Vec::new(),
            delegation: None,
            lead: None,
        })
    }

    fn letter(&self, class: &str) -> Result<ReplyLetter, Fault> {
        Ok(ReplyLetter {
            class: Some(class.to_owned()),
            text: text(
                "您提出的建议收悉。经研究并与您沟通，现将办理情况答复如下：……感谢您对我们工作的关心和支持。",
            )?,
            document_number: Some(text("吴交复〔2026〕8号")?),
            signer: Some(text("沈国强")?),
            contact: Some(text("办公室 0572-2000000")?),
            publicity: Publicity::Full,
            opinions_stated: None,
            answers: Vec::new(),
            commitments: Vec::new(),
            interim: false,
        })
    }

    fn promise(&self, due: &str) -> Result<Commitment, Fault> {
        Ok(Commitment {
            text: text("年内完成首批项目")?,
            due_on: day(due),
            responsible: Some(text("工程科")?),
        })
    }

    fn assign(&self, handlers: &[(usize, Part)]) -> Command {
        let handler = |(index, part): &(usize, Part)| Handler {
            department: self.people.departments[*index].0.clone(),
            part: *part,
            note: None,
            binding: false,
        };
        Command::Assign(handlers.iter().map(handler).collect())
    }

    /// The case as the committee reads it now.
    async fn case(&self, told: &Told) -> Result<Case, Fault> {
        self.teller.read(told, self.people.committee).await
    }

    fn on(&self, day_of_story: &str) {
        self.teller.turn(day(day_of_story), 0);
    }

    async fn by(&self, told: &Told, who: MembershipId, command: Command) -> Result<(), Fault> {
        self.teller.act(told, who, command).await
    }

    async fn by_committee(&self, told: &Told, command: Command) -> Result<(), Fault> {
        self.by(told, self.people.committee, command).await
    }

    async fn by_department(&self, told: &Told, index: usize, command: Command) -> Result<(), Fault> {
        self.by(told, self.people.departments[index].1, command).await
    }
}
