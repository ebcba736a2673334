//! A server that drops, reorders, swaps, replays, forges and rolls back. Each attack raises its own alarm, and
//! nothing of the answer is taken over.
use super::*;
use crate::{
    sync::{
        head::{Head, Kind, Mark},
        object::{Place, object_hash},
        statement::{Author, Statement},
        wire::{Item, Message, Page, Refusal, VaultInfo},
    },
    vault::{DeviceId, Epoch, SlotKind, VaultId},
};
use proptest::prelude::*;

/// Two devices and what they wrote, each having pulled everything.
struct Scene {
    server: Server,
    a: Device,
    b: Device,
}

fn scene() -> Scene {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.settle(&mut server);
    let mut b = Device::pair(&mut a, &mut server, 2, Role::Writer);
    a.write("a1");
    a.settle(&mut server);
    b.settle(&mut server);
    a.settle(&mut server);
    Scene { server, a, b }
}

/// A scene in which A has written several things that B has not pulled.
fn news() -> Scene {
    let mut scene = scene();
    for text in ["a2", "a3", "a4"] {
        scene.a.write(text);
        scene.a.settle(&mut scene.server);
    }
    scene
}

/// Lets `meddle` change every page.
fn on_pages(mut meddle: impl FnMut(&mut Page)) -> impl FnMut(&Request, Answer) -> Answer {
    move |_, mut answer| {
        if let Answer::Page(page) = &mut answer {
            meddle(page);
        }
        answer
    }
}

/// What B makes of pages that were meddled with; it takes nothing over.
fn alarm_of(scene: &mut Scene, meddle: impl FnMut(&mut Page)) -> Option<Alarm> {
    let before = scene.b.has.clone();
    let alarm = scene.b.alarm_with(&mut scene.server, on_pages(meddle));
    if alarm.is_some() {
        assert_eq!(scene.b.has, before);
    }
    alarm
}

fn object_of(item: &mut Item) -> (&mut Vec<u8>, &mut Vec<u8>) {
    match item {
        Item::Object { head, object, .. } => (head, object),
        Item::Statement { .. } => panic!("not an object"),
    }
}

fn set_order(item: &mut Item, to: u64) {
    match item {
        Item::Object { order, .. } | Item::Statement { order, .. } => *order = to,
    }
}

/// A head and object of a device, as it could sign them, changed at will before signing.
fn forge(by: &Device, text: &[u8], change: impl FnOnce(&mut Head)) -> Item {
    let state = by.client.state_for_tests();
    let known = state.roster.last();
    let (vault, device) = (state.vault(), by.client.device());
    let (seq, epoch) = (state.own.mark.seq + 1, known.statement.epoch);
    let place = Place { vault, epoch, device, seq, kind: Kind::Batch };
    let object = place.seal(&by.vault.ring, text, &mut random(200)).unwrap();
    let mut head = Head {
        vault,
        device,
        seq,
        previous: state.own.mark.hash,
        kind: Kind::Batch,
        epoch,
        statement: known.statement.number,
        statement_hash: known.hash,
        object_hash: object_hash(&object),
        object_len: object.len() as u32,
        seen: state.seen(),
    };
    change(&mut head);
    let (device, seq, epoch) = (head.device, head.seq, head.epoch);
    let head = head.sign(by.vault.device.signing()).unwrap();
    Item::Object { order: 0, device, seq, epoch, head, object }
}

/// Puts an item after everything else that the server has.
fn append(server: &mut Server, vault: VaultId, mut item: Item) {
    let stock = server.vaults.get_mut(&vault).unwrap();
    stock.last += 1;
    set_order(&mut item, stock.last);
    stock.items.insert(stock.last, item);
}

/// What B says to an item that A's keys could make.
fn forged_by_a(change: impl FnOnce(&mut Head)) -> Option<Alarm> {
    let mut scene = scene();
    let item = forge(&scene.a, b"forged", change);
    append(&mut scene.server, scene.a.client.vault(), item);
    scene.b.alarm(&mut scene.server)
}

#[test]
fn what_is_forged_without_a_change_is_no_forgery() {
    assert_eq!(forged_by_a(|_| ()), None);
}

