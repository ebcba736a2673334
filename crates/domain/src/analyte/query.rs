//! Finding analytes by code, by name, by HealthKit type, and for a search box.

use super::{
    Analyte,
    catalogue::{Catalogue, catalogue, fertility},
    group::Specimen,
    hash::Table,
    names::{self, Hint},
    stated::{Stated, readings},
};
use std::{
    collections::HashMap,
    sync::{OnceLock, RwLock},
};

/// How well a name matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// One letter differs from a known spelling: to be confirmed by a person.
    Fuzzy,
    /// A known spelling, or the name after words such as "in serum" were dropped.
    Spelling,
    /// The analyte's own name.
    Exact,
}

/// An analyte found by name.
#[derive(Debug, Clone, Copy)]
pub struct Match {
    /// The analyte.
    pub analyte: &'static Analyte,
    /// How well the name matched.
    pub confidence: Confidence,
}

/// The analyte to which results under a LOINC code (or an own id) belong.
#[must_use]
pub fn find_by_loinc(code: &str) -> Option<&'static Analyte> {
    catalogue().codes.find(code)
}

/// As [`find_by_loinc`], among the analytes of fertility treatment alone: a program that needs no other
/// does not carry their names.
#[must_use]
pub fn find_for_fertility(code: &str) -> Option<&'static Analyte> {
    fertility().find(code)
}

/// The analyte that a HealthKit type measures.
#[must_use]
pub fn find_metric(healthkit_type: &str) -> Option<&'static Analyte> {
    let all = catalogue();
    all.by_metric.get(healthkit_type).and_then(|i| all.codes.analytes.get(*i))
}

/// The analyte of a printed name. The unit tells a share from a count and a mass from an activity;
/// the specimen, or words in the name, tell urine from serum. `None` where nothing matches or more
/// than one does.
#[must_use]
pub fn find_by_name(name: &str, unit: Option<&str>, specimen: Option<&str>) -> Option<Match> {
    const CEILING: usize = 2048;
    const LONGEST: usize = 160;
    static FOUND: OnceLock<RwLock<HashMap<String, Match>>> = OnceLock::new();
    let cache = FOUND.get_or_init(RwLock::default);
    let (u, s) = (unit.unwrap_or_default(), specimen.unwrap_or_default());
    if name.len() + u.len() + s.len() > LONGEST || [name, u, s].iter().any(|t| t.contains('\n')) {
        return find(name, unit, specimen);
    }
    let asked = [name, u, s].join("\n");
    if let Some(known) = cache.read().ok().and_then(|c| c.get(&asked).copied()) {
        return Some(known);
    }
    let found = find(name, unit, specimen)?;
    // Names that are no test's, which may be anything, are not kept.
    if let Ok(mut c) = cache.write()
        && c.len() < CEILING
    {
        c.insert(asked, found);
    }
    Some(found)
}

fn find(name: &str, unit: Option<&str>, specimen: Option<&str>) -> Option<Match> {
    let all = catalogue();
    let unit = readings(unit);
    let units = unit.as_ref().map_or(&[][..], |r| r.printed.as_slice());
    let stated = specimen.filter(|s| !s.trim().is_empty()).map(Specimen::read);
    // Most names are a known spelling as they stand.
    let whole = names::key(name);
    for place in places(stated) {
        let found = all.named(*place, &whole);
        if let Some((i, is_name)) = choose(all, found, units, Hint::None) {
            let confidence = if is_name { Confidence::Exact } else { Confidence::Spelling };
            return all.codes.analytes.get(i).map(|analyte| Match { analyte, confidence });
        }
        if !found.is_empty() {
            return None;
        }
    }
    let parts = names::read(name, |key| all.knows(key));
    let places = places(match stated {
        Some(Specimen::Usual) | None => parts.specimen.or(stated),
        other => other,
    });
    for (rank, key) in parts.keys.iter().enumerate() {
        for place in places {
            let found = all.named(*place, key);
            if let Some((i, is_name)) = choose(all, found, units, parts.hint) {
                let confidence = if is_name && rank == 0 { Confidence::Exact } else { Confidence::Spelling };
                return all.codes.analytes.get(i).map(|analyte| Match { analyte, confidence });
            }
            if !found.is_empty() {
                return None;
            }
        }
    }
    parts.keys.iter().filter(|k| !k.starts_with('~')).find_map(|key| {
        let i = fuzzy(all, key, places, units, parts.hint)?;
        all.codes.analytes.get(i).map(|analyte| Match { analyte, confidence: Confidence::Fuzzy })
    })
}

/// Where to look, in order. Without a specimen, a name that only urine has is urine's.
fn places(specimen: Option<Specimen>) -> &'static [Specimen] {
    use Specimen::{Capillary, Csf, DriedBloodSpot, Semen, Stool, Urine, Usual, WholeBlood};
    match specimen {
        None => &[Usual, Urine, Stool, Semen],
        Some(Usual) => &[Usual],
        Some(WholeBlood) => &[WholeBlood, Usual],
        Some(Capillary) => &[Capillary, WholeBlood, Usual],
        Some(Urine) => &[Urine],
        Some(Csf) => &[Csf],
        Some(Stool) => &[Stool],
        Some(Semen) => &[Semen],
        Some(DriedBloodSpot) => &[DriedBloodSpot],
        Some(Specimen::Other) => &[],
    }
}

