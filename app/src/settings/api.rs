//! Server functions of the Settings page.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{error::AppError, wire::Ask};
use keepwell_domain::view::{Me, Receipt, SessionView};
use leptos::prelude::*;

/// The account.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "settings", protocol = Ask)]
pub async fn settings() -> Result<Me, AppError> {
    use crate::ssr;
    Ok(ssr::services()?.me(&ssr::actor()?).await?)
}

/// The account's sessions, newest first.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "sessions", protocol = Ask)]
pub async fn sessions() -> Result<Vec<SessionView>, AppError> {
    use crate::ssr;
    Ok(ssr::services()?.sessions(&ssr::actor()?).await?)
}

/// Changes the password; the session goes on under a new id.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "change_password")]
pub async fn change_password(
    #[server(default)] current_password: String,
    password: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor, info) = (ssr::services()?, ssr::person()?, ssr::request()?);
    let token = services.change_password(&actor, &current_password, &password, &info.device).await?;
    ssr::set_session(&token);
    ssr::redirect("/settings/account?done=password");
    Ok(())
}

/// Asks for another address.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "change_email")]
pub async fn change_email(
    #[server(default)] current_password: String,
    email: String,
) -> Result<(), AppError> {
    use crate::ssr;
    use keepwell_services::EmailChange;
    let (services, actor, info) = (ssr::services()?, ssr::person()?, ssr::request()?);
    match services.change_email(&actor, &current_password, &email, &info.device).await? {
        EmailChange::LookAtMail => ssr::redirect("/settings/account?done=sent"),
        EmailChange::Done(token) => {
            ssr::set_session(&token);
            ssr::redirect("/settings/account?done=email");
        }
    }
    Ok(())
}

/// Ends one session.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "end_session")]
pub async fn end_session(session: String) -> Result<(), AppError> {
    use crate::ssr;
    ssr::services()?.end_session(&ssr::person()?, &session).await?;
    ssr::redirect("/settings/sessions");
    Ok(())
}

/// Ends all sessions but this one.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "end_other_sessions")]
pub async fn end_other_sessions() -> Result<(), AppError> {
    use crate::ssr;
    ssr::services()?.end_other_sessions(&ssr::person()?).await?;
    ssr::redirect("/settings/sessions");
    Ok(())
}

/// Chooses the language, for the account when signed in and for this browser.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "choose_lang")]
pub async fn choose_lang(lang: String, #[server(default)] next: String) -> Result<(), AppError> {
    use crate::{account::api::same_origin_path, i18n::Lang, ssr};
    let lang = Lang::parse(&lang);
    if let (Ok(actor), Some(l)) = (ssr::person(), keepwell_services::Lang::parse(lang.as_str())) {
        ssr::services()?.set_lang(&actor, l).await?;
    }
    ssr::set_choice(ssr::LANG_COOKIE, lang.as_str());
    ssr::redirect(if next.is_empty() { "/settings" } else { same_origin_path(&next) });
    Ok(())
}

/// Chooses the colours for this browser.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "choose_theme")]
pub async fn choose_theme(theme: String) -> Result<(), AppError> {
    use crate::{boot::Theme, ssr};
    ssr::set_choice(ssr::THEME_COOKIE, Theme::parse(&theme).as_str());
    ssr::redirect("/settings");
    Ok(())
}

/// Removes the demo person.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "remove_demo")]
pub async fn remove_demo() -> Result<Receipt, AppError> {
    use crate::{about::receipt_address, ssr};
    let receipt = ssr::services()?.remove_demo(&ssr::person()?).await?;
    ssr::redirect(&receipt_address("demo", &receipt));
    Ok(receipt)
}

/// Deletes the account and everything in it.
///
/// # Errors
/// See [`AppError`]; a wrong password names its field.
#[server(prefix = "/fn", endpoint = "delete_account")]
pub async fn delete_account(#[server(default)] password: String) -> Result<Receipt, AppError> {
    use crate::{about::receipt_address, ssr};
    let receipt = ssr::services()?.delete_account(&ssr::person()?, &password).await?;
    ssr::clear_session();
    ssr::redirect(&receipt_address("account", &receipt));
    Ok(receipt)
}
