//! Server functions of second factors.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{error::AppError, wire::Ask};
use keepwell_domain::view::{FactorsView, Ways};
use leptos::prelude::*;

/// Where changes lead back to.
#[cfg(feature = "ssr")]
const PAGE: &str = "/settings/factors";

/// The second factors of the account.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "factors", protocol = Ask)]
pub async fn factors() -> Result<FactorsView, AppError> {
    use crate::ssr;
    Ok(ssr::services()?.factors(&ssr::anyone()?).await?)
}

/// A sign-in that is half done in this browser: by what it can be finished, and its ticket.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "half_open", protocol = Ask)]
pub async fn half_open() -> Result<Option<(Ways, String)>, AppError> {
    use crate::ssr;
    let Some(ticket) = ssr::half() else { return Ok(None) };
    Ok(ssr::services()?.half_open(&ticket).await?.map(|ways| (ways, ticket)))
}

/// Finishes a sign-in with a code, or with the answer of a passkey.
///
/// # Errors
/// See [`AppError`]; a wrong one names the field `code` or `passkey`.
#[server(prefix = "/fn", endpoint = "finish_sign_in")]
pub async fn finish_sign_in(
    #[server(default)] ticket: String,
    #[server(default)] code: String,
    #[server(default)] answer: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    use crate::{account::api::same_origin_path, ssr};
    use keepwell_services::Second;
    let info = ssr::request()?;
    let ticket = if ticket.is_empty() { ssr::half().unwrap_or_default() } else { ticket };
    let second = if answer.is_empty() { Second::Code(&code) } else { Second::Passkey(&answer) };
    match ssr::services()?
        .finish_sign_in(&ticket, second, info.lang, &info.device)
        .await
        .map_err(AppError::from)
    {
        Ok(token) => {
            ssr::set_session(&token);
            ssr::clear_half();
            ssr::redirect(same_origin_path(&next));
            Ok(())
        }
        Err(e) if e.field.as_deref() == Some("ticket") => {
            ssr::clear_half();
            ssr::redirect("/login?done=late");
            Ok(())
        }
        Err(e) => Err(e),
    }
}

/// Signs in with a passkey alone.
///
/// # Errors
/// See [`AppError`]; one that is not accepted names the field `passkey`.
#[server(prefix = "/fn", endpoint = "passkey_sign_in")]
pub async fn passkey_sign_in(
    ticket: String,
    answer: String,
    #[server(default)] keep: Option<String>,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    use crate::{account::api::same_origin_path, ssr};
    let info = ssr::request()?;
    let services = ssr::services()?;
    let keep = keep.is_some();
    let token = services.sign_in_with_passkey(&ticket, &answer, keep, info.lang, &info.device).await?;
    ssr::set_session(&token);
    ssr::redirect(same_origin_path(&next));
    Ok(())
}

/// Proves who holds the session, and goes back to `next`.
///
/// # Errors
/// See [`AppError`]; a wrong one names the field `password`, `code` or `passkey`.
#[server(prefix = "/fn", endpoint = "prove_self")]
pub async fn prove_self(
    #[server(default)] password: String,
    #[server(default)] code: String,
    #[server(default)] ticket: String,
    #[server(default)] answer: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    use crate::{account::api::same_origin_path, ssr};
    use keepwell_services::Proof;
    let info = ssr::request()?;
    let proof = if answer.is_empty() {
        Proof::Password { password: &password, code: &code }
    } else {
        Proof::Passkey { ticket: &ticket, answer: &answer }
    };
    let token = ssr::services()?.prove_self(&ssr::anyone()?, proof, &info.device).await?;
    ssr::set_session(&token);
    ssr::redirect(same_origin_path(&next));
    Ok(())
}

/// Makes a secret for an authenticator app; the page shows it until a code of it was typed.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "begin_app")]
pub async fn begin_app() -> Result<(), AppError> {
    use crate::ssr;
    ssr::services()?.begin_app(&ssr::anyone()?).await?;
    ssr::redirect(PAGE);
    Ok(())
}

/// Puts the app in force; answers the recovery codes that were made, one in a line.
///
/// # Errors
/// See [`AppError`]; a wrong code names its field.
#[server(prefix = "/fn", endpoint = "confirm_app")]
pub async fn confirm_app(code: String) -> Result<String, AppError> {
    use crate::ssr;
    let (services, info) = (ssr::services()?, ssr::request()?);
    let done = services.confirm_app(&ssr::anyone()?, &code, &info.device).await?;
    ssr::set_session(&done.session);
    Ok(done.codes.unwrap_or_default().join("\n"))
}

/// Takes the app out of force.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "remove_app")]
pub async fn remove_app() -> Result<(), AppError> {
    use crate::ssr;
    let (services, info) = (ssr::services()?, ssr::request()?);
    ssr::set_session(&services.remove_app(&ssr::person()?, &info.device).await?);
    ssr::redirect(PAGE);
    Ok(())
}

/// Makes recovery codes in place of the old ones, and answers them, one in a line.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "make_recovery_codes")]
pub async fn make_recovery_codes() -> Result<String, AppError> {
    use crate::ssr;
    let (services, info) = (ssr::services()?, ssr::request()?);
    let (session, codes) = services.make_recovery_codes(&ssr::person()?, &info.device).await?;
    ssr::set_session(&session);
    Ok(codes.join("\n"))
}

/// Adds a passkey; answers the recovery codes that were made, one in a line.
///
/// # Errors
/// See [`AppError`]; a refused name or passkey names its field.
#[server(prefix = "/fn", endpoint = "add_passkey")]
pub async fn add_passkey(name: String, ticket: String, answer: String) -> Result<String, AppError> {
    use crate::ssr;
    let (services, info) = (ssr::services()?, ssr::request()?);
    let done = services.add_passkey(&ssr::anyone()?, (&ticket, &answer), &name, &info.device).await?;
    ssr::set_session(&done.session);
    Ok(done.codes.unwrap_or_default().join("\n"))
}

/// Renames a passkey.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "rename_passkey")]
pub async fn rename_passkey(id: String, name: String) -> Result<(), AppError> {
    use crate::{ErrorCode, ssr};
    let id = id.parse().map_err(|_| AppError::new(ErrorCode::NotFound))?;
    ssr::services()?.rename_passkey(&ssr::person()?, id, &name).await?;
    ssr::redirect(PAGE);
    Ok(())
}

/// Removes a passkey.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "remove_passkey")]
pub async fn remove_passkey(id: String) -> Result<(), AppError> {
    use crate::{ErrorCode, ssr};
    let id = id.parse().map_err(|_| AppError::new(ErrorCode::NotFound))?;
    let (services, info) = (ssr::services()?, ssr::request()?);
    ssr::set_session(&services.remove_passkey(&ssr::person()?, id, &info.device).await?);
    ssr::redirect(PAGE);
    Ok(())
}
