//! The Timeline page.

use super::{list::by_month, timeline};
use crate::{
    boot::{use_lang, use_texts},
    i18n::plural,
    ui::{
        esc::url_segment,
        page::{heading, show},
        piece::kind_name,
        state::empty,
    },
    wire,
};
use keepwell_domain::{
    record::Kind,
    view::{TimelineQuery, TimelineView},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map, params::ParamsMap};

/// Reads the filters from the URL: `kind` (again and again), `from`, `to`, `q`, `cursor`.
fn read(q: &ParamsMap) -> TimelineQuery {
    let text = |name: &str| q.get(name).filter(|v| !v.is_empty());
    TimelineQuery {
        kinds: q.get_all("kind").unwrap_or_default().iter().filter_map(|k| Kind::parse(k)).collect(),
        from: text("from"),
        to: text("to"),
        q: text("q"),
        cursor: text("cursor"),
        limit: None,
    }
}

/// The address of the same filters at another place.
fn address(q: &TimelineQuery, cursor: &str) -> String {
    let mut out = String::from("/timeline?");
    for k in &q.kinds {
        out.push_str("kind=");
        out.push_str(k.as_str());
        out.push('&');
    }
    for (name, value) in [("from", &q.from), ("to", &q.to), ("q", &q.q)] {
        if let Some(v) = value {
            out.push_str(name);
            out.push('=');
            out.push_str(&url_segment(v));
            out.push('&');
        }
    }
    out.push_str("cursor=");
    out.push_str(&url_segment(cursor));
    out
}

/// Everything by date.
#[component]
pub fn TimelinePage() -> impl IntoView {
    let t = use_texts();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(read));
    let view = wire::read(move || query.get(), timeline);
    view! {
        {heading(t.timeline, t.timeline_text)}
        {show(view, move |v| page(v, query.get_untracked()))}
    }
}

fn page(v: TimelineView, q: TimelineQuery) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let is_filtered = q != TimelineQuery { cursor: q.cursor.clone(), ..TimelineQuery::default() };
    if v.total == 0 && !is_filtered {
        let act = view! { <A href="/add" attr:class="Button">{t.add}</A> }.into_any();
        return empty(t.timeline_empty, t.timeline_empty_text, act);
    }
    let kinds = Kind::ALL
        .into_iter()
        .map(|k| {
            let on = q.kinds.contains(&k);
            view! { <label class="Pill"><input type="checkbox" name="kind" value=k.as_str() checked=on/><span>{kind_name(t, k)}</span></label> }
        })
        .collect_view();
    let next = v.next.as_ref().map(|c| view! { <p class="Actions"><A href=address(&q, c) attr:class="Button is-quiet">{t.older}</A></p> });
    let none = v.items.is_empty().then(|| view! { <p class="Fine">{t.nothing_matches}</p> });
    let clear = is_filtered.then(|| view! { <A href="/timeline" attr:class="Link">{t.clear}</A> });
    view! {
        <form class="Filter" method="get" action="/timeline" role="search">
            <label class="is-wide"><span>{t.find}</span><input type="search" name="q" value=q.q.clone().unwrap_or_default()/></label>
            <label><span>{t.from}</span><input type="date" name="from" value=q.from.clone().unwrap_or_default()/></label>
            <label><span>{t.to}</span><input type="date" name="to" value=q.to.clone().unwrap_or_default()/></label>
            <fieldset class="Pills"><legend>{t.kinds}</legend>{kinds}</fieldset>
            <div class="Actions"><button class="Button is-quiet" type="submit">{t.show}</button>{clear}</div>
        </form>
        <p class="Fine" role="status">{plural(lang, v.total.into(), t.record_one, t.record_many)}</p>
        {none}
        {by_month(v.items)}
        {next}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filters_of_an_address_come_back_from_it() {
        let q = TimelineQuery {
            kinds: vec![Kind::Condition, Kind::Note],
            q: Some("a&b=c ü".into()),
            ..TimelineQuery::default()
        };
        assert_eq!(
            address(&q, "x/y"),
            "/timeline?kind=condition&kind=note&q=a%26b%3Dc%20%C3%BC&cursor=x%2Fy"
        );
    }
}
