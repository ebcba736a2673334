//! The pictures of a cycle, each with its sentence and its table.

use super::{bits, cycles::when, state::App};
use crate::{
    charts::{
        Entry, beta,
        stimulation::{Axis, Stimulation},
    },
    follicles::{self, Row},
    line::Line,
    route::Route,
    words,
};
use keepwell_journal::{
    derive::{self, BetaPoint, BetaRise, CycleRecord},
    model::{EntityId, KeyDate, Kind, Scan, monitor::SizeBand},
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
        _ if s.axis == Axis::Stimulation => app.t.stimulation,
        _ => words::lists::of(app.lang).course,
    };
    rounds.iter().map(|s| round(app, s, title(s))).collect::<Vec<_>>().into_any()
}

fn round(app: App, s: &Stimulation, title: &'static str) -> AnyView {
    let t = app.t;
    let number = |v: f64, decimals: usize| words::number(app.lang, v, decimals);
    let sizes = |list: &Option<Vec<f64>>, bands: &[SizeBand]| {
        let bands: Vec<String> = bands.iter().map(words::band).collect();
        match list {
            None if bands.is_empty() => "–".to_owned(),
            None => bands.join(", "),
            Some(l) if l.is_empty() && bands.is_empty() => "0".to_owned(),
            Some(l) => l.iter().map(|v| number(*v, 1)).chain(bands).collect::<Vec<_>>().join(" · "),
        }
    };
    let to = |entry: Entry| entry.map(|(kind, id)| Route::Edit(kind, id));
    let mut rows: Vec<(f64, Option<Route>, Vec<String>)> = Vec::new();
    for scan in &s.scans {
        #[allow(clippy::cast_precision_loss)]
        let day = (scan.at.days_since(s.start) + 1) as f64;
        let lining = scan.lining.map_or("–".to_owned(), |v| format!("{} mm", number(v, 1)));
        let (right, left) = (sizes(&scan.right, &scan.bands_right), sizes(&scan.left, &scan.bands_left));
        let said = format!("{}: {right} · {}: {left} · {}: {lining}", t.right, t.left, t.lining_axis);
        rows.push((day, to(Some((Kind::Scan, scan.scan))), vec![number(day, 0), t.scan.to_owned(), said]));
    }
    for curve in &s.curves {
        for p in &curve.points {
            let sign = p.limit.map_or("", |l| l.as_str());
            let value = format!("{sign}{} {}", number(p.value, 2), words::unit(app.lang, &curve.unit));
            rows.push((p.day, to(p.entry), vec![number(p.day, 0), curve.name.clone(), value]));
        }
    }
    for row in &s.doses {
        for cell in &row.cells {
            let said = vec![number(cell.day, 0), row.name.clone(), cell.amount.clone()];
            rows.push((cell.day, to(cell.entry), said));
        }
    }
    keepwell_journal::order::sort_by(&mut rows, |a, b| a.0.total_cmp(&b.0));
    let head = vec![t.day.to_owned(), t.what.to_owned(), t.value.to_owned()];
    let table = bits::table_to(title, head, rows.into_iter().map(|r| (r.1, r.2)).collect());
    let legend = view! { <p class="Legend Fine"><span class="Key is-left">{t.left}</span> <span class="Key is-right">{t.right}</span></p> };
    let body =
        bits::figure(app, s.summary(app.lang), s.draw(app.lang, NARROW), s.draw(app.lang, WIDE), table);
    bits::card(title, view! { {legend} {body} {follicles(app, s)} }.into_any())
}

/// How fast follicles grow and how many have reached which size, scan by scan.
fn follicles(app: App, s: &Stimulation) -> Option<AnyView> {
    let w = words::lists::of(app.lang);
    let rows = follicles::rows(app.lang, &s.scans);
    let has_gaps = rows.iter().any(|r| r.has_gaps);
    let cells = |r: Row| {
        let day = (r.on.days() - s.start.days() + 1).to_string();
        let day = format!("{day} · {}", words::date_short(app.lang, r.on));
        let [a, b, c] = r.counts;
        (Some(Route::Edit(Kind::Scan, r.scan)), vec![day, r.largest, r.growth, a, b, c])
    };
    let mut head = vec![app.t.day.to_owned(), w.largest.to_owned(), w.growth.to_owned()];
    head.extend(follicles::SIZES.map(|mm| words::fill(w.from_size, &mm.to_string())));
    // Where six columns have no room, each scan is a line.
    let line = |r: Row| {
        let (to, said) = cells(r);
        let (day, said) = said.split_first().map_or((String::new(), &[][..]), |(d, s)| (d.clone(), s));
        let said = head.iter().skip(1).zip(said).map(|(name, said)| format!("{name}: {said}"));
        let detail = said.collect::<Vec<_>>().join("\n");
        to.map(|to| (to, Line { title: format!("{} {day}", app.t.day), detail, when: String::new() }))
    };
    (!rows.is_empty()).then(|| {
        let lines = bits::lines_to(rows.iter().cloned().filter_map(line).collect());
        let rows = rows.into_iter().map(cells).collect();
        let table = bits::table_to(w.follicles, head.clone(), rows);
        let gaps = has_gaps.then(|| view! { <p class="Fine">{w.not_comparable_about}</p> });
        view! { <h3>{w.follicles}</h3> <div class="Roomy">{table}</div> <div class="Tight">{lines}</div> {gaps} }.into_any()
    })
}

