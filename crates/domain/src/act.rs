//! What the audit log can say was done, by whom, and how it ended: the words of its entries.
//!
//! An entry never holds content: it says that a record was seen, not what it says.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The code in the log, in the database and in the API.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
            /// The value of that code.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use codes;

codes! {
    /// The sorts of acts by which a log is filtered.
    ActKind {
        /// Signing in and out, sessions, fresh proofs.
        Access = "access",
        /// Health data were looked at.
        View = "view",
        /// Health data were put in, changed or deleted.
        Change = "change",
        /// Health data left: exports, downloads, shares.
        Export = "export",
        /// The account itself: password, address, factors, tokens, profiles, settings.
        Account = "account",
        /// What somebody who runs the instance did.
        Admin = "admin",
        /// The instance itself: starts, keys, backups.
        System = "system",
    }
}

codes! {
    /// Who did it.
    ActBy {
        /// The person whose log it is.
        Person = "person",
        /// A program with one of the person's access tokens.
        Token = "token",
        /// Whoever holds the command line of the server.
        Operator = "operator",
        /// The server by itself, for the person: reading a file that was brought.
        Server = "server",
        /// An administrator.
        Admin = "admin",
        /// A supporter.
        Support = "support",
        /// An auditor.
        Auditor = "auditor",
        /// Somebody with a share link.
        Visitor = "visitor",
        /// Somebody who did not prove who they are.
        Unknown = "unknown",
    }
}

codes! {
    /// How it ended.
    ActOutcome {
        /// It was done.
        Done = "done",
        /// It was not allowed.
        Refused = "refused",
        /// It was allowed and did not work.
        Failed = "failed",
    }
}

