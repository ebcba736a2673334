//! The page of second factors.

use super::{api::factors, gate, passkey_button};
use crate::{
    boot::{use_boot, use_lang, use_texts},
    i18n::{fill, fmt, plural},
    ui::{
        form::{Field, post_form, refused, submit},
        page::{heading, show},
    },
    wire,
};
use keepwell_domain::view::{FactorsView, NewApp, PasskeyView};
use leptos::prelude::*;
use leptos_router::components::A;

const PAGE: &str = "/settings/factors";
/// Forms whose answer brings recovery codes.
const WITH_CODES: [&str; 3] = ["confirm_app", "make_recovery_codes", "add_passkey"];

/// Second factors: the app, passkeys, recovery codes.
#[component]
pub fn FactorsPage() -> impl IntoView {
    let t = use_texts();
    let view = wire::read(|| (), |()| factors());
    view! {
        {heading(t.second_step, t.factors_text)}
        {made()}
        {show(view, draw)}
    }
}

/// The recovery codes that were just made, this once.
fn made() -> impl IntoView {
    let t = use_texts();
    let shown = use_boot().shown;
    move || {
        let shown = shown.get().filter(|s| WITH_CODES.contains(&s.form.as_str()))?;
        let codes = shown.text.lines().map(|c| view! { <li><code>{c.to_owned()}</code></li> }).collect_view();
        let inside = if shown.text.is_empty() {
            view! { <p>{t.factor_changed}</p> }.into_any()
        } else {
            let file = format!("data:text/plain;charset=utf-8,{}", shown.text.replace('\n', "%0A"));
            view! {
                <p>{t.codes_made_text}</p>
                <ul class="RecoveryCodes">{codes}</ul>
                <p><a class="Button is-quiet" rel="external" download="keepwell-recovery-codes.txt" href=file>{t.codes_download}</a></p>
            }
            .into_any()
        };
        Some(view! {
            <section class="Card is-made" role="status">
                <h2>{if shown.text.is_empty() { t.factor_changed_title } else { t.codes_made }}</h2>
                {inside}
            </section>
        })
    }
}

fn button(form: &'static str, text: &'static str, class: &'static str) -> AnyView {
    let body = view! { <button class=class type="submit">{text}</button> }.into_any();
    post_form(PAGE, form, "Inline", body)
}

fn draw(f: FactorsView) -> AnyView {
    let t = use_texts();
    let has_factor = f.app.is_some() || !f.passkeys.is_empty();
    let needed = (f.is_needed && !has_factor).then(|| view! { <p class="Notice">{t.factors_needed}</p> });
    let gate = (!f.is_proved).then(|| view! { <section class="Card">{gate(PAGE)}</section> });
    let last = refused("remove_app", "factor").or_else(|| refused("remove_passkey", "factor"));
    let out = button("sign_out", t.sign_out, "Button is-quiet");
    let foot = if use_boot().must_enrol {
        view! { <div class="Actions"><a class="Button" rel="external" href="/overview">{t.to_overview}</a> {out}</div> }
            .into_any()
    } else {
        view! { <p><A href="/settings/account" attr:class="Link">{t.account_page}</A></p> }.into_any()
    };
    view! {
        {needed} {last} {gate}
        {app_card(&f)}
        {passkeys_card(&f)}
        {has_factor.then(|| codes_card(&f))}
        {foot}
    }
    .into_any()
}

fn app_card(f: &FactorsView) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let inside = match (f.app, &f.new_app) {
        (Some(since), _) => view! {
            <p>{format!("{} {}", t.app_since, fmt::ts(lang, since))}</p>
            {f.is_proved.then(|| button("remove_app", t.app_remove, "Button is-quiet is-danger"))}
        }
        .into_any(),
        (None, Some(new)) => new_app(new),
        (None, None) => view! {
            <p>{t.app_text}</p>
            {f.is_proved.then(|| button("begin_app", t.app_add, "Button"))}
        }
        .into_any(),
    };
    view! { <section class="Card"><h2>{t.app}</h2>{inside}</section> }.into_any()
}

