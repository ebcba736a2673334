//! What looks like something by which a person is known.

use super::{Found, Sort, With};
use crate::model::check::dates;
use std::ops::Range;

/// Where such things stand.
pub fn find(text: &str) -> Vec<Found> {
    let words = words(text);
    let mut out = Vec::new();
    let mut add = |range: Range<usize>, sort: Sort| {
        if !range.is_empty() {
            out.push(Found { range, with: With::Shape(sort) });
        }
    };
    for (i, w) in words.iter().enumerate() {
        let word = &text[w.clone()];
        if word.contains("://") || word.to_lowercase().starts_with("www.") {
            add(w.clone(), Sort::Web);
        } else if let Some(at) = word.find('@').filter(|at| *at > 0 && word[at + 1..].contains('.')) {
            let start = word[..at].rfind(|c: char| "<(\"':;,=".contains(c)).map_or(0, |s| s + 1);
            add(w.start + start..w.end, Sort::Mail);
        } else if let Some(end) = named(text, &words, i) {
            add(w.start..end.0, end.1);
        } else if let Some(range) = street(text, &words, i) {
            add(range, Sort::Address);
        } else if let Some(range) = facility(text, &words, i) {
            add(range, Sort::Facility);
        } else if is_number_of_somebody(word) || told(text, &words, i) {
            add(w.clone(), Sort::Number);
        }
    }
    for range in phones(text) {
        add(range, Sort::Phone);
    }
    out
}

/// Words between white space, without the signs around them.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = 0;
    for piece in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '|' | '"' | '\\')) {
        let start =
            at + piece.len() - piece.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '@').len();
        let end = at + piece.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
        if start < end {
            out.push(start..end);
        }
        at += piece.len();
    }
    out
}

