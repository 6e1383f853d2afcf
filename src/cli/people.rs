//! What is stored about a person, told to him, and its erasure, in two steps.

use super::{Outcome, open};
use crate::{
    office::person::{Erasure, Held, Plan, Whom},
    store::connection::Purpose,
};
use clap::{Args, Subcommand};
use serde_json::Value;
use std::{path::Path, process::ExitCode};

#[derive(Subcommand)]
pub enum PeopleCommand {
    /// Print everything that is stored about a person (个人信息保护法 45).
    Export {
        #[command(flatten)]
        whom: Named,
        /// As JSON, whole; a list to read otherwise.
        #[arg(long)]
        json: bool,
    },
    /// Erase a person (个人信息保护法 47); stop the service first. Tells what goes and what stays; does it with
    /// --confirm.
    Erase {
        #[command(flatten)]
        whom: Named,
        /// Why, for the record: kept for ever, so it names nobody.
        #[arg(long)]
        reason: String,
        /// A text of a form that means this person, by its digest; may be given more than once.
        #[arg(long, value_name = "DIGEST")]
        also: Vec<String>,
        /// The account that orders it.
        #[arg(long, value_name = "USERNAME")]
        by: Option<String>,
        /// Why it is done although the person still has duties here.
        #[arg(long, value_name = "TEXT")]
        force_reason: Option<String>,
        #[arg(long)]
        confirm: bool,
    },
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Named {
    /// By the account's username.
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// By the deputy's id.
    #[arg(long, value_name = "ID")]
    deputy: Option<crate::domain::ids::DeputyId>,
}

impl Named {
    fn whom(self) -> Whom {
        match (self.user, self.deputy) {
            (Some(user), _) => Whom::User(user),
            (None, deputy) => Whom::Deputy(deputy.map(|id| id.to_string()).unwrap_or_default()),
        }
    }
}

pub fn people(config: Option<&Path>, command: PeopleCommand) -> Outcome {
    let config = open::settings(config, false)?;
    let told = |fault: &_| match fault {
        crate::office::Fault::NotFound => "there is no such account or deputy 没有这个账号或代表".to_owned(),
        other => open::told(other),
    };
    match command {
        PeopleCommand::Export { whom, json } => {
            let office = open::office(&config, Purpose::Read)?;
            let held = office.held(&whom.whom()).map_err(|fault| told(&fault))?;
            match json {
                true => println!("{}", serde_json::to_string_pretty(&held).map_err(|e| e.to_string())?),
                false => print!("{}", readable(&held)?),
            }
        }
        PeopleCommand::Erase { whom, reason, also, by, force_reason, confirm } => {
            let erasure = Erasure { whom: whom.whom(), reason, also, by, force_reason };
            let purpose = if confirm { Purpose::Write } else { Purpose::Read };
            let office = open::office(&config, purpose)?;
            let plan = match confirm {
                true => office.erase(erasure),
                false => office.erasure_plan(&erasure),
            };
            print!(
                "{}",
                plan_told(&plan.map_err(|fault| told(&fault))?, confirm, office.store().is_sqlite())
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// One heading for each kind of thing, one line for each.
fn readable(held: &Held) -> Result<String, String> {
    let Value::Object(parts) = serde_json::to_value(held).map_err(|e| e.to_string())? else {
        return Ok(String::new());
    };
    let mut text = String::new();
    for (part, lines) in parts {
        let lines = lines.as_array().cloned().unwrap_or_default();
        let zh = match part.as_str() {
            "accounts" => "账号",
            "memberships" => "身份",
            "sign_ins" => "登录记录",
            "means" => "登录方式（单点登录、常用设备、动态码）",
            "deputies" => "代表",
            "cases" => "参与的办件",
            "events" => "所作的记录",
            "files" => "上传的附件",
            "acts" => "操作记录（本人所作及涉及本人）",
            "texts" => "留存的姓名等文字",
            _ => "可能指本人的表单文字（同名者须人工辨别）",
        };
        text += &format!("{zh} {part}: {}\n", lines.len());
        for line in lines {
            let members = line.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
            let members: Vec<String> = members
                .map(|(name, value)| match value {
                    Value::String(value) => format!("{name}={value}"),
                    value => format!("{name}={value}"),
                })
                .collect();
            text += &format!("  {}\n", members.join("  "));
        }
    }
    Ok(text)
}

fn plan_told(plan: &Plan, done: bool, sqlite: bool) -> String {
    let mut text = String::new();
    let mut line = |told: String| text += &format!("{told}\n");
    line(match done {
        true => "erased 已删除:".to_owned(),
        false => "would be erased 将删除:".to_owned(),
    });
    for id in &plan.accounts {
        line(format!(
            "  account 账号 {id}: username, name, password, sign-ins, addresses; its memberships end 用户名、姓名、密码、登录记录、地址，身份终止"
        ));
    }
    for id in &plan.deputies {
        line(format!("  deputy 代表 {id}: name 姓名"));
    }
    for it in &plan.texts {
        line(format!("  text 文字 {} {} {}", it.digest, it.congress_id, if done { "" } else { &it.text }));
    }
    line(format!(
        "  the name in the rows of {} cases, derived anew 办件中的姓名，重新推导",
        plan.cases.len()
    ));
    line("stays 保留:".to_owned());
    line("  what was done in office, under ids that name nobody: the statutory record (代表法; 个人信息保护法 13(3), 19) 履职记录，不再指名".to_owned());
    line("  titles, texts, letters, reasons and attached files: the public record itself 标题、正文、答复、理由和附件".to_owned());
    if plan.events_that_keep_the_name > 0 {
        line(format!(
            "  {} events whose text has the name: free text, or written in the clear before names were committed to; nothing can take it out of them {} 条记录的文字中有该姓名，无法删除",
            plan.events_that_keep_the_name, plan.events_that_keep_the_name
        ));
    }
    for it in &plan.texts_that_may_mean_him {
        line(format!(
            "  a form's text with the name, who may be a namesake 表单文字（或为同名者）: --also {} ({} {}, {})",
            it.digest, it.subject_kind, it.subject_id, it.text
        ));
    }
    line(match sqlite {
        true => "  backups made before: see docs/personal-data.md 此前的备份".to_owned(),
        false => "  archived WAL, replicas' and backups' copies, and freed pages until they are written over: see docs/personal-data.md 归档日志、备份和尚未覆盖的空闲页".to_owned(),
    });
    if !done {
        for duty in &plan.duties {
            line(format!("a duty is left, which --force-reason is needed for 尚有职责: {duty}"));
        }
        line("nothing was written; add --confirm to do it 未写入任何内容；加 --confirm 执行".to_owned());
    }
    text
}
