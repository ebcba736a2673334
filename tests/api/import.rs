//! From a file to records, markers and a series, and back out again.

use crate::support::{PASSWORD, TestApp, fhir};
use serde_json::json;

#[tokio::test]
async fn uploaded_results_become_records_markers_and_a_series() {
    let app = TestApp::start().await;
    let token = app.person("i@example.org").await;
    let document = app.upload(&token, "labs.json", &fhir()).await;
    assert_eq!(
        (&document["state"], &document["records"], &document["reason"]),
        (&json!("done"), &json!(2), &json!(null))
    );
    let records = app.call("GET", "/api/v1/records?kind=observation").bearer(&token).send().await.json();
    assert_eq!(records["total"], 2);
    let newest = &records["items"][0];
    assert_eq!(
        (&newest["kind"], &newest["code"]["code"], &newest["value"]["unit"]),
        (&json!("observation"), &json!("2823-3"), &json!("mmol/L"))
    );
    assert_eq!(newest["value"]["number"].as_f64(), Some(5.6));
    assert_eq!(newest["sources"][0]["document"], document["id"]);
    let one = app
        .call("GET", &format!("/api/v1/records/{}", newest["id"].as_str().unwrap()))
        .bearer(&token)
        .send()
        .await
        .json();
    assert_eq!(&one, newest);
    let markers = app.call("GET", "/api/v1/markers").bearer(&token).send().await.json();
    assert_eq!((&markers["items"][0]["loinc"], &markers["items"][0]["count"]), (&json!("2823-3"), &json!(2)));
    let series = app.call("GET", "/api/v1/markers/2823-3/series").bearer(&token).send().await.json();
    assert_eq!(series["unit"], "mmol/L");
    assert_eq!(
        series["points"],
        json!([["2024-03-01T08:00:00Z", 4.1, []], ["2024-06-01T08:00:00Z", 5.6, ["high"]]])
    );
    let spring =
        app.call("GET", "/api/v1/markers/2823-3/series?to=2024-03-01").bearer(&token).send().await.json();
    assert_eq!(spring["points"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn same_file_again_adds_nothing_and_one_call_undoes_the_import() {
    let app = TestApp::start().await;
    let token = app.person("i@example.org").await;
    let first = app.upload(&token, "a.json", &fhir()).await;
    let again = app.call("POST", "/api/v1/documents").bearer(&token).file("b.json", &fhir()).send().await;
    assert_eq!((again.status, &again.json()["items"][0]["already_there"]), (202, &json!(true)));
    let path = format!("/api/v1/documents/{}", first["id"].as_str().unwrap());
    let receipt = app.call("DELETE", &path).bearer(&token).send().await;
    assert_eq!(
        (receipt.status, &receipt.json()["records"], &receipt.json()["documents"]),
        (200, &json!(2), &json!(1))
    );
    assert_eq!(app.call("GET", "/api/v1/records").bearer(&token).send().await.json()["total"], 0);
    app.call("GET", &path).bearer(&token).send().await.problem(404);
}

#[tokio::test]
async fn original_comes_back_byte_for_byte_whole_and_in_ranges() {
    let app = TestApp::start().await;
    let token = app.person("i@example.org").await;
    let bytes: Vec<u8> = (0..2_500_000u32).flat_map(|i| i.to_le_bytes()).collect();
    let document = app.upload(&token, "Röntgen \"1\".bin", &bytes).await;
    assert_eq!(document["state"], "done");
    assert!(document["reason"].as_str().is_some_and(|r| !r.is_empty()));
    let path = format!("/api/v1/documents/{}/file", document["id"].as_str().unwrap());
    let whole = app.call("GET", &path).bearer(&token).send().await;
    assert!(whole.body == bytes);
    assert!(whole.header("content-disposition").starts_with("attachment; "));
    assert!(whole.header("content-disposition").contains("filename*=UTF-8''R%C3%B6ntgen"));
    assert!(whole.header("content-security-policy").contains("sandbox"));
    for (range, from, to) in [
        ("bytes=0-0", 0, 1),
        ("bytes=1048570-1048590", 1_048_570, 1_048_591),
        ("bytes=-10", bytes.len() - 10, bytes.len()),
        ("bytes=9999990-", 9_999_990, bytes.len()),
    ] {
        let part = app.call("GET", &path).bearer(&token).header("range", range).send().await;
        assert_eq!(part.status, 206);
        assert!(part.body == bytes[from..to], "{range}");
        assert_eq!(part.header("content-range"), format!("bytes {from}-{}/{}", to - 1, bytes.len()));
    }
}

#[tokio::test]
async fn plain_form_without_script_leads_to_the_documents_page() {
    let app = TestApp::start().await;
    let token = app.person("i@example.org").await;
    let me = app.call("GET", "/api/v1/me").bearer(&token).send().await.json();
    let upload = format!("/documents/upload?profile={}", me["profile"]["id"].as_str().unwrap());
    let sent = app.call("POST", &upload).own().cookie(&token).file("a.json", &fhir()).send().await;
    assert_eq!((sent.status, sent.header("location")), (303, "/documents"));
    let nobody = app.call("POST", "/documents/upload").own().file("a.json", &fhir()).send().await;
    assert_eq!((nobody.status, nobody.header("location")), (303, "/login"));
}

#[tokio::test]
async fn deleting_the_account_needs_the_password_and_ends_everything() {
    let app = TestApp::start().await;
    let token = app.person("i@example.org").await;
    app.upload(&token, "a.json", &fhir()).await;
    app.call("DELETE", "/api/v1/me")
        .bearer(&token)
        .json(&json!({"password": "wrong-wrong-wrong-wrong"}))
        .send()
        .await
        .problem(422);
    let receipt =
        app.call("DELETE", "/api/v1/me").bearer(&token).json(&json!({"password": PASSWORD})).send().await;
    assert_eq!((receipt.status, &receipt.json()["documents"]), (200, &json!(1)), "{}", receipt.text());
    app.call("GET", "/api/v1/me").bearer(&token).send().await.problem(401);
    let files = walk(&app.dir.path().join("data/files"));
    assert_eq!(files, 0, "sealed files are gone");
}

fn walk(dir: &std::path::Path) -> usize {
    std::fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .map(|p| if p.is_dir() { walk(&p) } else { 1 })
        .sum()
}

#[tokio::test]
async fn export_is_a_zip_of_everything() {
    let app = TestApp::start().await;
    let token = app.person("i@example.org").await;
    app.upload(&token, "a.json", &fhir()).await;
    let zip = app.call("GET", "/api/v1/export").bearer(&token).send().await;
    assert_eq!((zip.status, zip.header("content-type")), (200, "application/zip"));
    assert!(
        zip.body.starts_with(b"PK\x03\x04") && zip.body[zip.body.len() - 22..].starts_with(b"PK\x05\x06")
    );
    assert!(
        zip.header("content-disposition").contains("keepwell-2027-01-15.zip"),
        "{}",
        zip.header("content-disposition")
    );
}
