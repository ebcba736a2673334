//! What a person asked their records, and what was answered. Records and their version are not touched
//! by it, so nothing here needs a [`crate::profile::Change`].

use crate::{
    account::touched,
    error::{Constraint, Result, StoreError},
    row::{args, codes, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::{AccountId, ConversationId, MessageId, ProfileId},
    sealed::Sealed,
    time::Ts,
};

codes! {
    /// How far an answer has come.
    pub enum MessageState {
        /// It is under way.
        Asked = "asked",
        /// It is there.
        Answered = "answered",
        /// It was stopped; what had been said until then may be there.
        Stopped = "stopped",
        /// There is none; the sealed answer says why.
        Failed = "failed",
    }
}
row! {
    /// A conversation.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Conversation {
        /// Its id.
        pub id: ConversationId,
        /// What it is called.
        pub title_sealed: Sealed,
        /// When it began.
        pub created_at: Ts,
        /// When something was last said in it.
        pub changed_at: Ts,
        /// Grows with each change of the title; part of what binds its seal.
        pub row_version: i64,
    }
}
row! {
    /// A question and its answer.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Message {
        /// Its id.
        pub id: MessageId,
        /// The conversation.
        pub conversation_id: ConversationId,
        /// How far the answer has come.
        pub state: MessageState,
        /// The question, sealed for row version 1; it never changes.
        pub question_sealed: Sealed,
        /// The answer, sealed for the present row version.
        pub answer_sealed: Option<Sealed>,
        /// When it was asked first.
        pub asked_at: Ts,
        /// When its state last changed.
        pub changed_at: Ts,
        /// Grows with each change of the answer; part of what binds its seal.
        pub row_version: i64,
    }
}

macro_rules! conversations {
    ($rest:literal) => {
        concat!("SELECT id, title_sealed, created_at, changed_at, row_version FROM conversation ", $rest)
    };
}
macro_rules! messages {
    ($rest:literal) => {
        concat!(
            "SELECT id, conversation_id, state, question_sealed, answer_sealed, asked_at, changed_at, \
             row_version FROM message ",
            $rest
        )
    };
}

/// Begins a conversation; its title is sealed for row version 1.
///
/// # Errors
/// `NotFound` when the profile does not exist.
pub async fn insert_conversation(
    tx: &mut Tx,
    profile: ProfileId,
    id: ConversationId,
    title_sealed: &Sealed,
    (created, changed): (Ts, Ts),
) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO conversation (id, profile_id, title_sealed, created_at, changed_at, row_version) \
             VALUES ($1, $2, $3, $4, $5, 1)",
            args![id, profile, title_sealed, created, changed],
        )
        .await?;
    Ok(())
}

/// A conversation of the profile.
///
/// # Errors
/// `NotFound`.
pub async fn get_conversation(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    id: ConversationId,
) -> Result<Conversation> {
    let mut conn = from.into().conn().await?;
    conn.one(conversations!("WHERE profile_id = $1 AND id = $2"), args![profile, id]).await
}

/// All conversations of the profile; the one in which something was said last comes first.
///
/// # Errors
/// Those of the connection.
pub async fn list_conversations(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
) -> Result<Vec<Conversation>> {
    let mut conn = from.into().conn().await?;
    conn.all(conversations!("WHERE profile_id = $1 ORDER BY changed_at DESC, id DESC"), args![profile]).await
}

/// Gives a conversation another title, sealed for row version `expected` plus 1.
///
/// # Errors
/// `Conflict(RowVersion)` when it changed since it was read, `NotFound`.
pub async fn update_title(
    tx: &mut Tx,
    profile: ProfileId,
    id: ConversationId,
    expected: i64,
    title_sealed: &Sealed,
) -> Result<()> {
    let rows = tx
        .conn()
        .run(
            "UPDATE conversation SET title_sealed = $4, row_version = row_version + 1 \
             WHERE profile_id = $1 AND id = $2 AND row_version = $3",
            args![profile, id, expected, title_sealed],
        )
        .await?;
    if rows == 0 {
        get_conversation(tx, profile, id).await?;
        return Err(StoreError::conflict(Constraint::RowVersion));
    }
    Ok(())
}

/// Notes that something was said in a conversation.
///
/// # Errors
/// `NotFound`.
pub async fn touch_conversation(tx: &mut Tx, profile: ProfileId, id: ConversationId, now: Ts) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "UPDATE conversation SET changed_at = $3 WHERE profile_id = $1 AND id = $2",
                args![profile, id, now],
            )
            .await?,
    )
}

/// Deletes a conversation with all that was said in it.
///
/// # Errors
/// `NotFound`.
pub async fn delete_conversation(tx: &mut Tx, profile: ProfileId, id: ConversationId) -> Result<()> {
    touched(
        tx.conn()
            .run("DELETE FROM conversation WHERE profile_id = $1 AND id = $2", args![profile, id])
            .await?,
    )
}

