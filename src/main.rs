//! The `keepwell` binary.
#![forbid(unsafe_code)]

/// Drawing a page takes thousands of small pieces of memory, a quarter of its time with glibc's allocator
/// (`docs/performance.md`). jemalloc takes address space as it needs it, so the limit on the readers of foreign
/// files still holds; mimalloc reserves a gibibyte at its start.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    keepwell::cli::main()
}
