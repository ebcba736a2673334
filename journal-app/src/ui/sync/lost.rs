//! The door for whoever lost the passphrase and has the recovery phrase.

use crate::{
    browser::Trouble,
    keep::{
        self,
        opening::{Way, open},
    },
    ui::{
        control::data,
        frame::says,
        state::{App, Phase, db},
    },
};
use keepwell_journal::vault::{MIN_PASSPHRASE, Phrase};
use leptos::{prelude::*, task::spawn_local};

/// The form.
pub fn form(app: App) -> AnyView {
    let s = app.lang.sync();
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(form) = data(&event) else { return };
        let text = |name: &str| form.get(name).as_string().unwrap_or_default();
        let (words, new) = (text("words"), text("new"));
        if let Some(reason) = unfit(app, &words, &new, &text("again")) {
            return wrong.set(Some(reason));
        }
        busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            let done = async { open(db()?, Way::Phrase(words, new)).await };
            match done.await {
                Ok(()) => {
                    app.trouble.set(None);
                    app.version.update(|v| *v += 1);
                    app.phase.set(Phase::Open);
                }
                Err(trouble) => {
                    keep::lock();
                    let text =
                        if trouble == Trouble::WrongSecret { s.lost_wrong } else { says(app, trouble) };
                    wrong.try_set(Some(text));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <details class="Card">
            <summary><h2>{s.lost}</h2></summary>
            <p>{s.lost_about}</p>
            <form class="Form" on:submit=submit aria-busy=move || busy.get().to_string()>
                {words_field(app, "lost-words")}
                {new_passphrase(app, "lost", app.t.new_passphrase, app.t.passphrase_hint)}
                {move || wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
                <div class="Actions">
                    <button type="submit" class="Button" disabled=move || busy.get()>{s.lost_act}</button>
                    {move || busy.get().then(|| view! { <span class="Busy" role="status">{app.t.unlocking}</span> })}
                </div>
            </form>
        </details>
    }
    .into_any()
}

/// Why it is not even tried.
pub fn unfit(app: App, words: &str, new: &str, again: &str) -> Option<&'static str> {
    if Phrase::parse(words).is_err() {
        return Some(app.lang.sync().words_bad);
    }
    unfit_passphrase(app, new, again)
}

/// Why a new passphrase is not even tried.
pub fn unfit_passphrase(app: App, new: &str, again: &str) -> Option<&'static str> {
    if new != again {
        return Some(app.t.not_the_same);
    }
    (new.chars().count() < MIN_PASSPHRASE).then_some(app.t.bad_short)
}

/// A field for the 24 words.
pub fn words_field(app: App, id: &'static str) -> AnyView {
    let s = app.lang.sync();
    let hint = [id, "-hint"].concat();
    view! {
        <div class="Field">
            <label for=id>{s.words}</label>
            <textarea id=id name="words" rows="4" autocomplete="off" autocapitalize="off" spellcheck="false" required=true aria-describedby=hint.clone()></textarea>
            <span class="Field-hint" id=hint>{s.words_hint}</span>
        </div>
    }
    .into_any()
}

/// A new passphrase, twice.
pub fn new_passphrase(app: App, start: &'static str, label: &'static str, hint: &'static str) -> AnyView {
    let [first, hint_id, second] = ["-passphrase", "-hint", "-again"].map(|end| [start, end].concat());
    view! {
        <div class="Field">
            <label for=first.clone()>{label}</label>
            <input type="password" id=first name="new" autocomplete="new-password" required=true aria-describedby=hint_id.clone()/>
            <span class="Field-hint" id=hint_id>{hint}</span>
        </div>
        <div class="Field"><label for=second.clone()>{app.t.once_more}</label><input type="password" id=second name="again" autocomplete="new-password" required=true/></div>
    }
    .into_any()
}
