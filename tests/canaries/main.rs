//! Recognisable words and numbers go in through every feature, also through failing ones; none of
//! them may lie anywhere on disk or in a log.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]
#![allow(clippy::print_stderr, clippy::print_stdout, dead_code)]

mod bad;
mod features;
mod files;
#[path = "../faults/http.rs"]
mod http;
mod needles;
#[path = "../faults/postgres.rs"]
mod postgres;
#[path = "../faults/server.rs"]
mod server;
mod zipped;

use features::Planter;
use needles::{Canaries, Needles};
use postgres::Postgres;
use server::{Server, Setup, files_below};
use std::path::Path;

/// A run of the server: what it logs, and how much.
fn run(setup: &Setup, format: &str, level: &str, canaries: &mut Canaries, number: u32) -> Server {
    let setup = setup.clone().set("KEEPWELL_LOG_FORMAT", format).set("KEEPWELL_LOG_LEVEL", level);
    let server = Server::start(&setup);
    let mut planter = Planter::new(&server, canaries, number);
    planter.everything();
    bad::everything(&mut planter);
    no_core_dump(&server);
    server
}

/// A crash must not write the memory to disk.
fn no_core_dump(server: &Server) {
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.child.id())).unwrap();
    let line = limits.lines().find_map(|l| l.strip_prefix("Max core file size")).unwrap();
    assert!(line.trim_start().starts_with("0 "), "core dumps are on:{line}");
}

/// Feature and file of everything found, never what stands around it.
fn found_in(folder: &Path, needles: &Needles) -> Vec<String> {
    let mut found = Vec::new();
    let mut looked = 0;
    for file in files_below(folder) {
        let name = file.strip_prefix(folder).unwrap().display().to_string();
        found.extend(needles.find(name.as_bytes()).into_iter().map(|f| format!("{f} in a file's name")));
        // It may be a socket, or gone by now.
        let Ok(bytes) = std::fs::read(&file) else { continue };
        looked += bytes.len();
        found.extend(needles.find(&bytes).into_iter().map(|f| format!("{f} in {name}")));
    }
    assert!(looked > 0, "nothing was looked at");
    found.sort();
    found.dedup();
    found
}

fn nothing_in(folder: &Path, needles: &Needles) {
    let found = found_in(folder, needles);
    assert!(found.is_empty(), "in the clear:\n{}", found.join("\n"));
}

/// The temporary folder of the server, inside its home so that it is searched with it.
fn setup(home: &Path) -> Setup {
    let temporary = home.join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    Setup::new(home).set("TMPDIR", &temporary.to_string_lossy())
}

#[test]
fn nothing_that_goes_in_is_readable_in_the_data_folder_temporary_files_or_logs() {
    let home = tempfile::tempdir().unwrap();
    let setup = setup(home.path());
    let mut canaries = Canaries::default();
    let server = run(&setup, "json", "trace", &mut canaries, 1);
    // While it runs, with the write-ahead log in use.
    nothing_in(home.path(), &canaries.needles());
    server.kill();
    nothing_in(home.path(), &canaries.needles());
    let server = run(&setup, "human", "trace", &mut canaries, 2);
    assert!(server.stop());
    features::command_line(&setup, &mut canaries);
    nothing_in(home.path(), &canaries.needles());
    assert!(canaries.len() > 80, "only {} canaries went in", canaries.len());
    the_search_can_fail(home.path(), &canaries);
}

/// The control: one canary of each shape in a file of the data folder is found.
fn the_search_can_fail(home: &Path, canaries: &Canaries) {
    let needles = canaries.needles();
    for (feature, bytes) in canaries.shapes() {
        let file = home.join("data/files/control");
        std::fs::write(&file, [b"around ".as_slice(), &bytes, b" it"].concat()).unwrap();
        assert_eq!(found_in(home, &needles), [format!("{feature} in data/files/control")]);
        std::fs::remove_file(file).unwrap();
    }
    nothing_in(home, &needles);
}

#[test]
fn nothing_that_goes_in_is_readable_in_postgres() {
    let Some(postgres) = Postgres::new() else { return };
    let home = tempfile::tempdir().unwrap();
    let setup = setup(home.path()).set("KEEPWELL_DATABASE_URL", &postgres.url());
    let mut canaries = Canaries::default();
    let server = run(&setup, "json", "debug", &mut canaries, 3);
    let needles = canaries.needles();
    nothing_in(home.path(), &needles);
    let dump = postgres.dump();
    assert!(dump.windows(11).any(|w| w == b"COPY public"), "the dump holds no rows");
    let found = needles.find(&dump);
    assert!(found.is_empty(), "in the clear in the database: {}", found.join(", "));
    // Its log holds every statement with its arguments; its write-ahead log every page.
    nothing_in(postgres.folder(), &needles);
    drop(server);
}
