//! The words of the access log. They come from the server with the page: the browser's program does
//! not carry them.

macro_rules! words {
    ($($name:ident: $en:literal, $de:literal;)+) => {
        /// A text of the page.
        #[derive(Clone, Copy)]
        #[allow(dead_code, reason = "the browser alone says some of them")]
        pub(super) enum Word { $($name),+ }

        #[cfg(feature = "ssr")]
        const TEXTS: &[[&str; 2]] = &[$([$en, $de]),+];
    };
}

words! {
    Proof: "Whether this list can be trusted",
        "Ob dieser Liste zu trauen ist";
    Waiting: "Every entry stands in a signed log to which can only be added. With script on, your browser checks that for itself.",
        "Jeder Eintrag steht in einem signierten Protokoll, dem nur hinzugefügt werden kann. Ist Skript erlaubt, prüft Ihr Browser das selbst.";
    Good: "Your browser checked it: all entries shown here ({n}) are proven to stand in the signed log.",
        "Ihr Browser hat geprüft: Alle hier gezeigten Einträge ({n}) stehen nachweislich im signierten Protokoll.";
    Grown: "The log has only grown since you last looked, on {n}.",
        "Das Protokoll ist seit Ihrem letzten Besuch am {n} nur gewachsen.";
    First: "Your browser now remembers this log, and will notice if it is ever changed.",
        "Ihr Browser merkt sich dieses Protokoll nun und bemerkt, wenn es je verändert wird.";
    Unknown: "The proofs could not be fetched just now. Nothing is known to be wrong; reload the page to try again.",
        "Die Nachweise waren gerade nicht abrufbar. Es ist nichts Falsches bekannt; laden Sie die Seite neu, um es noch einmal zu versuchen.";
    Malformed: "Warning: the server's proofs cannot be read. This list cannot be trusted until they can.",
        "Warnung: Die Nachweise des Servers sind nicht lesbar. Bis dahin ist dieser Liste nicht zu trauen.";
    Signature: "Warning: the log's signature is wrong. This list cannot be trusted. Ask whoever runs this server.",
        "Warnung: Die Unterschrift des Protokolls ist falsch. Dieser Liste ist nicht zu trauen. Fragen Sie, wer diesen Server betreibt.";
    Key: "Warning: this is another log than the one that your browser saw before. If this server was not set up anew, ask whoever runs it.",
        "Warnung: Dies ist ein anderes Protokoll als das, das Ihr Browser zuvor sah. Wurde dieser Server nicht neu eingerichtet, fragen Sie, wer ihn betreibt.";
    Entry: "Warning: an entry shown here is not the one that stands in the log. This list cannot be trusted. Ask whoever runs this server.",
        "Warnung: Ein hier gezeigter Eintrag ist nicht der, der im Protokoll steht. Dieser Liste ist nicht zu trauen. Fragen Sie, wer diesen Server betreibt.";
    Unproven: "Warning: an entry shown here is not proven to stand in the log. This list cannot be trusted. Ask whoever runs this server.",
        "Warnung: Für einen hier gezeigten Eintrag ist nicht nachgewiesen, dass er im Protokoll steht. Dieser Liste ist nicht zu trauen. Fragen Sie, wer diesen Server betreibt.";
    Changed: "Warning: the log was changed since you last looked: what stood in it is no longer all there. Ask whoever runs this server.",
        "Warnung: Das Protokoll wurde seit Ihrem letzten Besuch verändert: Was darin stand, ist nicht mehr alles da. Fragen Sie, wer diesen Server betreibt.";
    StartOver: "I know why. Remember the log as it is now",
        "Ich kenne den Grund. Das Protokoll merken, wie es jetzt ist";
    Kind: "What",
        "Was";
    By: "By whom",
        "Durch wen";
    All: "All",
        "Alle";
}

#[cfg(feature = "ssr")]
pub(super) use spoken::page;
#[cfg(feature = "ssr")]
pub(crate) use spoken::{act_words, by_words, kind_words, proof_words};

