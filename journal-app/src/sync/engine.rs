//! When it is synchronised: at opening, after each change here, when the server says that something came, when the network
//! or the page comes back, and again later where it did not work.

use super::{
    channel::{self, Doing, Halt},
    later, members, mend, round, server, space,
};
use crate::{
    browser::{Trouble, clock, window},
    keep,
};
use keepwell_domain::time::Ts;
use keepwell_journal::vault::VaultId;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// Changes that come shortly after each other travel together, in milliseconds.
const TOGETHER: i32 = 400;
/// The longest time between two tries, in seconds.
const LONGEST: i32 = 300;

/// What the pages do.
pub struct Pages {
    /// Something came from another device.
    pub changed: Box<dyn Fn()>,
    /// It stands otherwise.
    pub said: Box<dyn Fn()>,
    /// What came could not be kept.
    pub broken: Box<dyn Fn(Trouble)>,
}

/// A stream of the server's events, open for as long as it is held.
struct Stream {
    source: EventSource,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _ended: Closure<dyn FnMut()>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

thread_local! {
    static PAGES: RefCell<Option<Rc<Pages>>> = const { RefCell::new(None) };
    static STREAMS: RefCell<BTreeMap<VaultId, Stream>> = const { RefCell::new(BTreeMap::new()) };
    /// How often in a row a stream was refused.
    static REFUSED: Cell<u32> = const { Cell::new(0) };
    static IS_RUNNING: Cell<bool> = const { Cell::new(false) };
    static AGAIN: Cell<bool> = const { Cell::new(false) };
    /// What rings next, and when, in microseconds.
    static TIMER: Cell<Option<(i32, i64)>> = const { Cell::new(None) };
}

/// Tells whom to tell.
pub fn set_pages(pages: Pages) {
    PAGES.set(Some(Rc::new(pages)));
}

fn pages() -> Option<Rc<Pages>> {
    PAGES.with_borrow(Clone::clone)
}

/// The pages say how it stands now.
pub fn said() {
    if let Some(pages) = pages() {
        (pages.said)();
    }
}

/// Memory and database may differ: the journal is closed, and what is in the database holds.
pub fn broken(trouble: Trouble) {
    if let Some(pages) = pages() {
        (pages.broken)(trouble);
    }
}

/// How one vault stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub id: VaultId,
    /// Whether it is a space beside the journal's own vault.
    pub is_space: bool,
    /// What it does.
    pub doing: Doing,
    /// Why it stands still.
    pub halt: Option<Halt>,
    /// How many changes wait.
    pub waiting: usize,
    /// When all was the same.
    pub last: Option<Ts>,
    /// Whether the server has it by now.
    pub is_founded: bool,
    /// Whether this device may write.
    pub may_write: bool,
}

/// How all of them stand, the journal's own first.
pub fn standings() -> Vec<Standing> {
    let one = |c: &channel::Channel| Standing {
        id: c.id,
        is_space: c.is_space,
        doing: c.doing,
        halt: c.halt.clone(),
        waiting: c.waiting(),
        last: c.last,
        is_founded: !c.client.is_founding(),
        may_write: c.may_write(),
    };
    let all = |open: &mut keep::Open| {
        let lost = open.lost.map(|id| lost(id, open.may_write()));
        lost.into_iter().chain(open.channels.iter().map(one)).collect()
    };
    keep::with(all).unwrap_or_default()
}

/// The journal's own vault, where what is kept of it does not open.
fn lost(id: VaultId, may_write: bool) -> Standing {
    let halt = Some(Halt::Damaged);
    let (doing, waiting, last) = (Doing::Idle, 0, None);
    Standing { id, is_space: false, doing, halt, waiting, last, is_founded: true, may_write }
}

/// How the journal's own vault stands; `None` where it is on this device alone.
pub fn standing() -> Option<Standing> {
    standings().into_iter().find(|s| !s.is_space)
}

fn is_online() -> bool {
    window().is_none_or(|w| w.navigator().on_line())
}

/// After a change here.
pub fn soon() {
    if standings().is_empty() {
        return;
    }
    said();
    ring(TOGETHER);
}

/// One timer: the one that rings first.
fn ring(milliseconds: i32) {
    let Some(window) = window() else { return };
    let due = clock::now().0 + i64::from(milliseconds) * 1000;
    if let Some((timer, before)) = TIMER.take() {
        // One that is overdue is one that does not ring.
        if (clock::now().0..due).contains(&before) {
            return TIMER.set(Some((timer, before)));
        }
        window.clear_timeout_with_handle(timer);
    }
    let rung = Closure::once_into_js(|| {
        TIMER.set(None);
        now();
    });
    let timer =
        window.set_timeout_with_callback_and_timeout_and_arguments_0(rung.unchecked_ref(), milliseconds);
    TIMER.set(timer.ok().map(|timer| (timer, due)));
}

