//! What all pages share.

use super::asked::Late;
use crate::{
    browser::{Result, Trouble, clock, db::Db, local, window},
    keep,
    line::{Reader, discreet},
    route::Route,
    units::Shown,
    words::{Lang, Texts},
};
use keepwell_journal::{
    merge::Book,
    model::{EntityId, Kind, Name, Preferences, Told, Value, settings::UnitSystem},
};
use leptos::{prelude::*, task::spawn_local};
use std::{cell::RefCell, future::Future};
use wasm_bindgen::JsCast;

/// Whether the journal is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Looking what there is.
    Looking,
    /// There is none on this device.
    Fresh,
    /// There is one, and it is closed.
    Locked,
    /// It is open.
    Open,
    /// The browser cannot keep one.
    Impossible(Trouble),
}

/// A page as one came to it: the same page come to once more is another place.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    route: Route,
    moves: u32,
}

/// Shared by all pages.
#[derive(Clone, Copy)]
pub struct App {
    /// Language.
    pub lang: Lang,
    /// Its texts.
    pub t: &'static Texts,
    /// Whether it is open.
    pub phase: RwSignal<Phase>,
    /// Where one is.
    pub route: RwSignal<Route>,
    /// Rises with every change of the book. Pages that are being filled in do not follow it.
    pub version: RwSignal<u32>,
    /// Rises with every act of the person: the page is drawn anew, whatever it is.
    pub redraw: RwSignal<u32>,
    /// What went wrong last.
    pub trouble: RwSignal<Option<Trouble>>,
    /// What is said quietly after an act.
    pub said: RwSignal<Option<String>>,
    /// Whether what was said goes along to the next page: an act led there.
    pub carries: RwSignal<bool>,
    /// How often one moved since the program began.
    pub moves: RwSignal<u32>,
    /// Whether a newer version waits.
    pub newer: RwSignal<bool>,
    /// Whether all files of this version are kept for when there is no network; nothing while that is being tried.
    pub kept: RwSignal<Option<bool>>,
    /// What was tapped late, and is asked about.
    pub asked: RwSignal<Vec<Late>>,
    /// Rises whenever synchronising stands otherwise.
    pub sync: RwSignal<u32>,
    /// Whether another page has opened the journal.
    pub taken: RwSignal<bool>,
}

thread_local! {
    static DB: RefCell<Option<Db>> = const { RefCell::new(None) };
}

/// The database, once it is open.
pub fn db() -> Result<Db> {
    DB.with_borrow(Clone::clone).ok_or(Trouble::NoStorage)
}

/// Remembers the open database.
pub fn set_db(db: Db) {
    DB.set(Some(db));
}

impl App {
    /// The state at the start.
    pub fn new() -> Self {
        let own = local::get("lang");
        let tag = own.or_else(|| window()?.navigator().language()).unwrap_or_default();
        let lang = Lang::of(&tag);
        Self {
            lang,
            t: lang.texts(),
            phase: RwSignal::new(Phase::Looking),
            route: RwSignal::new(here()),
            version: RwSignal::new(0),
            redraw: RwSignal::new(0),
            trouble: RwSignal::new(None),
            said: RwSignal::new(None),
            carries: RwSignal::new(false),
            moves: RwSignal::new(0),
            newer: RwSignal::new(false),
            kept: RwSignal::new(None),
            asked: RwSignal::new(Vec::new()),
            sync: RwSignal::new(0),
            taken: RwSignal::new(false),
        }
    }

    /// Reads in the book; the page is drawn anew when it changes. Locked, it is empty.
    pub fn book<T: Default>(&self, f: impl FnOnce(&Book) -> T) -> T {
        self.version.track();
        keep::read(f).unwrap_or_default()
    }

    /// What the person wants of the journal.
    pub fn wishes(&self) -> Preferences {
        self.book(|b| b.get::<Preferences>(Preferences::id()).unwrap_or_default())
    }

    /// Whether entities of a kind are shown by their discreet titles: where the journal calls itself something else,
    /// or reminders do.
    pub fn is_discreet(&self, kind: Kind) -> bool {
        let is_wished = || self.wishes().discreet.get() == Some(true);
        kind == Kind::Journey && (local::is_discreet() || is_wished())
    }

    /// In which units hormones are shown.
    pub fn units(&self) -> UnitSystem {
        self.wishes().units.get().unwrap_or(UnitSystem::Entered)
    }

    /// In which units numbers are shown.
    pub fn shown(&self) -> Shown {
        let wishes = self.wishes();
        Shown {
            hormones: wishes.units.get().unwrap_or(UnitSystem::Entered),
            temperature: wishes.temperature.get(),
        }
    }

    /// Who reads.
    pub fn reader(&self) -> Reader {
        Reader { lang: self.lang, here: clock::here() }
    }

