//! What was looked at for an answer, and what was not.

use crate::facts::Facts;
use keepwell_domain::{
    ids::RecordId,
    view::{Coverage, LeftOut, LeftOutItem},
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// See the module.
#[derive(Default)]
pub struct Seen {
    records: HashSet<RecordId>,
    /// Days of samples: marker and day.
    sampled: HashSet<(String, String)>,
    dates: BTreeSet<String>,
    markers: BTreeSet<String>,
    others: BTreeMap<(LeftOutOrder, String), (LeftOut, usize)>,
}

type LeftOutOrder = u8;

impl Seen {
    /// A record that was looked at.
    pub fn record(&mut self, id: RecordId, date: &str) {
        self.records.insert(id);
        self.dated(date);
    }
    /// A day of samples that was looked at.
    pub fn day(&mut self, marker: &str, date: &str) {
        self.sampled.insert((marker.to_owned(), date.to_owned()));
        self.dated(date);
    }
    /// A marker that was asked for.
    pub fn marker(&mut self, key: &str) {
        self.markers.insert(key.to_owned());
    }
    /// What was left out, counted once for each thing that it was left out of.
    pub fn left_out(&mut self, why: LeftOut, of: &str, count: usize) {
        if count > 0 {
            let entry = self.others.entry((why as u8, of.to_owned())).or_insert((why, 0));
            entry.1 = entry.1.max(count);
        }
    }
    fn dated(&mut self, date: &str) {
        if !date.is_empty() {
            self.dates.insert(date.get(..10).unwrap_or(date).to_owned());
        }
    }

    /// The sum of it. Files that were not read may say something of anything, so they always count.
    pub fn coverage(&self, facts: &Facts) -> Coverage {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let mut left_out = Vec::new();
        for (id, waiting) in self.waiting(facts) {
            let document = facts.document(id);
            left_out.push(LeftOutItem {
                why: LeftOut::Unreviewed,
                count: count(waiting),
                document: Some(id),
                document_name: document.map_or(String::new(), |d| d.name.clone()),
            });
        }
        left_out.extend(facts.unread().map(|d| LeftOutItem {
            why: LeftOut::Unread,
            count: 1,
            document: Some(d.id),
            document_name: d.name.clone(),
        }));
        let mut sums: BTreeMap<LeftOutOrder, (LeftOut, usize)> = BTreeMap::new();
        for ((order, _), (why, n)) in &self.others {
            sums.entry(*order).or_insert((*why, 0)).1 += n;
        }
        left_out.extend(sums.into_values().map(|(why, n)| LeftOutItem {
            why,
            count: count(n),
            document: None,
            document_name: String::new(),
        }));
        Coverage {
            looked_at: count(self.records.len() + self.sampled.len()),
            from: self.dates.first().cloned().unwrap_or_default(),
            to: self.dates.last().cloned().unwrap_or_default(),
            left_out,
        }
    }

    /// Rows that wait and belong, or may belong, to what was asked for; by their document.
    fn waiting(&self, facts: &Facts) -> BTreeMap<keepwell_domain::ids::DocumentId, usize> {
        let mut out = BTreeMap::new();
        for w in facts.waiting.iter() {
            let concerns = w.key.as_ref().is_none_or(|k| self.markers.contains(k));
            if concerns && !self.markers.is_empty() {
                *out.entry(w.document).or_insert(0) += 1;
            }
        }
        out
    }

    /// Markers of which a row waits that may be newer than all values: (name, document).
    pub fn unreviewed(&self, facts: &Facts) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for key in &self.markers {
            let Some(m) = facts.marker(key) else { continue };
            let newest = facts.latest(key).map(|v| v.day());
            let newer = facts
                .waiting_for(key)
                .find(|w| w.when.is_none_or(|when| newest.is_none_or(|day| when.date() >= day)));
            if let Some(w) = newer {
                let document = facts.document(w.document).map_or(String::new(), |d| d.name.clone());
                out.push((m.name(facts.lang).to_owned(), document));
            }
        }
        out
    }
}
