//! Taking in what the server shows, item by item, in its order. It works on a copy of the state, so that a
//! refused page leaves nothing behind.

use super::{
    alarm::{Alarm, Result},
    batch,
    chain::Chain,
    event::Event,
    head::{Hash, Head, Kind},
    keys, object,
    object::object_hash,
    roster::Known,
    state::State,
    statement::{Role, Statement},
    wire::{Item, MAX_OBJECT, Order, Page},
};
use crate::vault::{DeviceId, Vault};

/// A page under examination.
pub(crate) struct Intake<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) vault: &'a mut Vault,
    pub(crate) events: Vec<Event>,
    items: &'a [Item],
    at: usize,
}

/// An object as it stands on a page.
struct Shown<'a> {
    order: Order,
    device: DeviceId,
    seq: u64,
    epoch: crate::vault::Epoch,
    head: &'a [u8],
    object: &'a [u8],
}

impl<'a> Intake<'a> {
    pub(crate) fn new(state: &'a mut State, vault: &'a mut Vault, page: &'a Page) -> Self {
        Self { state, vault, events: Vec::new(), items: &page.items, at: 0 }
    }

    /// Takes the page in, whole.
    pub(crate) fn page(&mut self, page: &Page) -> Result<()> {
        for (at, item) in page.items.iter().enumerate() {
            self.at = at;
            match item {
                Item::Statement { order, statement } => {
                    self.advance(*order)?;
                    self.statement(statement)?;
                    if self.state.is_removed() {
                        // What comes now is not for this device.
                        return Ok(());
                    }
                }
                Item::Object { order, device, seq, epoch, head, object } => {
                    self.advance(*order)?;
                    let (device, seq, epoch) = (*device, *seq, *epoch);
                    self.object(&Shown { order: *order, device, seq, epoch, head, object })?;
                }
            }
        }
        if page.cursor != self.state.cursor {
            return Err(Alarm::Dropped.into());
        }
        if page.is_end {
            self.end()
        } else if page.items.is_empty() {
            Err(Alarm::Truncated.into())
        } else {
            Ok(())
        }
    }

    fn advance(&mut self, order: Order) -> std::result::Result<(), Alarm> {
        if order <= self.state.cursor {
            // The first of a page that is old was shown before; a later one stands behind a newer.
            let before = self.at.checked_sub(1).and_then(|before| self.items.get(before));
            let is_known = before.is_none_or(|before| Some(before) == self.items.get(self.at));
            return Err(if is_known { Alarm::Replayed } else { Alarm::Reordered });
        }
        self.state.cursor = order;
        self.state.horizon = self.state.horizon.max(order);
        Ok(())
    }

    /// Nothing that is known to exist may be missing at the end.
    fn end(&self) -> Result<()> {
        if self.state.cursor < self.state.horizon {
            return Err(Alarm::RolledBack.into());
        }
        if !self.state.is_level() || !self.state.has_echo() {
            return Err(Alarm::Withheld.into());
        }
        Ok(())
    }

    fn statement(&mut self, bytes: &[u8]) -> Result<()> {
        let statement = Statement::parse(bytes)?;
        let next = self.state.streamed.map_or(Some(0), |number| number.checked_add(1));
        match self.state.roster.at(statement.number) {
            Some(known) if known.bytes != bytes => {
                // Whether it is another history, or no statement of this vault at all.
                self.state.roster.clone().learn(bytes)?;
                return Err(Alarm::Forked.into());
            }
            Some(_) if Some(statement.number) < next => return Err(Alarm::Replayed.into()),
            Some(_) if Some(statement.number) > next => return Err(Alarm::Dropped.into()),
            Some(_) => {}
            None => {
                self.state.roster.learn(bytes)?;
                self.adopt()?;
            }
        }
        if Some(statement.number) != next {
            return Err(Alarm::Dropped.into());
        }
        self.check_marks(&statement)?;
        self.state.streamed = next;
        Ok(())
    }

