//! Settings in words. Only the server carries them.

use super::api::{Conf, Input, Invite, Row};
use crate::{
    admin::sheet::Table,
    admin::texts,
    i18n::{Lang, fmt},
};
use keepwell_domain::setting::{Group, Rule, Setting};
use keepwell_services::{
    admin::MailShown,
    settings::{Change, InviteState, InviteView, SettingView, SettingsPage},
};

const fn say(lang: Lang, [en, de]: [&'static str; 2]) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::De => de,
    }
}

const fn group(g: Group) -> [&'static str; 2] {
    match g {
        Group::People => ["Joining and leaving", "Kommen und gehen"],
        Group::Limits => {
            ["Limits: calls a minute, per network address", "Grenzen: Aufrufe je Minute und Netzadresse"]
        }
        Group::Sessions => ["Sessions: those that begin from now on", "Sitzungen: die ab jetzt beginnen"],
        Group::Oversight => ["Oversight", "Aufsicht"],
        Group::Features => ["Features", "Funktionen"],
        Group::Retention => ["How long things are kept", "Wie lange etwas bleibt"],
        Group::Space => ["Room", "Platz"],
    }
}

/// What a setting is, and what it does where that needs saying.
const fn label(s: Setting) -> ([&'static str; 2], [&'static str; 2]) {
    match s {
        Setting::SignupMode => (
            ["Who may open an account", "Wer ein Konto eröffnen darf"],
            ["The answer is the same for every address.", "Die Antwort ist für jede Adresse gleich."],
        ),
        Setting::InviteDays => {
            (["Days for which an invitation is good", "Tage, die eine Einladung gilt"], ["", ""])
        }
        Setting::Languages => (
            ["Languages of the pages", "Sprachen der Seiten"],
            ["Whoever asks for another one gets the first.", "Wer eine andere verlangt, bekommt die erste."],
        ),
        Setting::DeletionDays => (
            [
                "Days before an account is deleted by an administrator",
                "Tage, bevor ein Konto durch die Verwaltung gelöscht wird",
            ],
            [
                "Its person is told at once, and can object until then.",
                "Die Person wird sofort benachrichtigt und kann bis dahin widersprechen.",
            ],
        ),
        Setting::LimitLogin => (["Sign-ins and proofs", "Anmeldungen und Nachweise"], ["", ""]),
        Setting::LimitSignup => (["New accounts", "Neue Konten"], ["", ""]),
        Setting::LimitUpload => (["Files", "Dateien"], ["", ""]),
        Setting::LimitAsk => (["Questions", "Fragen"], ["", ""]),
        Setting::LimitApi => (["Other calls of the API", "Andere Aufrufe der API"], ["", ""]),
        Setting::SessionIdle => (["Minutes without use", "Minuten ohne Benutzung"], ["", ""]),
        Setting::SessionAbsolute => (["Hours in all", "Stunden insgesamt"], ["", ""]),
        Setting::SessionKeep => (["Days for “keep me signed in”", "Tage für „angemeldet bleiben“"], ["", ""]),
        Setting::SessionProof => (
            ["Minutes for which a proof is fresh", "Minuten, die ein Nachweis frisch ist"],
            ["Sensitive acts ask for a fresh one.", "Heikle Taten verlangen einen frischen."],
        ),
        Setting::SessionAdmin => (
            [
                "Minutes without use, for those who run the instance",
                "Minuten ohne Benutzung, für alle im Betrieb",
            ],
            ["", ""],
        ),
        Setting::SecondAdmin => (
            [
                "A second administrator agrees before anybody's records are opened",
                "Eine zweite Person der Verwaltung stimmt zu, bevor Einträge geöffnet werden",
            ],
            ["", ""],
        ),
        Setting::AiAllowed => (
            ["Questions may go to a provider outside", "Fragen dürfen an einen Anbieter außerhalb gehen"],
            [
                "Only where one is set up, and only for those who agreed.",
                "Nur wenn einer eingerichtet ist, und nur für die, die zugestimmt haben.",
            ],
        ),
        Setting::UsageCounts => (
            ["Count how often features are used", "Zählen, wie oft Funktionen benutzt werden"],
            [
                "By day and feature; no person, session, address or path.",
                "Nach Tag und Funktion; keine Person, Sitzung, Adresse, kein Pfad.",
            ],
        ),
        Setting::KeepMail => (
            ["Days for letters that were sent", "Tage für gesendete Briefe"],
            ["What they said is gone once they are sent.", "Was darin stand, ist mit dem Senden weg."],
        ),
        Setting::KeepCounters => {
            (["Days for the dashboard's counters", "Tage für die Zähler der Übersicht"], ["", ""])
        }
        Setting::KeepCsp => {
            (["Days for what browsers refused", "Tage für das, was Browser ablehnten"], ["", ""])
        }
        Setting::JournalSpace => (
            [
                "Megabytes for the sealed journals of an account",
                "Megabytes für die versiegelten Tagebücher eines Kontos",
            ],
            [
                "What is there already stays when this is made smaller.",
                "Was schon da ist, bleibt, wenn dies kleiner wird.",
            ],
        ),
    }
}

/// A value in words.
fn value(s: Setting, text: &str, lang: Lang) -> String {
    let words = match (s.rule(), text) {
        (Rule::Switch, "true") => ["Yes", "Ja"],
        (Rule::Switch, _) => ["No", "Nein"],
        (Rule::Word(_), "open") => ["Anybody", "Alle"],
        (Rule::Word(_), "invite") => ["Whoever is invited", "Wer eingeladen ist"],
        (Rule::Word(_), "closed") => ["Nobody", "Niemand"],
        (Rule::Words(_), "en,de") => ["English and German", "Englisch und Deutsch"],
        (Rule::Words(_), "en") => ["English", "Englisch"],
        (Rule::Words(_), "de") => ["German", "Deutsch"],
        (Rule::Number(..), _) => {
            return text.parse().map_or_else(|_| text.to_owned(), |n| fmt::count(lang, n));
        }
        _ => return text.to_owned(),
    };
    say(lang, words).to_owned()
}

