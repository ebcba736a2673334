//! An authenticator made of software: P-256, "none" attestation, one resident key for each that is made.
//! It writes what a browser would send, byte by byte, after the WebAuthn standard.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as B64};
use serde_json::{Value, json};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

pub struct Authenticator {
    pub origin: String,
    /// Whether it knows its person, by PIN or finger.
    pub verifies: bool,
    pub counter: u32,
    pub id: Vec<u8>,
    key: EcdsaKeyPair,
    user: Vec<u8>,
}

fn head(major: u8, n: usize) -> Vec<u8> {
    match n {
        0..24 => vec![major << 5 | u8::try_from(n).unwrap()],
        24..256 => vec![major << 5 | 24, u8::try_from(n).unwrap()],
        _ => [vec![major << 5 | 25], u16::try_from(n).unwrap().to_be_bytes().to_vec()].concat(),
    }
}

fn bytes(b: &[u8]) -> Vec<u8> {
    [head(2, b.len()), b.to_vec()].concat()
}

fn word(s: &str) -> Vec<u8> {
    [head(3, s.len()), s.as_bytes().to_vec()].concat()
}

impl Authenticator {
    pub fn new(origin: &str) -> Self {
        let rng = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &rng).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref()).unwrap();
        let id = digest(&SHA256, key.public_key().as_ref()).as_ref().to_vec();
        Self { origin: origin.to_owned(), verifies: true, counter: 1, id, key, user: Vec::new() }
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        let challenge = &options["publicKey"]["challenge"];
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false}).to_string()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let host = self.origin.split("://").nth(1).unwrap().split(':').next().unwrap();
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut out = digest(&SHA256, host.as_bytes()).as_ref().to_vec();
        out.push(flags | PRESENT | verified);
        out.extend(self.counter.to_be_bytes());
        out
    }

    /// Answers `navigator.credentials.create`.
    pub fn create(&mut self, options: &Value) -> String {
        self.user = B64.decode(options["publicKey"]["user"]["id"].as_str().unwrap()).unwrap();
        let point = self.key.public_key().as_ref();
        // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
        let cose = [
            vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21],
            bytes(&point[1..33]),
            vec![0x22],
            bytes(&point[33..65]),
        ]
        .concat();
        let mut data = self.data(ATTESTED);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(cose);
        let object = [
            head(5, 3),
            word("fmt"),
            word("none"),
            word("attStmt"),
            head(5, 0),
            word("authData"),
            bytes(&data),
        ]
        .concat();
        let client = self.client_data("webauthn.create", options);
        json!({
            "id": B64.encode(&self.id), "rawId": B64.encode(&self.id), "type": "public-key",
            "response": {"attestationObject": B64.encode(object), "clientDataJSON": B64.encode(client)},
            "clientExtensionResults": {},
        })
        .to_string()
    }

    /// Answers `navigator.credentials.get`.
    pub fn get(&mut self, options: &Value) -> String {
        self.counter += 1;
        self.answer(options)
    }

    /// The same without counting, as a copy of the key would.
    pub fn answer(&self, options: &Value) -> String {
        let client = self.client_data("webauthn.get", options);
        let data = self.data(0);
        let signed = [data.clone(), digest(&SHA256, client.as_bytes()).as_ref().to_vec()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": B64.encode(&self.id), "rawId": B64.encode(&self.id), "type": "public-key",
            "response": {
                "authenticatorData": B64.encode(data), "clientDataJSON": B64.encode(client),
                "signature": B64.encode(signature.as_ref()), "userHandle": B64.encode(&self.user),
            },
            "clientExtensionResults": {},
        })
        .to_string()
    }
}
