//! What stories are told with: a congress of their own on either database, its people, and the printing of a story.

pub mod client;
pub mod forger;
pub mod forging;
pub mod postgres;
pub mod program;
pub mod receiver;
pub mod s3;
pub mod sign_on;
pub mod smtp;
pub mod suite;
pub mod world;

pub use world::World;

/// Runs a story once on SQLite and once on PostgreSQL; `under "…"` another policy than the usual one.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* $(under $policy:literal)? fn $name:ident($world:ident) $body:block)+) => {
        $(
            fn $name($world: &$crate::support::World) $body

            mod $name {
                use $crate::support::World;

                #[test]
                $(#[$meta])*
                fn sqlite() {
                    super::$name(&World::on_sqlite()$(.under($policy))?);
                }

                #[test]
                $(#[$meta])*
                fn postgres() {
                    super::$name(&World::on_postgres()$(.under($policy))?);
                }
            }
        )+
    };
}
