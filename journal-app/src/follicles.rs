//! Follicles from scan to scan in words: how fast the largest grows, and how many have reached which size.

use crate::words::{self, Lang, lists};
use keepwell_domain::time::Date;
use keepwell_journal::{
    derive::{Ovary, ScanPoint},
    model::EntityId,
};

/// The sizes in mm from which clinics count.
pub const SIZES: [u8; 3] = [14, 16, 18];

/// What one scan says.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// The scan.
    pub scan: EntityId,
    /// Its day.
    pub on: Date,
    /// The largest follicle.
    pub largest: String,
    /// How much it grew a day since the scan before.
    pub growth: String,
    /// How many there are from each of the sizes on.
    pub counts: [String; 3],
    /// Whether something could not be compared or counted.
    pub has_gaps: bool,
}

/// The scans that tell of follicles. Nothing is worked out from what was not told one by one.
#[must_use]
pub fn rows(lang: Lang, scans: &[ScanPoint]) -> Vec<Row> {
    let told: Vec<&ScanPoint> = scans.iter().filter(|p| p.tells_any()).collect();
    told.iter().enumerate().map(|(i, p)| row(lang, p, i == 0)).collect()
}

fn row(lang: Lang, p: &ScanPoint, is_first: bool) -> Row {
    let t = lists::of(lang);
    let has_follicles = [&p.left, &p.right].into_iter().flatten().any(|l| !l.is_empty())
        || !p.bands_left.is_empty()
        || !p.bands_right.is_empty();
    let largest = p.lead.map(|mm| format!("{}\u{a0}mm", words::number(lang, mm, 1)));
    let growth = p.lead_growth.map(|mm| {
        let sign = if mm >= 0.05 { "+" } else { "" };
        format!("{sign}{}\u{a0}mm", words::number(lang, mm, 1))
    });
    let largest = largest.unwrap_or_else(|| "–".to_owned());
    let gap = if has_follicles && !is_first { t.not_comparable } else { "–" };
    let growth = growth.unwrap_or_else(|| gap.to_owned());
    let counts = SIZES.map(|mm| count(lang, p, mm));
    let has_gaps = counts.iter().chain([&growth]).any(|said| said.contains(t.not_comparable));
    Row { scan: p.scan, on: p.at.date, largest, growth, counts, has_gaps }
}

/// `5 (right 3, left 2)`; without the sum where one side does not allow it.
fn count(lang: Lang, p: &ScanPoint, mm: u8) -> String {
    let t = lists::of(lang);
    let one = |ovary| match p.at_least_in(ovary, mm) {
        Some(n) => n.to_string(),
        None if p.tells(ovary) => t.not_comparable.to_owned(),
        None => "–".to_owned(),
    };
    let (right, left) = (one(Ovary::Right), one(Ovary::Left));
    let sides = words::fill(t.sides, &right).replace("{m}", &left);
    match p.at_least(mm) {
        Some(n) => format!("{n} ({sides})"),
        None if right == left => right,
        None => sides,
    }
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Row(***)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use keepwell_domain::measure::Number;
    use keepwell_journal::{
        derive::{CycleRecord, growth},
        model::{Moment, Scan, TextType, Told, monitor::SizeBand},
    };

    fn scan(day: u8, right: &[&str], left: &[&str], bands_left: &[&str]) -> (EntityId, Scan) {
        let sizes = |list: &[&str]| list.iter().map(|n| Number::parse(n).unwrap()).collect::<Vec<_>>();
        let bands: Vec<SizeBand> = bands_left.iter().map(|b| SizeBand::from_text(b).unwrap()).collect();
        let scan = Scan {
            at: Moment::day(Date::new(2026, 3, day).unwrap()).into(),
            follicles_right: sizes(right).into(),
            follicles_left: if bands.is_empty() { sizes(left).into() } else { Told::NotTold },
            bands_left: bands.into(),
            ..Scan::default()
        };
        (EntityId::random([day; 16]), scan)
    }

    fn rows_of(lang: Lang, scans: Vec<(EntityId, Scan)>) -> Vec<Row> {
        rows(lang, &growth(&CycleRecord { scans, ..CycleRecord::default() }))
    }

    #[test]
    fn growth_and_counts_are_said_for_each_ovary_and_together() {
        let rows = rows_of(
            Lang::En,
            vec![scan(5, &["11", "10"], &["12"], &[]), scan(7, &["16", "14"], &["15", "9"], &[])],
        );
        assert_eq!((rows[0].growth.as_str(), rows[1].largest.as_str()), ("–", "16\u{a0}mm"));
        assert_eq!(rows[1].growth, "+2\u{a0}mm");
        assert_eq!(rows[1].counts, ["3 (right 2, left 1)", "1 (right 1, left 0)", "0 (right 0, left 0)"]);
        assert!(!rows[1].has_gaps);
    }

    #[test]
    fn counts_by_size_are_not_turned_into_sizes() {
        let rows =
            rows_of(Lang::De, vec![scan(5, &["11"], &["12"], &[]), scan(7, &["17"], &[], &["14..18:2"])]);
        let r = &rows[1];
        assert_eq!((r.largest.as_str(), r.growth.as_str()), ("–", "nicht vergleichbar"));
        assert_eq!(
            r.counts,
            ["3 (rechts 1, links 2)", "rechts 1, links nicht vergleichbar", "0 (rechts 0, links 0)"]
        );
        assert!(r.has_gaps && !rows[0].has_gaps);
    }
}
