//! The `keepwell` binary.

fn main() -> std::process::ExitCode {
    keepwell::cli::main()
}
