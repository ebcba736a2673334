//! The page: how it stands, and what can be done.

use super::{devices, off, share, stopped};
use crate::{
    browser::clock,
    route::{Route, Step},
    sync::{
        Doing, engine,
        engine::Standing,
        members::{self, Member},
        space,
    },
    ui::{bits, state::App},
    words,
};
use keepwell_journal::vault::VaultId;
use leptos::prelude::*;

/// What the page is made of; it is drawn anew when this differs, and not with every step.
#[derive(Clone, PartialEq)]
struct Shape {
    standing: Option<(bool, bool)>,
    halt: Option<(VaultId, crate::sync::Halt)>,
    /// What is shared and stands still.
    stopped: Vec<(VaultId, crate::sync::Halt)>,
    members: Vec<Member>,
    shared: Option<String>,
    is_shared: bool,
}

fn shape() -> Shape {
    let standing = engine::standing();
    Shape {
        members: standing.as_ref().map(|s| members::list(s.id)).unwrap_or_default(),
        halt: standing.as_ref().and_then(|s| Some((s.id, s.halt.clone()?))),
        stopped: engine::standings()
            .into_iter()
            .filter(|s| s.is_space)
            .filter_map(|s| Some((s.id, s.halt?)))
            .collect(),
        standing: standing.map(|s| (s.is_founded, s.may_write)),
        shared: space::find().map(|(_, name)| name),
        is_shared: crate::ui::state::db().is_ok_and(|db| db.is_shared()),
    }
}

/// The page.
pub fn page(app: App) -> AnyView {
    let shape = Memo::new(move |_| {
        app.sync.track();
        app.version.track();
        shape()
    });
    let body = view! { {move || draw(app, &shape.get())} };
    bits::page(app.t.sync, "", body.into_any())
}

fn draw(app: App, shape: &Shape) -> AnyView {
    if shape.standing.is_none() {
        // Somebody else's journal is not brought into this person's account.
        return if shape.is_shared { left(app) } else { alone(app) };
    }
    if let Some((id, halt)) = &shape.halt {
        let leave = shape.is_shared.then(|| off::leave(app));
        return view! { {stopped::view(app, *id, halt, shape.is_shared)} {leave} }.into_any();
    }
    if shape.is_shared {
        let own = shape.members.iter().find(|m| m.is_own).map(|m| m.digits.clone()).unwrap_or_default();
        let safety = view! { <section class="Card">{share::safety(app, own)}</section> };
        return view! { {state(app)} {safety} {off::leave(app)} }.into_any();
    }
    let s = app.lang.sync();
    let share = match &shape.shared {
        Some(_) => bits::link_to(&Route::SyncStep(Step::Share), s.share_with),
        None => bits::link_to(&Route::SyncStep(Step::Share), s.share_title),
    };
    let stopped: Vec<AnyView> =
        shape.stopped.iter().map(|(id, halt)| stopped::view(app, *id, halt, true)).collect();
    view! {
        {stopped}
        {state(app)}
        {devices::card(app, shape.members.clone())}
        {bits::card(s.share, view! { <p>{s.share_context}</p>{share} }.into_any())}
        {bits::card(s.phrase, view! { <p>{s.phrase_when}</p>{bits::link_to(&Route::SyncStep(Step::Phrase), s.new_phrase)} }.into_any())}
        {bits::card(s.turn_off, view! { <p>{s.off_about}</p>{bits::link_to(&Route::SyncStep(Step::Off), s.turn_off)} }.into_any())}
    }
    .into_any()
}

/// Somebody else's journal that comes no more.
fn left(app: App) -> AnyView {
    let s = app.lang.sync();
    view! { <section class="Card"><p>{s.shared_over}</p></section> {off::leave(app)} }.into_any()
}

/// On this device alone.
fn alone(app: App) -> AnyView {
    let s = app.lang.sync();
    view! {
        <section class="Card">
            <p>{s.off}</p>
            <p>{s.off_offer}</p>
            <div class="Actions">{bits::button_to(&Route::SyncStep(Step::On), "Button", s.on_act)}</div>
            <p class="Fine">{s.off_file}</p>
        </section>
        {off::last_receipt(app)}
    }
    .into_any()
}

