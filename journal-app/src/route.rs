//! Where one is in the journal. All of it stands behind the `#` of the address, which no browser sends.

use keepwell_domain::time::Date;
use keepwell_journal::model::{EntityId, Kind};

/// A part of a cycle's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Pictures and all entries.
    Whole,
    /// The plan against what happened.
    Plan,
    /// "The nurse called."
    Amend,
    /// Eggs and embryos.
    Laboratory,
    /// The sheet for the clinic.
    Sheet,
}

/// A step with other devices and other people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Turning synchronising on.
    On,
    /// Letting a device in.
    Pair,
    /// Sharing with somebody.
    Share,
    /// Another recovery phrase.
    Phrase,
    /// Turning it off.
    Off,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// What is due.
    Today,
    /// A month.
    Month(i16, u8),
    /// A day.
    Day(Date),
    /// All cycles.
    Cycles,
    /// A cycle.
    Cycle(EntityId, Part),
    /// An embryo.
    Embryo(EntityId),
    /// An amendment and what it changed.
    Amendment(EntityId),
    /// Something new; values that stand already, as `field=text`.
    New(Kind, Vec<(String, String)>),
    /// Something that is there.
    Edit(Kind, EntityId),
    /// All of a kind.
    List(Kind),
    /// All that was deleted.
    Deleted,
    /// Cycles side by side.
    Compare,
    /// What is stored.
    Ledger,
    /// Everything else.
    More,
    /// How it looks, locks, reminds.
    Settings,
    /// What opens it.
    Ways,
    /// Backup and restore.
    Backup,
    /// Files of other apps.
    Import,
    /// Everything as files.
    Export,
    /// Values between the journal and the records.
    Records,
    /// Other devices.
    Sync,
    /// A step with other devices.
    SyncStep(Step),
    /// What it is and what it can and cannot do.
    About,
}

impl Route {
    /// Reads what stands behind the `#`; anything else is [`Route::Today`].
    #[must_use]
    pub fn parse(hash: &str) -> Self {
        let path = hash.trim_start_matches('#').trim_start_matches('/');
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let parts: Vec<&str> = path.split('/').collect();
        Self::of(&parts, query).unwrap_or(Self::Today)
    }

    fn of(parts: &[&str], query: &str) -> Option<Self> {
        let id = |text: &str| EntityId::parse(text).ok();
        Some(match *parts {
            ["month", month] => {
                let (year, month) = month.split_once('-')?;
                let month: u8 = month.parse().ok().filter(|m| (1..=12).contains(m))?;
                Self::Month(year.parse().ok().filter(|y| (1..=9999).contains(y))?, month)
            }
            ["day", day] => Self::Day(Date::parse(day).ok()?),
            ["cycles"] => Self::Cycles,
            ["cycle", cycle] => Self::Cycle(id(cycle)?, Part::Whole),
            ["cycle", cycle, part] => Self::Cycle(id(cycle)?, Part::parse(part)?),
            ["embryo", embryo] => Self::Embryo(id(embryo)?),
            ["amendment", amendment] => Self::Amendment(id(amendment)?),
            ["new", kind] => Self::New(Kind::parse(kind)?, pairs(query)),
            ["edit", kind, entity] => Self::Edit(Kind::parse(kind)?, id(entity)?),
            ["list", kind] => Self::List(Kind::parse(kind)?),
            ["deleted"] => Self::Deleted,
            ["compare"] => Self::Compare,
            ["ledger"] => Self::Ledger,
            ["more"] => Self::More,
            ["settings"] => Self::Settings,
            ["ways"] => Self::Ways,
            ["backup"] => Self::Backup,
            ["import"] => Self::Import,
            ["export"] => Self::Export,
            ["records"] => Self::Records,
            ["sync"] => Self::Sync,
            ["sync", step] => Self::SyncStep(Step::parse(step)?),
            ["about"] => Self::About,
            _ => return None,
        })
    }

