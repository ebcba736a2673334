//! The sign-up and sign-in pages.

use super::api::suggest_passphrase;
use crate::{
    boot::{Joining, use_boot, use_texts},
    factors::passkey_button,
    ui::{
        form::{Field, post_form, refused, submit},
        page::{heading, show},
    },
    wire,
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

/// A passphrase to take over, on demand: `?suggest=1` on `page`.
pub fn suggestion(page: &'static str) -> AnyView {
    let t = use_texts();
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(|q| q.get_str("suggest").is_some()));
    let suggestion = wire::read(
        move || wanted.get(),
        |wanted| async move { if wanted { suggest_passphrase().await.map(Some) } else { Ok(None) } },
    );
    show(suggestion, move |words| match words {
        Some(words) => view! {
            <div class="Notice">
                <p>{t.suggested}</p>
                <p class="Passphrase"><code>{words}</code></p>
                <p class="Fine">{t.suggested_text}</p>
            </div>
        }
        .into_any(),
        None => view! { <p class="Fine"><A href=format!("{page}?suggest=1")>{t.suggest}</A></p> }.into_any(),
    })
}

/// What was just done, by `?done=` of the address: only words of ours.
pub fn notice() -> AnyView {
    let t = use_texts();
    let query = use_query_map();
    let text = move || {
        query.with(|q| match q.get_str("done") {
            Some("reset") => Some(t.done_reset),
            Some("confirmed") => Some(t.done_confirmed),
            Some("stopped") => Some(t.done_stopped),
            Some("password") => Some(t.done_password),
            Some("email") => Some(t.done_email),
            Some("sent") => Some(t.done_sent),
            Some("late") => Some(t.done_late),
            _ => None,
        })
    };
    view! { {move || text().map(|text| view! { <p class="Notice" role="status">{text}</p> })} }.into_any()
}

/// Sign-up.
#[component]
pub fn SignupPage() -> impl IntoView {
    let t = use_texts();
    let joining = use_boot().joining;
    if joining == Joining::Closed {
        return view! {
            <div class="Narrow">
                {heading(t.sign_up, t.sign_up_closed)}
                <p class="Fine">{t.have_account} " " <A href="/login">{t.sign_in}</A></p>
            </div>
        }
        .into_any();
    }
    let invite = (joining == Joining::Invite).then(|| {
        Field::new("sign_up", "code", t.invite).autocomplete("off").hint(t.invite_hint).required().view()
    });
    let body = view! {
        {invite}
        {Field::new("sign_up", "email", t.email).kind("email").autocomplete("username").required().view()}
        {Field::new("sign_up", "password", t.password).kind("password").autocomplete("new-password").hint(t.password_hint).required().view()}
        {suggestion("/signup")}
        {submit(t.sign_up)}
    };
    view! {
        <div class="Narrow">
            {heading(t.sign_up, t.sign_up_text)}
            {post_form("/signup", "sign_up", "Form", body.into_any())}
            <p class="Fine">{t.have_account} " " <A href="/login">{t.sign_in}</A></p>
        </div>
    }
    .into_any()
}

/// Sign-in.
#[component]
pub fn LoginPage() -> impl IntoView {
    let t = use_texts();
    let next = use_query_map().with_untracked(|q| q.get("next")).unwrap_or_default();
    let page = if next.is_empty() {
        "/login".to_owned()
    } else {
        format!("/login?next={}", crate::ui::esc::url_segment(&next))
    };
    let passkey = use_boot().passkeys().map(|_| {
        let body = view! {
            <input type="hidden" name="next" value=next.clone()/>
            {refused("passkey_sign_in", "passkey")}
            {passkey_button("/api/v1/login/passkey/options", "get", t.passkey_sign_in, String::new())}
        };
        post_form(page.clone(), "passkey_sign_in", "Form", body.into_any())
    });
    let body = view! {
        <input type="hidden" name="next" value=next/>
        {Field::new("sign_in", "email", t.email).kind("email").autocomplete("username").required().view()}
        {Field::new("sign_in", "password", t.password).kind("password").autocomplete("current-password").required().view()}
        <label class="Check"><input type="checkbox" name="keep" value="1"/> <span>{t.keep}</span></label>
        {submit(t.sign_in)}
    };
    view! {
        <div class="Narrow">
            {heading(t.sign_in, t.sign_in_text)}
            {notice()}
            {post_form(page, "sign_in", "Form", body.into_any())}
            {passkey}
            <p class="Fine"><A href="/forgot">{t.forgot_link}</A></p>
            <p class="Fine">{t.no_account} " " <A href="/signup">{t.sign_up}</A></p>
        </div>
    }
}