#[test]
fn dropped_object_in_the_middle() {
    let mut scene = news();
    let alarm = alarm_of(&mut scene, |page| {
        page.items.remove(1);
    });
    assert_eq!(alarm, Some(Alarm::Dropped));
}

#[test]
fn dropped_object_that_another_member_has_seen() {
    let Scene { mut server, mut a, mut b } = scene();
    let mut c = Device::pair(&mut a, &mut server, 3, Role::Writer);
    c.settle(&mut server);
    b.settle(&mut server);
    a.write("a2");
    a.settle(&mut server);
    c.write("c1, having seen a2");
    c.settle(&mut server);
    let device = a.client.device();
    let hide = |page: &mut Page| {
        page.items.retain(|item| !matches!(item, Item::Object { device: d, .. } if *d == device));
    };
    assert_eq!(b.alarm_with(&mut server, on_pages(hide)), Some(Alarm::Withheld));
}

#[test]
fn acknowledged_object_that_is_not_there_at_the_end() {
    let Scene { mut server, mut a, .. } = scene();
    a.write("a2");
    let hide = |request: &Request, mut answer| {
        if let (Answer::Page(page), Request::Items { after, .. }) = (&mut answer, request) {
            page.items.clear();
            page.cursor = *after;
        }
        answer
    };
    assert_eq!(a.alarm_with(&mut server, hide), Some(Alarm::RolledBack));
}

#[test]
fn acknowledged_object_that_others_have_seen_and_its_author_is_not_shown() {
    let Scene { mut server, mut a, mut b } = scene();
    a.write("a2");
    a.client.poke();
    while a.client.waiting() > 0 {
        a.step(&mut server);
    }
    b.write("b1, having seen a2");
    b.settle(&mut server);
    let hide = |page: &mut Page| {
        page.items.remove(0);
    };
    assert_eq!(a.alarm_with(&mut server, on_pages(hide)), Some(Alarm::Withheld));
}

#[test]
fn page_that_claims_to_reach_further_than_it_does() {
    let mut scene = news();
    let alarm = alarm_of(&mut scene, |page| {
        page.items.pop();
    });
    assert_eq!(alarm, Some(Alarm::Dropped));
}

#[test]
fn reordered_objects() {
    let mut scene = news();
    assert_eq!(alarm_of(&mut scene, |page| page.items.swap(0, 1)), Some(Alarm::Reordered));
    let mut scene = news();
    let renumbered = |page: &mut Page| {
        page.items.swap(0, 1);
        let (first, second) = (page.items[1].order(), page.items[0].order());
        set_order(&mut page.items[0], first);
        set_order(&mut page.items[1], second);
    };
    assert_eq!(alarm_of(&mut scene, renumbered), Some(Alarm::Reordered));
}

#[test]
fn object_of_another_device_before_what_it_has_seen() {
    let Scene { mut server, mut a, mut b } = scene();
    let mut c = Device::pair(&mut a, &mut server, 3, Role::Writer);
    b.settle(&mut server);
    a.write("a2");
    a.settle(&mut server);
    c.write("c1, having seen a2");
    c.settle(&mut server);
    let swap = |page: &mut Page| {
        if page.items.len() == 2 {
            page.items.swap(0, 1);
            let (low, high) = (page.items[1].order(), page.items[0].order());
            set_order(&mut page.items[0], low);
            set_order(&mut page.items[1], high);
        }
    };
    assert_eq!(b.alarm_with(&mut server, on_pages(swap)), Some(Alarm::Reordered));
}

#[test]
fn swapped_objects() {
    let mut scene = news();
    let swap = |page: &mut Page| {
        let object = object_of(&mut page.items[0]).1.clone();
        let other = std::mem::replace(object_of(&mut page.items[1]).1, object);
        *object_of(&mut page.items[0]).1 = other;
    };
    assert_eq!(alarm_of(&mut scene, swap), Some(Alarm::Swapped));
}

