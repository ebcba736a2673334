//! Samples of one metric and month while the file is still being read: about seven bytes each.

use super::value::{Decimal, Stamp};
use keepwell_domain::series::Sample;

/// One sample before its source and label indexes are those of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Raw {
    /// Start.
    pub start: Stamp,
    /// UTC seconds of the end.
    pub end: i64,
    /// Value, or label index.
    pub value: Decimal,
    /// Index of the source in the whole file.
    pub source: u32,
}

/// Append-only packed samples.
#[derive(Default)]
pub struct Packed {
    data: Vec<u8>,
    count: u32,
    start: i64,
    length: i64,
    source: u32,
    offset: i16,
}

const SAME_SOURCE: u8 = 1;
const SAME_OFFSET: u8 = 2;
const SAME_LENGTH: u8 = 4;
const ROUNDED: u64 = 15;

impl Packed {
    /// How many samples it holds.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Bytes of memory that its samples take.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.data.capacity()
    }

    /// Appends one.
    pub fn push(&mut self, raw: &Raw) {
        // Grown by a quarter and not doubled: a thousand of these are open at once.
        if self.data.capacity() - self.data.len() < 48 {
            self.data.reserve_exact(self.data.len() / 4 + 64);
        }
        let length = raw.end - raw.start.seconds;
        let flags = u8::from(raw.source == self.source) * SAME_SOURCE
            + u8::from(raw.start.offset == self.offset) * SAME_OFFSET
            + u8::from(length == self.length) * SAME_LENGTH;
        self.data.push(flags);
        put(&mut self.data, zigzag(raw.start.seconds - self.start));
        if flags & SAME_LENGTH == 0 {
            put(&mut self.data, zigzag(length));
        }
        if flags & SAME_SOURCE == 0 {
            put(&mut self.data, u64::from(raw.source));
        }
        if flags & SAME_OFFSET == 0 {
            put(&mut self.data, zigzag(i64::from(raw.start.offset)));
        }
        match raw.value {
            Decimal::Exact(m, d) => put(&mut self.data, zigzag(m) << 4 | u64::from(d)),
            Decimal::Rounded(v) => {
                put(&mut self.data, ROUNDED);
                self.data.extend_from_slice(&v.to_le_bytes());
            }
        }
        (self.start, self.length) = (raw.start.seconds, length);
        (self.source, self.offset) = (raw.source, raw.start.offset);
        self.count += 1;
    }

    /// Unpacks all; `source` turns an index of the file into one of the column.
    pub fn unpack(self, mut source: impl FnMut(u32) -> u16) -> Vec<Sample> {
        let mut samples = Vec::with_capacity(self.count as usize);
        let mut at = &self.data[..];
        let (mut start, mut length, mut from, mut offset) = (0i64, 0i64, 0u32, 0i16);
        while let [flags, rest @ ..] = at {
            at = rest;
            start += unzigzag(take(&mut at));
            if flags & SAME_LENGTH == 0 {
                length = unzigzag(take(&mut at));
            }
            if flags & SAME_SOURCE == 0 {
                from = u32::try_from(take(&mut at)).unwrap_or(0);
            }
            if flags & SAME_OFFSET == 0 {
                offset = i16::try_from(unzigzag(take(&mut at))).unwrap_or(0);
            }
            let value = match take(&mut at) {
                ROUNDED => {
                    let (bytes, rest) = at.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
                    at = rest;
                    Decimal::Rounded(f64::from_le_bytes(*bytes))
                }
                code => Decimal::Exact(unzigzag(code >> 4), (code & 15) as u8),
            };
            samples.push(Sample {
                start,
                end: start + length,
                value: value.value(),
                source: source(from),
                offset,
            });
        }
        samples
    }
}

const fn zigzag(v: i64) -> u64 {
    ((v << 1) ^ (v >> 63)).cast_unsigned()
}
const fn unzigzag(v: u64) -> i64 {
    (v >> 1).cast_signed() ^ -((v & 1).cast_signed())
}
fn put(out: &mut Vec<u8>, mut v: u64) {
    while v >= 0x80 {
        out.push(v as u8 | 0x80);
        v >>= 7;
    }
    out.push(v as u8);
}
fn take(at: &mut &[u8]) -> u64 {
    let (mut v, mut shift) = (0u64, 0u32);
    while let [c, rest @ ..] = *at {
        *at = rest;
        v |= u64::from(c & 0x7f).checked_shl(shift).unwrap_or(0);
        shift += 7;
        if c & 0x80 == 0 {
            break;
        }
    }
    v
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn raw() -> impl Strategy<Value = Raw> {
        let value = prop_oneof![
            (-(1i64 << 53) + 1..1i64 << 53, 0u8..15).prop_map(|(m, d)| Decimal::Exact(m, d)),
            any::<f64>().prop_filter("finite", |v| v.is_finite()).prop_map(Decimal::Rounded),
        ];
        (-62_135_596_800i64..253_402_300_800, 0i64..1 << 40, value, any::<u32>(), -900i16..900).prop_map(
            |(seconds, length, value, source, offset)| Raw {
                start: Stamp { seconds, offset },
                end: seconds + length,
                value,
                source,
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_out_again(all in proptest::collection::vec(raw(), 0..40)) {
            let mut packed = Packed::default();
            for r in &all {
                packed.push(r);
            }
            let mut sources = Vec::new();
            let samples = packed.unpack(|s| { sources.push(s); 7 });
            prop_assert_eq!(samples.len(), all.len());
            for ((r, s), source) in all.iter().zip(&samples).zip(sources) {
                prop_assert_eq!((r.start.seconds, r.end, r.start.offset, r.source), (s.start, s.end, s.offset, source));
                prop_assert_eq!(r.value.value().to_bits(), s.value.to_bits());
            }
        }
    }
}
