//! What the benchmarks are made of: a load generator, servers in processes of their own, and a printed table.

pub mod answer;
pub mod bare;
pub mod child;
pub mod data;
pub mod load;
pub mod pgbench;
#[expect(dead_code, reason = "the tests share one server; the benchmarks start their own")]
#[path = "../../tests/it/support/postgres.rs"]
pub mod postgres;
pub mod table;
