//! A server that speaks both wire formats as the real ones do, or badly, by a script.

use axum::{Router, body::Body, extract::State, http::HeaderMap, response::Response, routing::post};
use bytes::Bytes;
use futures::StreamExt;
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

/// What the model does.
#[derive(Clone)]
pub enum Say {
    Text(&'static str),
    Call(&'static str, Value),
}

/// How the server answers a request.
pub enum Reply {
    /// Properly, in small pieces.
    Model(Vec<Say>),
    /// As one JSON.
    Whole(Vec<Say>),
    /// Properly, but cut off after so many bytes.
    Cut(Vec<Say>, usize),
    /// With this status and these headers.
    Status(u16, Vec<(&'static str, String)>),
    /// With these bytes.
    Raw(&'static str, String),
    /// With this piece again and again.
    Endless(&'static str),
    /// With headers and then nothing.
    Silent,
}

type Script = Box<dyn Fn(usize, &Value) -> Reply + Send>;

#[derive(Clone)]
pub struct ModelServer {
    pub address: SocketAddr,
    inner: Arc<Inner>,
}

struct Inner {
    anthropic: bool,
    script: Mutex<Script>,
    seen: Mutex<Vec<(HeaderMap, String)>>,
    open: Arc<()>,
}

impl ModelServer {
    pub async fn start(anthropic: bool, script: impl Fn(usize, &Value) -> Reply + Send + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let inner = Arc::new(Inner {
            anthropic,
            script: Mutex::new(Box::new(script)),
            seen: Mutex::default(),
            open: Arc::new(()),
        });
        let path = if anthropic { "/v1/messages" } else { "/v1/chat/completions" };
        let router = Router::new().route(path, post(answer)).with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, inner }
    }

    pub fn base(&self) -> String {
        if self.inner.anthropic {
            format!("http://{}", self.address)
        } else {
            format!("http://{}/v1", self.address)
        }
    }

    /// Bodies of all requests, as they came.
    pub fn bodies(&self) -> Vec<String> {
        self.inner.seen.lock().unwrap().iter().map(|(_, b)| b.clone()).collect()
    }

    pub fn headers(&self, n: usize) -> HeaderMap {
        self.inner.seen.lock().unwrap()[n].0.clone()
    }

    /// Answers that are still being sent.
    pub fn open(&self) -> usize {
        Arc::strong_count(&self.inner.open) - 1
    }
}

async fn answer(State(inner): State<Arc<Inner>>, headers: HeaderMap, body: String) -> Response {
    let value: Value = serde_json::from_str(&body).unwrap();
    let n = {
        let mut seen = inner.seen.lock().unwrap();
        seen.push((headers, body));
        seen.len() - 1
    };
    let reply = (inner.script.lock().unwrap())(n, &value);
    let stream = |text: String, rest: bool| {
        // Pieces that end anywhere, also in the middle of a letter.
        let pieces: Vec<Result<Bytes, std::io::Error>> =
            text.into_bytes().chunks(23).map(|c| Ok(Bytes::copy_from_slice(c))).collect();
        let end = if rest { vec![Err(std::io::Error::other("broken"))] } else { Vec::new() };
        Body::from_stream(futures::stream::iter(pieces.into_iter().chain(end)))
    };
    let sse =
        |body: Body| Response::builder().header("content-type", "text/event-stream").body(body).unwrap();
    match reply {
        Reply::Model(say) => sse(stream(streamed(inner.anthropic, &say), false)),
        Reply::Cut(say, at) => {
            let mut text = streamed(inner.anthropic, &say);
            text.truncate(at);
            sse(stream(text, true))
        }
        Reply::Whole(say) => {
            let text = whole(inner.anthropic, &say).to_string();
            Response::builder().header("content-type", "application/json").body(Body::from(text)).unwrap()
        }
        Reply::Status(status, headers) => {
            let mut answer = Response::builder().status(status);
            for (name, value) in headers {
                answer = answer.header(name, value);
            }
            answer.body(Body::from("{\"error\": {\"message\": \"you asked about your LDL\"}}")).unwrap()
        }
        Reply::Raw(kind, text) => {
            Response::builder().header("content-type", kind).body(Body::from(text)).unwrap()
        }
        Reply::Endless(piece) => {
            let open = Arc::clone(&inner.open);
            sse(Body::from_stream(futures::stream::repeat(()).then(move |()| {
                let open = Arc::clone(&open);
                async move {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    drop(open);
                    Ok::<_, std::io::Error>(Bytes::from_static(piece.as_bytes()))
                }
            })))
        }
        Reply::Silent => sse(Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>())),
    }
}

fn sse_of(events: &[Value]) -> String {
    events.iter().map(|e| format!("event: {}\ndata: {e}\n\n", e["type"].as_str().unwrap())).collect()
}

fn halves(text: &str) -> (String, String) {
    let at = text.chars().count() / 2;
    (text.chars().take(at).collect(), text.chars().skip(at).collect())
}

/// The stream of an answer.
pub fn streamed(anthropic: bool, say: &[Say]) -> String {
    let calls = say.iter().any(|s| matches!(s, Say::Call(..)));
    if anthropic {
        let mut events = vec![
            json!({"type": "message_start", "message": {"usage": {"input_tokens": 11, "output_tokens": 1}}}),
        ];
        for (i, s) in say.iter().enumerate() {
            let (block, deltas) = match s {
                Say::Text(t) => {
                    let (a, b) = halves(t);
                    let delta = |t: String| json!({"type": "text_delta", "text": t});
                    (json!({"type": "text", "text": ""}), vec![delta(a), delta(b)])
                }
                Say::Call(name, arguments) => {
                    let (a, b) = halves(&arguments.to_string());
                    let delta = |t: String| json!({"type": "input_json_delta", "partial_json": t});
                    (
                        json!({"type": "tool_use", "id": format!("t{i}"), "name": name, "input": {}}),
                        vec![delta(a), delta(b)],
                    )
                }
            };
            events.push(json!({"type": "content_block_start", "index": i, "content_block": block}));
            events.push(json!({"type": "ping"}));
            events.extend(
                deltas.into_iter().map(|d| json!({"type": "content_block_delta", "index": i, "delta": d})),
            );
            events.push(json!({"type": "content_block_stop", "index": i}));
        }
        let reason = if calls { "tool_use" } else { "end_turn" };
        events.push(
            json!({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": 7}}),
        );
        events.push(json!({"type": "message_stop"}));
        return sse_of(&events);
    }
    let chunk = |delta: Value, reason: Value| json!({"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]});
    let mut chunks = vec![chunk(json!({"role": "assistant", "content": null}), Value::Null)];
    for (i, s) in say.iter().enumerate() {
        match s {
            Say::Text(t) => {
                let (a, b) = halves(t);
                chunks.extend([a, b].map(|t| chunk(json!({"content": t}), Value::Null)));
            }
            Say::Call(name, arguments) => {
                let (a, b) = halves(&arguments.to_string());
                let call = json!({"index": i, "id": format!("c{i}"), "type": "function", "function": {"name": name, "arguments": a}});
                chunks.push(chunk(json!({"tool_calls": [call]}), Value::Null));
                chunks.push(chunk(
                    json!({"tool_calls": [{"index": i, "function": {"arguments": b}}]}),
                    Value::Null,
                ));
            }
        }
    }
    chunks.push(chunk(json!({}), json!(if calls { "tool_calls" } else { "stop" })));
    chunks.push(json!({"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7}}));
    let text: String = chunks.iter().map(|c| format!("data: {c}\n\n")).collect();
    text + "data: [DONE]\n\n"
}

fn whole(anthropic: bool, say: &[Say]) -> Value {
    let calls = say.iter().any(|s| matches!(s, Say::Call(..)));
    if anthropic {
        let content: Vec<Value> = say
            .iter()
            .map(|s| match s {
                Say::Text(t) => json!({"type": "text", "text": t}),
                Say::Call(name, a) => json!({"type": "tool_use", "id": "t", "name": name, "input": a}),
            })
            .collect();
        let reason = if calls { "tool_use" } else { "end_turn" };
        return json!({"content": content, "stop_reason": reason, "usage": {"input_tokens": 1, "output_tokens": 1}});
    }
    let text: String = say
        .iter()
        .filter_map(|s| match s {
            Say::Text(t) => Some(*t),
            Say::Call(..) => None,
        })
        .collect();
    let list: Vec<Value> = say
        .iter()
        .filter_map(|s| match s {
            Say::Call(name, a) => {
                Some(json!({"type": "function", "function": {"name": name, "arguments": a.to_string()}}))
            }
            Say::Text(_) => None,
        })
        .collect();
    let reason = if calls { "tool_calls" } else { "stop" };
    json!({"choices": [{"message": {"role": "assistant", "content": text, "tool_calls": list}, "finish_reason": reason}]})
}
