//! Conversations, what was said in them, and the count of questions, on both engines.
#![allow(clippy::unwrap_used)]

use keepwell_domain::{
    ids::{ConversationId, MessageId, ProfileId},
    time::Ts,
};
use keepwell_store::{
    Constraint, Store, StoreError, Tx,
    conversation::{self, MessageState, NewMessage},
    erase,
    testing::{dump, for_each_engine, insert_person, new_uuid, sealed},
};

const NOW: Ts = Ts(1_800_000_000_000_000);

fn at(seconds: i64) -> Ts {
    NOW.plus_seconds(seconds)
}

async fn begin(store: &Store, profile: ProfileId, when: Ts) -> ConversationId {
    let id = ConversationId::new(new_uuid());
    let mut tx = store.begin().await.unwrap();
    conversation::insert_conversation(&mut tx, profile, id, &sealed("title"), (when, when)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn say(
    store: &Store,
    profile: ProfileId,
    to: ConversationId,
    when: Ts,
) -> Result<MessageId, StoreError> {
    let (id, question) = (MessageId::new(new_uuid()), sealed("question"));
    let new = NewMessage {
        id,
        conversation_id: to,
        state: MessageState::Asked,
        question_sealed: &question,
        answer_sealed: None,
        asked_at: when,
    };
    let mut tx = store.begin().await.unwrap();
    conversation::insert_message(&mut tx, profile, &new).await?;
    conversation::touch_conversation(&mut tx, profile, to, when).await?;
    tx.commit().await.unwrap();
    Ok(id)
}

#[tokio::test]
async fn conversations_come_by_what_was_said_last_and_messages_by_their_time() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let (a, b) = (begin(&store, profile, at(0)).await, begin(&store, profile, at(1)).await);
        let second = say(&store, profile, a, at(5)).await.unwrap();
        let first = say(&store, profile, a, at(3)).await.unwrap();
        say(&store, profile, b, at(2)).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        conversation::touch_conversation(&mut tx, profile, a, at(9)).await.unwrap();
        tx.commit().await.unwrap();
        let list = conversation::list_conversations(&store, profile).await.unwrap();
        assert_eq!(list.iter().map(|c| c.id).collect::<Vec<_>>(), [a, b]);
        assert_eq!((list[0].created_at, list[0].changed_at, list[0].row_version), (at(0), at(9), 1));
        let said = conversation::list_messages(&store, profile, a).await.unwrap();
        assert_eq!(said.iter().map(|m| m.id).collect::<Vec<_>>(), [first, second]);
        assert_eq!(conversation::list_all_messages(&store, profile).await.unwrap().len(), 3);
        let counts = conversation::count_messages(&store, profile).await.unwrap();
        let of = |id| counts.iter().find(|c| c.conversation_id == id).map(|c| c.messages);
        assert_eq!((of(a), of(b)), (Some(2), Some(1)));
    })
    .await;
}

async fn end(tx: Tx, done: &Result<(), StoreError>) {
    match done {
        Ok(()) => tx.commit().await.unwrap(),
        Err(StoreError::Conflict { constraint: Constraint::RowVersion }) => tx.rollback().await.unwrap(),
        Err(e) => unreachable!("{e}"),
    }
}

#[tokio::test]
async fn answer_and_title_change_only_from_the_version_that_was_read() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let id = begin(&store, profile, at(0)).await;
        let m = say(&store, profile, id, at(1)).await.unwrap();
        for (expected, outcome) in [(2, false), (1, true), (1, false), (2, true)] {
            let mut tx = store.begin().await.unwrap();
            let answer = sealed("answer");
            let to = (MessageState::Answered, Some(&answer));
            let done = conversation::update_message(&mut tx, profile, m, expected, to, at(7)).await;
            end(tx, &done).await;
            let mut tx = store.begin().await.unwrap();
            let renamed = conversation::update_title(&mut tx, profile, id, expected, &sealed("other")).await;
            end(tx, &renamed).await;
            assert_eq!((done.is_ok(), renamed.is_ok()), (outcome, outcome), "{expected}");
        }
        let after = conversation::get_message(&store, profile, id, m).await.unwrap();
        assert_eq!((after.state, after.row_version, after.asked_at), (MessageState::Answered, 3, at(1)));
        assert_eq!(after.answer_sealed, Some(sealed("answer")));
        assert_eq!(after.changed_at, at(7));
        let after = conversation::get_conversation(&store, profile, id).await.unwrap();
        assert_eq!((after.row_version, after.title_sealed), (3, sealed("other")));
    })
    .await;
}

