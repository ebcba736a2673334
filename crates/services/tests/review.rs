//! Tables with rows in doubt, files about somebody else, and reading again, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_domain::view::{DocumentState, RecordForm, ReviewView, Sureness, TimelineQuery};
use keepwell_services::{Actor, RowWord, ServiceError};
use keepwell_store::testing::for_each_engine;
use support::{Test, bundle, lab};

const TABLE: &str = "Date,Test,Result,Unit,Reference range\n\
    2024-01-10,Ferritin,31,ng/mL,30-400\n\
    2024-01-10,Sodium,1400,mmol/L,135-145\n\
    2024-01-10,Triglycerydes,150,mg/dL,\n\
    2024-01-10,Potassium,4.1,,3.5-5.1\n\
    someday,Potassium,4.4,mmol/L,3.5-5.1\n";

async fn again(t: &Test, who: &str) -> Actor {
    t.services.actor_for_email(who).await.unwrap()
}

fn accept() -> RowWord {
    RowWord::Accept(None)
}

async fn texts(t: &Test, who: &str) -> Vec<String> {
    let actor = again(t, who).await;
    let all = t.services.timeline(&actor, &TimelineQuery::default()).await.unwrap();
    let mut out: Vec<_> = all.items.iter().map(|i| format!("{} {}", i.title, i.detail)).collect();
    out.sort();
    out
}

async fn page(t: &Test, actor: &Actor, id: keepwell_domain::ids::DocumentId) -> ReviewView {
    t.services.review(actor, id, 1).await.unwrap()
}

#[tokio::test]
async fn sure_rows_go_in_and_the_others_wait_for_a_word() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let s = &t.services;
        let up = t.bring(&eva, "labs.csv", TABLE.as_bytes()).await;
        let row = s.document_row(&eva, up.id).await.unwrap();
        assert_eq!((row.state, row.records), (DocumentState::Review, 1));
        let view = page(&t, &eva, up.id).await;
        assert_eq!((view.waiting, view.likely, view.pages), (4, 2, 1));
        assert_eq!(view.heading[1], "Test");
        let codes: Vec<_> =
            view.rows.iter().map(|r| (r.line, r.doubts[0].code.as_str(), r.sureness)).collect();
        let want = [
            (3, "implausible", Sureness::Unsure),
            (4, "spelling", Sureness::Likely),
            (5, "unit_missing", Sureness::Likely),
            (6, "date_unreadable", Sureness::Incomplete),
        ];
        assert_eq!(codes, want);
        assert_eq!(view.rows[0].cells[2], "1400");
        assert!(view.rows[0].used.contains(&3));
        let (sodium, potassium) = (view.rows[0].id, view.rows[3].id);

        // As it is it cannot become a record; with a date it can.
        let refused = s.decide_row(&eva, up.id, potassium, accept()).await.err().unwrap();
        assert!(matches!(refused, ServiceError::Invalid { field: "date", .. }), "{refused:?}");
        let form = RecordForm { date: "2024-02-01".into(), ..view.rows[3].form.clone() };
        let left = s.decide_row(&eva, up.id, potassium, RowWord::Accept(Some(Box::new(form)))).await.unwrap();
        assert_eq!(left, 3);
        assert!(matches!(s.decide_row(&eva, up.id, potassium, accept()).await, Err(ServiceError::Conflict)));
        // A typing error is corrected: the record keeps what the file said in its history.
        let form = RecordForm { value: "140".into(), ..view.rows[0].form.clone() };
        s.decide_row(&eva, up.id, sodium, RowWord::Accept(Some(Box::new(form)))).await.unwrap();
        assert_eq!(s.accept_likely(&eva, up.id).await.unwrap(), 2);
        let row = s.document_row(&eva, up.id).await.unwrap();
        assert_eq!((row.state, row.records), (DocumentState::Done, 5));
        let want = [
            "Ferritin 31 ng/mL",
            "Potassium 4.1",
            "Potassium 4.4 mmol/L",
            "Sodium 140 mmol/L",
            "Triglycerydes 150 mg/dL",
        ];
        assert_eq!(texts(&t, "eva@example.org").await, want);

        // Reading it again asks nothing twice and changes nothing.
        let eva = again(&t, "eva@example.org").await;
        s.read_again(&eva, up.id).await.unwrap();
        t.work().await;
        let row = s.document_row(&eva, up.id).await.unwrap();
        assert_eq!((row.state, row.records), (DocumentState::Done, 5));
        assert_eq!(texts(&t, "eva@example.org").await, want);
        let receipt = s.delete_document(&again(&t, "eva@example.org").await, up.id).await.unwrap();
        assert_eq!(receipt.records, 5);
    })
    .await;
}

