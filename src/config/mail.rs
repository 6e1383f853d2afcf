//! The settings of letters by e-mail: none are sent unless a server is named.

use super::reader::Reader;
use super::table::{Default, Setting};
use super::{Secret, named};

/// The server that takes letters, and whom they come from.
#[derive(Debug, Clone)]
pub struct Mail {
    pub server: Server,
    /// Name and password at the server; none where it takes letters from this machine as it is.
    pub sign_in: Option<(String, Secret)>,
    /// The sender's address.
    pub from: String,
}

/// How the server is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub protection: Protection,
}

/// What keeps a letter from being read on its way to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// TLS from the first byte.
    Tls,
    /// TLS is asked for (STARTTLS), and nothing is sent without it.
    StartTls,
    /// Nothing: the server is on this machine.
    None,
}

pub static SMTP_URL: Setting = Setting {
    name: "JIANYI_SMTP_URL",
    key: Some("smtp_url"),
    default: Default::Unset,
    secret: false,
    right: "smtps://HOST[:465], smtp://HOST[:587] (STARTTLS), or smtp://127.0.0.1:PORT on this machine",
    zh: "发送通知邮件的 SMTP 服务器；不设则不发邮件",
    en: "server that takes letters by e-mail; without it none are sent",
};

pub static SMTP_USER: Setting = Setting {
    name: "JIANYI_SMTP_USER",
    key: Some("smtp_user"),
    default: Default::Unset,
    secret: false,
    right: "a name",
    zh: "SMTP 服务器的用户名",
    en: "name by which the server knows this installation",
};

pub static SMTP_PASSWORD_FILE: Setting = Setting {
    name: "JIANYI_SMTP_PASSWORD_FILE",
    key: Some("smtp_password_file"),
    default: Default::Unset,
    secret: false,
    right: "the path of a file that others cannot read, with the password alone",
    zh: "SMTP 密码所在文件",
    en: "file with the password at that server",
};

pub static MAIL_FROM: Setting = Setting {
    name: "JIANYI_MAIL_FROM",
    key: Some("mail_from"),
    default: Default::Unset,
    secret: false,
    right: "an address such as jianyi@rd.example.cn",
    zh: "通知邮件的发件地址",
    en: "address that letters come from",
};

/// Reads them all, so that every mistake is told at once.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Mail> {
    let server = reader.read(&SMTP_URL, server);
    let user = reader.read(&SMTP_USER, named);
    let password = reader.read(&SMTP_PASSWORD_FILE, Secret::read);
    let from = reader.read(&MAIL_FROM, address);
    let server = server?;
    if from.is_none() {
        let (from, url) = (&MAIL_FROM, SMTP_URL.name);
        reader.errors.push(format!("{}: not set, and {url} is; wanted: {}", from.name, from.right));
    }
    if user.is_some() != password.is_some() {
        let both =
            format!("{} and {}: one is set, the other is not", SMTP_USER.name, SMTP_PASSWORD_FILE.name);
        reader.errors.push(both);
    }
    Some(Mail { server, sign_in: user.zip(password), from: from? })
}

/// Letters name cases and people, so they go in plain text to this machine alone.
fn server(text: &str) -> Result<Server, &'static str> {
    let (scheme, rest) = text.split_once("://").ok_or("no address of a server")?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if rest.is_empty() || rest.contains(['/', '@', '?', '#']) {
        return Err("no address of a server: a host and a port are all that it has");
    }
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let here = ["localhost", "127.0.0.1", "::1"].contains(&host.as_str());
    let (protection, usual) = match scheme {
        "smtps" => (Protection::Tls, 465),
        "smtp" if here => (Protection::None, 25),
        "smtp" => (Protection::StartTls, 587),
        _ => return Err("neither smtp nor smtps"),
    };
    let port = port.map_or(Ok(usual), |port| port.parse().map_err(|_| "the port is no number"))?;
    Ok(Server { host, port, protection })
}

fn address(text: &str) -> Result<String, &'static str> {
    match text.split_once('@') {
        Some((name, host)) if !name.is_empty() && host.contains('.') && !text.contains([' ', '<', '>']) => {
            Ok(text.to_owned())
        }
        _ => Err("not an address"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_in_plain_text_to_this_machine_alone() {
        let read = |text: &str| server(text).map(|it| (it.host, it.port, it.protection));
        let of = |host: &str, port, protection| Ok((host.to_owned(), port, protection));
        assert_eq!(read("smtps://mail.example.cn"), of("mail.example.cn", 465, Protection::Tls));
        assert_eq!(read("smtp://mail.example.cn:2525/"), of("mail.example.cn", 2525, Protection::StartTls));
        assert_eq!(read("smtp://127.0.0.1:1025"), of("127.0.0.1", 1025, Protection::None));
        assert_eq!(read("smtp://[::1]:1025"), of("::1", 1025, Protection::None));
        assert_eq!(read("smtp://localhost"), of("localhost", 25, Protection::None));
        for wrong in [
            "mail.example.cn",
            "http://mail.example.cn",
            "smtp://",
            "smtp://a:b@mail.example.cn",
            "smtp://x:y",
        ] {
            assert!(server(wrong).is_err(), "{wrong}");
        }
        assert!(address("jianyi@rd.example.cn").is_ok());
        assert!(address("建议 <jianyi@rd.example.cn>").is_err() && address("jianyi@localhost").is_err());
    }
}
