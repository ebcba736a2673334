//! Receipts: where something in an answer comes from.

use super::{DocumentFact, Facts, ItemFact, MarkerFact, ValueFact};
use keepwell_domain::{
    ids::DocumentId,
    record::Kind,
    view::{AskReceipt, Standing},
};

impl Facts {
    /// The receipt of a value. The place in the document is empty: it is sealed apart from the record, and is
    /// opened only for what is shown.
    #[must_use]
    pub fn receipt_of_value(&self, m: &MarkerFact, v: &ValueFact) -> AskReceipt {
        let d = v.detail.as_ref();
        let (document, document_name) = self.first_document(d.map_or(&[], |d| &d.documents));
        AskReceipt {
            kind: Kind::Observation,
            record: d.map(|d| d.record),
            marker: Some(m.key.clone()),
            title: m.name(self.lang).to_owned(),
            value: m.shown(v),
            standing: v.standing(),
            date: v.date(),
            document,
            document_name,
            place: String::new(),
            computed: None,
        }
    }

    /// The receipt of a record that is no value.
    #[must_use]
    pub fn receipt_of_item(&self, i: &ItemFact) -> AskReceipt {
        let (document, document_name) = self.first_document(&i.documents);
        AskReceipt {
            kind: i.kind(),
            record: Some(i.record),
            marker: None,
            title: i.title.clone(),
            value: String::new(),
            standing: Standing::Unknown,
            date: i.date(),
            document,
            document_name,
            place: String::new(),
            computed: None,
        }
    }

    /// The receipt of a document itself: it names no record and no marker. Its date is the day on which it
    /// was brought.
    #[must_use]
    pub fn receipt_of_document(&self, d: &DocumentFact) -> AskReceipt {
        AskReceipt {
            kind: Kind::Note,
            record: None,
            marker: None,
            title: d.name.clone(),
            value: String::new(),
            standing: Standing::Unknown,
            date: d.created.date().to_string(),
            document: Some(d.id),
            document_name: d.name.clone(),
            place: String::new(),
            computed: None,
        }
    }

    fn first_document(&self, of: &[DocumentId]) -> (Option<DocumentId>, String) {
        let first = of.first().copied();
        let name = first.and_then(|d| self.document(d)).map_or(String::new(), |d| d.name.clone());
        (first, name)
    }
}
