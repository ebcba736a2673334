//! What goes from one person to another so that their account comes to a shared journal: `KWI1.`, the vault, the code, what
//! the journal is called.

use crate::route::{escape, unescape};
use keepwell_journal::vault::VaultId;

const PREFIX: &str = "KWI1";
/// Longest text that is looked at.
const LONGEST: usize = 1000;

/// See the module.
pub struct Invitation {
    /// Which vault.
    pub vault: VaultId,
    /// The server's code, good once.
    pub code: String,
    /// What whoever shares it calls it.
    pub name: String,
}

impl Invitation {
    /// The text of the QR code.
    #[must_use]
    pub fn to_text(&self) -> String {
        [PREFIX, ".", &self.vault.to_string(), ".", &self.code, ".", &escape(&self.name)].concat()
    }

    /// Reads it; `None` for another text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(4, '.');
        let (prefix, vault, code) = (parts.next()?, parts.next()?, parts.next()?);
        let name = unescape(parts.next().unwrap_or_default());
        let is_code = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let is_right =
            prefix == PREFIX && !code.is_empty() && code.bytes().all(is_code) && text.len() < LONGEST;
        let vault = VaultId::parse(vault).filter(|_| is_right)?;
        Some(Self { vault, code: code.to_owned(), name })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn invitation_is_read_back_from_its_text_and_from_no_other() {
        let vault = VaultId::from_bytes([0xA5; 16]);
        let text =
            Invitation { vault, code: "abcDEF-_1".to_owned(), name: "Anna. Ä & B%".to_owned() }.to_text();
        assert!(text.is_ascii());
        let read = Invitation::parse(&[" ", &text, "\n"].concat()).unwrap();
        assert!(read.vault == vault && read.code == "abcDEF-_1" && read.name == "Anna. Ä & B%");
        let long = [text.as_str(), &"x".repeat(LONGEST)].concat();
        for bad in ["", "KWI1", "KWI1.x.y", "KWJ1.AAAA", &text.replace("KWI1", "KWI2"), "KWI1..code", &long] {
            assert!(Invitation::parse(bad).is_none(), "{bad}");
        }
    }
}
