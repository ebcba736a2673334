//! A space that is shared with a partner: a second vault, with its own key, whose way in is kept in each one's
//! own vault.
use super::*;
use crate::vault::{EntryPlace, fresh_secret};

struct Couple {
    server: Server,
    mine: Device,
    partner: Device,
    secret: Key32,
}

/// The space of somebody who shares, and the partner's device in it.
fn couple(role: Role) -> Couple {
    let mut server = Server::default();
    let mut rng = random(1);
    let secret = fresh_secret(&mut rng).unwrap();
    let vault = Vault::found(&NewSlot::Keeper(&secret), &mut rng).unwrap();
    let client = Client::found(&vault, &mut rng).unwrap();
    let mut mine = Device { vault, client, has: BTreeSet::new(), rng, events: Vec::new() };
    mine.settle(&mut server);
    let partner = Device::pair(&mut mine, &mut server, 2, role);
    Couple { server, mine, partner, secret }
}

#[test]
fn partner_that_only_reads_sees_all_and_can_write_nothing() {
    let Couple { mut server, mut mine, mut partner, .. } = couple(Role::Reader);
    mine.write("shared");
    mine.settle(&mut server);
    partner.settle(&mut server);
    assert_eq!(partner.has, mine.has);
    assert_eq!(partner.client.role(), Some(Role::Reader));
    assert!(partner.client.writer().is_none());
    assert_eq!(partner.client.change(Change::RenewKey), Err(SyncError::NotPossible));
}

#[test]
fn partner_that_writes_is_heard() {
    let Couple { mut server, mut mine, mut partner, .. } = couple(Role::Writer);
    partner.write("from the partner");
    partner.settle(&mut server);
    mine.settle(&mut server);
    assert_eq!(partner.has, mine.has);
}

#[test]
fn sharing_is_taken_back_with_a_new_key() {
    let Couple { mut server, mut mine, mut partner, .. } = couple(Role::Writer);
    mine.write("before");
    mine.settle(&mut server);
    partner.settle(&mut server);
    mine.client.change(Change::RemoveDevice(partner.client.device())).unwrap();
    mine.settle(&mut server);
    mine.write("after");
    mine.settle(&mut server);
    partner.settle(&mut server);
    assert!(partner.events.contains(&Event::Removed));
    assert!(!partner.has.contains(&b"after"[..]));
}

#[test]
fn writer_is_made_a_reader_under_a_new_key() {
    let Couple { mut server, mut mine, mut partner, .. } = couple(Role::Writer);
    mine.client.change(Change::SetRole(partner.client.device(), Role::Reader)).unwrap();
    mine.settle(&mut server);
    partner.settle(&mut server);
    assert_eq!(partner.client.role(), Some(Role::Reader));
    assert!(partner.client.writer().is_none());
    assert_eq!(partner.vault.epoch().get(), 2);
    mine.client.change(Change::SetRole(partner.client.device(), Role::Writer)).unwrap();
    mine.settle(&mut server);
    partner.settle(&mut server);
    assert_eq!(mine.vault.epoch().get(), 2);
    partner.write("again");
    partner.settle(&mut server);
    mine.settle(&mut server);
    assert_eq!(partner.has, mine.has);
}

/// The space's secret is an entry of one's own vault, so that one's other devices find it there.
#[test]
fn own_second_device_comes_into_the_space_by_what_the_own_vault_keeps() {
    let Couple { mut server, mut mine, secret, .. } = couple(Role::Reader);
    mine.write("shared");
    mine.settle(&mut server);
    let own = Vault::found(&NewSlot::Phrase(&phrase(8)), &mut random(8)).unwrap();
    let place = EntryPlace { id: own.entries().id("space", mine.client.vault().as_bytes()), sequence: 1 };
    let kept = own.entries().seal(place, secret.expose(), &mut random(9)).unwrap();
    let found = Key32::try_from_slice(&own.entries().open(place, &kept).unwrap()).unwrap();
    let Answer::Info(info) = server.serve(&Request::Info(mine.client.vault())) else { panic!() };
    let mut rng = random(10);
    let joined = join_with(&info, SlotSecret::Keeper(&found), &NewSlot::Keeper(&found), &mut rng).unwrap();
    let mut second = Device::joined(joined, rng);
    second.settle(&mut server);
    assert_eq!(second.has, mine.has);
    assert_eq!(second.client.role(), Some(Role::Writer));
}
