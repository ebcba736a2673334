//! What stands around the pages, and what watches over them.

use super::{
    bits, door, pages, remind,
    state::{App, Phase, here},
};
use crate::{
    browser::{Trouble, clock, local, window},
    route::{Part, Route, Step},
};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, closure::Closure};

// On a grid of 24, as the icons of the other pages.
const ICON_TODAY: &str = "M4 6h16M4 12h10M4 18h7M17 15l2 2 3.500-4";
const ICON_DAYS: &str = "M5 5h14v15H5zM5 9.500h14M8.500 3v4M15.500 3v4M8.500 13.500h.01M12 13.500h.01M15.500 13.500h.01M8.500 16.500h.01M12 16.500h.01";
const ICON_CYCLES: &str = "M12 4a8 8 0 1 1-7.400 5M4 4v5h5M12 8v4l3 2";
const ICON_MORE: &str = "M5 12h.01M12 12h.01M19 12h.01";

/// Draws the journal and begins to watch.
pub fn mount() {
    let Some(document) = window().and_then(|w| w.document()) else { return };
    let Some(root) = document.get_element_by_id("journal") else { return };
    let Ok(root) = root.dyn_into::<web_sys::HtmlElement>() else { return };
    root.set_text_content(None);
    let html = document.document_element();
    leptos::mount::mount_to(root, move || {
        let app = App::new();
        if let Some(html) = html {
            let _ = html.set_attribute("lang", app.lang.as_str());
            let _ = html.set_attribute("data-script", "");
        }
        watch(app);
        super::sync::watch(app);
        remind::start(app);
        spawn_local(door::look(app));
        whole(app)
    })
    .forget();
}

/// A listener for as long as the page lives.
pub fn listen(target: &web_sys::EventTarget, kind: &str, f: impl FnMut(web_sys::Event) + 'static) {
    let closure = Closure::<dyn FnMut(web_sys::Event)>::new(f);
    let _ = target.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
    closure.forget();
}

fn watch(app: App) {
    let Some(window) = window() else { return };
    listen(&window, "hashchange", move |_| {
        app.moves.update(|n| *n += 1);
        if !app.carries.get_untracked() {
            app.said.set(None);
        }
        app.carries.set(false);
        app.route.set(here());
        focus_main();
    });
    listen(&window, "journal-newer", move |_| app.newer.set(true));
    listen(&window, "journal-kept", move |_| app.kept.set(Some(true)));
    listen(&window, "journal-unkept", move |_| app.kept.set(Some(false)));
    let touched = StoredValue::new(clock::now());
    for kind in ["pointerdown", "keydown"] {
        listen(&window, kind, move |_| touched.set_value(clock::now()));
    }
    let idle = move || {
        let minutes = i64::from(local::lock_after());
        if minutes > 0 && clock::now().0 - touched.get_value().0 > minutes * 60_000_000 {
            app.lock();
        }
    };
    if let Some(document) = window.document() {
        listen(&document, "visibilitychange", move |_| idle());
    }
    let tick = Closure::<dyn FnMut()>::new(idle);
    let _ =
        window.set_interval_with_callback_and_timeout_and_arguments_0(tick.as_ref().unchecked_ref(), 15_000);
    tick.forget();
}

fn focus_main() {
    let main = window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id("main"));
    if let Some(main) = main.and_then(|m| m.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = main.focus();
        if let Some(window) = window() {
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
    }
}

/// Leaves at once for an empty page, and closes the journal behind.
fn leave(app: App) {
    app.lock();
    if let Some(window) = window() {
        let _ = window.location().replace("about:blank");
    }
}

fn whole(app: App) -> AnyView {
    let name = move || if local::is_discreet() { app.t.notes_name } else { app.t.journal };
    Effect::new(move |_| {
        if let Some(document) = window().and_then(|w| w.document()) {
            app.phase.track();
            document.set_title(name());
        }
    });
    let phase = Memo::new(move |_| app.phase.get());
    view! {
        <a class="Skip" href="#main" on:click=move |e| { e.prevent_default(); focus_main(); }>{app.t.skip}</a>
        {move || if phase.get() == Phase::Open { open(app) } else { door::closed(app, phase.get()) }}
        <div class="Hidden" role="status" aria-live="polite">{move || app.said.get()}</div>
    }
    .into_any()
}

/// The mark: a plain one where the journal is to look like something else.
pub fn brand(app: App) -> AnyView {
    let name = if local::is_discreet() { app.t.notes_name } else { app.t.journal };
    view! { <a class="Brand" href="#/"><span>{name}</span></a> }.into_any()
}

/// Lock and leave.
pub fn exits(app: App) -> AnyView {
    let lock = move || app.lock();
    view! {
        <div class="Exits">
            {move || (app.phase.get() == Phase::Open).then(|| bits::button("Button is-quiet", app.t.lock, lock))}
            {bits::button("Button is-quiet", app.t.leave, move || leave(app))}
        </div>
    }
    .into_any()
}

