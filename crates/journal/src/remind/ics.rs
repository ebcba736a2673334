//! The plan as a calendar file (RFC 5545), for calendars that ring when no page is open.
//!
//! Times of the plan that follow the clock on the wall are written as floating times (section 3.3.5,
//! form 1): they ring at that time wherever the person is, which is what a dose at 21:30 means. Instants
//! are written in UTC, bare days as dates; so no zone has to be described.
//!
//! An entry keeps its UID when what it is about is put on another time, and one that was dropped is written as
//! cancelled: a newer file changes what an older one brought.

use super::list::warning;
use crate::redact::redacted;
use crate::{
    derive::{CycleRecord, Occurrence, PlanPlace, Span, occurrences, plan_place, whole_plan},
    model::{Clock, EntityId, Moment, Offsets, PlanItem, Told, Visit},
};
use keepwell_domain::time::{Date, Ts};
use std::collections::BTreeSet;

/// Octets in a line before it is folded (section 3.1).
const LINE: usize = 75;

/// Something in the calendar.
#[derive(Clone)]
pub struct Event {
    /// The same each time, so that a new file replaces the old entry.
    pub id: EntityId,
    /// When.
    pub at: Moment,
    /// For how many minutes.
    pub minutes: i64,
    /// Minutes before which it rings; 0 is on time, none is silent.
    pub alarms: Vec<i64>,
    /// The title, in the person's words.
    pub title: String,
    /// More, in the person's words.
    pub description: String,
    /// Where.
    pub place: String,
    /// Whether it is out of the plan by now.
    pub is_cancelled: bool,
}

impl Event {
    /// The event of an item of the plan. It rings before as the reminder does: `before` is what the person
    /// wants for critical things.
    #[must_use]
    pub fn of_occurrence(
        (planned, place): (&Occurrence, PlanPlace),
        item: &PlanItem,
        title: String,
        before: i64,
    ) -> Self {
        let alarms = match warning(item, before) {
            _ if item.silent == Told::Known(true) => Vec::new(),
            0 => vec![0],
            minutes => vec![minutes, 0],
        };
        Self {
            id: id_of(place),
            at: planned.at.clone(),
            minutes: 15,
            alarms,
            title,
            description: String::new(),
            place: String::new(),
            is_cancelled: false,
        }
    }

    /// The event of an appointment; `None` while it has no time.
    #[must_use]
    pub fn of_visit(id: EntityId, visit: &Visit, title: String, place: String) -> Option<Self> {
        Some(Self {
            id,
            at: visit.at.known()?.clone(),
            minutes: visit.minutes.get().filter(|m| *m > 0).unwrap_or(30),
            // One without a time has no hour before it.
            alarms: vec![if visit.at.known()?.clock.is_some() { 60 } else { 0 }],
            title,
            description: visit.preparation.known().cloned().unwrap_or_default(),
            place,
            is_cancelled: false,
        })
    }
}

fn id_of(place: PlanPlace) -> EntityId {
    let (day, of_day) = (place.day.to_string(), place.of_day.to_string());
    EntityId::derived(&[b"event", place.origin.as_bytes(), day.as_bytes(), of_day.as_bytes()])
}

/// The events of a cycle's plan within a span; what was in the plan once and is no more is among them as cancelled.
/// `before` is what the person wants for critical things, `title` what an item is called.
#[must_use]
pub fn plan_events(
    r: &CycleRecord,
    span: Span,
    before: i64,
    offsets: &dyn Offsets,
    title: impl Fn(&PlanItem) -> String,
) -> Vec<Event> {
    let plan = whole_plan(r, offsets);
    let events = |id: EntityId, item: &PlanItem| -> Vec<Event> {
        let of = |o: &Occurrence| {
            Event::of_occurrence((o, plan_place(r, item, o, offsets)), item, title(item), before)
        };
        occurrences(r, (id, item), span, offsets).iter().map(of).collect()
    };
    let mut ids = BTreeSet::new();
    let mut out: Vec<Event> = plan.iter().flat_map(|(id, item)| events(*id, item)).collect();
    for e in &mut out {
        // Two items may have come in the place of one: neither hides the other.
        while !ids.insert(e.id) {
            e.id = EntityId::derived(&[b"event-beside", e.id.as_bytes()]);
        }
    }
    for (id, item) in plan.iter().filter(|(_, p)| p.stopped_from.is_known()) {
        let whole = PlanItem { stopped_from: Told::Unknown, ..item.clone() };
        let dropped = events(*id, &whole).into_iter().filter(|e| ids.insert(e.id));
        out.extend(dropped.map(|e| Event { is_cancelled: true, alarms: Vec::new(), ..e }));
    }
    out
}

