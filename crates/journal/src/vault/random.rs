//! Where random bytes come from: never from here.

use super::error::{Result, VaultError};
use hmac::{Hmac, KeyInit, Mac};
use keepwell_crypto::{Key32, NonceSource};
use sha2::Sha256;
use std::{convert::Infallible, fmt};
use zeroize::{Zeroize, Zeroizing};

/// A source of unpredictable bytes.
pub trait Random {
    /// Fills all of `out`.
    ///
    /// # Errors
    /// [`VaultError::Randomness`] when there is none; `out` is then not to be used.
    fn fill(&mut self, out: &mut [u8]) -> Result<()>;
}

impl Random for NonceSource {
    fn fill(&mut self, out: &mut [u8]) -> Result<()> {
        const STEP: usize = 32;
        for piece in out.chunks_mut(STEP) {
            let mut drawn: [u8; STEP] = self.take()?;
            piece.copy_from_slice(drawn.get(..piece.len()).ok_or(VaultError::Randomness)?);
            drawn.zeroize();
        }
        Ok(())
    }
}

pub(crate) fn draw<const N: usize>(random: &mut dyn Random) -> Result<[u8; N]> {
    let mut out = [0; N];
    random.fill(&mut out)?;
    Ok(out)
}

pub(crate) fn draw_key(random: &mut dyn Random) -> Result<Key32> {
    let mut bytes = Zeroizing::new([0; 32]);
    random.fill(&mut bytes[..])?;
    Ok(Key32::from_bytes(*bytes))
}

/// A stream of bytes out of 32: block `i` is `HMAC-SHA256(seed, u64 BE i)`.
///
/// For libraries that take no failing source: the seed is drawn first, from a source that may fail. With
/// a fixed seed it makes tests and test vectors repeat.
pub struct Seeded {
    mac: Hmac<Sha256>,
    next: u64,
    block: Zeroizing<[u8; 32]>,
    used: usize,
}

impl Seeded {
    /// The stream of this seed.
    ///
    /// # Errors
    /// [`VaultError::Backend`], never in practice.
    pub fn new(seed: &Key32) -> Result<Self> {
        let mac = Hmac::new_from_slice(seed.expose()).map_err(|_| VaultError::Backend)?;
        Ok(Self { mac, next: 0, block: Zeroizing::new([0; 32]), used: 32 })
    }

    pub(crate) fn draw(random: &mut dyn Random) -> Result<Self> {
        Self::new(&draw_key(random)?)
    }

    fn byte(&mut self) -> u8 {
        if self.used >= self.block.len() {
            let mut mac = self.mac.clone();
            mac.update(&self.next.to_be_bytes());
            self.block.copy_from_slice(&mac.finalize().into_bytes());
            self.next = self.next.wrapping_add(1);
            self.used = 0;
        }
        let byte = self.block.get_mut(self.used).map(std::mem::take).unwrap_or_default();
        self.used += 1;
        byte
    }
}

impl Random for Seeded {
    fn fill(&mut self, out: &mut [u8]) -> Result<()> {
        out.fill_with(|| self.byte());
        Ok(())
    }
}

impl hpke::rand_core::TryRng for Seeded {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> std::result::Result<u32, Infallible> {
        Ok(u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()]))
    }
    fn try_next_u64(&mut self) -> std::result::Result<u64, Infallible> {
        Ok(u64::from_le_bytes(std::array::from_fn(|_| self.byte())))
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> std::result::Result<(), Infallible> {
        out.fill_with(|| self.byte());
        Ok(())
    }
}

impl hpke::rand_core::TryCryptoRng for Seeded {}

impl fmt::Debug for Seeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seeded(***)")
    }
}
