//! Server functions of the dashboard and the reports.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{
    admin::sheet::{Chart, Fact, Table},
    error::AppError,
    wire::Ask,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Failed work in words.
#[derive(Clone, Serialize, Deserialize)]
pub struct DeadRow {
    /// Its id.
    pub id: String,
    /// What it was, and why it failed.
    pub title: String,
    /// When, and how often.
    pub more: String,
    /// Whether it is about somebody's file.
    pub has_person: bool,
}

/// The dashboard in words and shapes.
#[derive(Clone, Serialize, Deserialize)]
pub struct Board {
    /// Days shown.
    pub days: u16,
    /// Spans to choose: days and their words.
    pub spans: Vec<(u16, String)>,
    /// How it is right now.
    pub now: Vec<Fact>,
    /// Charts.
    pub charts: Vec<Chart>,
    /// Failed work.
    pub dead: Vec<DeadRow>,
    /// Files by kind.
    pub imports: Table,
    /// Letters by state.
    pub letters: Vec<Fact>,
    /// Uses of features.
    pub uses: Table,
    /// Whether and how uses are counted, in a sentence.
    pub uses_say: String,
}

/// How the instance does.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "admin_dashboard", protocol = Ask)]
pub async fn admin_dashboard(#[server(default)] days: String) -> Result<Board, AppError> {
    use crate::{admin::gate, i18n::Lang, ssr};
    let admin = gate::admin()?;
    let lang = Lang::parse(admin.lang().as_str());
    let found = ssr::services()?.dashboard(&admin, days.parse().unwrap_or(30)).await?;
    Ok(super::words::board(found, lang))
}

/// Puts failed work back into the queue.
///
/// # Errors
/// See [`AppError`]; a refused reason names its field.
#[server(prefix = "/fn", endpoint = "retry_job")]
pub async fn retry_job(id: String, #[server(default)] reason: String) -> Result<(), AppError> {
    use crate::{ErrorCode, admin::gate, ssr};
    let admin = gate::admin()?;
    let id = id.parse().map_err(|_| AppError::new(ErrorCode::NotFound))?;
    ssr::services()?.retry_job(&admin, id, &reason).await?;
    ssr::redirect("/admin");
    Ok(())
}

/// Gives failed work up.
///
/// # Errors
/// As [`retry_job`].
#[server(prefix = "/fn", endpoint = "discard_job")]
pub async fn discard_job(id: String, #[server(default)] reason: String) -> Result<(), AppError> {
    use crate::{ErrorCode, admin::gate, ssr};
    let admin = gate::admin()?;
    let id = id.parse().map_err(|_| AppError::new(ErrorCode::NotFound))?;
    ssr::services()?.discard_job(&admin, id, &reason).await?;
    ssr::redirect("/admin");
    Ok(())
}

/// Reports in words.
#[derive(Clone, Serialize, Deserialize)]
pub struct Reports {
    /// Weaknesses: when and id, contact, text.
    pub weaknesses: Vec<(String, String, String)>,
    /// What browsers refused.
    pub refused: Table,
}

/// What strangers told, and what browsers refused.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "admin_reports", protocol = Ask)]
pub async fn admin_reports() -> Result<Reports, AppError> {
    use crate::{admin::gate, i18n::Lang, ssr};
    let admin = gate::admin()?;
    let lang = Lang::parse(admin.lang().as_str());
    let (weaknesses, refused) = ssr::services()?.reports_page(&admin).await?;
    Ok(super::words::reports(weaknesses, refused, lang))
}
