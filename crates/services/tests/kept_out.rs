//! What a person deleted stays deleted, and what they decided stays decided: when a newer reader
//! reads a file otherwise, and after an export was restored elsewhere. On both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_domain::{
    ids::{DocumentId, RecordId},
    measure::{Number, Value},
    record::{Body, Coding, LOINC, ParsedRecord},
    view::{DocumentState, RecordForm, TimelineQuery},
};
use keepwell_parsers::sink::Item;
use keepwell_services::{
    Actor, Lang, RowWord, ServiceError,
    host::{ParserHost, ParserInput, Parsing},
};
use keepwell_store::testing::for_each_engine;
use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};
use support::{InProcess, Test, bundle, lab};
use tokio::sync::mpsc;
use uuid::Uuid;

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

/// A reader of a newer version: it reads the same places otherwise.
struct Newer(fn(&mut Vec<Item>));
impl ParserHost for Newer {
    fn parse(&self, input: ParserInput) -> Parsing {
        let change = self.0;
        let (items, mut read) = mpsc::channel::<Vec<Item>>(8);
        let out = input.items.clone();
        let inner = InProcess.parse(ParserInput { items, ..input });
        Box::pin(async move {
            let forward = async {
                while let Some(mut batch) = read.recv().await {
                    change(&mut batch);
                    let _ = out.send(batch).await;
                }
            };
            let (end, ()) = tokio::join!(inner, forward);
            end
        })
    }
}

async fn read_newly(t: &Test, actor: &Actor, id: DocumentId, change: fn(&mut Vec<Item>)) {
    t.services.read_again(actor, id).await.unwrap();
    while t.services.work_once(&Newer(change), Uuid::now_v7()).await.unwrap() {}
}

fn each(items: &mut [Item], change: impl Fn(&mut ParsedRecord)) {
    for item in items {
        if let Item::Record(r) = item {
            change(r);
        }
    }
}

/// Every value is read with another last digit.
#[allow(clippy::ptr_arg)] // Of one type with those that add items.
fn other_values(items: &mut Vec<Item>) {
    each(items, |r| {
        if let Body::Observation(o) = &mut r.record.body
            && let Some(Value::Quantity(q)) = &mut o.value
        {
            q.number = Number::parse(&format!("{}1", q.number.as_str())).unwrap();
        }
    });
}

/// As [`other_values`], and each place holds a result of another test besides.
fn one_more_each(items: &mut Vec<Item>) {
    other_values(items);
    let all = std::mem::take(items);
    for item in all {
        if let Item::Record(r) = &item
            && matches!(r.record.body, Body::Observation(_))
        {
            let mut more = r.clone();
            more.source_id = more.source_id.map(|id| format!("{id}-more"));
            if let Body::Observation(o) = &mut more.record.body {
                o.code.codings =
                    vec![Coding { system: LOINC.to_owned(), code: "2951-2".to_owned(), display: None }];
                o.code.text = Some("Sodium".to_owned());
            }
            items.push(item);
            items.push(Item::Record(more));
        } else {
            items.push(item);
        }
    }
}

async fn again(t: &Test, who: &str) -> Actor {
    t.services.actor_for_email(who).await.unwrap()
}

async fn texts(t: &Test, who: &str) -> Vec<String> {
    let actor = again(t, who).await;
    let all = t.services.timeline(&actor, &TimelineQuery::default()).await.unwrap();
    let mut out: Vec<_> = all.items.iter().map(|i| format!("{} {}", i.title, i.detail)).collect();
    out.sort();
    out
}

async fn delete(t: &Test, who: &str, text: &str) {
    let actor = again(t, who).await;
    let all = t.services.timeline(&actor, &TimelineQuery::default()).await.unwrap();
    let found = all.items.iter().find(|i| format!("{} {}", i.title, i.detail) == text);
    let id: RecordId = found.unwrap_or_else(|| panic!("no {text}")).id;
    t.services.delete_record(&actor, id).await.unwrap();
}

async fn document(t: &Test, who: &str, name: &str) -> DocumentId {
    let actor = again(t, who).await;
    t.services.documents(&actor).await.unwrap().into_iter().find(|d| d.name == name).unwrap().id
}

const EVA: &str = "eva@example.org";
const BOB: &str = "bob@example.org";

fn two() -> Vec<u8> {
    bundle(&[
        lab("a", "2276-4", "Ferritin", "2023-01-10", "25", "ng/mL"),
        lab("b", "718-7", "Hemoglobin", "2023-01-10", "13.2", "g/dL"),
    ])
}

