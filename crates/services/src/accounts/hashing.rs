//! Argon2id off the async threads, with as many at a time as there are cores and a short queue:
//! a flood of sign-ins is refused quickly and nothing else waits for it (spec 2.3).

use crate::error::{Result, ServiceError};
use keepwell_crypto::password::{Hasher, Password, Verdict};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Semaphore;

/// Waiting calls beyond those that run.
const QUEUE: usize = 24;

/// The one place where passwords are hashed.
pub struct Hashing {
    hasher: Arc<Hasher>,
    cores: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// Counts a waiting call for as long as it lives, also when the caller goes away.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Hashing {
    /// At most `cores` hashes at a time.
    #[must_use]
    pub fn new(hasher: Hasher, cores: usize) -> Self {
        Self {
            hasher: Arc::new(hasher),
            cores: Arc::new(Semaphore::new(cores.max(1))),
            waiting: AtomicUsize::new(0),
        }
    }

    /// A new password's PHC string.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when too many wait already.
    pub async fn hash(&self, password: Password) -> Result<String> {
        self.run(move |h| h.hash(&password)).await
    }

    /// Checks a password; without a stored hash, the same work is done against a dummy.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when too many wait already.
    pub async fn verify(&self, password: Password, stored: Option<String>) -> Result<Verdict> {
        self.run(move |h| match &stored {
            Some(s) => h.verify(&password, s),
            None => h.verify_unknown(&password),
        })
        .await
    }

    async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Hasher) -> std::result::Result<T, keepwell_crypto::Error> + Send + 'static,
    {
        let busy = ServiceError::Unavailable { retry_after_s: 5 };
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(busy);
        }
        let queued = Waiting(&self.waiting);
        let permit = self.cores.clone().acquire_owned().await.map_err(|_| busy)?;
        drop(queued);
        let hasher = self.hasher.clone();
        // The permit lives inside the task: a caller that hangs up frees no core that still works.
        let done = tokio::task::spawn_blocking(move || {
            let out = work(&hasher);
            drop(permit);
            out
        });
        Ok(done.await??)
    }
}
