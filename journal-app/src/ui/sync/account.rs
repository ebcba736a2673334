//! Who is signed in. Asked only when the person presses on.

use super::stopped;
use crate::{
    sync::server::{self, Unanswered},
    ui::{bits, state::App},
    words,
};
use leptos::{prelude::*, task::spawn_local};

#[derive(Clone, PartialEq)]
enum Seen {
    Looking,
    Out,
    Trouble(Unanswered),
    In(String),
}

/// Looks who is signed in, and shows `then` when somebody is.
pub fn gate(app: App, then: impl Fn() -> AnyView + Copy + Send + 'static) -> AnyView {
    let s = app.lang.sync();
    let seen = RwSignal::new(Seen::Looking);
    let look = move || {
        seen.set(Seen::Looking);
        spawn_local(async move {
            seen.set(match server::account().await {
                Ok(address) => Seen::In(address),
                Err(Unanswered::SignedOut) => Seen::Out,
                Err(other) => Seen::Trouble(other),
            });
        });
    };
    look();
    let draw = move || {
        match seen.get() {
        Seen::Looking => view! { <p class="Fine" role="status">{s.account_look}</p> }.into_any(),
        Seen::Trouble(why) => view! {
            <p class="Alert" role="alert">{stopped::unanswered(app, why)}</p>
            <div class="Actions">{bits::button("Button", s.try_again, look)}</div>
        }
        .into_any(),
        Seen::Out => view! {
            <section class="Card">
                <p><strong>{s.account_none}</strong></p>
                <p>{s.account_how}</p>
                <p class="Actions">
                    <a class="Button is-quiet" href="/login" target="_blank" rel="noopener">{s.account_in}</a>
                    <a class="Button is-quiet" href="/signup" target="_blank" rel="noopener">{s.account_new}</a>
                </p>
                <div class="Actions">{bits::button("Button", s.account_again, look)}</div>
            </section>
        }
        .into_any(),
        Seen::In(address) => view! { <p class="Fine">{words::fill(s.account_as, &address)}</p>{then()} }.into_any(),
    }
    };
    view! { {draw} }.into_any()
}
