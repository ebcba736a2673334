//! Conversations: asked, kept, found, stopped, deleted, taken away and brought back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use futures::StreamExt;
use keepwell_domain::{
    ids::ConversationId,
    view::{Answer, AskEvent, Outcome},
};
use keepwell_services::{Actor, AskQuestion, ServiceError, Turn};
use keepwell_store::testing::for_each_engine;
use support::{Test, bundle, lab};

fn question(text: &str, conversation: Option<ConversationId>) -> AskQuestion {
    AskQuestion { text: text.to_owned(), conversation, builtin: true }
}

async fn answered(turn: Turn) -> Answer {
    match turn.end().await {
        Some(AskEvent::Done { answer }) => *answer,
        Some(AskEvent::Failed { reason, .. }) => panic!("{reason}"),
        _ => panic!("no answer"),
    }
}

async fn ask(t: &Test, who: &Actor, text: &str, at: Option<ConversationId>) -> (ConversationId, Answer) {
    let turn = t.services.ask(who, question(text, at)).await.unwrap();
    (turn.conversation, answered(turn).await)
}

async fn person_with_ferritin(t: &Test, email: &str) -> Actor {
    let eva = t.person(email).await;
    let file = bundle(&[
        lab("a", "2276-4", "Ferritin", "2023-01-10", "25.0", "ng/mL"),
        lab("b", "2276-4", "Ferritin", "2024-01-10", "31", "ng/mL"),
    ]);
    t.bring(&eva, "labs.json", &file).await;
    t.services.actor_for_email(email).await.unwrap()
}

#[tokio::test]
async fn a_question_its_answer_and_a_follow_up_stand_in_one_conversation() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = person_with_ferritin(&t, "eva@example.org").await;
        let (id, answer) = ask(&t, &eva, "What was my last ferritin?", None).await;
        assert_eq!(answer.outcome, Outcome::Answered);
        assert!(answer.plain().contains("31"), "{}", answer.plain());
        let receipt = &answer.receipts[0];
        let row = t.services.document_row(&eva, receipt.document.unwrap()).await.unwrap();
        assert_eq!(row.name, "labs.json");
        let (same, before) = ask(&t, &eva, "and before that?", Some(id)).await;
        assert_eq!(same, id);
        assert!(before.plain().contains("25"), "{}", before.plain());
        let view = t.services.conversation(&eva, id).await.unwrap();
        assert_eq!(view.title, "What was my last ferritin?");
        let said: Vec<&str> = view.exchanges.iter().map(|e| e.question.as_str()).collect();
        assert_eq!(said, ["What was my last ferritin?", "and before that?"]);
        assert!(view.exchanges.iter().all(|e| e.answer.is_some() && !e.stopped && e.failed.is_none()));
        let list = t.services.conversations(&eva, None).await.unwrap();
        assert_eq!((list.len(), list[0].id, list[0].questions), (1, id, 2));
    })
    .await;
}

#[tokio::test]
async fn asking_again_puts_a_new_answer_in_the_place_of_the_old_one() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = person_with_ferritin(&t, "eva@example.org").await;
        let (id, _) = ask(&t, &eva, "What was my last ferritin?", None).await;
        let newer = bundle(&[lab("c", "2276-4", "Ferritin", "2025-01-10", "44", "ng/mL")]);
        t.bring(&eva, "newer.json", &newer).await;
        let eva = t.services.actor_for_email("eva@example.org").await.unwrap();
        let message = t.services.conversation(&eva, id).await.unwrap().exchanges[0].id;
        let again = answered(t.services.ask_again(&eva, id, message, true).await.unwrap()).await;
        assert!(again.plain().contains("44"), "{}", again.plain());
        let view = t.services.conversation(&eva, id).await.unwrap();
        assert_eq!(view.exchanges.len(), 1);
        assert!(view.exchanges[0].answer == Some(again));
    })
    .await;
}

#[tokio::test]
async fn whoever_goes_away_stops_the_answer() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = person_with_ferritin(&t, "eva@example.org").await;
        let turn = t.services.ask(&eva, question("What was my last ferritin?", None)).await.unwrap();
        let id = turn.conversation;
        let mut events = Box::pin(turn.events());
        assert!(
            matches!(events.next().await, Some(AskEvent::Begun { conversation, .. }) if conversation == id)
        );
        drop(events);
        // Either it was answered in that very moment, or it says that it was stopped; never neither.
        for _ in 0..3000 {
            let e = t.services.conversation(&eva, id).await.unwrap().exchanges.remove(0);
            if e.stopped || e.answer.is_some() {
                assert!(e.failed.is_none());
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("it is under way for ever");
    })
    .await;
}

