//! What is stored where, for how long, and what it costs.

use super::{bits, state::App};
use crate::{browser::clock, line::Line, route::Route, words};
use keepwell_domain::time::Date;
use keepwell_journal::{
    derive::{self, FeeLine, StorageLine},
    model::{EntityId, Kind, TextType},
};
use leptos::prelude::*;

/// Days ahead for which fees are listed: five years.
const AHEAD: i64 = 1826;

/// The ledger.
pub fn page(app: App) -> AnyView {
    let t = app.t;
    let today = clock::today();
    let lines: Vec<StorageLine> = app.book(|b| {
        let cards: Vec<_> = derive::records(b).iter().flat_map(|r| derive::embryo_cards(r, false)).collect();
        derive::storage_ledger(b, &cards, today, Date::from_days(today.days() + AHEAD))
    });
    let add =
        |kind| bits::button_to(&Route::New(kind, Vec::new()), "Button is-quiet", words::kind(app.lang, kind));
    // A fee without an agreement stands in no card.
    let list = |kind| bits::link_to(&Route::List(kind), words::kinds(app.lang, kind));
    let acts = view! {
        <div class="Actions">{add(Kind::Storage)} {add(Kind::StorageFee)} {add(Kind::Consent)}</div>
        <div class="Actions">{list(Kind::Storage)} {list(Kind::StorageFee)} {list(Kind::Consent)}</div>
    };
    if lines.is_empty() {
        return bits::page(
            t.ledger,
            "",
            view! { {bits::empty(t.nothing_stored, Vec::new())} {acts} }.into_any(),
        );
    }
    let all: Vec<AnyView> = lines.iter().map(|l| line(app, l)).collect();
    bits::page(t.ledger, "", view! { {acts} {all} }.into_any())
}

fn days(app: App, n: i64) -> String {
    let t = app.t;
    if n < 0 { words::plural(-n, t.day_past, t.days_past) } else { words::plural(n, t.day_left, t.days_left) }
}

fn line(app: App, l: &StorageLine) -> AnyView {
    let t = app.t;
    let title = bits::line_of(app, Kind::Storage, l.id);
    let clinic = l.storage.clinic.get().and_then(|c| app.name_of(c));
    let mut pairs = Vec::new();
    if !l.embryos.is_empty() {
        pairs.push((words::kinds(app.lang, Kind::Embryo).to_owned(), l.embryos.len().to_string()));
    }
    if let Some(n) = l.storage.count.get() {
        pairs.push((words::field(app.lang, Kind::Storage, "count"), n.to_string()));
    }
    if let Some(n) = l.limit_days_left {
        let until = l.storage.limit_on.get().map(|d| words::date(app.lang, d)).unwrap_or_default();
        pairs.push((t.at_most_until.to_owned(), format!("{until} ({})", days(app, n))));
    }
    for (currency, sum) in &l.paid {
        pairs.push((t.paid_in_all.to_owned(), format!("{} {currency}", words::number(app.lang, *sum, 2))));
    }
    let fees: Vec<(Route, Line)> = l.fees.iter().map(|f| fee(app, l.id, f)).collect();
    let fees = (!fees.is_empty()).then(|| view! { <h3>{t.fees}</h3>{bits::lines_to(fees)} });
    let consents: Vec<_> = l
        .consents
        .iter()
        .map(|c| {
            let mut line = bits::line_of(app, Kind::Consent, c.id);
            if let Some(n) = c.days_left {
                line.detail = days(app, n);
            }
            (Kind::Consent, c.id, line)
        })
        .collect();
    let heading = clinic.map_or(title.title.clone(), |c| format!("{} · {c}", title.title));
    bits::card(heading, view! { {bits::facts(pairs)} {fees} {bits::lines(app, consents)} {bits::link_to(&Route::Edit(Kind::Storage, l.id), t.edit)} }.into_any())
}

/// A fee. One that follows from the agreement leads to where it is entered, with what is known of it.
fn fee(app: App, storage: EntityId, f: &FeeLine) -> (Route, Line) {
    let state = match f.paid_on {
        Some(day) => words::fill(app.t.paid_on, &words::date(app.lang, day)),
        None => days(app, f.days_left),
    };
    let line = Line {
        title: words::date(app.lang, f.due_on),
        when: f.amount.as_ref().map(|a| words::amount(app.lang, a)).unwrap_or_default(),
        detail: state,
    };
    let to = f.entry.map_or_else(
        || {
            let amount = f.amount.as_ref().map(|a| ("amount".to_owned(), a.to_text()));
            let known =
                [("storage".to_owned(), storage.to_string()), ("due_on".to_owned(), f.due_on.to_string())];
            Route::New(Kind::StorageFee, known.into_iter().chain(amount).collect())
        },
        |id| Route::Edit(Kind::StorageFee, id),
    );
    (to, line)
}
