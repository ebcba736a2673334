//! Fresh stores for tests, on both engines.
//!
//! One PostgreSQL cluster per test process, in a folder of its own and on a socket in it. A shell
//! watches over it and holds one end of a pipe: when the test process ends, however it ends, the
//! pipe closes, and the shell stops the server and removes the folder.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
// Only tests use this module, and a test that cannot be set up should fail loudly.
#![allow(clippy::disallowed_methods, clippy::missing_panics_doc)]

use crate::{
    StoreConfig,
    account::{NewAccount, Role, insert_account},
    pool::Pool,
    profile::{NewProfile, Relation, insert_profile},
    store::Store,
};
use keepwell_domain::{
    ids::{AccountId, ProfileId},
    sealed::{Fingerprint, Sealed},
    time::Ts,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, postgres::PgConnectOptions};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    str::FromStr,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};
use uuid::Uuid;

/// A new UUIDv7.
#[must_use]
pub fn new_uuid() -> Uuid {
    Uuid::now_v7()
}

/// Bytes that stand for sealed ones.
#[must_use]
pub fn sealed(text: &str) -> Sealed {
    Sealed::from_bytes(text.as_bytes().to_vec())
}

/// A keyed hash that is told apart from others by `n`.
#[must_use]
pub fn fingerprint(n: u64) -> Fingerprint {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    Fingerprint(bytes)
}

/// An account with one profile.
pub async fn insert_person(store: &Store, now: Ts) -> (AccountId, ProfileId) {
    let (account, profile) = (AccountId::new(new_uuid()), ProfileId::new(new_uuid()));
    let mut email = [0; 32];
    email[..16].copy_from_slice(account.uuid().as_bytes());
    let mut tx = store.begin().await.unwrap();
    let new = NewAccount {
        id: account,
        email_fp: Fingerprint(email),
        email_sealed: &sealed("email"),
        password_phc: "$argon2id$…",
        role: Role::Member,
        lang: "en",
    };
    insert_account(&mut tx, &new, now).await.unwrap();
    let new = NewProfile {
        id: profile,
        account_id: account,
        name_sealed: &sealed("name"),
        relation: Relation::SelfPerson,
        is_demo: false,
    };
    insert_profile(&mut tx, &new, now).await.unwrap();
    tx.commit().await.unwrap();
    (account, profile)
}

/// Runs a test on an empty store of each engine. Without PostgreSQL it fails and says what to
/// install, unless `KEEPWELL_TEST_SKIP_POSTGRES=1`.
pub async fn for_each_engine(test: impl AsyncFn(Store)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    eprintln!("on SQLite:");
    let store = Store::open(&StoreConfig::sqlite(folder.path())).await.expect("an empty SQLite store");
    test(store.clone()).await;
    store.close().await;

    if let Some(config) = fresh_postgres(folder.path()).await {
        eprintln!("on PostgreSQL:");
        let store = Store::open(&config).await.expect("an empty PostgreSQL store");
        test(store.clone()).await;
        store.close().await;
        drop_database(&config).await;
    }
}

/// Settings of a new, empty PostgreSQL database in the cluster of this process; `None` when
/// `KEEPWELL_TEST_SKIP_POSTGRES=1`.
pub async fn fresh_postgres(data_dir: &Path) -> Option<StoreConfig> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let cluster = cluster()?;
    let name = format!("t{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    run_on(&cluster.url("postgres"), &format!("CREATE DATABASE {name}")).await;
    let mut config = StoreConfig::postgres(cluster.url(&name), data_dir);
    config.max_connections = 10;
    Some(config)
}

async fn drop_database(config: &StoreConfig) {
    let url = config.database_url.as_deref().unwrap_or_default();
    let name = PgConnectOptions::from_str(url).unwrap().get_database().unwrap().to_owned();
    let admin = url.replacen(&format!("/{name}?"), "/postgres?", 1);
    run_on(&admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
}

async fn run_on(url: &str, sql: &str) {
    let mut conn = PgConnectOptions::from_str(url).unwrap().connect().await.expect("the test cluster");
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.expect("an SQL command");
    conn.close().await.ok();
}

struct Cluster {
    folder: PathBuf,
    /// Its end of the pipe keeps the server alive.
    _watcher: Child,
}

impl Cluster {
    fn url(&self, database: &str) -> String {
        format!("postgres://keepwell@localhost/{database}?host={}&sslmode=disable", self.folder.display())
    }
}

fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER
        .get_or_init(|| {
            if std::env::var("KEEPWELL_TEST_SKIP_POSTGRES").is_ok_and(|v| v == "1") {
                eprintln!("skipped: PostgreSQL, by KEEPWELL_TEST_SKIP_POSTGRES=1");
                return None;
            }
            Some(start_cluster())
        })
        .as_ref()
}

const WATCHER: &str = r#"
set -eu
d=$(mktemp -d "${TMPDIR:-/tmp}/keepwell-pg.XXXXXX")
trap 'cd /; rm -rf "$d"' EXIT
cd "$d"
"$0/initdb" -D "$d/data" -U keepwell --auth=trust --no-sync -E UTF8 --locale=C >"$d/log" 2>&1 </dev/null \
  || { cat "$d/log" >&2; exit 1; }
"$0/postgres" -D "$d/data" -k "$d" -c listen_addresses= -c fsync=off -c full_page_writes=off \
  -c max_connections=300 -c autovacuum=off -c shared_buffers=32MB >>"$d/log" 2>&1 </dev/null &
