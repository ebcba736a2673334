//! Numbers that we computed, as text. Printed values never pass through here.

use crate::i18n::Lang;

/// Appends a coordinate with at most one decimal; whole arithmetic, so that server and browser
/// write the same text. What is no number or off the page stands at the edge of the page.
pub fn coordinate(out: &mut String, v: f64) {
    let v = if v.is_nan() { 0.0 } else { v.clamp(-100_000.0, 100_000.0) };
    let tenths = (v * 10.0).round() as i64;
    if tenths < 0 {
        out.push('-');
    }
    let tenths = tenths.unsigned_abs();
    out.push_str(&(tenths / 10).to_string());
    if !tenths.is_multiple_of(10) {
        out.push('.');
        out.push(char::from(b'0' + (tenths % 10) as u8));
    }
}

/// A number with fixed decimals, thousands grouped, with a real minus sign; a power of ten for
/// magnitudes that nobody can count zeros of. Empty for what is no number.
#[must_use]
pub fn fixed(lang: Lang, v: f64, decimals: usize) -> String {
    if !v.is_finite() {
        return String::new();
    }
    if v != 0.0 && (v.abs() >= 1e9 || v.abs() < 1e-6) {
        return scientific(lang, v);
    }
    let text = format!("{:.*}", decimals.min(9), v.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let (thousands, point) = if lang == Lang::De { ('.', ',') } else { (',', '.') };
    let mut out = String::with_capacity(text.len() + 6);
    if v < 0.0 && text.bytes().any(|b| b.is_ascii_digit() && b != b'0') {
        out.push('−');
    }
    for (i, c) in whole.chars().enumerate() {
        if whole.len() > 4 && i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(thousands);
        }
        out.push(c);
    }
    if !part.is_empty() {
        out.push(point);
        out.push_str(part);
    }
    out
}

fn scientific(lang: Lang, v: f64) -> String {
    let text = format!("{:.2e}", v.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    let mantissa = if lang == Lang::De { mantissa.replace('.', ",") } else { mantissa.to_owned() };
    let sign = if v < 0.0 { "−" } else { "" };
    let up: String = exponent
        .chars()
        .map(|c| match c {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            d => d.to_digit(10).and_then(|d| char::from_u32(0x2070 + d)).unwrap_or(d),
        })
        .collect();
    format!("{sign}{mantissa}×10{up}")
}

/// The decimals that show `v` to three figures, at least `usual`, without closing zeros beyond it.
fn decimals_for(v: f64, usual: usize) -> usize {
    if v == 0.0 || !v.is_finite() || v.abs() >= 1.0 {
        return usual;
    }
    let needed = (2.0 - v.abs().log10().floor()).clamp(0.0, 9.0) as usize;
    let text = format!("{:.*}", needed, v.abs());
    let closing = text.len() - text.trim_end_matches('0').len();
    needed.saturating_sub(closing).max(usual)
}

/// A value with the decimals usual for it, more where it would else lose its figures.
#[must_use]
pub fn figures(lang: Lang, v: f64, usual: u8) -> String {
    fixed(lang, v, decimals_for(v, usize::from(usual)))
}

/// A difference with its sign; `±0` where the shown figures are equal.
#[must_use]
pub fn signed(lang: Lang, v: f64, usual: u8) -> String {
    let text = figures(lang, v.abs(), usual);
    if !text.contains(|c: char| c.is_ascii_digit() && c != '0') {
        return "±0".to_owned();
    }
    format!("{}{text}", if v < 0.0 { "−" } else { "+" })
}

/// A limit: up to six figures, without closing zeros.
#[must_use]
pub fn plain(lang: Lang, v: f64) -> String {
    if !v.is_finite() {
        return String::new();
    }
    let whole = if v == 0.0 { 1.0 } else { v.abs().log10().floor() + 1.0 };
    let decimals = (6.0 - whole).clamp(0.0, 9.0) as usize;
    let text = format!("{v:.decimals$}");
    let shown = match text.split_once('.') {
        Some((_, part)) => part.trim_end_matches('0').len(),
        None => 0,
    };
    fixed(lang, v, shown)
}

/// A range: `30–400`, `≤ 5`, `≥ 40`; empty without a limit.
#[must_use]
pub fn range(lang: Lang, low: Option<f64>, high: Option<f64>) -> String {
    let good = |v: Option<f64>| v.filter(|v| v.is_finite()).map(|v| plain(lang, v));
    match (good(low), good(high)) {
        (Some(l), Some(h)) => format!("{l}–{h}"),
        (Some(l), None) => format!("≥\u{a0}{l}"),
        (None, Some(h)) => format!("≤\u{a0}{h}"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_one_decimal_and_are_always_numbers() {
        let of = |v| {
            let mut s = String::new();
            coordinate(&mut s, v);
            s
        };
        assert_eq!(of(12.0), "12");
        assert_eq!(of(-0.04), "0");
        assert_eq!(of(-0.26), "-0.3");
        assert_eq!(of(1.0 / 3.0), "0.3");
        assert_eq!(of(f64::NAN), "0");
        assert_eq!(of(f64::INFINITY), "100000");
    }

    #[test]
    fn numbers_follow_the_language() {
        assert_eq!(fixed(Lang::En, 12345.5, 1), "12,345.5");
        assert_eq!(fixed(Lang::De, 12345.5, 1), "12.345,5");
        assert_eq!(fixed(Lang::De, -0.5, 1), "−0,5");
        assert_eq!(fixed(Lang::En, -0.01, 1), "0.0");
        assert_eq!(fixed(Lang::En, 2.5e12, 0), "2.5×10¹²");
        assert_eq!(fixed(Lang::De, 1.25e-8, 9), "1,25×10⁻⁸");
        assert_eq!(fixed(Lang::En, f64::NAN, 1), "");
    }

    #[test]
    fn small_values_keep_their_figures() {
        assert_eq!(figures(Lang::En, 0.0234, 1), "0.0234");
        assert_eq!(figures(Lang::En, 0.5, 1), "0.5");
        assert_eq!(figures(Lang::En, 31.0, 0), "31");
        assert_eq!(figures(Lang::En, 5.449, 1), "5.4");
        assert_eq!(signed(Lang::En, -0.3, 1), "−0.3");
        assert_eq!(signed(Lang::En, 0.0, 1), "±0");
    }

    #[test]
    fn limits_lose_the_dust_of_conversion() {
        assert_eq!(range(Lang::En, Some(29.999_999_999), Some(400.000_000_1)), "30–400");
        assert_eq!(range(Lang::De, Some(3.5), Some(5.1)), "3,5–5,1");
        assert_eq!(range(Lang::En, None, Some(0.55)), "≤\u{a0}0.55");
        assert_eq!(range(Lang::En, Some(40.0), Some(f64::NAN)), "≥\u{a0}40");
        assert_eq!(plain(Lang::En, 150_000.0), "150,000");
    }
}
