//! What every use case works with.

use crate::{
    accounts::{PasskeySetup, hashing::Hashing},
    actor::Actor,
    audit::{Journal, OwnKeys, Views, open_own},
    blobs::Blobs,
    clock::Clock,
    counters::{Counters, HostFacts},
    error::{Result, ServiceError},
    journal::{News, Visits},
    keyring::{Keyring, ProfileKeys},
    mail::MailSetup,
    settings::{Live, SettingsBase},
    vault::Vaults,
};
use keepwell_audit::Signer;
use keepwell_crypto::{
    Key32, Mac, RootKey,
    password::{Cost, Hasher},
};
use keepwell_domain::{ids::InstanceId, time::Ts};
use keepwell_store::Store;
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

/// Settings and parts of the services.
pub struct ServicesConfig {
    /// The databases.
    pub store: Store,
    /// The 32 bytes of the root key.
    pub root: Key32,
    /// Where sealed files lie.
    pub blobs: Arc<dyn Blobs>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Argon2id's cost.
    pub cost: Cost,
    /// Password hashes that may run at the same time.
    pub hash_cores: usize,
    /// Settings that may change while the instance runs, as the settings file says them.
    pub settings: SettingsBase,
    /// The largest file taken, in bytes.
    pub max_upload: u64,
    /// Opened records kept in memory, over all people.
    pub vault_records: usize,
    /// How mail is sent.
    pub mail: MailSetup,
    /// Where passkeys work, if they do.
    pub passkeys: Option<PasskeySetup>,
    /// Questions that an account may ask on one day (UTC); as many as it likes when `None`.
    pub ask_daily: Option<u32>,
    /// How models are reached, if they are.
    pub ai: crate::ask::model::AiSetup,
}

/// How long sessions last, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct SessionTimes {
    /// Without use.
    pub idle: i64,
    /// In all.
    pub absolute: i64,
    /// In all and without use, for "keep me signed in".
    pub keep: i64,
    /// Without use, for admins.
    pub admin_idle: i64,
    /// For which a proof of who asks is fresh.
    pub proof: i64,
}

impl Default for SessionTimes {
    fn default() -> Self {
        Self { idle: 3600, absolute: 86_400, keep: 30 * 86_400, admin_idle: 900, proof: 600 }
    }
}

/// All use cases. Cheap to clone.
#[derive(Clone)]
pub struct Services(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub store: Store,
    pub keys: Keyring,
    /// Pseudonyms in the log.
    pub pseudonyms: Mac,
    /// Seals what in the log belongs to no person.
    pub own_keys: OwnKeys,
    /// Signs the log's heads.
    pub signer: Signer,
    /// Held by whoever numbers the log's entries.
    pub sequencing: tokio::sync::Mutex<()>,
    pub journal: Journal,
    pub views: Views,
    /// Which sessions synchronised which vaults of the journal today.
    pub visits: Visits,
    /// Who listens to vaults of the journal.
    pub news: News,
    pub blobs: Arc<dyn Blobs>,
    pub clock: Arc<dyn Clock>,
    pub hashing: Hashing,
    pub vaults: Vaults,
    /// Settings that may change while the instance runs.
    pub live: Live,
    /// Counts that are not written down yet.
    pub counters: Counters,
    /// What the server said of its machine.
    pub host: std::sync::RwLock<HostFacts>,
    pub max_upload: u64,
    /// Uploads that are being written now: two writers would tear one file.
    pub writing: std::sync::Mutex<std::collections::HashSet<keepwell_domain::ids::UploadId>>,
    pub mail: MailSetup,
    pub passkeys: Option<PasskeySetup>,
    pub ask_daily: Option<u32>,
    /// Answers that are under way here.
    pub asking: crate::ask::Running,
    pub ai: crate::ask::model::AiSetup,
    /// Wakes the mail worker when something was queued here.
    pub mailing: Notify,
    /// Wakes the worker when something was queued here.
    pub queued: Notify,
    /// Woken whenever a document's state or progress changed here.
    pub moved: Notify,
    /// Woken whenever an item was seen under a grant, or one ended, here.
    pub sighted: Notify,
    /// Erasures run one after the other: two of one profile would hinder each other.
    pub erasing: tokio::sync::Mutex<()>,
    /// Who is signed in, as pages show it.
    pub mes: crate::accounts::known::Known,
    /// Opened samples that were drawn lately.
    pub samples: crate::records::samples::SampleCache,
}

