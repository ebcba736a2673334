//! Asked for before what opens the journal is changed: a page that was left open lets nobody in later.

use super::{
    frame::says,
    state::{App, db},
    ways::reason,
};
use crate::{browser::passkey, keep, words};
use keepwell_journal::vault::SlotSecret;
use leptos::prelude::*;

/// The name of the control.
pub const NAME: &str = "present";

/// The present passphrase; with a passkey, that does as well.
pub fn field(app: App, id: &'static str) -> AnyView {
    let t = words::ways::of(app.lang);
    let has_passkey = keep::ways::passkeys().is_ok_and(|all| !all.is_empty());
    let hint = if has_passkey { t.present_or_passkey } else { t.present_about };
    let hint_id = [id, "-hint"].concat();
    view! {
        <div class="Field">
            <label for=id>{t.present}</label>
            <input type="password" id=id name=NAME autocomplete="current-password" required=!has_passkey aria-describedby=hint_id.clone()/>
            <span class="Field-hint" id=hint_id>{hint}</span>
        </div>
    }
    .into_any()
}

/// Whether whoever sits there can open the journal.
///
/// # Errors
/// What to say where they cannot.
pub async fn given(app: App, passphrase: &str) -> Result<(), &'static str> {
    let told = |trouble| says(app, trouble);
    let db = db().map_err(told)?;
    let passkeys = keep::ways::passkeys().map_err(told)?;
    if !passphrase.is_empty() || passkeys.is_empty() {
        return keep::check_passphrase(&db, passphrase).await.map_err(told);
    }
    let output = passkey::ask(&passkeys).await.map_err(|refusal| reason(app, refusal))?;
    keep::ways::check(&db, SlotSecret::Passkey(&output)).await.map_err(told)
}
