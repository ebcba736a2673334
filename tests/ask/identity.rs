use crate::{
    Asker, paragraphs,
    server::{ModelServer, Reply, Say},
};
use serde_json::json;

/// What says who the person is; none of it may leave, in any case.
const CANARIES: &[&str] = &[
    "annegret",
    "musterfrau",
    "1971",
    "3.12.",
    "holunderweg",
    "quendelstadt",
    "12345",
    "5550199",
    "998877",
    "quendelberg",
    "zwiebelmann",
    "anna@mail",
    "befund",
];

#[tokio::test]
async fn who_somebody_is_leaves_through_no_tool() {
    for anthropic in [true, false] {
        let server = ModelServer::start(anthropic, |n, _| {
            Reply::Model(match n {
                0 => vec![
                    Say::Call("find_markers", json!({"query": "cholesterol"})),
                    Say::Call("latest", json!({"marker": "13457-7"})),
                    Say::Call("series", json!({"marker": "13457-7", "from": "2020", "to": "2024-12"})),
                    Say::Call("statistics", json!({"marker": "13457-7"})),
                    Say::Call(
                        "compare",
                        json!({"marker": "13457-7", "first_to": "2023", "second_from": "2024"}),
                    ),
                    Say::Call("what_is_missing", json!({})),
                ],
                1 => [
                    "condition",
                    "medication",
                    "allergy",
                    "immunization",
                    "procedure",
                    "encounter",
                    "diagnostic_report",
                    "note",
                ]
                .into_iter()
                .map(|k| Say::Call("list_records", json!({"kind": k})))
                .collect(),
                2 => vec![
                    Say::Call("search_documents", json!({"query": "lipid"})),
                    Say::Call("search_documents", json!({"query": "hypertension"})),
                    Say::Call("search_documents", json!({"query": "Person A"})),
                    Say::Call("find_markers", json!({"query": "Musterfrau"})),
                    Say::Call("latest", json!({"marker": "no such"})),
                ],
                _ => vec![Say::Text("Person A was seen by Doctor B, Person A's LDL is [r1].")],
            })
        })
        .await;
        let asker = Asker::new(&server, anthropic).await;
        asker.consent().await;
        let question = "Annegret Musterfrau, born 3.12.1971, MRN998877, anna@mail.example, Holunderweg 12, 12345 Quendelstadt, +49 30 5550199: what does Befund_Musterfrau_2024.json from Labor Quendelberg and Dr. Zwiebelmann say?";
        let answer = asker.answer(question).await;
        let bodies = server.bodies();
        assert_eq!(bodies.len(), 4);
        // The model's own word comes back to it as it wrote it.
        let bodies: Vec<String> = bodies
            .iter()
            .map(|b| {
                b.replace("{\\\"query\\\":\\\"Musterfrau\\\"}", "")
                    .replace("{\"query\":\"Musterfrau\"}", "")
                    .to_lowercase()
            })
            .collect();
        for (n, body) in bodies.iter().enumerate() {
            for canary in CANARIES {
                assert!(!body.contains(canary), "{canary} left in request {n}: {body}");
            }
        }
        // What is not hidden did get there.
        for word in ["hypertension", "ramipril 5 mg", "lipid report", "3.45 mmol/l", "(age: "] {
            assert!(bodies[3].contains(word), "{word} is missing: {}", bodies[3]);
        }
        let text = paragraphs(&answer);
        assert!(
            text.contains("Musterfrau") && text.contains("{3.1 mmol/L}") && !text.contains("Person A"),
            "{text}"
        );
    }
}
