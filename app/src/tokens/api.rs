//! Server functions of personal access tokens.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{error::AppError, wire::Ask};
use keepwell_domain::view::{Me, TokenView};
use leptos::prelude::*;
use std::collections::HashMap;

/// All tokens, and the profiles for which one can be made.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "tokens", protocol = Ask)]
pub async fn tokens() -> Result<(Me, Vec<TokenView>), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok((services.me(&actor).await?, services.tokens(&actor).await?))
}

/// Makes a token and answers it. It is shown on the page that answers the form, and never again.
///
/// `scopes` has a key for each chosen scope; an empty `profile` means all.
///
/// # Errors
/// See [`AppError`]; a refused name, scope or life names its field.
#[server(prefix = "/fn", endpoint = "create_token")]
pub async fn create_token(
    name: String,
    #[server(default)] scopes: HashMap<String, String>,
    #[server(default)] profile: String,
    days: u16,
) -> Result<String, AppError> {
    use crate::{ErrorCode, i18n::Lang, ssr};
    use keepwell_domain::scope::{Scope, Scopes, TokenLife};
    let person = ssr::person()?;
    let t = Lang::parse(person.lang().as_str()).texts();
    let scopes = Scopes::of(scopes.keys().filter_map(|code| Scope::parse(code)))
        .ok_or_else(|| AppError::invalid("scopes", t.token_none_chosen))?;
    let life = TokenLife::of_days(days).ok_or_else(|| AppError::new(ErrorCode::Invalid))?;
    let profile = match profile.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| AppError::new(ErrorCode::NotFound))?),
    };
    let new = keepwell_services::NewToken { name: &name, scopes, profile, life };
    Ok(ssr::services()?.create_token(&person, &new).await?.reveal().to_owned())
}

/// Revokes one token.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "revoke_token")]
pub async fn revoke_token(id: String) -> Result<(), AppError> {
    use crate::{ErrorCode, ssr};
    let id = id.parse().map_err(|_| AppError::new(ErrorCode::NotFound))?;
    ssr::services()?.revoke_token(&ssr::person()?, id).await?;
    ssr::redirect("/settings/tokens");
    Ok(())
}

/// Revokes all tokens.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "revoke_all_tokens")]
pub async fn revoke_all_tokens() -> Result<(), AppError> {
    use crate::ssr;
    ssr::services()?.revoke_all_tokens(&ssr::person()?).await?;
    ssr::redirect("/settings/tokens");
    Ok(())
}
