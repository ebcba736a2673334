//! Personal access tokens: text that a secret scanner finds by its prefix and proves by its checksum.
//!
//! `kw_pat_` and 58 characters of base32 (RFC 4648 §6, lower case, no padding) over 32 random bytes
//! and their CRC-32 (ISO-HDLC, as in ZIP; big-endian). A scanner matches `kw_pat_[a-z2-7]{58}`, and
//! a double click marks it whole. The checksum is no protection: it tells a token from a look-alike
//! without asking anybody.

use crate::{
    error::{Error, Result},
    secret::Key32,
    token::TokenHash,
};
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// What every token begins with.
pub const PREFIX: &str = "kw_pat_";
/// Characters behind the prefix: 36 bytes, five bits in each.
const BODY_LEN: usize = 58;
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// 256 random bits. Starred `Debug`, no `Clone`, zeroised.
pub struct AccessToken(Key32);

impl AccessToken {
    /// A new token.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn generate() -> Result<Self> {
        Key32::generate().map(Self)
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// [`Error::Token`] for another prefix, length, letter or checksum.
    pub fn parse(text: &str) -> Result<Self> {
        let body = text.strip_prefix(PREFIX).filter(|b| b.len() == BODY_LEN).ok_or(Error::Token)?;
        let mut bytes = Zeroizing::new([0u8; 36]);
        let (mut held, mut bits, mut at) = (0u32, 0u32, 0usize);
        for letter in body.bytes() {
            let value = ALPHABET.iter().position(|a| *a == letter).ok_or(Error::Token)?;
            held = held << 5 | u32::try_from(value).map_err(|_| Error::Token)?;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                *bytes.get_mut(at).ok_or(Error::Token)? = (held >> bits) as u8;
                held &= (1 << bits) - 1;
                at += 1;
            }
        }
        let (secret, sum) = bytes.split_at(32);
        // One token has one text: the two bits that are left over must be none.
        if held != 0 || sum != crc32(secret).to_be_bytes() {
            return Err(Error::Token);
        }
        Key32::fill_with(|out| {
            out.copy_from_slice(secret);
            Ok(())
        })
        .map(Self)
    }

    /// The text form, to be shown once.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let secret = self.0.expose();
        let sum = crc32(secret).to_be_bytes();
        let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + BODY_LEN));
        text.push_str(PREFIX);
        let (mut held, mut bits) = (0u32, 0u32);
        for byte in secret.iter().chain(&sum) {
            held = held << 8 | u32::from(*byte);
            bits += 8;
            while bits >= 5 {
                bits -= 5;
                text.push(letter(held >> bits));
                held &= (1 << bits) - 1;
            }
        }
        if bits > 0 {
            text.push(letter(held << (5 - bits)));
        }
        text
    }

    /// `SHA-256(token bytes)`: what the store keeps.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::from_bytes(Sha256::digest(self.0.expose()).into())
    }
}

fn letter(value: u32) -> char {
    ALPHABET.get((value & 31) as usize).map_or('a', |b| char::from(*b))
}

/// CRC-32/ISO-HDLC, bit by bit: 32 bytes need no table.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    })
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(***)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn token_survives_its_text_form() {
        for _ in 0..64 {
            let token = AccessToken::generate().unwrap();
            let text = token.text();
            assert_eq!(text.len(), PREFIX.len() + BODY_LEN);
            assert!(text[PREFIX.len()..].bytes().all(|b| ALPHABET.contains(&b)));
            assert_eq!(AccessToken::parse(&text).unwrap().hash(), token.hash());
        }
    }

    #[test]
    fn checksum_is_the_one_of_the_standards_test_vector() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn token_of_zeros_has_the_text_that_other_tools_make() {
        // Python: base64.b32encode(bytes(32) + zlib.crc32(bytes(32)).to_bytes(4, "big")).
        let text = format!("kw_pat_{}{}", "a".repeat(51), "bscsvvu");
        let token = AccessToken::parse(&text);
        assert_eq!(token.map(|t| t.text().to_string()), Ok(text));
    }

    #[test]
    fn every_single_changed_letter_is_found() {
        let text = AccessToken::generate().unwrap().text();
        for at in 0..text.len() {
            let mut other = text.as_bytes().to_vec();
            other[at] = if other[at] == b'q' { b'r' } else { b'q' };
            assert!(AccessToken::parse(std::str::from_utf8(&other).unwrap()).is_err(), "{at}");
        }
    }

    #[test]
    fn other_texts_are_no_tokens() {
        let good = AccessToken::generate().unwrap().text();
        let upper = format!("kw_pat_{}", good[PREFIX.len()..].to_uppercase());
        let longer = format!("{}a", good.as_str());
        for text in ["", "kw_pat_", &upper, &longer, &good[1..], &"é".repeat(33), &"A".repeat(43)] {
            assert_eq!(AccessToken::parse(text).err(), Some(Error::Token));
        }
    }

    #[test]
    fn debug_of_a_token_shows_nothing() {
        assert_eq!(format!("{:?}", AccessToken::generate().unwrap()), "AccessToken(***)");
    }
}
