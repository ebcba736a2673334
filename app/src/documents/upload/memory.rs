//! What this browser remembers of uploads, so that they go on after the page was closed.
//!
//! Neither names nor contents are kept, only a number that is the same for the same file: made of
//! its name, size, date, beginning and end, so that two files are never put together into one.

use super::CutOff;
use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// Bytes of the beginning and of the end that count.
const ENDS: f64 = 65_536.0;

/// What the keys of this page's profile begin with: another's uploads are not shown here.
fn prefix() -> String {
    format!("upload:{}:", crate::wire::drawn::profile().unwrap_or_default())
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// FNV-1a, 64 bits.
fn add(hash: &mut u64, bytes: &[u8]) {
    for b in bytes {
        *hash = (*hash ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
    }
}

/// The key of a file; `None` when its content cannot be had.
pub async fn key(file: &File) -> Option<String> {
    let size = file.size();
    let mut hash = 0xcbf2_9ce4_8422_2325;
    add(&mut hash, file.name().as_bytes());
    add(&mut hash, &size.to_le_bytes());
    add(&mut hash, &file.last_modified().to_le_bytes());
    for (from, to) in [(0.0, ENDS.min(size)), ((size - ENDS).max(0.0), size)] {
        let blob = file.slice_with_f64_and_f64(from, to).ok()?;
        let bytes = JsFuture::from(blob.array_buffer()).await.ok()?;
        add(&mut hash, &js_sys::Uint8Array::new(&bytes).to_vec());
    }
    Some(format!("{}{hash:016x}", prefix()))
}

/// The upload of a key: its id.
pub fn find(key: &str) -> Option<String> {
    let text = storage()?.get_item(key).ok().flatten()?;
    text.split(' ').next().map(str::to_owned)
}

/// Keeps how far an upload is.
pub fn keep(key: &str, id: &str, size: u64, received: u64) {
    if let Some(s) = storage() {
        let _ = s.set_item(key, &format!("{id} {size} {received}"));
    }
}

/// Forgets an upload.
pub fn forget(key: &str) {
    if let Some(s) = storage() {
        let _ = s.remove_item(key);
    }
}

/// All uploads that are remembered and have begun to arrive.
pub fn all() -> Vec<CutOff> {
    let (Some(s), prefix) = (storage(), prefix()) else { return Vec::new() };
    let keys = (0..s.length().unwrap_or(0)).filter_map(|i| s.key(i).ok().flatten());
    let one = |key: String| {
        let text = s.get_item(&key).ok().flatten()?;
        let mut parts = text.split(' ').skip(1).map(str::parse);
        let (size, received) = (parts.next()?.ok()?, parts.next()?.ok()?);
        (received > 0).then_some(CutOff { key, size, received })
    };
    keys.filter(|k| k.starts_with(&prefix)).collect::<Vec<_>>().into_iter().filter_map(one).collect()
}
