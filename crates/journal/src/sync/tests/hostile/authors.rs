//! Things of other vaults, epochs, versions, and of those who must not write.
use super::*;

#[test]
fn object_of_another_vault() {
    assert_eq!(forged_by_a(|head| head.vault = VaultId::from_bytes([3; 16])), Some(Alarm::ForeignVault));
    let Scene { mut server, a, mut b } = scene();
    let mut other = Device::founder(50);
    let mut others = Server::default();
    other.write("elsewhere");
    other.settle(&mut others);
    for item in others.vaults[&other.client.vault()].items.values() {
        let mut server = server.clone();
        append(&mut server, a.client.vault(), item.clone());
        let mut copy = device_like(&b);
        assert_eq!(copy.alarm(&mut server), Some(Alarm::ForeignVault));
    }
    b.settle(&mut server);
}

#[test]
fn object_under_another_epoch() {
    let second = Epoch::FIRST.next().unwrap();
    assert_eq!(forged_by_a(|head| head.epoch = second), Some(Alarm::WrongEpoch));
    // Signed for the right epoch, sealed under another one.
    let mut scene = scene();
    let Item::Object { mut object, .. } = forge(&scene.a, b"x", |_| ()) else { panic!() };
    object[4] = 2;
    let item = forge(&scene.a, b"x", |head| head.object_hash = object_hash(&object));
    let Item::Object { order, device, seq, epoch, head, .. } = item else { panic!() };
    let item = Item::Object { order, device, seq, epoch, head, object };
    append(&mut scene.server, scene.a.client.vault(), item);
    assert_eq!(scene.b.alarm(&mut scene.server), Some(Alarm::WrongEpoch));
}

#[test]
fn object_sealed_under_the_key_from_before_a_removal() {
    let Scene { mut server, mut a, mut b } = scene();
    let late = forge(&a, b"under the old key", |_| ());
    a.client.change(Change::RenewKey).unwrap();
    a.step(&mut server);
    a.step(&mut server);
    let vault = a.client.vault();
    append(&mut server, vault, late);
    assert_eq!(b.alarm(&mut server), Some(Alarm::WrongEpoch));
}

#[test]
fn object_of_an_older_or_unknown_version() {
    for version in [0, 2] {
        let mut scene = news();
        let alarm = alarm_of(&mut scene, |page| object_of(&mut page.items[0]).0[0] = version);
        assert_eq!(alarm, Some(Alarm::Downgraded));
        let mut scene = scene_with_object_version(version);
        assert_eq!(scene.b.alarm(&mut scene.server), Some(Alarm::Downgraded));
    }
}

fn scene_with_object_version(version: u8) -> Scene {
    let mut scene = scene();
    let Item::Object { mut object, .. } = forge(&scene.a, b"x", |_| ()) else { panic!() };
    object[0] = version;
    let item = forge(&scene.a, b"x", |head| head.object_hash = object_hash(&object));
    let Item::Object { order, device, seq, epoch, head, .. } = item else { panic!() };
    let item = Item::Object { order, device, seq, epoch, head, object };
    append(&mut scene.server, scene.a.client.vault(), item);
    scene
}

#[test]
fn signature_of_nobody() {
    let mut scene = news();
    let forge_signature = |page: &mut Page| {
        let head = object_of(&mut page.items[0]).0;
        let last = head.len() - 1;
        head[last] ^= 1;
    };
    assert_eq!(alarm_of(&mut scene, forge_signature), Some(Alarm::BadSignature));
}

#[test]
fn device_that_never_was_in_the_vault() {
    let stranger = crate::vault::DeviceKeys::generate(&mut random(70)).unwrap().card().id();
    assert_eq!(forged_by_a(|head| head.device = stranger), Some(Alarm::UnknownDevice));
}

