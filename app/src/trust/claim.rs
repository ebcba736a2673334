//! The promises of the security page and what was found when they were last tried.

use keepwell_domain::time::Ts;
use serde::Serialize;

macro_rules! claims {
    ($($(#[$meta:meta])* $name:ident = $code:literal,)+) => {
        /// A promise that this instance tries out by itself.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        pub enum Claim { $($(#[$meta])* #[serde(rename = $code)] $name,)+ }

        impl Claim {
            /// All, in the order of the page.
            pub const ALL: &[Self] = &[$(Self::$name),+];
            /// Its name in addresses and in the API.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

claims! {
    /// TLS 1.3 only.
    Tls = "tls",
    /// The fixed headers are on every answer.
    Headers = "headers",
    /// Pages load nothing from anyone else.
    OwnCodeOnly = "own-code-only",
    /// Other sites cannot write here.
    CrossSite = "cross-site",
    /// Personal answers are not cached.
    NoStore = "no-store",
    /// Attempts are limited by address.
    Limits = "limits",
    /// Argon2id.
    Passwords = "passwords",
    /// Second factors cannot be changed without a fresh proof.
    SecondFactor = "second-factor",
    /// Those who administer see no record without a grant, of which its person is told.
    AdminSight = "admin-sight",
    /// Addresses of accounts are verified by mail.
    Addresses = "addresses",
    /// Health data is sealed.
    Sealing = "sealing",
    /// The root key is apart and private.
    RootKey = "root-key",
    /// Deletion leaves nothing.
    Erasure = "erasure",
    /// Foreign files are read in a locked process.
    Sandbox = "sandbox",
    /// The audit log is whole.
    AuditLog = "audit-log",
}

/// How a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It was tried and holds.
    Holds,
    /// It is off on this instance, by its settings.
    Off,
    /// It was tried and does not hold.
    Broken,
    /// It could not be tried, or not yet.
    Unknown,
}

/// A claim as it was last tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Which.
    pub claim: Claim,
    /// How it stands.
    pub status: Status,
    /// When it was tried; `None` when never.
    #[serde(serialize_with = "rfc3339")]
    pub at: Option<Ts>,
}

/// What was found of all claims.
#[derive(Debug, Clone, Default)]
pub struct Findings(pub Vec<Checked>);

impl Findings {
    /// A claim's finding; unknown when it was never tried.
    #[must_use]
    pub fn of(&self, claim: Claim) -> Checked {
        let found = self.0.iter().find(|c| c.claim == claim).copied();
        found.unwrap_or(Checked { claim, status: Status::Unknown, at: None })
    }
}

fn rfc3339<S: serde::Serializer>(at: &Option<Ts>, to: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => to.serialize_str(&at.rfc3339()),
        None => to.serialize_none(),
    }
}
