//! The chart on a marker's page: drawn for both widths by the server, then for the very width of
//! the screen; what it shows is decided by a few signals that [`super::alive`] moves.

use super::{api::get_series, page::POINTS, query};
use crate::{
    boot::use_lang,
    charts::{
        Frame, Layout, View,
        layout::whole,
        points::{Shape, glyph},
        summary, svg, time_axis,
        words::{standing, words},
    },
    i18n::{Lang, plural},
};
use keepwell_domain::view::{SeriesView, Standing};
use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};
use std::{sync::Arc, time::Duration};

/// A stretch of time, UTC milliseconds.
pub(super) type Window = (i64, i64);

/// Nothing shorter is shown.
const SHORTEST: i64 = time_axis::HOUR;
/// How long the hand must rest before the address and the points follow.
const REST: Duration = Duration::from_millis(250);

/// What a chart shows.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    /// The points at hand.
    pub data: RwSignal<Arc<SeriesView>>,
    /// The points that the page came with.
    original: StoredValue<Arc<SeriesView>>,
    /// The time that the page came for.
    pub home: Window,
    /// The time shown; `home` when `None`.
    pub window: RwSignal<Option<Window>>,
    /// The point picked out.
    pub picked: RwSignal<Option<usize>>,
    /// Measured width, once alive.
    pub width: RwSignal<Option<f64>>,
    /// Places of the drawing.
    pub layout: Memo<Option<Layout>>,
    /// What is read aloud.
    pub spoken: RwSignal<String>,
    /// Whether it is being dragged.
    pub is_dragged: RwSignal<bool>,
    /// Language.
    pub lang: Lang,
    /// A rest that is being waited for.
    timer: StoredValue<Option<TimeoutHandle>>,
    /// Counts requests, so that a late answer is not taken for the newest.
    asked: StoredValue<u32>,
}

/// `window` made longer or shorter by a factor around a time, within `home`; `None` for all of it.
pub(super) fn zoomed(window: Window, home: Window, about: i64, factor: f64) -> Option<Window> {
    let span = (window.1.saturating_sub(window.0)) as f64;
    let length = (span * factor).max(SHORTEST as f64);
    if length >= (home.1.saturating_sub(home.0)) as f64 {
        return None;
    }
    let share = ((about.saturating_sub(window.0)) as f64 / span).clamp(0.0, 1.0);
    let from = about.saturating_sub((share * length) as i64);
    Some(inside((from, from.saturating_add(length as i64)), home))
}

/// `window` moved so that it lies in `home`.
pub(super) fn inside((a, b): Window, home: Window) -> Window {
    let length = b.saturating_sub(a);
    let a = a.min(home.1.saturating_sub(length)).max(home.0);
    (a, a.saturating_add(length))
}

/// The time that a page shows at first: all its points, and all of the time that was asked for as
/// far as there are values at all.
fn home(s: &SeriesView, asked: (Option<i64>, Option<i64>)) -> Window {
    let (mut a, mut b) = whole(s).unwrap_or((0, time_axis::DAY));
    if let (Some(from), Some((first, _))) = (asked.0, s.extent) {
        a = a.min(from.max(first));
    }
    if let (Some(to), Some((_, last))) = (asked.1, s.extent) {
        b = b.max(to.min(last));
    }
    (a, b)
}

impl Shown {
    fn new(s: SeriesView, is_log: bool, asked: (Option<i64>, Option<i64>), zoom: Option<Window>) -> Self {
        let lang = use_lang();
        let home = home(&s, asked);
        let original = Arc::new(s);
        let data = RwSignal::new(Arc::clone(&original));
        let window = RwSignal::new(zoom.map(|z| inside(z, home)).filter(|z| z.1 < home.1 || z.0 > home.0));
        let width = RwSignal::new(None);
        let layout = Memo::new(move |_| {
            let frame = width.get().map_or(Frame::WIDE, Frame::of_width);
            let view = View { lang, window: Some(window.get().unwrap_or(home)), is_log };
            data.with(|s| Layout::new(s, frame, view))
        });
        Self {
            data,
            original: StoredValue::new(original),
            home,
            window,
            picked: RwSignal::new(None),
            width,
            layout,
            spoken: RwSignal::new(String::new()),
            is_dragged: RwSignal::new(false),
            lang,
            timer: StoredValue::new(None),
            asked: StoredValue::new(0),
        }
    }

    /// The time shown now.
    pub(super) fn now(self) -> Window {
        self.window.get_untracked().unwrap_or(self.home)
    }

    /// Shows another time; the address and finer points follow after a rest.
    pub(super) fn show(self, window: Option<Window>, follow: impl Fn() + 'static) {
        if self.window.get_untracked() == window {
            return;
        }
        self.window.set(window);
        if let Some(t) = self.timer.get_value() {
            t.clear();
        }
        let rested = move || {
            follow();
            self.refine();
        };
        self.timer.set_value(set_timeout_with_handle(rested, REST).ok());
    }

