//! Who calls, and what there is to be called for.

use super::lines::{Arg, Sent};
use crate::support::{Answer, Call, PASSWORD, TestApp, authenticator::Authenticator, fhir};
use keepwell_services::{Role, clock::Clock};
use keepwell_store::{
    passkey,
    testing::{fingerprint, new_uuid, sealed},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Ids by name.
#[derive(Clone)]
pub struct Ids(BTreeMap<&'static str, String>);

impl Ids {
    /// By which names ids stand in lines.
    pub const NAMES: [&str; 15] = [
        "{document}",
        "{row}",
        "{record}",
        "{upload}",
        "{profile}",
        "{token}",
        "{session}",
        "{entry}",
        "{passkey}",
        "{account}",
        "{grant}",
        "{notice}",
        "{conversation}",
        "{message}",
        "{vault}",
    ];

    /// Something of each kind that belongs to the owner.
    pub async fn of_owner(app: &TestApp, owner: &str) -> Self {
        let get = async |path: &str| app.call("GET", path).bearer(owner).send().await.json();
        let post = async |path: &str, body: Value| {
            app.call("POST", path).bearer(owner).json(&body).send().await.json()
        };
        let id = |v: &Value| v.as_str().unwrap_or_else(|| panic!("no id: {v}")).to_owned();
        app.upload(owner, "canary-name.json", &fhir()).await;
        let table = b"Date,Test,Result,Unit\n2021-05-01,Sodium,141,mmol/L\n2021-05-02,Sodium,1410,mmol/L\n";
        let document = id(&app.upload(owner, "canary-table.csv", table).await["id"]);
        let rows = get(&format!("/api/v1/documents/{document}/review")).await;
        let record = id(&get("/api/v1/records").await["items"][0]["id"]);
        let upload = id(&post("/api/v1/uploads", json!({"name": "x", "size": 5})).await["id"]);
        let child = json!({"name": "canary-child", "relation": "child"});
        let profile = id(&post("/api/v1/profiles", child).await["id"]);
        let token = json!({"name": "canary-token", "scopes": ["export"], "days": 7});
        let token = id(&post("/api/v1/tokens", token).await["id"]);
        let session = id(&get("/api/v1/sessions").await["items"][0]["id"]);
        let entry = id(&get("/api/v1/audit").await["items"][0]["id"]);
        let row = id(&rows["items"][0]["id"]);
        let account = id(&get("/api/v1/me").await["id"]);
        let asked = json!({"question": "canary-question, what was my last potassium?"});
        let asked =
            app.call("POST", "/api/v1/ask").bearer(owner).header("accept", "application/json").json(&asked);
        let asked = asked.send().await.json();
        let (conversation, message) = (id(&asked["conversation"]), id(&asked["message"]));
        let passkey = passkey_of(app, &account).await;
        let grant = grant_over(app, &account).await;
        let vault = crate::journal::begun(app, owner).await;
        let notice = id(&get("/api/v1/me/notices").await["items"][0]["id"]);
        Self(BTreeMap::from([
            ("{document}", document),
            ("{row}", row),
            ("{record}", record),
            ("{upload}", upload),
            ("{profile}", profile),
            ("{token}", token),
            ("{session}", session),
            ("{entry}", entry),
            ("{passkey}", passkey),
            ("{account}", account),
            ("{grant}", grant),
            ("{notice}", notice),
            ("{conversation}", conversation),
            ("{message}", message),
            ("{vault}", vault),
            ("{loinc}", "2823-3".to_owned()),
        ]))
    }

    /// Ids of the same form that lead nowhere.
    pub fn missing(&self) -> Self {
        let other = |id: &String| {
            let last = if id.ends_with('7') { '8' } else { '7' };
            format!("{}{last}", &id[..id.len() - 1])
        };
        Self(
            self.0
                .iter()
                .map(|(name, id)| (*name, if *name == "{loinc}" { id.clone() } else { other(id) }))
                .collect(),
        )
    }

    pub fn get(&self, name: &str) -> &str {
        &self.0[name]
    }

    pub fn fill(&self, text: &str) -> String {
        let text = text.replace("{device}", &"ab".repeat(16)).replace("{seq}", "1");
        let text = text.replace("{member}", "0190f3a1-0000-4000-8000-000000000001");
        self.0.iter().fold(text, |text, (name, id)| text.replace(name, id))
    }

    /// Replaces the ids in an answer by their names, so that two answers can be compared.
    pub fn blank(&self, text: &str) -> String {
        let named = self.0.iter().filter(|(name, _)| **name != "{loinc}");
        named.fold(text.to_owned(), |text, (name, id)| text.replace(id.as_str(), name))
    }

    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(name, _)| **name != "{loinc}").map(|(_, id)| id.as_str())
    }
}

