//! Cycle against cycle, as a picture and in figures. Nothing is ranked, nothing is rated.

use super::{bits, state::App};
use crate::{
    charts::{
        compare::{Panel, Series, draw},
        stimulation::{Axis, Point, Stimulation},
    },
    route::Route,
    words,
};
use keepwell_journal::{
    derive::{self, CycleFigures, CycleRecord, Level},
    model::{HormoneKind, Kind, Told, settings::UnitSystem},
};
use leptos::prelude::*;

/// The table.
pub fn page(app: App) -> AnyView {
    let t = app.t;
    let records = app.book(derive::records);
    let all: Vec<CycleFigures> = records.iter().map(derive::figures).collect();
    if all.len() < 2 {
        return bits::page(t.compare, "", bits::empty(t.one_cycle_only, Vec::new()));
    }
    let molar = app.units() == UnitSystem::Molar;
    let number = |v: Option<f64>, decimals: usize| {
        v.map_or("–".to_owned(), |v| words::number(app.lang, v, decimals))
    };
    let code = |set: &str, c: Option<&str>| c.map_or("–".to_owned(), |c| words::code(app.lang, set, c));
    let mut head = vec![t.figures.to_owned()];
    head.extend(all.iter().map(|f| name(app, f)));
    let row = |name: String, of: &dyn Fn(&CycleFigures) -> String| {
        let mut cells = vec![name];
        cells.extend(all.iter().map(of));
        cells
    };
    let (e2_unit, p4_unit) = if molar { ("pmol/L", "nmol/L") } else { ("pg/mL", "ng/mL") };
    let level = |kind, level: Option<Level>, unit, decimals| {
        level.and_then(|l| words::level(app.lang, kind, l, unit, decimals)).unwrap_or_else(|| "–".to_owned())
    };
    let mut rows = vec![
        row(t.began.to_owned(), &|f| f.started_on.map_or("–".to_owned(), |d| words::date(app.lang, d))),
        row(t.kind_of_cycle.to_owned(), &|f| {
            code("cycle_type", f.converted_to.or(f.cycle_type).map(|c| c.as_str()))
        }),
        row(t.protocol.to_owned(), &|f| code("protocol", f.protocol.map(|c| c.as_str()))),
        row(t.days_of_stimulation.to_owned(), &|f| {
            f.stimulation_days.map_or("–".to_owned(), |n| n.to_string())
        }),
        row(format!("{} ({e2_unit})", t.peak_e2), &|f| level(HormoneKind::Estradiol, f.peak_e2, e2_unit, 0)),
        row(format!("{} ({p4_unit})", t.p4_at_trigger), &|f| {
            level(HormoneKind::Progesterone, f.p4_at_trigger, p4_unit, 2)
        }),
        row(format!("{} (mm)", t.lining_axis), &|f| number(f.last_scan.as_ref().and_then(|s| s.lining), 1)),
    ];
    let steps: Vec<_> = all.first().map(|f| f.funnel.iter().map(|s| s.step).collect()).unwrap_or_default();
    for step in steps {
        let told = |f: &CycleFigures| f.funnel.iter().find(|s| s.step == step).map(|s| s.count);
        if all.iter().any(|f| told(f).is_some_and(|c| c.is_known())) {
            rows.push(row(words::code(app.lang, "funnel", step.as_str()), &|f| match told(f) {
                Some(Told::Known(n)) => n.to_string(),
                Some(Told::NotTold) => words::code(app.lang, "absence", "not_told"),
                Some(Told::NotDone) => words::code(app.lang, "absence", "not_done"),
                _ => "–".to_owned(),
            }));
        }
    }
    rows.push(row(t.drugs_in_sum.to_owned(), &|f| {
        let one = |d: &derive::DrugTotal| {
            let total = words::number(app.lang, d.total, 1);
            [d.drug.as_str(), &total, &words::unit(app.lang, &d.unit)].join(" ")
        };
        f.drugs.iter().map(one).collect::<Vec<_>>().join("; ")
    }));
    rows.push(row(t.outcome.to_owned(), &|f| {
        f.outcome.map_or("–".to_owned(), |o| words::code(app.lang, "outcome", o.as_str()))
    }));
    let table = bits::table(t.compare, head, rows);
    let body = view! { {picture(app, &records, &all)} {bits::card(t.figures, table)} };
    bits::page(t.compare, t.compare_about, body.into_any())
}

