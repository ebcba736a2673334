//! The page of personal access tokens.

use super::api::tokens;
use crate::{
    boot::{use_boot, use_lang, use_texts},
    factors::gate,
    i18n::{Texts, fill, fmt},
    profiles::shown_name,
    ui::{
        form::{Field, post_form, refused, select, submit},
        page::{heading, show},
    },
    wire,
};
use keepwell_domain::{
    scope::{Scope, TokenLife},
    view::{Me, TokenView},
};
use leptos::prelude::*;
use leptos_router::components::A;

const PAGE: &str = "/settings/tokens";
const CREATE: &str = "create_token";

/// Personal access tokens.
#[component]
pub fn TokensPage() -> impl IntoView {
    let t = use_texts();
    let view = wire::read(|| (), |()| tokens());
    view! {
        {heading(t.tokens, t.tokens_text)}
        {made()}
        {show(view, |(me, list)| draw(&me, list))}
    }
}

/// The token that was just made, this once.
fn made() -> impl IntoView {
    let t = use_texts();
    let shown = use_boot().shown;
    move || {
        shown.get().filter(|s| s.form == CREATE).map(|s| {
            view! {
                <section class="Card is-made" role="status">
                    <h2 id="made">{t.token_made}</h2>
                    <p id="made-text">{t.token_made_text}</p>
                    <textarea class="Secret" readonly rows="2" spellcheck="false" autocomplete="off"
                        aria-labelledby="made" aria-describedby="made-text">{s.text}</textarea>
                </section>
            }
        })
    }
}

const fn scope_name(t: &Texts, s: Scope) -> &'static str {
    match s {
        Scope::RecordsRead => t.scope_records_read,
        Scope::RecordsWrite => t.scope_records_write,
        Scope::DocumentsRead => t.scope_documents_read,
        Scope::DocumentsWrite => t.scope_documents_write,
        Scope::Export => t.scope_export,
        Scope::AuditRead => t.scope_audit_read,
        Scope::Ask => t.scope_ask,
    }
}

fn draw(me: &Me, list: Vec<TokenView>) -> AnyView {
    let t = use_texts();
    let several = list.len() > 1;
    let all = several.then(|| {
        let body =
            view! { <button class="Button is-quiet is-danger" type="submit">{t.token_revoke_all}</button> };
        post_form(PAGE, "revoke_all_tokens", "Inline", body.into_any())
    });
    let inside = if list.is_empty() {
        view! { <p>{t.tokens_empty}</p> }.into_any()
    } else {
        let rows = list.into_iter().map(|token| row(me, token)).collect_view();
        view! { <ul class="Plain">{rows}</ul> {all} }.into_any()
    };
    view! {
        <section class="Card"><h2>{t.tokens}</h2>{inside}</section>
        <section class="Card"><h2>{t.token_new}</h2>{if me.is_proved { form(me) } else { gate(PAGE) }}</section>
        <p><A href="/settings" attr:class="Link">{t.settings}</A></p>
    }
    .into_any()
}

fn row(me: &Me, token: TokenView) -> impl IntoView + use<> {
    let (t, lang) = (use_texts(), use_lang());
    let profile = match token.profile {
        None => t.token_all_short.to_owned(),
        Some(id) => me.profiles.iter().find(|p| p.id == id).map(|p| shown_name(t, p)).unwrap_or_default(),
    };
    let scopes: Vec<&str> = token.scopes.iter().map(|s| scope_name(t, *s)).collect();
    let ends = if token.is_expired { t.token_expired } else { t.token_expires };
    let used = token
        .last_used
        .map_or_else(|| t.token_unused.to_owned(), |at| format!("{} {}", t.token_used, fmt::ts(lang, at)));
    let when = format!("{ends} {} · {used}", fmt::ts(lang, token.expires));
    let badge = token.is_expired.then(|| view! { " " <span class="Badge is-plain">{t.token_expired}</span> });
    let label = fill(t.token_revoke_named, &token.name);
    let revoke = view! {
        <input type="hidden" name="id" value=token.id.to_string()/>
        <button class="Link" type="submit" aria-label=label>{t.token_revoke}</button>
    };
    view! {
        <li class="Session">
            <div>
                <b>{token.name}</b>{badge}
                <p class="Fine">{scopes.join(" · ")}</p>
                <p class="Fine">{profile} " · " {when}</p>
            </div>
            {post_form(PAGE, "revoke_token", "Inline", revoke.into_any())}
        </li>
    }
}

fn form(me: &Me) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let was = |field: &str| {
        use_boot().failure.with_untracked(|f| {
            f.as_ref().filter(|f| f.form == CREATE).and_then(|f| f.value(field).map(str::to_owned))
        })
    };
    let scopes = Scope::ALL
        .iter()
        .map(|s| {
            let name = format!("scopes[{}]", s.as_str());
            let on = was(&name).is_some();
            view! {
                <label class="Check"><input type="checkbox" name=name value="on" checked=on/>
                    <span>{scope_name(t, *s)} " " <code>{s.as_str()}</code></span></label>
            }
        })
        .collect_view();
    let chosen = was("profile").unwrap_or_default();
    let one = |p: &keepwell_domain::view::ProfileRef| {
        let id = p.id.to_string();
        let on = id == chosen;
        (id, shown_name(t, p), on)
    };
    let every = (String::new(), t.token_all.to_owned(), chosen.is_empty());
    let profiles = std::iter::once(every).chain(me.profiles.iter().map(one)).collect();
    let days = was("days").and_then(|d| d.parse().ok()).and_then(TokenLife::of_days).unwrap_or_default();
    let lives = TokenLife::ALL.map(|l| {
        let text = fill(t.token_days_n, &fmt::count(lang, u64::from(l.days())));
        (l.days().to_string(), text, l == days)
    });
    let body = view! {
        {Field::new(CREATE, "name", t.name).hint(t.token_name_hint).autocomplete("off").required().view()}
        <fieldset class="Checks"><legend>{t.token_scopes}</legend>{refused(CREATE, "scopes")}{scopes}</fieldset>
        {select("token-profile".to_owned(), "profile", t.token_profile, profiles)}
        {select("token-days".to_owned(), "days", t.token_days, lives.to_vec())}
        {submit(t.token_create)}
    };
    post_form(PAGE, CREATE, "Form", body.into_any())
}
