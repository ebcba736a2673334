//! What of a conversation is sealed, and how.

use crate::{
    error::{Result, ServiceError},
    keyring::{ProfileKeys, Table},
};
use keepwell_domain::{
    ids::{ConversationId, MessageId},
    sealed::Sealed,
    time::Ts,
    view::{Answer, Exchange},
};
use keepwell_store::conversation::{Conversation, Message, MessageState};
use serde::{Deserialize, Serialize};

/// An answer that has been under way for longer than this lost its server.
pub(crate) const LOST_S: i64 = 600;

/// The sealed part of an answer. Self-describing, so that a newer version reads an older.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    /// The answer, or what had been said of it when it was stopped.
    pub answer: Option<Answer>,
    /// Why there is none, in plain words.
    pub reason: Option<String>,
    /// Whether asking again can help.
    pub again: bool,
    /// What the next question may refer to, in the answerer's own form.
    pub context: Option<serde_json::Value>,
}

fn bad(what: &'static str) -> ServiceError {
    ServiceError::internal(what, &"does not read")
}

fn version(v: i64) -> Result<u32> {
    u32::try_from(v).map_err(|_| ServiceError::Internal)
}

impl Kept {
    /// Seals it for the row version that the write will make.
    pub fn seal(&self, keys: &ProfileKeys, id: MessageId, row_version: i64) -> Result<Sealed> {
        let plain = serde_json::to_vec(self).map_err(|_| bad("answer"))?;
        keys.seal(Table::Message, "answer", id.uuid(), version(row_version)?, &plain)
    }
    /// Opens a message's answer; an empty one where there is none.
    pub fn open(keys: &ProfileKeys, m: &Message) -> Result<Self> {
        let Some(sealed) = &m.answer_sealed else { return Ok(Self::default()) };
        let plain = keys.open(Table::Message, "answer", m.id.uuid(), version(m.row_version)?, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| bad("answer"))
    }
}

/// Seals a question; it never changes.
pub(crate) fn seal_question(keys: &ProfileKeys, id: MessageId, text: &str) -> Result<Sealed> {
    keys.seal(Table::Message, "question", id.uuid(), 1, text.as_bytes())
}

/// Opens a question.
pub(crate) fn open_question(keys: &ProfileKeys, m: &Message) -> Result<String> {
    let plain = keys.open(Table::Message, "question", m.id.uuid(), 1, &m.question_sealed)?;
    String::from_utf8(plain).map_err(|_| bad("question"))
}

/// Seals a title for the row version that the write will make.
pub(crate) fn seal_title(
    keys: &ProfileKeys,
    id: ConversationId,
    row_version: i64,
    text: &str,
) -> Result<Sealed> {
    keys.seal(Table::Conversation, "title", id.uuid(), version(row_version)?, text.as_bytes())
}

/// Opens a conversation's title.
pub(crate) fn open_title(keys: &ProfileKeys, c: &Conversation) -> Result<String> {
    let at = version(c.row_version)?;
    let plain = keys.open(Table::Conversation, "title", c.id.uuid(), at, &c.title_sealed)?;
    String::from_utf8(plain).map_err(|_| bad("title"))
}

/// Whether an answer is still under way.
pub(crate) fn is_under_way(m: &Message, now: Ts) -> bool {
    m.state == MessageState::Asked && now < m.changed_at.plus_seconds(LOST_S)
}

/// A question and its answer as they are shown.
pub(crate) fn exchange(keys: &ProfileKeys, m: &Message, now: Ts) -> Result<Exchange> {
    let kept = Kept::open(keys, m)?;
    let stopped =
        m.state == MessageState::Stopped || (m.state == MessageState::Asked && !is_under_way(m, now));
    Ok(Exchange {
        id: m.id,
        asked: m.asked_at,
        question: open_question(keys, m)?,
        answer: kept.answer,
        stopped,
        failed: (m.state == MessageState::Failed).then(|| kept.reason.unwrap_or_default()),
    })
}
