//! Which marker a result belongs to.

use keepwell_domain::{
    analyte::{self, Analyte, Confidence},
    record::{Concept, LOINC},
};

/// The analyte of the catalogue that a concept names, with certainty: by LOINC code, else by a
/// spelling that the catalogue holds. The second part is the LOINC code that was stated.
#[must_use]
pub fn analyte_of(
    code: &Concept,
    unit: Option<&str>,
    specimen: Option<&str>,
) -> Option<(&'static Analyte, Option<String>)> {
    let mut stated = false;
    for c in code.codings.iter().filter(|c| c.system == LOINC) {
        stated = true;
        if let Some(a) = analyte::find_by_loinc(&c.code) {
            return Some((a, Some(c.code.clone())));
        }
    }
    // A LOINC code that the catalogue does not hold says what it is; its name must not be
    // allowed to turn it into something else.
    if stated {
        return None;
    }
    if let Some(a) = code.codings.iter().find_map(|c| analyte::find_metric(&c.code)) {
        return Some((a, None));
    }
    let m = analyte::find_by_name(code.name(), unit, specimen)?;
    matches!(m.confidence, Confidence::Exact | Confidence::Spelling).then_some((m.analyte, None))
}

/// The key of a result's marker in URLs, and its analyte. `None` for a concept without a name.
///
/// The key is the catalogue's LOINC code, else the stated LOINC code, else `x-` and a hash of
/// name and unit.
#[must_use]
pub fn marker_key(
    code: &Concept,
    unit: Option<&str>,
    specimen: Option<&str>,
) -> Option<(String, Option<&'static Analyte>)> {
    if let Some((a, _)) = analyte_of(code, unit, specimen) {
        return Some((a.loinc.to_owned(), Some(a)));
    }
    if let Some(loinc) = code.code_in(LOINC).filter(|c| is_loinc(c)) {
        return Some((loinc.to_owned(), None));
    }
    if code.is_empty() {
        return None;
    }
    let name: String = code.name().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    Some((format!("x-{:016x}", fnv1a(&[name.as_bytes(), unit.unwrap_or("").as_bytes()])), None))
}

fn is_loinc(code: &str) -> bool {
    code.split_once('-').is_some_and(|(n, check)| {
        n.len() <= 7
            && !n.is_empty()
            && check.len() == 1
            && (n.to_owned() + check).bytes().all(|b| b.is_ascii_digit())
    })
}

/// FNV-1a, 64 bits: a stable short name, not a secret.
fn fnv1a(parts: &[&[u8]]) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325u64;
    for b in parts.iter().flat_map(|p| p.iter().chain(&[0u8])) {
        h = (h ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    h
}
