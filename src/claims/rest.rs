//! Claims about what rests on disk and about the processes that read files.

use crate::{keyfile, sandbox as reader, state::AppState};
use keepwell_app::trust::Status;
use keepwell_services::ServiceError;

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

/// The log's next signed head: it is refused when the log no longer leads to it from the last one.
pub async fn audit_log(state: &AppState) -> Status {
    match state.services.settle_log().await {
        Ok(_) => Status::Holds,
        Err(ServiceError::Conflict | ServiceError::Internal) => Status::Broken,
        Err(_) => Status::Unknown,
    }
}
