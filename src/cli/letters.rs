//! Commands about the outbox: what would have been mailed, for the operator to hand on.

use super::say;
use crate::{config::Config, instance, mail};
use anyhow::{Context, bail};
use keepwell_services::{ServiceError, mail::outbox::OutboxLetter};
use uuid::Uuid;

/// Lists the letters.
pub async fn list(config: &Config) -> anyhow::Result<()> {
    let letters = letters(config, None).await?;
    if letters.is_empty() {
        say("The outbox is empty.");
    }
    for (id, letter) in letters {
        say(&format!("{id}  {}  {}  {}", letter.at.rfc3339(), letter.mail.to, letter.mail.subject));
    }
    Ok(())
}

/// Prints one.
pub async fn show(config: &Config, id: Uuid) -> anyhow::Result<()> {
    let letters = letters(config, Some(id)).await?;
    let letter = letters.into_iter().next().context("there is no such letter")?;
    say(&mail::rendered(&letter.1.mail));
    Ok(())
}

async fn letters(config: &Config, one: Option<Uuid>) -> anyhow::Result<Vec<(Uuid, OutboxLetter)>> {
    let services = instance::open(config).await?;
    let letters = services.read_outbox(one).await;
    super::people::settle(&services).await;
    services.store().close().await;
    match letters {
        Err(ServiceError::NotFound) if one.is_some() => bail!("there is no such letter"),
        Err(ServiceError::NotFound) => bail!("mail goes to a server here: there is no outbox"),
        other => other.context("the outbox cannot be read"),
    }
}
