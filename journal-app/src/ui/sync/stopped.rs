//! Why it stands still, and what can be done.

use crate::{
    browser::Trouble,
    route::Route,
    sync::{Halt, engine},
    ui::{bits, state::App},
    words,
};
use keepwell_journal::vault::VaultId;
use leptos::prelude::*;

/// The page of a channel that was stopped.
pub fn view(app: App, id: VaultId, halt: &Halt, is_shared: bool) -> AnyView {
    let s = app.lang.sync();
    match halt {
        Halt::Alarm(code) => alarm(app, id, code),
        Halt::Removed if is_shared => told(app, id, s.removed_title, s.removed_shared, false),
        Halt::Removed => told(app, id, s.removed_title, s.removed_about, false),
        Halt::Gone => told(app, id, s.gone_title, s.gone_about, true),
        Halt::Newer => told(app, id, s.stopped, s.newer, true),
        Halt::Damaged => damaged(app),
    }
}

fn again(app: App, id: VaultId) -> AnyView {
    let look = move || app.act(crate::sync::look_again(id), None, engine::poke);
    bits::button("Button", app.lang.sync().look_again, look)
}

/// Ends it here.
fn here(app: App, id: VaultId) -> AnyView {
    let keep = move || app.act(crate::sync::turn::leave(id), None, || {});
    bits::button("Button is-quiet", app.lang.sync().keep_here, keep)
}

fn told(app: App, id: VaultId, title: &'static str, about: &'static str, may_look: bool) -> AnyView {
    let acts = view! { {may_look.then(|| again(app, id))}{here(app, id)} };
    view! { <section class="Card"><h2>{title}</h2><p>{about}</p><div class="Actions">{acts}</div></section> }
        .into_any()
}

/// What this device keeps of it does not open. What it wrote and the others do not have is in the journal still.
fn damaged(app: App) -> AnyView {
    let s = app.lang.sync();
    let keep = move || app.act(crate::sync::end_lost(), None, engine::said);
    view! {
        <section class="Card">
            <h2>{s.stopped}</h2>
            <p>{s.damaged_about}</p>
            <div class="Actions">{bits::button("Button is-quiet", s.keep_here, keep)}</div>
        </section>
    }
    .into_any()
}

fn alarm(app: App, id: VaultId, code: &str) -> AnyView {
    let s = app.lang.sync();
    let ask = words::fill(s.alarm_do_2, code);
    view! {
        <section class="Card" role="alert">
            <h2>{s.alarm_title}</h2>
            <p><strong>{words::alarm(app.lang, code)}</strong></p>
            <p>{s.alarm_kept}</p>
            <p>{s.alarm_why}</p>
        </section>
        <section class="Card">
            <h2>{s.alarm_do}</h2>
            <ol class="Numbered">
                <li>{s.alarm_do_1}" "{bits::link_to(&Route::Backup, app.t.backup)}</li>
                <li>{ask}</li>
                <li>{s.alarm_do_3}</li>
                <li>{s.alarm_do_4}</li>
            </ol>
            <div class="Actions">{again(app, id)}{here(app, id)}</div>
        </section>
    }
    .into_any()
}

/// What a trouble on the way to the server is called.
pub fn unanswered(app: App, why: crate::sync::server::Unanswered) -> &'static str {
    use crate::sync::server::Unanswered;
    let s = app.lang.sync();
    match why {
        Unanswered::Unreachable => s.no_server,
        Unanswered::SignedOut => s.account_none,
        Unanswered::Missing => s.gone_about,
        Unanswered::Refused => s.refused,
    }
}

/// What a device that did not come in is told.
pub fn not_in(app: App, why: crate::sync::join::NotIn) -> String {
    use crate::sync::join::NotIn;
    let s = app.lang.sync();
    match why {
        NotIn::Server(why) => unanswered(app, why).to_owned(),
        NotIn::Alarm(alarm) => [s.alarm_title, ". ", words::alarm(app.lang, alarm.code())].concat(),
        NotIn::NoSuchPhrase => s.words_none.to_owned(),
        NotIn::Device(trouble) => crate::ui::frame::says(app, trouble).to_owned(),
    }
}

/// The same for anything else.
pub fn says(app: App, trouble: Trouble) -> &'static str {
    crate::ui::frame::says(app, trouble)
}
