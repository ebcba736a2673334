//! What the tools of one conversation have given out: each row with a tag by which the model cites it.

use keepwell_domain::{
    ids::RecordId,
    view::{AskReceipt, Computed},
};
use std::collections::{BTreeMap, HashMap};

/// Receipts of one conversation at most; tools say so when they are used up.
pub const RECEIPTS: usize = 4000;

/// A marker or record with the names by which a text may mean it.
pub struct Named {
    /// The marker's key; `None` for a record that is no value.
    pub marker: Option<String>,
    /// Its names.
    pub names: Vec<String>,
    /// What a name that holds digits (`HbA1c`) links to.
    pub receipt: AskReceipt,
}

/// See the module.
#[derive(Default)]
pub struct Ledger {
    receipts: Vec<AskReceipt>,
    /// Numbers that stand beside a receipt's value: limits of its range, as printed with their unit.
    beside: Vec<(u32, String)>,
    named: Vec<Named>,
    known: HashMap<Key, u32>,
}

type Key = (Option<RecordId>, Option<String>, String, String, String, Vec<u32>);

fn key(r: &AskReceipt) -> Key {
    let from = r.computed.as_ref().map_or_else(Vec::new, |c| c.from.clone());
    (r.record, r.marker.clone(), r.value.clone(), r.date.clone(), r.title.clone(), from)
}

impl Ledger {
    /// An empty one that knows the person's markers by name.
    #[must_use]
    pub fn new(named: Vec<Named>) -> Self {
        Self { named, ..Self::default() }
    }

    /// Adds a receipt, or finds it again. `None` when there are too many.
    pub fn add(&mut self, receipt: AskReceipt) -> Option<u32> {
        let key = key(&receipt);
        if let Some(&at) = self.known.get(&key) {
            return Some(at);
        }
        if self.receipts.len() >= RECEIPTS {
            return None;
        }
        let at = u32::try_from(self.receipts.len()).ok()?;
        self.receipts.push(receipt);
        self.known.insert(key, at);
        Some(at)
    }

    /// Says that a number stands beside a receipt's value: `3.0 mmol/L`.
    pub fn add_beside(&mut self, receipt: u32, printed: String) {
        if !printed.is_empty() && !self.beside.iter().any(|(r, p)| *r == receipt && *p == printed) {
            self.beside.push((receipt, printed));
        }
    }

    /// Adds the receipts of an earlier answer.
    pub fn add_earlier(&mut self, receipts: &[AskReceipt]) {
        let mut places: Vec<Option<u32>> = Vec::with_capacity(receipts.len());
        for (i, receipt) in receipts.iter().enumerate() {
            let mut receipt = receipt.clone();
            if let Some(c) = &mut receipt.computed {
                // What it was computed from stands before or after it; only what is known by now is kept.
                c.from.retain(|f| (*f as usize) < i);
                c.from = c.from.iter().filter_map(|f| places.get(*f as usize).copied().flatten()).collect();
            }
            places.push(self.add(receipt));
        }
    }

    /// All receipts.
    #[must_use]
    pub fn receipts(&self) -> &[AskReceipt] {
        &self.receipts
    }

    /// Numbers beside values.
    #[must_use]
    pub fn beside(&self) -> &[(u32, String)] {
        &self.beside
    }

    /// The person's markers by name.
    #[must_use]
    pub fn named(&self) -> &[Named] {
        &self.named
    }

    /// The tag of a receipt, as it stands in results: `r12`.
    #[must_use]
    pub fn tag(at: u32) -> String {
        format!("r{}", u64::from(at) + 1)
    }

    /// The receipt of a tag.
    #[must_use]
    pub fn find_tag(&self, tag: &str) -> Option<u32> {
        let digits = tag.strip_prefix(['r', 'R'])?;
        let n: u32 = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())??;
        let at = n.checked_sub(1)?;
        ((at as usize) < self.receipts.len()).then_some(at)
    }
}

/// Chooses the receipts that an answer uses, in the order of first use.
#[derive(Default)]
pub struct Used {
    receipts: Vec<AskReceipt>,
    places: BTreeMap<u32, u32>,
}

impl Used {
    /// The place in the answer of the ledger's receipt.
    pub fn place(&mut self, ledger: &Ledger, at: u32) -> u32 {
        if let Some(&p) = self.places.get(&at) {
            return p;
        }
        let Some(receipt) = ledger.receipts.get(at as usize) else { return 0 };
        let p = self.push(receipt.clone());
        self.places.insert(at, p);
        if let Some(computed) = receipt.computed.clone() {
            let from = computed.from.iter().filter(|f| **f != at).map(|f| self.place(ledger, *f)).collect();
            if let Some(r) = self.receipts.get_mut(p as usize) {
                r.computed = Some(Computed { formula: computed.formula, from });
            }
        }
        p
    }

    /// The place of a receipt that stands in no ledger.
    pub fn place_of(&mut self, receipt: &AskReceipt) -> u32 {
        match self.receipts.iter().position(|r| r == receipt) {
            Some(p) => u32::try_from(p).unwrap_or(0),
            None => self.push(receipt.clone()),
        }
    }

    fn push(&mut self, receipt: AskReceipt) -> u32 {
        self.receipts.push(receipt);
        u32::try_from(self.receipts.len() - 1).unwrap_or(0)
    }

    /// All that were used.
    #[must_use]
    pub fn into_receipts(self) -> Vec<AskReceipt> {
        self.receipts
    }
}
