//! The list of grants, and one of them.

use super::{
    api::{GrantScreen, Looked, granted, sights},
    opened,
};
use crate::{
    admin::{Place, framed, texts},
    boot::use_lang,
    factors::gate,
    i18n::{fill, fmt},
    sights::{countdown, facts},
    ui::{
        form::post_form,
        page::{heading, show},
    },
    wire,
};
use keepwell_domain::sight::{SightState, SightView};
use leptos::prelude::*;
use leptos_router::{
    components::A,
    hooks::{use_params_map, use_query_map},
};

/// The list.
pub(super) const PAGE: &str = "/admin/grants";

/// Grants and requests, newest first.
#[component]
pub fn GrantsPage() -> impl IntoView {
    framed(Place::Grants, || {
        let t = texts::grants::of(use_lang());
        let list = wire::read(|| (), |()| sights());
        view! {
            {heading(t.grants, t.grants_text)}
            {show(list, draw_list)}
        }
        .into_any()
    })
}

fn draw_list(all: Vec<SightView>) -> AnyView {
    let t = texts::grants::of(use_lang());
    if all.is_empty() {
        return view! { <section class="Empty"><p>{t.none}</p></section> }.into_any();
    }
    let needs_proof = all.iter().any(|s| s.state == SightState::Waiting && !s.is_mine && !s.is_proved);
    let proof = needs_proof.then(|| gate(PAGE));
    let rows = all.into_iter().map(row).collect_view();
    view! { {proof} <ul class="Sights">{rows}</ul> }.into_any()
}

fn row(s: SightView) -> AnyView {
    let t = texts::grants::of(use_lang());
    let id = s.id.to_string();
    let button = |form: &'static str, text: &'static str, class: &'static str| {
        let label = format!("{text}: {}", s.reason);
        let body = view! {
            <input type="hidden" name="grant" value=id.clone()/>
            <button class=class type="submit" aria-label=label>{text}</button>
        };
        post_form(PAGE, form, "Inline", body.into_any())
    };
    let actions = match (s.state, s.is_mine) {
        (SightState::Open, true) => view! {
            <A href=format!("{PAGE}/{id}") attr:class="Button">{t.look}</A>
            {button("end_sight", t.end, "Button is-quiet")}
        }
        .into_any(),
        (SightState::Waiting, true) => button("end_sight", t.withdraw, "Button is-quiet"),
        (SightState::Waiting, false) if s.is_proved => view! {
            {button("approve_sight", t.approve, "Button")}
            {button("end_sight", t.refuse, "Button is-quiet")}
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! { <li class="Card">{facts(&s, true)}<div class="Actions">{actions}</div></li> }.into_any()
}

/// One grant and what it opens.
#[component]
pub fn GrantPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    framed(Place::Grants, move || {
        let t = texts::grants::of(use_lang());
        let looked = Memo::new(move |_| {
            let text = |name: &str| query.with(|q| q.get(name).unwrap_or_default());
            Looked {
                id: params.with(|p| p.get("id").unwrap_or_default()),
                profile: text("profile"),
                kind: text("kind"),
                after: text("after"),
                record: text("record"),
            }
        });
        let screen = wire::read(
            move || looked.get(),
            |l| async move { granted(l.id, l.profile, l.kind, l.after, l.record).await },
        );
        view! {
            {heading(t.grant, t.grant_text)}
            {show(screen, move |screen| draw(screen, &looked.get_untracked()))}
            <p><A href=PAGE attr:class="Link">{t.grants}</A></p>
        }
        .into_any()
    })
}

fn draw(screen: GrantScreen, looked: &Looked) -> AnyView {
    let t = texts::grants::of(use_lang());
    let s = &screen.sight;
    let id = s.id.to_string();
    if s.state != SightState::Open {
        let closed = (s.state != SightState::Waiting).then(|| view! { <p class="Note">{t.closed}</p> });
        return view! { {closed} <section class="Card">{facts(s, true)}</section> }.into_any();
    }
    let end = view! {
        <input type="hidden" name="grant" value=id.clone()/>
        <button class="Button is-quiet" type="submit">{t.end}</button>
    };
    view! {
        <section class="SightBar" aria-label=t.state>
            {countdown(s.left_s)}
            <p class="Fine">{fill(t.minutes, &fmt::count(use_lang(), s.minutes.into()))} " · " {s.reason.clone()}</p>
            {post_form(format!("{PAGE}/{id}"), "end_sight", "Inline", end.into_any())}
        </section>
        {opened::choices(s, looked)}
        {opened::shown(&screen, looked)}
    }
    .into_any()
}
