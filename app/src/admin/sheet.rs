//! What the pages of the running instance are made of: tables and charts that come from the server in words and shapes, so that the
//! browser's program has next to nothing to do.

use crate::admin::texts;
use crate::boot::use_lang;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A table in words.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Table {
    /// What it shows, for screen readers.
    pub caption: String,
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// Cells; the first of a row is its head.
    pub rows: Vec<Vec<String>>,
}

/// A chart with its sentence and its table.
#[derive(Clone, Serialize, Deserialize)]
pub struct Chart {
    /// Title.
    pub title: String,
    /// What it says, in one sentence.
    pub say: String,
    /// The drawing; empty when there is nothing to draw.
    pub svg: String,
    /// The numbers.
    pub table: Table,
}

/// A label with a value.
pub type Fact = (String, String);

/// Draws a table. Numbers stand at the end of their cells.
pub fn table(t: Table) -> AnyView {
    let heads = t
        .heads
        .into_iter()
        .enumerate()
        .map(|(i, h)| view! { <th scope="col" class=class(i)>{h}</th> })
        .collect_view();
    let rows = t
        .rows
        .into_iter()
        .map(|row| {
            let cells = row
                .into_iter()
                .enumerate()
                .map(|(i, cell)| {
                    if i == 0 {
                        view! { <th scope="row">{cell}</th> }.into_any()
                    } else {
                        view! { <td class=class(i)>{cell}</td> }.into_any()
                    }
                })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    view! {
        <div class="Values" role="region" tabindex="0" aria-label=t.caption.clone()>
            <table><caption class="Hidden">{t.caption.clone()}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

const fn class(column: usize) -> &'static str {
    if column == 0 { "" } else { "Values-value" }
}

/// Draws a chart as a card.
pub fn chart(c: Chart) -> AnyView {
    let t = texts::running(use_lang());
    let inside = if c.svg.is_empty() {
        view! { <p class="Fine">{t.nothing_counted}</p> }.into_any()
    } else {
        view! {
            <div class="RunChart" inner_html=c.svg></div>
            <details><summary>{t.as_table}</summary>{table(c.table)}</details>
        }
        .into_any()
    };
    view! { <section class="Card"><h2>{c.title}</h2><p class="Fine">{c.say}</p>{inside}</section> }.into_any()
}

/// Draws facts.
pub fn facts(list: Vec<Fact>) -> AnyView {
    let rows = list
        .into_iter()
        .map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> })
        .collect_view();
    view! { <dl class="Facts">{rows}</dl> }.into_any()
}
