//! The recovery phrase: 256 random bits as 24 words of the English list of
//! [BIP-39](https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki), eight bits of SHA-256 as checksum.
//!
//! Only the encoding is BIP-39's. The bits themselves are the secret; nothing is stretched, for there is
//! nothing to guess.

use super::{
    error::{Result, VaultError},
    random::{Random, draw, draw_key},
};
use keepwell_crypto::Key32;
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// How many words a phrase has.
pub const WORDS: usize = 24;
/// How many words are asked for again.
pub const ASKED: usize = 4;
const BITS_PER_WORD: usize = 11;
/// Longest text that is looked at, in bytes.
const MAX_TEXT: usize = 1024;

/// 2048 words in alphabetical order, one to a line.
static LIST: &str = include_str!("english.txt");

/// A recovery phrase of which somebody has shown that it is written down: typed whole, or confirmed.
pub struct Phrase(Key32);

impl Phrase {
    /// Reads a phrase as typed: any white space, upper or lower case; four letters are enough of a word.
    ///
    /// # Errors
    /// [`VaultError::Phrase`] for other words, another number of them, or a wrong checksum.
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > MAX_TEXT {
            return Err(VaultError::Phrase);
        }
        let mut bits = Zeroizing::new([0u8; 33]);
        let mut count = 0;
        for word in text.split_whitespace() {
            let index = find(word).filter(|_| count < WORDS).ok_or(VaultError::Phrase)?;
            put_bits(&mut bits[..], count, index);
            count += 1;
        }
        let (entropy, checksum) = bits.split_at(32);
        let is_right = checksum.first() == Some(&checksum_of(entropy));
        if count != WORDS || !is_right {
            return Err(VaultError::Phrase);
        }
        Ok(Self(Key32::try_from_slice(entropy)?))
    }

    pub(crate) const fn secret(&self) -> &Key32 {
        &self.0
    }

    /// The words in their one spelling, parted by spaces: for a passphrase that consists of them, however they
    /// were typed.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(words_of(&self.0).join(" "))
    }
}

/// A phrase that was just made and is being written down. No slot can be made of it yet.
pub struct FreshPhrase {
    secret: Key32,
    asked: [usize; ASKED],
}

impl FreshPhrase {
    /// A new random phrase, and the words that will be asked for again.
    ///
    /// # Errors
    /// [`VaultError::Randomness`].
    pub fn generate(random: &mut dyn Random) -> Result<Self> {
        Ok(Self { secret: draw_key(random)?, asked: positions(random)? })
    }

    /// The words, to be shown once.
    #[must_use]
    pub fn words(&self) -> Vec<&'static str> {
        words_of(&self.secret)
    }

    /// Which words are asked for again, from zero, rising.
    #[must_use]
    pub const fn asked(&self) -> [usize; ASKED] {
        self.asked
    }

    /// The phrase, once the words at [`Self::asked`] were typed again.
    ///
    /// # Errors
    /// [`VaultError::NotConfirmed`] when one of them is another word.
    pub fn confirm(&self, typed: [&str; ASKED]) -> Result<Phrase> {
        let words = self.words();
        let is_same = |(at, word): (usize, &str)| {
            words
                .get(at)
                .is_some_and(|right| word.trim().to_lowercase().as_bytes().ct_eq(right.as_bytes()).into())
        };
        if self.asked.into_iter().zip(typed).all(is_same) {
            Ok(Phrase(Key32::from_bytes(*self.secret.expose())))
        } else {
            Err(VaultError::NotConfirmed)
        }
    }
}

fn words_of(secret: &Key32) -> Vec<&'static str> {
    let mut bits = Zeroizing::new([0u8; 33]);
    let (entropy, checksum) = bits.split_at_mut(32);
    entropy.copy_from_slice(secret.expose());
    checksum.fill(checksum_of(secret.expose()));
    (0..WORDS).filter_map(|n| LIST.lines().nth(get_bits(&bits[..], n))).collect()
}

/// Which words of the list begin so: for completing while typing.
pub fn completions(start: &str) -> impl Iterator<Item = &'static str> {
    LIST.lines().filter(move |word| word.starts_with(start))
}

fn find(word: &str) -> Option<usize> {
    let word = Zeroizing::new(word.to_lowercase());
    // No two words of the list share four letters.
    let is_it = |listed: &str| listed == *word || (word.len() == 4 && listed.starts_with(&*word));
    LIST.lines().position(|listed| listed == *word).or_else(|| LIST.lines().position(is_it))
}

fn checksum_of(entropy: &[u8]) -> u8 {
    let hash: [u8; 32] = Sha256::digest(entropy).into();
    hash[0]
}

