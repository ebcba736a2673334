//! What a question is about: markers, groups of them, records, kinds of records, documents.

use super::{lexicon, token::Token};
use crate::{facts::Facts, text::fold};
use keepwell_domain::{
    analyte::{self, Analyte, Specimen},
    ids::{DocumentId, RecordId},
    record::Kind,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeSet, HashMap},
    sync::OnceLock,
};

/// A thing that a question names.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// A marker with values, by key.
    Marker(String),
    /// One of several markers; nobody can tell which.
    OneOf(Vec<String>),
    /// An analyte of the catalogue without values, by its LOINC code.
    Unmeasured(String),
    /// A group of markers, by its id.
    Group(String),
    /// Records with that name, newest first.
    Records(Vec<RecordId>),
    /// A document.
    Document(DocumentId),
}

/// What a question names, in its order.
#[derive(Clone, Default)]
pub struct Subjects {
    /// Things.
    pub named: Vec<Named>,
    /// The words with which each of them was named.
    pub phrases: Vec<String>,
    /// Kinds of records.
    pub kinds: Vec<Kind>,
    /// Words that nothing is known of.
    pub unknown: Vec<String>,
    /// Whether documents as such are spoken of.
    pub says_document: bool,
}

impl Subjects {
    /// Keys of all markers that were named with certainty.
    #[must_use]
    pub fn markers(&self) -> Vec<&str> {
        self.named
            .iter()
            .filter_map(|n| match n {
                Named::Marker(k) => Some(k.as_str()),
                _ => None,
            })
            .collect()
    }
    /// All records that were named: those that all names share, where there are such.
    #[must_use]
    pub fn records(&self) -> Vec<RecordId> {
        let lists: Vec<&Vec<RecordId>> = self
            .named
            .iter()
            .filter_map(|n| if let Named::Records(ids) = n { Some(ids) } else { None })
            .collect();
        let Some((first, rest)) = lists.split_first() else { return Vec::new() };
        let shared: Vec<RecordId> =
            first.iter().copied().filter(|i| rest.iter().all(|l| l.contains(i))).collect();
        if !shared.is_empty() {
            return shared;
        }
        let mut out: Vec<RecordId> = Vec::new();
        for i in lists.into_iter().flatten() {
            if !out.contains(i) {
                out.push(*i);
            }
        }
        out
    }
}

/// Folded words of one meaning with a phrase, itself among them.
#[must_use]
pub fn synonyms_of(phrase: &str) -> Vec<String> {
    everyday().synonyms.get(phrase).cloned().unwrap_or_else(|| vec![phrase.to_owned()])
}

fn stop_words() -> &'static std::collections::HashSet<String> {
    static SET: OnceLock<std::collections::HashSet<String>> = OnceLock::new();
    SET.get_or_init(|| {
        let kinds = lexicon::kinds().into_iter().flat_map(|k| k.1).filter(|w| !w.contains(' '));
        lexicon::stop().chain(kinds).flat_map(crate::text::words).collect()
    })
}

/// Whether a word names nothing.
#[must_use]
pub fn is_stop(word: &str) -> bool {
    stop_words().contains(word)
}

/// The word of questions that a word with one slip of the pen means: `lates`, `hihgest`.
#[must_use]
pub fn known_word(word: &str) -> Option<String> {
    let same =
        |w: &&String| w.chars().next() == word.chars().next() && crate::text::nearly(word, w) == Some(1);
    let mut found = stop_words().iter().filter(same);
    let one = found.next()?;
    // Two words as near: nobody can tell.
    found.next().is_none().then(|| one.clone())
}

/// Folded names of the catalogue.
pub(super) fn catalogue() -> &'static HashMap<String, Vec<&'static Analyte>> {
    static NAMES: OnceLock<HashMap<String, Vec<&'static Analyte>>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut all: HashMap<String, Vec<&'static Analyte>> = HashMap::new();
        for a in analyte::all() {
            for n in [a.name_en, a.name_de].iter().chain(a.spellings()) {
                let list = all.entry(fold(n)).or_default();
                if !list.iter().any(|x| x.loinc == a.loinc) {
                    list.push(a);
                }
            }
        }
        all.remove("");
        all
    })
}

