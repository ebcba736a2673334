//! The Markers page.

use super::api::{MarkersDrawn, markers};
use crate::{
    boot::{use_boot, use_texts},
    i18n::{fill, fmt, plural},
    ui::{
        form::post_form,
        icon::Icon,
        page::{heading, show},
        state::empty,
    },
    wire,
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

/// Every marker with its latest value.
#[component]
pub fn MarkersPage() -> impl IntoView {
    let t = use_texts();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| (q.get("q").unwrap_or_default(), q.get("group").unwrap_or_default()))
    });
    let drawn = wire::read(
        move || asked.get(),
        |(q, group)| async move { markers(q, group).await.map(super::api::Sent::open) },
    );
    view! {
        {heading(t.markers, t.markers_text)}
        {show(drawn, move |m| page(m, asked.get_untracked()))}
    }
}

fn page(m: MarkersDrawn, (q, group): (String, String)) -> AnyView {
    let (t, lang) = (use_texts(), use_boot().lang);
    if m.total == 0 {
        let act = view! { <A href="/add" attr:class="Button">{t.add}</A> }.into_any();
        return empty(t.markers_empty, t.markers_empty_text, act);
    }
    let choice = |id: &str, name: String| {
        let (selected, id) = (id == group, id.to_owned());
        view! { <option value=id selected=selected>{name}</option> }
    };
    let mut choices =
        vec![choice("", t.all_groups.to_owned()), choice("favourites", t.favourites.to_owned())];
    choices.extend(m.groups.iter().map(|(id, name)| choice(id, name.clone())));
    let summary = format!(
        "{} · {}",
        plural(lang, m.shown.into(), t.marker_one, t.marker_many),
        fill(t.from_records, &fmt::count(lang, m.records.into()))
    );
    #[cfg(feature = "ssr")]
    let list = crate::ssr::aside::aside(m.html.0);
    #[cfg(not(feature = "ssr"))]
    let list = m.html.0;
    let none = (m.shown == 0).then(|| view! { <p class="Fine">{t.nothing_matches}</p> });
    view! {
        <form class="Filter" method="get" action="/markers" role="search">
            <label><span>{t.find}</span><input type="search" name="q" value=q on:input=|e| narrow(&event_target_value(&e))/></label>
            <label><span>{t.group}</span><select name="group">{choices}</select></label>
            <button class="Button is-quiet" type="submit">{t.show}</button>
        </form>
        <p class="Fine" role="status">{summary}</p>
        {none}
        <div class="MarkerList" inner_html=list></div>
    }
    .into_any()
}

/// Hides the rows whose names do not contain the words, while typing. Submitting the form does
/// the same on the server.
#[cfg(feature = "hydrate")]
fn narrow(words: &str) {
    use wasm_bindgen::JsCast;
    let words = words.trim().to_lowercase();
    let each = |root: &web_sys::Element, selector: &str, act: &dyn Fn(&web_sys::HtmlElement)| {
        let Ok(list) = root.query_selector_all(selector) else { return };
        for i in 0..list.length() {
            if let Some(e) = list.item(i).and_then(|n| n.dyn_into::<web_sys::HtmlElement>().ok()) {
                act(&e);
            }
        }
    };
    let Some(root) = document().query_selector(".MarkerList").ok().flatten() else { return };
    each(&root, ".Row", &|row| {
        let name =
            row.query_selector(".Row-name").ok().flatten().and_then(|n| n.text_content()).unwrap_or_default();
        row.set_hidden(!name.to_lowercase().contains(&words));
    });
    each(&root, ".MarkerGroup", &|group| {
        group.set_hidden(group.query_selector(".Row:not([hidden])").ok().flatten().is_none());
    });
}

#[cfg(not(feature = "hydrate"))]
fn narrow(_words: &str) {}

/// The button that makes a marker a favourite, or no longer.
#[component]
pub fn Favourite(
    /// The marker's key.
    #[prop(into)]
    key: String,
    /// Whether it is one.
    on: bool,
) -> impl IntoView {
    let t = use_texts();
    let page = format!("/markers/{}", crate::ui::esc::url_segment(&key));
    let next = if on { "false" } else { "true" };
    let text = if on { t.favourite_remove } else { t.favourite_add };
    let class = if on { "Button is-quiet is-on" } else { "Button is-quiet" };
    let body = view! {
        <input type="hidden" name="key" value=key/>
        <input type="hidden" name="on" value=next/>
        <button class=class type="submit">{Icon::Star.view()}<span>{text}</span></button>
    };
    post_form(page, "set_favourite", "Inline", body.into_any())
}
