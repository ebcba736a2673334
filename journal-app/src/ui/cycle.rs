//! A cycle: its pictures, then everything that was entered.

use super::{bits, cycles::when, embryos, figure, state::App};
use crate::{
    browser::clock,
    line::Line,
    route::{Part, Route},
    words,
};
use keepwell_journal::{
    derive::{self, CycleRecord},
    model::{EntityId, Fields, Kind, Moment, SortKey, TextType, Value},
};
use leptos::prelude::*;

/// The page of a cycle.
pub fn page(app: App, id: EntityId) -> AnyView {
    let t = app.t;
    let Some(r) = app.book(|b| derive::record(b, id)) else {
        return bits::page(
            t.cycle,
            "",
            bits::empty(t.not_there, vec![bits::link_to(&Route::Cycles, t.cycles)]),
        );
    };
    let quiet = r.is_quiet();
    let context = if quiet { String::new() } else { day_names(app, &r) };
    let title = r.cycle.title.known().cloned().unwrap_or_else(|| app.name_of(id).unwrap_or_default());
    let body = view! {
        {quiet.then(|| view! { <p class="Notice">{t.quiet_words}</p> })}
        {places(app, id)}
        {figure::stimulation(app, &r)}
        {embryos::summary(app, id, &r)}
        {figure::betas(app, &r)}
        {key_dates(app, id, &r)}
        {sections(app, id)}
        {quick(app, id)}
    };
    bits::page(title, context, body.into_any())
}

/// What today is called in a cycle that goes on.
fn day_names(app: App, r: &CycleRecord) -> String {
    let now = clock::moment();
    if !derive::lasts_on(r, &app.book(derive::records), now.date, now.date) {
        return String::new();
    }
    let names = derive::day_labels_at(&r.dates, &now).into_iter().map(|l| words::label(app.t, l));
    names.collect::<Vec<_>>().join(" · ")
}

fn places(app: App, id: EntityId) -> AnyView {
    let t = app.t;
    let to = |part, text| bits::button_to(&Route::Cycle(id, part), "Tab", text);
    view! {
        <nav class="Tabs" aria-label=t.parts>
            {to(Part::Plan, t.plan)} {to(Part::Amend, t.nurse_called)} {to(Part::Laboratory, t.laboratory)} {to(Part::Sheet, t.sheet)}
            {bits::button_to(&Route::Edit(Kind::Cycle, id), "Tab", t.set_up)}
        </nav>
    }
    .into_any()
}

fn key_dates(app: App, id: EntityId, r: &CycleRecord) -> AnyView {
    let t = app.t;
    let pairs: Vec<(String, String)> = r
        .dates
        .iter()
        .map(|(key, fixed)| {
            let said = words::as_certain(t, when(app, &fixed.at), fixed.certainty);
            (words::code(app.lang, "key_date", key.as_str()), said)
        })
        .collect();
    let body = if pairs.is_empty() {
        view! { <p class="Fine">{t.no_dates}</p> }.into_any()
    } else {
        bits::facts(pairs)
    };
    bits::card(
        t.key_dates,
        view! { {body} {bits::link_to(&Route::Edit(Kind::Cycle, id), t.set_up)} }.into_any(),
    )
}

/// Kinds in the order in which they come in a cycle.
const SECTIONS: &[Kind] = &[
    Kind::Visit,
    Kind::Dose,
    Kind::Scan,
    Kind::Hormone,
    Kind::HomeTest,
    Kind::Semen,
    Kind::Trigger,
    Kind::Retrieval,
    Kind::Transfer,
    Kind::EarlyScan,
    Kind::Outcome,
    Kind::Consent,
    Kind::Cost,
    Kind::Note,
    Kind::Mood,
];

/// Entities of a kind that belong to a cycle, newest first.
pub fn of_cycle(app: App, kind: Kind, cycle: EntityId) -> Vec<(Kind, EntityId, Line)> {
    let wanted = Value::Text(cycle.to_string());
    let mut found: Vec<((bool, SortKey), EntityId)> = app.book(|b| {
        let live = b.of_kind(kind).filter(|e| e.is_live() && e.field("cycle") == Some(&wanted));
        let key = |e: &keepwell_journal::merge::Entity| match e.field("at").or_else(|| e.field("on")) {
            Some(Value::Text(text)) => Moment::from_text(text).map_or((i64::MAX, 0), |m| m.sort_key()),
            _ => (i64::MAX, 0),
        };
        live.map(|e| ((bits::is_pinned(e), key(e)), e.id())).collect()
    });
    keepwell_journal::order::sort_by(&mut found, |a, b| b.cmp(a));
    found.into_iter().map(|(_, id)| (kind, id, bits::line_of(app, kind, id))).collect()
}

fn sections(app: App, id: EntityId) -> AnyView {
    let section = |kind: &Kind| {
        let rows = of_cycle(app, *kind, id);
        if rows.is_empty() {
            return None;
        }
        let title = format!("{} ({})", words::kinds(app.lang, *kind), rows.len());
        Some(view! { <details class="Card"><summary><h2>{title}</h2></summary>{bits::lines(app, rows)}</details> }.into_any())
    };
    SECTIONS.iter().filter_map(section).collect::<Vec<_>>().into_any()
}

fn quick(app: App, id: EntityId) -> AnyView {
    let values = vec![("cycle".to_owned(), id.to_string())];
    let kinds = [
        Kind::Dose,
        Kind::Scan,
        Kind::Hormone,
        Kind::Visit,
        Kind::Trigger,
        Kind::Retrieval,
        Kind::Transfer,
        Kind::Beta,
        Kind::EarlyScan,
        Kind::Outcome,
        Kind::HomeTest,
        Kind::Semen,
        Kind::Cost,
        Kind::Note,
        Kind::Mood,
    ];
    let all: Vec<AnyView> = kinds
        .iter()
        .map(|k| {
            bits::button_to(&Route::New(*k, values.clone()), "Button is-quiet", words::kind(app.lang, *k))
        })
        .collect();
    view! { <section class="Quick" aria-label=app.t.add_entry><h2>{app.t.add_entry}</h2><div class="Actions">{all}</div></section> }.into_any()
}
