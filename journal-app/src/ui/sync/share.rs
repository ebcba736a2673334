//! Sharing with somebody: an invitation for their account, then their device, and taking it back.

use super::{code, devices, pair, stopped};
use crate::{
    browser::clock,
    route::Route,
    sync::{
        engine,
        members::{self, Member},
        space::{self, Guest},
    },
    ui::{bits, control::data, state::App},
    words,
};
use keepwell_journal::{sync::TicketCode, vault::VaultId};
use leptos::{prelude::*, task::spawn_local};

/// The page.
pub fn page(app: App) -> AnyView {
    let s = app.lang.sync();
    if engine::standing().is_none_or(|one| one.halt.is_some()) {
        return bits::page(
            s.share_title,
            "",
            view! { <p>{s.off}</p>{bits::link_to(&Route::Sync, app.t.sync)} }.into_any(),
        );
    }
    let points = Vec::from([s.share_1, s.share_2, s.share_3].map(|p| view! { <li>{p}</li> }.into_any()));
    let partners = Memo::new(move |_| {
        app.sync.track();
        app.version.track();
        let (id, _) = space::find()?;
        let is_partner = |m: &Member| !m.is_own && m.own.is_none();
        Some((id, members::list(id).into_iter().filter(is_partner).collect::<Vec<_>>()))
    });
    let id = Memo::new(move |_| partners.get().map(|(id, _)| id));
    let body = view! {
        <ul class="Bullets">{points}</ul>
        {move || partners.get().map(|(id, all)| with(app, id, all))}
        {bits::card(s.invite_title, invite(app))}
        {move || id.get().map(|id| bits::card(s.admit_title, admit(app, id)))}
        {move || id.get().map(|id| end(app, id))}
    };
    bits::page(s.share_title, s.share_context, body.into_any())
}

fn with(app: App, id: VaultId, all: Vec<Member>) -> AnyView {
    let s = app.lang.sync();
    if all.is_empty() {
        return bits::card(s.share_with, view! { <p>{s.share_none}</p> }.into_any());
    }
    let rows = all.into_iter().map(|m| row(app, id, m)).collect::<Vec<_>>();
    bits::card(s.share_with, view! { <ul class="DeviceRows">{rows}</ul> }.into_any())
}

fn row(app: App, id: VaultId, member: Member) -> AnyView {
    let s = app.lang.sync();
    let (called, digits) = (devices::called(app, &member), member.digits.clone());
    let may = if member.may_write { s.may_write } else { s.may_read };
    let since = member.since.as_ref().map(|at| words::fill(s.since, &words::date(app.lang, at.date)));
    let back = dangerous(
        app,
        [s.take_back, ": ", &called].concat(),
        s.take_back,
        words::fill(s.take_back_about, &called),
        s.take_back_sure,
        move || {
            let member = member.clone();
            async move { (space::take_back(id, &member).await == Ok(true)).then_some(s.taken_back) }
        },
    );
    view! {
        <li class="DeviceRow"><strong>{called}</strong><span class="DeviceRow-own">{may}</span><span class="Fine">{since}</span><div class="DeviceRow-acts">{safety(app, digits)}{back}</div></li>
    }
    .into_any()
}

/// The digits that both read to each other where a code came by message.
pub fn safety(app: App, digits: String) -> AnyView {
    let s = app.lang.sync();
    view! {
        <details class="Act"><summary>{s.safety}</summary><p>{s.safety_about}</p><p class="Safety">{digits}</p></details>
    }
    .into_any()
}

