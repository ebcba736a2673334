//! Tools over records that are no values, over texts, and over what is missing.

use super::{Desk, Refused};
use crate::facts::{Hit, ItemFact};
use keepwell_domain::{
    record::{Body, Kind},
    view::LeftOut,
};
use serde_json::{Value, json};

impl<'a> Desk<'a> {
    pub(super) fn list(
        &mut self,
        kind: Kind,
        query: &str,
        active: bool,
        most: usize,
    ) -> Result<Value, Refused> {
        let facts = self.facts;
        let real = self.standins.restore(query);
        let today = facts.today;
        let all: Vec<&ItemFact> = facts
            .items_with(kind, &real)
            .filter(|i| !i.is_withdrawn() && (!active || i.is_active(today)))
            .collect();
        let mut rows = Vec::new();
        for item in all.iter().take(most) {
            rows.push(self.item(item)?);
        }
        let withdrawn = facts.items(kind).filter(|i| i.is_withdrawn()).count();
        let mut out = json!({"kind": kind.as_str(), "rows": rows});
        if all.len() > rows_len(&out) {
            out["of"] = json!(all.len());
        }
        if withdrawn > 0 {
            out["withdrawn_by_their_source"] = json!(withdrawn);
        }
        Ok(out)
    }

    pub(super) fn search(&mut self, query: &str, most: usize) -> Result<Value, Refused> {
        let facts = self.facts;
        let real = self.standins.restore(query);
        let mut rows = Vec::new();
        for hit in facts.search(&real, most) {
            rows.push(match hit {
                Hit::Marker(m) => {
                    json!({"marker": m.key, "name": self.said(m.name(facts.lang)), "values": m.values.len()})
                }
                Hit::Item(i) => self.item(i)?,
            });
        }
        Ok(json!({"rows": rows}))
    }

    pub(super) fn missing(&mut self) -> Value {
        let facts = self.facts;
        let mut unread = Vec::new();
        for d in facts.unread().take(20) {
            let name = self.said(&d.name);
            unread.push(json!({"document": name, "state": format!("{:?}", d.state).to_lowercase()}));
        }
        let undated: usize = facts.markers().iter().map(|m| facts.undated(&m.key)).sum();
        self.left_out(LeftOut::Undated, "", undated);
        json!({
            "rows_waiting_for_review": facts.waiting.len(),
            "documents_not_read": unread,
            "values_without_a_date": undated,
            "today": facts.today.to_string(),
        })
    }

    /// A record with its tag. What it says in free words is quoted.
    fn item(&mut self, i: &'a ItemFact) -> Result<Value, Refused> {
        self.seen.record(i.record, &i.date());
        let tag = self.tag(self.facts.receipt_of_item(i))?;
        let mut row = json!({"r": tag, "kind": i.kind().as_str(), "name": self.said(&i.title)});
        let date = i.start().map_or_else(String::new, |w| w.to_string());
        if !date.is_empty() {
            row["date"] = json!(date);
        }
        if let Some(end) = i.end() {
            row["end"] = json!(end.to_string());
        }
        if matches!(i.kind(), Kind::Condition | Kind::Medication | Kind::Allergy) {
            row["active"] = json!(i.is_active(self.facts.today));
        }
        let (fields, texts) = told(&i.body);
        for (key, text) in fields {
            row[key] = json!(self.said(text));
        }
        let mut quotes = Vec::new();
        for text in texts {
            quotes.push(self.quoted(text));
        }
        if !quotes.is_empty() {
            row["quoted_text"] = json!(quotes);
        }
        Ok(row)
    }
}

fn rows_len(out: &Value) -> usize {
    out["rows"].as_array().map_or(0, Vec::len)
}

/// Fields that are short, and texts that somebody wrote. Who did it and where stays here.
fn told(body: &Body) -> (Vec<(&'static str, &str)>, Vec<&str>) {
    let mut fields: Vec<(&'static str, &Option<String>)> = Vec::new();
    let mut texts: Vec<&Option<String>> = Vec::new();
    let mut out: Vec<&str> = Vec::new();
    match body {
        Body::Observation(_) => {}
        Body::Condition(c) => {
            fields.extend([("status", &c.clinical_status), ("verification", &c.verification)]);
            texts.push(&c.note);
        }
        Body::Medication(m) => {
            fields.extend([
                ("status", &m.status),
                ("dosage_as_recorded", &m.dosage),
                ("route", &m.route),
                ("reason", &m.reason),
            ]);
            texts.push(&m.note);
        }
        Body::Allergy(a) => {
            fields.extend([
                ("status", &a.clinical_status),
                ("criticality", &a.criticality),
                ("category", &a.category),
            ]);
            out.extend(a.reactions.iter().map(String::as_str));
            texts.push(&a.note);
        }
        Body::Immunization(i) => {
            fields.extend([("status", &i.status), ("dose_number", &i.dose)]);
            texts.push(&i.note);
        }
        Body::Procedure(p) => {
            fields.extend([("status", &p.status), ("reason", &p.reason)]);
            texts.push(&p.note);
        }
        Body::Encounter(e) => {
            fields.extend([("status", &e.status), ("class", &e.class), ("reason", &e.reason)])
        }
        Body::DiagnosticReport(d) => {
            fields.push(("status", &d.status));
            texts.push(&d.conclusion);
            out.extend(d.results.iter().take(30).map(String::as_str));
        }
        Body::Note(n) => out.push(&n.text),
    }
    let fields =
        fields.into_iter().filter_map(|(k, t)| Some((k, t.as_deref().filter(|t| !t.is_empty())?))).collect();
    out.extend(texts.into_iter().filter_map(|t| t.as_deref()));
    out.retain(|t| !t.trim().is_empty());
    (fields, out)
}
