//! A profile's and an account's keys, unwrapped once and kept while they are used.

use crate::error::{Result, ServiceError};
use keepwell_crypto::{AuditKey, DataKey, Mac, NonceSource, Owner, Place, RootKey, TableKey};
use keepwell_domain::{
    ids::{AccountId, InstanceId, ProfileId},
    sealed::Sealed,
};
use keepwell_store::Store;
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// Sizes at rest are rounded up to this many bytes.
pub const PAD: usize = 64;

/// The tables of a profile that hold sealed columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// `record.sealed` and `record_history.sealed`.
    Record,
    /// `record_source.locator_sealed`.
    Source,
    /// `document.meta_sealed`.
    Document,
    /// `upload.meta_sealed`.
    Upload,
    /// `series.head_sealed` and `series.sealed`.
    Series,
    /// `profile.name_sealed` and `profile.settings_sealed`.
    Profile,
    /// `review_row.sealed`.
    Review,
    /// `conversation.title_sealed`.
    Conversation,
    /// `message.question_sealed` and `message.answer_sealed`.
    Message,
}

impl Table {
    const ALL: [Self; 9] = [
        Self::Record,
        Self::Source,
        Self::Document,
        Self::Upload,
        Self::Series,
        Self::Profile,
        Self::Review,
        Self::Conversation,
        Self::Message,
    ];
    const fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Source => "record_source",
            Self::Document => "document",
            Self::Upload => "upload",
            Self::Series => "series",
            Self::Profile => "profile",
            Self::Review => "review_row",
            Self::Conversation => "conversation",
            Self::Message => "message",
        }
    }
}

/// All keys of one profile.
pub struct ProfileKeys {
    instance: InstanceId,
    profile: ProfileId,
    /// The data key itself, for file keys.
    pub data: DataKey,
    tables: [TableKey; 9],
    /// Identities of records.
    pub records: Mac,
    /// Contents of files.
    pub files: Mac,
    /// Contents of columns.
    pub series: Mac,
}

impl ProfileKeys {
    /// Derives all purpose keys.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when derivation fails.
    pub fn new(instance: InstanceId, profile: ProfileId, data: DataKey) -> Result<Self> {
        let [a, b, c, d, e, f, g, h, i] = Table::ALL.map(|t| data.table(t.name()));
        Ok(Self {
            instance,
            profile,
            tables: [a?, b?, c?, d?, e?, f?, g?, h?, i?],
            records: data.fingerprints("record")?,
            files: data.fingerprints("file")?,
            series: data.fingerprints("series")?,
            data,
        })
    }
    fn place<'a>(&self, table: Table, column: &'a str, row: Uuid, version: u32) -> Place<'a> {
        Place {
            instance: self.instance,
            owner: Owner::Profile(self.profile),
            table: table.name(),
            column,
            row,
            version,
        }
    }
    /// Seals one field.
    ///
    /// # Errors
    /// [`ServiceError::Internal`].
    pub fn seal(&self, table: Table, column: &str, row: Uuid, version: u32, plain: &[u8]) -> Result<Sealed> {
        Ok(self.tables[table as usize].seal(&self.place(table, column, row, version), plain, PAD)?)
    }
    /// Seals one of many fields.
    ///
    /// # Errors
    /// [`ServiceError::Internal`].
    pub fn seal_many(
        &self,
        nonces: &mut NonceSource,
        table: Table,
        column: &str,
        row: Uuid,
        plain: &[u8],
    ) -> Result<Sealed> {
        Ok(self.tables[table as usize].seal_with(nonces, &self.place(table, column, row, 1), plain, PAD)?)
    }
    /// Opens one field.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when it was not sealed at this very place.
    pub fn open(
        &self,
        table: Table,
        column: &str,
        row: Uuid,
        version: u32,
        sealed: &Sealed,
    ) -> Result<Vec<u8>> {
        Ok(self.tables[table as usize].open(&self.place(table, column, row, version), sealed)?)
    }
    /// Whether it was sealed at this very place, for whoever tries what must not open: that is no fault to be logged.
    #[must_use]
    pub fn opens(&self, table: Table, column: &str, row: Uuid, version: u32, sealed: &Sealed) -> bool {
        self.tables[table as usize].open(&self.place(table, column, row, version), sealed).is_ok()
    }
    /// What a document's file is bound to.
    #[must_use]
    pub fn file_aad(&self, document: Uuid) -> Vec<u8> {
        Place {
            instance: self.instance,
            owner: Owner::Profile(self.profile),
            table: "file",
            column: "content",
            row: document,
            version: 1,
        }
        .associated_data()
    }
}

