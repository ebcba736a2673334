//! Argon2id off the async threads, with as many at a time as there are cores and a short queue:
//! a flood of sign-ins is refused quickly and nothing else waits for it (spec 2.3).

use crate::error::{Result, ServiceError};
use keepwell_crypto::password::{Hasher, Password, Verdict};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Semaphore;

const BUSY: ServiceError = ServiceError::Unavailable { retry_after_s: 5 };

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

    /// Whether a call could wait now; cheap, for turning a flood away before it costs anything.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when too many wait already.
    pub fn check_room(&self) -> Result<()> {
        if self.waiting.load(Ordering::Acquire) >= QUEUE { Err(BUSY) } else { Ok(()) }
    }

    /// A new password's PHC string.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when too many wait already.
    pub async fn hash(&self, password: Password) -> Result<String> {
        self.run(move |h| h.hash(&password)).await
    }

    /// Checks a password; without a stored hash, the same work is done against a dummy. `level`: there
    /// are bcrypt hashes in the store, and the time must not tell which account has one.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when too many wait already.
    pub async fn verify(&self, password: Password, stored: Option<String>, level: bool) -> Result<Verdict> {
        self.run(move |h| h.verify_level(&password, stored.as_deref(), level)).await
    }

    async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Hasher) -> std::result::Result<T, keepwell_crypto::Error> + Send + 'static,
    {
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(BUSY);
        }
        let queued = Waiting(&self.waiting);
        let permit = self.cores.clone().acquire_owned().await.map_err(|_| BUSY)?;
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use keepwell_crypto::{Key32, password::Cost};

    #[tokio::test]
    async fn a_flood_is_turned_away_and_the_rest_is_served() {
        let hashing = Hashing::new(Hasher::new(Key32::from_bytes([1; 32]), Cost::FLOOR), 1);
        let call = || hashing.verify(Password::new("p").unwrap(), None, false);
        let all = futures::future::join_all((0..QUEUE * 3).map(|_| call())).await;
        let served = all.iter().filter(|r| r.is_ok()).count();
        assert!((QUEUE..=QUEUE + 2).contains(&served), "{served}");
        let refused = all.iter().filter(|r| matches!(r, Err(ServiceError::Unavailable { .. }))).count();
        assert_eq!(refused, QUEUE * 3 - served);
        assert!(hashing.check_room().is_ok() && call().await.is_ok());
    }
}
