//! What is counted of the instance (never of anybody in it), and where.
//!
//! What has a transaction of its own is counted in it: what the log says, letters, files that were read. What has none (errors,
//! refusals, uses of features) is added up in memory and written down every half a minute, so that a flood costs the database
//! nothing; a crash takes no more than that. Several instances add up. Decision 0028 tells what is not counted.

mod levels;

pub use levels::HostFacts;

use crate::{core::Services, error::Result, limit::Class};
use keepwell_domain::{
    act::{ActOutcome, Action},
    counter::{self, Counter, Family, Reading, hour, hour_of_day},
    time::{DAY, Ts},
    usage::Feature,
};
use keepwell_store::{
    Tx,
    audit::AuditRow,
    counter::{Count, Join, Use, add_uses, delete_counts, put_counts},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// Between two writings.
const PAUSE: Duration = Duration::from_secs(30);
/// Looks at what there is, in pauses.
const LEVELS_EVERY: u32 = 4;

/// Counts that are not written down yet. Both maps have a fixed set of keys within an hour, so neither can grow without bound.
#[derive(Default)]
struct Pending {
    counts: BTreeMap<(Counter, i64), i64>,
    uses: BTreeMap<(i64, Feature), i64>,
}

/// Counts in memory. Cheap to clone.
#[derive(Clone, Default)]
pub struct Counters(Arc<Mutex<Pending>>);

impl Counters {
    /// Counts one.
    pub fn count(&self, counter: Counter, at: Ts) {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *pending.counts.entry((counter, hour(at))).or_default() += 1;
    }

    fn count_use(&self, feature: Feature, at: Ts) {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *pending.uses.entry((at.0.div_euclid(DAY), feature)).or_default() += 1;
    }

    fn take(&self) -> Pending {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts back what could not be written.
    fn put_back(&self, failed: Pending) {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, n) in failed.counts {
            *pending.counts.entry(key).or_default() += n;
        }
        for (key, n) in failed.uses {
            *pending.uses.entry(key).or_default() += n;
        }
    }
}

/// The counter of refusals under a limit.
pub(crate) const fn refused(class: Class) -> Counter {
    match class {
        Class::Login => Counter::RefusedLogin,
        Class::Signup => Counter::RefusedSignup,
        Class::Upload => Counter::RefusedUpload,
        Class::Ask => Counter::RefusedAsk,
        Class::Api => Counter::RefusedApi,
    }
}

/// What an entry of the log adds to.
fn of_entry(e: &AuditRow) -> Option<Counter> {
    let done = e.outcome == ActOutcome::Done.as_str();
    match Action::parse(&e.action)? {
        Action::SessionStarted if done => Some(Counter::SignIns),
        Action::SessionRefused => Some(Counter::SignInsRefused),
        Action::AccountCreated | Action::AdminCreated if done => Some(Counter::PeopleNew),
        Action::AccountDeleted if done => Some(Counter::PeopleGone),
        _ => None,
    }
}

/// The family of a format, by the word for it.
pub(crate) fn family(format: &str) -> Family {
    match format {
        "FHIR" | "FHIR (NDJSON)" | "FHIR (XML)" => Family::Fhir,
        "C-CDA" | "XML" => Family::Cda,
        "HL7 v2" => Family::Hl7,
        "Apple Health" | "FIT" => Family::Device,
        "CSV" | "Excel" => Family::Table,
        "PDF" => Family::Pdf,
        "PNG" | "JPEG" | "HEIC" | "GIF" | "WebP" | "TIFF" | "DICOM" | "SVG" => Family::Picture,
        "ZIP" | "gzip" | "Keepwell export" => Family::Archive,
        "Word" | "OpenDocument" | "Office 97" | "Text" | "HTML" => Family::Text,
        _ => Family::Other,
    }
}

impl Services {
    /// Counts in memory.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.0.counters
    }

    /// Counts an answer that says that something is wrong with us.
    pub fn count_error(&self) {
        self.0.counters.count(Counter::Errors, self.now());
    }

    /// Counts the use of a feature, if those who run the instance want that. Whoever asks must have said nothing against it.
    pub fn count_use(&self, feature: Feature) {
        if self.0.live.get().usage_counts {
            self.0.counters.count_use(feature, self.now());
        }
    }

    /// Counts what entries of the log say, in the transaction that gives them their places: each entry exactly once.
    pub(crate) async fn count_entries(
        &self,
        tx: &mut Tx,
        entries: &[(AuditRow, &'static str)],
    ) -> Result<()> {
        let mut found: BTreeMap<(Counter, i64), i64> = BTreeMap::new();
        for (e, _) in entries {
            if let Some(counter) = of_entry(e) {
                *found.entry((counter, hour(e.at))).or_default() += e.times;
            }
        }
        Ok(put_counts(tx, &rows(found), Join::Add).await?)
    }

    /// Counts something in the transaction that did it, as the last thing in it.
    pub(crate) async fn count_in(&self, tx: &mut Tx, counter: Counter) -> Result<()> {
        self.count_many(tx, counter, 1).await
    }

    /// The same, `n` times.
    pub(crate) async fn count_many(&self, tx: &mut Tx, counter: Counter, n: i64) -> Result<()> {
        let one = Count { name: counter.as_str().to_owned(), hour: hour(self.now()), n };
        Ok(put_counts(tx, &[one], Join::Add).await?)
    }

    /// Counts a file that was read, by the day: an hour would say too much of who brought it.
    pub(crate) async fn count_import(&self, tx: &mut Tx, format: &str, reading: Reading) -> Result<()> {
        let name = counter::import(family(format), reading);
        let one = Count { name, hour: hour_of_day(self.now()), n: 1 };
        Ok(put_counts(tx, &[one], Join::Add).await?)
    }

    /// Writes down what was counted in memory.
    ///
    /// # Errors
    /// Those of the store; nothing is lost then.
    pub async fn flush_counters(&self) -> Result<()> {
        let pending = self.0.counters.take();
        if pending.counts.is_empty() && pending.uses.is_empty() {
            return Ok(());
        }
        let written = async {
            let mut tx = self.0.store.begin().await?;
            put_counts(&mut tx, &rows(pending.counts.clone()), Join::Add).await?;
            let uses: Vec<Use> = pending
                .uses
                .iter()
                .map(|((day, feature), n)| Use { day: *day, feature: feature.as_str(), n: *n })
                .collect();
            add_uses(&mut tx, &uses).await?;
            tx.commit().await
        };
        match written.await {
            Ok(()) => Ok(()),
            Err(e) => {
                self.0.counters.put_back(pending);
                Err(e.into())
            }
        }
    }

    /// Forgets counters that are older than the setting says.
    pub(crate) async fn tidy_counters(&self, tx: &mut Tx) -> Result<()> {
        let today = self.now().0.div_euclid(DAY);
        Ok(delete_counts(tx, today - i64::from(self.0.live.get().counters_days)).await?)
    }

    /// Writes counts down and looks at what there is, until `stop` turns true, and once more then.
    pub async fn run_counters(&self, mut stop: watch::Receiver<bool>) {
        let mut round = 0;
        loop {
            if round % LEVELS_EVERY == 0
                && let Err(e) = self.note_levels().await
            {
                tracing::warn!(error = %e, "what there is could not be counted");
            }
            round = round.wrapping_add(1);
            let stopped = tokio::select! {
                () = tokio::time::sleep(PAUSE) => false,
                _ = stop.wait_for(|s| *s) => true,
            };
            if let Err(e) = self.flush_counters().await {
                tracing::warn!(error = %e, "counts could not be written down; they are kept for the next time");
            }
            if stopped {
                return;
            }
        }
    }
}

fn rows(counts: BTreeMap<(Counter, i64), i64>) -> Vec<Count> {
    counts
        .into_iter()
        .map(|((counter, hour), n)| Count { name: counter.as_str().to_owned(), hour, n })
        .collect()
}
