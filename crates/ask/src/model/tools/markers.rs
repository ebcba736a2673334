//! Tools over measured values.

use super::{Desk, Refused, standing};
use crate::facts::{Days, MarkerFact, ValueFact};
use keepwell_domain::view::LeftOut;
use serde_json::{Value, json};

impl<'a> Desk<'a> {
    pub(super) fn find_markers(&mut self, query: &str) -> Result<Value, Refused> {
        let real = self.standins.restore(query);
        let facts = self.facts;
        let mut rows = Vec::new();
        for found in facts.find_markers(&real).into_iter().take(12) {
            let m = found.marker;
            rows.push(json!({
                "key": m.key,
                "name": self.said(m.name(facts.lang)),
                "unit": m.unit_label(),
                "values": m.values.len(),
                "first": m.values.first().map(ValueFact::date).unwrap_or_default(),
                "newest": m.values.last().map(ValueFact::date).unwrap_or_default(),
            }));
        }
        if rows.is_empty() {
            return Ok(json!({"markers": [], "note": "The records hold no such marker."}));
        }
        Ok(json!({"markers": rows}))
    }

    pub(super) fn latest(&mut self, marker: &str, most: usize) -> Result<Value, Refused> {
        let m = self.marker(marker)?;
        let newest = self.facts.latest(&m.key);
        let until =
            newest.and_then(|n| m.values.iter().position(|v| std::ptr::eq(v, n))).map_or(0, |i| i + 1);
        let values: Vec<&ValueFact> = m.values[..until].iter().rev().take(most).collect();
        self.rows(m, &values, until)
    }

    pub(super) fn series(&mut self, marker: &str, days: Days, most: usize) -> Result<Value, Refused> {
        let m = self.marker(marker)?;
        let all: Vec<&ValueFact> = self.facts.values(&m.key, days).collect();
        // Where there are too many, evenly over the time, the first and the last with them.
        let step = |i: usize| if most < 2 { all.len() - 1 } else { i * (all.len() - 1) / (most - 1) };
        let values: Vec<&ValueFact> = if all.len() <= most {
            all.clone()
        } else {
            (0..most).filter_map(|i| all.get(step(i)).copied()).collect()
        };
        self.rows(m, &values, all.len())
    }

    fn rows(&mut self, m: &'a MarkerFact, values: &[&'a ValueFact], of: usize) -> Result<Value, Refused> {
        self.asked(m);
        let mut rows = Vec::new();
        for v in values {
            rows.push(self.row(m, v)?);
        }
        let name = self.said(m.name(self.facts.lang));
        let mut out = json!({"marker": m.key, "name": name, "rows": rows});
        if of > values.len() {
            out["shown"] = json!(values.len());
            out["of"] = json!(of);
        }
        self.doubts(m, &mut out);
        Ok(out)
    }

    /// One value with its tag.
    pub(super) fn row(&mut self, m: &'a MarkerFact, v: &'a ValueFact) -> Result<Value, Refused> {
        self.looked_at(m, v);
        let receipt = self.facts.receipt_of_value(m, v);
        let printed = receipt.value.clone();
        let tag = self.tag(receipt)?;
        let is_text = v.detail.as_ref().is_some_and(|d| !d.shown.numeric);
        let value = if is_text { self.quoted(&printed) } else { printed };
        let mut row = json!({"r": tag, "date": v.date(), "value": value});
        if let Some(d) = &v.detail {
            let word = standing(d.standing);
            if !word.is_empty() {
                row["standing"] = json!(word);
            }
            if let Some(range) = d.range.as_ref().filter(|r| !r.text.is_empty()) {
                row["range"] = json!(self.said(&range.text));
                self.limits(&tag, &range.text, &d.shown.unit);
            }
            if d.is_contradicted {
                row["conflict"] = json!("another source says something else for this time");
            }
        }
        Ok(row)
    }

    /// The limits of a range are numbers of the record too.
    fn limits(&mut self, tag: &str, text: &str, unit: &str) {
        let Some(at) = self.ledger.find_tag(tag) else { return };
        let gap = if unit.is_empty() { "" } else { " " };
        for part in text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))) {
            let number = part.trim_matches(['.', ',']);
            if !number.is_empty() {
                self.ledger.add_beside(at, format!("{number}{gap}{unit}"));
            }
        }
    }

    /// Notes that this marker was asked for, and what of it cannot be told.
    pub(super) fn asked(&mut self, m: &MarkerFact) {
        self.seen.marker(&m.key);
        let conflicting = m.values.iter().filter(|v| v.is_contradicted()).count();
        self.left_out(LeftOut::Conflicting, &m.key, conflicting);
        self.left_out(LeftOut::Undated, &m.key, self.facts.undated(&m.key));
    }

    pub(super) fn looked_at(&mut self, m: &MarkerFact, v: &ValueFact) {
        match &v.detail {
            Some(d) => self.seen.record(d.record, &v.date()),
            None => self.seen.day(&m.key, &v.date()),
        }
    }

    /// Says beside a result what waits or is not known.
    pub(super) fn doubts(&mut self, m: &MarkerFact, out: &mut Value) {
        let waiting = self.facts.waiting_for(&m.key).count();
        if waiting > 0 {
            out["waiting_for_review"] = json!(waiting);
        }
        let undated = self.facts.undated(&m.key);
        if undated > 0 {
            out["without_date"] = json!(undated);
        }
    }
}