/// What a cycle is called here.
fn name(app: App, f: &CycleFigures) -> String {
    let start = || f.started_on.map(|d| words::date(app.lang, d));
    f.title.clone().or_else(start).unwrap_or_else(|| app.t.cycle.to_owned())
}

/// E2 and the largest follicle by the day of stimulation.
fn picture(app: App, records: &[CycleRecord], figures: &[CycleFigures]) -> Option<AnyView> {
    let (t, w) = (app.t, words::lists::of(app.lang));
    // One scale for all: what was entered in either unit has to stand on it.
    let units = match app.units() {
        UnitSystem::Molar => UnitSystem::Molar,
        _ => UnitSystem::Mass,
    };
    let stimulated = records.iter().zip(figures).enumerate().flat_map(|(number, (r, f))| {
        let rounds = Stimulation::of(app.lang, r, units).into_iter().filter(|s| s.axis == Axis::Stimulation);
        // Two rounds of one cycle are two lines.
        rounds.enumerate().map(move |(n, s)| {
            let name = name(app, f);
            (number, if n == 0 { name } else { format!("{name} ({})", n + 1) }, s)
        })
    });
    let unit = if units == UnitSystem::Molar { "pmol/L" } else { "pg/mL" };
    let e2_name = words::code(app.lang, "hormone", HormoneKind::Estradiol.as_str());
    let mut e2 = Panel { title: format!("{e2_name} {unit}"), series: Vec::new() };
    let mut lead = Panel { title: w.lead_axis.to_owned(), series: Vec::new() };
    for (number, name, s) in stimulated {
        let of = |points| Series { name: name.clone(), number, points };
        let curve = s.curves.iter().find(|c| c.name == e2_name && c.unit == unit);
        e2.series.extend(curve.map(|c| of(c.points.clone())));
        let leads: Vec<Point> = s
            .scans
            .iter()
            .filter_map(|scan| {
                #[allow(clippy::cast_precision_loss)]
                let day = (scan.at.days_since(s.start) + 1) as f64;
                Some(Point { day, value: scan.lead?, limit: None, entry: Some((Kind::Scan, scan.scan)) })
            })
            .collect();
        if !leads.is_empty() {
            lead.series.push(of(leads));
        }
    }
    let panels = [e2, lead];
    let rows = panels.iter().filter(|p| p.series.len() > 1).flat_map(|p| {
        p.series.iter().flat_map(|s| {
            s.points.iter().map(|point| {
                let said = vec![
                    words::number(app.lang, point.day, 0),
                    s.name.clone(),
                    p.title.clone(),
                    point.said(app.lang),
                ];
                (point.entry.map(|(kind, id)| Route::Edit(kind, id)), said)
            })
        })
    });
    let head = [t.day, t.cycle, t.what, t.value].map(str::to_owned);
    let table = bits::table_to(w.side_by_side, Vec::from(head), rows.collect());
    let (narrow, wide) = (draw(app.lang, &panels, 340.0)?, draw(app.lang, &panels, 860.0)?);
    let drawn: Vec<String> = panels
        .iter()
        .filter(|p| p.series.len() > 1)
        .map(|p| {
            format!(
                "{}: {}",
                p.title,
                p.series.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ")
            )
        })
        .collect();
    let figure = bits::figure(app, format!("{}.", drawn.join("; ")), narrow, wide, table);
    Some(bits::card(w.side_by_side, figure))
}