/// The file. With a discreet title every entry shows that and nothing else.
#[must_use]
pub fn calendar(events: &[Event], now: Ts, discreet: Option<&str>) -> String {
    let mut out = String::new();
    for text in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Keepwell//Journal//EN", "CALSCALE:GREGORIAN"] {
        line(&mut out, text);
    }
    for e in events {
        event(&mut out, e, now, discreet);
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, e: &Event, now: Ts, discreet: Option<&str>) {
    line(out, "BEGIN:VEVENT");
    line(out, &format!("UID:{}@keepwell.invalid", e.id));
    line(out, &format!("DTSTAMP:{}", utc(now)));
    // Minutes, which fit the number and grow from file to file: a calendar takes the newer one.
    line(out, &format!("SEQUENCE:{}", (now.0 / 60_000_000).max(0)));
    if e.is_cancelled {
        line(out, "STATUS:CANCELLED");
    }
    let title = escaped(discreet.unwrap_or(&e.title));
    match (e.at.clock, e.at.instant()) {
        (None, _) => line(out, &format!("DTSTART;VALUE=DATE:{}", date(e.at.date))),
        (_, Some(at)) => line(out, &format!("DTSTART:{}", utc(at))),
        (Some(clock), None) => line(out, &format!("DTSTART:{}T{}", date(e.at.date), time(clock))),
    }
    if e.at.clock.is_some() {
        line(out, &format!("DURATION:PT{}M", e.minutes.clamp(1, 1440)));
    }
    line(out, &format!("SUMMARY:{title}"));
    if discreet.is_none() {
        for (name, text) in [("DESCRIPTION", &e.description), ("LOCATION", &e.place)] {
            if !text.is_empty() {
                line(out, &format!("{name}:{}", escaped(text)));
            }
        }
    }
    line(out, "CLASS:PRIVATE");
    line(out, "TRANSP:TRANSPARENT");
    for before in &e.alarms {
        line(out, "BEGIN:VALARM");
        line(out, "ACTION:DISPLAY");
        line(out, &format!("DESCRIPTION:{title}"));
        line(out, &format!("TRIGGER:{}", trigger(&e.at, (*before).clamp(0, 10_080))));
        line(out, "END:VALARM");
    }
    line(out, "END:VEVENT");
}

/// When it rings, counted from the start. A bare day starts at midnight and rings in the morning, as in the journal.
fn trigger(at: &Moment, before: i64) -> String {
    let morning = i64::from(Clock::MORNING.minutes());
    match at.clock {
        None if before <= morning => format!("PT{}M", morning - before),
        None => format!("-PT{}M", before - morning),
        Some(_) => format!("-PT{before}M"),
    }
}

fn date(d: Date) -> String {
    format!("{:04}{:02}{:02}", d.year(), d.month(), d.day())
}
fn time(c: Clock) -> String {
    format!("{:02}{:02}00", c.minutes() / 60, c.minutes() % 60)
}
fn utc(at: Ts) -> String {
    at.rfc3339().replace(['-', ':'], "")
}

/// Text with its separators escaped (section 3.3.11); other control characters are not allowed.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => out.push_str("\\n"),
            c if c.is_control() && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

/// A line, folded before its 76th octet and never within a character.
fn line(out: &mut String, text: &str) {
    let mut used = 0;
    for c in text.chars() {
        if used + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}

redacted!(Event);