#[test]
fn device_that_was_removed() {
    let Scene { mut server, mut a, mut b } = scene();
    let mut c = Device::pair(&mut a, &mut server, 3, Role::Writer);
    b.settle(&mut server);
    let vault = a.client.vault();
    a.client.change(Change::RemoveDevice(c.client.device())).unwrap();
    a.settle(&mut server);
    // After its removal.
    let item = forge(&c, b"still here", |_| ());
    let mut after = server.clone();
    append(&mut after, vault, item.clone());
    assert_eq!(device_like(&b).alarm(&mut after), Some(Alarm::RemovedDevice));
    // Slipped in before its removal, to somebody who did not see it happen.
    let removal = server.vaults[&vault]
        .items
        .values()
        .rfind(|item| matches!(item, Item::Statement { .. }))
        .unwrap()
        .order();
    let slip = |page: &mut Page| {
        let place = page.items.iter().position(|item| item.order() == removal).unwrap();
        let mut item = item.clone();
        set_order(&mut item, removal);
        page.items.iter_mut().skip(place).for_each(|item| {
            let order = item.order();
            set_order(item, order + 1);
        });
        page.items.insert(place, item);
        page.cursor += 1;
    };
    assert_eq!(device_like(&b).alarm_with(&mut server, on_pages(slip)), Some(Alarm::RemovedDevice));
    c.settle(&mut server);
    assert!(c.events.contains(&Event::Removed));
}

#[test]
fn device_that_was_removed_shown_to_somebody_who_comes_new() {
    let Scene { mut server, mut a, .. } = scene();
    let mut c = Device::pair(&mut a, &mut server, 3, Role::Writer);
    c.write("c1");
    c.settle(&mut server);
    let item = forge(&c, b"still here", |_| ());
    a.client.change(Change::RemoveDevice(c.client.device())).unwrap();
    a.step(&mut server);
    a.step(&mut server);
    let removal = server.vaults[&a.client.vault()].last;
    let stock = server.vaults.get_mut(&a.client.vault()).unwrap();
    let mut statement = stock.items.remove(&removal).unwrap();
    set_order(&mut statement, removal + 1);
    let mut item = item;
    set_order(&mut item, removal);
    stock.items.insert(removal, item);
    stock.items.insert(removal + 1, statement);
    stock.last += 1;
    let Answer::Info(info) = server.serve(&Request::Info(a.client.vault())) else { panic!() };
    let (phrase, first) = (phrase(1), keeper(7));
    let joined =
        join_with(&info, SlotSecret::Phrase(&phrase), &NewSlot::Keeper(&first), &mut random(7)).unwrap();
    let mut new = Device::joined(joined, random(7));
    assert_eq!(new.alarm(&mut server), Some(Alarm::RemovedDevice));
}

#[test]
fn member_that_only_reads() {
    let Scene { mut server, mut a, mut b } = scene();
    let c = Device::pair(&mut a, &mut server, 3, Role::Reader);
    let vault = a.client.vault();
    let item = forge(&c, b"written all the same", |_| ());
    append(&mut server, vault, item);
    assert_eq!(b.alarm(&mut server), Some(Alarm::NotAWriter));
}

#[test]
fn member_whose_view_goes_back() {
    let Scene { mut server, mut a, mut b } = scene();
    b.write("b1");
    b.settle(&mut server);
    a.settle(&mut server);
    a.write("a2, having seen b1");
    a.settle(&mut server);
    b.settle(&mut server);
    let item = forge(&a, b"as if it had not", |head| head.seen.clear());
    append(&mut server, a.client.vault(), item);
    assert_eq!(b.alarm(&mut server), Some(Alarm::ViewWentBack));
}

#[test]
fn head_for_a_statement_that_is_not_shown() {
    assert_eq!(forged_by_a(|head| head.statement = 9), Some(Alarm::Withheld));
    assert_eq!(forged_by_a(|head| head.statement_hash = [1; 32]), Some(Alarm::Forked));
    assert_eq!(
        forged_by_a(|head| {
            head.seen.push(Mark { device: DeviceId::from_bytes([0xFF; 16]), seq: 3, hash: [0; 32] });
        }),
        Some(Alarm::Withheld)
    );
}
