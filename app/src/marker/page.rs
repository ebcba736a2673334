//! The page of one marker.

use super::{
    api::get_series,
    chart::Chart,
    query::{self, Query},
    table,
};
use crate::{
    boot::{use_lang, use_texts},
    charts::{number, scale::spans_decades, summary, words::words},
    i18n::{fill, fmt},
    markers::Favourite,
    ui::{
        page::{heading, show},
        piece::{badge, kind_name},
    },
    wire,
};
use keepwell_domain::view::{Point, SeriesView};
use leptos::prelude::*;
use leptos_router::{
    components::A,
    hooks::{use_params_map, use_query_map},
};

/// So many points are asked for at most: more than pixels on a phone, fewer than on a wall.
pub(super) const POINTS: u32 = 800;

/// One marker over time.
#[component]
pub fn MarkerPage() -> impl IntoView {
    let (params, map) = (use_params_map(), use_query_map());
    let asked = Memo::new(move |_| {
        (params.with(|p| p.get("key").unwrap_or_default()), map.with(|m| Query::read(|name| m.get(name))))
    });
    let series = wire::read(
        move || asked.get(),
        |(key, q)| async move {
            let (from, to) = (q.first_ms(), q.last_ms());
            get_series(key, from, to, q.unit.clone(), Some(POINTS)).await.map(|s| (s, from, to))
        },
    );
    show(series, move |(s, from, to)| page(s, asked.get_untracked().1, (from, to)))
}

fn page(s: SeriesView, query: Query, asked: (Option<i64>, Option<i64>)) -> AnyView {
    let lang = use_lang();
    let drawn = table::draw(&s, &query, lang);
    let head = heading(s.name.clone(), s.group.clone());
    let (now, bar, below) = (now(&s), bar(&s, &query), below(&s, &query));
    let label = words(lang).values;
    let thinned = s.thinned.then(|| view! { <p class="Fine">{words(lang).per_point}</p> });
    let has_clock = s.points.iter().any(summary::has_clock);
    let times = has_clock.then(|| view! { <p class="Fine">{words(lang).times}</p> });
    let is_log = query.is_log;
    view! {
        {head}
        {now}
        <section class="Card">
            {bar}
            <Chart series=s is_log=is_log asked=asked/>
        </section>
        <section class="Card">
            <h2>{label}</h2>
            {thinned}
            {times}
            <div class="Values" tabindex="0" role="region" aria-label=label inner_html=drawn></div>
            {below}
        </section>
    }
    .into_any()
}

/// The latest value: number, unit, range, change, date.
fn now(s: &SeriesView) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let w = words(lang);
    let favourite = view! { <Favourite key=s.key.clone() on=s.favourite/> };
    let mut newest_first = s.points.iter().rev().filter(|p| p.v.is_finite());
    let Some(last) = newest_first.next() else {
        return view! { <section class="Now">{favourite}</section> }.into_any();
    };
    let before = newest_first.next();
    let is_latest = s.extent.is_none_or(|(_, end)| last.t >= end);
    let label = if is_latest { w.latest } else { w.last_shown };
    let is_as_printed = summary::is_printed_in_unit(s, last);
    let shown = if is_as_printed { summary::printed(lang, s, last) } else { summary::in_unit(lang, s, last) };
    let (number, unit) = shown
        .split_once([' ', '\u{a0}'])
        .map_or((shown.clone(), String::new()), |(n, u)| (n.to_owned(), u.to_owned()));
    let printed =
        (!is_as_printed).then(|| view! { <p class="Now-fact">{fill(w.as_printed, &last.printed)}</p> });
    let limits = number::range(lang, last.low, last.high);
    let range = (!limits.is_empty()).then(|| view! { <p class="Now-fact">{w.range} " " {limits}</p> });
    let change = before.and_then(|b| change(s, b, last)).map(|c| view! { <p class="Now-fact">{c}</p> });
    view! {
        <section class="Now" aria-label=label>
            <p class="Now-value"><b>{number}</b> " " {unit} " " {badge(t, last.standing)}</p>
            {range}
            {change}
            <p class="Now-fact">{summary::date(lang, last)}</p>
            {printed}
            {favourite}
        </section>
    }
    .into_any()
}

/// The difference to the value before; none where one of them is only a limit.
fn change(s: &SeriesView, before: &Point, last: &Point) -> Option<String> {
    let lang = use_lang();
    let is_mean = |p: &Point| s.thinned && p.span.is_some();
    if is_mean(before) || is_mean(last) || !before.comparator.is_empty() || !last.comparator.is_empty() {
        return None;
    }
    let text = number::signed(lang, last.v - before.v, s.decimals);
    Some(words(lang).change_since.replace("{n}", &text).replace("{d}", &summary::date(lang, before)))
}

