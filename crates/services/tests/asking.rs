//! Questions as a use case: a file is brought, a question asked, and each value of the answer leads back to
//! its record, its document and the place in it; a stranger's records are never in an answer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_domain::view::{Answer, AskReceipt, LeftOut, Outcome};
use keepwell_services::AskContext;
use keepwell_store::testing::for_each_engine;
use support::{Test, bundle, lab};

fn receipt<'a>(a: &'a Answer, value: &str) -> &'a AskReceipt {
    a.receipts.iter().find(|r| r.value == value).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_value_of_an_answer_leads_to_its_place_in_the_file() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let (eva, bob) = (t.person("eva@example.org").await, t.person("bob@example.org").await);
        let file = bundle(&[
            lab("1", "2276-4", "Ferritin", "2023-01-10", "80", "ug/L"),
            lab("2", "2276-4", "Ferritin", "2024-05-02", "41", "ug/L"),
        ]);
        t.bring(&eva, "labs.json", &file).await;
        t.bring(&bob, "other.json", &bundle(&[lab("3", "2276-4", "Ferritin", "2024-06-01", "999", "ug/L")]))
            .await;
        // Whoever asks has to see the version that the import made.
        let ask = |q: &'static str, context: AskContext| {
            let (s, eva) = (t.services.clone(), eva.clone());
            async move { s.answer_builtin(&eva, q, &context).await.unwrap() }
        };
        let (first, context) = ask("What is my latest ferritin?", AskContext::default()).await;
        assert!(first.outcome == Outcome::Answered && first.plain().contains("41 ug/L"), "{}", first.plain());
        assert!(!first.plain().contains("999"));
        let r = receipt(&first, "41 ug/L");
        assert!(
            r.record.is_some() && r.document_name == "labs.json" && r.place.contains("entry[2]"),
            "{}",
            r.place
        );
        let (before, _) = ask("And before that?", context).await;
        assert!(before.plain().contains("80 ug/L"), "{}", before.plain());
        // A row that waits is left out, and said first.
        let table = "Analyse;Ergebnis;Einheit;Datum\r\nFerritin;52;ug/L;03/04/2025\r\n";
        t.bring(&eva, "labor.csv", table.as_bytes()).await;
        let (now, _) = ask("What is my latest ferritin?", AskContext::default()).await;
        assert!(now.plain().contains("41 ug/L") && !now.plain().contains("52 ug/L"), "{}", now.plain());
        if !t.services.documents(&eva).await.unwrap().iter().any(|d| d.name == "labor.csv" && d.records > 0) {
            assert!(now.coverage.left_out.iter().any(|l| l.why == LeftOut::Unreviewed));
            assert!(!now.first.is_empty());
        }
    })
    .await;
}

/// Questions as people type them, through the real import: a text that has to stand in the answer, one that must not.
/// `?` for what has to be asked back.
const QUESTIONS: &[(&str, &str, &str)] = &[
    ("ferritin?", "41", "80"),
    ("how many ferritin values do I have", "2", "3"),
    ("last two zinc", "79", "60"),
    ("how many times was my zinc measured", "3", "4"),
    ("average zinc", "77", "77.5"),
    ("was ist mein höchstes Zink", "84", "68"),
    ("ferritin in spring 2024", "41", "80"),
    ("how often was my ferritin below 50", "Of 2", "80 ug/L, "),
    ("quellium index", "4.7", "41"),
    ("ferritin without zinc", "?", "41"),
    ("ferritin of my brother", "?", "41"),
    ("zinc except 2023", "?", "79"),
];

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_answered_over_files_that_were_really_imported() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let file = bundle(&[
            lab("1", "2276-4", "Ferritin", "2023-01-10", "80", "ug/L"),
            lab("2", "2276-4", "Ferritin", "2024-05-02", "41", "ug/L"),
            lab("3", "5763-8", "Zinc", "2022-05-05T08:10:00+02:00", "68", "ug/dL"),
            lab("4", "5763-8", "Zinc", "2023-05-09T08:10:00+02:00", "84", "ug/dL"),
            lab("5", "5763-8", "Zinc", "2025-04-22T08:10:00+02:00", "79", "ug/dL"),
            lab("6", "99999-9", "Quellium index", "2024-03-03", "4.7", "QU"),
        ]);
        t.bring(&eva, "labs.json", &file).await;
        // The last zinc again, with its day alone.
        let table = "Analyse;Ergebnis;Einheit;Datum\r\nZink;79;µg/dL;22.04.2025\r\n";
        t.bring(&eva, "praxis.csv", table.as_bytes()).await;
        for (question, has, lacks) in QUESTIONS {
            let (a, _) = t.services.answer_builtin(&eva, question, &AskContext::default()).await.unwrap();
            let plain = a.plain();
            if *has == "?" {
                assert!(a.outcome == Outcome::NotUnderstood && !plain.contains(lacks), "{question}: {plain}");
            } else {
                assert!(a.outcome == Outcome::Answered && plain.contains(has), "{question}: {plain}");
                let first = plain.lines().next().unwrap_or_default();
                assert!(!first.contains(lacks), "{question}: {plain}");
            }
        }
    })
    .await;
}
