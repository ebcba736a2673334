//! Whatever way changes take between devices, the devices end up with the same journal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_domain::time::Ts;
use keepwell_journal::{
    merge::{Author, Book, Change, History, decode, encode},
    model::{DeviceId, EntityId, Fields, Kind, Name, Value},
};
use proptest::prelude::*;

const DEVICES: usize = 3;
const FIELDS: [&str; 3] = ["amount", "drug", "note"];
/// How far each clock is wrong, in µs: an hour behind, right, two days ahead.
const SKEW: [i64; DEVICES] = [-3_600_000_000, 0, 172_800_000_000];

#[derive(Debug, Clone)]
enum Step {
    Write {
        device: usize,
        entity: u8,
        field: usize,
        value: u8,
    },
    Delete {
        device: usize,
        entity: u8,
    },
    Restore {
        device: usize,
        entity: u8,
    },
    Erase {
        device: usize,
        entity: u8,
    },
    /// Some of what one device knows reaches another, some of it twice.
    Carry {
        from: usize,
        to: usize,
        pick: u64,
    },
    Compact {
        device: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let d = || 0..DEVICES;
    prop_oneof![
        6 => (d(), 0u8..3, 0..FIELDS.len(), 0u8..4)
            .prop_map(|(device, entity, field, value)| Step::Write { device, entity, field, value }),
        1 => (d(), 0u8..3).prop_map(|(device, entity)| Step::Delete { device, entity }),
        1 => (d(), 0u8..3).prop_map(|(device, entity)| Step::Restore { device, entity }),
        1 => (d(), 0u8..3).prop_map(|(device, entity)| Step::Erase { device, entity }),
        4 => (d(), d(), any::<u64>()).prop_map(|(from, to, pick)| Step::Carry { from, to, pick }),
        1 => d().prop_map(|device| Step::Compact { device }),
    ]
}

struct Device {
    author: Author,
    book: Book,
    /// All that it ever wrote: a queue that loses nothing.
    written: Vec<Change>,
}

fn id(n: u8) -> EntityId {
    EntityId::from_bytes([n; 16])
}

fn run(steps: &[Step], may_drop: bool) -> Vec<Device> {
    let mut devices: Vec<Device> = (0..DEVICES)
        .map(|n| {
            let device = DeviceId::from_bytes([u8::try_from(n).unwrap() + 1; 16]);
            Device { author: Author::new(device, &Book::new()), book: Book::new(), written: Vec::new() }
        })
        .collect();
    for (i, step) in steps.iter().enumerate() {
        let now = |d: usize| Ts(1_800_000_000_000_000 + i64::try_from(i).unwrap() * 700 + SKEW[d]);
        match *step {
            Step::Write { device, entity, field, value } => {
                let d = &mut devices[device];
                let fields = [(Name::of(FIELDS[field]), Value::Int(i64::from(value)))];
                let new = d.author.write(&mut d.book, now(device), (Kind::Dose, id(entity)), fields);
                let held = d.book.entity(Kind::Dose, id(entity)).unwrap();
                assert_eq!(
                    held.field(FIELDS[field]),
                    Some(&Value::Int(i64::from(value))),
                    "own writing holds"
                );
                assert!(new.is_empty() || held.is_live(), "what is written is shown");
                d.written.extend(new);
            }
            Step::Delete { device, entity } => {
                let d = &mut devices[device];
                d.written.extend(d.author.delete(&mut d.book, now(device), Kind::Dose, id(entity)));
                assert!(d.book.entity(Kind::Dose, id(entity)).is_none_or(|e| !e.is_live()));
            }
            Step::Restore { device, entity } => {
                let d = &mut devices[device];
                d.written.extend(d.author.restore(&mut d.book, now(device), Kind::Dose, id(entity)));
            }
            Step::Erase { device, entity } => {
                let d = &mut devices[device];
                d.written.extend(d.author.erase(&mut d.book, now(device), Kind::Dose, id(entity)));
                assert_eq!(d.book.entity(Kind::Dose, id(entity)).map_or(0, |e| e.names().count()), 0);
            }
            Step::Carry { from, to, pick } => {
                let known: Vec<Change> = devices[from].book.changes().collect();
                let some =
                    known.iter().enumerate().filter(|(n, _)| pick >> (n % 64) & 1 == 1).map(|(_, c)| c);
                let twice: Vec<Change> = some.clone().rev().chain(some.clone().take(2)).cloned().collect();
                let d = &mut devices[to];
                d.author.receive(&mut d.book, now(to), twice);
            }
            Step::Compact { device } if may_drop => devices[device].book.compact(History::Drop),
            Step::Compact { .. } => {}
        }
    }
    devices
}

/// Everyone gets everything, each in an order of its own.
fn meet(devices: &mut [Device], seed: u64) {
    let mut all: Vec<Change> = devices.iter().flat_map(|d| d.written.iter().cloned()).collect();
    for (n, d) in devices.iter_mut().enumerate() {
        let mut state = seed ^ (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        for i in (1..all.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            all.swap(i, usize::try_from(state >> 33).unwrap() % (i + 1));
        }
        d.book.apply_all(all.iter().cloned());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn devices_converge_for_any_order_duplication_partition_and_skew(
        steps in prop::collection::vec(step(), 0..60), seed: u64,
    ) {
        let mut devices = run(&steps, false);
        meet(&mut devices, seed);
        prop_assert!(devices[0].book == devices[1].book);
        prop_assert!(devices[1].book == devices[2].book);
    }

    #[test]
    fn compaction_mixed_in_does_not_change_what_holds(
        steps in prop::collection::vec(step(), 0..60), seed: u64,
    ) {
        let mut devices = run(&steps, true);
        meet(&mut devices, seed);
        prop_assert!(devices[0].book.agrees_with(&devices[1].book));
        prop_assert!(devices[1].book.agrees_with(&devices[2].book));
        // And nothing that holds differs from a book that was never compacted.
        let mut fresh = Book::new();
        fresh.apply_all(devices.iter().flat_map(|d| d.written.iter().cloned()));
        prop_assert!(fresh.agrees_with(&devices[0].book));
    }

    #[test]
    fn a_snapshot_stands_for_the_changes_it_was_made_of(
        steps in prop::collection::vec(step(), 0..60), cut in 0usize..60,
    ) {
        let cut = cut.min(steps.len());
        let early = run(&steps[..cut], false);
        let mut snapshot = Book::new();
        snapshot.apply_all(early.iter().flat_map(|d| d.written.iter().cloned()));
        snapshot.compact(History::Drop);
        let bytes = encode(&snapshot.changes().collect::<Vec<_>>()).unwrap();
        let late = run(&steps, false);
        let (mut by_snapshot, mut by_log) = (Book::new(), Book::new());
        by_snapshot.apply_all(decode(&bytes).unwrap());
        by_snapshot.apply_all(late.iter().flat_map(|d| d.written.iter().cloned()));
        by_log.apply_all(late.iter().flat_map(|d| d.written.iter().rev().cloned()));
        prop_assert!(by_snapshot.agrees_with(&by_log));
    }

    #[test]
    fn applying_twice_is_applying_once(steps in prop::collection::vec(step(), 0..40)) {
        let devices = run(&steps, false);
        let mut book = devices[0].book.clone();
        let again: Vec<Change> = book.changes().collect();
        prop_assert_eq!(book.apply_all(again), 0);
        prop_assert!(book == devices[0].book);
    }

    #[test]
    fn changes_read_back_from_bytes(steps in prop::collection::vec(step(), 0..60)) {
        let changes: Vec<Change> = run(&steps, false).into_iter().flat_map(|d| d.written).collect();
        prop_assert!(decode(&encode(&changes).unwrap()).unwrap() == changes);
    }

    #[test]
    fn any_bytes_are_refused_or_read_without_a_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode(&bytes);
        if let Some(first) = bytes.first_mut() {
            *first = 1;
            if let Ok(changes) = decode(&bytes) {
                let mut book = Book::new();
                book.apply_all(changes);
            }
        }
    }
}
