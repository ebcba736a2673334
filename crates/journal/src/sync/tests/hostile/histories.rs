//! Other histories: rolled back, forked, continued elsewhere.
use super::*;

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
fn server_that_went_back_is_noticed_by_the_place_that_it_tells() {
    let Scene { mut server, mut a, mut b } = scene();
    let vault = a.client.vault();
    let mut old = server.clone();
    a.write("a2");
    a.settle(&mut server);
    b.settle(&mut server);
    // What it tells in order is no reason to ask for anything but what is new.
    b.client.hear(server.vaults[&vault].last);
    assert!(!b.step(&mut server));
    a.write("a3");
    a.settle(&mut server);
    b.client.hear(server.vaults[&vault].last);
    while b.step(&mut server) {}
    assert_eq!(b.has, a.has);
    // An event that comes late is none either.
    b.client.hear(old.vaults[&vault].last);
    while b.step(&mut server) {}
    b.client.hear(old.vaults[&vault].last);
    assert_eq!(b.alarm(&mut old), Some(Alarm::RolledBack));
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

#[test]
fn own_chain_that_was_continued_elsewhere() {
    let Scene { mut server, mut a, .. } = scene();
    let mut copy = device_of_founder(&a);
    copy.write("from a copy of the browser's profile");
    copy.settle(&mut server);
    assert_eq!(a.alarm(&mut server), Some(Alarm::OwnChain));
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
