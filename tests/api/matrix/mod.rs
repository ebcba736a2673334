//! Spec 2.8, 11.1 and the security design's 7: every route × everybody who is not its owner × what is
//! there and what is not. The refusals look the same, to the last byte. The lines are held against
//! the router, the pages and the server functions: what has none fails.

mod fields;
mod lines;
pub mod things;

use crate::{
    every_route::{API, PAGES as KNOWN_PAGES},
    limits::routes_of,
    support::{Answer, TestApp},
};
use keepwell::middleware::limit::class;
use keepwell_app::ssr::FORM_PAGES;
use lines::{ENDS, OPEN_FUNCTIONS, PAGES, STAFF, Sent, api, functions, others};
use std::collections::BTreeSet;
use things::{Caller, Ids, comparable};

/// What else can be read.
pub fn readable_others() -> impl Iterator<Item = &'static str> {
    others().into_iter().filter(|o| o.0 == "GET").map(|o| o.1)
}

/// A line of the matrix.
struct Line {
    method: &'static str,
    path: String,
    sent: Sent,
    /// Whether anybody may call it.
    open: bool,
    /// Whether it takes the caller's session.
    ends: bool,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Api,
    Page,
    Form,
    Function,
    Other,
}

impl Line {
    /// For which callers it is, when it is for those who run the instance.
    fn staff(&self) -> Option<&'static [&'static str]> {
        let of = STAFF.iter().filter(|(begin, _)| {
            if begin.starts_with("/fn/") { self.path == *begin } else { self.path.starts_with(begin) }
        });
        of.max_by_key(|(begin, _)| begin.len()).map(|(_, callers)| *callers)
    }
    /// Whether it is there for this caller because they run the instance.
    fn is_for(&self, caller: &Caller) -> bool {
        self.staff().is_some_and(|callers| callers.contains(&caller.name))
    }
    /// Whether it says an id of the owner's.
    fn names(&self) -> bool {
        let body = match &self.sent {
            Sent::Json(body) => body.to_string().replace("{\"", "").replace("{}", ""),
            Sent::Form(body) => (*body).to_owned(),
            Sent::Ask(arguments) => {
                arguments.iter().map(|a| if let lines::Arg::Text(t) = a { t } else { "" }).collect()
            }
            _ => String::new(),
        };
        Ids::NAMES.iter().any(|name| self.path.contains(name) || body.contains(name))
    }
}

/// As the router writes a path.
fn route(path: &str, id: &str) -> String {
    let path = path.split('?').next().unwrap();
    Ids::NAMES.iter().fold(path.to_owned(), |p, name| p.replace(name, id))
}

/// The page on which a form stands.
fn page_of(page: &str) -> String {
    let id = match page.split('/').nth(if page.starts_with("/records") { 1 } else { 2 }) {
        Some("records") => "{record}",
        Some("people") => "{account}",
        Some("grants") => "{grant}",
        _ if page.starts_with("/ask/") => "{conversation}",
        _ => "{document}",
    };
    page.replace("{id}", id).replace("{key}", "{loinc}")
}

/// All lines; those that take the session come last.
fn all() -> Vec<Line> {
    let mut out = Vec::new();
    for (method, path, sent) in api() {
        let open = API.iter().any(|r| r.0 == method && r.1 == route(path, "{id}") && r.2);
        out.push(Line {
            method,
            path: path.to_owned(),
            sent,
            open,
            ends: ENDS.contains(&path),
            kind: Kind::Api,
        });
    }
    for page in PAGES {
        let open = KNOWN_PAGES.iter().any(|p| page_of(p.0) == *page && p.1);
        for method in ["GET", "HEAD"] {
            let path = (*page).to_owned();
            out.push(Line { method, path, sent: Sent::Nothing, open, ends: false, kind: Kind::Page });
        }
    }
    for (method, path, sent) in others() {
        let open = path != "/documents/upload";
        out.push(Line { method, path: path.to_owned(), sent, open, ends: false, kind: Kind::Other });
    }
    let functions = functions();
    for (name, sent) in &functions {
        let (open, ends) = (OPEN_FUNCTIONS.contains(name), ENDS.contains(name));
        let path = format!("/fn/{name}");
        out.push(Line { method: "POST", path, sent: sent.clone(), open, ends, kind: Kind::Function });
    }
    for (page, forms) in FORM_PAGES {
        for form in *forms {
            let sent = functions.iter().find(|f| f.0 == *form).map(|f| f.1.clone());
            let Some(Sent::Form(body)) = sent else { panic!("{form} has no line with a form") };
            // A test's words may live as long as the test.
            let body: &'static str = String::leak(format!("_form={form}&_profile={{own}}&{body}"));
            let (open, ends) = (OPEN_FUNCTIONS.contains(form), ENDS.contains(form));
            out.push(Line {
                method: "POST",
                path: page_of(page),
                sent: Sent::Form(body),
                open,
                ends,
                kind: Kind::Form,
            });
        }
    }
    out.sort_by_key(|line| line.ends);
    out
}

