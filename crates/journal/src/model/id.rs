//! Ids of entities and devices, and the names of fields and kinds.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest, Sha256};
use std::{borrow::Cow, fmt};

/// A text that is no id or no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id or name")]
pub struct BadId;

/// 16 bytes as lower-case hexadecimal in groups, as a UUID is written.
fn write_hex(bytes: &[u8; 16], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (i, b) in bytes.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            f.write_str("-")?;
        }
        write!(f, "{b:02x}")?;
    }
    Ok(())
}

fn read_hex(text: &str) -> Result<[u8; 16], BadId> {
    let b = text.as_bytes();
    if b.len() != 36 {
        return Err(BadId);
    }
    let (mut out, mut nibble) = ([0u8; 16], 0usize);
    for (i, c) in b.iter().enumerate() {
        if matches!(i, 8 | 13 | 18 | 23) {
            if *c != b'-' {
                return Err(BadId);
            }
            continue;
        }
        let v = match c {
            b'0'..=b'9' => c - b'0',
            b'a'..=b'f' => c - b'a' + 10,
            _ => return Err(BadId),
        };
        out[nibble / 2] |= if nibble % 2 == 0 { v << 4 } else { v };
        nibble += 1;
    }
    Ok(out)
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Wraps 16 bytes that were made for this, from a source of randomness.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self { Self(bytes) }
            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] { &self.0 }
            /// Reads the form of [`fmt::Display`], nothing else.
            ///
            /// # Errors
            /// [`BadId`] for any other text.
            pub fn parse(text: &str) -> Result<Self, BadId> { read_hex(text).map(Self) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write_hex(&self.0, f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write_hex(&self.0, f) }
        }
        /// A text where people read, 16 bare bytes elsewhere.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                if s.is_human_readable() { s.collect_str(self) } else { self.0.serialize(s) }
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                if d.is_human_readable() {
                    Self::parse(&String::deserialize(d)?).map_err(D::Error::custom)
                } else {
                    <[u8; 16]>::deserialize(d).map(Self)
                }
            }
        }
    )+};
}

id! {
    /// An entity of the journal.
    EntityId,
    /// A device that writes into the journal.
    DeviceId,
}

impl EntityId {
    /// The id that everyone gives to the same thing: one diary day of one person on two devices, or a
    /// row of a file that is imported twice. A version-8 UUID (RFC 9562) of
    /// SHA-256("keepwell-journal-id/1" ‖ for each part its length as u32 LE ‖ the part).
    #[must_use]
    pub fn derived(parts: &[&[u8]]) -> Self {
        let mut h = Sha256::new();
        h.update(b"keepwell-journal-id/1");
        for part in parts {
            h.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
            h.update(part);
        }
        let digest = h.finalize();
        let mut id = [0u8; 16];
        id.copy_from_slice(&digest[..16]);
        Self::stamped(id, 8)
    }

    /// A random id (UUID version 4) of 16 bytes from a source of randomness.
    #[must_use]
    pub const fn random(bytes: [u8; 16]) -> Self {
        Self::stamped(bytes, 4)
    }

    const fn stamped(mut id: [u8; 16], version: u8) -> Self {
        id[6] = id[6] & 0x0f | version << 4;
        id[8] = id[8] & 0x3f | 0x80;
        Self(id)
    }
}

/// The name of a field or of a kind: 1 to 64 of `a-z`, `0-9`, `_` and `.`. Names are the format: one
/// that has been written is never given another meaning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Cow<'static, str>);

impl Name {
    /// Longest name in bytes.
    pub const MAX: usize = 64;

    /// A name of this program. The caller writes it in the source, so it is not checked again.
    #[must_use]
    pub const fn of(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }
    /// A name that was read.
    ///
    /// # Errors
    /// [`BadId`] for anything but 1 to 64 of the allowed characters.
    pub fn parse(text: &str) -> Result<Self, BadId> {
        let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.';
        if text.is_empty() || text.len() > Self::MAX || !text.bytes().all(fine) {
            return Err(BadId);
        }
        Ok(Self(Cow::Owned(text.to_owned())))
    }
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}
impl Serialize for Name {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(d)?).map_err(D::Error::custom)
    }
}
