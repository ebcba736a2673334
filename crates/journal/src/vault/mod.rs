//! The vault: a random key made on the device, the slots that open it, and the entries that it seals.
//!
//! The layouts, labels and reasons are in `docs/journal-protocol.md`.

mod backup;
pub(crate) mod bytes;
pub(crate) mod device;
mod entry;
mod error;
pub(crate) mod front;
pub(crate) mod hpke_wrap;
mod ids;
pub(crate) mod key;
pub(crate) mod label;
mod locked;
mod open;
pub mod pad;
mod passphrase;
mod phrase;
mod random;
pub(crate) mod sealed;
pub(crate) mod slot;
mod slots;

pub use backup::Backup;
pub use device::{DeviceCard, DeviceKeys};
pub use entry::{EntryKeys, EntryPlace};
pub use error::{Result, VaultError};
pub use ids::{DeviceId, EntryId, Epoch, ID_LEN, SlotId, VaultId};
pub use locked::LockedVault;
pub use open::Vault;
pub use passphrase::{Cost, MAX_LEN as MAX_PASSPHRASE, MIN_CHARS as MIN_PASSPHRASE, Passphrase, Stretch};
pub use phrase::{ASKED, FreshPhrase, Phrase, WORDS, completions};
pub use random::{Random, Seeded};
pub(crate) use random::{draw, draw_key};
pub use slot::{Anchor, MAX_CREDENTIAL, NewSlot, Slot, SlotHead, SlotKind, SlotSecret, fresh_secret};
pub use slots::MAX_SLOTS;
