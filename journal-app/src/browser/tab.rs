//! One page at a time has the journal open: two would write over each other. The one that opens it later asks the
//! other to lock itself, and waits until it has (Web Locks).

use super::window;
use js_sys::{Function, Object, Promise, Reflect};
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

const NAME: &str = "keepwell-journal";
/// How long the other page may take, in milliseconds. One that hangs loses it.
const PATIENCE: i32 = 4000;

thread_local! {
    static LOST: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
    static CHANNEL: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
    static GIVE: RefCell<Option<Function>> = const { RefCell::new(None) };
    static IS_OURS: Cell<bool> = const { Cell::new(false) };
    /// Rises each time this page begins to take it: what was asked for an earlier time comes too late.
    static TURN: Cell<u32> = const { Cell::new(0) };
}

/// What is done when another page opens the journal.
pub fn on_lost(f: impl Fn() + 'static) {
    LOST.set(Some(Box::new(f)));
    let Ok(channel) = BroadcastChannel::new(NAME) else { return };
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(|_| lose());
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    CHANNEL.set(Some(channel));
}

fn lose() {
    if IS_OURS.get() {
        LOST.with_borrow(|lost| lost.iter().for_each(|f| f()));
    }
}

/// Whether this page has it.
pub fn is_ours() -> bool {
    IS_OURS.get()
}

/// One time in which this page has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn(u32);

impl Turn {
    /// Whether it lasts: no other page took it since.
    pub fn lasts(self) -> bool {
        IS_OURS.get() && TURN.get() == self.0
    }
}

/// Gets it for this page; another may have taken it again by the time it is asked whether the turn lasts. Where the
/// browser has no locks, every page has it.
pub async fn take() -> Turn {
    if IS_OURS.replace(true) {
        return Turn(TURN.get());
    }
    let turn = Turn(TURN.get().wrapping_add(1));
    TURN.set(turn.0);
    if let Some((locks, request)) = locks() {
        wait(turn, &locks, &request).await;
    }
    turn
}

async fn wait(turn: Turn, locks: &JsValue, request: &Function) {
    CHANNEL.with_borrow(|channel| {
        if let Some(channel) = channel {
            let _ = channel.post_message(&"open".into());
        }
    });
    let granted = ask(turn, locks, request, false);
    let late = Promise::new(&mut |resolve, _| {
        if let Some(window) = window() {
            let later = Closure::once_into_js(move || resolve.call1(&JsValue::NULL, &"late".into()));
            let _ =
                window.set_timeout_with_callback_and_timeout_and_arguments_0(later.unchecked_ref(), PATIENCE);
        }
    });
    let first = JsFuture::from(Promise::race(&js_sys::Array::of2(&granted, &late))).await;
    // Nothing is taken from a page that opened it while this one waited.
    if first.is_ok_and(|v| v.as_string().is_some()) && turn.lasts() {
        let _ = JsFuture::from(ask(turn, locks, request, true)).await;
    }
}

/// Leaves it to whoever asks next.
pub fn give() {
    IS_OURS.set(false);
    if let Some(give) = GIVE.take() {
        let _ = give.call0(&JsValue::NULL);
    }
}

fn locks() -> Option<(JsValue, Function)> {
    let locks = Reflect::get(&window()?.navigator(), &"locks".into()).ok().filter(|l| l.is_object())?;
    let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    Some((locks, request))
}

/// Requests the lock; resolves when it is granted, or would be too late. It is held until [`give`].
fn ask(turn: Turn, locks: &JsValue, request: &Function, steals: bool) -> Promise {
    Promise::new(&mut |resolve, _| {
        let hold = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
            // Too late: it was taken away from the page that hung, or the journal was locked meanwhile.
            let is_late = !turn.lasts() || GIVE.with_borrow(Option::is_some);
            let _ = resolve.call0(&JsValue::NULL);
            if is_late {
                return JsValue::UNDEFINED;
            }
            Promise::new(&mut |give, _| GIVE.set(Some(give))).into()
        });
        let options = Object::new();
        let _ = Reflect::set(&options, &"steal".into(), &steals.into());
        if let Ok(held) = request.call3(locks, &NAME.into(), &options, &hold) {
            // Rejected when another page takes it away.
            let lost = Closure::once_into_js(|_: JsValue| lose());
            if let Ok(held) = held.dyn_into::<Promise>() {
                let catch =
                    Reflect::get(&held, &"catch".into()).ok().and_then(|f| f.dyn_into::<Function>().ok());
                let _ = catch.map(|f| f.call1(&held, &lost));
            }
        }
    })
}
