//! What a file is, told from its bytes and never from its name alone.

use serde::{Deserialize, Serialize};

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
            Self::AppleHealthZip | Self::Zip | Self::EncryptedZip => "application/zip",
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
}
