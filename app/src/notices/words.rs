//! What notices say.

use super::api::{NoticeLine, NoticeList, Words};
use crate::i18n::{Lang, fill, fmt};
use keepwell_domain::{
    notice::{News, NoticeView},
    role::Role,
    time::Ts,
};

/// A page of notices in words. `due`: when the account is going to be deleted, as it stands now.
pub(super) fn list(all: Vec<NoticeView>, due: Option<Ts>, lang: keepwell_services::Lang) -> NoticeList {
    let lang = Lang::parse(lang.as_str());
    let say = |[en, de]: [&str; 2]| match lang {
        Lang::En => en.to_owned(),
        Lang::De => de.to_owned(),
    };
    let words = Words {
        title: say(["News of your account", "Neues zu Ihrem Konto"]),
        text: say([
            "What those who run this instance did to your account, and why.",
            "Was an Ihrem Konto getan hat, wer diese Instanz betreibt, und warum.",
        ]),
        none: say(["Nothing was ever done to your account.", "An Ihrem Konto wurde nie etwas getan."]),
        dismiss: say(["Put away", "Weglegen"]),
        keep: say(["Keep my account", "Mein Konto behalten"]),
    };
    // The newest announcement is the one that counts.
    let mut can_keep = due.is_some();
    let mut line = |n: NoticeView| {
        let keeps = can_keep && matches!(n.news, News::DeletionSet { .. });
        can_keep &= !keeps;
        let (href, more) = match n.news {
            News::SightGranted { grant, .. } => {
                (format!("/settings/grants/{grant}"), say(["Watch it, or end it", "Zusehen oder beenden"]))
            }
            News::FileRetried { document: Some(id) } | News::FileGivenUp { document: Some(id) } => {
                (format!("/documents/{id}"), say(["See the file", "Zur Datei"]))
            }
            _ => (String::new(), String::new()),
        };
        NoticeLine {
            id: n.id.to_string(),
            at: n.at,
            text: sentence(n.news, lang),
            reason: n.reason.map_or(String::new(), |r| format!("{} {r}", say(["Reason:", "Grund:"]))),
            href,
            more,
            can_keep: keeps,
            is_dismissed: n.is_dismissed,
        }
    };
    let lines = all.into_iter().map(&mut line).collect();
    NoticeList { lines, words }
}

fn sentence(news: News, lang: Lang) -> String {
    let (texts, n) = match news {
        News::Suspended => (
            [
                "Your account was suspended. Nothing in it was changed.",
                "Ihr Konto wurde gesperrt. Nichts darin wurde geändert.",
            ],
            String::new(),
        ),
        News::Lifted => {
            (["Your account is no longer suspended.", "Ihr Konto ist nicht mehr gesperrt."], String::new())
        }
        News::SessionsEnded => (
            [
                "All sessions and access tokens of your account were ended.",
                "Alle Sitzungen und Zugriffstoken Ihres Kontos wurden beendet.",
            ],
            String::new(),
        ),
        News::ResetForced => (
            ["You were asked to choose a new password.", "Sie wurden gebeten, ein neues Passwort zu wählen."],
            String::new(),
        ),
        News::RoleChanged { role } => (
            ["The role of your account is now: {n}.", "Die Rolle Ihres Kontos ist jetzt: {n}."],
            role_name(role, lang).to_owned(),
        ),
        News::DeletionSet { due } => (
            [
                "Your account is to be deleted with everything in it on {n}. Until then you can keep it with one press.",
                "Ihr Konto soll mit allem darin gelöscht werden, und zwar am {n}. Bis dahin können Sie es mit einem Druck behalten.",
            ],
            fmt::ts(lang, due),
        ),
        News::DeletionDropped => {
            (["Your account will not be deleted.", "Ihr Konto wird nicht gelöscht."], String::new())
        }
        News::FileRetried { .. } => (
            [
                "A file of yours that could not be read is being read again.",
                "Eine Ihrer Dateien, die nicht gelesen werden konnte, wird noch einmal gelesen.",
            ],
            String::new(),
        ),
        News::FileGivenUp { .. } => (
            [
                "A file of yours could not be read, and reading it was given up. It stays where it is; you can have it read again.",
                "Eine Ihrer Dateien konnte nicht gelesen werden, und das Lesen wurde aufgegeben. Sie bleibt, wo sie ist; Sie können sie noch einmal lesen lassen.",
            ],
            String::new(),
        ),
        News::SightGranted { until, .. } => (
            [
                "Somebody who runs this instance may look at some of your records until {n} at the latest. Each item is listed as it is seen.",
                "Jemand aus dem Betrieb dieser Instanz darf bis spätestens {n} einige Ihrer Daten ansehen. Jeder Eintrag wird aufgeführt, sobald er gesehen wird.",
            ],
            fmt::ts(lang, until),
        ),
    };
    fill(texts[usize::from(lang == Lang::De)], &n)
}

fn role_name(role: Role, lang: Lang) -> &'static str {
    crate::admin::texts::people::of(lang).role_name(role)
}
