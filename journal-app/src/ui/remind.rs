//! Reminders while the journal is open, and what a tap on one does.

use super::{
    asked::{self, Late},
    pages::{self, Task},
    state::{App, Phase},
};
use crate::{
    browser::{
        clock::{self, Zones},
        js, local, window,
    },
    keep, words,
};
use js_sys::Array;
use keepwell_domain::time::Ts;
use keepwell_journal::{
    derive::{self, CycleRecord},
    model::{EntityId, Moment, PlanItem, View, plan::PlanKind},
    remind::{self, Reminder, Stage, Wishes},
};
use leptos::{prelude::*, task::spawn_local};
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

thread_local! {
    static LOOKED: Cell<i64> = const { Cell::new(0) };
    static AHEAD: RefCell<Ahead> = const { RefCell::new(Ahead { title: String::new(), all: Vec::new() }) };
    static WAITING: RefCell<Vec<Tap>> = const { RefCell::new(Vec::new()) };
}

/// For so many days a journal that has locked itself goes on ringing.
const AHEAD_DAYS: u16 = 3;
/// How long after it rang a reminder still does what was tapped on it.
const TAPPED_WITHIN: i64 = 48 * 3600;
/// For how long "later" puts off.
const LATER: i64 = 10 * 60;

/// What a locked journal rings by: moments and tags, and nothing of what they are about.
struct Ahead {
    /// What is said then.
    title: String,
    all: Vec<(Ts, String)>,
}

/// A tap on a notification, and when that was.
pub struct Tap {
    tag: String,
    action: String,
    at: Ts,
    port: JsValue,
}

impl Tap {
    /// Tells the worker: `"done"`, or why the page is to come to the front.
    fn answer(&self, what: &str) {
        let post = js::get(&self.port, "postMessage").and_then(|f| f.dyn_into::<js_sys::Function>().ok());
        if let Some(post) = post {
            let _ = post.call1(&self.port, &what.into());
        }
    }
}

/// Looks three times a minute what rings.
pub fn start(app: App) {
    LOOKED.set(clock::now().0);
    wait_for_the_door(app);
    let tick = Closure::<dyn FnMut()>::new(move || {
        let (from, now) = (LOOKED.get(), clock::now());
        LOOKED.set(now.0);
        if app.phase.get_untracked() == Phase::Open {
            pages::run(app, Task::Ring { from: Ts(from), now });
        } else if !app.taken.get_untracked() {
            ring_locked(Ts(from), now);
        }
    });
    // What was just written rings even if the journal is locked at once.
    Effect::new(move |_| {
        app.version.track();
        if app.phase.get() == Phase::Open {
            let looked = Ts(LOOKED.get());
            pages::run(app, Task::Ring { from: looked, now: looked });
        }
    });
    if let Some(window) = window() {
        let _ = window
            .set_interval_with_callback_and_timeout_and_arguments_0(tick.as_ref().unchecked_ref(), 20_000);
    }
    tick.forget();
    let taps = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        tapped(app, &event);
    });
    if let Some(workers) = window().map(|w| w.navigator().service_worker()) {
        let _ = workers.add_event_listener_with_callback("message", taps.as_ref().unchecked_ref());
    }
    taps.forget();
}

fn records() -> Vec<CycleRecord> {
    keep::read(derive::records).unwrap_or_default()
}

/// Reminders of all cycles from a moment on.
fn list(app: App, from: Ts, days: u16) -> Vec<Reminder> {
    let Some(zone) = clock::here() else { return Vec::new() };
    let wishes = Wishes::of(&app.wishes());
    records().iter().flat_map(|r| remind::reminders(r, &wishes, (from, &zone), days, &Zones)).collect()
}

/// Rings between two looks while the journal is locked. That something is due is all that it can say.
fn ring_locked(from: Ts, now: Ts) {
    AHEAD.with_borrow(|ahead| {
        for (_, tag) in ahead.all.iter().filter(|(at, _)| *at > from && *at <= now) {
            notify(ahead.title.clone(), tag, &Array::new());
        }
    });
}