impl Services {
    /// Opens the services: finds or makes the installation's id, and checks that the root key is
    /// the one under which this store was made.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `key` when the root key is another one.
    pub async fn open(config: ServicesConfig) -> Result<Self> {
        let store = config.store;
        let fresh = InstanceId::new(Uuid::now_v7());
        let now = config.clock.now();
        let mut tx = store.begin().await?;
        let instance = keepwell_store::instance::ensure_instance(&mut tx, fresh, now).await?;
        let root = RootKey::new(config.root, instance.id);
        // Wrapped keys open under the right root key only; a store without any fits every key.
        if let Some(known) = keepwell_store::keys::list_audit_keys(&store, None, 1).await?.first()
            && let Some(wrapped) = &known.wrapped
            && keepwell_crypto::AuditKey::unwrap(&root, known.account_id, wrapped).is_err()
        {
            return Err(ServiceError::invalid(
                "key",
                "This root key is not the one under which the data was sealed. Nothing was changed. \
                 Put the right key file back, or point to it with KEEPWELL_KEY_FILE.",
            ));
        }
        tx.commit().await?;
        let mut tx = store.begin_keys().await?;
        keepwell_store::keys::bind_instance(&mut tx, instance.id, now).await?;
        tx.commit().await?;
        let own = open_own(&store, &root, instance.id, now).await?;
        let (pepper, pseudonyms) = (root.pepper()?, root.pseudonyms()?);
        let services = Self(Arc::new(Inner {
            pseudonyms,
            own_keys: own.keys,
            signer: own.signer,
            sequencing: tokio::sync::Mutex::default(),
            journal: Journal::start(store.clone()),
            views: Views::default(),
            visits: Visits::default(),
            news: News::default(),
            keys: Keyring::new(Arc::new(root), instance.id),
            hashing: Hashing::new(Hasher::new(pepper, config.cost), config.hash_cores),
            vaults: Vaults::new(config.vault_records),
            store,
            blobs: config.blobs,
            clock: config.clock,
            live: Live::new(config.settings),
            counters: Counters::default(),
            host: std::sync::RwLock::default(),
            max_upload: config.max_upload,
            mail: config.mail,
            passkeys: config.passkeys,
            ask_daily: config.ask_daily,
            asking: crate::ask::Running::default(),
            ai: config.ai,
            mailing: Notify::new(),
            writing: std::sync::Mutex::default(),
            queued: Notify::new(),
            moved: Notify::new(),
            sighted: Notify::new(),
            erasing: tokio::sync::Mutex::new(()),
            mes: crate::accounts::known::Known::default(),
            samples: crate::records::samples::SampleCache::default(),
        }));
        services.refresh_settings().await?;
        Ok(services)
    }

    /// Whether requests can be served: both databases answer.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn ready(&self) -> Result<()> {
        Ok(self.0.store.ping().await?)
    }

    /// The databases, for the operator's checks.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn now(&self) -> Ts {
        self.0.clock.now()
    }

    pub(crate) async fn profile_keys(&self, actor: &Actor) -> Result<Arc<ProfileKeys>> {
        self.0.keys.profile(&self.0.store, actor.profile).await
    }
}

/// A fresh id: UUIDv7.
pub(crate) fn fresh<T: From<Uuid>>() -> T {
    T::from(Uuid::now_v7())
}
