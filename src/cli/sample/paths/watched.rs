//! What a supervisor finds in the sample: one case for each of some signals, beside those that the other paths leave.

use super::{EDUCATION, TRANSPORT, Year};
use crate::{
    cli::sample::year::text,
    domain::case::{Command, ExtensionRequest, HandBack, HandBackDecision, ReplyCorrection, ReplyLetter},
    domain::words::Part,
    office::Fault,
};

/// A letter as a clerk writes it once, and sends twice.
const ROADS: &str = "关于您提出的农村道路问题，我局已将全区县乡道路列入三年大中修计划，按路况由低到高排序实施。今年先修八里店至东林段，\
    资金由区财政和镇街按七比三分担，养护结果每季度公开，欢迎随时查看。";

impl Year<'_> {
    pub(super) async fn watched(&self) -> Result<(), Fault> {
        let one = self.in_hand(27, "关于东林镇农村公路的建议").await?;
        let other = self.in_hand(28, "关于道场乡农村公路的建议").await?;
        let late = self.in_hand(29, "关于综合交通枢纽的建议").await?;
        let put_off = self.in_hand(30, "关于公交候车亭的建议").await?;
        let round = self.registered(31, "关于校园周边道路的建议").await?;
        self.on("2026-04-09");
        for told in [&one, &other] {
            let letter = ReplyLetter { text: text(ROADS)?, ..self.letter("A")? };
            self.by_department(told, TRANSPORT, Command::Reply(1, letter)).await?;
        }
        for (day, due) in
            [("2026-04-09", "2026-06-30"), ("2026-06-29", "2026-09-30"), ("2026-09-28", "2026-12-31")]
        {
            self.on(day);
            let letter = ReplyLetter { commitments: vec![self.promise(due)?], ..self.letter("B")? };
            let command = match day {
                "2026-04-09" => Command::Reply(1, letter),
                _ => Command::CorrectReply(1, ReplyCorrection { reason: text("工期调整")?, letter }),
            };
            self.by_department(&put_off, TRANSPORT, command).await?;
        }
        // Three months from the tenth of February end on a Sunday, and so on the Monday after it.
        self.on("2026-05-11");
        let more = ExtensionRequest { reason: text("涉及铁路部门，尚待协调")?, until: None };
        self.by_department(&late, TRANSPORT, Command::RequestExtension(1, more)).await?;
        for (number, day) in [(1, "2026-02-11"), (2, "2026-02-25")] {
            self.on(day);
            self.by_committee(&round, self.assign(&[(EDUCATION, Part::Sole)])).await?;
            let not_ours = HandBack { reason: text("不属本单位职责")?, proposed_department: None };
            self.by_department(&round, EDUCATION, Command::RequestHandBack(number, not_ours)).await?;
            let granted = HandBackDecision { granted: true, reason: None, share_dropped: false };
            self.by_committee(&round, Command::DecideHandBack(number, granted, None)).await?;
        }
        Ok(())
    }
}
