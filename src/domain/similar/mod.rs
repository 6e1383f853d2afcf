//! Which earlier cases are about the same matter, judged by the words of title and text.
//!
//! `terms.rs` takes a bounded signature from a text, `empty.rs` lists the words that tell nothing, `score.rs` compares
//! two signatures. The way of a question: [`terms`] of the asking text; for each of them the newest cases that have it,
//! which the store keeps; [`shortlist`] of those; [`similarity`] with each of the short list, whose texts are at hand
//! by then; warn from [`SIMILAR`] on; [`likely`] for the department. Each of these steps has a bound, so that the
//! answer costs the same whether a congress has a hundred cases or a hundred thousand.

mod empty;
mod score;
mod terms;

#[cfg(test)]
mod tests;

pub use score::{Commonness, NEWEST_PER_TERM, Posting, SHORTLIST, SIMILAR, likely, shortlist, similarity};
pub use terms::{MOST_TERMS, Term, terms};
