//! Tables in doubt, files about somebody else, and reading again, over the API.

use crate::support::{TestApp, fhir};
use serde_json::json;

const TABLE: &str = "Date,Test,Result,Unit\n03/04/2021,Sodium,140,mmol/L\n2021-05-01,Sodium,141,mmol/L\n\
                     2021-05-02,Sodium,1410,mmol/L\n";

#[tokio::test]
async fn rows_in_doubt_are_listed_and_take_a_word() {
    let app = TestApp::start().await;
    let token = app.person("r@example.org").await;
    let document = app.upload(&token, "labs.csv", TABLE.as_bytes()).await;
    assert_eq!((&document["state"], &document["records"]), (&json!("review"), &json!(1)));
    let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
    let review = format!("{path}/review");
    let list = app.call("GET", &review).bearer(&token).send().await.json();
    assert_eq!(
        (&list["total"], &list["next"], &list["heading"][3]),
        (&json!(2), &json!(null), &json!("Unit"))
    );
    let (date, value) = (&list["items"][0], &list["items"][1]);
    assert_eq!((&date["line"], &date["confidence"]), (&json!(2), &json!("incomplete")));
    assert_eq!(date["reasons"][0]["code"], "date_order");
    assert_eq!(date["reasons"][0]["choices"][0][0], "2021-04-03");
    assert_eq!((&value["confidence"], &value["reading"]["value"]), (&json!("unsure"), &json!("1410")));
    let say =
        async |body: serde_json::Value| app.call("POST", &review).bearer(&token).json(&body).send().await;
    say(json!({"action": "accept", "row": date["id"]})).await.problem(422);
    say(json!({"action": "accept"})).await.problem(422);
    say(json!({"action": "sing", "row": date["id"]})).await.problem(422);
    let done = say(json!({"action": "accept", "row": date["id"], "date": "2021-04-03"})).await;
    assert_eq!((done.status, &done.json()["waiting"]), (200, &json!(1)));
    say(json!({"action": "accept", "row": date["id"], "date": "2021-04-03"})).await.problem(409);
    assert_eq!(say(json!({"action": "leave_out", "row": value["id"]})).await.json()["waiting"], 0);
    let document = app.call("GET", &path).bearer(&token).send().await.json();
    assert_eq!(
        (&document["state"], &document["records"], &document["waiting"]),
        (&json!("done"), &json!(2), &json!(0))
    );
    assert_eq!(say(json!({"action": "put_back", "row": value["id"]})).await.json()["waiting"], 1);
    let records = app.call("GET", "/api/v1/records").bearer(&token).send().await.json();
    assert_eq!((&records["total"], &records["items"][1]["effective"]), (&json!(2), &json!("2021-04-03")));
    let log = crate::access_log::log(&app, &token, "").await;
    let words = log["items"].as_array().unwrap().iter().filter(|e| e["action"] == "document.reviewed");
    assert_eq!(words.count(), 3, "{log}");
}

#[tokio::test]
async fn document_is_read_again_on_request_and_gains_nothing() {
    let app = TestApp::start().await;
    let token = app.person("r@example.org").await;
    let document = app.upload(&token, "a.json", &fhir()).await;
    let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
    let again = app.call("POST", &format!("{path}/read")).bearer(&token).json(&json!({})).send().await;
    assert_eq!(again.status, 202);
    let read = app.settled(&token, document["id"].as_str().unwrap()).await;
    assert_eq!((&read["state"], &read["records"]), (&json!("done"), &json!(2)));
    assert_eq!(app.call("GET", "/api/v1/records").bearer(&token).send().await.json()["total"], 2);
    let log = crate::access_log::log(&app, &token, "").await;
    assert!(log["items"].as_array().unwrap().iter().any(|e| e["action"] == "document.read_again"), "{log}");
}

#[tokio::test]
async fn file_that_names_somebody_else_waits_for_a_word() {
    let app = TestApp::start().await;
    let token = app.person("r@example.org").await;
    let about = |name: &str, born: &str, n: f64| {
        json!({"resourceType": "Bundle", "type": "collection", "entry": [
            {"resource": {"resourceType": "Patient", "id": "p", "name": [{"text": name}], "birthDate": born}},
            {"resource": {"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/p"},
                "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]}, "effectiveDateTime": "2024-01-01",
                "valueQuantity": {"value": n, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}}}]})
        .to_string()
        .into_bytes()
    };
    assert_eq!(app.upload(&token, "own.json", &about("Jane Doe", "1980-01-01", 4.1)).await["state"], "done");
    let other = app.upload(&token, "other.json", &about("John Doe", "2012-01-01", 4.2)).await;
    assert_eq!((&other["state"], &other["records"]), (&json!("review"), &json!(0)));
    let path = format!("/api/v1/documents/{}", other["id"].as_str().unwrap());
    let detail = app.call("GET", &path).bearer(&token).send().await.json();
    assert_eq!(detail["questions"][0]["key"], "person");
    assert_eq!(detail["questions"][0]["examples"], json!(["John Doe, 2012-01-01", "Jane Doe, 1980-01-01"]));
    let answer = json!({"answers": {"person": "import"}});
    let said = app.call("POST", &format!("{path}/answers")).bearer(&token).json(&answer).send().await;
    assert_eq!(said.status, 202);
    let read = app.settled(&token, other["id"].as_str().unwrap()).await;
    assert_eq!((&read["state"], &read["records"]), (&json!("done"), &json!(1)));
}
