//! Server functions of the access log.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{error::AppError, wire::Ask};
use keepwell_domain::time::Ts;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The filters as they stand in the address.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Filters {
    /// A kind's code, or nothing.
    pub kind: String,
    /// A code of who, or nothing.
    pub by: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// The place before which to begin.
    pub before: String,
}

/// One entry, in words, and what of it the browser checks.
#[derive(Clone, Serialize, Deserialize)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Ts,
    /// What happened, a sentence.
    pub text: String,
    /// Who, from where, how often.
    pub meta: String,
    /// The word for a refusal or a failure; empty when it was done.
    pub mark: String,
    /// The code of what was done.
    pub action: String,
    /// The code of who did it.
    pub by: String,
    /// The code of how it ended.
    pub outcome: String,
    /// The page of what it was done to; empty when there is none.
    pub href: String,
}

/// A page of the log in words.
#[derive(Clone, Serialize, Deserialize)]
pub struct LogPage {
    /// Entries, newest first.
    pub rows: Vec<Row>,
    /// Where the next page begins; empty at the end.
    pub next: String,
    /// Brings this same page again, whatever was logged since.
    pub upto: String,
    /// How many match in all, in words.
    pub total: String,
    /// Choices of kinds: (code, name).
    pub kinds: Vec<(String, String)>,
    /// Choices of who: (code, name).
    pub who: Vec<(String, String)>,
    /// The page's own words, by `Word`.
    pub words: Vec<String>,
}

/// A page of one's own log.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "access_log", protocol = Ask)]
pub async fn access_log(
    #[server(default)] kind: String,
    #[server(default)] by: String,
    #[server(default)] from: String,
    #[server(default)] to: String,
    #[server(default)] before: String,
) -> Result<LogPage, AppError> {
    use super::words;
    use crate::{i18n::Lang, ssr};
    use keepwell_domain::{
        access::LogQuery,
        act::{ActBy, ActKind},
        time::Date,
    };
    let actor = ssr::actor()?;
    // What an address says that is no filter filters nothing.
    let query = LogQuery {
        kind: ActKind::parse(&kind),
        by: ActBy::parse(&by),
        from: Date::try_from(from).ok(),
        to: Date::try_from(to).ok(),
        before: before.parse().ok(),
        limit: None,
    };
    let view = ssr::services()?.access_log(&actor, &query).await?;
    let lang = Lang::parse(actor.lang().as_str());
    Ok(words::page(view, lang))
}
