//! A recovery phrase opens the vault on every device, for as long as the members have it.
use super::*;
use crate::vault::VaultError;

fn opens(device: &mut Device, seed: u8) -> Result<(), VaultError> {
    let locked = device.vault.lock(&mut device.rng)?;
    locked.open(SlotSecret::Phrase(&phrase(seed))).map(|_| ())
}

#[test]
fn phrase_opens_a_paired_device_until_it_is_replaced() {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.settle(&mut server);
    let mut b = Device::pair(&mut a, &mut server, 2, Role::Writer);
    assert_eq!(opens(&mut b, 1), Err(VaultError::WrongSecret));
    assert!(b.client.adopt_phrases(&mut b.vault, &mut b.rng).unwrap());
    assert!(!b.client.adopt_phrases(&mut b.vault, &mut b.rng).unwrap(), "a second time");
    assert_eq!(opens(&mut b, 1), Ok(()));

    // Another phrase in its place, in one step and under a new key.
    let epoch = a.vault.epoch();
    let new = a.vault.add_slot(&NewSlot::Phrase(&phrase(9)), &mut a.rng).unwrap();
    a.client.change(Change::ReplacePhrase(new)).unwrap();
    a.settle(&mut server);
    b.settle(&mut server);
    assert_eq!(a.client.slots().map(crate::vault::SlotHead::id).collect::<Vec<_>>(), [new]);
    assert_eq!((a.vault.epoch(), b.vault.epoch()), (epoch.next().unwrap(), epoch.next().unwrap()));
    for device in [&mut a, &mut b] {
        assert!(device.client.adopt_phrases(&mut device.vault, &mut device.rng).unwrap());
        assert_eq!(opens(device, 9), Ok(()));
        assert_eq!(opens(device, 1), Err(VaultError::WrongSecret));
    }
}

#[test]
fn key_whose_answer_was_lost_seals_everything_anew_all_the_same() {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.write("before");
    a.settle(&mut server);
    a.client.change(Change::RenewKey).unwrap();
    a.client.poke();
    let epoch = a.vault.epoch();
    while let Some(request) = a.client.next(&a.vault, &mut a.rng).unwrap() {
        let answer = server.serve(&request);
        if matches!(request, Request::Statement(..)) {
            // Stored, and nobody here knows: the person is told that it is not sure, and it is given up.
            a.client.failed();
            a.client.withdraw();
            break;
        }
        let events = a.client.handle(&mut a.vault, answer, &mut a.rng).unwrap();
        a.act(events);
    }
    a.events.clear();
    a.settle(&mut server);
    assert_eq!(a.vault.epoch(), epoch.next().unwrap());
    assert!(a.events.contains(&Event::SnapshotDue), "{:?}", a.events);
}

#[test]
fn phrase_that_another_statement_was_quicker_than_is_given_up_and_not_a_fault() {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.settle(&mut server);
    let new = a.vault.add_slot(&NewSlot::Phrase(&phrase(9)), &mut a.rng).unwrap();
    a.client.change(Change::ReplacePhrase(new)).unwrap();
    // As it is when slots are taken over with another device's statement.
    a.client.adopt_phrases(&mut a.vault, &mut a.rng).unwrap();
    a.client.poke();
    let mut last = Ok(true);
    while last == Ok(true) {
        last = a.step_with(&mut server, |_, answer| answer);
    }
    assert_eq!(last, Err(SyncError::NotPossible));
    a.settle(&mut server);
    assert_eq!(opens(&mut a, 1), Ok(()));
}

#[test]
fn both_read_the_same_digits_for_a_device_and_others_for_another() {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.settle(&mut server);
    let b = Device::pair(&mut a, &mut server, 2, Role::Reader);
    let (own, other) = (b.client.device(), a.client.device());
    assert_eq!(a.client.safety_code(own), b.client.safety_code(own));
    assert_ne!(a.client.safety_code(own), a.client.safety_code(other));
    assert_eq!((a.client.may_write(), b.client.may_write()), (true, false));
}