/// A passkey of the owner's, put where they lie: adding one by the API would end the session that tests hold.
async fn passkey_of(app: &TestApp, account: &str) -> String {
    let (id, store) = (new_uuid(), app.state.services.store());
    let mut tx = store.begin().await.unwrap();
    let account = account.parse().unwrap();
    let key = sealed("canary-passkey");
    passkey::insert_passkey(&mut tx, id.into(), account, fingerprint(1), &key, app.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

/// A grant over the owner's notes, of an admin who is none of the callers.
async fn grant_over(app: &TestApp, account: &str) -> String {
    let root = Caller::staff(app, "grantor", Role::Admin).await;
    let wish =
        json!({"person": account, "kinds": ["note"], "reason": "to have one in the matrix", "minutes": 60});
    let call = app.call("POST", "/api/v1/admin/grants").bearer(root.secret.as_deref().unwrap());
    let made = call.json(&wish).send().await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].as_str().unwrap().to_owned()
}

/// Somebody who calls.
pub struct Caller {
    pub name: &'static str,
    email: Option<String>,
    pub secret: Option<String>,
    pub profile: Option<String>,
    /// Whether they have an account that may see its own things.
    pub is_in: bool,
    /// Their second factor, without which whoever runs the instance sees nothing.
    key: Option<Authenticator>,
}

impl Caller {
    fn nobody() -> Self {
        Self { name: "nobody", email: None, secret: None, profile: None, is_in: false, key: None }
    }

    async fn person(app: &TestApp, name: &'static str) -> Self {
        let email = format!("{name}@example.org");
        app.person(&email).await;
        Self::signed_in(app, name, email).await
    }

    pub async fn staff(app: &TestApp, name: &'static str, role: Role) -> Self {
        let email = format!("{name}@example.org");
        app.state.services.create_staff(&email, PASSWORD, role).await.unwrap();
        let mut caller =
            Self { name, email: Some(email), secret: None, profile: None, is_in: true, key: None };
        if role == Role::Admin {
            caller.enrol(app).await;
        }
        caller.renew(app).await;
        caller
    }

    async fn enrol(&mut self, app: &TestApp) {
        let secret = self.sign_in(app).await;
        let post = async |path: &str, body: Value| {
            app.call("POST", path).bearer(&secret).json(&body).send().await.json()
        };
        let mut key = Authenticator::new(app.state.services.passkey_origin().unwrap());
        let ask = post("/api/v1/me/passkeys/options", json!({})).await;
        let answer: Value = serde_json::from_str(&key.create(&ask)).unwrap();
        let body = json!({"ticket": ask["ticket"], "passkey": answer, "name": "Mine"});
        self.secret = post("/api/v1/me/passkeys", body).await["token"].as_str().map(str::to_owned);
        self.key = Some(key);
    }

    /// A new session, with the passkey where there is one.
    async fn sign_in(&mut self, app: &TestApp) -> String {
        let post =
            async |path: &str, body: Value| app.call("POST", path).own().json(&body).send().await.json();
        let done = match &mut self.key {
            Some(key) => {
                let ask = post("/api/v1/login/passkey/options", json!({})).await;
                let answer: Value = serde_json::from_str(&key.get(&ask)).unwrap();
                post("/api/v1/login/passkey", json!({"ticket": ask["ticket"], "passkey": answer})).await
            }
            None => post("/api/v1/login", json!({"email": self.email, "password": PASSWORD})).await,
        };
        done["token"].as_str().unwrap_or_else(|| panic!("{done}")).to_owned()
    }

    async fn signed_in(app: &TestApp, name: &'static str, email: String) -> Self {
        let mut caller =
            Self { name, email: Some(email), secret: None, profile: None, is_in: true, key: None };
        caller.renew(app).await;
        caller
    }

    /// A new session, when the last one has ended, and the profile that is in use by now.
    pub async fn renew(&mut self, app: &TestApp) {
        if self.email.is_none() || !self.is_in {
            return;
        }
        let me = async |secret: &str| app.call("GET", "/api/v1/me").bearer(secret).send().await;
        let mut known = None;
        if let Some(secret) = &self.secret {
            known = Some(me(secret).await).filter(|answer| answer.status == 200);
        }
        if known.is_none() {
            let secret = self.sign_in(app).await;
            known = Some(me(&secret).await);
            self.secret = Some(secret);
        }
        self.profile = known.map(|me| me.json()["profile"]["id"].as_str().unwrap().to_owned());
    }

    /// Nobody, another person, each role of the staff, and somebody whose account is gone.
    pub async fn all(app: &TestApp) -> Vec<Self> {
        let mut gone = Self::person(app, "gone").await;
        let secret = gone.secret.clone().unwrap();
        let left = app.call("DELETE", "/api/v1/me").bearer(&secret).json(&json!({"password": PASSWORD}));
        assert_eq!(left.send().await.status, 200);
        gone.is_in = false;
        vec![
            Self::nobody(),
            Self::person(app, "stranger").await,
            Self::staff(app, "support", Role::Support).await,
            Self::staff(app, "admin", Role::Admin).await,
            Self::staff(app, "auditor", Role::Auditor).await,
            gone,
        ]
    }

    /// Somebody with a session that is there.
    pub async fn with(app: &TestApp, name: &'static str, secret: &str) -> Self {
        let me = app.call("GET", "/api/v1/me").bearer(secret).send().await.json();
        let profile = Some(me["profile"]["id"].as_str().unwrap().to_owned());
        Self { name, email: None, secret: Some(secret.to_owned()), profile, is_in: true, key: None }
    }

    /// Fills in the caller's own profile, for which a form was drawn.
    pub fn own(&self, text: &str) -> String {
        text.replace("{own}", self.profile.as_deref().unwrap_or_default())
    }

    /// Puts a request together as this caller's browser (or, for the API, program) would send it.
    pub fn call<'a>(
        &self,
        app: &'a TestApp,
        (method, path, sent): (&str, &str, &Sent),
        ids: &Ids,
    ) -> Call<'a> {
        let is_api = path.starts_with("/api/");
        let mut call = app.call(method, &ids.fill(path)).own().header("accept-language", "en");
        if let Some(secret) = &self.secret {
            call = if is_api { call.bearer(secret) } else { call.cookie(secret) };
        }
        if !is_api && let Some(profile) = &self.profile {
            call = call.header("keepwell-profile", profile);
        }
        match sent {
            Sent::Nothing | Sent::Stream if is_api => call.header("upload-offset", "0"),
            Sent::Nothing | Sent::Stream => call.header("accept", "text/html"),
            Sent::Json(body) => call.body("application/json", ids.fill(&body.to_string())),
            Sent::File => call.file("a.txt", b"some words"),
            Sent::Bytes => call.header("upload-offset", "0").body("application/octet-stream", "x"),
            Sent::Form(body) => call.body("application/x-www-form-urlencoded", self.own(&ids.fill(body))),
            Sent::Ask(arguments) => call
                .header("accept", "application/x-postcard")
                .body("application/x-postcard", postcard(arguments, ids)),
        }
    }
}