fn input(s: Setting, lang: Lang) -> Input {
    let choice =
        |codes: &[&str]| Input::Choice(codes.iter().map(|c| ((*c).to_owned(), value(s, c, lang))).collect());
    match s.rule() {
        Rule::Number(least, most) => Input::Number(least, most),
        Rule::Switch => choice(&["true", "false"]),
        Rule::Word(words) => choice(words),
        Rule::Words(words) => {
            let all = words.join(",");
            let mut codes = vec![all.as_str()];
            codes.extend(words);
            choice(&codes)
        }
    }
}

fn row(v: &SettingView, lang: Lang) -> Row {
    let (name, hint) = label(v.setting);
    Row {
        name: v.setting.as_str().to_owned(),
        label: say(lang, name).to_owned(),
        hint: say(lang, hint).to_owned(),
        value: v.value.clone(),
        shown: value(v.setting, &v.value, lang),
        input: input(v.setting, lang),
        is_fixed: v.is_fixed,
        unchanged: if v.is_changed { value(v.setting, &v.unchanged, lang) } else { String::new() },
    }
}

fn history(changes: Vec<Change>, lang: Lang) -> Table {
    let t = texts::running(lang);
    let words = |c: &Change, text: &Option<String>| match (Setting::parse(&c.setting), text) {
        (Some(s), Some(text)) => value(s, text, lang),
        (None, Some(text)) => text.clone(),
        (_, None) => say(lang, ["as the file says", "wie die Datei sagt"]).to_owned(),
    };
    let gone = say(lang, ["an account that is gone", "ein Konto, das es nicht mehr gibt"]);
    let row = |c: Change| {
        let name = Setting::parse(&c.setting)
            .map_or_else(|| c.setting.clone(), |s| say(lang, label(s).0).to_owned());
        let moved = format!("{} → {}", words(&c, &c.old), words(&c, &c.new));
        let by = c.by.unwrap_or_else(|| gone.to_owned());
        vec![fmt::ts(lang, c.at), name, moved, by, c.reason]
    };
    Table {
        caption: t.history.to_owned(),
        heads: [t.when, t.setting, t.old_new, t.who, t.reason].map(str::to_owned).to_vec(),
        rows: changes.into_iter().map(row).collect(),
    }
}

fn invite(i: InviteView, lang: Lang) -> Invite {
    let state = match i.state {
        InviteState::Open => ["good until", "gilt bis"],
        InviteState::Used => ["used; it would have been good until", "benutzt; sie hätte gegolten bis"],
        InviteState::Over => ["not used until", "nicht benutzt bis"],
        InviteState::Revoked => {
            ["taken back; it would have been good until", "zurückgenommen; sie hätte gegolten bis"]
        }
    };
    let none = say(lang, ["Without a note", "Ohne Notiz"]);
    Invite {
        id: i.id.to_string(),
        label: if i.label.is_empty() { none.to_owned() } else { i.label },
        meta: format!("{} {}", say(lang, state), fmt::ts(lang, i.expires)),
        is_open: i.state == InviteState::Open,
    }
}

/// The page in words.
pub fn conf(
    page: SettingsPage,
    invites: Vec<InviteView>,
    mail: MailShown,
    is_proved: bool,
    lang: Lang,
) -> Conf {
    let yes = |b: bool| say(lang, if b { ["Yes", "Ja"] } else { ["No", "Nein"] }).to_owned();
    let way = match mail.way {
        keepwell_domain::view::running::MailWay::Server => ["To a mail server", "An einen Mailserver"],
        keepwell_domain::view::running::MailWay::Outbox => {
            ["Into the outbox folder, to no inbox", "In den Ausgangsordner, in kein Postfach"]
        }
        keepwell_domain::view::running::MailWay::Off => ["Nowhere", "Nirgends"],
    };
    let base = mail.base_url;
    let links =
        if base.is_empty() { say(lang, ["not set", "nicht gesetzt"]).to_owned() } else { base.clone() };
    Conf {
        groups: Group::ALL
            .iter()
            .map(|g| {
                let own = page.settings.iter().filter(|s| s.group() == *g);
                (say(lang, group(*g)).to_owned(), own.map(|s| row(s, lang)).collect())
            })
            .collect(),
        older: page.older.map_or(String::new(), |n| n.to_string()),
        history: history(page.changes, lang),
        invites: invites.into_iter().map(|i| invite(i, lang)).collect(),
        mail: vec![
            (say(lang, ["Letters go", "Briefe gehen"]).to_owned(), say(lang, way).to_owned()),
            (say(lang, ["Addresses are confirmed", "Adressen werden bestätigt"]).to_owned(), yes(mail.confirms)),
            (say(lang, ["Links begin with", "Links beginnen mit"]).to_owned(), links),
            (
                say(lang, ["Where it is set", "Wo es eingestellt wird"]).to_owned(),
                say(
                    lang,
                    [
                        "In keepwell.toml or the environment, for it holds a secret; keepwell doctor tells whether it works.",
                        "In keepwell.toml oder der Umgebung, denn es enthält ein Geheimnis; keepwell doctor sagt, ob es geht.",
                    ],
                )
                .to_owned(),
            ),
        ],
        is_proved,
        base,
        has_mail: mail.way != keepwell_domain::view::running::MailWay::Off,
    }
}
