//! A key that the browser keeps and does not give out: what lies in the database opens on this device only.

use super::{Result, Trouble, db::Db, random::Os, window};
use js_sys::{Array, Uint8Array};
use keepwell_journal::vault::Random;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, AesKeyGenParams, CryptoKey, SubtleCrypto};

const KEY: &str = "device";
/// The name of the locked vault in the database.
pub const VAULT: &str = "locked";
const NONCE: usize = 12;

fn subtle() -> Result<SubtleCrypto> {
    Ok(window().and_then(|w| w.crypto().ok()).ok_or(Trouble::Failed)?.subtle())
}

async fn make(db: &Db) -> Result<CryptoKey> {
    let params = AesKeyGenParams::new("AES-GCM", 256);
    let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
    let made = subtle()?.generate_key_with_object(&params, false, &uses).map_err(|e| Trouble::of(&e))?;
    let key: CryptoKey =
        JsFuture::from(made).await.map_err(|e| Trouble::of(&e))?.dyn_into().map_err(|_| Trouble::Failed)?;
    db.put(KEY, &key).await?;
    Ok(key)
}

async fn find(db: &Db) -> Result<Option<CryptoKey>> {
    Ok(db.get(KEY).await?.and_then(|k| k.dyn_into().ok()))
}

/// Whether there is a journal on this device.
pub async fn has_vault(db: &Db) -> Result<bool> {
    Ok(db.get(VAULT).await?.is_some())
}

/// Seals a locked vault with the key of this device. It is kept as [`VAULT`].
pub async fn seal(db: &Db, locked: &[u8]) -> Result<Vec<u8>> {
    let key = match find(db).await? {
        Some(key) => key,
        None => make(db).await?,
    };
    let mut nonce = [0; NONCE];
    Os.fill(&mut nonce).map_err(|_| Trouble::Failed)?;
    let params = AesGcmParams::new("AES-GCM", &Uint8Array::from(&nonce[..]));
    let sealed = subtle()?
        .encrypt_with_object_and_js_u8_array(&params, &key, &Uint8Array::from(locked))
        .map_err(|e| Trouble::of(&e))?;
    let sealed = JsFuture::from(sealed).await.map_err(|e| Trouble::of(&e))?;
    Ok([&nonce[..], &Uint8Array::new(&sealed).to_vec()].concat())
}

/// The locked vault.
pub async fn find_vault(db: &Db) -> Result<Vec<u8>> {
    let stored = db.get(VAULT).await?.ok_or(Trouble::Damaged)?;
    let bytes = stored.dyn_ref::<Uint8Array>().ok_or(Trouble::Damaged)?.to_vec();
    let (nonce, sealed) = bytes.split_at_checked(NONCE).ok_or(Trouble::Damaged)?;
    let key = find(db).await?.ok_or(Trouble::NoDeviceKey)?;
    let params = AesGcmParams::new("AES-GCM", &Uint8Array::from(nonce));
    let opened = subtle()?
        .decrypt_with_object_and_js_u8_array(&params, &key, &Uint8Array::from(sealed))
        .map_err(|_| Trouble::Damaged)?;
    let opened = JsFuture::from(opened).await.map_err(|_| Trouble::Damaged)?;
    Ok(Uint8Array::new(&opened).to_vec())
}
