//! The letters that programs write: read as they are meant, or refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_journal::import::{Format, ImportError, detect, is_western, opened};
use std::io::{Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

#[test]
fn a_byte_order_mark_says_what_follows() {
    let text = "Datum;Stimmung\n2026-06-01;müde 😴\n";
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let wide = |unit: fn(u16) -> [u8; 2]| [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(unit);
    let (little, big) = (wide(u16::to_le_bytes).collect::<Vec<u8>>(), wide(u16::to_be_bytes).collect());
    for bytes in [marked, little, big] {
        assert_eq!(detect(&bytes), Ok(Format::Table));
        assert!(!is_western(&bytes));
    }
    let flo: Vec<u8> = [0xfeff]
        .into_iter()
        .chain("{\"operationalData\":{}}".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(detect(&flo), Ok(Format::Flo));
}

#[test]
fn what_is_no_text_is_refused() {
    let utf16_without_mark: Vec<u8> = "date;x\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cut_in_half = b"\xff\xfed\0a\0t";
    let half_a_pair = b"\xff\xfe\x3d\xd8a\0";
    let broken_utf8 = [b"Datum;Sch\xc3\xb6n\n1;\xc3\n".as_slice()].concat();
    let marked_but_not_utf8 = b"\xef\xbb\xbfDatum;\xfc\n";
    let no_letter_of_windows = b"Datum;\x81\n";
    let picture = b"\x89PNG\r\n\x1a\n\0\0";
    let json = "{\"data\":[{\"day\":\"2026-06-01\",\"tags\":[\"m\u{fc}de\"]}]}";
    let json: Vec<u8> = json.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let all: [&[u8]; 8] = [
        &utf16_without_mark,
        cut_in_half,
        half_a_pair,
        &broken_utf8,
        marked_but_not_utf8,
        no_letter_of_windows,
        picture,
        &json,
    ];
    for (n, bytes) in all.into_iter().enumerate() {
        assert_eq!(detect(bytes), Err(ImportError::Letters), "{n}");
    }
}

#[test]
fn windows_letters_are_read_and_said_to_be_guessed() {
    let bytes = b"Datum;Schmerz\r\n01.06.2026;Kr\xe4mpfe \x84stark\x93\r\n";
    assert_eq!(detect(bytes), Ok(Format::Table));
    assert!(is_western(bytes));
    assert!(!is_western("Datum;Krämpfe".as_bytes()));
}

#[test]
fn workbooks_are_named_as_such() {
    let packed = |names: &[&str]| {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(b"x").unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    for names in [
        &["[Content_Types].xml", "xl/workbook.xml"][..],
        &["mimetype", "content.xml", "META-INF/manifest.xml"],
        &["Index/Document.iwa"],
    ] {
        assert_eq!(opened(&packed(names)), Err(ImportError::Workbook));
    }
    assert_eq!(detect(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Err(ImportError::Workbook));
}
