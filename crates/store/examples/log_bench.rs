//! Looking through a log of many entries: `log_bench FOLDER ENTRIES [postgres]`. Fills a store with so many entries, then asks for pages
//! by every kind of filter, common and rare, the first page and one in the depth, with the bounded count beside it. Prints, for each
//! engine, `…_fill_s= …_median_ms= …_slowest_ms=` over all filters, and each filter on a line of its own to the error output.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods
)]
#![forbid(unsafe_code)]

use keepwell_domain::{sealed::Fingerprint, time::Ts};
use keepwell_store::{
    Store, StoreConfig,
    audit::{self, Facet, OfPerson, Stretch},
    testing::{fresh_postgres, run_sql},
};
use std::{path::PathBuf, time::Instant};

/// Microseconds between two entries: five million of them are half a year.
const STEP: i64 = 3_000_000;
/// People in the log.
const PEOPLE: u32 = 2000;

/// Entries made by the engine itself: mostly looks at records, some refusals, and one rare act.
fn fill_sql(entries: i64, is_sqlite: bool) -> String {
    let (hash, id, salt) = if is_sqlite {
        ("CAST(printf('%032d', x % {p}) AS BLOB)", "randomblob(16)", "zeroblob(16)")
    } else {
        (
            "decode(lpad(to_hex(x % {p}), 64, '0'), 'hex')",
            "gen_random_uuid()",
            "decode(repeat('00', 16), 'hex')",
        )
    };
    let hash = hash.replace("{p}", &PEOPLE.to_string());
    let detail = if is_sqlite { "zeroblob(240)" } else { "decode(repeat('00', 240), 'hex')" };
    let number = if is_sqlite { "x" } else { "CAST(x AS BIGINT)" };
    let rows = if is_sqlite {
        format!("WITH RECURSIVE n(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM n WHERE x < {}) ", entries - 1)
    } else {
        String::new()
    };
    let from =
        if is_sqlite { "n".to_owned() } else { format!("generate_series(0, {}) AS n(x)", entries - 1) };
    format!(
        "{rows}INSERT INTO audit_entry (position, id, at, span, times, done_by, action, outcome, actor_fp, person_fp, \
         object_fp, payload_hash, salt, detail_sealed, kind) \
         SELECT {number}, {id}, {number} * {STEP}, 60, 1, \
         CASE WHEN x % 50 = 0 THEN 'token' WHEN x % 1000 = 7 THEN 'admin' WHEN x % 30 = 1 THEN 'server' ELSE 'person' END, \
         CASE WHEN x % 1000003 = 5 THEN 'break_glass.viewed' WHEN x % 100 = 7 THEN 'session.refused' \
              WHEN x % 20 = 3 THEN 'session.started' WHEN x % 10 = 4 THEN 'markers.viewed' WHEN x % 10 = 6 THEN 'document.read' \
              WHEN x % 7 = 2 THEN 'overview.viewed' ELSE 'record.viewed' END, \
         CASE WHEN x % 100 = 7 THEN 'refused' WHEN x % 5000 = 6 THEN 'failed' ELSE 'done' END, \
         {hash}, {hash}, NULL, NULL, {salt}, {detail}, \
         CASE WHEN x % 100 = 7 OR x % 20 = 3 THEN 'access' ELSE 'view' END FROM {from}"
    )
}

fn person(n: u32, is_sqlite: bool) -> Fingerprint {
    let mut bytes = [0; 32];
    if is_sqlite {
        bytes.copy_from_slice(format!("{n:032}").as_bytes());
    } else {
        bytes[28..].copy_from_slice(&n.to_be_bytes());
    }
    Fingerprint(bytes)
}

