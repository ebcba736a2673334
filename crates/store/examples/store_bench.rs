//! How long 10,000 records take into and out of the store.
//!
//! `cargo run --release -p keepwell-store --features testing --example store_bench [FOLDER]`
//! measures SQLite in FOLDER (a real disk, not `/tmp` in memory), then PostgreSQL with its fsync off.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use keepwell_domain::{
    ids::{DocumentId, ProfileId, RecordId},
    sealed::Sealed,
    time::Ts,
};
use keepwell_store::{
    Store, StoreConfig,
    document::{self, NewDocument},
    import, profile,
    record::{self, NewRecord, RecordSource},
    session::{self, NewSession, TokenHash},
    testing::{fingerprint, fresh_postgres, insert_person, new_uuid, sealed},
};
use std::time::Instant;

const RECORDS: u64 = 10_000;
const NOW: Ts = Ts(1_800_000_000_000_000);

#[tokio::main]
async fn main() {
    let root = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    let folder = tempfile::tempdir_in(root).unwrap();
    let sqlite = Store::open(&StoreConfig::sqlite(folder.path())).await.unwrap();
    measure("SQLite", &sqlite).await;
    if let Some(config) = fresh_postgres(folder.path()).await {
        measure("PostgreSQL (fsync off)", &Store::open(&config).await.unwrap()).await;
    }
}

async fn measure(engine: &str, store: &Store) {
    println!("{engine}, milliseconds");
    for round in 0..3 {
        let (account, profile) = insert_person(store, NOW).await;
        let document = DocumentId::new(new_uuid());
        let (records, sources) = batch(document);

        let clock = Instant::now();
        insert(store, profile, document, &records, &sources).await;
        let inserted = ms(clock);

        let clock = Instant::now();
        let read = record::list_records(store, profile).await.unwrap();
        let listed = ms(clock);
        let clock = Instant::now();
        let places = record::list_sources(store, profile).await.unwrap();
        let places_listed = ms(clock);
        assert_eq!((read.len() as u64, places.len() as u64), (RECORDS, RECORDS));

        let token = sign_in(store, account, profile, round).await;
        let clock = Instant::now();
        for _ in 0..1000 {
            session::find_live_session(store, token, NOW).await.unwrap().unwrap();
        }
        let look_up = ms(clock);

        let clock = Instant::now();
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, profile).await.unwrap();
        import::delete_import(&mut tx, &change, document, NOW).await.unwrap();
        tx.commit().await.unwrap();
        let undone = ms(clock);
        println!(
            "  insert {RECORDS} records + sources {inserted:7.1}   list records {listed:6.1}   \
             list sources {places_listed:6.1}   1000 session look-ups {look_up:6.1}   undo import {undone:6.1}"
        );
    }
}

fn batch(document: DocumentId) -> (Vec<NewRecord>, Vec<RecordSource>) {
    let records: Vec<_> = (0..RECORDS)
        .map(|n| NewRecord {
            id: RecordId::new(new_uuid()),
            // Spread like hashes, not in order.
            fingerprint: fingerprint(n.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            sealed: Sealed::from_bytes(vec![n as u8; 300]),
            by_hand: false,
        })
        .collect();
    let sources = records
        .iter()
        .enumerate()
        .map(|(i, r)| RecordSource {
            record_id: r.id,
            document_id: document,
            ordinal: i as i64,
            locator_sealed: Sealed::from_bytes(vec![1; 90]),
        })
        .collect();
    (records, sources)
}

async fn insert(
    store: &Store,
    profile: ProfileId,
    document: DocumentId,
    records: &[NewRecord],
    sources: &[RecordSource],
) {
    let meta = sealed("meta");
    let new = NewDocument {
        id: document,
        parent_id: None,
        meta_sealed: &meta,
        content_fp: Some(fingerprint(1)),
        size_class: 1 << 20,
        sealed_bytes: 1 << 20,
    };
    let mut tx = store.begin().await.unwrap();
    let change = profile::begin_change(&mut tx, profile).await.unwrap();
    document::insert_document(&mut tx, &change, &new, NOW).await.unwrap();
    let added = record::insert_records(&mut tx, &change, records, NOW).await.unwrap();
    assert_eq!(added.len(), records.len());
    record::insert_record_sources(&mut tx, &change, sources).await.unwrap();
    tx.commit().await.unwrap();
}

async fn sign_in(
    store: &Store,
    account: keepwell_domain::ids::AccountId,
    profile: ProfileId,
    n: u8,
) -> TokenHash {
    let device = sealed("device");
    let token = TokenHash([n; 32]);
    let new = NewSession {
        token_hash: token,
        account_id: account,
        generation: 1,
        profile_id: profile,
        device_sealed: &device,
        idle_seconds: 3600,
        absolute_expires_at: NOW.plus_seconds(86_400),
        proved_at: NOW,
    };
    let mut tx = store.begin().await.unwrap();
    session::insert_session(&mut tx, &new, NOW).await.unwrap();
    tx.commit().await.unwrap();
    token
}

fn ms(clock: Instant) -> f64 {
    clock.elapsed().as_secs_f64() * 1000.0
}
