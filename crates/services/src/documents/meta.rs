//! What is known of a document beside its bytes; sealed with its row.

use crate::{
    error::{Result, ServiceError},
    import::person::PersonAnswer,
    keyring::{ProfileKeys, Table},
};
use keepwell_domain::{
    ids::DocumentId,
    lang::Lang,
    record::Subject,
    sealed::Sealed,
    view::{DocumentRow, DocumentState, QuestionView},
};
use keepwell_parsers::{
    reason::{Spot, Told},
    sink::{Options, Question},
    sniff::Format,
};
use keepwell_store::document as rows;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The sealed part of a document's row. Self-describing, so that a newer version reads an older.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Meta {
    /// File name.
    pub name: String,
    /// Exact size in bytes.
    pub size: u64,
    /// Media type found by content.
    pub media_type: String,
    /// Format in words.
    pub format: String,
    /// Why reading ended early.
    pub reason: Option<Told>,
    /// Place and reason.
    pub warnings: Vec<(Spot, Told)>,
    /// What is still to be decided.
    pub questions: Vec<Question>,
    /// What was answered.
    pub answers: Option<Options>,
    /// Whom it says it is about, in words.
    pub subject: Option<String>,
    /// What was read, by kind.
    pub read: BTreeMap<String, u64>,
    /// What was seen and not read.
    pub skipped: BTreeMap<String, u64>,
    /// Samples in series.
    pub samples: u64,
    /// Whether the demo generator made it.
    pub demo: bool,
    /// Rows that wait for the person's word.
    pub waiting: u64,
    /// Of a table, what its columns are called.
    pub heading: Vec<String>,
    /// The person whom it names, where it was read in.
    pub who: Option<Subject>,
    /// What was answered when it named somebody else.
    pub person: Option<PersonAnswer>,
    /// Keyed hashes of its content in the instances from which it was restored.
    pub contents: Vec<[u8; 32]>,
    /// The export with which it was restored.
    pub came_with: Option<DocumentId>,
}

impl Meta {
    /// Opens a row's meta.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when it does not open or read.
    pub fn open(keys: &ProfileKeys, row: &rows::Document) -> Result<Self> {
        let plain = keys.open(Table::Document, "meta", row.id.uuid(), 1, &row.meta_sealed)?;
        serde_json::from_slice(&plain).map_err(|_| ServiceError::internal("document meta", &"does not read"))
    }
    /// Seals it for a row.
    ///
    /// # Errors
    /// [`ServiceError::Internal`].
    pub fn seal(&self, keys: &ProfileKeys, id: DocumentId) -> Result<Sealed> {
        let plain = serde_json::to_vec(self)
            .map_err(|e| ServiceError::internal("document meta", &e.classify_text()))?;
        keys.seal(Table::Document, "meta", id.uuid(), 1, &plain)
    }
    /// The row as it is shown.
    #[must_use]
    pub fn row(&self, r: &rows::Document, progress: Option<u8>, lang: Lang) -> DocumentRow {
        DocumentRow {
            id: r.id,
            parent: r.parent_id,
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            format: self.format.clone(),
            size: self.size,
            state: state(r.state),
            reason: self.reason.as_ref().map(|r| r.words(lang)),
            records: u64::try_from(r.records).unwrap_or(0),
            samples: self.samples,
            created: r.created_at,
            progress,
            has_file: r.content_fp.is_some(),
        }
    }
}

/// `serde_json`'s error without the text that it failed on.
trait ClassifyText {
    fn classify_text(&self) -> &'static str;
}
impl ClassifyText for serde_json::Error {
    fn classify_text(&self) -> &'static str {
        match self.classify() {
            serde_json::error::Category::Io => "io",
            serde_json::error::Category::Syntax => "syntax",
            serde_json::error::Category::Data => "data",
            serde_json::error::Category::Eof => "eof",
        }
    }
}

/// The store's state as the pages name it.
#[must_use]
pub const fn state(s: rows::DocumentState) -> DocumentState {
    match s {
        rows::DocumentState::Queued => DocumentState::Queued,
        rows::DocumentState::Reading => DocumentState::Reading,
        rows::DocumentState::Review => DocumentState::Review,
        rows::DocumentState::Done => DocumentState::Done,
        rows::DocumentState::Failed => DocumentState::Failed,
    }
}

