//! Every feature that takes words or numbers, used once.

use super::{
    files,
    http::{Client, percent},
    needles::Canaries,
    server::{Server, Setup, wait_for},
};
use serde_json::json;
use std::{io::Write, process::Stdio, time::Duration};

/// Plants canaries into one server.
pub struct Planter<'a> {
    pub canaries: &'a mut Canaries,
    pub person: Client,
    pub anonymous: Client,
    pub email: String,
    pub password: String,
}

impl<'a> Planter<'a> {
    pub fn new(server: &Server, canaries: &'a mut Canaries, number: u32) -> Self {
        let mut anonymous = server.client.clone();
        anonymous.agent = format!("{}/{number}", canaries.word("device"));
        let email = format!("{}@example.org", canaries.word("e-mail"));
        let password =
            format!("{} {}", canaries.word("password"), canaries.word("second word of a password"));
        let person = anonymous.sign_up(&email, &password).unwrap();
        canaries.add("session token of a sign-up", &person.token);
        Self { canaries, person, anonymous, email, password }
    }

    pub fn word(&mut self, feature: &str) -> String {
        self.canaries.word(feature)
    }

    pub fn everything(&mut self) {
        self.sign_in();
        self.files();
        self.resumable();
        self.typed();
        self.pasted();
        self.question();
        self.reviewed();
        self.asked();
        self.looked_for();
        self.favourites_and_units();
        self.demo();
        self.export();
        self.second_factor();
    }

    /// In an account of its own: it signs in another way afterwards.
    fn second_factor(&mut self) {
        let email = format!("{}@example.org", self.word("e-mail of a second factor"));
        let password = format!("{} second step", self.word("password of a second factor"));
        let person = self.anonymous.sign_up(&email, &password).unwrap();
        let new = person.json("POST", "/api/v1/me/totp", &json!({})).unwrap().json();
        let secret = new["secret"].as_str().unwrap().to_owned();
        self.canaries.add("secret of an app", &secret);
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let app = totp_rs::Builder::new()
            .with_secret(totp_rs::Secret::try_from_base32(&secret).unwrap())
            .build()
            .unwrap();
        let body = json!({"code": app.generate(now).to_string()});
        let done = person.json("POST", "/api/v1/me/totp/confirm", &body).unwrap();
        assert_eq!(done.status, 200, "{}", done.text());
        self.canaries.add("session token of a new factor", done.json()["token"].as_str().unwrap());
        let codes: Vec<String> = serde_json::from_value(done.json()["recovery_codes"].clone()).unwrap();
        for code in &codes {
            self.canaries.add("recovery code", code);
            self.canaries.add("recovery code without its hyphens", &code.replace('-', ""));
        }
        let half =
            self.anonymous.json("POST", "/api/v1/login", &json!({"email": email, "password": password}));
        let ticket = half.unwrap().json()["ticket"].as_str().unwrap().to_owned();
        self.canaries.add("half of a sign-in", &ticket);
        let body = json!({"ticket": ticket, "code": codes[0]});
        let entered = self.anonymous.json("POST", "/api/v1/login/finish", &body).unwrap();
        assert_eq!(entered.status, 200, "{}", entered.text());
        self.canaries.add("session token of a recovery", entered.json()["token"].as_str().unwrap());
    }

    fn sign_in(&mut self) {
        let body = json!({"email": self.email, "password": self.password, "keep": true});
        let answer = self.anonymous.json("POST", "/api/v1/login", &body).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        self.canaries.add("session token of a sign-in", answer.json()["token"].as_str().unwrap());
        let form = [("email", self.email.as_str()), ("password", self.password.as_str())];
        let page = self.anonymous.form("/fn/sign_in", &form).unwrap();
        let cookie = page.header("set-cookie").expect("a session").to_owned();
        let token = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
        self.canaries.add("session token of the page", &token);
    }

    fn files(&mut self) {
        let planted = files::all(self.canaries);
        for file in &planted {
            let sent = self.person.upload(&file.name, &file.bytes).unwrap();
            assert_eq!(sent.status, 202, "{}", sent.text());
        }
        self.settle();
        self.answer_what_is_asked();
        let records = self.records();
        for word in planted.iter().flat_map(|f| &f.shown) {
            // Otherwise the search below would prove nothing for that format.
            assert!(records.contains(word), "a planted value did not become a record");
        }
    }

