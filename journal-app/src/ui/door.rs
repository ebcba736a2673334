//! Before the journal is open: making one, opening it, bringing one back.

use super::{
    bits,
    frame::{brand, exits, newer, says, unkept},
    state::{App, Phase, db, set_db},
    sync::{arrive, lost},
    ways,
};
use crate::{
    browser::{
        Trouble, clock,
        db::{Db, OWN, SHARED},
        device_key, files, local, window,
    },
    keep::opening::{Way, open},
    words::{self, Lang},
};
use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

/// Looks whether there is a journal on this device.
pub async fn look(app: App) {
    let found = async {
        let db = Db::open(if arrive::is_shared() { SHARED } else { OWN }).await?;
        let has = device_key::has_vault(&db).await?;
        set_db(db);
        Ok(has)
    };
    app.phase.set(match found.await {
        Ok(true) => Phase::Locked,
        Ok(false) => Phase::Fresh,
        Err(trouble) => Phase::Impossible(trouble),
    });
}

/// What is shown while it is not open.
pub fn closed(app: App, phase: Phase) -> AnyView {
    let body = match phase {
        Phase::Looking | Phase::Open => view! { <p class="Fine">{app.t.looking}</p> }.into_any(),
        Phase::Fresh if arrive::is_shared() => arrive::shared(app),
        Phase::Fresh => fresh(app),
        Phase::Locked => locked(app),
        Phase::Impossible(trouble) => bits::page(
            app.t.journal,
            "",
            view! { <p class="Alert" role="alert">{says(app, trouble)}</p><p>{app.t.private_window}</p> }
                .into_any(),
        ),
    };
    view! {
        <header class="PublicHeader">{brand(app)}{exits(app)}</header>
        <main id="main" class="Public Journal" tabindex="-1"><div class="Door">{newer(app)}{unkept(app)}{taken(app)}{body}{arrive::switch(app)}</div></main>
        <footer class="PublicFooter">{languages(app)}</footer>
    }
    .into_any()
}

/// Why it was closed, where the person did not close it.
fn taken(app: App) -> AnyView {
    view! {
        {move || app.taken.get().then(|| view! { <p class="Notice" role="status">{app.lang.sync().taken}</p> })}
        {move || app.trouble.get().map(|trouble| view! { <p class="Alert" role="alert">{says(app, trouble)}</p> })}
    }
    .into_any()
}

fn languages(app: App) -> AnyView {
    let one = |lang: Lang| {
        let choose = move |_| {
            local::set("lang", lang.as_str());
            if let Some(window) = window() {
                let _ = window.location().reload();
            }
        };
        let pressed = if lang == app.lang { "true" } else { "false" };
        view! { <button type="button" class="Link" lang=lang.as_str() aria-pressed=pressed on:click=choose>{lang.own_name()}</button> }.into_any()
    };
    view! { <div class="LangSwitch">{Lang::ALL.into_iter().map(one).collect::<Vec<_>>()}</div> }.into_any()
}

/// What is done with a secret, and with the file where there is one.
type Opening = std::pin::Pin<Box<dyn Future<Output = Result<(), Trouble>>>>;

/// The words of a form with one secret in it.
struct Ask {
    label: &'static str,
    hint: &'static str,
    /// Whether it is typed twice: a new one.
    again: bool,
    act: &'static str,
    busy: &'static str,
    /// Whether a file is asked for, too.
    file: bool,
}

