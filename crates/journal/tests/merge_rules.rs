//! The rules of merging, one by one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_domain::time::Ts;
use keepwell_journal::{
    merge::{Author, Book, Change, CodecError, Hlc, HybridClock, Stamp, decode, encode},
    model::{DeviceId, Dose, EntityId, Fields, Kind, Name, Told, Value},
};
use std::time::Instant;

const NOON: Ts = Ts(1_800_000_000_000_000);

fn device(n: u8) -> (Author, Book) {
    let book = Book::new();
    (Author::new(DeviceId::from_bytes([n; 16]), &book), book)
}
fn id(n: u8) -> EntityId {
    EntityId::from_bytes([n; 16])
}
fn dose(drug: &str) -> Dose {
    Dose { drug: drug.to_owned().into(), ..Dose::default() }
}

#[test]
fn a_correction_supersedes_and_its_history_stays() {
    let (mut a, mut book) = device(1);
    a.save(&mut book, NOON, id(9), &dose("Gonal"));
    let fix = a.save(&mut book, NOON.plus_seconds(5), id(9), &dose("Gonal-F"));
    assert_eq!(fix.len(), 1, "only the changed field is written");
    let history = book.history(Kind::Dose, id(9), "drug");
    assert_eq!(history.len(), 2);
    assert!(history[0].value == Value::text("Gonal") && history[1].value == Value::text("Gonal-F"));
    assert_eq!(fix[0].supersedes, Some(history[0].stamp));
    assert_eq!(book.entity(Kind::Dose, id(9)).unwrap().conflicts("drug").len(), 0);
    assert_eq!(book.get::<Dose>(id(9)).unwrap().drug, Told::Known("Gonal-F".to_owned()));
}

#[test]
fn writing_the_same_again_writes_nothing() {
    let (mut a, mut book) = device(1);
    assert_eq!(a.save(&mut book, NOON, id(9), &dose("Menopur")).len(), 1);
    assert_eq!(a.save(&mut book, NOON, id(9), &dose("Menopur")).len(), 0);
}

#[test]
fn what_a_person_enters_again_shows_also_where_the_same_was_deleted() {
    let (mut a, mut book) = device(1);
    a.enter(&mut book, NOON, id(9), &dose("Menopur"));
    assert_eq!(a.enter(&mut book, NOON, id(9), &dose("Menopur")).len(), 0, "it shows already");
    a.delete(&mut book, NOON.plus_seconds(5), Kind::Dose, id(9)).unwrap();
    let changes = a.enter(&mut book, NOON.plus_seconds(9), id(9), &dose("Menopur"));
    assert_eq!(changes.len(), 1);
    assert!(book.get::<Dose>(id(9)).is_some());
    // Fields that were written by themselves are shown the same way.
    a.delete(&mut book, NOON.plus_seconds(10), Kind::Dose, id(9)).unwrap();
    let drug = (Name::of("drug"), Value::text("Menopur"));
    assert!(a.write(&mut book, NOON.plus_seconds(11), (Kind::Dose, id(9)), [drug]).is_empty());
    assert!(a.show(&mut book, NOON.plus_seconds(11), Kind::Dose, id(9)).is_some());
    assert!(book.get::<Dose>(id(9)).is_some());
    let (mut b, mut there) = device(2);
    b.receive(&mut there, NOON, book.changes().collect());
    assert!(there.get::<Dose>(id(9)).is_some(), "on every device");
    // Of what nobody wrote there is nothing to show.
    assert!(a.show(&mut book, NOON, Kind::Dose, id(8)).is_none());
}

