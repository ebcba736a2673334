#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use std::time::Instant;

fn hasher(cost: Cost) -> Hasher {
    Hasher::new(Key32::from_bytes([0x42; 32]), cost)
}

fn password(text: &str) -> Password {
    Password::new(text).unwrap()
}

const YES: Verdict = Verdict { ok: true, needs_upgrade: false };
const YES_OLD: Verdict = Verdict { ok: true, needs_upgrade: true };

#[test]
fn right_password_is_accepted_and_others_are_not() {
    let hasher = hasher(Cost::FLOOR);
    let stored = hasher.hash(&password("correct horse battery")).unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    assert_eq!(hasher.verify(&password("correct horse battery"), &stored), Ok(YES));
    assert_eq!(hasher.verify(&password("correct horse batterY"), &stored), Ok(Verdict::NO));
    assert_eq!(hasher.verify(&password(""), &stored), Ok(Verdict::NO));
}

#[test]
fn same_password_has_another_hash_each_time() {
    let hasher = hasher(Cost::FLOOR);
    assert_ne!(hasher.hash(&password("p")).unwrap(), hasher.hash(&password("p")).unwrap());
}

#[test]
fn hash_under_another_pepper_is_not_accepted() {
    let stored = hasher(Cost::FLOOR).hash(&password("p")).unwrap();
    let other = Hasher::new(Key32::from_bytes([0x43; 32]), Cost::FLOOR);
    assert_eq!(other.verify(&password("p"), &stored), Ok(Verdict::NO));
}

#[test]
fn composed_and_decomposed_letters_are_one_password() {
    let hasher = hasher(Cost::FLOOR);
    let stored = hasher.hash(&password("u\u{308}ber\u{e9}")).unwrap();
    assert_eq!(hasher.verify(&password("\u{fc}bere\u{301}"), &stored), Ok(YES));
}

#[test]
fn weaker_hash_asks_for_an_upgrade_and_stronger_does_not() {
    let stored = hasher(Cost::FLOOR).hash(&password("p")).unwrap();
    let stronger = hasher(Cost::new(20 * 1024, 2, 1).unwrap());
    assert_eq!(stronger.verify(&password("p"), &stored), Ok(YES_OLD));
    assert_eq!(stronger.verify(&password("q"), &stored), Ok(Verdict::NO));
    let stored = stronger.hash(&password("p")).unwrap();
    assert_eq!(hasher(Cost::FLOOR).verify(&password("p"), &stored), Ok(YES));
}

#[test]
fn password_of_1025_bytes_is_refused_before_hashing() {
    assert!(Password::new(&"x".repeat(MAX_LEN)).is_ok());
    assert_eq!(Password::new(&"x".repeat(MAX_LEN + 1)).err(), Some(Error::TooLong));
    assert_eq!(Password::new(&"ä".repeat(513)).err(), Some(Error::TooLong));
    // U+1D160 grows threefold in NFC: the buffer must not have to grow with it.
    let widest = password(&"\u{1D160}".repeat(256));
    assert!(widest.normalised().len() == 3 * MAX_LEN && widest.nfc.capacity() == 3 * MAX_LEN);
}

#[test]
fn costs_outside_the_bounds_cannot_be_made() {
    for (mem, passes, lanes) in [
        (19 * 1024 - 1, 2, 1),
        (19 * 1024, 1, 1),
        (19 * 1024, 2, 0),
        (256 * 1024 + 1, 2, 1),
        (65536, 11, 1),
        (65536, 3, 5),
        (u32::MAX, u32::MAX, u32::MAX),
        (0, 0, 0),
    ] {
        assert_eq!(Cost::new(mem, passes, lanes), Err(Error::Cost));
    }
    assert_eq!(Cost::new(65536, 3, 1), Ok(Cost::default()));
}