/// The one analyte of several with the same name that fits the unit and the hint in the name.
fn choose(all: &Catalogue, found: &[(usize, bool)], units: &[Stated], hint: Hint) -> Option<(usize, bool)> {
    let fits = |(i, _): &&(usize, bool)| {
        all.codes.analytes.get(*i).is_some_and(|a| {
            let share = a.unit == "%";
            let hinted = match hint {
                Hint::None => true,
                Hint::Percent => share,
                Hint::Absolute => !share,
            };
            let note = a.note.is_none() || !units.is_empty();
            (units.is_empty() && hinted && note) || units.iter().any(|u| a.accepts(u))
        })
    };
    let mut fitting = found.iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Some(*one),
        // Two analytes share the spelling and the unit: the one that bears it as its name.
        (Some(_), Some(_)) if !units.is_empty() => {
            let mut named = found.iter().filter(fits).filter(|f| f.1);
            match (named.next(), named.next()) {
                (Some(one), None) => Some(*one),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Keys with one letter less, of every key long enough that one letter cannot turn one analyte into
/// another.
fn slips() -> &'static Table<String, Vec<String>> {
    static SLIPS: OnceLock<Table<String, Vec<String>>> = OnceLock::new();
    SLIPS.get_or_init(|| {
        let mut out: Table<String, Vec<String>> = Table::default();
        let mut keys: Vec<&String> = catalogue().by_name.iter().flat_map(HashMap::keys).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys.into_iter().filter(|k| is_long(k)) {
            for less in names::one_letter_less(key).chain([key.clone()]) {
                out.entry(less).or_default().push(key.clone());
            }
        }
        out
    })
}

fn is_long(key: &str) -> bool {
    key.len() >= 8 && !key.starts_with('~')
}

fn fuzzy(all: &Catalogue, key: &str, places: &[Specimen], units: &[Stated], hint: Hint) -> Option<usize> {
    // Without a unit that fits, a slip is not believed.
    if !is_long(key) || units.is_empty() || key.len() > 60 {
        return None;
    }
    let mut candidates: Vec<&String> = names::one_letter_less(key)
        .chain([key.to_owned()])
        .filter_map(|k| slips().get(&k))
        .flatten()
        .collect();
    candidates.sort_unstable();
    candidates.dedup();
    let tail = |k: &str| k.chars().rev().take(2).collect::<String>();
    // `Troponin T` and `Troponin I`, `Vitamin B1` and `B6` differ at the end: no slip of the pen.
    candidates.retain(|k| tail(k) == tail(key) && digits(k) == digits(key) && within_one(k, key));
    let mut hits: Vec<usize> = places.iter().find_map(|place| {
        let found = candidates.iter().map(|k| all.named(*place, k));
        let chosen: Vec<usize> = found.filter_map(|f| choose(all, f, units, hint).map(|f| f.0)).collect();
        (!chosen.is_empty()).then_some(chosen)
    })?;
    hits.sort_unstable();
    hits.dedup();
    if let [one] = hits[..] { Some(one) } else { None }
}

fn digits(key: &str) -> String {
    key.chars().filter(char::is_ascii_digit).collect()
}

/// Whether one insertion, deletion or replacement (or none) turns one into the other.
fn within_one(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let back = a[front..].iter().rev().zip(b[front..].iter().rev()).take_while(|(x, y)| x == y).count();
    a.len() - front - back <= 1 && b.len() - front - back <= 1
}

/// Analytes for a search box, best first, at most 20: names that begin with the text, then spellings
/// that do, then names and spellings that contain it.
#[must_use]
pub fn search(text: &str) -> Vec<&'static Analyte> {
    let wanted = names::key(text);
    if wanted.is_empty() {
        return Vec::new();
    }
    let rank = |a: &Analyte| {
        let score = |name: &str, weight: usize| {
            let key = names::key(name);
            if key == wanted {
                Some(weight)
            } else if key.starts_with(&wanted) {
                Some(2 + weight)
            } else if wanted.len() >= 3 && key.contains(&wanted) {
                Some(4 + weight)
            } else {
                None
            }
        };
        let own = [a.name_en, a.name_de].into_iter().filter_map(|n| score(n, 0));
        own.chain(a.spellings().iter().filter_map(|s| score(s, 1)))
            .chain((a.loinc == text).then_some(0))
            .min()
    };
    let mut hits: Vec<(usize, &'static Analyte)> =
        catalogue().codes.analytes.iter().filter_map(|a| Some((rank(a)?, a))).collect();
    hits.sort_by_key(|h| (h.0, h.1.name_en.len()));
    hits.into_iter().map(|h| h.1).take(20).collect()
}

/// All analytes, in the catalogue's order.
#[must_use]
pub fn all() -> &'static [Analyte] {
    &catalogue().codes.analytes
}

/// What is wrong with the catalogue's tables; empty, which a test demands.
#[must_use]
pub fn faults() -> &'static [String] {
    &catalogue().codes.faults
}