pub(super) struct Everyday {
    pub(super) markers: HashMap<String, String>,
    pub(super) groups: HashMap<String, &'static str>,
    pub(super) synonyms: HashMap<String, Vec<String>>,
    pub(super) kinds: HashMap<String, Kind>,
}

pub(super) fn everyday() -> &'static Everyday {
    static ALL: OnceLock<Everyday> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut groups: HashMap<String, &'static str> = analyte::Group::ALL
            .iter()
            .filter(|g| {
                !matches!(g.1, "body" | "score" | "drug" | "glucose" | "activity" | "iron" | "proteins")
            })
            .flat_map(|g| [(fold(g.2), g.1), (fold(g.3), g.1)])
            .collect();
        groups.extend(lexicon::groups().map(|(n, id)| (fold(n), id)));
        let mut synonyms: HashMap<String, Vec<String>> = HashMap::new();
        for set in lexicon::synonyms() {
            let set: Vec<String> = set.into_iter().map(fold).collect();
            for w in &set {
                synonyms.entry(w.clone()).or_default().extend(set.iter().cloned());
            }
        }
        Everyday {
            markers: lexicon::everyday().map(|(n, c)| (fold(n), fold(c))).collect(),
            groups,
            synonyms,
            kinds: lexicon::kinds()
                .into_iter()
                .flat_map(|(k, ws)| ws.into_iter().map(move |w| (fold(w), k)))
                .collect(),
        }
    })
}

/// What one phrase may mean.
#[derive(Default)]
struct Meaning {
    markers: Vec<usize>,
    analytes: Vec<&'static Analyte>,
    group: Option<&'static str>,
    records: Vec<usize>,
    document: Option<DocumentId>,
}

impl Meaning {
    fn is_nothing(&self) -> bool {
        self.markers.is_empty()
            && self.analytes.is_empty()
            && self.group.is_none()
            && self.records.is_empty()
            && self.document.is_none()
    }
}

pub(super) struct Reader<'a> {
    pub(super) facts: &'a Facts,
    pub(super) urine: bool,
    pub(super) kinds: Vec<Kind>,
}

/// Reads what a question names and marks the words as used.
pub fn read(tokens: &mut [Token], facts: &Facts) -> Subjects {
    let mut out = Subjects { kinds: kinds(tokens), ..Subjects::default() };
    out.says_document = tokens.iter().any(|t| {
        matches!(
            t.word.as_str(),
            "document"
                | "documents"
                | "file"
                | "files"
                | "uploads"
                | "dokument"
                | "dokumente"
                | "dokumenten"
                | "datei"
                | "dateien"
                | "unterlagen"
                | "uploaded"
        )
    });
    let urine = tokens.iter().any(|t| t.is(&["urine", "urin", "harn"]));
    let reader = Reader { facts, urine, kinds: out.kinds.clone() };
    documents(tokens, facts, &mut out);
    let mut i = 0;
    while i < tokens.len() {
        let longest = (1..=6usize.min(tokens.len() - i)).rev().find_map(|n| {
            let part = &tokens[i..i + n];
            if part.iter().any(|t| t.used || t.date.is_some() || t.unit.is_some()) {
                return None;
            }
            let mut m = reader.exact(part);
            if m.is_nothing() && n == 1 {
                m = reader.inflected(&part[0]);
            }
            (!m.is_nothing()).then_some((n, m))
        });
        i += match longest {
            Some((n, m)) => {
                let before = out.named.len();
                reader.settle(m, &mut out.named);
                if out.named.len() > before {
                    out.phrases.push(phrase_of(&tokens[i..i + n]));
                }
                name(&mut tokens[i..i + n]);
                n
            }
            None => 1,
        };
    }
    super::slip::near(tokens, &reader, &mut out);
    once(facts, &mut out);
    out
}