fn new_app(new: &NewApp) -> AnyView {
    let t = use_texts();
    let size = new.qr_size;
    let body = view! {
        {Field::new("confirm_app", "code", t.app_code).autocomplete("one-time-code").mode("numeric").required().view()}
        {submit(t.app_confirm)}
    };
    view! {
        <p>{t.app_scan}</p>
        <svg class="Qr" viewBox=format!("0 0 {size} {size}") role="img" aria-label=t.app_qr>
            <rect width=size height=size class="Qr-paper"/>
            <path d=new.qr_path.clone() class="Qr-ink" shape-rendering="crispEdges"/>
        </svg>
        <p>{t.app_secret} " " <code class="Secret">{new.secret.clone()}</code></p>
        <p><a rel="external" class="Link" href=new.uri.clone()>{t.app_open}</a></p>
        {post_form(PAGE, "confirm_app", "Form", body.into_any())}
    }
    .into_any()
}

fn passkeys_card(f: &FactorsView) -> AnyView {
    let t = use_texts();
    let rows = f.passkeys.iter().map(|p| passkey(p, f.is_proved)).collect_view();
    let list = (!f.passkeys.is_empty()).then(|| view! { <ul class="Plain">{rows}</ul> });
    let add = match &f.passkey_origin {
        None => view! { <p class="Fine">{t.passkeys_impossible}</p> }.into_any(),
        Some(_) if !f.is_proved => ().into_any(),
        Some(_) => {
            let body = view! {
                {refused("add_passkey", "passkey")}
                {Field::new("add_passkey", "name", t.name).hint(t.passkey_name_hint).autocomplete("off").required().view()}
                {passkey_button("/api/v1/me/passkeys/options", "create", t.passkey_add, String::new())}
            };
            post_form(PAGE, "add_passkey", "Form", body.into_any())
        }
    };
    view! { <section class="Card"><h2>{t.passkeys}</h2><p>{t.passkeys_text}</p>{list}{add}</section> }
        .into_any()
}

fn passkey(p: &PasskeyView, is_proved: bool) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let used = p
        .last_used
        .map_or_else(|| t.token_unused.to_owned(), |at| format!("{} {}", t.token_used, fmt::ts(lang, at)));
    let when = format!("{} {} · {used}", t.passkey_added, fmt::ts(lang, p.created));
    let acts = is_proved.then(|| {
        let id = p.id.to_string();
        let rename = view! {
            <input type="hidden" name="id" value=id.clone()/>
            {Field::new("rename_passkey", "name", t.name).of(&id).value(p.name.clone()).autocomplete("off").required().view()}
            <button class="Button is-quiet" type="submit">{t.save}</button>
        };
        let label = fill(t.passkey_remove_named, &p.name);
        let remove = view! {
            <input type="hidden" name="id" value=id.clone()/>
            <button class="Link" type="submit" aria-label=label>{t.passkey_remove}</button>
        };
        view! {
            <details><summary>{t.edit}</summary>{post_form(PAGE, "rename_passkey", "Form", rename.into_any())}</details>
            {post_form(PAGE, "remove_passkey", "Inline", remove.into_any())}
        }
    });
    view! { <li class="Session"><div><b>{p.name.clone()}</b><p class="Fine">{when}</p></div>{acts}</li> }
        .into_any()
}

fn codes_card(f: &FactorsView) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let left = plural(lang, u64::from(f.codes_left), t.codes_left_one, t.codes_left);
    view! {
        <section class="Card"><h2>{t.codes_recovery}</h2>
            <p>{t.codes_recovery_text}</p>
            <p>{left}</p>
            {f.is_proved.then(|| button("make_recovery_codes", t.codes_new, "Button is-quiet"))}
        </section>
    }
    .into_any()
}
