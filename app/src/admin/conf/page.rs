//! The page of settings.

use super::api::{Conf, Input, Invite, Row, admin_settings};
use crate::{
    admin::{Place, framed, sheet, texts},
    boot::{use_boot, use_lang},
    factors::gate,
    i18n::fill,
    ui::{
        form::{Field, post_form, post_form_plain, refused, select, submit},
        page::{heading, show},
    },
    wire,
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

const PAGE: &str = "/admin/settings";
const CHANGE: &str = "change_setting";
const INVITE: &str = "create_invite";
const TRIAL: &str = "send_test_letter";

/// Settings of the instance.
#[component]
pub fn AdminSettingsPage() -> impl IntoView {
    framed(Place::Settings, || {
        let (frame, t) = (texts::frame(use_lang()), texts::running(use_lang()));
        let query = use_query_map();
        let before = Memo::new(move |_| query.with(|q| q.get("before")).unwrap_or_default());
        let conf = wire::read(move || before.get(), |b| async move { admin_settings(b).await });
        view! { {heading(frame.settings, t.settings_text)} {show(conf, draw)} }.into_any()
    })
}

fn draw(c: Conf) -> AnyView {
    let t = texts::running(use_lang());
    let is_proved = c.is_proved;
    let first = (!is_proved).then(|| view! { <section class="Card">{gate(PAGE)}</section> });
    let groups = c
        .groups
        .into_iter()
        .map(|(name, rows)| {
            let rows = rows.into_iter().map(|r| row(r, is_proved)).collect_view();
            view! { <section class="Card"><h2>{name}</h2><ul class="Plain">{rows}</ul></section> }
        })
        .collect_view();
    let history = if c.history.rows.is_empty() {
        view! { <p class="Fine">{t.history_none}</p> }.into_any()
    } else {
        sheet::table(c.history)
    };
    let older = (!c.older.is_empty()).then(|| {
        let href = format!("{PAGE}?before={}", c.older);
        view! { <p class="Actions"><A href=href attr:class="Button is-quiet">{t.older_changes}</A></p> }
    });
    view! {
        {made(c.base)}
        {first}
        {groups}
        {invites(c.invites, is_proved, c.has_mail)}
        <section class="Card" id="mail"><h2>{t.mail}</h2>{sheet::facts(c.mail)}{trial(c.has_mail)}</section>
        <section class="Card"><h2>{t.history}</h2>{history}{older}</section>
    }
    .into_any()
}

/// A setting: what it is, and the form that changes it.
fn row(r: Row, is_proved: bool) -> AnyView {
    let t = texts::running(use_lang());
    let hint = (!r.hint.is_empty()).then(|| view! { <p class="Fine">{r.hint.clone()}</p> });
    let note = match (r.is_fixed, r.unchanged.is_empty()) {
        (true, _) => Some(t.fixed.to_owned()),
        (false, false) => Some(fill(t.changed_here, &r.unchanged)),
        (false, true) => None,
    };
    let note = note.map(|n| view! { <p class="Fine">{n}</p> });
    let is_failed = use_boot().failure.with_untracked(|f| {
        f.as_ref().is_some_and(|f| {
            (f.form == CHANGE || f.form == "reset_setting") && f.value("setting") == Some(&r.name)
        })
    });
    let form = (is_proved && !r.is_fixed).then(|| {
        let forms = change(&r);
        view! { <details open=is_failed><summary>{t.change}</summary>{forms}</details> }
    });
    view! {
        <li class="Setting">
            <div class="Setting-head"><b>{r.label}</b> <span class="Setting-value">{r.shown}</span></div>
            <p class="Fine"><code>{r.name}</code></p>
            {hint}{note}{form}
        </li>
    }
    .into_any()
}

fn change(r: &Row) -> AnyView {
    let t = texts::running(use_lang());
    let input = match &r.input {
        Input::Number(..) => Field::new(CHANGE, "value", t.value)
            .of(&r.name)
            .kind("number")
            .value(r.value.clone())
            .mode("numeric")
            .required()
            .view(),
        Input::Choice(choices) => {
            let options =
                choices.iter().map(|(code, text)| (code.clone(), text.clone(), *code == r.value)).collect();
            select(format!("{CHANGE}-value-{}", r.name), "value", t.value, options)
        }
    };
    let body = view! {
        <input type="hidden" name="setting" value=r.name.clone()/>
        {input}
        {Field::new(CHANGE, "reason", t.reason).of(&r.name).autocomplete("off").required().view()}
        {submit(t.change)}
    };
    let back = (!r.unchanged.is_empty()).then(|| {
        let body = view! {
            <input type="hidden" name="setting" value=r.name.clone()/>
            {Field::new("reset_setting", "reason", t.reason).of(&r.name).autocomplete("off").required().view()}
            <button class="Button is-quiet" type="submit">{t.reset}</button>
        };
        post_form_plain(PAGE, "reset_setting", "Form", body.into_any())
    });
    view! { {post_form_plain(PAGE, CHANGE, "Form", body.into_any())} {back} }.into_any()
}

/// The invitation that was just made, this once.
fn made(base: String) -> AnyView {
    let t = texts::running(use_lang());
    let shown = use_boot().shown;
    view! {
        {move || {
            shown.get().filter(|s| s.form == INVITE).map(|s| {
                let link = format!("{base}/signup#{}", s.text);
                view! {
                    <section class="Card is-made" role="status">
                        <h2 id="made">{t.invite_made}</h2>
                        <p id="made-text">{t.invite_made_text}</p>
                        <textarea class="Secret" readonly rows="3" spellcheck="false" autocomplete="off"
                            aria-labelledby="made" aria-describedby="made-text">{link}</textarea>
                    </section>
                }
            })
        }}
    }
    .into_any()
}

/// The form that sends a test letter, and what became of the last one.
fn trial(has_mail: bool) -> Option<AnyView> {
    has_mail.then(|| {
        let t = texts::running(use_lang());
        let shown = use_boot().shown;
        let said = move || {
            shown.get().filter(|s| s.form == TRIAL).map(|s| {
                let (class, role) = match s.text.as_str() {
                    "sent" | "laid" => ("Note", "status"),
                    _ => ("Alert", "alert"),
                };
                view! { <p class=class role=role>{outcome(&s.text)}</p> }
            })
        };
        let refusal = refused(TRIAL, "mail");
        let body = view! { {refusal} <p class="Fine">{t.trial_text}</p> {submit(t.trial_do)} };
        view! { {said} {post_form(PAGE, TRIAL, "Form", body.into_any())} }.into_any()
    })
}

/// What became of a test letter, in words.
fn outcome(code: &str) -> &'static str {
    let t = texts::running(use_lang());
    match code {
        "sent" => t.trial_sent,
        "laid" => t.trial_laid,
        "connection" => t.trial_connection,
        "tls" => t.trial_tls,
        "timeout" => t.trial_timeout,
        "credentials" => t.trial_credentials,
        "refused" | "address" => t.trial_refused,
        "deferred" => t.trial_deferred,
        _ => t.trial_failed,
    }
}

