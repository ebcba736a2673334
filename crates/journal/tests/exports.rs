//! Exports: complete, harmless in a spreadsheet, valid as FHIR.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_journal::{
    export::{csv_archive, csv_table, csv_tables, fhir_bundle, journal_json},
    import::read_journal,
    merge::{Author, Book},
    model::{
        Beta, Cost, Cycle, Day, Device, DeviceId, Dose, EntityId, Hormone, HormoneKind, KeyText, Kind,
        Medication, Note, Person, Retrieval, Scan, Space, TextType, Told, Transfer, Trigger,
        diary::TemperatureSite,
        medicine::{DoseState, Route},
        monitor::SizeBand,
        people::Role,
    },
};
use kit::{Journal, amount, date, leave_for_audit, moment};
use proptest::prelude::*;
use serde_json::Value as Json;

fn filled() -> Journal {
    let mut j = Journal::new();
    let me = j.add(Person {
        name: "Ada".to_owned().into(),
        roles: vec![Role::Patient].into(),
        born_in: 1991.into(),
        ..Person::default()
    });
    let cycle =
        j.add(Cycle { person: me.into(), cycle_start: date("2026-05-01").into(), ..Cycle::default() });
    let hormone = |kind: HormoneKind, value: Told<_>| Hormone {
        cycle: cycle.into(),
        person: me.into(),
        hormone: kind.into(),
        at: moment("2026-05-08T08:05+02:00[Europe/Berlin]").into(),
        value,
        ..Hormone::default()
    };
    j.add(hormone(HormoneKind::Estradiol, amount("1250.40 pmol/L").into()));
    j.add(hormone(HormoneKind::Lh, amount("<0.10 IU/L").into()));
    j.add(hormone(HormoneKind::Progesterone, Told::NotDone));
    j.add(Dose {
        cycle: cycle.into(),
        person: me.into(),
        at: moment("2026-05-08T21:00+02:00").into(),
        drug: "Gonal-F".to_owned().into(),
        amount: amount("225 IU").into(),
        route: Route::Subcutaneous.into(),
        state: DoseState::Given.into(),
        ..Dose::default()
    });
    j.add(Dose {
        at: moment("2026-05-09T21:00").into(),
        drug: "Gonal-F".to_owned().into(),
        amount: amount("225 IU").into(),
        state: DoseState::Skipped.into(),
        ..Dose::default()
    });
    j.add(Retrieval {
        at: moment("2026-05-14T09:00+02:00").into(),
        retrieved: 11.into(),
        mature: 0.into(),
        ..Retrieval::default()
    });
    j.add(Transfer { at: moment("2026-05-19T09:00+02:00").into(), ..Transfer::default() });
    j.add(Beta { at: moment("2026-05-29").into(), value: amount("132 mIU/mL").into(), ..Beta::default() });
    j.add(Scan {
        at: moment("2026-05-08").into(),
        follicles_left: Told::Known(Vec::new()),
        lining: amount("8.20 mm").into(),
        ..Scan::default()
    });
    let day = date("2026-05-02");
    j.put(
        Day::id(me, day),
        Day {
            person: me.into(), date: day.into(), temperature: amount("36.45 °C").into(), ..Day::default()
        },
    );
    j
}

#[test]
fn json_holds_everything_and_makes_the_same_journal_again() {
    let mut j = filled();
    // A correction, a deletion and an erasure belong to everything.
    let (note, gone) =
        (j.add(Note { text: "first".to_owned().into(), ..Note::default() }), j.add(Note::default()));
    j.put(note, Note { text: "second".to_owned().into(), ..Note::default() });
    let secret = j.add(Note { text: "unforgettable".to_owned().into(), ..Note::default() });
    j.author.delete(&mut j.book, j.now.plus_seconds(5), Kind::Note, gone);
    j.author.erase(&mut j.book, j.now.plus_seconds(5), Kind::Note, secret);
    let text = journal_json(&j.book, j.now).unwrap();
    assert!(!text.contains("unforgettable"));
    let (changes, bad) = read_journal(text.as_bytes()).unwrap();
    assert!(bad.is_empty());
    let mut again = Book::new();
    let mut author = Author::new(DeviceId::from_bytes([2; 16]), &again);
    let got = author.receive(&mut again, j.now, changes.clone());
    assert!(again == j.book);
    assert_eq!(got.new, j.book.changes().count());
    assert_eq!(again.history(Kind::Note, note, "text").len(), 2);
    assert_eq!(author.receive(&mut again, j.now, changes).new, 0);
    let root: Json = serde_json::from_str(&text).unwrap();
    let live = root["entities"].as_array().unwrap();
    assert!(live.iter().any(|e| e["kind"] == "hormone" && e["fields"]["value"] == "1250.40 pmol/L"));
    assert!(live.iter().any(|e| e["fields"]["value"]["absent"] == "not_done"));
    assert!(!live.iter().any(|e| e["id"] == gone.to_string()));
}

