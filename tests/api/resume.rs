//! A broken upload resumes where it was.

use crate::support::{TestApp, fhir};
use serde_json::json;
use std::io::Write;

#[tokio::test]
async fn upload_in_pieces_becomes_one_document() {
    let app = TestApp::start().await;
    let token = app.person("r@example.org").await;
    let bytes = fhir();
    let begun = app
        .call("POST", "/api/v1/uploads")
        .bearer(&token)
        .json(&json!({"name": "a.json", "size": bytes.len()}))
        .send()
        .await;
    assert_eq!((begun.status, &begun.json()["received"]), (201, &json!(0)));
    let url = format!("/api/v1/uploads/{}", begun.json()["id"].as_str().unwrap());
    let patch = |at: usize, part: &[u8]| {
        app.call("PATCH", &url)
            .bearer(&token)
            .header("upload-offset", &at.to_string())
            .body("application/octet-stream", part.to_vec())
    };
    patch(7, &bytes[7..]).send().await.problem(409);
    let all = patch(0, &bytes).send().await;
    assert_eq!((all.status, &all.json()["received"]), (200, &json!(bytes.len())), "{}", all.text());
    let done = app.call("POST", &format!("{url}/finish")).bearer(&token).send().await;
    assert_eq!(done.status, 202, "{}", done.text());
    let document = app.settled(&token, done.json()["id"].as_str().unwrap()).await;
    assert_eq!((&document["state"], &document["records"]), (&json!("done"), &json!(2)));
    app.call("GET", &url).bearer(&token).send().await.problem(404);
}

#[tokio::test]
async fn what_arrived_before_the_connection_broke_is_kept() {
    let app = TestApp::start().await;
    let token = app.person("r@example.org").await;
    let bytes: Vec<u8> = (0..3 << 20).map(|i: usize| (i * 31 % 251) as u8).collect();
    let begun = app
        .call("POST", "/api/v1/uploads")
        .bearer(&token)
        .json(&json!({"name": "big.bin", "size": bytes.len()}))
        .send()
        .await;
    let url = format!("/api/v1/uploads/{}", begun.json()["id"].as_str().unwrap());
    let (address, head) = (
        app.address,
        format!(
            "PATCH {url} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nUpload-Offset: 0\r\nContent-Length: {}\r\n\r\n",
            app.address,
            bytes.len()
        ),
    );
    let part = bytes[..2 << 20].to_vec();
    tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&part).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(500));
    })
    .await
    .unwrap();
    // While the server is still noticing, it may answer that more has come: then one asks again.
    let mut rest = None;
    for _ in 0..1200 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let kept =
            app.call("GET", &url).bearer(&token).send().await.json()["received"].as_u64().unwrap() as usize;
        assert!(kept <= 2 << 20, "{kept}");
        if kept == 0 {
            continue;
        }
        let sent = app
            .call("PATCH", &url)
            .bearer(&token)
            .header("upload-offset", &kept.to_string())
            .body("application/octet-stream", bytes[kept..].to_vec())
            .send()
            .await;
        if sent.status != 409 {
            rest = Some(sent);
            break;
        }
    }
    let rest = rest.expect("the upload went on");
    assert_eq!(rest.json()["received"], bytes.len(), "{}", rest.text());
    let done = app.call("POST", &format!("{url}/finish")).bearer(&token).send().await;
    let file = app
        .call("GET", &format!("/api/v1/documents/{}/file", done.json()["id"].as_str().unwrap()))
        .bearer(&token)
        .send()
        .await;
    assert!(file.body == bytes);
}

#[tokio::test]
async fn cancelled_upload_leaves_nothing() {
    let app = TestApp::start().await;
    let token = app.person("r@example.org").await;
    let begun = app
        .call("POST", "/api/v1/uploads")
        .bearer(&token)
        .json(&json!({"name": "a", "size": null}))
        .send()
        .await;
    let url = format!("/api/v1/uploads/{}", begun.json()["id"].as_str().unwrap());
    assert_eq!(app.call("DELETE", &url).bearer(&token).send().await.status, 204);
    app.call("GET", &url).bearer(&token).send().await.problem(404);
}
