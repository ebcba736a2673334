//! The dashboard: numbers over everybody, from counters that hold no health data.

use super::AdminActor;
use crate::{core::Services, error::Result, mail::MailOut};
use keepwell_domain::{
    counter::{self, Counter, Family, Reading},
    time::{DAY, Ts},
    usage::Feature,
    view::running::{Dashboard, DeadJob, Imports, MailWay, Now, Refused, SPANS, Series, Weakness},
};
use keepwell_store::{counter as rows, job, report};
use std::collections::BTreeMap;

/// Failed work shown.
const SHOWN_DEAD: i64 = 50;
/// Reports shown.
const SHOWN_REPORTS: i64 = 50;

/// Every day of a span: those that nobody counted are empty.
fn fill(code: &str, first_day: i64, days: u16, found: &BTreeMap<i64, i64>) -> Series {
    let values = (0..i64::from(days)).map(|d| found.get(&(first_day + d)).copied()).collect();
    Series { code: code.to_owned(), values }
}

fn series(counts: &[rows::CountOfDay], first_day: i64, days: u16) -> Vec<Series> {
    let of_day = |counter: Counter, c: &rows::CountOfDay| match counter {
        Counter::DiskFree => c.least,
        counter if counter.is_level() => c.most,
        _ => c.sum,
    };
    let one = |counter: &Counter| {
        let own = counts.iter().filter(|c| c.name == counter.as_str());
        fill(counter.as_str(), first_day, days, &own.map(|c| (c.day, of_day(*counter, c))).collect())
    };
    Counter::ALL.iter().map(one).collect()
}

fn imports(counts: &[rows::CountOfDay]) -> Vec<Imports> {
    let sum = |family: Family, reading: Reading| {
        let name = counter::import(family, reading);
        counts.iter().filter(|c| c.name == name).map(|c| c.sum).sum::<i64>()
    };
    let one = |family: &Family| Imports {
        family: family.as_str().to_owned(),
        done: sum(*family, Reading::Done),
        kept: sum(*family, Reading::Kept),
        failed: sum(*family, Reading::Failed),
    };
    Family::ALL.iter().map(one).filter(|i| i.done + i.kept + i.failed > 0).collect()
}

fn uses(found: &[rows::UseOfDay], first_day: i64, days: u16) -> Vec<Series> {
    let one = |feature: &Feature| {
        let own: BTreeMap<i64, i64> =
            found.iter().filter(|u| u.feature == feature.as_str()).map(|u| (u.day, u.n)).collect();
        (!own.is_empty()).then(|| fill(feature.as_str(), first_day, days, &own))
    };
    Feature::ALL.iter().filter_map(one).collect()
}

fn dead(job: job::Job) -> DeadJob {
    DeadJob {
        id: job.id,
        kind: job.kind,
        error: job.error_code.unwrap_or_default(),
        attempts: job.attempts,
        queued: job.created_at,
        failed: job.changed_at,
        has_person: job.profile_id.is_some(),
    }
}

/// How mail is set up, without any secret.
pub struct MailShown {
    /// Where letters go.
    pub way: MailWay,
    /// Whether addresses are confirmed before they count.
    pub confirms: bool,
    /// What links in letters begin with.
    pub base_url: String,
}

impl Services {
    /// How mail is set up.
    #[must_use]
    pub fn mail_way(&self, _admin: &AdminActor) -> MailShown {
        let mail = &self.0.mail;
        MailShown { way: self.way(), confirms: mail.confirms, base_url: mail.base_url.clone() }
    }

    fn way(&self) -> MailWay {
        match &self.0.mail.out {
            None => MailWay::Off,
            Some(MailOut::Outbox(_)) => MailWay::Outbox,
            Some(MailOut::Server(_)) => MailWay::Server,
        }
    }

    /// How the instance does, over the last 7, 30 or 365 days (another number counts as 30).
    ///
    /// # Errors
    /// Those of the store.
    pub async fn dashboard(&self, _admin: &AdminActor, days: u16) -> Result<Dashboard> {
        let days = if SPANS.contains(&days) { days } else { SPANS[1] };
        // What this instance has only in memory counts as well.
        self.flush_counters().await?;
        let store = &self.0.store;
        let first_day = self.now().0.div_euclid(DAY) - i64::from(days) + 1;
        let counts = rows::list_counts(store, first_day).await?;
        let used = rows::list_uses(store, first_day).await?;
        let mail = self.mail_counts().await?.into_iter().map(|(state, n)| (state.to_owned(), n)).collect();
        Ok(Dashboard {
            days,
            first_day,
            series: series(&counts, first_day, days),
            imports: imports(&counts),
            uses: uses(&used, first_day, days),
            counts_uses: self.0.live.get().usage_counts,
            now: self.how_it_is().await?,
            dead: job::list_dead_jobs(store, SHOWN_DEAD).await?.into_iter().map(dead).collect(),
            mail,
            mail_way: self.way(),
            refused: self.refused_by_browsers().await?,
        })
    }

    async fn how_it_is(&self) -> Result<Now> {
        let (levels, database) = self.levels().await?;
        let host = self.host_facts();
        let whole = |n: i64| u64::try_from(n).unwrap_or(0);
        Ok(Now {
            people: levels.people,
            active: levels.active,
            storage: levels.storage,
            queue: levels.queue,
            oldest_s: levels.oldest.map_or(0, |at| (self.now().0 - at.0).max(0) / 1_000_000),
            dead: levels.dead,
            database,
            disk_free: host.disk_free,
            certificate_ends: host.certificate_ends,
            version: host.version.to_owned(),
            engine: self.0.store.engine_version().await?,
            log_entries: whole(self.log_size().await?),
            reports: whole(report::count_disclosures(&self.0.store).await?),
        })
    }

    async fn refused_by_browsers(&self) -> Result<Vec<Refused>> {
        let mut all: BTreeMap<String, (i64, Ts)> = BTreeMap::new();
        for v in self.list_violations().await? {
            let one = all.entry(v.directive).or_insert((0, v.last_at));
            *one = (one.0 + v.times, one.1.max(v.last_at));
        }
        let mut all: Vec<Refused> =
            all.into_iter().map(|(directive, (times, last))| Refused { directive, times, last }).collect();
        all.sort_by_key(|r| std::cmp::Reverse(r.times));
        Ok(all)
    }

    /// What strangers told of weaknesses, newest first, and what browsers refused.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn reports_page(&self, _admin: &AdminActor) -> Result<(Vec<Weakness>, Vec<Refused>)> {
        let kept = self.list_reports(SHOWN_REPORTS).await?;
        let weaknesses = kept
            .into_iter()
            .map(|k| Weakness { id: k.id, at: k.at, text: k.report.text, contact: k.report.contact })
            .collect();
        Ok((weaknesses, self.refused_by_browsers().await?))
    }
}
