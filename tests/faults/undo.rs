//! One import is undone at the moment at which another, which says some of the same, comes in.

use super::server::{PASSWORD, Server, Setup, wait_for};
use serde_json::json;
use std::time::Duration;

/// Potassium of every day, the first half of it the same in every file.
fn bundle(n: u64) -> Vec<u8> {
    let entry: Vec<_> = (0..40u64)
        .map(|i| {
            let year = if i < 20 { 2000 } else { 2001 + n };
            json!({"resource": {"resourceType": "Observation", "status": "final",
                "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
                "effectiveDateTime": format!("{year}-01-{:02}T08:00:00Z", 1 + i % 28),
                "valueQuantity": {"value": 4.0 + i as f64 / 100.0, "unit": "mmol/L"}}})
        })
        .collect();
    json!({"resourceType": "Bundle", "type": "collection", "entry": entry}).to_string().into_bytes()
}

#[test]
fn undoing_one_import_while_another_comes_in_leaves_the_other_whole() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(&Setup::new(home.path()));
    let person = server.client.sign_up("undo@example.org", PASSWORD).unwrap();
    let state = |id: &str| person.get(&format!("/api/v1/documents/{id}")).unwrap().json();
    let settled = |id: &str| {
        wait_for(Duration::from_secs(180), || {
            !["queued", "reading"].contains(&state(id)["state"].as_str().unwrap_or("queued"))
        })
    };
    let mut last = person.upload("0.json", &bundle(0)).unwrap().id();
    assert!(settled(&last));
    for n in 1..30 {
        let next = person.upload(&format!("{n}.json"), &bundle(n)).unwrap().id();
        // Another moment of the reading each time.
        std::thread::sleep(Duration::from_millis(4 * n));
        assert_eq!(person.delete(&format!("/api/v1/documents/{last}")).unwrap().status, 200);
        assert!(settled(&next), "round {n}: never read to its end: {}", state(&next));
        let document = state(&next);
        assert_eq!((&document["state"], &document["records"]), (&json!("done"), &json!(40)), "round {n}");
        assert_eq!(person.all("/api/v1/records?limit=200").unwrap().len(), 40, "round {n}");
        last = next;
    }
}