#[cfg(feature = "ssr")]
mod spoken {
    use super::{
        super::api::{LogPage, Row},
        TEXTS,
    };
    use crate::i18n::{Lang, fill, fmt, plural};
    use keepwell_domain::{
        access::{LogItem, LogView},
        act::{ActBy, ActKind, ActOutcome, Action},
    };

    /// A page of the log in words.
    pub fn page(view: LogView, lang: Lang) -> LogPage {
        let total = plural(
            lang,
            view.total,
            say(lang, ["{n} entry", "{n} Eintrag"]),
            say(lang, ["{n} entries", "{n} Einträge"]),
        );
        LogPage {
            rows: view.items.into_iter().map(|i| row(i, lang)).collect(),
            next: view.next.map_or(String::new(), |n| n.to_string()),
            upto: view.upto.to_string(),
            total,
            kinds: ActKind::ALL
                .iter()
                .map(|k| (k.as_str().to_owned(), say(lang, kind(*k)).to_owned()))
                .collect(),
            who: ActBy::ALL.iter().map(|b| (b.as_str().to_owned(), say(lang, by(*b)).to_owned())).collect(),
            words: proof_words(lang),
        }
    }

    /// The words of the page and of its check, by `Word`.
    pub fn proof_words(lang: Lang) -> Vec<String> {
        TEXTS.iter().map(|t| say(lang, *t).to_owned()).collect()
    }

    const fn say(lang: Lang, [en, de]: [&'static str; 2]) -> &'static str {
        match lang {
            Lang::En => en,
            Lang::De => de,
        }
    }

    fn row(i: LogItem, lang: Lang) -> Row {
        let who = i.by.map_or("", |b| say(lang, by(b)));
        let again = match i.times {
            1 => String::new(),
            n => fill(
                say(lang, ["{n} more times in the same minute", "noch {n}-mal in derselben Minute"]),
                &fmt::count(lang, n.into()),
            ),
        };
        let meta: Vec<&str> =
            [who, &again, &i.device, &i.address].into_iter().filter(|part| !part.is_empty()).collect();
        Row {
            text: i.action.map_or_else(|| i.code.clone(), |a| say(lang, act(a)).to_owned()),
            meta: meta.join(" · "),
            mark: match i.outcome {
                Some(ActOutcome::Refused) => say(lang, ["refused", "abgelehnt"]).to_owned(),
                Some(ActOutcome::Failed) => say(lang, ["did not work", "hat nicht geklappt"]).to_owned(),
                Some(ActOutcome::Done) | None => String::new(),
            },
            href: href(&i),
            id: i.id.to_string(),
            at: i.at,
            action: i.code,
            by: i.by.map_or("", ActBy::as_str).to_owned(),
            outcome: i.outcome.map_or("", ActOutcome::as_str).to_owned(),
        }
    }

    /// Where what it was done to can be seen, unless it is gone.
    fn href(i: &LogItem) -> String {
        let place = match i.action {
            Some(Action::RecordViewed | Action::RecordAdded | Action::RecordChanged) => "records",
            Some(
                Action::DocumentViewed
                | Action::DocumentUploaded
                | Action::DocumentRead
                | Action::DocumentAnswered
                | Action::DocumentDownloaded,
            ) => "documents",
            _ => return String::new(),
        };
        i.object.map_or(String::new(), |o| format!("/{place}/{o}"))
    }

    /// An act in words.
    pub(crate) const fn act_words(a: Action, lang: Lang) -> &'static str {
        say(lang, act(a))
    }

    /// Who, in words.
    pub(crate) const fn by_words(b: ActBy, lang: Lang) -> &'static str {
        say(lang, by(b))
    }