fn digits(word: &str) -> usize {
    word.bytes().filter(u8::is_ascii_digit).count()
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

fn lower(text: &str, range: &Range<usize>) -> String {
    text[range.clone()].to_lowercase()
}

/// Nothing but spaces, dots and commas of a short form lies between two words.
fn is_close(text: &str, a: &Range<usize>, b: &Range<usize>, also: &[char]) -> bool {
    text.get(a.end..b.start).is_some_and(|s| s.len() <= 3 && s.chars().all(|c| c == ' ' || also.contains(&c)))
}

/// A title and the names behind it: `Dr. med. Anna Weber`, `Frau Weber`.
fn named(text: &str, words: &[Range<usize>], i: usize) -> Option<(usize, Sort)> {
    let sort = match lower(text, words.get(i)?).as_str() {
        "dr" | "prof" | "doctor" | "doktor" | "dott" | "priv.-doz" | "dr.med" => Sort::Doctor,
        "mr" | "mrs" | "ms" | "mx" | "miss" | "herr" | "frau" | "herrn" => Sort::Person,
        _ => return None,
    };
    if !is_capital(&text[words[i].clone()]) {
        return None;
    }
    let (mut end, mut names, mut last) = (None, 0, i);
    for (j, w) in words.iter().enumerate().skip(i + 1).take(6) {
        let word = &text[w.clone()];
        let is_title = matches!(
            word.to_lowercase().as_str(),
            "dr" | "med" | "prof" | "dent" | "phil" | "von" | "van" | "de" | "der" | "zu"
        );
        let dots = if names == 0 || is_title { &['.'][..] } else { &[][..] };
        let initial = word.chars().count() == 1;
        if !is_close(
            text,
            &words[last],
            w,
            if initial || text[words[last].clone()].chars().count() == 1 { &['.'] } else { dots },
        ) {
            break;
        }
        if is_title {
            last = j;
            continue;
        }
        if !is_capital(word) || names == 3 || digits(word) > 0 {
            break;
        }
        names += 1;
        last = j;
        end = Some(w.end);
    }
    end.map(|e| (e, sort))
}

/// A street with a house number, and the town behind it.
fn street(text: &str, words: &[Range<usize>], i: usize) -> Option<Range<usize>> {
    const GERMAN: &[&str] = &[
        "straße",
        "strasse",
        "str",
        "weg",
        "platz",
        "allee",
        "gasse",
        "ufer",
        "chaussee",
        "damm",
        "ring",
        "steig",
        "promenade",
    ];
    const ENGLISH: &[&str] = &[
        "street",
        "st",
        "road",
        "rd",
        "avenue",
        "ave",
        "lane",
        "ln",
        "drive",
        "boulevard",
        "blvd",
        "court",
        "square",
        "terrace",
        "crescent",
    ];
    let w = words.get(i)?;
    let word = lower(text, w);
    let is_house = |r: &Range<usize>| {
        let h = &text[r.clone()];
        h.starts_with(|c: char| c.is_ascii_digit()) && h.chars().count() <= 7 && digits(h) <= 5
    };
    if is_capital(&text[w.clone()])
        && GERMAN.iter().any(|g| word.ends_with(g) && (word.len() > g.len() || *g != "ring"))
    {
        let house = words.get(i + 1).filter(|h| is_house(h) && is_close(text, w, h, &['.']))?;
        // `Alte Straße 5`: the words of the name before it.
        let start = if GERMAN.contains(&word.as_str()) && i > 0 && is_capital(&text[words[i - 1].clone()]) {
            words[i - 1].start
        } else {
            w.start
        };
        return Some(start..town(text, words, i + 1, house.end));
    }
    if is_house(w) {
        let mut last = i;
        for (j, next) in words.iter().enumerate().skip(i + 1).take(4) {
            if !is_capital(&text[next.clone()]) || !is_close(text, &words[last], next, &[]) {
                return None;
            }
            if j > i + 1 && ENGLISH.contains(&lower(text, next).as_str()) {
                return Some(w.start..town(text, words, j, next.end));
            }
            last = j;
        }
    }
    None
}

/// A postcode and a town behind an address, in either order.
fn town(text: &str, words: &[Range<usize>], i: usize, end: usize) -> usize {
    let mut out = end;
    for (j, w) in words.iter().enumerate().skip(i + 1).take(5) {
        let word = &text[w.clone()];
        let is_code = digits(word) >= 4 && word.len() <= 8;
        if !is_close(text, &words[j - 1], w, &[',', '.', '\n']) || !(is_capital(word) || is_code) {
            break;
        }
        if is_code || j > i + 1 || text[words[j - 1].end..w.start].contains([',', '\n']) {
            out = w.end;
        }
    }
    out
}

/// A hospital or practice by its name.
fn facility(text: &str, words: &[Range<usize>], i: usize) -> Option<Range<usize>> {
    const BEFORE: &[&str] = &[
        "klinikum",
        "klinik",
        "praxis",
        "krankenhaus",
        "mvz",
        "universitätsklinikum",
        "hausarztpraxis",
        "gemeinschaftspraxis",
        "spital",
        "labor",
        "charité",
    ];
    const BEHIND: &[&str] = &[
        "hospital",
        "clinic",
        "clinics",
        "laboratory",
        "laboratories",
        "infirmary",
        "klinik",
        "krankenhaus",
        "spital",
    ];
    let w = words.get(i)?;
    let word = lower(text, w);
    if !is_capital(&text[w.clone()]) {
        return None;
    }
    if BEFORE.contains(&word.as_str()) || word.ends_with("klinikum") {
        let mut end = (word.ends_with("klinikum") && word.len() > 8 || word == "charité").then_some(w.end);
        let mut last = w;
        for next in words.iter().skip(i + 1).take(4) {
            let part = &text[next.clone()];
            let small = matches!(part, "am" | "an" | "der" | "des" | "für" | "im" | "of");
            if !is_close(text, last, next, &['.']) || !(small || is_capital(part)) || digits(part) > 0 {
                break;
            }
            if !small {
                end = Some(next.end);
            }
            last = next;
        }
        return end.map(|e| w.start..e);
    }
    // From the first capital on: `St. Mary's Hospital`, `Mayo Clinic`, `Springfield Medical Center`.
    let mut last = w;
    for (j, next) in words.iter().enumerate().skip(i + 1).take(5) {
        let part = lower(text, next);
        if !is_close(text, last, next, &['.']) || !(is_capital(&text[next.clone()]) || part == "of") {
            return None;
        }
        let is_centre =
            matches!(part.as_str(), "center" | "centre") && j > i + 1 && lower(text, last) == "medical";
        if BEHIND.contains(&part.as_str()) || is_centre {
            return Some(w.start..next.end);
        }
        last = next;
    }
    None
}

/// A number of seven digits and more, or letters with five digits among them: nothing that was measured.
fn is_number_of_somebody(word: &str) -> bool {
    let n = digits(word);
    if n < 5
        || dates::date_old(word).is_some_and(|(_, len)| len == word.len() || word[len..].starts_with('T'))
    {
        return false;
    }
    if !word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '_' | '.' | '#')) {
        return false;
    }
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let separators = word.bytes().filter(|b| matches!(b, b'-' | b'/' | b'_' | b'#')).count();
    if letters == 0 {
        // A decimal number has one point; what has several signs in it is a number of somebody.
        let points = word.bytes().filter(|b| *b == b'.').count();
        return match (separators, points) {
            (0, 0) => n >= 7,
            (0, 1) => false,
            (0, _) => n >= 9,
            (1, _) => n >= 9,
            _ => n >= 7,
        };
    }
    // `250000/ul`, `10000mg`, `10E9/L` begin with a number and end with a unit.
    let head = word.bytes().take_while(u8::is_ascii_digit).count();
    let is_measured = head == n && letters <= 6 && separators <= 1;
    !is_measured
}

