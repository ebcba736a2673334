//! Who somebody is does not leave.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![forbid(unsafe_code)]

use keepwell_ask::model::standin::{Sort, StandIns};
use keepwell_domain::time::Date;
use proptest::prelude::*;

fn known(german: bool) -> StandIns {
    let mut s = StandIns::new(german, Date::new(2026, 11, 28).unwrap(), "");
    s.know(Sort::Person, "Müller-Lüdenscheidt, Anna Maria");
    s.know(Sort::Facility, "Labor Dr. Fenner und Kollegen");
    s.know(Sort::Doctor, "Dr. med. Karl Weißgerber");
    s.know(Sort::Document, "Befund_2024-03.pdf");
    s.know_birth(Date::new(1971, 12, 3).unwrap());
    s
}

#[test]
fn known_names_are_found_in_every_spelling() {
    for text in [
        "Anna Maria Müller-Lüdenscheidt",
        "ANNA",
        "anna marias Werte",
        "Müller Lüdenscheidt",
        "mueller-luedenscheidt",
        "Mu\u{308}ller",
        "M\u{ad}üller",
        "Lüdenscheidt Müller",
        "Brief_an_Muller.txt",
        "annamuller_1.txt",
        "weissgerber",
        "LABOR DR.\u{a0}FENNER und  Kollegen",
        "befund_2024-03.pdf",
    ] {
        let hidden = known(false).hide(text);
        let lower = hidden.to_lowercase();
        for bad in ["anna", "maria", "ller", "denscheidt", "gerber", "fenner", "befund"] {
            assert!(!lower.contains(bad), "{text} became {hidden}");
        }
    }
    let mut s = known(true);
    assert_eq!(s.hide("Wie ist das LDL von Anna?"), "Wie ist das LDL von Person A?");
    assert_eq!(s.hide("Anna war bei Dr. Weißgerber."), "Person A war bei Arztperson B.");
    assert_eq!(
        s.restore("Person A war bei Arztperson B, person-A. Person Abel, Person AB"),
        "Müller-Lüdenscheidt, Anna Maria war bei Dr. Weißgerber, Müller-Lüdenscheidt, Anna Maria. Person Abel, Person AB"
    );
}

#[test]
fn a_date_of_birth_becomes_an_age() {
    for text in [
        "3.12.1971",
        "03.12.71",
        "1971-12-03",
        "12/03/1971",
        "3 December 1971",
        "3. Dezember 1971",
        "Dec 3, 1971",
        "19711203",
    ] {
        assert_eq!(known(false).hide(&format!("born {text}, well")), "born (age: 54), well", "{text}");
    }
    assert_eq!(known(false).hide("on 2024-12-03 and in 1971"), "on 2024-12-03 and in 1971");
}

#[test]
fn what_looks_like_a_persons_data_is_hidden_and_what_was_measured_is_not() {
    for (text, hidden) in [
        ("mail anna.x@mail.example now", "mail Mail A now"),
        ("<Anna <a@b.example>>", "<Person A <Mail A>>"),
        ("call +49 (30) 1234-567 or 0171 2345678", "call Phone A or Phone B"),
        ("MRN: 12345, Patient ID 778", "MRN: Identifier A, Patient ID Identifier B"),
        ("KVNR A123456789 SSN 123-45-6789", "KVNR Identifier A SSN Identifier B"),
        ("see https://portal.example/p?x=1", "see Link A"),
        ("Hauptstraße 12a, 10115 Berlin ist", "Address A ist"),
        ("lives at 221 Baker Street, London", "lives at Address A"),
        ("saw Dr. med. Eva von Stein yesterday", "saw Doctor B yesterday"),
        ("Frau Schulze said", "Person B said"),
        ("at St. Mary's Hospital and Klinikum rechts", "at Clinic B and Klinikum rechts"),
        ("Universitätsklinikum Heidelberg", "Clinic B"),
    ] {
        assert_eq!(known(false).hide(text), hidden, "{text}");
    }
    for text in [
        "LDL 3.10 mmol/L, platelets 250000/ul and 1.250,5",
        "on 2024-03-01T08:30:00Z, 01.03.2024, March 2024, 2019-2024",
        "BP 120/80, 0.5 0.75 0.25 0.125 mg, 10*9/L, 10000mg",
        "COVID-19, HbA1c, CA 19-9, B12, 25-OH",
        "Dr. said it is fine. Labor: LDL.",
    ] {
        assert_eq!(known(false).hide(text), text);
    }
}

#[test]
fn stand_ins_are_steady_hold_no_digit_and_are_nobodys_words() {
    let mut s = StandIns::new(false, Date::new(2026, 11, 28).unwrap(), "Is Person A my Doctor?");
    s.know(Sort::Person, "Bo Li");
    assert_eq!(s.hide("bo and BO LI and Li"), "Person B and Person B and Person B");
    let text: Vec<String> = (0..60).map(|i| format!("x{i}@mail.example")).collect();
    let hidden = s.hide(&text.join(" "));
    assert!(!hidden.contains(char::is_numeric) && hidden.contains("Mail BH"), "{hidden}");
    assert_eq!(s.restore(&hidden), text.join(" "));
    assert_eq!(s.hide(&text[3]), "Mail D");
}

proptest! {
    #[test]
    fn names_do_not_get_through(before in "\\PC{0,6}[ .,(]", after in "([ .,;)_-]\\PC{0,6})?", upper in any::<bool>(), which in 0usize..5) {
        let name = ["Anna", "Müller-Lüdenscheidt", "Weißgerber", "Maria Anna", "Befund_2024-03.pdf"][which];
        let name = if upper { name.to_uppercase() } else { name.to_owned() };
        let hidden = known(false).hide(&format!("{before}{name}{after}")).to_lowercase();
        prop_assert!(!hidden.contains(&name.to_lowercase()), "{hidden}");
    }

    #[test]
    fn no_text_makes_it_panic(text in "(\\PC|[0-9+(@/.: -]|Dr\\. |Hospital |straße 5|MRN ){0,40}") {
        let mut s = known(true);
        let hidden = s.hide(&text);
        let _ = s.restore(&hidden);
    }
}
