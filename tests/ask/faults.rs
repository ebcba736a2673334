use crate::{
    Asker,
    server::{ModelServer, Reply, Say, streamed},
};
use futures::StreamExt;
use keepwell_domain::view::AskEvent;
use std::time::Duration;

/// Asks a server that answers every time like this: why there was no answer, whether asking again can help, and
/// how many requests there were.
async fn bad(reply: impl Fn() -> Reply + Send + 'static) -> (String, bool, usize) {
    let server = ModelServer::start(true, move |_, _| reply()).await;
    let asker = Asker::new(&server, true).await;
    asker.consent().await;
    let (reason, again) = asker.failure("How is my LDL?").await;
    assert!(!reason.contains("LDL") && !reason.contains("127.0.0.1"), "{reason}");
    (reason, again, server.bodies().len())
}

#[tokio::test]
async fn bad_servers_end_in_a_plain_sentence() {
    let text = || streamed(true, &[Say::Text("Your LDL is fine.")]);
    let cut = text().len() / 2;
    let (reason, again, n) = bad(move || Reply::Cut(vec![Say::Text("Your LDL is fine.")], cut)).await;
    assert_eq!((reason.as_str(), again, n), ("The answer broke off.", true, 1));
    let unreadable = "The model's server sent something that cannot be read.";
    let (reason, again, n) = bad(|| Reply::Raw("text/event-stream", "data: {nonsense\n\n".into())).await;
    assert_eq!((reason.as_str(), again, n), (unreadable, false, 1));
    let (reason, ..) = bad(|| Reply::Raw("text/html", "<html>hello</html>".into())).await;
    assert_eq!(reason, unreadable);
    let (reason, ..) =
        bad(|| Reply::Raw("text/event-stream", format!("data: {}", "x".repeat(3 << 20)))).await;
    assert_eq!(reason, unreadable);
}

#[tokio::test]
async fn refusals_are_tried_again_only_where_that_helps() {
    let retry = || vec![("retry-after", "0".to_owned())];
    let (reason, again, n) = bad(move || Reply::Status(429, retry())).await;
    assert_eq!((again, n), (true, 3));
    assert!(reason.contains("busy"));
    let (_, again, n) = bad(|| Reply::Status(429, vec![("retry-after", "3600".to_owned())])).await;
    assert_eq!((again, n), (true, 1));
    let (_, again, n) = bad(|| Reply::Status(401, vec![])).await;
    assert_eq!((again, n), (false, 1));
    let (_, again, n) = bad(|| Reply::Status(400, vec![])).await;
    assert_eq!((again, n), (false, 1));
    let (_, again, n) =
        bad(|| Reply::Status(307, vec![("location", "http://127.0.0.1:1/v1/messages".to_owned())])).await;
    assert_eq!((again, n), (false, 1));
    let server = ModelServer::start(true, |n, _| {
        if n == 0 { Reply::Status(500, vec![]) } else { Reply::Model(vec![Say::Text("Fine.")]) }
    })
    .await;
    let asker = Asker::new(&server, true).await;
    asker.consent().await;
    assert_eq!(asker.answer("LDL?").await.plain(), "Fine.");
    assert_eq!(server.bodies().len(), 2);
}

#[tokio::test]
async fn leaving_ends_the_request() {
    let piece = "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Well. \"}}\n\n";
    let server = ModelServer::start(true, move |_, _| Reply::Endless(piece)).await;
    let asker = Asker::new(&server, true).await;
    asker.consent().await;
    {
        let mut events = Box::pin(asker.services().ask_model(&asker.actor, &[], "LDL?"));
        assert!(matches!(events.next().await, Some(AskEvent::Delta { .. })));
        assert!(server.open() > 0);
    }
    for _ in 0..1200 {
        if server.open() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the answer is still being sent");
}
