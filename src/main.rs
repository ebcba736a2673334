//! The `keepwell` binary.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    keepwell::cli::main()
}