/// Deletes all conversations of the profile, and says how many there were.
///
/// # Errors
/// Those of the connection.
pub async fn delete_conversations(tx: &mut Tx, profile: ProfileId) -> Result<u64> {
    tx.conn().run("DELETE FROM conversation WHERE profile_id = $1", args![profile]).await
}

/// A message to be added, row version 1.
pub struct NewMessage<'a> {
    /// Its id, newly made.
    pub id: MessageId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// How far the answer has come.
    pub state: MessageState,
    /// The question, sealed for row version 1.
    pub question_sealed: &'a Sealed,
    /// The answer, sealed for row version 1, where it is known already.
    pub answer_sealed: Option<&'a Sealed>,
    /// When it was asked.
    pub asked_at: Ts,
}

/// Adds a message.
///
/// # Errors
/// `NotFound` when the conversation is not the profile's.
pub async fn insert_message(tx: &mut Tx, profile: ProfileId, new: &NewMessage<'_>) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO message (id, profile_id, conversation_id, state, question_sealed, answer_sealed, \
             asked_at, changed_at, row_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 1)",
            args![
                new.id,
                profile,
                new.conversation_id,
                new.state,
                new.question_sealed,
                new.answer_sealed.cloned(),
                new.asked_at
            ],
        )
        .await?;
    Ok(())
}

/// A message of one conversation.
///
/// # Errors
/// `NotFound`.
pub async fn get_message(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    conversation: ConversationId,
    id: MessageId,
) -> Result<Message> {
    let mut conn = from.into().conn().await?;
    conn.one(
        messages!("WHERE profile_id = $1 AND conversation_id = $2 AND id = $3"),
        args![profile, conversation, id],
    )
    .await
}

/// What was said in a conversation, oldest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_messages(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    conversation: ConversationId,
) -> Result<Vec<Message>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        messages!("WHERE profile_id = $1 AND conversation_id = $2 ORDER BY asked_at, id"),
        args![profile, conversation],
    )
    .await
}

/// What was said in all conversations of the profile, oldest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_all_messages(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<Vec<Message>> {
    let mut conn = from.into().conn().await?;
    conn.all(messages!("WHERE profile_id = $1 ORDER BY asked_at, id"), args![profile]).await
}

row! {
    /// How much was said in a conversation.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct MessageCount {
        /// The conversation.
        pub conversation_id: ConversationId,
        /// Questions in it.
        pub messages: i64,
    }
}

/// How many questions each conversation of the profile holds.
///
/// # Errors
/// Those of the connection.
pub async fn count_messages(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<Vec<MessageCount>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT conversation_id, CAST(count(*) AS BIGINT) FROM message WHERE profile_id = $1 \
         GROUP BY conversation_id",
        args![profile],
    )
    .await
}

/// Changes a message's state and answer, the answer sealed for row version `expected` plus 1.
///
/// # Errors
/// `Conflict(RowVersion)` when it changed since it was read, `NotFound`.
pub async fn update_message(
    tx: &mut Tx,
    profile: ProfileId,
    id: MessageId,
    expected: i64,
    (state, answer): (MessageState, Option<&Sealed>),
    now: Ts,
) -> Result<()> {
    let rows = tx
        .conn()
        .run(
            "UPDATE message SET state = $4, answer_sealed = $5, changed_at = $6, row_version = row_version + 1 \
             WHERE profile_id = $1 AND id = $2 AND row_version = $3",
            args![profile, id, expected, state, answer.cloned(), now],
        )
        .await?;
    if rows == 0 {
        let mut conn = tx.conn();
        let found: Option<Message> =
            conn.opt(messages!("WHERE profile_id = $1 AND id = $2"), args![profile, id]).await?;
        found.ok_or(StoreError::NotFound)?;
        return Err(StoreError::conflict(Constraint::RowVersion));
    }
    Ok(())
}

/// Counts a question of an account on a day (UTC days since 1970), and forgets the days before. False
/// when there were `limit` already: nothing is counted then.
///
/// # Errors
/// Those of the connection.
pub async fn count_question(tx: &mut Tx, account: AccountId, day: i64, limit: i64) -> Result<bool> {
    let mut conn = tx.conn();
    conn.run("DELETE FROM ask_count WHERE account_id = $1 AND day < $2", args![account, day]).await?;
    let counted = conn
        .run(
            "INSERT INTO ask_count (account_id, day, questions) SELECT $1, $2, 1 WHERE $3 > 0 \
             ON CONFLICT (account_id, day) DO UPDATE SET questions = ask_count.questions + 1 \
             WHERE ask_count.questions < $3",
            args![account, day, limit],
        )
        .await?;
    Ok(counted == 1)
}
