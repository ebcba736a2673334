//! The formats of version 1, as they were first written: what is read here must be readable for good. Made
//! from fixed seeds, so that what is made today must also be the same to the byte.
use super::*;
use crate::{
    sync::wire::{Item, Message, Page, VaultInfo},
    vault::{Backup, EntryPlace, LockedVault},
};
use serde_json::{Value, json};

const VECTORS: &str = include_str!("../../../tests/vectors/journal_v1.json");
/// Of the passphrase slot of the locked vault in the vectors.
const PASSPHRASE: &str = "Zürich am See";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

fn place(vault: &Vault) -> EntryPlace {
    EntryPlace { id: vault.entries().id("day", b"2026-11-28"), sequence: 7 }
}

/// Two devices, a renewed key and a snapshot: every layout occurs.
fn history() -> (Server, Device) {
    let mut server = Server::default();
    let mut a = Device::founder(1);
    a.settle(&mut server);
    let mut b = Device::pair(&mut a, &mut server, 2, Role::Reader);
    a.write("a1");
    a.settle(&mut server);
    a.client.change(Change::RenewKey).unwrap();
    a.settle(&mut server);
    a.write("a2");
    a.settle(&mut server);
    b.settle(&mut server);
    (server, a)
}

fn make() -> Value {
    let mut rng = random(21);
    let passphrase = Passphrase::choose(PASSPHRASE).unwrap();
    let mut vault = Vault::found(&NewSlot::Phrase(&phrase(21)), &mut rng).unwrap();
    vault.add_slot(&NewSlot::Passphrase(&passphrase, Cost::DEFAULT), &mut rng).unwrap();
    let passkey = Key32::from_bytes([3; 32]);
    vault
        .add_slot(&NewSlot::Passkey { output: &passkey, input: [4; 32], credential: b"credential" }, &mut rng)
        .unwrap();
    let entry = vault.entries().seal(place(&vault), b"an entry", &mut rng).unwrap();
    let (server, a) = history();
    let request = Request::Items { vault: a.client.vault(), after: 0, bytes: 1 << 20, device: b_id() };
    let Answer::Page(page) = server.clone().serve(&request) else { panic!() };
    let Answer::Info(info) = server.clone().serve(&Request::Info(a.client.vault())) else { panic!() };
    json!({
        "phrase": FreshPhrase::generate(&mut random(21)).unwrap().words().join(" "),
        "vault": vault.id().to_string(),
        "device": vault.card().id().to_string(),
        "locked_vault": hex(&vault.lock(&mut rng).unwrap().to_bytes().unwrap()),
        "entry_id": place(&vault).id.to_string(),
        "entry": hex(&entry),
        "backup": hex(&vault.seal_backup(b"all of it", &mut rng).unwrap()),
        "ticket": Ticket::generate(&mut random(22)).unwrap().code().to_text(),
        "ticket_digits": Ticket::generate(&mut random(22)).unwrap().code().check_digits(),
        "vault_info": hex(&info.encode().unwrap()),
        "page": hex(&page.encode().unwrap()),
        "joiner_has": ["a1", "a2"],
        "client_state": hex(&a.client.seal(&a.vault, &mut random(23)).unwrap()),
        "client_vault": hex(&a.vault.lock(&mut random(24)).unwrap().to_bytes().unwrap()),
    })
}

/// Asks as nobody in the vault, so that nothing is left out.
fn b_id() -> crate::vault::DeviceId {
    crate::vault::DeviceId::from_bytes([0; 16])
}

#[test]
#[ignore = "writes the vectors anew; only with a new version of a format"]
fn write_vectors() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/journal_v1.json");
    std::fs::write(path, format!("{:#}\n", make())).unwrap();
}

#[test]
fn what_is_made_today_is_what_was_made_first() {
    let (then, now): (Value, Value) = (serde_json::from_str(VECTORS).unwrap(), make());
    for (name, value) in then.as_object().unwrap() {
        assert_eq!(value, &now[name], "{name}");
    }
}

#[test]
fn first_vault_entry_and_backup_still_open() {
    let then: Value = serde_json::from_str(VECTORS).unwrap();
    let phrase = Phrase::parse(then["phrase"].as_str().unwrap()).unwrap();
    let passphrase = Passphrase::new(PASSPHRASE).unwrap();
    let passkey = Key32::from_bytes([3; 32]);
    let locked = LockedVault::from_bytes(&unhex(&then["locked_vault"])).unwrap();
    let secrets =
        [SlotSecret::Phrase(&phrase), SlotSecret::Passphrase(&passphrase), SlotSecret::Passkey(&passkey)];
    for secret in secrets {
        let vault = locked.open(secret).unwrap();
        assert_eq!(vault.id().to_string(), then["vault"]);
        assert_eq!(vault.card().id().to_string(), then["device"]);
        assert_eq!(place(&vault).id.to_string(), then["entry_id"]);
        let entry = vault.entries().open(place(&vault), &unhex(&then["entry"])).unwrap();
        assert_eq!(&entry[..], b"an entry");
    }
    let file = unhex(&then["backup"]);
    assert_eq!(&Backup::read(&file).unwrap().open(secrets[0]).unwrap()[..], b"all of it");
}

#[test]
fn first_history_is_still_understood() {
    let then: Value = serde_json::from_str(VECTORS).unwrap();
    let info = VaultInfo::decode(&unhex(&then["vault_info"])).unwrap();
    let page = Page::decode(&unhex(&then["page"])).unwrap();
    assert!(page.items.iter().any(|item| matches!(item, Item::Object { .. })));
    let mut rng = random(25);
    let (phrase, first) = (phrase(1), keeper(25));
    let joined = join_with(&info, SlotSecret::Phrase(&phrase), &NewSlot::Keeper(&first), &mut rng).unwrap();
    let mut device = Device::joined(joined, rng);
    while device.has.len() < 2 {
        let request = device.client.next(&device.vault, &mut device.rng).unwrap().unwrap();
        let answer = match request {
            Request::Object { device, seq, .. } => {
                let is_it = |item: &&Item| matches!(item, Item::Object { device: d, seq: s, .. } if (*d, *s) == (device, seq));
                Answer::Item(page.items.iter().find(is_it).unwrap().clone())
            }
            _ => Answer::Page(page.clone()),
        };
        let events = device.client.handle(&mut device.vault, answer, &mut device.rng).unwrap();
        device.act(events);
    }
    let has: Vec<String> = device.has.iter().map(|text| String::from_utf8(text.clone()).unwrap()).collect();
    assert_eq!(json!(has), then["joiner_has"]);
}

#[test]
fn first_client_goes_on() {
    let then: Value = serde_json::from_str(VECTORS).unwrap();
    let phrase = phrase(1);
    let vault = LockedVault::from_bytes(&unhex(&then["client_vault"])).unwrap();
    let vault = vault.open(SlotSecret::Phrase(&phrase)).unwrap();
    let client = Client::open(&vault, &unhex(&then["client_state"])).unwrap();
    assert_eq!(client.members().len(), 2);
    assert_eq!(client.role(), Some(Role::Writer));
    let mut changed = unhex(&then["client_state"]);
    for at in 0..changed.len() {
        changed[at] ^= 1;
        assert!(Client::open(&vault, &changed).is_err());
        changed[at] ^= 1;
    }
}
