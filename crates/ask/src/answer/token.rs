//! A question as words: folded, German compounds taken apart, dates and units recognised.

pub use crate::text::same_unit;
use crate::text::{fold, unit_key};
use keepwell_domain::time::{Date, When};
use std::{collections::HashMap, sync::OnceLock};

/// No question is read beyond so many characters or words.
pub const LONGEST: usize = 500;
const MOST_WORDS: usize = 80;

/// A word of the question.
#[derive(Clone, Default)]
pub struct Token {
    /// Folded.
    pub word: String,
    /// As it was typed, a compound as a whole.
    pub raw: String,
    /// A number that it is.
    pub number: Option<f64>,
    /// Whether it was written in capitals, as abbreviations are.
    pub is_upper: bool,
    /// A date that it is.
    pub date: Option<When>,
    /// Two dates that it may be: the day first, the month first.
    pub two_ways: Option<(Date, Date)>,
    /// A unit that it is, as the catalogue writes it.
    pub unit: Option<&'static str>,
    /// Whether something was already read out of it.
    pub used: bool,
    /// Whether it is a part of what the question names.
    pub is_named: bool,
}

impl Token {
    /// Whether it is one of these folded words and not used up.
    #[must_use]
    pub fn is(&self, list: &[&str]) -> bool {
        !self.used && list.contains(&self.word.as_str())
    }
}

/// Ends of German compounds and English plurals that say "value", "vaccination" and the like. Folded.
const TAILS: &[&str] = &[
    "werte",
    "wertes",
    "werten",
    "wert",
    "spiegel",
    "spiegels",
    "messungen",
    "messung",
    "bestimmung",
    "bestimmungen",
    "schutzimpfungen",
    "schutzimpfung",
    "impfungen",
    "impfung",
    "kurve",
    "entwicklung",
    "trend",
    "durchschnitt",
    "konzentration",
    "anstieg",
    "allergien",
    "allergie",
    "tabletten",
    "verlauf",
    "ergebnisse",
    "ergebnis",
    "level",
    "levels",
    "befund",
    "befunde",
    "therapie",
    "operation",
];

/// The words of a question.
#[must_use]
pub fn tokens(question: &str) -> Vec<Token> {
    let text: String = question.chars().take(LONGEST).collect();
    let mut out: Vec<Token> = Vec::new();
    for chunk in text.split_whitespace() {
        let bare = chunk.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '°' | 'µ' | 'μ'));
        if bare.is_empty() {
            continue;
        }
        let raw = bare.to_owned();
        match date(bare) {
            Some(Ok(w)) => out.push(Token { raw, date: Some(w), ..Token::default() }),
            Some(Err(two)) => out.push(Token { raw, two_ways: Some(two), ..Token::default() }),
            None => match (unit(bare), number(bare)) {
                (Some(u), _) => out.push(Token { word: fold(bare), raw, unit: Some(u), ..Token::default() }),
                (_, Some(n)) => {
                    out.push(Token { word: raw.replace(',', "."), raw, number: Some(n), ..Token::default() });
                }
                _ => plain(bare, &mut out),
            },
        }
        if out.len() >= MOST_WORDS {
            out.truncate(MOST_WORDS);
            break;
        }
    }
    out
}

/// `130`, `7.5`, `7,5`.
fn number(text: &str) -> Option<f64> {
    let plain = text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
    if plain { text.replace(',', ".").parse().ok() } else { None }
}

fn plain(chunk: &str, out: &mut Vec<Token>) {
    for piece in
        chunk.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|p| !p.is_empty())
    {
        let is_upper =
            piece.chars().any(char::is_uppercase) && !piece.chars().skip(1).any(char::is_lowercase);
        for word in fold(piece).split(' ').filter(|w| !w.is_empty()) {
            let split = TAILS.iter().find_map(|t| {
                let head = word.strip_suffix(t)?;
                (head.chars().count() >= 2).then_some((head, *t))
            });
            let parts = match split {
                Some((head, tail)) => vec![head, tail],
                None => vec![word],
            };
            for p in parts {
                out.push(Token { word: p.to_owned(), raw: piece.to_owned(), is_upper, ..Token::default() });
            }
        }
    }
}