/// The key of one account: seals its address, its devices and the detail of its audit entries.
pub struct AccountKeys {
    instance: InstanceId,
    account: AccountId,
    key: TableKey,
}

impl AccountKeys {
    fn place<'a>(&self, table: &'a str, column: &'a str, row: Uuid) -> Place<'a> {
        Place { instance: self.instance, owner: Owner::Account(self.account), table, column, row, version: 1 }
    }
    /// Wraps an unwrapped key.
    ///
    /// # Errors
    /// [`ServiceError::Internal`].
    pub fn new(instance: InstanceId, account: AccountId, key: &AuditKey) -> Result<Self> {
        Ok(Self { instance, account, key: key.details()? })
    }
    /// Seals one field of the account.
    ///
    /// # Errors
    /// [`ServiceError::Internal`].
    pub fn seal(&self, table: &str, column: &str, row: Uuid, plain: &[u8]) -> Result<Sealed> {
        Ok(self.key.seal(&self.place(table, column, row), plain, PAD)?)
    }
    /// Opens one field of the account.
    ///
    /// # Errors
    /// [`ServiceError::Internal`].
    pub fn open(&self, table: &str, column: &str, row: Uuid, sealed: &Sealed) -> Result<Vec<u8>> {
        Ok(self.key.open(&self.place(table, column, row), sealed)?)
    }
}

/// Keeps at most this many unwrapped keys of each kind.
const KEPT: usize = 4096;

/// A small map that forgets an arbitrary entry when it is full: unwrapping again is cheap.
struct Kept<K, V>(Mutex<HashMap<K, Arc<V>>>);

impl<K: Copy + Eq + Hash, V> Kept<K, V> {
    fn get(&self, k: K) -> Option<Arc<V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&k).cloned()
    }
    fn put(&self, k: K, v: Arc<V>) {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if map.len() >= KEPT
            && let Some(any) = map.keys().next().copied()
        {
            map.remove(&any);
        }
        map.insert(k, v);
    }
    fn drop(&self, k: K) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&k);
    }
}

/// Opens keys.
pub struct Keyring {
    root: Arc<RootKey>,
    instance: InstanceId,
    profiles: Kept<ProfileId, ProfileKeys>,
    accounts: Kept<AccountId, AccountKeys>,
}

impl Keyring {
    /// A keyring under this root key.
    #[must_use]
    pub fn new(root: Arc<RootKey>, instance: InstanceId) -> Self {
        Self {
            root,
            instance,
            profiles: Kept(Mutex::new(HashMap::new())),
            accounts: Kept(Mutex::new(HashMap::new())),
        }
    }
    /// The root key.
    #[must_use]
    pub fn root(&self) -> &RootKey {
        &self.root
    }
    /// This installation.
    #[must_use]
    pub const fn instance(&self) -> InstanceId {
        self.instance
    }

    /// A profile's keys.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the key is absent or destroyed.
    pub async fn profile(&self, store: &Store, id: ProfileId) -> Result<Arc<ProfileKeys>> {
        if let Some(k) = self.profiles.get(id) {
            return Ok(k);
        }
        let row = keepwell_store::keys::find_data_key(store, id).await?.ok_or(ServiceError::NotFound)?;
        let wrapped = row.wrapped.ok_or(ServiceError::NotFound)?;
        let data = DataKey::unwrap(&self.root, id, &wrapped)?;
        let keys = Arc::new(ProfileKeys::new(self.instance, id, data)?);
        self.profiles.put(id, keys.clone());
        Ok(keys)
    }

    /// An account's keys.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the key is absent or destroyed.
    pub async fn account(&self, store: &Store, id: AccountId) -> Result<Arc<AccountKeys>> {
        if let Some(k) = self.accounts.get(id) {
            return Ok(k);
        }
        let row = keepwell_store::keys::find_audit_key(store, id).await?.ok_or(ServiceError::NotFound)?;
        let wrapped = row.wrapped.ok_or(ServiceError::NotFound)?;
        let key = AuditKey::unwrap(&self.root, id, &wrapped)?;
        let keys = Arc::new(AccountKeys::new(self.instance, id, &key)?);
        self.accounts.put(id, keys.clone());
        Ok(keys)
    }

    /// Forgets a profile's keys, as when they are destroyed.
    pub fn forget_profile(&self, id: ProfileId) {
        self.profiles.drop(id);
    }
    /// Forgets an account's keys.
    pub fn forget_account(&self, id: AccountId) {
        self.accounts.drop(id);
    }
}
