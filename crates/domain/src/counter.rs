//! What is counted of the instance as a whole. No counter names anybody or says anything of anybody's health: they are sums
//! and levels over all people, by the hour, or by the day where an hour would say too much.

use crate::{
    act::codes,
    time::{DAY, Ts},
};
use serde::{Deserialize, Serialize};

/// Microseconds of an hour.
const HOUR: i64 = DAY / 24;

codes! {
    /// A counter. Levels are what was there when somebody looked, sums what happened.
    Counter {
        /// Accounts (a level).
        People = "people",
        /// Accounts in use on a day (a level that only grows within the day).
        PeopleActive = "people.active",
        /// Accounts made.
        PeopleNew = "people.new",
        /// Accounts deleted.
        PeopleGone = "people.gone",
        /// Sessions begun.
        SignIns = "sign_ins",
        /// Attempts to sign in that were refused.
        SignInsRefused = "sign_ins.refused",
        /// Bytes of sealed files (a level).
        Storage = "storage.bytes",
        /// Bytes of the database (a level).
        Database = "database.bytes",
        /// Bytes free on the disk of the data folder (a level).
        DiskFree = "disk.free",
        /// Files that wait to be read or are being read (a level).
        Queue = "queue",
        /// Seconds for which the oldest of them has waited (a level).
        QueueAge = "queue.age",
        /// Files whose reading failed for good.
        JobsDead = "jobs.dead",
        /// Answers with a status of 500 and above.
        Errors = "errors",
        /// Sign-ins beyond the limit.
        RefusedLogin = "refused.login",
        /// Sign-ups beyond the limit.
        RefusedSignup = "refused.signup",
        /// Uploads beyond the limit.
        RefusedUpload = "refused.upload",
        /// Questions beyond the limit.
        RefusedAsk = "refused.ask",
        /// Other calls beyond the limit.
        RefusedApi = "refused.api",
        /// Letters that the next server took.
        MailSent = "mail.sent",
        /// Letters that could not be sent.
        MailFailed = "mail.failed",
        /// Things that browsers refused under the content policy.
        Csp = "csp",
    }
}

codes! {
    /// Families of file formats. They are coarse on purpose: what exactly somebody brought is sealed.
    Family {
        /// FHIR in any writing.
        Fhir = "fhir",
        /// C-CDA and other XML documents.
        Cda = "cda",
        /// HL7 v2.
        Hl7 = "hl7",
        /// Exports of phones, watches and devices.
        Device = "device",
        /// Tables: CSV, Excel.
        Table = "table",
        /// PDF.
        Pdf = "pdf",
        /// Pictures of any kind.
        Picture = "picture",
        /// Archives, Keepwell's own exports among them.
        Archive = "archive",
        /// Text and office documents.
        Text = "text",
        /// Everything else.
        Other = "other",
    }
}

codes! {
    /// How the reading of a file ended.
    Reading {
        /// Read, or waiting for its person's word.
        Done = "done",
        /// Kept, and not read.
        Kept = "kept",
        /// Could not be read.
        Failed = "failed",
    }
}

impl Counter {
    /// Whether it is what was there, not what happened.
    #[must_use]
    pub const fn is_level(self) -> bool {
        matches!(
            self,
            Self::People
                | Self::PeopleActive
                | Self::Storage
                | Self::Database
                | Self::DiskFree
                | Self::Queue
                | Self::QueueAge
        )
    }
}

/// The name of a counter of files that were read.
#[must_use]
pub fn import(family: Family, reading: Reading) -> String {
    format!("import.{}.{}", family.as_str(), reading.as_str())
}

/// Hours since 1970-01-01, UTC: where something that happened at `at` is counted.
#[must_use]
pub const fn hour(at: Ts) -> i64 {
    at.0.div_euclid(HOUR)
}

/// The first hour of the day: for what is counted by the day only.
#[must_use]
pub const fn hour_of_day(at: Ts) -> i64 {
    at.0.div_euclid(DAY) * 24
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_days_begin_where_they_do() {
        assert_eq!(hour(Ts(0)), 0);
        assert_eq!(hour(Ts(HOUR - 1)), 0);
        assert_eq!(hour(Ts(-1)), -1);
        assert_eq!(hour_of_day(Ts(DAY + 5 * HOUR)), 24);
    }

    #[test]
    fn names_of_imports_are_no_counters() {
        for family in Family::ALL {
            for reading in Reading::ALL {
                assert_eq!(Counter::parse(&import(*family, *reading)), None);
            }
        }
    }
}
