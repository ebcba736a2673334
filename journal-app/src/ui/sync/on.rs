//! Turning it on: what it means, whose account, the recovery phrase, and only then the server.

use super::{
    account,
    phrase::{self, Fresh},
    stopped,
};
use crate::{
    route::Route,
    sync::{engine, turn},
    ui::{bits, control::data, state::App},
};
use leptos::{prelude::*, task::spawn_local};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Told,
    Account,
    Phrase,
    Confirm,
}

/// The page.
pub fn page(app: App) -> AnyView {
    let s = app.lang.sync();
    // Somebody else's journal is not brought into this person's account.
    if engine::standing().is_some() || crate::ui::state::db().is_ok_and(|db| db.is_shared()) {
        return bits::page(s.on_title, "", bits::link_to(&Route::Sync, app.t.sync));
    }
    let stage = RwSignal::new(Stage::Told);
    let fresh = phrase::fresh();
    let needs_passphrase = RwSignal::new(false);
    spawn_local(async move {
        needs_passphrase.try_set(turn::needs_passphrase().await.unwrap_or_default());
    });
    let draw = move || match stage.get() {
        Stage::Told => told(app, stage),
        Stage::Account => {
            account::gate(app, move || bits::button("Button", s.go_on, move || stage.set(Stage::Phrase)))
        }
        Stage::Phrase => phrase::show(app, fresh, move || stage.set(Stage::Confirm)),
        Stage::Confirm => confirm(app, stage, fresh, needs_passphrase),
    };
    bits::page(s.on_title, s.on_context, view! { {draw} }.into_any())
}

fn list(all: &[&'static str]) -> AnyView {
    let all = all.iter().map(|p| view! { <li>{*p}</li> }.into_any()).collect::<Vec<_>>();
    view! { <ul class="Bullets">{all}</ul> }.into_any()
}

fn told(app: App, stage: RwSignal<Stage>) -> AnyView {
    let s = app.lang.sync();
    view! {
        {bits::card(s.goes, list(&[s.goes_1, s.goes_2]))}
        {bits::card(s.learns, list(&[s.learns_1, s.learns_2]))}
        {bits::card(s.learns_not, list(&[s.learns_3, s.learns_4]))}
        <p>{s.needs}</p>
        <div class="Actions">{bits::button("Button", s.go_on, move || stage.set(Stage::Account))}{bits::link_to(&Route::Sync, s.cancel)}</div>
    }
    .into_any()
}

fn confirm(app: App, stage: RwSignal<Stage>, fresh: Fresh, needs_passphrase: RwSignal<bool>) -> AnyView {
    let s = app.lang.sync();
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(form) = data(&event) else { return };
        let text = |name: &str| form.get(name).as_string().unwrap_or_default();
        let phrase = match phrase::confirmed(app, fresh, text) {
            Ok(phrase) => phrase,
            Err(says) => return wrong.set(Some(says)),
        };
        let (device, passphrase) = (text("device"), text("passphrase"));
        let needs = needs_passphrase.get_untracked();
        busy.set(true);
        wrong.set(None);
        let leave = app.then_go(Route::Sync);
        spawn_local(async move {
            match turn::on(&phrase, needs.then_some(&passphrase), &device).await {
                Ok(()) => {
                    fresh.try_update_value(|f| *f = None);
                    leave();
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
            {phrase::asked(app, fresh)}
            {name(app)}
            {move || needs_passphrase.get().then(|| phrase::own_passphrase(app, s.own_passphrase_hint))}
            {move || wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
            <div class="Actions">
                <button type="submit" class="Button" disabled=move || busy.get()>{s.turn_on}</button>
                {bits::button("Button is-quiet", s.phrase_show, move || stage.set(Stage::Phrase))}
                {move || busy.get().then(|| view! { <span class="Busy" role="status">{s.turning_on}</span> })}
            </div>
        </form>
    }
    .into_any()
}

/// What this device is called.
pub fn name(app: App) -> AnyView {
    let s = app.lang.sync();
    view! {
        <div class="Field">
            <label for="device-name">{s.device_name}</label>
            <input type="text" id="device-name" name="device" value=s.this_browser maxlength="60" required=true autocomplete="off" aria-describedby="device-name-hint"/>
            <span class="Field-hint" id="device-name-hint">{s.device_name_hint}</span>
        </div>
    }
    .into_any()
}