#[test]
fn object_under_another_number_or_device() {
    for change in [
        |item: &mut Item| {
            if let Item::Object { seq, .. } = item {
                *seq += 1;
            }
        },
        |item: &mut Item| {
            if let Item::Object { device, .. } = item {
                *device = DeviceId::from_bytes([9; 16]);
            }
        },
        |item: &mut Item| {
            if let Item::Object { epoch, .. } = item {
                *epoch = Epoch::FIRST.next().unwrap();
            }
        },
    ] {
        let mut scene = news();
        assert_eq!(alarm_of(&mut scene, |page| change(&mut page.items[0])), Some(Alarm::Swapped));
    }
}

#[test]
fn altered_object() {
    let mut scene = news();
    assert_eq!(alarm_of(&mut scene, |page| object_of(&mut page.items[0]).1[40] ^= 1), Some(Alarm::Altered));
}

#[test]
fn truncated_object_and_head() {
    let mut scene = news();
    let cut = |page: &mut Page| object_of(&mut page.items[0]).1.truncate(500);
    assert_eq!(alarm_of(&mut scene, cut), Some(Alarm::Truncated));
    let mut scene = news();
    let cut = |page: &mut Page| object_of(&mut page.items[0]).0.truncate(100);
    assert_eq!(alarm_of(&mut scene, cut), Some(Alarm::Truncated));
}

#[test]
fn object_and_head_that_are_too_large() {
    let mut scene = news();
    let grow = |page: &mut Page| object_of(&mut page.items[0]).1.resize(2 << 20, 0);
    assert_eq!(alarm_of(&mut scene, grow), Some(Alarm::TooLarge));
    let mut scene = news();
    let grow = |page: &mut Page| object_of(&mut page.items[0]).0.resize(20 << 10, 0);
    assert_eq!(alarm_of(&mut scene, grow), Some(Alarm::TooLarge));
    assert_eq!(forged_by_a(|head| head.object_len = u32::MAX), Some(Alarm::TooLarge));
}

#[test]
fn replayed_object() {
    let mut scene = news();
    let again = |page: &mut Page| {
        let mut copy = page.items[0].clone();
        page.cursor += 1;
        set_order(&mut copy, page.cursor);
        page.items.push(copy);
    };
    assert_eq!(alarm_of(&mut scene, again), Some(Alarm::Replayed));
    let mut scene = news();
    let twice = |page: &mut Page| page.items.insert(0, page.items[0].clone());
    assert_eq!(alarm_of(&mut scene, twice), Some(Alarm::Replayed));
}

#[test]
fn object_from_before_under_its_old_place() {
    let mut scene = scene();
    let old = scene.server.vaults[&scene.a.client.vault()].items.values().last().unwrap().clone();
    let again = move |page: &mut Page| page.items.insert(0, old.clone());
    assert_eq!(alarm_of(&mut scene, again), Some(Alarm::Replayed));
}

#[test]
fn replayed_statement() {
    let Scene { mut server, a, mut b } = scene();
    let vault = a.client.vault();
    let first = server.vaults[&vault].items[&1].clone();
    append(&mut server, vault, first);
    assert_eq!(b.alarm(&mut server), Some(Alarm::Replayed));
}

#[test]
fn rolled_back_server() {
    let Scene { mut server, mut a, mut b } = scene();
    let old = server.clone();
    a.write("a2");
    a.settle(&mut server);
    b.settle(&mut server);
    // The server goes back to an old copy and goes on from there.
    let mut rolled_back = old;
    let mut other = a;
    other.write("a3");
    assert_eq!(other.alarm(&mut rolled_back), Some(Alarm::Withheld));
    let before = |page: &mut Page| page.cursor -= 1;
    assert_eq!(b.alarm_with(&mut server, on_pages(before)), Some(Alarm::Dropped));
}

#[test]
fn place_that_was_promised_and_is_not_there() {
    let Scene { mut server, mut a, .. } = scene();
    a.write("a2");
    let promise = |_: &Request, mut answer| {
        if let Answer::Stored(stored) = &mut answer {
            stored.order += 5;
        }
        answer
    };
    assert_eq!(a.alarm_with(&mut server, promise), Some(Alarm::RolledBack));
}

