//! Small pieces of pages.

use super::state::App;
use crate::{
    charts::{Drawing, Mark},
    line::{Line, discreet, line},
    route::Route,
    units::in_units,
};
use keepwell_journal::{
    merge::Entity,
    model::{EntityId, Fields, Kind, Value},
};
use leptos::prelude::*;

/// Title, a line of context, content.
pub fn page(title: impl Into<String>, context: impl Into<String>, body: AnyView) -> AnyView {
    view! {
        <header class="Heading"><h1>{title.into()}</h1><p class="Heading-context">{context.into()}</p></header>
        {body}
    }
    .into_any()
}

/// A card with a heading.
pub fn card(title: impl Into<String>, body: AnyView) -> AnyView {
    view! { <section class="Card"><h2>{title.into()}</h2>{body}</section> }.into_any()
}

/// A link that looks like a button.
pub fn button_to(route: &Route, class: &'static str, text: impl Into<String>) -> AnyView {
    view! { <a class=class href=route.hash()>{text.into()}</a> }.into_any()
}

/// A plain link to a page.
pub fn link_to(route: &Route, text: impl Into<String>) -> AnyView {
    view! { <a class="Link" href=route.hash()>{text.into()}</a> }.into_any()
}

/// A button that does something.
pub fn button(class: &'static str, text: impl Into<String>, act: impl Fn() + 'static) -> AnyView {
    view! { <button type="button" class=class on:click=move |_| act()>{text.into()}</button> }.into_any()
}

/// Where there is nothing yet.
pub fn empty(text: &'static str, acts: Vec<AnyView>) -> AnyView {
    view! { <div class="Empty"><p>{text}</p><div class="Actions">{acts}</div></div> }.into_any()
}

/// A list of lines that lead to their entities.
pub fn lines(app: App, rows: Vec<(Kind, EntityId, Line)>) -> AnyView {
    let _ = app;
    let to = |kind, id| match kind {
        Kind::Embryo => Route::Embryo(id),
        Kind::Amendment => Route::Amendment(id),
        _ => Route::Edit(kind, id),
    };
    lines_to(rows.into_iter().map(|(kind, id, line)| (to(kind, id), line)).collect())
}

/// A list of lines that lead to pages.
pub fn lines_to(rows: Vec<(Route, Line)>) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|(to, line)| {
            view! {
                <li><a class="Line-link" href=to.hash()>
                    <span class="Line-title">{line.title}</span>
                    <span class="Line-when">{line.when}</span>
                    <span class="Line-detail">{line.detail}</span>
                </a></li>
            }
            .into_any()
        })
        .collect::<Vec<_>>();
    view! { <ul class="Lines">{rows}</ul> }.into_any()
}

/// Whether a note stays on top of its list.
pub fn is_pinned(e: &Entity) -> bool {
    e.field("pinned") == Some(&Value::Flag(true)) && e.field("done") != Some(&Value::Flag(true))
}

/// The line of an entity of the book.
pub fn line_of(app: App, kind: Kind, id: EntityId) -> Line {
    let (shown, reader) = (app.shown(), app.reader());
    app.book(|b| {
        b.entity(kind, id).map_or_else(Line::default, |e| {
            let e = discreet(kind, e, app.is_discreet(kind));
            line(&reader, kind, &in_units(kind, &e, shown), &|id| app.name_of(id))
        })
    })
}

/// A picture with its sentence, and the table behind it.
pub fn figure(app: App, summary: String, narrow: Drawing, wide: Drawing, table: AnyView) -> AnyView {
    let label = summary.clone();
    view! {
        <figure class="Chart">
            <div class="Chart-drawing is-narrow">{svg(app, narrow, label.clone())}</div>
            <div class="Chart-drawing is-wide">{svg(app, wide, label)}</div>
            <figcaption class="Fine">{summary}</figcaption>
        </figure>
        <details><summary>{app.t.as_table}</summary>{table}</details>
    }
    .into_any()
}

