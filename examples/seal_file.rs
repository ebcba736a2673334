//! How fast a file is sealed onto the disk, beside a plain copy of it; both end with fsync.
//!
//! `seal_file FOLDER MEBIBYTES` prints `seal_mb_s=… copy_mb_s=…`, the best of five rounds each, the
//! rounds taken in turn so that a busy disk harms both alike.
#![forbid(unsafe_code)]

use std::{
    fs::File,
    io::{Read as _, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use keepwell_crypto::{DataKey, FileKey, FileSealer};
use keepwell_domain::ids::DocumentId;

const ROUNDS: usize = 5;
const PIECE: usize = 256 * 1024;

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().context("usage: seal_file FOLDER MEBIBYTES")?;
    let size = args.next().context("usage: seal_file FOLDER MEBIBYTES")?.parse::<usize>()? << 20;
    let folder = Path::new(&folder);
    let [source, sealed, copy] = ["source", "sealed", "copy"].map(|name| folder.join(name));
    write_source(&source, size)?;

    let key = DataKey::generate()?.file(DocumentId::new(uuid::Uuid::from_u128(1)))?;
    let (mut best_seal, mut best_copy) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        best_seal = best_seal.min(timed(|| seal(&key, &source, &sealed))?);
        best_copy = best_copy.min(timed(|| plain_copy(&source, &copy))?);
    }
    let speed = |time: Duration| size as f64 / 1e6 / time.as_secs_f64();
    writeln!(std::io::stdout(), "seal_mb_s={:.0} copy_mb_s={:.0}", speed(best_seal), speed(best_copy))?;
    Ok(())
}

fn timed(work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

/// Bytes that neither the file system nor the disk can compress away.
fn write_source(path: &Path, size: usize) -> anyhow::Result<()> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut file = File::create(path)?;
    for _ in 0..size / PIECE {
        let piece: Vec<u8> = (0..PIECE / 8)
            .flat_map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state.to_le_bytes()
            })
            .collect();
        file.write_all(&piece)?;
    }
    Ok(file.sync_all()?)
}

/// Reads a file in pieces as an upload brings them.
fn pieces(source: &Path, mut each: impl FnMut(&[u8]) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let mut source = File::open(source)?;
    let mut piece = vec![0; PIECE];
    loop {
        match source.read(&mut piece)? {
            0 => return Ok(()),
            read => each(&piece[..read])?,
        }
    }
}

fn seal(key: &FileKey, source: &Path, target: &Path) -> anyhow::Result<()> {
    let (mut sealer, header) = FileSealer::new(key, b"bench")?;
    let mut target = File::create(target)?;
    let mut out = header.to_vec();
    pieces(source, |piece| {
        sealer.push(piece, &mut out)?;
        target.write_all(&out)?;
        out.clear();
        Ok(())
    })?;
    sealer.finish(&mut out)?;
    target.write_all(&out)?;
    Ok(target.sync_all()?)
}

fn plain_copy(source: &Path, target: &Path) -> anyhow::Result<()> {
    let mut target = File::create(target)?;
    pieces(source, |piece| Ok(target.write_all(piece)?))?;
    Ok(target.sync_all()?)
}
