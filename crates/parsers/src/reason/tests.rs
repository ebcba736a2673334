use super::{Excess, Fate, Flaw, Reason, Remark, Spot, Thing, Told, Why};
use crate::error::ParseError;
use keepwell_domain::lang::Lang;

/// Every reason that a reader, the sandbox or an import can give.
fn all() -> Vec<Why> {
    let mut all: Vec<Why> = Remark::ALL.iter().map(|r| Why::from(*r)).collect();
    all.extend(Reason::ALL.iter().map(|r| Why::Failed((*r).into())));
    for why in Flaw::ALL {
        all.extend(Thing::ALL.iter().map(|w| Why::Failed(ParseError::malformed(*w, *why, None))));
        all.push(Why::CutOff(ParseError::malformed(Thing::Apple, *why, Some(1_234))));
    }
    all.extend(Excess::ALL.iter().map(|e| Why::Failed(ParseError::too_large(*e, 65_535))));
    all.extend([ParseError::TooDeep { limit: 64 }, ParseError::Io, ParseError::Stopped].map(Why::Failed));
    all.extend(Fate::ALL.iter().map(|f| Why::from(*f)));
    let again: Vec<Why> = all.iter().cloned().map(|w| Why::Again(Box::new(w))).collect();
    all.extend(again);
    all
}

#[test]
fn every_reason_has_whole_sentences_in_both_languages() {
    for why in all() {
        let [en, de] = Lang::ALL.map(|l| why.words(l));
        for (text, other) in [(&en, &de), (&de, &en)] {
            assert!(text.len() > 15 && text != other, "{en} / {de}");
            assert!(text.ends_with('.') && text.chars().next().unwrap().is_uppercase(), "{text}");
            assert!(!text.contains("{}") && !text.contains('!') && !text.contains("  "), "{text}");
        }
        // Each speaks its own language, and only that, whatever the sentence.
        assert!(words(&de).any(|w| GERMAN.contains(&&*w)), "{de}");
        assert!(words(&en).any(|w| ENGLISH.contains(&&*w)), "{en}");
        let stray = words(&en).find(|w| GERMAN.contains(&&**w));
        assert!(stray.is_none(), "{stray:?}: {en}");
        let stray = words(&de).find(|w| w != "was" && ENGLISH.contains(&&**w));
        assert!(stray.is_none(), "{stray:?}: {de}");
    }
}

/// Small words of one language that are none in the other; German has a "was" of its own.
const GERMAN: [&str; 26] = [
    "aus", "bitte", "das", "dem", "den", "der", "die", "diese", "dieser", "dieses", "ein", "eine", "einem",
    "es", "hat", "ist", "kein", "keine", "mit", "nicht", "sie", "und", "von", "wurde", "wurden", "zu",
];
const ENGLISH: [&str; 23] = [
    "a", "and", "are", "as", "file", "for", "from", "has", "holds", "is", "it", "its", "no", "not", "of",
    "please", "that", "the", "this", "to", "was", "which", "with",
];

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).map(str::to_lowercase)
}

#[test]
fn numbers_stand_in_the_words_as_the_language_writes_them() {
    let e = ParseError::too_large(Excess::Devices, 65_535);
    assert!(e.words(Lang::En).contains("more than 65,535 device names"));
    assert!(e.words(Lang::De).contains("mehr als 65.535 Gerätenamen"));
    assert_eq!(super::count(1_000_000, Lang::De), "1.000.000");
    assert_eq!(super::count(999, Lang::En), "999");
}

#[test]
fn another_encoding_is_not_called_damage() {
    let words = |why, lang| ParseError::malformed(Thing::Fhir, why, Some(7)).words(lang);
    assert!(
        words(Flaw::EndsEarly, Lang::De)
            .contains("abgeschnitten (bei Byte 7): Der Inhalt hört mittendrin auf.")
    );
    let [en, de] = Lang::ALL.map(|l| words(Flaw::NotUtf8, l));
    assert!(
        en.contains("near byte 7: it is not UTF-8 text. Please save it as UTF-8") && !en.contains("damaged"),
        "{en}"
    );
    assert!(de.contains("speichern Sie die Datei als UTF-8") && !de.contains("beschädigt"), "{de}");
}

#[test]
fn reasons_survive_keeping_and_the_pipe() {
    for told in all().into_iter().map(Told::from).chain([Told::Words("An old sentence.".to_owned())]) {
        let json = serde_json::to_string(&told).unwrap();
        assert!(serde_json::from_str::<Told>(&json).unwrap() == told, "{json}");
        let piped = postcard::to_allocvec(&told).unwrap();
        assert!(postcard::from_bytes::<Told>(&piped).unwrap() == told, "{json}");
    }
    for spot in [Spot::Line(7), Spot::Path("Bundle.entry[3]".to_owned()), Spot::Path(String::new())] {
        let json = serde_json::to_string(&spot).unwrap();
        assert!(serde_json::from_str::<Spot>(&json).unwrap() == spot, "{json}");
        let piped = postcard::to_allocvec(&spot).unwrap();
        assert!(postcard::from_bytes::<Spot>(&piped).unwrap() == spot, "{json}");
    }
}

#[test]
fn what_an_earlier_version_wrote_down_is_read_as_it_stands() {
    let old: Vec<(Spot, Told)> =
        serde_json::from_str(r#"[["line 5","This row was left out."],["Bundle.entry[3]","Old."]]"#).unwrap();
    assert_eq!(old[0].0.words(Lang::De), "Zeile 5");
    assert_eq!(old[0].0.words(Lang::En), "line 5");
    assert_eq!(old[0].1.words(Lang::De), "This row was left out.");
    assert_eq!(old[1].0.words(Lang::De), "Bundle.entry[3]");
}

/// Kept documents and exports hold these codes: a code that was kept once is never given another
/// name.
#[test]
fn codes_keep_their_names() {
    let json = |why: Why| serde_json::to_string(&Told::from(why)).unwrap();
    assert_eq!(json(Remark::NoResult.into()), r#"{"why":{"remark":"no_result"}}"#);
    assert_eq!(json(Why::Failed(Reason::LockedZip.into())), r#"{"why":{"failed":{"refused":"locked_zip"}}}"#);
    assert_eq!(
        json(Why::Failed(ParseError::malformed(Thing::Zip, Flaw::NoList, Some(3)))),
        r#"{"why":{"failed":{"malformed":{"what":"zip","why":"no_list","at":3}}}}"#
    );
    assert_eq!(json(Why::Again(Box::new(Fate::GaveUp.into()))), r#"{"why":{"again":{"fate":"gave_up"}}}"#);
    fn codes<T: serde::Serialize>(all: &[T]) -> String {
        all.iter().map(|c| serde_json::to_string(c).unwrap().replace('"', "")).collect::<Vec<_>>().join(" ")
    }
    let names = [
        codes(Remark::ALL),
        codes(Reason::ALL),
        codes(Thing::ALL),
        codes(Flaw::ALL),
        codes(Excess::ALL),
        codes(Fate::ALL),
    ];
    assert_eq!(names.join("\n") + "\n", include_str!("codes.txt"));
}