fn svg(app: App, drawing: Drawing, label: String) -> AnyView {
    let marks = drawing.marks.into_iter().map(|m| mark(app, m)).collect::<Vec<_>>();
    let size = format!("0 0 {} {}", drawing.width, drawing.height);
    view! { <svg class="Chart-svg" viewBox=size role="img" aria-label=label>{marks}</svg> }.into_any()
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

/// A mark. What leads somewhere does so by touch only: to a screen reader a picture is one thing, and its table
/// has the same links.
fn mark(app: App, mark: Mark) -> AnyView {
    use leptos::svg;
    match mark {
        Mark::To { to, mark: inner } => {
            let near = match &*inner {
                Mark::Circle { at, .. } => Some(*at),
                _ => None,
            };
            let near = near.map(|(x, y)| {
                svg::circle().attr("cx", px(x)).attr("cy", px(y)).attr("r", "8").attr("class", "Near")
            });
            svg::g()
                .attr("class", "To")
                .on(leptos::ev::click, move |_| app.go(&to))
                .child((self::mark(app, *inner), near))
                .into_any()
        }
        Mark::Line { from, to, class } => svg::line()
            .attr("x1", px(from.0))
            .attr("y1", px(from.1))
            .attr("x2", px(to.0))
            .attr("y2", px(to.1))
            .attr("class", class)
            .into_any(),
        Mark::Path { points, class } => {
            let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            svg::polyline().attr("points", points.join(" ")).attr("class", class).into_any()
        }
        Mark::Circle { at, r, class } => svg::circle()
            .attr("cx", px(at.0))
            .attr("cy", px(at.1))
            .attr("r", px(r))
            .attr("class", class)
            .into_any(),
        Mark::Rect { at, size, class } => svg::rect()
            .attr("x", px(at.0))
            .attr("y", px(at.1))
            .attr("width", px(size.0))
            .attr("height", px(size.1))
            .attr("rx", "2")
            .attr("class", class)
            .into_any(),
        Mark::Text { at, text, class } => {
            svg::text().attr("x", px(at.0)).attr("y", px(at.1)).attr("class", class).child(text).into_any()
        }
    }
}

/// A table with a caption for those who do not see it.
pub fn table(caption: impl Into<String>, head: Vec<String>, rows: Vec<Vec<String>>) -> AnyView {
    table_to(caption, head, rows.into_iter().map(|cells| (None, cells)).collect())
}

/// A table whose rows lead to what they were made from, by their first cell.
pub fn table_to(
    caption: impl Into<String>,
    head: Vec<String>,
    rows: Vec<(Option<Route>, Vec<String>)>,
) -> AnyView {
    let head = head.into_iter().map(|h| view! { <th scope="col">{h}</th> }.into_any()).collect::<Vec<_>>();
    let row = |(to, cells): (Option<Route>, Vec<String>)| {
        let cells = cells
            .into_iter()
            .enumerate()
            .map(|(i, c)| match &to {
                Some(to) if i == 0 => view! { <th scope="row">{link_to(to, c)}</th> }.into_any(),
                None if i == 0 => view! { <th scope="row">{c}</th> }.into_any(),
                _ => view! { <td>{c}</td> }.into_any(),
            })
            .collect::<Vec<_>>();
        view! { <tr>{cells}</tr> }.into_any()
    };
    let rows = rows.into_iter().map(row).collect::<Vec<_>>();
    let caption: String = caption.into();
    let label = caption.clone();
    view! {
        <div class="Scroll" tabindex="0" role="region" aria-label=label>
            <table class="Grid-table"><caption class="Hidden">{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

/// Facts as pairs.
pub fn facts(pairs: Vec<(String, String)>) -> AnyView {
    let rows = pairs
        .into_iter()
        .map(|(k, v)| view! { <div><dt>{k}</dt><dd>{v}</dd></div> }.into_any())
        .collect::<Vec<_>>();
    view! { <dl class="Facts">{rows}</dl> }.into_any()
}
