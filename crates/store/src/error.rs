//! What can go wrong in the store, without a word of what was stored.

use std::fmt;

/// The result of every store function.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// A fault of the store. `Display` never shows the database's own words: they go to the log once,
/// through `source`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such row, or it belongs to someone else; the two look the same.
    #[error("not found")]
    NotFound,
    /// Something that must be single is there already, or changed in the meantime.
    #[error("conflict: {constraint}")]
    Conflict {
        /// Which rule stood in the way.
        constraint: Constraint,
    },
    /// The database is busy, full or gone; the same call may succeed later.
    #[error("the database is not available")]
    Unavailable(#[source] Cause),
    /// The disk of the database is full.
    #[error("the disk is full")]
    Full(#[source] Cause),
    /// What the database holds is not what was ever put in.
    #[error("corrupt: {0}")]
    Corrupt(&'static str),
    /// The settings ask for something that is refused; the text says what to do.
    #[error("{0}")]
    Refused(String),
    /// Anything else.
    #[error("internal store error")]
    Internal(#[source] Cause),
}

/// The rules whose breach a caller can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Constraint {
    /// The address has an account.
    AccountEmail,
    /// The profile has this file.
    DocumentContent,
    /// The profile has this record.
    RecordFingerprint,
    /// The profile has this series.
    SeriesFingerprint,
    /// The row was changed since it was read.
    RowVersion,
    /// The job belongs to another worker now.
    Lease,
    /// A job of the same profile is running.
    OneRunningJob,
    /// The key exists, or existed and was destroyed.
    Key,
    /// Any other unique rule, such as an id used twice.
    Other,
}

impl Constraint {
    /// The name in logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountEmail => "account_email",
            Self::DocumentContent => "document_content",
            Self::RecordFingerprint => "record_fingerprint",
            Self::SeriesFingerprint => "series_fingerprint",
            Self::RowVersion => "row_version",
            Self::Lease => "lease",
            Self::OneRunningJob => "one_running_job",
            Self::Key => "key",
            Self::Other => "other",
        }
    }

    /// PostgreSQL names the constraint, SQLite its columns.
    fn of(database_says: &str) -> Self {
        const KNOWN: [(&str, &str, Constraint); 7] = [
            ("account_email", "account.email_fp", Constraint::AccountEmail),
            ("document_content", "document.profile_id, document.content_fp", Constraint::DocumentContent),
            ("document_part_content", "document.content_fp", Constraint::DocumentContent),
            ("record_fingerprint", "record.profile_id, record.fingerprint", Constraint::RecordFingerprint),
            ("series_fingerprint", "series.profile_id, series.fingerprint", Constraint::SeriesFingerprint),
            ("job_one_running", "job.profile_id", Constraint::OneRunningJob),
            ("_key_pkey", "_key.", Constraint::Key),
        ];
        KNOWN
            .into_iter()
            .find(|(name, columns, _)| database_says.ends_with(name) || database_says.contains(columns))
            .map_or(Self::Other, |(_, _, c)| c)
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl StoreError {
    pub(crate) const fn conflict(constraint: Constraint) -> Self {
        Self::Conflict { constraint }
    }
}

/// The database's own error, for the log. Its `detail`, which may quote values, is left out.
pub struct Cause(sqlx::Error);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            sqlx::Error::Database(e) => {
                write!(f, "database error {}: {}", e.code().unwrap_or_default(), e.message())
            }
            other => write!(f, "{other}"),
        }
    }
}
impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl std::error::Error for Cause {}

impl From<sqlx::Error> for StoreError {
    fn from(e: sqlx::Error) -> Self {
        use sqlx::{Error as E, error::ErrorKind as K};
        match &e {
            E::RowNotFound => Self::NotFound,
            E::PoolTimedOut | E::PoolClosed | E::Io(_) | E::Tls(_) | E::WorkerCrashed | E::BeginFailed => {
                Self::Unavailable(Cause(e))
            }
            E::Database(d) => match d.kind() {
                K::UniqueViolation => {
                    Self::conflict(Constraint::of(d.constraint().unwrap_or_else(|| d.message())))
                }
                // The row that is pointed to is missing or someone else's.
                K::ForeignKeyViolation => Self::NotFound,
                _ => Self::by_code(e),
            },
            _ => Self::Internal(Cause(e)),
        }
    }
}

impl StoreError {
    fn by_code(e: sqlx::Error) -> Self {
        let code = match &e {
            sqlx::Error::Database(d) => d.code().unwrap_or_default().into_owned(),
            _ => String::new(),
        };
        // SQLSTATE has five characters; an extended result code of SQLite below 10,000 has fewer.
        if code.len() == 5 {
            if code == "53100" {
                return Self::Full(Cause(e));
            }
            let is_passing = matches!(&code[..2], "08" | "40" | "53" | "57") || code == "55P03";
            return if is_passing { Self::Unavailable(Cause(e)) } else { Self::Internal(Cause(e)) };
        }
        match code.parse::<u32>().map(|c| c & 0xff) {
            Ok(13) => Self::Full(Cause(e)),
            // BUSY, LOCKED, NOMEM, INTERRUPT, IOERR, CANTOPEN
            Ok(5 | 6 | 7 | 9 | 10 | 14) => Self::Unavailable(Cause(e)),
            Ok(11 | 26) => Self::Corrupt("the database file"),
            _ => Self::Internal(Cause(e)),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(e: sqlx::migrate::MigrateError) -> Self {
        use sqlx::migrate::MigrateError as M;
        match e {
            M::Execute(e) | M::ExecuteMigration(e, _) => e.into(),
            M::VersionMissing(v) | M::VersionTooNew(v, _) => Self::Refused(format!(
                "the database was made by a newer Keepwell (its migration {v} is unknown here); start that version"
            )),
            M::VersionMismatch(v) => {
                Self::Refused(format!("migration {v} of the database differs from the one built in"))
            }
            other => Self::Internal(Cause(sqlx::Error::Migrate(Box::new(other)))),
        }
    }
}
