//! What the door says of journals that are elsewhere. How they come is loaded when the person goes on.

use crate::{
    browser::{local, window},
    ui::{
        bits,
        pages::{self, Coming},
        state::App,
    },
};
use leptos::prelude::*;

/// Which journal this page is about: the person's own, or one that is shared with them.
pub fn is_shared() -> bool {
    local::get("which").as_deref() == Some("shared")
}

/// Goes over to the other one.
pub fn switch(app: App) -> AnyView {
    let s = app.lang.sync();
    let (text, which) = if is_shared() { (s.other_own, "") } else { (s.other_shared, "shared") };
    let go = move || {
        local::set("which", which);
        if let Some(window) = window() {
            let _ = window.location().reload();
        }
    };
    bits::button("Link", text, go)
}

/// Nothing is asked before the person presses on.
fn begun(app: App, which: Coming) -> AnyView {
    let s = app.lang.sync();
    let is_begun = RwSignal::new(false);
    let draw = move || {
        if is_begun.get() {
            pages::come(app, which)
        } else {
            view! { <div class="Actions">{bits::button("Button is-quiet", s.go_on, move || is_begun.set(true))}</div> }.into_any()
        }
    };
    view! { {draw} }.into_any()
}

/// A journal from another device of the same person.
pub fn own(app: App) -> AnyView {
    let s = app.lang.sync();
    view! {
        <details class="Card">
            <summary><h2>{s.join}</h2></summary>
            <p>{s.join_about}</p>
            {begun(app, Coming::Own)}
        </details>
    }
    .into_any()
}

/// A journal that somebody shares.
pub fn shared(app: App) -> AnyView {
    let s = app.lang.sync();
    let body = view! { <section class="Card">{begun(app, Coming::Shared)}</section> };
    bits::page(s.accept_title, s.accept_about, body.into_any())
}
