//! Random nonces without one system call each.

use crate::error::{Error, Result};
use std::{cell::Cell, fmt, marker::PhantomData};
use zeroize::Zeroizing;

/// Bytes drawn from the operating system at a time.
const POOL: usize = 4096;

/// Draws 4 KiB of randomness at a time and hands it out in small pieces, each piece once; what was
/// handed out is zeroed.
///
/// Not `Clone` and not `Sync`. Do not keep one across a `fork` without `exec`: both processes would
/// hand out the same bytes.
pub struct NonceSource {
    pool: Zeroizing<Vec<u8>>,
    used: usize,
    not_sync: PhantomData<Cell<()>>,
}

impl NonceSource {
    /// An empty source; the first [`Self::take`] asks the operating system.
    #[must_use]
    pub fn new() -> Self {
        Self { pool: Zeroizing::new(Vec::new()), used: 0, not_sync: PhantomData }
    }

    /// The next `N` random bytes (`N` at most 4096).
    ///
    /// # Errors
    /// [`Error::Randomness`] when the operating system gives none.
    pub fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        if self.pool.len() - self.used < N {
            self.refill()?;
        }
        let piece = self.pool.get_mut(self.used..self.used + N).ok_or(Error::Randomness)?;
        let mut out = [0; N];
        out.copy_from_slice(piece);
        piece.fill(0);
        self.used += N;
        Ok(out)
    }

    fn refill(&mut self) -> Result<()> {
        self.pool.resize(POOL, 0);
        // Nothing may be handed out from a pool that was filled only in part.
        self.used = POOL;
        getrandom::fill(&mut self.pool).map_err(|_| Error::Randomness)?;
        self.used = 0;
        Ok(())
    }
}

impl Default for NonceSource {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for NonceSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NonceSource(***)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ten_thousand_nonces_are_all_different() {
        let mut source = NonceSource::new();
        let drawn: HashSet<[u8; 24]> = (0..10_000).map(|_| source.take().unwrap()).collect();
        assert_eq!(drawn.len(), 10_000);
    }

    #[test]
    fn bytes_that_were_handed_out_are_gone_from_the_pool() {
        let mut source = NonceSource::new();
        let nonce: [u8; 24] = source.take().unwrap();
        assert_ne!(nonce, [0; 24]);
        assert_eq!(source.pool[..24], [0; 24]);
    }

    #[test]
    fn piece_larger_than_the_pool_is_an_error_not_a_panic() {
        assert_eq!(NonceSource::new().take::<5000>().err(), Some(Error::Randomness));
    }

    #[test]
    fn source_may_move_to_another_thread() {
        fn is_send<T: Send>(_: &T) {}
        is_send(&NonceSource::new());
    }
}
