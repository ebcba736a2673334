//! What keeps Keepwell from starting, and that it then changes nothing.

use crate::support::PROGRAM;
use std::{
    io::{ErrorKind, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output, Stdio},
};

fn keepwell(data: &Path, args: &[&str], environment: &[(&str, &str)], stdin: &str) -> Output {
    let mut command = Command::new(PROGRAM);
    command
        .args(args)
        .args(["--data-dir", data.to_str().unwrap()])
        .env_clear()
        .envs(environment.iter().copied());
    command.envs([("KEEPWELL_PASSWORDS_MEMORY_KIB", "19456"), ("KEEPWELL_PASSWORDS_PASSES", "2")]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    match child.stdin.take().unwrap().write_all(stdin.as_bytes()) {
        // One that refuses to start may be gone before it is told anything.
        Err(e) if e.kind() != ErrorKind::BrokenPipe => panic!("{e}"),
        _ => {}
    }
    child.wait_with_output().unwrap()
}

const ADMIN: [&str; 4] = ["admin", "create", "--email", "a@example.org"];
const PASSWORD: &str = "quiet-otter-reads-the-tide-tables-7\n";

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn snapshot(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        // SQLite's shared memory is its lock table, not data; so is an empty log.
        .filter(|p| p.is_file() && p.extension().is_none_or(|e| e != "db-shm"))
        .filter(|p| p.extension().is_none_or(|e| e != "db-wal") || p.metadata().unwrap().len() > 0)
        .map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&p).unwrap()))
        .collect();
    all.sort();
    all
}

#[test]
fn missing_wrong_short_or_readable_key_stops_the_start_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let made = keepwell(&data, &ADMIN, &[], PASSWORD);
    assert!(made.status.success(), "{}", stderr(&made));
    let key = data.join("root.key");
    let right = std::fs::read(&key).unwrap();
    assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600);

    let refuses = |what: &str, part: &str| {
        let before = snapshot(&data);
        for args in [&["serve", "--listen", "127.0.0.1:0"][..], &["doctor"], &ADMIN] {
            let output = keepwell(&data, args, &[], PASSWORD);
            assert!(!output.status.success(), "{what}: {args:?}");
            let said = format!("{}{}", stderr(&output), String::from_utf8_lossy(&output.stdout));
            assert!(said.contains(part), "{what}: {said}");
        }
        let after = snapshot(&data);
        let changed: Vec<_> = after.iter().filter(|f| !before.contains(f)).map(|f| &f.0).collect();
        assert!(before == after, "{what}: written or gone: {changed:?}");
    };
    std::fs::remove_file(&key).unwrap();
    refuses("missing", "is missing");
    std::fs::write(&key, "c2hvcnQ=").unwrap();
    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o600)).unwrap();
    refuses("short", "does not hold a root key");
    std::fs::write(&key, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n").unwrap();
    refuses("wrong", "not the one");
    std::fs::write(&key, &right).unwrap();
    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o644)).unwrap();
    refuses("readable by others", "can be read by other users");
    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o600)).unwrap();
    let well = keepwell(&data, &["doctor"], &[("KEEPWELL_SITE_DIR", "/")], "");
    let said = String::from_utf8_lossy(&well.stdout).into_owned();
    assert!(
        said.contains("ok   root key")
            && said.contains("ok   database")
            && said.contains("ok   parser sandbox"),
        "{said}"
    );
}

#[test]
fn all_faults_of_the_settings_come_together_and_without_secrets() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("keepwell.toml"), "lisen = 'x'\n[http]\nconnections = 0\n").unwrap();
    let output = keepwell(
        dir.path(),
        &["serve", "--listen", "0.0.0.0:80"],
        &[
            ("KEEPWELL_NONSENSE", "1"),
            ("KEEPWELL_ROOT_KEY", "hush-hush"),
            ("KEEPWELL_KEY_COMMAND", "cat hush-hush"),
        ],
        "",
    );
    assert!(!output.status.success());
    let said = stderr(&output);
    for part in [
        "lisen",
        "http.connections",
        "KEEPWELL_NONSENSE",
        "plain HTTP is only served on this machine",
        "only one of key.file",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("hush"), "{said}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing was made");
}

#[test]
fn doctor_stars_what_is_secret() {
    let dir = tempfile::tempdir().unwrap();
    let secret = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    let output = keepwell(&dir.path().join("data"), &["doctor"], &[("KEEPWELL_ROOT_KEY", secret)], "");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), stderr(&output));
    assert!(said.contains("key.secret") && said.contains("****") && !said.contains("0a0b0c"), "{said}");
}

#[test]
fn operator_takes_factors_by_command_and_is_told_what_was_done() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    assert!(keepwell(&data, &ADMIN, &[], PASSWORD).status.success());
    let reset = |email: &str| keepwell(&data, &["admin", "reset-factors", "--email", email], &[], "");
    let done = reset("A@example.org");
    assert!(done.status.success(), "{}", stderr(&done));
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    for part in
        ["There was no second factor.", "All sessions", "The password is the same", "runs the instance"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    let nobody = reset("nobody@example.org");
    assert!(!nobody.status.success());
    assert!(stderr(&nobody).contains("no account nobody@example.org"), "{}", stderr(&nobody));
    let checked = keepwell(&data, &["audit", "verify"], &[], "");
    assert!(checked.status.success(), "{}", stderr(&checked));
}
