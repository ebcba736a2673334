//! A passphrase, and what it costs to try one: `Argon2id(NFC(passphrase), salt)`
//! ([RFC 9106](https://www.rfc-editor.org/rfc/rfc9106)), 32 bytes.

use super::{
    bytes::{Reader, Writer},
    error::{Result, VaultError},
    random::{Random, draw},
};
use argon2::{Algorithm, Argon2, Params, Version};
use keepwell_crypto::Key32;
use std::fmt;
use zeroize::Zeroizing;

/// Longest passphrase, in bytes of UTF-8 as it was typed.
pub const MAX_LEN: usize = 1024;
/// Shortest passphrase, in characters after normalising.
pub const MIN_CHARS: usize = 8;
const SALT_LEN: usize = 16;

/// A passphrase, normalised once: white space at both ends cut off, every other space a plain one (as in
/// [RFC 8265](https://www.rfc-editor.org/rfc/rfc8265) §4.2), then NFC. Zeroised; starred `Debug`.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// One that is to be opened with; nothing but its length is checked.
    ///
    /// # Errors
    /// [`VaultError::TooLong`] above [`MAX_LEN`] bytes.
    pub fn new(text: &str) -> Result<Self> {
        if text.len() > MAX_LEN {
            return Err(VaultError::TooLong);
        }
        let spaced = text.trim().chars().map(|c| if c.is_whitespace() { ' ' } else { c });
        Ok(Self(nfc(spaced, text.len())))
    }

    /// One that a slot is to be made of.
    ///
    /// # Errors
    /// As [`Self::new`]; [`VaultError::TooShort`] below [`MIN_CHARS`] characters.
    pub fn choose(text: &str) -> Result<Self> {
        let chosen = Self::new(text)?;
        if chosen.0.chars().count() < MIN_CHARS { Err(VaultError::TooShort) } else { Ok(chosen) }
    }
}

/// NFC of at most `len` bytes of UTF-8.
#[cfg(not(target_arch = "wasm32"))]
fn nfc(text: impl Iterator<Item = char>, len: usize) -> Zeroizing<String> {
    use unicode_normalization::UnicodeNormalization;
    // NFC grows UTF-8 at most threefold; a growing string would leave copies in freed memory.
    let mut out = Zeroizing::new(String::with_capacity(len * 3));
    out.extend(text.nfc());
    out
}

/// The browser has the tables of Unicode; ours would be half of the journal's code.
#[cfg(target_arch = "wasm32")]
fn nfc(text: impl Iterator<Item = char>, len: usize) -> Zeroizing<String> {
    let mut spaced = Zeroizing::new(String::with_capacity(len));
    spaced.extend(text);
    Zeroizing::new(js_sys::JsString::from(spaced.as_str()).normalize("NFC").into())
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(***)")
    }
}

/// Argon2id's memory and passes, one lane, within bounds that are compiled in. They come from the device or
/// from a backup file, never from a server; whoever changed them there could at most ask for what lies
/// between these bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    mem_kib: u32,
    passes: u32,
}

impl Cost {
    /// 64 MiB and 3 passes.
    pub const DEFAULT: Self = Self { mem_kib: 64 * 1024, passes: 3 };
    /// 64 MiB and 3 passes: what is made is never weaker than what is made today.
    pub const FLOOR: Self = Self::DEFAULT;
    /// 512 MiB and 12 passes: more would be an attack on a telephone, not a defence.
    pub const CEILING: Self = Self { mem_kib: 512 * 1024, passes: 12 };

    /// Memory in KiB and passes over it.
    ///
    /// # Errors
    /// [`VaultError::Cost`] outside the bounds.
    pub fn new(mem_kib: u32, passes: u32) -> Result<Self> {
        let fits = (Self::FLOOR.mem_kib..=Self::CEILING.mem_kib).contains(&mem_kib)
            && (Self::FLOOR.passes..=Self::CEILING.passes).contains(&passes);
        if fits { Ok(Self { mem_kib, passes }) } else { Err(VaultError::Cost) }
    }

    /// Memory, in KiB.
    #[must_use]
    pub const fn mem_kib(self) -> u32 {
        self.mem_kib
    }
    /// Passes over the memory.
    #[must_use]
    pub const fn passes(self) -> u32 {
        self.passes
    }
}

/// How a passphrase becomes a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    salt: [u8; SALT_LEN],
    cost: Cost,
}

impl Stretch {
    pub(crate) fn fresh(cost: Cost, random: &mut dyn Random) -> Result<Self> {
        Ok(Self { salt: draw(random)?, cost })
    }

    /// Memory and passes.
    #[must_use]
    pub const fn cost(&self) -> Cost {
        self.cost
    }

    /// Takes the memory and some tenths of a second: call it where nothing waits for the thread.
    pub(crate) fn run(&self, passphrase: &Passphrase) -> Result<Key32> {
        let params = Params::new(self.cost.mem_kib, self.cost.passes, 1, Some(32));
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.map_err(|_| VaultError::Cost)?);
        let mut out = Zeroizing::new([0; 32]);
        argon
            .hash_password_into(passphrase.0.as_bytes(), &self.salt, &mut out[..])
            .map_err(|_| VaultError::Backend)?;
        Ok(Key32::from_bytes(*out))
    }

    /// `salt (16) ‖ KiB (u32) ‖ passes (u32)`; the bounds are checked here, before any work.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { salt: reader.array()?, cost: Cost::new(reader.u32()?, reader.u32()?)? })
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.put(&self.salt);
        writer.u32(self.cost.mem_kib);
        writer.u32(self.cost.passes);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_same_passphrase_typed_on_another_keyboard_is_the_same() {
        let composed = Passphrase::new("Zu\u{308}rich am\u{a0}See").unwrap();
        let typed = Passphrase::new(" Z\u{fc}rich am See ").unwrap();
        assert_eq!(composed.0, typed.0);
        assert_ne!(*composed.0, *Passphrase::new("zürich am See").unwrap().0);
    }

    #[test]
    fn passphrase_out_of_bounds_is_refused() {
        assert_eq!(Passphrase::new(&"x".repeat(MAX_LEN + 1)).err(), Some(VaultError::TooLong));
        assert_eq!(Passphrase::choose("  seven77  ").err(), Some(VaultError::TooShort));
        assert!(Passphrase::choose("eight888").is_ok());
    }

    #[test]
    fn cost_out_of_bounds_is_refused_where_it_is_read() {
        for (mem, passes) in
            [(64 * 1024 - 1, 3), (64 * 1024, 2), (512 * 1024 + 1, 3), (64 * 1024, 13), (0, 0)]
        {
            let mut writer = Writer::new();
            writer.put(&[0; SALT_LEN]);
            writer.u32(mem);
            writer.u32(passes);
            assert_eq!(Stretch::read(&mut Reader::new(&writer.done())), Err(VaultError::Cost));
        }
    }
}
