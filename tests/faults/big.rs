//! A very large file: memory stays flat, and a broken upload goes on where it was.

use super::{
    http::{Client, read_answer},
    material::Rng,
    server::{PASSWORD, Server, Setup},
};
use serde_json::json;
use std::io::Write;

/// Bytes of memory that the server may ever hold.
const MOST: u64 = 200 << 20;
const BLOCK: usize = 1 << 20;

/// The file, made again wherever it is needed: blocks that differ by their number.
struct Large {
    blocks: u64,
    pattern: Vec<u8>,
}

impl Large {
    fn new() -> Self {
        let is_big = std::env::var("KEEPWELL_FAULT_BIG").is_ok_and(|v| v == "1");
        Self { blocks: if is_big { 2048 } else { 512 }, pattern: Rng::new(3).bytes(BLOCK) }
    }
    fn len(&self) -> u64 {
        self.blocks * BLOCK as u64
    }
    fn block(&self, n: u64) -> Vec<u8> {
        let mut block = self.pattern.clone();
        block[..8].copy_from_slice(&n.to_le_bytes());
        block
    }
    /// Sends bytes from `from` up to `to`, which the head of the request has announced.
    fn send(&self, to: &mut impl Write, mut from: u64, end: u64) -> std::io::Result<()> {
        while from < end {
            let (n, at) = (from / BLOCK as u64, (from % BLOCK as u64) as usize);
            let part = &self.block(n)[at..];
            let part = &part[..part.len().min((end - from) as usize)];
            to.write_all(part)?;
            from += part.len() as u64;
        }
        Ok(())
    }
}

fn received(person: &Client, url: &str) -> u64 {
    person.get(url).unwrap().json()["received"].as_u64().unwrap()
}

#[test]
fn very_large_upload_needs_little_memory_and_survives_a_broken_line_and_a_kill() {
    let home = tempfile::tempdir().unwrap();
    let setup = Setup::new(home.path());
    let mut server = Server::start(&setup);
    let mut person = server.client.sign_up("big@example.org", PASSWORD).unwrap();
    let large = Large::new();
    let begun =
        person.json("POST", "/api/v1/uploads", &json!({"name": "big.bin", "size": large.len()})).unwrap();
    assert_eq!(begun.status, 201, "{}", begun.text());
    let url = format!("/api/v1/uploads/{}", begun.id());

    // The line breaks after a third.
    let third = large.len() / 3;
    let mut line = person.begin("PATCH", &url, &[("Upload-Offset", "0")], large.len()).unwrap();
    large.send(&mut line, 0, third).unwrap();
    drop(line);
    // While the server is still noticing, it may answer that more has come: then one asks again.
    let mut line = None;
    for _ in 0..3600 {
        std::thread::sleep(std::time::Duration::from_millis(50));
        let kept = received(&person, &url);
        assert!(kept <= third, "{kept} of {third} bytes are kept");
        if kept < third / 2 {
            continue;
        }
        let offset = kept.to_string();
        let mut next =
            person.begin("PATCH", &url, &[("Upload-Offset", &offset)], large.len() - kept).unwrap();
        // The server is killed after two thirds.
        if large.send(&mut next, kept, 2 * third).is_ok() {
            line = Some(next);
            break;
        }
    }
    let line = line.expect("the upload did not go on");
    let mut peak = server.peak_memory();
    server.kill();
    drop(line);
    server = Server::start(&setup);
    person.address = server.client.address;
    let kept = received(&person, &url);
    assert!(kept >= third / 2 && kept <= 2 * third, "{kept} bytes are kept");

    let offset = kept.to_string();
    let mut line = person.begin("PATCH", &url, &[("Upload-Offset", &offset)], large.len() - kept).unwrap();
    large.send(&mut line, kept, large.len()).unwrap();
    let answer = read_answer(line).unwrap();
    assert_eq!((answer.status, answer.json()["received"].as_u64()), (200, Some(large.len())));
    let done = person.send("POST", &format!("{url}/finish"), &[], b"").unwrap();
    assert_eq!(done.status, 202, "{}", done.text());
    let document = done.id();
    let state = || person.get(&format!("/api/v1/documents/{document}")).unwrap().json()["state"].clone();
    let read = super::server::wait_for(std::time::Duration::from_secs(300), || {
        !["queued", "reading"].contains(&state().as_str().unwrap_or("queued"))
    });
    assert!(read, "the file was not looked at");
    for n in [0, 1, large.blocks / 3, large.blocks / 2, large.blocks - 1] {
        let (from, to) = (n * BLOCK as u64, (n + 1) * BLOCK as u64 - 1);
        let range = format!("bytes={from}-{to}");
        let path = format!("/api/v1/documents/{document}/file");
        let part = person.send("GET", &path, &[("Range", &range)], b"").unwrap();
        assert!(part.status == 206 && part.body == large.block(n), "block {n} differs");
    }
    peak = peak.max(server.peak_memory());
    eprintln!("{} MiB uploaded; the server held {} MiB at most", large.len() >> 20, peak >> 20);
    assert!(peak < MOST, "the server held {} MiB", peak >> 20);
}
