//! How much there is: people, files, work that waits, room on the disk.

use crate::{core::Services, error::Result};
use keepwell_domain::{
    counter::{Counter, hour},
    time::{DAY, Ts},
};
use keepwell_store::counter::{Count, Join, Levels, put_counts, read_levels};
use std::sync::PoisonError;

/// What only the server itself knows of its machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostFacts {
    /// The version that runs.
    pub version: &'static str,
    /// Bytes free on the disk of the data folder.
    pub disk_free: Option<u64>,
    /// When the certificate in force ends; `None` without one of our own.
    pub certificate_ends: Option<Ts>,
}

impl Services {
    /// Takes note of what the server knows of its machine.
    pub fn note_host(&self, facts: HostFacts) {
        *self.0.host.write().unwrap_or_else(PoisonError::into_inner) = facts;
    }

    /// What the server said last of its machine.
    #[must_use]
    pub fn host_facts(&self) -> HostFacts {
        self.0.host.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How much there is now; active are those who were here today (UTC).
    pub(crate) async fn levels(&self) -> Result<(Levels, i64)> {
        let today = Ts(self.now().0.div_euclid(DAY) * DAY);
        let levels = read_levels(&self.0.store, today).await?;
        Ok((levels, self.0.store.data_bytes().await?))
    }

    /// Writes down how much there is. Any number of instances may do so.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn note_levels(&self) -> Result<()> {
        let (levels, database) = self.levels().await?;
        let now = self.now();
        let age = levels.oldest.map_or(0, |at| (now.0 - at.0).max(0) / 1_000_000);
        let one = |counter: Counter, n: i64| Count { name: counter.as_str().to_owned(), hour: hour(now), n };
        let replaced = [
            one(Counter::People, levels.people),
            one(Counter::Storage, levels.storage),
            one(Counter::Database, database),
        ];
        let raised = [
            one(Counter::PeopleActive, levels.active),
            one(Counter::Queue, levels.queue),
            one(Counter::QueueAge, age),
        ];
        let free = self.host_facts().disk_free.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        let lowered: Vec<Count> = free.map(|n| one(Counter::DiskFree, n)).into_iter().collect();
        let mut tx = self.0.store.begin().await?;
        put_counts(&mut tx, &replaced, Join::Replace).await?;
        put_counts(&mut tx, &raised, Join::Raise).await?;
        put_counts(&mut tx, &lowered, Join::Lower).await?;
        Ok(tx.commit().await?)
    }
}
