//! ZIP archives: every sound file inside is read, every other one gives its reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_parsers::sniff::Format;
use std::io::Write;
use support::{read, read_with, shared, zip};

const TABLE: &[u8] =
    b"Date,Test,Result,Unit\n2024-01-02,Sodium,140,mmol/L\n2024-01-02,Potassium,4.1,mmol/L\n";
const APPLE: &[u8] = b"<HealthData><Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"A\" unit=\"count\" startDate=\"2024-01-01 08:00:00 +0000\" endDate=\"2024-01-01 09:00:00 +0000\" value=\"12\"/></HealthData>";

#[test]
fn each_file_of_an_archive_is_a_child_of_its_own() {
    let inner = zip(&[("c.csv", TABLE), ("deeper.zip", &zip(&[("d.csv", TABLE)]))]);
    let bytes = zip(&[
        ("a.csv", TABLE),
        ("photo.png", b"\x89PNG\r\n\x1a\nxx"),
        ("__MACOSX/._a.csv", b"x"),
        ("b.zip", &inner),
        ("empty.txt", b""),
    ]);
    let out = read(&bytes);
    let names: Vec<_> = out
        .children()
        .into_iter()
        .map(|(n, r)| (n, r.err().map(|e| e.split(' ').take(4).collect::<Vec<_>>().join(" "))))
        .collect();
    let want = [
        ("a.csv", None),
        ("photo.png", Some("Keepwell keeps this picture")),
        ("b.zip", None),
        ("c.csv", None),
        ("deeper.zip", Some("This archive lies inside")),
        ("empty.txt", Some("This file is empty")),
    ];
    assert_eq!(names, want.map(|(n, r)| (n.to_owned(), r.map(str::to_owned))));
    assert_eq!(out.records().len(), 4);
    assert_eq!(out.read("children"), 4);
}

#[test]
fn the_export_is_found_under_any_name_and_folder() {
    for name in ["apple_health_export/export.xml", "apple_health_export/Exportación.xml", "导出.xml"] {
        let out =
            read(&zip(&[("apple_health_export/export_cda.xml", b"<ClinicalDocument/>"), (name, APPLE)]));
        assert_eq!(out.summary().format, Format::AppleHealthZip, "{name}");
        assert_eq!((out.read("samples"), out.skipped("cda_summaries")), (1, 1));
    }
}

#[test]
fn a_broken_entry_does_not_lose_its_neighbours() {
    let mut bytes = zip(&[("a.csv", TABLE), ("b.csv", TABLE), ("c.csv", TABLE)]);
    let second = memchr::memmem::find_iter(&bytes, b"b.csv").next().unwrap();
    for b in &mut bytes[second + 5..second + 25] {
        *b ^= 0x5a;
    }
    let out = read(&bytes);
    let failed: Vec<_> = out.children().into_iter().filter(|(_, r)| r.is_err()).map(|(n, _)| n).collect();
    assert_eq!((failed, out.records().len()), (vec!["b.csv".to_owned()], 4));
}

#[test]
fn locked_archives_say_so() {
    let mut bytes = zip(&[("a.csv", TABLE)]);
    let list = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
    bytes[list + 8] |= 1;
    assert!(read(&bytes).error().contains("password"));
}

#[test]
fn an_archive_with_too_many_entries_or_too_much_inside_is_refused() {
    let names: Vec<String> = (0..40).map(|i| format!("{i}.txt")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), TABLE)).collect();
    let mut options = keepwell_parsers::sink::Options::default();
    options.limits.entries = 20;
    assert!(read_with(&zip(&files), &options).error().contains("20 entries"));
    options.limits.entries = 100;
    options.limits.inflated_bytes = 10 * TABLE.len() as u64;
    let out = read_with(&zip(&files), &options);
    let refused: Vec<_> = out.children().into_iter().filter_map(|(_, r)| r.err()).collect();
    assert!(refused.len() >= 35 && refused.iter().all(|e| e.contains("one archive")), "{}", refused[0]);
    assert!(!out.records().is_empty());
}

#[test]
fn entries_that_share_their_bytes_are_read_once() {
    let mut bytes = zip(&[("a.csv", TABLE), ("b.csv", TABLE)]);
    let lists: Vec<usize> = memchr::memmem::find_iter(&bytes, b"PK\x01\x02").collect();
    let offset: Vec<u8> = bytes[lists[0] + 42..lists[0] + 46].to_vec();
    bytes[lists[1] + 42..lists[1] + 46].copy_from_slice(&offset);
    let out = read(&bytes);
    assert_eq!(out.records().len(), 2);
    assert!(out.children()[1].1.as_ref().unwrap_err().contains("shares its bytes"));
}

#[test]
fn every_prefix_of_an_archive_gives_a_plain_reason() {
    let bytes = zip(&[("a.csv", TABLE), ("export.xml", APPLE)]);
    for end in 0..bytes.len() {
        assert!(read(&bytes[..end]).error().ends_with('.'), "{end}");
    }
    assert_eq!(read(&bytes).read("samples"), 1);
}

#[test]
fn zip64_and_stored_entries_are_read() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .large_file(true)
        .compression_method(zip::CompressionMethod::Stored);
    archive.start_file("a.csv", options).unwrap();
    archive.write_all(TABLE).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    assert_eq!(read(&bytes).records().len(), 2);
    let shifted = [b"PK\x03\x04 not really".as_slice(), &bytes].concat();
    assert_eq!(read(&shifted).records().len(), 2);
}

#[test]
fn the_shared_hostile_archives_do_no_harm() {
    let Some(traversal) = shared("malformed/generated/zip/path-traversal.zip") else { return };
    let out = read(&traversal);
    assert!(
        out.children().iter().all(|(n, _)| !n.contains("..") && !n.starts_with('/') && !n.contains('\\')),
        "{:?}",
        out.children()
    );
    assert_eq!(out.children().len(), 3);
    let out = read(&shared("malformed/generated/zip/nested-3-levels.zip").unwrap());
    assert!(out.children().iter().any(|(_, r)| r.as_ref().is_err_and(|e| e.contains("inside an archive"))));
    let bomb = read(&shared("malformed/generated/zip/apple-health-inflates-64-MiB.zip").unwrap());
    assert!(bomb.error().contains("more than 200 times as large as packed"), "{}", bomb.error());
    let book = read(&shared("malformed/generated/xlsx/billion-laughs-shared-strings.xlsx").unwrap());
    assert!(book.error().contains("workbook"));
}

proptest::proptest! {
    #[test]
    fn no_damage_panics(at in 0usize..600, byte in 0u8..=255, cut in 0usize..40) {
        let mut bytes = zip(&[("a.csv", TABLE), ("export.xml", APPLE), ("b.zip", &zip(&[("c", TABLE)]))]);
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read(&bytes);
        let end = (at + cut).min(bytes.len());
        bytes.drain(at..end);
        let _ = read(&bytes);
    }
}
