//! Bearer tokens: sessions, resets, API keys. The text is shown once; only its hash is stored.

use crate::{
    error::{Error, Result},
    secret::Key32,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Length of a token's text, in characters.
pub const TEXT_LEN: usize = 43;

/// 256 random bits. Starred `Debug`, no `Clone`, zeroised.
pub struct Token(Key32);

impl Token {
    /// A new token.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn generate() -> Result<Self> {
        Key32::generate().map(Self)
    }

    /// Reads the text form: exactly 43 characters of base64url without padding.
    ///
    /// # Errors
    /// [`Error::Token`].
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() != TEXT_LEN {
            return Err(Error::Token);
        }
        Key32::fill_with(|out| match URL_SAFE_NO_PAD.decode_slice(text, out) {
            Ok(32) => Ok(()),
            _ => Err(Error::Token),
        })
        .map(Self)
    }

    /// The text form, to be shown or set as a cookie once.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.expose()))
    }

    /// `SHA-256(token bytes)`: what the store keeps. No slow hash is needed for 256 random bits.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.expose()).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// The stored side of a [`Token`]. Compared in constant time.
#[derive(Clone, Copy)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// Out of the database.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// For the database, also as the key of a look-up.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}
impl Eq for TokenHash {}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::hex;

    #[test]
    fn token_survives_its_text_form() {
        let token = Token::generate().unwrap();
        assert_eq!(token.text().len(), TEXT_LEN);
        assert_eq!(Token::parse(&token.text()).unwrap().hash(), token.hash());
        assert_ne!(Token::generate().unwrap().hash(), token.hash());
    }

    #[test]
    fn token_of_zeros_has_the_known_text_and_hash() {
        let token = Token::parse(&"A".repeat(43)).unwrap();
        assert_eq!(token.text().as_str(), "A".repeat(43));
        assert_eq!(
            hex(token.hash().as_bytes()),
            "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"
        );
    }

    #[test]
    fn other_texts_are_no_tokens() {
        let long = "A".repeat(1 << 20);
        let last_bits_set = format!("{}B", "A".repeat(42));
        let plus = format!("+{}", "A".repeat(42));
        let padded = format!("{}=", "A".repeat(42));
        for text in ["", "A", &long, &last_bits_set, &plus, &padded, &"ä".repeat(21)] {
            assert_eq!(Token::parse(text).err(), Some(Error::Token));
        }
    }

    #[test]
    fn debug_of_a_token_shows_nothing() {
        let token = Token::generate().unwrap();
        assert_eq!(format!("{token:?} {:?}", token.hash()), "Token(***) TokenHash(…)");
    }
}