pub fn postcard(arguments: &[Arg], ids: &Ids) -> Vec<u8> {
    let mut out = Vec::new();
    for argument in arguments {
        match argument {
            Arg::Zero => out.push(0),
            Arg::One => out.push(1),
            Arg::Text(text) => {
                let text = ids.fill(text);
                out.push(u8::try_from(text.len()).unwrap());
                out.extend_from_slice(text.as_bytes());
            }
        }
    }
    out
}

/// All of an answer that somebody could compare with another: status, headers, body, without what is
/// new in each answer (its name, its nonce) and without the ids that were asked for.
pub fn comparable(answer: &Answer, ids: &Ids) -> String {
    let own = |name: &str| ["x-request-id", "date"].contains(&name);
    let request = answer.header("x-request-id").to_owned();
    let policy = answer.header("content-security-policy");
    let nonce =
        policy.split("'nonce-").nth(1).and_then(|p| p.split('\'').next()).unwrap_or("-none-").to_owned();
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !own(name.as_str()))
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    headers.sort();
    let text = format!("{}\n{}\n\n{}", answer.status, headers.join("\n"), opened(&answer.text()));
    ids.blank(&text.replace(&request, "REQUEST").replace(&nonce, "NONCE"))
}

/// A page with the values that it brings for its program in the clear: they hold the answer's name.
fn opened(html: &str) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
    const MARK: &str = "__RESOLVED_RESOURCES[";
    let mut parts = html.split(MARK);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (value, rest) = part.split_once(";</script>").unwrap_or((part, ""));
        let coded = value.split('"').nth(1).unwrap_or_default();
        let plain = BASE64_STANDARD_NO_PAD.decode(coded).unwrap_or_else(|e| panic!("{e}: {value}"));
        out += MARK;
        out += &String::from_utf8_lossy(&plain);
        out += rest;
    }
    out
}
