//! The second step of signing in.

use super::{api::half_open, passkey_button};
use crate::{
    boot::use_texts,
    ui::{
        form::{Field, post_form, refused, submit},
        page::{heading, show},
    },
    wire,
};
use keepwell_domain::view::Ways;
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

const FORM: &str = "finish_sign_in";

/// Asks for a code or a passkey after the right password.
#[component]
pub fn LoginCodePage() -> impl IntoView {
    let t = use_texts();
    let next = use_query_map().with_untracked(|q| q.get("next")).unwrap_or_default();
    let half = wire::read(|| (), |()| half_open());
    view! {
        <div class="Narrow">
            {heading(t.second_step, t.second_step_text)}
            {show(half, move |half| match half {
                Some((ways, ticket)) => draw(ways, ticket, &next),
                None => begin_again(),
            })}
            <p class="Fine"><A href="/login">{t.second_step_again}</A></p>
        </div>
    }
}

fn begin_again() -> AnyView {
    #[cfg(feature = "ssr")]
    crate::ssr::redirect("/login?done=late");
    let t = use_texts();
    view! { <p class="Notice" role="status">{t.done_late}</p> }.into_any()
}

fn draw(ways: Ways, ticket: String, next: &str) -> AnyView {
    let t = use_texts();
    let page = if next.is_empty() {
        "/login/code".to_owned()
    } else {
        format!("/login/code?next={}", crate::ui::esc::url_segment(next))
    };
    let passkey = ways.passkey.then(|| {
        let body = view! {
            <input type="hidden" name="next" value=next.to_owned()/>
            {refused(FORM, "passkey")}
            {passkey_button("/api/v1/login/passkey/options", "get", t.passkey_use, ticket)}
        };
        post_form(page.clone(), FORM, "Form", body.into_any())
    });
    let code = (ways.app || ways.recovery).then(|| {
        let hint = match (ways.app, ways.recovery) {
            (true, true) => t.second_code_hint,
            (true, false) => t.second_code_hint_app,
            _ => t.second_code_hint_recovery,
        };
        let body = view! {
            <input type="hidden" name="next" value=next.to_owned()/>
            {Field::new(FORM, "code", t.second_code).autocomplete("one-time-code").hint(hint).required().view()}
            {submit(t.second_step_do)}
        };
        post_form(page.clone(), FORM, "Form", body.into_any())
    });
    view! { {passkey} {code} }.into_any()
}
