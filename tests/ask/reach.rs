use crate::server::{ModelServer, Reply, Say};
use futures::StreamExt;
use keepwell::ask::{Client, Resolve, Resolving, Times};
use keepwell_ask::model::{ModelEvent, Wire};
use keepwell_services::{
    address::{Base, NamedBy},
    model::{ModelCall, ModelFault, ModelHost, Provider},
};
use std::{
    net::IpAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// A name server that says something else each time.
struct Names(Mutex<Vec<Vec<&'static str>>>, AtomicUsize);

impl Resolve for Names {
    fn resolve<'a>(&'a self, _: &'a str) -> Resolving<'a> {
        self.1.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.0.lock().unwrap();
        let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        Box::pin(async move { Ok(answer.iter().map(|a| a.parse::<IpAddr>().unwrap()).collect()) })
    }
}

/// Longer than a busy machine takes for anything.
fn times() -> Times {
    Times {
        connect: Duration::from_secs(30),
        first: Duration::from_secs(30),
        idle: Duration::from_secs(30),
        total: Duration::from_secs(120),
        again: Duration::from_millis(5),
        longest: Duration::from_millis(50),
    }
}

fn provider(base: Base, by: NamedBy) -> Arc<Provider> {
    Arc::new(Provider {
        wire: Wire::Anthropic,
        base,
        by,
        model: "m".into(),
        key: None,
        name: "n".into(),
        place: "p".into(),
        terms: String::new(),
    })
}

async fn ask(names: Vec<Vec<&'static str>>, base: Base, by: NamedBy) -> (Option<ModelFault>, usize) {
    ask_within(times(), names, base, by).await
}

async fn ask_within(
    times: Times,
    names: Vec<Vec<&'static str>>,
    base: Base,
    by: NamedBy,
) -> (Option<ModelFault>, usize) {
    let names = Arc::new(Names(Mutex::new(names), AtomicUsize::new(0)));
    let client = Client::new(None, Arc::clone(&names) as Arc<dyn Resolve>, times).unwrap();
    let mut events = client.call(ModelCall { provider: provider(base, by), body: b"{}".to_vec() });
    let mut fault = None;
    while let Some(event) = events.next().await {
        fault = event.err();
    }
    (fault, names.1.load(Ordering::SeqCst))
}

fn named(port: u16, is_tls: bool) -> Base {
    Base { is_tls, host: "model.example".into(), port, path: String::new() }
}

#[tokio::test]
async fn a_name_that_leads_into_the_network_is_never_connected_to() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let forbidden = Some(ModelFault::Forbidden);
    for answer in [
        "127.0.0.1",
        "::ffff:127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "::1",
        "fd00::1",
        "0.0.0.0",
    ] {
        let (fault, _) = ask(vec![vec![answer]], named(port, true), NamedBy::Person).await;
        assert_eq!(fault, forbidden, "{answer}");
        // Beside a public one too.
        let (fault, looked) = ask(vec![vec!["1.1.1.1", answer]], named(port, true), NamedBy::Person).await;
        assert_eq!((fault, looked), (forbidden, 1), "{answer}");
    }
    for answer in ["169.254.169.254", "fe80::1", "0.0.0.0"] {
        let (fault, _) = ask(vec![vec![answer]], named(port, true), NamedBy::Operator).await;
        assert_eq!(fault, forbidden, "{answer}");
    }
    let (fault, _) = ask(vec![vec!["1.1.1.1"]], named(port, false), NamedBy::Operator).await;
    assert_eq!(fault, forbidden);
    let none = tokio::time::timeout(Duration::from_millis(200), listener.accept()).await;
    assert!(none.is_err(), "something connected");
}

#[tokio::test]
async fn a_name_that_changes_its_mind_leads_nowhere() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    // Nobody is there, and that is one of the right ends: it need not be waited for.
    let brief = Times { connect: Duration::from_millis(300), ..times() };
    // Public when it is checked, near by when it would be looked up once more.
    let names = vec![vec!["203.0.114.7"], vec!["127.0.0.1"]];
    let (fault, _) = ask_within(brief, names, named(port, true), NamedBy::Person).await;
    assert!(
        matches!(fault, Some(ModelFault::Forbidden | ModelFault::Unreachable | ModelFault::Timeout)),
        "{fault:?}"
    );
    let none = tokio::time::timeout(Duration::from_millis(200), listener.accept()).await;
    assert!(none.is_err(), "something connected");
}

#[tokio::test]
async fn servers_that_are_silent_or_not_there_are_given_up() {
    let server = ModelServer::start(true, |_, _| Reply::Silent).await;
    let near = || vec![vec!["127.0.0.1"]];
    let brief = Times { first: Duration::from_millis(400), ..times() };
    let silent = named(server.address.port(), false);
    let (fault, looked) = ask_within(brief, near(), silent, NamedBy::Operator).await;
    assert_eq!((fault, looked), (Some(ModelFault::Timeout), 1));
    // Held, so that nobody else gets its port, but never listening.
    let gone = tokio::net::TcpSocket::new_v4().unwrap();
    gone.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = gone.local_addr().unwrap().port();
    let (fault, looked) = ask(near(), named(port, false), NamedBy::Operator).await;
    assert_eq!((fault, looked), (Some(ModelFault::Unreachable), 3));
    // Plain words where TLS is expected.
    let (fault, _) = ask(near(), named(server.address.port(), true), NamedBy::Operator).await;
    assert!(matches!(fault, Some(ModelFault::Unreachable | ModelFault::Timeout)));
    let server = ModelServer::start(true, |_, _| Reply::Model(vec![Say::Text("Fine.")])).await;
    let client =
        Client::new(None, Arc::new(Names(Mutex::new(near()), AtomicUsize::new(0))), times()).unwrap();
    let call = ModelCall {
        provider: provider(named(server.address.port(), false), NamedBy::Operator),
        body: b"{}".to_vec(),
    };
    let events: Vec<_> = client.call(call).collect().await;
    assert!(matches!(events.last(), Some(Ok(ModelEvent::Stop(..)))));
}
