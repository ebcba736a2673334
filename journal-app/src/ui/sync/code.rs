//! Texts that go from one screen to another: shown, or taken.

use super::{qr, scan};
use crate::{
    browser::window,
    ui::{bits, state::App},
};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

/// A text as picture and as text, to be copied.
pub fn shown(app: App, id: &'static str, label: &'static str, text: String) -> AnyView {
    let s = app.lang.sync();
    let copied = RwSignal::new(false);
    let to_copy = text.clone();
    let copy = move || {
        let text = to_copy.clone();
        spawn_local(async move {
            let Some(window) = window() else { return };
            let done = JsFuture::from(window.navigator().clipboard().write_text(&text)).await.is_ok();
            copied.try_set(done);
        });
    };
    view! {
        <div class="Shown">
            {qr::picture(&text, s.picture)}
            <div class="Field">
                <label for=id>{label}</label>
                <textarea id=id class="Code" rows="3" readonly=true spellcheck="false" prop:value=text.clone()>{text.clone()}</textarea>
            </div>
            <div class="Actions">
                {bits::button("Button is-quiet", s.copy, copy)}
                <span class="Fine" role="status">{move || copied.get().then_some(s.copied)}</span>
            </div>
        </div>
    }
    .into_any()
}

/// A field for such a text, with the camera beside it.
pub fn field(
    app: App,
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    text: RwSignal<String>,
    wrong: Signal<Option<&'static str>>,
) -> AnyView {
    let (hint_id, reason_id) = ([id, "-hint"].concat(), [id, "-reason"].concat());
    let described = [&hint_id, " ", &reason_id].concat();
    view! {
        <div class="Field">
            <label for=id>{label}</label>
            <textarea id=id class="Code" rows="3" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby=described
                aria-invalid=move || wrong.get().map(|_| "true") prop:value=move || text.get() on:input=move |e| text.set(event_target_value(&e))></textarea>
            <span class="Field-hint" id=hint_id>{hint}</span>
            <span class="Field-reason" id=reason_id role="alert">{move || wrong.get()}</span>
        </div>
        <div class="Actions">{scan::button(app, move |found| text.set(found))}</div>
    }
    .into_any()
}
