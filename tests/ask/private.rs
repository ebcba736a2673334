//! What stays private with a model: the connection, the key, what was asked; and that German numbers are checked as well.

use crate::{
    Asker, KEY, paragraphs,
    server::{ModelServer, Reply, Say, streamed},
    support::log_apart,
};
use futures::StreamExt;
use keepwell::ask::{Client, Resolve, Resolving, Times};
use keepwell_ask::model::{ModelEvent, Wire};
use keepwell_services::{
    Lang, NewProvider,
    address::{Base, NamedBy},
    model::{ModelCall, ModelFault, ModelHost, Provider},
};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use std::{
    io::{self, Write},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

struct Near;

impl Resolve for Near {
    fn resolve<'a>(&'a self, _: &'a str) -> Resolving<'a> {
        Box::pin(async { Ok(vec!["127.0.0.1".parse().unwrap()]) })
    }
}

/// An authority, as PEM, and a server of models with a certificate of its for this name; how many requests it read.
async fn over_tls(name: &str) -> (String, u16, Arc<AtomicUsize>) {
    let mut of_ca = CertificateParams::new(Vec::new()).unwrap();
    of_ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let ca = of_ca.self_signed(&key).unwrap();
    let issuer = Issuer::new(of_ca, key);
    let own_key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&own_key, &issuer).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(own_key.serialize_der()).unwrap();
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own.der().clone()], key)
            .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let read = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&read);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, counted) = (acceptor.clone(), Arc::clone(&counted));
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut head = [0; 16 << 10];
                if stream.read(&mut head).await.unwrap_or(0) == 0 {
                    return;
                }
                counted.fetch_add(1, Ordering::SeqCst);
                let body = streamed(true, &[Say::Text("Fine.")]);
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                );
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    (ca.pem(), port, read)
}

async fn call(ca_file: Option<&Path>, host: &str, port: u16) -> Result<String, ModelFault> {
    let times = Times {
        connect: Duration::from_secs(30),
        first: Duration::from_secs(30),
        idle: Duration::from_secs(30),
        total: Duration::from_secs(120),
        again: Duration::from_millis(5),
        longest: Duration::from_millis(50),
    };
    let client = Client::new(ca_file, Arc::new(Near), times).unwrap();
    let provider = Arc::new(Provider {
        wire: Wire::Anthropic,
        base: Base { is_tls: true, host: host.into(), port, path: String::new() },
        by: NamedBy::Operator,
        model: "m".into(),
        key: Some(KEY.to_owned().into()),
        name: "n".into(),
        place: "p".into(),
        terms: String::new(),
    });
    let mut said = String::new();
    let mut events = client.call(ModelCall { provider, body: b"{}".to_vec() });
    while let Some(event) = events.next().await {
        if let ModelEvent::Text(text) = event? {
            said.push_str(&text);
        }
    }
    Ok(said)
}

#[tokio::test]
async fn server_with_an_authority_of_its_own_is_believed_where_the_settings_name_it_and_nowhere_else() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, pem: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, pem).unwrap();
        path
    };
    let (ca, port, read) = over_tls("model.example").await;
    let (other, ..) = over_tls("model.example").await;
    let (ca, other) = (file("ca.pem", &ca), file("other.pem", &other));
    assert_eq!(call(Some(&ca), "model.example", port).await.unwrap(), "Fine.");
    assert_eq!(read.load(Ordering::SeqCst), 1);
    // Nothing of a request leaves towards a server that cannot prove itself.
    for (trusted, host) in
        [(None, "model.example"), (Some(&other), "model.example"), (Some(&ca), "another.example")]
    {
        let refused = call(trusted.map(|p| p.as_path()), host, port).await;
        assert!(refused.is_err(), "{trusted:?} {host}");
    }
    assert_eq!(read.load(Ordering::SeqCst), 1);
    let bad = file("bad.pem", "no certificate");
    for path in [bad.as_path(), Path::new("/nowhere/ca.pem")] {
        assert!(Client::new(Some(path), Arc::new(Near), Times::default()).is_err());
    }
}

