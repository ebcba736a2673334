//! What a client asks of the server, and what it can be answered. Whoever drives it carries these over HTTP.

use super::{
    alarm::Alarm,
    wire::{
        Compact, Compacted, Found, Item, Message, Order, Page, PostStatement, Push, Receipt, Refusal, Stored,
        VaultInfo,
    },
};
use crate::vault::{DeviceId, VaultError, VaultId};

/// The path before everything of the journal.
pub const BASE: &str = "/api/v1/journal";

/// Something to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Make a vault.
    Found(Found),
    /// All statements, and where the snapshot is.
    Info(VaultId),
    /// What comes after a place.
    Items {
        /// In this vault.
        vault: VaultId,
        /// After this place.
        after: Order,
        /// At most so many bytes, but for a single item.
        bytes: usize,
        /// The asking device: its own objects come without their sealed part, which it has.
        device: DeviceId,
    },
    /// One object.
    Object {
        /// In this vault.
        vault: VaultId,
        /// In the chain of this device.
        device: DeviceId,
        /// With this number.
        seq: u64,
    },
    /// Store objects.
    Push(VaultId, Push),
    /// Store a statement.
    Statement(VaultId, PostStatement),
    /// Delete what a snapshot covers.
    Compact(VaultId, Compact),
    /// Delete the vault.
    Delete(VaultId),
}

impl Request {
    /// The HTTP method.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        match self {
            Self::Info(_) | Self::Items { .. } | Self::Object { .. } => "GET",
            Self::Found(_) | Self::Push(..) | Self::Statement(..) | Self::Compact(..) => "POST",
            Self::Delete(_) => "DELETE",
        }
    }

    /// Path and query.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Found(_) => format!("{BASE}/vaults"),
            Self::Info(vault) | Self::Delete(vault) => format!("{BASE}/vaults/{vault}"),
            Self::Items { vault, after, bytes, device } => {
                format!("{BASE}/vaults/{vault}/items?after={after}&bytes={bytes}&device={device}")
            }
            Self::Object { vault, device, seq } => format!("{BASE}/vaults/{vault}/objects/{device}/{seq}"),
            Self::Push(vault, _) => format!("{BASE}/vaults/{vault}/objects"),
            Self::Statement(vault, _) => format!("{BASE}/vaults/{vault}/statements"),
            Self::Compact(vault, _) => format!("{BASE}/vaults/{vault}/compact"),
        }
    }

    /// The body, if there is one.
    ///
    /// # Errors
    /// [`VaultError::TooLong`], never for what a client made.
    pub fn body(&self) -> Result<Option<Vec<u8>>, VaultError> {
        match self {
            Self::Found(found) => found.encode().map(Some),
            Self::Push(_, push) => push.encode().map(Some),
            Self::Statement(_, statement) => statement.encode().map(Some),
            Self::Compact(_, compact) => compact.encode().map(Some),
            Self::Info(_) | Self::Items { .. } | Self::Object { .. } | Self::Delete(_) => Ok(None),
        }
    }

    /// Reads the answer. `None` for an answer that is none of the journal's (signed out, an error of a proxy):
    /// then call [`super::Client::failed`] and ask again later.
    ///
    /// # Errors
    /// An [`Alarm`] for a body that is no answer to this.
    pub fn answer(&self, status: u16, body: &[u8]) -> Result<Option<Answer>, Alarm> {
        if !(200..300).contains(&status) {
            let refusal = Refusal::of_problem(body).filter(|refusal| refusal.status() == status);
            return Ok(refusal.map(Answer::Refused));
        }
        match self {
            Self::Found(_) | Self::Push(..) | Self::Statement(..) => Stored::decode(body).map(Answer::Stored),
            Self::Info(_) => VaultInfo::decode(body).map(Answer::Info),
            Self::Items { .. } => Page::decode(body).map(Answer::Page),
            Self::Object { .. } => Item::decode(body).map(Answer::Item),
            Self::Compact(..) => Compacted::decode(body).map(Answer::Compacted),
            Self::Delete(_) => Receipt::decode(body).map(Answer::Deleted),
        }
        .map(Some)
        .map_err(Alarm::of_bytes)
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// To what was to be stored.
    Stored(Stored),
    /// To [`Request::Info`].
    Info(VaultInfo),
    /// To [`Request::Items`].
    Page(Page),
    /// To [`Request::Object`].
    Item(Item),
    /// To [`Request::Compact`].
    Compacted(Compacted),
    /// To [`Request::Delete`].
    Deleted(Receipt),
    /// To anything.
    Refused(Refusal),
}
