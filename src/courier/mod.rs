//! How a message leaves the house: to addresses that may be reached, signed, once, and bounded in time. Knows nothing of
//! cases, and keeps nothing.

pub mod address;
mod post;
pub mod schedule;
pub mod secret;
mod target;

pub use address::Allow;
pub use post::{Courier, NotSent, Resolve};
pub use target::{BadTarget, Target};