fn invites(list: Vec<Invite>, is_proved: bool, has_mail: bool) -> AnyView {
    let t = texts::running(use_lang());
    let rows = list
        .into_iter()
        .map(|i| {
            let revoke = i.is_open.then(|| {
                let body = view! {
                    <input type="hidden" name="id" value=i.id/>
                    <button class="Link" type="submit">{t.invite_revoke}</button>
                };
                post_form_plain(PAGE, "revoke_invite", "Inline", body.into_any())
            });
            view! { <li class="Session"><div><b>{i.label}</b><p class="Fine">{i.meta}</p></div>{revoke}</li> }
        })
        .collect::<Vec<_>>();
    let inside = if rows.is_empty() {
        view! { <p class="Fine">{t.invite_none}</p> }.into_any()
    } else {
        view! { <ul class="Plain">{rows}</ul> }.into_any()
    };
    let form = is_proved.then(|| {
        let email = has_mail.then(|| {
            Field::new(INVITE, "email", t.invite_email)
                .kind("email")
                .hint(t.invite_email_hint)
                .autocomplete("off")
                .view()
        });
        let body = view! {
            {Field::new(INVITE, "label", t.invite_label).autocomplete("off").view()}
            {email}
            {submit(t.invite_do)}
        };
        post_form(PAGE, INVITE, "Form", body.into_any())
    });
    view! {
        <section class="Card"><h2>{t.invites}</h2><p class="Fine">{t.invites_text}</p>{inside}{form}</section>
    }
    .into_any()
}
