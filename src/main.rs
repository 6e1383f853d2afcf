//! The program: see `jianyi --help`.

fn main() -> std::process::ExitCode {
    jianyi::cli::run()
}