/// "My thyroid hormone TSH" names one thing: the group, and the choice between markers, of which one is named
/// besides, is that one. A thing that is named twice is named once.
fn once(facts: &Facts, out: &mut Subjects) {
    let markers: Vec<String> = out.markers().into_iter().map(str::to_owned).collect();
    let urine =
        |k: &String| facts.marker(k).and_then(|m| m.analyte).is_some_and(|a| a.specimen == Specimen::Urine);
    let says_more = |n: &Named| match n {
        Named::Group(g) if g == "urine" => !markers.iter().any(urine),
        Named::Group(g) => !group_keys(facts, g).iter().any(|k| markers.contains(k)),
        Named::OneOf(keys) => !keys.iter().any(|k| markers.contains(k)),
        _ => true,
    };
    let mut seen: Vec<Named> = Vec::new();
    let pairs = std::mem::take(&mut out.named).into_iter().zip(std::mem::take(&mut out.phrases));
    for (n, phrase) in pairs {
        if says_more(&n) && !seen.contains(&n) {
            seen.push(n);
            out.phrases.push(phrase);
        }
    }
    out.named = seen;
}

pub(super) fn phrase_of(tokens: &[Token]) -> String {
    tokens.iter().map(|t| t.word.as_str()).collect::<Vec<_>>().join(" ")
}

pub(super) fn name(tokens: &mut [Token]) {
    tokens.iter_mut().for_each(|t| (t.used, t.is_named) = (true, true));
}

/// Kinds of records. Their words stay unused: `vaccine` may stand in a name too.
fn kinds(tokens: &[Token]) -> Vec<Kind> {
    let known = &everyday().kinds;
    let mut out = Vec::new();
    for i in 0..tokens.len() {
        for n in 1..=3usize.min(tokens.len() - i) {
            let phrase = tokens[i..i + n].iter().map(|t| t.word.as_str()).collect::<Vec<_>>().join(" ");
            if let Some(k) = known.get(&phrase)
                && !out.contains(k)
            {
                out.push(*k);
            }
        }
    }
    if tokens.iter().any(|t| TAKING.contains(&t.word.as_str())) && !out.contains(&Kind::Medication) {
        out.push(Kind::Medication);
    }
    out
}

/// Words that only medicines go with.
pub(super) const TAKING: &[&str] = &[
    "abgesetzt",
    "absetzen",
    "prescribed",
    "verschrieben",
    "swallow",
    "take",
    "taking",
    "took",
    "nehme",
    "nehmen",
    "nahm",
    "genommen",
    "einnehme",
    "einnehmen",
    "eingenommen",
    "schlucke",
];

/// Documents by their file name, or a good part of it.
fn documents(tokens: &mut [Token], facts: &Facts, out: &mut Subjects) {
    let asked: Vec<String> = tokens.iter().map(|t| t.word.clone()).collect();
    if whole_name(tokens, facts, out) {
        return;
    }
    let mut best: Option<(usize, Vec<usize>, Vec<DocumentId>)> = None;
    for d in facts.documents.iter() {
        let mut of_name = super::token::tokens(&d.name).into_iter().map(|t| t.word).filter(|w| w.len() >= 3);
        let words: BTreeSet<String> =
            of_name.by_ref().filter(|w| !EXTENSIONS.contains(&w.as_str())).collect();
        let at: Vec<usize> = (0..asked.len())
            .filter(|i| words.contains(&asked[*i]) && (!is_stop(&asked[*i]) || words.len() == 1))
            .collect();
        let has_extension =
            asked.iter().any(|w| EXTENSIONS.contains(&w.as_str()) && fold(&d.name).ends_with(w.as_str()));
        let is_enough = at.len() >= 2 || (!at.is_empty() && (has_extension || at.len() == words.len()));
        if !is_enough {
            continue;
        }
        match &mut best {
            Some((n, _, ids)) if *n == at.len() => ids.push(d.id),
            Some((n, ..)) if *n > at.len() => {}
            _ => best = Some((at.len(), at, vec![d.id])),
        }
    }
    let says_document = asked.iter().any(|w| {
        matches!(w.as_str(), "document" | "file" | "dokument" | "datei" | "upload" | "export")
            || EXTENSIONS.contains(&w.as_str())
    });
    if let Some((n, at, ids)) = best
        && (says_document || n >= 2)
    {
        for (i, t) in tokens.iter_mut().enumerate() {
            if at.contains(&i) || EXTENSIONS.contains(&t.word.as_str()) {
                (t.used, t.is_named) = (true, true);
            }
        }
        let words: Vec<&str> = at.iter().map(|i| asked[*i].as_str()).collect();
        for id in ids.into_iter().take(3) {
            out.named.push(Named::Document(id));
            out.phrases.push(words.join(" "));
        }
    }
}

