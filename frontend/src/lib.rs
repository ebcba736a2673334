//! The WASM entry: attaches the pages to the HTML that the server sent.
#![forbid(unsafe_code)]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the document's start script; done once the page is alive.
#[wasm_bindgen]
pub async fn hydrate() {
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    keepwell_app::hydrate().await;
}
