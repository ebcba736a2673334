//! Reading and writing the fixed layouts: big-endian numbers, arrays, parts with their length before them.
//! A reader never allocates by a length that the input merely claims.

use super::error::{Result, VaultError};

/// What is left to be read.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(len).ok_or(VaultError::Malformed)?;
        self.0 = tail;
        Ok(head)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk::<N>().ok_or(VaultError::Malformed)?;
        self.0 = tail;
        Ok(*head)
    }

    pub(crate) fn u8(&mut self) -> Result<u8> {
        self.array().map(u8::from_be_bytes)
    }
    pub(crate) fn u16(&mut self) -> Result<u16> {
        self.array().map(u16::from_be_bytes)
    }
    pub(crate) fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_be_bytes)
    }
    pub(crate) fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// `u32 length ‖ bytes`, at most `max` of them.
    pub(crate) fn part(&mut self, max: usize) -> Result<&'a [u8]> {
        let len = usize::try_from(self.u32()?).map_err(|_| VaultError::TooLong)?;
        if len > max {
            return Err(VaultError::TooLong);
        }
        self.take(len)
    }

    /// `u16 count ‖ items`, at most `max` of them.
    pub(crate) fn list<T>(
        &mut self,
        max: usize,
        mut item: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<Vec<T>> {
        let count = usize::from(self.u16()?);
        if count > max {
            return Err(VaultError::TooLong);
        }
        (0..count).map(|_| item(self)).collect()
    }

    /// A byte that must be this version.
    pub(crate) fn version(&mut self, known: u8) -> Result<()> {
        if self.u8()? == known { Ok(()) } else { Err(VaultError::UnknownVersion) }
    }

    /// Whether a part follows: one byte, 0 or 1.
    pub(crate) fn flag(&mut self) -> Result<bool> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(VaultError::Malformed),
        }
    }

    /// Everything that is left.
    pub(crate) const fn rest(self) -> &'a [u8] {
        self.0
    }

    pub(crate) const fn left(&self) -> usize {
        self.0.len()
    }

    /// Nothing may be left.
    pub(crate) const fn end(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(VaultError::Malformed) }
    }
}

/// A layout under construction.
#[derive(Default)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }
    pub(crate) fn with_capacity(len: usize) -> Self {
        Self(Vec::with_capacity(len))
    }
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
    pub(crate) fn u8(&mut self, n: u8) {
        self.0.push(n);
    }
    pub(crate) fn u16(&mut self, n: u16) {
        self.put(&n.to_be_bytes());
    }
    pub(crate) fn u32(&mut self, n: u32) {
        self.put(&n.to_be_bytes());
    }
    pub(crate) fn u64(&mut self, n: u64) {
        self.put(&n.to_be_bytes());
    }
    pub(crate) fn flag(&mut self, is_set: bool) {
        self.u8(u8::from(is_set));
    }

    /// As [`Reader::part`] reads it.
    ///
    /// # Errors
    /// [`VaultError::TooLong`] above 4 GiB.
    pub(crate) fn part(&mut self, bytes: &[u8]) -> Result<()> {
        self.u32(u32::try_from(bytes.len()).map_err(|_| VaultError::TooLong)?);
        self.put(bytes);
        Ok(())
    }

    /// As [`Reader::list`] reads it.
    ///
    /// # Errors
    /// [`VaultError::TooLong`] above 65,535 items.
    pub(crate) fn list<T>(
        &mut self,
        items: impl ExactSizeIterator<Item = T>,
        mut item: impl FnMut(&mut Self, T) -> Result<()>,
    ) -> Result<()> {
        self.u16(u16::try_from(items.len()).map_err(|_| VaultError::TooLong)?);
        for one in items {
            item(self, one)?;
        }
        Ok(())
    }

    pub(crate) fn done(self) -> Vec<u8> {
        self.0
    }
}
