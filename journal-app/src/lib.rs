//! The pages of the fertility journal: a program of its own, loaded at `/journal` only. Everything that can
//! be worked out is worked out in `keepwell-journal`; here it is drawn, kept in the browser's own database,
//! and asked for.
//!
//! What needs no browser is built and tested natively; the rest is there for WASM alone.
#![forbid(unsafe_code)]
#![recursion_limit = "256"]

pub mod call;
pub mod camera;
pub mod charts;
pub mod follicles;
pub mod forms;
pub mod held;
pub mod invitation;
pub mod line;
pub mod month;
pub mod route;
pub mod units;
pub mod words;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod keep;
#[cfg(target_arch = "wasm32")]
mod part;
#[cfg(target_arch = "wasm32")]
mod sync;
#[cfg(target_arch = "wasm32")]
mod ui;

/// Room among the constants, which nothing reads. Parting the program lays the constants of each part
/// together, which costs some bytes of alignment, and is given up where they then need more room than
/// before.
#[cfg(all(target_arch = "wasm32", feature = "split"))]
#[used]
static SPARE: [u8; 4096] = [b' '; 4096];

#[cfg(target_arch = "wasm32")]
mod entry {
    use wasm_bindgen::prelude::*;

    /// Draws the journal into the page.
    #[wasm_bindgen]
    pub fn start() {
        #[cfg(debug_assertions)]
        console_error_panic_hook::set_once();
        crate::ui::mount();
    }

    /// One task of the worker: what takes long and must not stop the page. See [`crate::browser::work`].
    ///
    /// # Errors
    /// A code of [`crate::browser::work`].
    #[wasm_bindgen]
    pub async fn work(task: String, secret: String, data: Vec<u8>) -> Result<js_sys::Array, JsValue> {
        if task == crate::ui::CODE {
            return crate::ui::read_code(data).await.map_err(JsValue::from_str);
        }
        crate::keep::opening::task(task, secret, data).await.map_err(JsValue::from_str)
    }
}
