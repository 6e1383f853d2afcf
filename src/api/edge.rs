//! How the service meets the network: what a server is started with beside the office.

use super::{address::Proxies, limits::Limits};

/// How the network is met.
pub struct Edge {
    /// Whose word about a caller's address counts.
    pub proxies: Proxies,
    /// How often somebody may ask.
    pub limits: Limits,
}

impl Default for Edge {
    /// Trusts nobody, and lets everybody ask as often as he likes.
    fn default() -> Edge {
        Edge { proxies: Proxies::default(), limits: Limits::off() }
    }
}