#[test]
fn older_vault_shown_when_asked_for_all_of_it() {
    let Scene { mut server, a, mut b } = scene();
    let vault = a.client.vault();
    let mut less = |change: fn(&mut VaultInfo)| {
        let mut copy = Device { client: Client::open(&b.vault, &seal(&b)).unwrap(), ..device_like(&b) };
        copy.alarm_with(&mut server, move |_, mut answer| {
            match &mut answer {
                Answer::Page(page) => page.floor = u64::MAX,
                Answer::Info(info) => {
                    info.floor = u64::MAX;
                    change(info);
                }
                _ => {}
            }
            answer
        })
    };
    assert_eq!(less(|info| info.statements.truncate(1)), Some(Alarm::RolledBack));
    assert_eq!(less(|info| info.last -= 1), Some(Alarm::RolledBack));
    assert_eq!(less(|info| info.statements.swap(0, 1)), Some(Alarm::Forked));
    assert_eq!(less(|_| ()), Some(Alarm::Dropped));
    assert_eq!(b.client.vault(), vault);
    b.settle(&mut server);
}

fn seal(device: &Device) -> Vec<u8> {
    device.client.seal(&device.vault, &mut random(99)).unwrap()
}

/// The same device once more, as if it were copied.
fn device_like(device: &Device) -> Device {
    let own = keeper(2);
    let vault = device.vault.lock(&mut random(98)).unwrap().open(SlotSecret::Keeper(&own)).unwrap();
    let client = Client::open(&vault, &seal(device)).unwrap();
    Device { vault, client, has: device.has.clone(), rng: random(97), events: Vec::new() }
}

#[test]
fn forked_chain() {
    // A's device signs two heads with the same number; each of the others is shown another one.
    let Scene { mut server, mut a, mut b } = scene();
    let vault = a.client.vault();
    let second = forge(&a, b"shown to B", |_| ());
    let mut for_b = server.clone();
    append(&mut for_b, vault, second);
    assert_eq!(b.alarm(&mut for_b), None);
    a.write("shown to the others");
    a.settle(&mut server);
    a.write("and more");
    a.settle(&mut server);
    // What follows in one history does not follow in the other.
    let stock = server.vaults[&vault].clone();
    let last = stock.items.values().last().unwrap().clone();
    let mut joined = for_b.clone();
    append(&mut joined, vault, last);
    assert_eq!(b.alarm(&mut joined), Some(Alarm::Forked));
}

#[test]
fn second_head_with_the_same_number() {
    let Scene { mut server, mut a, mut b } = scene();
    let vault = a.client.vault();
    let other = forge(&a, b"another", |_| ());
    a.write("one");
    a.settle(&mut server);
    append(&mut server, vault, other);
    assert_eq!(b.alarm(&mut server), Some(Alarm::Forked));
}

#[test]
fn members_who_were_shown_different_histories() {
    let Scene { mut server, mut a, mut b } = scene();
    let mut c = Device::pair(&mut a, &mut server, 3, Role::Writer);
    b.settle(&mut server);
    let vault = a.client.vault();
    let mut for_c = server.clone();
    append(&mut for_c, vault, forge(&a, b"shown to C", |_| ()));
    a.write("shown to B");
    a.settle(&mut server);
    b.settle(&mut server);
    c.settle(&mut for_c);
    c.write("c, having seen another history");
    c.settle(&mut for_c);
    let item = for_c.vaults[&vault].items.values().last().unwrap().clone();
    append(&mut server, vault, item);
    assert_eq!(b.alarm(&mut server), Some(Alarm::Forked));
}

#[test]
fn two_statements_with_the_same_number() {
    let Scene { mut server, mut a, mut b } = scene();
    let mut for_b = server.clone();
    let mut copy = device_of_founder(&a);
    a.client.change(Change::RenewKey).unwrap();
    a.settle(&mut server);
    copy.client.change(Change::RenewKey).unwrap();
    copy.settle(&mut for_b);
    b.settle(&mut for_b);
    let vault = a.client.vault();
    let statement = server.vaults[&vault]
        .items
        .values()
        .rfind(|item| matches!(item, Item::Statement { .. }))
        .unwrap()
        .clone();
    append(&mut for_b, vault, statement);
    assert_eq!(b.alarm(&mut for_b), Some(Alarm::Forked));
}

