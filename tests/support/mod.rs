//! A whole server on a port of its own, over SQLite in a temporary folder, with a clock that tests set.

#[path = "../../crates/services/tests/support/authenticator.rs"]
pub mod authenticator;
pub mod smtp;
#[path = "../../crates/services/tests/support/totp.rs"]
pub mod totp;

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, client::conn::http1::SendRequest};
use hyper_util::rt::TokioIo;
use keepwell::{
    config::{Config, Limits, Listen},
    instance, routes,
    sandbox::{Sandbox, SandboxHost, lockdown::Bounds},
    serve::{Listener, serve},
    state::AppState,
};
use keepwell_domain::time::Ts;
use keepwell_services::{clock::Clock, limit::OFF};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;
use tokio::{net::TcpStream, sync::watch};

pub const PASSWORD: &str = "quiet-otter-reads-the-tide-tables-7";

/// The binary under test, also for readers.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_keepwell");

/// A clock that only tests move.
pub struct FakeClock(AtomicI64);

impl Clock for FakeClock {
    fn now(&self) -> Ts {
        Ts(self.0.load(Ordering::SeqCst))
    }
}

impl FakeClock {
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

pub struct TestApp {
    pub address: SocketAddr,
    pub clock: Arc<FakeClock>,
    pub dir: Arc<TempDir>,
    pub config: Arc<Config>,
    pub state: AppState,
    /// The whole router, to be looked at.
    pub router: axum::Router,
    stop: watch::Sender<bool>,
}

pub fn sandbox() -> Sandbox {
    Sandbox {
        program: PathBuf::from(PROGRAM),
        bounds: Bounds { memory: 1 << 30, cpu: Duration::from_secs(60) },
        deadline: Duration::from_secs(120),
        output: 1 << 30,
    }
}

impl TestApp {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let clock = Arc::new(FakeClock(AtomicI64::new(1_800_000_000_000_000)));
        Self::on(Arc::new(tempfile::tempdir().unwrap()), clock, change).await
    }

    /// Another server on the same data, as after a crash: this one has no time to say anything.
    pub async fn restarted(self, change: impl FnOnce(&mut Config)) -> Self {
        let (dir, clock) = (Arc::clone(&self.dir), Arc::clone(&self.clock));
        drop(self);
        Self::on(dir, clock, change).await
    }

