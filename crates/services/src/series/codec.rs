//! The byte form of a [`Column`], deterministic so that the same month has the same keyed hash.
//!
//! `"KWC1" ‖ metric ‖ unit ‖ year ‖ month ‖ sources ‖ labels ‖ n ‖ n × sample`; a sample is the
//! difference of its start to the start before, its duration, its value, source and offset as
//! LEB128 varints. A value with at most nine decimals is stored as a decimal mantissa, which
//! gives back the very same `f64`; any other is stored as its eight bytes. Zstandard follows.

use keepwell_domain::series::{Column, Sample};

const MAGIC: &[u8; 4] = b"KWC1";
const LEVEL: i32 = 3;
/// No column inflates to more than this.
const MAX_INFLATED: usize = 512 << 20;

/// A column that does not decode: damaged, or of a version that this build does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a column of samples does not decode")]
pub struct BadColumn;

/// The canonical bytes, not yet compressed.
#[must_use]
pub fn encode(c: &Column) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 + c.samples.len() * 9);
    out.extend_from_slice(MAGIC);
    text(&mut out, &c.metric);
    text(&mut out, &c.unit);
    signed(&mut out, i64::from(c.month.0));
    unsigned(&mut out, u64::from(c.month.1));
    for list in [&c.sources, &c.labels] {
        unsigned(&mut out, list.len() as u64);
        list.iter().for_each(|s| text(&mut out, s));
    }
    unsigned(&mut out, c.samples.len() as u64);
    let mut before = 0;
    for s in &c.samples {
        signed(&mut out, s.start - before);
        signed(&mut out, s.end - s.start);
        value(&mut out, s.value);
        unsigned(&mut out, u64::from(s.source));
        signed(&mut out, i64::from(s.offset));
        before = s.start;
    }
    out
}

/// Reads what [`encode`] wrote.
///
/// # Errors
/// [`BadColumn`] for anything else.
pub fn decode(bytes: &[u8]) -> Result<Column, BadColumn> {
    let mut r = Reader(bytes);
    if r.take(4)? != MAGIC {
        return Err(BadColumn);
    }
    let metric = r.text()?;
    let unit = r.text()?;
    let month = (r.small()?, r.unsigned()?.try_into().map_err(|_| BadColumn)?);
    let mut lists = [Vec::new(), Vec::new()];
    for list in &mut lists {
        for _ in 0..r.count(1)? {
            list.push(r.text()?);
        }
    }
    let [sources, labels] = lists;
    let n = r.count(5)?;
    let mut samples = Vec::with_capacity(n);
    let mut before = 0i64;
    for _ in 0..n {
        let start = before.checked_add(r.signed()?).ok_or(BadColumn)?;
        let end = start.checked_add(r.signed()?).ok_or(BadColumn)?;
        let value = r.value()?;
        let source = r.unsigned()?.try_into().map_err(|_| BadColumn)?;
        samples.push(Sample { start, end, value, source, offset: r.small()? });
        before = start;
    }
    if r.0.is_empty() { Ok(Column { metric, unit, month, sources, labels, samples }) } else { Err(BadColumn) }
}

/// Compresses canonical bytes.
///
/// # Errors
/// [`BadColumn`] when the compressor fails.
pub fn compress(bytes: &[u8]) -> Result<Vec<u8>, BadColumn> {
    zstd::bulk::compress(bytes, LEVEL).map_err(|_| BadColumn)
}

/// Gives back what [`compress`] took.
///
/// # Errors
/// [`BadColumn`] when the bytes are damaged or inflate beyond the limit.
pub fn inflate(bytes: &[u8]) -> Result<Vec<u8>, BadColumn> {
    let size = zstd::zstd_safe::get_frame_content_size(bytes).ok().flatten().ok_or(BadColumn)?;
    let size = usize::try_from(size).ok().filter(|n| *n <= MAX_INFLATED).ok_or(BadColumn)?;
    zstd::bulk::decompress(bytes, size).map_err(|_| BadColumn)
}

fn unsigned(out: &mut Vec<u8>, mut v: u64) {
    while v >= 0x80 {
        out.push(v as u8 | 0x80);
        v >>= 7;
    }
    out.push(v as u8);
}

fn signed(out: &mut Vec<u8>, v: i64) {
    unsigned(out, ((v << 1) ^ (v >> 63)) as u64);
}

fn text(out: &mut Vec<u8>, s: &str) {
    unsigned(out, s.len() as u64);
    out.extend_from_slice(s.as_bytes());
}

const POW10: [f64; 10] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
const RAW: u64 = 15;

