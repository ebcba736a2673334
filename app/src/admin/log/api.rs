//! Server functions of the log.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{access_log::proof::Shown, error::AppError, wire::Ask};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The filters as they stand in the address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Filters {
    pub kind: String,
    pub action: String,
    pub outcome: String,
    pub by: String,
    pub from: String,
    pub to: String,
    /// A pseudonym.
    pub person: String,
    /// Where the page begins.
    pub cursor: String,
    /// The first entry to be checked; empty for none.
    pub check: String,
    /// The last.
    pub upto: String,
}

/// An entry in words.
#[derive(Clone, Serialize, Deserialize)]
pub struct Line {
    /// What.
    pub text: String,
    /// The word for a refusal or failure.
    pub mark: String,
    /// Code, who, how often.
    pub meta: String,
    /// What of it the browser checks: place, time, codes, pseudonyms, hash.
    pub shown: Shown,
}

/// A page of the log in words.
#[derive(Clone, Serialize, Deserialize)]
pub struct Page {
    /// Entries.
    pub lines: Vec<Line>,
    /// Cursor of the next page; empty at the end.
    pub next: String,
    /// How many, in words.
    pub total: String,
    /// Entries of the log.
    pub size: u64,
    /// Choices: kinds, acts, outcomes, who.
    pub choices: [Vec<(String, String)>; 4],
    /// What was found about a range: whether it holds, and in words.
    pub verdict: Option<(bool, String)>,
    /// The words of the browser's own check.
    pub words: Vec<String>,
}

/// A page of the log, and what was found about a range where one is to be checked.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "admin_log", protocol = Ask)]
pub async fn admin_log(f: Filters) -> Result<Page, AppError> {
    use crate::{admin::gate, i18n::Lang, ssr};
    use keepwell_domain::{
        act::{ActBy, ActKind, ActOutcome, Action},
        time::Date,
        view::running::{Cursor, ExploreQuery, pseudonym},
    };
    let auditor = gate::auditor()?;
    let services = ssr::services()?;
    let lang = Lang::parse(auditor.lang().as_str());
    // What an address says that is no filter filters nothing.
    let query = ExploreQuery {
        kind: ActKind::parse(&f.kind),
        action: Action::parse(&f.action),
        outcome: ActOutcome::parse(&f.outcome),
        by: ActBy::parse(&f.by),
        from: Date::try_from(f.from).ok(),
        to: Date::try_from(f.to).ok(),
        person: pseudonym(&f.person),
        before: Cursor::parse(&f.cursor),
        limit: None,
    };
    let page = services.explore_log(&auditor, &query).await?;
    let verdict = match (f.check.parse::<u64>(), f.upto.parse::<u64>()) {
        (Ok(first), Ok(last)) => {
            Some(match services.check_range(&auditor, first, last.saturating_add(1)).await {
                Ok(v) => super::words::verdict(&v, lang),
                Err(keepwell_services::ServiceError::Invalid { reason, .. }) => (false, reason),
                Err(keepwell_services::ServiceError::Conflict) => (false, super::words::conflict(lang)),
                Err(e) => return Err(e.into()),
            })
        }
        _ => None,
    };
    Ok(super::words::page(page, verdict, lang))
}

/// Goes to the entries of one person.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "find_in_log")]
pub async fn find_in_log(person: String) -> Result<(), AppError> {
    use crate::{admin::gate, ssr};
    let auditor = gate::auditor()?;
    let found = ssr::services()?.find_pseudonym(&auditor, &person).await?;
    ssr::redirect(&format!("/admin/log?person={}", keepwell_domain::view::running::hex(&found.0)));
    Ok(())
}