/// A document by its name in full; the longest, where one name ends another.
fn whole_name(tokens: &mut [Token], facts: &Facts, out: &mut Subjects) -> bool {
    let mut best: Option<(usize, usize, Vec<DocumentId>)> = None;
    for doc in facts.documents.iter() {
        let name: Vec<String> = super::token::tokens(&doc.name).into_iter().map(|t| t.word).collect();
        if name.len() < 2 {
            continue;
        }
        let found = tokens.windows(name.len()).position(|w| w.iter().zip(&name).all(|(t, n)| t.word == *n));
        match (found, &mut best) {
            (None, _) => {}
            (Some(_), Some((_, n, ids))) if *n == name.len() => ids.push(doc.id),
            (Some(_), Some((_, n, _))) if *n > name.len() => {}
            (Some(at), _) => best = Some((at, name.len(), vec![doc.id])),
        }
    }
    let Some((at, n, ids)) = best else { return false };
    let phrase = phrase_of(&tokens[at..at + n]);
    name(&mut tokens[at..at + n]);
    for id in ids.into_iter().take(3) {
        out.named.push(Named::Document(id));
        out.phrases.push(phrase.clone());
    }
    true
}

const EXTENSIONS: &[&str] = &["json", "csv", "xml", "hl7", "pdf", "txt", "zip", "tsv", "xlsx", "fhir"];

