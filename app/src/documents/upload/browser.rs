//! The list of files on their way, and the queue that sends them one after the other.

use super::{
    CutOff, Progress, Reason, Upload,
    folder::{self, Dropped},
    memory, send,
};
use leptos::{ev, prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};
use wasm_bindgen::JsCast;
use web_sys::{AbortController, File, HtmlInputElement};

/// What the tab holds, whichever page it shows.
struct Tab {
    /// Owns the signals: those of a page would go with it.
    owner: Owner,
    list: RwSignal<Vec<Upload>>,
}

thread_local! {
    static TAB: Tab = {
        // Without a parent: `Owner::new` would be a child of the page that asks first.
        let owner = Owner::default();
        let list = owner.with(|| RwSignal::new(Vec::new()));
        Tab { owner, list }
    };
    static FILES: RefCell<HashMap<usize, File>> = RefCell::default();
    static NUMBER: Cell<usize> = const { Cell::new(0) };
    static BUSY: Cell<bool> = const { Cell::new(false) };
    static UNDER_WAY: RefCell<Option<(usize, AbortController)>> = const { RefCell::new(None) };
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// All files on their way and those that have ended.
pub fn list() -> RwSignal<Vec<Upload>> {
    TAB.with(|t| t.list)
}

/// Takes the files picked in an input and empties it.
pub fn from_input(e: &ev::Event) {
    let Some(input) = e.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) else { return };
    let is_folder = input.has_attribute("webkitdirectory");
    if let Some(files) = input.files() {
        let all = (0..files.length()).filter_map(|i| files.item(i));
        add(all.filter(|f| !is_folder || !folder::is_clutter(&f.name())));
    }
    input.set_value("");
}

/// Takes dropped files and folders.
pub fn from_drop(e: &ev::DragEvent) {
    let Some(data) = e.data_transfer() else { return };
    for item in folder::of_drop(&data) {
        match item {
            Dropped::File(file) => add([file]),
            Dropped::Folder(entry) => spawn_local(async move { add(folder::files(entry).await) }),
        }
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn add(files: impl IntoIterator<Item = File>) {
    guard();
    for file in files {
        let number = NUMBER.replace(NUMBER.get() + 1);
        let upload = TAB.with(|t| {
            t.owner.with(|| Upload {
                number,
                name: StoredValue::new(file.name()),
                size: file.size() as u64,
                sent: RwSignal::new(0),
                progress: RwSignal::new(Progress::Waiting),
            })
        });
        FILES.with_borrow_mut(|f| f.insert(number, file));
        list().update(|u| u.push(upload));
        queue(upload);
    }
}

/// Asks before the tab is closed while something is being sent; it would have to be chosen again.
fn guard() {
    if IS_GUARDED.replace(true) {
        return;
    }
    let handle = window_event_listener(ev::beforeunload, |e| {
        if list().with_untracked(|all| all.iter().any(|u| untrack(|| !u.has_ended()))) {
            e.prevent_default();
        }
    });
    // For as long as the tab is there.
    std::mem::forget(handle);
}

/// One at a time: a phone's upstream gains nothing from several.
fn queue(u: Upload) {
    spawn_local(async move {
        while BUSY.get() {
            send::sleep(150).await;
        }
        if u.progress.get_untracked() != Progress::Waiting {
            return;
        }
        let Some(file) = FILES.with_borrow(|f| f.get(&u.number).cloned()) else { return };
        BUSY.set(true);
        let end = send::send(u, &file).await;
        BUSY.set(false);
        if !matches!(end, Progress::Failed(_)) {
            FILES.with_borrow_mut(|f| f.remove(&u.number));
        }
        u.progress.set(end);
    });
}

/// Gives a file up, in the middle of a piece too.
pub fn cancel(u: Upload) {
    let was_waiting = u.progress.get_untracked() == Progress::Waiting;
    u.progress.set(Progress::Cancelled);
    if was_waiting {
        FILES.with_borrow_mut(|f| f.remove(&u.number));
    }
    let controller = UNDER_WAY.with_borrow(|w| w.as_ref().filter(|w| w.0 == u.number).map(|w| w.1.clone()));
    if let Some(c) = controller {
        c.abort();
    }
}

/// Tries a file that failed once more, or one whose connection broke at once.
pub fn again(u: Upload) {
    let had_failed = untrack(|| u.has_ended());
    u.progress.set(Progress::Waiting);
    if had_failed {
        queue(u);
    }
}

/// What a request of this upload is ended by.
pub fn controller(u: Upload) -> Option<AbortController> {
    let c = AbortController::new().ok()?;
    UNDER_WAY.with_borrow_mut(|w| *w = Some((u.number, c.clone())));
    Some(c)
}

/// Takes what has ended well or was given up off the list, when a page shows it anew.
pub fn tidy() {
    let is_over = |u: &Upload| untrack(|| u.has_ended() && !matches!(u.progress.get(), Progress::Failed(_)));
    if list().with_untracked(|all| all.iter().any(is_over)) {
        list().update(|all| all.retain(|u| !is_over(u)));
    }
}

/// Uploads that were cut off; none while something is on its way, for those are remembered too.
pub fn cut_off() -> Vec<CutOff> {
    let is_quiet = list().with_untracked(Vec::is_empty);
    if is_quiet { memory::all() } else { Vec::new() }
}

/// Gives a cut-off upload up.
pub fn discard(c: &CutOff) {
    let id = memory::find(&c.key);
    memory::forget(&c.key);
    if let Some(id) = id {
        spawn_local(async move { send::give_up(&id).await });
    }
}

/// A file whose content cannot be had.
pub const UNREADABLE: Progress = Progress::Failed(Reason::Unreadable);
