//! All of a kind, the deleted ones folded away.

use super::{bits, state::App};
use crate::{browser::clock, keep, line::Line, route::Route, words};
use keepwell_journal::{
    derive::{self, Runway},
    merge::Entity,
    model::{EntityId, Fields, Kind, Moment, TextType, Value},
};
use leptos::prelude::*;

/// The list of a kind.
pub fn page(app: App, kind: Kind) -> AnyView {
    let t = app.t;
    let when = |e: &Entity| {
        let value = ["at", "on", "started_on", "cycle_start"].iter().find_map(|n| e.field(n));
        match value {
            Some(Value::Text(text)) => Moment::from_text(text).map_or((i64::MIN, 0), |m| m.sort_key()),
            _ => (i64::MIN, 0),
        }
    };
    let (mut live, gone) = app.book(|b| {
        let key = |e: &Entity| ((bits::is_pinned(e), when(e)), e.id());
        let live = b.of_kind(kind).filter(|e| e.is_live()).map(key).collect::<Vec<_>>();
        (live, b.deleted(kind).map(|e| e.id()).collect::<Vec<_>>())
    });
    keepwell_journal::order::sort_by(&mut live, |a, b| b.cmp(a));
    let rows: Vec<(Kind, EntityId, Line)> =
        live.into_iter().map(|(_, id)| (kind, id, bits::line_of(app, kind, id))).collect();
    let rows = if kind == Kind::Stock { with_last_days(app, rows) } else { rows };
    // What is deleted has no page of its own kind any more: it can be brought back where it is edited.
    let gone: Vec<(Route, Line)> =
        gone.into_iter().map(|id| (Route::Edit(kind, id), bits::line_of(app, kind, id))).collect();
    let add = bits::button_to(&Route::New(kind, Vec::new()), "Button", words::kind(app.lang, kind));
    let title = words::kinds(app.lang, kind);
    let has_gone = !gone.is_empty();
    let body = view! {
        <div class="Actions">{add}</div>
        {if rows.is_empty() { bits::empty(t.none_yet, Vec::new()) } else { view! { <div class="Card">{bits::lines(app, rows)}</div> }.into_any() }}
        {(kind == Kind::Medication).then(|| stock(app))}
        {has_gone.then(|| view! { <details class="Card"><summary><h2>{t.deleted}</h2></summary>{bits::lines_to(gone)}</details> })}
    };
    bits::page(title, "", body.into_any())
}

/// All that was deleted and can be brought back, by kind: what has no list of its own is found here only.
pub fn deleted(app: App) -> AnyView {
    let w = words::lists::of(app.lang);
    let of = |kind: Kind| {
        let gone: Vec<EntityId> = app.book(|b| b.deleted(kind).map(|e| e.id()).collect());
        let rows: Vec<AnyView> = gone.into_iter().map(|id| gone_line(app, kind, id)).collect();
        (!rows.is_empty()).then(|| {
            bits::card(words::kinds(app.lang, kind), view! { <ul class="Ways">{rows}</ul> }.into_any())
        })
    };
    // The others are the program's own, or a person's wishes: nobody deletes them by a page.
    let kinds = Kind::ALL.iter().filter(|k| crate::forms::form(**k).is_some() && **k != Kind::Preferences);
    let all: Vec<AnyView> = kinds.filter_map(|k| of(*k)).collect();
    if all.is_empty() {
        return bits::page(w.gone, "", bits::empty(w.none_gone, Vec::new()));
    }
    bits::page(w.gone, w.gone_about, all.into_any())
}

fn gone_line(app: App, kind: Kind, id: EntityId) -> AnyView {
    let line = bits::line_of(app, kind, id);
    let words: Vec<&str> =
        [&*line.title, &*line.when, &*line.detail].into_iter().filter(|w| !w.is_empty()).collect();
    let label = words::fill(words::lists::of(app.lang).back_named, &words.join(", "));
    let back = move |_| app.act(keep::restore(kind, id), Some(app.t.brought_back), || {});
    view! {
        <li>
            {bits::link_to(&Route::Edit(kind, id), words.join(" · "))}
            <button type="button" class="Button is-quiet" aria-label=label on:click=back>{app.t.restore}</button>
        </li>
    }
    .into_any()
}

/// How long each drug lasts.
fn runways(app: App) -> Vec<(EntityId, Runway)> {
    let now = clock::moment();
    app.book(|b| derive::runways(b, &derive::running(b, now.date), &now, &clock::Zones))
}

/// The entries of the stock; what was opened says until when it may be used.
fn with_last_days(app: App, mut rows: Vec<(Kind, EntityId, Line)>) -> Vec<(Kind, EntityId, Line)> {
    for expiry in runways(app).iter().flat_map(|(_, run)| &run.expiries) {
        let row = rows.iter_mut().find(|(_, id, _)| *id == expiry.entry);
        if let (Some((_, _, line)), Some(said)) = (row, super::today::opened_words(app, expiry)) {
            let parts = [&*line.detail, &*said].into_iter().filter(|p| !p.is_empty());
            line.detail = parts.collect::<Vec<_>>().join(" · ");
        }
    }
    rows
}

/// What is in the cupboard and how long it lasts.
fn stock(app: App) -> AnyView {
    let t = app.t;
    let rows: Vec<AnyView> =
        runways(app).iter().map(|(id, run)| super::today::runs_out(app, *id, run)).collect();
    let add = bits::button_to(
        &Route::New(Kind::Stock, Vec::new()),
        "Button is-quiet",
        words::kind(app.lang, Kind::Stock),
    );
    let all = bits::link_to(&Route::List(Kind::Stock), t.all_stock);
    bits::card(
        words::kinds(app.lang, Kind::Stock),
        view! { <ul class="Plain">{rows}</ul> <div class="Actions">{add} {all}</div> }.into_any(),
    )
}