#[tokio::test]
async fn a_row_left_out_stays_out_until_it_is_brought_back() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let s = &t.services;
        let up = t.bring(&eva, "labs.csv", TABLE.as_bytes()).await;
        let view = page(&t, &eva, up.id).await;
        for row in &view.rows {
            s.decide_row(&eva, up.id, row.id, RowWord::LeaveOut).await.unwrap();
        }
        assert_eq!(s.document_row(&eva, up.id).await.unwrap().state, DocumentState::Done);
        s.read_again(&eva, up.id).await.unwrap();
        t.work().await;
        assert_eq!(s.document_row(&eva, up.id).await.unwrap().state, DocumentState::Done);
        let view = page(&t, &eva, up.id).await;
        assert_eq!((view.waiting, view.left_out.len()), (0, 4));
        s.decide_row(&eva, up.id, view.left_out[0].id, RowWord::PutBack).await.unwrap();
        let row = s.document_row(&eva, up.id).await.unwrap();
        assert_eq!((row.state, row.records), (DocumentState::Review, 1));
        let bob = t.person("bob@example.org").await;
        let id = view.left_out[1].id;
        let missing = |e: ServiceError| assert!(matches!(e, ServiceError::NotFound), "{e:?}");
        missing(s.review(&bob, up.id, 1).await.err().unwrap());
        missing(s.decide_row(&bob, up.id, id, accept()).await.err().unwrap());
        missing(s.accept_likely(&bob, up.id).await.err().unwrap());
        missing(s.read_again(&bob, up.id).await.err().unwrap());
    })
    .await;
}

#[tokio::test]
async fn an_ambiguous_date_is_settled_for_one_row_or_for_all() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let s = &t.services;
        let table = "Date,Test,Result,Unit\n03/04/2021,Sodium,140,mmol/L\n05/06/2021,Sodium,141,mmol/L\n";
        let up = t.bring(&eva, "labs.csv", table.as_bytes()).await;
        let view = page(&t, &eva, up.id).await;
        let doubt = &view.rows[0].doubts[0];
        assert_eq!((doubt.code.as_str(), doubt.field.as_str()), ("date_order", "date"));
        assert_eq!(doubt.choices[1].0, "2021-03-04");
        let form = RecordForm { date: doubt.choices[0].0.clone(), ..view.rows[0].form.clone() };
        s.decide_row(&eva, up.id, view.rows[0].id, RowWord::Accept(Some(Box::new(form)))).await.unwrap();
        // The answer for the whole table says otherwise for that row: the person's word stands.
        s.answer_questions(&eva, up.id, vec![("day_first".into(), "month".into())]).await.unwrap();
        t.work().await;
        let eva = again(&t, "eva@example.org").await;
        let all = s.timeline(&eva, &TimelineQuery::default()).await.unwrap();
        let mut dates: Vec<_> = all.items.iter().map(|i| i.date.clone()).collect();
        dates.sort();
        assert_eq!(dates, ["2021-04-03", "2021-05-06"]);
        assert_eq!(s.document_row(&eva, up.id).await.unwrap().state, DocumentState::Done);
    })
    .await;
}

#[tokio::test]
async fn dates_that_were_settled_row_by_row_are_not_asked_about_again() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let s = &t.services;
        let table = "Date,Test,Result,Unit\n03/04/2021,Sodium,140,mmol/L\n2021-06-05,Sodium,141,mmol/L\n";
        let up = t.bring(&eva, "labs.csv", table.as_bytes()).await;
        let row = page(&t, &eva, up.id).await.rows.remove(0);
        let form = RecordForm { date: "2021-04-03".into(), ..row.form };
        s.decide_row(&eva, up.id, row.id, RowWord::Accept(Some(Box::new(form)))).await.unwrap();
        s.read_again(&eva, up.id).await.unwrap();
        t.work().await;
        let view = s.document(&eva, up.id, None, 1).await.unwrap();
        assert_eq!((view.row.state, view.row.records, view.questions.len()), (DocumentState::Done, 2, 0));
    })
    .await;
}