    /// The files name different people, which is asked about.
    fn answer_what_is_asked(&self) {
        let mut answered = 0;
        for document in self.person.all("/api/v1/documents").unwrap() {
            let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
            let questions = self.person.get(&path).unwrap().json()["questions"].clone();
            if questions.as_array().is_some_and(|q| q.iter().any(|q| q["key"] == "person")) {
                let mine = json!({"answers": {"person": "import"}});
                let sent = self.person.json("POST", &format!("{path}/answers"), &mine).unwrap();
                assert_eq!(sent.status, 202, "{}", sent.text());
                answered += 1;
                self.settle();
            }
        }
        assert!(answered > 0, "nobody asked whose the files are");
    }

    /// Asks, names and looks for conversations; what was asked is not readable, nor what was answered.
    fn asked(&mut self) {
        let (asked, again) = (self.word("question"), self.word("question of a form"));
        let body = json!({"question": format!("What was my last {asked}, or Sodium?"), "builtin": true});
        let headers = [("Content-Type", "application/json"), ("Accept", "application/json")];
        let answer = self.person.send("POST", "/api/v1/ask", &headers, body.to_string().as_bytes()).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        let id = answer.json()["conversation"].as_str().unwrap().to_owned();
        let stream = self.person.json("POST", "/api/v1/ask", &json!({"question": again, "conversation": id}));
        let stream = stream.unwrap();
        assert!(stream.text().contains("event: done"), "{}", stream.text());
        let (title, sought) =
            (self.word("name of a conversation"), self.word("words looked for in conversations"));
        let path = format!("/api/v1/ask/conversations/{id}");
        assert_eq!(self.person.json("PATCH", &path, &json!({"title": title})).unwrap().status, 204);
        self.person.get(&format!("/api/v1/ask/conversations?q={sought}")).unwrap();
        let kept = self.person.get(&path).unwrap().text();
        for word in [&asked, &again, &title] {
            assert!(kept.contains(word.as_str()), "a conversation does not hold what went in");
        }
        let long = self.word("question that is refused").repeat(200);
        assert_eq!(self.person.json("POST", "/api/v1/ask", &json!({"question": long})).unwrap().status, 422);
    }

    fn reviewed(&mut self) {
        let (value, left) =
            (self.canaries.number("value in doubt"), self.canaries.number("value in doubt, left out"));
        let text = format!(
            "Date,Test,Result,Unit\n2021-05-01,Sodium,141,mmol/L\n2021-05-02,Sodium,{value},mmol/L\n2021-05-03,Sodium,{left},mmol/L\n"
        );
        let name = format!("{}.csv", self.word("name of a table in doubt"));
        let id = self.person.upload(&name, text.as_bytes()).unwrap().id();
        self.settle();
        let path = format!("/api/v1/documents/{id}/review");
        let waiting = self.person.all(&path).unwrap();
        assert_eq!(waiting.len(), 2, "{waiting:?}");
        let note = self.word("name given in a review");
        let accept = json!({"action": "accept", "row": waiting[0]["id"], "name": note});
        let leave = json!({"action": "leave_out", "row": waiting[1]["id"]});
        for body in [accept, leave] {
            let sent = self.person.json("POST", &path, &body).unwrap();
            assert_eq!(sent.status, 200, "{}", sent.text());
        }
        assert!(self.records().contains(&value));
    }

    fn records(&self) -> String {
        serde_json::to_string(&self.person.all("/api/v1/records?limit=200").unwrap()).unwrap()
    }

    pub fn settle(&self) {
        let read = wait_for(Duration::from_secs(120), || {
            let all = self.person.all("/api/v1/documents").unwrap();
            all.iter().all(|d| !["queued", "reading"].contains(&d["state"].as_str().unwrap()))
        });
        assert!(read, "the files were not read");
    }

    fn resumable(&mut self) {
        let (name, content) = (self.word("name of a resumable upload"), self.word("part of an upload"));
        let begun =
            self.person.json("POST", "/api/v1/uploads", &json!({"name": name, "size": 5000})).unwrap();
        assert_eq!(begun.status, 201);
        let path = format!("/api/v1/uploads/{}", begun.id());
        // It is left unfinished, as after a broken connection.
        let sent = self.person.send("PATCH", &path, &[("Upload-Offset", "0")], content.as_bytes()).unwrap();
        assert_eq!(sent.status, 200, "{}", sent.text());
    }

