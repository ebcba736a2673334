//! Leaving and coming back: an export holds everything, and restoring it loses nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_domain::{
    record::{Body, Record},
    view::{AskEvent, DocumentState, TimelineQuery},
};
use keepwell_parsers::sink::Item;
use keepwell_services::{Actor, AskQuestion};
use keepwell_store::testing::for_each_engine;
use serde_json::{Value as Json, json};
use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read, Write},
    sync::{Arc, Mutex},
};
use support::{
    Test, bundle, lab,
    person::{APPLE, TABLE, everything, full_person},
};

/// A writer that cannot seek and keeps what it gets.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);
impl Write for Sink {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(buf);
        Ok(buf.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn export(t: &Test, actor: &Actor) -> Vec<u8> {
    let sink = Sink::default();
    t.services.export(actor, sink.clone()).await.unwrap();
    let mut bytes = sink.0.lock().unwrap();
    std::mem::take(&mut *bytes)
}

fn files(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    (0..archive.len())
        .map(|i| {
            let mut file = archive.by_index(i).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(files[path].clone()).unwrap()
}

fn lines(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Vec<Json> {
    text(files, path).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

/// What an export says, without the ids of its instance.
fn content(files: &BTreeMap<String, Vec<u8>>) -> (Vec<String>, Vec<String>, Vec<String>) {
    let documents = lines(files, "keepwell/documents.ndjson");
    let name = |id: &Json| documents.iter().find(|d| &d["id"] == id).unwrap()["name"].clone();
    let mut records: Vec<String> = lines(files, "keepwell/records.ndjson")
        .into_iter()
        .map(|mut r| {
            r["id"] = Json::Null;
            for s in r["sources"].as_array_mut().unwrap() {
                s["document"] = name(&s["document"]);
            }
            r.to_string()
        })
        .collect();
    let mut series: Vec<String> = lines(files, "keepwell/series.ndjson")
        .into_iter()
        .map(|mut c| {
            for d in c["documents"].as_array_mut().unwrap() {
                *d = name(d);
            }
            c.to_string()
        })
        .collect();
    let mut listed: Vec<String> = documents
        .iter()
        .filter(|d| d["format"] != "Keepwell export")
        .map(|d| {
            let mut d = d.clone();
            d["parent"] = d.get("parent").filter(|p| !p.is_null()).map(&name).unwrap_or_default();
            d["id"] = Json::Null;
            // Each instance has its own keyed hash of the content.
            d["contents"] = Json::Null;
            d.to_string()
        })
        .collect();
    records.sort();
    series.sort();
    listed.sort();
    (records, series, listed)
}

#[tokio::test]
async fn an_export_restored_elsewhere_gives_everything_back_and_again_adds_nothing() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = full_person(&t).await;
        let zip = export(&t, &eva).await;
        let first = files(&zip);
        let bob = t.person("bob@example.org").await;
        let up = t.bring(&bob, "keepwell-export.zip", &zip).await;
        let row = t.services.document_row(&bob, up.id).await.unwrap();
        assert_eq!((row.state, row.format.as_str()), (DocumentState::Done, "Keepwell export"));
        assert!(row.reason.unwrap().starts_with("Everything in this export was restored."));
        let bob = t.services.actor_for_email("bob@example.org").await.unwrap();
        let again = export(&t, &bob).await;
        let second = files(&again);
        assert_eq!(content(&first), content(&second));
        assert_eq!(lines(&first, "keepwell/settings.json"), lines(&second, "keepwell/settings.json"));
        assert_eq!(
            t.services.markers(&bob).await.unwrap().rows.len(),
            t.services.markers(&eva).await.unwrap().rows.len()
        );
        // Every original is a document of its own with the very same bytes.
        let documents = t.services.documents(&bob).await.unwrap();
        for (name, bytes) in
            [("Bündel <1>.json", everything()), ("labor.csv", TABLE.into()), ("export.xml", APPLE.into())]
        {
            let d = documents.iter().find(|d| d.name == name).unwrap();
            let file = t.services.open_file(&bob, d.id).await.unwrap();
            assert_eq!(file.read_range(0, bytes.len() + 1).await.unwrap(), bytes, "{name}");
        }
        // The other export of the same things adds its own archive and nothing else.
        t.bring(&bob, "again.zip", &again).await;
        let bob = t.services.actor_for_email("bob@example.org").await.unwrap();
        let third = files(&export(&t, &bob).await);
        assert_eq!(content(&second), content(&third));
        assert_eq!(t.services.documents(&bob).await.unwrap().len(), documents.len() + 1);
        // A file of the export is known as such.
        assert!(t.services.upload_bytes(&bob, "labor.csv", TABLE.as_bytes()).await.unwrap().already_there);
        // No sealed file lies there without a document.
        let whole = documents.len() - 1 + t.services.documents(&eva).await.unwrap().len();
        assert_eq!(std::fs::read_dir(&t.files).unwrap().count(), whole);
    })
    .await;
}

#[tokio::test]
async fn a_restore_into_a_full_profile_joins_what_is_there() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = full_person(&t).await;
        let zip = export(&t, &eva).await;
        let bob = t.person("bob@example.org").await;
        let own = bundle(&[
            lab("x", "2276-4", "Ferritin", "2023-01-10", "25.0", "ng/mL"),
            lab("y", "2276-4", "Ferritin", "2025-06-01", "44", "ng/mL"),
        ]);
        t.bring(&bob, "own.json", &own).await;
        t.bring(&bob, "keepwell-export.zip", &zip).await;
        let bob = t.services.actor_for_email("bob@example.org").await.unwrap();
        let hers = t.services.timeline(&eva, &TimelineQuery::default()).await.unwrap().total;
        let his = t.services.timeline(&bob, &TimelineQuery::default()).await.unwrap();
        assert_eq!(his.total, hers + 1);
        assert!(his.items.iter().any(|i| i.sources == 3), "own file, bundle and portal");
    })
    .await;
}

