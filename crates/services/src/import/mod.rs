//! From a queued document to records: claim, read in a child, compare, seal, commit at once.

mod again;
mod collect;
mod commit;
mod conclude;
pub mod identity;
mod known;
pub(crate) mod marks;
mod near;
pub mod person;
mod prepare;
mod restore;
pub(crate) mod waiting;

pub(crate) use conclude::open_or_done;
pub(crate) use known::{Known, fingerprint, seal_locator, seal_record};

use crate::{
    core::Services,
    documents::meta::Meta,
    error::{Result, ServiceError},
    host::{ParserFailure, ParserHost, ParserInput},
    keyring::ProfileKeys,
};
use collect::Collector;
use keepwell_domain::{
    counter::{Counter, Reading},
    ids::{DocumentId, ProfileId},
    time::Ts,
};
use keepwell_parsers::{
    reason::{Fate, Why},
    sink::{Options, Summary},
};
use keepwell_store::{StoreError, document as rows, job, profile};
use restore::{Intake, Reserved};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

/// After a crash another worker takes the document over when the lease has run out.
const LEASE_S: i64 = 20;
/// Ten beats to a lease: a database that hesitates for seconds costs nobody their work.
const BEAT: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_secs(1);

/// How far a reader is.
#[derive(Default)]
struct Gauge {
    done: AtomicU64,
    total: AtomicU64,
}

