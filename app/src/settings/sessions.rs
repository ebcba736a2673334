//! Where the person is signed in.

use super::api::sessions;
use crate::{
    boot::{use_boot, use_texts},
    i18n::fmt,
    ui::{
        form::post_form,
        page::{heading, show},
    },
    wire,
};
use keepwell_domain::view::SessionView;
use leptos::prelude::*;
use leptos_router::components::A;

const PAGE: &str = "/settings/sessions";

/// The sessions.
#[component]
pub fn SessionsPage() -> impl IntoView {
    let t = use_texts();
    let list = wire::read(|| (), |()| sessions());
    view! {
        {heading(t.sessions, t.sessions_text)}
        {show(list, draw)}
        <p><A href="/settings" attr:class="Link">{t.settings}</A></p>
    }
}

fn draw(sessions: Vec<SessionView>) -> AnyView {
    let t = use_texts();
    let several = sessions.len() > 1;
    let rows = sessions.into_iter().map(row).collect_view();
    let all = several.then(|| {
        let body = view! { <button class="Button is-quiet" type="submit">{t.end_others}</button> };
        post_form(PAGE, "end_other_sessions", "Inline", body.into_any())
    });
    view! { <section class="Card"><ul class="Plain">{rows}</ul>{all}</section> }.into_any()
}

fn row(s: SessionView) -> AnyView {
    let (t, lang) = (use_texts(), use_boot().lang);
    let name = if s.device.is_empty() { t.unknown_device.to_owned() } else { s.device };
    let end = if s.current {
        view! { <span class="Badge is-plain">{t.this_device}</span> }.into_any()
    } else {
        // Several buttons say the same: which session it ends is told to those who cannot see the row.
        let label = format!("{}: {name}, {}", t.end_session, fmt::ts(lang, s.created));
        let body = view! {
            <input type="hidden" name="session" value=s.id/>
            <button class="Link" type="submit" aria-label=label>{t.end_session}</button>
        };
        post_form(PAGE, "end_session", "Inline", body.into_any())
    };
    let place =
        if s.place.is_empty() { t.this_computer.to_owned() } else { format!("{} {}", t.network, s.place) };
    let when = format!(
        "{place} · {} {} · {} {}",
        t.signed_in_since,
        fmt::ts(lang, s.created),
        t.last_seen,
        fmt::ts(lang, s.last_seen)
    );
    view! { <li class="Session"><div><b>{name}</b><p class="Fine">{when}</p></div>{end}</li> }.into_any()
}
