//! A database file that is not what it was.

use super::server::{PASSWORD, Server, Setup};
use std::{fs, path::Path};

fn refuses_plainly(setup: &Setup, what: &str) {
    let said = match Server::try_start(setup) {
        Ok(_) => panic!("{what}: it started"),
        Err(said) => said,
    };
    assert!(!said.contains("panicked"), "{what}: {said}");
    let sentence = said.to_lowercase();
    assert!(sentence.contains("database"), "{what}: {said}");
}

fn replaced(path: &Path, with: &[u8], test: impl FnOnce()) {
    let before = fs::read(path).unwrap();
    fs::write(path, with).unwrap();
    test();
    assert_eq!(fs::read(path).unwrap(), with, "a damaged file is left as it was found");
    fs::write(path, before).unwrap();
}

#[test]
fn damaged_database_stops_the_start_with_a_plain_reason_and_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let setup = Setup::new(home.path());
    let server = Server::start(&setup);
    server.client.sign_up("d@example.org", PASSWORD).unwrap();
    assert!(server.stop());
    for name in ["keepwell.db", "keys.db"] {
        let path = setup.data().join(name);
        let whole = fs::read(&path).unwrap();
        let noise = [b"no database at all".as_slice(), &[0x5a; 8192]].concat();
        replaced(&path, &noise, || refuses_plainly(&setup, &format!("{name} replaced by noise")));
        replaced(&path, &whole[..whole.len() / 2], || {
            refuses_plainly(&setup, &format!("{name} cut in half"));
        });
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        refuses_plainly(&setup, &format!("{name} is a folder"));
        fs::remove_dir(&path).unwrap();
        fs::write(&path, whole).unwrap();
    }
    let server = Server::start(&setup);
    let body = serde_json::json!({"email": "d@example.org", "password": PASSWORD});
    assert_eq!(server.client.json("POST", "/api/v1/login", &body).unwrap().status, 200);
}