    fn typed(&mut self) {
        let value = self.canaries.number("typed value");
        let mut body = json!({"kind": "observation", "date": "2024-02-03", "value": value});
        for field in ["name", "unit", "note"] {
            body[field] = json!(self.word(&format!("typed {field}")));
        }
        body["low"] = json!(self.canaries.number("typed lower limit"));
        body["high"] = json!("99999999");
        let id = self.add(&body);
        let again = self.canaries.number("edited value");
        let name = self.word("edited name");
        let note = self.word("edited remark");
        let edited = self.person.form(
            "/fn/edit_record",
            &[
                ("record", &id),
                ("version", "1"),
                ("kind", "observation"),
                ("name", &name),
                ("value", &again),
                ("note", &note),
                ("date", "2024-02-03"),
            ],
        );
        assert_eq!(edited.unwrap().status, 200);
        assert!(self.records().contains(&again));
        for kind in ["condition", "medication", "allergy", "immunization", "procedure", "note"] {
            let mut body = json!({"kind": kind, "date": "2024-02-04"});
            for field in ["name", "note", "detail"] {
                if kind != "note" || field != "detail" {
                    body[field] = json!(self.word(&format!("typed {field} of a {kind}")));
                }
            }
            self.add(&body);
        }
        let value = self.canaries.number("deleted value");
        let name = self.word("deleted name");
        let id =
            self.add(&json!({"kind": "observation", "date": "2024-02-05", "name": name, "value": value}));
        assert_eq!(self.person.delete(&format!("/api/v1/records/{id}")).unwrap().status, 200);
    }

    fn add(&self, body: &serde_json::Value) -> String {
        let answer = self.person.json("POST", "/api/v1/records", body).unwrap();
        assert_eq!(answer.status, 201, "{body}: {}", answer.text());
        answer.id()
    }

    fn pasted(&mut self) {
        let (name, text) = (self.word("name of a pasted text"), self.word("pasted text"));
        let value = self.canaries.number("pasted value");
        let text = format!("Test,Result,Unit,Date\n{text},{value},mg/dL,2024-05-06\n");
        let answer = self.person.form("/fn/paste_text", &[("text", &text), ("name", &name)]).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        self.settle();
        assert!(self.records().contains(&value));
    }

    /// A file that cannot tell days from months, and what is answered.
    fn question(&mut self) {
        let marker = self.word("name in a file with a question");
        let text =
            format!("Test,Result,Unit,Date\n{marker},5.5,mg/dL,03/04/2024\n{marker},5.6,mg/dL,05/06/2024\n");
        let name = format!("{}.csv", self.word("name of a file with a question"));
        let id = self.person.upload(&name, text.as_bytes()).unwrap().id();
        self.settle();
        let path = format!("/api/v1/documents/{id}");
        let document = self.person.get(&path).unwrap().json();
        assert_eq!(document["state"], "review", "{document}");
        let wrong =
            json!({"answers": {"day_first": self.word("wrong answer"), self.word("unknown question"): "x"}});
        let refused = self.person.json("POST", &format!("{path}/answers"), &wrong).unwrap();
        assert_eq!(refused.status, 422, "{}", refused.text());
        let right = json!({"answers": {"day_first": "day"}});
        assert_eq!(self.person.json("POST", &format!("{path}/answers"), &right).unwrap().status, 202);
        self.settle();
        assert_eq!(self.person.delete(&path).unwrap().status, 200);
    }

    fn looked_for(&mut self) {
        for (feature, path) in [
            ("search of the API", "/api/v1/records?q="),
            ("search of the timeline", "/timeline?q="),
            ("search of the markers", "/markers?q="),
            ("group of the markers", "/markers?group="),
            ("day of the API", "/api/v1/records?from="),
            ("cursor of the API", "/api/v1/records?cursor="),
            ("unknown parameter", "/api/v1/records?unknown="),
            ("next page after a sign-in", "/login?next="),
        ] {
            let word = self.word(feature);
            let answer =
                self.person.send("GET", &format!("{path}{word}"), &[("Accept", "text/html")], b"").unwrap();
            assert!(answer.status < 500, "{feature}: {}", answer.status);
        }
        let word = self.word("choice of a marker");
        assert_eq!(self.ask("marker_choices", &(&word,)), 200);
        let word = self.word("search by script");
        // Kinds, from, to, words, cursor, limit.
        let query =
            ([0_u8; 0].as_slice(), None::<&str>, None::<&str>, Some(&word), None::<&str>, None::<u32>);
        assert_eq!(self.ask("timeline", &query), 200);
    }