/// A number behind a word that says of what: `MRN: 1234`, `Versichertennr. A12`.
fn told(text: &str, words: &[Range<usize>], i: usize) -> bool {
    const TELLS: &[&str] = &[
        "mrn",
        "ssn",
        "pid",
        "kvnr",
        "nhs",
        "patientennummer",
        "patientennr",
        "versichertennummer",
        "versichertennr",
        "versicherungsnummer",
        "versicherungsnr",
        "fallnummer",
        "fallnr",
        "kassennummer",
        "auftragsnummer",
        "auftragsnr",
        "krankenversichertennummer",
        "aktenzeichen",
        "steuernummer",
        "sozialversicherungsnummer",
        "passnummer",
        "ausweisnummer",
        "accession",
        "policy",
        "iban",
        "patient-id",
        "patienten-id",
        "geburtsnummer",
    ];
    const PAIRS: &[(&str, &str)] = &[
        ("patient", "id"),
        ("patient", "number"),
        ("patient", "no"),
        ("case", "number"),
        ("case", "no"),
        ("member", "id"),
        ("member", "number"),
        ("insurance", "number"),
        ("insurance", "no"),
        ("insurance", "id"),
        ("record", "number"),
        ("chart", "number"),
        ("account", "number"),
        ("passport", "number"),
        ("order", "number"),
        ("policy", "number"),
        ("nhs", "number"),
        ("security", "number"),
        ("group", "number"),
    ];
    let Some(w) = words.get(i) else { return false };
    let word = &text[w.clone()];
    if digits(word) < 3 && !(digits(word) > 0 && word.len() >= 5) {
        return false;
    }
    let Some(before) = i.checked_sub(1).map(|j| &words[j]) else { return false };
    if !text.get(before.end..w.start).is_some_and(|s| s.len() <= 4 && !s.contains('\n')) {
        return false;
    }
    let one = lower(text, before);
    let one = one.rsplit([':', '#', '=']).find(|s| !s.is_empty()).unwrap_or("").to_owned();
    let two = i.checked_sub(2).map_or(String::new(), |j| lower(text, &words[j]));
    TELLS.contains(&one.as_str())
        || PAIRS.contains(&(two.as_str(), one.as_str()))
        || (matches!(one.as_str(), "no" | "nr" | "number" | "nummer" | "id") && TELLS.contains(&two.as_str()))
}

/// Telephones: from `+` or a leading zero on with spaces, else with signs in between.
fn phones(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let before_ok = at == 0
            || !(bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'.' | b',' | b'-' | b'/'));
        let begins = match bytes[at] {
            b'+' => bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
            b'(' => bytes.get(at + 1).is_some_and(|b| b.is_ascii_digit() || *b == b'+'),
            b'0' => bytes.get(at + 1).is_some_and(|b| matches!(b, b'1'..=b'9' | b'0')),
            _ => false,
        };
        if before_ok && begins {
            let len = bytes[at..].iter().take_while(|b| b.is_ascii_digit() || b" ()+/.-".contains(b)).count();
            let run = text[at..at + len].trim_end_matches(|c: char| !c.is_ascii_digit());
            if digits(run) >= 7 && dates::date_old(run).is_none_or(|(_, l)| l < run.len()) {
                out.push(at..at + run.len());
                at += run.len();
                continue;
            }
        }
        at += 1;
    }
    out
}
