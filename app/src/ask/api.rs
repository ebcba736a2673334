//! Server functions of the Ask page. Script asks through `POST /api/v1/ask`, which streams; the forms here
//! do the same without it.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{
    error::AppError,
    wire::{AsJson, Ask},
};
use keepwell_domain::view::{AskPreview, AskView, OwnProviderView, ProviderView};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the page of settings shows.
#[derive(Clone, Serialize, Deserialize)]
pub struct AskSettingsView {
    /// The provider that may be asked.
    pub provider: Option<ProviderView>,
    /// Whether one of one's own may be set up.
    pub allows_own: bool,
    /// One's own.
    pub own: Option<OwnProviderView>,
}

/// How long a form waits for its answer; the page then says that it is under way.
#[cfg(feature = "ssr")]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

#[cfg(feature = "ssr")]
fn id<T: std::str::FromStr>(text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::new(crate::ErrorCode::NotFound))
}

/// The page: with the conversation of that id, or none; with the conversations that hold `q`.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "ask_page", protocol = Ask)]
pub async fn ask_page(conversation: String, q: Option<String>) -> Result<AsJson<AskView>, AppError> {
    use crate::ssr;
    let open = if conversation.is_empty() { None } else { Some(id(&conversation)?) };
    Ok(AsJson(ssr::services()?.ask_view(&ssr::actor()?, open, q.as_deref()).await?))
}

/// Asks a question and shows the conversation with its answer.
///
/// # Errors
/// See [`AppError`]; a refused question names its field.
#[server(prefix = "/fn", endpoint = "ask_question")]
pub async fn ask_question(
    question: String,
    #[server(default)] conversation: Option<String>,
    #[server(default)] leave: Option<String>,
) -> Result<(), AppError> {
    use crate::ssr;
    let conversation = conversation.filter(|c| !c.is_empty()).map(|c| id(&c)).transpose()?;
    let builtin = leave.is_none();
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    if !builtin && !services.asks_model(&actor).await? {
        // Nothing is sent and nothing is kept: the page shows what would be, and asks.
        return Err(AppError::invalid("leave", String::new()));
    }
    let turn = services
        .ask(&actor, keepwell_services::AskQuestion { text: question, conversation, builtin })
        .await?;
    let to = format!("{}#m-{}", super::address(&turn.conversation.to_string()), turn.message);
    turn.wait(PATIENCE).await;
    ssr::redirect(&to);
    Ok(())
}

/// What the first request for a question would send.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "consent_preview", protocol = Ask)]
pub async fn consent_preview(question: String) -> Result<AskPreview, AppError> {
    use crate::ssr;
    Ok(ssr::services()?.consent_preview(&ssr::actor()?, &question).await?)
}

/// Asks the question that waited, after the person's word: `agree`, or `here` to have it answered here only.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "give_consent")]
pub async fn give_consent(
    fingerprint: String,
    question: String,
    word: String,
    #[server(default)] conversation: Option<String>,
) -> Result<(), AppError> {
    use crate::ssr;
    let conversation = conversation.filter(|c| !c.is_empty()).map(|c| id(&c)).transpose()?;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let builtin = match word.as_str() {
        "agree" => false,
        "here" => true,
        _ => return Err(AppError::new(crate::ErrorCode::Invalid)),
    };
    if !builtin {
        services.consent(&actor, &fingerprint).await?;
    }
    let asked = keepwell_services::AskQuestion { text: question, conversation, builtin };
    let turn = services.ask(&actor, asked).await?;
    let to = format!("{}#m-{}", super::address(&turn.conversation.to_string()), turn.message);
    turn.wait(PATIENCE).await;
    ssr::redirect(&to);
    Ok(())
}

/// Who answers questions.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "ask_settings", protocol = Ask)]
pub async fn ask_settings() -> Result<AskSettingsView, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(AskSettingsView {
        provider: services.provider_of(&actor).await?,
        allows_own: services.allows_own_provider(),
        own: services.own_provider(&actor).await?,
    })
}

/// Sets up a provider of one's own.
///
/// # Errors
/// See [`AppError`]; a refused field is named.
#[server(prefix = "/fn", endpoint = "set_own_provider")]
pub async fn set_own_provider(
    kind: String,
    base_url: String,
    model: String,
    #[server(default)] api_key: String,
    #[server(default)] name: String,
    #[server(default)] place: String,
    #[server(default)] terms: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let new = keepwell_services::NewProvider {
        kind: &kind,
        base_url: &base_url,
        model: &model,
        key: &api_key,
        name: &name,
        place: &place,
        terms: &terms,
    };
    let done = ssr::services()?.set_own_provider(&ssr::actor()?, &new).await;
    done.map_err(|e| {
        let mut e = AppError::from(e);
        // The field of the form is called otherwise, so that its value is never shown again.
        if e.field.as_deref() == Some("key") {
            e.field = Some("api_key".to_owned());
        }
        e
    })?;
    ssr::redirect(super::settings::PAGE);
    Ok(())
}

/// Removes one's own provider.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "remove_own_provider")]
pub async fn remove_own_provider() -> Result<(), AppError> {
    use crate::ssr;
    ssr::services()?.remove_own_provider(&ssr::actor()?).await?;
    ssr::redirect(super::settings::PAGE);
    Ok(())
}

/// Takes the consent to a provider back.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "revoke_consent")]
pub async fn revoke_consent() -> Result<(), AppError> {
    use crate::ssr;
    ssr::services()?.revoke_consent(&ssr::actor()?).await?;
    ssr::redirect(super::settings::PAGE);
    Ok(())
}

/// Asks a question of a conversation again.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "ask_again")]
pub async fn ask_again(
    conversation: String,
    message: String,
    #[server(default)] leave: Option<String>,
) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let turn = services.ask_again(&actor, id(&conversation)?, id(&message)?, leave.is_none()).await?;
    let to = format!("{}#m-{}", super::address(&conversation), turn.message);
    turn.wait(PATIENCE).await;
    ssr::redirect(&to);
    Ok(())
}

/// Gives a conversation another name.
///
/// # Errors
/// See [`AppError`]; a refused name names its field.
#[server(prefix = "/fn", endpoint = "rename_conversation")]
pub async fn rename_conversation(conversation: String, title: String) -> Result<(), AppError> {
    use crate::ssr;
    ssr::services()?.rename_conversation(&ssr::actor()?, id(&conversation)?, &title).await?;
    ssr::redirect(&super::address(&conversation));
    Ok(())
}

/// Deletes a conversation.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "delete_conversation")]
pub async fn delete_conversation(conversation: String) -> Result<(), AppError> {
    use crate::ssr;
    ssr::services()?.delete_conversation(&ssr::actor()?, id(&conversation)?).await?;
    ssr::redirect(super::PAGE);
    Ok(())
}

/// Deletes all conversations.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "delete_conversations")]
pub async fn delete_conversations() -> Result<(), AppError> {
    use crate::ssr;
    ssr::services()?.delete_conversations(&ssr::actor()?).await?;
    ssr::redirect(super::PAGE);
    Ok(())
}
