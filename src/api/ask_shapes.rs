//! Conversations and answers on the wire.

use keepwell_domain::{
    ids::{ConversationId, MessageId},
    view::{
        Answer, AnsweredBy, AskReceipt, Block, ConversationRow, ConversationView, Coverage, Exchange, Line,
        Outcome,
    },
};
use serde::Serialize;
use utoipa::ToSchema;

/// An answer.
#[derive(Serialize, ToSchema)]
pub struct AnswerShape {
    /// The answer in plain text.
    answer: String,
    /// Where each number of it comes from.
    receipts: Vec<AskReceiptShape>,
    /// What was looked at: `looked_at`, `from`, `to`, and `left_out` with the reason and how many.
    #[schema(value_type = Object)]
    coverage: Coverage,
    /// The conversation.
    conversation: String,
    /// The id of the answer.
    message: String,
    /// `answered`, `nothing`, `ambiguous`, `not_understood`, `declined` or `help`.
    #[schema(value_type = String)]
    outcome: Outcome,
    /// What has to be said before anything else, as lines of pieces.
    #[schema(value_type = Vec<Vec<Object>>)]
    first: Vec<Line>,
    /// The answer in parts: paragraphs, lists, tables and charts, their pieces each `text`, `value` (with the
    /// number of its receipt, from 0) or `unverified`.
    #[schema(value_type = Vec<Object>)]
    blocks: Vec<Block>,
    /// Questions that can be asked next or, for `ambiguous`, that were meant perhaps.
    choices: Vec<String>,
    /// Who answered: `by` is `builtin` or `model`, the latter with `provider` and `model`.
    #[schema(value_type = Object)]
    answered_by: AnsweredBy,
}

impl AnswerShape {
    /// An answer as it is sent.
    pub fn of(conversation: ConversationId, message: MessageId, a: &Answer) -> Self {
        Self {
            answer: a.plain(),
            receipts: a.receipts.iter().map(Into::into).collect(),
            coverage: a.coverage.clone(),
            conversation: conversation.to_string(),
            message: message.to_string(),
            outcome: a.outcome,
            first: a.first.clone(),
            blocks: a.blocks.clone(),
            choices: a.choices.clone(),
            answered_by: a.by.clone(),
        }
    }
}

/// Where something in an answer comes from.
#[derive(Serialize, ToSchema)]
pub struct AskReceiptShape {
    /// The kind of record.
    kind: &'static str,
    /// The record, at `/api/v1/records/{id}`; none for a computed value or a day of samples.
    record: Option<String>,
    /// The marker's key, at `/api/v1/markers/{key}/series`.
    marker: Option<String>,
    /// What was measured or stated.
    title: String,
    /// The value as printed.
    value: String,
    /// Date as stated.
    date: String,
    /// The document that says it; none when typed in.
    document: Option<String>,
    /// The document's name.
    document_name: String,
    /// The place in the document, in the format's own words.
    locator: String,
    /// For a computed value: the formula in words.
    formula: Option<String>,
    /// For a computed value: the numbers of the receipts that went in, from 0.
    from: Vec<u32>,
}

impl From<&AskReceipt> for AskReceiptShape {
    fn from(r: &AskReceipt) -> Self {
        Self {
            kind: r.kind.as_str(),
            record: r.record.map(|id| id.to_string()),
            marker: r.marker.clone(),
            title: r.title.clone(),
            value: r.value.clone(),
            date: r.date.clone(),
            document: r.document.map(|id| id.to_string()),
            document_name: r.document_name.clone(),
            locator: r.place.clone(),
            formula: r.computed.as_ref().map(|c| c.formula.clone()),
            from: r.computed.as_ref().map(|c| c.from.clone()).unwrap_or_default(),
        }
    }
}

/// A conversation in the list.
#[derive(Serialize, ToSchema)]
pub struct ConversationShape {
    /// Id.
    id: String,
    /// Its name.
    title: String,
    /// When something was last said in it, RFC 3339.
    changed: String,
    /// Questions in it.
    questions: u32,
}

impl From<ConversationRow> for ConversationShape {
    fn from(c: ConversationRow) -> Self {
        Self { id: c.id.to_string(), title: c.title, changed: c.changed.rfc3339(), questions: c.questions }
    }
}

/// Conversations.
#[derive(Serialize, ToSchema)]
pub struct Conversations {
    /// The newest first.
    pub items: Vec<ConversationShape>,
    /// Always none: this is all.
    pub next: Option<String>,
    /// How many.
    pub total: u64,
}

/// How many conversations were deleted.
#[derive(Serialize, ToSchema)]
pub struct DeletedConversations {
    /// That many.
    pub deleted: u64,
}

/// One conversation.
#[derive(Serialize, ToSchema)]
pub struct ConversationDetail {
    /// Id.
    id: String,
    /// Its name.
    title: String,
    /// What was said, oldest first.
    exchanges: Vec<ExchangeShape>,
}

/// A question and its answer.
#[derive(Serialize, ToSchema)]
pub struct ExchangeShape {
    /// Id of the answer.
    id: String,
    /// When it was asked, RFC 3339.
    asked: String,
    /// The question.
    question: String,
    /// `under_way`, `answered`, `stopped` or `failed`.
    state: &'static str,
    /// The answer, when there is one.
    answer: Option<AnswerShape>,
    /// Why there is none.
    reason: Option<String>,
}

/// One event of the stream of an answer.
#[derive(Serialize, ToSchema)]
pub struct AskEventShape {
    /// `begun`, `looking`, `delta`, `done` or `failed`.
    event: &'static str,
    /// A JSON object with the same word in `event`, and what belongs to it.
    data: String,
}

impl From<ConversationView> for ConversationDetail {
    fn from(c: ConversationView) -> Self {
        let id = c.id;
        Self {
            id: id.to_string(),
            title: c.title,
            exchanges: c.exchanges.into_iter().map(|e| ExchangeShape::of(id, e)).collect(),
        }
    }
}

impl ExchangeShape {
    fn of(conversation: ConversationId, e: Exchange) -> Self {
        let state = match (&e.answer, e.stopped, &e.failed) {
            (_, true, _) => "stopped",
            (_, _, Some(_)) => "failed",
            (Some(_), ..) => "answered",
            (None, ..) => "under_way",
        };
        Self {
            id: e.id.to_string(),
            asked: e.asked.rfc3339(),
            state,
            answer: e.answer.as_ref().map(|a| AnswerShape::of(conversation, e.id, a)),
            question: e.question,
            reason: e.failed,
        }
    }
}
