//! Live news of a vault: the place of its newest item, and nothing else.

use super::{JournalResult, number};
use crate::{
    actor::Actor,
    core::Services,
    error::{Result, ServiceError},
};
use futures::Stream;
use keepwell_domain::ids::AccountId;
use keepwell_journal::vault::VaultId;
use keepwell_store::journal as rows;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::broadcast;
use uuid::Uuid;

/// Changes of which a slow listener still hears; after more it looks for itself.
const BEHIND: usize = 64;
/// How often a listener looks whether another instance stored something.
const FOLLOW: Duration = Duration::from_secs(5);
/// Streams that an account may hold open at once.
const STREAMS: u32 = 16;

/// Who listens, and how they are told.
pub struct News {
    moved: broadcast::Sender<Uuid>,
    open: Arc<Mutex<HashMap<AccountId, u32>>>,
}

impl Default for News {
    fn default() -> Self {
        Self { moved: broadcast::channel(BEHIND).0, open: Arc::default() }
    }
}

impl News {
    /// Tells whoever listens that something was stored in a vault.
    pub(super) fn tell(&self, vault: Uuid) {
        // Nobody may be listening.
        let _ = self.moved.send(vault);
    }

    fn listen(&self, account: AccountId) -> Result<Listening> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(account).or_default();
        if *count >= STREAMS {
            return Err(ServiceError::Unavailable { retry_after_s: 30 });
        }
        *count += 1;
        Ok(Listening { account, open: Arc::clone(&self.open) })
    }
}

/// A place among the streams of an account, given back when it is dropped.
struct Listening {
    account: AccountId,
    open: Arc<Mutex<HashMap<AccountId, u32>>>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.account);
            }
        }
    }
}

struct Follower {
    services: Services,
    account: AccountId,
    vault: Uuid,
    moved: broadcast::Receiver<Uuid>,
    told: Option<i64>,
    _place: Listening,
}

impl Follower {
    /// The next place to tell of; `None` when the vault is not reached any more.
    async fn next(&mut self) -> Option<u64> {
        loop {
            let vault = rows::get_vault(&self.services.0.store, self.account, self.vault).await.ok()?;
            if self.told != Some(vault.last_order) {
                self.told = Some(vault.last_order);
                return Some(number(vault.last_order));
            }
            let _ = tokio::time::timeout(FOLLOW, self.moves()).await;
        }
    }

    /// Waits for something to be stored in this vault here.
    async fn moves(&mut self) {
        loop {
            match self.moved.recv().await {
                Ok(vault) if vault != self.vault => {}
                _ => return,
            }
        }
    }
}

impl Services {
    /// The place of a vault's newest item, at once and after every change.
    ///
    /// # Errors
    /// A refusal for a vault that is not reached; [`ServiceError::Unavailable`] when the account holds too many streams
    /// open already.
    pub async fn journal_events(
        &self,
        actor: &Actor,
        vault: VaultId,
    ) -> JournalResult<impl Stream<Item = u64> + Send + use<>> {
        let vault = self.enter_vault(actor, vault).await?.id;
        let place = self.0.news.listen(actor.account)?;
        let follower = Follower {
            services: self.clone(),
            account: actor.account,
            vault,
            // From here on nothing is missed: what was stored before is read first.
            moved: self.0.news.moved.subscribe(),
            told: None,
            _place: place,
        };
        Ok(futures::stream::unfold(follower, |mut follower| async move {
            follower.next().await.map(|order| (order, follower))
        }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn streams_of_an_account_are_bounded_and_given_back() {
        let news = News::default();
        let (one, other) = (AccountId::new(Uuid::nil()), AccountId::new(Uuid::max()));
        let mut open: Vec<_> = (0..STREAMS).map(|_| news.listen(one).unwrap()).collect();
        assert!(news.listen(one).is_err());
        assert!(news.listen(other).is_ok());
        open.pop();
        assert!(news.listen(one).is_ok());
        drop(open);
        assert!(news.open.lock().unwrap().is_empty());
    }
}
