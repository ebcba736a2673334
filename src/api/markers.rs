//! Markers and their series.

use super::{
    extract::Params,
    shapes::{MarkerShape, Markers, RangeShape, SeriesParams, SeriesShape, ValueShape},
};
use crate::{middleware::rights::Scoped, problem::Problem, state::AppState};
use axum::{
    Json,
    extract::{Path, State},
};
use keepwell_domain::scope::need::RecordsRead;
use keepwell_domain::{
    time::{DAY, Date, Ts, When},
    view::{MarkerRow, Point, RangeView, Standing},
};
use keepwell_services::SeriesQuery;

fn text(s: &str) -> Option<String> {
    (!s.is_empty()).then(|| s.to_owned())
}

impl From<&MarkerRow> for MarkerShape {
    fn from(row: &MarkerRow) -> Self {
        let range = |r: &RangeView| RangeShape { low: r.low, high: r.high, text: text(&r.text) };
        let shown = &row.latest;
        Self {
            key: row.key.clone(),
            loinc: (!row.key.starts_with("x-")).then(|| row.key.clone()),
            name: row.name.clone(),
            group: row.group.clone(),
            value: ValueShape {
                comparator: text(&shown.comparator),
                number: row.number,
                text: text(&shown.text),
                unit: text(&shown.unit),
            },
            range: row.range.as_ref().map(range),
            effective: row.date.clone(),
            count: row.count,
        }
    }
}

/// All markers with their latest value.
#[utoipa::path(get, path = "/markers", tag = "markers", responses((status = 200, body = Markers), (status = 401, body = Problem), (status = 403, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["records:read"])))]
pub async fn list(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<RecordsRead>,
) -> Result<Json<Markers>, Problem> {
    let view = app.services.markers(&actor).await?;
    let items: Vec<MarkerShape> = view.rows.iter().map(Into::into).collect();
    Ok(Json(Markers { total: items.len() as u64, items, next: None }))
}

/// One marker over time.
#[utoipa::path(get, path = "/markers/{loinc}/series", tag = "markers", params(("loinc" = String, Path,), SeriesParams),
    responses((status = 200, body = SeriesShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["records:read"])))]
pub async fn series(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<RecordsRead>,
    Path(loinc): Path<String>,
    Params(p): Params<SeriesParams>,
) -> Result<Json<SeriesShape>, Problem> {
    let query = SeriesQuery {
        from_ms: p.from.as_deref().map(|t| instant("from", t, false)).transpose()?,
        to_ms: p.to.as_deref().map(|t| instant("to", t, true)).transpose()?,
        unit: p.unit,
        points: p.points,
        is_as_recorded: false,
    };
    Ok(Json(app.services.series(&actor, &loinc, &query).await?.into()))
}

/// UTC milliseconds of a day or an instant; the end of the day where it is the last one.
fn instant(field: &'static str, s: &str, last: bool) -> Result<i64, Problem> {
    if let Ok(day) = Date::try_from(s.to_owned()) {
        let end = if last { DAY / 1000 - 1 } else { 0 };
        return Ok(day.days() * (DAY / 1000) + end);
    }
    match When::parse(s) {
        Ok(When::Instant(at, _)) => Ok(at.0.div_euclid(1000)),
        _ => Err(Problem::invalid(
            field,
            "must be a day such as 2024-05-31 or an instant such as 2024-05-31T08:00:00Z",
        )),
    }
}

/// The time of a point, RFC 3339.
pub fn time(p: &Point) -> String {
    Ts(p.t.saturating_mul(1000)).rfc3339()
}

/// What is to be known of a point besides its value.
pub fn flags(p: &Point) -> Vec<&'static str> {
    let comparator = ["<", "<=", ">=", ">"].into_iter().find(|c| *c == p.comparator);
    let standing = match p.standing {
        Standing::Low => Some("low"),
        Standing::High => Some("high"),
        Standing::Abnormal => Some("abnormal"),
        Standing::Within | Standing::Unknown => None,
    };
    comparator.into_iter().chain(standing).chain(p.span.map(|_| "thinned")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn last_day_counts_to_its_end() {
        let ms = |s, last| instant("to", s, last).ok().unwrap();
        assert_eq!(ms("1970-01-02", false), 86_400_000);
        assert_eq!(ms("1970-01-02", true), 2 * 86_400_000 - 1);
        assert_eq!(ms("1970-01-01T01:00:00+01:00", true), 0);
        assert!(instant("to", "yesterday", true).is_err());
    }
}
