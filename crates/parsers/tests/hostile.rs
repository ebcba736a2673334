//! Any bytes at all: a plain reason or what is sound, never a crash, and the format by content.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_parsers::{
    sink::Limits,
    sniff::{Format, identify},
};
use support::{read, shared_folder, utf16, zip};

fn format(mut bytes: &[u8]) -> Format {
    identify(&mut bytes, &Limits::default()).unwrap()
}

#[test]
fn formats_are_told_by_content() {
    let cases: [(&[u8], Format); 33] = [
        (b"", Format::Empty),
        (b"%PDF-1.7\n1 0 obj", Format::Pdf),
        (b"%PDF-1.7\ntrailer << /Encrypt 5 0 R >>", Format::EncryptedPdf),
        (b"\x89PNG\r\n\x1a\n", Format::Png),
        (b"\xff\xd8\xff\xe0", Format::Jpeg),
        (b"GIF89a..", Format::Gif),
        (b"RIFF\x10\0\0\0WEBPVP8 ", Format::Webp),
        (b"\0\0\0\x18ftypheic\0\0\0\0", Format::Heic),
        (b"\x1f\x8b\x08\0", Format::Gzip),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::OldOffice),
        (b"\x0e\x10\xd9\x07\x00\x00\x00\x00.FIT", Format::Fit),
        (b"{\"resourceType\":\"Patient\"}", Format::FhirJson),
        (b"\xef\xbb\xbf [ {\"resourceType\": \"Patient\"} ]", Format::FhirJson),
        (b"{\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Observation\"}\n", Format::FhirNdjson),
        (b"{\"steps\": 4}", Format::Json),
        (b"<?xml version=\"1.0\"?><!-- x --><Bundle xmlns=\"http://hl7.org/fhir\"/>", Format::FhirXml),
        (b"<?xml version=\"1.0\"?>\n<?xml-stylesheet href=\"x\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\"/>", Format::Ccda),
        (b"<n1:ClinicalDocument xmlns:n1=\"urn:hl7-org:v3\"/>", Format::Ccda),
        (b"<!DOCTYPE HealthData [<!ELEMENT x ANY>]><HealthData/>", Format::AppleHealthXml),
        (b"<!doctype HTML><html>", Format::Html),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", Format::Svg),
        (b"<catalogue/>", Format::Xml),
        (b"MSH|^~\\&|LAB|X|", Format::Hl7v2),
        (b"\x0bMSH#^~\\&#LAB", Format::Hl7v2),
        (b"FHS|^~\\&|a\rBHS|^~\\&|a\rMSH|^~\\&|", Format::Hl7v2),
        (b"MSHORT is a word", Format::PlainText),
        (b"Dear Robin,\nall is well, as you see.\n", Format::PlainText),
        (b"a;b;c\n1;2;3\n4;5;6\n", Format::Csv),
        (b"a\tb\n1\t2\n", Format::Csv),
        (b"\x00\x01\x02\x03", Format::Binary),
        (b"[1.2.2024] a note in brackets", Format::PlainText),
        (b"{curly} text", Format::PlainText),
        (b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", Format::Zip),
    ];
    for (bytes, want) in cases {
        assert_eq!(format(bytes), want, "{:?}", String::from_utf8_lossy(bytes));
    }
    let mut dicom = vec![0; 132];
    dicom[128..].copy_from_slice(b"DICM");
    assert_eq!(format(&dicom), Format::Dicom);
    assert_eq!(format(&utf16("a;b\n1;2\n3;4\n", false)), Format::Csv);
    assert_eq!(format(&zip(&[("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")])), Format::Xlsx);
    assert_eq!(
        format(&zip(&[("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")])),
        Format::Docx
    );
}

#[test]
fn what_is_not_read_says_why_in_a_sentence() {
    for bytes in [
        &b""[..],
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        b"\x00\x01",
        b"just words",
        b"<a/>",
        b"{\"a\":1}",
        b"a,b,c\n1,2,3\n",
    ] {
        let error = read(bytes).error();
        assert!(error.ends_with('.') && error.len() > 20, "{error}");
    }
}

#[test]
fn the_shared_malformed_files_do_no_harm() {
    for folder in [
        "xml",
        "pdf",
        "json",
        "generated/xml",
        "generated/csv",
        "generated/pdf",
        "generated/image",
        "generated/json",
        "generated/xlsx",
        "generated/zip",
        "generated/shlink",
        "generated/hl7v2",
    ] {
        for (name, bytes) in shared_folder(&format!("malformed/{folder}")) {
            let out = read(&bytes);
            if let Err(e) = &out.result {
                assert!(e.to_string().ends_with('.'), "{name}: {e}");
            }
        }
    }
}

#[test]
fn the_shared_billion_laughs_are_refused() {
    for (name, bytes) in shared_folder("malformed/generated/xml") {
        assert!(read(&bytes).result.is_err(), "{name}");
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        let _ = read(&bytes);
    }
    #[test]
    fn no_text_panics(text in "(PK|<HealthData|<!DOCTYPE|<!--|\\{\"resourceType\"|MSH\\||[;,\"\\n|a-z0-9 ]){0,30}") {
        let _ = read(text.as_bytes());
        let _ = read(&utf16(&text, true));
    }
}

#[test]
fn a_cut_file_another_encoding_and_a_broken_one_are_told_apart() {
    let text =
        r#"{"resourceType":"Observation","status":"final","code":{"text":"H\u00e4m \"Hä\""},"n":[true,12]}"#;
    let opened = text.find(',').unwrap();
    for (cut, _) in text.char_indices().skip(opened) {
        let error = read(&text.as_bytes()[..cut]).error();
        assert!(error.contains("it ends in the middle"), "{cut}: {error}");
    }
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
    assert!(read(&latin).error().contains("save it as UTF-8"), "{}", read(&latin).error());
    let broken = text.replacen(',', ",,", 1);
    assert!(
        read(broken.as_bytes()).error().contains("not well-formed"),
        "{}",
        read(broken.as_bytes()).error()
    );
    assert!(read(br#"{"a":[1,2]}"#).error().contains("keeps this JSON file as a document"));
}
