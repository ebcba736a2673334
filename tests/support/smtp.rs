//! A small mail server for tests: it keeps what it is given, or hangs, or refuses, or is gone.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

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

/// A message as it came in: envelope and content.
#[derive(Clone, Debug)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub data: String,
}

pub struct Sink {
    pub address: SocketAddr,
    pub mood: Arc<Mutex<Mood>>,
    received: Arc<Mutex<Vec<Received>>>,
    task: JoinHandle<()>,
}

impl Sink {
    pub async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (mood, received) = (Arc::new(Mutex::new(mood)), Arc::default());
        let (m, r) = (Arc::clone(&mood), Arc::clone(&received));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (m, r) = (Arc::clone(&m), Arc::clone(&r));
                tokio::spawn(async move { drop(talk(stream, &m, &r).await) });
            }
        });
        Self { address, mood, received, task }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Waits until so many letters are there, and takes them all.
    pub async fn letters(&self, count: usize) -> Vec<Received> {
        for _ in 0..600 {
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

async fn talk(stream: TcpStream, mood: &Mutex<Mood>, received: &Mutex<Vec<Received>>) -> std::io::Result<()> {
    let now = || *mood.lock().unwrap();
    if now() == Mood::Hangs {
        tokio::time::sleep(Duration::from_secs(600)).await;
    }
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 sink ESMTP\r\n").await?;
    let mut letter = Received { from: String::new(), to: Vec::new(), data: String::new() };
    while let Some(line) = lines.next_line().await? {
        let upper = line.to_ascii_uppercase();
        let answer: &[u8] = if upper.starts_with("EHLO") {
            b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
        } else if upper.starts_with("MAIL FROM:") {
            letter.from = line[10..].to_owned();
            b"250 ok\r\n"
        } else if upper.starts_with("RCPT TO:") {
            match now() {
                Mood::Defers => b"451 not now\r\n",
                Mood::Refuses => b"550 never\r\n",
                _ => {
                    letter.to.push(line[8..].to_owned());
                    b"250 ok\r\n"
                }
            }
        } else if upper == "DATA" {
            write.write_all(b"354 go on\r\n").await?;
            while let Some(line) = lines.next_line().await? {
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
            write.write_all(b"221 bye\r\n").await?;
            return Ok(());
        } else {
            b"250 ok\r\n"
        };
        write.write_all(answer).await?;
    }
    Ok(())
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
        let end = body.find("\n--").unwrap_or(body.len());
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
