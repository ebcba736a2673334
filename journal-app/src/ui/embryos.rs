//! From eggs to embryos: the funnel, the board, one embryo.

use super::{bits, cycles::when, held, state::App};
use crate::{
    keep,
    route::{Part, Route},
    words,
};
use keepwell_journal::{
    derive::{self, CycleRecord, EmbryoCard, FunnelStage},
    model::{EmbryoEvent, EntityId, FieldType, Kind, Told, Value, embryo::EventKind},
};
use leptos::prelude::*;

fn cards(app: App, r: &CycleRecord) -> Vec<EmbryoCard> {
    derive::embryo_cards(r, app.wishes().show_sex == Told::Known(true))
}

/// A count, or why there is none.
fn count(app: App, told: Told<i64>) -> String {
    match told {
        Told::Known(n) => n.to_string(),
        Told::Unknown => "–".to_owned(),
        Told::NotTold => words::code(app.lang, "absence", "not_told"),
        Told::NotDone => words::code(app.lang, "absence", "not_done"),
    }
}

/// The steps that anything is known of, as bars with their counts.
fn funnel(app: App, r: &CycleRecord) -> AnyView {
    let stages: Vec<FunnelStage> = derive::funnel(r);
    let known: Vec<FunnelStage> = stages.into_iter().filter(|s| !matches!(s.count, Told::Unknown)).collect();
    if known.is_empty() {
        return ().into_any();
    }
    let most = known.iter().filter_map(|s| s.count.get()).max().unwrap_or(1).max(1);
    let bar = |stage: &FunnelStage| {
        let word = words::code(app.lang, "funnel", stage.step.as_str());
        let n = stage.count.get().unwrap_or(0);
        let more = (stage.pending > 0).then(|| words::fill(app.t.to_come, &stage.pending.to_string()));
        view! {
            <li class="Step">
                <span class="Step-name">{word}</span>
                <meter class="Step-bar" min="0" max=most.to_string() value=n.to_string() aria-hidden="true"></meter>
                <span class="Step-count">{count(app, stage.count)}</span>
                {more.map(|m| view! { <small class="Step-more">{m}</small> })}
            </li>
        }
        .into_any()
    };
    let bars: Vec<AnyView> = known.iter().map(bar).collect();
    view! { <ol class="Funnel">{bars}</ol> }.into_any()
}

/// In the page of the cycle.
pub fn summary(app: App, id: EntityId, r: &CycleRecord) -> AnyView {
    if r.retrievals.is_empty() && r.embryos.is_empty() {
        return ().into_any();
    }
    let body = view! { {funnel(app, r)} {board(app, r)} {bits::link_to(&Route::Cycle(id, Part::Laboratory), app.t.laboratory)} };
    bits::card(app.t.eggs_and_embryos, body.into_any())
}

/// A row of small cards.
fn board(app: App, r: &CycleRecord) -> AnyView {
    let all: Vec<AnyView> = cards(app, r).into_iter().map(|c| card(app, c)).collect();
    if all.is_empty() {
        return ().into_any();
    }
    view! { <ul class="Board">{all}</ul> }.into_any()
}

fn title(app: App, card: &EmbryoCard) -> String {
    let own = card.embryo.name.known().cloned();
    let label = card.embryo.label.known().map(|l| format!("{} {l}", words::kind(app.lang, Kind::Embryo)));
    own.or(label).unwrap_or_else(|| words::kind(app.lang, Kind::Embryo).to_owned())
}

