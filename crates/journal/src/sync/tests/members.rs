//! Who comes in, who goes out, and what that does to the key.
use super::*;
use crate::{
    sync::{
        safety_code,
        wire::{Item, VaultInfo},
    },
    vault::{Epoch, VaultError},
};

fn info(server: &mut Server, device: &Device) -> VaultInfo {
    match server.serve(&Request::Info(device.client.vault())) {
        Answer::Info(info) => info,
        other => panic!("{other:?}"),
    }
}

fn second() -> Epoch {
    Epoch::FIRST.next().unwrap()
}

#[test]
fn ticket_is_shown_read_and_compared() {
    let ticket = Ticket::generate(&mut random(1)).unwrap();
    let code = ticket.code();
    let read = TicketCode::parse(&format!("  {}\n", code.to_text())).unwrap();
    assert_eq!(read, code);
    assert_eq!(read.check_digits(), code.check_digits());
    assert_eq!(code.check_digits().len(), 6);
    for bad in ["", "KWJ1.", "KWJ1.AA", "KWJ2.AAAA", &code.to_text()[..60], &format!("{}A", code.to_text())] {
        assert!(TicketCode::parse(bad).is_err(), "{bad}");
    }
    assert!(!format!("{ticket:?} {code:?}").contains(&code.to_text()[50..60]));
    let a = Device::founder(1);
    let other = Ticket::generate(&mut random(2)).unwrap();
    let safety = safety_code(a.vault.front.anchor, &code.card);
    assert_eq!(safety.len(), 8 * 5 + 7);
    assert_ne!(safety, safety_code(a.vault.front.anchor, &other.code().card));
}

#[test]
fn device_that_was_not_let_in_stays_outside() {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.settle(&mut server);
    let ticket = Ticket::generate(&mut random(2)).unwrap();
    let first = keeper(2);
    let joined = ticket.join(&info(&mut server, &a), &NewSlot::Keeper(&first), &mut random(3)).unwrap();
    assert!(joined.is_none());
}

#[test]
fn device_that_comes_late_after_the_key_changed_gets_every_key() {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.write("before");
    a.settle(&mut server);
    let ticket = Ticket::generate(&mut random(2)).unwrap();
    a.client.change(Change::AddDevice(ticket.code(), Role::Writer)).unwrap();
    a.settle(&mut server);
    a.write("between");
    a.settle(&mut server);
    a.client.change(Change::RenewKey).unwrap();
    // The new statement, and not yet the snapshot under it.
    a.step(&mut server);
    a.step(&mut server);
    let first = keeper(2);
    let shown = info(&mut server, &a);
    let joined = ticket.join(&shown, &NewSlot::Keeper(&first), &mut random(3)).unwrap().expect("let in");
    let mut b = Device::joined(joined, random(3));
    b.settle(&mut server);
    assert_eq!(b.has, a.has);
    assert_eq!(b.vault.epoch(), second());
    a.settle(&mut server);
    b.write("after");
    b.settle(&mut server);
    a.settle(&mut server);
    assert_eq!(b.has, a.has);
}

/// A server that answers a ticket with a vault of its own, and seals its key to the ticket's public keys.
#[test]
fn vault_of_somebody_who_did_not_see_the_ticket_is_refused() {
    let ticket = Ticket::generate(&mut random(2)).unwrap();
    let mut guessed = ticket.code();
    guessed.secret = Key32::from_bytes([0; 32]);
    let mut server = Server::default();
    let mut evil = Device::founder(66);
    evil.settle(&mut server);
    evil.client.change(Change::AddDevice(guessed, Role::Writer)).unwrap();
    evil.settle(&mut server);
    let first = keeper(2);
    let joined = ticket.join(&info(&mut server, &evil), &NewSlot::Keeper(&first), &mut random(3));
    assert_eq!(joined.err(), Some(SyncError::Alarm(Alarm::LockedOut)));
}

/// A server that hands out a vault of its own under the person's slot.
#[test]
fn vault_of_somebody_who_does_not_know_the_phrase_is_refused() {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.settle(&mut server);
    let ours = info(&mut server, &a);
    let statement = crate::sync::statement::Statement::parse(&ours.statements[0]).unwrap();
    // The slot as it is, in a vault with the same id and another founder and key.
    let evil = Vault::found(&NewSlot::Phrase(&phrase(66)), &mut random(66)).unwrap();
    let mut fake = statement.clone();
    fake.anchor.founder = evil.card().verifying;
    fake.members[0].card = evil.card();
    fake.author = crate::sync::statement::Author::Device(evil.card().id());
    let fake = fake.sign(evil.device.signing()).unwrap();
    let (phrase, first) = (phrase(1), keeper(2));
    let shown = VaultInfo { statements: vec![fake], ..ours };
    let joined = join_with(&shown, SlotSecret::Phrase(&phrase), &NewSlot::Keeper(&first), &mut random(3));
    assert_eq!(joined.err(), Some(SyncError::Alarm(Alarm::ForeignVault)));
}

