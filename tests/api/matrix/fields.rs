//! What nobody asked for is refused: an unknown field at any depth of a body, in a form, behind the
//! arguments of a server function, or beside the files of an upload.

use super::{
    Kind, all,
    lines::Sent,
    things::{Caller, Ids, postcard},
};
use crate::support::TestApp;
use serde_json::{Value, json};

/// The body once for each object in it that names its fields, with one more.
fn with_more(body: &Value) -> Vec<Value> {
    let mut out = Vec::new();
    if let Value::Object(fields) = body {
        let mut more = fields.clone();
        more.insert("owner".into(), json!("somebody"));
        out.push(Value::Object(more));
        // The answers to questions are named by the questions.
        for (key, value) in fields.iter().filter(|f| f.0 != "answers") {
            for inner in with_more(value) {
                let mut outer = fields.clone();
                outer.insert(key.clone(), inner);
                out.push(Value::Object(outer));
            }
        }
    }
    out
}

#[tokio::test]
async fn unknown_field_is_refused_wherever_a_body_is_taken() {
    let app = TestApp::start().await;
    let owner = app.person("owner@example.org").await;
    let ids = Ids::of_owner(&app, &owner).await;
    let caller = Caller::with(&app, "owner", &owner).await;
    // To the owner the administration is not there, whatever is sent.
    let root = Caller::staff(&app, "admin", keepwell_services::Role::Admin).await;
    let (mut faults, mut tried) = (Vec::new(), 0);
    for line in all().iter().filter(|l| l.path != "/csp-report") {
        let mut calls = Vec::new();
        let caller = if line.staff().is_some() { &root } else { &caller };
        // As a program sends it; the bodies are put in anew.
        let path = match line.path.as_str() {
            "/documents/upload" => format!("/documents/upload?profile={}", caller.own("{own}")),
            other => other.to_owned(),
        };
        let call = || caller.call(&app, (line.method, &path, &Sent::Bytes), &ids);
        match &line.sent {
            Sent::Json(body) => {
                for more in with_more(body) {
                    calls.push(call().body("application/json", ids.fill(&more.to_string())));
                }
            }
            Sent::Form(body) => {
                let text = caller.own(&ids.fill(body));
                for more in ["owner=somebody", "owner[x]=1", "Email=x", "_other=1"] {
                    let text = if text.is_empty() { more.to_owned() } else { format!("{text}&{more}") };
                    calls.push(call().body("application/x-www-form-urlencoded", text));
                }
            }
            Sent::Ask(arguments) => {
                let mut bytes = postcard(arguments, &ids);
                bytes.push(0);
                calls.push(call().body("application/x-postcard", bytes));
            }
            Sent::File => {
                let part =
                    "--B\r\nContent-Disposition: form-data; name=\"owner\"\r\n\r\nsomebody\r\n--B--\r\n";
                calls.push(call().body("multipart/form-data; boundary=B", part));
            }
            Sent::Nothing | Sent::Bytes | Sent::Stream => {}
        }
        for call in calls {
            tried += 1;
            let answer = call.send().await;
            let fits = match line.kind {
                Kind::Api => answer.status == 422,
                _ => [400, 422].contains(&answer.status),
            };
            if !fits {
                faults.push(format!(
                    "{} {}: {} {:.200}",
                    line.method,
                    line.path,
                    answer.status,
                    answer.text()
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(tried > 150, "{tried}");
}

#[tokio::test]
async fn description_says_that_no_body_takes_more() {
    let app = TestApp::start().await;
    let api = app.call("GET", "/api/v1/openapi.json").send().await.json();
    let mut checked = 0;
    for item in api["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let Some(name) =
                operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str()
            else {
                continue;
            };
            let schema = &api["components"]["schemas"][name.rsplit('/').next().unwrap()];
            assert_eq!(schema["additionalProperties"], false, "{name}: {schema}");
            checked += 1;
        }
    }
    assert!(checked > 10, "{checked}");
}