fn open(app: App) -> AnyView {
    let t = app.t;
    let today = clock::today();
    let place = move |route: Route, icon: &'static str, text: &'static str, is_here: fn(&Route) -> bool| {
        let current = move || app.route.with(is_here).then_some("page");
        view! {
            <li><a href=route.hash() aria-current=current>
                <svg class="Icon" viewBox="0 0 24 24" aria-hidden="true"><path d=icon></path></svg>
                <span>{text}</span>
            </a></li>
        }
        .into_any()
    };
    view! {
        <div class="Frame Journal" class:is-reading=super::sync::only_reads(app)>
            <header class="Top">{brand(app)}{super::sync::line(app)}{exits(app)}</header>
            <nav class="Places" aria-label=t.places>
                <ul>
                    {place(Route::Today, ICON_TODAY, t.today, |r| *r == Route::Today)}
                    {place(Route::Month(today.year(), today.month()), ICON_DAYS, t.days, |r| matches!(r, Route::Month(..) | Route::Day(_)))}
                    {place(Route::Cycles, ICON_CYCLES, t.cycles, |r| matches!(r, Route::Cycles | Route::Cycle(..) | Route::Embryo(_)))}
                    {place(Route::More, ICON_MORE, t.more, |r| matches!(r, Route::More | Route::Settings | Route::Ways | Route::Backup | Route::Import | Route::Export | Route::Records | Route::Sync | Route::SyncStep(_) | Route::About | Route::List(_) | Route::Compare | Route::Ledger))}
                </ul>
            </nav>
            <main id="main" class="Main" tabindex="-1">
                {newer(app)}
                {move || (app.route.get() == Route::Today).then(|| unkept(app))}
                {super::sync::banner(app)}
                {move || app.trouble.get().map(|trouble| view! { <p class="Alert" role="alert">{says(app, trouble)}</p> })}
                {move || app.said.get().map(|said| view! { <p class="Said" aria-hidden="true">{said}</p> })}
                {move || {
                    let page = place_of(app);
                    // A page is written over one that is built alike, and what was typed into its form would
                    // stay. So pages take turns in two types: each that one comes to begins anew.
                    if app.moves.get_untracked().is_multiple_of(2) { Some(page).into_any() } else { (page,).into_any() }
                }}
            </main>
        </div>
    }
    .into_any()
}

/// The page of the address, drawn anew with every act, and where nothing is typed with every change.
fn place_of(app: App) -> AnyView {
    let route = app.route.get();
    // Words that somebody is writing down stay as they are, whatever ends meanwhile.
    if !matches!(route, Route::SyncStep(Step::On | Step::Phrase)) {
        app.redraw.track();
    }
    if is_filled_in(&route) {
        return untrack(|| pages::show(app, route));
    }
    app.version.track();
    pages::show(app, route)
}

/// Says that a newer version waits; it takes over on the person's word only.
pub fn newer(app: App) -> AnyView {
    let switch = move || {
        app.lock();
        if let (Some(window), Ok(event)) = (window(), web_sys::Event::new("journal-switch")) {
            let _ = window.dispatch_event(&event);
        }
    };
    view! {
        {move || app.newer.get().then(|| view! {
            <div class="Notice" role="status"><p>{app.t.newer}</p>{bits::button("Button is-quiet", app.t.newer_act, switch)}</div>
        })}
    }
    .into_any()
}

/// Says that this version could not be kept for when there is no network.
pub fn unkept(app: App) -> AnyView {
    let said = move || {
        (app.kept.get() == Some(false)).then(|| view! { <p class="Notice" role="status">{app.t.unkept}</p> })
    };
    view! { {said} }.into_any()
}

/// What went wrong, in words.
pub fn says(app: App, trouble: Trouble) -> &'static str {
    let t = app.t;
    match trouble {
        Trouble::NoStorage => t.bad_no_storage,
        Trouble::Full => t.bad_full,
        Trouble::NoDeviceKey => t.bad_no_key,
        Trouble::Damaged => t.bad_damaged,
        Trouble::WrongSecret => t.bad_secret,
        Trouble::TooShort => t.bad_short,
        Trouble::NotABackup => t.bad_file,
        Trouble::NoPart => t.bad_part,
        Trouble::There => t.bad_there,
        Trouble::Taken => app.lang.sync().taken,
        Trouble::Newer => app.lang.sync().newer,
        Trouble::NoServer => app.lang.sync().no_server,
        Trouble::ReadOnly => app.lang.sync().bad_read_only,
        Trouble::Failed => t.bad_failed,
    }
}

/// Whether something may have been typed there that must not go when an entry arrives.
pub const fn is_filled_in(route: &Route) -> bool {
    matches!(
        route,
        Route::New(..)
            | Route::Edit(..)
            | Route::Day(_)
            | Route::Cycle(_, Part::Amend)
            | Route::Settings
            | Route::Ways
            | Route::Backup
            | Route::Import
            | Route::Records
            | Route::Sync
            | Route::SyncStep(_)
    )
}