#[tokio::test]
async fn the_same_result_from_another_file_is_joined_and_nearly_the_same_is_asked_about() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let s = &t.services;
        t.bring(&eva, "a.json", &bundle(&[lab("a", "2276-4", "Ferritin", "2024-01-10", "31.4", "ng/mL")]))
            .await;
        let table = "Date,Test,Result,Unit\n2024-01-10,Ferritin,31.4,ng/mL\n2024-01-11,Ferritin,31,ng/mL\n";
        let up = t.bring(&eva, "b.csv", table.as_bytes()).await;
        assert_eq!(s.document_row(&eva, up.id).await.unwrap().state, DocumentState::Done);
        let table = "Date,Test,Result,Unit\n2024-01-10,Ferritin,31,ng/mL\n";
        let up = t.bring(&eva, "c.csv", table.as_bytes()).await;
        let eva = again(&t, "eva@example.org").await;
        let view = page(&t, &eva, up.id).await;
        assert_eq!(view.rows[0].doubts[0].code, "nearly_known");
        assert_eq!(view.rows[0].there[0].detail, "31.4 ng/mL");
        s.decide_row(&eva, up.id, view.rows[0].id, accept()).await.unwrap();
        assert_eq!(texts(&t, "eva@example.org").await.len(), 3);
    })
    .await;
}

fn about(name: &str, birth: &str, value: &str) -> Vec<u8> {
    let text =
        String::from_utf8(bundle(&[lab("a", "2276-4", "Ferritin", "2024-01-10", value, "ng/mL")])).unwrap();
    text.replace("Eva Kanari", name).replace("1980-01-02", birth).into_bytes()
}

#[tokio::test]
async fn a_file_about_somebody_else_waits_in_every_format() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let s = &t.services;
        t.bring(&eva, "own.json", &about("Eva Kanari", "1980-01-02", "31")).await;
        let hl7 = "MSH|^~\\&|LAB|HOSP|APP|FAC|20240102030405||ORU^R01|M1|P|2.5.1\rPID|1||77^^^HOSP||Kanari^Eva^M||PIDBIRTH|F\r\
                   OBR|1||A1|24323-8^Panel^LN|||20240102030400\rOBX|1|NM|2075-0^Chloride^LN||101|mmol/L|98-107||||F\r";
        let ccda = "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><typeId root=\"2.16.840.1.113883.1.3\" extension=\"POCD_HD000040\"/>\
                    <recordTarget><patientRole><patient><name><given>Tom</given><family>Berg</family></name>\
                    <birthTime value=\"19700101\"/></patient></patientRole></recordTarget></ClinicalDocument>";
        let table = "Patient name,Date,Test,Result,Unit\nTom Berg,2024-01-10,Sodium,140,mmol/L\n";
        let apple = "<?xml version=\"1.0\"?>\n<HealthData locale=\"en_US\">\n<ExportDate value=\"2024-05-01 10:00:00 +0000\"/>\n\
                     <Me HKCharacteristicTypeIdentifierDateOfBirth=\"1971-01-01\" HKCharacteristicTypeIdentifierBiologicalSex=\"HKBiologicalSexMale\"/>\n\
                     <Record type=\"HKQuantityTypeIdentifierHeartRate\" sourceName=\"W\" unit=\"count/min\" startDate=\"2024-01-01 10:00:00 +0000\" endDate=\"2024-01-01 10:00:00 +0000\" value=\"60\"/>\n</HealthData>";
        let strange: Vec<(&str, Vec<u8>)> = vec![
            ("b.json", about("Tom Berg", "1970-01-01", "32")),
            ("b.hl7", hl7.replace("PIDBIRTH", "20100102").into_bytes()),
            ("b.xml", ccda.as_bytes().to_vec()),
            ("b.csv", table.as_bytes().to_vec()),
            ("apple.xml", apple.as_bytes().to_vec()),
        ];
        let before = texts(&t, "eva@example.org").await;
        for (name, bytes) in &strange {
            let up = t.bring(&eva, name, bytes).await;
            let view = s.document(&eva, up.id, None, 1).await.unwrap();
            assert_eq!((view.row.state, view.row.records, view.row.samples), (DocumentState::Review, 0, 0), "{name}");
            assert_eq!(view.questions[0].key, "person", "{name}");
            assert_eq!(view.questions[0].examples[1], "Eva Kanari, 1980-01-02");
        }
        assert_eq!(texts(&t, "eva@example.org").await, before);
        // Hers after all, with another spelling and no contradiction.
        let own = t.bring(&eva, "own.hl7", hl7.replace("PIDBIRTH", "19800102").as_bytes()).await;
        assert_eq!(s.document_row(&eva, own.id).await.unwrap().state, DocumentState::Done);
    })
    .await;
}

