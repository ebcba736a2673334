//! `kill -9` at any moment: nothing acknowledged is lost, nothing is half done.

use super::{
    ledger::{Done, Person},
    material::Rng,
    server::{PASSWORD, Server, Setup, files_below, wait_for},
    verify::{Look, verify},
};
use keepwell_store::{Store, StoreConfig};
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// People at work at the same time.
const THREADS: usize = 3;
/// Rounds after which new people take over, so that their lists stay short.
const SHIFT: u64 = 4;

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(usual)
}

fn newcomers(server: &Server, seed: u64, shift: u64) -> Vec<Person> {
    (0..THREADS as u64)
        .map(|n| {
            let client = server.client.sign_up(&format!("p{shift}-{n}@example.org"), PASSWORD);
            Person::new(client.expect("an account"), seed ^ (shift << 16 | n << 8))
        })
        .collect()
}

#[test]
fn nothing_acknowledged_is_lost_when_the_server_is_killed_at_any_moment() {
    let (rounds, seed) = (number("KEEPWELL_FAULT_ROUNDS", 12), number("KEEPWELL_FAULT_SEED", 1));
    let home = tempfile::tempdir().unwrap();
    let setup = Setup::new(home.path());
    let mut rng = Rng::new(seed);
    let mut server = Server::start(&setup);
    let (mut people, mut former): (Vec<Person>, Vec<Person>) = (Vec::new(), Vec::new());
    let (mut slowest, mut acknowledged, mut faults) = (Duration::ZERO, 0, Vec::new());
    for round in 0..rounds {
        if round % SHIFT == 0 {
            former.append(&mut people);
            people = newcomers(&server, seed, round / SHIFT);
        }
        let moment = Duration::from_millis(50 + rng.below(2500));
        acknowledged += until_killed(server, &mut people, moment);
        if round % 2 == 1 {
            check_database(&setup.data());
        }
        server = Server::start(&setup);
        slowest = slowest.max(server.ready_in);
        for person in &mut people {
            person.client.address = server.client.address;
            let found = verify(person, Look::AfterRestart);
            faults.extend(found.into_iter().map(|f| format!("round {round}: {f}")));
        }
        assert!(faults.is_empty(), "seed {seed}:\n{}", faults.join("\n"));
    }
    former.append(&mut people);
    let read_in = settle(&server, &mut former, &mut faults);
    eprintln!(
        "{rounds} rounds, {acknowledged} acknowledged writes, slowest start {} ms, all read {} s after the last",
        slowest.as_millis(),
        read_in.as_secs()
    );
    assert!(faults.is_empty(), "seed {seed}:\n{}", faults.join("\n"));
    leave_no_orphan(&setup, server, &former);
}

/// Everybody works until the server is killed; how much was acknowledged.
fn until_killed(server: Server, people: &mut [Person], moment: Duration) -> u64 {
    std::thread::scope(|scope| {
        let at_work: Vec<_> = people.iter_mut().map(|p| scope.spawn(|| p.work())).collect();
        std::thread::sleep(moment);
        let readers = children(server.child.id());
        server.kill();
        let gone = wait_for(Duration::from_secs(180), || {
            readers.iter().all(|pid| !Path::new(&format!("/proc/{pid}/mem")).exists() || is_zombie(*pid))
        });
        assert!(gone, "a reader outlived its server");
        at_work.into_iter().map(|t| t.join().unwrap()).sum()
    })
}

fn children(pid: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    tasks
        .flatten()
        .filter_map(|t| std::fs::read_to_string(t.path().join("children")).ok())
        .flat_map(|line| line.split_whitespace().filter_map(|p| p.parse().ok()).collect::<Vec<_>>())
        .collect()
}

fn is_zombie(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .map_or(true, |s| s.rsplit(") ").next().is_some_and(|rest| rest.starts_with(['Z', 'X'])))
}

/// Waits until every file of everybody has been read, then looks at all of it.
fn settle(server: &Server, people: &mut [Person], faults: &mut Vec<String>) -> Duration {
    let began = Instant::now();
    for person in people.iter_mut() {
        person.client.address = server.client.address;
        let left = Duration::from_secs(240).saturating_sub(began.elapsed());
        wait_for(left, || {
            let documents = person.client.all("/api/v1/documents").unwrap_or_default();
            documents
                .iter()
                .all(|d| !["queued", "reading"].contains(&d["state"].as_str().unwrap_or("queued")))
        });
    }
    let took = began.elapsed();
    for person in people.iter_mut() {
        faults.extend(verify(person, Look::Settled).into_iter().map(|f| format!("in the end: {f}")));
    }
    took
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn check_database(data: &Path) {
    runtime().block_on(async {
        let store = Store::open(&StoreConfig::sqlite(data)).await.expect("the database opens");
        store.integrity_check().await.expect("the database is whole");
        store.close().await;
    });
}

/// After a last start with its tidying up, each file belongs to a document or to an upload that
/// can go on.
fn leave_no_orphan(setup: &Setup, server: Server, people: &[Person]) {
    let profiles: Vec<_> =
        people.iter().map(|p| p.client.get("/api/v1/me").unwrap().json()["profile"]["id"].clone()).collect();
    assert!(server.stop(), "it does not end well on SIGTERM");
    let before = owned_files(setup, &profiles, people);
    let server = Server::start(setup);
    wait_for(Duration::from_secs(60), || orphans(setup, &before).is_empty());
    assert!(server.stop());
    check_database(&setup.data());
    let left = orphans(setup, &owned_files(setup, &profiles, people));
    assert!(left.is_empty(), "{} files belong to nothing: {left:?}", left.len());
}

/// The names of the files that belong to a document or to an upload; the server must not run.
fn owned_files(setup: &Setup, profiles: &[serde_json::Value], people: &[Person]) -> HashSet<String> {
    let mut owned: HashSet<String> = people
        .iter()
        .flat_map(|p| p.files.iter().filter(|f| f.deleted == Done::No).filter_map(|f| f.document.as_ref()))
        .map(|id| id.replace('-', ""))
        .collect();
    runtime().block_on(async {
        let store = Store::open(&StoreConfig::sqlite(setup.data())).await.unwrap();
        for profile in profiles {
            let profile = profile.as_str().unwrap().parse().unwrap();
            for upload in keepwell_store::upload::list_uploads(&store, profile).await.unwrap() {
                owned.insert(upload.id.uuid().simple().to_string());
            }
        }
        store.close().await;
    });
    owned
}

fn orphans(setup: &Setup, owned: &HashSet<String>) -> Vec<PathBuf> {
    let mut files = files_below(&setup.data().join("files"));
    files.retain(|f| !owned.contains(&*f.file_name().unwrap().to_string_lossy()));
    files
}
