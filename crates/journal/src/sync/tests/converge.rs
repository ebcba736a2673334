//! Through an honest server all devices come to have the same, whatever the order of things.
use super::*;
use proptest::prelude::*;

fn pair() -> (Server, Device, Device) {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.settle(&mut server);
    let b = Device::pair(&mut a, &mut server, 2, Role::Writer);
    (server, a, b)
}

#[test]
fn two_devices_write_apart_and_come_to_have_the_same() {
    let (mut server, mut a, mut b) = pair();
    a.write("a1");
    b.write("b1");
    a.settle(&mut server);
    b.settle(&mut server);
    b.write("b2");
    b.settle(&mut server);
    a.settle(&mut server);
    assert_eq!(a.has, b.has);
    assert_eq!(a.has.len(), 3);
    assert!(a.events.contains(&Event::UpToDate));
}

#[test]
fn device_with_the_phrase_gets_everything_and_may_write() {
    let (mut server, mut a, mut b) = pair();
    a.write("a1");
    a.settle(&mut server);
    let mut c = Device::recover(&a, &mut server, 1, 3);
    assert_eq!(c.client.role(), Some(Role::Writer));
    c.write("c1");
    c.settle(&mut server);
    a.settle(&mut server);
    b.settle(&mut server);
    assert_eq!(a.has, c.has);
    assert_eq!(b.has, c.has);
}

#[test]
fn another_phrase_does_not_come_in() {
    let (mut server, a, _) = pair();
    let Answer::Info(info) = server.serve(&Request::Info(a.client.vault())) else { panic!() };
    let (wrong, first) = (phrase(77), keeper(9));
    let joined = join_with(&info, SlotSecret::Phrase(&wrong), &NewSlot::Keeper(&first), &mut random(9));
    assert_eq!(joined.err(), Some(SyncError::Vault(crate::vault::VaultError::WrongSecret)));
}

#[test]
fn lost_answers_store_nothing_twice() {
    let (mut server, mut a, mut b) = pair();
    a.write("a1");
    a.write("a2");
    // The push arrives, its answer does not, and the page is reloaded.
    loop {
        let request = a.client.next(&a.vault, &mut a.rng).unwrap().expect("a push");
        let answer = server.serve(&request);
        if matches!(request, Request::Push(..)) {
            break;
        }
        a.client.handle(&mut a.vault, answer, &mut a.rng).unwrap();
    }
    a.client.failed();
    a.reload();
    let before = server.vaults[&a.client.vault()].items.len();
    a.settle(&mut server);
    assert_eq!(server.vaults[&a.client.vault()].items.len(), before);
    assert_eq!(a.client.waiting(), 0);
    b.settle(&mut server);
    assert_eq!(a.has, b.has);
}

#[test]
fn device_that_was_away_for_long_catches_up_from_the_snapshot() {
    let (mut server, mut a, mut b) = pair();
    b.write("b, before it went away");
    b.settle(&mut server);
    for n in 0..40 {
        a.write(&format!("a{n}"));
        a.settle(&mut server);
    }
    let content = pack(&a.has);
    a.client.writer().unwrap().snapshot(&content).unwrap();
    a.write("a, after the snapshot");
    a.settle(&mut server);
    assert!(a.events.contains(&Event::Compacted));
    let stock = &server.vaults[&a.client.vault()];
    assert!(stock.items.len() < 10, "{}", stock.items.len());
    assert!(stock.floor > 0);
    b.write("b, while it was away");
    b.settle(&mut server);
    assert!(b.events.iter().any(|event| matches!(event, Event::Snapshot { .. })));
    a.settle(&mut server);
    assert_eq!(a.has, b.has);
    // One that comes new, too.
    let mut c = Device::pair(&mut a, &mut server, 4, Role::Writer);
    assert_eq!(c.has, a.has);
    c.write("c1");
    c.settle(&mut server);
    a.settle(&mut server);
    b.settle(&mut server);
    assert_eq!(a.has, c.has);
    assert_eq!(b.has, c.has);
}

#[test]
fn snapshot_larger_than_one_object_comes_in_parts() {
    let (mut server, mut a, mut b) = pair();
    for n in 0..3 {
        a.write(&format!("{n}").repeat(700_000));
    }
    a.settle(&mut server);
    let content = pack(&a.has);
    a.client.writer().unwrap().snapshot(&content).unwrap();
    a.settle(&mut server);
    assert_eq!(server.vaults[&a.client.vault()].snapshot.unwrap().parts, 3);
    b.settle(&mut server);
    assert_eq!(a.has, b.has);
}

#[test]
fn snapshot_falls_due_after_many_objects() {
    let (mut server, mut a, mut b) = pair();
    for n in 0..260 {
        a.write(&format!("a{n}"));
        a.settle(&mut server);
    }
    assert!(a.events.contains(&Event::SnapshotDue));
    assert!(a.events.contains(&Event::Compacted));
    b.settle(&mut server);
    assert_eq!(a.has, b.has);
}

