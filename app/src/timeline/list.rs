//! Lists of records as the timeline, the overview and documents show them.

use crate::{
    boot::{use_lang, use_texts},
    i18n::{fill, fmt},
    ui::piece::{badge, kind_name},
};
use keepwell_domain::{record::Kind, time::When, view::TimelineItem};
use leptos::prelude::*;
use leptos_router::components::A;

/// A list of records.
pub fn items(list: Vec<TimelineItem>) -> AnyView {
    view! { <ul class="Items">{list.into_iter().map(item).collect::<Vec<_>>()}</ul> }.into_any()
}

fn item(i: TimelineItem) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let href = format!("/records/{}", i.id);
    let sources = (i.sources > 1)
        .then(|| view! { <span class="Item-sources">{fill(t.sources_n, &i.sources.to_string())}</span> });
    let date = if i.date.is_empty() { t.no_date.to_owned() } else { fmt::date(lang, &i.date) };
    // Words read from the left; values stand in a column at the right.
    let is_words = i.kind != Kind::Observation;
    view! {
        <li class="Item">
            <A href=href attr:class="Item-link">
                <span class="Item-title">{i.title}</span>
                <span class="Item-detail" class:is-text=is_words>{i.detail}{badge(t, i.standing)}</span>
                <span class="Item-meta">{kind_name(t, i.kind)} " · " {date} {sources}</span>
            </A>
        </li>
    }
    .into_any()
}

/// Year and month of a stated date: `2024`, `March 2024`, or a word for no date.
fn month_of(date: &str) -> String {
    let (t, lang) = (use_texts(), use_lang());
    match When::parse(date) {
        Ok(When::Year(y)) => y.to_string(),
        Ok(w) => format!("{} {}", fmt::month_name(lang, w.date().month()), w.date().year()),
        Err(_) => t.no_date.to_owned(),
    }
}

/// The list with a heading for every month; the order is kept.
pub fn by_month(list: Vec<TimelineItem>) -> AnyView {
    let mut groups: Vec<(String, Vec<TimelineItem>)> = Vec::new();
    for i in list {
        let month = month_of(&i.date);
        match groups.last_mut() {
            Some((m, items)) if *m == month => items.push(i),
            _ => groups.push((month, vec![i])),
        }
    }
    groups
        .into_iter()
        .map(|(month, list)| {
            view! { <section class="Month"><h2>{month}</h2>{items(list)}</section> }.into_any()
        })
        .collect::<Vec<_>>()
        .into_any()
}
