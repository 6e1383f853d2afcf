//! What stands on a written letter, read back by others' programs.

mod on_paper;
mod printed;
mod typed;