#[tokio::test]
async fn a_newer_reading_brings_nothing_back_and_still_finds_what_is_new() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person(EVA).await;
        let up = t.bring(&eva, "labs.json", &two()).await;
        assert_eq!(texts(&t, EVA).await, ["Ferritin 25 ng/mL", "Hemoglobin 13.2 g/dL"]);
        delete(&t, EVA, "Ferritin 25 ng/mL").await;
        let eva = again(&t, EVA).await;
        t.services.read_again(&eva, up.id).await.unwrap();
        t.work().await;
        assert_eq!(texts(&t, EVA).await, ["Hemoglobin 13.2 g/dL"]);
        // Without the mark of its place, 251 would come in as something never seen.
        read_newly(&t, &eva, up.id, other_values).await;
        assert_eq!(texts(&t, EVA).await, ["Hemoglobin 13.21 g/dL"]);
        read_newly(&t, &eva, up.id, one_more_each).await;
        let now = texts(&t, EVA).await;
        assert_eq!(now.iter().filter(|t| t.starts_with("Sodium")).count(), 2, "{now:?}");
        assert!(!now.iter().any(|t| t.starts_with("Ferritin")), "{now:?}");
        // Another file, and the same place in it, is another matter.
        let other = bundle(&[lab("a", "2276-4", "Ferritin", "2024-01-10", "30", "ng/mL")]);
        t.bring(&again(&t, EVA).await, "other.json", &other).await;
        assert!(texts(&t, EVA).await.contains(&"Ferritin 30 ng/mL".to_owned()));
        // The file brought anew after it was deleted is still the same place.
        t.services.delete_document(&again(&t, EVA).await, up.id).await.unwrap();
        let up = t.services.upload_bytes(&again(&t, EVA).await, "labs.json", &two()).await.unwrap();
        assert!(!up.already_there);
        while t.services.work_once(&Newer(other_values), Uuid::now_v7()).await.unwrap() {}
        assert_eq!(texts(&t, EVA).await, ["Ferritin 30 ng/mL", "Hemoglobin 13.21 g/dL"]);
    })
    .await;
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[tokio::test]
async fn places_in_files_of_one_name_in_an_archive_are_told_apart() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person(EVA).await;
        let row = |value: &str, date: &str| {
            format!("Date,Test,Result,Unit\n{date},Ferritin,{value},ng/mL\n{date},Sodium,140,mmol/L\n")
        };
        let (first, second) = (row("25", "2023-01-10"), row("60", "2023-06-10"));
        let zip = zipped(&[("a/labs.csv", first.as_bytes()), ("b/labs.csv", second.as_bytes())]);
        let up = t.bring(&eva, "labs.zip", &zip).await;
        delete(&t, EVA, "Ferritin 60 ng/mL").await;
        read_newly(&t, &again(&t, EVA).await, up.id, other_values).await;
        let now = texts(&t, EVA).await;
        let ferritin: Vec<_> = now.iter().filter(|t| t.starts_with("Ferritin")).collect();
        assert_eq!(ferritin, ["Ferritin 251 ng/mL"], "{now:?}");
    })
    .await;
}

#[tokio::test]
async fn what_was_deleted_stays_out_where_the_export_is_restored() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person(EVA).await;
        t.bring(&eva, "labs.json", &two()).await;
        delete(&t, EVA, "Ferritin 25 ng/mL").await;
        let zip = export(&t, &again(&t, EVA).await).await;
        let inside = {
            let mut archive = zip::ZipArchive::new(io::Cursor::new(&zip)).unwrap();
            let mut text = String::new();
            io::Read::read_to_string(&mut archive.by_name("keepwell/deleted.json").unwrap(), &mut text)
                .unwrap();
            text
        };
        assert!(inside.contains("\"marks\":[\"") && !inside.contains("Ferritin"));

        let bob = t.person(BOB).await;
        t.bring(&bob, "export.zip", &zip).await;
        assert_eq!(texts(&t, BOB).await, ["Hemoglobin 13.2 g/dL"]);
        let id = document(&t, BOB, "labs.json").await;
        t.services.read_again(&again(&t, BOB).await, id).await.unwrap();
        t.work().await;
        assert_eq!(texts(&t, BOB).await, ["Hemoglobin 13.2 g/dL"], "read again");
        read_newly(&t, &again(&t, BOB).await, id, other_values).await;
        assert_eq!(texts(&t, BOB).await, ["Hemoglobin 13.21 g/dL"], "read by a newer reader");
        // Another file that says the very same.
        let copy = bundle(&[lab("z", "2276-4", "FERRITIN", "2023-01-10", "25.0", "ng/mL")]);
        t.bring(&again(&t, BOB).await, "portal.json", &copy).await;
        assert_eq!(texts(&t, BOB).await, ["Hemoglobin 13.21 g/dL"], "in another file");
        // The original file, brought by itself after the restored one was deleted.
        t.services.delete_document(&again(&t, BOB).await, id).await.unwrap();
        t.bring(&again(&t, BOB).await, "labs.json", &two()).await;
        assert_eq!(texts(&t, BOB).await, ["Hemoglobin 13.2 g/dL"], "imported again");
        // And on, into a third.
        let zip = export(&t, &again(&t, BOB).await).await;
        let carol = t.person("carol@example.org").await;
        t.bring(&carol, "export.zip", &zip).await;
        t.bring(&again(&t, "carol@example.org").await, "copy.json", &copy).await;
        assert_eq!(texts(&t, "carol@example.org").await, ["Hemoglobin 13.2 g/dL"]);
    })
    .await;
}

