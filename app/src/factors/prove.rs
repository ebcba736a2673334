//! The proof of who asks, before a sensitive act.

use super::{api::factors, passkey_button};
use crate::{
    boot::{use_boot, use_texts},
    ui::{
        esc::url_segment,
        form::{Field, post_form, refused, submit},
        page::{heading, show},
    },
    wire,
};
use keepwell_domain::view::FactorsView;
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

const FORM: &str = "prove_self";

/// A way to the proof and back to `next`, for where one is needed and stale.
#[must_use]
pub fn gate(next: &str) -> AnyView {
    let t = use_texts();
    let href = format!("/prove?next={}", url_segment(next));
    view! {
        <p>{t.prove_first}</p>
        <p><A href=href attr:class="Button is-quiet">{t.prove}</A></p>
    }
    .into_any()
}

/// What only a fresh proof may do, or the way to that proof and back to `next`, the page it stands on.
#[must_use]
pub fn proved_or_gate(next: &str, act: AnyView) -> AnyView {
    if use_boot().is_proved { act } else { gate(next) }
}

/// Asks for the password and a code, or a passkey, and goes back.
#[component]
pub fn ProvePage() -> impl IntoView {
    let t = use_texts();
    let next = use_query_map().with_untracked(|q| q.get("next")).unwrap_or_default();
    let view = wire::read(|| (), |()| factors());
    view! {
        <div class="Narrow">
            {heading(t.prove, t.prove_text)}
            {show(view, move |f| draw(&f, &next))}
        </div>
    }
}

fn draw(f: &FactorsView, next: &str) -> AnyView {
    let t = use_texts();
    let page = format!("/prove?next={}", url_segment(next));
    let has_factor = f.app.is_some() || !f.passkeys.is_empty();
    let passkey = (!f.passkeys.is_empty() && f.passkey_origin.is_some()).then(|| {
        let body = view! {
            <input type="hidden" name="next" value=next.to_owned()/>
            {refused(FORM, "passkey")}
            {passkey_button("/api/v1/me/proof/passkey", "get", t.passkey_use, String::new())}
        };
        post_form(page.clone(), FORM, "Form", body.into_any())
    });
    let code = has_factor.then(|| {
        let hint = if f.app.is_some() { t.second_code_hint } else { t.second_code_hint_recovery };
        Field::new(FORM, "code", t.second_code).autocomplete("one-time-code").hint(hint).required().view()
    });
    let body = view! {
        <input type="hidden" name="next" value=next.to_owned()/>
        {Field::new(FORM, "password", t.password).kind("password").autocomplete("current-password").required().view()}
        {code}
        {submit(t.prove)}
    };
    view! { {passkey} {post_form(page.clone(), FORM, "Form", body.into_any())} }.into_any()
}
