//! Where a sealed value belongs. It opens nowhere else.

use crate::{encode::put, sealed::VERSION};
use keepwell_domain::ids::{AccountId, InstanceId, ProfileId};
use uuid::Uuid;

/// Whose key seals a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// One person's data.
    Profile(ProfileId),
    /// A login: its e-mail, its settings.
    Account(AccountId),
    /// The installation itself: what belongs to nobody yet, such as a sign-up that waits.
    Instance,
}

impl Owner {
    /// Kind and id; the kind keeps an account and a profile of the same UUID apart.
    pub(crate) const fn parts(self) -> (u8, Uuid) {
        match self {
            Self::Profile(id) => (1, id.uuid()),
            Self::Account(id) => (2, id.uuid()),
            Self::Instance => (3, Uuid::nil()),
        }
    }
}

impl From<ProfileId> for Owner {
    fn from(id: ProfileId) -> Self {
        Self::Profile(id)
    }
}

impl From<AccountId> for Owner {
    fn from(id: AccountId) -> Self {
        Self::Account(id)
    }
}

/// The identity of one sealed field. Every part is authenticated with the value, so that a value
/// moved to another row, column, person or installation, or an older version of it, is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// This installation.
    pub instance: InstanceId,
    /// Whose value.
    pub owner: Owner,
    /// Table, as in the database.
    pub table: &'a str,
    /// Column, as in the database.
    pub column: &'a str,
    /// Primary key of the row.
    pub row: Uuid,
    /// The row's version: rises with every change.
    pub version: u32,
}

impl Place<'_> {
    /// The associated data: each of format version, instance, owner kind, owner id, table, column,
    /// row and row version with its length before it.
    #[must_use]
    pub fn associated_data(&self) -> Vec<u8> {
        let (kind, owner) = self.owner.parts();
        let mut out = Vec::with_capacity(8 * 8 + 3 * 16 + 6 + self.table.len() + self.column.len());
        put(&mut out, &[VERSION]);
        put(&mut out, self.instance.uuid().as_bytes());
        put(&mut out, &[kind]);
        put(&mut out, owner.as_bytes());
        put(&mut out, self.table.as_bytes());
        put(&mut out, self.column.as_bytes());
        put(&mut out, self.row.as_bytes());
        put(&mut out, &self.version.to_be_bytes());
        out
    }
}
