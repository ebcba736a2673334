//! Server functions of the pages about grants of sight.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{error::AppError, wire::Ask};
use keepwell_domain::sight::{SightPage, SightRecord, SightView};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What is looked at under a grant, as it stands in the address.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Looked {
    /// The grant.
    pub id: String,
    /// A profile.
    pub profile: String,
    /// A kind, for a list.
    pub kind: String,
    /// The record before which a page begins.
    pub after: String,
    /// One record.
    pub record: String,
}

/// A grant and what is looked at under it.
#[derive(Clone, Serialize, Deserialize)]
pub struct GrantScreen {
    /// The grant.
    pub sight: SightView,
    /// A list.
    pub list: Option<SightPage>,
    /// One record.
    pub record: Option<SightRecord>,
}

/// Requests that wait, and grants, newest first.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "sights", protocol = Ask)]
pub async fn sights() -> Result<Vec<SightView>, AppError> {
    use crate::{admin::gate, ssr};
    Ok(ssr::services()?.sights(&gate::admin()?).await?)
}

/// One grant, and, when something is named, what it opens of that. Each item that is given out is noted.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "granted", protocol = Ask)]
pub async fn granted(
    id: String,
    profile: String,
    kind: String,
    after: String,
    record: String,
) -> Result<GrantScreen, AppError> {
    use crate::{ErrorCode, admin::gate, ssr};
    use keepwell_domain::{ids::GrantId, record::Kind, sight::SightState};
    let missing = || AppError::new(ErrorCode::NotFound);
    let (s, by) = (ssr::services()?, gate::admin()?);
    let id: GrantId = id.parse().map_err(|_| missing())?;
    let mut screen = GrantScreen { sight: s.sight(&by, id).await?, list: None, record: None };
    // What has ended still says who, why and when; it opens nothing.
    if profile.is_empty() || screen.sight.state != SightState::Open {
        return Ok(screen);
    }
    let profile = profile.parse().map_err(|_| missing())?;
    let door = s.granted(&by, id).await?;
    if record.is_empty() {
        let kind = Kind::ALL.into_iter().find(|k| k.as_str() == kind).ok_or_else(missing)?;
        let after = if after.is_empty() { None } else { Some(after.parse().map_err(|_| missing())?) };
        screen.list = Some(s.granted_list(&door, profile, kind, after).await?);
    } else {
        let record = record.parse().map_err(|_| missing())?;
        screen.record = Some(s.granted_record(&door, profile, record).await?);
    }
    Ok(screen)
}

/// Agrees to what another admin asked for.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "approve_sight")]
pub async fn approve_sight(grant: String) -> Result<(), AppError> {
    use crate::{ErrorCode, admin::gate, ssr};
    let by = gate::admin()?;
    let id = grant.parse().map_err(|_| AppError::new(ErrorCode::NotFound))?;
    ssr::services()?.approve_sight(&by, id).await?;
    ssr::redirect("/admin/grants");
    Ok(())
}

/// Ends one's own grant, or takes a request away.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "end_sight")]
pub async fn end_sight(grant: String) -> Result<(), AppError> {
    use crate::{ErrorCode, admin::gate, ssr};
    let by = gate::admin()?;
    let id = grant.parse().map_err(|_| AppError::new(ErrorCode::NotFound))?;
    ssr::services()?.end_sight(&by, id).await?;
    ssr::redirect("/admin/grants");
    Ok(())
}
