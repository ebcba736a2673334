//! One spelling for names that differ only in case, accents, punctuation and filler words.

use super::group::Specimen;
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
    joined(&fold(text))
}

fn joined(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    folded.split_whitespace().for_each(|w| out.push_str(w));
    out
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

/// Takes a printed name apart.
pub(super) fn read(text: &str) -> Name {
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
    if let Some((outside, inside)) = text.split_once('(').and_then(|(a, b)| Some((a, b.split_once(')')?.0))) {
        for part in [outside, inside].into_iter().filter(|p| p.trim().chars().count() > 1) {
            let words: Vec<String> = fold(part)
                .split_whitespace()
                .filter(|w| {
                    !SPECIMEN_WORDS.iter().any(|s| s.0 == *w) && !ABSOLUTE.contains(w) && !PERCENT.contains(w)
                })
                .map(str::to_owned)
                .collect();
            push_folded(&mut keys, &words.join(" "));
        }
    }
    Name { keys, hint, specimen }
}

fn push_folded(keys: &mut Vec<String>, folded: &str) {
    for k in [Some(joined(folded)), unordered(folded)].into_iter().flatten() {
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