fn card(app: App, card: EmbryoCard) -> AnyView {
    let t = app.t;
    let state = words::code(app.lang, "embryo_state", card.state.as_str());
    let grade = card.grade.as_ref().map(|g| g.0.clone());
    let days: Vec<String> = card
        .events
        .iter()
        .filter_map(|(_, e, day)| Some((day.as_ref()?, e)))
        .map(|(day, e)| {
            let grade = e.grade.known().filter(|_| e.held != Told::Known(true));
            let what = grade.cloned().or_else(|| e.cells.get().map(|n| words::fill(t.cells, &n.to_string())));
            let what = what.unwrap_or_else(|| {
                e.what.get().map(|w| words::code(app.lang, "event_kind", w.as_str())).unwrap_or_default()
            });
            format!("{}: {what}", words::fill(t.day_n, &day.to_string()))
        })
        .collect();
    let days: Vec<AnyView> = days.into_iter().map(|d| view! { <li>{d}</li> }.into_any()).collect();
    let test = if card.holds_result {
        Some(t.held.to_owned())
    } else {
        card.pgt.get().map(|p| words::code(app.lang, "pgt", p.as_str()))
    };
    let class = format!("Embryo is-{}", card.state.as_str());
    view! {
        <li class=class>
            <a href=Route::Embryo(card.id).hash()>{title(app, &card)}</a>
            <strong>{grade}</strong>
            <ul>{days}</ul>
            {test.map(|x| view! { <span class="Embryo-test">{x}</span> })}
            <span class="Embryo-state">{state}</span>
        </li>
    }
    .into_any()
}

/// Eggs and embryos of a cycle.
pub fn laboratory(app: App, id: EntityId) -> AnyView {
    let t = app.t;
    let Some(r) = app.book(|b| derive::record(b, id)) else {
        return bits::page(t.laboratory, "", bits::empty(t.not_there, Vec::new()));
    };
    let cycle = vec![("cycle".to_owned(), id.to_string())];
    let retrieval = r.retrievals.last().map(|(id, _)| *id);
    let mut embryo = cycle.clone();
    embryo.extend(retrieval.map(|r| ("retrieval".to_owned(), r.to_string())));
    let several = retrieval.map(|retrieval| many(app, id, retrieval, r.embryos.len()));
    let retrievals: Vec<_> = r
        .retrievals
        .iter()
        .map(|(x, _)| (Kind::Retrieval, *x, bits::line_of(app, Kind::Retrieval, *x)))
        .collect();
    let transfers: Vec<_> = r
        .transfers
        .iter()
        .map(|(x, _)| (Kind::Transfer, *x, bits::line_of(app, Kind::Transfer, *x)))
        .collect();
    let (has_retrievals, has_transfers) = (!retrievals.is_empty(), !transfers.is_empty());
    let body = view! {
        <div class="Actions">
            {bits::button_to(&Route::New(Kind::Retrieval, cycle.clone()), if has_retrievals { "Button is-quiet" } else { "Button" }, words::kind(app.lang, Kind::Retrieval))}
            {bits::button_to(&Route::New(Kind::Embryo, embryo), "Button is-quiet", words::kind(app.lang, Kind::Embryo))}
            {bits::button_to(&Route::New(Kind::Transfer, cycle), "Button is-quiet", words::kind(app.lang, Kind::Transfer))}
        </div>
        {funnel(app, &r)}
        {board(app, &r)}
        {several}
        {has_retrievals.then(|| bits::card(words::kinds(app.lang, Kind::Retrieval), bits::lines(app, retrievals)))}
        {has_transfers.then(|| bits::card(words::kinds(app.lang, Kind::Transfer), bits::lines(app, transfers)))}
    };
    bits::page(t.laboratory, app.name_of(id).unwrap_or_default(), body.into_any())
}

/// Several embryos at once, numbered on.
fn many(app: App, cycle: EntityId, retrieval: EntityId, there: usize) -> AnyView {
    let t = app.t;
    let wrong = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let data = super::control::data(&event);
        let n = data.and_then(|d| d.get("many").as_string()).and_then(|n| n.trim().parse::<usize>().ok());
        let Some(n) = n.filter(|n| (1..=60).contains(n)) else {
            wrong.set(true);
            return;
        };
        let all = (0..n).filter_map(|i| {
            let fields = [
                ("cycle", cycle.to_value()),
                ("retrieval", retrieval.to_value()),
                ("label", Value::text((there + i + 1).to_string())),
            ];
            let fields = fields.map(|(n, v)| (keepwell_journal::model::Name::of(n), v)).to_vec();
            Some(((Kind::Embryo, keep::new_id()?), fields))
        });
        app.act(keep::write_all(all.collect()), Some(t.saved), || {});
    };
    view! {
        <form class="Choice" on:submit=submit>
            <div class="Field"><label for="many">{t.add_embryos}</label><input id="many" name="many" type="text" inputmode="numeric" autocomplete="off"/></div>
            <button type="submit" class="Button is-quiet">{t.add}</button>
            {move || wrong.get().then(|| view! { <p class="Field-reason" role="alert">{t.bad_number}</p> })}
        </form>
    }
    .into_any()
}

