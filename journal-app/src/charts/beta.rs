//! hCG over days, on a scale on which doubling is a straight line.

use super::{Drawing, Entry, Mark, Scale, dot, leading, text};
use crate::words::{self, Lang};
use keepwell_journal::derive::{BetaPoint, BetaRise, BetaWarning};

/// The picture of values that are told and not held; `None` for fewer than two. `entry` knows where one stands: a
/// beta, or an hCG among the hormones.
#[must_use]
pub fn draw(
    lang: Lang,
    points: &[BetaPoint],
    entry: &dyn Fn(&BetaPoint) -> Entry,
    width: f64,
) -> Option<Drawing> {
    let first = points.first()?.at.date;
    #[allow(clippy::cast_precision_loss)]
    let told: Vec<(f64, f64, &BetaPoint)> = points
        .iter()
        .filter(|p| !p.held)
        .filter_map(|p| {
            let hours = p.at.clock.map_or(0.0, |c| f64::from(c.minutes()) / 1440.0);
            Some((p.at.days_since(first) as f64 + hours, p.iu_per_litre.filter(|v| *v > 0.0)?, p))
        })
        .collect();
    if told.len() < 2 {
        return None;
    }
    let log = |v: f64| v.log2();
    let low = told.iter().map(|p| log(p.1)).fold(f64::INFINITY, f64::min).floor();
    let high = told.iter().map(|p| log(p.1)).fold(f64::NEG_INFINITY, f64::max).ceil();
    let last = told.iter().map(|p| p.0).fold(1.0, f64::max);
    let x = Scale { low: 0.0, high: last, from: 56.0, to: width - 40.0 };
    let y = Scale { low, high: high.max(low + 1.0), from: 190.0, to: 28.0 };
    let mut marks = vec![text((4.0, 14.0), "hCG IU/L", "Unit")];
    let step = ((y.high - y.low) / 4.0).ceil().max(1.0);
    let mut at = y.low;
    while at <= y.high + 1e-9 {
        marks.push(Mark::Line { from: (x.from, y.at(at)), to: (x.to, y.at(at)), class: "Grid" });
        marks.push(text((x.from - 6.0, y.at(at) + 4.0), words::number(lang, at.exp2(), 0), "Tick is-value"));
        at += step;
    }
    let places: Vec<(f64, f64)> = told.iter().map(|p| (x.at(p.0), y.at(log(p.1)))).collect();
    marks.push(Mark::Path { points: places.clone(), class: "Line is-1" });
    for (place, (_, value, point)) in places.iter().zip(&told) {
        let mark = dot(*place, 4.0, point.value.comparator, "Dot is-1");
        marks.push(leading(mark, entry(point)));
        let sign = point.value.comparator.map_or("", |c| c.as_str());
        let said = format!("{sign}{}", words::number(lang, *value, 1));
        marks.push(text((place.0, place.1 - 9.0), said, "Value"));
        marks.push(text((place.0, 208.0), words::date_short(lang, point.at.date), "Tick is-time"));
        if let Some(n) = point.days_past_transfer {
            marks.push(text(
                (place.0, 224.0),
                words::fill(lang.texts().short_transfer, &n.to_string()),
                "Tick is-time",
            ));
        }
    }
    Some(Drawing { width, height: 232.0, marks })
}

/// A rise in words: what lies between the draws, in how many hours it doubles or halves, and what that is over 48
/// hours, where it can be said.
#[must_use]
pub fn said(lang: Lang, rise: &BetaRise) -> String {
    let t = lang.texts();
    let hours = |h: f64| words::number(lang, h, 0);
    let mut parts = vec![words::fill(t.rise_hours, &hours(rise.hours))];
    parts.extend(rise.doubling_hours.map(|h| words::fill(t.doubles_in, &hours(h))));
    parts.extend(rise.halving_hours.map(|h| words::fill(t.halves_in, &hours(h))));
    parts.extend(rise.percent_in_48_hours.map(|p| {
        let sign = if p >= 0.5 { "+" } else { "" };
        words::fill(t.in_48_hours, &format!("{sign}{}\u{a0}%", hours(p)))
    }));
    format!("{}.", parts.join(", "))
}

/// What is to be heeded, each once: of every value by itself, for the first may be all there is, and of every rise.
#[must_use]
pub fn cautions(lang: Lang, points: &[BetaPoint], rises: &[BetaRise]) -> Vec<String> {
    let nearest = points.iter().filter_map(|p| p.days_past_hcg).min();
    let of_values = nearest.map(|days| BetaWarning::NearTrigger { days });
    let is_near = |w: &BetaWarning| matches!(w, BetaWarning::NearTrigger { .. });
    let of_rises = rises.iter().flat_map(|r| r.warnings.iter().copied()).filter(|w| !is_near(w));
    let mut out: Vec<BetaWarning> = Vec::new();
    for warning in of_values.into_iter().chain(of_rises) {
        if !out.contains(&warning) {
            out.push(warning);
        }
    }
    out.into_iter().map(|w| caution(lang, w)).collect()
}

