//! A server that drops, reorders, swaps, replays, forges and rolls back. Each attack raises its own alarm, and
//! nothing of the answer is taken over.
mod authors;
mod bytes;
mod histories;
mod objects;
mod snapshots;
mod statements;

use super::*;
use crate::{
    sync::{
        head::{Head, Kind, Mark},
        object::{Place, object_hash},
        statement::{Author, Statement},
        wire::{Item, Message, Page, Refusal, VaultInfo},
    },
    vault::{DeviceId, EntryPlace, Epoch, SlotKind, VaultId},
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
    let text = [&(text.len() as u32).to_be_bytes()[..], text].concat();
    let object = place.seal(&by.vault.ring, &text, &mut random(200)).unwrap();
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

/// The founder once more.
fn device_of_founder(a: &Device) -> Device {
    let phrase = phrase(1);
    let vault = a.vault.lock(&mut random(98)).unwrap().open(SlotSecret::Phrase(&phrase)).unwrap();
    let client = Client::open(&vault, &seal(a)).unwrap();
    Device { vault, client, has: a.has.clone(), rng: random(96), events: Vec::new() }
}

/// B was away while A took a snapshot; the server shows it to B as it likes.
fn behind_a_snapshot() -> Scene {
    let mut scene = news();
    let content = pack(&scene.a.has);
    scene.a.client.writer().unwrap().snapshot(&content).unwrap();
    scene.a.settle(&mut scene.server);
    scene
}
