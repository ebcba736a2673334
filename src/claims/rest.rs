//! Claims about what rests on disk and about the processes that read files.

use crate::{keyfile, sandbox as reader, state::AppState};
use keepwell_app::trust::Status;

/// The forms in which passwords are stored.
pub async fn passwords(state: &AppState) -> Status {
    match state.services.password_forms().await {
        Ok(forms) if forms.other == 0 => Status::Holds,
        Ok(_) => Status::Off,
        Err(_) => Status::Unknown,
    }
}

/// Whether mail is set up, without which no address is verified.
pub fn addresses(state: &AppState) -> Status {
    if state.services.confirms_addresses() { Status::Holds } else { Status::Off }
}

/// The key file: there, ours and private. A key from elsewhere was checked when it was read.
pub fn root_key(state: &AppState) -> Status {
    let key = &state.config.key;
    if key.secret.is_some() || key.command.is_some() {
        return Status::Holds;
    }
    match keyfile::root_key(&state.config, true) {
        Ok(_) => Status::Holds,
        Err(_) => Status::Broken,
    }
}

/// Readers that try to get out.
pub async fn sandbox(state: &AppState) -> Status {
    let sandbox = state.readers.clone();
    match tokio::task::spawn_blocking(move || reader::self_test(&sandbox)).await {
        Ok(Ok(test)) if test.escapes.is_empty() => Status::Holds,
        Ok(Ok(_)) => Status::Broken,
        _ => Status::Unknown,
    }
}

/// The log's signed head, that it continues the last one and the one of the round before, and that
/// entries are under it.
pub async fn audit_log(state: &AppState) -> Status {
    match state.services.prove_log(state.claims.head().as_ref()).await {
        Ok(Some(head)) => {
            state.claims.keep_head(head);
            Status::Holds
        }
        Ok(None) => Status::Broken,
        Err(_) => Status::Unknown,
    }
}
