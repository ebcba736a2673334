//! What a personal access token may do, and for how long.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! scopes {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// One thing that a token may do. Account acts (password, factors, tokens, profiles,
        /// deletion of the account) have no scope: no token can do them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Scope { $($(#[$doc])* #[serde(rename = $code)] $name),+ }

        impl Scope {
            /// All, in the order in which they are offered.
            pub const ALL: &[Self] = &[$(Self::$name),+];
            /// The code in the database, in the API and in its description.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }

        /// What a route asks for, as types: `Scoped<need::RecordsRead>`.
        pub mod need {
            use super::Scope;

            /// What a route asks of a token.
            pub trait Need: Send + Sync + 'static {
                /// The scope; `None` when any live token will do.
                const SCOPE: Option<Scope>;
            }
            /// Any live token.
            pub struct AnyToken;
            impl Need for AnyToken {
                const SCOPE: Option<Scope> = None;
            }
            $(
                $(#[$doc])*
                pub struct $name;
                impl Need for $name {
                    const SCOPE: Option<Scope> = Some(Scope::$name);
                }
            )+
        }
    };
}

scopes! {
    /// Reads records, markers and series.
    RecordsRead = "records:read",
    /// Adds and deletes records.
    RecordsWrite = "records:write",
    /// Reads documents and their originals.
    DocumentsRead = "documents:read",
    /// Uploads documents, answers their questions, undoes imports.
    DocumentsWrite = "documents:write",
    /// Takes everything away at once.
    Export = "export",
    /// Reads the log of what was done.
    AuditRead = "audit:read",
    /// Asks questions; renames and deletes what was asked. Answers say what records say, so getting them, and reading those that
    /// were given, wants the scope for reading records as well.
    Ask = "ask",
}

impl Scope {
    /// The scope of that code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.as_str() == code)
    }
    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of scopes, never empty.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scopes(u32);

impl Scopes {
    /// Those scopes; `None` when there are none.
    #[must_use]
    pub fn of(scopes: impl IntoIterator<Item = Scope>) -> Option<Self> {
        let bits = scopes.into_iter().fold(0, |bits, s| bits | s.bit());
        (bits != 0).then_some(Self(bits))
    }
    /// Reads codes with spaces between; `None` for an unknown code or for none at all.
    #[must_use]
    pub fn parse(codes: &str) -> Option<Self> {
        let all: Option<Vec<Scope>> = codes.split_ascii_whitespace().map(Scope::parse).collect();
        Self::of(all?)
    }
    /// Whether this scope is among them.
    #[must_use]
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }
    /// Them all, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |s| self.has(*s))
    }
}

impl fmt::Display for Scopes {
    /// Codes with spaces between, as [`Scopes::parse`] reads them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<&str> = self.iter().map(Scope::as_str).collect();
        f.write_str(&codes.join(" "))
    }
}
impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scopes({self})")
    }
}

/// For how long a token is good. There is no longer choice and no endless one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TokenLife {
    /// Seven days.
    Week,
    /// Thirty days.
    #[default]
    Month,
    /// Ninety days.
    Quarter,
    /// 365 days.
    Year,
}

impl TokenLife {
    /// All, shortest first.
    pub const ALL: [Self; 4] = [Self::Week, Self::Month, Self::Quarter, Self::Year];
    /// In days.
    #[must_use]
    pub const fn days(self) -> u16 {
        match self {
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
            Self::Year => 365,
        }
    }
    /// The life of so many days.
    #[must_use]
    pub fn of_days(days: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.days() == days)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn scopes_read_back_in_their_own_order() {
        let s = Scopes::parse(" export  records:read export ").unwrap();
        assert_eq!(s.to_string(), "records:read export");
        assert!(s.has(Scope::Export) && !s.has(Scope::RecordsWrite));
        assert_eq!(Scopes::parse(&s.to_string()), Some(s));
        assert_eq!(Scopes::of(Scope::ALL.iter().copied()).unwrap().iter().count(), Scope::ALL.len());
    }

    #[test]
    fn no_scope_and_unknown_scope_are_no_set() {
        assert_eq!(Scopes::parse(""), None);
        assert_eq!(Scopes::parse("records:read records:all"), None);
        assert_eq!(Scopes::of([]), None);
    }

    #[test]
    fn no_token_outlives_a_year() {
        assert!(TokenLife::ALL.iter().all(|l| l.days() <= 365));
        assert_eq!(TokenLife::of_days(30), Some(TokenLife::Month));
        assert_eq!(TokenLife::of_days(366), None);
        assert_eq!(TokenLife::of_days(0), None);
    }

    #[test]
    fn need_names_the_scope_of_its_own_name() {
        use need::Need as _;
        assert_eq!(need::RecordsRead::SCOPE, Some(Scope::RecordsRead));
        assert_eq!(need::AuditRead::SCOPE, Some(Scope::AuditRead));
        assert_eq!(need::AnyToken::SCOPE, None);
    }
}
