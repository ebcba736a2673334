//! What opens the journal on this device: the list, another passkey, another passphrase.

use super::{
    bits,
    control::data,
    frame::says,
    proof, settings,
    state::{App, Phase, db},
};
use crate::{
    browser::{
        Trouble, local,
        passkey::{self, Known, Refusal},
    },
    keep::{
        opening,
        ways::{self, Way},
    },
    words::{self, ways::Texts},
};
use leptos::{prelude::*, task::spawn_local};
use zeroize::Zeroizing;

/// Why a passkey did not do.
pub fn reason(app: App, refusal: Refusal) -> &'static str {
    let t = words::ways::of(app.lang);
    match refusal {
        Refusal::Unsupported => t.bad_unsupported,
        Refusal::NoPrf => t.bad_no_key,
        Refusal::NotDone => t.bad_not_done,
        Refusal::Already => t.bad_already,
        Refusal::Other => t.bad_other,
        Refusal::Full => t.full,
        Refusal::Failed => app.t.bad_failed,
    }
}

/// The page.
pub fn page(app: App) -> AnyView {
    let t = words::ways::of(app.lang);
    let all = RwSignal::new(Vec::<Way>::new());
    spawn_local(async move {
        let found = async { ways::list(&db()?).await };
        match found.await {
            Ok(found) => all.set(found),
            Err(trouble) => app.trouble.set(Some(trouble)),
        }
    });
    let rows = move || all.get().into_iter().map(|way| row(app, way)).collect::<Vec<_>>();
    let body = view! {
        {bits::card(t.title, view! { <ul class="Ways">{rows}</ul> }.into_any())}
        {bits::card(t.add, add(app))}
        {bits::card(app.t.passphrase, settings::passphrase(app))}
    };
    bits::page(t.title, t.about, body.into_any())
}

fn row(app: App, way: Way) -> AnyView {
    let t = words::ways::of(app.lang);
    let (id, name) = match way {
        Way::Passphrase => return view! { <li><span>{app.t.passphrase}</span></li> }.into_any(),
        Way::Phrase => return view! { <li><span>{t.phrase}</span></li> }.into_any(),
        Way::Passkey(id, name) => (id, name),
    };
    let called = if name.is_empty() { t.passkey.to_owned() } else { words::fill(t.passkey_named, &name) };
    let label = words::fill(t.remove_named, &name);
    let sure = RwSignal::new(false);
    let gone = move || {
        let act = async move {
            if let Some(credential) = ways::remove(&db()?, id).await? {
                passkey::forget(&credential);
            }
            ways::renew().await;
            Ok(())
        };
        app.act(act, Some(t.removed), || {});
    };
    let ask = move || {
        if sure.get() {
            return view! { <div class="Ways-sure"><p class="Fine">{t.remove_about}</p>{bits::button("Button is-danger", t.remove_sure, gone)}</div> }.into_any();
        }
        let label = label.clone();
        view! { <button type="button" class="Button is-quiet is-danger" aria-label=label on:click=move |_| sure.set(true)>{t.remove}</button> }.into_any()
    };
    view! { <li><span>{called}</span>{ask}</li> }.into_any()
}

/// Makes a passkey, tries it, and keeps it as a way in.
async fn make(app: App, name: String) -> Result<(), Refusal> {
    let shown = if local::is_discreet() { app.t.notes_name } else { app.t.journal };
    let there = ways::passkeys().map_err(|_| Refusal::Failed)?;
    let (known, output) = passkey::make(shown, &there).await?;
    let db = db().map_err(|_| Refusal::Failed)?;
    let added = ways::add(&db, &known, &output, &name).await;
    if added.is_err() {
        passkey::forget(&known.credential);
    }
    added
}

fn add(app: App) -> AnyView {
    let t = words::ways::of(app.lang);
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(form) = data(&event) else { return };
        let text = |name: &str| form.get(name).as_string().unwrap_or_default();
        let (name, present) = (text("name"), Zeroizing::new(text(proof::NAME)));
        let place = app.place();
        busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            let made = async {
                proof::given(app, &present).await?;
                make(app, name).await.map_err(|refusal| reason(app, refusal))
            };
            let made = made.await;
            busy.set(false);
            match made {
                Ok(()) => {
                    app.said.set(Some(t.added.to_owned()));
                    app.drawn_anew(&place);
                }
                Err(says) => wrong.set(Some(says)),
            }
        });
    };
    view! {
        <form class="Form" on:submit=submit>
            <p>{t.add_about}</p>
            <div class="Field">
                <label for="passkey-name">{t.name}</label>
                <input type="text" id="passkey-name" name="name" value=t.name_start maxlength="60" autocomplete="off" aria-describedby="passkey-hint"/>
                <span class="Field-hint" id="passkey-hint">{t.add_twice}</span>
            </div>
            {proof::field(app, "passkey-present")}
            {move || wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
            <div class="Actions">
                <button type="submit" class="Button is-quiet" disabled=move || busy.get()>{t.add}</button>
                {waiting(t, busy)}
            </div>
        </form>
    }
    .into_any()
}

fn waiting(t: &'static Texts, busy: RwSignal<bool>) -> AnyView {
    view! { {move || busy.get().then(|| view! { <span class="Busy" role="status"><progress aria-label=t.waiting></progress>{t.waiting}</span> })} }.into_any()
}

/// The other way through the door; nothing where the journal has no passkey.
pub fn at_the_door(app: App) -> AnyView {
    let known = RwSignal::new(Vec::<Known>::new());
    spawn_local(async move {
        // Where the vault cannot be read, the passphrase says so.
        let found = async { ways::passkeys_at_the_door(&db()?).await };
        known.set(found.await.unwrap_or_default());
    });
    view! { {move || (known.with(|k| !k.is_empty())).then(|| door(app, known))} }.into_any()
}

fn door(app: App, known: RwSignal<Vec<Known>>) -> AnyView {
    let t = words::ways::of(app.lang);
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let open = move || {
        busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            let output = passkey::ask(&known.get_untracked()).await;
            let opened = match output {
                Ok(output) => match async { opening::open(db()?, opening::Way::Passkey(output)).await }.await
                {
                    Ok(()) => Ok(()),
                    Err(Trouble::WrongSecret) => Err(reason(app, Refusal::Other)),
                    Err(trouble) => Err(says(app, trouble)),
                },
                Err(refusal) => Err(reason(app, refusal)),
            };
            busy.set(false);
            match opened {
                Ok(()) => {
                    app.version.update(|v| *v += 1);
                    app.trouble.set(None);
                    app.phase.set(Phase::Open);
                }
                Err(text) => wrong.set(Some(text)),
            }
        });
    };
    view! {
        <div class="Door-other">
            <p class="Fine">{t.or}</p>
            {move || wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
            <div class="Actions">{bits::button("Button is-quiet", t.open, open)} {waiting(t, busy)}</div>
        </div>
    }
    .into_any()
}
