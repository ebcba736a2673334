//! The file that brings a journal back, and what the browser says about keeping it.

use super::{bits, control::data, frame::says, state::App};
use crate::{
    browser::{clock, files, local, window},
    keep, words,
};
use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

/// The page.
pub fn page(app: App) -> AnyView {
    let t = app.t;
    let last = RwSignal::new(local::backup_day());
    let save = move || {
        let name =
            format!("{}-{}.kwjb", if local::is_discreet() { "notes" } else { "journal" }, clock::today());
        let made = keep::backup().and_then(|bytes| files::offer(&name, "application/octet-stream", &bytes));
        match made {
            Ok(()) => {
                let today = clock::today().days();
                local::set("backup-day", &today.to_string());
                last.set(Some(today));
                app.said.set(Some(t.backup_made.to_owned()));
            }
            Err(trouble) => app.trouble.set(Some(trouble)),
        }
    };
    let when = move || match last.get() {
        Some(day) => {
            words::fill(t.backup_last, &words::date(app.lang, keepwell_domain::time::Date::from_days(day)))
        }
        None => t.backup_none.to_owned(),
    };
    let body = view! {
        {bits::card(t.backup_card, view! { <p>{t.backup_about}</p><p class="Fine">{when}</p><div class="Actions">{bits::button("Button", t.backup_save, save)}</div> }.into_any())}
        {bits::card(t.restore_card, restore(app))}
        {bits::card(t.room_card, room(app))}
    };
    bits::page(t.backup, "", body.into_any())
}

/// Takes the entries of a backup into this journal.
fn restore(app: App) -> AnyView {
    let t = app.t;
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let picked = NodeRef::<html::Input>::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let secret = data(&event).and_then(|d| d.get("secret").as_string()).unwrap_or_default();
        let place = app.place();
        busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            let run = async {
                let input = picked.get_untracked().ok_or(crate::browser::Trouble::NotABackup)?;
                let (_, bytes) = files::picked(&input).await?.ok_or(crate::browser::Trouble::NotABackup)?;
                keep::take_in(keep::read_backup(&secret, &bytes).await?).await
            };
            match run.await {
                Ok(n) => {
                    app.said.set(Some(words::fill(t.took_in, &n.to_string())));
                    app.drawn_anew(&place);
                }
                Err(trouble) => wrong.set(Some(says(app, trouble))),
            }
            busy.set(false);
        });
    };
    view! {
        <p>{t.merge_about}</p>
        <form class="Form" on:submit=submit>
            <div class="Field"><label for="merge-file">{t.backup_file}</label><input type="file" id="merge-file" node_ref=picked required=true/></div>
            <div class="Field"><label for="merge-secret">{t.file_passphrase}</label><input type="password" id="merge-secret" name="secret" autocomplete="off" required=true/></div>
            {move || wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
            <div class="Actions"><button type="submit" class="Button is-quiet" disabled=move || busy.get()>{t.restore}</button></div>
        </form>
    }
    .into_any()
}

/// How much room there is, and whether the browser has promised not to clear it.
fn room(app: App) -> AnyView {
    let t = app.t;
    let (text, kept) = (RwSignal::new(String::new()), RwSignal::new(None::<bool>));
    spawn_local(async move {
        let Some(storage) = window().map(|w| w.navigator().storage()) else { return };
        if let Ok(promise) = storage.persisted() {
            kept.set(JsFuture::from(promise).await.ok().and_then(|v| v.as_bool()));
        }
        if let Ok(promise) = storage.estimate()
            && let Ok(found) = JsFuture::from(promise).await
        {
            let get = |name: &str| js_sys::Reflect::get(&found, &name.into()).ok().and_then(|v| v.as_f64());
            if let (Some(used), Some(quota)) = (get("usage"), get("quota")) {
                let mb = |v: f64| words::number(app.lang, v / 1e6, 1);
                text.set(words::fill(&t.room_used.replace("{m}", &mb(quota)), &mb(used)));
            }
        }
    });
    let ask = move || {
        spawn_local(async move { kept.set(Some(super::door::persist().await)) });
    };
    view! {
        <p>{move || text.get()}</p>
        <p>{move || match kept.get() { Some(true) => t.room_kept, Some(false) => t.room_not_kept, None => "" }}</p>
        {move || (kept.get() == Some(false)).then(|| bits::button("Button is-quiet", t.room_ask, ask))}
        <p class="Fine">{t.room_about}</p>
    }
    .into_any()
}
