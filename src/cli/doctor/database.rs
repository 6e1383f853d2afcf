//! The database: whether it answers, is this program's, and keeps its ledger; and who can sign in to it.

use super::{Finding, Site};
use crate::{
    cli::sample,
    domain::say::Say,
    identity::password,
    store::{
        Schema, StoreError,
        inspect::{Account, Link, Peek},
        settings,
    },
};
use chrono::{NaiveDateTime, TimeDelta};

/// How far two clocks may be apart.
const APART: TimeDelta = TimeDelta::minutes(1);
/// PostgreSQL before it is no longer mended by its makers.
const OLDEST_POSTGRES: u32 = 14;
/// Accounts whose password is tried; each takes some 25 ms.
const TRIED: usize = 400;

/// Asks the database, where it can be asked at all; [`reachable`] says why not.
fn ask(site: &mut Site<'_>, question: impl FnOnce(&mut Peek) -> Result<Finding, StoreError>) -> Vec<Finding> {
    let Ok(peek) = &mut site.database else { return Vec::new() };
    vec![question(peek).unwrap_or_else(|error| {
        Finding::wrong(
            Say::new(format!("数据库没有回答：{error}"), format!("the database did not answer: {error}")),
            Say::new("运行 jianyi migrate 后再试", "run `jianyi migrate`, and try again"),
        )
    })]
}

/// The same, where the tables are there.
fn ask_tables(
    site: &mut Site<'_>,
    question: impl FnOnce(&mut Peek) -> Result<Finding, StoreError>,
) -> Vec<Finding> {
    let ours = match &mut site.database {
        Ok(peek) => matches!(peek.schema(), Ok(Schema::Current)),
        Err(_) => false,
    };
    if ours { ask(site, question) } else { Vec::new() }
}

/// The sample's sign-ins are printed for everybody to read.
pub fn sample(site: &mut Site<'_>) -> Vec<Finding> {
    let real = site.real();
    ask(site, |peek| {
        // Before the first start there is no table to look into.
        let mark = match peek.schema()? {
            Schema::Empty => None,
            _ => peek.setting(settings::SAMPLE)?,
        };
        Ok(match mark {
            Some(_) if real => Finding::wrong(
                Say::new(
                    "该数据库是示例地区，其账户人人皆知",
                    "this database holds the sample district with its known sign-ins",
                ),
                Say::new(
                    "在 DATABASE_URL 或 JIANYI_DATA_DIR 中另指一个",
                    "name another in DATABASE_URL or JIANYI_DATA_DIR, or run `jianyi serve --sample`",
                ),
            ),
            _ => Finding::fine("不是正式方式下的示例数据", "no sample is served as real"),
        })
    })
}

pub fn reachable(site: &mut Site<'_>) -> Vec<Finding> {
    vec![match &site.database {
        Ok(_) => {
            let shown = site.config.database.to_string();
            Finding::fine(format!("{shown} 可以连接"), format!("{shown} answers"))
        }
        Err(error) => Finding::wrong(
            Say::new(format!("数据库无法连接：{error}"), error.clone()),
            Say::new(
                "检查 DATABASE_URL 和数据库服务；新装系统先运行 jianyi migrate",
                "check DATABASE_URL and the server; a new installation begins with `jianyi migrate`",
            ),
        ),
    }]
}

pub fn schema(site: &mut Site<'_>) -> Vec<Finding> {
    let migrate =
        || Say::new("运行 jianyi migrate，或启动服务", "run `jianyi migrate`, or start the service");
    ask(site, |peek| {
        Ok(match peek.schema()? {
            Schema::Current => Finding::fine("结构与本程序一致", "the schema is this program's"),
            Schema::Empty => Finding::wrong(Say::new("数据库是空的", "the database is empty"), migrate()),
            Schema::Older(missing) => Finding::wrong(
                Say::new(
                    format!("尚有 {missing} 项迁移未执行"),
                    format!("{missing} migrations have not run"),
                ),
                migrate(),
            ),
            Schema::Newer(version) => Finding::wrong(
                Say::new(
                    format!("数据库由更新的版本写成（{version}）"),
                    format!("a newer jianyi wrote it (migration {version} is unknown here)"),
                ),
                Say::new("安装该版本的程序", "install that version"),
            ),
        })
    })
}

pub fn version(site: &mut Site<'_>) -> Vec<Finding> {
    ask(site, |peek| {
        let (version, link) = (peek.version()?, peek.now()?);
        let Some(_) = link else {
            return Ok(match peek.sqlite_is_new_enough() {
                true => Finding::fine(format!("SQLite {version}"), format!("SQLite {version}")),
                false => Finding::wrong(
                    Say::new(
                        format!("SQLite {version} 在并发下可能损坏数据"),
                        format!("SQLite {version} can damage a database under load"),
                    ),
                    Say::new("升级到 3.51.3 或更新", "build with 3.51.3 or newer"),
                ),
            });
        };
        let major = version.split(['.', ' ']).next().and_then(|it| it.parse().ok()).unwrap_or(0);
        Ok(match major >= OLDEST_POSTGRES {
            true => Finding::fine(format!("PostgreSQL {version}"), format!("PostgreSQL {version}")),
            false => Finding::warning(
                Say::new(
                    format!("PostgreSQL {version} 已不再维护"),
                    format!("PostgreSQL {version} is no longer maintained"),
                ),
                Say::new("升级数据库服务器", "upgrade the server"),
            ),
        })
    })
}