#[test]
fn a_bad_row_of_a_journal_is_named_and_the_others_are_read() {
    let j = filled();
    let mut root: Json = serde_json::from_str(&journal_json(&j.book, j.now).unwrap()).unwrap();
    root["changes"][1]["stamp"] = "yesterday".into();
    root["changes"][3]["kind"] = "DROP TABLE".into();
    let (changes, bad) = read_journal(root.to_string().as_bytes()).unwrap();
    assert_eq!(bad, [2, 4]);
    assert_eq!(changes.len() + 2, j.book.changes().count());
}

#[test]
fn a_table_tells_unknown_from_not_done_and_holds_no_formula() {
    let mut j = Journal::new();
    j.add(Note { text: "=1+2\"".to_owned().into(), at: moment("2026-05-02").into(), ..Note::default() });
    j.add(Note {
        text: "-5".to_owned().into(),
        at: moment("2026-05-01").into(),
        kind: Told::NotTold,
        ..Note::default()
    });
    let table = csv_table(&j.book, Kind::Note).unwrap().unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "id,at,kind,text");
    assert!(lines[1].ends_with(",2026-05-01,(not_told),-5"), "{}", lines[1]);
    assert!(lines[2].ends_with(",2026-05-02,,\"'=1+2\"\"\""), "{}", lines[2]);
    assert!(csv_table(&j.book, Kind::Cost).unwrap().is_none());
    j.add(Cost { amount: amount("12.50 EUR").into(), ..Cost::default() });
    let names: Vec<String> = csv_tables(&j.book).unwrap().into_iter().map(|t| t.0).collect();
    assert_eq!(names, ["cost.csv", "note.csv"]);
}

fn resources(root: &Json) -> Vec<&Json> {
    root["entry"].as_array().unwrap().iter().map(|e| &e["resource"]).collect()
}

#[test]
fn a_bundle_holds_results_doses_and_procedures_as_entered() {
    let j = filled();
    let text = fhir_bundle(&j.book, j.now).unwrap();
    leave_for_audit("journal", &text);
    assert!(text.contains("\"value\":1250.40,"), "digits are kept");
    let root: Json = serde_json::from_str(&text).unwrap();
    assert_eq!((&root["resourceType"], &root["type"]), (&Json::from("Bundle"), &Json::from("collection")));
    let all = resources(&root);
    let of = |kind: &str| all.iter().filter(|r| r["resourceType"] == kind).copied().collect::<Vec<_>>();
    let coded = |code: &str| all.iter().find(|r| r["code"]["coding"][0]["code"] == code).copied().unwrap();
    let e2 = coded("14715-7");
    assert_eq!(e2["valueQuantity"]["code"], "pmol/L");
    assert_eq!(e2["effectiveDateTime"], "2026-05-08T08:05:00+02:00");
    assert_eq!(e2["category"][0]["coding"][0]["code"], "laboratory");
    assert_eq!(coded("10501-5")["valueQuantity"]["comparator"], "<");
    assert_eq!(coded("19080-1")["effectiveDateTime"], "2026-05-29");
    assert_eq!(coded("8310-5")["valueQuantity"]["code"], "Cel");
    let none = all.iter().find(|r| r["code"]["text"] == "Progesterone").unwrap();
    assert_eq!(none["dataAbsentReason"]["coding"][0]["code"], "not-performed");
    assert!(none.get("valueQuantity").is_none());
    let doses = of("MedicationAdministration");
    let status: Vec<&str> = doses.iter().map(|d| d["status"].as_str().unwrap()).collect();
    assert_eq!(status, ["completed", "not-done"]);
    assert_eq!(doses[0]["dosage"]["dose"]["code"], "[IU]");
    assert!(doses[1].get("dosage").is_none());
    assert_eq!(doses[1]["effectiveDateTime"], "2026-05-09", "a time without an offset is not allowed");
    let procedures = of("Procedure");
    assert_eq!(procedures.len(), 2);
    assert_eq!(procedures[0]["note"][0]["text"], "retrieved: 11; mature: 0", "zero is told, unknown is not");
    assert_eq!(of("Patient")[0]["birthDate"], "1991");
}

