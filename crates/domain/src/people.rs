//! What those who run the instance see of an account, and what they may do to it.

use crate::{
    ids::{AccountId, ProfileId},
    role::Role,
    time::{Date, Ts},
};
use serde::{Deserialize, Serialize};

/// Something that is done to somebody's account. Each wants a reason, which its person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonAct {
    /// Ends all sessions, access tokens and links.
    EndSessions,
    /// The same, and the password works no more until it is set anew by a letter.
    ForceReset,
    /// Lets nobody in; the data stay.
    Suspend,
    /// Lets in again.
    Lift,
    /// Another role.
    ChangeRole,
    /// Announces the deletion.
    Delete,
    /// Takes the announcement back.
    Keep,
}

impl PersonAct {
    /// All, from the mildest.
    pub const ALL: [Self; 7] = [
        Self::EndSessions,
        Self::ForceReset,
        Self::Suspend,
        Self::Lift,
        Self::ChangeRole,
        Self::Delete,
        Self::Keep,
    ];

    /// Its name in forms and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EndSessions => "end_sessions",
            Self::ForceReset => "force_reset",
            Self::Suspend => "suspend",
            Self::Lift => "lift",
            Self::ChangeRole => "change_role",
            Self::Delete => "delete",
            Self::Keep => "keep",
        }
    }
    /// The act of that name.
    #[must_use]
    pub fn parse(s: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.as_str() == s)
    }
    /// Whether supporters may do it, too.
    #[must_use]
    pub const fn is_for_support(self) -> bool {
        matches!(self, Self::EndSessions | Self::ForceReset)
    }
}

/// Facts of an account. Nothing of what it keeps: counts are rounded up, names are left out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// Id.
    pub id: AccountId,
    /// The address, all but its first letter and its host left out.
    pub email: String,
    /// Role.
    pub role: Role,
    /// Whether nobody is let in.
    pub is_suspended: bool,
    /// The day on which it was made.
    pub created: Date,
    /// The day of the last sign-in that is still known.
    pub signed_in: Option<Date>,
    /// Whether the address was confirmed; nothing where addresses are not.
    pub is_confirmed: Option<bool>,
    /// Whether a second factor is in force.
    pub has_factor: bool,
    /// Live sessions.
    pub sessions: u32,
    /// Profiles, oldest first; for administrators only.
    pub profiles: Vec<ProfileId>,
    /// Megabytes of sealed files, rounded up.
    pub megabytes: u64,
    /// Documents, rounded up.
    pub documents: u64,
    /// Records, rounded up.
    pub records: u64,
    /// When the account is due to be deleted.
    pub due: Option<Ts>,
    /// Whether whoever looks proved lately who they are.
    pub is_proved: bool,
    /// What whoever looks may do to it now.
    pub acts: Vec<PersonAct>,
}

/// Up to the next ten, hundred, … : a count that gives away no single entry. None stays none.
#[must_use]
pub fn rounded(count: u64) -> u64 {
    if count == 0 {
        return 0;
    }
    let mut step: u64 = 10;
    while let Some(next) = step.checked_mul(10)
        && count > next
    {
        step = next;
    }
    count.div_ceil(step).saturating_mul(step)
}

/// An address as far as those who run the instance see it: `e…@example.org`.
#[must_use]
pub fn masked(email: &str) -> String {
    match email.rsplit_once('@') {
        Some((name, host)) => format!("{}…@{host}", name.chars().next().unwrap_or('…')),
        None => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_rounded_up_to_one_digit() {
        let all: Vec<u64> = [0, 1, 10, 11, 99, 100, 101, 345, 1_000, 1_001, 987_654].map(rounded).to_vec();
        assert_eq!(all, [0, 10, 10, 20, 100, 100, 200, 400, 1_000, 2_000, 1_000_000]);
        assert_eq!(rounded(u64::MAX), u64::MAX);
    }

    #[test]
    fn an_address_is_masked_up_to_its_host() {
        assert_eq!(masked("eva.muster@example.org"), "e…@example.org");
        assert_eq!(masked("ö@x.org"), "ö…@x.org");
        assert_eq!(masked("none"), "…");
    }
}
