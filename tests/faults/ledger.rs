//! What was asked of the server, and what it acknowledged.

use super::{
    http::{Answer, Client},
    material::{Material, Rng, material},
};
use serde_json::json;
use std::io;

/// Whether something was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Done {
    No,
    /// Asked for; the answer never came.
    Perhaps,
    Acknowledged,
}

pub struct FileEntry {
    pub material: Material,
    /// Its document, once known.
    pub document: Option<String>,
    pub stored: Done,
    pub deleted: Done,
}

/// A typed record; its value says its version.
pub struct TypedEntry {
    pub number: u64,
    pub record: Option<String>,
    pub stored: Done,
    pub deleted: Done,
    /// Edits that were acknowledged, and that were asked for.
    pub edits: (u64, u64),
}

impl TypedEntry {
    /// The value after so many edits.
    pub fn value(&self, edits: u64) -> String {
        format!("{}.{edits}", 100_000 + self.number)
    }
}

/// One person and all that they asked.
pub struct Person {
    pub client: Client,
    pub files: Vec<FileEntry>,
    pub typed: Vec<TypedEntry>,
    /// Answers that should not have come.
    pub strange: Vec<String>,
    rng: Rng,
    clock: u64,
}

impl Person {
    pub fn new(client: Client, seed: u64) -> Self {
        let (files, typed, strange) = (Vec::new(), Vec::new(), Vec::new());
        Self { client, files, typed, strange, rng: Rng::new(seed), clock: 0 }
    }

    /// Asks for one thing after the other until the server no longer answers; how many were
    /// acknowledged.
    pub fn work(&mut self) -> u64 {
        let mut acknowledged = 0;
        loop {
            let done = match self.rng.below(10) {
                0..=3 => self.upload(),
                4 | 5 => self.add(),
                6 | 7 => self.edit(),
                8 => self.delete_record(),
                _ => self.delete_file(),
            };
            match done {
                Ok(true) => acknowledged += 1,
                Ok(false) => {}
                Err(_) => return acknowledged,
            }
        }
    }

    fn expect(&mut self, what: &str, answer: &Answer, status: u16) -> bool {
        if answer.status != status {
            self.strange.push(format!("{what}: {} {}", answer.status, answer.text()));
        }
        answer.status == status
    }

    fn upload(&mut self) -> io::Result<bool> {
        let n = self.files.len() as u64;
        let material = material(&mut self.rng, n, &mut self.clock);
        let resumable = self.rng.below(3) == 0;
        let (name, bytes) = (material.name.clone(), material.bytes.clone());
        self.files.push(FileEntry { material, document: None, stored: Done::Perhaps, deleted: Done::No });
        let answer = if resumable {
            in_pieces(&self.client, &name, &bytes)?
        } else {
            self.client.upload(&name, &bytes)?
        };
        let taken = self.expect("upload", &answer, 202);
        let entry = self.files.last_mut().unwrap();
        if taken {
            (entry.document, entry.stored) = (Some(answer.id()), Done::Acknowledged);
        }
        Ok(taken)
    }

    fn add(&mut self) -> io::Result<bool> {
        let number = self.typed.len() as u64;
        let mut entry =
            TypedEntry { number, record: None, stored: Done::Perhaps, deleted: Done::No, edits: (0, 0) };
        let body = json!({"kind": "observation", "name": "Potassium", "key": "2823-3", "unit": "mmol/L",
            "value": entry.value(0), "date": "2014-05-06", "note": format!("typed {number}")});
        let answer = self.client.json("POST", "/api/v1/records", &body);
        if let Ok(a) = &answer
            && self.expect("add", a, 201)
        {
            (entry.record, entry.stored) = (Some(a.id()), Done::Acknowledged);
        }
        self.typed.push(entry);
        answer.map(|a| a.status == 201)
    }

    fn some_record(&mut self) -> Option<usize> {
        let live: Vec<_> = (0..self.typed.len())
            .filter(|i| self.typed[*i].record.is_some() && self.typed[*i].deleted == Done::No)
            .collect();
        (!live.is_empty()).then(|| live[self.rng.below(live.len() as u64) as usize])
    }

    fn edit(&mut self) -> io::Result<bool> {
        let Some(i) = self.some_record() else { return Ok(false) };
        let entry = &mut self.typed[i];
        // Whether an edit without an answer was made is only known after the next look.
        if entry.edits.0 != entry.edits.1 {
            return Ok(false);
        }
        entry.edits.1 += 1;
        let (version, value) = ((entry.edits.0 + 1).to_string(), entry.value(entry.edits.1));
        let answer = self.client.form(
            "/fn/edit_record",
            &[
                ("record", entry.record.as_deref().unwrap()),
                ("version", &version),
                ("kind", "observation"),
                ("name", "Potassium"),
                ("key", "2823-3"),
                ("unit", "mmol/L"),
                ("value", &value),
                ("date", "2014-05-06"),
            ],
        )?;
        let done = self.expect("edit", &answer, 200) && answer.header("location").is_some();
        if done {
            self.typed[i].edits.0 += 1;
        }
        Ok(done)
    }

    fn delete_record(&mut self) -> io::Result<bool> {
        let Some(i) = self.some_record() else { return Ok(false) };
        self.typed[i].deleted = Done::Perhaps;
        let path = format!("/api/v1/records/{}", self.typed[i].record.as_deref().unwrap());
        let answer = self.client.delete(&path)?;
        let done = self.expect("delete record", &answer, 200);
        if done {
            self.typed[i].deleted = Done::Acknowledged;
        }
        Ok(done)
    }

    fn delete_file(&mut self) -> io::Result<bool> {
        let live: Vec<_> = (0..self.files.len())
            .filter(|i| self.files[*i].document.is_some() && self.files[*i].deleted == Done::No)
            .collect();
        if live.is_empty() {
            return Ok(false);
        }
        let i = live[self.rng.below(live.len() as u64) as usize];
        self.files[i].deleted = Done::Perhaps;
        let path = format!("/api/v1/documents/{}", self.files[i].document.as_deref().unwrap());
        let answer = self.client.delete(&path)?;
        let done = self.expect("delete document", &answer, 200);
        if done {
            self.files[i].deleted = Done::Acknowledged;
        }
        Ok(done)
    }
}

/// A resumable upload in pieces.
pub fn in_pieces(client: &Client, name: &str, bytes: &[u8]) -> io::Result<Answer> {
    let begun = client.json("POST", "/api/v1/uploads", &json!({"name": name, "size": bytes.len()}))?;
    if begun.status != 201 {
        return Ok(begun);
    }
    let url = format!("/api/v1/uploads/{}", begun.id());
    for (i, piece) in bytes.chunks(700_000).enumerate() {
        let at = (i * 700_000).to_string();
        let headers = [("Upload-Offset", at.as_str()), ("Content-Type", "application/octet-stream")];
        let answer = client.send("PATCH", &url, &headers, piece)?;
        if answer.status != 200 {
            return Ok(answer);
        }
    }
    client.send("POST", &format!("{url}/finish"), &[], b"")
}