fn secret_form(
    app: App,
    ask: Ask,
    run: impl Fn(String, Option<Vec<u8>>) -> Opening + Copy + 'static,
) -> AnyView {
    let Ask { label, hint, again, act, busy: busy_text, file } = ask;
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let (first, second, picked) =
        (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let value = |node: NodeRef<html::Input>| node.get_untracked().map(|i| i.value()).unwrap_or_default();
        let secret = value(first);
        if again && secret != value(second) {
            wrong.set(Some(app.t.not_the_same));
            return;
        }
        wrong.set(None);
        busy.set(true);
        spawn_local(async move {
            let input = picked.get_untracked();
            let bytes = match &input {
                Some(input) if file => files::picked(input).await.ok().flatten().map(|f| f.1),
                _ => None,
            };
            let result = run(secret, bytes).await;
            busy.set(false);
            for node in [first, second] {
                if let Some(input) = node.get_untracked() {
                    input.set_value("");
                }
            }
            match result {
                Ok(()) => {
                    app.version.update(|v| *v += 1);
                    app.trouble.set(None);
                    app.phase.set(Phase::Open);
                }
                Err(trouble) => wrong.set(Some(says(app, trouble))),
            }
        });
    };
    let kind = if again { "new-password" } else { "current-password" };
    let name = if again {
        "new"
    } else if file {
        "restore"
    } else {
        "open"
    };
    let (id, id_again, id_file) = (format!("{name}-secret"), format!("{name}-again"), format!("{name}-file"));
    view! {
        <form class="Form" on:submit=submit aria-busy=move || busy.get().to_string()>
            {file.then(|| view! { <div class="Field"><label for=id_file.clone()>{app.t.backup_file}</label><input type="file" id=id_file.clone() node_ref=picked required=true/></div> })}
            <div class="Field">
                <label for=id.clone()>{label}</label>
                <input type="password" id=id.clone() node_ref=first autocomplete=kind required=true aria-describedby=format!("{id}-hint")/>
                <span class="Field-hint" id=format!("{id}-hint")>{hint}</span>
            </div>
            {again.then(|| view! { <div class="Field"><label for=id_again.clone()>{app.t.once_more}</label><input type="password" id=id_again.clone() node_ref=second autocomplete="new-password" required=true/></div> })}
            {move || wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
            <div class="Actions">
                <button type="submit" class="Button" disabled=move || busy.get()>{act}</button>
                {move || busy.get().then(|| view! { <span class="Busy" role="status"><progress aria-label=busy_text></progress>{busy_text}</span> })}
            </div>
        </form>
    }
    .into_any()
}

fn fresh(app: App) -> AnyView {
    let t = app.t;
    let found = |secret: String, _| -> Opening {
        Box::pin(async move {
            open(db()?, Way::New(secret)).await?;
            ask_to_keep();
            Ok(())
        })
    };
    let form = secret_form(
        app,
        Ask {
            label: t.passphrase,
            hint: t.passphrase_hint,
            again: true,
            act: t.make,
            busy: t.making,
            file: false,
        },
        found,
    );
    let points =
        Vec::from([t.first_1, t.first_2, t.first_3, t.first_4].map(|p| view! { <li>{p}</li> }.into_any()));
    bits::page(
        t.journal,
        t.first_context,
        view! {
            <ul class="Bullets">{points}</ul>
            {kept(app)}
            {bits::card(t.first_card, form)}
            <details class="Card"><summary><h2>{t.bring_back}</h2></summary>{restore(app)}</details>
            {arrive::own(app)}
        }
        .into_any(),
    )
}

fn locked(app: App) -> AnyView {
    let t = app.t;
    let unlock =
        |secret: String, _| -> Opening { Box::pin(async move { open(db()?, Way::Secret(secret)).await }) };
    let title = if local::is_discreet() { t.notes_name } else { t.journal };
    let form = secret_form(
        app,
        Ask {
            label: t.passphrase,
            hint: t.unlock_hint,
            again: false,
            act: t.unlock,
            busy: t.unlocking,
            file: false,
        },
        unlock,
    );
    // Whoever wants it to look like something else does not want a name there.
    let whose = (arrive::is_shared() && !local::is_discreet()).then(|| {
        let name = local::get("shared-name").unwrap_or_default();
        view! { <p class="Whose"><strong>{words::fill(app.lang.sync().shared_of, &name)}</strong></p> }
    });
    let body = view! { {whose} {form} {ways::at_the_door(app)} {lost::form(app)} };
    bits::page(title, t.locked_context, body.into_any())
}

/// Brings a journal back from its file, under the passphrase of the file.
fn restore(app: App) -> AnyView {
    let t = app.t;
    let run = |secret: String, file: Option<Vec<u8>>| -> Opening {
        Box::pin(async move {
            let file = file.ok_or(Trouble::NotABackup)?;
            open(db()?, Way::File(secret, file)).await?;
            local::set("backup-day", &clock::today().days().to_string());
            ask_to_keep();
            Ok(())
        })
    };
    let ask = Ask {
        label: t.file_passphrase,
        hint: t.file_passphrase_hint,
        again: false,
        act: t.restore,
        busy: t.restoring,
        file: true,
    };
    view! {
        <p class="Fine">{t.restore_about}</p>
        {secret_form(app, ask, run)}
    }
    .into_any()
}

/// Says so where the browser does not promise to keep what is stored, or has next to no room: that is all by which a
/// private window can be told, and an ordinary one may be cleared, too.
fn kept(app: App) -> AnyView {
    let words = RwSignal::new(None::<&'static str>);
    spawn_local(async move { words.set(doubt(app).await) });
    view! { <div aria-live="polite">{move || words.get().map(|text| view! { <p class="Notice">{text}</p> })}</div> }
        .into_any()
}

/// Less room than this is that of a private window, or of a device that is full.
const LITTLE: f64 = 64e6;

/// What is to be said about how long the browser keeps things; nothing where it promised, or does not say.
async fn doubt(app: App) -> Option<&'static str> {
    let w = words::lists::of(app.lang);
    let storage = window()?.navigator().storage();
    if let Ok(promise) = storage.estimate()
        && let Ok(found) = JsFuture::from(promise).await
        && let Some(quota) = js_sys::Reflect::get(&found, &"quota".into()).ok().and_then(|v| v.as_f64())
        && quota < LITTLE
    {
        return Some(w.little_room);
    }
    let kept = JsFuture::from(storage.persisted().ok()?).await.ok()?;
    (kept.as_bool() == Some(false)).then_some(w.not_promised)
}

/// Asks the browser to keep what is stored, without waiting: Firefox asks the person, and answers when they do.
fn ask_to_keep() {
    spawn_local(async {
        persist().await;
    });
}

/// Asks the browser not to clear the journal when room gets scarce. Whether it did.
pub async fn persist() -> bool {
    let Some(storage) = window().map(|w| w.navigator().storage()) else { return false };
    match storage.persist() {
        Ok(promise) => JsFuture::from(promise).await.is_ok_and(|v| v.as_bool() == Some(true)),
        Err(_) => false,
    }
}