fn put_bits(bits: &mut [u8], word: usize, index: usize) {
    for bit in 0..BITS_PER_WORD {
        let at = word * BITS_PER_WORD + bit;
        let is_set = (index >> (BITS_PER_WORD - 1 - bit)) & 1 == 1;
        if let Some(byte) = bits.get_mut(at / 8).filter(|_| is_set) {
            *byte |= 0x80 >> (at % 8);
        }
    }
}

fn get_bits(bits: &[u8], word: usize) -> usize {
    (0..BITS_PER_WORD).fold(0, |index, bit| {
        let at = word * BITS_PER_WORD + bit;
        let is_set = bits.get(at / 8).is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0);
        index << 1 | usize::from(is_set)
    })
}

/// Different places in a phrase, rising. The first word is always one of them: whoever was interrupted while writing,
/// and went on from other words, has the beginning of the old ones.
fn positions(random: &mut dyn Random) -> Result<[usize; ASKED]> {
    let mut places: Vec<usize> = (1..WORDS).collect();
    let mut out = [0; ASKED];
    for slot in &mut out[1..] {
        // 2^32 is no multiple of 23, which makes no difference that matters for a question.
        let drawn = u32::from_be_bytes(draw(random)?) as usize % places.len();
        *slot = places.swap_remove(drawn);
    }
    crate::order::sort_by(&mut out, Ord::cmp);
    Ok(out)
}

macro_rules! starred {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    )+};
}
starred!(Phrase, FreshPhrase);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::vault::random::Seeded;

    fn fresh(seed: u8) -> FreshPhrase {
        FreshPhrase::generate(&mut Seeded::new(&Key32::from_bytes([seed; 32])).unwrap()).unwrap()
    }

    #[test]
    fn words_have_one_spelling_however_they_are_typed() {
        let fresh = fresh(5);
        let words = fresh.words().join(" ");
        let typed =
            fresh.words().iter().map(|w| w[..w.len().min(4)].to_uppercase()).collect::<Vec<_>>().join("\n ");
        assert_eq!(*Phrase::parse(&typed).unwrap().text(), words);
    }

    #[test]
    fn the_list_is_the_published_one() {
        let hash: String = Sha256::digest(LIST).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hash, "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
    }

    /// The published vectors of BIP-39 for 256 bits of zeros, ones, and `7f`.
    #[test]
    fn published_phrases_are_read_as_their_bits() {
        let abandon = format!("{}art", "abandon ".repeat(23));
        assert_eq!(Phrase::parse(&abandon).unwrap().0.expose(), &[0; 32]);
        let zoo = format!("{}vote", "zoo ".repeat(23));
        assert_eq!(Phrase::parse(&zoo).unwrap().0.expose(), &[0xFF; 32]);
        let legal = "legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth \
                     useful legal winner thank year wave sausage worth title";
        assert_eq!(Phrase::parse(legal).unwrap().0.expose(), &[0x7F; 32]);
    }

    #[test]
    fn phrase_is_read_however_it_is_typed() {
        let fresh = fresh(3);
        let words = fresh.words();
        let shouted = words.join("\n\t ").to_uppercase();
        assert_eq!(Phrase::parse(&shouted).unwrap().0.expose(), fresh.secret.expose());
        let short: Vec<&str> = words.iter().map(|w| w.get(..4).unwrap_or(w)).collect();
        assert_eq!(Phrase::parse(&short.join(" ")).unwrap().0.expose(), fresh.secret.expose());
    }

    #[test]
    fn phrase_with_a_wrong_word_or_number_of_words_is_refused() {
        let text = fresh(4).words().join(" ");
        let swapped = text.replacen(text.split(' ').next().unwrap(), "zebra", 1);
        for bad in
            ["", "abandon", &format!("{text} art"), &swapped, &text.replacen(' ', "", 1), &"a ".repeat(600)]
        {
            assert_eq!(Phrase::parse(bad).err(), Some(VaultError::Phrase));
        }
    }

    #[test]
    fn only_the_asked_words_confirm_a_phrase() {
        let fresh = fresh(5);
        let words = fresh.words();
        let asked = fresh.asked();
        assert!(asked.windows(2).all(|pair| pair[0] < pair[1]));
        assert!((0..50).all(|seed| self::fresh(seed).asked()[0] == 0), "the first word is always asked for");
        let right = asked.map(|at| words[at]);
        assert_eq!(fresh.confirm(right).unwrap().0.expose(), fresh.secret.expose());
        let mut wrong = right;
        wrong.reverse();
        assert_eq!(fresh.confirm(wrong).err(), Some(VaultError::NotConfirmed));
        assert_eq!(fresh.confirm([""; ASKED]).err(), Some(VaultError::NotConfirmed));
    }

    #[test]
    fn debug_of_a_phrase_shows_no_word() {
        let fresh = fresh(6);
        assert_eq!(format!("{fresh:?}"), "FreshPhrase(***)");
    }
}