    /// What stands behind the `#` for it.
    #[must_use]
    pub fn hash(&self) -> String {
        match self {
            Self::Today => "#/".to_owned(),
            Self::Month(year, month) => format!("#/month/{year:04}-{month:02}"),
            Self::Day(day) => format!("#/day/{day}"),
            Self::Cycles => "#/cycles".to_owned(),
            Self::Cycle(id, Part::Whole) => format!("#/cycle/{id}"),
            Self::Cycle(id, part) => format!("#/cycle/{id}/{}", part.as_str()),
            Self::Embryo(id) => format!("#/embryo/{id}"),
            Self::Amendment(id) => format!("#/amendment/{id}"),
            Self::New(kind, values) => {
                let query: Vec<String> = values.iter().map(|(k, v)| format!("{k}={}", escape(v))).collect();
                let mark = if query.is_empty() { "" } else { "?" };
                format!("#/new/{}{mark}{}", kind.as_str(), query.join("&"))
            }
            Self::Edit(kind, id) => format!("#/edit/{}/{id}", kind.as_str()),
            Self::List(kind) => format!("#/list/{}", kind.as_str()),
            Self::Deleted => "#/deleted".to_owned(),
            Self::Compare => "#/compare".to_owned(),
            Self::Ledger => "#/ledger".to_owned(),
            Self::More => "#/more".to_owned(),
            Self::Settings => "#/settings".to_owned(),
            Self::Ways => "#/ways".to_owned(),
            Self::Backup => "#/backup".to_owned(),
            Self::Import => "#/import".to_owned(),
            Self::Export => "#/export".to_owned(),
            Self::Records => "#/records".to_owned(),
            Self::Sync => "#/sync".to_owned(),
            Self::SyncStep(step) => ["#/sync/", step.as_str()].concat(),
            Self::About => "#/about".to_owned(),
        }
    }
}

impl Step {
    const fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Pair => "pair",
            Self::Share => "share",
            Self::Phrase => "phrase",
            Self::Off => "off",
        }
    }
    fn parse(text: &str) -> Option<Self> {
        [Self::On, Self::Pair, Self::Share, Self::Phrase, Self::Off].into_iter().find(|s| s.as_str() == text)
    }
}

impl Part {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Plan => "plan",
            Self::Amend => "amend",
            Self::Laboratory => "laboratory",
            Self::Sheet => "sheet",
        }
    }
    fn parse(text: &str) -> Option<Self> {
        [Self::Plan, Self::Amend, Self::Laboratory, Self::Sheet].into_iter().find(|p| p.as_str() == text)
    }
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter_map(|p| p.split_once('='));
    pairs.map(|(k, v)| (k.to_owned(), unescape(v))).collect()
}

/// Percent-encodes whatever could end a value.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b':' | b'/' => {
                out.push(char::from(b))
            }
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

pub(crate) fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut i) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(b) = bytes.get(i) {
        let coded = (*b == b'%')
            .then(|| text.get(i + 1..i + 3).and_then(|h| u8::from_str_radix(h, 16).ok()))
            .flatten();
        out.push(coded.unwrap_or(*b));
        i += if coded.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_page_is_read_back_from_its_address() {
        let id = EntityId::random([7; 16]);
        for route in [
            Route::Today,
            Route::Month(2026, 3),
            Route::Day(Date::new(2026, 3, 1).unwrap()),
            Route::Cycles,
            Route::Cycle(id, Part::Whole),
            Route::Cycle(id, Part::Amend),
            Route::Embryo(id),
            Route::Amendment(id),
            Route::New(Kind::Dose, vec![("drug".into(), "Gonal & F=50% ü".into())]),
            Route::New(Kind::Cycle, Vec::new()),
            Route::Edit(Kind::Scan, id),
            Route::List(Kind::Person),
            Route::Deleted,
            Route::Settings,
            Route::Ways,
            Route::Records,
            Route::Sync,
            Route::SyncStep(Step::Pair),
            Route::SyncStep(Step::Phrase),
            Route::About,
        ] {
            assert_eq!(Route::parse(&route.hash()), route, "{}", route.hash());
        }
    }

    #[test]
    fn any_other_address_is_today() {
        for hash in [
            "",
            "#",
            "#/nowhere",
            "#/cycle/x",
            "#/month/2026-13",
            "#/new/thing",
            "#/day/yesterday",
            "#/sync/x",
        ] {
            assert_eq!(Route::parse(hash), Route::Today);
        }
    }
}