const SALT_AND_HASH: &str = "c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[test]
fn planted_costs_are_refused_at_once() {
    let started = Instant::now();
    for params in [
        "m=4294967295,t=3,p=1",
        "m=262145,t=3,p=1",
        "m=65536,t=4000000000,p=1",
        "m=65536,t=3,p=200",
        "m=8,t=1,p=1",
    ] {
        let stored = format!("$argon2id$v=19${params}${SALT_AND_HASH}");
        assert_eq!(hasher(Cost::FLOOR).verify(&password("p"), &stored), Err(Error::Cost), "{params}");
    }
    for rounds in ["15", "31", "99", "00", "+9"] {
        let stored = format!("$2b${rounds}$abcdefghijklmnopqrstuuAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        let expected = if rounds == "+9" { Error::PasswordHash } else { Error::Cost };
        assert_eq!(hasher(Cost::FLOOR).verify(&password("p"), &stored), Err(expected), "{rounds}");
    }
    assert!(started.elapsed().as_secs() < 2);
}

#[test]
fn other_texts_are_unreadable_not_wrong() {
    let good = format!("$argon2id$v=19$m=19456,t=2,p=1${SALT_AND_HASH}");
    assert_eq!(hasher(Cost::FLOOR).verify(&password("p"), &good), Ok(Verdict::NO));
    let long = format!("{good}{}", "A".repeat(1 << 20));
    for stored in [
        "",
        "plain",
        "$2a$10$short",
        "$2x$10$abcdefghijklmnopqrstuuAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        &long,
        &good.replace("argon2id", "argon2i"),
        &good.replace("v=19", "v=16"),
        &good.replace("v=19$", ""),
        &good.replace(",p=1", ""),
        &good.replace("p=1", "p=1,keyid=AAAA"),
        &good.replace("m=", "m=+"),
        &good.replace("m=19456,t=2", "t=2,m=19456"),
        &format!("{good}$x"),
        &good.replace("c29tZX", "c29tZ"),
        &good.replace("c29tZXNhbHRzb21lc2FsdA", "c2E"),
        &good.replace("AAAAAAAA", ""),
        &format!("{good}="),
    ] {
        assert_eq!(
            hasher(Cost::FLOOR).verify(&password("p"), stored).err(),
            Some(Error::PasswordHash),
            "{stored:.80}"
        );
    }
}

#[test]
fn unknown_account_costs_as_much_as_a_known_one_and_is_refused() {
    let hasher = hasher(Cost::FLOOR);
    let stored = hasher.hash(&password("p")).unwrap();
    let best = |run: &dyn Fn()| {
        (0..7)
            .map(|_| {
                let at = Instant::now();
                run();
                at.elapsed()
            })
            .min()
            .unwrap()
    };
    let known = best(&|| assert!(hasher.verify(&password("q"), &stored).is_ok()));
    let unknown = best(&|| assert_eq!(hasher.verify_unknown(&password("q")), Ok(Verdict::NO)));
    let ratio = unknown.as_secs_f64() / known.as_secs_f64();
    assert!((0.2..5.0).contains(&ratio), "{ratio}");
}

#[test]
fn stored_vectors_of_all_kinds_keep_verifying() {
    let vectors: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../tests/vectors/passwords.json")).unwrap();
    assert!(vectors.len() > 6);
    for v in vectors {
        let got = hasher(Cost::FLOOR)
            .verify(&password(v["password"].as_str().unwrap()), v["stored"].as_str().unwrap());
        let ok = v["ok"].as_bool().unwrap();
        let needs_upgrade = v["needs_upgrade"].as_bool().unwrap();
        assert_eq!(got, Ok(Verdict { ok, needs_upgrade }), "{}", v["behaviour"]);
    }
}

#[test]
fn debug_shows_neither_password_nor_pepper() {
    assert_eq!(format!("{:?}", password("geheim")), "Password(***)");
    assert!(!format!("{:?}", hasher(Cost::FLOOR)).contains("66"));
}

#[test]
fn levelled_check_answers_as_the_plain_one_and_never_fails_on_a_planted_hash() {
    let hasher = hasher(Cost::FLOOR);
    let argon = hasher.hash(&password("p")).unwrap();
    let bcrypt = bcrypt::hash("p", 4).unwrap();
    for has_bcrypt in [false, true] {
        assert_eq!(hasher.verify_level(&password("p"), Some(&argon), has_bcrypt), Ok(YES));
        assert_eq!(hasher.verify_level(&password("q"), Some(&argon), has_bcrypt), Ok(Verdict::NO));
        assert_eq!(hasher.verify_level(&password("p"), Some(&bcrypt), has_bcrypt), Ok(YES_OLD));
        assert_eq!(hasher.verify_level(&password("p"), None, has_bcrypt), Ok(Verdict::NO));
        let planted = format!("$argon2id$v=19$m=4294967295,t=3,p=1${SALT_AND_HASH}");
        for bad in [planted.as_str(), "", "$2b$31$abc", "plain"] {
            assert_eq!(hasher.verify_level(&password("p"), Some(bad), has_bcrypt), Ok(Verdict::NO), "{bad}");
        }
    }
}

#[test]
fn only_bcrypt_of_cost_12_is_brought_over() {
    let good = bcrypt::hash("p", 12).unwrap();
    assert!(Hasher::is_importable(&good));
    assert!(Hasher::is_importable(&good.replacen("$2b$", "$2y$", 1)));
    for bad in [
        good.replacen("$12$", "$10$", 1),
        good.replacen("$12$", "$31$", 1),
        good.replacen("$2b$", "$2x$", 1),
        format!("{good}A"),
        good.replace(|c: char| c.is_ascii_lowercase(), "!"),
        String::new(),
        "$argon2id$v=19$m=19456,t=2,p=1$x$y".to_owned(),
    ] {
        assert!(!Hasher::is_importable(&bad), "{bad}");
    }
}

#[test]
fn the_dummy_of_cost_12_can_be_worked_on() {
    assert_eq!(bcrypt_legacy::verify(b"x", bcrypt_legacy::DUMMY), Ok(false));
}
