//! What must hold of every answer, whatever was asked: each value is what its receipt says, and no digit stands
//! in our own words that is not explained.

use crate::judge::lines;
use keepwell_ask::{Context, Lang, answer::iso_words};
use keepwell_domain::view::{Answer, Block, Outcome, Span};
use std::collections::HashSet;

/// Checks an answer.
pub fn check(a: &Answer, question: &str, next: &Context, lang: &str) -> Result<(), String> {
    let lang = if lang == "de" { Lang::De } else { Lang::En };
    receipts(a, lang)?;
    digits(a, question, next)?;
    charts(a)
}

fn receipts(a: &Answer, lang: Lang) -> Result<(), String> {
    for s in lines(a).into_iter().flatten() {
        let Span::Value { text, receipt } = s else { continue };
        let r = a.receipts.get(*receipt as usize).ok_or_else(|| format!("{text} has no receipt"))?;
        let says = *text == r.value || *text == r.title || *text == iso_words(&r.date, lang);
        if !says {
            return Err(format!("{text} is not what its receipt says: {} {} {}", r.title, r.value, r.date));
        }
        if let Some(c) = &r.computed
            && c.from.iter().any(|f| *f as usize >= a.receipts.len())
        {
            return Err(format!("{text} was computed from receipts that are not there"));
        }
        if r.record.is_none() && r.computed.is_none() && r.document.is_none() && r.marker.is_none() {
            return Err(format!("{text} has a receipt of nothing"));
        }
    }
    Ok(())
}

/// Numbers in our own words: of the question, of the time that was asked about, of names of tests and units, or
/// the help numbers. All others have a receipt.
fn digits(a: &Answer, question: &str, next: &Context) -> Result<(), String> {
    let runs = |t: &str| -> Vec<String> {
        t.split(|c: char| !c.is_ascii_digit())
            .filter(|p| !p.is_empty())
            .map(|p| p.trim_start_matches('0').to_owned())
            .collect()
    };
    let mut known: HashSet<String> = runs(question).into_iter().collect();
    for d in [next.days().0, next.days().1].into_iter().flatten() {
        known.extend([d.year(), i16::from(d.month()), i16::from(d.day())].map(|n| n.to_string()));
    }
    if a.outcome == Outcome::Help {
        return Ok(());
    }
    let names: Vec<String> = keepwell_domain::analyte::all()
        .iter()
        .flat_map(|x| {
            let units = x.units().into_iter().map(|u| u.label);
            [x.name_en, x.name_de]
                .into_iter()
                .chain(x.spellings().iter().copied())
                .map(str::to_owned)
                .chain(units)
                .collect::<Vec<_>>()
        })
        .filter(|n| n.bytes().any(|b| b.is_ascii_digit()))
        .collect();
    for s in lines(a).into_iter().flatten() {
        let Span::Text { text } = s else { continue };
        let mut rest = text.clone();
        if !rest.bytes().any(|b| b.is_ascii_digit()) {
            continue;
        }
        let mut by_length: Vec<&String> = names.iter().filter(|n| rest.contains(n.as_str())).collect();
        by_length.sort_by_key(|n| std::cmp::Reverse(n.len()));
        for n in by_length {
            rest = rest.replace(n.as_str(), "");
        }
        for r in a.receipts.iter().filter(|r| !r.title.is_empty()) {
            rest = rest.replace(&r.title, "");
        }
        if let Some(odd) = runs(&rest).into_iter().find(|n| !known.contains(n)) {
            return Err(format!("{odd} in “{text}” has no receipt"));
        }
    }
    Ok(())
}

/// Points of a chart stand where their receipts' values stand, wherever a receipt names one.
fn charts(a: &Answer) -> Result<(), String> {
    for b in &a.blocks {
        let Block::Chart { points, .. } = b else { continue };
        if points.windows(2).any(|w| w[0].t > w[1].t) {
            return Err("a chart's points are not in the order of time".to_owned());
        }
        for p in points {
            if p.receipt.is_some_and(|r| r as usize >= a.receipts.len()) || !p.v.is_finite() {
                return Err("a chart's point has no receipt".to_owned());
            }
        }
    }
    Ok(())
}
