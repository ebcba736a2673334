//! Everything else: lists, how the journal looks and locks, what it is.

use super::{
    bits,
    control::data,
    entity,
    frame::says,
    proof,
    state::{App, db},
};
use crate::{
    browser::{local, passkey, window},
    keep,
    route::Route,
    words::{self, Lang},
};
use keepwell_journal::model::{Kind, Preferences};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;
use zeroize::Zeroizing;

/// All other places.
pub fn more(app: App) -> AnyView {
    let t = app.t;
    let to = |route: Route, text: &str| {
        view! { <li><a class="Line-link" href=route.hash()><span class="Line-title">{text.to_owned()}</span></a></li> }.into_any()
    };
    let lists = [
        Kind::Medication,
        Kind::Visit,
        Kind::Clinic,
        Kind::Contact,
        Kind::Person,
        Kind::Journey,
        Kind::Note,
        Kind::Mood,
        Kind::Cost,
        Kind::HomeTest,
        Kind::Hormone,
        Kind::Semen,
    ];
    let lists: Vec<AnyView> = lists.iter().map(|k| to(Route::List(*k), words::kinds(app.lang, *k))).collect();
    let gone = words::lists::of(app.lang).gone;
    let views = vec![to(Route::Compare, t.compare), to(Route::Ledger, t.ledger), to(Route::Deleted, gone)];
    let keeping = vec![
        to(Route::Backup, t.backup),
        to(Route::Import, t.import),
        to(Route::Export, t.export),
        to(Route::Records, words::exchange::of(app.lang).title),
        to(Route::Sync, t.sync),
        to(Route::Settings, t.settings),
        to(Route::About, t.about),
    ];
    let group = |title: &'static str, rows: Vec<AnyView>| {
        bits::card(title, view! { <ul class="Lines">{rows}</ul> }.into_any())
    };
    let body = view! { {group(t.lists, lists)} {group(t.views, views)} {group(t.this_journal, keeping)} };
    bits::page(t.more, "", body.into_any())
}

/// A choice that is remembered on this device and takes hold at once.
fn local_choice(
    app: App,
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    choices: Vec<(String, String)>,
    now: String,
) -> AnyView {
    let change = move |event: web_sys::Event| {
        local::set(name, &event_target_value(&event));
        app.said.set(Some(app.t.saved.to_owned()));
        if matches!(name, "lang" | "look")
            && let Some(window) = window()
        {
            let _ = window.location().reload();
        }
    };
    let options = choices
        .into_iter()
        .map(|(value, text)| {
            let selected = value == now;
            view! { <option value=value selected=selected>{text}</option> }.into_any()
        })
        .collect::<Vec<_>>();
    let (id, hint_id) = (format!("local-{name}"), format!("local-{name}-hint"));
    view! {
        <div class="Field">
            <label for=id.clone()>{label}</label>
            <select id=id on:change=change aria-describedby=hint_id.clone()>{options}</select>
            <span class="Field-hint" id=hint_id>{hint}</span>
        </div>
    }
    .into_any()
}

fn pair(value: &str, text: &str) -> (String, String) {
    (value.to_owned(), text.to_owned())
}

/// The page.
pub fn page(app: App) -> AnyView {
    let (t, ways) = (app.t, words::ways::of(app.lang));
    let minutes = [1, 2, 5, 10, 30]
        .map(|n: u32| (n.to_string(), words::plural(i64::from(n), t.one_minute, t.some_minutes)));
    let mut minutes = minutes.to_vec();
    minutes.push(pair("0", t.never));
    let langs = Lang::ALL.map(|l| pair(l.as_str(), l.own_name())).to_vec();
    let looks = vec![pair("", t.look_journal), pair("notes", t.look_notes)];
    let links = vec![pair("", t.link_shown), pair("hidden", t.link_hidden)];
    let now = |name: &str| local::get(name).unwrap_or_default();
    let here = view! {
        <div class="Form">
            {local_choice(app, "lock-after", t.lock_after, t.lock_after_about, minutes, local::lock_after().to_string())}
            {local_choice(app, "look", t.look, t.look_about, looks, now("look"))}
            {local_choice(app, "link", t.link, t.link_about, links, now("link"))}
            {local_choice(app, "lang", t.language, "", langs, app.lang.as_str().to_owned())}
        </div>
    };
    let body = view! {
        {bits::card(t.this_device, here.into_any())}
        <section><h2>{t.wishes}</h2>{entity::fields(app, Kind::Preferences, Some(Preferences::id()), Vec::new())}</section>
        {bits::card(t.reminders, notify(app))}
        {bits::card(ways.title, view! { <p>{ways.about}</p> {bits::link_to(&Route::Ways, ways.link)} }.into_any())}
        {bits::card(t.end_it, end(app))}
    };
    bits::page(t.settings, "", body.into_any())
}

