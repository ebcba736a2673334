//! The devices in the journal: their names, and taking one out.

use crate::{
    route::{Route, Step},
    sync::{
        engine,
        members::{self, Member},
        mend,
    },
    ui::{bits, control::data, state::App},
    words,
};
use leptos::{prelude::*, task::spawn_local};

/// The card.
pub fn card(app: App, all: Vec<Member>) -> AnyView {
    let s = app.lang.sync();
    let rows = all.into_iter().map(|m| row(app, m)).collect::<Vec<_>>();
    bits::card(
        s.devices,
        view! {
            <ul class="DeviceRows">{rows}</ul>
            <div class="Actions">{bits::button_to(&Route::SyncStep(Step::Pair), "Button", s.pair)}</div>
        }
        .into_any(),
    )
}

/// What a device is called where it has no name.
pub fn called(app: App, member: &Member) -> String {
    member.name.clone().filter(|n| !n.is_empty()).unwrap_or_else(|| app.lang.sync().no_name.to_owned())
}

fn row(app: App, member: Member) -> AnyView {
    let s = app.lang.sync();
    let called = called(app, &member);
    let since = member.since.as_ref().map(|at| words::fill(s.since, &words::date(app.lang, at.date)));
    let own = member.is_own.then(|| view! { <span class="DeviceRow-own">{s.this_one}</span> });
    let rename = rename(app, &member, &called);
    let remove = (!member.is_own).then(|| remove(app, &member, &called));
    view! {
        <li class="DeviceRow">
            <strong>{called.clone()}</strong>{own}
            <span class="Fine">{since}</span>
            <div class="DeviceRow-acts">{rename}{remove}</div>
        </li>
    }
    .into_any()
}

fn rename(app: App, member: &Member, called: &str) -> AnyView {
    let s = app.lang.sync();
    let (device, id) = (member.id, ["name-", &member.id.to_string()].concat());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(form) = data(&event) else { return };
        let name = form.get("name").as_string().unwrap_or_default();
        app.act(async move { members::name(device, &name, None).await }, Some(app.t.saved), || {});
    };
    let now = member.name.clone().unwrap_or_default();
    let label = [s.rename, ": ", called].concat();
    view! {
        <details class="Act">
            <summary aria-label=label>{s.rename}</summary>
            <form class="Form" on:submit=submit>
                <div class="Field"><label for=id.clone()>{s.device_name}</label><input type="text" id=id name="name" value=now maxlength="60" required=true autocomplete="off"/></div>
                <div class="Actions"><button type="submit" class="Button is-quiet">{app.t.save}</button></div>
            </form>
        </details>
    }
    .into_any()
}

fn remove(app: App, member: &Member, called: &str) -> AnyView {
    let s = app.lang.sync();
    let device = member.id;
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let act = move || {
        let Some(standing) = engine::standing() else { return };
        let place = app.place();
        busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            let is_done = mend::remove_own(standing.id, device).await;
            if is_done == Ok(true) {
                app.said.set(Some(s.removed.to_owned()));
                app.drawn_anew(&place);
            }
            busy.try_set(false);
            wrong.try_set((is_done != Ok(true)).then_some(s.not_removed));
        });
    };
    let label = [s.remove, ": ", called].concat();
    view! {
        <details class="Act">
            <summary aria-label=label>{s.remove}</summary>
            <p>{words::fill(s.remove_about, called)}</p>
            {move || wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
            <div class="Actions">
                <button type="button" class="Button is-danger" disabled=move || busy.get() on:click=move |_| act()>{s.remove_sure}</button>
                {move || busy.get().then(|| view! { <span class="Busy" role="status">{s.removing}</span> })}
            </div>
        </details>
    }
    .into_any()
}
