//! Who says so.

use super::{
    code::open_codes,
    field::{TextType, text_fields},
};

open_codes! {
    /// Where a value comes from.
    SourceKind {
        Own = "own", Nurse = "nurse", Doctor = "doctor", Clinic = "clinic", Laboratory = "laboratory",
        Embryologist = "embryologist", Portal = "portal", Letter = "letter", Partner = "partner",
        Device = "device", Import = "import",
        /// Copied by choice from the records in the vault.
        Records = "records",
    }
}

/// Where a value comes from, and its name: the laboratory, the app it was imported from, the record.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The kind of source.
    pub kind: SourceKind,
    /// Its name, where there is one.
    pub detail: Option<String>,
}

impl From<SourceKind> for Source {
    fn from(kind: SourceKind) -> Self {
        Self { kind, detail: None }
    }
}

/// `laboratory` or `laboratory:name`.
impl TextType for Source {
    fn to_text(&self) -> String {
        match &self.detail {
            None => self.kind.as_str().to_owned(),
            Some(d) => format!("{}:{d}", self.kind.as_str()),
        }
    }
    fn from_text(text: &str) -> Option<Self> {
        let (kind, detail) = text.split_once(':').map_or((text, None), |(k, d)| (k, Some(d.to_owned())));
        Some(Self { kind: SourceKind::parse(kind)?, detail })
    }
}
text_fields!(Source);

/// The name may tell which clinic.
impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Source({})", self.kind.as_str())
    }
}
