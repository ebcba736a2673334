//! The rows of a table that wait for the person's word.

use super::{
    extract::{Body, Id, Params},
    shapes::QuestionShape,
};
use crate::{middleware::rights::Scoped, problem::Problem, state::AppState};
use axum::{Json, extract::State};
use keepwell_domain::scope::need::{DocumentsRead, DocumentsWrite};
use keepwell_domain::{
    ids::{DocumentId, ReviewRowId},
    view::{DoubtView, RecordForm, ReviewRowView},
};
use keepwell_services::RowWord;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A row that waits.
#[derive(Serialize, ToSchema)]
pub struct RowShape {
    /// Its id.
    id: String,
    /// Its line in the file, counted from 1.
    line: u64,
    /// Its cells as printed.
    cells: Vec<String>,
    /// Which cells were used, counted from 1.
    used: Vec<u32>,
    /// `likely`: reads as printed, only a meaning is open. `unsure`: something speaks against it.
    /// `incomplete`: something must be filled in first.
    confidence: &'static str,
    /// Why it waits.
    reasons: Vec<ReasonShape>,
    /// The record that it would become.
    reading: ReadingShape,
    /// Ids of records of the same test and day.
    possible_duplicates: Vec<String>,
}

/// Why a row waits.
#[derive(Serialize, ToSchema)]
pub struct ReasonShape {
    /// `date_order`, `unit_missing`, ….
    code: String,
    /// In a sentence.
    text: String,
    /// The field that settles it, where there are choices.
    field: Option<String>,
    /// Its possible values: value and label.
    #[schema(value_type = Vec<Vec<String>>)]
    choices: Vec<(String, String)>,
}

/// A row as read, as a person would type it.
#[derive(Serialize, ToSchema)]
pub struct ReadingShape {
    name: String,
    value: String,
    unit: String,
    low: String,
    high: String,
    date: String,
    time: String,
}

impl From<DoubtView> for ReasonShape {
    fn from(d: DoubtView) -> Self {
        let field = Some(d.field).filter(|f| !f.is_empty());
        Self { code: d.code, text: d.reason, field, choices: d.choices }
    }
}

impl From<ReviewRowView> for RowShape {
    fn from(r: ReviewRowView) -> Self {
        let f = r.form;
        Self {
            id: r.id.to_string(),
            line: r.line,
            cells: r.cells,
            used: r.used,
            confidence: r.sureness.as_str(),
            reasons: r.doubts.into_iter().map(Into::into).collect(),
            reading: ReadingShape {
                name: f.name,
                value: f.value,
                unit: f.unit,
                low: f.low,
                high: f.high,
                date: f.date,
                time: f.time,
            },
            possible_duplicates: r.there.into_iter().map(|i| i.id.to_string()).collect(),
        }
    }
}

/// One page of the rows that wait.
#[derive(Serialize, ToSchema)]
pub struct ReviewShape {
    /// Rows, in the file's order.
    items: Vec<RowShape>,
    /// The next page's number.
    next: Option<String>,
    /// How many wait.
    total: u64,
    /// How many of them are `likely`.
    likely: u64,
    /// What the table's columns are called.
    heading: Vec<String>,
    /// Rows that were left out, the first 50.
    left_out: Vec<RowShape>,
    /// Questions about the whole document.
    questions: Vec<QuestionShape>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PageParams {
    /// Which page, from 1.
    page: Option<u32>,
}

/// The rows of a document that wait for a word, ten to a page.
#[utoipa::path(get, path = "/documents/{id}/review", tag = "documents", params(("id" = String, Path,), PageParams),
    responses((status = 200, body = ReviewShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:read"])))]
pub async fn list(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsRead>,
    Id(id): Id<DocumentId>,
    Params(p): Params<PageParams>,
) -> Result<Json<ReviewShape>, Problem> {
    let view = app.services.review(&actor, id, p.page.unwrap_or(1)).await?;
    Ok(Json(ReviewShape {
        items: view.rows.into_iter().map(Into::into).collect(),
        next: (view.page < view.pages).then(|| (view.page + 1).to_string()),
        total: view.waiting,
        likely: view.likely,
        heading: view.heading,
        left_out: view.left_out.into_iter().map(Into::into).collect(),
        questions: view.questions.into_iter().map(Into::into).collect(),
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Action {
    Accept,
    LeaveOut,
    PutBack,
    AcceptLikely,
}

/// A word on a row. Fields that are given replace what was read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// `accept`, `leave_out`, `put_back` (of a row left out), or `accept_likely` for all such rows.
    action: Action,
    /// The row; not for `accept_likely`.
    row: Option<String>,
    /// Name of the test.
    name: Option<String>,
    /// Value, comparator allowed.
    value: Option<String>,
    /// Unit.
    unit: Option<String>,
    /// Lower limit.
    low: Option<String>,
    /// Upper limit.
    high: Option<String>,
    /// `YYYY-MM-DD` or less precise.
    date: Option<String>,
    /// `HH:MM`.
    time: Option<String>,
    /// LOINC code of the test that it is, where the name is not known.
    key: Option<String>,
}

/// Where the review stands.
#[derive(Serialize, ToSchema)]
pub struct Standing {
    /// Rows that still wait.
    waiting: u64,
}

/// Takes a word on a row that waits.
#[utoipa::path(post, path = "/documents/{id}/review", tag = "documents", params(("id" = String, Path,)), request_body = Word,
    responses((status = 200, body = Standing), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:write"])))]
pub async fn decide(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsWrite>,
    Id(id): Id<DocumentId>,
    Body(mut word): Body<Word>,
) -> Result<Json<Standing>, Problem> {
    let s = &app.services;
    if matches!(word.action, Action::AcceptLikely) {
        s.accept_likely(&actor, id).await?;
        return Ok(Json(Standing { waiting: s.review(&actor, id, 1).await?.waiting }));
    }
    s.document_row(&actor, id).await?;
    let row: ReviewRowId = word
        .row
        .as_deref()
        .and_then(|r| r.parse().ok())
        .ok_or_else(|| Problem::invalid("row", "must be the id of a row"))?;
    let said = match word.action {
        Action::LeaveOut => RowWord::LeaveOut,
        Action::PutBack => RowWord::PutBack,
        _ => {
            let mut form = s.review_row(&actor, id, row).await?.form;
            RowWord::Accept(edit(&mut word, &mut form).then(|| Box::new(form)))
        }
    };
    Ok(Json(Standing { waiting: s.decide_row(&actor, id, row, said).await? }))
}

/// Puts what was given into a form; whether anything was.
fn edit(word: &mut Word, form: &mut RecordForm) -> bool {
    let fields = [
        (&mut word.name, &mut form.name),
        (&mut word.value, &mut form.value),
        (&mut word.unit, &mut form.unit),
        (&mut word.low, &mut form.low),
        (&mut word.high, &mut form.high),
        (&mut word.date, &mut form.date),
        (&mut word.time, &mut form.time),
        (&mut word.key, &mut form.key),
    ];
    let mut any = false;
    for (given, field) in fields {
        if let Some(text) = given.take() {
            (*field, any) = (text, true);
        }
    }
    any
}
