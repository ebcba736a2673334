//! Numbers, dates and counts in words.

use super::{Lang, Texts};
use keepwell_domain::{
    lang::{MONTHS_DE, MONTHS_EN},
    time::Date,
};
use keepwell_journal::{
    derive::{Certainty, DayLabel, Level, hormone},
    model::{Amount, HormoneKind, Moment, monitor::SizeBand},
};

/// Puts a value where `{n}` stands.
#[must_use]
pub fn fill(text: &str, n: &str) -> String {
    text.replace("{n}", n)
}

/// `one` or `many` by the count. Right for English and German.
#[must_use]
pub fn plural(count: i64, one: &str, many: &str) -> String {
    fill(if count == 1 { one } else { many }, &count.to_string())
}

/// A number with at most so many decimals, without empty ones.
#[must_use]
pub fn number(lang: Lang, value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let text = if text == "-0" { "0" } else { text };
    comma(lang, text).replace('-', "\u{2212}")
}

fn comma(lang: Lang, text: &str) -> String {
    match lang {
        Lang::En => text.to_owned(),
        Lang::De => text.replace('.', ","),
    }
}

/// An amount as entered, its unit as people write it.
#[must_use]
pub fn amount(lang: Lang, amount: &Amount) -> String {
    let sign = amount.comparator.map_or("", |c| c.as_str());
    let unit = super::unit(lang, &amount.unit);
    let space = if unit.is_empty() { "" } else { "\u{a0}" };
    format!("{sign}{}{space}{unit}", comma(lang, amount.number.as_str()))
}

/// `4 × 10–14 mm`: so many follicles within limits of size.
#[must_use]
pub fn band(band: &SizeBand) -> String {
    let count = band.count;
    match (band.from, band.below) {
        (Some(from), Some(below)) => format!("{count} × {from}–{below}\u{a0}mm"),
        (Some(from), None) => format!("{count} × ≥\u{a0}{from}\u{a0}mm"),
        (None, Some(below)) => format!("{count} × <\u{a0}{below}\u{a0}mm"),
        (None, None) => count.to_string(),
    }
}

/// `opened on 1 May 2026, use until 29 May 2026`, `was to be used until` after that day.
#[must_use]
pub fn opened(lang: Lang, opened_on: Date, until: Date, today: Date) -> String {
    let t = super::lists::of(lang);
    let text = match until.days() - today.days() {
        0 => t.opened_today,
        1 => t.opened_tomorrow,
        n if n < 0 => t.opened_past,
        _ => t.opened,
    };
    fill(text, &date(lang, opened_on)).replace("{m}", &date(lang, until))
}

const DAYS: [[&str; 7]; 2] = [
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
];

fn month_name(lang: Lang, month: u8) -> &'static str {
    let names = match lang {
        Lang::En => &MONTHS_EN,
        Lang::De => &MONTHS_DE,
    };
    names.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or_default()
}

/// The name of the day of the week.
#[must_use]
pub fn weekday(lang: Lang, date: Date) -> &'static str {
    DAYS[lang as usize].get(usize::from(date.weekday())).copied().unwrap_or_default()
}

/// `2 March 2026`, `2. März 2026`.
#[must_use]
pub fn date(lang: Lang, date: Date) -> String {
    let dot = if lang == Lang::De { "." } else { "" };
    format!("{}{dot} {} {}", date.day(), month_name(lang, date.month()), date.year())
}

/// `2 Mar`, `2. Mär`.
#[must_use]
pub fn date_short(lang: Lang, date: Date) -> String {
    let dot = if lang == Lang::De { "." } else { "" };
    let month: String = month_name(lang, date.month()).chars().take(3).collect();
    format!("{}{dot} {month}", date.day())
}

/// `Monday 2 March 2026`, `Montag, 2. März 2026`.
#[must_use]
pub fn date_long(lang: Lang, day: Date) -> String {
    let comma = if lang == Lang::De { "," } else { "" };
    format!("{}{comma} {}", weekday(lang, day), date(lang, day))
}

/// `March 2026`.
#[must_use]
pub fn month(lang: Lang, year: i16, month: u8) -> String {
    format!("{} {year}", month_name(lang, month))
}

/// A day and, where it is known, the time; the zone where it is not the one here.
#[must_use]
pub fn moment(lang: Lang, at: &Moment, here: Option<&str>) -> String {
    let mut out = date(lang, at.date);
    if let Some(clock) = at.clock {
        out.push_str(", ");
        out.push_str(&clock.to_string());
        let zone = at.zone.as_ref().map(|z| z.as_str());
        if let Some(zone) = zone.filter(|z| here.is_some_and(|h| h != *z)) {
            out.push_str(&format!(" ({})", zone.replace('_', " ")));
        }
    }
    out
}

/// What is said of a key date: that it is planned, where it did not take place.
#[must_use]
pub fn as_certain(t: &Texts, said: String, certainty: Certainty) -> String {
    match certainty {
        Certainty::Happened => said,
        Certainty::Planned => format!("{said} ({})", t.planned),
    }
}

/// A level of a hormone in a unit, with the sign before one that is a limit; `None` where it does not convert.
#[must_use]
pub fn level(lang: Lang, kind: HormoneKind, level: Level, unit: &str, decimals: usize) -> Option<String> {
    let of_catalogue = hormone::analyte(kind, None)?.declared_units().next()?;
    let entered = Amount::new(&level.value.to_string(), of_catalogue).ok()?;
    let shown = hormone::in_unit(kind, &entered, unit)?;
    let sign = level.limit.map_or("", |l| l.as_str());
    Some(format!("{sign}{}", number(lang, shown.number, decimals)))
}

