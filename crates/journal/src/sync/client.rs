//! A device's side of synchronising, without any I/O: it says what to ask, and takes in the answers.
//!
//! Whoever drives it calls [`Client::next`], carries the request, and gives the answer to [`Client::handle`];
//! the client's state ([`Client::seal`]) and the vault are kept after each of the two, before anything is sent
//! and after the events were acted upon.

use super::{
    alarm::{Alarm, Result, SyncError},
    catch_up::CatchUp,
    change::{self, Change, Guest},
    event::Event,
    head::{Hash, Head},
    intake::Intake,
    outbox::{Writer, take_off},
    request::{Answer, Request},
    state::State,
    statement::{Author, Member, Role, Statement},
    wire::{Compact, Found, Page, PostStatement, Push, Refusal, SnapshotRef, VaultInfo},
};
use crate::vault::{DeviceId, Epoch, Random, SlotHead, Vault, VaultId};
use std::fmt;

/// How much is asked for at once, in bytes.
const PAGE: usize = 2 << 20;
/// After so many objects, or so many bytes of them, a snapshot is due.
const SNAPSHOT_AFTER: (u64, u64) = (256, 8 << 20);

/// What an answer is awaited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Found,
    Info,
    Items,
    Part,
    Push,
    Statement,
    Compact,
    Delete,
}

/// See the module.
pub struct Client {
    state: State,
    guest: Option<Guest>,
    catch_up: Option<CatchUp>,
    asked: Option<Asked>,
    alarm: Option<Alarm>,
    wish: Option<Change>,
    /// The hash of the statement that was posted for the wish.
    posted: Option<Hash>,
    wants_info: bool,
    /// The server says that objects up to this place were deleted.
    told_floor: super::wire::Order,
    /// A snapshot that the server named and did not have.
    missing: Option<SnapshotRef>,
    wants_pull: bool,
    wants_delete: bool,
    is_gone: bool,
    /// The server says that this device's chain is elsewhere.
    is_disputed: bool,
}

impl Client {
    pub(crate) fn new(state: State, guest: Option<Guest>, catch_up: Option<CatchUp>) -> Self {
        let wants_pull = !state.is_founding;
        Self {
            state,
            guest,
            catch_up,
            asked: None,
            alarm: None,
            wish: None,
            posted: None,
            wants_info: false,
            told_floor: 0,
            missing: None,
            wants_pull,
            wants_delete: false,
            is_gone: false,
            is_disputed: false,
        }
    }

    /// Begins to synchronise a vault that is on this device alone.
    ///
    /// # Errors
    /// [`SyncError::NoPhrase`] until a recovery phrase was made and confirmed (in a shared space: a keeper);
    /// [`SyncError::NotPossible`] on another device than the one that founded the vault.
    pub fn found(vault: &Vault, random: &mut dyn Random) -> Result<Self> {
        let statement = change::found(vault, random)?;
        let roster = super::roster::Roster::begin(&statement, Some(vault.front.anchor))?;
        Ok(Self::new(State::new(vault.card().id(), roster, true), None, None))
    }

    /// The state as it is kept, sealed under the vault's key.
    ///
    /// # Errors
    /// [`SyncError::Vault`].
    pub fn seal(&self, vault: &Vault, random: &mut dyn Random) -> Result<Vec<u8>> {
        Ok(vault.seal_local(&self.state.write()?, random)?)
    }

    /// Goes on where [`Self::seal`] left off. What was asked and not answered is asked again.
    ///
    /// # Errors
    /// [`SyncError::Vault`] for another vault's state, or a changed one.
    pub fn open(vault: &Vault, sealed: &[u8]) -> Result<Self> {
        let state = State::read(&vault.open_local(sealed)?)?;
        if state.vault() != vault.id() || state.device != vault.card().id() {
            return Err(SyncError::Vault(crate::vault::VaultError::ForeignSlot));
        }
        Ok(Self::new(state, None, None))
    }

