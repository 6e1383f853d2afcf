//! The table of settings: the one place that knows their names, defaults and meanings.
//!
//! Reading, `jianyi config` and the README's table all walk it. To add a setting: a constant here and in
//! [`SETTINGS`], a field in [`Config`](super::Config), a line in its `read`.

use super::{evidence, mail, oidc};

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Its environment variable.
    pub name: &'static str,
    /// Its key in the TOML file; none for the setting that names the file.
    pub key: Option<&'static str>,
    /// What holds when nobody sets it.
    pub default: Default,
    /// Whether its value must never be shown.
    pub secret: bool,
    /// What a right value looks like; completes "wanted: …".
    pub right: &'static str,
    /// What it does, in Chinese.
    pub zh: &'static str,
    /// What it does, in English.
    pub en: &'static str,
}

/// What holds when a setting is not set.
#[derive(Debug)]
pub enum Default {
    /// This text, read as if it had been written.
    Text(&'static str),
    /// Worked out from other settings or from the machine; the text tells the reader how.
    Derived(&'static str),
    /// Nothing.
    Unset,
}

impl Default {
    /// The default as documentation shows it.
    pub fn shown(&self) -> &'static str {
        match self {
            Self::Text(text) | Self::Derived(text) => text,
            Self::Unset => "–",
        }
    }
}

pub static CONFIG: Setting = Setting {
    name: "JIANYI_CONFIG",
    key: None,
    default: Default::Unset,
    secret: false,
    right: "the path of a TOML file that can be read",
    zh: "配置文件（TOML）；环境变量优先",
    en: "settings file (TOML); also --config; the environment wins over it",
};

pub static BIND: Setting = Setting {
    name: "JIANYI_BIND",
    key: Some("bind"),
    default: Default::Text("127.0.0.1:8080"),
    secret: false,
    right: "an address and a port, such as 127.0.0.1:8080 or [::]:8080",
    zh: "监听地址和端口",
    en: "address and port to listen on",
};

pub static DATABASE_URL: Setting = Setting {
    name: "DATABASE_URL",
    key: Some("database_url"),
    default: Default::Derived("sqlite:<data dir>/jianyi.db"),
    secret: true,
    right: "sqlite:PATH, postgres://… or postgresql://…",
    zh: "数据库：SQLite 文件或 PostgreSQL",
    en: "database: a SQLite file or PostgreSQL",
};

pub static DATA_DIR: Setting = Setting {
    name: "JIANYI_DATA_DIR",
    key: Some("data_dir"),
    default: Default::Text("./data"),
    secret: false,
    right: "a directory",
    zh: "数据目录：数据库文件、密钥、附件",
    en: "directory of the database file, keys and attachments",
};

pub static POLICY_DIR: Setting = Setting {
    name: "JIANYI_POLICY_DIR",
    key: Some("policy_dir"),
    default: Default::Unset,
    secret: false,
    right: "a directory",
    zh: "本单位办理办法文件（*.toml）所在目录；启动时读入",
    en: "directory of policies of your own (*.toml), read at the start",
};

pub static MODE: Setting = Setting {
    name: "JIANYI_MODE",
    key: Some("mode"),
    default: Default::Text("production"),
    secret: false,
    right: "production or sample",
    zh: "运行方式：production 正式，sample 示例数据",
    en: "production, or sample to serve made-up data; also --sample",
};

pub static SAMPLE_PASSWORD: Setting = Setting {
    name: "JIANYI_SAMPLE_PASSWORD",
    key: Some("sample_password"),
    default: Default::Unset,
    secret: true,
    right: "a password",
    zh: "示例账户的密码（仅示例方式）；不设则随机生成",
    en: "password of the sample's accounts (sample mode only); made at random when unset",
};

pub static TOKEN_KEY_FILE: Setting = Setting {
    name: "JIANYI_TOKEN_KEY_FILE",
    key: Some("token_key_file"),
    default: Default::Derived("<data dir>/token.key"),
    secret: false,
    right: "a path",
    zh: "签发访问令牌的私钥文件；没有则生成",
    en: "private key that signs access tokens; made when missing",
};

pub static TOKEN_MINUTES: Setting = Setting {
    name: "JIANYI_TOKEN_MINUTES",
    key: Some("token_minutes"),
    default: Default::Text("10"),
    secret: false,
    right: "a number of minutes from 1 to 60",
    zh: "访问令牌有效分钟数",
    en: "life of an access token, in minutes",
};

pub static ISSUER: Setting = Setting {
    name: "JIANYI_ISSUER",
    key: Some("issuer"),
    default: Default::Text("jianyi"),
    secret: false,
    right: "a name, usually the address at which the service is reached",
    zh: "访问令牌的签发者名称；不认其他签发者的令牌",
    en: "who issues access tokens; those of another issuer are refused",
};

pub static SECOND_FACTOR: Setting = Setting {
    name: "JIANYI_SECOND_FACTOR",
    key: Some("second_factor"),
    default: Default::Derived(
        "committee,committee_leader,auditor,administrator,operator (sample mode: none)",
    ),
    secret: false,
    right: "roles between commas, such as committee,auditor; or none",
    zh: "登录须有第二验证因素（动态码）的角色",
    en: "roles that need a second factor (an authenticator's code) to sign in",
};

pub static BREACHED_PASSWORDS: Setting = Setting {
    name: "JIANYI_BREACHED_PASSWORDS",
    key: Some("breached_passwords"),
    default: Default::Unset,
    secret: false,
    right: "the path of a readable file of SHA-1 digests in order, HASH:count in each line",
    zh: "已泄露密码库（按 SHA-1 排序的文件），其中的密码不予采用",
    en: "file of stolen passwords (SHA-1 digests, sorted); one that is on it cannot be chosen",
};

pub static PUBLIC_URL: Setting = Setting {
    name: "JIANYI_PUBLIC_URL",
    key: Some("public_url"),
    default: Default::Derived("http://<address listened on>"),
    secret: false,
    right: "an address such as https://jianyi.example.cn",
    zh: "用户访问本系统的网址；邀请和重置链接以此开头",
    en: "where people reach the service; invitation and reset links begin with it",
};

pub static LOG: Setting = Setting {
    name: "JIANYI_LOG",
    key: Some("log"),
    default: Default::Text("info"),
    secret: false,
    right: "a filter, such as info or info,jianyi::store=debug",
    zh: "日志级别或过滤条件",
    en: "what to log: a level, or a filter by module",
};

pub static LOG_FORMAT: Setting = Setting {
    name: "JIANYI_LOG_FORMAT",
    key: Some("log_format"),
    default: Default::Text("json"),
    secret: false,
    right: "json or text",
    zh: "日志格式：json 或 text",
    en: "form of a log line: json or text",
};

pub static WORKERS: Setting = Setting {
    name: "JIANYI_WORKERS",
    key: Some("workers"),
    default: Default::Derived("number of cores"),
    secret: false,
    right: "a number from 1 to 1024",
    zh: "处理请求的线程数",
    en: "threads that serve requests",
};

pub static POOL: Setting = Setting {
    name: "JIANYI_POOL",
    key: Some("pool"),
    default: Default::Text("16"),
    secret: false,
    right: "a number from 1 to 1000",
    zh: "数据库连接数",
    en: "database connections",
};

pub static BODY_LIMIT: Setting = Setting {
    name: "JIANYI_BODY_LIMIT",
    key: Some("body_limit"),
    default: Default::Text("1048576"),
    secret: false,
    right: "a number of bytes from 1024 to 67108864",
    zh: "请求正文上限（字节）",
    en: "largest request body, in bytes",
};

pub static FILES_DIR: Setting = Setting {
    name: "JIANYI_FILES_DIR",
    key: Some("files_dir"),
    default: Default::Derived("<data dir>/files"),
    secret: false,
    right: "a directory",
    zh: "附件目录；随数据库一同备份",
    en: "directory of the attachments; back it up with the database",
};

pub static FILES_URL: Setting = Setting {
    name: "JIANYI_FILES_URL",
    key: Some("files_url"),
    default: Default::Derived("file:<files dir>"),
    secret: false,
    right: "file:PATH or s3://BUCKET/PREFIX",
    zh: "附件存放处：目录，或 S3 兼容存储的桶",
    en: "where the attachments are: a directory, or a bucket of an S3-compatible store",
};

pub static S3_ENDPOINT: Setting = Setting {
    name: "JIANYI_S3_ENDPOINT",
    key: Some("s3_endpoint"),
    default: Default::Unset,
    secret: false,
    right: "https://HOST or https://HOST:PORT; http:// only for this machine, or with JIANYI_S3_PLAIN_HTTP=true",
    zh: "S3 兼容存储的地址",
    en: "address of the S3-compatible store; when unset, Amazon's own of the region",
};

pub static S3_REGION: Setting = Setting {
    name: "JIANYI_S3_REGION",
    key: Some("s3_region"),
    default: Default::Text("us-east-1"),
    secret: false,
    right: "a region's name; stores of one's own take any",
    zh: "S3 区域",
    en: "region of the store, which its signatures name",
};

pub static S3_ACCESS_KEY: Setting = Setting {
    name: "JIANYI_S3_ACCESS_KEY",
    key: Some("s3_access_key"),
    default: Default::Unset,
    secret: false,
    right: "the access key's id",
    zh: "S3 访问密钥标识",
    en: "id of the access key",
};

pub static S3_SECRET: Setting = Setting {
    name: "JIANYI_S3_SECRET",
    key: Some("s3_secret"),
    default: Default::Unset,
    secret: true,
    right: "the access key's secret; better in a file, JIANYI_S3_SECRET_FILE",
    zh: "S3 访问密钥；宜放在文件中",
    en: "secret of the access key; better in a file",
};

pub static S3_SECRET_FILE: Setting = Setting {
    name: "JIANYI_S3_SECRET_FILE",
    key: Some("s3_secret_file"),
    default: Default::Unset,
    secret: false,
    right: "the path of a file that holds the access key's secret and that others cannot read (chmod 600)",
    zh: "存放 S3 访问密钥的文件",
    en: "file with the secret of the access key",
};

pub static S3_PLAIN_HTTP: Setting = Setting {
    name: "JIANYI_S3_PLAIN_HTTP",
    key: Some("s3_plain_http"),
    default: Default::Text("false"),
    secret: false,
    right: "true or false",
    zh: "允许不加密访问非本机的 S3 存储",
    en: "whether a store on another machine may be spoken to without TLS",
};

pub static ATTACHMENT_LIMIT: Setting = Setting {
    name: "JIANYI_ATTACHMENT_LIMIT",
    key: Some("attachment_limit"),
    default: Default::Text("20971520"),
    secret: false,
    right: "a number of bytes from 1024 to 67108864",
    zh: "单个附件上限（字节）",
    en: "largest attachment, in bytes",
};

pub static FONT: Setting = Setting {
    name: "JIANYI_FONT",
    key: Some("font"),
    default: Default::Unset,
    secret: false,
    right: "the path of a .ttf, .otf or .ttc file with Chinese characters",
    zh: "公文 PDF 所用的中文字体文件；不设则用系统里的 Noto CJK",
    en: "font file of letters in PDF; when unset, Noto CJK where the system keeps it",
};

pub static SHUTDOWN_SECONDS: Setting = Setting {
    name: "JIANYI_SHUTDOWN_SECONDS",
    key: Some("shutdown_seconds"),
    default: Default::Text("10"),
    secret: false,
    right: "a number of seconds from 1 to 300",
    zh: "停机时等待在途请求的秒数",
    en: "time running requests get to finish at shutdown, in seconds",
};

pub static TRUSTED_PROXIES: Setting = Setting {
    name: "JIANYI_TRUSTED_PROXIES",
    key: Some("trusted_proxies"),
    default: Default::Unset,
    secret: false,
    right: "addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8",
    zh: "可信代理的地址或网段（逗号分隔）；只有它们的 X-Forwarded-For 和 X-Forwarded-Proto 才被采信",
    en: "addresses or networks of the TLS proxies in front, with commas between them; X-Forwarded-For and X-Forwarded-Proto are believed from these alone",
};

pub static RATE_CALLER: Setting = Setting {
    name: "JIANYI_RATE_CALLER",
    key: Some("rate_caller"),
    default: Default::Text("1200"),
    secret: false,
    right: RATE,
    zh: "每个登录会话每分钟的请求数上限；0 为不限",
    en: "requests a minute of each sign-in; 0 for no limit",
};

pub static RATE_ADDRESS: Setting = Setting {
    name: "JIANYI_RATE_ADDRESS",
    key: Some("rate_address"),
    default: Default::Text("600"),
    secret: false,
    right: RATE,
    zh: "未登录时每个地址每分钟的请求数上限；0 为不限",
    en: "requests a minute of each address that is not signed in; 0 for no limit",
};

pub static RATE_SIGN_IN: Setting = Setting {
    name: "JIANYI_RATE_SIGN_IN",
    key: Some("rate_sign_in"),
    default: Default::Text("60"),
    secret: false,
    right: RATE,
    zh: "每个地址每分钟登录、续期、退出的次数上限；0 为不限",
    en: "sign-ins, refreshes and sign-outs a minute of each address; 0 for no limit",
};

pub static RATE_OPINION: Setting = Setting {
    name: "JIANYI_RATE_OPINION",
    key: Some("rate_opinion"),
    default: Default::Text("10"),
    secret: false,
    right: "a number of opinions an hour from 0 to 1000000; 0 for no limit",
    zh: "每个地址每小时网上反映意见的次数上限；0 为不限",
    en: "opinions an hour that one address may send by the public form; 0 for no limit",
};

const RATE: &str = "a number of requests a minute from 0 to 1000000; 0 for no limit";

pub static CORS_ORIGINS: Setting = Setting {
    name: "JIANYI_CORS_ORIGINS",
    key: Some("cors_origins"),
    default: Default::Unset,
    secret: false,
    right: "origins with commas between them, such as https://console.example.org",
    zh: "允许跨域访问的网页来源（逗号分隔）；不设则一律不允许",
    en: "origins whose pages may call the API, with commas between them; none when unset",
};

pub static WEBHOOK_ALLOW: Setting = Setting {
    name: "JIANYI_WEBHOOK_ALLOW",
    key: Some("webhook_allow"),
    default: Default::Unset,
    secret: false,
    right: "host names, addresses or networks with commas between them, such as oa.example.org,10.20.0.0/16",
    zh: "事件推送除公网地址外还可到达的主机、地址或网段（逗号分隔）；对其也可用 http",
    en: "hosts, addresses or networks that webhooks may reach beside the public internet, with commas between them; to these also by http",
};

/// Every setting, in the order in which a reader wants them.
pub static SETTINGS: [&Setting; 52] = [
    &CONFIG,
    &BIND,
    &TRUSTED_PROXIES,
    &DATABASE_URL,
    &DATA_DIR,
    &POLICY_DIR,
    &MODE,
    &SAMPLE_PASSWORD,
    &TOKEN_KEY_FILE,
    &TOKEN_MINUTES,
    &ISSUER,
    &oidc::ISSUER,
    &oidc::CLIENT_ID,
    &oidc::CLIENT_SECRET_FILE,
    &oidc::REDIRECT_URI,
    &oidc::SCOPES,
    &oidc::NAME,
    &oidc::SECOND_FACTOR,
    &mail::SMTP_URL,
    &mail::SMTP_USER,
    &mail::SMTP_PASSWORD_FILE,
    &mail::MAIL_FROM,
    &SECOND_FACTOR,
    &BREACHED_PASSWORDS,
    &PUBLIC_URL,
    &evidence::KEY_FILE,
    &evidence::CHECKPOINTS,
    &evidence::NAME,
    &evidence::HASH,
    &evidence::WITNESSES,
    &LOG,
    &LOG_FORMAT,
    &WORKERS,
    &POOL,
    &RATE_CALLER,
    &RATE_ADDRESS,
    &RATE_SIGN_IN,
    &RATE_OPINION,
    &CORS_ORIGINS,
    &WEBHOOK_ALLOW,
    &BODY_LIMIT,
    &FILES_DIR,
    &FILES_URL,
    &S3_ENDPOINT,
    &S3_REGION,
    &S3_ACCESS_KEY,
    &S3_SECRET,
    &S3_SECRET_FILE,
    &S3_PLAIN_HTTP,
    &ATTACHMENT_LIMIT,
    &FONT,
    &SHUTDOWN_SECONDS,
];

/// The table as Markdown, for the README.
pub fn markdown() -> String {
    let mut text =
        String::from("| 设置 Setting | 文件键 File key | 默认 Default | 含义 Meaning |\n|---|---|---|---|\n");
    for setting in SETTINGS {
        let key = setting.key.map(|key| format!("`{key}`")).unwrap_or_else(|| "–".to_owned());
        let default = match &setting.default {
            Default::Text(text) => format!("`{text}`"),
            other => other.shown().replace('<', "&lt;"),
        };
        text += &format!("| `{}` | {key} | {default} | {}<br>{} |\n", setting.name, setting.zh, setting.en);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_setting_has_its_own_name_and_a_meaning_in_both_languages() {
        let mut seen = HashSet::new();
        for setting in SETTINGS {
            assert!(seen.insert(setting.name), "{} stands twice", setting.name);
            assert!(setting.key.is_none_or(|key| seen.insert(key)), "{} shares its key", setting.name);
            assert!(!setting.zh.is_ascii() && !setting.en.is_empty() && !setting.right.is_empty());
        }
    }

    const START: &str = "<!-- settings -->\n";
    const END: &str = "<!-- /settings -->";

    /// Rewrites the table in the README, and fails once so that the change is seen.
    #[test]
    fn the_readme_has_this_table() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        let readme = std::fs::read_to_string(&path).unwrap_or_default();
        let Some((before, rest)) = readme.split_once(START) else { return };
        let (table, after) = rest.split_once(END).expect("README.md opens the settings table and closes it");
        if table != markdown() {
            std::fs::write(&path, format!("{before}{START}{}{END}{after}", markdown())).unwrap();
            panic!("the settings table in README.md was out of date; it is rewritten now");
        }
    }
}
