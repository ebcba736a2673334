//! What the person's own devices tell each other about themselves. It goes to no partner and into no export.

use super::{field::TextType, id::EntityId, moment::Moment, view::view};
use keepwell_crypto::Key32;

/// The bytes of a key as hexadecimal text.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyText([u8; 32]);

impl KeyText {
    /// The text of a key.
    #[must_use]
    pub fn of(key: &Key32) -> Self {
        Self(*key.expose())
    }
    /// The key.
    #[must_use]
    pub fn key(&self) -> Key32 {
        Key32::from_bytes(self.0)
    }
}

impl TextType for KeyText {
    fn to_text(&self) -> String {
        let digit = |n: u8| char::from_digit(n.into(), 16).unwrap_or('0');
        self.0.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
    }
    fn from_text(text: &str) -> Option<Self> {
        if text.len() != 64 {
            return None;
        }
        let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
        let mut out = [0; 32];
        for (byte, pair) in out.iter_mut().zip(digits?.chunks_exact(2)) {
            let [high, low] = pair else { return None };
            *byte = u8::try_from(high * 16 + low).ok()?;
        }
        Some(Self(out))
    }
}
super::field::text_fields!(KeyText);

view! {
    /// A device that is in the journal, or in a space of it that is shared.
    Device as Device {
        /// What the person calls it.
        name: String,
        /// When it came.
        since: Moment,
        /// The server's id of the account that it came by, for a partner's.
        account: String,
        /// In a shared space: which of the person's own devices it is.
        own: String,
    }
}

impl Device {
    /// The id of what is said about a device of a vault, the same on all devices.
    #[must_use]
    pub fn id(device: &[u8; 16]) -> EntityId {
        EntityId::derived(&[b"device", device])
    }
}

view! {
    /// A space that is shared with somebody: a vault of its own.
    Space as Space {
        /// What the other sees as its name.
        name: String,
        /// The vault's id.
        vault: String,
        /// The key of the keeper's slot.
        keeper: KeyText,
        /// Whether it was given up.
        ended: bool,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn key_is_read_back_from_its_text_and_from_no_other() {
        let key = KeyText::of(&Key32::from_bytes(std::array::from_fn(|i| (i * 9) as u8)));
        assert!(KeyText::from_text(&key.to_text()).unwrap() == key);
        for bad in ["", "00", &"g0".repeat(32), &"é".repeat(32)] {
            assert!(KeyText::from_text(bad).is_none());
        }
    }
}
