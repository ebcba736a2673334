//! Server functions of accounts and sessions.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{error::AppError, wire::Ask};
use keepwell_domain::view::Me;
use leptos::prelude::*;

/// A path of ours to go to after signing in; anything else becomes the overview. `//host`,
/// `/\host` and control characters would lead a browser elsewhere.
#[must_use]
pub fn same_origin_path(next: &str) -> &str {
    let bytes = next.as_bytes();
    let is_ours = bytes.first() == Some(&b'/')
        && !matches!(bytes.get(1), Some(b'/' | b'\\'))
        && bytes.iter().all(|b| (0x21..0x7f).contains(b) && *b != b'\\');
    if is_ours { next } else { "/overview" }
}

/// Makes an account and signs in, or leads to the page that says to look at the mail.
///
/// # Errors
/// See [`AppError`]; a refused address, password or code of an invitation names its field.
#[server(prefix = "/fn", endpoint = "sign_up")]
pub async fn sign_up(
    email: String,
    password: String,
    #[server(default)] code: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let info = ssr::request()?;
    let joined = ssr::services()?.sign_up_with(&email, &password, Some(&code), info.lang, &info.device).await;
    let joined = joined.map_err(|e| match e {
        // On the page the code of an invitation is called as every other code of a link is.
        keepwell_services::ServiceError::Invalid { field: "invite", reason } => {
            AppError::invalid("code", reason)
        }
        other => other.into(),
    })?;
    match joined {
        keepwell_services::Joined::In(token) => {
            ssr::set_session(&token);
            ssr::redirect("/overview");
        }
        keepwell_services::Joined::LookAtMail => ssr::redirect("/sent?for=signup"),
    }
    Ok(())
}

/// Signs in and goes to `next`, by way of the second step where there is one.
///
/// # Errors
/// See [`AppError`]; a wrong pair names the field `password`.
#[server(prefix = "/fn", endpoint = "sign_in")]
pub async fn sign_in(
    email: String,
    password: String,
    #[server(default)] keep: Option<String>,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let info = ssr::request()?;
    let keep = keep.is_some();
    match ssr::services()?.sign_in(&email, &password, keep, &info.device).await? {
        keepwell_services::SignedIn::In(token) => {
            ssr::set_session(&token);
            ssr::redirect(same_origin_path(&next));
        }
        keepwell_services::SignedIn::Half(half) => {
            ssr::set_half(&half);
            let next = crate::ui::esc::url_segment(same_origin_path(&next));
            ssr::redirect(&format!("/login/code?next={next}"));
        }
    }
    Ok(())
}

/// Ends this session.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::ssr;
    ssr::services()?.sign_out(&ssr::anyone()?).await?;
    ssr::clear_session();
    ssr::redirect("/");
    Ok(())
}

/// Who is signed in.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "me", protocol = Ask)]
pub async fn who() -> Result<Me, AppError> {
    use crate::ssr;
    Ok(ssr::services()?.me(&ssr::actor()?).await?)
}

/// A passphrase to take over, made of random words.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "suggest_passphrase", protocol = Ask)]
pub async fn suggest_passphrase() -> Result<String, AppError> {
    Ok(crate::ssr::services()?.suggest_passphrase()?)
}

/// Asks for a link to choose a new password.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "forgot_password")]
pub async fn forgot_password(email: String) -> Result<(), AppError> {
    use crate::ssr;
    let info = ssr::request()?;
    ssr::services()?.forgot_password(&email, info.lang, &info.device).await?;
    ssr::redirect("/sent?for=reset");
    Ok(())
}

/// Sets a new password with the code of a letter.
///
/// # Errors
/// See [`AppError`]; a dead link names the field `code`.
#[server(prefix = "/fn", endpoint = "reset_password")]
pub async fn reset_password(code: String, password: String) -> Result<(), AppError> {
    use crate::ssr;
    let info = ssr::request()?;
    let mark = ssr::services()?.reset_password(&code, &password, info.lang, &info.device).await?;
    ssr::set_device(&mark);
    ssr::redirect("/login?done=reset");
    Ok(())
}

/// Opens the account that was signed up for.
///
/// # Errors
/// See [`AppError`]; a dead link names the field `code`.
#[server(prefix = "/fn", endpoint = "verify_account")]
pub async fn verify_account(code: String, password: String) -> Result<(), AppError> {
    use crate::ssr;
    let info = ssr::request()?;
    let token = ssr::services()?.verify(&code, &password, info.lang, &info.device).await?;
    ssr::set_session(&token);
    ssr::redirect("/overview");
    Ok(())
}

/// Confirms an address with the code of a letter.
///
/// # Errors
/// See [`AppError`]; a dead link names the field `code`.
#[server(prefix = "/fn", endpoint = "confirm_email")]
pub async fn confirm_email(code: String) -> Result<(), AppError> {
    use crate::ssr;
    let (info, actor) = (ssr::request()?, ssr::person().ok());
    let next = ssr::services()?.confirm_email(&code, actor.as_ref(), info.lang, &info.device).await?;
    if let Some(token) = &next {
        ssr::set_session(token);
    }
    let stays = actor.is_some() || next.is_some();
    ssr::redirect(if stays { "/settings/account?done=confirmed" } else { "/login?done=confirmed" });
    Ok(())
}

/// Stops a change of address and sets a new password.
///
/// # Errors
/// See [`AppError`]; a dead link names the field `code`.
#[server(prefix = "/fn", endpoint = "stop_email_change")]
pub async fn stop_email_change(code: String, password: String) -> Result<(), AppError> {
    use crate::ssr;
    let info = ssr::request()?;
    let mark = ssr::services()?.stop_email_change(&code, &password, info.lang, &info.device).await?;
    ssr::set_device(&mark);
    ssr::redirect("/login?done=stopped");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_never_leads_to_another_host() {
        for bad in
            ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nb", "/a\\b", "evil"]
        {
            assert_eq!(same_origin_path(bad), "/overview", "{bad:?}");
        }
        assert_eq!(same_origin_path("/markers/718-7?unit=g"), "/markers/718-7?unit=g");
    }
}
