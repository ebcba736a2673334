//! One spelling for names that differ only in case, accents, punctuation and filler words.

use super::group::Specimen;
use crate::ucum::read_unit;
use unicode_normalization::UnicodeNormalization;

/// What a name says about a value being a share or a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hint {
    None,
    Percent,
    Absolute,
}

/// A name as printed, taken apart.
pub(super) struct Name {
    /// Keys to look for, the most faithful first.
    pub keys: Vec<String>,
    pub hint: Hint,
    /// The specimen that the name itself states.
    pub specimen: Option<Specimen>,
}

/// Longest name that is looked at, in bytes.
const MAX_LENGTH: usize = 200;

/// Words that say where the sample came from; they do not name the analyte.
const SPECIMEN_WORDS: &[(&str, Option<Specimen>)] = &[
    ("serum", None),
    ("plasma", None),
    ("blut", None),
    ("blood", None),
    ("edta", None),
    ("heparin", None),
    ("citrat", None),
    ("serpl", None),
    ("bld", None),
    ("urin", Some(Specimen::Urine)),
    ("urine", Some(Specimen::Urine)),
    ("harn", Some(Specimen::Urine)),
    ("sammelurin", Some(Specimen::Urine)),
    ("spontanurin", Some(Specimen::Urine)),
    ("csf", Some(Specimen::Csf)),
    ("liquor", Some(Specimen::Csf)),
    ("stuhl", Some(Specimen::Stool)),
    ("stool", Some(Specimen::Stool)),
    ("whole", Some(Specimen::WholeBlood)),
    ("vollblut", Some(Specimen::WholeBlood)),
    ("kapillaer", Some(Specimen::Capillary)),
    ("capillary", Some(Specimen::Capillary)),
];
const FILLERS: &[&str] = &[
    "in",
    "im",
    "i",
    "of",
    "the",
    "und",
    "or",
    "oder",
    "level",
    "result",
    "quantitative",
    "quantitativ",
    "quant",
    "qn",
    "measured",
    "test",
    "s",
    "p",
    "u",
];
const ABSOLUTE: &[&str] = &["abs", "absolut", "absolute", "#", "count"];
const PERCENT: &[&str] =
    &["%", "rel", "relativ", "relative", "percent", "prozent", "pct", "fraction", "anteil"];

/// Words for how something was measured.
const METHODS: &[&str] = &[
    "auto",
    "automated",
    "bcg",
    "bcp",
    "berechnet",
    "calc",
    "calculated",
    "ckd",
    "clauss",
    "clia",
    "cmia",
    "dcct",
    "eclia",
    "eia",
    "elisa",
    "enzym",
    "enzymat",
    "enzymatic",
    "enzymatisch",
    "epi",
    "friedewald",
    "gemessen",
    "hplc",
    "ifcc",
    "ise",
    "jaffe",
    "lcms",
    "maschinell",
    "mdrd",
    "methode",
    "method",
    "mikroskopisch",
    "nephelometrisch",
    "ngsp",
    "photometrisch",
    "ria",
    "turbidimetrisch",
    "westergren",
    "2009",
    "2021",
];
/// Units without a slash that stand in brackets behind a name.
const UNITS: &[&str] = &[
    "%", "kg", "cm", "m", "mmHg", "kPa", "°C", "°F", "fl", "fL", "pg", "s", "sec", "sec.", "bpm", "lb", "in",
];

/// Lower case, umlauts and accents resolved, everything but letters and digits a blank.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut end = text.len().min(MAX_LENGTH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    if text[..end].is_ascii() {
        text[..end].chars().for_each(|c| fold_char(c.to_ascii_lowercase(), &mut out));
    } else {
        text[..end].nfkc().flat_map(char::to_lowercase).for_each(|c| fold_char(c, &mut out));
    }
    out
}

