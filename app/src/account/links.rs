//! The pages that links of letters lead to, and those that ask for such a letter.
//!
//! A letter's token stands behind the `#` of its link, which no browser sends anywhere: no log, no
//! proxy and no `Referer` can hold it. Script moves it into the field of the form and out of the
//! address; without script the person copies it from the letter. Opening a page changes nothing.

use super::suggestion;
use crate::{
    boot::use_texts,
    ui::{
        form::{Field, post_form, submit},
        page::heading,
    },
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

/// The field for the code. `start.js` fills it from the address by its name.
fn code(form: &'static str) -> AnyView {
    let t = use_texts();
    Field::new(form, "code", t.code).autocomplete("off").hint(t.code_hint).required().view()
}

fn password(form: &'static str, label: &'static str, is_new: bool) -> AnyView {
    let t = use_texts();
    let field = Field::new(form, "password", label).kind("password").required();
    if is_new {
        field.autocomplete("new-password").hint(t.password_hint).view()
    } else {
        field.autocomplete("current-password").view()
    }
}

fn narrow(
    title: &'static str,
    text: &'static str,
    page: &'static str,
    form: &'static str,
    body: AnyView,
) -> AnyView {
    view! { <div class="Narrow">{heading(title, text)} {post_form(page, form, "Form", body)}</div> }
        .into_any()
}

/// Asks for a link to choose a new password.
#[component]
pub fn ForgotPage() -> impl IntoView {
    let t = use_texts();
    let body = view! {
        {Field::new("forgot_password", "email", t.email).kind("email").autocomplete("username").required().view()}
        {submit(t.forgot_do)}
    };
    narrow(t.forgot, t.forgot_text, "/forgot", "forgot_password", body.into_any())
}

/// Sets a new password.
#[component]
pub fn ResetPage() -> impl IntoView {
    let t = use_texts();
    let body = view! {
        {code("reset_password")}
        {password("reset_password", t.new_password, true)}
        {suggestion("/reset")}
        {submit(t.reset_do)}
    };
    narrow(t.reset, t.reset_text, "/reset", "reset_password", body.into_any())
}

/// Opens the account that was signed up for.
#[component]
pub fn VerifyPage() -> impl IntoView {
    let t = use_texts();
    let body = view! {
        {code("verify_account")}
        {password("verify_account", t.password, false)}
        {submit(t.verify_do)}
    };
    narrow(t.verify, t.verify_text, "/verify", "verify_account", body.into_any())
}

/// Confirms an address.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let t = use_texts();
    let body = view! { {code("confirm_email")} {submit(t.confirm_do)} };
    narrow(t.confirm, t.confirm_text, "/confirm", "confirm_email", body.into_any())
}

/// Stops a change of address.
#[component]
pub fn StopPage() -> impl IntoView {
    let t = use_texts();
    let body = view! {
        {code("stop_email_change")}
        {password("stop_email_change", t.new_password, true)}
        {suggestion("/stop")}
        {submit(t.stop_do)}
    };
    narrow(t.stop, t.stop_text, "/stop", "stop_email_change", body.into_any())
}

/// Says to look at the mail: the same for every address.
#[component]
pub fn SentPage() -> impl IntoView {
    let t = use_texts();
    let query = use_query_map();
    let more = move || {
        let is_signup = query.with(|q| q.get_str("for") == Some("signup"));
        if is_signup { t.sent_signup } else { t.sent_reset }
    };
    view! {
        <div class="Narrow">
            {heading(t.sent, t.sent_text)}
            <p>{more}</p>
            <p class="Fine">{t.sent_hint}</p>
            <p class="Fine"><A href="/login">{t.sign_in}</A></p>
        </div>
    }
}
