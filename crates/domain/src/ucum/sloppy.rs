//! Units as laboratories print them, read into UCUM; `None` wherever the spelling leaves a doubt.
//!
//! The traps: `G/l` is 10⁹ per litre and not gauss, `K/µL` a thousand and not kelvin, `M` is never
//! milli, `Mg` and `Mmol` are not guessed at, `U` may be an enzyme or an international unit (told
//! apart by the analyte, not here), and a logarithm is never read as a count.

use super::{
    Unit,
    lexer::{Token, tokens},
    sloppy_words::{BASES, COUNTS, POWERS, PREFIXES, TAILS, WHOLE, WHOLE_LOWER, WORDS},
    table,
};

/// Longest spelling that is looked at, in bytes.
const MAX_LENGTH: usize = 64;

/// The UCUM code of a unit as printed, or `None` where it is not certain.
///
/// Whatever is returned can be read by [`Unit::parse`].
#[must_use]
pub fn read_unit(printed: &str) -> Option<String> {
    if printed.len() > MAX_LENGTH {
        return None;
    }
    let text = normalise(printed);
    if text.is_empty() {
        return None;
    }
    let whole = || {
        let lower: String = text.to_lowercase().chars().filter(|c| *c != ' ').collect();
        let exact = WHOLE.iter().find(|w| w.0 == text);
        exact.or_else(|| WHOLE_LOWER.iter().find(|w| w.0 == lower)).map(|w| w.1.to_owned())
    };
    let found = whole().or_else(|| composed(&text)).or_else(|| clinical_ucum(&text))?;
    Unit::parse(&found).is_ok().then_some(found)
}