/// Shows what rings between two looks, and remembers what would after them.
pub fn ring(app: App, from: Ts, now: Ts) {
    let (due, ahead): (Vec<_>, Vec<_>) =
        untrack(|| list(app, from, AHEAD_DAYS)).into_iter().partition(|r| r.at <= now);
    AHEAD.set(Ahead {
        title: untrack(|| unsaid(app)).unwrap_or_else(|| {
            if local::is_discreet() { app.t.ring_discreet } else { app.t.ring_locked }.to_owned()
        }),
        all: ahead.into_iter().map(|r| (r.at, r.id.to_string())).collect(),
    });
    for reminder in due.into_iter().filter(|r| r.at > from) {
        let said = said(app, &reminder.item);
        let title = match reminder.stage {
            Stage::Warning => words::fill(app.t.ring_soon, &said),
            Stage::Due => words::fill(app.t.ring_due, &said),
            Stage::Again => words::fill(app.t.ring_again, &said),
        };
        show(app, title, &reminder);
    }
}

/// What a reminder says in place of what is due, where the person wants it so.
fn unsaid(app: App) -> Option<String> {
    let wishes = app.wishes();
    let title = || wishes.discreet_title.known().cloned().unwrap_or_else(|| app.t.ring_discreet.to_owned());
    (wishes.discreet.get() == Some(true)).then(title)
}

/// What a reminder says.
fn said(app: App, item: &PlanItem) -> String {
    if let Some(title) = unsaid(app) {
        return title;
    }
    let (title, detail) = super::plan::said(app, item);
    format!("{title} {detail}")
}

fn show(app: App, title: String, reminder: &Reminder) {
    let action = |name: &str, text: &str| js::object([("action", name.into()), ("title", text.into())]);
    let is_dose = reminder.item.what.get() == Some(PlanKind::Dose);
    let taken = action("taken", if is_dose { app.t.taken } else { app.t.done });
    // Most systems show two of them.
    let actions = Array::of3(&taken, &action("skipped", app.t.skip_it), &action("later", app.t.later));
    notify(title, &reminder.id.to_string(), &actions);
}

fn notify(title: String, tag: &str, actions: &Array) {
    let options = js::object([
        ("tag", tag.into()),
        ("icon", "/journal/notes.svg".into()),
        ("requireInteraction", true.into()),
        ("actions", actions.clone().into()),
    ]);
    let Some(workers) = window().map(|w| w.navigator().service_worker()) else { return };
    spawn_local(async move {
        // Where there is no worker it is not waited for: what rings hours later, when there is one, says nothing any more.
        let registered = JsFuture::from(workers.get_registration()).await;
        let Some(registration) =
            registered.ok().filter(|r| js::get(r, "active").is_some_and(|a| a.is_object()))
        else {
            return;
        };
        let show =
            js::get(&registration, "showNotification").and_then(|f| f.dyn_into::<js_sys::Function>().ok());
        // Refused where notifications are not allowed: the page itself shows what is due.
        if let Some(show) = show
            && let Ok(promise) = show.call2(&registration, &title.into(), &options)
        {
            let _ = JsFuture::from(js_sys::Promise::resolve(&promise)).await;
        }
    });
}

/// A tap on a notification: `{tag, action}`, with a port for whether it could be done. Where the journal is
/// locked, it waits until it is opened.
fn tapped(app: App, event: &web_sys::MessageEvent) {
    let message = event.data();
    let (Some(tag), Some(action)) = (js::text(&message, "tag"), js::text(&message, "action")) else { return };
    let tap = Tap { tag, action, at: clock::now(), port: event.ports().get(0) };
    if app.phase.get_untracked() == Phase::Open {
        pages::run(app, Task::Tapped(tap));
    } else {
        tap.answer("locked");
        WAITING.with_borrow_mut(|all| all.push(tap));
    }
}

/// Keeps a tap that nothing came of until the journal is open.
pub fn wait(reminder: &Reminder, tapped: &Moment) {
    let Some(at) = tapped.instant() else { return };
    let (tag, action) = (reminder.id.to_string(), "taken".to_owned());
    WAITING.with_borrow_mut(|all| all.push(Tap { tag, action, at, port: JsValue::UNDEFINED }));
}

/// Does what was tapped while the journal was locked, or before there was a page: the worker then opens one with
/// `#/?tag=…&action=…`.
fn wait_for_the_door(app: App) {
    if let Some(location) = window().map(|w| w.location())
        && let Ok(hash) = location.hash()
        && let Some((tag, action)) = hash.strip_prefix("#/?tag=").and_then(|rest| rest.split_once("&action="))
    {
        let (tag, action) = (tag.to_owned(), action.to_owned());
        let tap = Tap { tag, action, at: clock::now(), port: JsValue::UNDEFINED };
        WAITING.with_borrow_mut(|all| all.push(tap));
        let _ = location.replace("#/");
    }
    Effect::new(move |_| {
        if app.phase.get() == Phase::Open {
            WAITING.take().into_iter().for_each(|tap| pages::run(app, Task::Tapped(tap)));
        }
    });
}

