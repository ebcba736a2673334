//! What one signs in with: password and address.

use super::api::settings;
use crate::{
    account::{notice, suggestion},
    boot::use_texts,
    factors::gate,
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
        {show(me, |me| {
            let (factor, password) = (factor_card(&me), password_card(&me));
            view! { {factor} {password} {email_card(me)} }.into_any()
        })}
        <p><A href="/settings" attr:class="Link">{t.settings}</A></p>
    }
}

/// The password so far; with a second factor the proof on a page of its own stands for it.
fn present(me: &Me, form: &'static str) -> Option<AnyView> {
    let t = use_texts();
    (!me.has_factor).then(|| password_field(t.current_password, form))
}

/// The form, or the way to the proof that it needs.
fn or_gate(me: &Me, form: AnyView) -> AnyView {
    if me.has_factor && !me.is_proved { gate(PAGE) } else { form }
}

fn factor_card(me: &Me) -> AnyView {
    let t = use_texts();
    let word = if me.has_factor { t.factors_on } else { t.factors_off };
    view! {
        <section class="Card"><h2>{t.second_step}</h2>
            <p>{t.factors_card_text} " " <span class="Badge is-plain">{word}</span></p>
            <A href="/settings/factors" attr:class="Button is-quiet">{t.factors_manage}</A>
        </section>
    }
    .into_any()
}

fn password_field(label: &'static str, form: &'static str) -> AnyView {
    Field::new(form, "current_password", label)
        .kind("password")
        .autocomplete("current-password")
        .required()
        .view()
}

fn password_card(me: &Me) -> AnyView {
    let t = use_texts();
    let password = view! {
        {present(me, "change_password")}
        {Field::new("change_password", "password", t.new_password).kind("password").autocomplete("new-password").hint(t.password_hint).required().view()}
        {suggestion(PAGE)}
        {submit(t.change_password)}
    };
    view! {
        <section class="Card"><h2>{t.change_password}</h2>
            <p>{t.change_password_text}</p>
            {or_gate(me, post_form(PAGE, "change_password", "Form", password.into_any()))}
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
        {present(&me, "change_email")}
        {Field::new("change_email", "email", t.new_email).kind("email").autocomplete("email").required().view()}
        {submit(t.change_email)}
    };
    let form = or_gate(&me, post_form(PAGE, "change_email", "Form", email.into_any()));
    view! {
        <section class="Card"><h2>{t.change_email}</h2>
            <dl class="Facts"><div><dt>{t.email}</dt><dd>{me.email} " " {standing}</dd></div></dl>
            {more}
            <p>{t.change_email_text}</p>
            {form}
        </section>
    }
    .into_any()
}