/// Everything that is logged.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl Write for Logged {
    fn write(&mut self, b: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(b);
        Ok(b.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn key_and_question_are_in_no_line_of_the_log_however_much_is_logged() {
    let logged = Logged::default();
    let writer = logged.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // For the whole program, so that nothing is missed; what the other tests log meanwhile may name no key either.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    for anthropic in [true, false] {
        let server = ModelServer::start(anthropic, |n, _| match n {
            0 => Reply::Model(vec![Say::Text("Fine.")]),
            1 => Reply::Status(401, vec![]),
            2 => Reply::Status(500, vec![]),
            _ => Reply::Raw("text/html", format!("<p>{KEY}</p>")),
        })
        .await;
        let asker = Asker::new(&server, anthropic).await;
        asker.consent().await;
        asker.answer("How is my LDL, canary-question?").await;
        asker.failure("How is my LDL, canary-question?").await;
        asker.failure("How is my LDL, canary-question?").await;
        let own = NewProvider {
            kind: "openai",
            base_url: "https://api.example.com/v1",
            model: "m",
            key: "own-key-canary",
            name: "",
            place: "France",
            terms: "",
        };
        asker.services().set_own_provider(&asker.actor, &own).await.unwrap();
        asker.consent().await;
        // The name leads nowhere that may be asked.
        asker.failure("How is my LDL, canary-question?").await;
        tracing::debug!(settings = ?asker.app.config, "the settings, as they print themselves");
    }
    let text = String::from_utf8(logged.0.lock().unwrap().clone()).unwrap();
    for caught in ["a model gave no answer", "DEBUG", "the settings, as they print themselves"] {
        assert!(text.contains(caught), "{caught} was not caught: {:.6000}", text.replace("sqlx", ""));
    }
    for word in [KEY, "own-key-canary", "canary-question", "Musterfrau"] {
        assert!(
            !text.contains(word),
            "{word} was logged: {}",
            text.lines().find(|l| l.contains(word)).unwrap()
        );
    }
}

#[tokio::test]
async fn entries_of_questions_hold_metadata_alone() {
    let server = ModelServer::start(true, |n, _| {
        Reply::Model(match n {
            0 => vec![Say::Call("latest", json!({"marker": "13457-7"}))],
            _ => vec![Say::Text("canary-answer: [r1]")],
        })
    })
    .await;
    let asker = Asker::new(&server, true).await;
    asker.consent().await;
    let app = &asker.app;
    let login = json!({"email": "anna@mail.example", "password": crate::support::PASSWORD});
    let token = app.call("POST", "/api/v1/login").own().json(&login).send().await.json()["token"].clone();
    let token = token.as_str().unwrap();
    let question = json!({"question": "How is the canary-question LDL of Annegret?"});
    let call = app.call("POST", "/api/v1/ask").bearer(token).header("accept", "application/json");
    let answered = call.json(&question).send().await.json();
    assert!(answered["answer"].as_str().unwrap().contains("canary-answer"), "{answered}");
    let log = app.call("GET", "/api/v1/audit?limit=200").bearer(token).send().await.json();
    let of = |action: &str| -> Vec<&Value> {
        log["items"].as_array().unwrap().iter().filter(|e| e["action"] == action).collect()
    };
    let asked = of("chat.asked");
    assert_eq!(asked.len(), 1);
    assert_eq!((&asked[0]["object"], &asked[0]["detail"]), (&answered["conversation"], &Value::Null));
    // Newest first: after it, with what it took; before it, to whom.
    let modelled: Vec<&str> = of("chat.model_asked").iter().map(|e| e["detail"].as_str().unwrap()).collect();
    let to = format!("Local · {} · tiny-1", server.address);
    assert_eq!(modelled.len(), 2, "{modelled:?}");
    assert_eq!(modelled[1], to);
    let rest = modelled[0].strip_prefix(&format!("{to} · ")).unwrap();
    let (tokens, kinds) = rest.split_once(" · ").unwrap();
    let is_count = |t: &str| t.split(' ').next().is_some_and(|n| n.parse::<u64>().is_ok());
    assert!(tokens.split(", ").all(is_count) && tokens.ends_with(" out"), "{tokens}");
    assert_eq!(kinds, "observation");
    // Of an entry these fields are all there are, and no word of a question, an answer or a record is in any.
    for entry in of("chat.asked").into_iter().chain(of("chat.model_asked")) {
        let fields: Vec<&str> = entry.as_object().unwrap().keys().map(String::as_str).collect();
        let known = [
            "action", "address", "at", "by", "detail", "device", "id", "kind", "leaf", "object", "outcome",
            "position", "profile", "proof", "span", "times", "token",
        ];
        assert!(fields.iter().all(|f| known.contains(f)), "{fields:?}");
    }
    let (text, leaves) = log_apart(log);
    for word in ["canary", "Annegret", "LDL", "3.1 mmol", "13457-7", "lookup"] {
        assert!(!text.contains(word), "{word}");
    }
    for word in ["canary", "Annegret"] {
        assert!(!leaves.windows(word.len()).any(|w| w == word.as_bytes()), "{word} in a leaf");
    }
}

#[tokio::test]
async fn german_answer_is_checked_number_by_number_with_its_decimal_comma() {
    let server = ModelServer::start(false, |n, _| {
        Reply::Model(match n {
            0 => vec![Say::Call("latest", json!({"marker": "13457-7", "count": 2}))],
            _ => vec![Say::Text(
                "Ihr LDL lag bei 3,1 mmol/l am 1. März 2024. Davor lag LDL bei 3,45 mmol/l. LDL lag nie bei 3,2 mmol/l. Das sind 0,35 mmol/l weniger, nicht 1.000,5.",
            )],
        })
    })
    .await;
    let asker = Asker::new(&server, false).await;
    asker.services().set_lang(&asker.actor, Lang::De).await.unwrap();
    let actor = asker.services().actor_for_email("anna@mail.example").await.unwrap();
    assert_eq!(actor.lang(), Lang::De);
    let asker = Asker { app: asker.app, actor };
    asker.consent().await;
    let said = paragraphs(&asker.answer("Wie ist mein LDL?").await);
    assert_eq!(
        said,
        "Ihr LDL lag bei {3.1 mmol/L} am {1. März 2024}. Davor lag LDL bei {3.45 mmol/L}. LDL lag nie bei !3,2 mmol/l!. Das sind !0,35 mmol/l! weniger, nicht !1.000,5!."
    );
}