#[tokio::test]
async fn marks_that_come_with_an_export_take_nothing_away() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person(EVA).await;
        t.bring(&eva, "labs.json", &two()).await;
        delete(&t, EVA, "Ferritin 25 ng/mL").await;
        let zip = export(&t, &again(&t, EVA).await).await;
        // Bob has the result, and means to keep it.
        let bob = t.person(BOB).await;
        let own = t.bring(&bob, "own.json", &two()).await;
        t.bring(&again(&t, BOB).await, "export.zip", &zip).await;
        let both = ["Ferritin 25 ng/mL", "Hemoglobin 13.2 g/dL"];
        assert_eq!(texts(&t, BOB).await, both);
        t.services.read_again(&again(&t, BOB).await, own.id).await.unwrap();
        t.work().await;
        assert_eq!(texts(&t, BOB).await, both);
    })
    .await;
}

const TABLE: &str = "Date,Test,Result,Unit,Reference range\n\
    2024-01-10,Ferritin,31,ng/mL,30-400\n\
    2024-01-10,Sodium,1400,mmol/L,135-145\n\
    2024-01-10,Triglycerydes,150,mg/dL,\n\
    2024-01-10,Potassium,4.1,,3.5-5.1\n\
    someday,Potassium,4.4,mmol/L,3.5-5.1\n";

/// Where a review stands: state, records, waiting lines and lines left out.
async fn standing(t: &Test, who: &str) -> (DocumentState, u64, Vec<u64>, Vec<u64>, Vec<String>) {
    let actor = again(t, who).await;
    let id = document(t, who, "labs.csv").await;
    let row = t.services.document_row(&actor, id).await.unwrap();
    let view = t.services.review(&actor, id, 1).await.unwrap();
    let lines = |rows: &[keepwell_domain::view::ReviewRowView]| rows.iter().map(|r| r.line).collect();
    assert_eq!(view.waiting as usize, view.rows.len());
    (row.state, row.records, lines(&view.rows), lines(&view.left_out), view.heading)
}

#[tokio::test]
async fn what_was_decided_in_a_review_is_decided_where_the_export_is_restored() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person(EVA).await;
        let s = &t.services;
        let up = t.bring(&eva, "labs.csv", TABLE.as_bytes()).await;
        let rows = s.review(&eva, up.id, 1).await.unwrap().rows;
        // Edited, left out, accepted; the last one waits.
        let form = RecordForm { value: "140".into(), ..rows[0].form.clone() };
        s.decide_row(&eva, up.id, rows[0].id, RowWord::Accept(Some(Box::new(form)))).await.unwrap();
        s.decide_row(&eva, up.id, rows[1].id, RowWord::LeaveOut).await.unwrap();
        s.decide_row(&eva, up.id, rows[2].id, RowWord::Accept(None)).await.unwrap();
        delete(&t, EVA, "Potassium 4.1").await;
        let zip = export(&t, &again(&t, EVA).await).await;
        let bob = t.person(BOB).await;
        t.bring(&bob, "export.zip", &zip).await;
        let hers = standing(&t, EVA).await;
        assert_eq!(
            (hers.0, hers.2.as_slice(), hers.3.as_slice()),
            (DocumentState::Review, &[6][..], &[4][..])
        );
        assert_eq!(hers, standing(&t, BOB).await);
        let said = ["Ferritin 31 ng/mL", "Sodium 140 mmol/L"];
        assert_eq!(
            (texts(&t, EVA).await, texts(&t, BOB).await),
            (said.map(Into::into).into(), said.map(Into::into).into())
        );
        // Reading again asks nothing twice, and changes nothing, in either place.
        for who in [EVA, BOB] {
            let id = document(&t, who, "labs.csv").await;
            s.read_again(&again(&t, who).await, id).await.unwrap();
            t.work().await;
            assert_eq!(texts(&t, who).await, said, "{who}");
        }
        assert_eq!(standing(&t, EVA).await, standing(&t, BOB).await);
        assert_eq!(standing(&t, BOB).await.2, [6]);
        // The review goes on there, to its end.
        let bob = again(&t, BOB).await;
        let id = document(&t, BOB, "labs.csv").await;
        let view = s.review(&bob, id, 1).await.unwrap();
        s.decide_row(&bob, id, view.left_out[0].id, RowWord::PutBack).await.unwrap();
        for row in s.review(&bob, id, 1).await.unwrap().rows {
            s.decide_row(&bob, id, row.id, RowWord::LeaveOut).await.unwrap();
        }
        assert_eq!(s.document_row(&bob, id).await.unwrap().state, DocumentState::Done);
    })
    .await;
}

