//! What an OBX segment says: coded elements, numbers, units.

use super::syntax::{Field, time};
use crate::clinical::number;
use keepwell_domain::{
    measure::{Comparator, Quantity, Value},
    record::{Coding, Concept, LOINC, SNOMED, UCUM},
};

/// Repetitions of one field that are read.
pub(crate) const MAX_REPEATS: usize = 100;

/// URI of a coding system by its name in HL7 table 0396.
pub(crate) fn system(name: &str) -> String {
    let upper = name.trim().to_ascii_uppercase();
    let uri = match upper.as_str() {
        "" => "",
        "LN" | "LOINC" => LOINC,
        "SCT" | "SNOMED" | "SNOMED-CT" | "SNOMEDCT" => SNOMED,
        "UCUM" => UCUM,
        "I9" | "I9C" | "I9CDX" | "I9CD" | "ICD9" => "http://hl7.org/fhir/sid/icd-9-cm",
        "I10" | "ICD10" => "http://hl7.org/fhir/sid/icd-10",
        "I10C" | "ICD10CM" => "http://hl7.org/fhir/sid/icd-10-cm",
        "C4" | "C5" | "CPT" => "http://www.ama-assn.org/go/cpt",
        "CVX" => "http://hl7.org/fhir/sid/cvx",
        "NDC" => "http://hl7.org/fhir/sid/ndc",
        "RXNORM" => "http://www.nlm.nih.gov/research/umls/rxnorm",
        "WC" | "ATC" => "http://www.whocc.no/atc",
        other => {
            return match other.strip_prefix("HL7").filter(|t| t.len() == 4) {
                Some(table) => format!("http://terminology.hl7.org/CodeSystem/v2-{table}"),
                None => format!("urn:keepwell:local:{other}"),
            };
        }
    };
    uri.to_owned()
}

/// What a result is called: the text beside the code before the sender's original text, which some
/// senders fill with anything.
pub(crate) fn title(field: Field<'_>) -> Concept {
    let mut c = concept(field);
    let field = field.first();
    c.text = field.part(2).or_else(|| field.part(5)).or(c.text);
    c
}

/// A coded element: CE, CWE, CNE.
pub(crate) fn concept(field: Field<'_>) -> Concept {
    let field = field.first();
    let mut codings = Vec::new();
    for (id, text, name) in [(1, 2, 3), (4, 5, 6)] {
        if let Some(code) = field.part(id) {
            let system = system(&field.part(name).unwrap_or_default());
            codings.push(Coding { system, code, display: field.part(text) });
        }
    }
    let original = field.part(9).filter(|t| !t.eq_ignore_ascii_case("v_unknown"));
    Concept { text: original.or_else(|| field.part(2)).or_else(|| field.part(5)), codings }
}

/// The name of a coded element.
pub(crate) fn name(field: Field<'_>) -> Option<String> {
    let c = concept(field);
    (!c.is_empty()).then(|| c.name().to_owned())
}

/// Unit as printed, and its UCUM code where the sender says that it is one.
pub(crate) fn unit(field: Field<'_>) -> (Option<String>, Option<String>) {
    let field = field.first();
    let (code, text) = (field.part(1), field.part(2));
    // `10^3/uL`, sent without escaping the delimiter.
    let power = code.as_deref().is_some_and(|c| matches!(c, "10" | "x10" | "X10"))
        && text.as_deref().is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()));
    if power {
        return (field.whole(), None);
    }
    let is_ucum = field.part(3).is_some_and(|s| s.eq_ignore_ascii_case("UCUM"));
    (text.or_else(|| code.clone()), code.filter(|_| is_ucum))
}

/// What OBX-5 holds.
pub(crate) enum Found {
    Value(Value),
    /// A text, or lines of one.
    Text(String),
    /// An attached document that is not read.
    Attached,
    /// A pointer to a document elsewhere.
    Linked,
    /// More repetitions than any result has.
    TooMany,
    Nothing,
}

