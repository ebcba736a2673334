//! What a use case says to the log, in one line:
//!
//! ```text
//! self.log(&mut tx, Act::of(actor, Action::RecordAdded).on(id.uuid())).await?;   // in the act's transaction
//! self.log_now(Act::of(actor, Action::StepUp).refused()).await?;                 // where there is none
//! self.log_view(Act::of(actor, Action::MarkersViewed)).await?;                   // before data are given out
//! ```

use crate::actor::{Actor, Device};
use keepwell_domain::{
    act::{ActBy, ActOutcome, Action},
    ids::{AccessTokenId, AccountId, ProfileId},
    sealed::{Fingerprint, Sealed},
};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use uuid::Uuid;

/// Whose log an entry goes into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Whose {
    /// A person's: the detail is sealed with their audit key.
    Person(AccountId),
    /// Nobody's that is known: somebody who named an account that does not exist. The keyed hash
    /// of what they named stands in for it.
    Stranger(Fingerprint),
    /// The instance's own.
    Instance,
}

/// One thing that was done, to be logged. Holds no content, and no text that a person typed.
#[derive(Clone)]
#[must_use = "an act is logged by Services::log, log_now or log_view"]
pub struct Act {
    pub(super) action: Action,
    pub(super) by: ActBy,
    pub(super) outcome: ActOutcome,
    pub(super) actor: Option<AccountId>,
    pub(super) whose: Whose,
    pub(super) profile: Option<ProfileId>,
    pub(super) object: Option<Uuid>,
    pub(super) payload: Option<Fingerprint>,
    pub(super) what: Option<&'static str>,
    pub(super) more: Option<String>,
    pub(super) device: Arc<Device>,
    pub(super) session: Option<[u8; 32]>,
    pub(super) token: Option<AccessTokenId>,
}

impl Act {
    /// Done by a signed-in person, or by the operator in their name.
    pub fn of(actor: &Actor, action: Action) -> Self {
        Self {
            action,
            by: actor.by,
            outcome: ActOutcome::Done,
            actor: Some(actor.account),
            whose: Whose::Person(actor.account),
            profile: Some(actor.profile),
            object: None,
            payload: None,
            what: None,
            more: None,
            device: Arc::clone(&actor.device),
            session: actor.session,
            token: actor.token(),
        }
    }

    fn bare(action: Action, by: ActBy, whose: Whose) -> Self {
        Self {
            action,
            by,
            outcome: ActOutcome::Done,
            actor: None,
            whose,
            profile: None,
            object: None,
            payload: None,
            what: None,
            more: None,
            device: Arc::default(),
            session: None,
            token: None,
        }
    }

    /// Done by a person without a session yet, who proved to be the account's owner: signing in, a
    /// link out of a message.
    pub fn by_owner(account: AccountId, action: Action, device: &Device) -> Self {
        let act = Self::bare(action, ActBy::Person, Whose::Person(account));
        Self { actor: Some(account), ..act }.from(device)
    }

    /// Done, or tried, by somebody who did not prove who they are, to an account that exists.
    pub fn by_unknown(account: AccountId, action: Action, device: &Device) -> Self {
        Self::bare(action, ActBy::Unknown, Whose::Person(account)).from(device)
    }

    /// Tried by somebody on an account that does not exist; `named` is the keyed hash of the address
    /// they gave ([`crate::Services::email_fp`]).
    pub(crate) fn by_stranger(named: Fingerprint, action: Action, device: &Device) -> Self {
        Self::bare(action, ActBy::Unknown, Whose::Stranger(named)).from(device)
    }

    /// Done by the server for a person.
    pub fn by_server(person: AccountId, action: Action) -> Self {
        Self::bare(action, ActBy::Server, Whose::Person(person))
    }

    /// Done by a visitor with a share link, to a person's data.
    pub fn by_visitor(person: AccountId, action: Action, device: &Device) -> Self {
        Self::bare(action, ActBy::Visitor, Whose::Person(person)).from(device)
    }

    /// Done by the command line, to a person's account.
    pub fn by_operator(person: AccountId, action: Action) -> Self {
        Self::bare(action, ActBy::Operator, Whose::Person(person))
    }

    /// Done to the instance itself; in no person's log.
    pub fn of_instance(by: ActBy, action: Action) -> Self {
        Self::bare(action, by, Whose::Instance)
    }

    /// Puts it into another person's log: what an admin did to their account.
    pub fn about(mut self, person: AccountId) -> Self {
        self.whose = Whose::Person(person);
        self.profile = None;
        if self.by == ActBy::Person {
            self.by = ActBy::Admin;
        }
        self
    }

    /// From which device, where the actor does not say.
    pub fn from(mut self, device: &Device) -> Self {
        self.device = Arc::new(device.clone());
        self
    }

    /// In which profile.
    pub const fn in_profile(mut self, profile: ProfileId) -> Self {
        self.profile = Some(profile);
        self
    }

    /// To what: the id of a record, a document, a session, a grant.
    pub const fn on(mut self, object: Uuid) -> Self {
        self.object = Some(object);
        self
    }

    /// The sealed value that was touched; its hash goes into the leaf.
    pub fn touching(mut self, sealed: &Sealed) -> Self {
        self.payload = Some(Fingerprint(Sha256::digest(sealed.as_bytes()).into()));
        self
    }

    /// A word of ours that says more, such as `totp` or `passkey`; it is sealed.
    pub const fn with(mut self, what: &'static str) -> Self {
        self.what = Some(what);
        self
    }

    /// Metadata that no word of ours covers, such as a model's name and how many tokens it took; sealed. Never
    /// what a person typed or a record says.
    pub fn with_metadata(mut self, more: String) -> Self {
        self.more = Some(more);
        self
    }

    /// It was not allowed.
    pub const fn refused(mut self) -> Self {
        self.outcome = ActOutcome::Refused;
        self
    }

    /// It was allowed and did not work.
    pub const fn failed(mut self) -> Self {
        self.outcome = ActOutcome::Failed;
        self
    }
}
