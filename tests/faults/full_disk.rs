//! A disk that is full, and has room again. The data lie on a small file system that only the
//! server sees; the test reaches it through `/proc`.

use super::{
    http::Client,
    material::{Rng, material},
    server::{PASSWORD, Server, Setup, wait_for},
};
use serde_json::json;
use std::{fs::File, io::Write, path::PathBuf, process::Command, time::Duration};

/// Whether a process may have a file system of its own here.
fn may_mount() -> bool {
    Command::new("unshare")
        .args(["-m", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"])
        .output()
        .is_ok_and(|o| o.status.success())
}

struct Disk(PathBuf);

impl Disk {
    /// Takes all room that is left.
    fn fill(&self) {
        let mut file = File::create(self.0.join("ballast")).unwrap();
        for block in [vec![0u8; 64 << 10], vec![0u8; 512]] {
            while file.write_all(&block).is_ok() {}
        }
    }
    fn free(&self) {
        std::fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

fn settled(person: &Client) -> bool {
    let all = person.all("/api/v1/documents").unwrap_or_default();
    !all.is_empty()
        && all.iter().all(|d| !["queued", "reading"].contains(&d["state"].as_str().unwrap_or("queued")))
}

#[test]
fn full_disk_is_said_plainly_loses_nothing_and_ends_when_there_is_room() {
    if !may_mount() {
        eprintln!("skipped: this user may not mount a file system (try it as root)");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let mut setup = Setup::new(home.path());
    std::fs::create_dir(setup.data()).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=32m,mode=700 tmpfs '{}' && exec \"$0\" \"$@\"",
        setup.data().display()
    );
    setup.wrap = ["unshare", "-m", "sh", "-c", &script].map(str::to_owned).to_vec();
    let server = Server::start(&setup);
    let disk = Disk(PathBuf::from(format!("/proc/{}/root{}", server.child.id(), setup.data().display())));
    let person = server.client.sign_up("full@example.org", PASSWORD).unwrap();
    let (mut rng, mut clock) = (Rng::new(11), 0);
    let mut kept = Vec::new();
    for n in 0..3 {
        let m = material(&mut rng, n, &mut clock);
        let sent = person.upload(&m.name, &m.bytes).unwrap();
        assert_eq!(sent.status, 202, "{}", sent.text());
        kept.push((sent.id(), m));
    }
    assert!(wait_for(Duration::from_secs(60), || settled(&person)));

    // A file that does not fit: refused with a sentence, and its room is given back.
    let large = rng.bytes(64 << 20);
    let refused = person.upload("large.bin", &large).unwrap();
    said_plainly(&refused, "a file that does not fit");
    let names = |p: &Client| p.all("/api/v1/documents").unwrap().len();
    assert_eq!(names(&person), 3);
    let again = material(&mut rng, 3, &mut clock);
    let sent = person.upload(&again.name, &again.bytes).unwrap();
    assert_eq!(sent.status, 202, "the room of the refused file is not given back: {}", sent.text());
    kept.push((sent.id(), again));
    assert!(wait_for(Duration::from_secs(60), || settled(&person)));

    // Files fill the disk, but leave room to sign in and to write a note.
    let mut brought = 0;
    let refused = loop {
        let sent = person.upload("filler.bin", &rng.bytes(700_000)).unwrap();
        if sent.status != 202 {
            break sent;
        }
        brought += 1;
        assert!(brought < 100, "a disk of 32 MiB takes {brought} files of 700 kB");
    };
    said_plainly(&refused, "an upload on a disk that others have filled");
    let body = json!({"email": "full@example.org", "password": PASSWORD});
    let signed_in = server.client.json("POST", "/api/v1/login", &body).unwrap();
    assert_eq!(signed_in.status, 200, "signing in on a full disk: {}", signed_in.text());
    let note = |n: u32| json!({"kind": "note", "name": format!("{n}"), "note": "n".repeat(4000), "date": "2024-01-01"});
    let sent = person.json("POST", "/api/v1/records", &note(0)).unwrap();
    assert_eq!(sent.status, 201, "a note on a full disk: {}", sent.text());

    // Not a byte left: what is sent is refused, and so is a look that cannot be logged.
    disk.fill();
    let mut notes = 1;
    let refused = loop {
        let sent = person.json("POST", "/api/v1/records", &note(notes)).unwrap();
        if sent.status != 201 {
            break sent;
        }
        notes += 1;
        assert!(notes < 2000, "notes are kept without room");
    };
    said_plainly(&refused, "a note without a byte left");
    for path in ["/readyz", "/healthz", "/settings"] {
        assert_eq!(person.get(path).unwrap().status, 200, "{path} on a full disk");
    }
    let looks = kept.iter().map(|(id, _)| format!("/api/v1/documents/{id}/file"));
    let lists = ["/api/v1/documents", "/api/v1/records", "/api/v1/markers"].map(str::to_owned);
    for path in looks.chain(lists) {
        let answer = person.get(&path).unwrap();
        // A look within the last minute covers this one; any other would need room for its entry.
        if answer.status != 200 {
            said_plainly(&answer, &format!("{path} on a full disk"));
        }
    }
    let signed_in = server.client.json("POST", "/api/v1/login", &body).unwrap();
    if signed_in.status != 200 {
        said_plainly(&signed_in, "signing in without a byte left");
    }

    disk.free();
    let read_again = wait_for(Duration::from_secs(180), || {
        kept.iter().all(|(id, m)| {
            let file = person.get(&format!("/api/v1/documents/{id}/file")).unwrap();
            file.status == 200 && file.body == m.bytes
        })
    });
    assert!(read_again, "what was kept cannot be read when there is room again");
    let mut brought_back = person.all("/api/v1/documents").unwrap();
    brought_back.retain(|d| d["name"] == "filler.bin");
    assert_eq!(brought_back.len(), brought);
    for document in brought_back {
        let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
        assert_eq!(person.delete(&path).unwrap().status, 200);
    }
    let kept_notes = person.all("/api/v1/records?kind=note&limit=200").unwrap();
    assert_eq!(kept_notes.len() as u32, notes);
    let more = material(&mut rng, 4, &mut clock);
    let went_on = wait_for(Duration::from_secs(180), || {
        person.upload(&more.name, &more.bytes).is_ok_and(|a| a.status == 202)
    });
    assert!(went_on, "it does not go on when there is room again");
    assert!(wait_for(Duration::from_secs(60), || settled(&person)));
    let documents = person.all("/api/v1/documents").unwrap();
    assert_eq!(documents.len(), kept.len() + 1);
    for (id, m) in &kept {
        let document = documents.iter().find(|d| d["id"] == id.as_str()).expect("it is lost");
        assert_eq!(document["records"], m.records, "{}", m.name);
    }
}

fn said_plainly(answer: &super::http::Answer, what: &str) {
    assert!([503, 507].contains(&answer.status), "{what}: {} {}", answer.status, answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}");
    let detail = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
    assert!(detail.ends_with('.') && detail.len() > 20, "{what}: {detail}");
}
