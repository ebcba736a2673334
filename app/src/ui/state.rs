//! The designed states besides "done": loading, empty, failed, not found, signed out.

use crate::{
    boot::{use_lang, use_texts},
    error::{AppError, ErrorCode},
    i18n::plural,
    ui::{esc::url_segment, page::heading},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};

/// While data is on its way.
pub fn loading() -> AnyView {
    let t = use_texts();
    view! { <div class="Loading" role="status"><span class="Hidden">{t.loading}</span><i></i><i></i><i></i></div> }.into_any()
}

/// Nothing there yet: what would be here, and what to do.
pub fn empty(title: &'static str, text: &'static str, action: AnyView) -> AnyView {
    view! { <section class="Empty"><h2>{title}</h2><p>{text}</p><div class="Actions">{action}</div></section> }.into_any()
}

/// The sentence for an error.
#[must_use]
pub fn sentence(e: &AppError) -> String {
    let t = use_texts();
    match e.code {
        ErrorCode::Invalid => e.reason.clone().unwrap_or_else(|| t.error_invalid.to_owned()),
        ErrorCode::SignIn => t.error_sign_in.to_owned(),
        ErrorCode::Forbidden => t.error_forbidden.to_owned(),
        ErrorCode::NotFound => t.error_not_found.to_owned(),
        ErrorCode::Conflict => t.error_conflict.to_owned(),
        ErrorCode::Unavailable => t.error_unavailable.to_owned(),
        ErrorCode::Full => t.error_full.to_owned(),
        ErrorCode::Internal => t.error_internal.to_owned(),
        ErrorCode::Network => t.error_network.to_owned(),
        ErrorCode::TooMany => {
            let seconds = u64::from(e.retry_after.unwrap_or(60));
            let wait = plural(use_lang(), seconds, t.wait_second, t.wait_seconds);
            format!("{} {wait}", e.reason.as_deref().unwrap_or(t.too_many_text))
        }
        ErrorCode::Switched => t.switched_text.to_owned(),
        ErrorCode::ProofNeeded => t.error_proof.to_owned(),
        ErrorCode::EnrolNeeded => t.error_enrol.to_owned(),
    }
}

/// A page's data could not be had.
pub fn failed(e: &AppError) -> AnyView {
    if e.code == ErrorCode::SignIn {
        return sign_in_again();
    }
    if e.code == ErrorCode::NotFound {
        return view! { <NotFound/> }.into_any();
    }
    if e.code == ErrorCode::Switched {
        return switched();
    }
    if e.code == ErrorCode::EnrolNeeded {
        return enrol_first();
    }
    #[cfg(feature = "ssr")]
    crate::ssr::set_status(e.status());
    let t = use_texts();
    let id = (!e.request_id.is_empty())
        .then(|| view! { <p class="Fine">{t.request} " " <code>{e.request_id.clone()}</code></p> });
    let again = use_location().pathname.get_untracked();
    view! {
        <section class="Empty is-failed" role="alert">
            <h2>{t.failed}</h2>
            <p>{sentence(e)}</p>
            {id}
            <div class="Actions"><a class="Button is-quiet" rel="external" href=again>{t.try_again}</a></div>
        </section>
    }
    .into_any()
}

/// Nobody is signed in: off to the sign-in page and back afterwards.
pub fn sign_in_again() -> AnyView {
    let here = use_location();
    let mut next = here.pathname.get_untracked();
    let query = here.search.get_untracked();
    if !query.is_empty() {
        next.push('?');
        next.push_str(query.trim_start_matches('?'));
    }
    let href = format!("/login?next={}", url_segment(&next));
    #[cfg(feature = "ssr")]
    crate::ssr::redirect(&href);
    let t = use_texts();
    view! {
        <section class="Empty">
            <h2>{t.error_sign_in}</h2>
            <div class="Actions"><a class="Button" rel="external" href=href>{t.sign_in}</a></div>
        </section>
    }
    .into_any()
}

/// Whoever runs the instance sees nothing before they have a second factor: off to the page where it is set up.
pub fn enrol_first() -> AnyView {
    const PAGE: &str = "/settings/factors";
    #[cfg(feature = "ssr")]
    crate::ssr::redirect(PAGE);
    let t = use_texts();
    view! {
        <section class="Empty">
            <h2>{t.error_enrol}</h2>
            <div class="Actions"><a class="Button" rel="external" href=PAGE>{t.factors_manage}</a></div>
        </section>
    }
    .into_any()
}

/// Another profile is in use by now than the one for which the page was drawn.
pub fn switched() -> AnyView {
    #[cfg(feature = "ssr")]
    crate::ssr::set_status(409);
    let t = use_texts();
    view! {
        <section class="Empty" role="alert">
            <h2>{t.switched}</h2>
            <p>{t.switched_text}</p>
            <div class="Actions"><a class="Button" rel="external" href="/overview">{t.switched_go}</a></div>
        </section>
    }
    .into_any()
}

/// The same as a page of its own, in answer to a form.
#[component]
pub fn Switched() -> impl IntoView {
    let t = use_texts();
    view! {
        {heading(t.switched, t.switched_text)}
        <p>{t.switched_back}</p>
        <p><a class="Button" rel="external" href="/overview">{t.switched_go}</a></p>
    }
}

/// There is no such page.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::ssr::set_status(404);
    let t = use_texts();
    view! {
        {heading(t.not_found, t.not_found_text)}
        <p><A href="/overview" attr:class="Button">{t.to_overview}</A></p>
    }
}