    /// A statement says where all chains stood; that is where they must stand.
    fn check_marks(&mut self, statement: &Statement) -> std::result::Result<(), Alarm> {
        for mark in &statement.marks {
            let chain = self.state.chain(mark.device);
            if mark.seq > chain.mark.seq {
                return Err(Alarm::Withheld);
            }
            if mark.seq > chain.base && chain.hash_at(mark.seq).is_some_and(|hash| hash != mark.hash) {
                return Err(Alarm::Forked);
            }
        }
        let is_ahead = |chain: &&Chain| {
            let stated = statement.mark(chain.mark.device).map_or(0, |mark| mark.seq);
            // A snapshot that was made later stands for what came after the statement too.
            chain.mark.seq > stated.max(chain.base)
        };
        match self.state.chains.values().find(is_ahead) {
            None => Ok(()),
            // Something was slipped in before the statement that shut its author out.
            Some(chain) if statement.member(chain.mark.device).is_none() => Err(Alarm::RemovedDevice),
            Some(_) => Err(Alarm::Reordered),
        }
    }

    /// After a new statement: its key, and what it means for this device.
    pub(crate) fn adopt(&mut self) -> Result<()> {
        self.events.push(Event::MembersChanged);
        match self.state.role() {
            Some(_) => {
                let is_new = keys::gather(&mut self.vault.ring, &self.state.roster, &self.vault.device)?;
                if is_new {
                    self.events.push(Event::KeyChanged);
                }
            }
            None if self.state.is_removed() => self.events.push(Event::Removed),
            None => {}
        }
        Ok(())
    }

    fn object(&mut self, shown: &Shown<'_>) -> Result<()> {
        let head = Head::parse(shown.head)?;
        self.check_place(shown, &head)?;
        self.check_author(&head, shown.head)?;
        let hash = Head::hash(shown.head);
        if shown.order <= self.state.settled && head.seq <= self.state.chain(head.device).base {
            return Ok(());
        }
        self.check_sequence(&head, hash)?;
        self.check_statement(&head)?;
        self.check_views(&head)?;
        if head.device == self.state.device {
            self.check_own(head.seq, hash)?;
        } else {
            self.check_object(&head, shown.object)?;
            let text = object::open(&self.vault.ring, &head, shown.object)?;
            if head.kind == Kind::Batch {
                let (device, seq) = (head.device, head.seq);
                let batch = |content| Event::Batch { device, seq, content };
                self.events.extend(batch::split(&text)?.into_iter().map(batch));
            }
        }
        self.state.chain(head.device).push(hash);
        self.weigh(&head);
        Ok(())
    }

    fn weigh(&mut self, head: &Head) {
        let (objects, bytes) = &mut self.state.weight;
        match head.kind {
            Kind::Batch => {
                *objects += 1;
                *bytes += u64::from(head.object_len);
            }
            Kind::Snapshot { .. } => (*objects, *bytes) = (0, 0),
        }
    }

    fn check_place(&self, shown: &Shown<'_>, head: &Head) -> std::result::Result<(), Alarm> {
        if head.vault != self.state.vault() {
            return Err(Alarm::ForeignVault);
        }
        let is_there = (head.device, head.seq, head.epoch) == (shown.device, shown.seq, shown.epoch);
        if is_there { Ok(()) } else { Err(Alarm::Swapped) }
    }

    /// The author was a writer at this point of the order, and its removal, if there is one anywhere, does not
    /// exclude this head.
    fn check_author(&self, head: &Head, bytes: &[u8]) -> std::result::Result<(), Alarm> {
        check_author(self.state, self.state.streamed.unwrap_or_default(), head, bytes)
    }

    fn check_sequence(&mut self, head: &Head, hash: Hash) -> std::result::Result<(), Alarm> {
        let (device, seq) = (head.device, head.seq);
        let chain = self.state.chain(device);
        let next = chain.mark.seq + 1;
        if seq > next {
            let comes_later = self.comes_later(device, next);
            return Err(if comes_later { Alarm::Reordered } else { Alarm::Dropped });
        }
        if seq == next {
            return if head.previous == chain.mark.hash { Ok(()) } else { Err(Alarm::Forked) };
        }
        match chain.hash_at(seq) {
            Some(known) if known != hash => Err(Alarm::Forked),
            _ => Err(Alarm::Replayed),
        }
    }

    /// Whether the missing object stands further down the page.
    fn comes_later(&self, of: DeviceId, number: u64) -> bool {
        self.items
            .iter()
            .skip(self.at)
            .any(|item| matches!(item, Item::Object { device, seq, .. } if *device == of && *seq == number))
    }

