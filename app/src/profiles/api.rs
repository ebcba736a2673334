//! Server functions of profiles.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{error::AppError, wire::Ask};
use keepwell_domain::view::{Me, ProfileCounts, Receipt};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
fn id(text: &str) -> Result<keepwell_domain::ids::ProfileId, AppError> {
    text.parse().map_err(|_| AppError::new(crate::ErrorCode::NotFound))
}

#[cfg(feature = "ssr")]
fn relation(code: &str) -> Result<keepwell_domain::profile::Relation, AppError> {
    keepwell_domain::profile::Relation::parse(code).ok_or_else(|| AppError::new(crate::ErrorCode::Invalid))
}

/// All profiles of the login, and how much each holds.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "profiles", protocol = Ask)]
pub async fn profiles() -> Result<(Me, Vec<ProfileCounts>), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok((services.me(&actor).await?, services.profile_counts(&actor).await?))
}

/// Shows another profile from now on, in every window of this browser.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "switch_profile")]
pub async fn switch_profile(profile: String) -> Result<(), AppError> {
    use crate::ssr;
    // Whatever the page showed, the one to switch to is named.
    ssr::services()?.switch_profile(&ssr::person()?, id(&profile)?).await?;
    ssr::redirect("/overview?switched=1");
    Ok(())
}

/// Makes a profile.
///
/// # Errors
/// See [`AppError`]; a refused name names its field.
#[server(prefix = "/fn", endpoint = "create_profile")]
pub async fn create_profile(name: String, relation: String) -> Result<(), AppError> {
    use crate::ssr;
    let relation = self::relation(&relation)?;
    ssr::services()?.create_profile(&ssr::person()?, &name, relation).await?;
    ssr::redirect(super::PAGE);
    Ok(())
}

/// Gives a profile another name and relation.
///
/// # Errors
/// See [`AppError`]; a refused name names its field.
#[server(prefix = "/fn", endpoint = "change_profile")]
pub async fn change_profile(profile: String, name: String, relation: String) -> Result<(), AppError> {
    use crate::ssr;
    let relation = Some(self::relation(&relation)?);
    ssr::services()?.change_profile(&ssr::person()?, id(&profile)?, Some(&name), relation).await?;
    ssr::redirect(super::PAGE);
    Ok(())
}

/// Deletes a profile and everything in it.
///
/// # Errors
/// See [`AppError`]; a wrong password names its field.
#[server(prefix = "/fn", endpoint = "delete_profile")]
pub async fn delete_profile(
    profile: String,
    #[server(default)] password: String,
) -> Result<Receipt, AppError> {
    use crate::{about::receipt_address, ssr};
    let receipt = ssr::services()?.delete_profile(&ssr::person()?, id(&profile)?, &password).await?;
    ssr::redirect(&receipt_address("profile", &receipt));
    Ok(receipt)
}
