//! Changes of members and keys that nobody may make.
use super::*;

/// Every statement that A could sign and must not.
fn statement_by_a(change: impl FnOnce(&mut Statement, &Scene)) -> Option<Alarm> {
    let mut scene = scene();
    let last = scene.a.client.state_for_tests().roster.last();
    let mut next = Statement {
        number: last.statement.number + 1,
        previous: last.hash,
        author: Author::Device(scene.a.client.device()),
        link: None,
        marks: scene.a.client.state_for_tests().marks(),
        ..last.statement.clone()
    };
    change(&mut next, &scene);
    let statement = next.sign(scene.a.vault.device.signing()).unwrap();
    append(&mut scene.server, scene.a.client.vault(), Item::Statement { order: 0, statement });
    scene.b.alarm(&mut scene.server)
}

#[test]
fn statements_that_nobody_may_make() {
    assert_eq!(statement_by_a(|_, _| ()), None);
    let b = |scene: &Scene| scene.b.client.device();
    // Somebody is taken out without a new key.
    let alarm = statement_by_a(|next, scene| next.members.retain(|member| member.id() != b(scene)));
    assert_eq!(alarm, Some(Alarm::BadStatement));
    let demote = |next: &mut Statement, _: &Scene| next.members[1].role = Role::Reader;
    assert_eq!(statement_by_a(demote), Some(Alarm::BadStatement));
    // Nobody is left, somebody is there twice, no way in is left.
    assert_eq!(statement_by_a(|next, _| next.members.clear()), Some(Alarm::BadStatement));
    let twice = |next: &mut Statement, _: &Scene| next.members.push(next.members[0].clone());
    assert_eq!(statement_by_a(twice), Some(Alarm::BadStatement));
    assert_eq!(statement_by_a(|next, _| next.slots.clear()), Some(Alarm::BadStatement));
    // A new epoch without a new key, or two epochs at once, or a key that nobody sealed.
    let next_epoch = |next: &mut Statement, _: &Scene| next.epoch = next.epoch.next().unwrap();
    assert_eq!(statement_by_a(next_epoch), Some(Alarm::BadStatement));
    assert_eq!(statement_by_a(|next, _| next.commitment[0] ^= 1), Some(Alarm::BadStatement));
    // The author.
    let by_b = |next: &mut Statement, scene: &Scene| next.author = Author::Device(b(scene));
    assert_eq!(statement_by_a(by_b), Some(Alarm::BadSignature));
    let by_slot = |next: &mut Statement, _: &Scene| next.author = Author::Slot(next.slots[0].head().id());
    assert_eq!(statement_by_a(by_slot), Some(Alarm::BadSignature));
    let by_stranger = |next: &mut Statement, _: &Scene| {
        next.author = Author::Device(DeviceId::from_bytes([5; 16]));
    };
    assert_eq!(statement_by_a(by_stranger), Some(Alarm::UnknownDevice));
    // Its place.
    assert_eq!(statement_by_a(|next, _| next.number += 1), Some(Alarm::Dropped));
    assert_eq!(statement_by_a(|next, _| next.previous[0] ^= 1), Some(Alarm::Forked));
    assert_eq!(statement_by_a(|next, _| next.anchor.founder[0] ^= 1), Some(Alarm::ForeignVault));
    let hidden = |next: &mut Statement, _: &Scene| next.marks[0].seq += 1;
    assert_eq!(statement_by_a(hidden), Some(Alarm::Withheld));
    let other = |next: &mut Statement, _: &Scene| next.marks[0].hash[0] ^= 1;
    assert_eq!(statement_by_a(other), Some(Alarm::Forked));
    assert_eq!(statement_by_a(|next, _| next.marks.clear()), Some(Alarm::Reordered));
}

#[test]
fn weak_way_in_is_a_downgrade() {
    let mut rng = random(91);
    let passphrase = Passphrase::choose("can be guessed").unwrap();
    let weak = Vault::found(&NewSlot::Passphrase(&passphrase, Cost::DEFAULT), &mut rng).unwrap();
    let slot = weak.front.slots.iter().next().unwrap().clone();
    assert!(matches!(slot.head().kind(), SlotKind::Passphrase(_)));
    let alarm = statement_by_a(|next, _| next.slots.push(slot));
    assert_eq!(alarm, Some(Alarm::Downgraded));
}

/// A new key that the members cannot open, or another one than was committed to.
#[test]
fn key_that_does_not_open() {
    let Scene { mut server, mut a, mut b } = scene();
    let vault = a.client.vault();
    a.client.change(Change::RenewKey).unwrap();
    a.step(&mut server);
    a.step(&mut server);
    let order = server.vaults[&vault].last;
    let Item::Statement { statement, .. } = server.vaults[&vault].items[&order].clone() else { panic!() };
    let renewed = Statement::parse(&statement).unwrap();
    let mut swapped = renewed.clone();
    let wrap = swapped.members[0].wrap.clone();
    swapped.members[0].wrap = std::mem::replace(&mut swapped.members[1].wrap, wrap);
    let mut uncommitted = renewed;
    uncommitted.commitment[0] ^= 1;
    for bad in [swapped, uncommitted] {
        let statement = bad.sign(a.vault.device.signing()).unwrap();
        let mut server = server.clone();
        server.vaults.get_mut(&vault).unwrap().items.insert(order, Item::Statement { order, statement });
        assert_eq!(device_like(&b).alarm(&mut server), Some(Alarm::LockedOut));
    }
    b.settle(&mut server);
}
