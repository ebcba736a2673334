//! Records: what a person's files say, in FHIR's vocabulary.
//!
//! A parser fills these with what the file states and nothing more; whatever Keepwell computes
//! (analyte, canonical value, flags) is derived on reading and never stored in their place.

use crate::{
    locator::Locator,
    measure::{RefRange, Value},
    time::When,
};
use serde::{Deserialize, Serialize};

/// A code in a code system. `system` is the FHIR system URI (`http://loinc.org`,
/// `http://snomed.info/sct`, …) or `urn:oid:…`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Coding {
    /// URI of the code system; empty when the file named none.
    pub system: String,
    /// The code.
    pub code: String,
    /// The display text that came with it.
    pub display: Option<String>,
}

/// The URI of LOINC.
pub const LOINC: &str = "http://loinc.org";
/// The URI of SNOMED CT.
pub const SNOMED: &str = "http://snomed.info/sct";
/// The URI of UCUM.
pub const UCUM: &str = "http://unitsofmeasure.org";

/// A concept: codes and the text that was printed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Concept {
    /// The name as printed.
    pub text: Option<String>,
    /// Its codes, in the file's order.
    pub codings: Vec<Coding>,
}

impl Concept {
    /// A concept that is only a text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), codings: Vec::new() }
    }
    /// The best name: the printed text, else the first display, else the first code.
    #[must_use]
    pub fn name(&self) -> &str {
        let display = || self.codings.iter().find_map(|c| c.display.as_deref().filter(|d| !d.is_empty()));
        self.text
            .as_deref()
            .filter(|t| !t.is_empty())
            .or_else(display)
            .or_else(|| self.codings.first().map(|c| c.code.as_str()))
            .unwrap_or("")
    }
    /// The code in one system.
    #[must_use]
    pub fn code_in(&self, system: &str) -> Option<&str> {
        self.codings.iter().find(|c| c.system == system).map(|c| c.code.as_str())
    }
    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.name().is_empty()
    }
}

/// The kinds of records, as the API and the timeline name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A lab result, vital sign, survey score, social history item.
    Observation,
    /// A problem or diagnosis.
    Condition,
    /// A medication statement, request, dispense or administration.
    Medication,
    /// An allergy or intolerance.
    Allergy,
    /// An immunisation.
    Immunization,
    /// A procedure.
    Procedure,
    /// A visit or stay.
    Encounter,
    /// A report that groups results.
    DiagnosticReport,
    /// A note of the person's own or a clinical text.
    Note,
}

impl Kind {
    /// All kinds, in the order in which pages list them.
    pub const ALL: [Self; 9] = [
        Self::Observation,
        Self::Condition,
        Self::Medication,
        Self::Allergy,
        Self::Immunization,
        Self::Procedure,
        Self::Encounter,
        Self::DiagnosticReport,
        Self::Note,
    ];
    /// The name in the API: `observation`, `diagnostic_report`, ….
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Observation => "observation",
            Self::Condition => "condition",
            Self::Medication => "medication",
            Self::Allergy => "allergy",
            Self::Immunization => "immunization",
            Self::Procedure => "procedure",
            Self::Encounter => "encounter",
            Self::DiagnosticReport => "diagnostic_report",
            Self::Note => "note",
        }
    }
    /// The kind of that name.
    #[must_use]
    pub fn parse(s: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == s)
    }
}

/// FHIR's observation categories, as far as they change how a result is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// A laboratory result.
    Laboratory,
    /// A vital sign.
    VitalSigns,
    /// A questionnaire score or answer.
    Survey,
    /// Smoking status and the like.
    SocialHistory,
    /// Activity and fitness.
    Activity,
    /// A finding of imaging.
    Imaging,
    /// Anything else, or not stated.
    #[default]
    Other,
}

/// A result, vital sign or other finding. FHIR `Observation`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Observation {
    /// What was observed.
    pub code: Concept,
    /// Its category.
    pub category: Category,
    /// What was found; `None` where only components carry values.
    pub value: Option<Value>,
    /// The laboratory's own range.
    pub range: Option<RefRange>,
    /// The flag that the source printed: `H`, `L`, `HH`, `N`, `A`….
    pub flag: Option<String>,
    /// Parts such as systolic and diastolic.
    pub components: Vec<Component>,
    /// When a period was stated, its end.
    pub end: Option<When>,
    /// Specimen as printed.
    pub specimen: Option<String>,
    /// Method as printed.
    pub method: Option<String>,
    /// Laboratory or device.
    pub performer: Option<String>,
    /// FHIR status (`final`, `preliminary`, `corrected`, …).
    pub status: Option<String>,
    /// Comment.
    pub note: Option<String>,
}

impl Observation {
    /// One of which nothing else is known yet.
    #[must_use]
    pub const fn new(code: Concept, category: Category) -> Self {
        Self {
            code,
            category,
            value: None,
            range: None,
            flag: None,
            components: Vec::new(),
            end: None,
            specimen: None,
            method: None,
            performer: None,
            status: None,
            note: None,
        }
    }
}

/// A part of an observation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Component {
    /// What part.
    pub code: Concept,
    /// What was found.
    pub value: Option<Value>,
    /// The laboratory's own range.
    pub range: Option<RefRange>,
    /// The printed flag.
    pub flag: Option<String>,
}

/// A problem, diagnosis or concern. FHIR `Condition`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Condition {
    /// What.
    pub code: Concept,
    /// `active`, `recurrence`, `remission`, `resolved`, `inactive`.
    pub clinical_status: Option<String>,
    /// `confirmed`, `provisional`, `refuted`….
    pub verification: Option<String>,
    /// When it began (the record's own time is the onset where one is stated).
    pub onset: Option<When>,
    /// When it ended.
    pub abatement: Option<When>,
    /// Comment.
    pub note: Option<String>,
}

