//! Letters on their way out: to a mail server, or into the outbox folder.

mod message;
mod outbox;
mod smtp;

pub use message::rendered;

use crate::config::{Config, Listen};
use anyhow::Context;
use keepwell_services::mail::{MailOut, MailSetup};
use outbox::Folder;
use smtp::Server;
use std::sync::Arc;

/// How this instance sends mail, as the settings say.
///
/// # Errors
/// A sentence that says what to do.
pub fn setup(config: &Config) -> anyhow::Result<MailSetup> {
    let out = match &config.mail.server {
        Some(server) => MailOut::Server(Arc::new(Server::new(server, &config.mail)?)),
        None => {
            let folder = config.data_dir.join("outbox");
            let folder = Folder::open(folder).context("the outbox folder cannot be made")?;
            MailOut::Outbox(Arc::new(folder))
        }
    };
    // Without mail, the operator alone reads the links, and knows the address that they must begin with.
    let base_url = config.public_url.as_ref().map_or_else(
        || match &config.listen {
            Listen::Tcp(address) => format!("http://{address}"),
            Listen::Unix(_) => "http://localhost".to_owned(),
        },
        ToString::to_string,
    );
    Ok(MailSetup { out: Some(out), base_url, confirms: config.mail.confirms() })
}

/// One line about mail for whoever starts the server.
#[must_use]
pub fn told(config: &Config) -> String {
    match &config.mail.server {
        Some(server) => format!("Mail goes to {}.", server.host),
        None => {
            "No mail server is set: letters go to the outbox; read them with: keepwell outbox list".to_owned()
        }
    }
}
