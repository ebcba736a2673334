//! Files that go out, and files that come in.

use super::{Result, Trouble, window};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Offers bytes as a file.
pub fn offer(name: &str, media_type: &str, bytes: &[u8]) -> Result<()> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).map_err(|_| Trouble::Failed)?;
    let url = Url::create_object_url_with_blob(&blob).map_err(|_| Trouble::Failed)?;
    let document = window().and_then(|w| w.document()).ok_or(Trouble::Failed)?;
    let link = document.create_element("a").map_err(|_| Trouble::Failed)?;
    let link: HtmlAnchorElement = link.dyn_into().map_err(|_| Trouble::Failed)?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The browser has taken it by then; a link that is kept would keep the plain text in memory.
    let later = wasm_bindgen::closure::Closure::once_into_js(move || {
        let _ = Url::revoke_object_url(&url);
    });
    if let Some(window) = window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(later.unchecked_ref(), 10_000);
    }
    Ok(())
}

/// The bytes of the file that was picked.
pub async fn picked(input: &web_sys::HtmlInputElement) -> Result<Option<(String, Vec<u8>)>> {
    let Some(file) = input.files().and_then(|f| f.get(0)) else { return Ok(None) };
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| Trouble::Failed)?;
    Ok(Some((file.name(), Uint8Array::new(&buffer).to_vec())))
}
