//! The vault from outside: slots, entries, resting on the device, backup files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_crypto::{Key32, NonceSource};
use keepwell_journal::vault::{
    Backup, Cost, EntryPlace, FreshPhrase, LockedVault, NewSlot, Passphrase, Phrase, Seeded, SlotKind,
    SlotSecret, Vault, VaultError,
};
use proptest::prelude::*;

fn random(seed: u8) -> Seeded {
    Seeded::new(&Key32::from_bytes([seed; 32])).unwrap()
}

fn phrase(seed: u8) -> Phrase {
    let fresh = FreshPhrase::generate(&mut random(seed)).unwrap();
    Phrase::parse(&fresh.words().join(" ")).unwrap()
}

fn vault(seed: u8) -> Vault {
    Vault::found(&NewSlot::Phrase(&phrase(seed)), &mut random(seed)).unwrap()
}

#[test]
fn vault_opens_by_each_of_its_slots_and_by_nothing_else() {
    let mut rng = NonceSource::new();
    let passphrase = Passphrase::choose("correct horse battery").unwrap();
    let mut vault = Vault::found(&NewSlot::Passphrase(&passphrase, Cost::DEFAULT), &mut rng).unwrap();
    let phrase = phrase(1);
    let passkey = Key32::from_bytes([7; 32]);
    vault.add_slot(&NewSlot::Phrase(&phrase), &mut rng).unwrap();
    vault
        .add_slot(&NewSlot::Passkey { output: &passkey, input: [1; 32], credential: b"id" }, &mut rng)
        .unwrap();
    assert!(vault.has_phrase());
    let entry = vault.entries();
    let place = EntryPlace { id: entry.id("day", b"2026-11-28"), sequence: 1 };
    let sealed = entry.seal(place, b"spotting", &mut rng).unwrap();

    let locked = LockedVault::from_bytes(&vault.lock(&mut rng).unwrap().to_bytes().unwrap()).unwrap();
    assert_eq!(locked.slots().count(), 3);
    for secret in
        [SlotSecret::Passphrase(&passphrase), SlotSecret::Phrase(&phrase), SlotSecret::Passkey(&passkey)]
    {
        let open = locked.open(secret).unwrap();
        assert_eq!(open.card(), vault.card());
        assert_eq!(open.entries().id("day", b"2026-11-28"), place.id);
        assert_eq!(&open.entries().open(place, &sealed).unwrap()[..], b"spotting");
    }
    let wrong = Passphrase::new("correct horse batterz").unwrap();
    let other = Key32::from_bytes([8; 32]);
    for secret in [SlotSecret::Passphrase(&wrong), SlotSecret::Passkey(&other), SlotSecret::Keeper(&passkey)]
    {
        assert_eq!(locked.open(secret).err(), Some(VaultError::WrongSecret));
    }
}

#[test]
fn passkey_is_never_the_only_way_in() {
    let mut rng = random(2);
    let passkey = Key32::from_bytes([7; 32]);
    let only = NewSlot::Passkey { output: &passkey, input: [1; 32], credential: b"id" };
    assert_eq!(Vault::found(&only, &mut rng).err(), Some(VaultError::LastSlot));
    let mut vault = vault(2);
    vault.add_slot(&only, &mut rng).unwrap();
    let first = vault.slots().find(|slot| matches!(slot.kind(), SlotKind::Phrase)).unwrap().id();
    assert_eq!(vault.remove_slot(first), Err(VaultError::LastSlot));
    let second = vault.add_slot(&NewSlot::Phrase(&phrase(3)), &mut rng).unwrap();
    vault.remove_slot(first).unwrap();
    assert_eq!(vault.remove_slot(first), Err(VaultError::NoSuchSlot));
    assert_eq!(vault.remove_slot(second), Err(VaultError::LastSlot));
    let locked = vault.lock(&mut rng).unwrap();
    assert_eq!(locked.open(SlotSecret::Phrase(&phrase(2))).err(), Some(VaultError::WrongSecret));
    assert!(locked.open(SlotSecret::Passkey(&passkey)).is_ok());
}

#[test]
fn entry_opens_only_where_and_when_it_was_written() {
    let (ours, theirs) = (vault(4), vault(5));
    let place = EntryPlace { id: ours.entries().id("note", b"1"), sequence: 3 };
    let sealed = ours.entries().seal(place, b"text", &mut random(6)).unwrap();
    let elsewhere = EntryPlace { id: ours.entries().id("note", b"2"), ..place };
    let earlier = EntryPlace { sequence: 2, ..place };
    assert_eq!(ours.entries().open(elsewhere, &sealed).err(), Some(VaultError::Refused));
    assert_eq!(ours.entries().open(earlier, &sealed).err(), Some(VaultError::Refused));
    assert_eq!(theirs.entries().open(place, &sealed).err(), Some(VaultError::Refused));
    assert_eq!(&ours.entries().open(place, &sealed).unwrap()[..], b"text");
    assert_eq!(ours.entries().is_outdated(&sealed), Ok(false));
}