/// In a few words.
fn short(app: App, standing: &Standing) -> String {
    let s = app.lang.sync();
    if standing.halt.is_some() {
        return s.stopped.to_owned();
    }
    match standing.doing {
        Doing::SignedOut => s.signed_out.to_owned(),
        Doing::Full => s.full.to_owned(),
        Doing::NoRoom => s.no_room.to_owned(),
        Doing::Offline if standing.waiting == 0 => s.offline.to_owned(),
        Doing::Unreachable if standing.waiting == 0 => s.unreachable.to_owned(),
        Doing::Working if standing.waiting == 0 && standing.last.is_none() => s.working.to_owned(),
        _ if standing.waiting > 0 => {
            words::plural(i64::try_from(standing.waiting).unwrap_or_default(), s.one_waits, s.some_wait)
        }
        _ => s.up_to_date.to_owned(),
    }
}

/// Above every page: how it stands, as a link.
pub fn line(app: App) -> AnyView {
    let text = Memo::new(move |_| {
        app.sync.track();
        app.phase.track();
        engine::standing().map(|standing| short(app, &standing))
    });
    view! { {move || text.get().map(|text| view! { <a class="SyncLine" href=Route::Sync.hash()>{text}</a> })} }.into_any()
}

/// Whether this is somebody else's journal that may only be read.
pub fn only_reads(app: App) -> Signal<bool> {
    Memo::new(move |_| {
        app.sync.track();
        app.phase.track();
        engine::standing().is_some_and(|one| !one.may_write)
    })
    .into()
}

/// Above every page: whose journal it is, and that something is wrong.
pub fn banner(app: App) -> AnyView {
    let s = app.lang.sync();
    let halted = Memo::new(move |_| {
        app.sync.track();
        engine::standings().iter().any(|one| one.halt.is_some())
    });
    let whose = Memo::new(move |_| {
        app.sync.track();
        let is_shared = crate::ui::state::db().is_ok_and(|db| db.is_shared());
        let about = |one: &Standing| if one.may_write { s.shared_writes } else { s.shared_reads };
        let runs = |one: &Standing| one.halt.is_none();
        is_shared.then(|| engine::standing().filter(runs).map_or(s.shared_over, |one| about(&one)))
    });
    let name = crate::browser::local::get("shared-name").unwrap_or_default();
    view! {
        {move || whose.get().map(|about| {
            view! { <div class="Whose" role="note"><strong>{words::fill(s.shared_of, &name)}</strong><span>{about}</span></div> }
        })}
        {move || (halted.get() && app.route.get() != Route::Sync).then(|| view! {
            <div class="Alert" role="alert"><span>{s.banner}</span>" "{bits::link_to(&Route::Sync, s.banner_link)}</div>
        })}
    }
    .into_any()
}

/// How it stands, in sentences.
fn state(app: App) -> AnyView {
    let s = app.lang.sync();
    let now = Memo::new(move |_| {
        app.sync.track();
        engine::standing()
    });
    let says = move || {
        let Some(standing) = now.get() else { return String::new() };
        short(app, &standing)
    };
    let more = move || {
        let standing = now.get()?;
        Some(match standing.doing {
            Doing::Offline => s.offline_about.to_owned(),
            Doing::Unreachable => s.unreachable_about.to_owned(),
            Doing::SignedOut => s.signed_out_about.to_owned(),
            Doing::Full => s.full_about.to_owned(),
            Doing::NoRoom => s.no_room_about.to_owned(),
            Doing::Idle | Doing::Working => {
                let at = words::moment(app.lang, &clock::on_the_wall(standing.last?), None);
                words::fill(s.last_at, &at)
            }
        })
    };
    let is_out = move || now.get().is_some_and(|n| n.doing == Doing::SignedOut);
    let sign_in = move || {
        is_out().then(
            || view! { <a class="Link" href="/login" target="_blank" rel="noopener">{s.account_in}</a> },
        )
    };
    view! {
        <section class="Card">
            <h2 class="Hidden">{s.state}</h2>
            <p class="SyncState" role="status"><strong>{says}</strong></p>
            <p>{more}</p>
            <div class="Actions">{sign_in}{bits::button("Button is-quiet", s.sync_now, engine::poke)}</div>
        </section>
    }
    .into_any()
}
