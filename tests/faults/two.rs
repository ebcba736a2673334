//! Two instances on one database and one folder of files share the queue.

use super::{
    material::{Rng, material},
    postgres::Postgres,
    server::{PASSWORD, Server, Setup, wait_for},
};
use std::{collections::HashMap, time::Duration};

#[test]
fn two_instances_read_each_document_exactly_once() {
    let Some(postgres) = Postgres::new() else { return };
    let home = tempfile::tempdir().unwrap();
    let setup = Setup::new(home.path()).set("KEEPWELL_DATABASE_URL", &postgres.url());
    let one = Server::start(&setup);
    let two = Server::start(&setup);
    let people: Vec<_> =
        (0..4).map(|n| one.client.sign_up(&format!("two{n}@example.org"), PASSWORD).unwrap()).collect();
    std::thread::scope(|scope| {
        for (n, person) in people.iter().enumerate() {
            let (here, mut there) = (person.clone(), person.clone());
            there.address = two.client.address;
            scope.spawn(move || {
                let (mut rng, mut clock) = (Rng::new(100 + n as u64), 0);
                for i in 0..8 {
                    let m = material(&mut rng, i, &mut clock);
                    let to = if i % 2 == 0 { &here } else { &there };
                    let sent = to.upload(&m.name, &m.bytes).unwrap();
                    assert_eq!(sent.status, 202, "{}", sent.text());
                }
            });
        }
    });
    for person in &people {
        let mut other = person.clone();
        other.address = two.client.address;
        let read = wait_for(Duration::from_secs(180), || {
            let all = other.all("/api/v1/documents").unwrap();
            all.len() == 8
                && all.iter().all(|d| !["queued", "reading"].contains(&d["state"].as_str().unwrap()))
        });
        assert!(read, "not all was read");
        let mut reads: HashMap<String, u32> = HashMap::new();
        for entry in person.all("/api/v1/audit").unwrap() {
            if entry["action"] == "document.read" {
                *reads.entry(entry["object"].as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
        assert_eq!(reads.len(), 8);
        assert!(reads.values().all(|n| *n == 1), "read more than once: {reads:?}");
        // What one instance wrote, the other shows.
        let (here, there) = (person.all("/api/v1/records?limit=200"), other.all("/api/v1/records?limit=200"));
        assert_eq!(here.unwrap(), there.unwrap());
    }
}

#[test]
fn same_file_sent_to_both_instances_at_once_is_one_document() {
    let Some(postgres) = Postgres::new() else { return };
    let home = tempfile::tempdir().unwrap();
    let setup = Setup::new(home.path()).set("KEEPWELL_DATABASE_URL", &postgres.url());
    let (one, two) = (Server::start(&setup), Server::start(&setup));
    let person = one.client.sign_up("same@example.org", PASSWORD).unwrap();
    let mut rng = Rng::new(9);
    for round in 0..6 {
        let bytes = rng.bytes(200_000);
        let ids: Vec<_> = std::thread::scope(|scope| {
            let sent = [one.client.address, two.client.address].map(|address| {
                let mut to = person.clone();
                to.address = address;
                let bytes = &bytes;
                scope.spawn(move || to.upload("same.bin", bytes).unwrap())
            });
            sent.into_iter().map(|s| s.join().unwrap()).collect()
        });
        for answer in &ids {
            assert_eq!(answer.status, 202, "round {round}: {}", answer.text());
        }
        assert_eq!(ids[0].id(), ids[1].id(), "round {round}");
    }
    assert_eq!(person.all("/api/v1/documents").unwrap().len(), 6);
}
