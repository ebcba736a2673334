//! How fast an Apple Health export is read, against a loop that only asks quick-xml for every
//! attribute: `apple_bench MEGABYTES`. With `apple_bench FILE`, the file is read from disk once and
//! the peak of memory is shown.

#[path = "shared/apple.rs"]
mod apple;

use keepwell_parsers::{
    error::ParseError,
    sink::{Item, Options, Sink},
    source::ReadAt,
};
use std::{
    error::Error,
    fs::File,
    io::{BufReader, Cursor, Read, Seek, SeekFrom, Write},
    time::Instant,
};

/// Counts what comes and keeps nothing.
#[derive(Default)]
struct Count {
    columns: u64,
    samples: u64,
    records: u64,
}

impl Sink for Count {
    fn item(&mut self, item: Item) -> Result<(), ParseError> {
        match item {
            Item::Column(c) => {
                (self.columns, self.samples) = (self.columns + 1, self.samples + c.samples.len() as u64)
            }
            Item::Record(_) => self.records += 1,
            _ => {}
        }
        Ok(())
    }
}

fn quick_xml_attributes(xml: &[u8]) -> Result<u64, Box<dyn Error>> {
    let mut reader = quick_xml::Reader::from_reader(BufReader::with_capacity(512 << 10, xml));
    let (mut buffer, mut bytes) = (Vec::new(), 0);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    bytes += attribute?.value.len() as u64;
                }
            }
            quick_xml::events::Event::Eof => return Ok(bytes),
            _ => {}
        }
    }
}

fn memory_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

/// A file on disk, so that its bytes do not count as memory.
struct OnDisk(File, u64);

impl ReadAt for OnDisk {
    fn len(&self) -> u64 {
        self.1
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize> {
        self.0.seek(SeekFrom::Start(offset))?;
        self.0.read(buf)
    }
}

fn from_disk(path: &str) -> Result<(), Box<dyn Error>> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let (mut count, start) = (Count::default(), Instant::now());
    let summary = keepwell_parsers::read(&mut OnDisk(file, size), None, &Options::default(), &mut count)?;
    let seconds = start.elapsed().as_secs_f64();
    writeln!(
        std::io::stdout(),
        "{:.0} MB in {seconds:.2} s, {:.0} MB/s, {:?}, peak memory {} MiB",
        size as f64 / 1e6,
        size as f64 / 1e6 / seconds,
        summary.read,
        memory_kib().unwrap_or(0) / 1024
    )?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(path) = std::env::args().nth(1).filter(|a| a.contains('.')) {
        return from_disk(&path);
    }
    let megabytes: u64 = std::env::args().nth(1).map_or(Ok(200), |m| m.parse())?;
    let mut xml = Vec::with_capacity(megabytes as usize * 1_010_000);
    let records = apple::generate(&mut xml, megabytes * 1_000_000, 1)?;
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("apple_health_export/export.xml", zip::write::SimpleFileOptions::default())?;
    archive.write_all(&xml)?;
    let packed = archive.finish()?.into_inner();
    let size = xml.len() as f64 / 1e6;
    let mut out = std::io::stdout();
    writeln!(out, "{records} records, {size:.0} MB, {:.0} MB zipped", packed.len() as f64 / 1e6)?;
    let before = memory_kib();
    for _ in 0..3 {
        for (name, bytes) in [("export.xml", &xml), ("export.zip", &packed)] {
            let (mut count, start) = (Count::default(), Instant::now());
            keepwell_parsers::read(&mut bytes.as_slice(), None, &Options::default(), &mut count)?;
            let speed = size / start.elapsed().as_secs_f64();
            writeln!(
                out,
                "{name}: {speed:.0} MB/s of XML, {} samples in {} columns, {} records",
                count.samples, count.columns, count.records
            )?;
        }
        let start = Instant::now();
        let bytes = quick_xml_attributes(&xml)?;
        let speed = size / start.elapsed().as_secs_f64();
        writeln!(out, "quick-xml attribute loop: {speed:.0} MB/s ({bytes} bytes of values)")?;
    }
    if let (Some(before), Some(after)) = (before, memory_kib()) {
        writeln!(out, "peak memory grew by {} MiB while reading", (after - before) / 1024)?;
    }
    Ok(())
}