/// Asks whether reminders may ring, and says what a browser cannot promise.
fn notify(app: App) -> AnyView {
    use web_sys::{Notification, NotificationPermission};
    let t = app.t;
    let has = js_sys::Reflect::has(&js_sys::global(), &"Notification".into()).unwrap_or(false);
    let now = RwSignal::new(has.then(|| Notification::permission() == NotificationPermission::Granted));
    let ask = move || {
        spawn_local(async move {
            if let Ok(promise) = Notification::request_permission() {
                let _ = JsFuture::from(promise).await;
            }
            now.set(Some(Notification::permission() == NotificationPermission::Granted));
        });
    };
    view! {
        <p>{t.reminders_about}</p>
        <p>{move || match now.get() { Some(true) => t.notify_on, Some(false) => t.notify_off, None => t.notify_none }}</p>
        {move || (now.get() == Some(false)).then(|| bits::button("Button is-quiet", t.notify_ask, ask))}
        {bits::link_to(&Route::Export, t.calendar)}
    }
    .into_any()
}

/// Another passphrase.
pub fn passphrase(app: App) -> AnyView {
    let t = app.t;
    let (busy, said) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(form) = data(&event) else { return };
        let text = |name: &str| form.get(name).as_string().unwrap_or_default();
        let (new, present) = (Zeroizing::new(text("new")), Zeroizing::new(text(proof::NAME)));
        if *new != text("again") {
            said.set(Some(t.not_the_same));
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let result = async {
                proof::given(app, &present).await?;
                let change = async { keep::change_passphrase(&db()?, &new).await };
                change.await.map_err(|trouble| says(app, trouble))?;
                keep::ways::renew().await;
                Ok(t.passphrase_changed)
            };
            said.set(Some(result.await.unwrap_or_else(|why| why)));
            busy.set(false);
        });
    };
    view! {
        <form class="Form" on:submit=submit>
            <p>{t.change_about}</p>
            {proof::field(app, "present-passphrase")}
            <div class="Field"><label for="new-passphrase">{t.new_passphrase}</label><input type="password" id="new-passphrase" name="new" autocomplete="new-password" required=true/></div>
            <div class="Field"><label for="again-passphrase">{t.once_more}</label><input type="password" id="again-passphrase" name="again" autocomplete="new-password" required=true/></div>
            <p role="status">{move || said.get()}</p>
            <div class="Actions"><button type="submit" class="Button is-quiet" disabled=move || busy.get()>{t.change}</button></div>
        </form>
    }
    .into_any()
}

/// Takes the journal from this device.
fn end(app: App) -> AnyView {
    let t = app.t;
    let sure = RwSignal::new(false);
    let count = app
        .book(|b| b.entities().filter(|e| e.is_live() && !Kind::is_about_devices(e.kind().as_str())).count());
    let gone = move || {
        // Their devices need not go on listing passkeys that open nothing.
        let passkeys = keep::ways::passkeys().unwrap_or_default();
        let wipe = async move {
            // Closed first: a round under way must write nothing behind it.
            keep::lock();
            db()?.wipe().await?;
            passkeys.iter().for_each(|k| passkey::forget(&k.credential));
            Ok(())
        };
        app.act(wipe, None, move || {
            if let Some(window) = window() {
                let _ = window.location().reload();
            }
        });
    };
    view! {
        <p>{words::fill(t.end_about, &count.to_string())}</p>
        {move || if sure.get() {
            bits::button("Button is-danger", t.end_sure, gone)
        } else {
            bits::button("Button is-quiet is-danger", t.end_act, move || sure.set(true))
        }}
    }
    .into_any()
}

/// What the journal is, and what it cannot do.
pub fn about(app: App) -> AnyView {
    let t = app.t;
    let s = app.lang.sync();
    let where_it_is = if crate::sync::engine::standing().is_some() {
        (s.about_1, s.about_2)
    } else {
        (t.first_1, t.first_2)
    };
    let kept = move || match app.kept.get() {
        Some(true) => t.kept,
        Some(false) => t.unkept,
        None => t.first_3,
    };
    let list =
        |all: &[&'static str]| all.iter().map(|p| view! { <li>{*p}</li> }.into_any()).collect::<Vec<_>>();
    let body = view! {
        {bits::card(t.about_does, view! { <ul class="Bullets">{list(&[where_it_is.0, where_it_is.1])}<li>{kept}</li>{list(&[t.about_1, t.about_2])}</ul> }.into_any())}
        {bits::card(t.about_cannot, view! { <ul class="Bullets">{list(&[t.first_4, t.about_3, t.about_4, t.about_5])}</ul> }.into_any())}
    };
    bits::page(t.about, "", body.into_any())
}