impl Reader<'_> {
    /// A name with an ending: `INRs`, `Ferritins`, `Lipasen`.
    fn inflected(&self, t: &Token) -> Meaning {
        if is_stop(&t.word) || t.word.bytes().any(|b| b.is_ascii_digit()) {
            return Meaning::default();
        }
        let stems = ["s", "es", "en", "n", "e"].iter().filter_map(|e| t.word.strip_suffix(e));
        let long = stems.filter(|s| s.chars().count() >= 3 && !is_stop(s));
        long.map(|s| self.exact(&[Token { word: s.to_owned(), ..t.clone() }]))
            .find(|m| !m.markers.is_empty() || !m.analytes.is_empty())
            .unwrap_or_default()
    }

    fn exact(&self, part: &[Token]) -> Meaning {
        let phrase = part.iter().map(|t| t.word.as_str()).collect::<Vec<_>>().join(" ");
        let is_one = part.len() == 1;
        let mut m = Meaning::default();
        // `K`, `in`, `As` are words and elements: in small letters they are words.
        let is_word = is_one && is_stop(&phrase) && !(part[0].is_upper && phrase.len() <= 2 && phrase != "i");
        let is_everyday = is_word && everyday().markers.contains_key(&phrase);
        if is_everyday {
            m.markers = self.markers(&phrase);
        }
        if is_word || (is_one && phrase.len() < 2 && !part[0].is_upper) || phrase.is_empty() {
            return m;
        }
        if part.iter().all(|t| is_stop(&t.word)) && part.len() < 3 && !everyday().groups.contains_key(&phrase)
        {
            m.markers = self.markers(&phrase);
            return m;
        }
        if let Some(g) = everyday().groups.get(&phrase) {
            m.group = Some(g);
        }
        m.markers = self.markers(&phrase);
        if m.markers.is_empty()
            && let Some(a) = catalogue().get(&phrase)
        {
            m.analytes.clone_from(a);
        }
        if m.markers.is_empty()
            && m.analytes.is_empty()
            && let Some(name) = everyday().markers.get(&phrase)
        {
            m.markers = self.markers(name);
            m.analytes = catalogue().get(name).cloned().unwrap_or_default();
        }
        m.records = self.records(&phrase, is_one);
        m
    }

    fn markers(&self, phrase: &str) -> Vec<usize> {
        let names = self.facts.names();
        let in_urine = || {
            let list = names.get(&format!("{phrase} urine"));
            if list.is_empty() { names.get(&format!("{phrase} urin")) } else { list }
        };
        let mut found: Vec<usize> = if self.urine { in_urine().to_vec() } else { Vec::new() };
        if found.is_empty() {
            found = names.get(phrase).to_vec();
            if found.is_empty()
                && let Some(name) = everyday().markers.get(phrase)
            {
                found = names.get(name).to_vec();
            }
        }
        let is_blood = |i: &usize| {
            self.facts.marker_at(*i).and_then(|m| m.analyte).is_none_or(|a| {
                !matches!(a.specimen, Specimen::Urine | Specimen::Stool | Specimen::Csf | Specimen::Semen)
            })
        };
        if !self.urine && found.iter().any(is_blood) {
            found.retain(is_blood);
        } else if !self.urine && !found.is_empty() {
            // Only urine's bears the name itself: `glucose` is rather the fasting glucose in blood.
            let meant = everyday().markers.get(phrase).map_or(phrase, String::as_str);
            let in_name = |n: &str| n.split(' ').any(|w| w == phrase || w == meant);
            let parts = names.iter().filter(|(n, _)| in_name(n)).flat_map(|(_, l)| l.iter().copied());
            let parts: BTreeSet<usize> = parts.filter(is_blood).collect();
            if !parts.is_empty() {
                found = parts.into_iter().collect();
            }
        }
        found
    }

    pub(super) fn records(&self, phrase: &str, is_one: bool) -> Vec<usize> {
        if is_one && (phrase.len() < 3 || phrase.bytes().all(|b| b.is_ascii_digit()) || is_stop(phrase)) {
            return Vec::new();
        }
        let names = self.facts.names();
        let mut found: Vec<usize> = names.titled(phrase).collect();
        if found.is_empty()
            && let Some(others) = everyday().synonyms.get(phrase)
        {
            found.extend(others.iter().filter(|o| *o != phrase).flat_map(|o| names.titled(o)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Which of its meanings a phrase has, in the light of the kinds that the question names.
    fn settle(&self, m: Meaning, out: &mut Vec<Named>) {
        let of_kind =
            |k: &Kind| m.records.iter().any(|i| self.facts.item_at(*i).is_some_and(|x| x.kind() == *k));
        if let Some(kind) = self.kinds.iter().find(|k| of_kind(k)) {
            let ids = self.ids(&m.records, Some(*kind));
            out.push(Named::Records(ids));
        } else if !m.markers.is_empty() {
            out.push(self.one_of(&m.markers));
        } else if let Some(g) = m.group {
            out.push(Named::Group(g.to_owned()));
        } else if !m.records.is_empty() {
            out.push(Named::Records(self.ids(&m.records, None)));
        } else if let Some(d) = m.document {
            out.push(Named::Document(d));
        } else if let Some(a) =
            m.analytes.iter().find(|a| a.specimen == Specimen::Usual).or(m.analytes.first())
        {
            out.push(Named::Unmeasured(a.loinc.to_owned()));
        }
    }

    pub(super) fn one_of(&self, list: &[usize]) -> Named {
        let key = |i: &usize| self.facts.marker_at(*i).map_or(String::new(), |m| m.key.clone());
        match list {
            [one] => Named::Marker(key(one)),
            many => Named::OneOf(many.iter().map(key).collect()),
        }
    }

    pub(super) fn ids(&self, list: &[usize], kind: Option<Kind>) -> Vec<RecordId> {
        let items = list.iter().filter_map(|i| self.facts.item_at(*i));
        items.filter(|i| kind.is_none_or(|k| i.kind() == k)).map(|i| i.record).collect()
    }
}

/// The keys of a group's markers, in the order of their names.
#[must_use]
pub fn group_keys(facts: &Facts, id: &str) -> Vec<String> {
    if id == "bp" {
        return ["8480-6", "8462-4"]
            .into_iter()
            .filter(|k| facts.marker(k).is_some())
            .map(str::to_owned)
            .collect();
    }
    let mut list: Vec<_> =
        facts.markers().iter().filter(|m| m.analyte.is_some_and(|a| a.group.id() == id)).collect();
    list.sort_by_key(|m| m.name(facts.lang).to_lowercase());
    list.into_iter().map(|m| m.key.clone()).collect()
}

/// A group's name.
#[must_use]
pub fn group_name(facts: &Facts, id: &str) -> String {
    if id == "bp" {
        return facts.lang.pick("Blood pressure", "Blutdruck").to_owned();
    }
    analyte::Group::ALL
        .iter()
        .find(|g| g.1 == id)
        .map_or_else(String::new, |g| facts.lang.pick(g.2, g.3).to_owned())
}
