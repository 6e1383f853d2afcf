//! The command line: see `jianyi --help`.

fn main() {}