#[tokio::test]
async fn conversations_leave_readable_and_come_back_with_their_receipts() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = full_person(&t).await;
        let asked = AskQuestion {
            text: "What was my <last> ferritin?".to_owned(),
            conversation: None,
            builtin: true,
        };
        let turn = t.services.ask(&eva, asked).await.unwrap();
        let id = turn.conversation;
        assert!(matches!(turn.end().await, Some(AskEvent::Done { .. })));
        t.services.rename_conversation(&eva, id, "Iron & co").await.unwrap();
        let hers = t.services.conversation(&eva, id).await.unwrap();
        let zip = export(&t, &eva).await;
        let all = files(&zip);
        let page = text(&all, "index.html");
        assert!(page.contains("Iron &amp; co") && page.contains("What was my &lt;last&gt; ferritin?"));
        for line in hers.exchanges[0].answer.as_ref().unwrap().plain().lines() {
            assert!(
                page.contains(&line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")),
                "{line}"
            );
        }
        let bob = t.person("bob@example.org").await;
        for name in ["keepwell-export.zip", "the-same-again.zip"] {
            // The second archive holds the same conversation once more.
            let zip = if name.starts_with("the") { export(&t, &bob).await } else { zip.clone() };
            t.bring(&bob, name, &zip).await;
        }
        let bob = t.services.actor_for_email("bob@example.org").await.unwrap();
        let list = t.services.conversations(&bob, None).await.unwrap();
        assert_eq!((list.len(), list[0].title.as_str(), list[0].questions), (1, "Iron & co", 1));
        let his = t.services.conversation(&bob, list[0].id).await.unwrap();
        let (old, new) =
            (hers.exchanges[0].answer.clone().unwrap(), his.exchanges[0].answer.clone().unwrap());
        assert_eq!(his.exchanges[0].question, hers.exchanges[0].question);
        assert_eq!(his.exchanges[0].asked, hers.exchanges[0].asked);
        assert!(old.blocks == new.blocks && !new.receipts.is_empty());
        for (o, n) in old.receipts.iter().zip(&new.receipts) {
            assert_ne!(o.record, n.record, "the ids are those of his own records");
            let record = t.services.record(&bob, n.record.unwrap()).await.unwrap();
            assert_eq!(record.title, t.services.record(&eva, o.record.unwrap()).await.unwrap().title);
            assert_eq!(n.document.is_some(), o.document.is_some());
            if let Some(d) = n.document {
                assert_eq!(t.services.document_row(&bob, d).await.unwrap().name, o.document_name);
            }
        }
        // The conversation goes on where it was.
        let more =
            AskQuestion { text: "and before that?".to_owned(), conversation: Some(his.id), builtin: true };
        let more = t.services.ask(&bob, more).await.unwrap().end().await;
        assert!(matches!(more, Some(AskEvent::Done { answer }) if !answer.receipts.is_empty()));
    })
    .await;
}

