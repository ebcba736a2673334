//! Numbers as people write them, and the units behind them.

/// A number at the start of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// What it may mean: `1.234` is one thing in Germany and another in England.
    pub readings: Vec<f64>,
    /// `<`, `<=`, `>`, `>=` before it, or nothing.
    pub comparator: &'static str,
    /// Bytes that it takes.
    pub len: usize,
}

/// Reads a number with its comparator and sign. `before` is the character before it.
pub fn number(text: &str, before: Option<char>) -> Option<Number> {
    let (comparator, rest) = comparator(text);
    let sign_fits = before.is_none_or(|c| c.is_whitespace() || "([„\"'=:".contains(c));
    let (negative, digits) = match rest.chars().next()? {
        '-' | '−' if sign_fits || !comparator.is_empty() => {
            (true, &rest[rest.chars().next()?.len_utf8()..])
        }
        '+' if sign_fits => (false, &rest[1..]),
        _ => (false, rest),
    };
    let len = extent(digits);
    if len == 0 {
        return None;
    }
    let mut readings = readings(&digits[..len]);
    if readings.is_empty() {
        return None;
    }
    if negative {
        readings.iter_mut().for_each(|r| *r = -*r);
    }
    Some(Number { readings, comparator, len: text.len() - digits.len() + len })
}

fn comparator(text: &str) -> (&'static str, &str) {
    let signs = [
        ("<=", "<="),
        (">=", ">="),
        ("=<", "<="),
        ("=>", ">="),
        ("≤", "<="),
        ("≥", ">="),
        ("<", "<"),
        (">", ">"),
    ];
    for (sign, meaning) in signs {
        if let Some(rest) = text.strip_prefix(sign) {
            return (meaning, rest.trim_start_matches(' '));
        }
    }
    ("", text)
}

/// Bytes of digits with their separators; groups of three may stand apart.
fn extent(text: &str) -> usize {
    let b = text.as_bytes();
    let digit = |i: usize| b.get(i).is_some_and(u8::is_ascii_digit);
    let mut i = 0;
    while digit(i) {
        i += 1;
        if matches!(b.get(i), Some(b'.' | b',' | b'\'')) && digit(i + 1) {
            i += 1;
        }
        let group = digit(i + 1)
            && digit(i + 2)
            && digit(i + 3)
            && !digit(i + 4)
            && !matches!(b.get(i + 4), Some(b'.' | b','));
        if b.get(i) == Some(&b' ') && group && i <= 3 {
            i += 1;
        }
    }
    i
}

/// What the digits may mean, at most two things.
fn readings(digits: &str) -> Vec<f64> {
    if digits.len() > 32 {
        return Vec::new();
    }
    let digits: String = digits.chars().filter(|c| !matches!(c, ' ' | '\'')).collect();
    let mut out: Vec<f64> = Vec::new();
    for (point, group) in [('.', ','), (',', '.')] {
        let (whole, part) = digits.split_once(point).unwrap_or((digits.as_str(), ""));
        let groups: Vec<&str> = whole.split(group).collect();
        let grouped = groups.len() == 1
            || (groups.first().is_some_and(|g| (1..=3).contains(&g.len()))
                && groups.iter().skip(1).all(|g| g.len() == 3));
        if !grouped || part.contains(['.', ',']) {
            continue;
        }
        let plain = format!("{}.{part}", groups.concat());
        if let Ok(v) = plain.parse::<f64>()
            && v.is_finite()
            && !out.contains(&v)
        {
            out.push(v);
        }
    }
    out
}

/// A value as a record prints it, in parts; `None` for a text.
pub fn printed(value: &str) -> Option<(Number, &str)> {
    let value = value.trim();
    let n = number(value, None)?;
    let unit = value.get(n.len..)?.trim();
    // A ratio, a range, a second number: to be found letter by letter only.
    let is_plain = !unit.starts_with([':', '-', '–', '.', ',']) && !unit.contains(char::is_whitespace);
    let exact = Number { readings: n.readings.into_iter().take(1).collect(), ..n };
    is_plain.then_some((exact, unit))
}

pub fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-9)
}

/// A unit in one spelling for each.
fn fold(c: char) -> Option<char> {
    Some(match c {
        // `10^9`, `10*9` and `10⁹` are one thing.
        ' ' | '^' | '*' | '⋅' => return None,
        'μ' => 'µ',
        '×' | '·' | 'X' => 'x',
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴' => '4',
        '⁵' => '5',
        '⁶' => '6',
        '⁷' => '7',
        '⁸' => '8',
        '⁹' => '9',
        'L' => 'l',
        c => c,
    })
}

/// How many bytes of the text are just that unit, after at most one space.
pub fn unit_here(text: &str, unit: &str) -> Option<usize> {
    if unit.is_empty() {
        return None;
    }
    let start = usize::from(text.starts_with(' '));
    let mut wanted = unit.chars().filter_map(fold).peekable();
    let mut end = start;
    for (i, c) in text[start..].char_indices() {
        if wanted.peek().is_none() {
            break;
        }
        match fold(c) {
            None => continue,
            Some(c) if wanted.next() == Some(c) => {
                end = start + i + text[start + i..].chars().next()?.len_utf8()
            }
            Some(_) => return None,
        }
    }
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '/' | '^' | '*' | '%' | '°' | 'µ');
    (wanted.peek().is_none() && !text[end..].starts_with(goes_on)).then_some(end)
}