/// One spelling for the many signs that look alike.
fn normalise(printed: &str) -> String {
    let mut out = String::with_capacity(printed.len());
    let chars: Vec<char> = printed.trim().chars().collect();
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        i += 1;
        match c {
            // HealthKit writes the molar mass into the unit: mmol<180.1558800000541>/L.
            '<' => {
                while i < chars.len() && chars[i - 1] != '>' {
                    i += 1;
                }
            }
            'µ' | 'μ' => out.push('u'),
            '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' | '⁻' => {
                if !out.ends_with(['^', '-']) {
                    out.push('^');
                }
                out.push(superscript(c));
            }
            '×' | '✕' => out.push('x'),
            '·' | '⋅' | '∙' | '•' => out.push('.'),
            '−' | '–' | '‐' => out.push('-'),
            '÷' | '∕' | '⁄' => out.push('/'),
            'º' | '˚' => out.push('°'),
            '℃' => out.push_str("°C"),
            '℉' => out.push_str("°F"),
            '％' => out.push('%'),
            ',' if out.ends_with(|d: char| d.is_ascii_digit())
                && chars.get(i).is_some_and(char::is_ascii_digit) =>
            {
                out.push('.');
            }
            c if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with([' ', '/', '.', '*', '^', '°']) {
                    out.push(' ');
                }
            }
            '/' | '*' | '^' if out.ends_with(' ') => {
                out.pop();
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    negative_exponents(&out)
}

const fn superscript(c: char) -> char {
    match c {
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
        _ => '-',
    }
}

/// `giga.l-1` and `mmol l^-1` become `giga/l` and `mmol/l`.
fn negative_exponents(text: &str) -> String {
    if !text.contains("-1") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(cut) = rest.find(['.', ' ']) {
        push_factor(&mut out, &rest[..cut], &rest[cut..=cut]);
        rest = &rest[cut + 1..];
    }
    push_factor(&mut out, rest, "");
    out
}

fn push_factor(out: &mut String, part: &str, separator: &str) {
    let base = part.strip_suffix("-1").map(|b| b.trim_end_matches('^'));
    match base.filter(|b| !b.is_empty() && b.chars().all(char::is_alphabetic)) {
        Some(base) => {
            out.truncate(out.trim_end_matches(['.', ' ']).len());
            out.push('/');
            out.push_str(base);
        }
        None => out.push_str(part),
    }
    out.push_str(separator);
}

/// Reads numerator and denominators word by word.
fn composed(text: &str) -> Option<String> {
    let spelled = text.replace(" per ", "/").replace(" pro ", "/");
    let spelled = spelled.strip_prefix("pro ").map_or_else(|| spelled.clone(), |r| format!("/{r}"));
    let capitals =
        spelled.chars().any(|c| c.is_ascii_uppercase()) && !spelled.chars().any(char::is_lowercase);
    let mut parts = spelled.split('/');
    let first = parts.next()?.trim();
    let denominators: Vec<&str> = parts.map(str::trim).collect();
    let over = denominators.iter().map(|d| denominator(d, capitals)).collect::<Option<Vec<_>>>()?;
    // A lone capital may be anything: siemens, hydrogen, a flag.
    if over.is_empty() && first.len() == 1 && capitals && !matches!(first, "U" | "L") {
        return None;
    }
    // "units" alone says only that there is one.
    if over.is_empty() && (first.is_empty() || first.eq_ignore_ascii_case("units")) {
        return None;
    }
    let above = if first.is_empty() {
        String::new()
    } else {
        counted(first, over.first().map(String::as_str)).or_else(|| product(first, capitals))?
    };
    Some(over.iter().fold(above, |acc, d| format!("{acc}/{d}")))
}

/// A numerator that is a power of ten, a count, or both: `10^3`, `x10E9 Bodies`, `Tsd`, `K`.
fn counted(text: &str, over: Option<&str>) -> Option<String> {
    let (power, rest) = match power_of_ten(text) {
        Some((power, rest)) => (Some(power), rest.trim()),
        None => (None, text),
    };
    let lower = rest.to_lowercase();
    let count = |word: &str| COUNTS.iter().find(|c| c.0 == word).map(|c| c.1);
    if let Some(power) = power {
        return if rest.is_empty() { Some(power) } else { Some(format!("{power}{}", count(&lower)?)) };
    }
    if let Some(note) = count(&lower) {
        // A bare `#` is a count only where it is counted in something.
        return over.map(|_| note.to_owned());
    }
    let (word, tail) = rest.split_once(' ').unwrap_or((rest, ""));
    let note = if tail.is_empty() { "" } else { count(&tail.to_lowercase())? };
    let by_volume = over.is_some_and(|d| matches!(d, "L" | "dL" | "mL" | "uL" | "nL" | "mm3" | "cm3"));
    let letter = match word {
        "K" | "k" if over.is_some_and(|d| matches!(d, "uL" | "mm3" | "mL")) => Some(3),
        "M" if over.is_some_and(|d| matches!(d, "uL" | "mm3" | "mL")) => Some(6),
        "G" if over == Some("L") => Some(9),
        "T" if over == Some("L") => Some(12),
        _ => None,
    };
    let named = || {
        let word = word.trim_end_matches('.').to_lowercase();
        POWERS.iter().find(|p| p.0 == word).map(|p| p.1)
    };
    let power = letter.or_else(|| named().filter(|_| by_volume))?;
    Some(format!("10*{power}{note}"))
}

/// `10^3`, `x10E3`, `10*9`, `10**6`, `x10(3)`, `*1000`, `10 9`, `103`: the power as UCUM, and what follows.
fn power_of_ten(text: &str) -> Option<(String, &str)> {
    let marked = text.strip_prefix(['x', 'X', '*']);
    let body = marked.unwrap_or(text).trim_start();
    for (zeros, power) in [("1000000", 6), ("1000", 3)] {
        if let Some(rest) = body.strip_prefix(zeros).filter(|r| !r.starts_with(|c: char| c.is_ascii_digit()))
        {
            return Some((format!("10*{power}"), rest));
        }
    }
    let rest = body.strip_prefix("10")?;
    // A lost superscript is read only where nothing else can be meant.
    for (digits, power) in [("3", 3), ("6", 6), ("9", 9), ("12", 12)] {
        let bare =
            rest.strip_prefix(digits).or_else(|| rest.strip_prefix(' ').and_then(|r| r.strip_prefix(digits)));
        if let Some(tail) = bare.filter(|t| t.is_empty() || t.starts_with(' ')) {
            return Some((format!("10*{power}"), tail));
        }
    }
    let signs = ["**", "^", "*", "E", "e", "exp", "x", "("];
    let rest = signs.iter().find_map(|s| rest.strip_prefix(s))?;
    let negative = rest.starts_with('-');
    let digits_start = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    let count = digits_start.bytes().take_while(u8::is_ascii_digit).count();
    let power: u8 = digits_start[..count].parse().ok().filter(|p| *p <= 18)?;
    let tail = digits_start[count..].strip_prefix(')').unwrap_or(&digits_start[count..]);
    Some((format!("10*{}{power}", if negative { "-" } else { "" }), tail))
}

fn denominator(text: &str, capitals: bool) -> Option<String> {
    if let Some((power, rest)) = power_of_ten(text) {
        let rest = rest.trim().to_lowercase();
        let note = COUNTS.iter().find(|c| c.0 == rest).map(|c| c.1);
        return if rest.is_empty() { Some(power) } else { Some(format!("({power}{})", note?)) };
    }
    let text = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(text);
    let digits = text.bytes().take_while(|c| c.is_ascii_digit() || *c == b'.').count();
    let (number, rest) = (&text[..digits], text[digits..].trim_start_matches([' ', '.', '*']));
    if number.is_empty() {
        let unit = product(rest, capitals)?;
        return Some(if unit.contains('.') { format!("({unit})") } else { unit });
    }
    let lower = rest.to_lowercase();
    if number == "1.73" && matches!(lower.as_str(), "m2" | "m^2" | "qm" | "sqm" | "" | "m") {
        return Some("{1.73_m2}".to_owned());
    }
    if number == "100" {
        return TAILS.iter().find(|t| t.0 == lower && t.1 == "{WBC}").map(|t| format!("100{}", t.1));
    }
    let unit = product(rest, capitals)?;
    let whole: u32 = number.parse().ok().filter(|n| (1..=100).contains(n))?;
    Some(if whole == 1 { unit } else { format!("({whole}.{unit})") })
}

/// Units multiplied with each other, each with a word behind it that says of what.
fn product(text: &str, capitals: bool) -> Option<String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    let mut out = Vec::new();
    for factor in text.split(['.', '*']) {
        out.push(term(factor.trim(), capitals)?);
    }
    (out.len() <= 3).then(|| out.join("."))
}

