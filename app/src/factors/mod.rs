//! The second step of signing in, the factors behind it, and the proof of who asks.

pub mod api;
mod code;
mod page;
mod prove;

pub use code::LoginCodePage;
pub use page::FactorsPage;
pub use prove::{ProvePage, gate, proved_or_gate};

use crate::boot::{use_boot, use_texts};
use leptos::prelude::*;

/// What `public/passkey.js` needs to ask a passkey for the form around it: a button, the fields that it fills in,
/// and a place for what went wrong. Without script there is a sentence instead.
///
/// `ticket` names what was begun; empty where nothing was. `ask` is the address that asks the question.
pub(crate) fn passkey_button(
    ask: &'static str,
    kind: &'static str,
    text: &'static str,
    ticket: String,
) -> AnyView {
    let t = use_texts();
    let origin = use_boot().passkeys().unwrap_or_default();
    let elsewhere = crate::i18n::fill(t.passkey_elsewhere, &origin);
    view! {
        <input type="hidden" name="ticket" value=ticket/>
        <input type="hidden" name="answer" value=""/>
        <p class="NeedsScript">
            <button class="Button is-quiet" type="button" data-passkey=kind data-ask=ask>{text}</button>
        </p>
        <p class="Field-reason" role="alert" data-note="" data-origin=origin data-elsewhere=elsewhere
            data-cancelled=t.passkey_cancelled data-failed=t.passkey_failed></p>
        <p class="NoScript Fine">{t.passkey_no_script}</p>
    }
    .into_any()
}