/// Words that make of the number before them something else than a value without a unit.
const UNITS: &[&str] = &[
    "mg", "g", "kg", "µg", "ug", "mcg", "ng", "pg", "ml", "l", "dl", "fl", "mmol", "µmol", "umol", "nmol",
    "pmol", "mol", "mol%", "iu", "ie", "u", "miu", "mmhg", "kpa", "bpm", "kcal", "kj", "cm", "m", "mm", "km",
    "in", "lb", "lbs", "h", "min", "s", "ms", "sec", "d", "percent", "prozent", "x", "mal", "times", "fold",
    "g%", "mval", "meq", "ppm",
];

/// A unit or counted thing at the start of the text, after at most one space: how many bytes.
pub fn any_unit(text: &str) -> Option<usize> {
    let start = usize::from(text.starts_with(' '));
    let rest = &text[start..];
    let end = rest.find(|c: char| c.is_whitespace() || ",;()[]„“\"".contains(c)).unwrap_or(rest.len());
    let word = rest[..end].trim_end_matches(['.', ':', '!', '?']);
    let is_unit = word.contains(['/', '%', '°', '^', '*', '×', 'µ', 'μ', '€', '$'])
        || word.contains(char::is_numeric)
        || UNITS.contains(&word.to_lowercase().as_str());
    (!word.is_empty() && is_unit && !word.starts_with(['-', '–', '/'])).then_some(start + word.len())
}

/// Whether a number without a unit may be a value where these words follow it.
pub fn may_end(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "and", "und", "or", "oder", "on", "am", "in", "im", "to", "auf", "bis", "from", "von", "vom", "at",
        "bei", "is", "was", "war", "ist", "which", "than", "als", "as", "but", "aber", "then", "dann",
        "with", "mit", "while",
    ];
    let rest = text.trim_start();
    let word: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
    word.is_empty() || WORDS.contains(&word.to_lowercase().as_str())
}

/// Numbers that are written out: two and more, half, double.
pub fn is_number_word(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "hundreds",
        "thousand",
        "thousands",
        "million",
        "twice",
        "doubled",
        "halved",
        "tripled",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "fuenf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
        "zwoelf",
        "dreizehn",
        "vierzehn",
        "fünfzehn",
        "sechzehn",
        "siebzehn",
        "achtzehn",
        "neunzehn",
        "zwanzig",
        "dreißig",
        "dreissig",
        "vierzig",
        "fünfzig",
        "sechzig",
        "siebzig",
        "achtzig",
        "neunzig",
        "verdoppelt",
        "halbiert",
        "verdreifacht",
        "doppelt",
        "anderthalb",
        "eineinhalb",
    ];
    let word = word.to_lowercase();
    WORDS.contains(&word.as_str())
        || word.split('-').any(|w| WORDS.contains(&w))
        || (word.contains("und") && word.ends_with("zig"))
        || word.contains("hundert")
        || word.contains("tausend")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn numbers_are_read_in_both_conventions() {
        for (text, readings, len) in [
            ("5.4 mmol", vec![5.4], 3),
            ("5,4", vec![5.4], 3),
            ("1.234,5", vec![1234.5], 7),
            ("1,234.5", vec![1234.5], 7),
            ("1.234", vec![1.234, 1234.0], 5),
            ("250 000 /µl", vec![250_000.0], 7),
            ("1'234", vec![1234.0], 5),
            ("5. Next", vec![5.0], 1),
            ("-0.3", vec![-0.3], 4),
            ("1.2.3", vec![], 0),
        ] {
            let n = number(text, None);
            assert_eq!(n.as_ref().map_or(&[][..], |n| &n.readings), readings, "{text}");
            assert_eq!(n.map_or(0, |n| n.len), len, "{text}");
        }
        let n = number("≤ 3,0", None).unwrap();
        assert_eq!((n.comparator, n.readings), ("<=", vec![3.0]));
        assert_eq!(number("-6.2", Some('4')), None);
    }

    #[test]
    fn units_are_known_in_their_spellings_and_only_whole() {
        assert_eq!(unit_here(" mmol/L.", "mmol/L"), Some(7));
        assert_eq!(unit_here("mmol/l", "mmol/L"), Some(6));
        assert_eq!(unit_here(" mmol", "mmol/L"), None);
        assert_eq!(unit_here(" mmol/L/d", "mmol/L"), None);
        assert_eq!(unit_here(" ×10⁹/L", "x10^9/L"), Some(" ×10⁹/L".len()));
        assert_eq!(unit_here(" %", "%"), Some(2));
        assert_eq!(unit_here(" mgs", "mg"), None);
        assert_eq!(any_unit(" mg/dL and"), Some(6));
        assert_eq!(any_unit(" and"), None);
        assert_eq!(any_unit("%."), Some(1));
    }
}
