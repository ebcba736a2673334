//! A passphrase to offer: seven words of the 2,048 of BIP-39, 77 bits.

use crate::error::{Result, ServiceError};
use keepwell_crypto::Key32;

const WORDS: usize = 7;

/// Seven words with hyphens between.
///
/// # Errors
/// [`ServiceError::Internal`] when there is no randomness.
pub fn suggest() -> Result<String> {
    let random = Key32::generate()?;
    let list = bip39::Language::English.word_list();
    // 2,048 divides 65,536: taking the remainder favours no word.
    let pick =
        |pair: &[u8]| list.get(usize::from(u16::from_le_bytes([pair[0], pair[1]])) % list.len()).copied();
    let words: Option<Vec<&str>> = random.expose().chunks_exact(2).take(WORDS).map(pick).collect();
    words.map(|w| w.join("-")).ok_or(ServiceError::Internal)
}

#[cfg(test)]
mod tests {
    use super::suggest;
    use crate::{Lang, accounts::policy::refusal};

    #[test]
    fn a_suggested_passphrase_is_always_taken_and_never_twice_the_same() {
        let a: Vec<String> = (0..50).map(|_| suggest().unwrap()).collect();
        assert!(a.iter().all(|p| refusal(p, "a@b.example", Lang::En).is_none() && p.split('-').count() == 7));
        assert_eq!(a.iter().collect::<std::collections::BTreeSet<_>>().len(), 50);
    }
}
