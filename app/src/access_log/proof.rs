//! The card that says whether a list of the log can be trusted: one's own, and the whole one of the administration. The
//! browser itself checks, see `check`.

use super::words::Word;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What a line shows of an entry, to be held against the leaf that is proven.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Its id.
    pub id: String,
    /// When, in microseconds since 1970 UTC.
    pub at: i64,
    /// The code of what was done.
    pub action: String,
    /// The code of who did it.
    pub by: String,
    /// The code of how it ended.
    pub outcome: String,
    /// Its place, where that is shown.
    pub position: Option<u64>,
    /// Pseudonyms and hash, where those are shown.
    pub names: Option<Names>,
}

/// Pseudonyms of an entry and the hash of its leaf, hexadecimal; empty where there is none.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Of who did it.
    pub actor: String,
    /// Of whose log it is in.
    pub person: String,
    /// Of what it was done to.
    pub object: String,
    /// Of the leaf.
    pub hash: String,
}

/// A list to be checked.
#[derive(Clone)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "only the browser checks"))]
pub(crate) struct ToCheck {
    /// Where the same entries are answered with their proofs.
    pub address: String,
    /// What is shown of them, in the same order.
    pub rows: Vec<Shown>,
    /// The words, by `Word`.
    pub words: Vec<String>,
}

impl ToCheck {
    pub(super) fn word(&self, w: Word) -> String {
        self.words.get(w as usize).cloned().unwrap_or_default()
    }
}

/// What the browser found about the proofs.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "only the browser finds something"))]
pub(super) enum Found {
    /// Not yet known.
    Checking,
    /// All holds.
    Good,
    /// Something does not.
    Alarm,
    /// It could not be checked.
    Unknown,
}

/// The card.
pub(crate) fn card(list: ToCheck) -> AnyView {
    let said = RwSignal::new((Found::Checking, list.word(Word::Waiting)));
    let heading = list.word(Word::Proof);
    let over = list.word(Word::StartOver);
    #[cfg(feature = "hydrate")]
    super::check::start(list, said);
    let class = move || match said.get().0 {
        Found::Checking | Found::Unknown => "Card Proof",
        Found::Good => "Card Proof is-good",
        Found::Alarm => "Card Proof is-alarm",
    };
    let role = move || if said.get().0 == Found::Alarm { "alert" } else { "status" };
    let forget = move || {
        let over = over.clone();
        (said.get().0 == Found::Alarm).then(|| {
            view! { <p><button class="Button is-quiet" type="button" on:click=|_| forget()>{over}</button></p> }
        })
    };
    view! {
        <section class=class aria-labelledby="proof-heading">
            <h2 id="proof-heading">{heading}</h2>
            <p role=role>{move || said.get().1}</p>
            {forget}
        </section>
    }
    .into_any()
}

/// Forgets the log that was seen before, and looks anew.
fn forget() {
    #[cfg(feature = "hydrate")]
    super::check::forget();
}