    /// Longer or shorter around the middle or the picked point.
    pub(super) fn zoom(self, factor: f64, follow: impl Fn() + 'static) {
        let now = self.now();
        let picked = self
            .picked
            .get_untracked()
            .and_then(|i| self.data.with_untracked(|s| s.points.get(i).map(|p| p.t)));
        let about = picked.filter(|t| *t >= now.0 && *t <= now.1).unwrap_or(now.0 + (now.1 - now.0) / 2);
        self.show(zoomed(now, self.home, about, factor), follow);
    }

    /// Asks for the points of the time shown, where closer looking can show more.
    fn refine(self) {
        let number = self.asked.with_value(|n| n.wrapping_add(1));
        self.asked.set_value(number);
        let original = self.original.get_value();
        let Some((a, b)) = self.window.get_untracked() else {
            self.replace(original);
            return;
        };
        if !original.thinned && original.points.iter().all(|p| p.record.is_some()) {
            return;
        }
        let margin = (b - a) / 4;
        let unit = original.units.iter().find(|u| u.selected).map(|u| u.ucum.clone());
        let key = original.key.clone();
        spawn_local(async move {
            let answer = get_series(key, Some(a - margin), Some(b + margin), unit, Some(POINTS)).await;
            // A failed look closer leaves the coarse picture, which is true as well.
            if let (Ok(s), Some(true)) = (answer, self.asked.try_with_value(|n| *n == number)) {
                self.replace(Arc::new(s));
            }
        });
    }

    /// Takes up the points that the page came with.
    #[cfg(feature = "hydrate")]
    pub(super) fn all(self) {
        self.asked.update_value(|n| *n = n.wrapping_add(1));
        let original = self.original.get_value();
        if !self.data.with_untracked(|d| Arc::ptr_eq(d, &original)) {
            self.replace(original);
        }
    }

    /// Other points; the picked one stays the nearest in time.
    fn replace(self, s: Arc<SeriesView>) {
        let t = self
            .picked
            .get_untracked()
            .and_then(|i| self.data.with_untracked(|d| d.points.get(i).map(|p| p.t)));
        self.picked.set(t.and_then(|t| (0..s.points.len()).min_by_key(|i| s.points[*i].t.abs_diff(t))));
        self.data.set(s);
    }

    /// The drawing for one of the two kinds of widths; empty once the other is the right one.
    fn drawing(self, fixed: Frame, id: &'static str, is_log: bool) -> String {
        let frame = match self.width.get() {
            None => fixed,
            Some(w) if (w < Frame::BREAK) == fixed.is_narrow() => Frame::of_width(w),
            Some(_) => return String::new(),
        };
        let view = View { lang: self.lang, window: Some(self.window.get().unwrap_or(self.home)), is_log };
        self.data.with(|s| svg::draw(s, frame, view, id))
    }
}

/// The chart of a series.
#[component]
pub fn Chart(
    /// What is drawn.
    series: SeriesView,
    /// Steps of ten.
    is_log: bool,
    /// The time that was asked for.
    asked: (Option<i64>, Option<i64>),
) -> impl IntoView {
    let map = use_query_map();
    let zoom = Memo::new(move |_| map.with(|m| m.get("zoom").as_deref().and_then(query::zoom)));
    let label = summary::chart(use_lang(), &series);
    let shown = Shown::new(series, is_log, asked, zoom.get_untracked());
    let w = words(shown.lang);
    let stage = NodeRef::<html::Div>::new();
    let follow = follow(shown);
    let is_alive = move || shown.width.with(Option::is_some);

    // A link of the page that names no zoom shows all, even when nothing else changes.
    let drop_zoom = follow.clone();
    Effect::watch(
        move || zoom.get(),
        move |now, before, _| {
            if now.is_none() && before.is_some_and(Option::is_some) {
                shown.show(None, drop_zoom.clone());
            }
        },
        false,
    );
    // An address with a zoom comes with the points of all the time.
    Effect::new(move |_| {
        if shown.window.with_untracked(Option::is_some) {
            shown.refine();
        }
    });
    #[cfg(feature = "hydrate")]
    super::alive::attach(stage, shown, follow.clone());

    let button = |text: &'static str, act: Box<dyn Fn() + Send + Sync>| {
        view! { <button type="button" on:click=move |_| act()>{text}</button> }.into_any()
    };
    let (f1, f2, f3) = (follow.clone(), follow.clone(), follow);
    view! {
        <figure class="Chart">
            <div class="Chart-card">{move || card(shown)}</div>
            <div class="Chart-stage" node_ref=stage
                class:is-alive=is_alive class:is-dragged=move || shown.is_dragged.get()
                tabindex=move || is_alive().then_some("0")
                role=move || is_alive().then_some("application")
                aria-label=move || is_alive().then(|| label.clone())
                aria-describedby=move || is_alive().then_some("chart-keys")>
                <div class="Chart-drawing is-narrow" inner_html=move || shown.drawing(Frame::NARROW, "chart-n", is_log)></div>
                <div class="Chart-drawing is-wide" inner_html=move || shown.drawing(Frame::WIDE, "chart-w", is_log)></div>
                {move || cursor(shown)}
            </div>
            <div class="Choices Chart-tools" hidden=move || !is_alive()>
                {button(w.zoom_in, Box::new(move || shown.zoom(0.5, f1.clone())))}
                {button(w.zoom_out, Box::new(move || shown.zoom(2.0, f2.clone())))}
                {button(w.reset, Box::new(move || shown.show(None, f3.clone())))}
                <span class="Chart-hint Fine">{w.wheel}</span>
            </div>
            <p class="Hidden" id="chart-keys">{w.keys}</p>
            <p class="Hidden" aria-live="polite">{move || shown.spoken.get()}</p>
        </figure>
    }
}

