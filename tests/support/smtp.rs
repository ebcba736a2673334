//! A small mail server for tests: it keeps what it is given, or hangs, or refuses, or is gone.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// Takes everything.
    Takes,
    /// Says nothing, not even hello.
    Hangs,
    /// Not now: 451 to every recipient.
    Defers,
    /// Never: 550 to every recipient.
    Refuses,
}

/// How a connection is kept from others.
#[derive(Clone)]
enum Secrecy {
    None,
    FromTheFirstByte(TlsAcceptor),
    AfterStartTls(TlsAcceptor),
}

/// A message as it came in: envelope and content.
#[derive(Clone, Debug)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub data: String,
}

/// How it answers, and how many recipients it has put off.
struct State {
    mood: Mood,
    deferred: usize,
}

pub struct Sink {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    received: Arc<Mutex<Vec<Received>>>,
    task: JoinHandle<()>,
}

impl Sink {
    pub async fn start(mood: Mood) -> Self {
        Self::with(mood, Secrecy::None).await
    }

    /// One that speaks TLS, after STARTTLS or at once, and its certificate for `localhost` as PEM.
    pub async fn tls(starttls: bool) -> (Self, String) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let secrecy =
            if starttls { Secrecy::AfterStartTls(acceptor) } else { Secrecy::FromTheFirstByte(acceptor) };
        (Self::with(Mood::Takes, secrecy).await, made.cert.pem())
    }

    async fn with(mood: Mood, secrecy: Secrecy) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (state, received) = (Arc::new(Mutex::new(State { mood, deferred: 0 })), Arc::default());
        let (m, r) = (Arc::clone(&state), Arc::clone(&received));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (m, r, secrecy) = (Arc::clone(&m), Arc::clone(&r), secrecy.clone());
                tokio::spawn(async move { drop(meet(stream, secrecy, &m, &r).await) });
            }
        });
        Self { address, state, received, task }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn set(&self, mood: Mood) {
        self.state.lock().unwrap().mood = mood;
    }

    /// Waits until so many recipients were put off.
    pub async fn has_deferred(&self, count: usize) {
        for _ in 0..1200 {
            if self.state.lock().unwrap().deferred >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{count} letters were not tried");
    }

    /// Waits until so many letters are there, and takes them all.
    pub async fn letters(&self, count: usize) -> Vec<Received> {
        for _ in 0..1200 {
            if self.received.lock().unwrap().len() >= count {
                return std::mem::take(&mut *self.received.lock().unwrap());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{count} letters did not come; {} did", self.received.lock().unwrap().len());
    }

    pub fn count(&self) -> usize {
        self.received.lock().unwrap().len()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn meet(
    stream: TcpStream,
    secrecy: Secrecy,
    state: &Mutex<State>,
    received: &Mutex<Vec<Received>>,
) -> std::io::Result<()> {
    if state.lock().unwrap().mood == Mood::Hangs {
        tokio::time::sleep(Duration::from_secs(600)).await;
    }
    let (acceptor, mut stream) = match secrecy {
        Secrecy::FromTheFirstByte(acceptor) => {
            let mut stream = acceptor.accept(stream).await?;
            stream.write_all(HELLO).await?;
            return talk(stream, false, state, received).await.map(drop);
        }
        Secrecy::AfterStartTls(acceptor) => (Some(acceptor), stream),
        Secrecy::None => (None, stream),
    };
    stream.write_all(HELLO).await?;
    let Some(stream) = talk(stream, acceptor.is_some(), state, received).await? else { return Ok(()) };
    let stream = acceptor.unwrap().accept(stream).await?;
    talk(stream, false, state, received).await.map(drop)
}

const HELLO: &[u8] = b"220 sink ESMTP\r\n";

/// Until the client leaves, or, where it must, asks for TLS: then the connection comes back.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    starttls: bool,
    state: &Mutex<State>,
    received: &Mutex<Vec<Received>>,
) -> std::io::Result<Option<S>> {
    let now = || state.lock().unwrap().mood;
    let mut stream = BufReader::new(stream);
    let mut letter = Received { from: String::new(), to: Vec::new(), data: String::new() };
    while let Some(line) = line_of(&mut stream).await? {
        let upper = line.to_ascii_uppercase();
        let answer: &[u8] = if upper.starts_with("EHLO") {
            if starttls {
                b"250-sink\r\n250-STARTTLS\r\n250 8BITMIME\r\n"
            } else {
                b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
            }
        } else if starttls && upper == "STARTTLS" {
            stream.write_all(b"220 go on\r\n").await?;
            return Ok(Some(stream.into_inner()));
        } else if starttls && upper != "QUIT" {
            b"530 TLS first\r\n"
        } else if upper.starts_with("MAIL FROM:") {
            letter.from = line[10..].to_owned();
            b"250 ok\r\n"
        } else if upper.starts_with("RCPT TO:") {
            match now() {
                Mood::Defers => {
                    state.lock().unwrap().deferred += 1;
                    b"451 not now\r\n"
                }
                Mood::Refuses => b"550 never\r\n",
                _ => {
                    letter.to.push(line[8..].to_owned());
                    b"250 ok\r\n"
                }
            }
        } else if upper == "DATA" {
            stream.write_all(b"354 go on\r\n").await?;
            while let Some(line) = line_of(&mut stream).await? {
                if line == "." {
                    break;
                }
                letter.data.push_str(line.strip_prefix('.').unwrap_or(&line));
                letter.data.push('\n');
            }
            received.lock().unwrap().push(letter.clone());
            letter = Received { from: String::new(), to: Vec::new(), data: String::new() };
            b"250 taken\r\n"
        } else if upper == "QUIT" {
            stream.write_all(b"221 bye\r\n").await?;
            return Ok(None);
        } else {
            b"250 ok\r\n"
        };
        stream.write_all(answer).await?;
    }
    Ok(None)
}

async fn line_of<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
) -> std::io::Result<Option<String>> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await?;
    Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
}

impl Received {
    /// The plain part, its transfer encoding taken off.
    pub fn text(&self) -> String {
        self.part("text/plain")
    }
    /// The HTML part.
    pub fn html(&self) -> String {
        self.part("text/html")
    }
    fn part(&self, kind: &str) -> String {
        let start = self.data.find(&format!("Content-Type: {kind}")).expect("the part");
        let rest = &self.data[start..];
        let (head, body) = rest.split_once("\n\n").unwrap();
        // A line of the text itself may begin with two dashes, too.
        let end = body.find(&format!("\n--{}", self.boundary())).expect("the end of the part");
        let body = &body[..end];
        if head.contains("quoted-printable") {
            unquote(body)
        } else if head.contains("base64") {
            use base64::Engine;
            let joined: String = body.split_whitespace().collect();
            String::from_utf8(base64::engine::general_purpose::STANDARD.decode(joined).unwrap()).unwrap()
        } else {
            body.to_owned()
        }
    }
    /// What stands between the parts.
    fn boundary(&self) -> &str {
        let (head, _) = self.data.split_once("\n\n").unwrap();
        let (_, rest) = head.split_once("boundary=\"").expect("a boundary");
        rest.split_once('"').unwrap().0
    }
    /// What stands behind the hash of its link.
    pub fn code(&self) -> String {
        let text = self.text();
        text.split_once('#').expect("a link with a code").1[..43].to_owned()
    }
    pub fn has_header(&self, line: &str) -> bool {
        self.data.split_once("\n\n").unwrap().0.lines().any(|l| l == line)
    }
}

fn unquote(s: &str) -> String {
    let mut out = Vec::new();
    let joined = s.replace("=\n", "");
    let mut bytes = joined.bytes();
    while let Some(b) = bytes.next() {
        if b == b'=' {
            let hex: Vec<u8> = bytes.by_ref().take(2).collect();
            out.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            out.push(b);
        }
    }
    String::from_utf8(out).unwrap()
}
