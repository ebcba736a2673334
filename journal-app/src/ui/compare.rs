//! Cycle against cycle, in figures. Nothing is ranked, nothing is rated.

use super::{bits, state::App};
use crate::words;
use keepwell_journal::{
    derive::{self, CycleFigures},
    model::{Told, settings::UnitSystem},
};
use leptos::prelude::*;

/// The table.
pub fn page(app: App) -> AnyView {
    let t = app.t;
    let all: Vec<CycleFigures> = app.book(|b| {
        let records = derive::cycles(b).into_iter().filter_map(|(id, _)| derive::record(b, id));
        records.map(|r| derive::figures(&r)).collect()
    });
    if all.len() < 2 {
        return bits::page(t.compare, "", bits::empty(t.one_cycle_only, Vec::new()));
    }
    let molar = app.units() == UnitSystem::Molar;
    let number = |v: Option<f64>, decimals: usize| {
        v.map_or("–".to_owned(), |v| words::number(app.lang, v, decimals))
    };
    let code = |set: &str, c: Option<&str>| c.map_or("–".to_owned(), |c| words::code(app.lang, set, c));
    let mut head = vec![t.figures.to_owned()];
    head.extend(all.iter().map(|f| {
        f.title
            .clone()
            .or_else(|| f.started_on.map(|d| words::date(app.lang, d)))
            .unwrap_or_else(|| t.cycle.to_owned())
    }));
    let row = |name: String, of: &dyn Fn(&CycleFigures) -> String| {
        let mut cells = vec![name];
        cells.extend(all.iter().map(of));
        cells
    };
    // Molar masses as in the catalogue: E2 272.38 g/mol, P4 314.46 g/mol.
    let (e2, p4) = if molar { (3.671, 3.180) } else { (1.0, 1.0) };
    let (e2_unit, p4_unit) = if molar { ("pmol/L", "nmol/L") } else { ("pg/mL", "ng/mL") };
    let mut rows = vec![
        row(t.began.to_owned(), &|f| f.started_on.map_or("–".to_owned(), |d| words::date(app.lang, d))),
        row(t.kind_of_cycle.to_owned(), &|f| {
            code("cycle_type", f.converted_to.or(f.cycle_type).map(|c| c.as_str()))
        }),
        row(t.protocol.to_owned(), &|f| code("protocol", f.protocol.map(|c| c.as_str()))),
        row(t.days_of_stimulation.to_owned(), &|f| {
            f.stimulation_days.map_or("–".to_owned(), |n| n.to_string())
        }),
        row(format!("{} ({e2_unit})", t.peak_e2), &|f| number(f.peak_e2.map(|v| v * e2), 0)),
        row(format!("{} ({p4_unit})", t.p4_at_trigger), &|f| number(f.p4_at_trigger.map(|v| v * p4), 2)),
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
        let one =
            |d: &derive::DrugTotal| format!("{} {} {}", d.drug, words::number(app.lang, d.total, 1), d.unit);
        f.drugs.iter().map(one).collect::<Vec<_>>().join("; ")
    }));
    rows.push(row(t.outcome.to_owned(), &|f| {
        f.outcome.map_or("–".to_owned(), |o| words::code(app.lang, "outcome", o.as_str()))
    }));
    bits::page(t.compare, t.compare_about, bits::table(t.compare, head, rows))
}