#[test]
fn removed_device_reads_nothing_that_comes_later() {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.settle(&mut server);
    let mut b = Device::pair(&mut a, &mut server, 2, Role::Writer);
    let mut c = Device::pair(&mut a, &mut server, 3, Role::Writer);
    b.write("b, still in");
    b.settle(&mut server);
    a.write("a, before");
    a.client.change(Change::RemoveDevice(b.client.device())).unwrap();
    a.settle(&mut server);
    assert_eq!(a.vault.epoch(), second());
    assert_eq!(a.client.removed().collect::<Vec<_>>(), [b.client.device()]);
    a.write("a, after");
    a.settle(&mut server);
    // Everything old was sealed anew under the new key, and deleted.
    assert!(a.events.contains(&Event::Compacted));
    for item in server.vaults[&a.client.vault()].items.values() {
        if let Item::Object { epoch, .. } = item {
            assert_eq!(*epoch, second());
        }
    }
    b.settle(&mut server);
    assert!(b.events.contains(&Event::Removed));
    assert_eq!(b.vault.epoch(), Epoch::FIRST);
    assert!(b.client.writer().is_none());
    assert!(!b.has.contains(&b"a, after"[..]));
    c.settle(&mut server);
    assert_eq!(c.has, a.has);
    assert_eq!(c.has.len(), 3);
    assert_eq!(c.vault.epoch(), second());
}

#[test]
fn what_waited_while_the_key_changed_is_sealed_under_the_new_one() {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.settle(&mut server);
    let mut b = Device::pair(&mut a, &mut server, 2, Role::Writer);
    b.write("b, offline");
    // B has signed it already when A changes the key.
    let request = b.client.next(&b.vault, &mut b.rng).unwrap().unwrap();
    assert!(matches!(request, Request::Push(..)));
    b.client.failed();
    a.client.change(Change::RenewKey).unwrap();
    a.settle(&mut server);
    b.settle(&mut server);
    a.settle(&mut server);
    assert_eq!(a.has, b.has);
    assert_eq!(a.has.len(), 1);
}

#[test]
fn phrase_and_own_slots_still_open_after_the_key_changed() {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.settle(&mut server);
    let mut b = Device::pair(&mut a, &mut server, 2, Role::Writer);
    a.write("a1");
    for _ in 0..3 {
        a.client.change(Change::RenewKey).unwrap();
        a.settle(&mut server);
    }
    b.settle(&mut server);
    assert_eq!(b.vault.epoch().get(), 4);
    let locked = b.vault.lock(&mut random(5)).unwrap();
    let (own, phrase) = (keeper(2), phrase(1));
    assert_eq!(locked.open(SlotSecret::Keeper(&own)).unwrap().epoch().get(), 4);
    let locked = a.vault.lock(&mut random(5)).unwrap();
    assert_eq!(locked.open(SlotSecret::Phrase(&phrase)).unwrap().epoch().get(), 4);
    let c = Device::recover(&a, &mut server, 1, 3);
    assert_eq!(c.has, a.has);
}

#[test]
fn lost_phrase_is_replaced_and_the_old_one_opens_nothing() {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.settle(&mut server);
    let new = a.vault.add_slot(&NewSlot::Phrase(&phrase(7)), &mut a.rng).unwrap();
    a.client.change(Change::ReplacePhrase(new)).unwrap();
    a.settle(&mut server);
    let shown = info(&mut server, &a);
    let (phrase, first) = (phrase(1), keeper(2));
    let joined = join_with(&shown, SlotSecret::Phrase(&phrase), &NewSlot::Keeper(&first), &mut random(3));
    assert_eq!(joined.err(), Some(SyncError::Vault(VaultError::WrongSecret)));
    assert_eq!(Device::recover(&a, &mut server, 7, 4).client.role(), Some(Role::Writer));
    a.client.change(Change::RemoveSlot(new)).unwrap();
    a.client.poke();
    let mut last = Ok(true);
    while last == Ok(true) {
        last = a.step_with(&mut server, |_, answer| answer);
    }
    assert_eq!(last, Err(SyncError::NotPossible));
}

#[test]
fn two_who_change_the_vault_at_once_both_get_their_way() {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.settle(&mut server);
    let mut b = Device::pair(&mut a, &mut server, 2, Role::Writer);
    let mut c = Device::pair(&mut a, &mut server, 3, Role::Writer);
    let tickets = [4, 5].map(|seed| Ticket::generate(&mut random(seed)).unwrap());
    a.client.change(Change::AddDevice(tickets[0].code(), Role::Writer)).unwrap();
    b.client.change(Change::AddDevice(tickets[1].code(), Role::Reader)).unwrap();
    a.settle(&mut server);
    b.settle(&mut server);
    c.settle(&mut server);
    a.settle(&mut server);
    assert_eq!(a.client.members().len(), 5);
    assert_eq!(a.client.members(), c.client.members());
}

#[test]
fn nobody_removes_itself_and_nobody_is_let_in_twice() {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.settle(&mut server);
    let ticket = Ticket::generate(&mut random(2)).unwrap();
    for change in [
        Change::RemoveDevice(a.client.device()),
        Change::RemoveDevice(ticket.code().device()),
        Change::SetRole(a.client.device(), Role::Reader),
    ] {
        a.client.change(change).unwrap();
        a.step(&mut server);
        assert_eq!(a.step_with(&mut server, |_, answer| answer), Err(SyncError::NotPossible));
    }
    a.client.change(Change::AddDevice(ticket.code(), Role::Writer)).unwrap();
    assert_eq!(a.client.change(Change::RenewKey), Err(SyncError::NotPossible));
    a.settle(&mut server);
    a.client.change(Change::AddDevice(ticket.code(), Role::Writer)).unwrap();
    a.step(&mut server);
    assert_eq!(a.step_with(&mut server, |_, answer| answer), Err(SyncError::NotPossible));
}