fn value(out: &mut Vec<u8>, v: f64) {
    for (decimals, p) in POW10.iter().enumerate() {
        let scaled = (v * p).round();
        let m = scaled as i64;
        // Exact only if reading it back gives the same bits; -0.0 and large numbers go raw.
        if scaled.abs() < 4.0e15 && (m as f64 / p).to_bits() == v.to_bits() {
            let zigzag = ((m << 1) ^ (m >> 63)) as u64;
            unsigned(out, (zigzag << 4) | decimals as u64);
            return;
        }
    }
    unsigned(out, RAW);
    out.extend_from_slice(&v.to_bits().to_le_bytes());
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], BadColumn> {
        let (head, rest) = self.0.split_at_checked(n).ok_or(BadColumn)?;
        self.0 = rest;
        Ok(head)
    }
    fn unsigned(&mut self) -> Result<u64, BadColumn> {
        let mut v = 0u64;
        for shift in (0..64).step_by(7) {
            let (b, rest) = self.0.split_first().ok_or(BadColumn)?;
            self.0 = rest;
            v |= u64::from(b & 0x7f) << shift;
            if b & 0x80 == 0 {
                return Ok(v);
            }
        }
        Err(BadColumn)
    }
    fn signed(&mut self) -> Result<i64, BadColumn> {
        self.unsigned().map(|u| (u >> 1) as i64 ^ -((u & 1) as i64))
    }
    fn small(&mut self) -> Result<i16, BadColumn> {
        self.signed()?.try_into().map_err(|_| BadColumn)
    }
    /// A count of things that take at least `least` bytes each, so that it cannot ask for more
    /// memory than the input justifies.
    fn count(&mut self, least: usize) -> Result<usize, BadColumn> {
        let n = usize::try_from(self.unsigned()?).map_err(|_| BadColumn)?;
        if n > self.0.len() / least { Err(BadColumn) } else { Ok(n) }
    }
    fn text(&mut self) -> Result<String, BadColumn> {
        let n = self.count(1)?;
        std::str::from_utf8(self.take(n)?).map(str::to_owned).map_err(|_| BadColumn)
    }
    fn value(&mut self) -> Result<f64, BadColumn> {
        let u = self.unsigned()?;
        let decimals = u & 15;
        if decimals == RAW {
            let raw: [u8; 8] = self.take(8)?.try_into().map_err(|_| BadColumn)?;
            return Ok(f64::from_bits(u64::from_le_bytes(raw)));
        }
        let p = POW10.get(decimals as usize).ok_or(BadColumn)?;
        let zigzag = u >> 4;
        Ok(((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64)) as f64 / p)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn column(samples: Vec<Sample>) -> Column {
        Column {
            metric: "HKQuantityTypeIdentifierHeartRate".into(),
            unit: "count/min".into(),
            month: (2024, 2),
            sources: vec!["Watch".into(), "Żółw ❤".into()],
            labels: vec![],
            samples,
        }
    }

    prop_compose! {
        fn sample()(start in -4_000_000_000i64..4_000_000_000, len in 0i64..100_000, value in prop_oneof![
            any::<f64>().prop_filter("finite", |v| v.is_finite()),
            (-1_000_000i64..1_000_000).prop_map(|n| n as f64 / 100.0),
        ], source in 0u16..2, offset in -840i16..841) -> Sample {
            Sample { start, end: start + len, value, source, offset }
        }
    }

    proptest! {
        #[test]
        fn a_column_comes_back_bit_for_bit(samples in prop::collection::vec(sample(), 0..200)) {
            let c = column(samples);
            let packed = compress(&encode(&c)).unwrap();
            let back = decode(&inflate(&packed).unwrap()).unwrap();
            prop_assert_eq!(back.samples.len(), c.samples.len());
            for (a, b) in back.samples.iter().zip(&c.samples) {
                prop_assert_eq!(a.value.to_bits(), b.value.to_bits());
                prop_assert_eq!((a.start, a.end, a.source, a.offset), (b.start, b.end, b.source, b.offset));
            }
        }

        #[test]
        fn damaged_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(&bytes);
            let mut framed = MAGIC.to_vec();
            framed.extend(bytes);
            let _ = decode(&framed);
            let _ = inflate(&framed);
        }
    }

    #[test]
    fn every_truncation_is_refused() {
        let bytes = encode(&column(vec![Sample { start: 1, end: 2, value: 60.5, source: 0, offset: 60 }; 3]));
        for n in 0..bytes.len() {
            assert_eq!(decode(&bytes[..n]), Err(BadColumn), "{n} bytes");
        }
    }
}
