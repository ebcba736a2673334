//! The access log's page.

use super::{
    api::{Filters, LogPage, Row, access_log},
    proof::{self, Shown, ToCheck},
    words::Word,
};
use crate::{
    boot::{use_lang, use_texts},
    i18n::fmt,
    ui::{
        esc::url_segment,
        page::{heading, show},
    },
    wire,
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map, params::ParamsMap};

const PAGE: &str = "/settings/access-log";

fn read(q: &ParamsMap) -> Filters {
    let text = |name: &str| q.get(name).unwrap_or_default();
    Filters { kind: text("kind"), by: text("by"), from: text("from"), to: text("to"), before: text("before") }
}

/// The filters as the query of an address.
fn query(f: &Filters, place: (&str, &str)) -> String {
    let pairs = [("kind", &*f.kind), ("by", &*f.by), ("from", &*f.from), ("to", &*f.to), place];
    let set = pairs.iter().filter(|(_, value)| !value.is_empty());
    set.map(|(name, value)| format!("{name}={}", url_segment(value))).collect::<Vec<_>>().join("&")
}

/// What was done with one's data.
#[component]
pub fn AccessLogPage() -> impl IntoView {
    let t = use_texts();
    let params = use_query_map();
    let filters = Memo::new(move |_| params.with(read));
    let view = wire::read(
        move || filters.get(),
        |f| async move { access_log(f.kind, f.by, f.from, f.to, f.before).await },
    );
    view! {
        {heading(t.access_log, t.access_log_text)}
        {show(view, move |page| draw(page, &filters.get_untracked()))}
    }
}

fn select(
    name: &'static str,
    label: String,
    all: String,
    choices: &[(String, String)],
    now: &str,
) -> AnyView {
    let options = choices
        .iter()
        .map(|(code, text)| {
            let selected = code == now;
            view! { <option value=code.clone() selected=selected>{text.clone()}</option> }
        })
        .collect_view();
    view! { <label><span>{label}</span><select name=name><option value="">{all}</option>{options}</select></label> }
        .into_any()
}

fn draw(page: LogPage, f: &Filters) -> AnyView {
    let t = use_texts();
    let word = |w: Word| page.words.get(w as usize).cloned().unwrap_or_default();
    let is_filtered = *f != Filters { before: f.before.clone(), ..Filters::default() };
    let clear =
        (is_filtered || !f.before.is_empty()).then(|| view! { <A href=PAGE attr:class="Link">{t.clear}</A> });
    let older = (!page.next.is_empty()).then(|| {
        let href = format!("{PAGE}?{}", query(f, ("before", &page.next)));
        view! { <p class="Actions"><A href=href attr:class="Button is-quiet">{t.older}</A></p> }
    });
    let none = page.rows.is_empty().then(|| view! { <p class="Fine">{t.nothing_matches}</p> });
    view! {
        {proof(&page, f)}
        <form class="Filter" method="get" action=PAGE role="search">
            {select("kind", word(Word::Kind), word(Word::All), &page.kinds, &f.kind)}
            {select("by", word(Word::By), word(Word::All), &page.who, &f.by)}
            <label><span>{t.from}</span><input type="date" name="from" value=f.from.clone()/></label>
            <label><span>{t.until}</span><input type="date" name="to" value=f.to.clone()/></label>
            <div class="Actions"><button class="Button is-quiet" type="submit">{t.show}</button>{clear}</div>
        </form>
        <p class="Fine">{page.total.clone()}</p>
        {none}
        <ul class="Items">{page.rows.into_iter().map(row).collect::<Vec<_>>()}</ul>
        {older}
    }
    .into_any()
}

fn row(r: Row) -> AnyView {
    let mark = (!r.mark.is_empty()).then(|| view! { <span class="Badge is-plain">{r.mark}</span> });
    let text = if r.href.is_empty() {
        view! { <span class="Item-title">{r.text}</span> }.into_any()
    } else {
        view! { <A href=r.href attr:class="Item-title">{r.text}</A> }.into_any()
    };
    view! {
        <li class="Item"><div class="Item-link">
            {text}
            <span class="Item-detail is-text">{r.meta}{mark}</span>
            <span class="Item-meta">{fmt::ts(use_lang(), r.at)}</span>
        </div></li>
    }
    .into_any()
}

fn proof(page: &LogPage, f: &Filters) -> AnyView {
    let rows = page.rows.iter().map(|r| Shown {
        id: r.id.clone(),
        at: r.at.0,
        action: r.action.clone(),
        by: r.by.clone(),
        outcome: r.outcome.clone(),
        ..Shown::default()
    });
    let address = format!("/api/v1/audit?{}", query(f, ("cursor", &page.upto)));
    proof::card(ToCheck { address, rows: rows.collect(), words: page.words.clone() })
}