#[test]
fn a_bundle_holds_both_drugs_of_a_trigger_and_the_first_also_where_its_dose_is_gone() {
    let mut j = filled();
    let shot = j.add(Dose {
        at: moment("2026-05-12T21:30+02:00").into(),
        drug: "Ovitrelle".to_owned().into(),
        amount: amount("250 µg").into(),
        ..Dose::default()
    });
    j.add(Trigger {
        at: moment("2026-05-12T21:30+02:00").into(),
        drug: "Ovitrelle".to_owned().into(),
        amount: amount("250 µg").into(),
        route: Route::Subcutaneous.into(),
        second_drug: "Decapeptyl".to_owned().into(),
        second_amount: amount("0.2 mg").into(),
        second_at: moment("2026-05-12T22:30+02:00").into(),
        dose: shot.into(),
        ..Trigger::default()
    });
    j.add(Trigger {
        at: moment("2026-05-13T21:30+02:00").into(),
        second_drug: "Gonapeptyl".to_owned().into(),
        ..Trigger::default()
    });
    let given = |j: &Journal| -> Vec<(String, String)> {
        let root: Json = serde_json::from_str(&fhir_bundle(&j.book, j.now).unwrap()).unwrap();
        let text = |r: &Json| r.as_str().unwrap().to_owned();
        let of = |r: &&Json| (text(&r["medicationCodeableConcept"]["text"]), text(&r["effectiveDateTime"]));
        let mut all: Vec<_> = resources(&root)
            .iter()
            .filter(|r| r["resourceType"] == "MedicationAdministration")
            .map(of)
            .filter(|(drug, _)| drug != "Gonal-F")
            .collect();
        all.sort();
        all
    };
    let whole = [
        ("Decapeptyl".to_owned(), "2026-05-12T22:30:00+02:00".to_owned()),
        ("Gonapeptyl".to_owned(), "2026-05-13T21:30:00+02:00".to_owned()),
        ("Ovitrelle".to_owned(), "2026-05-12T21:30:00+02:00".to_owned()),
    ];
    assert_eq!(given(&j), whole, "the dose that it was is there once");
    let mut author = Author::new(DeviceId::from_bytes([3; 16]), &j.book);
    author.delete(&mut j.book, j.now.plus_seconds(60), Kind::Dose, shot).unwrap();
    assert_eq!(given(&j), whole, "the trigger is there by itself");
    leave_for_audit("trigger", &fhir_bundle(&j.book, j.now).unwrap());
}

#[test]
fn a_bundle_names_a_dose_by_the_catalogue_and_holds_follicles_by_size() {
    let mut j = filled();
    let pen = j.add(Medication { name: "Bemfola".to_owned().into(), ..Medication::default() });
    j.add(Dose { at: moment("2026-05-10T21:00+02:00").into(), medication: pen.into(), ..Dose::default() });
    let band = |text: &str| SizeBand::from_text(text).unwrap();
    j.add(Scan {
        at: moment("2026-05-10T08:00+02:00").into(),
        bands_left: vec![band("..10:6"), band("10..14:4"), band("18..:2")].into(),
        ..Scan::default()
    });
    let text = fhir_bundle(&j.book, j.now).unwrap();
    leave_for_audit("bands", &text);
    let root: Json = serde_json::from_str(&text).unwrap();
    let all = resources(&root);
    assert!(all.iter().any(|r| r["medicationCodeableConcept"]["text"] == "Bemfola"));
    let scan = all.iter().find(|r| r["effectiveDateTime"] == "2026-05-10T08:00:00+02:00").unwrap();
    assert_eq!(scan["component"].as_array().unwrap().len(), 1);
    assert_eq!(scan["component"][0]["code"]["text"], "Follicles of the left ovary by size, mm");
    assert_eq!(scan["component"][0]["valueString"], "below 10: 6; from 10 to below 14: 4; from 18: 2");
}

