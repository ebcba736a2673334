//! The pictures of a cycle, each with its sentence and its table.

use super::{bits, cycles::when, state::App};
use crate::{
    charts::{beta, stimulation::Stimulation},
    words,
};
use keepwell_journal::{
    derive::{self, BetaPoint, BetaRise, BetaWarning, CycleRecord},
    model::{KeyDate, Kind},
};
use leptos::prelude::*;

const NARROW: f64 = 340.0;
const WIDE: f64 = 860.0;

/// Follicles, lining, hormones and doses.
pub fn stimulation(app: App, r: &CycleRecord) -> AnyView {
    let rounds = Stimulation::of(app.lang, r, app.units());
    let second = r.dates.date(KeyDate::SecondStimulationStart);
    let title = |s: &Stimulation| match second {
        Some(start) if s.start == start => app.t.second_stimulation,
        _ => app.t.stimulation,
    };
    rounds.iter().map(|s| round(app, s, title(s))).collect::<Vec<_>>().into_any()
}

fn round(app: App, s: &Stimulation, title: &'static str) -> AnyView {
    let t = app.t;
    let number = |v: f64, decimals: usize| words::number(app.lang, v, decimals);
    let sizes = |list: &Option<Vec<f64>>| match list {
        None => "–".to_owned(),
        Some(l) if l.is_empty() => "0".to_owned(),
        Some(l) => l.iter().map(|v| number(*v, 1)).collect::<Vec<_>>().join(" · "),
    };
    let mut rows: Vec<(f64, Vec<String>)> = Vec::new();
    for scan in &s.scans {
        #[allow(clippy::cast_precision_loss)]
        let day = (scan.at.days_since(s.start) + 1) as f64;
        let lining = scan.lining.map_or("–".to_owned(), |v| format!("{} mm", number(v, 1)));
        rows.push((
            day,
            vec![
                number(day, 0),
                t.scan.to_owned(),
                format!(
                    "{}: {} · {}: {} · {}: {lining}",
                    t.right,
                    sizes(&scan.right),
                    t.left,
                    sizes(&scan.left),
                    t.lining_axis
                ),
            ],
        ));
    }
    for curve in &s.curves {
        for p in &curve.points {
            rows.push((
                p.day,
                vec![number(p.day, 0), curve.name.clone(), format!("{} {}", number(p.value, 2), curve.unit)],
            ));
        }
    }
    for row in &s.doses {
        for (day, amount, _) in &row.cells {
            rows.push((*day, vec![number(*day, 0), row.name.clone(), amount.clone()]));
        }
    }
    keepwell_journal::order::sort_by(&mut rows, |a, b| a.0.total_cmp(&b.0));
    let head = vec![t.day.to_owned(), t.what.to_owned(), t.value.to_owned()];
    let table = bits::table(title, head, rows.into_iter().map(|r| r.1).collect());
    let legend = view! { <p class="Legend Fine"><span class="Key is-left">{t.left}</span> <span class="Key is-right">{t.right}</span></p> };
    let body =
        bits::figure(app, s.summary(app.lang), s.draw(app.lang, NARROW), s.draw(app.lang, WIDE), table);
    bits::card(title, view! { {legend} {body} }.into_any())
}

/// hCG and how it doubles.
pub fn betas(app: App, r: &CycleRecord) -> AnyView {
    let t = app.t;
    let points: Vec<BetaPoint> = derive::betas(r);
    if points.is_empty() {
        return ().into_any();
    }
    let told: Vec<BetaPoint> = points.iter().filter(|p| !p.held).cloned().collect();
    let rises: Vec<BetaRise> = derive::beta_rises(r, &told);
    let rows = points.iter().map(|p| {
        let value = if p.held { t.held.to_owned() } else { words::amount(app.lang, &p.value) };
        let day = p.days_past_transfer.map(|n| words::fill(t.label_transfer, &n.to_string()));
        let rise = rises.iter().find(|x| x.to == p.entity);
        vec![
            when(app, &p.at),
            value,
            day.unwrap_or_default(),
            rise.map(|x| rise_words(app, x)).unwrap_or_default(),
        ]
    });
    let head = vec![t.day.to_owned(), t.value.to_owned(), t.day_name.to_owned(), t.since_before.to_owned()];
    let table = bits::table(t.betas, head, rows.collect());
    let summary = rises.last().map_or_else(|| t.one_beta.to_owned(), |x| rise_words(app, x));
    let warnings: Vec<AnyView> = rises
        .last()
        .map(|x| x.warnings.iter().map(|w| view! { <li>{warning(app, w)}</li> }.into_any()).collect())
        .unwrap_or_default();
    let warnings = (!warnings.is_empty()).then(|| view! { <ul class="Cautions">{warnings}</ul> });
    let picture = match (beta::draw(app.lang, &told, NARROW), beta::draw(app.lang, &told, WIDE)) {
        (Some(narrow), Some(wide)) => bits::figure(app, summary, narrow, wide, table),
        _ => table,
    };
    let entries: Vec<_> =
        r.betas.iter().map(|(id, _)| (Kind::Beta, *id, bits::line_of(app, Kind::Beta, *id))).collect();
    bits::card(t.betas, view! { {picture} {warnings} {bits::lines(app, entries)} }.into_any())
}

fn rise_words(app: App, rise: &BetaRise) -> String {
    let t = app.t;
    let hours = |h: f64| words::number(app.lang, h, 0);
    let mut parts = vec![words::fill(t.rise_hours, &hours(rise.hours))];
    if let Some(h) = rise.doubling_hours {
        parts.push(words::fill(t.doubles_in, &hours(h)));
    }
    if let Some(h) = rise.halving_hours {
        parts.push(words::fill(t.halves_in, &hours(h)));
    }
    format!("{}.", parts.join(", "))
}

fn warning(app: App, warning: &BetaWarning) -> String {
    let t = app.t;
    match warning {
        BetaWarning::NearTrigger { days } => words::fill(t.warn_trigger, &days.to_string()),
        BetaWarning::DifferentLaboratories => t.warn_labs.to_owned(),
        BetaWarning::Censored => t.warn_limit.to_owned(),
        BetaWarning::WithoutTime => t.warn_time.to_owned(),
        BetaWarning::ShortInterval => t.warn_short.to_owned(),
        BetaWarning::Unit => t.warn_unit.to_owned(),
    }
}