    fn check_statement(&self, head: &Head) -> std::result::Result<(), Alarm> {
        let streamed = self.state.streamed.unwrap_or_default();
        let Some(known) = self.state.roster.at(head.statement) else { return Err(Alarm::Withheld) };
        if known.hash != head.statement_hash {
            return Err(Alarm::Forked);
        }
        if head.epoch != known.statement.epoch {
            return Err(Alarm::WrongEpoch);
        }
        match head.statement.cmp(&streamed) {
            std::cmp::Ordering::Less if head.epoch != self.epoch_at(streamed) => Err(Alarm::WrongEpoch),
            std::cmp::Ordering::Less | std::cmp::Ordering::Greater => Err(Alarm::Reordered),
            std::cmp::Ordering::Equal => Ok(()),
        }
    }

    fn epoch_at(&self, number: u32) -> crate::vault::Epoch {
        self.state.roster.at(number).unwrap_or_else(|| self.state.roster.last()).statement.epoch
    }

    /// What the author has seen of the others must have been shown here too.
    fn check_views(&mut self, head: &Head) -> std::result::Result<(), Alarm> {
        for mark in &head.seen {
            if mark.device == head.device {
                return Err(Alarm::Forked);
            }
            let known = self.state.chain(mark.device);
            if mark.seq > known.mark.seq {
                let comes_later = self.comes_later(mark.device, mark.seq);
                return Err(if comes_later { Alarm::Reordered } else { Alarm::Withheld });
            }
            if known.hash_at(mark.seq).is_some_and(|hash| hash != mark.hash) {
                return Err(Alarm::Forked);
            }
        }
        let chain = self.state.chain(head.device);
        if !chain.views_within(&head.seen) {
            return Err(Alarm::ViewWentBack);
        }
        head.seen.iter().try_for_each(|mark| chain.view(mark.device, mark.seq))
    }

    /// A head with this device's signature must be one that this device pushed.
    fn check_own(&mut self, seq: u64, hash: Hash) -> std::result::Result<(), Alarm> {
        if seq <= self.state.own.mark.seq {
            let is_other = self.state.own.hash_at(seq).is_some_and(|known| known != hash);
            return if is_other { Err(Alarm::OwnChain) } else { Ok(()) };
        }
        match self.state.flight.first() {
            Some(pushed) if pushed.seq == seq && pushed.hash == hash => {
                self.state.settle_flight();
                Ok(())
            }
            _ => Err(Alarm::OwnChain),
        }
    }

    fn check_object(&self, head: &Head, object: &[u8]) -> std::result::Result<(), Alarm> {
        let is_elsewhere = |hash| {
            self.items.iter().any(|item| match item {
                Item::Object { head: bytes, .. } => {
                    Head::parse(bytes).is_ok_and(|other| other.object_hash == hash)
                }
                Item::Statement { .. } => false,
            })
        };
        check_object(head, object, is_elsewhere)
    }
}

/// See [`Intake::check_author`]; `number` is the statement in force.
pub(crate) fn check_author(
    state: &State,
    number: u32,
    head: &Head,
    bytes: &[u8],
) -> std::result::Result<(), Alarm> {
    let in_force: Option<&Known> = state.roster.at(number);
    let member = in_force.and_then(|known| known.statement.member(head.device));
    let Some(member) = member else { return Err(state.roster.stranger(head.device)) };
    if member.role != Role::Writer {
        return Err(Alarm::NotAWriter);
    }
    Head::verify(bytes, &member.card.verifying)?;
    match state.roster.cut(head.device) {
        Some(last) if head.seq > last => Err(Alarm::RemovedDevice),
        _ => Ok(()),
    }
}

/// Whether an object is the one of its head; `is_elsewhere` tells whether another head has its hash.
pub(crate) fn check_object(
    head: &Head,
    object: &[u8],
    is_elsewhere: impl Fn(Hash) -> bool,
) -> std::result::Result<(), Alarm> {
    if object.len() > MAX_OBJECT {
        return Err(Alarm::TooLarge);
    }
    let hash = object_hash(object);
    if hash == head.object_hash {
        return Ok(());
    }
    if is_elsewhere(hash) {
        return Err(Alarm::Swapped);
    }
    let is_short = usize::try_from(head.object_len).is_ok_and(|len| object.len() < len);
    Err(if is_short { Alarm::Truncated } else { Alarm::Altered })
}
