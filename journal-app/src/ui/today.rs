//! What is due, what comes next, and nothing else.

use super::{
    asked, bits, conflict,
    plan::{row, two_triggers},
    state::App,
};
use crate::{
    browser::{
        clock::{self, Zones},
        local,
    },
    line::Line,
    route::{Part, Route},
    words,
};
use keepwell_journal::{
    derive::{self, DayLabel, Expiry, Runway, Today},
    model::{EntityId, Kind},
};
use leptos::prelude::*;

/// The first page.
pub fn page(app: App) -> AnyView {
    let t = app.t;
    let now = clock::moment();
    let today: Today = app.book(|b| derive::today(b, &now, &Zones));
    let is_empty = app.book(|b| b.entities().all(|e| Kind::is_about_devices(e.kind().as_str())));
    let body = if is_empty {
        begin(app)
    } else {
        view! { {labels(app, &today.labels)} {pinned(app, &today)} {conflict::waiting(app)} {doubts(app, &today)} {due(app, &today)} {next(app, &today)} {aside(app, &today)} }
            .into_any()
    };
    bits::page(
        t.today,
        words::date_long(app.lang, now.date),
        view! { {asked::waiting(app)} {backup(app)} {body} {quick(app, &today)} }.into_any(),
    )
}

fn begin(app: App) -> AnyView {
    let t = app.t;
    let acts = vec![
        bits::button_to(&Route::New(Kind::Cycle, Vec::new()), "Button", t.begin_cycle),
        bits::button_to(&Route::Day(clock::today()), "Button is-quiet", t.begin_day),
        bits::button_to(&Route::Import, "Button is-quiet", t.import),
    ];
    bits::empty(t.begin_about, acts)
}

/// The names of the day, by cycle.
fn labels(app: App, labels: &[(EntityId, Vec<DayLabel>)]) -> AnyView {
    let one = |(id, labels): &(EntityId, Vec<DayLabel>)| {
        let names: Vec<String> = labels.iter().map(|l| words::label(app.t, *l)).collect();
        let title = app.name_of(*id).unwrap_or_default();
        let (first, rest) =
            names.split_first().map_or((String::new(), String::new()), |(f, r)| (f.clone(), r.join(" · ")));
        view! {
            <li><a class="DayName" href=Route::Cycle(*id, Part::Whole).hash()>
                <strong>{first}</strong><span>{rest}</span><small>{title}</small>
            </a></li>
        }
        .into_any()
    };
    let all: Vec<AnyView> = labels.iter().map(one).collect();
    (!all.is_empty()).then(|| view! { <ul class="DayNames">{all}</ul> }).into_any()
}

/// Notes that stay on top.
fn pinned(app: App, today: &Today) -> Option<AnyView> {
    // That they are kept on top is said by their place.
    let line = |id| Line { title: bits::line_of(app, Kind::Note, id).title, ..Line::default() };
    let notes: Vec<_> = today.pinned.iter().map(|id| (Kind::Note, *id, line(*id))).collect();
    let title = words::lists::of(app.lang).on_top;
    (!notes.is_empty()).then(|| bits::card(title, bits::lines(app, notes)))
}

fn doubts(app: App, today: &Today) -> Vec<AnyView> {
    today.triggers.iter().map(|(cycle, two)| two_triggers(app, *cycle, two)).collect()
}

fn due(app: App, today: &Today) -> AnyView {
    let rows: Vec<AnyView> = today.due.iter().map(|(cycle, r)| row(app, *cycle, r, true)).collect();
    let body = if rows.is_empty() {
        view! { <p class="Fine">{app.t.nothing_due}</p> }.into_any()
    } else {
        view! { <ul class="PlanRows">{rows}</ul> }.into_any()
    };
    bits::card(app.t.due, body)
}

fn next(app: App, today: &Today) -> AnyView {
    let rows: Vec<AnyView> = today.next.iter().take(6).map(|(cycle, r)| row(app, *cycle, r, false)).collect();
    if rows.is_empty() {
        return ().into_any();
    }
    bits::card(app.t.next, view! { <ul class="PlanRows">{rows}</ul> }.into_any())
}

/// Appointments, questions, what runs out, what is stored.
fn aside(app: App, today: &Today) -> AnyView {
    let t = app.t;
    let visit = today.visit.as_ref().map(|(id, _)| {
        bits::card(
            t.next_visit,
            bits::lines(app, vec![(Kind::Visit, *id, bits::line_of(app, Kind::Visit, *id))]),
        )
    });
    let questions: Vec<_> =
        today.questions.iter().map(|id| (Kind::Note, *id, bits::line_of(app, Kind::Note, *id))).collect();
    let questions =
        (!questions.is_empty()).then(|| bits::card(t.open_questions, bits::lines(app, questions)));
    let order: Vec<AnyView> = today.order.iter().map(|(id, run)| runs_out(app, *id, run)).collect();
    let order = (!order.is_empty())
        .then(|| bits::card(t.to_order, view! { <ul class="Plain">{order}</ul> }.into_any()));
    let opened: Vec<AnyView> = today.opened.iter().map(|(id, e)| opened_line(app, *id, e)).collect();
    let opened = (!opened.is_empty()).then(|| {
        bits::card(
            words::lists::of(app.lang).opened_soon,
            view! { <ul class="Plain">{opened}</ul> }.into_any(),
        )
    });
    let storage = (!today.storage.is_empty()).then(|| {
        bits::card(
            t.stored,
            view! { <p>{t.storage_pressing}</p>{bits::link_to(&Route::Ledger, t.ledger)} }.into_any(),
        )
    });
    view! { {visit} {questions} {opened} {order} {storage} }.into_any()
}

