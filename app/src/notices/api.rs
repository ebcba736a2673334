//! Server functions of notices. Their words come from the server: the browser's program does not carry them.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{error::AppError, wire::Ask};
use keepwell_domain::time::Ts;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A notice in words.
#[derive(Clone, Serialize, Deserialize)]
pub struct NoticeLine {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Ts,
    /// What happened, and what can be done.
    pub text: String,
    /// The reason that was given, with a word before it; empty when none was.
    pub reason: String,
    /// Where more stands; empty when nowhere.
    pub href: String,
    /// The word for that.
    pub more: String,
    /// Whether the account can be kept from here.
    pub can_keep: bool,
    /// Whether it was put away.
    pub is_dismissed: bool,
}

/// What a page of notices shows.
#[derive(Clone, Serialize, Deserialize)]
pub struct NoticeList {
    /// Notices, newest first.
    pub lines: Vec<NoticeLine>,
    /// The page's own words.
    pub words: Words,
}

/// The page's own words.
#[derive(Clone, Serialize, Deserialize)]
pub struct Words {
    /// The heading.
    pub title: String,
    /// The line below it.
    pub text: String,
    /// When there is none.
    pub none: String,
    /// The button that puts one away.
    pub dismiss: String,
    /// The button that keeps the account.
    pub keep: String,
}

/// What was not put away yet; mostly nothing, without a look at the database.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "open_notices", protocol = Ask)]
pub async fn open_notices() -> Result<NoticeList, AppError> {
    use crate::{notices::words, ssr};
    let (s, actor) = (ssr::services()?, ssr::person()?);
    let open = s.open_notices(&actor).await?;
    let due = if open.is_empty() { None } else { s.deletion_due(&actor).await? };
    Ok(words::list(open, due, actor.lang()))
}

/// All notices, newest first.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "notices", protocol = Ask)]
pub async fn notices() -> Result<NoticeList, AppError> {
    use crate::{notices::words, ssr};
    let (s, actor) = (ssr::services()?, ssr::person()?);
    Ok(words::list(s.notices(&actor).await?, s.deletion_due(&actor).await?, actor.lang()))
}

/// Puts a notice away.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "dismiss_notice")]
pub async fn dismiss_notice(notice: String, #[server(default)] next: String) -> Result<(), AppError> {
    use crate::{ErrorCode, account::api::same_origin_path, ssr};
    let id = notice.parse().map_err(|_| AppError::new(ErrorCode::NotFound))?;
    ssr::services()?.dismiss_notice(&ssr::person()?, id).await?;
    ssr::redirect(if next.is_empty() { "/settings/notices" } else { same_origin_path(&next) });
    Ok(())
}

/// Keeps the account whose deletion was announced.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "keep_account")]
pub async fn keep_account() -> Result<(), AppError> {
    use crate::ssr;
    ssr::services()?.keep_account(&ssr::person()?).await?;
    ssr::redirect("/settings/notices");
    Ok(())
}
