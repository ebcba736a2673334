//! Objects dropped, reordered, swapped, altered, cut, replayed.
use super::*;

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
fn key_that_came_with_something_refused_stays_and_opens_what_is_sealed_with_it() {
    let Scene { mut server, mut a, mut b } = scene();
    a.client.change(Change::RenewKey).unwrap();
    a.settle(&mut server);
    a.write("a2");
    a.settle(&mut server);
    let (before, kept) = (b.vault.epoch(), b.client.seal(&b.vault, &mut b.rng).unwrap());
    let cut = |page: &mut Page| {
        if let Some(Item::Object { object, .. }) = page.items.last_mut() {
            object.pop();
        }
    };
    assert!(b.alarm_with(&mut server, on_pages(cut)).is_some());
    assert!(b.vault.epoch() > before);

    // What is written on meanwhile opens after a lock, by the way in that there was.
    let place = EntryPlace { id: b.vault.entries().id("entity", b"1"), sequence: 1 };
    let sealed = b.vault.entries().seal(place, b"meanwhile", &mut b.rng).unwrap();
    let locked = b.vault.lock(&mut b.rng).unwrap();
    b.vault = locked.open(SlotSecret::Keeper(&keeper(2))).unwrap();
    assert_eq!(&**b.vault.entries().open(place, &sealed).unwrap(), b"meanwhile");

    // And it goes on from what was kept before.
    b.client = Client::open(&b.vault, &kept).unwrap();
    b.settle(&mut server);
    assert!(b.has.iter().any(|text| text == b"a2"));
}
