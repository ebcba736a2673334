//! The texts come after the entry of the program, and only those of the page's language: the server
//! has written them all into the page, and nobody needs them again before the page comes alive.

use super::{Lang, Texts, de, en};
use leptos::prelude::*;
use std::cell::Cell;

thread_local! {
    // A page is in one language: another is chosen by a form, which brings a new page.
    static LOADED: Cell<&'static Texts> = const { Cell::new(&Texts::NONE) };
}

#[lazy]
fn texts_in_english() -> &'static Texts {
    &en::TEXTS
}

#[lazy]
fn texts_in_german() -> &'static Texts {
    &de::TEXTS
}

/// Loads the texts of a language; to be awaited before anything is drawn.
pub async fn load(lang: Lang) {
    LOADED.set(match lang {
        Lang::En => texts_in_english().await,
        Lang::De => texts_in_german().await,
    });
}

/// The texts that were loaded.
#[must_use]
pub fn loaded() -> &'static Texts {
    LOADED.get()
}
