//! Random bytes from the browser, in the page and in the worker.

use js_sys::{Reflect, Uint8Array};
use keepwell_journal::vault::{Random, VaultError};
use wasm_bindgen::JsCast;

/// `crypto.getRandomValues`.
pub struct Os;

impl Random for Os {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), VaultError> {
        let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok();
        let crypto: web_sys::Crypto = crypto.and_then(|c| c.dyn_into().ok()).ok_or(VaultError::Randomness)?;
        // At most 65,536 bytes at a time.
        for piece in out.chunks_mut(1 << 16) {
            #[allow(clippy::cast_possible_truncation)]
            let array = Uint8Array::new_with_length(piece.len() as u32);
            crypto.get_random_values_with_array_buffer_view(&array).map_err(|_| VaultError::Randomness)?;
            array.copy_to(piece);
            array.fill(0, 0, array.length());
        }
        Ok(())
    }
}

/// 16 random bytes, for a new id.
pub fn sixteen() -> Option<[u8; 16]> {
    let mut out = [0; 16];
    Os.fill(&mut out).ok().map(|()| out)
}