impl Services {
    /// Reads queued documents until `stop` turns true. Several workers, also of several instances,
    /// may run on one database.
    pub async fn run_worker(&self, host: Arc<dyn ParserHost>, mut stop: watch::Receiver<bool>) {
        let owner = Uuid::now_v7();
        let mut idle_since_sweep = 0u32;
        while !*stop.borrow() {
            match self.work_once(&*host, owner).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(_) => tracing::warn!("the worker could not take a job; it tries again"),
            }
            idle_since_sweep += 1;
            if idle_since_sweep >= 300 {
                idle_since_sweep = 0;
                let _ = self.housekeeping().await;
            }
            tokio::select! {
                () = self.0.queued.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Takes one job if there is one and ends it. Also brings back jobs whose worker died.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn work_once(&self, host: &dyn ParserHost, owner: Uuid) -> Result<bool> {
        let store = &self.0.store;
        let now = self.now();
        if !job::has_due_job(store, now).await? {
            return Ok(false);
        }
        self.take_back(now).await?;
        let Some(job) = job::claim_job(store, owner, now, now.plus_seconds(LEASE_S)).await? else {
            return Ok(false);
        };
        let (Some(profile), Some(subject)) = (job.profile_id, job.subject_id) else {
            self.end_job(&job, owner, Err("malformed")).await?;
            return Ok(true);
        };
        let result = self.read_document(host, &job, owner, profile, DocumentId::new(subject)).await;
        match result {
            Ok(()) => {}
            // The document went away meanwhile: undone by its owner.
            Err(ServiceError::NotFound) if self.is_gone(profile, DocumentId::new(subject)).await? => {
                self.end_job(&job, owner, Ok(())).await?;
            }
            // A record that it shares with another import may have gone with that one: compare again.
            Err(e) => {
                tracing::warn!(job = %job.id, error = %e, "reading a document failed");
                self.end_job(&job, owner, Err("unavailable")).await?;
                if job.attempts >= job.max_attempts {
                    self.give_up(profile, DocumentId::new(subject)).await?;
                }
            }
        }
        self.0.moved.notify_waiters();
        Ok(true)
    }

    /// Takes back what was being read when this instance last stopped, without waiting for the
    /// leases to run out. Only for an instance that knows to be the only one, at its start.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn resume_reading(&self) -> Result<()> {
        self.take_back(self.now().plus_seconds(LEASE_S + 1)).await
    }

    /// Takes back jobs whose leases ran out before a time. A document whose last attempt that was
    /// says so.
    async fn take_back(&self, before: Ts) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        let back = job::requeue_expired_jobs(&mut tx, before).await?;
        let dead = back.iter().filter(|j| j.state == job::JobState::Dead).count();
        if dead > 0 {
            self.count_many(&mut tx, Counter::JobsDead, i64::try_from(dead).unwrap_or(i64::MAX)).await?;
        }
        tx.commit().await?;
        for dead in back.iter().filter(|j| j.state == job::JobState::Dead) {
            let (Some(profile), Some(subject)) = (dead.profile_id, dead.subject_id) else { continue };
            match self.give_up(profile, DocumentId::new(subject)).await {
                Ok(()) | Err(ServiceError::NotFound) => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    async fn is_gone(&self, profile: ProfileId, id: DocumentId) -> Result<bool> {
        match rows::get_document(&self.0.store, profile, id).await {
            Ok(_) => Ok(false),
            Err(keepwell_store::StoreError::NotFound) => Ok(true),
            Err(e) => Err(e.into()),
        }
    }

    async fn end_job(&self, job: &job::Job, owner: Uuid, how: std::result::Result<(), &str>) -> Result<()> {
        let now = self.now();
        let mut tx = self.0.store.begin().await?;
        match how {
            Ok(()) => job::finish_job(&mut tx, job.id, owner, now).await?,
            Err(code) => {
                let again = now.plus_seconds(job::backoff_seconds(job.attempts));
                let state = job::fail_job(&mut tx, job.id, owner, code, Some(again), now).await?;
                if state == job::JobState::Dead {
                    self.count_in(&mut tx, Counter::JobsDead).await?;
                }
            }
        }
        Ok(tx.commit().await?)
    }

    /// After the last attempt the document says so; its file is kept.
    async fn give_up(&self, profile: ProfileId, id: DocumentId) -> Result<()> {
        let keys = self.0.keys.profile(&self.0.store, profile).await?;
        let row = rows::get_document(&self.0.store, profile, id).await?;
        let mut meta = Meta::open(&keys, &row)?;
        if row.records > 0 {
            let (state, meta) = conclude::unchanged(meta, &Outcome::Failed(Fate::GaveUpAgain.into()));
            return self.set_document(profile, &keys, &row, &meta, state).await;
        }
        meta.reason = Some(Fate::GaveUp.into());
        self.set_document(profile, &keys, &row, &meta, rows::DocumentState::Failed).await
    }

    async fn set_document(
        &self,
        profile: ProfileId,
        keys: &ProfileKeys,
        row: &rows::Document,
        meta: &Meta,
        state: rows::DocumentState,
    ) -> Result<()> {
        let meta_sealed = meta.seal(keys, row.id)?;
        let mut tx = self.0.store.begin().await?;
        let change = profile::begin_change(&mut tx, profile).await?;
        let update = rows::DocumentUpdate { state, meta_sealed: &meta_sealed, records: row.records };
        rows::update_document(&mut tx, &change, row.id, row.row_version, &update, self.now()).await?;
        self.count_import(&mut tx, &meta.format, Reading::Failed).await?;
        Ok(tx.commit().await?)
    }

    async fn read_document(
        &self,
        host: &dyn ParserHost,
        job: &job::Job,
        owner: Uuid,
        profile: ProfileId,
        id: DocumentId,
    ) -> Result<()> {
        let reserved = Reserved::default();
        let done = self.read_and_commit(host, job, owner, profile, id, reserved.clone()).await;
        self.release(profile, &reserved).await?;
        done
    }

    async fn read_and_commit(
        &self,
        host: &dyn ParserHost,
        job: &job::Job,
        owner: Uuid,
        profile: ProfileId,
        id: DocumentId,
        reserved: Reserved,
    ) -> Result<()> {
        let store = &self.0.store;
        let keys = self.0.keys.profile(store, profile).await?;
        let row = rows::get_document(store, profile, id).await?;
        let meta = Meta::open(&keys, &row)?;
        let mut tx = store.begin().await?;
        let change = profile::begin_change(&mut tx, profile).await?;
        rows::update_document_state(&mut tx, &change, id, rows::DocumentState::Reading, self.now()).await?;
        tx.commit().await?;
        self.0.moved.notify_waiters();
        let source = self.sealed_file(&keys, id).await?;
        let gauge = Arc::new(Gauge::default());
        let (items, taken) = mpsc::channel(8);
        let input = ParserInput {
            source: Box::new(source),
            name: Some(meta.name.clone()),
            options: Options { today: Some(self.now().date()), ..meta.answers.clone().unwrap_or_default() },
            items,
            progress: {
                let gauge = gauge.clone();
                Box::new(move |done, total| {
                    gauge.done.store(done, Ordering::Relaxed);
                    gauge.total.store(total, Ordering::Relaxed);
                })
            },
        };
        let intake = Intake::new(self.clone(), profile, keys.clone(), reserved);
        let collected = Collector::new(keys.clone(), intake).run(taken);
        // On the heap: reading and its commit are a large future, and it is moved.
        let work = Box::pin(async {
            let (outcome, collected) = tokio::join!(host.parse(input), collected);
            let collected = collected?;
            let outcome = match self.retry_or_reason(job, outcome)? {
                Outcome::Read(_) if collected.too_many => Outcome::Failed(Fate::TooManyRecords.into()),
                other => other,
            };
            self.commit_import(job, owner, profile, &keys, id, collected, outcome).await
        });
        self.with_heartbeat(job, owner, &gauge, work).await
    }

    /// Keeps the lease alive while something runs, its commit included; gives up when the lease is
    /// lost. The beats run beside the work and never instead of it: on SQLite a beat may wait for
    /// the writer that the work holds.
    async fn with_heartbeat(
        &self,
        job: &job::Job,
        owner: Uuid,
        gauge: &Gauge,
        work: impl Future<Output = Result<()>>,
    ) -> Result<()> {
        tokio::select! {
            biased;
            done = work => done,
            lost = self.beat(job, owner, gauge) => Err(lost),
        }
    }

    /// Beats until the lease is lost.
    async fn beat(&self, job: &job::Job, owner: Uuid, gauge: &Gauge) -> ServiceError {
        loop {
            tokio::time::sleep(BEAT).await;
            match self.beat_once(job, owner, gauge).await {
                Ok(()) => self.0.moved.notify_waiters(),
                Err(e @ StoreError::Conflict { .. }) => return e.into(),
                // A beat that was missed is made up for by the next; a commit checks the lease.
                Err(_) => {}
            }
        }
    }

    async fn beat_once(&self, job: &job::Job, owner: Uuid, gauge: &Gauge) -> keepwell_store::Result<()> {
        let as_i64 = |v: &AtomicU64| i64::try_from(v.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
        let progress =
            job::Progress { done: as_i64(&gauge.done), total: as_i64(&gauge.total), phase: "reading" };
        let mut tx = self.0.store.begin().await?;
        let now = self.now();
        job::heartbeat_job(&mut tx, job.id, owner, progress, now, now.plus_seconds(LEASE_S)).await?;
        tx.commit().await
    }

    /// What a failed reader means for its document: a passing fault is tried again, any other is a
    /// reason.
    fn retry_or_reason(
        &self,
        job: &job::Job,
        outcome: std::result::Result<Summary, ParserFailure>,
    ) -> Result<Outcome> {
        Ok(match outcome {
            Ok(summary) => Outcome::Read(summary),
            Err(ParserFailure::Kept { reason, media_type, format }) => {
                Outcome::Kept { reason: reason.into(), media_type, format }
            }
            Err(ParserFailure::Reason(why)) => Outcome::Failed(why.into()),
            Err(ParserFailure::Timeout) => Outcome::Failed(Fate::Timeout.into()),
            Err(ParserFailure::Memory) => Outcome::Failed(Fate::Memory.into()),
            Err(ParserFailure::Crashed) if job.attempts < 2 => {
                return Err(ServiceError::Unavailable { retry_after_s: 1 });
            }
            Err(ParserFailure::Crashed) => Outcome::Failed(Fate::Crashed.into()),
            Err(ParserFailure::Unavailable) => return Err(ServiceError::Unavailable { retry_after_s: 5 }),
        })
    }
}

/// How the reading of a document ended.
enum Outcome {
    Read(Summary),
    Kept { reason: Why, media_type: String, format: String },
    Failed(Why),
}

/// Numbers that a commit reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    records: u64,
    samples: u64,
    joined: u64,
}
