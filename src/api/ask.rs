//! Questions about one's own records, and the conversations in which they are asked.

use super::{
    ask_shapes::{
        AnswerShape, AskEventShape, ConversationDetail, ConversationShape, Conversations,
        DeletedConversations,
    },
    extract::{Body, Id, Params, Small},
};
use crate::{
    middleware::rights::{Asking, Scoped},
    problem::Problem,
    state::AppState,
};
use axum::{
    Json,
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::StreamExt;
use http::{HeaderMap, StatusCode, header};
use keepwell_domain::{ids::ConversationId, scope::need::Ask, view::AskEvent};
use keepwell_services::{AskQuestion, Turn};
use serde::Deserialize;
use std::{convert::Infallible, time::Duration};
use utoipa::{IntoParams, ToSchema};

/// A question.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionForm {
    /// In plain words, English or German; at most 2,000 characters.
    question: String,
    /// The conversation that it goes on; a new one is begun when left out.
    conversation: Option<String>,
    /// Whether it must be answered on this instance, by the built-in answerer. When left out it may go to the
    /// provider that the person consented to; without such a consent nothing leaves the instance.
    #[serde(default)]
    builtin: bool,
}

/// Which question to ask again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgainForm {
    /// The id of its answer.
    message: String,
    /// As with a new question.
    #[serde(default)]
    builtin: bool,
}

/// Another name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TitleForm {
    /// 1 to 120 characters.
    title: String,
}

/// Which conversations.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConversationParams {
    /// Words to find in names, questions and answers.
    q: Option<String>,
}

fn missing() -> Problem {
    Problem::of(StatusCode::NOT_FOUND)
}

/// Asks a question. The answer is an event stream (`begun`, `looking`, `delta`, and `done` or `failed` at the
/// end, each a JSON object in `data`), or with `Accept: application/json` one object. Closing the connection
/// stops the answer. Each number in it names the record, the document and the place that say it. A personal access token needs
/// `ask` and `records:read`, for an answer says what records say; without `documents:read` it hears of no document, and
/// `coverage.left_out` says how many there are (`not_permitted`).
#[utoipa::path(post, path = "/ask", tag = "ask", request_body = QuestionForm,
    responses((status = 200, content((AnswerShape = "application/json"), (AskEventShape = "text/event-stream"))),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["ask", "records:read"])))]
pub async fn ask(
    State(app): State<AppState>,
    Asking(actor): Asking,
    headers: HeaderMap,
    Small(body): Small<QuestionForm>,
) -> Result<Response, Problem> {
    let conversation = body.conversation.map(|id| id.parse().map_err(|_| missing())).transpose()?;
    let question = AskQuestion { text: body.question, conversation, builtin: body.builtin };
    Ok(answer(&app, app.services.ask(&actor, question).await?, &headers).await)
}

/// Asks a question of a conversation again; the new answer takes the place of the old one. Answers as asking
/// does.
#[utoipa::path(post, path = "/ask/conversations/{id}/again", tag = "ask", params(("id" = String, Path,)), request_body = AgainForm,
    responses((status = 200, content((AnswerShape = "application/json"), (AskEventShape = "text/event-stream"))),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["ask", "records:read"])))]
pub async fn again(
    State(app): State<AppState>,
    Asking(actor): Asking,
    Id(id): Id<ConversationId>,
    headers: HeaderMap,
    Small(body): Small<AgainForm>,
) -> Result<Response, Problem> {
    let message = body.message.parse().map_err(|_| missing())?;
    Ok(answer(&app, app.services.ask_again(&actor, id, message, body.builtin).await?, &headers).await)
}

/// Stops the answer that is under way in a conversation; nothing happens when there is none.
#[utoipa::path(post, path = "/ask/conversations/{id}/stop", tag = "ask", params(("id" = String, Path,)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["ask"])))]
pub async fn stop(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<Ask>,
    Id(id): Id<ConversationId>,
) -> Result<StatusCode, Problem> {
    app.services.stop_answer(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Conversations, the newest first. What was answered to the person stands in them, so a token needs `records:read`, too.
#[utoipa::path(get, path = "/ask/conversations", tag = "ask", params(ConversationParams),
    responses((status = 200, body = Conversations), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["ask", "records:read"])))]
