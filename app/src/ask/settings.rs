//! Who answers questions: the provider of the settings or one's own, and the consent to it.

use super::{
    api::{AskSettingsView, ask_settings},
    consent::facts,
    words::words,
};
use crate::{
    boot::{use_lang, use_texts},
    ui::{
        form::{Field, post_form, select, submit},
        page::{heading, show},
    },
    wire,
};
use keepwell_domain::view::{OwnProviderView, ProviderView};
use leptos::prelude::*;
use leptos_router::components::A;

/// Where this stands.
pub const PAGE: &str = "/settings/ask";

/// Who answers questions.
#[component]
pub fn AskSettingsPage() -> impl IntoView {
    let w = words(use_lang());
    let view = wire::read(|| (), |()| ask_settings());
    view! {
        {heading(w.settings, w.settings_text)}
        {show(view, |s| draw(&s))}
    }
}

fn draw(s: &AskSettingsView) -> AnyView {
    let (t, w) = (use_texts(), words(use_lang()));
    let provider = match &s.provider {
        Some(p) => view! { {facts(p)} {consent(p)} }.into_any(),
        None => view! { <p>{w.provider_none}</p> }.into_any(),
    };
    let own = s.allows_own.then(|| own(s.own.as_ref()));
    view! {
        <section class="Card"><h2>{w.provider}</h2>{provider}</section>
        {own}
        <p><A href="/settings" attr:class="Link">{t.settings}</A></p>
    }
    .into_any()
}

fn consent(p: &ProviderView) -> AnyView {
    let w = words(use_lang());
    if !p.consented {
        return view! { <p>{w.consent_none}</p> }.into_any();
    }
    let body = view! { <button class="Button is-quiet" type="submit">{w.consent_revoke}</button> };
    view! {
        <p>{w.consent_given}</p>
        {post_form(PAGE, "revoke_consent", "Inline", body.into_any())}
    }
    .into_any()
}

fn own(kept: Option<&OwnProviderView>) -> AnyView {
    const FORM: &str = "set_own_provider";
    let w = words(use_lang());
    let (had, has_key) = (kept.cloned().unwrap_or_default(), kept.is_some_and(|k| k.has_key));
    let field = |name: &'static str, label: &'static str, value: &str| {
        Field::new(FORM, name, label).value(value.to_owned())
    };
    let kinds = [("openai", w.provider_openai), ("anthropic", "Anthropic Messages")]
        .map(|(k, text)| (k.to_owned(), text.to_owned(), had.kind == k))
        .to_vec();
    let key = Field::new(FORM, "api_key", w.provider_key).kind("password").autocomplete("off");
    let key = if has_key { key.hint(w.provider_key_kept) } else { key };
    let body = view! {
        {select("provider-kind".to_owned(), "kind", w.provider_kind, kinds)}
        {field("base_url", w.provider_address, &had.base_url).kind("url").required().view()}
        {field("model", w.provider_model, &had.model).required().view()}
        {key.view()}
        {field("name", w.provider_name, &had.name).view()}
        {field("place", w.provider_place, &had.place).view()}
        {field("terms", w.provider_terms, &had.terms).view()}
        {submit(w.provider_save)}
    };
    let remove = kept.map(|_| {
        let body =
            view! { <button class="Button is-quiet is-danger" type="submit">{w.provider_remove}</button> };
        post_form(PAGE, "remove_own_provider", "Inline", body.into_any())
    });
    view! {
        <section class="Card is-form">
            <h2>{w.provider_own}</h2>
            <p>{w.provider_own_text}</p>
            {post_form(PAGE, FORM, "Form", body.into_any())}
            {remove}
        </section>
    }
    .into_any()
}
