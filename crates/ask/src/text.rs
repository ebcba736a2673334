//! Texts made comparable: one spelling for what people write in many.

use unicode_normalization::UnicodeNormalization as _;

/// Lower case, without accents, `ß` as `ss`, and `ae`, `oe`, `ue` as `a`, `o`, `u`, so that `Hämoglobin`,
/// `Haemoglobin` and `HAMOGLOBIN` are one. What is neither letter nor digit becomes one space.
///
/// Both sides of a comparison have to be folded.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => out.push_str("ss"),
            // NFKD leaves these, and both stand in units and names.
            'µ' | 'μ' => out.push('u'),
            'γ' => out.push_str("gamma"),
            'α' => out.push_str("alpha"),
            'β' => out.push_str("beta"),
            'ø' => out.push('o'),
            'æ' => out.push('a'),
            'e' if out.ends_with(['a', 'o', 'u']) => {}
            c if c.is_alphanumeric() => out.push(c),
            _ if out.ends_with(' ') || out.is_empty() => {}
            _ => out.push(' '),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
}

/// Folded words.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    fold(text).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// A unit made comparable.
#[must_use]
pub fn unit_key(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'µ' || c == 'μ' { 'u' } else { c })
        .filter(|c| !matches!(c, ' ' | '[' | ']' | '*'))
        .collect()
}

/// Whether two units are written alike.
#[must_use]
pub fn same_unit(a: &str, b: &str) -> bool {
    let label = |u: &str| unit_key(&keepwell_domain::analyte::unit_label(u));
    unit_key(a) == unit_key(b) || label(a) == label(b)
}

/// A word as it sounds: doubled letters once, `ph` as `f`, `y` as `i`, `c` and `z` as `k` and `s`, no `h`. People
/// write names of tests and medicines as they hear them.
fn sound(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.replace("ph", "f").replace("qu", "kw").chars() {
        let c = match c {
            'y' => 'i',
            'c' => 'k',
            'z' => 's',
            'h' => continue,
            c => c,
        };
        if !out.ends_with(c) || c.is_ascii_digit() {
            out.push(c);
        }
    }
    out
}

/// How many insertions, deletions, replacements and swaps of neighbours turn one into the other, counted up to
/// `most`; `None` beyond.
#[must_use]
pub fn slips(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most || a.len().max(b.len()) > 64 {
        return (a == b).then_some(0);
    }
    let width = b.len() + 1;
    let mut rows = vec![vec![0usize; width]; 3];
    rows[0] = (0..width).collect();
    for i in 1..=a.len() {
        let (now, before, earlier) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        rows[now][0] = i;
        for j in 1..width {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[before][j] + 1).min(rows[now][j - 1] + 1).min(rows[before][j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[earlier][j - 2] + 1);
            }
            rows[now][j] = best;
        }
    }
    Some(rows[a.len() % 3][b.len()]).filter(|n| *n <= most)
}

/// So many slips are believed in a word of this length: none in a short one, where one letter makes another
/// word, and never one that changes a digit (`B6` is not `B12`).
#[must_use]
pub fn allowed_slips(word: &str) -> usize {
    match word.chars().count() {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    }
}

/// Whether a typed word may mean the known one, and with how many slips.
#[must_use]
pub fn nearly(typed: &str, known: &str) -> Option<usize> {
    if typed == known {
        return Some(0);
    }
    // Cheap first: a question's word is held against every name of the catalogue.
    let most = allowed_slips(typed).min(allowed_slips(known));
    let is_far = typed.chars().count().abs_diff(known.chars().count()) > most + 2;
    if most == 0
        || is_far
        || !typed.chars().filter(char::is_ascii_digit).eq(known.chars().filter(char::is_ascii_digit))
    {
        return None;
    }
    slips(typed, known, most).or_else(|| (sound(typed) == sound(known)).then_some(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_are_one() {
        for t in ["Hämoglobin", "Haemoglobin", "HAMOGLOBIN", "hämoglobin"] {
            assert_eq!(fold(t), "hamoglobin");
        }
        assert_eq!(fold("  HDL-Cholesterin,  (mg/dL)! "), "hdl cholesterin mg dl");
        assert_eq!(fold("Fußweg 5 µg"), "fussweg 5 ug");
    }

    #[test]
    fn slips_are_counted_and_swaps_are_one() {
        assert_eq!(slips("ferritin", "ferritin", 2), Some(0));
        assert_eq!(slips("feritin", "ferritin", 2), Some(1));
        assert_eq!(slips("ferrtiin", "ferritin", 2), Some(1));
        assert_eq!(slips("glucose", "lactose", 2), None);
    }

    #[test]
    fn short_words_and_digits_allow_no_slip() {
        assert_eq!(nearly("ldl", "hdl"), None);
        assert_eq!(nearly("vitamin b6", "vitamin b12"), None);
        assert_eq!(nearly("cholsterol", "cholesterol"), Some(1));
        assert_eq!(nearly("ferittin", "ferritin"), Some(2));
        assert_eq!(nearly("colesterol", "cholesterol"), Some(1));
    }
}
