//! What one signs in with: password and address.

use super::api::settings;
use crate::{
    account::{notice, suggestion},
    boot::use_texts,
    ui::{
        form::{Field, post_form, submit},
        page::{heading, show},
    },
    wire,
};
use keepwell_domain::view::Me;
use leptos::prelude::*;
use leptos_router::components::A;

const PAGE: &str = "/settings/account";

/// Password and address.
#[component]
pub fn AccountPage() -> impl IntoView {
    let t = use_texts();
    let me = wire::read(|| (), |()| settings());
    view! {
        {heading(t.account_page, t.account_page_text)}
        {notice()}
        {password_card()}
        {show(me, email_card)}
        <p><A href="/settings" attr:class="Link">{t.settings}</A></p>
    }
}

fn present(form: &'static str) -> AnyView {
    let t = use_texts();
    Field::new(form, "current_password", t.current_password)
        .kind("password")
        .autocomplete("current-password")
        .required()
        .view()
}

fn password_card() -> AnyView {
    let t = use_texts();
    let password = view! {
        {present("change_password")}
        {Field::new("change_password", "password", t.new_password).kind("password").autocomplete("new-password").hint(t.password_hint).required().view()}
        {suggestion(PAGE)}
        {submit(t.change_password)}
    };
    view! {
        <section class="Card"><h2>{t.change_password}</h2>
            <p>{t.change_password_text}</p>
            {post_form(PAGE, "change_password", "Form", password.into_any())}
        </section>
    }
    .into_any()
}

fn email_card(me: Me) -> AnyView {
    let t = use_texts();
    let standing = me.email_confirmed.map(|yes| {
        let word = if yes { t.email_confirmed } else { t.email_unconfirmed };
        view! { <span class="Badge is-plain">{word}</span> }
    });
    let more =
        (me.email_confirmed == Some(false)).then(|| view! { <p class="Fine">{t.email_unconfirmed_text}</p> });
    let email = view! {
        {present("change_email")}
        {Field::new("change_email", "email", t.new_email).kind("email").autocomplete("email").required().view()}
        {submit(t.change_email)}
    };
    view! {
        <section class="Card"><h2>{t.change_email}</h2>
            <dl class="Facts"><div><dt>{t.email}</dt><dd>{me.email} " " {standing}</dd></div></dl>
            {more}
            <p>{t.change_email_text}</p>
            {post_form(PAGE, "change_email", "Form", email.into_any())}
        </section>
    }
    .into_any()
}
