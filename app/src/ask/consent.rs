//! Before a first question leaves: to whom, under which terms, and exactly what. Made by what makes the
//! request itself; nothing is sent before the person agreed.

use super::{PAGE, address, words::words};
use crate::{
    boot::{use_boot, use_lang, use_texts},
    ui::form::post_form,
};
use keepwell_domain::view::{AskPreview, ProviderView};
use leptos::prelude::*;
use leptos_router::components::A;

/// The question that waits for consent: (question, conversation).
pub fn waiting() -> Option<(String, String)> {
    let failure = use_boot().failure.get_untracked()?;
    let is_it = failure.form == "ask_question" && failure.error.field.as_deref() == Some("leave");
    let value = |name: &str| failure.value(name).unwrap_or_default().to_owned();
    is_it.then(|| (value("question"), value("conversation")))
}

/// What is known of a provider.
pub fn facts(p: &ProviderView) -> AnyView {
    let w = words(use_lang());
    let pair = |k: &'static str, v: &str| {
        (!v.is_empty()).then(|| view! { <div><dt>{k}</dt><dd>{v.to_owned()}</dd></div> })
    };
    let is_link = p.terms.starts_with("https://");
    let terms = if is_link {
        let (href, to) = (p.terms.clone(), p.terms.clone());
        view! { <div><dt>{w.provider_terms}</dt><dd><a href=href rel="external noreferrer">{to}</a></dd></div> }.into_any()
    } else {
        pair(w.provider_terms, &p.terms).into_any()
    };
    view! {
        <dl class="Facts">
            {pair(w.provider, &p.name)}
            {pair(w.provider_model, &p.model)}
            {pair(w.provider_host, &p.host)}
            {pair(w.provider_place, &p.place)}
            {terms}
        </dl>
    }
    .into_any()
}

/// The sheet, with its three ways on.
pub fn sheet(p: &AskPreview, question: &str, conversation: &str) -> AnyView {
    let (t, w) = (use_texts(), words(use_lang()));
    let list = p
        .stand_ins
        .iter()
        .map(|(label, real)| view! { <li><b>{real.clone()}</b> " → " <code>{label.clone()}</code></li> })
        .collect_view();
    let stand_ins = (!p.stand_ins.is_empty())
        .then(|| view! { <h3>{w.consent_stand_ins}</h3><ul class="Plain">{list}</ul> });
    let body = view! {
        <input type="hidden" name="fingerprint" value=p.fingerprint.clone()/>
        <input type="hidden" name="question" value=question.to_owned()/>
        <input type="hidden" name="conversation" value=conversation.to_owned()/>
        <div class="Actions">
            <button class="Button" type="submit" name="word" value="agree">{w.agree}</button>
            <button class="Button is-quiet" type="submit" name="word" value="here">{w.here_only}</button>
            <A href=if conversation.is_empty() { PAGE.to_owned() } else { address(conversation) } attr:class="Link">{t.cancel}</A>
        </div>
    };
    view! {
        <section class="Card is-attention Consent" aria-labelledby="consent">
            <h2 id="consent">{w.consent}</h2>
            <p>{w.consent_text}</p>
            {facts(&p.provider)}
            {stand_ins}
            <details>
                <summary>{w.consent_exactly}</summary>
                <p class="Fine"><code>"POST " {p.url.clone()}</code></p>
                <pre class="Excerpt" tabindex="0">{p.request.clone()}</pre>
            </details>
            <p>{w.consent_more}</p>
            {post_form(address(conversation), "give_consent", "Form", body.into_any())}
        </section>
    }
    .into_any()
}