#[test]
fn id_depends_on_kind_name_and_device() {
    let (ours, theirs) = (vault(4), vault(5));
    let ids = [
        ours.entries().id("ab", b"c"),
        ours.entries().id("a", b"bc"),
        ours.entries().id("abc", b""),
        theirs.entries().id("ab", b"c"),
    ];
    for (i, a) in ids.iter().enumerate() {
        assert!(ids.iter().skip(i + 1).all(|b| a != b));
    }
}

#[test]
fn every_changed_byte_of_an_entry_is_refused() {
    let vault = vault(7);
    let place = EntryPlace { id: vault.entries().id("note", b"1"), sequence: 1 };
    let sealed = vault.entries().seal(place, b"a few words", &mut random(8)).unwrap();
    assert_eq!(sealed.len(), 128 + 45);
    for at in 0..sealed.len() {
        let mut bad = sealed.clone();
        bad[at] ^= 1;
        assert!(vault.entries().open(place, &bad).is_err(), "byte {at}");
        assert!(vault.entries().open(place, &sealed[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn every_changed_byte_of_a_locked_vault_and_of_a_backup_is_refused() {
    let mut rng = random(9);
    let (vault, phrase) = (vault(9), phrase(9));
    let secret = SlotSecret::Phrase(&phrase);
    let locked = vault.lock(&mut rng).unwrap().to_bytes().unwrap();
    let file = vault.seal_backup(b"everything", &mut rng).unwrap();
    assert_eq!(&Backup::read(&file).unwrap().open(secret).unwrap()[..], b"everything");
    for at in 0..locked.len() {
        let mut bad = locked.clone();
        bad[at] ^= 1;
        assert!(LockedVault::from_bytes(&bad).and_then(|v| v.open(secret)).is_err(), "byte {at}");
        assert!(LockedVault::from_bytes(&locked[..at]).is_err(), "cut at {at}");
    }
    for at in 0..file.len() {
        let mut bad = file.clone();
        bad[at] ^= 1;
        assert!(Backup::read(&bad).and_then(|b| b.open(secret)).is_err(), "byte {at}");
        assert!(Backup::read(&file[..at]).and_then(|b| b.open(secret)).is_err(), "cut at {at}");
    }
}

#[test]
fn slot_of_another_vault_does_not_open_this_one() {
    let mut rng = random(10);
    let same_phrase = phrase(11);
    let make = |seed| {
        let vault = Vault::found(&NewSlot::Phrase(&same_phrase), &mut random(seed)).unwrap();
        vault.lock(&mut random(seed)).unwrap().to_bytes().unwrap()
    };
    let (ours, mut theirs) = (make(12), make(13));
    // Their slots and secrets under our vault's id and founder.
    theirs[1..49].copy_from_slice(&ours[1..49]);
    assert_eq!(LockedVault::from_bytes(&theirs).err(), Some(VaultError::ForeignSlot));
    // Our front with their secrets.
    let front = ours.len() - (24 + 32 * 3 + 2 + 16) - 4;
    let mixed = [&ours[..front], &make(13)[front..]].concat();
    let opened = LockedVault::from_bytes(&mixed).unwrap().open(SlotSecret::Phrase(&same_phrase));
    assert_eq!(opened.err(), Some(VaultError::Refused));
    assert!(vault(10).lock(&mut rng).is_ok());
}

#[test]
fn nothing_secret_is_shown_by_debug() {
    let (vault, phrase) = (vault(14), phrase(14));
    let shown =
        format!("{vault:?} {phrase:?} {:?} {:?}", vault.entries(), vault.lock(&mut random(1)).unwrap());
    assert!(shown.contains("***"));
    let secret = format!("{:?}", [14u8; 8]);
    assert!(!shown.contains(secret.trim_matches(['[', ']'])));
    assert!(!format!("{:?}", Passphrase::new("open sesame").unwrap()).contains("sesame"));
}

proptest! {
    #[test]
    fn no_bytes_make_reading_panic(bytes: Vec<u8>) {
        let _ = LockedVault::from_bytes(&bytes);
        let _ = Backup::read(&bytes);
        let vault = vault(15);
        let place = EntryPlace { id: vault.entries().id("x", b""), sequence: 0 };
        prop_assert!(vault.entries().open(place, &bytes).is_err());
    }

    #[test]
    fn whatever_is_sealed_opens_again(text in proptest::collection::vec(any::<u8>(), 0..2000), sequence: u64) {
        let vault = vault(16);
        let place = EntryPlace { id: vault.entries().id("x", b"y"), sequence };
        let sealed = vault.entries().seal(place, &text, &mut random(17)).unwrap();
        prop_assert_eq!(&vault.entries().open(place, &sealed).unwrap()[..], &text[..]);
    }
}
