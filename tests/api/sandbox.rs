//! Readers of foreign files cannot get out, and a broken file harms nobody else.

use crate::support::{PROGRAM, TestApp, fhir, sandbox};
use keepwell::sandbox::{Failure, Out, Sandbox, self_test};
use keepwell_parsers::{
    sink::{Item, Options},
    source::ReadAt,
};
use std::{
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

fn probe(name: &str, memory: u64, cpu: u64) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args([
        "parse-worker",
        "--memory",
        &memory.to_string(),
        "--cpu",
        &cpu.to_string(),
        "--probe",
        name,
    ]);
    command.env_clear().stdin(Stdio::null()).output().unwrap()
}

#[test]
fn reader_that_opens_a_file_a_socket_or_a_process_is_killed() {
    for attempt in ["open", "socket", "fork"] {
        assert_eq!(probe(attempt, 1 << 30, 10).status.signal(), Some(libc::SIGSYS), "{attempt}");
    }
    let found = self_test(&sandbox()).unwrap();
    assert!(found.escapes.is_empty(), "{found:?}");
}

#[test]
fn reader_that_takes_too_much_memory_or_time_ends() {
    let memory = probe("memory", 256 << 20, 10);
    assert_eq!(memory.status.signal(), Some(libc::SIGABRT));
    assert!(String::from_utf8_lossy(&memory.stderr).contains("memory allocation of"));
    let started = Instant::now();
    assert_eq!(probe("spin", 1 << 30, 1).status.signal(), Some(libc::SIGXCPU));
    assert!(started.elapsed() < Duration::from_secs(60));
}

/// A program of these lines. A child writes it: what this process has open for writing may be inherited
/// by a child that another test starts at that moment, and such a file cannot be run.
fn script(path: &Path, lines: &str) {
    let mut command = Command::new("sh");
    command.args(["-c", r#"printf '%s' "$1" >"$0" && chmod 755 "$0""#]);
    let status = command.arg(path).arg(format!("#!/bin/sh\n{lines}\n")).status().unwrap();
    assert!(status.success());
}

/// Runs the sandbox with a program of the test's own in the reader's place.
async fn with_program(lines: &str, deadline: Duration) -> Result<Vec<Item>, Failure> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("reader");
    script(&path, lines);
    run(&Sandbox { program: path, deadline, output: 1 << 20, ..sandbox() }, Box::new(b"{}".to_vec())).await
}

async fn run(sandbox: &Sandbox, input: Box<dyn ReadAt + Send>) -> Result<Vec<Item>, Failure> {
    let (items, mut got) = tokio::sync::mpsc::channel(4);
    let gather = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Some(batch) = got.recv().await {
            all.extend(batch);
        }
        all
    });
    let out = Out { items, progress: Box::new(|_, _| {}) };
    let end = sandbox.parse(input, None, Options::default(), out).await;
    let all = gather.await.unwrap();
    end.map(|_| all)
}

#[tokio::test]
async fn reader_that_lies_dies_or_hangs_is_told_apart() {
    let long = Duration::from_secs(60);
    for nonsense in [
        "printf '\\001\\000\\000\\000\\022\\377'",
        "printf '\\377\\377\\377\\377\\022'",
        "printf '\\000\\000\\000\\000\\143'",
        "exit 0",
        "kill -SEGV $$",
    ] {
        assert_eq!(with_program(nonsense, long).await.err(), Some(Failure::Crashed), "{nonsense}");
    }
    let started = Instant::now();
    assert_eq!(
        with_program("exec sleep 300", Duration::from_millis(300)).await.err(),
        Some(Failure::Timeout)
    );
    assert!(started.elapsed() < Duration::from_secs(60));
    let endless = "while :; do printf '\\001\\000\\000\\000\\023\\000' 2>/dev/null || exit; head -c 70000 /dev/zero; done";
    assert!(matches!(with_program(endless, long).await, Err(Failure::Crashed | Failure::Memory)));
    let gone = Sandbox { program: PathBuf::from("/nowhere"), ..sandbox() };
    assert_eq!(run(&gone, Box::new(Vec::new())).await.err(), Some(Failure::Unavailable));
}

#[tokio::test]
async fn dropped_future_ends_the_reader() {
    let dir = tempfile::tempdir().unwrap();
    let (path, note) = (dir.path().join("reader"), dir.path().join("pid"));
    // It would be there for longer than the test waits for its end.
    script(&path, &format!("echo $$ > {}\nexec sleep 600", note.display()));
    let sandbox = Sandbox { program: path, ..sandbox() };
    let task = tokio::spawn(async move { run(&sandbox, Box::new(Vec::new())).await });
    let pid = loop {
        match std::fs::read_to_string(&note) {
            Ok(pid) if pid.ends_with('\n') => break pid.trim().to_owned(),
            _ if task.is_finished() => panic!("the reader did not run: {:?}", task.await),
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    task.abort();
    for _ in 0..3000 {
        if !Path::new(&format!("/proc/{pid}")).exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the reader is still there");
}

/// A source that breaks in the middle.
struct Broken;
impl ReadAt for Broken {
    fn len(&self) -> u64 {
        4 << 20
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize> {
        if offset >= 1 << 20 {
            return Err(std::io::ErrorKind::Other.into());
        }
        buf.fill(b'[');
        Ok(buf.len())
    }
}

#[tokio::test]
async fn storage_that_breaks_is_not_blamed_on_the_file() {
    let end = run(&sandbox(), Box::new(Broken)).await;
    assert!(matches!(end, Err(Failure::Unavailable | Failure::Reason(_))), "{end:?}");
}

#[tokio::test]
async fn hostile_files_get_a_plain_reason_and_harm_nobody() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/malformed");
    let mut files = Vec::new();
    list(&folder, &mut files);
    if files.is_empty() {
        eprintln!("skipped: ../shared/data is not here");
        return;
    }
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        match run(&sandbox(), Box::new(bytes)).await {
            Ok(_) => {}
            Err(Failure::Reason(why) | Failure::Kept(why, _)) => {
                for lang in keepwell_domain::lang::Lang::ALL {
                    let words = why.words(lang);
                    assert!(words.len() > 10 && words.ends_with('.'), "{}: {words}", file.display());
                }
            }
            Err(other) => panic!("{}: {other:?}", file.display()),
        }
    }
}

fn list(dir: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() { list(&path, into) } else { into.push(path) }
    }
}

#[tokio::test]
async fn owner_of_a_broken_file_is_told_why_and_others_go_on() {
    let app = TestApp::start().await;
    let (one, other) = (app.person("one@example.org").await, app.person("other@example.org").await);
    let broken = app.upload(&one, "cut.json", &fhir()[..120]).await;
    assert_eq!(broken["state"], "failed");
    assert!(broken["reason"].as_str().unwrap().ends_with('.'), "{broken}");
    assert_eq!(app.upload(&other, "good.json", &fhir()).await["state"], "done");
}