fn term(text: &str, capitals: bool) -> Option<String> {
    if let Some(unit) = word(text, capitals) {
        return Some(unit);
    }
    if let Some((unit, tail)) = text.split_once(' ') {
        let tail = tail.trim().to_lowercase();
        let note = TAILS.iter().find(|t| t.0 == tail).map(|t| t.1);
        if let Some(note) = note {
            return Some(format!("{}{note}", word(unit, capitals)?));
        }
        return if tail == "u" { word(unit, capitals).filter(|u| u.ends_with("'U]")) } else { None };
    }
    let lower = text.to_lowercase();
    // Lower-casing may change the length of exotic letters; those are no units.
    if lower.len() != text.len() {
        return None;
    }
    TAILS.iter().find_map(|(tail, note)| {
        let cut = lower.strip_suffix(tail)?.len();
        Some(format!("{}{note}", word(text.get(..cut)?, false)?))
    })
}

/// One unit, with its prefix.
fn word(text: &str, capitals: bool) -> Option<String> {
    let text = text.trim_end_matches('.');
    // The German `E`; in capitals only, and never for an exponent.
    match text {
        "E" => return Some("U".to_owned()),
        "mE" | "kE" | "uE" => return Some(text.replace('E', "U")),
        "" => return None,
        _ => {}
    }
    let lower = text.to_lowercase();
    if capitals && matches!(lower.as_str(), "m" | "g" | "t" | "k" | "mu" | "miu" | "mie" | "me") {
        return None;
    }
    let plain = WORDS.iter().find(|w| w.0 == lower).filter(|_| capitals || is_free(text));
    if let Some((_, unit)) = plain {
        return Some((*unit).to_owned());
    }
    let spelled: &str = if capitals { &lower } else { text };
    if let Some(unit) = base(spelled, capitals) {
        return Some(unit.to_owned());
    }
    PREFIXES.iter().find_map(|(prefix, code)| {
        let unit = base(spelled.strip_prefix(prefix)?, capitals)?;
        Some(format!("{code}{unit}"))
    })
}

/// Whether a word without prefix may be read without regard to case: long ones, and short ones in
/// their usual case.
fn is_free(text: &str) -> bool {
    text.len() >= 3 || !matches!(text, "S" | "H" | "D" | "A" | "Ms" | "MS")
}

fn base(text: &str, capitals: bool) -> Option<&'static str> {
    let lower = text.to_lowercase();
    BASES.iter().find(|b| if b.2 || capitals { b.0 == lower } else { b.0 == text }).map(|b| b.1)
}

/// A text that is UCUM already, if every symbol in it is one of medicine's and no prefix makes it
/// absurd: `K/uL` is UCUM too, for kelvin.
fn clinical_ucum(text: &str) -> Option<String> {
    const PLAIN: &[&str] = &[
        "g", "L", "l", "mol", "m", "s", "min", "h", "d", "wk", "mo", "a", "%", "U", "kat", "Pa", "Cel", "eq",
        "osm", "10*", "10^", "J", "cal", "W", "Hz", "V", "Ohm", "Bq", "Gy", "Sv", "deg", "dyn", "bar",
    ];
    let fits = tokens(text).ok()?.into_iter().all(|t| match t {
        Token::Symbol { prefix, atom, .. } => {
            let code = table::ATOMS[atom].code;
            let large = prefix.is_some_and(|p| table::PREFIXES[p].2 > 1000.0);
            (code.contains('[') || PLAIN.contains(&code))
                && !(large && matches!(code, "g" | "L" | "l" | "mol" | "m" | "s" | "U" | "eq"))
        }
        _ => true,
    });
    fits.then(|| text.to_owned())
}