p=$!
n=0
until "$0/pg_isready" -q -h "$d"; do
  n=$((n+1)); [ $n -lt 1200 ] && kill -0 $p || { cat "$d/log" >&2; exit 1; }
  sleep 0.1
done
echo "$d"
cat >/dev/null || true
kill -INT $p || true
wait $p || true
"#;

fn start_cluster() -> Cluster {
    let programs = postgres_programs().unwrap_or_else(|| {
        panic!(
            "the store's tests need PostgreSQL 14 or newer (initdb, postgres, pg_isready): install it \
             (Debian and Ubuntu: `apt-get install postgresql`), put its programs on PATH, or set \
             KEEPWELL_TEST_SKIP_POSTGRES=1 to test SQLite only"
        )
    });
    // initdb refuses to work for root.
    let mut command = if is_root() {
        let mut c = Command::new("runuser");
        c.args(["-u", "postgres", "--", "sh"]);
        c
    } else {
        Command::new("sh")
    };
    let mut watcher = command
        .args(["-c", WATCHER])
        .arg(&programs)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // Ctrl-C at the tests must not reach the server before the pipe closes.
        .process_group(0)
        .spawn()
        .expect("a shell (and `runuser`, when root) to start PostgreSQL");
    let mut folder = String::new();
    BufReader::new(watcher.stdout.take().expect("its output")).read_line(&mut folder).expect("its folder");
    assert!(!folder.trim().is_empty(), "PostgreSQL did not start; its log is above");
    Cluster { folder: PathBuf::from(folder.trim()), _watcher: watcher }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0)
}

/// The folder with the newest `initdb`: from PATH, else where Debian keeps it.
fn postgres_programs() -> Option<PathBuf> {
    let has_all = |dir: &PathBuf| ["initdb", "postgres", "pg_isready"].iter().all(|p| dir.join(p).is_file());
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(found) = std::env::split_paths(&path).find(has_all) {
        return Some(found);
    }
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .filter(|(version, dir)| *version >= 14 && has_all(dir))
        .collect();
    versions.sort();
    versions.pop().map(|(_, dir)| dir)
}

/// A schema as `(table, column, is nullable)`, sorted, to compare engines.
pub async fn schema_of(store: &Store) -> Vec<(String, String, bool)> {
    let mut all = Vec::new();
    for pool in [&store.data, &store.keys, &store.limits] {
        let mut conn = pool.read().await.unwrap();
        let sql = conn.pick(
            "SELECT m.name || '.' || c.name || CASE c.\"notnull\" WHEN 1 THEN '' ELSE '?' END \
             FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' \
             AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
            "SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN '' ELSE '?' END \
             FROM information_schema.columns WHERE table_schema = current_schema() \
             AND table_name NOT LIKE '\\_sqlx%'",
        );
        let rows: Vec<crate::row::One<String>> = conn.all(sql, crate::row::args![]).await.unwrap();
        for row in rows {
            let (table, column) = row.0.split_once('.').expect("a dot");
            all.push((table.to_owned(), column.trim_end_matches('?').to_owned(), column.ends_with('?')));
        }
    }
    all.sort();
    all
}

/// Runs SQL of a test's own on the data, to try what the store's functions never do.
///
/// # Errors
/// Those of the engine.
pub async fn run_sql(store: &Store, sql: &'static str) -> crate::Result<()> {
    store.data.admin().await?.script(sql).await
}

/// As [`run_sql`], on the key store.
///
/// # Errors
/// Those of the engine.
pub async fn run_key_sql(store: &Store, sql: &'static str) -> crate::Result<()> {
    store.keys.admin().await?.script(sql).await
}

/// Every row of every table, under `database.table`, as text: what a test compares to see that
/// nothing changed.
///
/// # Errors
/// Those of the engine.
pub async fn dump(store: &Store) -> crate::Result<BTreeMap<String, Vec<String>>> {
    let mut all = BTreeMap::new();
    for (name, pool) in [("data", &store.data), ("keys", &store.keys), ("limits", &store.limits)] {
        for table in tables(pool).await? {
            let mut rows = texts(pool, &row_text(pool, &table).await?).await?;
            rows.sort();
            all.insert(format!("{name}.{table}"), rows);
        }
    }
    Ok(all)
}

async fn tables(pool: &Pool) -> crate::Result<Vec<String>> {
    let sql = match pool {
        Pool::Sqlite { .. } => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        Pool::Postgres(_) => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()"
        }
    };
    texts(pool, sql).await
}

/// A query for all rows of a table, each as one text.
async fn row_text(pool: &Pool, table: &str) -> crate::Result<String> {
    if matches!(pool, Pool::Postgres(_)) {
        return Ok(format!("SELECT row_to_json(t)::text FROM \"{table}\" t"));
    }
    let columns = texts(pool, &format!("SELECT name FROM pragma_table_info('{table}')")).await?;
    let quoted: Vec<String> = columns.iter().map(|c| format!("'{c}=' || quote(\"{c}\")")).collect();
    Ok(format!("SELECT {} FROM \"{table}\"", quoted.join(" || ' ' || ")))
}

async fn texts(pool: &Pool, sql: &str) -> crate::Result<Vec<String>> {
    let sql = AssertSqlSafe(sql.to_owned());
    Ok(match pool {
        Pool::Sqlite { reader, .. } => sqlx::query_scalar(sql).fetch_all(reader).await?,
        Pool::Postgres(pool) => sqlx::query_scalar(sql).fetch_all(pool).await?,
    })
}