#[tokio::test]
async fn everything_that_the_router_holds_has_a_line() {
    let app = TestApp::start().await;
    let set = |list: Vec<(&str, String)>| -> BTreeSet<String> {
        list.into_iter().map(|(method, path)| format!("{method} {path}")).collect()
    };
    let known = set(API.iter().map(|r| (r.0, r.1.to_owned())).collect());
    let listed = set(api().iter().map(|l| (l.0, route(l.1, "{id}"))).collect());
    assert_eq!(listed, known, "the API");
    let pages: BTreeSet<String> = keepwell::routes::PAGES.iter().map(|r| page_of(r.path())).collect();
    assert_eq!(PAGES.iter().map(|p| (*p).to_owned()).collect::<BTreeSet<_>>(), pages, "pages");
    let called: BTreeSet<String> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.trim_start_matches("/fn/").to_owned())
        .collect();
    assert_eq!(
        functions().iter().map(|f| f.0.to_owned()).collect::<BTreeSet<_>>(),
        called,
        "server functions"
    );
    let mut rest = routes_of(&app.router);
    rest.retain(|r| !class::is_call(r) && !pages.contains(&page_of(r)) && !API.iter().any(|a| a.1 == r));
    assert_eq!(others().iter().map(|o| o.1.to_owned()).collect::<BTreeSet<_>>(), rest, "what else there is");
    for (method, path, _) in others() {
        let answer = app.call(method, path).own().send().await;
        assert_ne!(answer.status, 405, "{method} {path}");
    }
}

/// What is wrong with an answer to somebody who has nothing to do with the owner.
fn fault(line: &Line, caller: &Caller, answer: &Answer) -> Option<String> {
    let to_login = answer.headers.get("location").is_some_and(|l| l.as_bytes().starts_with(b"/login"));
    let expected = if !caller.is_in && !line.open {
        let (page, status) = (matches!(line.kind, Kind::Page | Kind::Form | Kind::Other), answer.status);
        status == 401 || (page && to_login && (300..400).contains(&status))
    } else if line.is_for(caller) {
        answer.status < 500
    } else if line.staff().is_some() {
        // No less missing than what there is not at all.
        answer.status == 404
    } else if line.names() && !line.open {
        answer.status == 404
    } else {
        answer.status < 500
    };
    if line.kind == Kind::Api
        && answer.status >= 400
        && answer.header("content-type") != "application/problem+json"
    {
        return Some(format!("no problem: {}", answer.header("content-type")));
    }
    (!expected).then(|| format!("{} {:.300}", answer.status, answer.text()))
}

#[tokio::test]
async fn what_is_anothers_and_what_is_not_there_look_the_same_to_everybody() {
    let app = TestApp::start().await;
    let owner = app.person("owner@example.org").await;
    let there = Ids::of_owner(&app, &owner).await;
    let missing = there.missing();
    let mut callers = Caller::all(&app).await;
    let (mut faults, mut compared) = (Vec::new(), 0);
    for line in all() {
        for caller in &mut callers {
            if matches!(line.sent, Sent::Stream) && caller.is_in {
                continue;
            }
            let mut seen = Vec::new();
            for ids in [&there, &missing] {
                caller.renew(&app).await;
                let answer = caller.call(&app, (line.method, &line.path, &line.sent), ids).send().await;
                let at = format!("{:?} {} {} as {}", line.kind, line.method, line.path, caller.name);
                faults.extend(fault(&line, caller, &answer).map(|f| format!("{at}: {f}")));
                let text = answer.text();
                let shows_id = !line.names() && !line.is_for(caller);
                if text.contains("canary-") || (shows_id && there.all().any(|id| text.contains(id))) {
                    faults.push(format!("{at} shows what is the owner's"));
                }
                seen.push(comparable(&answer, ids));
                if !line.names() || line.is_for(caller) {
                    break;
                }
            }
            if let [one, other] = &seen[..] {
                compared += 1;
                if one != other {
                    let at = format!("{:?} {} {} as {}", line.kind, line.method, line.path, caller.name);
                    faults.push(format!("{at}: {}", difference(one, other)));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(compared > 200, "only {compared} pairs were compared");
    still_there(&app, &owner, &there).await;
}

/// The first place where two answers differ, with what stands around it.
fn difference(there: &str, missing: &str) -> String {
    let at = there.bytes().zip(missing.bytes()).take_while(|(a, b)| a == b).count().saturating_sub(60);
    let around = |text: &str| {
        String::from_utf8_lossy(&text.as_bytes()[at.min(text.len())..]).chars().take(160).collect::<String>()
    };
    format!("there …{}…\n  missing …{}…", around(there), around(missing))
}

/// Nothing that anybody tried did anything to the owner.
async fn still_there(app: &TestApp, owner: &str, ids: &Ids) {
    for (path, name) in [
        ("/api/v1/documents/{document}", ""),
        ("/api/v1/records/{record}", ""),
        ("/api/v1/uploads/{upload}", ""),
        ("/api/v1/profiles", "{profile}"),
        ("/api/v1/tokens", "{token}"),
        ("/api/v1/sessions", "{session}"),
        ("/api/v1/documents/{document}/review", "{row}"),
    ] {
        let answer = app.call("GET", &ids.fill(path)).bearer(owner).send().await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(name.is_empty() || answer.text().contains(ids.get(name)), "{path} lost {name}");
    }
}

#[tokio::test]
async fn profile_of_another_and_one_that_is_not_there_look_the_same_on_every_operation() {
    let app = TestApp::start().await;
    let owner = app.person("owner@example.org").await;
    let there = Ids::of_owner(&app, &owner).await;
    let missing = there.missing();
    let mut callers = Caller::all(&app).await;
    for line in all().iter().filter(|l| l.kind == Kind::Api && !l.open) {
        for caller in callers.iter_mut().filter(|c| c.is_in) {
            let mut seen = Vec::new();
            for ids in [&there, &missing] {
                let call = caller.call(&app, (line.method, &line.path, &line.sent), &there);
                let answer = call.header("keepwell-profile", ids.get("{profile}")).send().await;
                answer.problem(404);
                seen.push(comparable(&answer, ids));
            }
            assert_eq!(seen[0], seen[1], "{} {} as {}", line.method, line.path, caller.name);
        }
    }
}
