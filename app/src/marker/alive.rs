//! The hand on the chart: pointer, wheel and keys, in the browser only.

use super::chart::{Shown, Window, inside, zoomed};
use crate::charts::summary;
use leptos::{html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, KeyboardEvent, PointerEvent, WheelEvent};

/// What is listened to on the stage.
const EVENTS: [&str; 7] =
    ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave", "wheel", "keydown"];
/// A hand that moves less than this does not drag.
const STILL: f64 = 5.0;
/// One press of plus.
const STEP: f64 = 0.6;

/// A gesture under way.
#[derive(Default)]
struct Hand {
    /// Fingers on the stage: (id, place from the left, place from the top).
    down: Vec<(i32, f64, f64)>,
    /// Where it began, and the time shown then.
    began: Option<(f64, Window)>,
    /// Distance of two fingers when the second came.
    apart: f64,
    has_moved: bool,
    /// A clicked point stays picked until the next click or Escape.
    is_pinned: bool,
}

struct Alive<F> {
    shown: Shown,
    follow: F,
    open: Box<dyn Fn(&str)>,
    hand: RefCell<Hand>,
}

type Listener<E> = Closure<dyn FnMut(E)>;

/// Brings the stage to life once it is in the page.
pub(super) fn attach(
    stage: NodeRef<html::Div>,
    shown: Shown,
    follow: impl Fn() + Clone + Send + Sync + 'static,
) {
    let navigate = use_navigate();
    Effect::new(move |_| {
        let Some(node) = stage.get() else { return };
        let element: Element = node.unchecked_into();
        let navigate = navigate.clone();
        let alive = Rc::new(Alive {
            shown,
            follow: follow.clone(),
            open: Box::new(move |to: &str| navigate(to, NavigateOptions::default())),
            hand: RefCell::default(),
        });
        let target = element.clone();
        let listener = Listener::<Event>::new(move |e: Event| alive.on(&target, &e));
        for name in EVENTS {
            let _ = element.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        let measured = element.clone();
        let measure = move || {
            let width = f64::from(measured.client_width());
            if width > 0.0 && shown.width.get_untracked() != Some(width) {
                shown.width.set(Some(width));
            }
        };
        measure();
        let resize = window_event_listener(leptos::ev::resize, move |_| measure());
        let held = StoredValue::new_local((element, listener));
        on_cleanup(move || {
            resize.remove();
            held.try_with_value(|(element, listener)| {
                for name in EVENTS {
                    let _ =
                        element.remove_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
                }
            });
        });
    });
}

impl<F: Fn() + Clone + 'static> Alive<F> {
    fn on(&self, stage: &Element, e: &Event) {
        match e.type_().as_str() {
            "keydown" => e.dyn_ref::<KeyboardEvent>().map(|e| self.key(e)),
            "wheel" => e.dyn_ref::<WheelEvent>().map(|e| self.wheel(stage, e)),
            name => e.dyn_ref::<PointerEvent>().map(|e| self.pointer(stage, name, e)),
        };
    }

    fn show(&self, window: Option<Window>) {
        self.shown.show(window, self.follow.clone());
    }

    /// Picks the point nearest to a place.
    fn pick(&self, place: (f64, f64)) {
        let s = self.shown;
        let nearest = s
            .layout
            .with_untracked(|l| l.as_ref().and_then(|l| s.data.with_untracked(|d| l.nearest(d, place))));
        if nearest != s.picked.get_untracked() {
            s.picked.set(nearest);
        }
    }

    /// Milliseconds per pixel.
    fn per_pixel(&self) -> Option<f64> {
        let (a, b) = self.shown.now();
        self.shown.layout.with_untracked(|l| l.as_ref().map(|l| (b - a) as f64 / (l.right - l.left)))
    }

    fn pointer(&self, stage: &Element, name: &str, e: &PointerEvent) {
        let rect = stage.get_bounding_client_rect();
        let (x, y) = (f64::from(e.client_x()) - rect.left(), f64::from(e.client_y()) - rect.top());
        let is_mouse = e.pointer_type() == "mouse";
        match name {
            "pointerdown" if e.button() == 0 => self.down(e.pointer_id(), x, y),
            "pointermove" => self.moved(stage, e, x, y),
            "pointerup" => self.up(e.pointer_id(), is_mouse, x, y),
            "pointercancel" => self.lift(e.pointer_id()),
            "pointerleave" if is_mouse => {
                let hand = self.hand.borrow_mut();
                if !hand.is_pinned && hand.down.is_empty() {
                    self.shown.picked.set(None);
                }
            }
            _ => {}
        }
    }

    fn down(&self, id: i32, x: f64, y: f64) {
        let mut hand = self.hand.borrow_mut();
        hand.down.retain(|d| d.0 != id);
        hand.down.push((id, x, y));
        if let [a, b] = hand.down.as_slice() {
            hand.apart = (a.1 - b.1).hypot(a.2 - b.2).max(1.0);
        }
        let middle = hand.down.iter().map(|d| d.1).sum::<f64>() / hand.down.len() as f64;
        hand.began = Some((middle, self.shown.now()));
        hand.has_moved = hand.down.len() > 1;
    }

    fn moved(&self, stage: &Element, e: &PointerEvent, x: f64, y: f64) {
        let mut hand = self.hand.borrow_mut();
        if let Some(d) = hand.down.iter_mut().find(|d| d.0 == e.pointer_id()) {
            (d.1, d.2) = (x, y);
        }
        let Some((start, window)) = hand.began.filter(|_| !hand.down.is_empty()) else {
            let is_free = !hand.is_pinned;
            drop(hand);
            if is_free {
                self.pick((x, y));
            }
            return;
        };
        let (fingers, apart) = (hand.down.clone(), hand.apart);
        if !hand.has_moved && (x - start).abs() > STILL {
            hand.has_moved = true;
            let _ = stage.set_pointer_capture(e.pointer_id());
        }
        let has_moved = hand.has_moved;
        drop(hand);
        let Some(l) = self.shown.layout.get_untracked() else { return };
        let per_pixel = (window.1 - window.0) as f64 / (l.right - l.left);
        if let [a, b] = fingers.as_slice() {
            let now = (a.1 - b.1).hypot(a.2 - b.2).max(1.0);
            let about = window.0 + ((start - l.left) * per_pixel) as i64;
            self.show(zoomed(window, self.shown.home, about, apart / now));
        } else if has_moved && self.shown.window.get_untracked().is_some() {
            self.shown.is_dragged.set(true);
            let by = ((start - x) * per_pixel) as i64;
            self.show(Some(inside((window.0 + by, window.1 + by), self.shown.home)));
        } else if has_moved {
            self.pick((x, y));
        }
    }

    fn up(&self, id: i32, is_mouse: bool, x: f64, y: f64) {
        let was_tap = {
            let mut hand = self.hand.borrow_mut();
            let was_tap = !hand.has_moved && hand.down.len() == 1;
            if was_tap {
                hand.is_pinned = is_mouse && !hand.is_pinned;
            }
            was_tap
        };
        self.lift(id);
        if was_tap {
            self.pick((x, y));
        }
    }

    fn lift(&self, id: i32) {
        let mut hand = self.hand.borrow_mut();
        hand.down.retain(|d| d.0 != id);
        hand.began = hand.down.first().map(|d| (d.1, self.shown.now()));
        self.shown.is_dragged.set(false);
    }

    /// With Ctrl or Command (which is also how browsers tell a pinch on a touchpad) it zooms, sideways
    /// it moves; anything else scrolls the page.
    fn wheel(&self, stage: &Element, e: &WheelEvent) {
        let (now, home) = (self.shown.now(), self.shown.home);
        let is_zoomed = self.shown.window.get_untracked().is_some();
        let (dx, dy) = (e.delta_x(), e.delta_y());
        if dx.abs() > dy.abs() {
            let Some(by) = self.per_pixel().map(|p| (p * dx) as i64).filter(|_| is_zoomed) else { return };
            e.prevent_default();
            self.show(Some(inside((now.0 + by, now.1 + by), home)));
            return;
        }
        if !e.ctrl_key() && !e.meta_key() {
            return;
        }
        // At the end too: the browser would zoom its own page instead.
        e.prevent_default();
        let x = f64::from(e.client_x()) - stage.get_bounding_client_rect().left();
        let about = self.shown.layout.with_untracked(|l| l.as_ref().map(|l| l.time_at(x)));
        // A touchpad tells many small steps; a notch of a wheel, in lines or pixels, is a fifth.
        let factor = (dy * 0.01).exp().clamp(0.8, 1.25);
        self.show(zoomed(now, home, about.unwrap_or(now.0).clamp(now.0, now.1), factor));
    }

    fn key(&self, e: &KeyboardEvent) {
        if e.ctrl_key() || e.meta_key() || e.alt_key() {
            return;
        }
        let last = self.shown.data.with_untracked(|s| s.points.len()).checked_sub(1);
        let Some(last) = last else { return };
        let at = self.shown.picked.get_untracked();
        match e.key().as_str() {
            "ArrowRight" | "ArrowUp" => self.step(at.map_or(self.edge(false), |i| (i + 1).min(last))),
            "ArrowLeft" | "ArrowDown" => self.step(at.map_or(self.edge(true), |i| i.saturating_sub(1))),
            "Home" => self.far(false),
            "End" => self.far(true),
            "+" | "=" => self.shown.zoom(STEP, self.follow.clone()),
            "-" | "_" => self.shown.zoom(1.0 / STEP, self.follow.clone()),
            "Escape" => {
                self.hand.borrow_mut().is_pinned = false;
                self.shown.picked.set(None);
                self.show(None);
            }
            "Enter" => {
                let record = at
                    .and_then(|i| self.shown.data.with_untracked(|s| s.points.get(i).and_then(|p| p.record)));
                let Some(id) = record else { return };
                (self.open)(&format!("/records/{id}"));
            }
            _ => return,
        }
        e.prevent_default();
    }

    /// The first or last point in sight.
    fn edge(&self, is_last: bool) -> usize {
        let s = self.shown;
        let found = s.layout.with_untracked(|l| {
            let mut all = s.data.with_untracked(|d| l.as_ref().map(|l| l.visible(d)))?;
            if is_last { all.next_back() } else { all.next() }
        });
        found.unwrap_or(0)
    }

    /// Picks the first or last point of all, which closer looking may have put aside.
    fn far(&self, is_last: bool) {
        self.shown.all();
        let n = self.shown.data.with_untracked(|s| s.points.len());
        self.step(if is_last { n.saturating_sub(1) } else { 0 });
    }

    /// Picks a point by the keyboard: into sight, and aloud.
    fn step(&self, i: usize) {
        let s = self.shown;
        self.hand.borrow_mut().is_pinned = true;
        let Some((t, text)) =
            s.data.with_untracked(|d| d.points.get(i).map(|p| (p.t, summary::point(s.lang, d, p))))
        else {
            return;
        };
        let (a, b) = s.now();
        if t < a || t > b {
            let by = t - (a + (b - a) / 2);
            self.show(Some(inside((a + by, b + by), s.home)));
        }
        s.picked.set(Some(i));
        s.spoken.set(text);
    }
}