/// The name of a day within a cycle.
#[must_use]
pub fn label(t: &Texts, label: DayLabel) -> String {
    let (text, n) = match label {
        DayLabel::MinutesPastTrigger(n) => return fill(t.label_trigger_hours, &signed_hours(n)),
        DayLabel::DaysToTrigger(1) => (t.label_to_trigger_1, 1),
        DayLabel::DaysPastRetrieval(1) => (t.label_retrieval_1, 1),
        DayLabel::DaysPastOvulation(1) => (t.label_ovulation_1, 1),
        DayLabel::DaysPastInsemination(1) => (t.label_insemination_1, 1),
        DayLabel::DaysPastTransfer(1) => (t.label_transfer_1, 1),
        DayLabel::CycleDay(n) => (t.label_cycle, n),
        DayLabel::SuppressionDay(n) => (t.label_suppression, n),
        DayLabel::StimulationDay(n) => (t.label_stimulation, n),
        DayLabel::SecondStimulationDay(n) => (t.label_second, n),
        DayLabel::OestrogenDay(n) => (t.label_oestrogen, n),
        DayLabel::ProgesteroneDay(n) => (t.label_progesterone, n),
        DayLabel::DaysToTrigger(0) => (t.label_trigger_today, 0),
        DayLabel::DaysToTrigger(n) => (t.label_to_trigger, n),
        DayLabel::DaysPastRetrieval(n) => (t.label_retrieval, n),
        DayLabel::DaysPastOvulation(n) => (t.label_ovulation, n),
        DayLabel::DaysPastInsemination(n) => (t.label_insemination, n),
        DayLabel::DaysPastTransfer(n) => (t.label_transfer, n),
    };
    fill(text, &n.to_string())
}

/// Minutes before (−) or after (+), in hours and minutes, and from a day on in whole hours.
fn signed_hours(minutes: i64) -> String {
    let sign = match minutes {
        0 => "",
        n if n < 0 => "\u{2212}",
        _ => "+",
    };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    match (hours, rest) {
        (0, rest) => format!("{sign}{rest}\u{a0}min"),
        (hours, rest) if hours < 24 && rest > 0 => format!("{sign}{hours}\u{a0}h {rest}\u{a0}min"),
        (hours, _) => format!("{sign}{hours}\u{a0}h"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn hours_around_the_trigger_have_a_sign_and_minutes_within_a_day() {
        let said =
            |lang: Lang, n| label(lang.texts(), DayLabel::MinutesPastTrigger(n)).replace('\u{a0}', " ");
        assert_eq!(said(Lang::En, -800), "Trigger \u{2212}13 h 20 min");
        assert_eq!(said(Lang::De, 35), "Auslösespritze +35 min");
        assert_eq!(said(Lang::En, -1500), "Trigger \u{2212}25 h");
        assert_eq!(said(Lang::En, 120), "Trigger +2 h");
        assert_eq!(said(Lang::En, 0), "Trigger 0 min");
    }

    #[test]
    fn what_was_opened_says_until_when_and_when_that_is_near() {
        let day = |n| Date::new(2026, 5, n).unwrap();
        let said = |lang, today| opened(lang, day(1), day(29), day(today));
        assert_eq!(said(Lang::En, 20), "opened on 1 May 2026, use until 29 May 2026");
        assert_eq!(said(Lang::De, 28), "angebrochen am 1. Mai 2026, verwendbar bis morgen, 29. Mai 2026");
        assert_eq!(said(Lang::En, 29), "opened on 1 May 2026, use until today, 29 May 2026");
        assert_eq!(said(Lang::De, 30), "angebrochen am 1. Mai 2026, war verwendbar bis 29. Mai 2026");
    }

    #[test]
    fn a_level_that_is_a_limit_keeps_its_sign_in_either_unit() {
        use keepwell_domain::measure::Comparator;
        let e2 = Level { value: 4300.0, limit: Some(Comparator::Gt) };
        let said = |l, unit| level(Lang::De, HormoneKind::Estradiol, l, unit, 0).unwrap();
        assert_eq!(said(e2, "pg/mL"), ">4300");
        assert_eq!(said(e2, "pmol/L"), ">15787");
        assert_eq!(said(Level { limit: None, ..e2 }, "pg/mL"), "4300");
    }

    #[test]
    fn what_is_planned_says_so() {
        let said = |lang: Lang, certainty| as_certain(lang.texts(), "2 May".to_owned(), certainty);
        assert_eq!(said(Lang::En, Certainty::Planned), "2 May (planned)");
        assert_eq!(said(Lang::De, Certainty::Planned), "2 May (geplant)");
        assert_eq!(said(Lang::En, Certainty::Happened), "2 May");
    }

    #[test]
    fn dates_and_numbers_follow_the_language() {
        let day = Date::new(2026, 3, 2).unwrap();
        assert_eq!(date_long(Lang::En, day), "Monday 2 March 2026");
        assert_eq!(date_long(Lang::De, day), "Montag, 2. März 2026");
        assert_eq!(number(Lang::De, 12.50, 2), "12,5");
        assert_eq!(number(Lang::En, -0.04, 1), "0");
        assert_eq!(amount(Lang::De, &Amount::new("<0.5", "ng/mL").unwrap()), "<0,5\u{a0}ng/mL");
    }
}
