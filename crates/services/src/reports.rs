//! What strangers tell the operator: weaknesses they found, and what browsers refused under the
//! content policy. The operator reads both; nobody's health data is among them by design, but what
//! somebody writes is sealed all the same.

use crate::{
    audit::Act,
    core::{Services, fresh},
    error::{Result, ServiceError},
    keyring::PAD,
};
use keepwell_crypto::{Owner, Place};
use keepwell_domain::{
    act::{ActBy, Action},
    counter::Counter,
    time::{DAY, Ts},
};
use keepwell_store::report::{self, Disclosure, Violation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Characters of a report at most.
pub const LONGEST_REPORT: usize = 20_000;
/// Characters of a contact at most.
pub const LONGEST_CONTACT: usize = 300;
/// Reports kept at most: a stranger must not fill the disk.
const MOST_REPORTS: i64 = 2_000;
/// A report of a weakness.
#[derive(Serialize, Deserialize)]
pub struct Report {
    /// What was found.
    pub text: String,
    /// How to reach the finder; may be empty.
    pub contact: String,
}

/// A report with its number and time.
pub struct KeptReport {
    /// Its id, as the finder was told.
    pub id: Uuid,
    /// When it came.
    pub at: Ts,
    /// What it says.
    pub report: Report,
}

impl Services {
    /// Keeps a report for the operator. The id is what the finder may name later.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] when it is empty or too long, [`ServiceError::Unavailable`] when
    /// too many wait unread.
    pub async fn report_weakness(&self, report: &Report) -> Result<Uuid> {
        if report.text.trim().is_empty() {
            return Err(ServiceError::invalid("text", "empty"));
        }
        if report.text.chars().count() > LONGEST_REPORT {
            return Err(ServiceError::invalid("text", "too long"));
        }
        if report.contact.chars().count() > LONGEST_CONTACT {
            return Err(ServiceError::invalid("contact", "too long"));
        }
        let id: Uuid = fresh();
        let plain = postcard::to_stdvec(report).map_err(|e| ServiceError::internal("report", &e))?;
        let sealed = self.0.keys.root().reports()?.seal(&self.report_place(id), &plain, PAD)?;
        let mut tx = self.0.store.begin().await?;
        if report::count_disclosures(&mut tx).await? >= MOST_REPORTS {
            return Err(ServiceError::Unavailable { retry_after_s: 86_400 });
        }
        report::insert_disclosure(&mut tx, &Disclosure { id, at: self.now(), sealed }).await?;
        tx.commit().await?;
        tracing::warn!("somebody reported a weakness: read it with `keepwell admin reports`");
        Ok(id)
    }

    /// The newest reports, for the operator; the instance's log says that they were read.
    ///
    /// # Errors
    /// Those of the store; [`ServiceError::Internal`] when one does not open.
    pub async fn list_reports(&self, limit: i64) -> Result<Vec<KeptReport>> {
        let mut tx = self.0.store.begin().await?;
        let act = Act::of_instance(ActBy::Operator, Action::AdminViewed);
        self.log(&mut tx, act.with("reports")).await?;
        tx.commit().await?;
        let rows = report::list_disclosures(&self.0.store, limit).await?;
        let key = self.0.keys.root().reports()?;
        rows.into_iter()
            .map(|row| {
                let plain = key.open(&self.report_place(row.id), &row.sealed)?;
                let report =
                    postcard::from_bytes(&plain).map_err(|e| ServiceError::internal("report", &e))?;
                Ok(KeptReport { id: row.id, at: row.at, report })
            })
            .collect()
    }

    fn report_place(&self, id: Uuid) -> Place<'static> {
        let instance = self.0.keys.instance();
        Place { instance, owner: Owner::Instance, table: "disclosure", column: "sealed", row: id, version: 1 }
    }

    /// Microseconds for which refusals are kept.
    fn csp_kept(&self) -> i64 {
        i64::from(self.settings_in_force().csp_days) * DAY
    }

    /// Counts what browsers refused since the last call, one entry per directive.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn count_violations(&self, seen: &[(String, i64)]) -> Result<()> {
        let now = self.now();
        let mut tx = self.0.store.begin().await?;
        for (directive, times) in seen {
            report::count_violations(&mut tx, directive, *times, now).await?;
        }
        report::delete_violations(&mut tx, Ts(now.0 - self.csp_kept())).await?;
        let n = seen.iter().map(|(_, times)| *times).sum();
        self.count_many(&mut tx, Counter::Csp, n).await?;
        Ok(tx.commit().await?)
    }

    /// What browsers refused within the days kept, newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn list_violations(&self) -> Result<Vec<Violation>> {
        Ok(report::list_violations(&self.0.store, Ts(self.now().0 - self.csp_kept())).await?)
    }
}
