//! Groups of analytes, as pages list them, and the kinds of specimen.

use serde::{Deserialize, Serialize};

/// A group of analytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Group {
    BloodCount,
    Differential,
    Lipids,
    Liver,
    Kidney,
    Electrolytes,
    Glucose,
    Thyroid,
    SexHormones,
    Hormones,
    Iron,
    Vitamins,
    Coagulation,
    Inflammation,
    Cardiac,
    Proteins,
    Tumour,
    Immunology,
    Infection,
    Urine,
    Drug,
    BloodGas,
    Vital,
    Body,
    Activity,
    Score,
    OtherFluid,
    Newborn,
}

use Group::*;

impl Group {
    /// All groups with their id, English and German name, in the order of pages.
    pub const ALL: [(Self, &'static str, &'static str, &'static str); 28] = [
        (BloodCount, "blood_count", "Blood count", "Blutbild"),
        (Differential, "differential", "Differential", "Differenzialblutbild"),
        (Iron, "iron", "Iron", "Eisenstoffwechsel"),
        (Glucose, "glucose", "Glucose and diabetes", "Glukose und Diabetes"),
        (Lipids, "lipids", "Lipids", "Blutfette"),
        (Liver, "liver", "Liver and pancreas", "Leber und Pankreas"),
        (Kidney, "kidney", "Kidney", "Niere"),
        (Electrolytes, "electrolytes", "Electrolytes", "Elektrolyte"),
        (Proteins, "proteins", "Proteins", "Eiweiße"),
        (Inflammation, "inflammation", "Inflammation", "Entzündung"),
        (Thyroid, "thyroid", "Thyroid", "Schilddrüse"),
        (SexHormones, "sex_hormones", "Sex hormones and fertility", "Sexualhormone und Fertilität"),
        (Hormones, "hormones", "Other hormones", "Weitere Hormone"),
        (Vitamins, "vitamins", "Vitamins and minerals", "Vitamine und Mineralstoffe"),
        (Cardiac, "cardiac", "Heart and muscle", "Herz und Muskel"),
        (Coagulation, "coagulation", "Coagulation", "Gerinnung"),
        (Tumour, "tumour", "Tumour markers", "Tumormarker"),
        (Immunology, "immunology", "Immunology", "Immunologie"),
        (Infection, "infection", "Infection", "Infektion"),
        (Urine, "urine", "Urine", "Urin"),
        (Drug, "drug", "Drug levels", "Medikamentenspiegel"),
        (BloodGas, "blood_gas", "Blood gases", "Blutgase"),
        (Vital, "vital", "Vital signs", "Vitalzeichen"),
        (Body, "body", "Body measures", "Körpermaße"),
        (Activity, "activity", "Activity and sleep", "Aktivität und Schlaf"),
        (Score, "score", "Scores", "Punktwerte"),
        (OtherFluid, "other_fluid", "Other fluids", "Andere Flüssigkeiten"),
        (Newborn, "newborn", "Newborn screening", "Neugeborenenscreening"),
    ];

    /// The id used in the catalogue and in URLs.
    #[must_use]
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|g| g.0 == self).map_or("", |g| g.1)
    }

    /// The name in a language (`de`, anything else is English).
    #[must_use]
    pub fn name(self, lang: &str) -> &'static str {
        Self::ALL.iter().find(|g| g.0 == self).map_or("", |g| if lang.starts_with("de") { g.3 } else { g.2 })
    }

    pub(super) fn parse(id: &str) -> Option<Self> {
        Self::ALL.iter().find(|g| g.1 == id).map(|g| g.0)
    }
}

/// What a sample was taken from, as far as it keeps analytes apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Specimen {
    /// Serum, plasma, blood where the analyte has no other home, and whatever has no specimen.
    Usual,
    WholeBlood,
    Capillary,
    Urine,
    Csf,
    Stool,
    Semen,
    DriedBloodSpot,
    /// A fluid for which the catalogue has nothing.
    Other,
}

impl Specimen {
    /// How many there are.
    pub(super) const COUNT: usize = Self::Other as usize + 1;

    pub(super) fn from_option(id: &str) -> Option<Self> {
        Some(match id {
            "wb" => Self::WholeBlood,
            "cap" => Self::Capillary,
            "urine" => Self::Urine,
            "csf" => Self::Csf,
            "stool" => Self::Stool,
            "semen" => Self::Semen,
            "dbs" => Self::DriedBloodSpot,
            _ => return None,
        })
    }

    /// Reads a specimen as printed; whatever says nothing else is [`Specimen::Usual`].
    pub(super) fn read(printed: &str) -> Self {
        let text = printed.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
        if has(&["dried blood", "trockenblut", "dbs", "blood spot"]) {
            Self::DriedBloodSpot
        } else if has(&["urin", "harn"]) || text == "u" {
            Self::Urine
        } else if has(&["csf", "liquor", "cerebr", "spinal"]) {
            Self::Csf
        } else if has(&["stool", "stuhl", "feces", "faeces", "fecal"]) {
            Self::Stool
        } else if has(&["semen", "sperm", "ejakulat", "seminal"]) {
            Self::Semen
        } else if has(&["capill", "kapill"]) {
            Self::Capillary
        } else if has(&["whole blood", "vollblut"]) {
            Self::WholeBlood
        } else if has(&[
            "ascit",
            "pleura",
            "joint",
            "synov",
            "peritone",
            "gelenk",
            "punkt",
            "speichel",
            "saliva",
            "sweat",
            "amnio",
            "marrow",
            "knochenmark",
            "tissue",
            "gewebe",
            "bal ",
            "bronch",
            "swab",
            "abstrich",
            "hair",
            "haar",
            "body fluid",
        ]) {
            Self::Other
        } else {
            Self::Usual
        }
    }
}