pub fn link(site: &mut Site<'_>) -> Vec<Finding> {
    ask(site, |peek| {
        Ok(match peek.link()? {
            Link::Local => Finding::fine("经本机连接", "reached within this machine"),
            Link::Tls => Finding::fine("经 TLS 连接", "reached over TLS"),
            Link::Plain => Finding::warning(
                Say::new("经网络以明文连接数据库", "the database is reached over the network in plain text"),
                Say::new(
                    "改用本机套接字，或经隧道（如 WireGuard、stunnel）连接",
                    "use a local socket, or a tunnel such as WireGuard or stunnel",
                ),
            ),
        })
    })
}

/// The triggers that refuse to change or delete what was recorded.
pub fn guards(site: &mut Site<'_>) -> Vec<Finding> {
    ask_tables(site, |peek| {
        Ok(match peek.guards_missing()?.as_slice() {
            [] => Finding::fine("台账防改触发器齐全", "the ledger's guards are all there"),
            missing => Finding::wrong(
                Say::new(
                    format!("台账防改触发器缺失或被改动：{}", missing.join("、")),
                    format!("guards of the ledger are missing or changed: {}", missing.join(", ")),
                ),
                Say::new(
                    "查明是谁所为；运行 jianyi migrate 重设触发器，再运行 jianyi verify",
                    "find out who did it; `jianyi migrate` lays them anew, then run `jianyi verify`",
                ),
            ),
        })
    })
}

/// Legal days are taken from the clock.
pub fn clock(site: &mut Site<'_>) -> Vec<Finding> {
    let now = site.now.naive_utc();
    let far = |at: NaiveDateTime| (at - now).abs() > APART;
    ask_tables(site, |peek| {
        let (server, latest) = (peek.now()?.filter(|at| far(*at)), peek.latest_event()?);
        let set = || Say::new("校准时钟（如 chrony、NTP）", "set the clocks right (chrony, NTP)");
        Ok(match (server, latest.filter(|at| *at > now + APART)) {
            (Some(server), _) => Finding::wrong(
                Say::new(
                    format!("数据库的时间 {server} 与本机 {now} 不一致"),
                    format!("the database has {server}, this machine {now}"),
                ),
                set(),
            ),
            (None, Some(latest)) => Finding::wrong(
                Say::new(
                    format!("最新记录的时间 {latest} 在将来，时钟可能被拨回"),
                    format!(
                        "the latest event is of {latest}, in the future: the clock was wrong then, or is now"
                    ),
                ),
                set(),
            ),
            (None, None) => Finding::fine("时间合理", "the clocks agree with what was recorded"),
        })
    })
}

/// Whoever can sign in has a password that is hashed as today's are, and that nobody else was told.
pub fn accounts(site: &mut Site<'_>) -> Vec<Finding> {
    let known = sample::known_password(site.config);
    ask_tables(site, |peek| {
        let accounts = peek.accounts()?;
        let named =
            |them: Vec<&Account>| them.iter().map(|it| it.username.as_str()).collect::<Vec<_>>().join(", ");
        let told = |it: &&Account| {
            known.as_ref().is_some_and(|known| password::verify(known, it.password.as_deref()))
        };
        let told: Vec<_> = accounts.iter().take(TRIED).filter(told).collect();
        let weak = |it: &&Account| it.password.as_deref().is_some_and(|hash| !password::is_current(hash));
        let weak: Vec<_> = accounts.iter().filter(weak).collect();
        Ok(match (told.is_empty(), weak.is_empty()) {
            (false, _) => Finding::wrong(
                Say::new(
                    format!("账户使用示例的密码：{}", named(told.clone())),
                    format!("accounts with the sample's password: {}", named(told)),
                ),
                Say::new("更换这些密码，或停用账户", "give them other passwords, or disable them"),
            ),
            (true, false) => Finding::warning(
                Say::new(
                    format!("账户的密码散列参数较弱：{}", named(weak.clone())),
                    format!("accounts whose password is hashed with weaker parameters: {}", named(weak)),
                ),
                Say::new("为这些账户重设密码", "set these passwords anew"),
            ),
            (true, true) => Finding::fine(
                format!("{} 个账户可以用密码登录", accounts.len()),
                format!("{} accounts can sign in with a password", accounts.len()),
            ),
        })
    })
}
