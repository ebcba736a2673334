//! What a file is, told from its bytes and never from its name alone.

use crate::{
    apple::scan::doctype_end,
    error::{ParseError, Reason},
    sink::Limits,
    source::{Cursor, ReadAt},
    text::{decode_head, is_utf16},
};
use memchr::memmem;
use serde::{Deserialize, Serialize};
use std::io::Read;

/// A file format that Keepwell knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Format {
    /// FHIR in JSON: a Bundle or one resource.
    FhirJson,
    /// FHIR resources, one to a line.
    FhirNdjson,
    /// FHIR in XML.
    FhirXml,
    /// A CDA document (C-CDA, CCD, ELGA…).
    Ccda,
    /// HL7 v2 messages, single or in a batch.
    Hl7v2,
    /// Apple Health `export.xml`.
    AppleHealthXml,
    /// Apple Health `export.zip`.
    AppleHealthZip,
    /// Any other ZIP archive.
    Zip,
    /// A ZIP archive whose entries are locked.
    EncryptedZip,
    /// A table in text: comma, semicolon, tab or pipe between cells.
    Csv,
    /// PDF.
    Pdf,
    /// PDF locked with a password.
    EncryptedPdf,
    /// PNG picture.
    Png,
    /// JPEG picture.
    Jpeg,
    /// HEIC/HEIF picture.
    Heic,
    /// GIF picture.
    Gif,
    /// WebP picture.
    Webp,
    /// TIFF picture.
    Tiff,
    /// DICOM image.
    Dicom,
    /// Excel workbook (Office Open XML).
    Xlsx,
    /// Word document (Office Open XML).
    Docx,
    /// Office document of the OpenDocument kind.
    OpenDocument,
    /// Office document of the older binary kind.
    OldOffice,
    /// Garmin FIT activity file.
    Fit,
    /// Text without a structure that is read.
    PlainText,
    /// Web page.
    Html,
    /// SVG drawing.
    Svg,
    /// JSON of another kind.
    Json,
    /// XML of another kind.
    Xml,
    /// gzip-compressed file.
    Gzip,
    /// No bytes.
    Empty,
    /// None of these.
    Binary,
    /// Keepwell's own export.
    KeepwellExport,
}

impl Format {
    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::FhirJson => "application/fhir+json",
            Self::FhirNdjson => "application/fhir+ndjson",
            Self::FhirXml => "application/fhir+xml",
            Self::Ccda | Self::AppleHealthXml | Self::Xml => "application/xml",
            Self::Hl7v2 => "x-application/hl7-v2+er7",
            Self::AppleHealthZip | Self::Zip | Self::EncryptedZip | Self::KeepwellExport => "application/zip",
            Self::Csv => "text/csv",
            Self::Pdf | Self::EncryptedPdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Heic => "image/heic",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Tiff => "image/tiff",
            Self::Dicom => "application/dicom",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::OpenDocument => "application/vnd.oasis.opendocument",
            Self::OldOffice => "application/x-ole-storage",
            Self::Fit => "application/vnd.ant.fit",
            Self::PlainText => "text/plain",
            Self::Html => "text/html",
            Self::Svg => "image/svg+xml",
            Self::Json => "application/json",
            Self::Gzip => "application/gzip",
            Self::Empty | Self::Binary => "application/octet-stream",
        }
    }

    /// Why a sound file of this format is kept as a document only; `None` where it is read.
    #[must_use]
    pub const fn kept_because(self) -> Option<Reason> {
        Some(match self {
            Self::FhirJson
            | Self::FhirNdjson
            | Self::FhirXml
            | Self::Ccda
            | Self::Hl7v2
            | Self::AppleHealthXml
            | Self::AppleHealthZip
            | Self::Zip
            | Self::KeepwellExport
            | Self::Csv => return None,
            Self::EncryptedZip => Reason::LockedZip,
            Self::Pdf => Reason::Pdf,
            Self::EncryptedPdf => Reason::LockedPdf,
            Self::Png | Self::Jpeg | Self::Heic | Self::Gif | Self::Webp | Self::Tiff | Self::Svg => {
                Reason::Picture
            }
            Self::Dicom => Reason::Dicom,
            Self::Xlsx => Reason::Workbook,
            Self::Docx | Self::OpenDocument | Self::OldOffice => Reason::Office,
            Self::Fit => Reason::Fit,
            Self::PlainText => Reason::PlainText,
            Self::Html => Reason::WebPage,
            Self::Json => Reason::OtherJson,
            Self::Xml => Reason::OtherXml,
            Self::Gzip => Reason::Gzip,
            Self::Empty => Reason::Empty,
            Self::Binary => Reason::Unknown,
        })
    }

    /// Whether a file of this format that ended in `error` is kept as a document as a matter of course.
    /// A file of a kind that should have been read, or that is locked, is a disappointment instead.
    #[must_use]
    pub const fn is_kept_despite(self, error: &ParseError) -> bool {
        match error {
            ParseError::Refused(Reason::Empty | Reason::Encrypted | Reason::LockedZip) => false,
            ParseError::Refused(_) => self.kept_because().is_some(),
            _ => false,
        }
    }
}

