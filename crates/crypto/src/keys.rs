//! The key hierarchy.
//!
//! ```text
//! root key ── HKDF-SHA256(salt = instance id, info = "keepwell/v1/<purpose>")
//!   wrap · index · pseud · fake · pepper · check · mail · device · factor
//! data key (random, one per owner, wrapped) ── HKDF-SHA256(info = …)
//!   "table/<name>" · "file/<id>" · "fingerprint/<purpose>" · "marks"
//! audit key (random, one per person, wrapped) ── HKDF-SHA256(info = "audit/detail")
//! ```

use crate::{
    encode::put, error::Result, kdf, mac::Mac, nonce::NonceSource, place::Owner, record::TableKey, sealed,
    secret::Key32, xaes::XaesKey,
};
use keepwell_domain::{
    ids::{DocumentId, InstanceId},
    sealed::{Fingerprint, Sealed},
};
use std::fmt;
use zeroize::Zeroizing;

/// Label before every purpose of the root key.
const LABEL: &[u8] = b"keepwell/v1/";

/// The one key outside the database, bound to this installation.
pub struct RootKey {
    key: Key32,
    instance: InstanceId,
}

impl RootKey {
    /// Binds the 32 bytes of the key file to the installation.
    #[must_use]
    pub const fn new(key: Key32, instance: InstanceId) -> Self {
        Self { key, instance }
    }

    /// Look-ups by e-mail.
    ///
    /// # Errors
    /// [`crate::Error::Backend`], never in practice; so for all derivations here.
    pub fn index(&self) -> Result<Mac> {
        Mac::new(&self.purpose(b"index")?)
    }

    /// Pseudonyms in the audit log.
    ///
    /// # Errors
    /// As [`Self::index`].
    pub fn pseudonyms(&self) -> Result<Mac> {
        Mac::new(&self.purpose(b"pseud")?)
    }

    /// Steady answers for accounts that do not exist.
    ///
    /// # Errors
    /// As [`Self::index`].
    pub fn fakes(&self) -> Result<Mac> {
        Mac::new(&self.purpose(b"fake")?)
    }

    /// Seals what belongs to no account: sign-ups that wait for their link, mail that was asked for
    /// an address.
    ///
    /// # Errors
    /// As [`Self::index`].
    pub fn mail(&self) -> Result<TableKey> {
        Ok(TableKey::new(&self.purpose(b"mail")?))
    }

    /// Signs the cookies of known devices, and names the lanes of failed sign-ins.
    ///
    /// # Errors
    /// As [`Self::index`].
    pub fn devices(&self) -> Result<Mac> {
        Mac::new(&self.purpose(b"device")?)
    }

    /// Keyed hashes of recovery codes and of passkeys' credential ids.
    ///
    /// # Errors
    /// As [`Self::index`].
    pub fn factors(&self) -> Result<Mac> {
        Mac::new(&self.purpose(b"factor")?)
    }

    /// The pepper of passwords.
    ///
    /// # Errors
    /// As [`Self::index`].
    pub fn pepper(&self) -> Result<Key32> {
        self.purpose(b"pepper")
    }

    /// Seals what strangers send to the operator.
    ///
    /// # Errors
    /// As [`Self::index`].
    pub fn reports(&self) -> Result<TableKey> {
        Ok(TableKey::new(&self.purpose(b"report")?))
    }

    /// A value to keep in the database: another one at start means another root key or instance.
    ///
    /// # Errors
    /// As [`Self::index`].
    pub fn check(&self) -> Result<Fingerprint> {
        Ok(Mac::new(&self.purpose(b"check")?)?.fingerprint(&[]))
    }

    /// Seals secrets of the installation itself.
    ///
    /// # Errors
    /// As [`Self::index`].
    pub fn secrets(&self) -> Result<TableKey> {
        Ok(TableKey::new(&self.purpose(b"instance")?))
    }

    fn purpose(&self, name: &[u8]) -> Result<Key32> {
        kdf::derive(&self.key, Some(self.instance.uuid().as_bytes()), &[LABEL, name])
    }

    fn wrap(&self, kind: &[u8], owner: Owner, key: &Key32) -> Result<Sealed> {
        let with = XaesKey::new(&self.purpose(b"wrap")?);
        let aad = self.wrap_aad(kind, owner);
        sealed::seal(&with, &mut NonceSource::new(), &aad, key.expose(), |_| (), key.expose().len())
    }

    fn unwrap(&self, kind: &[u8], owner: Owner, wrapped: &Sealed) -> Result<Key32> {
        let with = XaesKey::new(&self.purpose(b"wrap")?);
        let mut bytes = Zeroizing::new(Vec::with_capacity(wrapped.as_bytes().len()));
        sealed::open(&with, &self.wrap_aad(kind, owner), wrapped.as_bytes(), &mut bytes)?;
        Key32::try_from_slice(&bytes)
    }

    fn wrap_aad(&self, kind: &[u8], owner: Owner) -> Vec<u8> {
        let (owner_kind, owner) = owner.parts();
        let mut aad = Vec::with_capacity(120);
        put(&mut aad, &[sealed::VERSION]);
        put(&mut aad, b"keepwell/v1/wrapped-key");
        put(&mut aad, kind);
        put(&mut aad, self.instance.uuid().as_bytes());
        put(&mut aad, &[owner_kind]);
        put(&mut aad, owner.as_bytes());
        aad
    }
}

