//! Exports that come packed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_journal::import::{Format, ImportError, MAX_BYTES, detect, opened};
use proptest::prelude::*;
use std::io::{Cursor, Write};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn packed(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn the_one_known_file_is_taken() {
    let clue = fixture("clue.json");
    for method in [CompressionMethod::Deflated, CompressionMethod::Stored] {
        let zip = packed(
            &[
                ("clue/account.json", b"{\"name\":\"x\"}"),
                ("__MACOSX/clue/measurements.json", &clue),
                ("clue/measurements.json", &clue),
                ("clue/README.txt", b"hello"),
                ("clue/devices.csv", b"device,version\nphone,3\n"),
            ],
            method,
        );
        let found = opened(&zip).unwrap();
        assert_eq!(found.as_ref(), clue);
        assert_eq!(detect(&found), Ok(Format::Clue));
    }
}

#[test]
fn what_is_no_archive_stays_as_it_is() {
    assert_eq!(opened(b"date,x\n").unwrap().as_ref(), b"date,x\n");
}

#[test]
fn a_table_alone_is_taken_and_two_are_asked_about() {
    let table: &[u8] = b"date,temperature\n2026-01-01,36.5\n";
    let one = packed(&[("a.csv", table)], CompressionMethod::Deflated);
    assert_eq!(opened(&one).unwrap().as_ref(), table);
    let two = packed(&[("a.csv", table), ("b.csv", table)], CompressionMethod::Deflated);
    assert_eq!(opened(&two), Err(ImportError::Archive));
    let none = packed(&[("a.pdf", b"%PDF")], CompressionMethod::Deflated);
    assert_eq!(opened(&none), Err(ImportError::Archive));
    assert_eq!(opened(b"PK\x03\x04rest"), Err(ImportError::Archive));
}

#[test]
fn a_bomb_ends_at_the_ceiling() {
    let mut just = vec![b' '; MAX_BYTES];
    just[..2].copy_from_slice(b"{}");
    let zip = packed(&[("a.json", &just), ("b.csv", b"date,x\n")], CompressionMethod::Deflated);
    assert!(zip.len() < 1 << 20);
    assert_eq!(opened(&zip), Err(ImportError::TooLarge), "the second file has no room left");
    just.push(b' ');
    let zip = packed(&[("a.json", &just)], CompressionMethod::Deflated);
    assert_eq!(opened(&zip), Err(ImportError::TooLarge));
}

proptest! {
    #[test]
    fn damage_anywhere_is_refused_or_harmless(at in 0usize..4000, byte: u8) {
        let clue = fixture("clue.json");
        let mut zip = packed(&[("measurements.json", &clue)], CompressionMethod::Deflated);
        let at = at % zip.len();
        zip[at] = byte;
        // The checksum of the content stands in the archive: what opens is what was packed.
        if let Ok(found) = opened(&zip)
            && zip.starts_with(b"PK\x03\x04")
        {
            prop_assert_eq!(found.as_ref(), clue);
        }
    }
}