/// The founder once more.
fn device_of_founder(a: &Device) -> Device {
    let phrase = phrase(1);
    let vault = a.vault.lock(&mut random(98)).unwrap().open(SlotSecret::Phrase(&phrase)).unwrap();
    let client = Client::open(&vault, &seal(a)).unwrap();
    Device { vault, client, has: a.has.clone(), rng: random(96), events: Vec::new() }
}

#[test]
fn own_chain_that_was_continued_elsewhere() {
    let Scene { mut server, mut a, .. } = scene();
    let mut copy = device_of_founder(&a);
    copy.write("from a copy of the browser's profile");
    copy.settle(&mut server);
    assert_eq!(a.alarm(&mut server), Some(Alarm::OwnChain));
}

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

/// B was away while A took a snapshot; the server shows it to B as it likes.
fn behind_a_snapshot() -> Scene {
    let mut scene = news();
    let content = pack(&scene.a.has);
    scene.a.client.writer().unwrap().snapshot(&content).unwrap();
    scene.a.settle(&mut scene.server);
    scene
}

fn snapshot_alarm(change: impl FnMut(&mut Item)) -> Option<Alarm> {
    let mut change = change;
    let mut scene = behind_a_snapshot();
    scene.b.alarm_with(&mut scene.server, move |_, mut answer| {
        if let Answer::Item(item) = &mut answer {
            change(item);
        }
        answer
    })
}

#[test]
fn snapshot_that_was_meddled_with() {
    assert_eq!(snapshot_alarm(|_| ()), None);
    assert_eq!(snapshot_alarm(|item| object_of(item).1[50] ^= 1), Some(Alarm::Altered));
    assert_eq!(snapshot_alarm(|item| object_of(item).1.truncate(9)), Some(Alarm::Truncated));
    let unsign = |item: &mut Item| *object_of(item).0.last_mut().unwrap() ^= 1;
    assert_eq!(snapshot_alarm(unsign), Some(Alarm::BadSignature));
    let scene = scene();
    let mut batch = forge(&scene.a, b"no snapshot", |_| ());
    assert_eq!(snapshot_alarm(|item| std::mem::swap(item, &mut batch)), Some(Alarm::Swapped));
}

#[test]
fn batch_in_the_place_of_a_snapshot() {
    let mut scene = behind_a_snapshot();
    let (vault, device) = (scene.a.client.vault(), scene.a.client.device());
    scene.a.write("a batch");
    scene.a.settle(&mut scene.server);
    let stock = scene.server.vaults.get_mut(&vault).unwrap();
    let seq = stock.chains[&device].0;
    stock.snapshot = Some(super::super::wire::SnapshotRef { device, first: seq, parts: 1 });
    assert_eq!(scene.b.alarm(&mut scene.server), Some(Alarm::BadSnapshot));
}

#[test]
fn objects_deleted_without_a_snapshot_that_covers_them() {
    let mut scene = behind_a_snapshot();
    let vault = scene.a.client.vault();
    scene.server.vaults.get_mut(&vault).unwrap().snapshot = None;
    assert_eq!(scene.b.alarm(&mut scene.server), Some(Alarm::Dropped));
    // One that the snapshot does not cover.
    let mut scene = behind_a_snapshot();
    scene.a.write("a5");
    scene.a.write("a6");
    scene.a.settle(&mut scene.server);
    let stock = scene.server.vaults.get_mut(&vault).unwrap();
    let order = stock.last - 1;
    stock.items.remove(&order);
    stock.floor = order;
    assert_eq!(scene.b.alarm(&mut scene.server), Some(Alarm::Dropped));
}