/// What becomes of a file, or nothing to leave it out.
type Change<'a> = &'a dyn Fn(&str, &[u8]) -> Option<Vec<u8>>;

#[tokio::test]
async fn a_damaged_or_newer_export_says_so_and_restores_nothing() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = full_person(&t).await;
        let zip = export(&t, &eva).await;
        let bob = t.person("bob@example.org").await;
        let sound = files(&zip);
        let rebuilt = |change: Change<'_>| {
            let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
            for (name, bytes) in &sound {
                if let Some(bytes) = change(name, bytes) {
                    out.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
                    out.write_all(&bytes).unwrap();
                }
            }
            out.finish().unwrap().into_inner()
        };
        let swap = |from: &'static str, to: &'static str| {
            move |b: &[u8]| String::from_utf8_lossy(b).replace(from, to).into_bytes()
        };
        let other_value = rebuilt(&|n, b| {
            Some(if n == "keepwell/records.ndjson" { swap("13.40", "14.40")(b) } else { b.to_vec() })
        });
        let other_file = rebuilt(&|n, b| {
            Some(if n.ends_with("labor.csv") { swap("28,5", "29,5")(b) } else { b.to_vec() })
        });
        let lost_file = rebuilt(&|n, b| (!n.ends_with("labor.csv")).then(|| b.to_vec()));
        let newer = rebuilt(&|n, b| {
            Some(if n == "keepwell/manifest.json" {
                swap("\"version\": 2", "\"version\": 9")(b)
            } else {
                b.to_vec()
            })
        });
        let cases = [
            (other_value, "SHA-256"),
            (other_file, "SHA-256"),
            (lost_file, "missing"),
            (newer, "newer Keepwell"),
            (zip[..zip.len() * 2 / 3].to_vec(), "cut off"),
        ];
        let n = cases.len();
        for (bytes, why) in cases {
            let up = t.bring(&bob, "bad.zip", &bytes).await;
            let row = t.services.document_row(&bob, up.id).await.unwrap();
            let reason = row.reason.unwrap();
            assert!(reason.contains(why), "{why}: {reason}");
        }
        let bob = t.services.actor_for_email("bob@example.org").await.unwrap();
        assert_eq!(t.services.timeline(&bob, &TimelineQuery::default()).await.unwrap().total, 0);
        assert_eq!(t.services.documents(&bob).await.unwrap().len(), n);
        let whole = n + t.services.documents(&eva).await.unwrap().len();
        assert_eq!(std::fs::read_dir(&t.files).unwrap().count(), whole, "no sealed file is left behind");
    })
    .await;
}

#[tokio::test]
async fn an_empty_profile_can_leave_and_come_back() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let zip = export(&t, &eva).await;
        let all = files(&zip);
        assert!(text(&all, "index.html").contains("Keepwell export"));
        let bundle: Json = serde_json::from_str(&text(&all, "fhir/bundle.json")).unwrap();
        assert_eq!(bundle["entry"].as_array().unwrap().len(), 1);
        let bob = t.person("bob@example.org").await;
        let up = t.bring(&bob, "empty.zip", &zip).await;
        assert_eq!(t.services.document_row(&bob, up.id).await.unwrap().state, DocumentState::Done);
    })
    .await;
}

#[tokio::test]
async fn other_programs_open_the_archive() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = full_person(&t).await;
        let zip = export(&t, &eva).await;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("export.zip");
        std::fs::write(&path, &zip).unwrap();
        let script = "import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint(len(z.namelist()))";
        let runs: [(&str, Vec<&str>); 2] = [("python3", vec!["-c", script]), ("unzip", vec!["-tq"])];
        for (program, args) in runs {
            match std::process::Command::new(program).args(&args).arg(&path).output() {
                Ok(out) => assert!(out.status.success(), "{program}: {}", String::from_utf8_lossy(&out.stderr)),
                Err(_) => eprintln!("skipped: {program} is not here"),
            }
        }
        // The list comes in the order of writing, the page before Keepwell's own files.
        assert!(files(&zip).len() > 20);
    })
    .await;
}

