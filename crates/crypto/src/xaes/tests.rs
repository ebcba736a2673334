#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::testing::{bytes, hex};
use proptest::prelude::*;
use serde_json::Value;

const VECTORS: &str = include_str!("../../tests/vectors/xaes_256_gcm.json");

#[test]
fn c2sp_vectors_seal_to_the_published_bytes_and_open() {
    let vectors: Vec<Value> = serde_json::from_str(VECTORS).unwrap();
    assert_eq!(vectors.len(), 2);
    for v in vectors {
        let key = XaesKey::new(&Key32::try_from_slice(&bytes(&v["key"])).unwrap());
        let nonce: [u8; 24] = bytes(&v["nonce"]).try_into().unwrap();
        let (aad, text) = (bytes(&v["aad"]), bytes(&v["plaintext"]));
        let sealed = key.seal(&nonce, &aad, &text).unwrap();
        assert_eq!(hex(&sealed), v["sealed"].as_str().unwrap(), "{}", v["behaviour"]);
        assert_eq!(key.open(&nonce, &aad, &sealed).unwrap(), text);
    }
}

/// Both values of the bit that decides about the reduction when `K1` is computed.
#[test]
fn doubling_reduces_only_when_the_top_bit_falls_out() {
    assert_eq!(double(1), 2);
    assert_eq!(double(1 << 127), 0x87);
    assert_eq!(double(u128::MAX), u128::MAX ^ 1 ^ 0x87);
}

/// The accumulated test of the standard: 10,000 inputs drawn from SHAKE128 of nothing, all outputs
/// hashed by a second SHAKE128.
#[test]
fn c2sp_accumulated_vectors_give_the_published_hash() {
    let (mut input, mut output) = (shake::Shake128::new(), shake::Shake128::new());
    for _ in 0..10_000 {
        let key = XaesKey::new(&Key32::from_bytes(input.read(32).try_into().unwrap()));
        let nonce: [u8; 24] = input.read(24).try_into().unwrap();
        let len = usize::from(input.read(1)[0]);
        let text = input.read(len);
        let len = usize::from(input.read(1)[0]);
        let aad = input.read(len);
        let sealed = key.seal(&nonce, &aad, &text).unwrap();
        assert_eq!(key.open(&nonce, &aad, &sealed).unwrap(), text);
        output.write(&sealed);
    }
    assert_eq!(hex(&output.read(32)), "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939");
}

proptest! {
    #[test]
    fn whatever_is_sealed_opens_again(
        key: [u8; 32], nonce: [u8; 24],
        aad in proptest::collection::vec(any::<u8>(), 0..60),
        text in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let key = XaesKey::new(&Key32::from_bytes(key));
        let sealed = key.seal(&nonce, &aad, &text).unwrap();
        prop_assert_eq!(sealed.len(), text.len() + OVERHEAD);
        prop_assert_eq!(key.open(&nonce, &aad, &sealed).unwrap(), text);
    }

    #[test]
    fn one_changed_bit_anywhere_is_refused_and_leaves_no_plaintext(
        key: [u8; 32], nonce: [u8; 24], bit in 0u8..8, at: prop::sample::Index, nonce_at in 0usize..24,
        text in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        let key = XaesKey::new(&Key32::from_bytes(key));
        let sealed = key.seal(&nonce, b"aad", &text).unwrap();
        let mut bad = sealed.clone();
        bad[at.index(sealed.len())] ^= 1 << bit;
        prop_assert_eq!(key.open_in_place(&nonce, b"aad", &mut bad).err(), Some(Error::Refused));
        prop_assert!(bad.iter().all(|b| *b == 0));
        let mut other = nonce;
        other[nonce_at] ^= 1 << bit;
        prop_assert_eq!(key.open(&other, b"aad", &sealed), Err(Error::Refused));
        prop_assert_eq!(key.open(&nonce, b"aae", &sealed), Err(Error::Refused));
    }
}

#[test]
fn debug_of_a_schedule_shows_no_byte() {
    assert_eq!(format!("{:?}", XaesKey::new(&Key32::from_bytes([5; 32]))), "XaesKey(***)");
}

/// SHAKE128 (FIPS 202), only as the random source of the accumulated test.
mod shake {
    const RATE: usize = 168;
    const RC: [u64; 24] = [
        0x0000_0000_0000_0001,
        0x0000_0000_0000_8082,
        0x8000_0000_0000_808A,
        0x8000_0000_8000_8000,
        0x0000_0000_0000_808B,
        0x0000_0000_8000_0001,
        0x8000_0000_8000_8081,
        0x8000_0000_0000_8009,
        0x0000_0000_0000_008A,
        0x0000_0000_0000_0088,
        0x0000_0000_8000_8009,
        0x0000_0000_8000_000A,
        0x0000_0000_8000_808B,
        0x8000_0000_0000_008B,
        0x8000_0000_0000_8089,
        0x8000_0000_0000_8003,
        0x8000_0000_0000_8002,
        0x8000_0000_0000_0080,
        0x0000_0000_0000_800A,
        0x8000_0000_8000_000A,
        0x8000_0000_8000_8081,
        0x8000_0000_0000_8080,
        0x0000_0000_8000_0001,
        0x8000_0000_8000_8008,
    ];

    pub(super) struct Shake128 {
        state: [u64; 25],
        at: usize,
        squeezing: bool,
    }

    impl Shake128 {
        pub(super) fn new() -> Self {
            Self { state: [0; 25], at: 0, squeezing: false }
        }

        fn xor(&mut self, at: usize, byte: u8) {
            self.state[at / 8] ^= u64::from(byte) << (8 * (at % 8));
        }

        pub(super) fn write(&mut self, data: &[u8]) {
            assert!(!self.squeezing);
            for byte in data {
                self.xor(self.at, *byte);
                self.at += 1;
                if self.at == RATE {
                    permute(&mut self.state);
                    self.at = 0;
                }
            }
        }

        pub(super) fn read(&mut self, len: usize) -> Vec<u8> {
            if !self.squeezing {
                self.xor(self.at, 0x1F);
                self.xor(RATE - 1, 0x80);
                self.squeezing = true;
                self.at = RATE;
            }
            let mut out = Vec::with_capacity(len);
            for _ in 0..len {
                if self.at == RATE {
                    permute(&mut self.state);
                    self.at = 0;
                }
                out.push(self.state[self.at / 8].to_le_bytes()[self.at % 8]);
                self.at += 1;
            }
            out
        }
    }

    fn permute(a: &mut [u64; 25]) {
        for rc in RC {
            let c: [u64; 5] = std::array::from_fn(|x| (0..5).fold(0, |acc, y| acc ^ a[x + 5 * y]));
            for i in 0..25 {
                a[i] ^= c[(i + 4) % 5] ^ c[(i % 5 + 1) % 5].rotate_left(1);
            }
            let (mut x, mut y, mut lane) = (1, 0, a[1]);
            for t in 0..24u32 {
                (x, y) = (y, (2 * x + 3 * y) % 5);
                let next = a[x + 5 * y];
                a[x + 5 * y] = lane.rotate_left((t + 1) * (t + 2) / 2 % 64);
                lane = next;
            }
            for row in a.chunks_exact_mut(5) {
                let r: [u64; 5] = row.try_into().unwrap();
                for x in 0..5 {
                    row[x] = r[x] ^ (!r[(x + 1) % 5] & r[(x + 2) % 5]);
                }
            }
            a[0] ^= rc;
        }
    }

    #[test]
    fn shake_of_nothing_is_the_published_value() {
        assert_eq!(
            crate::testing::hex(&Shake128::new().read(32)),
            "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26"
        );
    }
}
