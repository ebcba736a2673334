//! Dates, counts and sizes as each language writes them. Printed values never pass through here.

use super::Lang;
use keepwell_domain::{
    lang::{MONTHS_DE, MONTHS_EN},
    time::{Date, SECOND, Ts, When},
};

const SHORT_EN: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const SHORT_DE: [&str; 12] =
    ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."];

/// The full name of a month, 1 to 12; empty for any other number.
#[must_use]
pub fn month_name(lang: Lang, month: u8) -> &'static str {
    let names = match lang {
        Lang::En => &MONTHS_EN,
        Lang::De => &MONTHS_DE,
    };
    names.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or("")
}

fn short_month(lang: Lang, month: u8) -> &'static str {
    let names = match lang {
        Lang::En => &SHORT_EN,
        Lang::De => &SHORT_DE,
    };
    names.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or("")
}

/// `3 Mar 2024`, `3. März 2024`.
#[must_use]
pub fn day(lang: Lang, d: Date) -> String {
    let dot = if lang == Lang::De { "." } else { "" };
    format!("{}{dot} {} {}", d.day(), short_month(lang, d.month()), d.year())
}

/// A date as a record states it (ISO, as precise as it was), in words; a text that is no date is
/// shown as it is.
#[must_use]
pub fn date(lang: Lang, iso: &str) -> String {
    match When::parse(iso) {
        Ok(When::Year(y)) => y.to_string(),
        Ok(When::Month(y, m)) => format!("{} {y}", short_month(lang, m)),
        Ok(w) => day(lang, w.date()),
        Err(_) => iso.to_owned(),
    }
}

/// [`date`] with the time of day where one was stated.
#[must_use]
pub fn date_time(lang: Lang, iso: &str) -> String {
    let clock = When::parse(iso).ok().and_then(When::clock);
    match clock {
        Some(c) => {
            // The clock where it was taken; where only UTC is known, that is said.
            let zone = if iso.ends_with('Z') { "\u{a0}UTC" } else { "" };
            format!("{}, {:02}:{:02}{zone}", date(lang, iso), c / SECOND / 3600, c / SECOND / 60 % 60)
        }
        None => date(lang, iso),
    }
}

/// A time of the system's own: `21 Nov 2026, 21:30 UTC`.
#[must_use]
pub fn ts(lang: Lang, t: Ts) -> String {
    let minutes = t.0.div_euclid(SECOND).rem_euclid(86_400) / 60;
    format!("{}, {:02}:{:02} UTC", day(lang, t.date()), minutes / 60, minutes % 60)
}

/// A count with its thousands grouped.
#[must_use]
pub fn count(lang: Lang, n: u64) -> String {
    let digits = n.to_string();
    let sep = if lang == Lang::De { '.' } else { ',' };
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(sep);
        }
        out.push(c);
    }
    out
}

/// A computed number with fixed decimals, with a decimal comma in German.
#[must_use]
pub fn number(lang: Lang, v: f64, decimals: usize) -> String {
    let s = format!("{v:.decimals$}");
    if lang == Lang::De { s.replace('.', ",") } else { s }
}

/// A size in bytes, kB, MB or GB (powers of 1000).
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn size(lang: Lang, bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{} kB", number(lang, bytes as f64 / 1e3, 0)),
        1_000_000..1_000_000_000 => format!("{} MB", number(lang, bytes as f64 / 1e6, 1)),
        _ => format!("{} GB", number(lang, bytes as f64 / 1e9, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_no_more_precise_than_they_were_stated() {
        assert_eq!(date(Lang::En, "2019"), "2019");
        assert_eq!(date(Lang::De, "2019-03"), "März 2019");
        assert_eq!(date(Lang::De, "2019-03-04"), "4. März 2019");
        assert_eq!(date_time(Lang::En, "2019-03-04T08:30:00+02:00"), "4 Mar 2019, 08:30");
        assert_eq!(date(Lang::En, "spring"), "spring");
    }

    #[test]
    fn german_numbers_have_a_decimal_comma() {
        assert_eq!(number(Lang::De, 5.25, 1), "5,2");
        assert_eq!(size(Lang::De, 2_500_000), "2,5 MB");
        assert_eq!(count(Lang::En, 1_234_567), "1,234,567");
        assert_eq!(count(Lang::De, 999), "999");
    }
}
