//! A small blocking HTTP/1.1 client: one connection a request, no pool that could hide a fault.

use serde_json::Value;
use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// A server to ask, and as whom.
#[derive(Clone)]
pub struct Client {
    pub address: SocketAddr,
    pub token: String,
    /// The profile in use, named in every call as the pages do.
    pub profile: String,
    pub agent: String,
}

pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
    /// The id in the answer.
    pub fn id(&self) -> String {
        self.json()["id"].as_str().unwrap_or_default().to_owned()
    }
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, token: String::new(), profile: String::new(), agent: "keepwell-tests/1".to_owned() }
    }
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    /// Connects and sends the head of a request whose body has `len` bytes.
    pub fn begin(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        len: u64,
    ) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        stream.set_write_timeout(Some(Duration::from_secs(60)))?;
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nSec-Fetch-Site: same-origin\r\n\
             User-Agent: {1}\r\nContent-Length: {len}\r\nConnection: close\r\n",
            self.address, self.agent
        );
        if !self.token.is_empty() {
            head += &format!("Cookie: __Host-keepwell={}\r\n", self.token);
        }
        if !self.profile.is_empty() {
            head += &format!("Keepwell-Profile: {}\r\n", self.profile);
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        stream.write_all(format!("{head}\r\n").as_bytes())?;
        Ok(stream)
    }

    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let mut stream = self.begin(method, path, headers, body.len() as u64)?;
        // A server that refuses early may close its side before it has taken all; its answer counts.
        let sent = stream.write_all(body);
        read_answer(stream).map_err(|e| sent.err().unwrap_or(e))
    }
    pub fn get(&self, path: &str) -> io::Result<Answer> {
        self.send("GET", path, &[], b"")
    }
    pub fn delete(&self, path: &str) -> io::Result<Answer> {
        self.send("DELETE", path, &[], b"")
    }
    pub fn json(&self, method: &str, path: &str, value: &Value) -> io::Result<Answer> {
        self.send(method, path, &[("Content-Type", "application/json")], value.to_string().as_bytes())
    }
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        let body: Vec<_> = fields.iter().map(|(n, v)| format!("{n}={}", percent(v))).collect();
        let kind = [("Content-Type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &kind, body.join("&").as_bytes())
    }
    /// One file in a form.
    pub fn upload(&self, name: &str, bytes: &[u8]) -> io::Result<Answer> {
        let mut body =
            format!("--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n\r\n")
                .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--B--\r\n");
        let kind = [("Content-Type", "multipart/form-data; boundary=B")];
        self.send("POST", "/api/v1/documents", &kind, &body)
    }
    /// A new account; a client signed in to it.
    pub fn sign_up(&self, email: &str, password: &str) -> io::Result<Self> {
        let answer =
            self.json("POST", "/api/v1/signup", &serde_json::json!({"email": email, "password": password}))?;
        match answer.json()["token"].as_str() {
            Some(token) if answer.status == 201 => {
                let mut person = self.with_token(token);
                let me = person.get("/api/v1/me")?.json();
                me["profile"]["id"].as_str().unwrap_or_default().clone_into(&mut person.profile);
                Ok(person)
            }
            _ => Err(io::Error::other(format!("sign-up answered {}: {}", answer.status, answer.text()))),
        }
    }
    /// All items of a list, over its pages.
    pub fn all(&self, path: &str) -> io::Result<Vec<Value>> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let answer = self.get(&format!("{path}{cursor}"))?;
            if answer.status != 200 {
                return Err(io::Error::other(format!(
                    "{path} answered {}: {}",
                    answer.status,
                    answer.text()
                )));
            }
            let page = answer.json();
            items.extend(page["items"].as_array().cloned().unwrap_or_default());
            match page["next"].as_str() {
                Some(next) => {
                    let join = if path.contains('?') { '&' } else { '?' };
                    cursor = format!("{join}cursor={}", percent(next));
                }
                None => return Ok(items),
            }
        }
    }
}

pub fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect()
}

/// Reads one whole answer; anything cut off is an error.
pub fn read_answer(stream: TcpStream) -> io::Result<Answer> {
    let mut from = BufReader::new(stream);
    let mut line = String::new();
    from.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or(io::ErrorKind::UnexpectedEof)?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        if from.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut answer = Answer { status, headers, body: Vec::new() };
    if answer.header("transfer-encoding").is_some_and(|t| t.eq_ignore_ascii_case("chunked")) {
        read_chunks(&mut from, &mut answer.body)?;
    } else if let Some(len) = answer.header("content-length").and_then(|l| l.parse().ok()) {
        answer.body.resize(len, 0);
        from.read_exact(&mut answer.body)?;
    } else {
        from.read_to_end(&mut answer.body)?;
    }
    Ok(answer)
}

fn read_chunks(from: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let mut line = String::new();
        from.read_line(&mut line)?;
        let len = usize::from_str_radix(line.trim(), 16).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        let start = body.len();
        body.resize(start + len, 0);
        from.read_exact(&mut body[start..])?;
        from.read_exact(&mut [0; 2])?;
        if len == 0 {
            return Ok(());
        }
    }
}