fn caution(lang: Lang, warning: BetaWarning) -> String {
    let t = lang.texts();
    match warning {
        BetaWarning::NearTrigger { days } => words::fill(t.warn_trigger, &days.to_string()),
        BetaWarning::DifferentLaboratories => t.warn_labs.to_owned(),
        BetaWarning::Censored => t.warn_limit.to_owned(),
        BetaWarning::WithoutTime => t.warn_time.to_owned(),
        BetaWarning::ShortInterval => t.warn_short.to_owned(),
        BetaWarning::Unit => t.warn_unit.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use keepwell_journal::{
        derive::{CycleRecord, beta_rises, betas},
        model::{Amount, Beta, EntityId, Moment, TextType, Trigger, monitor::TriggerKind},
    };

    /// What is said of two values three days apart, and how much is to be heeded.
    fn of(lang: Lang, first: &str, trigger: Option<&str>) -> (String, usize) {
        let beta = |n, at: &str, value: &str| {
            let (at, value) = (Moment::from_text(at).unwrap(), Amount::from_text(value).unwrap());
            let beta = Beta { at: at.into(), value: value.into(), ..Beta::default() };
            (EntityId::random([n; 16]), beta)
        };
        let trigger = trigger.map(|at| {
            let at = Moment::from_text(at).unwrap();
            let trigger = Trigger { at: at.into(), kind: TriggerKind::Hcg.into(), ..Trigger::default() };
            (EntityId::random([9; 16]), trigger)
        });
        let r = CycleRecord {
            betas: vec![
                beta(1, "2026-04-01T08:00+02:00", first),
                beta(2, "2026-04-04T08:00+02:00", "320 mIU/mL"),
            ],
            triggers: trigger.into_iter().collect(),
            ..CycleRecord::default()
        };
        let rise = &beta_rises(&betas(&r))[0];
        (said(lang, rise).replace('\u{a0}', " "), rise.warnings.len())
    }

    #[test]
    fn rise_is_said_over_48_hours_beside_its_doubling() {
        // 320 / 100 in 72 hours is 3.2^(2/3) − 1 = 117 % in 48.
        let en = of(Lang::En, "100 IU/L", None);
        assert_eq!(en, ("72 hours apart, doubling in 43 hours, +117 % over 48 hours.".into(), 0));
        let de = of(Lang::De, "640 IU/L", Some("2026-03-10T22:00+01:00"));
        let falls = "72 Stunden auseinander, Halbierung in 72 Stunden, \u{2212}37 % auf 48 Stunden.";
        assert_eq!(de, (falls.into(), 0));
    }

    #[test]
    fn near_a_trigger_with_a_limit_or_an_unread_unit_nothing_is_said_of_48_hours() {
        for (first, trigger) in
            [("100 IU/L", Some("2026-03-20T22:00+01:00")), ("<5 IU/L", None), ("100 bananas", None)]
        {
            let (said, warnings) = of(Lang::En, first, trigger);
            assert!(!said.contains("48 hours") && warnings == 1, "{said}");
        }
    }

    #[test]
    fn a_single_value_near_a_trigger_is_cautioned_and_each_caution_is_said_once() {
        let beta = |n, at: &str, value: &str| {
            let (at, value) = (Moment::from_text(at).unwrap(), Amount::from_text(value).unwrap());
            (EntityId::random([n; 16]), Beta { at: at.into(), value: value.into(), ..Beta::default() })
        };
        let trigger = Trigger {
            at: Moment::from_text("2026-03-22T22:00+01:00").unwrap().into(),
            kind: TriggerKind::Hcg.into(),
            ..Trigger::default()
        };
        let mut r = CycleRecord {
            betas: vec![beta(1, "2026-04-01", "15 IU/L")],
            triggers: vec![(EntityId::random([9; 16]), trigger)],
            ..CycleRecord::default()
        };
        let of = |r: &CycleRecord| {
            let points = betas(r);
            cautions(Lang::En, &points, &beta_rises(&points))
        };
        let near = "10 days after hCG was given: part of it may still be measured.";
        assert_eq!(of(&r), [near]);
        r.betas.push(beta(2, "2026-04-09T08:00+02:00", "<5 IU/L"));
        assert_eq!(of(&r), [near, Lang::En.texts().warn_time, Lang::En.texts().warn_limit]);
    }
}