#[test]
fn two_devices_changing_two_fields_both_win_and_one_field_shows_the_conflict() {
    let ((mut a, mut on_a), (mut b, mut on_b)) = (device(1), device(2));
    let first = a.save(&mut on_a, NOON, id(9), &dose("Menopur"));
    b.receive(&mut on_b, NOON, first);
    let mut da = on_a.get::<Dose>(id(9)).unwrap();
    da.reason = "cold".to_owned().into();
    da.drug = "Menopur 75".to_owned().into();
    let mut db = on_b.get::<Dose>(id(9)).unwrap();
    db.lot = "X1".to_owned().into();
    db.drug = "Menopur 150".to_owned().into();
    let from_a = a.save(&mut on_a, NOON.plus_seconds(10), id(9), &da);
    let from_b = b.save(&mut on_b, NOON.plus_seconds(20), id(9), &db);
    a.receive(&mut on_a, NOON, from_b);
    b.receive(&mut on_b, NOON, from_a);
    assert!(on_a == on_b);
    let d = on_a.get::<Dose>(id(9)).unwrap();
    assert!(d.reason == Told::Known("cold".to_owned()) && d.lot == Told::Known("X1".to_owned()));
    assert_eq!(d.drug, Told::Known("Menopur 150".to_owned()));
    let seen = on_a.entity(Kind::Dose, id(9)).unwrap();
    let conflicts = seen.conflicts("drug");
    assert_eq!(conflicts.len(), 1);
    assert!(conflicts[0].value == Value::text("Menopur 75"));
}

#[test]
fn a_conflict_is_over_once_somebody_chose_and_its_history_stays() {
    let ((mut a, mut on_a), (mut b, mut on_b)) = (device(1), device(2));
    let first = a.save(&mut on_a, NOON, id(9), &dose("Menopur"));
    b.receive(&mut on_b, NOON, first);
    let from_a = a.save(&mut on_a, NOON.plus_seconds(10), id(9), &dose("Menopur 75"));
    let from_b = b.save(&mut on_b, NOON.plus_seconds(20), id(9), &dose("Menopur 150"));
    a.receive(&mut on_a, NOON, from_b);
    b.receive(&mut on_b, NOON, from_a);
    let drug = keepwell_journal::model::Name::of("drug");
    for (chosen, at) in [("Menopur 75", 30), ("Menopur 150", 40)] {
        let (mut author, mut book) = (a.clone(), on_a.clone());
        let now = NOON.plus_seconds(at);
        let settled = author.settle(&mut book, now, (Kind::Dose, id(9)), drug.clone(), Value::text(chosen));
        let mut other = on_b.clone();
        other.apply_all(settled);
        assert!(book == other);
        let entity = book.entity(Kind::Dose, id(9)).unwrap();
        assert_eq!(entity.conflicts("drug").len(), 0);
        assert!(book.get::<Dose>(id(9)).unwrap().drug == Told::Known(chosen.to_owned()));
        assert!(entity.history("drug").iter().any(|v| v.value == Value::text("Menopur 150")));
        assert!(entity.history("drug").iter().any(|v| v.value == Value::text("Menopur 75")));
    }
}

#[test]
fn a_deletion_hides_and_a_later_edit_elsewhere_brings_the_entry_back_whole() {
    let ((mut a, mut on_a), (mut b, mut on_b)) = (device(1), device(2));
    let first = a.save(&mut on_a, NOON, id(9), &dose("Menopur"));
    b.receive(&mut on_b, NOON, first);
    let deleted = a.delete(&mut on_a, NOON.plus_seconds(10), Kind::Dose, id(9)).unwrap();
    assert!(on_a.get::<Dose>(id(9)).is_none());
    assert_eq!(on_a.deleted(Kind::Dose).count(), 1);
    let mut edit = on_b.get::<Dose>(id(9)).unwrap();
    edit.lot = "X1".to_owned().into();
    let edited = b.save(&mut on_b, NOON.plus_seconds(20), id(9), &edit);
    a.receive(&mut on_a, NOON.plus_seconds(30), edited);
    b.receive(&mut on_b, NOON.plus_seconds(30), vec![deleted]);
    assert!(on_a == on_b);
    let back = on_a.get::<Dose>(id(9)).unwrap();
    assert!(back.drug.is_known() && back.lot.is_known());
    assert!(on_a.entity(Kind::Dose, id(9)).unwrap().is_revived());
}

#[test]
fn an_edit_from_before_the_deletion_does_not_bring_the_entry_back() {
    let ((mut a, mut on_a), (mut b, mut on_b)) = (device(1), device(2));
    let first = a.save(&mut on_a, NOON, id(9), &dose("Menopur"));
    b.receive(&mut on_b, NOON, first);
    let mut edit = on_b.get::<Dose>(id(9)).unwrap();
    edit.lot = "X1".to_owned().into();
    let edited = b.save(&mut on_b, NOON.plus_seconds(5), id(9), &edit);
    a.delete(&mut on_a, NOON.plus_seconds(10), Kind::Dose, id(9));
    a.receive(&mut on_a, NOON.plus_seconds(30), edited);
    assert!(on_a.get::<Dose>(id(9)).is_none());
    a.restore(&mut on_a, NOON.plus_seconds(40), Kind::Dose, id(9));
    assert_eq!(on_a.get::<Dose>(id(9)).unwrap().lot, Told::Known("X1".to_owned()));
}