/// A date in one piece. `Err` when the order of day and month cannot be told.
fn date(text: &str) -> Option<Result<When, (Date, Date)>> {
    let number =
        |s: &str| s.parse::<i16>().ok().filter(|_| s.len() <= 4 && s.bytes().all(|b| b.is_ascii_digit()));
    let year = |s: &str| match s.len() {
        4 => number(s),
        2 => number(s).map(|y| if y < 70 { 2000 + y } else { 1900 + y }),
        _ => None,
    };
    let small = |s: &str| if s.len() <= 2 { number(s).and_then(|n| u8::try_from(n).ok()) } else { None };
    if let Ok(w) = When::parse(text)
        && text.len() >= 7
    {
        return Some(Ok(w));
    }
    if text.len() == 4 && text.starts_with(['1', '2']) {
        return number(text).filter(|y| (1900..=2100).contains(y)).map(|y| Ok(When::Year(y)));
    }
    let dotted: Vec<&str> = text.split('.').collect();
    if let [d, m, y] = dotted[..] {
        return Date::new(year(y)?, small(m)?, small(d)?).ok().map(|d| Ok(When::Day(d)));
    }
    let slashed: Vec<&str> = text.split('/').collect();
    match slashed[..] {
        [a, b, y] => {
            let (a, b, y) = (small(a)?, small(b)?, year(y)?);
            match (Date::new(y, b, a), Date::new(y, a, b)) {
                (Ok(d), Ok(m)) if d == m => Some(Ok(When::Day(d))),
                (Ok(d), Ok(m)) => Some(Err((d, m))),
                (Ok(d), Err(_)) | (Err(_), Ok(d)) => Some(Ok(When::Day(d))),
                _ => None,
            }
        }
        [m, y] if y.len() == 4 => {
            let (m, y) = (small(m)?, year(y)?);
            Date::new(y, m, 1).ok().map(|_| Ok(When::Month(y, m)))
        }
        _ => None,
    }
}

/// The catalogue's unit that a text writes. Only what looks like a unit is one: `mmol/L`, `%`, `°C`.
fn unit(text: &str) -> Option<&'static str> {
    static UNITS: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    let units = UNITS.get_or_init(|| {
        let mut all = HashMap::new();
        for a in keepwell_domain::analyte::all() {
            for u in a.units() {
                all.entry(unit_key(u.unit)).or_insert(u.unit);
                all.entry(unit_key(&u.label)).or_insert(u.unit);
            }
        }
        all
    });
    let looks = text.contains(['/', '%', '°'])
        || matches!(
            text,
            "kg" | "lb" | "lbs" | "mmHg" | "mmhg" | "kPa" | "kpa" | "cm" | "Fahrenheit" | "Celsius"
        );
    let text = match text {
        "lbs" => "lb",
        "Fahrenheit" => "°F",
        "Celsius" => "°C",
        t => t,
    };
    if looks { units.get(&unit_key(text)).copied() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(q: &str) -> Vec<String> {
        tokens(q).into_iter().map(|t| t.word).collect()
    }

    #[test]
    fn compounds_are_taken_apart() {
        assert_eq!(words("Cholesterinwerte?"), ["cholesterin", "werte"]);
        assert_eq!(words("Ferritinspiegel"), ["ferritin", "spiegel"]);
        assert_eq!(words("LDL-Wert"), ["ldl", "wert"]);
    }

    #[test]
    fn dates_are_read_and_two_readings_are_kept() {
        let one = |q: &str| tokens(q).remove(0);
        assert_eq!(one("31.05.2024").date, When::parse("2024-05-31").ok());
        assert_eq!(one("2024-05").date, When::parse("2024-05").ok());
        assert_eq!(one("2019?").date, Some(When::Year(2019)));
        assert!(one("03/04/2024").two_ways.is_some());
        assert_eq!(one("25/04/2024").date, When::parse("2024-04-25").ok());
        assert!(one("31.02.2024").date.is_none());
    }

    #[test]
    fn units_are_told_from_words() {
        assert_eq!(tokens("mmol/l")[0].unit, Some("mmol/L"));
        assert!(tokens("and/or")[0].unit.is_none());
    }
}