#[tokio::test]
async fn another_profiles_conversation_looks_missing_in_every_way() {
    for_each_engine(async |store| {
        let (_, owner) = insert_person(&store, NOW).await;
        let (_, stranger) = insert_person(&store, NOW).await;
        let id = begin(&store, owner, at(0)).await;
        let m = say(&store, owner, id, at(1)).await.unwrap();
        let missing = |r: Result<(), StoreError>| matches!(r, Err(StoreError::NotFound));
        assert!(missing(conversation::get_conversation(&store, stranger, id).await.map(|_| ())));
        assert!(missing(conversation::get_message(&store, stranger, id, m).await.map(|_| ())));
        assert!(conversation::list_messages(&store, stranger, id).await.unwrap().is_empty());
        assert!(conversation::list_conversations(&store, stranger).await.unwrap().is_empty());
        assert!(missing(say(&store, stranger, id, at(2)).await.map(|_| ())));
        let mut tx = store.begin().await.unwrap();
        assert!(missing(conversation::delete_conversation(&mut tx, stranger, id).await));
        assert_eq!(conversation::delete_conversations(&mut tx, stranger).await.unwrap(), 0);
        let to = (MessageState::Stopped, None);
        assert!(missing(conversation::update_message(&mut tx, stranger, m, 1, to, at(3)).await));
        assert!(missing(conversation::update_title(&mut tx, stranger, id, 1, &sealed("x")).await));
        tx.commit().await.unwrap();
        assert_eq!(conversation::list_messages(&store, owner, id).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn deleting_and_erasing_leave_no_row() {
    for_each_engine(async |store| {
        let (account, profile) = insert_person(&store, NOW).await;
        let (a, b) = (begin(&store, profile, at(0)).await, begin(&store, profile, at(1)).await);
        for c in [a, b] {
            say(&store, profile, c, at(2)).await.unwrap();
        }
        let mut tx = store.begin().await.unwrap();
        conversation::delete_conversation(&mut tx, profile, a).await.unwrap();
        assert!(conversation::count_question(&mut tx, account, 20_000, 5).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(conversation::list_all_messages(&store, profile).await.unwrap().len(), 1);
        erase::delete_account_rows(&store, account, at(3)).await.unwrap();
        let left = dump(&store).await.unwrap();
        for table in ["data.conversation", "data.message", "data.ask_count"] {
            assert!(left[table].is_empty(), "{table}");
        }
    })
    .await;
}

#[tokio::test]
async fn questions_are_counted_to_their_limit_and_anew_on_the_next_day() {
    for_each_engine(async |store| {
        let (account, _) = insert_person(&store, NOW).await;
        let (other, _) = insert_person(&store, NOW).await;
        let mut tx = store.begin().await.unwrap();
        for (who, day, limit, counted) in [
            (account, 20_000, 2, true),
            (account, 20_000, 2, true),
            (account, 20_000, 2, false),
            (other, 20_000, 2, true),
            (account, 20_001, 2, true),
            (account, 20_001, 0, false),
            (other, 20_001, 0, false),
        ] {
            let found = conversation::count_question(&mut tx, who, day, limit).await.unwrap();
            assert_eq!(found, counted, "{day}");
        }
        tx.commit().await.unwrap();
        assert_eq!(dump(&store).await.unwrap()["data.ask_count"].len(), 1, "days before are forgotten");
    })
    .await;
}
