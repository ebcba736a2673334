//! The server function of a marker's page. Favourites are set by [`crate::markers::api`].

use crate::{error::AppError, wire::Ask};
use keepwell_domain::view::SeriesView;
use leptos::prelude::*;

/// One marker between two times (UTC milliseconds), at most `points` points.
///
/// # Errors
/// See [`AppError`]; a unit that does not convert is refused by name.
#[server(prefix = "/fn", endpoint = "series", protocol = Ask)]
pub async fn get_series(
    key: String,
    from: Option<i64>,
    to: Option<i64>,
    unit: Option<String>,
    points: Option<u32>,
) -> Result<SeriesView, AppError> {
    use crate::ssr;
    let query =
        keepwell_services::SeriesQuery { from_ms: from, to_ms: to, unit, points, is_as_recorded: true };
    let mut series = ssr::services()?.series(&ssr::actor()?, &key, &query).await?;
    // People read the unit as it is written, not its UCUM code.
    if let Some(chosen) = series.units.iter().find(|u| u.selected) {
        series.unit.clone_from(&chosen.label);
    }
    Ok(series)
}