/// Bytes looked at to tell a format.
pub const HEAD: usize = 256 << 10;

/// What a document is.
///
/// # Errors
/// `Io` only; a broken archive is a [`Format::Zip`], and reading it tells why.
pub fn identify(source: &mut dyn ReadAt, limits: &Limits) -> Result<Format, ParseError> {
    let mut head = Vec::new();
    Cursor::new(source).take(HEAD as u64).read_to_end(&mut head)?;
    match of_head(&head) {
        Format::Zip => match crate::zip::identify(source, limits) {
            Err(ParseError::Io) => Err(ParseError::Io),
            other => Ok(other.unwrap_or(Format::Zip)),
        },
        Format::Pdf => {
            let from = source.len().saturating_sub(HEAD as u64);
            let mut tail = vec![0; usize::try_from(source.len() - from).unwrap_or(0)];
            let n = source.read_at(from, &mut tail)?;
            let locked = memmem::find(&tail[..n], b"/Encrypt").is_some();
            Ok(if locked { Format::EncryptedPdf } else { Format::Pdf })
        }
        format => Ok(format),
    }
}

/// What a document is, from its first [`HEAD`] bytes; any archive is [`Format::Zip`].
#[must_use]
pub fn of_head(head: &[u8]) -> Format {
    if head.is_empty() {
        return Format::Empty;
    }
    if let Some(format) = by_magic(head) {
        return format;
    }
    if !is_text(head) {
        return Format::Binary;
    }
    let text = decode_head(head);
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\x0b');
    match start.as_bytes().first() {
        Some(b'<') => of_markup(start),
        Some(b'{' | b'[') if looks_like_json(start) => of_json(start),
        _ if is_hl7(start) => Format::Hl7v2,
        _ if crate::table::looks_like_table(&text) => Format::Csv,
        _ => Format::PlainText,
    }
}

fn by_magic(b: &[u8]) -> Option<Format> {
    const STARTS: [(&[u8], Format); 14] = [
        (b"PK\x03\x04", Format::Zip),
        (b"PK\x05\x06", Format::Zip),
        (b"\x89PNG\r\n\x1a\n", Format::Png),
        (b"\xff\xd8\xff", Format::Jpeg),
        (b"GIF87a", Format::Gif),
        (b"GIF89a", Format::Gif),
        (b"\x1f\x8b", Format::Gzip),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::OldOffice),
        (b"II*\0", Format::Tiff),
        (b"MM\0*", Format::Tiff),
        (b"%PDF-", Format::Pdf),
        (b"\xef\xbb\xbf%PDF-", Format::Pdf),
        (b"\r\n%PDF-", Format::Pdf),
        (b"\n%PDF-", Format::Pdf),
    ];
    let at = |o: usize, s: &[u8]| b.get(o..o + s.len()) == Some(s);
    if let Some((_, format)) = STARTS.into_iter().find(|(s, _)| b.starts_with(s)) {
        return Some(format);
    }
    if b.starts_with(b"RIFF") && at(8, b"WEBP") {
        return Some(Format::Webp);
    }
    if at(4, b"ftyp") && [&b"heic"[..], b"heix", b"hevc", b"mif1", b"msf1", b"heif"].iter().any(|m| at(8, m))
    {
        return Some(Format::Heic);
    }
    if at(128, b"DICM") {
        return Some(Format::Dicom);
    }
    (at(8, b".FIT") && matches!(b[0], 12 | 14)).then_some(Format::Fit)
}

