//! The journal's synchronisation between two devices through a running server:
//! `journal_bench HOST:PORT COOKIE CHANGES`. One device writes so many changes, seals and pushes them; a second one,
//! which is in the vault already, pulls, opens and merges them. Both keep their state sealed after every step, as the
//! pages do. Prints `write_s=… up_s=… down_s=… total_s=… sealed_mb=…`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods
)]
#![forbid(unsafe_code)]

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use keepwell_crypto::{Key32, NonceSource};
use keepwell_domain::time::Ts;
use keepwell_journal::{
    merge::{Author, Book, decode, encode},
    model::{EntityId, Kind, Name, Value},
    sync::{Answer, Client, Event, Request, join_with, wire::CONTENT_TYPE},
    vault::{FreshPhrase, NewSlot, Phrase, SlotSecret, Vault},
};
use std::time::Instant;
use tokio::net::TcpStream;

/// Changes that go into one batch. A page makes one of whatever waits when it synchronises.
const BATCH: usize = 500;
/// Fields of an entity: a dose has about as many.
const FIELDS: [&str; 5] = ["drug", "amount", "route", "site", "given"];
const NOON: Ts = Ts(1_774_000_000_000_000);

/// A connection to the server, as one person.
struct Wire {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    cookie: String,
}

impl Wire {
    async fn open(host: &str, cookie: &str) -> Self {
        let stream = TcpStream::connect(host).await.expect("the server listens");
        stream.set_nodelay(true).unwrap();
        let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self { sender, host: host.to_owned(), cookie: cookie.to_owned() }
    }

    async fn ask(&mut self, request: &Request) -> Answer {
        let body = request.body().unwrap().unwrap_or_default();
        let call = http::Request::builder()
            .method(request.method())
            .uri(request.path())
            .header("host", &self.host)
            .header("origin", format!("http://{}", self.host))
            .header("cookie", &self.cookie)
            .header("content-type", CONTENT_TYPE)
            .body(Full::new(body.into()))
            .unwrap();
        self.sender.ready().await.unwrap();
        let answer = self.sender.send_request(call).await.unwrap();
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        request.answer(status, &body).unwrap().unwrap_or_else(|| panic!("{status}: {body:?}"))
    }
}

struct Device {
    vault: Vault,
    client: Client,
    random: NonceSource,
    book: Book,
    author: Author,
}

impl Device {
    fn new(vault: Vault, client: Client, random: NonceSource) -> Self {
        let book = Book::new();
        // The journal's devices go by the same sixteen bytes in both places.
        let author =
            Author::new(keepwell_journal::model::DeviceId::from_bytes(*client.device().as_bytes()), &book);
        Self { vault, client, random, book, author }
    }

    async fn settle(&mut self, wire: &mut Wire) {
        self.client.poke();
        while let Some(request) = self.client.next(&self.vault, &mut self.random).unwrap() {
            self.keep();
            let answer = wire.ask(&request).await;
            for event in self.client.handle(&mut self.vault, answer, &mut self.random).unwrap() {
                match event {
                    Event::Batch { content, .. } => {
                        let changes = decode(&content).unwrap();
                        self.author.receive(&mut self.book, NOON, changes);
                    }
                    Event::Refused(refusal) => panic!("refused: {refusal:?}"),
                    _ => {}
                }
            }
            self.keep();
        }
    }

    fn keep(&mut self) {
        if self.client.role().is_some() {
            drop(self.client.seal(&self.vault, &mut self.random).unwrap());
        }
    }

    /// Writes so many changes and queues them.
    fn write(&mut self, changes: usize) {
        let mut waiting = Vec::with_capacity(BATCH);
        for n in 0..changes / FIELDS.len() {
            let id = EntityId::from_bytes((n as u128 + 1).to_be_bytes());
            let now = NOON.plus_seconds(i64::try_from(n).unwrap());
            let fields = FIELDS.map(|field| (Name::of(field), Value::text(format!("{field} of number {n}"))));
            waiting.extend(self.author.write(&mut self.book, now, (Kind::Dose, id), fields));
            if waiting.len() >= BATCH {
                self.queue(&mut waiting);
            }
        }
        self.queue(&mut waiting);
    }

    fn queue(&mut self, waiting: &mut Vec<keepwell_journal::merge::Change>) {
        if !waiting.is_empty() {
            let content = encode(waiting.iter()).unwrap();
            self.client.writer().unwrap().queue(&content).unwrap();
            waiting.clear();
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [host, cookie, changes] = &args[..] else { panic!("journal_bench HOST:PORT COOKIE CHANGES") };
    let changes: usize = changes.parse().unwrap();
    let (mut wire, mut other) = (Wire::open(host, cookie).await, Wire::open(host, cookie).await);
    let mut random = NonceSource::new();
    let words = FreshPhrase::generate(&mut random).unwrap().words().join(" ");
    let phrase = Phrase::parse(&words).unwrap();
    let vault = Vault::found(&NewSlot::Phrase(&phrase), &mut random).unwrap();
    let client = Client::found(&vault, &mut random).unwrap();
    let mut a = Device::new(vault, client, random);
    a.settle(&mut wire).await;
    let Answer::Info(info) = other.ask(&Request::Info(a.client.vault())).await else { panic!("no vault") };
    let mut random = NonceSource::new();
    let own = Key32::generate().unwrap();
    let joined = join_with(&info, SlotSecret::Phrase(&phrase), &NewSlot::Keeper(&own), &mut random).unwrap();
    let mut b = Device::new(joined.vault, joined.client, random);
    b.settle(&mut other).await;
    a.settle(&mut wire).await;

    let start = Instant::now();
    a.write(changes);
    let written = start.elapsed().as_secs_f64();
    a.settle(&mut wire).await;
    let up = start.elapsed().as_secs_f64();
    b.settle(&mut other).await;
    let total = start.elapsed().as_secs_f64();
    assert_eq!(b.book.changes().count(), changes);
    assert!(a.book.agrees_with(&b.book), "both have the same");
    let Answer::Info(info) = wire.ask(&Request::Info(a.client.vault())).await else { panic!("no vault") };
    println!(
        "write_s={written:.3} up_s={:.3} down_s={:.3} total_s={total:.3} sealed_mb={:.2}",
        up - written,
        total - up,
        info.used as f64 / 1e6
    );
}