/// An act that takes something away: folded, told, then done.
fn dangerous<F: Future<Output = Option<&'static str>> + 'static>(
    app: App,
    label: String,
    text: &'static str,
    about: String,
    sure: &'static str,
    act: impl Fn() -> F + Clone + 'static,
) -> AnyView {
    let s = app.lang.sync();
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let run = move || {
        let act = act.clone();
        let place = app.place();
        busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            match act().await {
                Some(said) => {
                    app.said.set(Some(said.to_owned()));
                    app.drawn_anew(&place);
                }
                None => {
                    wrong.try_set(Some(s.not_done));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <details class="Act">
            <summary aria-label=label>{text}</summary>
            <p>{about}</p>
            {move || wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
            <div class="Actions">
                <button type="button" class="Button is-danger" disabled=move || busy.get() on:click=move |_| run()>{sure}</button>
                {move || busy.get().then(|| view! { <span class="Busy" role="status">{s.removing}</span> })}
            </div>
        </details>
    }
    .into_any()
}

fn invite(app: App) -> AnyView {
    let s = app.lang.sync();
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let made = RwSignal::new(None::<String>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(form) = data(&event) else { return };
        let called = form.get("called").as_string().unwrap_or_default();
        let may_write = form.get("may").as_string().as_deref() == Some("write");
        busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            match space::begin(&called).await {
                Ok(id) => match space::invite(id, may_write).await {
                    Ok(invitation) => {
                        made.try_set(Some(invitation.to_text()));
                    }
                    Err(why) => {
                        wrong.try_set(Some(stopped::unanswered(app, why)));
                    }
                },
                Err(trouble) => {
                    wrong.try_set(Some(stopped::says(app, trouble)));
                }
            }
            busy.try_set(false);
        });
    };
    let is_named = Memo::new(move |_| {
        app.sync.track();
        app.version.track();
        space::find().is_some()
    });
    let called = move || {
        (!is_named.get()).then(|| view! {
        <div class="Field">
            <label for="called">{s.invite_called}</label>
            <input type="text" id="called" name="called" maxlength="60" required=true autocomplete="off" aria-describedby="called-hint"/>
            <span class="Field-hint" id="called-hint">{s.invite_called_hint}</span>
        </div>
    })
    };
    let (_, address) = pair::place();
    let shown = move || {
        made.get().map(|text| {
            view! { <p>{words::fill(s.invitation_about, &address)}</p>{code::shown(app, "invitation", s.invitation, text)} }
        })
    };
    view! {
        <form class="Form" on:submit=submit>
            {called}
            <fieldset class="Pills">
                <legend>{s.invite_may}</legend>
                <label class="Pill"><input type="radio" name="may" value="read" checked=true/><span>{s.may_read}</span></label>
                <label class="Pill"><input type="radio" name="may" value="write"/><span>{s.may_write}</span></label>
            </fieldset>
            {move || wrong.get().map(|text| view! { <p class="Alert" role="alert">{text}</p> })}
            <div class="Actions">
                <button type="submit" class="Button" disabled=move || busy.get()>{s.invite_act}</button>
                {move || busy.get().then(|| view! { <span class="Busy" role="status">{s.inviting}</span> })}
            </div>
        </form>
        {shown}
    }
    .into_any()
}

fn admit(app: App, id: VaultId) -> AnyView {
    let s = app.lang.sync();
    let (guests, chosen) = (RwSignal::new(Vec::<Guest>::new()), RwSignal::new(None::<String>));
    let let_in = move |ticket: TicketCode, name: String, said: pair::Said| {
        spawn_local(async move {
            let by = chosen.try_get_untracked().flatten();
            let admitted = space::admit(id, ticket, &name, by.as_deref()).await;
            chosen.try_set(None);
            guests.try_set(Vec::new());
            let ended = match admitted {
                Ok(space::Admitted::In) => Ok(()),
                Ok(space::Admitted::Which(all)) => {
                    guests.try_set(all);
                    Err(s.admit_which)
                }
                Ok(space::Admitted::NobodyCame) => Err(s.admit_first),
                Ok(space::Admitted::NotNow) => Err(s.not_done),
                Err(trouble) => Err(stopped::says(app, trouble)),
            };
            said.end(ended, &name);
        });
    };
    let which = move || {
        guests.with(|all| {
            (!all.is_empty()).then(|| all.iter().map(|g| pill(app, g, chosen)).collect::<Vec<_>>())
        })
    };
    view! {
        <p>{s.admit_about}</p>
        {move || which().map(|pills| view! { <fieldset class="Pills"><legend>{s.admit_whose}</legend>{pills}</fieldset> })}
        {pair::form(app, s.admit_name, s.admitted, let_in)}
    }
    .into_any()
}

/// One of several accounts, to be chosen.
fn pill(app: App, guest: &Guest, chosen: RwSignal<Option<String>>) -> AnyView {
    let s = app.lang.sync();
    let known = guest.called.as_ref().map(|name| if name.is_empty() { s.no_name } else { name }.to_owned());
    let came = guest.since.map(|at| words::moment(app.lang, &clock::on_the_wall(at), None));
    let came = came.map(|at| words::fill(s.admit_came, &at));
    let may = if guest.may_write { s.may_write } else { s.may_read };
    let label = [known.or(came).unwrap_or_default().as_str(), " · ", may].concat();
    let id = guest.id.clone();
    view! {
        <label class="Pill"><input type="radio" name="whose" on:change=move |_| chosen.set(Some(id.clone()))/><span>{label}</span></label>
    }
    .into_any()
}

fn end(app: App, id: VaultId) -> AnyView {
    let s = app.lang.sync();
    let act = dangerous(
        app,
        s.share_end.to_owned(),
        s.share_end,
        s.share_end_about.to_owned(),
        s.share_end,
        move || async move { (space::end(id).await == Ok(true)).then_some(s.share_ended) },
    );
    bits::card(s.share_end, act)
}
