//! Why something from the server was refused. Each is one plain sentence on the page.

use crate::vault::VaultError;

/// What the server (or whoever stands in its place) did that an honest one never does. Nothing of the answer
/// in which it was found is taken over, and the device asks for nothing more until a person has seen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Alarm {
    /// The server shows an older state than this device has seen.
    #[error("rolled back: older than what this device has seen")]
    RolledBack,
    /// There are two different things where there can be only one.
    #[error("forked: two histories of the same device or vault")]
    Forked,
    /// Something between two things is not there.
    #[error("dropped: an object or statement is missing in between")]
    Dropped,
    /// A member has seen something that the server does not show.
    #[error("withheld: a member has seen what is not shown here")]
    Withheld,
    /// Things come in another order than they were made in.
    #[error("reordered")]
    Reordered,
    /// An object stands under the head or the number of another.
    #[error("swapped: an object in the place of another")]
    Swapped,
    /// An object is not the one that its head was signed for.
    #[error("altered: not the object that was signed")]
    Altered,
    /// Something of another vault.
    #[error("of another vault")]
    ForeignVault,
    /// Sealed under another key than the one that was in force.
    #[error("sealed under a key that was not in force")]
    WrongEpoch,
    /// A format or a way in that is weaker than what this version allows.
    #[error("downgraded: an unknown version or a weak way in")]
    Downgraded,
    /// Signed by a device that never was in the vault.
    #[error("signed by an unknown device")]
    UnknownDevice,
    /// Signed by a device after it was removed.
    #[error("signed by a removed device")]
    RemovedDevice,
    /// Signed by a member that only reads.
    #[error("signed by a member that may only read")]
    NotAWriter,
    /// The signature is not right.
    #[error("the signature is not right")]
    BadSignature,
    /// The same thing a second time.
    #[error("replayed")]
    Replayed,
    /// Cut short, or no message at all.
    #[error("cut short or unreadable")]
    Truncated,
    /// Larger than anything of its kind can be.
    #[error("too large")]
    TooLarge,
    /// A change of members or keys that nobody is entitled to make.
    #[error("a change of members or keys that is not allowed")]
    BadStatement,
    /// A member claims to have seen less than it had seen before.
    #[error("a member's view went backwards")]
    ViewWentBack,
    /// Signed with this device's keys, but not by this device: it was copied, or went back to an old copy.
    #[error("this device's own chain was continued elsewhere")]
    OwnChain,
    /// The vault's key that is meant for this device does not open.
    #[error("the key for this device does not open")]
    LockedOut,
    /// Another key than the members have signed for.
    #[error("another key than was signed for")]
    OtherKey,
    /// The parts of a snapshot do not belong together.
    #[error("a snapshot whose parts do not belong together")]
    BadSnapshot,
}

impl Alarm {
    /// A steady code for texts and logs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::RolledBack => "rolled_back",
            Self::Forked => "forked",
            Self::Dropped => "dropped",
            Self::Withheld => "withheld",
            Self::Reordered => "reordered",
            Self::Swapped => "swapped",
            Self::Altered => "altered",
            Self::ForeignVault => "foreign_vault",
            Self::WrongEpoch => "wrong_epoch",
            Self::Downgraded => "downgraded",
            Self::UnknownDevice => "unknown_device",
            Self::RemovedDevice => "removed_device",
            Self::NotAWriter => "not_a_writer",
            Self::BadSignature => "bad_signature",
            Self::Replayed => "replayed",
            Self::Truncated => "truncated",
            Self::TooLarge => "too_large",
            Self::BadStatement => "bad_statement",
            Self::ViewWentBack => "view_went_back",
            Self::OwnChain => "own_chain",
            Self::LockedOut => "locked_out",
            Self::OtherKey => "other_key",
            Self::BadSnapshot => "bad_snapshot",
        }
    }

    /// What a fault in reading bytes of the server means.
    pub(crate) const fn of_bytes(error: VaultError) -> Self {
        match error {
            VaultError::TooLong | VaultError::SlotsFull => Self::TooLarge,
            VaultError::UnknownVersion | VaultError::Cost => Self::Downgraded,
            VaultError::ForeignSlot => Self::ForeignVault,
            _ => Self::Truncated,
        }
    }
}

/// Why a step of synchronising was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// Something was refused.
    #[error("alarm: {0}")]
    Alarm(#[from] Alarm),
    /// The vault or its random source failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// There is no confirmed recovery phrase (or, in a shared space, no keeper) yet.
    #[error("no recovery phrase yet")]
    NoPhrase,
    /// The answer does not belong to what was asked.
    #[error("an answer to another question")]
    Unexpected,
    /// A device, slot or change that does not exist or cannot be made.
    #[error("no such device, or not to be changed so")]
    NotPossible,
    /// Longer than a batch may be.
    #[error("too long for one batch")]
    TooLong,
}

/// Results of this module.
pub type Result<T> = std::result::Result<T, SyncError>;
