//! Keepwell's pages, components and server functions.
//!
//! Every page is complete HTML from the server and works without script; the WASM that follows
//! makes moving between pages quick and charts alive. Forms are plain posts, see [`ui::form`].
#![forbid(unsafe_code)]
#![recursion_limit = "512"]

// Server and browser must agree on it, or no page comes alive.
#[cfg(not(erase_components))]
compile_error!(
    "build inside the repository, whose .cargo/config.toml sets `--cfg erase_components`; with RUSTFLAGS of your own, add it there"
);

pub mod about;
pub mod access_log;
pub mod account;
pub mod add;
pub mod admin;
pub mod ask;
pub mod boot;
pub mod charts;
pub mod documents;
pub mod error;
pub mod factors;
mod frame;
pub mod home;
pub mod i18n;
pub mod marker;
pub mod markers;
pub mod notices;
pub mod overview;
pub mod profiles;
pub mod records;
#[cfg(feature = "ssr")]
pub mod refusal;
mod routes;
pub mod settings;
pub mod sights;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod style;
pub mod timeline;
pub mod tokens;
#[cfg(feature = "ssr")]
pub mod trust;
pub mod ui;
pub mod wire;

pub use boot::Theme;
pub use error::{AppError, ErrorCode};
pub use routes::App;

use boot::Boot;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// Loads the program's entry, and the page's own part of it when the page is first touched: what
/// the server sent is complete to look at and its links and forms work, so most of a first visit's
/// weight can wait. What the hand did meanwhile is told to the page again. A page that shows
/// something under way is brought alive at once.
///
/// After a panic (a page's program that could not be loaded is one) nothing of it would answer a
/// click any more, but would still keep the browser from following links: let the browser do it.
const START: &str = include_str!("start.js");

/// The HTML document around the pages.
///
/// The referrer policy in the document is `same-origin`, although the header says `no-referrer`:
/// with the latter alone browsers send `Origin: null` on a form post, which the server refuses.
#[must_use]
pub fn shell(_options: LeptosOptions) -> impl IntoView {
    let boot = Boot::from_context();
    let [js, wasm, data] = assets();
    let nonce = leptos::nonce::use_nonce();
    let start = format!("const js={js:?},wasm={wasm:?},data={data:?};{START}");
    view! {
        <!DOCTYPE html>
        <html lang=boot.lang.as_str() data-theme=boot.theme.as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="referrer" content="same-origin"/>
                <link rel="stylesheet" href=style::path()/>
                <link rel="icon" href="/icon.svg" type="image/svg+xml"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <link rel="modulepreload" href=js.clone() nonce=nonce.clone()/>
                <MetaTags/>
                <script type="module" nonce=nonce>{start}</script>
            </head>
            <body><App/></body>
        </html>
    }
}

fn assets() -> [String; 3] {
    #[cfg(feature = "ssr")]
    {
        let a = use_context::<ssr::Assets>().unwrap_or_default();
        [a.js, a.wasm, a.data].map(|path| path.to_string())
    }
    #[cfg(not(feature = "ssr"))]
    {
        [const { String::new() }; 3]
    }
}

/// Brings the page alive and says so in `<html data-hydrated="true">`.
#[cfg(feature = "hydrate")]
pub async fn hydrate() {
    let Some(body) = document().body() else { return };
    #[cfg(feature = "split")]
    if let Some(root) = document().document_element() {
        let lang = root.get_attribute("lang").unwrap_or_default();
        i18n::later::load(i18n::Lang::parse(&lang)).await;
    }
    leptos::mount::hydrate_from_async(body, App).await.forget();
    if let Some(root) = document().document_element() {
        // The browser tests wait for this.
        let _ = root.set_attribute("data-hydrated", "true");
    }
}
