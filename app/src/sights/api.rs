//! Server functions about grants over one's own records.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{error::AppError, wire::Ask};
use keepwell_domain::sight::{SightView, SightWatch};
use leptos::prelude::*;

/// All that there were, newest first.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "my_sights", protocol = Ask)]
pub async fn my_sights() -> Result<Vec<SightView>, AppError> {
    use crate::ssr;
    Ok(ssr::services()?.sights_over_me(&ssr::person()?).await?)
}

/// One of them, and what was seen up to now.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "watch_sight", protocol = Ask)]
pub async fn watch_sight(id: String) -> Result<SightWatch, AppError> {
    use crate::{ErrorCode, ssr};
    let id = id.parse().map_err(|_| AppError::new(ErrorCode::NotFound))?;
    Ok(ssr::services()?.watch_sight(&ssr::person()?, id).await?)
}

/// Ends one at once.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "end_my_sight")]
pub async fn end_my_sight(grant: String) -> Result<(), AppError> {
    use crate::{ErrorCode, ssr};
    let id = grant.parse().map_err(|_| AppError::new(ErrorCode::NotFound))?;
    ssr::services()?.end_sight_over_me(&ssr::person()?, id).await?;
    ssr::redirect(&format!("/settings/grants/{id}"));
    Ok(())
}