#[test]
fn a_temperature_of_one_place_has_the_plain_code_too() {
    let mut j = filled();
    let (me, day) = (j.add(Person::default()), date("2026-05-03"));
    let taken = Day {
        date: day.into(),
        temperature: amount("36.70 °C").into(),
        temperature_site: TemperatureSite::Oral.into(),
        ..Day::default()
    };
    j.put(Day::id(me, day), taken);
    let root: Json = serde_json::from_str(&fhir_bundle(&j.book, j.now).unwrap()).unwrap();
    let all = resources(&root);
    let codes = |r: &Json| -> Vec<Json> {
        r["code"]["coding"].as_array().unwrap().iter().map(|c| c["code"].clone()).collect()
    };
    let found = all.iter().find(|r| r["effectiveDateTime"] == "2026-05-03").unwrap();
    assert_eq!(codes(found), ["8331-1", "8310-5"]);
}

#[test]
fn every_reference_of_a_bundle_leads_to_an_entry_and_every_address_is_unique() {
    let mut j = filled();
    j.add(Dose {
        person: EntityId::from_bytes([0xee; 16]).into(),
        at: moment("2026-05-08").into(),
        drug: "X".to_owned().into(),
        ..Dose::default()
    });
    let root: Json = serde_json::from_str(&fhir_bundle(&j.book, j.now).unwrap()).unwrap();
    let mut urls: Vec<&str> =
        root["entry"].as_array().unwrap().iter().map(|e| e["fullUrl"].as_str().unwrap()).collect();
    for r in resources(&root) {
        if r["resourceType"] != "Patient" {
            let to = r["subject"]["reference"].as_str().unwrap();
            assert!(urls.contains(&to), "{to}");
            assert!(r["code"]["text"].is_string() || r["medicationCodeableConcept"]["text"].is_string());
        }
    }
    let count = urls.len();
    urls.sort_unstable();
    urls.dedup();
    assert_eq!(urls.len(), count);
    assert!(urls.iter().all(|u| u.starts_with("urn:uuid:") && u.len() == 45));
}

#[test]
fn an_empty_journal_has_exports_too() {
    let book = Book::new();
    let now = Journal::new().now;
    assert!(read_journal(journal_json(&book, now).unwrap().as_bytes()).unwrap().0.is_empty());
    assert!(csv_tables(&book).unwrap().is_empty());
    let root: Json = serde_json::from_str(&fhir_bundle(&book, now).unwrap()).unwrap();
    assert_eq!(root["entry"].as_array().unwrap().len(), 1, "the patient, for whom there is nothing yet");
}

proptest! {
    #[test]
    fn any_note_survives_json_and_stays_in_its_cell(text in "(\\PC|[\r\n\t\",;=]){0,80}") {
        let mut j = Journal::new();
        let id = j.add(Note { text: text.clone().into(), ..Note::default() });
        let (changes, _) = read_journal(journal_json(&j.book, j.now).unwrap().as_bytes()).unwrap();
        let mut again = Book::new();
        again.apply_all(changes);
        prop_assert_eq!(again.get::<Note>(id).unwrap().text, Told::Known(text.clone()));
        let table = csv_table(&j.book, Kind::Note).unwrap().unwrap();
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(rows.len(), 1);
        let cell = rows[0].get(1).unwrap();
        prop_assert!(cell.strip_prefix('\'').unwrap_or(cell) == text.strip_prefix('\'').unwrap_or(&text) || cell == text);
        prop_assert!(!cell.starts_with(['=', '@', '\t', '\r']));
    }
}

#[test]
fn what_devices_tell_each_other_is_in_no_export() {
    let mut j = Journal::new();
    let key = KeyText::of(&keepwell_crypto::Key32::from_bytes([0xAB; 32]));
    j.add(Space { keeper: key.into(), name: "canary-space".to_owned().into(), ..Space::default() });
    j.add(Device { name: "canary-telephone".to_owned().into(), ..Device::default() });
    let json = journal_json(&j.book, j.now).unwrap();
    assert!(!json.contains("canary") && !json.contains("abab"), "{json}");
    assert!(csv_tables(&j.book).unwrap().is_empty());
}

#[test]
fn all_tables_come_in_one_archive() {
    use std::io::Read;
    let book = filled().book;
    let bytes = csv_archive(&book).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes.as_slice())).unwrap();
    let tables = csv_tables(&book).unwrap();
    assert_eq!(archive.len(), tables.len());
    for (name, table) in tables {
        let mut text = String::new();
        archive.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, table, "{name}");
    }
}