pub async fn list(
    State(app): State<AppState>,
    Asking(actor): Asking,
    Params(p): Params<ConversationParams>,
) -> Result<Json<Conversations>, Problem> {
    let found = app.services.conversations(&actor, p.q.as_deref()).await?;
    let items: Vec<ConversationShape> = found.into_iter().map(Into::into).collect();
    Ok(Json(Conversations { total: items.len() as u64, items, next: None }))
}

/// One conversation, oldest question first.
#[utoipa::path(get, path = "/ask/conversations/{id}", tag = "ask", params(("id" = String, Path,)),
    responses((status = 200, body = ConversationDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["ask", "records:read"])))]
pub async fn one(
    State(app): State<AppState>,
    Asking(actor): Asking,
    Id(id): Id<ConversationId>,
) -> Result<Json<ConversationDetail>, Problem> {
    Ok(Json(app.services.conversation(&actor, id).await?.into()))
}

/// Gives a conversation another name.
#[utoipa::path(patch, path = "/ask/conversations/{id}", tag = "ask", params(("id" = String, Path,)), request_body = TitleForm,
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["ask"])))]
pub async fn rename(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<Ask>,
    Id(id): Id<ConversationId>,
    Body(body): Body<TitleForm>,
) -> Result<StatusCode, Problem> {
    app.services.rename_conversation(&actor, id, &body.title).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a conversation with all that was said in it.
#[utoipa::path(delete, path = "/ask/conversations/{id}", tag = "ask", params(("id" = String, Path,)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["ask"])))]
pub async fn delete(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<Ask>,
    Id(id): Id<ConversationId>,
) -> Result<StatusCode, Problem> {
    app.services.delete_conversation(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes all conversations.
#[utoipa::path(delete, path = "/ask/conversations", tag = "ask",
    responses((status = 200, body = DeletedConversations), (status = 401, body = Problem), (status = 403, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["ask"])))]
pub async fn delete_all(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<Ask>,
) -> Result<Json<DeletedConversations>, Problem> {
    Ok(Json(DeletedConversations { deleted: app.services.delete_conversations(&actor).await? }))
}

/// Whether the whole answer is wanted at once.
fn wants_object(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|a| a.to_str().ok()).unwrap_or_default();
    let kinds = || accept.split(',').filter_map(|k| k.split(';').next()).map(str::trim);
    kinds().any(|k| k == "application/json") && !kinds().any(|k| k == "text/event-stream")
}

async fn answer(app: &AppState, turn: Turn, headers: &HeaderMap) -> Response {
    if wants_object(headers) {
        let conversation = turn.conversation;
        let message = turn.message;
        return match turn.end().await {
            Some(AskEvent::Done { answer }) => {
                Json(AnswerShape::of(conversation, message, &answer)).into_response()
            }
            Some(AskEvent::Failed { reason, .. }) => {
                Problem::of(StatusCode::BAD_GATEWAY).because(reason).into_response()
            }
            _ => Problem::of(StatusCode::CONFLICT).because("The answer was stopped.").into_response(),
        };
    }
    let mut stop = app.stop.clone();
    let stopped = async move {
        // A watch whose sender is gone says nothing more; the server goes on then.
        if stop.wait_for(|s| *s).await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let events = turn.events().take_until(Box::pin(stopped)).filter_map(|e| async move {
        Event::default().event(name(&e)).json_data(&e).ok().map(Ok::<_, Infallible>)
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response()
}

const fn name(e: &AskEvent) -> &'static str {
    match e {
        AskEvent::Begun { .. } => "begun",
        AskEvent::Looking { .. } => "looking",
        AskEvent::Delta { .. } => "delta",
        AskEvent::Done { .. } => "done",
        AskEvent::Failed { .. } => "failed",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_object_is_answered_only_to_who_asks_for_one() {
        let wants =
            |accept: &str| wants_object(&[(header::ACCEPT, accept.parse().unwrap())].into_iter().collect());
        assert!(wants("application/json") && wants("text/html;q=0.5, application/json; charset=utf-8"));
        assert!(
            !wants("*/*")
                && !wants("text/event-stream, application/json")
                && !wants_object(&HeaderMap::new())
        );
    }
}
