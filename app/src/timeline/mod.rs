//! The Timeline: everything by date, with search and filters that live in the URL.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

pub mod list;
mod page;

use crate::{error::AppError, wire::Ask};
use keepwell_domain::{
    record::Kind,
    view::{TimelineQuery, TimelineView},
};
use leptos::prelude::*;
pub use page::TimelinePage;

/// A page of the timeline.
///
/// # Errors
/// See [`AppError`].
pub async fn timeline(q: TimelineQuery) -> Result<TimelineView, AppError> {
    timeline_page(q.kinds, q.from, q.to, q.q, q.cursor, q.limit).await
}

// The query's parts one by one: the macro derives `Debug` for its arguments, and the query, being a
// person's words, has none.
#[server(prefix = "/fn", endpoint = "timeline", protocol = Ask)]
async fn timeline_page(
    kinds: Vec<Kind>,
    from: Option<String>,
    to: Option<String>,
    q: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
) -> Result<TimelineView, AppError> {
    use crate::ssr;
    let query = TimelineQuery { kinds, from, to, q, cursor, limit };
    Ok(ssr::services()?.timeline(&ssr::actor()?, &query).await?)
}
