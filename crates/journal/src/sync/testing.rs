//! An honest server in memory: the contract of `docs/journal-protocol.md`, to hold clients against.
#![allow(clippy::missing_panics_doc)]

use super::{
    request::{Answer, Request},
    wire::{
        Compact, Compacted, Found, Item, MAX_OBJECT, MAX_PAGE, MAX_PUSH, Message, Order, Page, PostStatement,
        Push, Receipt, Refusal, SnapshotRef, Stored, VaultInfo,
    },
};
use crate::vault::{DeviceId, VaultId};
use std::collections::{BTreeMap, BTreeSet};

/// All vaults of one account.
#[derive(Debug, Clone, Default)]
pub struct Server {
    /// What is stored, by vault.
    pub vaults: BTreeMap<VaultId, Stock>,
    /// Vaults that were deleted.
    pub gone: BTreeSet<VaultId>,
}

/// What the server keeps of one vault. Open, so that tests can be dishonest with it.
#[derive(Debug, Clone, Default)]
pub struct Stock {
    /// By place.
    pub items: BTreeMap<Order, Item>,
    /// Number and hash of the newest object of each chain.
    pub chains: BTreeMap<DeviceId, (u64, [u8; 32])>,
    /// The number of the newest statement.
    pub statement: u32,
    /// The newest place.
    pub last: Order,
    /// The highest place that was deleted.
    pub floor: Order,
    /// The newest snapshot.
    pub snapshot: Option<SnapshotRef>,
}

impl Server {
    /// Answers a request as the server does, through the bytes that go over the wire.
    pub fn serve(&mut self, request: &Request) -> Answer {
        match self.try_serve(request) {
            Ok(answer) => answer,
            Err(refusal) => Answer::Refused(refusal),
        }
    }

    fn try_serve(&mut self, request: &Request) -> Result<Answer, Refusal> {
        let body = request.body().map_err(|_| Refusal::TooLarge)?.unwrap_or_default();
        if body.len() > MAX_PUSH + 4096 {
            return Err(Refusal::TooLarge);
        }
        match request {
            Request::Found(_) => self.found(decode(&body)?).map(Answer::Stored),
            Request::Info(vault) => Ok(Answer::Info(self.stock(*vault)?.info())),
            Request::Items { vault, after, bytes, device } => {
                Ok(Answer::Page(self.stock(*vault)?.page(*after, *bytes, *device)))
            }
            Request::Object { vault, device, seq } => {
                self.stock(*vault)?.object(*device, *seq).cloned().map(Answer::Item).ok_or(Refusal::Missing)
            }
            Request::Push(vault, _) => self.stock(*vault)?.push(decode(&body)?).map(Answer::Stored),
            Request::Statement(vault, _) => self.stock(*vault)?.state(decode(&body)?).map(Answer::Stored),
            Request::Compact(vault, _) => self.stock(*vault)?.compact(&decode(&body)?).map(Answer::Compacted),
            Request::Delete(vault) => self.delete(*vault).map(Answer::Deleted),
        }
    }

    fn stock(&mut self, vault: VaultId) -> Result<&mut Stock, Refusal> {
        self.vaults.get_mut(&vault).ok_or(Refusal::Missing)
    }

    fn found(&mut self, found: Found) -> Result<Stored, Refusal> {
        if self.vaults.contains_key(&found.vault) || self.gone.contains(&found.vault) {
            return Err(Refusal::Exists);
        }
        let mut stock = Stock { last: 1, ..Stock::default() };
        stock.items.insert(1, Item::Statement { order: 1, statement: found.statement });
        self.vaults.insert(found.vault, stock);
        Ok(Stored { order: 1 })
    }

    fn delete(&mut self, vault: VaultId) -> Result<Receipt, Refusal> {
        let stock = self.vaults.remove(&vault).ok_or(Refusal::Missing)?;
        self.gone.insert(vault);
        let bytes = stock.items.values().map(size).sum();
        Ok(Receipt { vault, items: stock.items.len() as u64, bytes, at: 0, audit_leaf: [0; 32] })
    }
}

impl Stock {
    fn info(&self) -> VaultInfo {
        let statement = |item: &Item| match item {
            Item::Statement { statement, .. } => Some(statement.clone()),
            Item::Object { .. } => None,
        };
        VaultInfo {
            statements: self.items.values().filter_map(statement).collect(),
            last: self.last,
            floor: self.floor,
            snapshot: self.snapshot,
            used: self.items.values().map(size).sum(),
            quota: 256 << 20,
        }
    }