/// Writes the time shown into the address, in place of what stands there.
fn follow(shown: Shown) -> impl Fn() + Clone + Send + Sync + 'static {
    let (navigate, here, map) = (use_navigate(), use_location(), use_query_map());
    move || {
        let mut q = map.get_untracked();
        q.remove("zoom");
        if let Some(Some((a, b))) = shown.window.try_get_untracked() {
            q.insert("zoom", format!("{a}..{b}"));
        }
        let to = format!("{}{}", here.pathname.get_untracked(), q.to_query_string());
        navigate(&to, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    }
}

/// The line and the ring at the picked point.
fn cursor(shown: Shown) -> Option<AnyView> {
    let i = shown.picked.get()?;
    let l = shown.layout.get()?;
    let (t, v) = shown.data.with(|s| s.points.get(i).map(|p| (p.t, p.v)))?;
    let (x, y) = (l.x(t), l.y(v));
    if x < l.left - 1.0 || x > l.right + 1.0 {
        return None;
    }
    let place = |v: f64| format!("{v:.1}");
    let size = format!("0 0 {} {}", l.frame.width, l.frame.height);
    Some(
        view! {
            <svg class="Chart-over" viewBox=size aria-hidden="true">
                <line x1=place(x) x2=place(x) y1=place(l.top) y2=place(l.bottom)></line>
                <circle cx=place(x) cy=place(y) r="8"></circle>
            </svg>
        }
        .into_any(),
    )
}

/// The picked point in words, or what is shown at all.
fn card(shown: Shown) -> AnyView {
    let (lang, w) = (shown.lang, words(shown.lang));
    shown.data.with(|s| {
        let Some(p) = shown.picked.get().and_then(|i| s.points.get(i)) else {
            let window = shown.window.get().unwrap_or(shown.home);
            let n = s.points.iter().filter(|p| p.t >= window.0 && p.t <= window.1).count() as u64;
            let all = if s.thinned && shown.window.get().is_none() { s.total } else { n };
            let count = (!s.thinned || all == s.total).then(|| plural(lang, all, w.value_one, w.value_many));
            return view! { <span class="Chart-span">{summary::window(lang, window)}</span> <span>{count}</span> }.into_any();
        };
        let out = (p.standing != Standing::Unknown).then(|| {
            let picture = glyph(Shape::of(p));
            view! { <span class="Standing"><span inner_html=picture></span>{standing(lang, p.standing)}</span> }
        });
        let span = summary::span(lang, s, p).map(|x| view! { <span>{x}</span> });
        let lab = summary::lab(s, p).map(|l| view! { <span>{l.to_owned()}</span> });
        let link = p.record.map(|id| view! { <a href=format!("/records/{id}")>{w.open}</a> });
        view! { <b>{summary::printed(lang, s, p)}</b> <span>{summary::date(lang, p)}</span> {span} {out} {lab} {link} }.into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const H: i64 = time_axis::HOUR;

    #[test]
    fn zooming_keeps_the_time_under_the_hand_and_ends_at_all() {
        let home = (0, 1000 * H);
        let z = zoomed(home, home, 250 * H, 0.5);
        assert_eq!(z, Some((125 * H, 625 * H)));
        assert_eq!(zoomed((125 * H, 625 * H), home, 250 * H, 2.0), None);
        assert_eq!(zoomed((10 * H, 12 * H), home, 11 * H, 0.001), Some((10 * H + H / 2, 11 * H + H / 2)));
    }

    #[test]
    fn a_window_never_leaves_what_there_is() {
        assert_eq!(inside((-50, 50), (0, 1000)), (0, 100));
        assert_eq!(inside((950, 1050), (0, 1000)), (900, 1000));
        assert_eq!(zoomed((0, 100 * H), (0, 1000 * H), 0, 2.0), Some((0, 200 * H)));
    }
}