    pub(crate) const fn anchor(&self) -> crate::vault::Anchor {
        self.state.roster.anchor()
    }
    /// Whether the vault is yet to be made on the server.
    #[must_use]
    pub const fn is_founding(&self) -> bool {
        self.state.is_founding
    }
    /// Which vault.
    #[must_use]
    pub const fn vault(&self) -> VaultId {
        self.state.vault()
    }
    /// This device.
    #[must_use]
    pub const fn device(&self) -> DeviceId {
        self.state.device
    }
    /// What was refused, if anything was; nothing is asked for any more.
    #[must_use]
    pub const fn alarm(&self) -> Option<Alarm> {
        self.alarm
    }
    /// What this device may do; `None` when it is not in the vault.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.state.role()
    }
    /// Who is in the vault.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        self.state.roster.members()
    }
    /// Who was in the vault and is not any more.
    pub fn removed(&self) -> impl Iterator<Item = DeviceId> {
        self.state.roster.removed()
    }
    /// The ways into the vault that the server keeps.
    pub fn slots(&self) -> impl Iterator<Item = &SlotHead> {
        self.state.roster.last().statement.slots.iter().map(crate::vault::Slot::head)
    }
    /// How many batches and parts wait to be stored.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.state.outbox.len()
    }
    /// The right to write, for a writer.
    pub fn writer(&mut self) -> Option<Writer<'_>> {
        Writer::of(&mut self.state)
    }

    /// Wishes a change of members. It is made as soon as this device is level with the server, and made anew if
    /// others were quicker.
    ///
    /// # Errors
    /// [`SyncError::NotPossible`] for a member that only reads, or while another wish waits.
    pub fn change(&mut self, change: Change) -> Result<()> {
        if self.state.role() != Some(Role::Writer) || self.wish.is_some() {
            return Err(SyncError::NotPossible);
        }
        self.wish = Some(change);
        self.posted = None;
        self.wants_pull = true;
        Ok(())
    }

    /// Something may have happened on the server: an event said so, or the network is back.
    pub const fn poke(&mut self) {
        self.wants_pull = true;
    }

    /// An event said which place is the newest. An empty page does not show that a server went back; this does.
    pub const fn hear(&mut self, newest: super::wire::Order) {
        if newest < self.state.horizon {
            self.wants_info = !self.state.is_founding;
        } else if newest > self.state.cursor {
            self.wants_pull = true;
        }
    }

    /// Wishes the vault deleted from the server.
    pub const fn delete(&mut self) {
        self.wants_delete = true;
    }

    /// Wishes it no more. Where the server was asked by then, its answer holds.
    pub const fn keep(&mut self) {
        self.wants_delete = false;
    }

    /// No answer came. Whether the request was carried out is found out by pulling.
    pub const fn failed(&mut self) {
        self.asked = None;
        self.wants_pull = !self.state.is_founding;
    }

    /// What to ask next; `None` when there is nothing to do, an answer is awaited, or something was refused.
    ///
    /// # Errors
    /// [`SyncError::Vault`] when the random source fails; [`SyncError::NotPossible`] when a wished change cannot
    /// be made any more, since others changed the vault meanwhile: the wish is then withdrawn.
    pub fn next(&mut self, vault: &Vault, random: &mut dyn Random) -> Result<Option<Request>> {
        if self.asked.is_some() || self.alarm.is_some() || self.is_gone {
            return Ok(None);
        }
        let id = self.vault();
        if self.wants_delete {
            return Ok(self.ask(Asked::Delete, Request::Delete(id)));
        }
        if self.state.is_founding {
            let statement = self.state.roster.last().bytes.clone();
            return Ok(self.ask(Asked::Found, Request::Found(Found { vault: id, statement })));
        }
        if self.wants_info {
            return Ok(self.ask(Asked::Info, Request::Info(id)));
        }
        if let Some(catch_up) = &self.catch_up {
            let (device, seq) = catch_up.next();
            return Ok(self.ask(Asked::Part, Request::Object { vault: id, device, seq }));
        }
        if self.state.role().is_none() && self.guest.is_none() {
            return Ok(None);
        }
        if self.wants_pull || !self.state.is_level() {
            let (after, device) = (self.state.cursor, self.state.device);
            let items = Request::Items { vault: id, after, bytes: PAGE, device };
            return Ok(self.ask(Asked::Items, items));
        }
        self.next_to_store(vault, random)
    }

    fn ask(&mut self, asked: Asked, request: Request) -> Option<Request> {
        self.asked = Some(asked);
        Some(request)
    }

    fn next_to_store(&mut self, vault: &Vault, random: &mut dyn Random) -> Result<Option<Request>> {
        let id = self.vault();
        if self.has_statement_to_post() {
            if !self.state.has_echo() {
                self.wants_pull = true;
                return self.next(vault, random);
            }
            return self.statement(vault, random);
        }
        if self.state.role() != Some(Role::Writer) {
            return Ok(None);
        }
        if self.state.flight.is_empty() && !self.state.outbox.is_empty() {
            take_off(&mut self.state, vault, random)?;
        }
        if !self.state.flight.is_empty() {
            let statement = self.state.roster.last().statement.number;
            let push = Push { device: self.state.device, statement, objects: self.state.flight.clone() };
            return Ok(self.ask(Asked::Push, Request::Push(id, push)));
        }
        match &self.state.compaction {
            Some(due)
                if due.snapshot.first + u64::from(due.snapshot.parts) <= self.state.own.mark.seq + 1 =>
            {
                let compact = Compact { snapshot: due.snapshot, covers: due.covers.clone() };
                Ok(self.ask(Asked::Compact, Request::Compact(id, compact)))
            }
            _ => Ok(None),
        }
    }

    fn has_statement_to_post(&self) -> bool {
        self.state.flight.is_empty()
            && (self.wish.is_some() || (self.guest.is_some() && self.state.role().is_none()))
    }

    fn statement(&mut self, vault: &Vault, random: &mut dyn Random) -> Result<Option<Request>> {
        let made = match (&self.guest, &self.wish) {
            (Some(guest), _) if self.state.role().is_none() => {
                change::let_in(&self.state, vault, guest, random)
            }
            (_, Some(wish)) => change::make(&self.state, vault, wish, random),
            _ => return Ok(None),
        };
        // Whatever the others would refuse is not sent.
        let mut roster = self.state.roster.clone();
        let made =
            made.and_then(|made| roster.learn(&made).map_err(|_| SyncError::NotPossible).map(|()| made));
        if made.is_err() {
            self.withdraw();
        }
        let made = made?;
        self.posted = Some(Statement::hash(&made));
        let number = roster.last().statement.number;
        let post = PostStatement { after: self.state.cursor, number, statement: made };
        Ok(self.ask(Asked::Statement, Request::Statement(self.vault(), post)))
    }

    /// Takes an answer in. The events are to be acted upon in their order, and then the state and the vault
    /// kept.
    ///
    /// # Errors
    /// [`SyncError::Alarm`]: the answer was refused, and the client stands still. Nothing of it was taken over but
    /// a newer key, where a signed statement brought one: the vault is to be kept whenever its epoch rose, whatever
    /// came back.
    /// [`SyncError::Unexpected`] for an answer to another question.
    pub fn handle(
        &mut self,
        vault: &mut Vault,
        answer: Answer,
        random: &mut dyn Random,
    ) -> Result<Vec<Event>> {
        let asked = self.asked.take().ok_or(SyncError::Unexpected)?;
        let done = match (asked, answer) {
            (_, Answer::Refused(refusal)) => Ok(self.refused(asked, refusal)),
            (Asked::Found, Answer::Stored(stored)) => {
                self.state.is_founding = false;
                self.reached(stored.order);
                Ok(Vec::new())
            }
            (Asked::Info, Answer::Info(info)) => self.info(vault, &info, random),
            (Asked::Items, Answer::Page(page)) => self.page(vault, &page, random),
            (Asked::Part, Answer::Item(item)) => self.part(vault, &item),
            (Asked::Push, Answer::Stored(stored)) => {
                let count = self.state.flight.len();
                self.state.settle_flight();
                self.reached(stored.order);
                // The echo is looked at once, when nothing more is to be pushed.
                self.wants_pull = self.state.outbox.is_empty();
                Ok(vec![Event::Stored(count)])
            }
            (Asked::Statement, Answer::Stored(stored)) => {
                self.reached(stored.order);
                Ok(Vec::new())
            }
            (Asked::Compact, Answer::Compacted(_)) => {
                self.state.compaction = None;
                Ok(vec![Event::Compacted])
            }
            (Asked::Delete, Answer::Deleted(receipt)) => {
                self.is_gone = true;
                Ok(vec![Event::Deleted(receipt)])
            }
            _ => Err(SyncError::Unexpected),
        };
        if let Err(SyncError::Alarm(alarm)) = &done {
            self.alarm = Some(*alarm);
        }
        done
    }

    /// An answer that could not even be read ([`Request::answer`]).
    pub const fn refuse(&mut self, alarm: Alarm) {
        self.asked = None;
        self.alarm = Some(alarm);
    }

    fn reached(&mut self, order: super::wire::Order) {
        self.state.horizon = self.state.horizon.max(order);
        self.wants_pull = true;
    }

    fn refused(&mut self, asked: Asked, refusal: Refusal) -> Vec<Event> {
        match (asked, refusal) {
            (Asked::Found, Refusal::Exists) => {
                // Perhaps the answer to the first attempt was lost; what is there will show.
                self.state.is_founding = false;
                self.wants_info = true;
                Vec::new()
            }
            (Asked::Push, Refusal::ChainMoved) => {
                self.is_disputed = true;
                self.wants_pull = true;
                Vec::new()
            }
            (_, Refusal::ChainMoved | Refusal::VaultMoved) => {
                self.wants_pull = true;
                Vec::new()
            }
            // Another snapshot may have taken the place of the one that was asked for.
            (Asked::Part, Refusal::Missing) => {
                self.missing = self.catch_up.take().map(|catch_up| catch_up.snapshot());
                self.wants_info = true;
                Vec::new()
            }
            (Asked::Compact, _) => {
                self.state.compaction = None;
                Vec::new()
            }
            (_, Refusal::Missing) => {
                self.is_gone = true;
                vec![Event::Gone]
            }
            (_, other) => vec![Event::Refused(other)],
        }
    }

    fn info(&mut self, vault: &mut Vault, info: &VaultInfo, random: &mut dyn Random) -> Result<Vec<Event>> {
        let mut state = self.state.clone();
        let known = state.roster.iter().count();
        if info.statements.len() < known || info.last < state.horizon || info.floor < self.told_floor {
            return Err(Alarm::RolledBack.into());
        }
        let is_same = |(known, shown): (&super::roster::Known, &Vec<u8>)| known.bytes == *shown;
        if !state.roster.iter().zip(&info.statements).all(is_same) {
            return Err(Alarm::Forked.into());
        }
        for statement in info.statements.iter().skip(known) {
            state.roster.learn(statement)?;
        }
        state.horizon = info.last;
        let nothing = Page { items: Vec::new(), cursor: 0, is_end: false, floor: 0 };
        let epoch = vault.epoch();
        let mut intake = Intake::new(&mut state, vault, &nothing);
        let adopted = if info.statements.len() > known { intake.adopt() } else { Ok(()) };
        let events = std::mem::take(&mut intake.events);
        refill(vault, epoch, random)?;
        adopted?;
        if self.missing.is_some() && self.missing == info.snapshot {
            return Err(Alarm::Dropped.into());
        }
        self.catch_up = if state.is_removed() { None } else { CatchUp::begin(&state, info)? };
        self.state = state;
        self.wants_info = false;
        self.wants_pull = true;
        Ok(events)
    }

    fn part(&mut self, vault: &Vault, item: &super::wire::Item) -> Result<Vec<Event>> {
        let Some(mut catch_up) = self.catch_up.take() else { return Err(SyncError::Unexpected) };
        let mut state = self.state.clone();
        let event = catch_up.part(&mut state, vault, item)?;
        self.state = state;
        if event.is_none() {
            self.catch_up = Some(catch_up);
        }
        Ok(event.into_iter().collect())
    }

    fn page(&mut self, vault: &mut Vault, page: &Page, random: &mut dyn Random) -> Result<Vec<Event>> {
        if page.floor > self.state.cursor.max(self.state.settled) {
            // What is missing here was deleted; a snapshot stands for it.
            self.wants_info = true;
            self.told_floor = page.floor;
            return Ok(Vec::new());
        }
        let mut state = self.state.clone();
        let epoch = vault.epoch();
        let mut intake = Intake::new(&mut state, vault, page);
        let taken = intake.page(page);
        let mut events = std::mem::take(&mut intake.events);
        refill(vault, epoch, random)?;
        taken?;
        let (device, known) = (self.state.device, self.state.roster.iter().count());
        let renews = |known: &super::roster::Known| {
            known.statement.link.is_some() && known.statement.author == Author::Device(device)
        };
        let has_renewed = state.roster.iter().skip(known).any(renews);
        let has_stored_more = state.own.mark.seq > self.state.own.mark.seq;
        let has_pushed =
            has_stored_more || state.chains.get(&state.device) != self.state.chains.get(&state.device);
        if self.is_disputed && page.is_end && !has_stored_more && !state.flight.is_empty() {
            return Err(Alarm::Withheld.into());
        }
        self.state = state;
        self.is_disputed &= !page.is_end;
        self.wants_pull = !page.is_end;
        self.settle_wish();
        // What a removed device could read is replaced at once, also where the answer to the statement was lost.
        if has_renewed && self.state.compaction.is_none() {
            events.push(Event::SnapshotDue);
        }
        self.drop_outdated_flight();
        if has_pushed && page.is_end {
            self.weigh(&mut events);
        }
        let has_work = !self.state.outbox.is_empty() || self.wish.is_some() || !self.state.is_level();
        if page.is_end && !has_work && self.state.role().is_some() {
            events.push(Event::UpToDate);
        }
        Ok(events)
    }

    /// What was posted has come back.
    fn settle_wish(&mut self) {
        let Some(posted) = self.posted else { return };
        if self.state.roster.iter().any(|known| known.hash == posted) {
            (self.posted, self.wish, self.guest) = (None, None, None);
        }
    }

    /// What was sealed under an older statement, and not stored, is sealed anew.
    fn drop_outdated_flight(&mut self) {
        let newest = self.state.roster.last().statement.number;
        let is_outdated = |pushed: &super::wire::Pushed| {
            Head::parse(&pushed.head).map_or(true, |head| head.statement != newest)
        };
        if self.state.is_level() && self.state.flight.first().is_some_and(is_outdated) {
            self.state.flight.clear();
        }
    }

    fn weigh(&self, events: &mut Vec<Event>) {
        let (objects, bytes) = self.state.weight;
        let is_due = objects >= SNAPSHOT_AFTER.0 || bytes >= SNAPSHOT_AFTER.1;
        if is_due && self.state.compaction.is_none() && !events.contains(&Event::SnapshotDue) {
            events.push(Event::SnapshotDue);
        }
    }

    #[cfg(test)]
    pub(crate) const fn state_for_tests(&self) -> &State {
        &self.state
    }

    /// Gives up a wish that cannot be made any more.
    pub fn withdraw(&mut self) {
        (self.wish, self.posted) = (None, None);
    }
}

/// A key that came stays, even if what came with it is refused; then the vault's ways in must hold it, or what is
/// sealed from now on opens with none of them.
fn refill(vault: &mut Vault, before: Epoch, random: &mut dyn Random) -> Result<()> {
    if vault.epoch() != before {
        vault.refill(random)?;
    }
    Ok(())
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { state, asked, alarm, .. } = self;
        write!(f, "Client({:?}, at {}, {asked:?}, {alarm:?})", state.device, state.cursor)
    }
}
