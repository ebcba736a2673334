//! Records.

use super::{
    accounts::ReceiptShape,
    extract::{Body, Id, Params},
    shapes::{Record, RecordParams, Records},
};
use crate::{middleware::rights::Scoped, problem::Problem, state::AppState};
use axum::{Json, extract::State};
use http::StatusCode;
use keepwell_domain::scope::need::{RecordsRead, RecordsWrite};
use keepwell_domain::{
    ids::RecordId,
    record::Kind,
    time::Date,
    view::{RecordForm, TimelineQuery},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

fn query(p: RecordParams) -> Result<TimelineQuery, Problem> {
    let names = p.kind.as_deref().unwrap_or_default().split(',').map(str::trim).filter(|k| !k.is_empty());
    let kinds: Option<Vec<Kind>> = names.map(Kind::parse).collect();
    let kinds = kinds.ok_or_else(|| {
        Problem::invalid("kind", format!("must be among {}", Kind::ALL.map(Kind::as_str).join(", ")))
    })?;
    for (field, day) in [("from", &p.from), ("to", &p.to)] {
        if day.as_ref().is_some_and(|d| Date::try_from(d.clone()).is_err()) {
            return Err(Problem::invalid(field, "must be a day such as 2024-05-31"));
        }
    }
    if p.limit.is_some_and(|n| !(1..=200).contains(&n)) {
        return Err(Problem::invalid("limit", "must be from 1 to 200"));
    }
    Ok(TimelineQuery { kinds, from: p.from, to: p.to, q: p.q, cursor: p.cursor, limit: p.limit })
}

/// Numbers as JSON numbers; their text as printed stands beside them in `text`.
fn numbers(mut item: Value) -> Value {
    let fields = |part: &mut Value| {
        for name in ["number", "low", "high"] {
            let Some(field) = part.get_mut(name) else { continue };
            if let Some(number) = field.as_str().and_then(|s| s.parse::<f64>().ok()) {
                *field = Value::from(number);
            }
        }
    };
    for part in ["value", "canonical", "range"] {
        if let Some(part) = item.get_mut(part) {
            fields(part);
        }
    }
    if let Some(Value::Array(parts)) = item.get_mut("components").map(Value::take) {
        item["components"] = parts.into_iter().map(numbers).collect();
    }
    item
}

/// Records, newest first.
#[utoipa::path(get, path = "/records", tag = "records", params(RecordParams),
    responses((status = 200, body = Records), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["records:read"])))]
pub async fn list(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<RecordsRead>,
    Params(params): Params<RecordParams>,
) -> Result<Json<Records>, Problem> {
    let found = app.services.api_records(&actor, &query(params)?).await?;
    Ok(Json(Records {
        items: found.items.into_iter().map(numbers).collect(),
        next: found.next,
        total: found.total,
    }))
}

/// One record.
#[utoipa::path(get, path = "/records/{id}", tag = "records", params(("id" = String, Path,)),
    responses((status = 200, body = Record), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["records:read"])))]
pub async fn one(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<RecordsRead>,
    Id(id): Id<RecordId>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(numbers(app.services.api_record(&actor, id).await?)))
}

/// A record typed in by hand; every field is text as a person would type it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub struct NewRecord {
    /// `observation`, `condition`, `medication`, `allergy`, `immunization`, `procedure` or `note`.
    kind: String,
    /// Name of the test, condition, medicine; title of a note.
    name: String,
    /// LOINC code of the test, when known.
    key: String,
    /// Number or text.
    value: String,
    /// Unit.
    unit: String,
    /// Lower limit of the laboratory's range.
    low: String,
    /// Upper limit.
    high: String,
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    date: String,
    /// `HH:MM`.
    time: String,
    /// End date.
    end: String,
    /// Status.
    status: String,
    /// Dosage, reaction, dose number.
    detail: String,
    /// Comment, or the text of a note.
    note: String,
}

/// The id of a new record.
#[derive(Serialize, ToSchema)]
pub struct Created {
    /// Id.
    id: String,
}

/// Adds a record by hand.
#[utoipa::path(post, path = "/records", tag = "records", request_body = NewRecord,
    responses((status = 201, body = Created), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["records:write"])))]
pub async fn add(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<RecordsWrite>,
    Body(n): Body<NewRecord>,
) -> Result<(StatusCode, Json<Created>), Problem> {
    let form = RecordForm {
        kind: n.kind,
        name: n.name,
        key: n.key,
        value: n.value,
        unit: n.unit,
        low: n.low,
        high: n.high,
        date: n.date,
        time: n.time,
        end: n.end,
        status: n.status,
        detail: n.detail,
        note: n.note,
    };
    let id = app.services.add_record(&actor, &form).await?;
    Ok((StatusCode::CREATED, Json(Created { id: id.to_string() })))
}

/// Deletes a record.
#[utoipa::path(delete, path = "/records/{id}", tag = "records", params(("id" = String, Path,)),
    responses((status = 200, body = ReceiptShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["records:write"])))]
pub async fn delete(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<RecordsWrite>,
    Id(id): Id<RecordId>,
) -> Result<Json<ReceiptShape>, Problem> {
    Ok(Json(app.services.delete_record(&actor, id).await?.into()))
}