/// An open question as the page asks it.
#[must_use]
pub fn question(q: &Question, lang: Lang) -> QuestionView {
    match q {
        Question::DayFirst { examples, lines } => QuestionView {
            key: "day_first".to_owned(),
            examples: examples
                .iter()
                .zip(lines)
                .map(|(e, l)| format!("{e} ({})", Spot::Line(*l).words(lang)))
                .collect(),
            choices: vec![
                ("day".to_owned(), "day_first".to_owned()),
                ("month".to_owned(), "month_first".to_owned()),
            ],
            chosen: Vec::new(),
        },
        Question::WhichSubject { choices, total } => QuestionView {
            key: "subject".to_owned(),
            examples: vec![total.to_string()],
            choices: choices.iter().map(|c| (c.clone(), c.clone())).collect(),
            chosen: Vec::new(),
        },
        Question::Columns { headers, missing, found } => QuestionView {
            key: "columns".to_owned(),
            examples: missing.iter().map(|m| missing_words(m, lang)).collect(),
            choices: headers.iter().enumerate().map(|(i, h)| (i.to_string(), h.clone())).collect(),
            chosen: found.named().map(|(role, at)| (role.to_owned(), at.to_string())).collect(),
        },
        Question::OtherPerson { here, others } => QuestionView {
            key: "person".to_owned(),
            examples: vec![here.clone(), others.clone()],
            choices: ["import", "keep"].map(|k| (k.to_owned(), k.to_owned())).to_vec(),
            chosen: Vec::new(),
        },
    }
}

/// What a table lacks, which a reader names in English.
fn missing_words(what: &str, lang: Lang) -> String {
    let de = match what {
        "the names of the tests" => "die Namen der Tests",
        "the results" => "die Ergebnisse",
        other => other,
    };
    lang.pick(what, de).to_owned()
}

/// A format in words.
#[must_use]
pub const fn format_words(f: Format) -> &'static str {
    match f {
        Format::FhirJson => "FHIR",
        Format::FhirNdjson => "FHIR (NDJSON)",
        Format::FhirXml => "FHIR (XML)",
        Format::Ccda => "C-CDA",
        Format::Hl7v2 => "HL7 v2",
        Format::AppleHealthXml | Format::AppleHealthZip => "Apple Health",
        Format::Zip | Format::EncryptedZip => "ZIP",
        Format::KeepwellExport => "Keepwell export",
        Format::Csv => "CSV",
        Format::Pdf | Format::EncryptedPdf => "PDF",
        Format::Png => "PNG",
        Format::Jpeg => "JPEG",
        Format::Heic => "HEIC",
        Format::Gif => "GIF",
        Format::Webp => "WebP",
        Format::Tiff => "TIFF",
        Format::Dicom => "DICOM",
        Format::Xlsx => "Excel",
        Format::Docx => "Word",
        Format::OpenDocument => "OpenDocument",
        Format::OldOffice => "Office 97",
        Format::Fit => "FIT",
        Format::PlainText => "Text",
        Format::Html => "HTML",
        Format::Svg => "SVG",
        Format::Json => "JSON",
        Format::Xml => "XML",
        Format::Gzip => "gzip",
        Format::Empty | Format::Binary => "File",
    }
}

/// A name for display: no control characters, no path, at most 200 characters, never empty.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let hidden = |c: &char| {
        c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let clean: String = last.chars().filter(|c| !hidden(c)).take(200).collect();
    let clean = clean.trim();
    if clean.is_empty() || clean == "." || clean == ".." { "file".to_owned() } else { clean.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::clean_name;

    #[test]
    fn names_keep_no_path_and_no_tricks() {
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("C:\\labs\\Blut.csv"), "Blut.csv");
        assert_eq!(clean_name("a\u{202e}gpj.exe\n"), "agpj.exe");
        assert_eq!(clean_name("  "), "file");
        assert_eq!(clean_name("x/"), "file");
    }
}
