//! The settings of single sign-on: all of them, or none.

use super::reader::Reader;
use super::table::{Default, Setting};
use super::{Secret, named};

/// How this installation is known to the provider of single sign-on.
#[derive(Debug, Clone)]
pub struct Oidc {
    /// The provider, exactly as it writes its own address.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// What we show it; none for a public client.
    pub client_secret: Option<Secret>,
    /// Where it sends people back.
    pub redirect_uri: String,
    /// What is asked for beyond `openid`.
    pub scopes: Vec<String>,
    /// What stands on the button.
    pub name: String,
    /// What in `amr`, or as `acr`, says that a second factor was shown.
    pub second_factor: Vec<String>,
}

pub static ISSUER: Setting = Setting {
    name: "JIANYI_OIDC_ISSUER",
    key: Some("oidc_issuer"),
    default: Default::Unset,
    secret: false,
    right: "an https address, exactly as the provider writes it (http only on this machine)",
    zh: "单点登录（OpenID Connect）服务的地址；不设则没有单点登录",
    en: "address of the single sign-on (OpenID Connect); without it there is none",
};

pub static CLIENT_ID: Setting = Setting {
    name: "JIANYI_OIDC_CLIENT_ID",
    key: Some("oidc_client_id"),
    default: Default::Unset,
    secret: false,
    right: "the id that the provider gave this installation",
    zh: "本系统在单点登录服务登记的客户端标识",
    en: "what the provider calls this installation",
};

pub static CLIENT_SECRET_FILE: Setting = Setting {
    name: "JIANYI_OIDC_CLIENT_SECRET_FILE",
    key: Some("oidc_client_secret_file"),
    default: Default::Unset,
    secret: false,
    right: "the path of a file that others cannot read, with the secret alone",
    zh: "客户端密钥所在文件；公共客户端不设",
    en: "file with the client's secret; unset for a public client",
};

pub static REDIRECT_URI: Setting = Setting {
    name: "JIANYI_OIDC_REDIRECT_URI",
    key: Some("oidc_redirect_uri"),
    default: Default::Unset,
    secret: false,
    right: "an address of the front end, as registered with the provider",
    zh: "登录后返回的前端页面地址（须在单点登录服务登记）",
    en: "page of the front end to which the provider sends people back",
};

pub static SCOPES: Setting = Setting {
    name: "JIANYI_OIDC_SCOPES",
    key: Some("oidc_scopes"),
    default: Default::Text("openid"),
    secret: false,
    right: "scopes between spaces",
    zh: "请求的范围；只需要 openid",
    en: "scopes to ask for; openid is all that is needed",
};

pub static NAME: Setting = Setting {
    name: "JIANYI_OIDC_NAME",
    key: Some("oidc_name"),
    default: Default::Text("单点登录 Single sign-on"),
    secret: false,
    right: "a name",
    zh: "登录按钮上显示的名称",
    en: "what stands on its button",
};

pub static SECOND_FACTOR: Setting = Setting {
    name: "JIANYI_OIDC_SECOND_FACTOR",
    key: Some("oidc_second_factor"),
    default: Default::Text("mfa"),
    secret: false,
    right: "values of amr or acr between spaces",
    zh: "amr 或 acr 中表示已验证第二因素的值",
    en: "what in amr, or as acr, says that a second factor was shown",
};

/// Reads them all, so that every mistake is told at once.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Oidc> {
    let issuer = reader.read(&ISSUER, |text| address(text, true));
    let client_id = reader.read(&CLIENT_ID, named);
    let client_secret = reader.read(&CLIENT_SECRET_FILE, Secret::read);
    let redirect_uri = reader.read(&REDIRECT_URI, |text| address(text, false));
    let scopes = reader.read(&SCOPES, words);
    let name = reader.read(&NAME, named);
    let second_factor = reader.read(&SECOND_FACTOR, words);
    let issuer = issuer?;
    for (setting, missing) in [(&CLIENT_ID, client_id.is_none()), (&REDIRECT_URI, redirect_uri.is_none())] {
        if missing {
            let line =
                format!("{}: not set, and {} is; wanted: {}", setting.name, ISSUER.name, setting.right);
            reader.errors.push(line);
        }
    }
    Some(Oidc {
        issuer,
        client_id: client_id?,
        client_secret,
        redirect_uri: redirect_uri?,
        scopes: scopes?,
        name: name?,
        second_factor: second_factor?,
    })
}

fn words(text: &str) -> Result<Vec<String>, std::convert::Infallible> {
    Ok(text.split_whitespace().map(str::to_owned).collect())
}

/// What travels to the provider is secret on its way; a page may be anywhere, for the browser sees to it.
fn address(text: &str, secret: bool) -> Result<String, &'static str> {
    let here = |rest: &str| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        ["localhost", "127.0.0.1", "[::1]"].contains(&host)
    };
    match text.split_once("://") {
        Some(("https", rest)) if !rest.is_empty() => Ok(text.to_owned()),
        Some(("http", rest)) if here(rest) => Ok(text.to_owned()),
        Some(("http", _)) if secret => Err("its answers could be forged on the way"),
        Some(("http", rest)) if !rest.is_empty() => Ok(text.to_owned()),
        _ => Err("not an https address"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_provider_on_this_machine_may_go_without_https() {
        for good in [
            "https://login.gov.example/realm",
            "http://localhost:8081",
            "http://[::1]:8081/x",
            "http://127.0.0.1",
        ] {
            assert_eq!(address(good, true).as_deref(), Ok(good));
        }
        for wrong in [
            "http://login.gov.example",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "ftp://x",
            "https://",
            "login",
        ] {
            assert!(address(wrong, true).is_err(), "{wrong}");
        }
        assert!(address("http://intranet.example/signed-in", false).is_ok());
    }
}