/// A medication taken, ordered, given or dispensed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Medication {
    /// What.
    pub code: Concept,
    /// `active`, `completed`, `stopped`, ….
    pub status: Option<String>,
    /// Where the statement came from: `statement`, `request`, `administration`, `dispense`.
    pub source: Option<String>,
    /// First day.
    pub start: Option<When>,
    /// Last day.
    pub end: Option<When>,
    /// The dose as printed or as built from the structured dose.
    pub dosage: Option<String>,
    /// Route as printed.
    pub route: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Comment.
    pub note: Option<String>,
}

/// An allergy or intolerance. FHIR `AllergyIntolerance`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Allergy {
    /// Substance, or a "no known allergies" statement.
    pub code: Concept,
    /// `active`, `inactive`, `resolved`.
    pub clinical_status: Option<String>,
    /// `low`, `high`, `unable-to-assess`.
    pub criticality: Option<String>,
    /// `food`, `medication`, `environment`, `biologic`.
    pub category: Option<String>,
    /// What happens.
    pub reactions: Vec<String>,
    /// Comment.
    pub note: Option<String>,
}

/// A vaccination. FHIR `Immunization`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Immunization {
    /// Vaccine.
    pub code: Concept,
    /// `completed`, `not-done`, ….
    pub status: Option<String>,
    /// Dose number as printed.
    pub dose: Option<String>,
    /// Lot number.
    pub lot: Option<String>,
    /// Where on the body.
    pub site: Option<String>,
    /// Comment.
    pub note: Option<String>,
}

/// Something that was done. FHIR `Procedure`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Procedure {
    /// What.
    pub code: Concept,
    /// `completed`, `in-progress`, ….
    pub status: Option<String>,
    /// End, when a period was stated.
    pub end: Option<When>,
    /// Why.
    pub reason: Option<String>,
    /// Comment.
    pub note: Option<String>,
}

/// A visit or stay. FHIR `Encounter`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Encounter {
    /// What kind of visit.
    pub code: Concept,
    /// `AMB`, `EMER`, `IMP`, … (v3 ActCode) or its text.
    pub class: Option<String>,
    /// `finished`, `planned`, ….
    pub status: Option<String>,
    /// End.
    pub end: Option<When>,
    /// Why.
    pub reason: Option<String>,
    /// Where.
    pub place: Option<String>,
}

/// A report that groups results. FHIR `DiagnosticReport`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct DiagnosticReport {
    /// What report.
    pub code: Concept,
    /// `final`, `preliminary`, ….
    pub status: Option<String>,
    /// Names of the results in it, in order.
    pub results: Vec<String>,
    /// The conclusion as printed.
    pub conclusion: Option<String>,
    /// Who made it.
    pub performer: Option<String>,
}

/// A text: the person's own note, or a clinical narrative.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Note {
    /// Heading.
    pub title: Option<String>,
    /// The text, plain.
    pub text: String,
}

/// The body of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant)] // most records are observations, the largest kind
pub enum Body {
    /// See [`Observation`].
    Observation(Observation),
    /// See [`Condition`].
    Condition(Condition),
    /// See [`Medication`].
    Medication(Medication),
    /// See [`Allergy`].
    Allergy(Allergy),
    /// See [`Immunization`].
    Immunization(Immunization),
    /// See [`Procedure`].
    Procedure(Procedure),
    /// See [`Encounter`].
    Encounter(Encounter),
    /// See [`DiagnosticReport`].
    DiagnosticReport(DiagnosticReport),
    /// See [`Note`].
    Note(Note),
}

impl Body {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Observation(_) => Kind::Observation,
            Self::Condition(_) => Kind::Condition,
            Self::Medication(_) => Kind::Medication,
            Self::Allergy(_) => Kind::Allergy,
            Self::Immunization(_) => Kind::Immunization,
            Self::Procedure(_) => Kind::Procedure,
            Self::Encounter(_) => Kind::Encounter,
            Self::DiagnosticReport(_) => Kind::DiagnosticReport,
            Self::Note(_) => Kind::Note,
        }
    }
    /// What it is about; a note has none.
    #[must_use]
    pub const fn code(&self) -> Option<&Concept> {
        Some(match self {
            Self::Observation(x) => &x.code,
            Self::Condition(x) => &x.code,
            Self::Medication(x) => &x.code,
            Self::Allergy(x) => &x.code,
            Self::Immunization(x) => &x.code,
            Self::Procedure(x) => &x.code,
            Self::Encounter(x) => &x.code,
            Self::DiagnosticReport(x) => &x.code,
            Self::Note(_) => return None,
        })
    }
}

/// A record: a body and the time to which it belongs. This is what is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Record {
    /// When it was so: collection time, onset, start, visit. `None` when the source states none.
    pub effective: Option<When>,
    /// What it says.
    pub body: Body,
}

/// A record as a parser hands it over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParsedRecord {
    /// The record.
    pub record: Record,
    /// Where in the document it stands.
    pub locator: Locator,
    /// The id that the source itself gives the thing (FHIR `fullUrl` or `Type/id`, CDA `id`,
    /// filler order number + set id), to tell two equal results from one result listed twice.
    pub source_id: Option<String>,
}

/// The person whom a document says it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Subject {
    /// Name as printed.
    pub name: Option<String>,
    /// Date of birth as stated.
    pub birth_date: Option<When>,
    /// `male`, `female`, `other`, `unknown`.
    pub sex: Option<String>,
}
