//! Entries of the log in words. Only the server carries them.

use super::api::{Line, Page};
use crate::{
    access_log::{
        proof::{Names, Shown},
        words::{act_words, by_words, kind_words, proof_words},
    },
    i18n::{Lang, fill, fmt, plural},
};
use keepwell_domain::{
    act::{ActBy, ActKind, ActOutcome, Action},
    view::running::{Cursor, Entry, LogPage},
};
use keepwell_services::admin::RangeVerdict;

const fn say(lang: Lang, [en, de]: [&'static str; 2]) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::De => de,
    }
}

const fn outcome(o: ActOutcome) -> [&'static str; 2] {
    match o {
        ActOutcome::Done => ["done", "geschehen"],
        ActOutcome::Refused => ["refused", "abgelehnt"],
        ActOutcome::Failed => ["did not work", "hat nicht geklappt"],
    }
}

/// Who, in words: one's own log says "you" where this one cannot.
const fn role(by: ActBy, lang: Lang) -> &'static str {
    match by {
        ActBy::Person => say(lang, ["the person", "die Person"]),
        ActBy::Token => say(lang, ["a program of the person", "ein Programm der Person"]),
        ActBy::Server => say(lang, ["the server", "der Server"]),
        other => by_words(other, lang),
    }
}

/// A page in words.
pub fn page(p: LogPage, verdict: Option<(bool, String)>, lang: Lang) -> Page {
    let total = if p.is_more {
        fill(say(lang, ["More than {n} entries", "Mehr als {n} Einträge"]), &fmt::count(lang, p.total))
    } else {
        plural(
            lang,
            p.total,
            say(lang, ["{n} entry", "{n} Eintrag"]),
            say(lang, ["{n} entries", "{n} Einträge"]),
        )
    };
    let pair = |code: &'static str, text: &str| (code.to_owned(), text.to_owned());
    Page {
        lines: p.items.into_iter().map(|e| line(e, lang)).collect(),
        next: p.next.map_or(String::new(), Cursor::text),
        total,
        size: p.size,
        choices: [
            ActKind::ALL.iter().map(|k| pair(k.as_str(), kind_words(*k, lang))).collect(),
            Action::ALL.iter().map(|a| pair(a.as_str(), act_words(*a, lang))).collect(),
            ActOutcome::ALL.iter().map(|o| pair(o.as_str(), say(lang, outcome(*o)))).collect(),
            ActBy::ALL.iter().map(|b| pair(b.as_str(), role(*b, lang))).collect(),
        ],
        verdict,
        words: proof_words(lang),
    }
}

fn line(e: Entry, lang: Lang) -> Line {
    let who = ActBy::parse(&e.by).map_or_else(|| e.by.clone(), |b| role(b, lang).to_owned());
    let mut meta = vec![e.action.clone(), who];
    if e.times > 1 {
        meta.push(fill(say(lang, ["{n} times", "{n}-mal"]), &fmt::count(lang, e.times.into())));
    }
    Line {
        text: Action::parse(&e.action).map_or_else(|| e.action.clone(), |a| act_words(a, lang).to_owned()),
        mark: match ActOutcome::parse(&e.outcome) {
            Some(ActOutcome::Done) | None => String::new(),
            Some(other) => say(lang, outcome(other)).to_owned(),
        },
        meta: meta.join(" · "),
        shown: Shown {
            id: e.id.to_string(),
            at: e.at.0,
            action: e.action,
            by: e.by,
            outcome: e.outcome,
            position: Some(e.position),
            names: Some(Names { actor: e.actor, person: e.person, object: e.object, hash: e.hash }),
        },
    }
}

/// What was found about a range.
pub fn verdict(v: &RangeVerdict, lang: Lang) -> (bool, String) {
    let (first, last) = (fmt::count(lang, v.from), fmt::count(lang, v.to.saturating_sub(1)));
    let size = fmt::count(lang, v.size);
    let text = match (v.is_head_good, v.broken_at) {
        (true, None) => match lang {
            Lang::En => format!(
                "Entries {first} to {last} are all there and unchanged, and stand under the signed head of {size} entries, which continues the one before."
            ),
            Lang::De => format!(
                "Die Einträge {first} bis {last} sind alle da und unverändert und stehen unter der signierten Spitze von {size} Einträgen, die die vorige fortsetzt."
            ),
        },
        (true, Some(at)) => fill(
            say(
                lang,
                [
                    "Warning: from entry {n} on, something is not what was signed. Stop here and find out why.",
                    "Warnung: Ab Eintrag {n} ist etwas nicht, was signiert wurde. Halten Sie hier an und klären Sie, warum.",
                ],
            ),
            &fmt::count(lang, at),
        ),
        (false, _) => conflict(lang),
    };
    (v.holds(), text)
}

/// The head does not hold.
pub fn conflict(lang: Lang) -> String {
    say(
        lang,
        [
            "Warning: the log is not a continuation of what was signed before, or its signature is wrong. Stop here and find out why.",
            "Warnung: Das Protokoll setzt nicht fort, was zuvor signiert wurde, oder seine Unterschrift ist falsch. Halten Sie hier an und klären Sie, warum.",
        ],
    )
    .to_owned()
}