#[test]
fn server_that_disputes_what_it_does_not_show() {
    let Scene { mut server, mut a, .. } = scene();
    a.write("a2");
    let dispute = |request: &Request, answer| match request {
        Request::Push(..) => Answer::Refused(Refusal::ChainMoved),
        _ => answer,
    };
    let mut untouched = server.clone();
    let alarm = a.alarm_with(&mut server, |request, answer| {
        let answer = match request {
            Request::Items { .. } => untouched.serve(request),
            _ => answer,
        };
        dispute(request, answer)
    });
    assert_eq!(alarm, Some(Alarm::Withheld));
}

#[test]
fn page_that_has_nothing_and_no_end() {
    let mut scene = news();
    let alarm = alarm_of(&mut scene, |page| {
        page.items.clear();
        page.cursor = 3;
        page.is_end = false;
    });
    assert_eq!(alarm, Some(Alarm::Truncated));
}

#[test]
fn every_changed_byte_of_a_page_is_refused_or_changes_nothing() {
    let mut scene = scene();
    scene.a.write("a2");
    scene.a.settle(&mut scene.server);
    let (vault, device) = (scene.b.client.vault(), scene.b.client.device());
    let request =
        Request::Items { vault, after: scene.b.client.state_for_tests().cursor, bytes: 1 << 20, device };
    let Answer::Page(page) = scene.server.serve(&request) else { panic!() };
    let body = page.encode().unwrap();
    let kept = seal(&scene.b);
    for at in 0..body.len() {
        let mut bad = body.clone();
        bad[at] ^= 1;
        let Ok(Some(answer)) = request.answer(200, &bad) else { continue };
        let mut client = Client::open(&scene.b.vault, &kept).unwrap();
        client.next(&scene.b.vault, &mut scene.b.rng).unwrap();
        let done = client.handle(&mut scene.b.vault, answer, &mut scene.b.rng);
        // That there is more to ask for, or something else to ask first, costs a question more and no more.
        let is_more = at + 9 >= body.len();
        assert!(is_more || matches!(done, Err(SyncError::Alarm(_))), "byte {at}: {done:?}");
    }
    for cut in 0..body.len() {
        assert!(request.answer(200, &body[..cut]).is_err());
    }
}

#[test]
fn alarms_have_codes_of_their_own() {
    let all = [
        Alarm::RolledBack,
        Alarm::Forked,
        Alarm::Dropped,
        Alarm::Withheld,
        Alarm::Reordered,
        Alarm::Swapped,
        Alarm::Altered,
        Alarm::ForeignVault,
        Alarm::WrongEpoch,
        Alarm::Downgraded,
        Alarm::UnknownDevice,
        Alarm::RemovedDevice,
        Alarm::NotAWriter,
        Alarm::BadSignature,
        Alarm::Replayed,
        Alarm::Truncated,
        Alarm::TooLarge,
        Alarm::BadStatement,
        Alarm::ViewWentBack,
        Alarm::OwnChain,
        Alarm::LockedOut,
        Alarm::OtherKey,
        Alarm::BadSnapshot,
    ];
    let codes: BTreeSet<&str> = all.iter().map(|alarm| alarm.code()).collect();
    assert_eq!(codes.len(), all.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_bytes_make_any_message_panic(bytes: Vec<u8>, is_version_right: bool) {
        use crate::sync::wire::{Compact, Compacted, Found, PostStatement, Push, Receipt, Stored, VaultList};
        let mut bytes = bytes;
        if let Some(first) = bytes.first_mut().filter(|_| is_version_right) {
            *first = 1;
        }
        let _ = (Found::decode(&bytes), VaultList::decode(&bytes), VaultInfo::decode(&bytes));
        let _ = (Push::decode(&bytes), PostStatement::decode(&bytes), Page::decode(&bytes), Item::decode(&bytes));
        let _ = (Compact::decode(&bytes), Compacted::decode(&bytes), Receipt::decode(&bytes));
        let _ = (Stored::decode(&bytes), Refusal::decode(&bytes), TicketCode::parse(&String::from_utf8_lossy(&bytes)));
        let _ = (Head::parse(&bytes), Statement::parse(&bytes));
        prop_assert!(Head::verify(&bytes, &[1; 32]).is_err());
        prop_assert!(Statement::verify(&bytes, &[1; 32]).is_err());
    }
}
