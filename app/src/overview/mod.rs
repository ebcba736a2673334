//! The Overview: what is new, what changed, what is out of range, what is due.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

mod page;

use crate::{error::AppError, wire::Ask};
use keepwell_domain::view::OverviewView;
use leptos::prelude::*;
pub use page::OverviewPage;

/// What the Overview shows.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "overview", protocol = Ask)]
pub async fn overview() -> Result<OverviewView, AppError> {
    use crate::ssr;
    let view = ssr::services()?.overview(&ssr::actor()?).await?;
    Ok(OverviewView::clone(&view))
}

/// Fills the profile with the demo person.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "add_demo")]
pub async fn add_demo() -> Result<(), AppError> {
    use crate::ssr;
    ssr::services()?.add_demo(&ssr::person()?).await?;
    ssr::redirect("/overview");
    Ok(())
}
