//! The WASM entry: attaches the pages to the HTML that the server sent.
#![forbid(unsafe_code)]