fn fold_char(c: char, out: &mut String) {
    match c {
        'ä' => out.push_str("ae"),
        'ö' => out.push_str("oe"),
        'ü' => out.push_str("ue"),
        'ß' => out.push_str("ss"),
        'α' => out.push_str("alpha"),
        'β' => out.push_str("beta"),
        'γ' => out.push_str("gamma"),
        'κ' => out.push_str("kappa"),
        'λ' => out.push_str("lambda"),
        'μ' | 'µ' => out.push('u'),
        '+' => out.push_str(" plus"),
        '%' | '#' => {
            out.push(' ');
            out.push(c);
            out.push(' ');
        }
        // A zero-width space inside a word is no gap.
        '\u{200b}' | '\u{ad}' | '\u{feff}' => {}
        c if c.is_ascii_alphanumeric() => out.push(c),
        c if c.is_alphabetic() => out.extend(c.nfd().filter(|d| d.is_ascii_alphanumeric())),
        _ => out.push(' '),
    }
}

/// The key of a catalogue spelling: the folded words joined.
pub(super) fn key(text: &str) -> String {
    joined(fold(text))
}

fn joined(mut folded: String) -> String {
    folded.retain(|c| c != ' ');
    folded
}

/// The key that forgets the order of words: `Bilirubin, Total` is `Total Bilirubin`.
pub(super) fn unordered_key(text: &str) -> Option<String> {
    unordered(&fold(text))
}

fn unordered(folded: &str) -> Option<String> {
    let mut words: Vec<&str> = folded.split_whitespace().collect();
    if !(2..=8).contains(&words.len()) {
        return None;
    }
    words.sort_unstable();
    Some(format!("~{}", words.join(" ")))
}

/// Takes a printed name apart. `knows` tells whether a key is a spelling of the catalogue.
pub(super) fn read(text: &str, knows: impl Fn(&str) -> bool) -> Name {
    let mut keys = Vec::with_capacity(6);
    let folded = fold(text);
    push_folded(&mut keys, &folded);
    let mut specimen = None;
    let mut hint = Hint::None;
    let mut kept = Vec::new();
    for word in folded.split_whitespace() {
        if let Some((_, s)) = SPECIMEN_WORDS.iter().find(|w| w.0 == word) {
            specimen = specimen.or(*s);
        } else if ABSOLUTE.contains(&word) {
            hint = Hint::Absolute;
        } else if PERCENT.contains(&word) {
            hint = Hint::Percent;
        } else if !FILLERS.contains(&word) || kept.is_empty() && folded.split_whitespace().count() == 1 {
            kept.push(word);
        }
    }
    push_folded(&mut keys, &kept.join(" "));
    if let Some((before, inside, behind)) =
        text.split_once('(').and_then(|(a, b)| b.split_once(')').map(|(i, c)| (a, i, c)))
    {
        let inner = essential(inside);
        // What is not known may be what makes it another thing: `Cortisol (saliva)`, `Glucose (2 h)`.
        if is_harmless(inside, &inner) || knows(&joined(inner.clone())) {
            push_folded(&mut keys, &essential(&format!("{before} {behind}")));
        }
        if inside.trim().chars().count() > 1 {
            push_folded(&mut keys, &inner);
        }
    }
    Name { keys, hint, specimen }
}

/// The folded words that do not just say where from, or that it is a share or a count.
fn essential(part: &str) -> String {
    let folded = fold(part);
    let kept = folded.split_whitespace().filter(|w| {
        !SPECIMEN_WORDS.iter().any(|s| s.0 == *w) && !ABSOLUTE.contains(w) && !PERCENT.contains(w)
    });
    kept.collect::<Vec<_>>().join(" ")
}

/// Whether words in brackets leave open what was measured: nothing, a method, or a unit.
fn is_harmless(inside: &str, essential: &str) -> bool {
    let unit = inside.trim();
    essential.split_whitespace().all(|w| METHODS.contains(&w) || FILLERS.contains(&w))
        || UNITS.contains(&unit)
        || unit.contains('/') && read_unit(unit).is_some()
}

fn push_folded(keys: &mut Vec<String>, folded: &str) {
    for k in [Some(joined(folded.to_owned())), unordered(folded)].into_iter().flatten() {
        if !k.is_empty() && !keys.contains(&k) {
            keys.push(k);
        }
    }
}

/// All keys that arise from dropping one letter, for names with one slip of the pen.
pub(super) fn one_letter_less(key: &str) -> impl Iterator<Item = String> + '_ {
    key.char_indices().filter(|(_, c)| c.is_ascii_alphabetic()).map(|(i, c)| {
        let mut out = String::with_capacity(key.len());
        out.push_str(&key[..i]);
        out.push_str(&key[i + c.len_utf8()..]);
        out
    })
}