#[tokio::test]
async fn the_person_decides_what_becomes_of_a_strangers_file() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let s = &t.services;
        t.bring(&eva, "own.json", &about("Eva Kanari", "1980-01-02", "31")).await;
        let keep = t.bring(&eva, "b.json", &about("Tom Berg", "1970-01-01", "32")).await;
        let say = |word: &str| vec![("person".to_owned(), word.to_owned())];
        s.answer_questions(&eva, keep.id, say("keep")).await.unwrap();
        t.work().await;
        let view = s.document(&eva, keep.id, None, 1).await.unwrap();
        assert_eq!((view.row.state, view.row.records), (DocumentState::Done, 0));
        assert!(view.row.reason.unwrap().contains("another person"));
        let import = t.bring(&eva, "c.json", &about("Eva Berg", "1980-03-02", "33")).await;
        assert!(s.answer_questions(&eva, import.id, say("perhaps")).await.is_err());
        s.answer_questions(&eva, import.id, say("import")).await.unwrap();
        t.work().await;
        let row = s.document_row(&eva, import.id).await.unwrap();
        assert_eq!((row.state, row.records), (DocumentState::Done, 1));
        // Once said, it is not asked again.
        let more = t.bring(&eva, "d.json", &about("BERG, EVA", "1980-03-02", "34")).await;
        assert_eq!(s.document_row(&eva, more.id).await.unwrap().state, DocumentState::Done);
        // And taking the files back forgets whom they named.
        for id in [import.id, more.id] {
            s.delete_document(&again(&t, "eva@example.org").await, id).await.unwrap();
        }
        let eva = again(&t, "eva@example.org").await;
        let once = t.bring(&eva, "e.json", &about("Eva Berg", "1980-03-02", "35")).await;
        assert_eq!(s.document_row(&eva, once.id).await.unwrap().state, DocumentState::Review);
    })
    .await;
}

#[tokio::test]
async fn reading_again_replaces_what_was_read_and_keeps_what_the_person_did() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let s = &t.services;
        let up = t
            .bring(
                &eva,
                "labs.json",
                &bundle(&[
                    lab("a", "2276-4", "Ferritin", "2023-01-10", "25.0", "ng/mL"),
                    lab("b", "2276-4", "Ferritin", "2024-01-10", "31", "ng/mL"),
                    lab("c", "718-7", "Hemoglobin", "2024-01-10", "13.2", "g/dL"),
                ]),
            )
            .await;
        let find = async |q: &str| {
            let eva = again(&t, "eva@example.org").await;
            let q = TimelineQuery { q: Some(q.into()), ..TimelineQuery::default() };
            s.timeline(&eva, &q).await.unwrap().items
        };
        let ferritin = find("ferritin").await;
        let mut form = s.record(&eva, ferritin[0].id).await.unwrap().form;
        form.value = "32".into();
        s.edit_record(&eva, ferritin[0].id, 1, &form).await.unwrap();
        s.delete_record(&eva, find("hemoglobin").await[0].id).await.unwrap();
        let before = texts(&t, "eva@example.org").await;
        assert_eq!(before, ["Ferritin 25.0 ng/mL", "Ferritin 32 ng/mL"]);
        let eva = again(&t, "eva@example.org").await;
        for _ in 0..2 {
            s.read_again(&eva, up.id).await.unwrap();
            assert!(matches!(s.read_again(&eva, up.id).await, Err(ServiceError::Conflict)));
            t.work().await;
            assert_eq!(texts(&t, "eva@example.org").await, before);
        }
        let item = &find("ferritin").await[0];
        assert_eq!(item.sources, 1);
    })
    .await;
}

#[tokio::test]
async fn an_archive_read_again_keeps_its_parts_and_waits_for_their_rows() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        let s = &t.services;
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in
            [("a.csv", TABLE.as_bytes()), ("b.json", &about("Eva Kanari", "1980-01-02", "77"))]
        {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut zip, bytes).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        let up = t.bring(&eva, "all.zip", &bytes).await;
        let parts = async || s.document(&again(&t, "eva@example.org").await, up.id, None, 1).await.unwrap();
        let view = parts().await;
        assert_eq!((view.row.state, view.children.len()), (DocumentState::Review, 2));
        let ids: Vec<_> = view.children.iter().map(|c| c.id).collect();
        s.read_again(&eva, up.id).await.unwrap();
        t.work().await;
        let view = parts().await;
        assert_eq!(view.children.iter().map(|c| c.id).collect::<Vec<_>>(), ids);
        assert_eq!(texts(&t, "eva@example.org").await.len(), 2);
        let table = ids[0];
        for row in page(&t, &eva, table).await.rows {
            s.decide_row(&eva, table, row.id, RowWord::LeaveOut).await.unwrap();
        }
        assert_eq!(parts().await.row.state, DocumentState::Done);
        assert!(matches!(s.read_again(&eva, table).await, Err(ServiceError::Invalid { .. })));
    })
    .await;
}
