//! What the tests of readers share.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_domain::{
    record::{Body, Observation, ParsedRecord},
    series::Column,
};
use keepwell_parsers::{
    error::ParseError,
    sink::{ChildOutcome, Item, Options, Summary, Warning},
    table::doubt::Unsure,
};
use std::{io::Write, path::PathBuf};

/// A file of the shared test data, if that folder is here.
pub fn shared(name: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    let bytes = std::fs::read(path).ok();
    if bytes.is_none() {
        eprintln!("skipped: ../shared/data is not here");
    }
    bytes
}

/// The files of a folder of the shared test data, with their names.
pub fn shared_folder(name: &str) -> Vec<(String, Vec<u8>)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    let Ok(entries) = std::fs::read_dir(path) else {
        eprintln!("skipped: ../shared/data is not here");
        return Vec::new();
    };
    let files = entries.flatten().filter(|e| e.path().is_file());
    files.map(|e| (e.file_name().to_string_lossy().into_owned(), std::fs::read(e.path()).unwrap())).collect()
}

/// All that reading gave.
pub struct Outcome {
    pub result: Result<Summary, ParseError>,
    pub items: Vec<Item>,
}

/// Reads bytes.
pub fn read(bytes: &[u8]) -> Outcome {
    read_with(bytes, &Options::default())
}

/// Reads bytes with answers.
pub fn read_with(mut bytes: &[u8], options: &Options) -> Outcome {
    let mut items = Vec::new();
    let result = keepwell_parsers::read(&mut bytes, None, options, &mut items);
    for item in &items {
        let sent = postcard_round_trip(item);
        assert_eq!(&sent, item, "an item must survive the pipe");
    }
    Outcome { result, items }
}

fn postcard_round_trip(item: &Item) -> Item {
    let bytes = postcard::to_allocvec(item).unwrap();
    postcard::from_bytes(&bytes).unwrap()
}

impl Outcome {
    pub fn summary(&self) -> &Summary {
        self.result.as_ref().unwrap()
    }
    pub fn read(&self, what: &str) -> u64 {
        self.summary().read.get(what).copied().unwrap_or(0)
    }
    pub fn skipped(&self, what: &str) -> u64 {
        self.summary().skipped.get(what).copied().unwrap_or(0)
    }
    pub fn error(&self) -> String {
        self.result.as_ref().unwrap_err().to_string()
    }
    pub fn columns(&self) -> Vec<&Column> {
        self.items.iter().filter_map(|i| if let Item::Column(c) = i { Some(c) } else { None }).collect()
    }
    pub fn records(&self) -> Vec<&ParsedRecord> {
        self.items
            .iter()
            .filter_map(|i| if let Item::Record(r) = i { Some(r.as_ref()) } else { None })
            .collect()
    }
    /// Rows that wait for the person.
    pub fn unsure(&self) -> Vec<&Unsure> {
        self.items
            .iter()
            .filter_map(|i| if let Item::Unsure(u) = i { Some(u.as_ref()) } else { None })
            .collect()
    }
    pub fn observations(&self) -> Vec<(String, &Observation)> {
        let each = |r: &&ParsedRecord| r.record.effective.map(|w| w.to_string()).unwrap_or_default();
        let all = self.records();
        all.into_iter()
            .map(|r| match &r.record.body {
                Body::Observation(o) => (each(&r), o),
                other => panic!("{:?}", other.kind()),
            })
            .collect()
    }
    /// Each observation as `date name comparator number unit [low..high] flag`.
    pub fn lines(&self) -> Vec<String> {
        self.observations().into_iter().map(|(date, o)| format!("{date} {}", line(o))).collect()
    }
    pub fn warnings(&self) -> Vec<&Warning> {
        self.items.iter().filter_map(|i| if let Item::Warning(w) = i { Some(w) } else { None }).collect()
    }
    pub fn children(&self) -> Vec<(String, Result<(), String>)> {
        let mut out = Vec::new();
        for item in &self.items {
            match item {
                Item::ChildStart(c) => out.push((c.name.clone(), Ok(()))),
                Item::ChildEnd(ChildOutcome::NotRead(why)) => {
                    let open = out.iter_mut().rev().find(|c: &&mut (String, Result<(), String>)| c.1.is_ok());
                    open.unwrap().1 = Err(why.to_string());
                }
                _ => {}
            }
        }
        out
    }
}

fn line(o: &Observation) -> String {
    use keepwell_domain::measure::Value;
    let value = match &o.value {
        Some(Value::Quantity(q)) => format!(
            "{}{} {}",
            q.comparator.map_or("", keepwell_domain::measure::Comparator::as_str),
            q.number.as_str(),
            q.unit.as_deref().unwrap_or("?")
        ),
        Some(Value::Text(t)) => format!("'{t}'"),
        other => format!("{other:?}"),
    };
    let range = o.range.as_ref().map_or(String::new(), |r| {
        let end =
            |n: &Option<keepwell_domain::measure::Number>| n.as_ref().map_or("", |n| n.as_str()).to_owned();
        format!(" [{}..{}]", end(&r.low), end(&r.high))
    });
    format!("{} {value}{range}{}", o.code.name(), o.flag.as_ref().map_or(String::new(), |f| format!(" {f}")))
}

/// A ZIP archive of these files.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The same text in UTF-16 with its mark.
pub fn utf16(text: &str, big: bool) -> Vec<u8> {
    let mark = if big { vec![0xfe, 0xff] } else { vec![0xff, 0xfe] };
    let units = text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() });
    mark.into_iter().chain(units).collect()
}
