//! What an account may do besides reading its own records.

use serde::{Deserialize, Serialize};

/// What an account may do besides reading its own profiles. None of them opens another person's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A person with records of their own.
    Person,
    /// Helps people with their accounts.
    Support,
    /// Runs the instance.
    Admin,
    /// Reads the log of what was done.
    Auditor,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Person, Self::Support, Self::Admin, Self::Auditor];

    /// Its name in forms, addresses and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Support => "support",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
        }
    }
    /// The role of that name.
    #[must_use]
    pub fn parse(s: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == s)
    }
    /// Whether it has any part in running the instance.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::Person)
    }
}
