//! Sizes are rounded up to few steps, so that a size tells next to nothing.
//!
//! `text ‖ 0x80 ‖ 0x00…` up to the next step (ISO/IEC 7816-4), inside what is sealed.

use super::error::{Result, VaultError};
use zeroize::Zeroize;

/// First byte of the padding.
const MARK: u8 = 0x80;

/// The sizes that padded texts of one kind may have, in bytes, rising.
#[derive(Debug, Clone, Copy)]
pub struct Ladder(&'static [usize]);

/// Entries on the device: doubling from 128 bytes to 1 MiB. An entry of a hundred bytes costs 28 more; one
/// in the middle of a step costs a third more on average.
pub const ENTRIES: Ladder = Ladder(&[
    1 << 7,
    1 << 8,
    1 << 9,
    1 << 10,
    1 << 11,
    1 << 12,
    1 << 13,
    1 << 14,
    1 << 15,
    1 << 16,
    1 << 17,
    1 << 18,
    1 << 19,
    1 << 20,
]);

/// Objects on the server: 1, 4, 16, 64, 256 KiB, 1 MiB. Coarser than [`ENTRIES`], for here somebody looks.
pub const OBJECTS: Ladder = Ladder(&[1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20]);

impl Ladder {
    /// Longest text that fits, in bytes.
    #[must_use]
    pub fn max(self) -> usize {
        self.0.last().map_or(0, |top| top - 1)
    }

    /// The padded length of a text of `len` bytes.
    ///
    /// # Errors
    /// [`VaultError::TooLong`] above [`Self::max`].
    pub fn step(self, len: usize) -> Result<usize> {
        self.0.iter().copied().find(|step| *step > len).ok_or(VaultError::TooLong)
    }

    /// Whether a padded text can have this length, in bytes.
    #[must_use]
    pub fn has(self, padded: usize) -> bool {
        self.0.contains(&padded)
    }

    /// Appends `text` and its padding.
    pub(crate) fn pad(self, out: &mut Vec<u8>, text: &[u8]) -> Result<()> {
        let end = out.len().checked_add(self.step(text.len())?).ok_or(VaultError::TooLong)?;
        out.extend_from_slice(text);
        out.push(MARK);
        out.resize(end, 0);
        Ok(())
    }

    /// Cuts the padding off; what has none, or another than the text needs, is wiped and refused.
    pub(crate) fn unpad(self, text: &mut Vec<u8>) -> Result<()> {
        let padded = text.len();
        let end = text.iter().rposition(|b| *b != 0).filter(|at| text.get(*at) == Some(&MARK));
        match end {
            Some(end) if self.step(end) == Ok(padded) => {
                text.truncate(end);
                Ok(())
            }
            _ => {
                text.zeroize();
                Err(VaultError::Malformed)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_that_just_fills_a_step_takes_the_next() {
        assert_eq!(ENTRIES.step(127), Ok(128));
        assert_eq!(ENTRIES.step(128), Ok(256));
        assert_eq!(OBJECTS.step(OBJECTS.max()), Ok(1 << 20));
        assert_eq!(OBJECTS.step(OBJECTS.max() + 1), Err(VaultError::TooLong));
    }

    #[test]
    fn padding_to_a_higher_step_than_needed_is_refused() {
        let mut text = vec![1, 2, MARK];
        text.resize(1 << 12, 0);
        assert_eq!(OBJECTS.unpad(&mut text), Err(VaultError::Malformed));
        assert!(text.is_empty());
    }

    proptest! {
        #[test]
        fn whatever_is_padded_is_cut_back_to_itself(text in proptest::collection::vec(any::<u8>(), 0..3000)) {
            for ladder in [ENTRIES, OBJECTS] {
                let mut out = Vec::new();
                ladder.pad(&mut out, &text).unwrap();
                prop_assert!(ladder.has(out.len()));
                ladder.unpad(&mut out).unwrap();
                prop_assert_eq!(&out, &text);
            }
        }
    }
}