/// What R4 requires of each kind of resource; `a|b` is a choice.
const REQUIRED: [(&str, &[&str]); 14] = [
    ("Patient", &[]),
    ("Observation", &["status", "code", "subject"]),
    ("Condition", &["subject", "code"]),
    ("MedicationStatement", &["status", "medicationCodeableConcept", "subject"]),
    ("MedicationRequest", &["status", "intent", "medicationCodeableConcept", "subject"]),
    ("MedicationDispense", &["status", "medicationCodeableConcept"]),
    (
        "MedicationAdministration",
        &["status", "medicationCodeableConcept", "subject", "effectiveDateTime|effectivePeriod"],
    ),
    ("AllergyIntolerance", &["patient", "clinicalStatus", "code"]),
    ("Immunization", &["status", "vaccineCode", "patient", "occurrenceDateTime|_occurrenceDateTime"]),
    ("Procedure", &["status", "subject"]),
    ("Encounter", &["status", "class"]),
    ("DiagnosticReport", &["status", "code"]),
    ("DocumentReference", &["status", "content"]),
    ("Bundle", &["type"]),
];

/// A record as FHIR can say it.
fn as_fhir_says(mut r: Record) -> Record {
    use keepwell_domain::{measure::Value, time::When};
    let plain = |v: &mut Option<Value>| {
        if let Some(Value::Quantity(q)) = v {
            q.ucum = None;
        }
    };
    let unknown = |s: &mut Option<String>| *s = s.take().filter(|s| s != "unknown");
    if let Some(When::Local(d, _)) = r.effective {
        r.effective = Some(When::Day(d));
    }
    match &mut r.body {
        Body::Observation(o) => {
            plain(&mut o.value);
            o.components.iter_mut().for_each(|c| plain(&mut c.value));
            unknown(&mut o.status);
        }
        Body::Note(n) => n.title = n.title.take().filter(|t| !t.is_empty()),
        _ => {}
    }
    r
}

#[tokio::test]
async fn the_bundle_has_what_r4_requires_and_reads_back_to_the_same_records() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = full_person(&t).await;
        let all = files(&export(&t, &eva).await);
        let raw = text(&all, "fhir/bundle.json");
        assert!(raw.contains("\"value\":13.40,"), "a number keeps its last zero");
        let bundle: Json = serde_json::from_str(&raw).unwrap();
        assert_eq!((&bundle["resourceType"], &bundle["type"]), (&json!("Bundle"), &json!("collection")));
        for e in bundle["entry"].as_array().unwrap() {
            let r = &e["resource"];
            let id = r["id"].as_str().unwrap();
            assert_eq!(e["fullUrl"], format!("urn:uuid:{id}"));
            let kind = r["resourceType"].as_str().unwrap();
            let (_, needed) = REQUIRED.iter().find(|(k, _)| *k == kind).unwrap();
            for n in *needed {
                assert!(n.split('|').any(|n| !r[n].is_null()), "{kind} without {n}: {r}");
            }
        }
        let mut items: Vec<Item> = Vec::new();
        keepwell_parsers::fhir::read(raw.as_bytes(), &mut items).unwrap();
        let mut read: Vec<String> = Vec::new();
        for i in items {
            match i {
                Item::Record(r) => read.push(format!("{:?}", as_fhir_says(r.record))),
                Item::Warning(w) => panic!("{}", w.why),
                _ => {}
            }
        }
        let mut held: Vec<String> = lines(&all, "keepwell/records.ndjson")
            .into_iter()
            .map(|l| format!("{:?}", as_fhir_says(serde_json::from_value(l["record"].clone()).unwrap())))
            .collect();
        read.sort();
        held.sort();
        assert_eq!(read, held);
    })
    .await;
}

