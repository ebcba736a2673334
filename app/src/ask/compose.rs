//! Where a question is typed. A plain form; with script it is sent beside the page, and Enter sends it.

use super::{address, live::Live, words::words};
use crate::{
    boot::{use_boot, use_lang},
    i18n::fill,
    ui::state::sentence,
};
use keepwell_domain::view::ProviderView;
use leptos::{ev, prelude::*};

/// The form; `conversation` is empty for a new one.
pub fn compose(conversation: &str, provider: Option<&ProviderView>, live: Live) -> AnyView {
    let w = words(use_lang());
    let boot = use_boot();
    let failure = boot.failure.get_untracked().filter(|f| f.form == "ask_question");
    let typed = failure.as_ref().and_then(|f| f.value("question")).unwrap_or_default().to_owned();
    let reason = failure.as_ref().map(|f| sentence(&f.error));
    let invalid = reason.is_some().then_some("true");
    let reason = reason.map(|r| view! { <p class="Field-reason" role="alert" id="question-reason">{r}</p> });
    let toggle = provider.filter(|p| p.consented).map(|p| {
        let label = fill(w.leave, &format!("{} ({})", p.name, p.host));
        view! { <label class="Check"><input type="checkbox" name="leave" value="1" checked/><span>{label}</span></label> }
    });
    let profile = boot.profile.map(|p| p.to_string());
    let here = address(conversation);
    let at = conversation.to_owned();
    let on_submit = move |e: ev::SubmitEvent| live.submitted(&e, &at);
    view! {
        <form method="post" action=here class="Compose" on:submit=on_submit>
            <input type="hidden" name="_form" value="ask_question"/>
            <input type="hidden" name="_profile" value=profile/>
            <input type="hidden" name="conversation" value=conversation.to_owned()/>
            {reason}
            <div class="Compose-line">
                <label class="Hidden" for="question">{w.question}</label>
                <textarea id="question" name="question" rows="1" required maxlength="2000" autocomplete="off"
                    placeholder=w.question aria-invalid=invalid aria-describedby="question-hint"
                    on:keydown=move |e| live.key(&e)>{typed}</textarea>
                {move || if live.is_asking() {
                    view! { <button class="Button is-quiet" type="button" on:click=move |_| live.stop()>{w.stop}</button> }.into_any()
                } else {
                    view! { <button class="Button" type="submit">{w.send}</button> }.into_any()
                }}
            </div>
            {toggle}
            <p class="Compose-hint" id="question-hint">{w.hint}</p>
        </form>
    }
    .into_any()
}
