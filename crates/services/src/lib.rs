//! Use cases of Keepwell: authorise, act, note. Pages and API call these and nothing below them.
//!
//! Every use case on a person's data takes the [`Actor`] who acts; only a live session or the
//! operator's command line makes one.
#![forbid(unsafe_code)]

pub mod accounts;
mod actor;
pub mod admin;
mod ask;
pub mod audit;
pub mod blobs;
pub mod claims;
pub mod clock;
mod core;
pub mod counters;
mod demo;
pub mod documents;
mod error;
pub mod host;
mod housekeeping;
mod import;
pub mod journal;
mod keyring;
mod leave;
pub mod limit;
pub mod mail;
mod notices;
pub mod picture;
mod profiles;
mod records;
pub mod reports;
mod secrets;
pub mod series;
pub mod settings;
mod sights;
mod vault;

pub use crate::core::{Services, ServicesConfig, SessionTimes};
pub use accounts::tokens::{MadeToken, NewToken};
pub use accounts::{
    Brought, EmailChange, EnrolledApp, EnrolledPasskey, HalfOpen, Joined, LegacyUser, PasskeySetup, Proof,
    Question, Second, SignedIn, TakenFactors,
};
pub use actor::{Actor, Device, Lang, Role, SessionToken};
pub use admin::{AdminActor, AuditActor, Granted, SightWish, SupportActor};
pub use ask::{Question as AskQuestion, Turn};
pub use ask::{address, model, provider::NewProvider, talk::Earlier};
pub use audit::Act;
pub use documents::{
    RowWord,
    file::FileReader,
    upload::{UploadTicket, UploadWriter, Uploaded},
};
pub use error::{Result, ServiceError};
pub use keepwell_ask::Context as AskContext;
pub use picture::series::SeriesQuery;
pub use records::api::ApiRecords;
pub use secrets::Secret;
