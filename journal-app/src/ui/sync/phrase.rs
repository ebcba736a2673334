//! The recovery phrase: written down, repeated in parts, and replaced.

use super::stopped;
use crate::{
    browser::{Trouble, random::Os},
    route::Route,
    sync::{self, engine},
    ui::{bits, control::data, state::App},
    words,
};
use keepwell_journal::vault::{FreshPhrase, Phrase, VaultError};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;

/// A phrase that is being written down. It never leaves this page's memory.
pub type Fresh = StoredValue<Option<FreshPhrase>, LocalStorage>;

/// Another one.
pub fn fresh() -> Fresh {
    StoredValue::new_local(FreshPhrase::generate(&mut Os).ok())
}

/// The words, to be written down.
pub fn show(app: App, fresh: Fresh, written: impl Fn() + 'static) -> AnyView {
    let s = app.lang.sync();
    let words = fresh.with_value(|f| f.as_ref().map(FreshPhrase::words)).unwrap_or_default();
    let words =
        words.into_iter().map(|w| view! { <li translate="no">{w}</li> }.into_any()).collect::<Vec<_>>();
    view! {
        <section class="Card">
            <h2>{s.phrase}</h2>
            <p>{s.phrase_1}</p>
            <ol class="PhraseWords" lang="en">{words}</ol>
            <p>{s.phrase_2}</p>
            <div class="Actions">{bits::button("Button", s.phrase_done, written)}</div>
        </section>
    }
    .into_any()
}

/// Fields for those of the words that are asked for.
pub fn asked(app: App, fresh: Fresh) -> AnyView {
    let s = app.lang.sync();
    let asked = fresh.with_value(|f| f.as_ref().map(FreshPhrase::asked)).unwrap_or_default();
    let fields = asked.map(|at| {
        let number = (at + 1).to_string();
        let (id, name) = (["word-", &number].concat(), ["w", &at.to_string()].concat());
        let label = words::fill(s.word_n, &number);
        view! { <div class="Field"><label for=id.clone()>{label}</label><input type="text" id=id name=name autocomplete="off" autocapitalize="off" spellcheck="false" required=true/></div> }.into_any()
    });
    view! {
        <h2>{s.confirm}</h2>
        <p>{s.confirm_about}</p>
        <div class="WordFields">{Vec::from(fields)}</div>
    }
    .into_any()
}

/// The phrase, where the words in the form are those that were asked for; otherwise what to say.
pub fn confirmed(app: App, fresh: Fresh, text: impl Fn(&str) -> String) -> Result<Phrase, &'static str> {
    let confirmed = fresh.with_value(|f| {
        f.as_ref().map(|f| {
            let typed = f.asked().map(|at| text(&["w", &at.to_string()].concat()));
            f.confirm([&*typed[0], &*typed[1], &*typed[2], &*typed[3]])
        })
    });
    match confirmed {
        Some(Ok(phrase)) => Ok(phrase),
        Some(Err(VaultError::NotConfirmed)) => Err(app.lang.sync().confirm_wrong),
        _ => Err(stopped::says(app, Trouble::Failed)),
    }
}

/// The passphrase of this device, and what it is asked for.
pub fn own_passphrase(app: App, hint: &'static str) -> AnyView {
    let s = app.lang.sync();
    view! {
        <div class="Field">
            <label for="own-passphrase">{s.own_passphrase}</label>
            <input type="password" id="own-passphrase" name="passphrase" autocomplete="current-password" required=true aria-describedby="own-passphrase-hint"/>
            <span class="Field-hint" id="own-passphrase-hint">{hint}</span>
        </div>
    }
    .into_any()
}

/// The page that puts another phrase in the place of the one there is.
pub fn page(app: App) -> AnyView {
    let s = app.lang.sync();
    // Somebody else's journal has no phrase here, and one that is on this device alone none at all.
    let is_own = !crate::ui::state::db().is_ok_and(|db| db.is_shared());
    if !(is_own && engine::standing().is_some_and(|one| one.halt.is_none())) {
        return bits::page(s.new_phrase, "", bits::link_to(&Route::Sync, app.t.sync));
    }
    let (fresh, is_written) = (fresh(), RwSignal::new(false));
    let draw = move || {
        if is_written.get() {
            repeat(app, fresh, is_written)
        } else {
            show(app, fresh, move || is_written.set(true))
        }
    };
    bits::page(s.new_phrase, s.new_phrase_about, view! { {draw} }.into_any())
}

fn repeat(app: App, fresh: Fresh, is_written: RwSignal<bool>) -> AnyView {
    let s = app.lang.sync();
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(form) = data(&event) else { return };
        let text = |name: &str| JsValue::as_string(&form.get(name)).unwrap_or_default();
        let phrase = match confirmed(app, fresh, text) {
            Ok(phrase) => phrase,
            Err(says) => return wrong.set(Some(says)),
        };
        let passphrase = text("passphrase");
        busy.set(true);
        wrong.set(None);
        let leave = app.then_go(Route::Sync);
        spawn_local(async move {
            match sync::phrase::replace(&phrase, &passphrase).await {
                Ok(true) => {
                    fresh.try_update_value(|f| *f = None);
                    app.said.set(Some(s.phrase_replaced.to_owned()));
                    leave();
                }
                Ok(false) => {
                    wrong.try_set(Some(s.phrase_unsure));
                }
                Err(trouble) => {
                    wrong.try_set(Some(stopped::says(app, trouble)));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="Form Card is-form" on:submit=submit aria-busy=move || busy.get().to_string()>
            {asked(app, fresh)}
            {own_passphrase(app, s.phrase_passphrase)}
            {move || wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
            <div class="Actions">
                <button type="submit" class="Button" disabled=move || busy.get()>{s.replace_phrase}</button>
                {bits::button("Button is-quiet", s.phrase_show, move || is_written.set(false))}
                {bits::link_to(&Route::Sync, s.cancel)}
                {move || busy.get().then(|| view! { <span class="Busy" role="status">{s.turning_on}</span> })}
            </div>
        </form>
    }
    .into_any()
}