#[test]
fn an_erasure_leaves_nothing_not_even_in_the_bytes_and_keeps_late_changes_out() {
    let (mut a, mut book) = device(1);
    let first = a.save(&mut book, NOON, id(9), &dose("unforgettable"));
    a.save(&mut book, NOON, id(9), &dose("second unforgettable"));
    a.erase(&mut book, NOON.plus_seconds(1), Kind::Dose, id(9)).unwrap();
    let bytes = encode(&book.changes().collect::<Vec<_>>()).unwrap();
    assert!(!bytes.windows(13).any(|w| w == b"unforgettable"));
    assert_eq!(book.apply_all(first), 0);
    assert!(book.get::<Dose>(id(9)).is_none());
    assert_eq!(book.history(Kind::Dose, id(9), "drug").len(), 0);
    a.save(&mut book, NOON.plus_seconds(2), id(9), &dose("anew"));
    assert_eq!(book.get::<Dose>(id(9)).unwrap().drug, Told::Known("anew".to_owned()));
}

#[test]
fn fields_and_kinds_of_a_newer_version_survive_reading_and_writing() {
    let (mut a, mut book) = device(1);
    let stamp = Stamp { hlc: Hlc::of(NOON), device: DeviceId::from_bytes([7; 16]) };
    let newer = |kind: &str, field: &str, value: Value| Change {
        kind: Name::parse(kind).unwrap(),
        entity: id(9),
        field: Name::parse(field).unwrap(),
        stamp,
        value,
        supersedes: None,
    };
    a.receive(
        &mut book,
        NOON,
        vec![
            newer("dose", "drone_delivery", Value::Flag(true)),
            newer("dose", "route", Value::text("teleported")),
            newer("dose", "drug", Value::text("Menopur")),
            newer("moon_phase", "phase", Value::text("full")),
        ],
    );
    let mut d = book.get::<Dose>(id(9)).unwrap();
    assert_eq!(d.route, Told::Unknown, "an unknown code reads as unknown");
    d.lot = "X1".to_owned().into();
    let written = a.save(&mut book, NOON.plus_seconds(1), id(9), &d);
    assert_eq!(written.len(), 1, "what could not be read is not written over");
    let e = book.entity(Kind::Dose, id(9)).unwrap();
    assert_eq!(e.field("route"), Some(&Value::text("teleported")));
    assert_eq!(e.field("drone_delivery"), Some(&Value::Flag(true)));
    assert_eq!(book.entities().filter(|e| e.kind().as_str() == "moon_phase").count(), 1);
}

#[test]
fn a_clock_that_runs_ahead_is_reported_and_outdone_but_not_followed() {
    let ((mut a, mut on_a), (mut b, mut on_b)) = (device(1), device(2));
    let tomorrow = NOON.plus_seconds(86_400);
    let from_b = b.save(&mut on_b, tomorrow, id(9), &dose("Menopur"));
    let got = a.receive(&mut on_a, NOON, from_b);
    assert_eq!(got.new, 1);
    assert_eq!(got.skew.unwrap().ahead_ms, 86_400_000);
    a.save(&mut on_a, NOON.plus_seconds(1), id(9), &dose("Cetrotide"));
    assert_eq!(on_a.get::<Dose>(id(9)).unwrap().drug, Told::Known("Cetrotide".to_owned()));
    let elsewhere = a.save(&mut on_a, NOON.plus_seconds(2), id(8), &dose("Ovitrelle"));
    assert_eq!(elsewhere[0].stamp.hlc.millis(), 1_800_000_002_000, "other entries keep the true time");
}

