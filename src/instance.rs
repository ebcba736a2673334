//! Puts an instance together from its settings.

use crate::{
    blobs::DiskBlobs,
    clock::SystemClock,
    config::{Config, Listen},
    keyfile,
    sandbox::{Sandbox, SandboxHost, lockdown::Bounds},
};
use anyhow::{Context, bail};
use keepwell_crypto::{Key32, password::Cost};
use keepwell_services::{PasskeySetup, ServiceError, Services, ServicesConfig, SessionTimes, clock::Clock};
use keepwell_store::{Store, StoreConfig};
use std::{path::PathBuf, sync::Arc, time::Duration};

/// Opened records kept in memory, over all people.
const VAULT_RECORDS: usize = 200_000;

/// The store's settings.
#[must_use]
pub fn store_config(config: &Config) -> StoreConfig {
    StoreConfig {
        database_url: config.database.url.as_ref().map(|u| u.to_string()),
        keys_url: config.database.keys_url.as_ref().map(|u| u.to_string()),
        max_connections: config.database.connections,
        ..StoreConfig::sqlite(&config.data_dir)
    }
}

/// Whether there is data that needs a key which must not be made anew. On SQLite that is seen from
/// the files, before anything is opened.
#[must_use]
pub fn data_exists(config: &Config) -> bool {
    ["keepwell.db", "keys.db"].iter().any(|f| config.data_dir.join(f).exists())
        || config.data_dir.join("files").exists()
}

/// Opens everything; a fresh instance is made where there is none.
///
/// # Errors
/// A sentence that says what to do.
pub async fn open(config: &Config) -> anyhow::Result<Services> {
    open_with(config, Arc::new(SystemClock)).await
}

/// The same with another clock.
///
/// # Errors
/// As [`open`].
pub async fn open_with(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Services> {
    let (root, store) = if config.database.url.is_none() {
        let root = keyfile::root_key(config, data_exists(config))?;
        (root, open_store(config).await?)
    } else {
        // Whether a server holds data is only known once it is asked.
        let store = open_store(config).await?;
        let used = keepwell_store::instance::find_instance(&store)
            .await
            .context("the database cannot be read")?
            .is_some();
        (keyfile::root_key(config, used || data_exists(config))?, store)
    };
    assemble(config, root, store, clock).await
}

/// Where passkeys work. Without a public address that is this machine, under the name that browsers take for it.
fn passkeys(config: &Config) -> Option<PasskeySetup> {
    let origin = match (&config.public_url, &config.listen) {
        (Some(origin), _) => origin.to_string(),
        (None, Listen::Tcp(address)) if address.ip().is_loopback() => {
            format!("http://localhost:{}", address.port())
        }
        (None, _) => return None,
    };
    PasskeySetup::new(&origin)
}

async fn open_store(config: &Config) -> anyhow::Result<Store> {
    keyfile::private_folder(&config.data_dir)
        .with_context(|| format!("the data folder {} cannot be made", config.data_dir.display()))?;
    Store::open(&store_config(config)).await.context("the database cannot be opened")
}

async fn assemble(
    config: &Config,
    root: Key32,
    store: Store,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Services> {
    let blobs = DiskBlobs::open(&config.data_dir).context("the folder of sealed files cannot be opened")?;
    let cost = Cost::new(config.passwords.memory_kib, config.passwords.passes, config.passwords.lanes)
        .context("passwords.* are outside what is safe")?;
    let seconds = |d: Duration| i64::try_from(d.as_secs()).unwrap_or(i64::MAX);
    let mut settings = config.settings.clone();
    settings.values.rates = config.limits;
    settings.values.sessions = SessionTimes {
        idle: seconds(config.sessions.idle),
        absolute: seconds(config.sessions.absolute),
        keep: seconds(config.sessions.keep),
        proof: seconds(config.sessions.proof),
        ..settings.values.sessions
    };
    let kept = store.clone();
    let opened = Services::open(ServicesConfig {
        store,
        root,
        blobs: Arc::new(blobs),
        clock,
        cost,
        hash_cores: std::thread::available_parallelism().map_or(1, usize::from),
        settings,
        max_upload: config.uploads.max_bytes,
        vault_records: VAULT_RECORDS,
        mail: crate::mail::setup(config)?,
        passkeys: passkeys(config),
        ask_daily: config.ask_daily,
        ai: crate::ask::setup(config)?,
    });
    let opened = opened.await;
    if opened.is_err() {
        // Leaves the files as they were found, without a write-ahead log beside them.
        kept.close().await;
    }
    match opened {
        Ok(services) => Ok(services),
        Err(ServiceError::Invalid { reason, .. }) => bail!(reason),
        Err(e) => Err(e).context("the instance cannot be opened"),
    }
}

/// The readers' sandbox as the settings say, run by this very binary.
#[must_use]
pub fn sandbox(config: &Config) -> Sandbox {
    Sandbox {
        // Not the path: an upgrade may have replaced the file, but never this process's own image.
        program: PathBuf::from("/proc/self/exe"),
        bounds: Bounds { memory: config.parser.memory, cpu: config.parser.cpu },
        deadline: config.parser.deadline,
        output: config.parser.output,
    }
}

/// Readers for the services.
#[must_use]
pub fn parsers(config: &Config) -> Arc<SandboxHost> {
    Arc::new(SandboxHost::new(sandbox(config), config.parser.workers))
}