#[tokio::test]
async fn tables_keep_printed_numbers_and_hold_no_formula() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = full_person(&t).await;
        let all = files(&export(&t, &eva).await);
        let observations = text(&all, "csv/observations.csv");
        assert!(observations.starts_with("date,name,code_system,code,part_of,"), "no mark before the header");
        assert!(observations.lines().any(|l| l.contains(",13.40,g/dL,")), "{observations}");
        assert!(
            observations.lines().any(|l| l.contains(",<,0.10,") && l.contains(",0.4,4.0,")),
            "{observations}"
        );
        assert!(observations.lines().any(|l| l.contains("Systolic") && l.contains("Blood pressure")));
        assert!(text(&all, "csv/conditions.csv").contains("\"'=HYPERLINK(\"\"http://x\"\")\""));
        let heart = text(&all, "csv/series/HKQuantityTypeIdentifierHeartRate.csv");
        assert!(
            heart
                .contains("2024-03-01T09:00:00Z,2024-03-01T09:00:00Z,61.300000000000004,count/min,Watch\r\n"),
            "{heart}"
        );
        assert!(heart.contains(",'=Watch"), "{heart}");
        let page = text(&all, "index.html");
        assert!(
            page.contains("Hemoglobin &lt;b&gt;&quot;&amp;") && page.contains("Slept &lt;badly&gt;"),
            "{page}"
        );
        assert!(!page.contains("<script") && page.contains("B%C3%BCndel"), "{page}");
        for (name, bytes) in &all {
            if name.ends_with("-labor.csv") {
                assert_eq!(bytes, TABLE.as_bytes());
            }
        }
    })
    .await;
}

/// Counts and forgets.
#[derive(Clone, Default)]
struct Counter(Arc<Mutex<(u64, usize)>>);
impl Write for Counter {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let mut seen = self.0.lock().unwrap();
        *seen = (seen.0 + buf.len() as u64, seen.1.max(buf.len()));
        Ok(buf.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_large_original_goes_out_in_small_pieces() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let mut x = 1u32;
        let bytes: Vec<u8> = (0..20_000_000u32)
            .map(|_| {
                x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (x >> 24) as u8
            })
            .collect();
        t.bring(&eva, "scan.bin", &bytes).await;
        let counter = Counter::default();
        t.services.export(&eva, counter.clone()).await.unwrap();
        let (total, largest) = *counter.0.lock().unwrap();
        assert!(total > 20_000_000 && largest <= 1 << 20, "{total} bytes, largest piece {largest}");
    })
    .await;
}

/// Files of providers and devices, when they are here.
fn shared_files() -> Vec<(String, Vec<u8>)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let mut found = Vec::new();
    for folder in ["fhir-r4", "fhir-ips", "fhir-other", "ccda", "hl7v2", "apple-health"] {
        for e in std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
            let small = e.metadata().is_ok_and(|m| m.is_file() && m.len() < 700_000);
            if let Some(bytes) = std::fs::read(e.path()).ok().filter(|_| small) {
                found.push((e.file_name().to_string_lossy().into_owned(), bytes));
            }
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn real_files_survive_leaving_and_coming_back() {
    let shared = shared_files();
    if shared.is_empty() {
        eprintln!("skipped: ../shared/data is not here");
        return;
    }
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        for (name, bytes) in &shared {
            t.services.upload_bytes(&eva, name, bytes).await.unwrap();
        }
        t.work().await;
        // They are about many people; hers are all of them.
        for row in t.services.documents(&eva).await.unwrap() {
            let view = t.services.document(&eva, row.id, None, 1).await.unwrap();
            if view.questions.iter().any(|q| q.key == "person") {
                let answer = vec![("person".to_owned(), "import".to_owned())];
                t.services.answer_questions(&eva, row.id, answer).await.unwrap();
            }
        }
        t.work().await;
        let eva = t.services.actor_for_email("eva@example.org").await.unwrap();
        let zip = export(&t, &eva).await;
        let first = files(&zip);
        assert!(lines(&first, "keepwell/records.ndjson").len() > 500);
        let bob = t.person("bob@example.org").await;
        t.bring(&bob, "keepwell-export.zip", &zip).await;
        let bob = t.services.actor_for_email("bob@example.org").await.unwrap();
        let (records, series, documents) = content(&files(&export(&t, &bob).await));
        let (hers, columns, listed) = content(&first);
        assert!(records == hers, "{} of {} records", records.len(), hers.len());
        assert!(series == columns && documents == listed);
    })
    .await;
}