    /// A kind of acts in words.
    pub(crate) const fn kind_words(k: ActKind, lang: Lang) -> &'static str {
        say(lang, kind(k))
    }

    const fn kind(k: ActKind) -> [&'static str; 2] {
        match k {
            ActKind::Access => ["Signing in", "Anmelden"],
            ActKind::View => ["Looking", "Ansehen"],
            ActKind::Change => ["Adding and changing", "Hinzufügen und Ändern"],
            ActKind::Export => ["Taking out and sharing", "Ausgeben und Teilen"],
            ActKind::Account => ["Account", "Konto"],
            ActKind::Admin => ["Administration", "Verwaltung"],
            ActKind::System => ["The server", "Der Server"],
        }
    }

    const fn by(b: ActBy) -> [&'static str; 2] {
        match b {
            ActBy::Person => ["you", "Sie"],
            ActBy::Token => ["a program with your access token", "ein Programm mit Ihrem Zugriffstoken"],
            ActBy::Operator => ["the command line of the server", "die Befehlszeile des Servers"],
            ActBy::Server => ["the server, for you", "der Server, für Sie"],
            ActBy::Admin => ["an administrator", "eine Administratorin oder ein Administrator"],
            ActBy::Support => ["a supporter", "der Support"],
            ActBy::Auditor => ["an auditor", "eine prüfende Person"],
            ActBy::Visitor => ["somebody with your share link", "jemand mit Ihrem Freigabelink"],
            ActBy::Unknown => {
                ["somebody who did not prove who they are", "jemand, der sich nicht ausgewiesen hat"]
            }
        }
    }

    const fn act(a: Action) -> [&'static str; 2] {
        match a {
            Action::SessionStarted => ["Signed in", "Angemeldet"],
            Action::SessionRefused => ["Tried to sign in", "Anmeldung versucht"],
            Action::SessionEnded => ["Ended a session", "Eine Sitzung beendet"],
            Action::SessionsEnded => ["Ended all other sessions", "Alle anderen Sitzungen beendet"],
            Action::StepUp => ["Confirmed a sensitive act", "Einen heiklen Vorgang bestätigt"],
            Action::OverviewViewed => ["Looked at the overview", "Den Überblick angesehen"],
            Action::MarkersViewed => ["Looked at the list of markers", "Die Liste der Werte angesehen"],
            Action::MarkerViewed => ["Looked at a marker over time", "Einen Wert im Verlauf angesehen"],
            Action::TimelineViewed => ["Looked at the list of records", "Die Liste der Einträge angesehen"],
            Action::RecordViewed => ["Looked at a record", "Einen Eintrag angesehen"],
            Action::DocumentsViewed => {
                ["Looked at the list of documents", "Die Liste der Dokumente angesehen"]
            }
            Action::DocumentViewed => ["Looked at a document", "Ein Dokument angesehen"],
            Action::Asked => ["Asked a question about the records", "Eine Frage zu den Einträgen gestellt"],
            Action::ConversationViewed => ["Read a conversation again", "Ein Gespräch nachgelesen"],
            Action::ConversationChanged => ["Renamed a conversation", "Ein Gespräch umbenannt"],
            Action::ConversationDeleted => ["Deleted a conversation", "Ein Gespräch gelöscht"],
            Action::DocumentUploaded => ["Brought a file", "Eine Datei gebracht"],
            Action::UploadBegun => ["Began to bring a file", "Begonnen, eine Datei zu bringen"],
            Action::UploadCancelled => ["Gave up bringing a file", "Das Bringen einer Datei abgebrochen"],
            Action::DocumentRead => ["Read a file", "Eine Datei gelesen"],
            Action::DocumentAnswered => {
                ["Answered a question about a file", "Eine Frage zu einer Datei beantwortet"]
            }
            Action::DocumentReadAgain => ["Had a file read again", "Eine Datei erneut lesen lassen"],
            Action::DocumentReviewed => ["Decided on rows of a file", "Über Zeilen einer Datei entschieden"],
            Action::DocumentDeleted => ["Undid an import", "Einen Import rückgängig gemacht"],
            Action::RecordAdded => ["Added a record", "Einen Eintrag hinzugefügt"],
            Action::RecordChanged => ["Changed a record", "Einen Eintrag geändert"],
            Action::RecordDeleted => ["Deleted a record", "Einen Eintrag gelöscht"],
            Action::FavouriteSet => ["Chose or removed a favourite", "Einen Favoriten gewählt oder entfernt"],
            Action::JournalSynced => {
                ["Synchronised the sealed journal", "Das versiegelte Tagebuch abgeglichen"]
            }
            Action::Exported => ["Exported everything", "Alles ausgegeben"],
            Action::DocumentDownloaded => ["Downloaded a file", "Eine Datei heruntergeladen"],
            Action::ModelAsked => {
                ["Sent a question to a model provider", "Eine Frage an einen Modell-Anbieter gesendet"]
            }
            Action::ShareMade => ["Made a share link", "Einen Freigabelink erstellt"],
            Action::ShareChanged => ["Changed a share link", "Einen Freigabelink geändert"],
            Action::ShareViewed => ["Opened a share link", "Einen Freigabelink geöffnet"],
            Action::ShareRevoked => ["Ended a share link", "Einen Freigabelink beendet"],
            Action::AccountCreated => ["Created the account", "Das Konto angelegt"],
            Action::AccountDeleted => ["Asked to delete the account", "Die Löschung des Kontos verlangt"],
            Action::PasswordChanged => ["Changed the password", "Das Passwort geändert"],
            Action::ResetAsked => ["Asked to reset the password", "Das Zurücksetzen des Passworts verlangt"],
            Action::PasswordReset => ["Reset the password", "Das Passwort zurückgesetzt"],
            Action::VerificationAsked => [
                "Asked for a message to confirm the address",
                "Eine Nachricht zur Bestätigung der Adresse verlangt",
            ],
            Action::EmailVerified => ["Confirmed the e-mail address", "Die E-Mail-Adresse bestätigt"],
            Action::EmailChangeAsked => {
                ["Asked for another e-mail address", "Eine andere E-Mail-Adresse verlangt"]
            }
            Action::EmailChanged => ["Changed the e-mail address", "Die E-Mail-Adresse geändert"],
            Action::FactorAdded => {
                ["Added a second factor or passkey", "Einen zweiten Faktor oder Passkey hinzugefügt"]
            }
            Action::FactorChanged => {
                ["Renamed a second factor or passkey", "Einen zweiten Faktor oder Passkey umbenannt"]
            }
            Action::FactorRemoved => {
                ["Removed a second factor or passkey", "Einen zweiten Faktor oder Passkey entfernt"]
            }
            Action::RecoveryCodesMade => ["Made new recovery codes", "Neue Wiederherstellungscodes erstellt"],
            Action::RecoveryCodeUsed => ["Used a recovery code", "Einen Wiederherstellungscode benutzt"],
            Action::TokenMade => ["Made an access token", "Ein Zugriffstoken erstellt"],
            Action::TokenRevoked => ["Revoked an access token", "Ein Zugriffstoken widerrufen"],
            Action::ProfileAdded => ["Added a profile", "Ein Profil hinzugefügt"],
            Action::ProfileChanged => ["Renamed a profile", "Ein Profil umbenannt"],
            Action::ProfileSwitched => ["Switched to another profile", "Zu einem anderen Profil gewechselt"],
            Action::ProfileDeleted => ["Deleted a profile", "Ein Profil gelöscht"],
            Action::DemoAdded => ["Added the demo person", "Die Demo-Person hinzugefügt"],
            Action::DemoRemoved => ["Removed the demo person", "Die Demo-Person entfernt"],
            Action::SettingsChanged => ["Changed a setting", "Eine Einstellung geändert"],
            Action::ProviderSet => {
                ["Set up a model provider of their own", "Einen eigenen Modell-Anbieter eingerichtet"]
            }
            Action::ProviderRemoved => {
                ["Removed their own model provider", "Den eigenen Modell-Anbieter entfernt"]
            }
            Action::ConsentGiven => [
                "Agreed that questions go to a model provider",
                "Zugestimmt, dass Fragen an einen Modell-Anbieter gehen",
            ],
            Action::ConsentRevoked => [
                "Took back that questions go to a model provider",
                "Widerrufen, dass Fragen an einen Modell-Anbieter gehen",
            ],
            Action::SubscriptionChanged => ["Changed the subscription", "Das Abonnement geändert"],
            Action::BillingEvent => ["Reported something about the payment", "Etwas zur Zahlung gemeldet"],
            Action::AdminCreated => {
                ["Made this account an administrator's", "Dieses Konto zur Verwaltung angelegt"]
            }
            Action::AdminViewed => {
                ["Looked at this account in the administration", "Dieses Konto in der Verwaltung angesehen"]
            }
            Action::RoleChanged => ["Changed the role of this account", "Die Rolle dieses Kontos geändert"],
            Action::Suspended => ["Suspended this account", "Dieses Konto gesperrt"],
            Action::Resumed => ["Let this account in again", "Dieses Konto wieder zugelassen"],
            Action::DeletionAnnounced => {
                ["Announced the deletion of this account", "Die Löschung dieses Kontos angekündigt"]
            }
            Action::DeletionDropped => [
                "Took back the announced deletion of this account",
                "Die angekündigte Löschung dieses Kontos zurückgenommen",
            ],
            Action::ResetForced => {
                ["Forced a reset of the password", "Das Zurücksetzen des Passworts erzwungen"]
            }
            Action::SessionsForced => {
                ["Ended the sessions of this account", "Die Sitzungen dieses Kontos beendet"]
            }
            Action::BreakGlassGranted => [
                "Was granted sight of named records for a while",
                "Bekam für eine Weile Einsicht in benannte Einträge",
            ],
            Action::BreakGlassAsked => [
                "Asked for sight of named records; another administrator has to agree",
                "Um Einsicht in benannte Einträge gebeten; jemand anderes aus der Verwaltung muss zustimmen",
            ],
            Action::BreakGlassViewed => {
                ["Looked at an item under such a grant", "Etwas unter einer solchen Einsicht angesehen"]
            }
            Action::BreakGlassEnded => ["Ended such a grant", "Eine solche Einsicht beendet"],
            Action::LogViewed => ["Read the log", "Das Protokoll gelesen"],
            Action::InviteChanged => {
                ["Made or took back an invitation", "Eine Einladung gemacht oder zurückgenommen"]
            }
            Action::MailTested => {
                ["Sent a letter to see whether mail works", "Einen Brief geschickt, um die Post zu prüfen"]
            }
            Action::JobRetried => [
                "Had a file read again that could not be read",
                "Eine Datei erneut lesen lassen, die nicht gelesen werden konnte",
            ],
            Action::JobDiscarded => [
                "Gave up reading a file that could not be read",
                "Das Lesen einer Datei aufgegeben, die nicht gelesen werden konnte",
            ],
            Action::LogExported => ["Wrote out a part of the log", "Einen Teil des Protokolls ausgegeben"],
            Action::IncidentChanged => {
                ["Opened or changed an incident", "Einen Vorfall eröffnet oder geändert"]
            }
            Action::InstanceChanged => {
                ["Changed a setting of the server", "Eine Einstellung des Servers geändert"]
            }
            Action::InstanceCreated => ["Set the server up", "Den Server eingerichtet"],
            Action::ServerStarted => ["Started the server", "Den Server gestartet"],
            Action::KeysRotated => ["Renewed keys", "Schlüssel erneuert"],
            Action::BackupMade => ["Made a backup", "Eine Sicherung angelegt"],
            Action::BackupProved => ["Proved a backup", "Eine Sicherung geprüft"],
            Action::BackupRestored => ["Restored a backup", "Eine Sicherung zurückgespielt"],
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn every_act_has_a_sentence_of_its_own_in_each_language() {
            for n in 0..2 {
                let mut seen = std::collections::HashSet::new();
                for a in Action::ALL {
                    assert!(seen.insert(act(*a)[n]), "{} is said like another", a.as_str());
                }
            }
            for [en, de] in TEXTS {
                assert_eq!(en.contains("{n}"), de.contains("{n}"), "{en}");
            }
        }
    }
}
