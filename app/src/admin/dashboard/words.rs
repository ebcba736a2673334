//! Numbers into words and shapes. Only the server carries them.

use super::api::{Board, DeadRow, Reports};
use crate::{
    admin::{
        chart::{Drawing, Shape, Unit, draw},
        sheet::{Chart, Fact, Table},
        texts,
    },
    i18n::{Lang, fill, fmt},
};
use keepwell_domain::{
    time::Date,
    view::running::{Dashboard, DeadJob, MailWay, Now, Refused, SPANS, Series, Weakness},
};

const fn say(lang: Lang, [en, de]: [&'static str; 2]) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::De => de,
    }
}

/// A chart: title, what its number is called, its counters with their names, shape and unit.
struct Plan {
    title: [&'static str; 2],
    codes: &'static [(&'static str, [&'static str; 2])],
    shape: Shape,
    unit: Unit,
}

const PLANS: &[Plan] = &[
    Plan {
        title: ["People in use", "Aktive Personen"],
        codes: &[("people.active", ["In use", "Aktiv"]), ("people", ["Accounts", "Konten"])],
        shape: Shape::Line,
        unit: Unit::Count,
    },
    Plan {
        title: ["New people", "Neue Personen"],
        codes: &[("people.new", ["New", "Neu"]), ("people.gone", ["Gone", "Gegangen"])],
        shape: Shape::Bars,
        unit: Unit::Count,
    },
    Plan {
        title: ["Sign-ins", "Anmeldungen"],
        codes: &[("sign_ins", ["Done", "Gelungen"]), ("sign_ins.refused", ["Refused", "Abgelehnt"])],
        shape: Shape::Bars,
        unit: Unit::Count,
    },
    Plan {
        title: ["Refused by limits", "Von Grenzen abgelehnt"],
        codes: &[
            ("refused.login", ["Sign-in", "Anmelden"]),
            ("refused.signup", ["Sign-up", "Registrieren"]),
            ("refused.upload", ["Uploads", "Dateien"]),
            ("refused.ask", ["Questions", "Fragen"]),
            ("refused.api", ["Other", "Andere"]),
        ],
        shape: Shape::Bars,
        unit: Unit::Count,
    },
    Plan {
        title: ["Errors", "Fehler"],
        codes: &[("errors", ["Answers with 500 and above", "Antworten ab 500"])],
        shape: Shape::Bars,
        unit: Unit::Count,
    },
    Plan {
        title: ["Files that wait", "Wartende Dateien"],
        codes: &[("queue", ["Most at once", "Höchstens zugleich"])],
        shape: Shape::Line,
        unit: Unit::Count,
    },
    Plan {
        title: ["Longest wait", "Längste Wartezeit"],
        codes: &[("queue.age", ["Longest", "Längste"])],
        shape: Shape::Line,
        unit: Unit::Seconds,
    },
    Plan {
        title: ["Files that failed for good", "Endgültig gescheiterte Dateien"],
        codes: &[("jobs.dead", ["Failed", "Gescheitert"])],
        shape: Shape::Bars,
        unit: Unit::Count,
    },
    Plan {
        title: ["Sealed files", "Versiegelte Dateien"],
        codes: &[("storage.bytes", ["Size", "Größe"])],
        shape: Shape::Line,
        unit: Unit::Bytes,
    },
    Plan {
        title: ["Database", "Datenbank"],
        codes: &[("database.bytes", ["Size", "Größe"])],
        shape: Shape::Line,
        unit: Unit::Bytes,
    },
    Plan {
        title: ["Free on the disk", "Frei auf der Platte"],
        codes: &[("disk.free", ["Least free", "Am wenigsten frei"])],
        shape: Shape::Line,
        unit: Unit::Bytes,
    },
    Plan {
        title: ["Letters", "Briefe"],
        codes: &[("mail.sent", ["Sent", "Gesendet"]), ("mail.failed", ["Failed", "Gescheitert"])],
        shape: Shape::Bars,
        unit: Unit::Count,
    },
    Plan {
        title: ["Refused by browsers", "Von Browsern abgelehnt"],
        codes: &[("csp", ["Refused", "Abgelehnt"])],
        shape: Shape::Bars,
        unit: Unit::Count,
    },
];

/// The dashboard in words and shapes.
pub fn board(d: Dashboard, lang: Lang) -> Board {
    let t = texts::running(lang);
    let chart = |(i, plan): (usize, &Plan)| chart(plan, i, &d.series, d.first_day, lang);
    let off = d.mail_way;
    Board {
        days: d.days,
        spans: SPANS.iter().map(|n| (*n, fill(t.days, &n.to_string()))).collect(),
        charts: PLANS.iter().enumerate().map(chart).collect(),
        dead: d.dead.iter().map(|j| dead(j, lang)).collect(),
        imports: imports(&d, lang),
        letters: letters(&d, off, lang),
        uses: uses(&d.uses, lang),
        uses_say: say(
            lang,
            if d.counts_uses {
                [
                    "Counted by day and feature, of nobody in particular, and not for browsers that ask not to be counted.",
                    "Gezählt nach Tag und Funktion, von niemand Bestimmtem, und nicht für Browser, die darum bitten, nicht gezählt zu werden.",
                ]
            } else {
                [
                    "Not counted. Settings switch it on.",
                    "Wird nicht gezählt. Die Einstellungen schalten es ein.",
                ]
            },
        )
        .to_owned(),
        now: now(d.now, lang),
    }
}

fn chart(plan: &Plan, i: usize, all: &[Series], first_day: i64, lang: Lang) -> Chart {
    let own: Vec<&Series> =
        plan.codes.iter().filter_map(|(code, _)| all.iter().find(|s| s.code == *code)).collect();
    let days = own.first().map_or(0, |s| s.values.len());
    // What happened is drawn together; of what was there, the first.
    let values: Vec<Option<i64>> = match plan.shape {
        Shape::Line => own.first().map(|s| s.values.clone()).unwrap_or_default(),
        Shape::Bars => (0..days)
            .map(|d| own.iter().filter_map(|s| s.values.get(d).copied().flatten()).reduce(|a, b| a + b))
            .collect(),
    };
    let title = say(lang, plan.title);
    let sentence = sentence(plan, &own, &values, lang);
    let id = format!("run{i}");
    let drawing = Drawing {
        id: &id,
        title,
        say: &sentence,
        values: &values,
        first_day,
        shape: plan.shape,
        unit: plan.unit,
    };
    Chart {
        title: title.to_owned(),
        svg: draw(&drawing, lang),
        table: by_day(title, plan.codes, &own, plan.unit, first_day, lang),
        say: sentence,
    }
}

fn sentence(plan: &Plan, own: &[&Series], values: &[Option<i64>], lang: Lang) -> String {
    let text = |n| plan.unit.text(lang, n);
    match plan.shape {
        Shape::Line => {
            let known = || values.iter().flatten().copied();
            match (known().next_back(), known().max()) {
                (Some(last), Some(most)) => format!(
                    "{} {}, {} {}.",
                    say(lang, ["Last", "Zuletzt"]),
                    text(last),
                    say(lang, ["at most", "höchstens"]),
                    text(most)
                ),
                _ => texts::running(lang).nothing_counted.to_owned(),
            }
        }
        Shape::Bars => plan
            .codes
            .iter()
            .zip(own)
            .map(|((_, name), s)| format!("{}: {}", say(lang, *name), text(s.sum())))
            .collect::<Vec<_>>()
            .join(" · "),
    }
}

/// The days on which anything was counted, the newest first.
fn by_day(
    caption: &str,
    codes: &[(&str, [&'static str; 2])],
    own: &[&Series],
    unit: Unit,
    first_day: i64,
    lang: Lang,
) -> Table {
    let heads = std::iter::once(texts::running(lang).day.to_owned())
        .chain(codes.iter().map(|(_, name)| say(lang, *name).to_owned()))
        .collect();
    let days = own.first().map_or(0, |s| s.values.len());
    let row = |d: usize| {
        let cells: Vec<Option<i64>> = own.iter().map(|s| s.values.get(d).copied().flatten()).collect();
        if cells.iter().all(Option::is_none) {
            return None;
        }
        let day = Date::from_days(first_day + i64::try_from(d).unwrap_or(0));
        let texts = cells.iter().map(|n| n.map_or_else(|| "–".to_owned(), |n| unit.text(lang, n)));
        Some(std::iter::once(fmt::day(lang, day)).chain(texts).collect())
    };
    Table { caption: caption.to_owned(), heads, rows: (0..days).rev().filter_map(row).collect() }
}

fn now(n: Now, lang: Lang) -> Vec<Fact> {
    let count = |n: i64| Unit::Count.text(lang, n);
    let unknown = || say(lang, ["not known", "nicht bekannt"]).to_owned();
    let queue = if n.queue == 0 {
        count(0)
    } else {
        let since = Unit::Seconds.text(lang, n.oldest_s);
        format!("{}, {} {since}", count(n.queue), say(lang, ["the oldest for", "die älteste seit"]))
    };
    let fact = |label, value| (say(lang, label).to_owned(), value);
    vec![
        fact(["Accounts", "Konten"], count(n.people)),
        fact(["In use today (UTC)", "Heute aktiv (UTC)"], count(n.active)),
        fact(["Files that wait", "Wartende Dateien"], queue),
        fact(["Files that failed for good", "Endgültig gescheiterte Dateien"], count(n.dead)),
        fact(["Sealed files", "Versiegelte Dateien"], Unit::Bytes.text(lang, n.storage)),
        fact(["Database", "Datenbank"], format!("{}, {}", Unit::Bytes.text(lang, n.database), n.engine)),
        fact(
            ["Free on the disk", "Frei auf der Platte"],
            n.disk_free.map_or_else(unknown, |b| fmt::size(lang, b)),
        ),
        fact(
            ["Certificate", "Zertifikat"],
            n.certificate_ends.map_or_else(
                || say(lang, ["none of our own", "kein eigenes"]).to_owned(),
                |at| format!("{} {}", say(lang, ["good until", "gilt bis"]), fmt::ts(lang, at)),
            ),
        ),
        fact(
            ["Last backup", "Letzte Sicherung"],
            say(
                lang,
                ["none: Keepwell makes no backups yet", "keine: Keepwell macht noch keine Sicherungen"],
            )
            .to_owned(),
        ),
        fact(["Entries of the log", "Einträge im Protokoll"], fmt::count(lang, n.log_entries)),
        fact(["Reports of weaknesses", "Gemeldete Schwachstellen"], fmt::count(lang, n.reports)),
        fact(["Version", "Version"], if n.version.is_empty() { unknown() } else { n.version }),
    ]
}

fn dead(j: &DeadJob, lang: Lang) -> DeadRow {
    let kind = match j.kind.as_str() {
        "read" => say(lang, ["Reading a file", "Lesen einer Datei"]),
        other => other,
    };
    let why = match j.error.as_str() {
        "lease_expired" => say(lang, ["the reader fell silent", "der Leser verstummte"]),
        "unavailable" => say(lang, ["something it needs was not there", "etwas Nötiges war nicht da"]),
        "malformed" => say(lang, ["the order was broken", "der Auftrag war kaputt"]),
        other => other,
    };
    let more = format!(
        "{} {} · {}: {} · {} {}",
        say(lang, ["Failed on", "Gescheitert am"]),
        fmt::ts(lang, j.failed),
        say(lang, ["Tries", "Versuche"]),
        j.attempts,
        say(lang, ["queued", "eingereiht"]),
        fmt::ts(lang, j.queued)
    );
    DeadRow { id: j.id.to_string(), title: format!("{kind}: {why}"), more, has_person: j.has_person }
}

fn imports(d: &Dashboard, lang: Lang) -> Table {
    let name = |code: &str| match code {
        "fhir" => "FHIR",
        "cda" => "C-CDA, XML",
        "hl7" => "HL7 v2",
        "device" => say(lang, ["Phones and watches", "Telefone und Uhren"]),
        "table" => say(lang, ["Tables", "Tabellen"]),
        "pdf" => "PDF",
        "picture" => say(lang, ["Pictures", "Bilder"]),
        "archive" => say(lang, ["Archives", "Archive"]),
        "text" => say(lang, ["Texts", "Texte"]),
        _ => say(lang, ["Others", "Andere"]),
    };
    let count = |n: i64| Unit::Count.text(lang, n);
    let heads = [["Kind", "Art"], ["Read", "Gelesen"], ["Kept", "Behalten"], ["Failed", "Gescheitert"]];
    Table {
        caption: texts::running(lang).imports.to_owned(),
        heads: heads.map(|h| say(lang, h).to_owned()).to_vec(),
        rows: d
            .imports
            .iter()
            .map(|i| vec![name(&i.family).to_owned(), count(i.done), count(i.kept), count(i.failed)])
            .collect(),
    }
}

fn letters(d: &Dashboard, way: MailWay, lang: Lang) -> Vec<Fact> {
    let way = match way {
        MailWay::Server => say(lang, ["to a mail server", "an einen Mailserver"]),
        MailWay::Outbox => {
            say(lang, ["into the outbox folder, to no inbox", "in den Ausgangsordner, in kein Postfach"])
        }
        MailWay::Off => say(lang, ["nowhere: no mail is set up", "nirgends: keine Post eingerichtet"]),
    };
    let state = |code: &str| match code {
        "queued" => say(lang, ["Waiting", "Wartend"]),
        "sending" => say(lang, ["On their way", "Unterwegs"]),
        "sent" => say(lang, ["Sent", "Gesendet"]),
        "dropped" => say(lang, ["Not needed", "Unnötig"]),
        _ => say(lang, ["Failed", "Gescheitert"]),
    };
    let first = (say(lang, ["Letters go", "Briefe gehen"]).to_owned(), way.to_owned());
    let rest = d.mail.iter().map(|(code, n)| (state(code).to_owned(), Unit::Count.text(lang, *n)));
    std::iter::once(first).chain(rest).collect()
}

fn uses(all: &[Series], lang: Lang) -> Table {
    let name = |code: &str| match code {
        "overview" => say(lang, ["Overview", "Übersicht"]),
        "markers" => say(lang, ["Markers", "Marker"]),
        "timeline" => say(lang, ["Timeline and records", "Zeitstrahl und Einträge"]),
        "documents" => say(lang, ["Documents", "Dokumente"]),
        "uploads" => say(lang, ["Files brought", "Gebrachte Dateien"]),
        "entries" => say(lang, ["Records typed", "Getippte Einträge"]),
        "asks" => say(lang, ["Questions", "Fragen"]),
        "exports" => say(lang, ["Exports", "Ausgaben"]),
        "shares" => say(lang, ["Shares", "Freigaben"]),
        "settings" => say(lang, ["Settings", "Einstellungen"]),
        "access_log" => say(lang, ["Access log", "Zugriffsprotokoll"]),
        "api" => "API",
        _ => say(lang, ["Public pages", "Öffentliche Seiten"]),
    };
    let mut rows: Vec<(i64, &str)> = all.iter().map(|s| (s.sum(), name(&s.code))).collect();
    rows.sort_by_key(|r| std::cmp::Reverse(r.0));
    Table {
        caption: texts::running(lang).uses.to_owned(),
        heads: vec![say(lang, ["Feature", "Funktion"]).to_owned(), say(lang, ["Times", "Male"]).to_owned()],
        rows: rows.into_iter().map(|(n, name)| vec![name.to_owned(), Unit::Count.text(lang, n)]).collect(),
    }
}

/// Reports in words.
pub fn reports(weaknesses: Vec<Weakness>, refused: Vec<Refused>, lang: Lang) -> Reports {
    let heads = [["Directive", "Direktive"], ["Times", "Male"], ["Last", "Zuletzt"]];
    Reports {
        weaknesses: weaknesses
            .into_iter()
            .map(|w| (format!("{} · {}", fmt::ts(lang, w.at), w.id), w.contact, w.text))
            .collect(),
        refused: Table {
            caption: texts::running(lang).browsers.to_owned(),
            heads: heads.map(|h| say(lang, h).to_owned()).to_vec(),
            rows: refused
                .into_iter()
                .map(|r| vec![r.directive, Unit::Count.text(lang, r.times), fmt::ts(lang, r.last)])
                .collect(),
        },
    }
}