macro_rules! actions {
    ($($(#[$meta:meta])* $variant:ident = $code:literal in $kind:ident),+ $(,)?) => {
        codes! {
            /// Everything that is logged (spec 10.1).
            Action { $($(#[$meta])* $variant = $code),+ }
        }
        impl Action {
            /// Its sort.
            #[must_use]
            pub const fn kind(self) -> ActKind {
                match self { $(Self::$variant => ActKind::$kind),+ }
            }
        }
    };
}

actions! {
    /// Signed in; refused is [`Action::SessionRefused`].
    SessionStarted = "session.started" in Access,
    /// An attempt to sign in that was refused.
    SessionRefused = "session.refused" in Access,
    /// One session was ended: signed out, or ended from another.
    SessionEnded = "session.ended" in Access,
    /// All other sessions were ended.
    SessionsEnded = "session.others_ended" in Access,
    /// A fresh proof for a sensitive act, given or refused.
    StepUp = "session.step_up" in Access,

    /// The overview was seen.
    OverviewViewed = "overview.viewed" in View,
    /// The list of markers was seen.
    MarkersViewed = "markers.viewed" in View,
    /// One marker over time was seen.
    MarkerViewed = "marker.viewed" in View,
    /// The list of records was seen.
    TimelineViewed = "timeline.viewed" in View,
    /// One record was seen.
    RecordViewed = "record.viewed" in View,
    /// The list of documents was seen.
    DocumentsViewed = "documents.viewed" in View,
    /// One document and what was read from it was seen.
    DocumentViewed = "document.viewed" in View,
    /// A question was asked about the records (never its words).
    Asked = "chat.asked" in View,
    /// A conversation was read again.
    ConversationViewed = "chat.viewed" in View,

    /// A file was brought.
    DocumentUploaded = "document.uploaded" in Change,
    /// An upload was begun.
    UploadBegun = "upload.begun" in Change,
    /// An upload was given up.
    UploadCancelled = "upload.cancelled" in Change,
    /// A file was read into records, or could not be.
    DocumentRead = "document.read" in Change,
    /// A question about a file was answered.
    DocumentAnswered = "document.answered" in Change,
    /// A file was to be read once more.
    DocumentReadAgain = "document.read_again" in Change,
    /// Rows of a table were accepted or left out.
    DocumentReviewed = "document.reviewed" in Change,
    /// A file was deleted, and what only it said.
    DocumentDeleted = "document.deleted" in Change,
    /// A record was put in by hand.
    RecordAdded = "record.added" in Change,
    /// A record was changed.
    RecordChanged = "record.changed" in Change,
    /// A record was deleted.
    RecordDeleted = "record.deleted" in Change,
    /// A marker was made a favourite, or no longer.
    FavouriteSet = "marker.favourite_set" in Change,
    /// A conversation was given another name.
    ConversationChanged = "chat.renamed" in Change,
    /// A conversation, or all of them, was deleted.
    ConversationDeleted = "chat.deleted" in Change,
    /// Sealed journal objects were exchanged.
    JournalSynced = "journal.synced" in Change,

    /// Everything was exported.
    Exported = "profile.exported" in Export,
    /// A file was downloaded.
    DocumentDownloaded = "document.downloaded" in Export,
    /// A question was sent to a model, with what its tools gave it (provider, model, tokens, kinds of records).
    ModelAsked = "chat.model_asked" in Export,
    /// A share link was made.
    ShareMade = "share.made" in Export,
    /// A share link was changed.
    ShareChanged = "share.changed" in Export,
    /// A share link was opened.
    ShareViewed = "share.viewed" in Export,
    /// A share link was ended.
    ShareRevoked = "share.revoked" in Export,

    /// The account was made.
    AccountCreated = "account.created" in Account,
    /// The account was deleted.
    AccountDeleted = "account.deleted" in Account,
    /// The password was changed.
    PasswordChanged = "password.changed" in Account,
    /// A reset of the password was asked for.
    ResetAsked = "password.reset_asked" in Account,
    /// The password was reset.
    PasswordReset = "password.reset" in Account,
    /// A message to prove the address was asked for.
    VerificationAsked = "email.verification_asked" in Account,
    /// The address was proven.
    EmailVerified = "email.verified" in Account,
    /// Another address was asked for.
    EmailChangeAsked = "email.change_asked" in Account,
    /// The address was changed.
    EmailChanged = "email.changed" in Account,
    /// A second factor or a passkey was added.
    FactorAdded = "factor.added" in Account,
    /// A second factor or a passkey was renamed.
    FactorChanged = "factor.changed" in Account,
    /// A second factor or a passkey was removed.
    FactorRemoved = "factor.removed" in Account,
    /// New recovery codes were made.
    RecoveryCodesMade = "factor.codes_made" in Account,
    /// A recovery code was used, or a wrong one tried.
    RecoveryCodeUsed = "factor.code_used" in Account,
    /// An access token was made.
    TokenMade = "token.made" in Account,
    /// An access token was revoked.
    TokenRevoked = "token.revoked" in Account,
    /// A profile was added.
    ProfileAdded = "profile.added" in Account,
    /// A profile was renamed.
    ProfileChanged = "profile.changed" in Account,
    /// Another profile was chosen.
    ProfileSwitched = "profile.switched" in Account,
    /// A profile was deleted.
    ProfileDeleted = "profile.deleted" in Account,
    /// The demo person was added.
    DemoAdded = "demo.added" in Account,
    /// The demo person was removed.
    DemoRemoved = "demo.removed" in Account,
    /// A setting of the account was changed.
    SettingsChanged = "settings.changed" in Account,
    /// A provider of models of one's own was set up.
    ProviderSet = "ask.provider_set" in Account,
    /// A provider of models of one's own was removed.
    ProviderRemoved = "ask.provider_removed" in Account,
    /// It was agreed that questions go to a provider of models.
    ConsentGiven = "ask.consent_given" in Account,
    /// That was taken back.
    ConsentRevoked = "ask.consent_revoked" in Account,
    /// A subscription was changed.
    SubscriptionChanged = "subscription.changed" in Account,
    /// The payment provider said something about the account.
    BillingEvent = "billing.event" in Account,

    /// An administrator was made by the command line.
    AdminCreated = "admin.created" in Admin,
    /// Something about the account was looked at in the admin area.
    AdminViewed = "admin.viewed" in Admin,
    /// The role was changed.
    RoleChanged = "admin.role_changed" in Admin,
    /// The account was suspended.
    Suspended = "admin.suspended" in Admin,
    /// The account was let in again.
    Resumed = "admin.resumed" in Admin,
    /// The deletion of the account was announced.
    DeletionAnnounced = "admin.deletion_announced" in Admin,
    /// The announcement was taken back, by an admin or by the person.
    DeletionDropped = "admin.deletion_dropped" in Admin,
    /// A reset of the password was forced.
    ResetForced = "admin.reset_forced" in Admin,
    /// The sessions were ended by an administrator.
    SessionsForced = "admin.sessions_ended" in Admin,
    /// Sight of named records was granted for a while, with a reason.
    BreakGlassGranted = "break_glass.granted" in Admin,
    /// Such a sight was asked for; another admin has to agree.
    BreakGlassAsked = "break_glass.asked" in Admin,
    /// An item was seen under such a grant.
    BreakGlassViewed = "break_glass.viewed" in Admin,
    /// Such a grant was ended.
    BreakGlassEnded = "break_glass.ended" in Admin,
    /// The log was read by an auditor or an administrator.
    LogViewed = "log.viewed" in Admin,
    /// An incident was opened, changed or closed.
    IncidentChanged = "incident.changed" in Admin,
    /// A setting of the instance was changed.
    InstanceChanged = "instance.changed" in Admin,
    /// An invitation to join was made or taken back.
    InviteChanged = "invite.changed" in Admin,
    /// A letter was sent to see whether mail works.
    MailTested = "mail.tested" in Admin,
    /// Work that had failed for good was put back into the queue.
    JobRetried = "job.retried" in Admin,
    /// Work that had failed for good was given up.
    JobDiscarded = "job.discarded" in Admin,
    /// A part of the log was written out with its proofs.
    LogExported = "log.exported" in Admin,

    /// The instance was made.
    InstanceCreated = "instance.created" in System,
    /// The server was started.
    ServerStarted = "server.started" in System,
    /// Keys were rotated.
    KeysRotated = "keys.rotated" in System,
    /// A backup was made.
    BackupMade = "backup.made" in System,
    /// A backup was proven by a trial restore.
    BackupProved = "backup.proved" in System,
    /// A backup was restored.
    BackupRestored = "backup.restored" in System,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_code_reads_back_and_is_used_once() {
        let mut seen = HashSet::new();
        for a in Action::ALL {
            assert_eq!(Action::parse(a.as_str()), Some(*a));
            assert!(seen.insert(a.as_str()), "{} stands twice", a.as_str());
        }
        for k in ActKind::ALL {
            assert_eq!(ActKind::parse(k.as_str()), Some(*k));
            assert!(Action::ALL.iter().any(|a| a.kind() == *k), "nothing is {}", k.as_str());
        }
        assert_eq!(Action::parse("nonsense"), None);
    }
}