#[tokio::test]
async fn a_restored_archive_is_not_kept_twice_and_can_be_undone() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person(EVA).await;
        t.bring(&eva, "labs.json", &two()).await;
        let zip = export(&t, &again(&t, EVA).await).await;
        let bob = t.person(BOB).await;
        let own = bundle(&[lab("x", "2951-2", "Sodium", "2024-02-02", "139", "mmol/L")]);
        t.bring(&bob, "own.json", &own).await;
        let up = t.bring(&again(&t, BOB).await, "export.zip", &zip).await;
        let bob = again(&t, BOB).await;
        let row = t.services.document_row(&bob, up.id).await.unwrap();
        assert_eq!((row.state, row.records, row.has_file), (DocumentState::Done, 2, false));
        assert!(row.reason.unwrap().contains("not kept a second time"));
        assert!(matches!(t.services.open_file(&bob, up.id).await.err().unwrap(), ServiceError::NotFound));
        let again_read = t.services.read_again(&bob, up.id).await.err().unwrap();
        assert!(matches!(again_read, ServiceError::Invalid { field: "document", .. }), "{again_read:?}");
        // On disk: her file, his file, and the one that was restored.
        assert_eq!(std::fs::read_dir(&t.files).unwrap().count(), 3);
        // The very same export is not "there already": it may be restored once more.
        let twice = t.bring(&bob, "export.zip", &zip).await;
        assert!(!twice.already_there);
        let bob = again(&t, BOB).await;
        assert_eq!(t.services.documents(&bob).await.unwrap().len(), 4);
        // Undoing the second takes nothing, undoing the first what it brought, and leaves his own.
        assert_eq!(t.services.delete_document(&bob, twice.id).await.unwrap().records, 0);
        assert_eq!(texts(&t, BOB).await.len(), 3);
        let receipt = t.services.delete_document(&again(&t, BOB).await, up.id).await.unwrap();
        assert_eq!((receipt.records, receipt.documents), (2, 2));
        assert_eq!(texts(&t, BOB).await, ["Sodium 139 mmol/L"]);
        assert_eq!(std::fs::read_dir(&t.files).unwrap().count(), 2);
    })
    .await;
}

#[tokio::test]
async fn reasons_speak_the_language_of_the_one_who_looks() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let token = t
            .services
            .sign_up("uli@example.org", support::PASSWORD, Lang::De, &Default::default())
            .await
            .unwrap();
        let uli = t.services.authenticate(token.session().unwrap().reveal()).await.unwrap().unwrap();
        let eva = t.person(EVA).await;
        for (who, pdf, cut) in [
            (&uli, "bewahrt dieses PDF als Dokument auf", "beschädigt oder abgeschnitten"),
            (&eva, "keeps this PDF as a document", "damaged or cut off"),
        ] {
            let up = t.bring(who, "letter.pdf", b"%PDF-1.4\n%%EOF").await;
            assert!(t.services.document_row(who, up.id).await.unwrap().reason.unwrap().contains(pdf));
            let up = t.bring(who, "cut.zip", &two()[..200]).await;
            assert!(t.services.document_row(who, up.id).await.unwrap().reason.unwrap().contains(cut));
            let table = "Date,Test,Result,Unit\n2024-01-10,Ferritin,31,ng/mL\n2024-01-11,Ferritin,,ng/mL\n";
            let up = t.bring(who, "labs.csv", table.as_bytes()).await;
            let warnings = t.services.document(who, up.id, None, 1).await.unwrap().warnings;
            let want =
                if who.lang() == Lang::De { ("Zeile 3", "kein Ergebnis") } else { ("line 3", "no result") };
            assert!(warnings[0].0 == want.0 && warnings[0].1.contains(want.1), "{warnings:?}");
        }
    })
    .await;
}
