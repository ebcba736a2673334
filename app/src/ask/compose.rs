//! Where a question is typed. A plain form; with script it is sent beside the page, and Enter sends it.

use super::{address, live::Live, words::words};
use crate::{
    boot::{use_boot, use_lang},
    i18n::fill,
    ui::state::sentence,
};
use keepwell_domain::view::ProviderView;
use leptos::{ev, prelude::*};

/// The form; `open` is the conversation, empty for a new one.
pub fn compose(open: Memo<String>, live: Live, toggle: AnyView) -> AnyView {
    let w = words(use_lang());
    let boot = use_boot();
    let failure = boot.failure.get_untracked().filter(|f| f.form == "ask_question");
    let typed = failure.as_ref().and_then(|f| f.value("question")).unwrap_or_default().to_owned();
    let is_refused = |f: &&crate::boot::Failure| f.error.field.as_deref() != Some("leave");
    let reason = failure.as_ref().filter(is_refused).map(|f| sentence(&f.error));
    let invalid = reason.is_some().then_some("true");
    let reason = reason.map(|r| view! { <p class="Field-reason" role="alert" id="question-reason">{r}</p> });
    let profile = boot.profile.map(|p| p.to_string());
    let field = NodeRef::<leptos::html::Textarea>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        if let Some(area) = field.get() {
            super::live::enter_field(area);
        }
    });
    let on_submit = move |e: ev::SubmitEvent| live.submitted(&e, &open.get_untracked());
    view! {
        <form method="post" action=move || address(&open.get()) class="Compose" on:submit=on_submit>
            <input type="hidden" name="_form" value="ask_question"/>
            <input type="hidden" name="_profile" value=profile/>
            <input type="hidden" name="conversation" value=move || open.get()/>
            {reason}
            <div class="Compose-line">
                <label class="Hidden" for="question">{w.question}</label>
                <textarea node_ref=field id="question" name="question" rows="1" required maxlength="2000" autocomplete="off"
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

/// Whether a question may go to a model. Off until the person agreed; from then on a question stays here by
/// one press.
pub fn toggle(provider: Option<&ProviderView>) -> AnyView {
    let w = words(use_lang());
    let Some(p) = provider else { return ().into_any() };
    let label = fill(w.leave, &format!("{} ({})", p.name, p.host));
    let (on, unagreed) = (p.consented, (!p.consented).then_some(""));
    view! {
        <label class="Check">
            <input type="checkbox" name="leave" value="1" checked=on data-unagreed=unagreed/>
            <span>{label}</span>
        </label>
    }
    .into_any()
}
