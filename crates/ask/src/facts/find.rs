//! Finding markers by what people call them, and records by the words in them.

use super::{Facts, ItemFact, MarkerFact};
use crate::text::{fold, nearly, words};
use keepwell_domain::record::Kind;
use std::collections::HashMap;

/// Words that stand in names of tests and tell nothing apart. Folded.
const GENERIC: &[&str] = &[
    "titre",
    "titer",
    "titres",
    "index",
    "test",
    "score",
    "level",
    "screen",
    "screening",
    "suchtest",
    "wert",
    "ratio",
    "antibody",
    "antibodies",
    "antikorper",
    "ak",
    "serum",
    "quant",
    "quantitative",
    "qual",
];

/// How well a name matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sureness {
    /// It is one of the marker's names, letter by letter.
    Exact,
    /// It differs by a slip of the pen.
    Near,
    /// It is a part of the marker's names.
    Part,
}

/// A marker that a text may mean.
pub struct Found<'a> {
    /// The marker.
    pub marker: &'a MarkerFact,
    /// How well it matched.
    pub sureness: Sureness,
}

/// What a search for words found.
pub enum Hit<'a> {
    /// A marker.
    Marker(&'a MarkerFact),
    /// A record that is no value.
    Item(&'a ItemFact),
}

/// The folded names of all markers and the words of all titles.
#[derive(Default)]
pub struct Names {
    /// Name: markers that bear it.
    exact: HashMap<String, Vec<usize>>,
    /// Up to four words that follow each other in a title: titles with them.
    phrases: HashMap<String, Vec<usize>>,
    /// Each title's records, newest first.
    titles: Vec<Vec<usize>>,
}

impl Names {
    pub(super) fn new(markers: &[MarkerFact], items: &[ItemFact]) -> Self {
        let mut exact: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, m) in markers.iter().enumerate() {
            let mut add = |name: &str| {
                let list = exact.entry(fold(name)).or_default();
                if !list.contains(&i) {
                    list.push(i);
                }
            };
            if let Some(a) = m.analyte {
                add(a.name_en);
                add(a.name_de);
                a.spellings().iter().for_each(|s| add(s));
            }
            add(&m.printed);
            m.aliases.iter().for_each(|n| add(n));
            add(&m.key);
            if m.analyte.is_none() {
                // No catalogue knows other names of it: its own without "index", "titre" and the like.
                for n in m.aliases.iter().chain([&m.printed]) {
                    let bare: Vec<String> =
                        words(n).into_iter().filter(|w| !GENERIC.contains(&w.as_str())).collect();
                    let bare = bare.join(" ");
                    if bare.len() >= 3 {
                        add(&bare);
                    }
                }
            }
        }
        exact.remove("");
        let (mut titles, mut by_title) = (Vec::<Vec<usize>>::new(), HashMap::<String, usize>::new());
        let mut phrases: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, item) in items.iter().enumerate() {
            let folded = fold(&item.title);
            if let Some(t) = by_title.get(&folded) {
                titles[*t].push(i);
                continue;
            }
            let at = titles.len();
            titles.push(vec![i]);
            let words: Vec<&str> = folded.split(' ').take(24).collect();
            for n in 1..=4 {
                for phrase in words.windows(n).map(|w| w.join(" ")) {
                    let list = phrases.entry(phrase).or_default();
                    if list.last() != Some(&at) {
                        list.push(at);
                    }
                }
            }
            by_title.insert(folded, at);
        }
        phrases.remove("");
        Self { exact, phrases, titles }
    }

    /// Records in whose titles the folded words follow each other.
    pub(crate) fn titled(&self, phrase: &str) -> impl Iterator<Item = usize> + '_ {
        let titles = self.phrases.get(phrase).map_or(&[][..], Vec::as_slice);
        titles.iter().flat_map(|t| self.titles.get(*t)).flatten().copied()
    }

    /// All single words of titles.
    pub(crate) fn title_words(&self) -> impl Iterator<Item = &str> {
        self.phrases.keys().map(String::as_str).filter(|p| !p.contains(' '))
    }

    /// All names with the markers that bear them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[usize])> {
        self.exact.iter().map(|(n, m)| (n.as_str(), m.as_slice()))
    }

    /// The markers that bear a folded name.
    pub(crate) fn get(&self, name: &str) -> &[usize] {
        self.exact.get(name).map_or(&[], Vec::as_slice)
    }
}

impl Facts {
    /// Markers with values that a text may mean, best first, at most 20. Several at the same best
    /// [`Sureness`] mean that nobody can tell which.
    #[must_use]
    pub fn find_markers(&self, text: &str) -> Vec<Found<'_>> {
        let wanted = fold(text);
        if wanted.is_empty() || wanted.len() > 200 {
            return Vec::new();
        }
        let mut best: HashMap<usize, Sureness> = HashMap::new();
        for i in self.index.names.get(&wanted) {
            best.insert(*i, Sureness::Exact);
        }
        let parts: Vec<&str> = wanted.split(' ').collect();
        for (name, list) in self.index.names.iter() {
            let sureness = if nearly(&wanted, name).is_some() {
                Sureness::Near
            } else if wanted.len() >= 3 && parts.iter().all(|p| has_word(name, p)) {
                Sureness::Part
            } else {
                continue;
            };
            for i in list {
                best.entry(*i).and_modify(|s| *s = (*s).min(sureness)).or_insert(sureness);
            }
        }
        let mut found: Vec<Found<'_>> = best
            .into_iter()
            .filter_map(|(i, sureness)| Some(Found { marker: self.index.markers.get(i)?, sureness }))
            .collect();
        found.sort_by(|a, b| {
            (a.sureness, std::cmp::Reverse(a.marker.values.len()), &a.marker.key).cmp(&(
                b.sureness,
                std::cmp::Reverse(b.marker.values.len()),
                &b.marker.key,
            ))
        });
        found.truncate(20);
        found
    }

    /// Records of one kind whose words are all there, newest first.
    pub fn items_with<'a>(&'a self, kind: Kind, text: &str) -> impl Iterator<Item = &'a ItemFact> + use<'a> {
        let words = words(text);
        self.items(kind).filter(move |i| i.has_words(&words))
    }

    /// Markers and records in which all words stand, markers first, records newest first.
    #[must_use]
    pub fn search(&self, text: &str, most: usize) -> Vec<Hit<'_>> {
        let words = words(text);
        if words.is_empty() {
            return Vec::new();
        }
        let markers = self.find_markers(text).into_iter().map(|f| Hit::Marker(f.marker));
        let items = self.index.items.iter().filter(|i| i.has_words(&words)).map(Hit::Item);
        markers.chain(items).take(most).collect()
    }

    pub(crate) fn names(&self) -> &Names {
        &self.index.names
    }

    pub(crate) fn item_at(&self, i: usize) -> Option<&ItemFact> {
        self.index.items.get(i)
    }

    pub(crate) fn marker_at(&self, i: usize) -> Option<&MarkerFact> {
        self.index.markers.get(i)
    }
}

/// Whether a name has a word that begins with the text.
fn has_word(name: &str, start: &str) -> bool {
    name.split(' ').any(|w| w.starts_with(start))
}