/// What one scan says of follicles, beside its form.
pub fn of_scan(app: App, id: EntityId) -> Option<AnyView> {
    let w = words::lists::of(app.lang);
    let points = app.book(|b| {
        let scan: Scan = b.get(id)?;
        let cycle = scan.cycle.get().and_then(|c| derive::record(b, c));
        let alone = || CycleRecord { scans: vec![(id, scan.clone())], ..CycleRecord::default() };
        let r = cycle.unwrap_or_else(alone);
        // A round of stimulation begins anew.
        let mut points = derive::growth(&r);
        let is_second = points.iter().find(|p| p.scan == id)?.is_second_round;
        points.retain(|p| p.is_second_round == is_second);
        Some(points)
    })?;
    let row = follicles::rows(app.lang, &points).into_iter().find(|r| r.scan == id)?;
    let mut pairs = vec![(w.largest.to_owned(), row.largest), (w.growth.to_owned(), row.growth)];
    let sizes = follicles::SIZES.map(|mm| words::fill(w.from_size, &mm.to_string()));
    pairs.extend(sizes.into_iter().zip(row.counts));
    let gaps = row.has_gaps.then(|| view! { <p class="Fine">{w.not_comparable_about}</p> });
    Some(bits::card(w.follicles_here, view! { {bits::facts(pairs)} {gaps} }.into_any()))
}

/// hCG and how it doubles.
pub fn betas(app: App, r: &CycleRecord) -> AnyView {
    let t = app.t;
    let points: Vec<BetaPoint> = derive::betas(r);
    if points.is_empty() {
        return ().into_any();
    }
    let told: Vec<BetaPoint> = points.iter().filter(|p| !p.held).cloned().collect();
    let rises: Vec<BetaRise> = derive::beta_rises(&told);
    let entry = |p: &BetaPoint| {
        let is_beta = r.betas.iter().any(|(id, _)| *id == p.entity);
        Some((if is_beta { Kind::Beta } else { Kind::Hormone }, p.entity))
    };
    let rows = points.iter().map(|p| {
        let value = if p.held { t.held.to_owned() } else { words::amount(app.lang, &p.value) };
        let day = p.days_past_transfer.map(|n| words::fill(t.label_transfer, &n.to_string()));
        let rise = rises.iter().find(|x| x.to == p.entity);
        let said = vec![
            when(app, &p.at),
            value,
            day.unwrap_or_default(),
            rise.map(|x| beta::said(app.lang, x)).unwrap_or_default(),
        ];
        (entry(p).map(|(kind, id)| Route::Edit(kind, id)), said)
    });
    let head = vec![t.day.to_owned(), t.value.to_owned(), t.day_name.to_owned(), t.since_before.to_owned()];
    let table = bits::table_to(t.betas, head, rows.collect());
    let summary = rises.last().map_or_else(|| t.one_beta.to_owned(), |x| beta::said(app.lang, x));
    let warnings: Vec<AnyView> = beta::cautions(app.lang, &told, &rises)
        .into_iter()
        .map(|w| view! { <li>{w}</li> }.into_any())
        .collect();
    let warnings = (!warnings.is_empty()).then(|| view! { <ul class="Cautions">{warnings}</ul> });
    let picture =
        match (beta::draw(app.lang, &told, &entry, NARROW), beta::draw(app.lang, &told, &entry, WIDE)) {
            (Some(narrow), Some(wide)) => bits::figure(app, summary, narrow, wide, table),
            _ => table,
        };
    let entries: Vec<_> =
        r.betas.iter().map(|(id, _)| (Kind::Beta, *id, bits::line_of(app, Kind::Beta, *id))).collect();
    bits::card(t.betas, view! { {picture} {warnings} {bits::lines(app, entries)} }.into_any())
}