fn is_text(head: &[u8]) -> bool {
    if is_utf16(head) {
        return true;
    }
    // Line ends, tab, form feed, escape, and HL7's block marks occur in text; others hardly ever.
    let odd = |c: &&u8| {
        **c < 0x20 && !matches!(**c, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1b | 0x1c | 0x1d | 0x1e)
    };
    !head.contains(&0) && head.iter().filter(odd).count() * 200 <= head.len()
}

fn is_hl7(text: &str) -> bool {
    let b = text.as_bytes();
    ["MSH", "FHS", "BHS"].iter().any(|s| text.starts_with(s))
        && b.get(3).is_some_and(|c| c.is_ascii_punctuation())
        && b.get(4..8).is_some_and(|enc| !enc.iter().any(u8::is_ascii_alphanumeric))
}

/// A JSON text begins with an object or an array; other texts in brackets do not go on like one.
fn looks_like_json(text: &str) -> bool {
    let inside = text[1..].trim_start();
    let next = inside.as_bytes().first().copied();
    let token = inside.split([',', ']', ' ', '\n', '\r', '\t']).next().unwrap_or("");
    match text.as_bytes()[0] {
        b'{' => matches!(next, Some(b'"' | b'}') | None),
        _ => {
            matches!(next, Some(b'"' | b'{' | b'[' | b']') | None)
                || matches!(token, "true" | "false" | "null")
                || serde_json::from_str::<f64>(token).is_ok()
        }
    }
}

fn of_json(text: &str) -> Format {
    if !text.contains("\"resourceType\"") {
        return Format::Json;
    }
    let mut lines = text.lines().filter(|l| !l.trim().is_empty());
    let whole = |l: &str| serde_json::from_str::<serde::de::IgnoredAny>(l).is_ok();
    match (lines.next(), lines.next()) {
        (Some(first), Some(second)) if second.trim_start().starts_with('{') && whole(first) => {
            Format::FhirNdjson
        }
        _ => Format::FhirJson,
    }
}

fn of_markup(text: &str) -> Format {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let (open, close) = match rest {
            r if r.starts_with("<!--") => ("<!--", "-->"),
            r if r.starts_with("<?") => ("<?", "?>"),
            r if r.get(..9).is_some_and(|d| d.eq_ignore_ascii_case("<!doctype")) => {
                match doctype_end(rest.as_bytes()) {
                    Some(end) => {
                        if rest[9..].trim_start().get(..4).is_some_and(|n| n.eq_ignore_ascii_case("html")) {
                            return Format::Html;
                        }
                        rest = &rest[end..];
                        continue;
                    }
                    None if rest[9..].trim_start().starts_with("HealthData") => {
                        return Format::AppleHealthXml;
                    }
                    None => return Format::Xml,
                }
            }
            _ => break,
        };
        match rest[open.len()..].find(close) {
            Some(end) => rest = &rest[open.len() + end + close.len()..],
            None => return Format::Xml,
        }
    }
    of_root(rest)
}

fn of_root(rest: &str) -> Format {
    let Some(tag) = rest.strip_prefix('<') else { return Format::PlainText };
    let end = tag.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(tag.len());
    let local = tag[..end].rsplit(':').next().unwrap_or("");
    let attributes = &tag[..tag.find('>').unwrap_or(tag.len())];
    match local {
        "HealthData" => Format::AppleHealthXml,
        "ClinicalDocument" => Format::Ccda,
        "svg" => Format::Svg,
        _ if attributes.contains("http://hl7.org/fhir\"") || attributes.contains("http://hl7.org/fhir'") => {
            Format::FhirXml
        }
        l if ["html", "head", "body"].iter().any(|h| l.eq_ignore_ascii_case(h)) => Format::Html,
        l if l.starts_with(|c: char| c.is_alphabetic() || c == '_') => Format::Xml,
        _ => Format::PlainText,
    }
}