fn opened_line(app: App, drug: EntityId, expiry: &Expiry) -> AnyView {
    let name = app.name_of(drug).unwrap_or_default();
    view! { <li>{bits::link_to(&Route::Edit(Kind::Stock, expiry.entry), name)}<p class="Fine">{opened_words(app, expiry)}</p></li> }.into_any()
}

/// When something was opened and until when it may be used.
pub fn opened_words(app: App, expiry: &Expiry) -> Option<String> {
    expiry.opened_on.map(|on| words::opened(app.lang, on, expiry.on, clock::today()))
}

/// When a drug runs out and until when to order it.
pub fn runs_out(app: App, id: EntityId, run: &Runway) -> AnyView {
    let t = app.t;
    let name = app.name_of(id).unwrap_or_default();
    let mut parts = Vec::new();
    let w = words::lists::of(app.lang);
    let amount = |n: f64| {
        let text = format!("{} {}", words::number(app.lang, n, 3), words::unit(app.lang, &run.unit));
        text.trim().to_owned()
    };
    parts.extend(run.on_hand.map(|n| words::fill(t.on_hand, &amount(n))));
    if run.ordered > 0.0 {
        parts.push(words::fill(w.ordered, &amount(run.ordered)));
    }
    match (run.lasts_until, run.runs_out) {
        (Some(day), Some(_)) => parts.push(words::fill(t.lasts_until, &words::date(app.lang, day))),
        (None, Some(day)) => parts.push(words::fill(t.runs_out, &words::date(app.lang, day))),
        _ => {}
    }
    if let Some(day) = run.order_by {
        parts.push(words::fill(t.order_by, &words::date(app.lang, day)));
    }
    if run.uncounted > 0 {
        parts.push(words::fill(w.uncounted, &run.uncounted.to_string()));
    }
    let opened = run.expiries.iter().filter_map(|e| opened_words(app, e));
    let opened: Vec<AnyView> = opened.map(|said| view! { <p class="Fine">{said}</p> }.into_any()).collect();
    view! { <li><a class="Link" href=Route::Edit(Kind::Medication, id).hash()>{name}</a><p class="Fine">{parts.join(" · ")}</p>{opened}</li> }.into_any()
}

/// What is entered most.
fn quick(app: App, today: &Today) -> AnyView {
    let t = app.t;
    let cycle =
        today.labels.first().map(|(id, _)| vec![("cycle".to_owned(), id.to_string())]).unwrap_or_default();
    let kinds = if cycle.is_empty() {
        &[Kind::Note, Kind::Mood, Kind::Visit][..]
    } else {
        &[Kind::Dose, Kind::Scan, Kind::Hormone, Kind::Visit, Kind::Note, Kind::Mood, Kind::Cost][..]
    };
    let mut all: Vec<AnyView> = kinds
        .iter()
        .map(|k| {
            bits::button_to(&Route::New(*k, cycle.clone()), "Button is-quiet", words::kind(app.lang, *k))
        })
        .collect();
    if app.tracks() {
        all.insert(0, bits::button_to(&Route::Day(clock::today()), "Button is-quiet", t.this_day));
    }
    view! { <section class="Quick" aria-label=t.add_entry><h2>{t.add_entry}</h2><div class="Actions">{all}</div></section> }.into_any()
}

/// A gentle word, once a fortnight, when there is something to lose.
fn backup(app: App) -> AnyView {
    let entries = app.book(|b| b.entities().filter(|e| !Kind::is_about_devices(e.kind().as_str())).count());
    let days = local::backup_day().map(|day| clock::today().days() - day);
    let asked = local::get("backup-later")
        .and_then(|d| d.parse::<i64>().ok())
        .is_some_and(|d| clock::today().days() - d < 3);
    if entries < 10 || days.is_some_and(|d| d < 14) || asked {
        return ().into_any();
    }
    let t = app.t;
    let shown = RwSignal::new(true);
    let later = move || {
        local::set("backup-later", &clock::today().days().to_string());
        shown.set(false);
    };
    let text = if days.is_none() { t.backup_never } else { t.backup_old };
    view! {
        {move || shown.get().then(|| view! {
            <div class="Notice"><p>{text}</p><div class="Actions">{bits::button_to(&Route::Backup, "Button is-quiet", t.backup)} {bits::button("Link", t.later, later)}</div></div>
        })}
    }
    .into_any()
}