#[tokio::test]
async fn words_are_found_in_names_questions_and_answers() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = person_with_ferritin(&t, "eva@example.org").await;
        let (a, _) = ask(&t, &eva, "What was my last ferritin?", None).await;
        let (b, _) = ask(&t, &eva, "Which medications am I taking?", None).await;
        t.services.rename_conversation(&eva, b, "  Pills for Zoë ").await.unwrap();
        let found = async |words: &str| {
            let list = t.services.conversations(&eva, Some(words)).await.unwrap();
            list.into_iter().map(|c| c.id).collect::<Vec<_>>()
        };
        assert_eq!(found("FERRITIN last").await, [a]);
        assert_eq!(found("31").await, [a], "in the answer");
        assert_eq!(found("zoe").await, [b], "in the name");
        assert_eq!(found("medications").await, [b]);
        assert!(found("nothing of it").await.is_empty());
        assert_eq!(found(" ").await.len(), 2, "nothing is looked for");
        let long = "x".repeat(121);
        for bad in ["", " ", long.as_str()] {
            let refused = t.services.rename_conversation(&eva, b, bad).await;
            assert!(matches!(refused, Err(ServiceError::Invalid { field: "title", .. })));
        }
    })
    .await;
}

#[tokio::test]
async fn anothers_conversation_looks_like_one_that_is_not_there() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = person_with_ferritin(&t, "eva@example.org").await;
        let bob = t.person("bob@example.org").await;
        let (id, _) = ask(&t, &eva, "What was my last ferritin?", None).await;
        let m = t.services.conversation(&eva, id).await.unwrap().exchanges[0].id;
        let s = &t.services;
        assert!(matches!(s.conversation(&bob, id).await, Err(ServiceError::NotFound)));
        assert!(matches!(s.rename_conversation(&bob, id, "x").await, Err(ServiceError::NotFound)));
        assert!(matches!(s.delete_conversation(&bob, id).await, Err(ServiceError::NotFound)));
        assert!(matches!(s.stop_answer(&bob, id).await, Err(ServiceError::NotFound)));
        assert!(matches!(s.ask_again(&bob, id, m, true).await, Err(ServiceError::NotFound)));
        assert!(matches!(s.ask(&bob, question("x", Some(id))).await, Err(ServiceError::NotFound)));
        assert_eq!(s.delete_conversations(&bob).await.unwrap(), 0);
        assert!(s.conversations(&bob, None).await.unwrap().is_empty());
        assert_eq!(s.conversations(&eva, None).await.unwrap().len(), 1);
        s.delete_conversation(&eva, id).await.unwrap();
        assert!(matches!(s.conversation(&eva, id).await, Err(ServiceError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_question_has_words_and_not_too_many() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let long = "?".repeat(2_001);
        for bad in ["", " \n ", long.as_str()] {
            let refused = t.services.ask(&eva, question(bad, None)).await;
            assert!(matches!(refused, Err(ServiceError::Invalid { field: "question", .. })));
        }
        assert!(t.services.conversations(&eva, None).await.unwrap().is_empty(), "nothing is kept of it");
        answered(t.services.ask(&eva, question(&"ß".repeat(2_000), None)).await.unwrap()).await;
    })
    .await;
}

#[tokio::test]
async fn the_days_questions_are_counted_where_they_are_limited() {
    for_each_engine(async |store| {
        let t = Test::with_daily(store, Some(2)).await;
        let eva = t.person("eva@example.org").await;
        ask(&t, &eva, "What was my last ferritin?", None).await;
        let (id, _) = ask(&t, &eva, "Which allergies do I have?", None).await;
        let spent = t.services.ask(&eva, question("And now?", Some(id))).await;
        assert!(matches!(spent, Err(ServiceError::Spent { limit: 2, .. })));
        let m = t.services.conversation(&eva, id).await.unwrap().exchanges[0].id;
        let spent = t.services.ask_again(&eva, id, m, true).await;
        assert!(matches!(spent, Err(ServiceError::Spent { .. })));
        assert_eq!(t.services.conversation(&eva, id).await.unwrap().exchanges.len(), 1);
        t.wait(86_400);
        let eva = t.person("late@example.org").await;
        ask(&t, &eva, "Which allergies do I have?", None).await;
    })
    .await;
}

#[tokio::test]
async fn suggestions_are_questions_that_the_records_answer() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = person_with_ferritin(&t, "eva@example.org").await;
        let view = t.services.ask_view(&eva, None, None).await.unwrap();
        assert!(view.suggestions.iter().any(|s| s.contains("Ferritin")), "{:?}", view.suggestions);
        for s in &view.suggestions {
            let (_, answer) = ask(&t, &eva, s, None).await;
            assert_eq!(answer.outcome, Outcome::Answered, "{s}: {}", answer.plain());
        }
        let bob = t.person("bob@example.org").await;
        assert!(t.services.ask_view(&bob, None, None).await.unwrap().suggestions.is_empty());
    })
    .await;
}
