//! How the service is reached: TLS is a proxy's work, which has to be there and to be known.

use super::{Finding, Site};
use crate::{
    cli::{open, serve},
    domain::say::Say,
};

/// Plain HTTP stays on this machine, or between it and a proxy that is named.
pub fn bind(site: &mut Site<'_>) -> Vec<Finding> {
    let bind = site.config.bind;
    let named = !site.config.edge.trusted_proxies.is_empty();
    vec![match (bind.ip().to_canonical().is_loopback(), named) {
        (true, _) => Finding::fine(
            format!("在 {bind} 监听，仅本机可达"),
            format!("listens on {bind}, which this machine alone reaches"),
        ),
        (false, true) => Finding::fine(
            format!("在 {bind} 监听，由可信代理转来"),
            format!("listens on {bind}, behind proxies that are named"),
        ),
        (false, false) if site.real() => Finding::wrong(
            Say::new(
                format!("在 {bind} 以明文 HTTP 监听，网络上可见"),
                format!("listens on {bind} in plain HTTP, for the network to see"),
            ),
            Say::new(
                "在前面设置 TLS 代理，并在 JIANYI_TRUSTED_PROXIES 中写明其地址；或将 JIANYI_BIND 设为 127.0.0.1:8080",
                "put a TLS proxy in front and name it in JIANYI_TRUSTED_PROXIES, or bind to 127.0.0.1 (JIANYI_BIND)",
            ),
        ),
        (false, false) => Finding::fine(
            format!("在 {bind} 以明文 HTTP 监听（示例）"),
            format!("listens on {bind} in plain HTTP (sample)"),
        ),
    }]
}

/// A proxy on this machine that is not named makes all callers one address.
pub fn proxies(site: &mut Site<'_>) -> Vec<Finding> {
    let proxies = &site.config.edge.trusted_proxies;
    let shown = proxies.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    vec![match proxies.is_empty() {
        false => Finding::fine(format!("可信代理 {shown}"), format!("trusts {shown}")),
        true => Finding::warning(
            Say::new(
                "没有可信代理：若有代理转发，所有人都算作同一地址，共用一份请求额度",
                "no proxy is trusted: behind one, all callers count as one address and share its quotas",
            ),
            Say::new(
                "在 JIANYI_TRUSTED_PROXIES 中写明代理的地址，例如 127.0.0.1",
                "name the proxy's address in JIANYI_TRUSTED_PROXIES, for example 127.0.0.1",
            ),
        ),
    }]
}

/// The provider of single sign-on, where one is set, answers and is the one that was meant.
pub fn single_sign_on(site: &mut Site<'_>) -> Vec<Finding> {
    let Some(provider) = serve::single_sign_on(site.config) else {
        return vec![Finding::fine("没有设置单点登录", "no single sign-on is set")];
    };
    let answered = provider.map_err(|error| error.to_string()).and_then(|provider| {
        let asked = open::wait(provider.reachable())?;
        asked.map(|()| provider.issuer().to_owned()).map_err(|error| error.to_string())
    });
    vec![match answered {
        Ok(issuer) => Finding::fine(format!("单点登录 {issuer} 可用"), format!("{issuer} answers")),
        Err(error) => Finding::warning(
            Say::new(format!("单点登录不可用：{error}"), error),
            Say::new(
                "核对 JIANYI_OIDC_ISSUER，并确认本机能访问该服务；在此之前只能用密码登录",
                "look at JIANYI_OIDC_ISSUER, and whether this machine reaches it; until then there are passwords",
            ),
        ),
    }]
}
