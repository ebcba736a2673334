//! Words that no name fits letter by letter.

use super::{
    subject::{Named, Reader, Subjects, catalogue, everyday, is_stop, name, phrase_of},
    token::Token,
};
use crate::text::{fold, nearly};
use keepwell_domain::analyte::{self, Analyte, Specimen};
use std::collections::BTreeSet;

/// Words that are left: a part of a marker's name, or a slip of the pen.
pub fn near(tokens: &mut [Token], reader: &Reader<'_>, out: &mut Subjects) {
    let is_open = |t: &Token| {
        !t.used
            && t.date.is_none()
            && t.unit.is_none()
            && t.word.chars().count() >= 4
            && !is_stop(&t.word)
            && !t.word.bytes().all(|b| b.is_ascii_digit())
    };
    let mut looked = 0;
    let mut i = 0;
    while i < tokens.len() {
        if !is_open(&tokens[i]) || looked >= 10 {
            i += 1;
            continue;
        }
        looked += 1;
        let mut found = None;
        for n in [3usize, 2, 1] {
            let Some(part) = tokens.get(i..i + n) else { continue };
            if part.iter().any(|t| t.used || t.date.is_some() || t.unit.is_some()) {
                continue;
            }
            let phrase = part.iter().map(|t| t.word.as_str()).collect::<Vec<_>>().join(" ");
            if let Some(named) = slip(&phrase, n == 1, reader) {
                found = Some((n, named));
                break;
            }
        }
        match found {
            Some((n, named)) => {
                out.named.push(named);
                out.phrases.push(phrase_of(&tokens[i..i + n]));
                name(&mut tokens[i..i + n]);
                i += n;
            }
            None => {
                match super::subject::known_word(&tokens[i].word) {
                    Some(meant) => tokens[i].word = meant,
                    None => out.unknown.push(tokens[i].word.clone()),
                }
                i += 1;
            }
        }
    }
}

/// The one thing whose name differs least from a phrase; several are asked about.
fn slip(phrase: &str, is_one: bool, reader: &Reader<'_>) -> Option<Named> {
    if phrase.len() > 60 {
        return None;
    }
    let facts = reader.facts;
    if is_one && phrase.len() >= 5 {
        let same = super::subject::synonyms_of(phrase);
        let whole = facts.names().iter().filter(|(n, _)| n.split(' ').any(|w| same.iter().any(|s| s == w)));
        let mut parts: Vec<usize> = whole.flat_map(|(_, l)| l.iter().copied()).collect();
        parts.sort_unstable();
        parts.dedup();
        if !parts.is_empty() {
            return Some(reader.one_of(&parts));
        }
    }
    let mut best: Option<usize> = None;
    let mut markers: BTreeSet<usize> = BTreeSet::new();
    let mut analytes: BTreeSet<&'static str> = BTreeSet::new();
    let mut titles: BTreeSet<String> = BTreeSet::new();
    let mut better = |n: usize,
                      markers: &mut BTreeSet<usize>,
                      analytes: &mut BTreeSet<_>,
                      titles: &mut BTreeSet<String>| {
        if best.is_none_or(|b| n < b) {
            (best, *markers, *analytes, *titles) =
                (Some(n), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        }
        best == Some(n)
    };
    for (name, list) in facts.names().iter() {
        if let Some(n) = nearly(phrase, name)
            && better(n, &mut markers, &mut analytes, &mut titles)
        {
            markers.extend(list);
        }
    }
    for (name, c) in &everyday().markers {
        if let Some(n) = nearly(phrase, name)
            && better(n, &mut markers, &mut analytes, &mut titles)
        {
            markers.extend(facts.names().get(c));
        }
    }
    if is_one {
        let synonyms =
            everyday().synonyms.keys().map(String::as_str).filter(|w| !reader.records(w, true).is_empty());
        for word in facts.names().title_words().filter(|w| !is_stop(w)).chain(synonyms) {
            if let Some(n) = nearly(phrase, word)
                && better(n, &mut markers, &mut analytes, &mut titles)
            {
                titles.insert(word.to_owned());
            }
        }
    }
    for (name, list) in catalogue() {
        if let Some(n) = nearly(phrase, name)
            && better(n, &mut markers, &mut analytes, &mut titles)
        {
            analytes.extend(list.iter().map(|a| a.loinc));
        }
    }
    best?;
    let list: Vec<usize> = markers.into_iter().collect();
    let list = {
        let blood: Vec<usize> = list
            .iter()
            .copied()
            .filter(|i| {
                facts.marker_at(*i).and_then(|m| m.analyte).is_none_or(|a| a.specimen != Specimen::Urine)
            })
            .collect();
        if reader.urine || blood.is_empty() { list } else { blood }
    };
    // A slip that may as well mean something that was never measured is asked about, not believed.
    let others = analytes.iter().any(|l| {
        !list.iter().any(|i| {
            facts.marker_at(*i).and_then(|m| m.analyte).is_some_and(|a| a.loinc == *l || same_name(a, l))
        })
    });
    if !list.is_empty() && titles.is_empty() {
        return Some(if others && best != Some(0) {
            Named::OneOf(list.iter().filter_map(|i| facts.marker_at(*i)).map(|m| m.key.clone()).collect())
        } else {
            reader.one_of(&list)
        });
    }
    let mut records: Vec<usize> = titles.iter().flat_map(|t| reader.records(t, true)).collect();
    records.sort_unstable();
    records.dedup();
    if !records.is_empty() && list.is_empty() {
        let kind = reader
            .kinds
            .iter()
            .find(|k| records.iter().any(|i| facts.item_at(*i).is_some_and(|x| x.kind() == **k)))
            .copied();
        return Some(Named::Records(reader.ids(&records, kind)));
    }
    if !list.is_empty() {
        return Some(reader.one_of(&list));
    }
    let usual =
        analytes.iter().find(|l| analyte::find_by_loinc(l).is_some_and(|a| a.specimen == Specimen::Usual));
    usual.or(analytes.first()).map(|l| Named::Unmeasured((*l).to_owned()))
}

/// Whether two analytes share a spelling, as the same thing in blood and urine does.
fn same_name(a: &Analyte, loinc: &str) -> bool {
    analyte::find_by_loinc(loinc).is_some_and(|b| {
        let names = |x: &Analyte| -> BTreeSet<String> {
            x.spellings().iter().chain([&x.name_en, &x.name_de]).map(|n| fold(n)).collect()
        };
        !names(a).is_disjoint(&names(b))
    })
}
