//! Writes a synthetic Apple Health export: `apple_gen MEGABYTES SEED FILE.xml|FILE.zip`.

#[path = "shared/apple.rs"]
mod apple;

use std::{
    error::Error,
    fs::File,
    io::{BufWriter, Write},
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [megabytes, seed, file] = arguments.as_slice() else {
        return Err("usage: apple_gen MEGABYTES SEED FILE.xml|FILE.zip".into());
    };
    let (bytes, seed) = (megabytes.parse::<u64>()? * 1_000_000, seed.parse()?);
    let mut out = BufWriter::with_capacity(1 << 20, File::create(file)?);
    let records = if file.ends_with(".zip") {
        let mut archive = zip::ZipWriter::new(out);
        let options = zip::write::SimpleFileOptions::default().large_file(true);
        archive.start_file("apple_health_export/export.xml", options)?;
        let mut buffered = BufWriter::with_capacity(1 << 20, &mut archive);
        let records = apple::generate(&mut buffered, bytes, seed)?;
        buffered.flush()?;
        drop(buffered);
        archive.finish()?.flush()?;
        records
    } else {
        let records = apple::generate(&mut out, bytes, seed)?;
        out.flush()?;
        records
    };
    writeln!(std::io::stdout(), "{records} records in {file}")?;
    Ok(())
}
