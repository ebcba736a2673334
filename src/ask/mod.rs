//! Questions on their way to a model: the only place that opens connections for them.

mod client;
mod dial;

pub use client::{Client, Times};
pub use dial::{Resolve, Resolving, SystemResolver};

use crate::config::Config;
use anyhow::Context;
use keepwell_services::model::AiSetup;
use std::sync::Arc;

/// How this instance reaches models, as the settings say.
///
/// # Errors
/// A sentence that says what to do.
pub fn setup(config: &Config) -> anyhow::Result<AiSetup> {
    let ai = &config.ai;
    let provider = ai.provider()?.map(Arc::new);
    if provider.is_none() && !ai.own {
        return Ok(AiSetup::default());
    }
    let client = Client::new(ai.ca_file.as_deref(), Arc::new(SystemResolver), Times::default())
        .context("TLS for models cannot be set up")?;
    Ok(AiSetup { host: Some(Arc::new(client)), provider, own: ai.own, own_ports: ai.own_ports.clone() })
}