/// The key of all data of one owner. Destroying its wrapped form erases that data everywhere.
pub struct DataKey(Key32);

impl DataKey {
    const KIND: &'static [u8] = b"data";

    /// A new random key.
    ///
    /// # Errors
    /// [`crate::Error::Randomness`].
    pub fn generate() -> Result<Self> {
        Key32::generate().map(Self)
    }

    /// The wrapped form for the key store: 73 bytes.
    ///
    /// # Errors
    /// [`crate::Error::Randomness`].
    pub fn wrap(&self, root: &RootKey, owner: impl Into<Owner>) -> Result<Sealed> {
        root.wrap(Self::KIND, owner.into(), &self.0)
    }

    /// The key out of its wrapped form.
    ///
    /// # Errors
    /// [`crate::Error::Refused`] for another root key, instance, owner or kind of key.
    pub fn unwrap(root: &RootKey, owner: impl Into<Owner>, wrapped: &Sealed) -> Result<Self> {
        root.unwrap(Self::KIND, owner.into(), wrapped).map(Self)
    }

    /// The key of one table's fields.
    ///
    /// # Errors
    /// As [`RootKey::index`]; so for all derivations here.
    pub fn table(&self, name: &str) -> Result<TableKey> {
        Ok(TableKey::new(&kdf::derive(&self.0, None, &[b"table/", name.as_bytes()])?))
    }

    /// The key of one file.
    ///
    /// # Errors
    /// As [`Self::table`].
    pub fn file(&self, id: DocumentId) -> Result<FileKey> {
        kdf::derive(&self.0, None, &[b"file/", id.uuid().as_bytes()]).map(FileKey)
    }

    /// Keyed hashes for one purpose: identities of records, contents of files.
    ///
    /// # Errors
    /// As [`Self::table`].
    pub fn fingerprints(&self, purpose: &str) -> Result<Mac> {
        Mac::derive(&self.0, None, &[b"fingerprint/", purpose.as_bytes()])
    }

    /// The key of the marks of what its owner deleted.
    ///
    /// # Errors
    /// As [`Self::table`].
    pub fn marks(&self) -> Result<MarkKey> {
        kdf::derive(&self.0, None, &[b"marks"]).map(MarkKey)
    }
}

/// The key of the marks of what a person deleted. Unlike any other key it leaves with its owner's
/// export, so that the marks hold where that is restored; nothing else hangs on it.
pub struct MarkKey(Key32);

impl MarkKey {
    /// One out of an export.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Key32::from_bytes(bytes))
    }
    /// Its bytes, for an export.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }
    /// The marks that are made with it.
    ///
    /// # Errors
    /// [`crate::Error::Backend`], never in practice.
    pub fn mac(&self) -> Result<Mac> {
        Mac::new(&self.0)
    }
}

/// The key of one person's audit details; destroyed with the person.
pub struct AuditKey(Key32);

impl AuditKey {
    const KIND: &'static [u8] = b"audit";

    /// A new random key.
    ///
    /// # Errors
    /// [`crate::Error::Randomness`].
    pub fn generate() -> Result<Self> {
        Key32::generate().map(Self)
    }

    /// As [`DataKey::wrap`]; the two kinds never open as one another.
    ///
    /// # Errors
    /// [`crate::Error::Randomness`].
    pub fn wrap(&self, root: &RootKey, owner: impl Into<Owner>) -> Result<Sealed> {
        root.wrap(Self::KIND, owner.into(), &self.0)
    }

    /// As [`DataKey::unwrap`].
    ///
    /// # Errors
    /// [`crate::Error::Refused`] for another root key, instance, owner or kind of key.
    pub fn unwrap(root: &RootKey, owner: impl Into<Owner>, wrapped: &Sealed) -> Result<Self> {
        root.unwrap(Self::KIND, owner.into(), wrapped).map(Self)
    }

    /// Seals the details of audit entries.
    ///
    /// # Errors
    /// As [`RootKey::index`].
    pub fn details(&self) -> Result<TableKey> {
        Ok(TableKey::new(&kdf::derive(&self.0, None, &[b"audit/detail"])?))
    }
}

/// The secret from which the installation signs its audit log.
pub struct SigningSeed(Key32);

impl SigningSeed {
    const KIND: &'static [u8] = b"signing";

    /// A new random secret.
    ///
    /// # Errors
    /// [`crate::Error::Randomness`].
    pub fn generate() -> Result<Self> {
        Key32::generate().map(Self)
    }

    /// As [`DataKey::wrap`].
    ///
    /// # Errors
    /// [`crate::Error::Randomness`].
    pub fn wrap(&self, root: &RootKey, owner: impl Into<Owner>) -> Result<Sealed> {
        root.wrap(Self::KIND, owner.into(), &self.0)
    }

    /// As [`DataKey::unwrap`].
    ///
    /// # Errors
    /// [`crate::Error::Refused`] for another root key, instance, owner or kind of key.
    pub fn unwrap(root: &RootKey, owner: impl Into<Owner>, wrapped: &Sealed) -> Result<Self> {
        root.unwrap(Self::KIND, owner.into(), wrapped).map(Self)
    }

    /// The bytes, for the signer.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }
}

/// The key of one file; every sealed copy of it gets its own stream key from this.
pub struct FileKey(pub(crate) Key32);

macro_rules! starred {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    )+};
}
starred!(RootKey, DataKey, AuditKey, SigningSeed, FileKey);
