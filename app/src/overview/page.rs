//! The Overview page.

use super::overview;
use crate::{
    boot::{use_lang, use_texts},
    documents::rows::document_list,
    i18n::{fill, fmt},
    markers::rows,
    timeline::list::items,
    ui::{
        form::post_form,
        page::{heading, show},
        piece::kind_name,
        state::empty,
    },
    wire,
};
use keepwell_domain::view::{MarkerRow, OverviewView};
use leptos::prelude::*;
use leptos_router::components::A;

/// The Overview.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let view = wire::read(|| (), |()| overview());
    let t = use_texts();
    view! {
        {heading(t.overview, t.overview_text)}
        {show(view, draw)}
    }
}

fn draw(v: OverviewView) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    if v.is_empty {
        return welcome(v);
    }
    let attention = (!v.attention.is_empty())
        .then(|| view! { <section class="Card is-attention"><h2>{t.attention}</h2>{document_list(v.attention)}</section> });
    let nothing_out = v.out_of_range.is_empty().then(|| view! { <p class="Fine">{t.all_within}</p> });
    let due = (!v.due.is_empty()).then(|| {
        let lines = v.due.iter().map(|(row, usual, since)| due_line(row, *usual, *since)).collect_view();
        view! { <section class="Card"><h2>{t.due}</h2><ul class="Plain">{lines}</ul></section> }
    });
    let active = v
        .active
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
        .map(|(kind, list)| {
            view! { <section class="Card"><h2>{kind_name(t, kind)}</h2>{items(list)}</section> }
        })
        .collect_view();
    let counts = v
        .counts
        .iter()
        .copied()
        .map(|(kind, n)| {
            let href = format!("/timeline?kind={}", kind.as_str());
            view! { <li><A href=href><b>{fmt::count(lang, u64::from(n))}</b> " " {kind_name(t, kind)}</A></li> }
        })
        .collect_view();
    let newest_date = (!v.newest_date.is_empty())
        .then(|| view! { <p class="Fine">{fill(t.newest_result, &fmt::date(lang, &v.newest_date))}</p> });
    view! {
        {newest_date}
        <div class="Cards">
            {attention}
            {(!v.counts.is_empty()).then(|| view! { <section class="Card"><h2>{t.out_of_range}</h2>{nothing_out}{marker_list(&v.out_of_range)}</section> })}
            {(!v.changed.is_empty()).then(|| view! { <section class="Card"><h2>{t.changed}</h2>{marker_list(&v.changed)}</section> })}
            {(!v.favourites.is_empty()).then(|| view! { <section class="Card"><h2>{t.favourites}</h2>{marker_list(&v.favourites)}</section> })}
            {due}
            {(!v.newest.is_empty()).then(|| view! { <section class="Card"><h2>{t.newest}</h2>{items(v.newest)}</section> })}
            {active}
        </div>
        <section class="Counts"><h2 class="Hidden">{t.all_records}</h2><ul>{counts}</ul></section>
    }
    .into_any()
}

fn marker_list(list: &[MarkerRow]) -> AnyView {
    if list.is_empty() {
        return ().into_any();
    }
    view! { <ul class="Rows" inner_html=rows::list(list, use_lang())></ul> }.into_any()
}

fn due_line(row: &MarkerRow, usual: i64, since: i64) -> impl IntoView + use<> {
    let t = use_texts();
    let href = format!("/markers/{}", crate::ui::esc::url_segment(&row.key));
    let text = format!("{} {}", fill(t.due_usual, &usual.to_string()), fill(t.due_since, &since.to_string()));
    let name = row.name.clone();
    view! { <li><A href=href>{name}</A><p class="Fine">{text}</p></li> }
}

/// The first minute: bring files, or look at the demo person.
fn welcome(v: OverviewView) -> AnyView {
    let t = use_texts();
    let pending = (!v.attention.is_empty()).then(|| document_list(v.attention));
    let demo = post_form(
        "/overview",
        "add_demo",
        "Inline",
        view! { <button class="Button is-quiet" type="submit">{t.demo_add}</button> }.into_any(),
    );
    let act = view! { <A href="/add" attr:class="Button">{t.bring_files}</A> {demo} }.into_any();
    view! { {pending} {empty(t.welcome, t.welcome_text, act)} }.into_any()
}
