//! Mail: what is said, the queue, and the worker that sends it.
//!
//! An act queues an order, sealed, in its own transaction; its answer never waits for a mail server.
//! The worker turns the order into a letter when it is sent. Whether an address has an account is
//! looked up there and nowhere earlier, so that answers cannot tell; and links are made there, so
//! that no token ever rests in the queue.

mod lanes;
mod letter;
mod order;
pub mod outbox;
mod texts;
mod trial;
mod worker;

pub use trial::Trial;

pub(crate) use order::{FactorNews, Order, Recipient, Stop};

use serde::{Deserialize, Serialize};
use std::{fmt, future::Future, io, pin::Pin, sync::Arc};
use uuid::Uuid;

/// A letter, ready to be sent.
#[derive(Clone, Serialize, Deserialize)]
pub struct Mail {
    /// The address.
    pub to: String,
    /// One line that discloses nothing.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As HTML without anything remote.
    pub html: String,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mail(***)")
    }
}

/// Why a mail was not taken. The codes are ours and name nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailFault {
    /// To be tried again.
    Later(&'static str),
    /// The address or the letter was refused for good.
    Never(&'static str),
}

/// The future of a delivery.
pub type Sending = Pin<Box<dyn Future<Output = Result<(), MailFault>> + Send>>;

/// Hands a letter to the next server.
pub trait Mailer: Send + Sync + 'static {
    /// Sends it. Must end by itself, in a minute at most.
    fn send(&self, mail: Mail) -> Sending;
}

/// A folder for letters where no server is set up. What it holds is sealed.
pub trait Outbox: Send + Sync + 'static {
    /// Writes a sealed letter.
    ///
    /// # Errors
    /// Those of the disk.
    fn put(&self, id: Uuid, sealed: &[u8]) -> io::Result<()>;
    /// The ids of all letters.
    ///
    /// # Errors
    /// Those of the disk.
    fn list(&self) -> io::Result<Vec<Uuid>>;
    /// A sealed letter.
    ///
    /// # Errors
    /// Those of the disk.
    fn get(&self, id: Uuid) -> io::Result<Vec<u8>>;
    /// Removes a letter; one that is not there is fine.
    ///
    /// # Errors
    /// Those of the disk.
    fn delete(&self, id: Uuid) -> io::Result<()>;
}

/// Where letters go.
#[derive(Clone)]
pub enum MailOut {
    /// To a mail server.
    Server(Arc<dyn Mailer>),
    /// Into a folder, for the operator to read.
    Outbox(Arc<dyn Outbox>),
}

/// How this instance sends mail.
#[derive(Clone, Default)]
pub struct MailSetup {
    /// Where letters go; without one, none is queued.
    pub out: Option<MailOut>,
    /// What links begin with, without a slash at the end. From the settings, never from a request.
    pub base_url: String,
    /// Whether addresses are confirmed before they count.
    pub confirms: bool,
}

impl MailSetup {
    /// Whether letters reach people without the operator's help.
    #[must_use]
    pub const fn delivers(&self) -> bool {
        matches!(self.out, Some(MailOut::Server(_)))
    }
}