    fn page(&self, after: Order, bytes: usize, asking: DeviceId) -> Page {
        let (mut items, mut total) = (Vec::new(), 0);
        let mut cursor = after;
        for (order, item) in self.items.range(after.saturating_add(1)..) {
            let mut item = item.clone();
            if let Item::Object { device, object, .. } = &mut item
                && *device == asking
            {
                object.clear();
            }
            total += size(&item);
            if total > bytes.min(MAX_PAGE) as u64 && !items.is_empty() {
                break;
            }
            cursor = *order;
            items.push(item);
        }
        Page { is_end: cursor >= self.last, items, cursor, floor: self.floor }
    }

    /// One object.
    #[must_use]
    pub fn object(&self, of: DeviceId, number: u64) -> Option<&Item> {
        self.items
            .values()
            .find(|item| matches!(item, Item::Object { device, seq, .. } if *device == of && *seq == number))
    }

    fn push(&mut self, push: Push) -> Result<Stored, Refusal> {
        if push.statement != self.statement {
            return Err(Refusal::VaultMoved);
        }
        let kept = self.chains.get(&push.device).copied();
        let (first, last) = (push.objects.first(), push.objects.last());
        let (Some(first), Some(last)) = (first, last) else { return Err(Refusal::Malformed) };
        if kept == Some((last.seq, last.hash)) {
            return Ok(Stored { order: self.last });
        }
        let follows =
            kept.map_or(first.seq == 1, |(seq, hash)| first.seq == seq + 1 && first.previous == hash);
        if !follows {
            return Err(Refusal::ChainMoved);
        }
        let is_chain = push
            .objects
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if b.seq == a.seq + 1 && b.previous == a.hash));
        if !is_chain || push.objects.iter().any(|pushed| pushed.object.len() > MAX_OBJECT) {
            return Err(Refusal::Malformed);
        }
        let device = push.device;
        self.chains.insert(device, (last.seq, last.hash));
        for pushed in push.objects {
            self.last += 1;
            let (order, seq, epoch) = (self.last, pushed.seq, pushed.epoch);
            let item = Item::Object { order, device, seq, epoch, head: pushed.head, object: pushed.object };
            self.items.insert(order, item);
        }
        Ok(Stored { order: self.last })
    }

    fn state(&mut self, post: PostStatement) -> Result<Stored, Refusal> {
        if post.after != self.last || post.number != self.statement + 1 {
            return Err(Refusal::VaultMoved);
        }
        self.last += 1;
        self.statement = post.number;
        self.items.insert(self.last, Item::Statement { order: self.last, statement: post.statement });
        Ok(Stored { order: self.last })
    }

    fn compact(&mut self, compact: &Compact) -> Result<Compacted, Refusal> {
        let SnapshotRef { device, first, parts } = compact.snapshot;
        let own = first..first + u64::from(parts);
        let places: Option<Vec<Order>> =
            own.clone().map(|seq| Some(self.object(device, seq)?.order())).collect();
        places.ok_or(Refusal::Missing)?;
        // One that does not cover the snapshot in force would leave what only that one covers to nobody.
        let covers = |of: DeviceId, seq: u64| {
            compact.covers.iter().any(|cover| cover.device == of && cover.seq >= seq)
        };
        let is_newer =
            self.snapshot.is_none_or(|old| covers(old.device, old.first + u64::from(old.parts) - 1));
        if !is_newer {
            return Ok(Compacted { objects: 0, bytes: 0 });
        }
        let is_covered = |item: &Item| match item {
            Item::Object { device: of, seq, .. } => {
                !(*of == device && own.contains(seq))
                    && compact.covers.iter().any(|cover| cover.device == *of && *seq <= cover.seq)
            }
            Item::Statement { .. } => false,
        };
        let covered: Vec<Order> =
            self.items.iter().filter(|(_, item)| is_covered(item)).map(|(order, _)| *order).collect();
        let mut bytes = 0;
        for order in &covered {
            bytes += self.items.remove(order).map_or(0, |item| size(&item));
            self.floor = self.floor.max(*order);
        }
        self.snapshot = Some(compact.snapshot);
        Ok(Compacted { objects: covered.len() as u64, bytes })
    }
}

impl Item {
    /// Its place.
    #[must_use]
    pub const fn order(&self) -> Order {
        match self {
            Self::Statement { order, .. } | Self::Object { order, .. } => *order,
        }
    }
}

fn size(item: &Item) -> u64 {
    (match item {
        Item::Statement { statement, .. } => statement.len(),
        Item::Object { head, object, .. } => head.len() + object.len(),
    }) as u64
}

fn decode<M: Message>(body: &[u8]) -> Result<M, Refusal> {
    M::decode(body).map_err(|_| Refusal::Malformed)
}
