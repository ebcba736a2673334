//! Server functions of the Ask page. Script asks through `POST /api/v1/ask`, which streams; the forms here
//! do the same without it.
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{
    error::AppError,
    wire::{AsJson, Ask},
};
use keepwell_domain::view::AskView;
use leptos::prelude::*;

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
    let turn = services
        .ask(&actor, keepwell_services::AskQuestion { text: question, conversation, builtin })
        .await?;
    let to = format!("{}#m-{}", super::address(&turn.conversation.to_string()), turn.message);
    turn.wait(PATIENCE).await;
    ssr::redirect(&to);
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
