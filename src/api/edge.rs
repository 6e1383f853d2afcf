//! How the service meets the network: what a server is started with beside the office.

use super::{
    address::Proxies, cross_origin::Origins, limits::Limits, patience::Patience, plain_http::Refuse,
};

/// How the network is met.
pub struct Edge {
    /// Whose word about a caller's address counts.
    pub proxies: Proxies,
    /// How often somebody may ask.
    pub limits: Limits,
    /// How long he may keep a connection waiting.
    pub patience: Patience,
    /// The pages that may call.
    pub origins: Origins,
    /// Whether plain text from the network is refused.
    pub plain_http: Refuse,
}

impl Default for Edge {
    /// Trusts nobody, lets everybody ask as often as he likes and in plain text, and opens to no page.
    fn default() -> Edge {
        Edge {
            proxies: Proxies::default(),
            limits: Limits::off(),
            patience: Patience::default(),
            origins: Origins::default(),
            plain_http: Refuse(false),
        }
    }
}