async fn run(store: &Store, entries: i64, name: &str) {
    let is_sqlite = store.is_sqlite();
    let start = Instant::now();
    let sql: &'static str = String::leak(fill_sql(entries, is_sqlite));
    run_sql(store, sql).await.unwrap();
    run_sql(
        store,
        "INSERT INTO audit_facet (action, outcome, done_by, n) \
         SELECT action, outcome, done_by, COUNT(*) FROM audit_entry GROUP BY action, outcome, done_by",
    )
    .await
    .unwrap();
    run_sql(store, "ANALYZE").await.unwrap();
    let fill_s = start.elapsed().as_secs_f64();
    let all = audit::list_facets(store).await.unwrap();
    assert_eq!(all.iter().map(|f| f.n).sum::<i64>(), entries);
    let last = entries * STEP;
    let whole = Stretch { from: Ts(i64::MIN), until: Ts(i64::MAX), before: None };
    let deep = Stretch { before: Some((Ts(last / 2), entries / 2)), ..whole };
    let day = Stretch { from: Ts(last / 3), until: Ts(last / 3 + 86_400_000_000), before: None };
    let month = Stretch { from: Ts(last / 2), until: Ts(last / 2 + 30 * 86_400_000_000), before: None };
    let pick = |f: &dyn Fn(&Facet) -> bool| all.iter().filter(|x| f(x)).cloned().collect::<Vec<_>>();
    let filters: Vec<(&str, Vec<Facet>)> = vec![
        ("every entry in a time", all.clone()),
        ("a common act", pick(&|f| f.action == "record.viewed")),
        ("a rare act", pick(&|f| f.action == "break_glass.viewed")),
        ("refused", pick(&|f| f.outcome == "refused")),
        ("failed", pick(&|f| f.outcome == "failed")),
        ("by a token, refused", pick(&|f| f.outcome == "refused" && f.done_by == "token")),
        ("by an admin", pick(&|f| f.done_by == "admin")),
        ("a common act by a rare one", pick(&|f| f.done_by == "admin" && f.action == "record.viewed")),
    ];
    let mut times = Vec::new();
    for (what, facets) in &filters {
        for (where_, stretch) in [("newest", whole), ("deep", deep), ("a day", day), ("a month", month)] {
            let mut own = Vec::new();
            for _ in 0..5 {
                let start = Instant::now();
                let listed = audit::list_facets(store).await.unwrap().len();
                let rows = audit::list_log(store, facets, &stretch, 51).await.unwrap();
                let counted = audit::count_log(store, facets, &Stretch { before: None, ..stretch }, 10_001)
                    .await
                    .unwrap();
                own.push((start.elapsed().as_secs_f64() * 1000.0, rows.len(), counted, listed));
            }
            own.sort_by(|a, b| a.0.total_cmp(&b.0));
            eprintln!(
                "{name}: {what}, {where_}: {:.2} ms (slowest {:.2}), {} rows of {}",
                own[2].0, own[4].0, own[2].1, own[2].2
            );
            times.extend(own.into_iter().map(|o| o.0));
        }
    }
    for of in [OfPerson::default(), OfPerson { outcome: "refused", ..OfPerson::default() }] {
        for n in 0..10u32 {
            let start = Instant::now();
            let who = person(n * 17, is_sqlite);
            let rows = audit::list_log_of(store, who, &of, &whole, 51).await.unwrap();
            let counted = audit::count_log_of(store, who, &of, &whole, 10_001).await.unwrap();
            let ms = start.elapsed().as_secs_f64() * 1000.0;
            if n == 0 {
                eprintln!(
                    "{name}: one person, {:?}: {ms:.2} ms, {} rows of {counted}",
                    of.outcome,
                    rows.len()
                );
            }
            times.push(ms);
        }
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{name}_fill_s={fill_s:.1} {name}_median_ms={:.2} {name}_slowest_ms={:.2} {name}_bytes={}",
        times[times.len() / 2],
        times[times.len() - 1],
        store.data_bytes().await.unwrap()
    );
}

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (folder, entries) = (PathBuf::from(&args[1]), args[2].parse().unwrap());
    if args.get(3).map(String::as_str) == Some("postgres") {
        let config = fresh_postgres(&folder).await.expect("PostgreSQL is installed");
        let store = Store::open(&config).await.unwrap();
        run(&store, entries, "postgres").await;
        store.close().await;
        return;
    }
    let store = Store::open(&StoreConfig::sqlite(&folder)).await.unwrap();
    run(&store, entries, "sqlite").await;
    store.close().await;
}