#[test]
fn a_clock_never_goes_back_and_carries_a_full_counter() {
    let mut clock = HybridClock::after(None);
    let first = clock.tick(NOON, None);
    let earlier = clock.tick(Ts(NOON.0 - 60_000_000), None);
    assert!(earlier > first);
    let full = Hlc::from_raw(first.raw() | 0xffff).unwrap();
    assert_eq!(full.next().millis(), first.millis() + 1);
    assert!(Hlc::from_raw(u64::MAX).is_none());
}

#[test]
fn an_author_goes_on_after_what_it_wrote_before_a_restart() {
    let (mut a, mut book) = device(1);
    let before = a.save(&mut book, NOON, id(9), &dose("Menopur"));
    let mut again = Author::new(a.device(), &book);
    let after = again.save(&mut book, Ts(NOON.0 - 3_600_000_000), id(8), &dose("Menopur"));
    assert!(after[0].stamp > before[0].stamp);
}

#[test]
fn bytes_of_another_version_or_with_a_tail_are_refused() {
    let (mut a, mut book) = device(1);
    let changes = a.save(&mut book, NOON, id(9), &dose("Menopur"));
    let mut bytes = encode(&changes).unwrap();
    assert_eq!(decode(&[]), Err(CodecError::Empty));
    bytes.push(0);
    assert_eq!(decode(&bytes), Err(CodecError::Malformed));
    bytes.pop();
    assert_eq!(decode(&bytes[..bytes.len() - 1]), Err(CodecError::Malformed));
    bytes[0] = 2;
    assert_eq!(decode(&bytes), Err(CodecError::Version(2)));
}

#[test]
fn nothing_printed_tells_what_was_entered() {
    let (mut a, mut book) = device(1);
    let changes = a.save(&mut book, NOON, id(9), &dose("Menopur"));
    let d = book.get::<Dose>(id(9)).unwrap();
    let e = book.entity(Kind::Dose, id(9)).unwrap();
    let printed = format!("{d:?} {e:?} {changes:?} {:?} {:?}", d.drug, changes[0].value);
    assert!(!printed.contains("Menopur"), "{printed}");
}

#[test]
fn ten_thousand_changes_are_read_and_applied_quickly() {
    let (mut a, mut book) = device(1);
    let mut changes = Vec::new();
    for n in 0u32..2_000 {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&n.to_be_bytes());
        let now = NOON.plus_seconds(i64::from(n) * 60);
        let entity = (Kind::Dose, EntityId::from_bytes(bytes));
        let fields = [
            ("drug", Value::text("Gonal-F")),
            ("amount", Value::text("225 IU")),
            ("at", Value::text("2026-11-28T21:30+01:00[Europe/Berlin]")),
            ("site", Value::text("abdomen_left")),
            ("state", Value::text("given")),
        ];
        changes.extend(a.write(&mut book, now, entity, fields.map(|(n, v)| (Name::of(n), v))));
    }
    assert_eq!(changes.len(), 10_000);
    let bytes = encode(&changes).unwrap();
    assert!(bytes.len() < 400_000, "{} bytes", bytes.len());
    let begin = Instant::now();
    let mut other = Book::new();
    other.apply_all(decode(&bytes).unwrap());
    let took = begin.elapsed();
    println!("{} bytes, decoded and applied in {took:?}", bytes.len());
    assert!(other == book);
    let limit = if cfg!(debug_assertions) { 1_500 } else { 100 };
    assert!(took.as_millis() < limit, "{took:?}");
}

#[test]
fn what_could_not_be_kept_is_put_back_and_written_again_the_next_time() {
    let (mut a, mut book) = device(1);
    a.save(&mut book, NOON, id(9), &dose("Gonal"));
    let before = book.part(&[(Kind::Dose, id(9)), (Kind::Dose, id(8))]);
    let whole = book.clone();
    a.save(&mut book, NOON.plus_seconds(5), id(9), &dose("Gonal-F"));
    a.erase(&mut book, NOON.plus_seconds(6), Kind::Dose, id(9));
    a.save(&mut book, NOON.plus_seconds(7), id(8), &dose("Menopur"));
    for n in [9, 8] {
        book.put_back(&Kind::Dose.name(), id(n), &before);
    }
    assert!(book == whole);
    assert_eq!(a.save(&mut book, NOON.plus_seconds(9), id(9), &dose("Gonal-F")).len(), 1);
    assert_eq!(book.history(Kind::Dose, id(9), "drug").len(), 2);
}
