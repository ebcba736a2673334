//! Conversations of an export: their receipts are made to name what is here, and what is here already is
//! not added twice.

use crate::{
    ask::kept::{Kept, open_question, seal_question, seal_title},
    core::fresh,
    error::Result,
    keyring::ProfileKeys,
};
use keepwell_domain::{
    ids::{ConversationId, DocumentId, MessageId, ProfileId, RecordId},
    time::Ts,
    view::Answer,
};
use keepwell_parsers::restore::{ConversationLine, MessageLine};
use keepwell_store::{
    Tx,
    conversation::{self as rows, MessageState, NewMessage},
};
use std::collections::{HashMap, HashSet, hash_map::Entry};

/// Longest texts that are taken, in characters; the export of an instance holds no longer ones.
const TITLE: usize = 120;
const QUESTION: usize = 2_000;

/// Gives the answers of a conversation the ids of this instance. What is not here is not named.
pub(super) fn here(
    c: &mut ConversationLine,
    records: &HashMap<String, RecordId>,
    documents: &HashMap<String, DocumentId>,
) {
    let document = |d: Option<DocumentId>| d.and_then(|d| documents.get(&d.to_string()).copied());
    for m in &mut c.messages {
        // What the next question may refer to names ids as well, in a form that only the answerer knows.
        m.context = m.context.take().map(|v| renamed(v, records, documents));
        let Some(Answer { receipts, coverage, .. }) = &mut m.answer else { continue };
        for r in receipts {
            r.record = r.record.and_then(|id| records.get(&id.to_string()).copied());
            r.document = document(r.document);
        }
        for l in &mut coverage.left_out {
            l.document = document(l.document);
        }
    }
}

/// The same value with every text that is an id of the export as the one that it is here.
fn renamed(
    v: serde_json::Value,
    records: &HashMap<String, RecordId>,
    documents: &HashMap<String, DocumentId>,
) -> serde_json::Value {
    use serde_json::Value;
    match v {
        Value::String(s) => {
            let found = records.get(&s).map(ToString::to_string);
            Value::String(found.or_else(|| documents.get(&s).map(ToString::to_string)).unwrap_or(s))
        }
        Value::Array(a) => a.into_iter().map(|v| renamed(v, records, documents)).collect(),
        Value::Object(o) => o.into_iter().map(|(k, v)| (k, renamed(v, records, documents))).collect(),
        other => other,
    }
}

/// Adds the conversations that the profile does not have yet.
pub(in crate::import) async fn write_conversations(
    tx: &mut Tx,
    profile: ProfileId,
    keys: &ProfileKeys,
    lines: Vec<ConversationLine>,
) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut there = known(tx, profile, keys).await?;
    for line in lines {
        let first = line.messages.first().map(|m| short(&m.question, QUESTION)).unwrap_or_default();
        if there.insert((line.created, first)) {
            write_one(tx, profile, keys, line).await?;
        }
    }
    Ok(())
}

/// When each conversation began, and with which question.
async fn known(tx: &mut Tx, profile: ProfileId, keys: &ProfileKeys) -> Result<HashSet<(Ts, String)>> {
    let mut first: HashMap<ConversationId, String> = HashMap::new();
    for m in rows::list_all_messages(&mut *tx, profile).await? {
        if let Entry::Vacant(free) = first.entry(m.conversation_id) {
            free.insert(open_question(keys, &m)?);
        }
    }
    let all = rows::list_conversations(tx, profile).await?;
    Ok(all.iter().map(|c| (c.created_at, first.remove(&c.id).unwrap_or_default())).collect())
}

fn short(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').take(most).collect()
}

async fn write_one(
    tx: &mut Tx,
    profile: ProfileId,
    keys: &ProfileKeys,
    line: ConversationLine,
) -> Result<()> {
    let id = fresh::<ConversationId>();
    let title = seal_title(keys, id, 1, &short(&line.title, TITLE))?;
    let times = (line.created, line.changed.max(line.created));
    rows::insert_conversation(tx, profile, id, &title, times).await?;
    for m in line.messages {
        write_message(tx, profile, keys, id, m).await?;
    }
    Ok(())
}

async fn write_message(
    tx: &mut Tx,
    profile: ProfileId,
    keys: &ProfileKeys,
    to: ConversationId,
    m: MessageLine,
) -> Result<()> {
    let id = fresh::<MessageId>();
    // What was under way in another instance is not under way here.
    let state = MessageState::parse(&m.state).filter(|s| *s != MessageState::Asked);
    let kept = Kept { answer: m.answer, reason: m.reason, again: m.again, context: m.context };
    let (question, answer) =
        (seal_question(keys, id, &short(&m.question, QUESTION))?, kept.seal(keys, id, 1)?);
    let new = NewMessage {
        id,
        conversation_id: to,
        state: state.unwrap_or(MessageState::Stopped),
        question_sealed: &question,
        answer_sealed: Some(&answer),
        asked_at: m.asked,
    };
    Ok(rows::insert_message(tx, profile, &new).await?)
}