    async fn on(dir: Arc<TempDir>, clock: Arc<FakeClock>, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config {
            data_dir: dir.path().join("data"),
            site_dir: dir.path().join("site"),
            listen: Listen::Tcp(SocketAddr::from(([127, 0, 0, 1], 0))),
            ..Config::default()
        };
        config.passwords.memory_kib = 19_456;
        config.passwords.passes = 2;
        // Many calls from one address are what these tests make; the limits have tests of their own.
        config.limits = Limits { login: OFF, signup: OFF, upload: OFF, ask: OFF, api: OFF };
        change(&mut config);
        let services = instance::open_with(&config, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        let listener = Listener::bind(&config.listen).await.unwrap();
        let address = listener.address().unwrap();
        let (stop, stopped) = watch::channel(false);
        let config = Arc::new(config);
        let mut state = AppState::new(services.clone(), Arc::clone(&config), stopped.clone()).unwrap();
        state.clock = Arc::clone(&clock) as Arc<dyn Clock>;
        state.readers = sandbox();
        let router = routes::router(state.clone());
        let (mut ended, serving) = (stopped.clone(), router.clone());
        let http = config.http.clone();
        tokio::spawn(async move {
            serve(listener, serving, &http, async move { drop(ended.wait_for(|s| *s).await) }).await;
        });
        let (log, ended) = (services.clone(), stopped.clone());
        tokio::spawn(async move { log.run_sequencer(ended).await });
        let (mailer, ended) = (services.clone(), stopped.clone());
        tokio::spawn(async move { mailer.run_mailer(ended).await });
        let (work, host) = (services.clone(), Arc::new(SandboxHost::new(sandbox(), 2)));
        tokio::spawn(async move { work.run_worker(host, stopped).await });
        Self { address, clock, dir, config, state, router, stop }
    }

    pub fn call(&self, method: &str, path: &str) -> Call<'_> {
        Call {
            app: self,
            method: method.parse().unwrap(),
            path: path.to_owned(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
        .header("host", &self.address.to_string())
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A new person; their token.
    pub async fn person(&self, email: &str) -> String {
        let answer = self
            .call("POST", "/api/v1/signup")
            .own()
            .json(&json!({"email": email, "password": PASSWORD}))
            .send()
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    /// Uploads one file by the form; its document once it has been read.
    pub async fn upload(&self, token: &str, name: &str, bytes: &[u8]) -> Value {
        let answer = self.call("POST", "/api/v1/documents").bearer(token).file(name, bytes).send().await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        self.settled(token, &id).await
    }

    /// A stream of events that has begun.
    pub async fn events(&self, path: &str, token: &str) -> Events {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let request = Request::get(path)
            .header("host", self.address.to_string())
            .header("authorization", format!("Bearer {token}"))
            .body(Full::new(Bytes::new()))
            .unwrap();
        let answer = sender.send_request(request).await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        Events { body: answer.into_body(), _sender: sender }
    }

    /// A document once it has been read.
    pub async fn settled(&self, token: &str, id: &str) -> Value {
        for _ in 0..1200 {
            let answer = self.call("GET", &format!("/api/v1/documents/{id}")).bearer(token).send().await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            if !["queued", "reading"].contains(&answer.json()["state"].as_str().unwrap()) {
                return answer.json();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the document was not read within a minute");
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}

/// A stream of events, and what keeps its connection.
pub struct Events {
    body: Incoming,
    _sender: SendRequest<Full<Bytes>>,
}

impl Events {
    /// The next event; `None` when none comes within a minute.
    pub async fn next(&mut self) -> Option<String> {
        let next = async {
            loop {
                let frame = self.body.frame().await?.unwrap();
                let text = String::from_utf8_lossy(frame.data_ref()?).into_owned();
                if text.contains("data:") {
                    return Some(text);
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), next).await.unwrap_or(None)
    }
}

/// A request being put together.
pub struct Call<'a> {
    app: &'a TestApp,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Call<'_> {
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.append(name, value.parse().unwrap());
        self
    }
    /// As if it were spoken to by another name.
    pub fn host(mut self, name: &str) -> Self {
        self.headers.insert(header::HOST, name.parse().unwrap());
        self
    }
    /// As one of our own pages would send it.
    pub fn own(self) -> Self {
        let origin = self.app.origin();
        self.header("origin", &origin).header("sec-fetch-site", "same-origin")
    }
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }
    pub fn cookie(self, token: &str) -> Self {
        self.header("cookie", &format!("__Host-keepwell={token}"))
    }
    pub fn json(self, value: &Value) -> Self {
        self.body("application/json", value.to_string())
    }
    pub fn body(mut self, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.headers.insert(header::CONTENT_TYPE, media_type.parse().unwrap());
        self.body = body.into();
        self
    }
    pub fn file(self, name: &str, bytes: &[u8]) -> Self {
        let mut body =
            format!("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n")
                .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--B--\r\n");
        self.body("multipart/form-data; boundary=B", body)
    }
    pub async fn send(self) -> Answer {
        let stream = TcpStream::connect(self.app.address).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let mut request =
            Request::builder().method(self.method).uri(&self.path).body(Full::new(self.body)).unwrap();
        *request.headers_mut() = self.headers;
        let (parts, body) = sender.send_request(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
    }
    /// Asserts a problem of this status and returns it.
    pub fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        for field in ["type", "title", "request_id"] {
            assert!(problem[field].as_str().is_some_and(|s| !s.is_empty()), "{field}: {problem}");
        }
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        problem
    }
}

/// A page of a person's log without its base64, in which any three letters may stand by chance; and
/// the bytes of its leaves, in which long words can be looked for all the same.
pub fn log_apart(mut log: Value) -> (String, Vec<u8>) {
    let take = |of: &mut Value, field: &str| {
        let taken = of.as_object_mut().unwrap().remove(field);
        taken.and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_else(|| panic!("no {field}"))
    };
    let mut leaves = Vec::new();
    for entry in log["items"].as_array_mut().unwrap() {
        leaves.extend(BASE64_STANDARD.decode(take(entry, "leaf")).unwrap());
        take(entry, "proof");
    }
    for field in ["checkpoint", "key"] {
        take(&mut log, field);
    }
    (log.to_string(), leaves)
}

/// Two results of a made-up person, one with a comparator.
pub fn fhir() -> Vec<u8> {
    let observation = |code: &str, name: &str, value: Value, when: &str| {
        json!({"resource": {"resourceType": "Observation", "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": name}], "text": name},
            "effectiveDateTime": when, "valueQuantity": value,
            "referenceRange": [{"low": {"value": 3.5, "unit": "mmol/L"}, "high": {"value": 5.1, "unit": "mmol/L"}}]}})
    };
    let unit = "http://unitsofmeasure.org";
    json!({"resourceType": "Bundle", "type": "collection", "entry": [
        observation("2823-3", "Potassium", json!({"value": 4.10, "unit": "mmol/L", "system": unit, "code": "mmol/L"}), "2024-03-01T08:00:00Z"),
        observation("2823-3", "Potassium", json!({"value": 5.6, "unit": "mmol/L", "system": unit, "code": "mmol/L"}), "2024-06-01T08:00:00Z"),
    ]})
    .to_string()
    .into_bytes()
}