    /// The short name of an entity.
    pub fn name_of(&self, id: EntityId) -> Option<String> {
        let reader = self.reader();
        keep::read(|b| {
            let entity = b.entities().find(|e| e.id() == id)?;
            let kind = Kind::parse(entity.kind().as_str())?;
            Some(crate::line::name(&reader, kind, &discreet(kind, entity, self.is_discreet(kind))))
        })
        .flatten()
    }

    /// Runs an act that writes; tells what went wrong, or `done` when it is kept, and goes on.
    pub fn act(
        self,
        act: impl Future<Output = Result<()>> + 'static,
        done: Option<&'static str>,
        then: impl FnOnce() + 'static,
    ) {
        let place = self.place();
        spawn_local(async move {
            match act.await {
                Ok(()) => {
                    self.trouble.set(None);
                    self.said.set(done.map(str::to_owned));
                    self.drawn_anew(&place);
                    then();
                }
                Err(trouble) => self.trouble.set(Some(trouble)),
            }
        });
    }

    /// Runs an act that writes on a page that is not to be drawn anew by it.
    pub fn act_in_place(
        self,
        act: impl Future<Output = Result<()>> + 'static,
        then: impl FnOnce() + 'static,
    ) {
        spawn_local(async move {
            match act.await {
                Ok(()) => {
                    self.trouble.set(None);
                    self.version.update(|v| *v += 1);
                    then();
                }
                Err(trouble) => self.trouble.set(Some(trouble)),
            }
        });
    }

    /// Where one is, for an act that begins.
    #[must_use]
    pub fn place(self) -> Place {
        Place { route: here(), moves: self.moves.get_untracked() }
    }

    fn is_still_at(self, place: &Place) -> bool {
        self.place() == *place
    }

    /// Draws the page anew on which an act began. Whoever has gone on meanwhile may be writing: what is typed there
    /// stays. What had the focus may be gone with the page: the content takes it then.
    pub fn drawn_anew(self, from: &Place) {
        self.version.update(|v| *v += 1);
        if !self.is_still_at(from) {
            return;
        }
        self.redraw.update(|v| *v += 1);
        spawn_local(async move {
            crate::browser::worker::paint().await;
            let document = window().and_then(|w| w.document());
            let lost =
                document.as_ref().is_some_and(|d| d.active_element().is_none_or(|e| e.tag_name() == "BODY"));
            let main = document
                .and_then(|d| d.get_element_by_id("main"))
                .and_then(|m| m.dyn_into::<web_sys::HtmlElement>().ok());
            if let Some(main) = main.filter(|_| lost) {
                let options = js_sys::Object::new();
                let _ = js_sys::Reflect::set(&options, &"preventScroll".into(), &true.into());
                let focus = js_sys::Reflect::get(&main, &"focus".into())
                    .ok()
                    .and_then(|f| f.dyn_into::<js_sys::Function>().ok());
                let _ = focus.map(|f| f.call1(&main, &options));
            }
        });
    }

    /// Writes fields of one entity.
    pub fn write(
        self,
        kind: Kind,
        id: EntityId,
        fields: Vec<(&'static str, Value)>,
        then: impl FnOnce() + 'static,
    ) {
        let fields = fields.into_iter().map(|(n, v)| (Name::of(n), v)).collect();
        self.act(keep::write(kind, id, fields), Some(self.t.saved), then);
    }

    /// Goes to a page.
    pub fn go(self, route: &Route) {
        self.carries.set(self.said.with_untracked(Option::is_some));
        if let Some(window) = window() {
            let _ = window.location().set_hash(&route.hash());
        }
    }

    /// Goes back to where one came from, or to a page.
    pub fn back(self, or: &Route) {
        if self.moves.get_untracked() > 0
            && let Some(history) = window().and_then(|w| w.history().ok())
        {
            self.carries.set(self.said.with_untracked(Option::is_some));
            let _ = history.back();
            return;
        }
        self.go(or);
    }

    /// [`App::go`] for when an act is done: not for somebody who has gone elsewhere meanwhile.
    pub fn then_go(self, route: Route) -> impl FnOnce() + 'static {
        let place = self.place();
        move || {
            if self.is_still_at(&place) {
                self.go(&route);
            }
        }
    }

    /// [`App::back`] for when an act is done: not for somebody who has gone elsewhere meanwhile.
    pub fn then_back(self, or: Route) -> impl FnOnce() + 'static {
        let place = self.place();
        move || {
            if self.is_still_at(&place) {
                self.back(&or);
            }
        }
    }

    /// Closes the journal.
    pub fn lock(self) {
        keep::lock();
        crate::sync::engine::stop();
        self.said.set(None);
        self.trouble.set(None);
        super::asked::lock(self);
        if self.phase.get_untracked() == Phase::Open {
            self.phase.set(Phase::Locked);
        }
    }

    /// Whether ordinary cycle entries are to be seen.
    pub fn tracks(&self) -> bool {
        self.wishes().hide_tracking != Told::Known(true)
    }
}

/// The page that the address names.
pub fn here() -> Route {
    let hash = window().and_then(|w| w.location().hash().ok()).unwrap_or_default();
    Route::parse(&hash)
}