/// What rang before a tap, or will soon, and is not done.
fn open_at(app: App, tapped: Ts) -> Vec<Reminder> {
    list(app, tapped.plus_seconds(-TAPPED_WITHIN), 3)
}

/// Whether what was tapped is neither entered nor out of the plan by now.
pub fn is_open(app: App, id: EntityId, tapped: &Moment) -> bool {
    tapped.instant().is_some_and(|at| open_at(app, at).iter().any(|r| r.id == id))
}

/// The reminder is looked up in the plan: the one that rang may be from before the page was loaded.
pub fn act(app: App, tap: &Tap) {
    let rang = open_at(app, tap.at).into_iter().find(|r| r.id.to_string() == tap.tag);
    let (Some(reminder), Some(at)) = (rang, clock::moment_of(tap.at)) else {
        app.said.set(Some(app.t.ring_gone.to_owned()));
        return tap.answer("gone");
    };
    if tap.action == "taken"
        && let Some(late) = Late::of(&reminder, &at)
    {
        tap.answer("asks");
        return asked::ask(app, late);
    }
    tap.answer("done");
    let (item, planned) = (&reminder.item, &reminder.occurrence);
    let is_dose = item.what.get() == Some(PlanKind::Dose);
    match (tap.action.as_str(), is_dose) {
        ("taken", _) => fulfil(app, &reminder, &at),
        ("skipped", true) => enter(app, remind::skipped(item, planned, &at)),
        ("skipped", false) => enter(app, remind::left_out(planned, &at)),
        ("later", _) => {
            if let Some(until) = clock::moment_of(tap.at.plus_seconds(LATER)) {
                enter(app, remind::snoozed(planned, &at, until));
            }
        }
        _ => {}
    }
}

/// Enters that it was taken, or done, at that time.
pub fn fulfil(app: App, reminder: &Reminder, at: &Moment) {
    let (item, planned) = (&reminder.item, &reminder.occurrence);
    match item.what.get() {
        Some(PlanKind::Dose) => enter(app, remind::taken(item, planned, at)),
        Some(PlanKind::Trigger) => {
            let entries = super::plan::triggered(reminder.cycle, item, planned, at);
            write(app, keep::write_all(entries));
        }
        _ => enter(app, remind::done(planned, at)),
    }
}

fn enter<V: View + 'static>(app: App, (id, entry): (EntityId, V)) {
    write(app, keep::save(id, entry));
}

fn write(app: App, writing: impl Future<Output = crate::browser::Result<()>> + 'static) {
    spawn_local(async move {
        match writing.await {
            Ok(()) => app.version.update(|v| *v += 1),
            Err(trouble) => app.trouble.set(Some(trouble)),
        }
    });
}

/// The plan of the next three months, and appointments, as a calendar file.
pub fn calendar(app: App) -> String {
    use keepwell_journal::{derive::Span, remind::ics};
    let today = clock::today();
    let span = Span { from: today, to: keepwell_domain::time::Date::from_days(today.days() + 92) };
    let wishes = app.wishes();
    let before = Wishes::of(&wishes).before;
    let mut events = Vec::new();
    for r in &keep::read(|b| derive::running(b, today)).unwrap_or_default() {
        events.extend(ics::plan_events(r, span, before, &Zones, |item| {
            let (title, detail) = super::plan::said(app, item);
            format!("{title} {detail}").trim().to_owned()
        }));
    }
    let visits = keep::read(derive::planned_visits).unwrap_or_default();
    for (id, visit) in visits.iter().filter(|(_, v)| v.at.known().is_some_and(|m| m.date >= today)) {
        let title = visit
            .purpose
            .get()
            .map(|p| words::code(app.lang, "visit_purpose", p.as_str()))
            .unwrap_or_else(|| app.t.next_visit.to_owned());
        let place = visit.clinic.get().and_then(|c| app.name_of(c)).unwrap_or_default();
        events.extend(ics::Event::of_visit(*id, visit, title, place));
    }
    let discreet = (wishes.discreet.get() == Some(true))
        .then(|| wishes.discreet_title.known().cloned().unwrap_or_else(|| app.t.ring_discreet.to_owned()));
    ics::calendar(&events, clock::now(), discreet.as_deref())
}