    /// Calls a server function that reads, as the pages do; gives back the status.
    fn ask(&mut self, name: &str, arguments: &impl serde::Serialize) -> u16 {
        let body = postcard::to_stdvec(arguments).unwrap();
        let kind = [("Content-Type", "application/x-postcard")];
        self.person.send("POST", &format!("/fn/{name}"), &kind, &body).unwrap().status
    }

    fn favourites_and_units(&mut self) {
        let markers = self.person.all("/api/v1/markers").unwrap();
        let own = markers.iter().find(|m| m["key"].as_str().is_some_and(|k| k.starts_with("x-"))).unwrap();
        let key = own["key"].as_str().unwrap().to_owned();
        self.canaries.add("key of an own marker", &key);
        let answer = self.person.form("/fn/set_favourite", &[("key", &key), ("on", "true")]).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(self.person.get(&format!("/markers/{}", percent(&key))).unwrap().status, 200);
        let none = self.word("favourite that is not there");
        let _ = self.person.form("/fn/set_favourite", &[("key", &none), ("on", "true")]).unwrap();
        let unit = self.word("unit of a series");
        let path = format!("/api/v1/markers/{}/series?unit={unit}", percent(&key));
        assert!(self.person.get(&path).unwrap().status < 500);
        let path = format!("/api/v1/markers/{}/series?points=5", self.word("series that is not there"));
        assert_eq!(self.person.get(&path).unwrap().status, 404);
        for (name, feature) in [("choose_lang", "language"), ("choose_theme", "theme")] {
            let word = self.word(feature);
            let field = feature.split_at(if name == "choose_lang" { 4 } else { 5 }).0;
            assert!(self.person.form(&format!("/fn/{name}"), &[(field, &word)]).unwrap().status < 500);
        }
    }

    fn demo(&mut self) {
        assert_eq!(self.person.form("/fn/add_demo", &[]).unwrap().status, 200);
        assert_eq!(self.person.get("/overview").unwrap().status, 200);
        assert_eq!(self.person.form("/fn/remove_demo", &[]).unwrap().status, 200);
    }

    /// Everything leaves, and comes in again as another person's.
    fn export(&mut self) {
        let export = self.person.get("/api/v1/export").unwrap();
        assert!(export.status == 200 && export.body.starts_with(b"PK"), "{}", export.status);
        let email = format!("{}@example.org", self.word("e-mail of a second person"));
        let other = self.anonymous.sign_up(&email, &self.password).unwrap();
        let name = format!("{}.zip", self.word("name of an export"));
        let sent = other.upload(&name, &export.body).unwrap();
        assert_eq!(sent.status, 202);
        let here = std::mem::replace(&mut self.person, other);
        self.settle();
        assert!(self.person.all("/api/v1/records").unwrap().len() > 10, "the export was not restored");
        // The second person goes again, with all their keys.
        let wrong = json!({"password": self.word("wrong password on leaving")});
        assert_eq!(self.person.json("DELETE", "/api/v1/me", &wrong).unwrap().status, 422);
        let right = json!({"password": self.password});
        assert_eq!(self.person.json("DELETE", "/api/v1/me", &right).unwrap().status, 200);
        self.person = here;
    }
}

/// The same through the command line. What it says to the terminal is not kept.
pub fn command_line(setup: &Setup, canaries: &mut Canaries) {
    let outside = tempfile::tempdir().unwrap();
    let email = format!("{}@example.org", canaries.word("e-mail of an administrator"));
    let password = format!("{} tide tables", canaries.word("password of an administrator"));
    let mut command = setup.command(&["admin", "create", "--email", &email]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()).unwrap();
    let made = child.wait_with_output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(!String::from_utf8_lossy(&made.stderr).contains(&password));
    let file = outside.path().join(format!("{}.txt", canaries.word("name of a file on the command line")));
    std::fs::write(&file, canaries.word("content of a file on the command line")).unwrap();
    let out = outside.path().join(format!("{}.zip", canaries.word("name of an export file")));
    let (file, out) = (file.to_string_lossy(), out.to_string_lossy());
    for args in [&["import", "--email", &email, &file][..], &["export", "--email", &email, "--out", &out]] {
        let done = setup.command(args).output().unwrap();
        assert!(done.status.success(), "{}: {}", args[0], String::from_utf8_lossy(&done.stderr));
    }
    let none = format!("{}@example.org", canaries.word("e-mail of nobody"));
    assert!(
        !setup
            .command(&["export", "--email", &none, "--out", "/nowhere/x"])
            .output()
            .unwrap()
            .status
            .success()
    );
}
