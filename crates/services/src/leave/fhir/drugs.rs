//! A medication as the R4 resource that it came from.

use super::{
    put_reason,
    values::{allowed, needed, note as annotation, period, put_when, unknown, words},
};
use crate::leave::json::{J, Obj, s};
use keepwell_domain::{record::Medication, time::When};

type New<'a> = &'a dyn Fn(&str) -> Obj;

/// The resource for what the record says it was: a request, a dispense, an administration, or else
/// a statement.
pub fn medication(new: New<'_>, who: J, when: Option<When>, x: &Medication) -> Obj {
    match x.source.as_deref() {
        Some("request") => request(new("MedicationRequest").with("subject", who), when, x),
        Some("dispense") => dispense(new("MedicationDispense").with("subject", who), when, x),
        // R4 demands a time of an administration.
        Some("administration") if when.or(x.start).is_some() => {
            administration(new("MedicationAdministration").with("subject", who), when, x)
        }
        _ => statement(new("MedicationStatement").with("subject", who), when, x),
    }
}

fn put_status(o: &mut Obj, x: &Medication, codes: &[&str]) {
    o.put("status", s(allowed(x.status.as_deref(), codes).unwrap_or("unknown")));
    o.put("medicationCodeableConcept", needed(&x.code));
}

/// Dose and route; `bounds` puts start and end here, where the resource has no other place.
fn dosage(x: &Medication, bounds: bool) -> Obj {
    let mut o = Obj::default();
    o.text("text", x.dosage.as_deref());
    if bounds && let Some(p) = period(x.start, x.end) {
        let repeat = Obj::default().with("boundsPeriod", p);
        o.put("timing", J::O(Obj::default().with("repeat", J::O(repeat))));
    }
    o.opt("route", words(x.route.as_deref()));
    o
}

fn dosage_list(x: &Medication, bounds: bool) -> J {
    let o = dosage(x, bounds);
    J::A(if o.is_empty() { Vec::new() } else { vec![J::O(o)] })
}

fn put_span(o: &mut Obj, x: &Medication) {
    match x.end {
        Some(_) => o.opt("effectivePeriod", period(x.start, x.end)),
        None => put_when(o, "effectiveDateTime", "_effectiveDateTime", x.start),
    }
}

fn statement(mut o: Obj, when: Option<When>, x: &Medication) -> Obj {
    let codes =
        ["active", "completed", "entered-in-error", "intended", "stopped", "on-hold", "unknown", "not-taken"];
    put_status(&mut o, x, &codes);
    put_span(&mut o, x);
    if x.start.is_none() && x.end != when {
        put_when(&mut o, "dateAsserted", "_dateAsserted", when);
    }
    put_reason(&mut o, x.reason.as_deref());
    o.opt("note", annotation(x.note.as_deref()));
    o.put("dosage", dosage_list(x, false));
    o
}

fn request(mut o: Obj, when: Option<When>, x: &Medication) -> Obj {
    let codes =
        ["active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown"];
    put_status(&mut o, x, &codes);
    let note = x.note.as_deref().unwrap_or("");
    let (first, rest) = note.split_once('\n').unwrap_or((note, ""));
    let intent = first.strip_prefix("Intent: ").filter(|i| matches!(*i, "proposal" | "plan" | "option"));
    o.put("intent", s(intent.unwrap_or("order")));
    if x.start != when {
        put_when(&mut o, "authoredOn", "_authoredOn", when);
    }
    put_reason(&mut o, x.reason.as_deref());
    o.opt("note", annotation(Some(if intent.is_some() { rest } else { note })));
    o.put("dosageInstruction", dosage_list(x, true));
    o
}

fn dispense(mut o: Obj, when: Option<When>, x: &Medication) -> Obj {
    let codes = [
        "preparation",
        "in-progress",
        "cancelled",
        "on-hold",
        "completed",
        "entered-in-error",
        "stopped",
        "declined",
        "unknown",
    ];
    put_status(&mut o, x, &codes);
    if x.start != when {
        put_when(&mut o, "whenHandedOver", "_whenHandedOver", when);
    }
    o.opt("note", annotation(x.note.as_deref()));
    o.put("dosageInstruction", dosage_list(x, true));
    o
}

fn administration(mut o: Obj, when: Option<When>, x: &Medication) -> Obj {
    let codes = ["in-progress", "not-done", "on-hold", "completed", "entered-in-error", "stopped", "unknown"];
    put_status(&mut o, x, &codes);
    match x.start {
        Some(_) => put_span(&mut o, x),
        None => put_when(&mut o, "effectiveDateTime", "_effectiveDateTime", when),
    }
    put_reason(&mut o, x.reason.as_deref());
    o.opt("note", annotation(x.note.as_deref()));
    let mut given = dosage(x, false);
    if !given.is_empty() {
        // R4 (mad-1): words alone are no dosage there; a dose of unknown amount is.
        given.put("dose", J::O(unknown()));
        o.put("dosage", J::O(given));
    }
    o
}
