//! What the tests of derivations share: zones from a database, and a journal that is easy to fill.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_domain::time::{Date, Ts};
use keepwell_journal::{
    derive::{CycleRecord, Span, record},
    merge::{Author, Book},
    model::{
        Amount, Clock, Cycle, DeviceId, EntityId, KeyDate, Moment, Offsets, PlanItem, PlanWhen, TextType,
        View, Zone,
        plan::{PlanKind, Purpose},
    },
};

/// The zones of the IANA database, as the browser's `Intl` has them.
pub struct Iana;

impl Offsets for Iana {
    fn offset_at(&self, zone: &Zone, at: Ts) -> Option<i16> {
        let tz = jiff::tz::TimeZone::get(zone.as_str()).ok()?;
        let at = jiff::Timestamp::from_microsecond(at.0).ok()?;
        i16::try_from(tz.to_offset(at).seconds() / 60).ok()
    }
}

pub struct Journal {
    pub book: Book,
    pub author: Author,
    pub now: Ts,
    count: u128,
}

impl Journal {
    pub fn new() -> Self {
        let book = Book::new();
        let author = Author::new(DeviceId::from_bytes([1; 16]), &book);
        Self { book, author, now: Ts(1_774_000_000_000_000), count: 0 }
    }
    pub fn add<V: View>(&mut self, view: V) -> EntityId {
        self.count += 1;
        let id = EntityId::from_bytes(self.count.to_be_bytes());
        self.put(id, view);
        id
    }
    pub fn put<V: View>(&mut self, id: EntityId, view: V) {
        self.now = self.now.plus_seconds(1);
        self.author.save(&mut self.book, self.now, id, &view);
    }
    pub fn record(&self, cycle: EntityId) -> CycleRecord {
        record(&self.book, cycle).unwrap()
    }
}

/// A time of day.
pub fn clock(text: &str) -> Clock {
    Clock::parse(text).unwrap()
}

pub fn span(from: &str, to: &str) -> Span {
    Span { from: date(from), to: date(to) }
}

/// A cycle whose stimulation begins on 1 May 2026.
pub fn stimulation(j: &mut Journal) -> EntityId {
    j.add(Cycle { stimulation_start: date("2026-05-01").into(), ..Cycle::default() })
}

/// A drug of the plan, every day from so many days after the stimulation began.
pub fn daily(cycle: EntityId, drug: &str, dose: &str, first: i32, days: i64, at: &str) -> PlanItem {
    PlanItem {
        cycle: cycle.into(),
        what: PlanKind::Dose.into(),
        when: PlanWhen::Days { from: KeyDate::StimulationStart, days: first, clock: Some(clock(at)) }.into(),
        every_days: 1.into(),
        for_days: days.into(),
        drug: drug.to_owned().into(),
        amount: amount(dose).into(),
        purpose: Purpose::Stimulation.into(),
        ..PlanItem::default()
    }
}

/// Leaves a bundle where models of FHIR that are not ours read it (`scripts/audit fhir`).
pub fn leave_for_audit(name: &str, bundle: &str) {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).with_extension("fhir.json");
    std::fs::write(file, bundle).unwrap();
}

pub fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}
pub fn moment(text: &str) -> Moment {
    Moment::from_text(text).unwrap()
}
pub fn amount(text: &str) -> Amount {
    Amount::from_text(text).unwrap()
}
pub fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}
pub fn ts(text: &str) -> Ts {
    moment(text).instant().unwrap()
}
pub fn close(a: f64, b: f64, within: f64) {
    assert!((a - b).abs() <= within, "{a} is not {b}");
}
