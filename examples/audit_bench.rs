//! The log's own figures: `audit_bench FOLDER ENTRIES TREE`. Writes an export of so many entries and
//! verifies it; makes proofs out of a tree of so many entries that lies in SQLite. Prints
//! `verify_s=… verify_mb=…`, `proof_ms=… proof_slowest_ms=… proof_bytes=… tree=…`, and what looking
//! costs: `again_us=…` for a look that an entry of the same minute covers, `first_ms=… first_per_s=…` for
//! first looks by 32 at once, `sync_ms=…` for a bare write and sync of the same disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::disallowed_methods)]
#![forbid(unsafe_code)]

use keepwell::{config::Config, instance};
use keepwell_audit::{
    Entry, Signer,
    export::{self, Trust, Writer},
    hash, proof,
    tile::{self, Edge, TileId, Tiles},
};
use keepwell_domain::{
    act::Action,
    ids::AuditId,
    sealed::{Fingerprint, Sealed},
    time::Ts,
};
use keepwell_services::{Act, Device, Lang};
use keepwell_store::{Store, StoreConfig, audit as rows};
use std::{
    fs::File,
    io::{BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    time::Instant,
};
use uuid::Uuid;

fn entry(n: u64) -> Entry {
    let mut detail = vec![1; 170];
    detail[..8].copy_from_slice(&n.to_be_bytes());
    Entry {
        id: AuditId::new(Uuid::from_u128(u128::from(n))),
        at: Ts(i64::try_from(n).unwrap()),
        span: 60,
        times: 1,
        done_by: "person".into(),
        action: "record.viewed".into(),
        outcome: "done".into(),
        actor: Some(Fingerprint([1; 32])),
        person: Some(Fingerprint([1; 32])),
        object: Some(Fingerprint([2; 32])),
        payload: None,
        salt: [3; 16],
        detail: Some(Sealed::from_bytes(detail)),
    }
}

fn verify(folder: &Path, entries: u64) {
    let path = folder.join("log");
    let signer = Signer::new("bench", &[1; 32]).unwrap();
    let mut edge = Edge::default();
    for n in 0..entries {
        edge.push_only(entry(n).hash());
    }
    let file = BufWriter::with_capacity(1 << 20, File::create(&path).unwrap());
    let mut out = Writer::new(file, signer.verifier(), &signer.sign(entries, edge.root())).unwrap();
    for n in 0..entries {
        out.entry(&entry(n)).unwrap();
    }
    out.finish().unwrap();
    let start = Instant::now();
    let file = BufReader::with_capacity(1 << 20, File::open(&path).unwrap());
    let found = export::verify(file, &Trust::default()).unwrap();
    assert_eq!(found.head.size, entries);
    let seconds = start.elapsed().as_secs_f64();
    println!("verify_s={seconds:.3} verify_mb={}", path.metadata().unwrap().len() / 1_000_000);
}

async fn read(store: &Store, wanted: &[TileId]) -> Tiles {
    let ids: Vec<_> = wanted.iter().map(|t| (i64::from(t.level), i64::try_from(t.number).unwrap())).collect();
    let mut tiles = Tiles::default();
    for row in rows::list_tiles(store, &ids).await.unwrap() {
        let id =
            TileId { level: u32::try_from(row.level).unwrap(), number: u64::try_from(row.number).unwrap() };
        tiles.put(id, tile::parse(&row.hashes).unwrap());
    }
    tiles
}

async fn proofs(folder: &Path, size: u64) {
    let store = Store::open(&StoreConfig::sqlite(folder)).await.unwrap();
    let mut edge = Edge::default();
    while edge.size() < size {
        for _ in 0..65_536.min(size - edge.size()) {
            edge.push(hash::leaf(&edge.size().to_be_bytes()));
        }
        let changed: Vec<rows::TileRow> = edge
            .take_changed()
            .into_iter()
            .map(|(id, hashes)| rows::TileRow {
                level: id.level.into(),
                number: i64::try_from(id.number).unwrap(),
                hashes: hashes.concat(),
            })
            .collect();
        let mut tx = store.begin().await.unwrap();
        rows::put_tiles(&mut tx, &changed).await.unwrap();
        tx.commit().await.unwrap();
    }
    let root = edge.root();
    let (mut times, mut longest) = (Vec::new(), 0);
    for n in 0..500u64 {
        let index = (n * 7_919 * 104_729) % size;
        let start = Instant::now();
        let tiles = read(&store, &proof::tiles_of_inclusion(index, size)).await;
        let path = proof::inclusion(&tiles, index, size).unwrap();
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        longest = longest.max(path.len() * hash::LEN);
        proof::check_inclusion(&hash::leaf(&index.to_be_bytes()), index, size, &path, &root).unwrap();
    }
    times.sort_by(f64::total_cmp);
    println!(
        "proof_ms={:.3} proof_slowest_ms={:.3} proof_bytes={longest} tree={size}",
        times[250], times[499]
    );
    store.close().await;
}

async fn looks(folder: &Path) {
    let mut config = Config { data_dir: folder.join("data"), ..Config::default() };
    config.passwords.memory_kib = 19_456;
    config.passwords.passes = 2;
    let services = instance::open(&config).await.unwrap();
    let device =
        Device { user_agent: "bench".into(), address: Some([127, 0, 0, 1].into()), cookie: String::new() };
    let password = "mild otters climb quiet ladders";
    let token = services.sign_up("a@b.example", password, Lang::En, &device).await.unwrap();
    let token = token.session().unwrap();
    let actor = services.authenticate(token.reveal()).await.unwrap().unwrap().at(&device);

    let again = 200_000u32;
    services.log_view(Act::of(&actor, Action::MarkersViewed)).await.unwrap();
    let start = Instant::now();
    for _ in 0..again {
        services.log_view(Act::of(&actor, Action::MarkersViewed)).await.unwrap();
    }
    let again_us = start.elapsed().as_secs_f64() * 1e6 / f64::from(again);

    let start = Instant::now();
    let tasks = (0..32).map(|_| {
        let (services, actor) = (services.clone(), actor.clone());
        tokio::spawn(async move {
            let mut times = Vec::new();
            for _ in 0..50 {
                let start = Instant::now();
                let act = Act::of(&actor, Action::RecordViewed).on(Uuid::now_v7());
                services.log_view(act).await.unwrap();
                times.push(start.elapsed().as_secs_f64() * 1000.0);
            }
            times
        })
    });
    let mut times = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        times.extend(task.await.unwrap());
    }
    let per_s = f64::from(u32::try_from(times.len()).unwrap()) / start.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let first = times[times.len() / 2];

    let mut file = File::create(folder.join("sync")).unwrap();
    let mut syncs: Vec<f64> = (0..100)
        .map(|_| {
            let start = Instant::now();
            file.write_all(&[1; 4096]).unwrap();
            file.sync_data().unwrap();
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    syncs.sort_by(f64::total_cmp);
    println!("again_us={again_us:.3} first_ms={first:.3} first_per_s={per_s:.0} sync_ms={:.3}", syncs[50]);
    services.store().close().await;
}

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (folder, entries, tree) =
        (PathBuf::from(&args[1]), args[2].parse().unwrap(), args[3].parse().unwrap());
    verify(&folder, entries);
    proofs(&folder, tree).await;
    looks(&folder).await;
}