/// One embryo: what happened to it, and what can happen next.
pub fn one(app: App, id: EntityId) -> AnyView {
    let t = app.t;
    let found = app.book(|b| {
        let embryo = b.get::<keepwell_journal::model::Embryo>(id)?;
        derive::record(b, embryo.cycle.get()?)
    });
    let Some(r) = found else { return bits::page(t.embryo, "", bits::empty(t.not_there, Vec::new())) };
    let Some(card) = cards(app, &r).into_iter().find(|c| c.id == id) else {
        return bits::page(t.embryo, "", bits::empty(t.not_there, Vec::new()));
    };
    let cycle = r.id;
    let next: Vec<AnyView> = EventKind::ALL
        .iter()
        .filter(|what| {
            let event = EmbryoEvent { what: Told::Known(**what), ..EmbryoEvent::default() };
            card.state.after(&event).is_ok()
        })
        .map(|what| {
            let mut values =
                vec![("embryo".to_owned(), id.to_string()), ("what".to_owned(), what.as_str().to_owned())];
            if *what == EventKind::Transferred {
                values.extend(r.transfers.last().map(|(x, _)| ("transfer".to_owned(), x.to_string())));
            }
            bits::button_to(
                &Route::New(Kind::EmbryoEvent, values),
                "Button is-quiet",
                words::code(app.lang, "event_kind", what.as_str()),
            )
        })
        .collect();
    let events = card.events.iter().rev().map(|(e, event, day)| {
        let mut line = bits::line_of(app, Kind::EmbryoEvent, *e);
        if event.held == Told::Known(true) {
            line.detail = t.held.to_owned();
        }
        if let Some(day) = day {
            line.when = format!("{} · {}", words::fill(t.day_n, &day.to_string()), line.when);
        }
        (Kind::EmbryoEvent, *e, line)
    });
    let events: Vec<_> = events.collect();
    let impossible = (!card.impossible.is_empty()).then(|| view! { <p class="Alert">{t.impossible}</p> });
    let mut pairs = vec![(t.state.to_owned(), words::code(app.lang, "embryo_state", card.state.as_str()))];
    let mut fact = |k: &str, v: Option<String>| pairs.extend(v.map(|v| (k.to_owned(), v)));
    fact(t.since, card.since.as_ref().map(|m| when(app, m)));
    fact(t.grade, card.grade.as_ref().map(|g| g.0.clone()));
    fact(
        t.genetic_test,
        if card.holds_result {
            Some(t.held.to_owned())
        } else {
            card.pgt.get().map(|p| words::code(app.lang, "pgt", p.as_str()))
        },
    );
    fact(t.sex, card.sex.map(|s| words::code(app.lang, "sex", s.as_str())));
    fact(&words::field(app.lang, Kind::EmbryoEvent, "pgt_detail"), card.finding.clone());
    fact(t.place, card.place.clone());
    let body = view! {
        {bits::card(t.state, view! { {bits::facts(pairs)} {held::of_embryo(app, &card)} }.into_any())}
        {impossible}
        <section class="Quick"><h2>{t.what_happened}</h2><div class="Actions">{next}</div></section>
        {bits::card(t.history, bits::lines(app, events))}
        <div class="Actions">
            {bits::link_to(&Route::Edit(Kind::Embryo, id), t.edit)}
            {cycle.map(|c| bits::link_to(&Route::Cycle(c, Part::Laboratory), t.laboratory))}
        </div>
    };
    bits::page(title(app, &card), app.name_of(cycle.unwrap_or(id)).unwrap_or_default(), body.into_any())
}
