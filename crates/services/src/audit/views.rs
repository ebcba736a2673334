//! Looking at something again within a minute, from the same session, device and address, is
//! covered by the entry of the first look: that entry says for how long it stands (its span), and
//! was on disk before anything was given out. How often it was looked at again is written down when
//! the minute is over. Decision 0008 tells why.

use super::{Act, journal::Fault};
use crate::{
    core::Services,
    error::{Result, ServiceError},
};
use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use keepwell_domain::{
    act::Action,
    ids::{AccessTokenId, AccountId, ProfileId},
    time::Ts,
};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};
use tokio::sync::oneshot::Receiver;
use uuid::Uuid;

/// For how many seconds a look covers the same look again.
const SPAN: u32 = 60;
/// Looks remembered at once; beyond them every look has its own entry.
const MOST: usize = 1 << 16;

type Written = Shared<BoxFuture<'static, std::result::Result<(), Fault>>>;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    session: Option<[u8; 32]>,
    token: Option<AccessTokenId>,
    address: Option<IpAddr>,
    agent: String,
    actor: Option<AccountId>,
    profile: Option<ProfileId>,
    action: Action,
    object: Option<Uuid>,
}

struct Look {
    until: Ts,
    again: u32,
    written: Written,
    act: Act,
}

/// The looks of the last minute.
#[derive(Default)]
pub struct Views(Mutex<HashMap<Key, Look>>);

fn key(act: &Act) -> Key {
    Key {
        session: act.session,
        token: act.token,
        address: act.device.address,
        agent: act.device.user_agent.clone(),
        actor: act.actor,
        profile: act.profile,
        action: act.action,
        object: act.object,
    }
}

impl Views {
    /// The entry that covers this look, if there is one.
    fn covered(&self, key: &Key, now: Ts) -> Option<Written> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let look = all.get_mut(key)?;
        if now >= look.until || look.until > now.plus_seconds(SPAN.into()) {
            return None;
        }
        look.again = look.again.saturating_add(1);
        Some(look.written.clone())
    }

    /// Remembers a look; what it was covered by before, if that was looked at again.
    fn remember(&self, key: Key, look: Look) -> Option<Look> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST && !all.contains_key(&key) {
            return None;
        }
        all.insert(key, look).filter(|old| old.again > 0)
    }

    fn forget(&self, key: &Key) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// Takes out the looks whose minute is over; with `all`, every one.
    fn over(&self, now: Ts, all: bool) -> Vec<Look> {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ended: Vec<Key> =
            looks.iter().filter(|(_, l)| all || now >= l.until).map(|(k, _)| k.clone()).collect();
        ended.iter().filter_map(|k| looks.remove(k)).filter(|l| l.again > 0).collect()
    }
}

impl Services {
    /// Logs that health data are looked at. The entry that covers it is on disk when this returns;
    /// call it before anything is given out.
    ///
    /// # Errors
    /// As [`Services::log_now`].
    pub async fn log_view(&self, act: Act) -> Result<()> {
        let (key, now) = (key(&act), self.now());
        if let Some(written) = self.0.views.covered(&key, now) {
            return Ok(written.await?);
        }
        let entry = self.entry(&act, SPAN, 1).await?;
        let until = entry.at.plus_seconds(SPAN.into());
        let done = self.0.journal.order(entry)?;
        let written = async move { done.await.unwrap_or(Err(Fault::Busy)) }.boxed().shared();
        let look = Look { until, again: 0, written: written.clone(), act };
        if let Some(before) = self.0.views.remember(key.clone(), look) {
            self.count(before).await?;
        }
        let result = written.await;
        if result.is_err() {
            self.0.views.forget(&key);
        }
        Ok(result?)
    }

    /// Writes down how often something was looked at again; what comes back says when it is on disk.
    async fn count(&self, look: Look) -> Result<Option<Receiver<std::result::Result<(), Fault>>>> {
        match self.entry(&look.act, 0, look.again).await {
            Ok(entry) => Ok(Some(self.0.journal.order(entry)?)),
            // The person was erased meanwhile, and their log with them.
            Err(ServiceError::NotFound) => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Writes down the looks whose minute is over; at the end of the program, all.
    pub(crate) async fn count_views(&self, all: bool) -> Result<()> {
        let mut on_their_way = Vec::new();
        for look in self.0.views.over(self.now(), all) {
            on_their_way.extend(self.count(look).await?);
        }
        for written in on_their_way {
            written.await.unwrap_or(Err(Fault::Busy))?;
        }
        Ok(())
    }
}
