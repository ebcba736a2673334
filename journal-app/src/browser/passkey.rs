//! Passkeys that give a key: WebAuthn with the extension `prf`.
//!
//! Nobody checks what the passkey signs, and no server hears of it: only the output of its PRF counts, and that
//! opens a slot or does not. So the challenge is random, and forgotten. The user is always verified: a security
//! key has one PRF with verification and another without.

use super::{
    js::{get, object, text},
    random::Os,
    window,
};
use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use keepwell_crypto::Key32;
use keepwell_journal::vault::{Random, fresh_secret};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Milliseconds that a person has to find their key.
const TIMEOUT: f64 = 120_000.0;
/// ES256, EdDSA and RS256, by COSE's numbers.
const ALGORITHMS: [f64; 3] = [-7.0, -8.0, -257.0];

/// Why there is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The browser has no passkeys, or none for this address.
    Unsupported,
    /// The authenticator has no PRF.
    NoPrf,
    /// It was cancelled, or took too long.
    NotDone,
    /// This authenticator has one already.
    Already,
    /// It is no passkey of this journal.
    Other,
    /// All slots are taken.
    Full,
    /// Anything else.
    Failed,
}

/// A passkey to ask for.
#[derive(Clone)]
pub struct Known {
    /// Its credential id.
    pub credential: Vec<u8>,
    /// The input of its PRF.
    pub input: [u8; 32],
}

impl Refusal {
    fn of(error: &JsValue) -> Self {
        match text(error, "name").as_deref() {
            Some("NotAllowedError" | "AbortError") => Self::NotDone,
            Some("InvalidStateError") => Self::Already,
            Some("NotSupportedError" | "SecurityError") => Self::Unsupported,
            _ => Self::Failed,
        }
    }
}

fn bytes(of: &[u8]) -> JsValue {
    Uint8Array::from(of).into()
}

fn random<const N: usize>() -> Result<JsValue, Refusal> {
    let mut out = [0; N];
    Os.fill(&mut out).map_err(|_| Refusal::Failed)?;
    Ok(bytes(&out))
}

fn host() -> Result<String, Refusal> {
    window().and_then(|w| w.location().hostname().ok()).ok_or(Refusal::Unsupported)
}

/// Calls `navigator.credentials.<verb>` and waits for the credential.
async fn credential(verb: &str, options: JsValue) -> Result<JsValue, Refusal> {
    let navigator = window().ok_or(Refusal::Unsupported)?.navigator();
    let all = get(navigator.as_ref(), "credentials").ok_or(Refusal::Unsupported)?;
    let call: Function = get(&all, verb).and_then(|f| f.dyn_into().ok()).ok_or(Refusal::Unsupported)?;
    let promise = call.call1(&all, &object([("publicKey", options)])).map_err(|e| Refusal::of(&e))?;
    let promise: js_sys::Promise = promise.dyn_into().map_err(|_| Refusal::Failed)?;
    JsFuture::from(promise).await.map_err(|e| Refusal::of(&e))
}

/// What the authenticator said about the extension.
fn prf(credential: &JsValue) -> Option<JsValue> {
    let call: Function = get(credential, "getClientExtensionResults")?.dyn_into().ok()?;
    get(&call.call0(credential).ok()?, "prf")
}

/// Makes a passkey and tries it at once, as it will be asked for later. Where it gives no key, the browser is told
/// that it is of no use.
pub async fn make(name: &str, there: &[Known]) -> Result<(Known, Key32), Refusal> {
    let input = *fresh_secret(&mut Os).map_err(|_| Refusal::Failed)?.expose();
    let host = host()?;
    let kinds = ALGORITHMS.map(|n| object([("type", "public-key".into()), ("alg", n.into())]));
    let eval = object([("first", bytes(&input))]);
    let options = object([
        ("challenge", random::<32>()?),
        ("rp", object([("id", host.as_str().into()), ("name", name.into())])),
        ("user", object([("id", random::<16>()?), ("name", name.into()), ("displayName", name.into())])),
        ("pubKeyCredParams", Array::from_iter(kinds).into()),
        ("authenticatorSelection", selection()),
        ("excludeCredentials", listed(there)),
        ("attestation", "none".into()),
        ("timeout", TIMEOUT.into()),
        ("extensions", object([("prf", object([("eval", eval)]))])),
    ]);
    let made = credential("create", options).await?;
    let id = get(&made, "rawId").ok_or(Refusal::Failed)?;
    let known = Known { credential: Uint8Array::new(&id).to_vec(), input };
    let enabled = prf(&made).and_then(|p| get(&p, "enabled")).is_some_and(|e| e.is_truthy());
    let output = if enabled { ask(std::slice::from_ref(&known)).await } else { Err(Refusal::NoPrf) };
    if output.is_err() {
        forget(&known.credential);
    }
    Ok((known, output?))
}

/// A passkey that the device lists is wanted, since some give no PRF to others; where there is no room for one,
/// another does.
fn selection() -> JsValue {
    object([("residentKey", "preferred".into()), ("userVerification", "required".into())])
}

fn listed(known: &[Known]) -> JsValue {
    let one = |k: &Known| object([("type", "public-key".into()), ("id", bytes(&k.credential))]);
    known.iter().map(one).collect::<Array>().into()
}

/// Asks for one of these passkeys; the output of its PRF.
pub async fn ask(known: &[Known]) -> Result<Key32, Refusal> {
    let by_credential = Object::new();
    for k in known {
        let input = object([("first", bytes(&k.input))]);
        let _ = Reflect::set(&by_credential, &base64url(&k.credential).into(), &input);
    }
    let options = object([
        ("challenge", random::<32>()?),
        ("rpId", host()?.into()),
        ("allowCredentials", listed(known)),
        ("userVerification", "required".into()),
        ("timeout", TIMEOUT.into()),
        ("extensions", object([("prf", object([("evalByCredential", by_credential.into())]))])),
    ]);
    let given = credential("get", options).await?;
    let first = prf(&given).and_then(|p| get(&p, "results")).and_then(|r| get(&r, "first"));
    let array = Uint8Array::new(&first.ok_or(Refusal::NoPrf)?);
    let mut copy = array.to_vec();
    array.fill(0, 0, array.length());
    let key = Key32::try_from_slice(&copy).map_err(|_| Refusal::NoPrf);
    zeroize::Zeroize::zeroize(&mut copy);
    key
}

/// Tells the browser that a passkey opens nothing any more, so that it may take it off its list. Not every browser
/// listens.
pub fn forget(credential: &[u8]) {
    let Some(class) = get(&js_sys::global(), "PublicKeyCredential") else { return };
    let signal = get(&class, "signalUnknownCredential").and_then(|f| f.dyn_into::<Function>().ok());
    let (Some(signal), Ok(host)) = (signal, host()) else { return };
    let of = object([("rpId", host.into()), ("credentialId", base64url(credential).into())]);
    if let Some(promise) = signal.call1(&class, &of).ok().and_then(|p| p.dyn_into::<js_sys::Promise>().ok()) {
        wasm_bindgen_futures::spawn_local(async move {
            let _ = JsFuture::from(promise).await;
        });
    }
}

fn base64url(of: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::with_capacity(of.len() * 4 / 3 + 3);
    for piece in of.chunks(3) {
        let joined = (0..3).fold(0_u32, |n, i| n << 8 | u32::from(piece.get(i).copied().unwrap_or(0)));
        for i in 0..=piece.len() {
            let digit = usize::try_from(joined >> (18 - 6 * i) & 63).unwrap_or(0);
            out.push(DIGITS.get(digit).copied().map_or('A', char::from));
        }
    }
    out
}
