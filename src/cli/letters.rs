//! Commands about the outbox: what would have been mailed, for the operator to hand on.

use super::say;
use crate::{config::Config, instance, mail};
use anyhow::{Context, bail};
use keepwell_services::{ServiceError, mail::outbox::OutboxLetter};
use uuid::Uuid;

/// Lists the letters.
pub async fn list(config: &Config) -> anyhow::Result<()> {
    let letters = letters(config).await?;
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
    let letters = letters(config).await?;
    let letter = letters.into_iter().find(|(i, _)| *i == id).context("there is no such letter")?;
    say(&mail::rendered(&letter.1.mail));
    Ok(())
}

async fn letters(config: &Config) -> anyhow::Result<Vec<(Uuid, OutboxLetter)>> {
    let services = instance::open(config).await?;
    let letters = services.outbox_letters().await;
    services.store().close().await;
    match letters {
        Err(ServiceError::NotFound) => bail!("mail goes to a server here: there is no outbox"),
        other => other.context("the outbox cannot be read"),
    }
}
