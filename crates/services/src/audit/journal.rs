//! Writes entries that have no transaction of their own, many at once: everything that arrives
//! while one commit is under way goes into the next, so a sync of the disk is shared by all who
//! wait for it.

use crate::error::{Result, ServiceError};
use keepwell_store::{Store, StoreError, audit as rows};
use std::sync::Arc;
use tokio::sync::{Notify, mpsc, oneshot};

/// Entries that may wait; more are refused with "busy".
const WAITING: usize = 4096;
/// Entries in one transaction.
const BATCH: usize = 256;

/// Why an entry was not written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fault {
    Busy,
    Full,
}

impl From<Fault> for ServiceError {
    fn from(f: Fault) -> Self {
        match f {
            Fault::Busy => Self::Unavailable { retry_after_s: 1 },
            Fault::Full => Self::Full,
        }
    }
}

type Done = std::result::Result<(), Fault>;
type Order = (rows::AuditRow, oneshot::Sender<Done>);

/// See the module.
pub struct Journal {
    orders: mpsc::Sender<Order>,
    written: Arc<Notify>,
}

impl Journal {
    /// Starts the one writer of this process. It ends when the journal is dropped.
    pub fn start(store: Store) -> Self {
        let (orders, waiting) = mpsc::channel(WAITING);
        let written = Arc::new(Notify::new());
        tokio::spawn(run(store, waiting, Arc::clone(&written)));
        Self { orders, written }
    }

    /// Hands an entry over; what comes back says when it is on disk.
    pub(super) fn order(&self, entry: rows::AuditRow) -> std::result::Result<oneshot::Receiver<Done>, Fault> {
        let (tell, done) = oneshot::channel();
        self.orders.try_send((entry, tell)).map_err(|_| Fault::Busy)?;
        Ok(done)
    }

    /// Writes an entry; it is on disk when this returns.
    pub(super) async fn write(&self, entry: rows::AuditRow) -> Result<()> {
        let done = self.order(entry)?;
        Ok(done.await.unwrap_or(Err(Fault::Busy))?)
    }

    /// Something was logged: the sequencer has work.
    pub(super) fn wake(&self) {
        self.written.notify_one();
    }

    /// Ends when something was logged in this process.
    pub(crate) async fn logged(&self) {
        self.written.notified().await;
    }
}

async fn run(store: Store, mut waiting: mpsc::Receiver<Order>, written: Arc<Notify>) {
    let mut orders = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut orders, BATCH).await > 0 {
        let (entries, tell): (Vec<_>, Vec<_>) = orders.drain(..).unzip();
        let done = match write(&store, &entries).await {
            Ok(()) => Ok(()),
            Err(StoreError::Full(_)) => Err(Fault::Full),
            Err(e) => {
                tracing::error!(error = %e, "the audit log cannot be written");
                Err(Fault::Busy)
            }
        };
        for one in tell {
            // Who asked may have gone; the entry stands.
            let _ = one.send(done);
        }
        written.notify_one();
    }
}

async fn write(store: &Store, entries: &[rows::AuditRow]) -> std::result::Result<(), StoreError> {
    let mut tx = store.begin().await?;
    rows::insert_audit(&mut tx, entries).await?;
    tx.commit().await
}
