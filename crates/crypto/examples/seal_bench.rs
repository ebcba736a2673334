//! How fast sealing is in memory, on one core:
//! `cargo run --release -p keepwell-crypto --example seal_bench`.
//!
//! Prints `seal_mb_s=… open_mb_s=…` (10^6 bytes a second) for 16 kB blocks, each with its own nonce
//! and message key, then the same for the file stream and the time of a batch of small records.
#![allow(clippy::print_stdout)]

use keepwell_crypto::{
    ChunkSize, DataKey, Error, FileOpener, FileSealer, Key32, NonceSource, Place, XaesKey,
    file::{CHUNK_HEAD, CHUNK_OVERHEAD},
    xaes::OVERHEAD,
};
use keepwell_domain::ids::{DocumentId, InstanceId, ProfileId};
use std::{hint::black_box, time::Instant};
use uuid::Uuid;

const BLOCK: usize = 16 * 1024;
const ROUNDS: usize = 7;
const BYTES: usize = 256 << 20;

/// Best of [`ROUNDS`] runs, in seconds.
fn best(mut run: impl FnMut() -> Result<(), Error>) -> Result<f64, Error> {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let started = Instant::now();
        run()?;
        best = best.min(started.elapsed().as_secs_f64());
    }
    Ok(best)
}

/// Seconds for opening [`BYTES`] bytes. Opening in place destroys the ciphertext, so it is laid out anew,
/// off the clock, for some blocks at a time.
fn best_on_copies(sealed: &[u8], open: impl Fn(&mut [u8]) -> Result<usize, Error>) -> Result<f64, Error> {
    let copies = (4 * BLOCK / sealed.len()).max(1);
    let mut work = vec![sealed.to_vec(); copies];
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let mut seconds = 0.0;
        let mut left = BYTES;
        while left > 0 {
            work.iter_mut().for_each(|w| w.copy_from_slice(sealed));
            let started = Instant::now();
            for w in &mut work {
                left = left.saturating_sub(black_box(open(black_box(w))?));
            }
            seconds += started.elapsed().as_secs_f64();
        }
        best = best.min(seconds);
    }
    Ok(best)
}

fn mb_s(bytes: usize, seconds: f64) -> f64 {
    bytes as f64 / 1e6 / seconds
}

fn blocks() -> Result<(), Error> {
    let key = XaesKey::new(&Key32::generate()?);
    let mut nonces = NonceSource::new();
    let mut buf = vec![0x5A; BLOCK];
    let count = BYTES / BLOCK;
    let seal = best(|| {
        for _ in 0..count {
            black_box(key.seal_in_place(&nonces.take()?, b"aad", black_box(&mut buf))?);
        }
        Ok(())
    })?;
    let nonce = nonces.take()?;
    let sealed = key.seal(&nonce, b"aad", &buf)?;
    let open = best_on_copies(&sealed, |work| key.open_in_place(&nonce, b"aad", work).map(|p| p.len()))?;
    println!("seal_mb_s={:.0} open_mb_s={:.0}", mb_s(BYTES, seal), mb_s(BYTES, open));
    Ok(())
}

fn stream(size: ChunkSize) -> Result<(), Error> {
    let key = DataKey::generate()?.file(DocumentId::new(Uuid::from_u128(1)))?;
    let chunk = size.bytes();
    let piece = vec![0x5A; BLOCK];
    let mut out = Vec::with_capacity(2 * (chunk + CHUNK_OVERHEAD));
    let push = best(|| {
        let (mut sealer, _) = FileSealer::with_chunk_size(&key, b"id", size)?;
        for _ in 0..BYTES / BLOCK {
            out.clear();
            sealer.push(black_box(&piece), &mut out)?;
        }
        sealer.finish(&mut out)
    })?;
    let mut frame = vec![0x5A; CHUNK_HEAD + chunk + OVERHEAD];
    let in_place = best(|| {
        let (mut sealer, _) = FileSealer::with_chunk_size(&key, b"id", size)?;
        for _ in 0..BYTES / chunk {
            sealer.seal_chunk_in_place(black_box(&mut frame), false)?;
        }
        Ok(())
    })?;
    let (mut sealer, header) = FileSealer::with_chunk_size(&key, b"id", size)?;
    sealer.seal_chunk_in_place(&mut frame, false)?;
    let total = header.len() + 2 * frame.len();
    let opener = FileOpener::new(&key, b"id", &header, total as u64)?;
    let open = best_on_copies(&frame, |work| opener.open_chunk(0, false, work).map(<[u8]>::len))?;
    println!(
        "chunk_kib={} push_mb_s={:.0} seal_chunk_mb_s={:.0} open_chunk_mb_s={:.0}",
        chunk >> 10,
        mb_s(BYTES, push),
        mb_s(BYTES, in_place),
        mb_s(BYTES, open)
    );
    Ok(())
}

fn records() -> Result<(), Error> {
    let table = DataKey::generate()?.table("records")?;
    let owner = ProfileId::new(Uuid::from_u128(2)).into();
    let instance = InstanceId::new(Uuid::from_u128(1));
    let at = |row| Place { instance, owner, table: "records", column: "value", row, version: 1 };
    let mut nonces = NonceSource::new();
    let text = [0x5A; 100];
    let mut sealed = Vec::with_capacity(10_000);
    let seal = best(|| {
        sealed.clear();
        for n in 0..10_000 {
            sealed.push(table.seal_with(&mut nonces, &at(Uuid::from_u128(n)), &text, 64)?);
        }
        Ok(())
    })?;
    let mut buf = Vec::new();
    let open = best(|| {
        for (n, s) in (0..).zip(&sealed) {
            table.open_into(&at(Uuid::from_u128(n)), s.as_bytes(), &mut buf)?;
        }
        Ok(())
    })?;
    println!("records=10000 seal_ms={:.1} open_ms={:.1}", seal * 1e3, open * 1e3);
    Ok(())
}

fn main() -> Result<(), Error> {
    blocks()?;
    for log2 in 16..=20 {
        stream(ChunkSize::from_log2(log2)?)?;
    }
    records()
}
