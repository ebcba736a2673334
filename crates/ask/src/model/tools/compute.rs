//! What is computed from values: by the program, so that no model has to.

use super::{Desk, Refused};
use crate::{
    Lang,
    facts::{Days, MarkerFact, ValueFact},
};
use keepwell_domain::{
    analyte::format_value,
    record::Kind,
    view::{AskReceipt, Computed, LeftOut, Standing},
};
use serde_json::{Value, json};

/// Sources named in one computed receipt.
const SOURCES: usize = 200;

/// What was computed over a time.
struct Sum {
    json: Value,
    /// The average and its receipt.
    average: Option<(f64, u32)>,
}

impl<'a> Desk<'a> {
    pub(super) fn statistics(&mut self, marker: &str, days: Days) -> Result<Value, Refused> {
        let m = self.marker(marker)?;
        self.asked(m);
        let sum = self.sum(m, days)?;
        let mut out = sum.json;
        out["marker"] = json!(m.key);
        out["name"] = json!(self.said(m.name(self.facts.lang)));
        self.doubts(m, &mut out);
        Ok(out)
    }

    pub(super) fn compare(&mut self, marker: &str, first: Days, second: Days) -> Result<Value, Refused> {
        let m = self.marker(marker)?;
        self.asked(m);
        let (a, b) = (self.sum(m, first)?, self.sum(m, second)?);
        let mut out = json!({
            "marker": m.key, "name": self.said(m.name(self.facts.lang)), "first": a.json, "second": b.json,
        });
        if let (Some((x, from)), Some((y, to))) = (a.average, b.average) {
            let words = self.facts.lang.pick(
                "average of the second time less that of the first",
                "Mittel der zweiten Zeit weniger das der ersten",
            );
            out["difference_of_averages"] =
                self.computed(m, "change", words, &m.written_signed(y - x), vec![from, to])?;
        }
        self.doubts(m, &mut out);
        Ok(out)
    }

    fn sum(&mut self, m: &'a MarkerFact, days: Days) -> Result<Sum, Refused> {
        let facts = self.facts;
        let all: Vec<&ValueFact> = facts.values(&m.key, days).collect();
        all.iter().for_each(|v| self.looked_at(m, v));
        // A value below a limit is no number to compute with.
        let exact: Vec<(&ValueFact, f64)> =
            all.iter().filter(|v| !v.is_censored()).filter_map(|v| Some((*v, v.number?))).collect();
        self.left_out(LeftOut::NotComparable, &m.key, all.len() - exact.len());
        let mut out = json!({"count": Value::Null, "not_comparable": all.len() - exact.len()});
        let mut tags: Vec<u32> = Vec::new();
        for (v, _) in exact.iter().take(SOURCES) {
            tags.extend(self.ledger.add(facts.receipt_of_value(m, v)));
        }
        let lang = facts.lang;
        out["count"] = self.computed(
            m,
            "count",
            lang.pick("number of values", "Anzahl der Werte"),
            &all.len().to_string(),
            tags.clone(),
        )?;
        let (Some(first), Some(last)) = (exact.first(), exact.last()) else {
            return Ok(Sum { json: out, average: None });
        };
        let lowest = exact.iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(first);
        let highest = exact.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(last);
        for (key, (v, _)) in [("first", first), ("last", last), ("lowest", lowest), ("highest", highest)] {
            out[key] = self.row(m, v)?;
        }
        let n = u32::try_from(exact.len()).unwrap_or(u32::MAX);
        let average = exact.iter().map(|(_, n)| n).sum::<f64>() / f64::from(n);
        let words = lang
            .pick("sum of the values, divided by their number", "Summe der Werte, geteilt durch ihre Anzahl");
        let row = self.computed(m, "average", words, &m.written(average), tags)?;
        let place = row["r"].as_str().and_then(|t| self.ledger.find_tag(t));
        out["average"] = row;
        if exact.len() > 1 {
            let ends: Vec<u32> = [first, last]
                .iter()
                .filter_map(|(v, _)| self.ledger.add(facts.receipt_of_value(m, v)))
                .collect();
            let words = lang.pick("newest value less the oldest", "neuester Wert weniger der älteste");
            let change = last.1 - first.1;
            out["change"] = self.computed(m, "change", words, &m.written_signed(change), ends.clone())?;
            if first.1.abs() > f64::EPSILON && first.1.signum() == last.1.signum() {
                let words = lang
                    .pick("change in percent of the oldest value", "Änderung in Prozent des ältesten Werts");
                let share =
                    format!("{}{} %", sign(change), format_value((change / first.1 * 100.0).abs(), 1));
                out["change_percent"] = self.computed(m, "change", words, &share, ends)?;
            }
        }
        Ok(Sum { json: out, average: place.map(|p| (average, p)) })
    }

    fn computed(
        &mut self,
        m: &MarkerFact,
        what: &str,
        formula: &str,
        value: &str,
        from: Vec<u32>,
    ) -> Result<Value, Refused> {
        let lang = self.facts.lang;
        let title = match (what, lang) {
            ("count", Lang::De) => "Anzahl",
            ("count", Lang::En) => "count",
            ("average", Lang::De) => "Mittel",
            ("average", Lang::En) => "average",
            (_, Lang::De) => "Änderung",
            (_, Lang::En) => "change",
        };
        let tag = self.tag(AskReceipt {
            kind: Kind::Observation,
            record: None,
            marker: Some(m.key.clone()),
            title: format!("{}: {title}", m.name(lang)),
            value: value.to_owned(),
            standing: Standing::Unknown,
            date: String::new(),
            document: None,
            document_name: String::new(),
            place: String::new(),
            computed: Some(Computed { formula: formula.to_owned(), from }),
        })?;
        Ok(json!({"r": tag, "value": value}))
    }
}

const fn sign(change: f64) -> &'static str {
    if change < 0.0 { "-" } else { "+" }
}

impl MarkerFact {
    /// A difference in the marker's unit, with its sign.
    fn written_signed(&self, change: f64) -> String {
        format!("{}{}", sign(change), self.written(change.abs()))
    }
}