/// Something may have happened: asks, whatever the last try said.
pub fn poke() {
    keep::with(|open| open.channels.iter_mut().for_each(|c| c.client.poke()));
    now();
}

/// Does what there is to do.
pub fn now() {
    AGAIN.set(true);
    if IS_RUNNING.replace(true) {
        return;
    }
    wasm_bindgen_futures::spawn_local(async {
        while AGAIN.replace(false) && !standings().is_empty() {
            later::rounds().await;
        }
        IS_RUNNING.set(false);
        plan();
        said();
    });
}

pub(super) async fn rounds() {
    if !is_online() {
        keep::with(|open| open.channels.iter_mut().for_each(|c| c.doing = Doing::Offline));
        STREAMS.with_borrow_mut(BTreeMap::clear);
        return;
    }
    space::end_over();
    members::wish_again().await;
    let ids: Vec<VaultId> = standings().into_iter().map(|s| s.id).collect();
    STREAMS.with_borrow_mut(|all| all.retain(|id, _| ids.contains(id)));
    for id in ids {
        let did = round::round(id, &said).await;
        if let Some(trouble) = did.is_broken {
            return broken(trouble);
        }
        let Some(pages) = pages() else { return };
        if did.has_changed {
            (pages.changed)();
        }
        listen(id);
    }
    space::tidy().await;
    mend::begin();
    if space::come_in().await {
        AGAIN.set(true);
    }
}

/// When it is tried again by itself: later each time. Asked for again after whatever was done, so one timer is enough.
pub(super) fn plan() {
    if standings().is_empty() {
        return;
    }
    let worst = keep::with(|open| {
        open.channels.iter().filter(|c| c.halt.is_none()).map(|c| c.failures).max().unwrap_or_default()
    });
    let retry = worst.filter(|failures| *failures > 0).map(wait);
    if let Some(next) = retry.into_iter().chain(mend::again()).min()
        && is_online()
    {
        ring(next);
    }
}

/// Opens the stream of a vault's events, if it is there and none is open.
fn listen(id: VaultId) {
    let is_fit = |s: &Standing| s.id == id && s.halt.is_none() && s.is_founded && s.doing == Doing::Idle;
    if !standings().iter().any(is_fit) {
        STREAMS.with_borrow_mut(|all| all.remove(&id));
        return;
    }
    let is_open = STREAMS
        .with_borrow(|all| all.get(&id).is_some_and(|s| s.source.ready_state() != EventSource::CLOSED));
    if is_open {
        return;
    }
    let Ok(source) = EventSource::new(&server::events(id)) else { return };
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        REFUSED.set(0);
        let newest = event.data().as_string().and_then(|text| text.parse().ok());
        keep::with(|open| {
            let channel = open.channels.iter_mut().find(|c| c.id == id);
            if let (Some(channel), Some(newest)) = (channel, newest) {
                channel.client.hear(newest);
            }
        });
        now();
    });
    let _ = source.add_event_listener_with_callback("order", heard.as_ref().unchecked_ref());
    let of = source.clone();
    let ended = Closure::<dyn FnMut()>::new(move || {
        // The browser connects again by itself, unless the server refused: then asking tells why.
        if of.ready_state() == EventSource::CLOSED {
            let times = REFUSED.get();
            REFUSED.set(times + 1);
            keep::with(|open| open.channels.iter_mut().filter(|c| c.id == id).for_each(|c| c.client.poke()));
            ring(wait(times));
        }
    });
    source.set_onerror(Some(ended.as_ref().unchecked_ref()));
    STREAMS.with_borrow_mut(|all| all.insert(id, Stream { source, _heard: heard, _ended: ended }));
}

/// Milliseconds until the next try: later each time.
fn wait(failures: u32) -> i32 {
    (1i32 << failures.min(9)).min(LONGEST) * 1000
}

/// Closes the stream of a vault that is about to go.
pub fn hush(id: VaultId) {
    STREAMS.with_borrow_mut(|all| all.remove(&id));
}

/// The network or the page came back, or the network went.
pub fn woke() {
    if standings().is_empty() {
        return;
    }
    poke();
}

/// The journal is closed: nothing is listened to any more.
pub fn stop() {
    STREAMS.with_borrow_mut(BTreeMap::clear);
    if let (Some((timer, _)), Some(window)) = (TIMER.take(), window()) {
        window.clear_timeout_with_handle(timer);
    }
}
