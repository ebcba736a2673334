//! The store: the data, and apart from it the keys and the counters of the limits.

use crate::{
    config::{Place, StoreConfig},
    connect,
    error::Result,
    pool::{Conn, Pool, TxInner},
};

/// All databases, open and migrated. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) data: Pool,
    pub(crate) keys: Pool,
    pub(crate) limits: Pool,
}

impl Store {
    /// Opens the databases, makes them when they are not there, and brings their schema up to date.
    ///
    /// # Errors
    /// [`Refused`](crate::StoreError::Refused) for settings or versions that are not safe,
    /// [`Unavailable`](crate::StoreError::Unavailable) when a database cannot be reached.
    pub async fn open(config: &StoreConfig) -> Result<Self> {
        let (data, keys) = (config.data_place()?, config.keys_place()?);
        let data = connect::open(&data, config).await?;
        let keys = connect::open(&keys, config).await?;
        let limits = connect::open_limits(&config.limits_place()?, config).await?;
        connect::migrate(&data, Place::MIGRATIONS_DATA).await?;
        connect::migrate(&keys, Place::MIGRATIONS_KEYS).await?;
        Ok(Self { data, keys, limits })
    }

    /// A transaction that writes. Dropped without [`Tx::commit`], it never happened.
    ///
    /// # Errors
    /// [`Unavailable`](crate::StoreError::Unavailable) when no connection comes free in time.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx(self.data.begin().await?))
    }

    /// A transaction that reads everything from one state of the data; writing in it fails.
    ///
    /// # Errors
    /// [`Unavailable`](crate::StoreError::Unavailable) when no connection comes free in time.
    pub async fn snapshot(&self) -> Result<Tx> {
        Ok(Tx(self.data.begin_snapshot().await?))
    }

    /// A transaction on the key store. It is not part of any transaction on the data.
    ///
    /// # Errors
    /// [`Unavailable`](crate::StoreError::Unavailable) when no connection comes free in time.
    pub async fn begin_keys(&self) -> Result<KeyTx> {
        Ok(KeyTx(self.keys.begin().await?))
    }

    /// Whether the data are in SQLite.
    #[must_use]
    pub const fn is_sqlite(&self) -> bool {
        self.data.is_sqlite()
    }

    /// Waits for what is running and closes all connections.
    pub async fn close(&self) {
        self.data.close().await;
        self.keys.close().await;
        self.limits.close().await;
    }
}

/// A transaction on the data.
pub struct Tx(pub(crate) TxInner);

impl Tx {
    /// Makes it all true, on disk, before it returns.
    ///
    /// # Errors
    /// Any; nothing of the transaction happened then, unless the connection broke in this call.
    pub async fn commit(self) -> Result<()> {
        self.0.commit().await
    }
    /// Undoes it all and waits until that is done.
    ///
    /// # Errors
    /// Those of the connection; it is undone all the same.
    pub async fn rollback(self) -> Result<()> {
        self.0.rollback().await
    }
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        self.0.conn()
    }
}

/// A transaction on the key store.
pub struct KeyTx(pub(crate) TxInner);

impl KeyTx {
    /// As [`Tx::commit`].
    ///
    /// # Errors
    /// As [`Tx::commit`].
    pub async fn commit(self) -> Result<()> {
        self.0.commit().await
    }
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        self.0.conn()
    }
}

/// From where a read reads: the store as it is (`&Store`), or a transaction (`&mut Tx`), which
/// sees its own writes.
pub enum Source<'a> {
    /// A free connection.
    Store(&'a Store),
    /// An open transaction.
    Tx(&'a mut Tx),
}
impl<'a> From<&'a Store> for Source<'a> {
    fn from(store: &'a Store) -> Self {
        Self::Store(store)
    }
}
impl<'a> From<&'a mut Tx> for Source<'a> {
    fn from(tx: &'a mut Tx) -> Self {
        Self::Tx(tx)
    }
}
impl<'a> Source<'a> {
    pub(crate) async fn conn(self) -> Result<Conn<'a>> {
        match self {
            Self::Store(store) => store.data.read().await,
            Self::Tx(tx) => Ok(tx.conn()),
        }
    }
}