/// Links for the time shown, the unit and the scale: plain addresses.
fn bar(s: &SeriesView, query: &Query) -> AnyView {
    let lang = use_lang();
    let w = words(lang);
    // Plain links: the router's own would call every one of them the current page.
    let link = |q: Query, text: String, is_current: bool| {
        let current = is_current.then_some("true");
        view! { <a href=q.address(&s.key) aria-current=current rel="nofollow">{text}</a> }.into_any()
    };
    // The time that was zoomed into stays while its unit or scale changes.
    let map = use_query_map();
    let zoomed = |q: Query, text: String, is_current: bool| {
        let (current, plain) = (is_current.then_some("true"), q.address(&s.key));
        let href = move || query::with_zoom(&plain, map.with(|m| m.get("zoom")).as_deref());
        view! { <a href=href aria-current=current rel="nofollow">{text}</a> }.into_any()
    };
    let (first, last) = s.extent.unwrap_or_default();
    let days = last.saturating_sub(first) / crate::charts::time_axis::DAY;
    let times: Vec<AnyView> = [(7, w.week), (30, w.month), (365, w.year), (1826, w.years)]
        .into_iter()
        .filter(|(d, _)| *d < days)
        .map(|(d, text)| (query.last_days(Some(d), last), text))
        .chain([(query.last_days(None, last), w.all)])
        .map(|(q, text)| {
            let is_current = q.from == query.from && query.to.is_none();
            link(q, text.to_owned(), is_current)
        })
        .collect();
    let units: Vec<AnyView> = s
        .units
        .iter()
        .map(|u| zoomed(Query { unit: Some(u.ucum.clone()), ..query.clone() }, u.label.clone(), u.selected))
        .collect();
    let units = (units.len() > 1)
        .then(|| view! { <nav class="Choices" aria-label=w.unit><span>{w.unit}</span>{units}</nav> });
    let has_scale = query.is_log || spans_decades(s.points.iter().map(|p| p.v));
    let scale = has_scale.then(|| {
        let even = zoomed(Query { is_log: false, ..query.clone() }, w.even.to_owned(), !query.is_log);
        let factors = zoomed(Query { is_log: true, ..query.clone() }, w.factors.to_owned(), query.is_log);
        view! { <nav class="Choices" aria-label=w.scale>{even}{factors}</nav> }
    });
    let factor = s
        .units
        .iter()
        .find(|u| u.selected && !u.factor.is_empty())
        .map(|u| view! { <p class="Fine">{u.factor.clone()}</p> });
    view! {
        <div class="Marker-bar">
            <nav class="Choices" aria-label=w.time>{times}</nav>
            {scale}
            {units}
        </div>
        {factor}
    }
    .into_any()
}

/// What follows the table: more rows, values beside the axis, events.
fn below(s: &SeriesView, query: &Query) -> AnyView {
    let (t, lang) = (use_texts(), use_lang());
    let w = words(lang);
    let n = s.points.len();
    let more = (n > table::ROWS && !query.all_rows).then(|| {
        let href = Query { all_rows: true, ..query.clone() }.address(&s.key);
        view! { <p class="Values-more"><A href=href>{fill(w.rows_all, &fmt::count(lang, n as u64))}</A></p> }
    });
    let aside = s
        .aside
        .iter()
        .map(|a| {
            let day = fmt::date_time(lang, &a.date);
            view! { <li><A href=format!("/records/{}", a.record)>{day}</A> ": " <b>{a.printed.clone()}</b> " " <span class="Fine">{a.reason.clone()}</span></li> }
        })
        .collect_view();
    let aside = (!s.aside.is_empty()).then(|| view! { <h2>{w.aside}</h2><ul class="Plain">{aside}</ul> });
    let events = s
        .events
        .iter()
        .map(|e| {
            let day = fmt::day(lang, crate::charts::time_axis::date_of(e.t));
            view! { <li><A href=format!("/records/{}", e.record)>{day}</A> ": " {e.label.clone()} " " <span class="Fine">{kind_name(t, e.kind)}</span></li> }
        })
        .collect_view();
    let events = (!s.events.is_empty()).then(|| view! { <h2>{w.events}</h2><ul class="Plain">{events}</ul> });
    view! { {more} {aside} {events} }.into_any()
}