#[test]
fn changes_of_months_without_a_network_are_few_objects() {
    let (mut server, mut a, mut b) = pair();
    for n in 0..10_000 {
        a.write(&format!("a change of about a hundred and fifty bytes, number {n}{}", " ".repeat(100)));
    }
    assert_eq!(a.client.waiting(), 25);
    a.settle(&mut server);
    b.settle(&mut server);
    assert_eq!(b.has.len(), 10_000);
    assert_eq!(a.has, b.has);
}

#[test]
fn snapshot_covers_no_batch_that_was_not_in_it() {
    let (mut server, mut a, mut b) = pair();
    b.write("b1");
    b.settle(&mut server);
    a.settle(&mut server);
    // B writes between the moment at which A takes its snapshot and the one at which A pushes it.
    a.write("a, waiting");
    let content = pack(&a.has);
    a.client.writer().unwrap().snapshot(&content).unwrap();
    b.write("b2");
    b.settle(&mut server);
    a.settle(&mut server);
    b.settle(&mut server);
    let c = Device::pair(&mut a, &mut server, 5, Role::Writer);
    assert_eq!(c.has, a.has);
    assert!(c.has.contains(&b"b2"[..]));
}

#[test]
fn what_the_server_keeps_shows_no_word() {
    let (mut server, mut a, _) = pair();
    a.write("a word that nobody reads");
    a.settle(&mut server);
    let stored = format!("{:?}", server.vaults);
    let word = format!("{:?}", b"nobody");
    assert!(!stored.contains(word.trim_matches(['[', ']'])));
    let sizes: BTreeSet<usize> = server.vaults[&a.client.vault()]
        .items
        .values()
        .filter_map(|item| match item {
            super::super::wire::Item::Object { object, .. } => Some(object.len()),
            super::super::wire::Item::Statement { .. } => None,
        })
        .collect();
    assert_eq!(sizes, BTreeSet::from([1024 + 45]));
}

#[test]
fn deleting_gives_a_receipt_and_the_others_learn_of_it() {
    let (mut server, mut a, mut b) = pair();
    // One that was taken back deletes nothing.
    a.client.delete();
    a.client.keep();
    a.settle(&mut server);
    assert_eq!(server.vaults.len(), 1);
    a.client.delete();
    a.step(&mut server);
    assert!(matches!(a.events.last(), Some(Event::Deleted(receipt)) if receipt.items == 2));
    b.settle(&mut server);
    assert_eq!(b.events.last(), Some(&Event::Gone));
    assert!(server.vaults.is_empty());
}

#[derive(Debug, Clone)]
enum Move {
    Write(usize),
    Step(usize),
    Lose(usize),
    Reload(usize),
    Snapshot(usize),
    Renew(usize),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (0usize..3, 0u8..20).prop_map(|(who, what)| match what {
        0..6 => Move::Write(who),
        6..15 => Move::Step(who),
        15 | 16 => Move::Lose(who),
        17 => Move::Reload(who),
        18 => Move::Snapshot(who),
        _ => Move::Renew(who),
    });
    proptest::collection::vec(one, 0..60)
}

proptest! {
    // A tenth of the usual number: every case is a small war.
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 10))]
    #[test]
    fn any_interleaving_converges(moves in moves()) {
        let (mut server, mut a, b) = pair();
        let c = Device::pair(&mut a, &mut server, 3, Role::Writer);
        let mut devices = [a, b, c];
        for (n, one) in moves.into_iter().enumerate() {
            match one {
                Move::Write(who) => devices[who].write(&format!("{who}/{n}")),
                Move::Step(who) => {
                    devices[who].client.poke();
                    devices[who].step(&mut server);
                }
                Move::Lose(who) => {
                    let device = &mut devices[who];
                    if let Some(request) = device.client.next(&device.vault, &mut device.rng).unwrap() {
                        // Half of the requests get lost on the way there, half of the answers on the way back.
                        if n % 2 == 0 {
                            server.serve(&request);
                        }
                        device.client.failed();
                    }
                }
                Move::Reload(who) => devices[who].reload(),
                Move::Snapshot(who) => {
                    let content = pack(&devices[who].has);
                    let _ = devices[who].client.writer().unwrap().snapshot(&content);
                }
                Move::Renew(who) => {
                    let _ = devices[who].client.change(Change::RenewKey);
                }
            }
        }
        for _ in 0..3 {
            devices.iter_mut().for_each(|device| device.settle(&mut server));
        }
        let [a, b, c] = &devices;
        prop_assert_eq!(&a.has, &b.has);
        prop_assert_eq!(&a.has, &c.has);
        prop_assert_eq!(a.client.waiting() + b.client.waiting() + c.client.waiting(), 0);
        let new = Device::recover(a, &mut server, 1, 8);
        prop_assert_eq!(&a.has, &new.has);
    }
}
