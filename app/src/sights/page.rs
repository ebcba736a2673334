//! The pages.

use super::{
    api::{my_sights, watch_sight},
    countdown, facts,
    live::{self, Drawn},
    own_texts,
};
use crate::{
    boot::{use_boot, use_lang, use_texts},
    i18n::fmt,
    ui::{
        form::post_form,
        page::{heading, show},
        piece::kind_name,
    },
    wire,
};
use keepwell_domain::sight::{SeenItem, SightState, SightView, SightWatch};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};

const PAGE: &str = "/settings/grants";

/// Every grant that there was.
#[component]
pub fn SightsPage() -> impl IntoView {
    let t = own_texts();
    let list = wire::read(|| (), |()| my_sights());
    view! {
        {heading(t.own, t.own_text)}
        {show(list, draw_list)}
        <p><A href="/settings" attr:class="Link">{use_texts().settings}</A></p>
    }
}

fn draw_list(all: Vec<SightView>) -> AnyView {
    let t = own_texts();
    if all.is_empty() {
        return view! { <section class="Empty"><p>{t.own_none}</p></section> }.into_any();
    }
    let row = |s: SightView| {
        let href = format!("{PAGE}/{}", s.id);
        view! {
            <li class="Card">{facts(&s, false)}
                <div class="Actions"><A href=href attr:class="Button is-quiet">{t.look}</A></div>
            </li>
        }
    };
    view! { <ul class="Sights">{all.into_iter().map(row).collect_view()}</ul> }.into_any()
}

/// One grant, item by item as it is used.
#[component]
pub fn WatchPage() -> impl IntoView {
    let t = own_texts();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let watch = wire::read(move || id.get(), watch_sight);
    let drawn = Drawn::default();
    live::follow(id, watch, drawn);
    view! {
        {heading(t.watch, t.watch_text)}
        {show(watch, move |w| draw(w, drawn))}
        <p><A href=PAGE attr:class="Link">{t.own}</A></p>
    }
}

fn draw(w: SightWatch, drawn: Drawn) -> AnyView {
    let t = own_texts();
    let is_open = w.sight.state == SightState::Open;
    drawn.set(is_open, w.sight.seen);
    let id = w.sight.id.to_string();
    let end = is_open.then(|| {
        let body = view! {
            <input type="hidden" name="grant" value=id.clone()/>
            <button class="Button is-danger" type="submit">{t.end}</button>
        };
        view! {
            <section class="SightBar" aria-label=t.state>
                {countdown(w.sight.left_s)}
                {post_form(format!("{PAGE}/{id}"), "end_my_sight", "Inline", body.into_any())}
            </section>
        }
    });
    let none = w.seen.is_empty().then(|| view! { <p class="Fine">{t.nothing_seen}</p> });
    let rows = w.seen.into_iter().map(row).collect_view();
    view! {
        {end}
        <section class="Card">{facts(&w.sight, false)}</section>
        <section class="Card" aria-live="polite"><h2>{t.seen}</h2>{none}<ul class="Items">{rows}</ul></section>
    }
    .into_any()
}

fn row(i: SeenItem) -> AnyView {
    let (lang, t) = (use_lang(), own_texts());
    let name = kind_name(use_texts(), i.kind);
    // A record of another profile opens there only.
    let title = if use_boot().profile == Some(i.profile) {
        view! { <A href=format!("/records/{}", i.record) attr:class="Item-title">{name}</A> }.into_any()
    } else {
        view! { <span class="Item-title">{name}</span> }.into_any()
    };
    let how = if i.is_whole { t.opened } else { t.listed };
    view! {
        <li class="Item"><div class="Item-link">
            {title}
            <span class="Item-detail is-text">{how}</span>
            <span class="Item-meta">{fmt::ts(lang, i.at)}</span>
        </div></li>
    }
    .into_any()
}