/// Reads OBX-5 by the type in OBX-2.
pub(crate) fn read(
    kind: &str,
    field: Field<'_>,
    units: &(Option<String>, Option<String>),
    ranged: bool,
) -> Found {
    if kind == "RP" {
        return Found::Linked;
    }
    if kind == "ED" {
        return encapsulated(field);
    }
    if field.is_empty() {
        return Found::Nothing;
    }
    let count = field.repeats().take(MAX_REPEATS + 1).count();
    if count > MAX_REPEATS {
        return Found::TooMany;
    }
    let is_text = matches!(kind, "TX" | "FT" | "ST" | "");
    if count > 1 {
        let glue = if is_text { "\n" } else { ", " };
        let parts: Vec<_> = field.repeats().filter_map(|f| printed(kind, f)).collect();
        return if parts.is_empty() { Found::Nothing } else { Found::Text(parts.join(glue)) };
    }
    let (unit, ucum) = (units.0.as_deref(), units.1.as_deref());
    match kind {
        "NM" => field
            .text()
            .map_or(Found::Nothing, |t| number::value(&t, unit, ucum).map_or(Found::Text(t), Found::Value)),
        "SN" => structured(field, unit, ucum),
        "CE" | "CWE" | "CNE" | "CF" | "IS" | "ID" => {
            let c = concept(field);
            if c.is_empty() { Found::Nothing } else { Found::Value(Value::Concept(c)) }
        }
        _ => {
            let Some(text) = printed(kind, field) else { return Found::Nothing };
            // Laboratories send numbers as text too; without unit, range or sign they may be anything.
            let is_number =
                unit.is_some() || ranged || text.starts_with(['<', '>', '≤', '≥']) || text.contains(':');
            let value = if is_text && is_number { number::value(&text, unit, ucum) } else { None };
            value.map_or(Found::Text(text), Found::Value)
        }
    }
}

fn printed(kind: &str, field: Field<'_>) -> Option<String> {
    match kind {
        "CE" | "CWE" | "CNE" | "CF" => name(field),
        "DT" | "TS" | "DTM" => field.part(1).map(|t| time(&t).map_or(t, |w| w.to_string())),
        _ => field.whole(),
    }
}

/// SN: `comparator^number^separator^number`.
fn structured(field: Field<'_>, unit: Option<&str>, ucum: Option<&str>) -> Found {
    let sign = field.part(1).filter(|s| s != "=");
    let separator = field.part(3);
    let (first, second) = (field.part(2), field.part(4));
    let comparator = sign.as_deref().and_then(Comparator::parse);
    let words = || {
        let all: Vec<_> = (1..=4).filter_map(|n| field.part(n)).collect();
        if all.is_empty() { Found::Nothing } else { Found::Text(all.concat()) }
    };
    if sign.is_some() && comparator.is_none() {
        return words();
    }
    let quantity = |text: &Option<String>, with_unit: bool, comparator| {
        let number = number::number(text.as_deref()?)?;
        let (unit, ucum) = if with_unit { (unit, ucum) } else { (None, None) };
        Some(Quantity { number, comparator, unit: unit.map(str::to_owned), ucum: ucum.map(str::to_owned) })
    };
    let value = match separator.as_deref() {
        None if second.is_none() => quantity(&first, true, comparator).map(Value::Quantity),
        Some("-") if comparator.is_none() && second.is_some() => quantity(&first, true, None)
            .zip(quantity(&second, true, None))
            .map(|(low, high)| Value::Range { low: Some(low), high: Some(high) }),
        Some(":" | "/") => quantity(&first, false, comparator)
            .zip(quantity(&second, false, None))
            .map(|(numerator, denominator)| Value::Ratio { numerator, denominator }),
        _ => None,
    };
    value.map_or_else(words, Found::Value)
}

/// ED: `application^type^subtype^encoding^data`; only text is read.
fn encapsulated(field: Field<'_>) -> Found {
    let kind = field.part(2).unwrap_or_default().to_ascii_lowercase();
    let subtype = field.part(3).unwrap_or_default().to_ascii_lowercase();
    let Some(data) = field.part(5) else { return Found::Attached };
    if !(kind == "text" || kind == "tx" || kind == "txt") || subtype.contains("rtf") {
        return Found::Attached;
    }
    let is_base64 = field.part(4).is_some_and(|e| e.eq_ignore_ascii_case("base64"));
    let text = if is_base64 {
        let Some(bytes) = crate::clinical::base64::decode(&data) else { return Found::Attached };
        String::from_utf8_lossy(&bytes).into_owned()
    } else {
        data
    };
    if subtype.contains("html") || subtype.contains("xml") {
        return Found::Text(crate::clinical::text::from_markup(&text));
    }
    Found::Text(text)
}
