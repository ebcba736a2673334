//! How follicles and lining grow from scan to scan.

use super::{amounts::millimetres, cycle::CycleRecord};
use crate::model::{
    EntityId, KeyDate, Moment, Scan, Told,
    monitor::{LiningPattern, SizeBand},
};
use crate::redact::redacted;
use keepwell_domain::measure::Number;

/// One scan as a point of the curves. What was not told stays `None`; an ovary without follicles is an
/// empty list.
#[derive(Clone, PartialEq)]
pub struct ScanPoint {
    /// The scan.
    pub scan: EntityId,
    /// When.
    pub at: Moment,
    /// Day of stimulation, where there is one.
    pub stimulation_day: Option<i64>,
    /// Whether it is one of the second stimulation of the cycle.
    pub is_second_round: bool,
    /// Sizes on the left in mm, largest first.
    pub left: Option<Vec<f64>>,
    /// Sizes on the right in mm, largest first.
    pub right: Option<Vec<f64>>,
    /// Counts by size on the left.
    pub bands_left: Vec<SizeBand>,
    /// Counts by size on the right.
    pub bands_right: Vec<SizeBand>,
    /// The largest follicle in mm; `None` where none was listed, or a band of size may hold a larger one.
    pub lead: Option<f64>,
    /// Its growth since the last scan that told of follicles, in mm a day; `None` where that one told of other
    /// ovaries or does not say its largest.
    pub lead_growth: Option<f64>,
    /// Thickness of the lining in mm.
    pub lining: Option<f64>,
    /// Its growth since the scan before, in mm a day.
    pub lining_growth: Option<f64>,
    /// Its look.
    pub pattern: Option<LiningPattern>,
}

/// One of the two ovaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ovary {
    /// The left one.
    Left,
    /// The right one.
    Right,
}

impl ScanPoint {
    /// Follicles of at least so many mm on both sides; `None` where that of one side cannot be told.
    #[must_use]
    pub fn at_least(&self, mm: u8) -> Option<usize> {
        Some(self.at_least_in(Ovary::Left, mm)? + self.at_least_in(Ovary::Right, mm)?)
    }

    /// Follicles of at least so many mm in one ovary; `None` where it was not told, or bands of size do not
    /// allow the count. Of sizes and bands together the bands must lie below: nobody knows whether those that
    /// reach so far are the listed ones or others.
    #[must_use]
    pub fn at_least_in(&self, ovary: Ovary, mm: u8) -> Option<usize> {
        let (sizes, bands) = self.side(ovary);
        let listed = sizes.map(|s| s.iter().filter(|x| **x >= f64::from(mm)).count());
        match (listed, bands.is_empty()) {
            (listed, true) => listed,
            (None, false) => in_bands(bands, mm),
            (listed, false) => in_bands(bands, mm).filter(|n| *n == 0).and(listed),
        }
    }

    /// Whether anything was told of the follicles of an ovary, also that there were none.
    #[must_use]
    pub fn tells(&self, ovary: Ovary) -> bool {
        let (sizes, bands) = self.side(ovary);
        sizes.is_some() || !bands.is_empty()
    }

    /// Whether anything was told of follicles.
    #[must_use]
    pub fn tells_any(&self) -> bool {
        self.tells(Ovary::Left) || self.tells(Ovary::Right)
    }

    fn side(&self, ovary: Ovary) -> (Option<&[f64]>, &[SizeBand]) {
        match ovary {
            Ovary::Left => (self.left.as_deref(), &self.bands_left),
            Ovary::Right => (self.right.as_deref(), &self.bands_right),
        }
    }

    /// Whether both scans tell of the same ovaries: else the largest follicle of one is not that of the other.
    fn is_of_the_same_ovaries(&self, other: &Self) -> bool {
        [Ovary::Left, Ovary::Right].into_iter().all(|o| self.tells(o) == other.tells(o))
    }
}

fn in_bands(bands: &[SizeBand], mm: u8) -> Option<usize> {
    bands.iter().try_fold(0usize, |n, b| {
        if b.from.unwrap_or(0) >= mm {
            Some(n + usize::from(b.count))
        } else if b.count == 0 || b.below.is_some_and(|below| below <= mm) {
            Some(n)
        } else {
            None
        }
    })
}

/// The scans of a cycle as points, oldest first.
#[must_use]
pub fn growth(r: &CycleRecord) -> Vec<ScanPoint> {
    let start = r.dates.date(KeyDate::StimulationStart);
    let second = r.dates.date(KeyDate::SecondStimulationStart);
    let mut out: Vec<ScanPoint> = Vec::new();
    for (id, scan) in &r.scans {
        let Told::Known(at) = &scan.at else { continue };
        let mut p = point(*id, scan, at);
        p.is_second_round = second.is_some_and(|s| at.date >= s);
        let start = if p.is_second_round { second } else { start };
        p.stimulation_day = start.map(|s| at.days_since(s) + 1).filter(|n| *n >= 1);
        // What grew in the first round says nothing of the second.
        let begins = out.iter().position(|q| q.is_second_round == p.is_second_round);
        let round = &out[begins.unwrap_or(out.len())..];
        let before = round.iter().rposition(ScanPoint::tells_any).map_or(&[][..], |i| &round[i..=i]);
        p.lead_growth = rate(before, at, p.lead, |q| q.lead.filter(|_| q.is_of_the_same_ovaries(&p)));
        p.lining_growth = rate(round, at, p.lining, |q| q.lining);
        out.push(p);
    }
    out
}

fn point(scan: EntityId, s: &Scan, at: &Moment) -> ScanPoint {
    let sizes = |list: &Told<Vec<Number>>| {
        list.known().map(|l| {
            let mut mm: Vec<f64> = l.iter().map(Number::value).collect();
            crate::order::sort_by(&mut mm, |a, b| b.total_cmp(a));
            mm
        })
    };
    let bands = |list: &Told<Vec<SizeBand>>| list.known().cloned().unwrap_or_default();
    let (left, right) = (sizes(&s.follicles_left), sizes(&s.follicles_right));
    let (bands_left, bands_right) = (bands(&s.bands_left), bands(&s.bands_right));
    let may_hold = |b: &SizeBand, mm: f64| b.count > 0 && b.below.is_none_or(|below| f64::from(below) > mm);
    let listed = left.iter().chain(&right).filter_map(|l| l.first().copied()).reduce(f64::max);
    let lead = listed.filter(|mm| !bands_left.iter().chain(&bands_right).any(|b| may_hold(b, *mm)));
    ScanPoint {
        scan,
        at: at.clone(),
        stimulation_day: None,
        is_second_round: false,
        left,
        right,
        bands_left,
        bands_right,
        lead,
        lead_growth: None,
        lining: s.lining.known().and_then(millimetres),
        lining_growth: None,
        pattern: s.lining_pattern.get(),
    }
}

/// Change a day since the last point that has the value; `None` on the same day.
fn rate(
    before: &[ScanPoint],
    at: &Moment,
    now: Option<f64>,
    value: impl Fn(&ScanPoint) -> Option<f64>,
) -> Option<f64> {
    let (then, last) = before.iter().rev().find_map(|p| Some((p, value(p)?)))?;
    let days = match at.minutes_since(&then.at) {
        #[allow(clippy::cast_precision_loss)]
        Some(m) => m as f64 / 1440.0,
        #[allow(clippy::cast_precision_loss)]
        None => at.days_since(then.at.date) as f64,
    };
    if days < 0.5 { None } else { Some((now? - last) / days) }
}

redacted!(ScanPoint);
