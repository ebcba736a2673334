//! Ids of the vault. All of them are random or keyed, so that none tells when or for what it was made.

use super::{
    bytes::{Reader, Writer},
    error::{Result, VaultError},
    random::{Random, draw},
};
use std::{fmt, num::NonZeroU32};

/// Length of every id, in bytes.
pub const ID_LEN: usize = 16;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; ID_LEN]);

        impl $name {
            /// The id with these bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; ID_LEN]) -> Self {
                Self(bytes)
            }
            /// Its bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; ID_LEN] {
                &self.0
            }
            /// The id written in 32 hexadecimal digits.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                parse_hex(text).map(Self)
            }
            // An entry's id is in no layout.
            #[allow(dead_code)]
            pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self> {
                reader.array().map(Self)
            }
            #[allow(dead_code)]
            pub(crate) fn write(self, writer: &mut Writer) {
                writer.put(&self.0);
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    )+};
}

ids! {
    /// One vault: random, and nowhere derived from an account.
    VaultId;
    /// One device in one vault: the hash of its public keys ([`super::DeviceCard::id`]).
    DeviceId;
    /// One way into a vault: random.
    SlotId;
    /// One entry on the device: a keyed hash of what it is about ([`super::EntryKeys::id`]).
    EntryId;
}

impl VaultId {
    /// A new random id.
    ///
    /// # Errors
    /// [`VaultError::Randomness`].
    pub fn generate(random: &mut dyn Random) -> Result<Self> {
        draw(random).map(Self)
    }
}

impl SlotId {
    /// A new random id.
    ///
    /// # Errors
    /// [`VaultError::Randomness`].
    pub fn generate(random: &mut dyn Random) -> Result<Self> {
        draw(random).map(Self)
    }
}

fn parse_hex(text: &str) -> Option<[u8; ID_LEN]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * ID_LEN {
        return None;
    }
    let mut out = [0; ID_LEN];
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        let digit = |d: u8| char::from(d).to_digit(16).filter(|_| !d.is_ascii_uppercase());
        *byte = u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?;
    }
    Some(out)
}

/// The number of a vault's key, from one: every key that comes after a removal has the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(NonZeroU32);

impl Epoch {
    /// The epoch in which a vault is founded.
    pub const FIRST: Self = Self(NonZeroU32::MIN);

    /// The epoch with this number; zero is none.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }
    /// Its number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0.get()
    }
    /// The epoch after this one.
    ///
    /// # Errors
    /// [`VaultError::TooLong`] after four thousand million of them.
    pub fn next(self) -> Result<Self> {
        self.0.checked_add(1).map(Self).ok_or(VaultError::TooLong)
    }
    /// The epoch before this one.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        Self::new(self.get() - 1)
    }
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Self::new(reader.u32()?).ok_or(VaultError::Malformed)
    }
    pub(crate) fn write(self, writer: &mut Writer) {
        writer.u32(self.get());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn id_is_read_back_from_its_text_and_from_no_other() {
        let id = VaultId::from_bytes([0xA5; 16]);
        assert_eq!(VaultId::parse(&id.to_string()), Some(id));
        for bad in ["", "a5", &"A5".repeat(16), &"g5".repeat(16), &"a5".repeat(17)] {
            assert_eq!(VaultId::parse(bad), None);
        }
    }

    #[test]
    fn epochs_begin_at_one() {
        assert_eq!(Epoch::new(0), None);
        assert_eq!(Epoch::FIRST.previous(), None);
        assert_eq!(Epoch::FIRST.next().unwrap().get(), 2);
        assert_eq!(Epoch::new(u32::MAX).unwrap().next(), Err(VaultError::TooLong));
    }
}
