//! One resource for each kind of record. What R4 requires is always there; a status that nobody
//! stated is `unknown` wherever R4 has such a code.

use super::{
    put_reason,
    values::{
        allowed, coded, coding, concept, display, interpretation, needed, no_date, note as annotation,
        period, put_value, put_when, reference_range, unknown, words,
    },
};
use crate::leave::json::{J, Obj, one, s, text};
use keepwell_domain::{
    record::{
        Allergy, Category, Component, Condition, DiagnosticReport, Encounter, Immunization, Note,
        Observation, Procedure,
    },
    time::When,
};

const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
const ALLERGY_CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
const ALLERGY_VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const CLASSES: [&str; 11] =
    ["AMB", "EMER", "FLD", "HH", "IMP", "ACUTE", "NONAC", "OBSENC", "PRENC", "SS", "VR"];

const fn category(c: Category) -> Option<&'static str> {
    Some(match c {
        Category::Laboratory => "laboratory",
        Category::VitalSigns => "vital-signs",
        Category::Survey => "survey",
        Category::SocialHistory => "social-history",
        Category::Activity => "activity",
        Category::Imaging => "imaging",
        Category::Other => return None,
    })
}

fn put_time(o: &mut Obj, when: Option<When>, end: Option<When>) {
    match end {
        Some(_) => o.opt("effectivePeriod", period(when, end)),
        None => put_when(o, "effectiveDateTime", "_effectiveDateTime", when),
    }
}

pub fn observation(mut o: Obj, when: Option<When>, x: &Observation) -> Obj {
    const STATES: [&str; 8] = [
        "registered",
        "preliminary",
        "final",
        "amended",
        "corrected",
        "cancelled",
        "entered-in-error",
        "unknown",
    ];
    o.put("status", s(allowed(x.status.as_deref(), &STATES).unwrap_or("unknown")));
    o.opt("category", category(x.category).map(|c| one(coded(CATEGORY, c))));
    o.put("code", needed(&x.code));
    put_time(&mut o, when, x.end);
    o.opt("performer", display(x.performer.as_deref()).map(one));
    put_value(&mut o, x.value.as_ref());
    o.opt("interpretation", interpretation(x.flag.as_deref()));
    o.opt("note", annotation(x.note.as_deref()));
    o.opt("method", words(x.method.as_deref()));
    o.opt("specimen", display(x.specimen.as_deref()));
    o.opt("referenceRange", reference_range(x.range.as_ref(), x.value.as_ref()));
    let component = |c: &Component| {
        let mut o = Obj::default().with("code", needed(&c.code));
        put_value(&mut o, c.value.as_ref());
        o.opt("interpretation", interpretation(c.flag.as_deref()));
        o.opt("referenceRange", reference_range(c.range.as_ref(), c.value.as_ref()));
        J::O(o)
    };
    o.put("component", J::A(x.components.iter().map(component).collect()));
    o
}

pub fn condition(mut o: Obj, when: Option<When>, x: &Condition) -> Obj {
    const STATES: [&str; 6] = ["active", "recurrence", "relapse", "inactive", "remission", "resolved"];
    const VERIFIED: [&str; 6] =
        ["unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error"];
    let over = ["inactive", "remission", "resolved"];
    // R4 (con-4): what has ended is not active. Where the source says both, the end goes to the note.
    let stated = allowed(x.clinical_status.as_deref(), &STATES);
    let state = stated.or_else(|| x.abatement.map(|_| "inactive"));
    let contradicts = x.abatement.is_some() && state.is_some_and(|c| !over.contains(&c));
    o.opt("clinicalStatus", state.map(|c| coded(CLINICAL, c)));
    let verified = allowed(x.verification.as_deref(), &VERIFIED);
    o.opt("verificationStatus", verified.map(|c| coded(VERIFICATION, c)));
    o.put("code", needed(&x.code));
    put_when(&mut o, "onsetDateTime", "_onsetDateTime", x.onset);
    if !contradicts {
        put_when(&mut o, "abatementDateTime", "_abatementDateTime", x.abatement);
    }
    if x.onset != when {
        put_when(&mut o, "recordedDate", "_recordedDate", when);
    }
    let ended = x.abatement.filter(|_| contradicts).map(|w| format!("Ended: {w}"));
    let lines: Vec<&str> = [ended.as_deref(), x.note.as_deref()].into_iter().flatten().collect();
    o.opt("note", annotation(Some(&lines.join("\n"))));
    o
}

/// A reaction and its severity, which stands in brackets behind it.
fn reaction(r: &str) -> Option<J> {
    let severe = ["mild", "moderate", "severe"]
        .into_iter()
        .find_map(|w| Some((r.strip_suffix(')')?.strip_suffix(w)?.strip_suffix(" (")?, w)));
    let (shown, severity) = severe.map_or((r, None), |(shown, w)| (shown, Some(w)));
    let mut o = Obj::default().with("manifestation", one(words(Some(shown))?));
    o.text("severity", severity);
    Some(J::O(o))
}

pub fn allergy(mut o: Obj, when: Option<When>, x: &Allergy) -> Obj {
    // R4 (ait-1) demands a state; one that is listed without any is taken as holding.
    let state =
        allowed(x.clinical_status.as_deref(), &["active", "inactive", "resolved"]).unwrap_or("active");
    o.put("clinicalStatus", coded(ALLERGY_CLINICAL, state));
    let note = x.note.as_deref().unwrap_or("");
    let (first, rest) = note.split_once('\n').unwrap_or((note, ""));
    let verified = first.strip_prefix("Verification: ").filter(|v| ["unconfirmed", "refuted"].contains(v));
    o.opt("verificationStatus", verified.map(|v| coded(ALLERGY_VERIFICATION, v)));
    let categories = ["food", "medication", "environment", "biologic"];
    let listed = x.category.iter().flat_map(|c| c.split(", ")).filter(|c| categories.contains(c));
    o.put("category", J::A(listed.map(s).collect()));
    o.text("criticality", allowed(x.criticality.as_deref(), &["low", "high", "unable-to-assess"]));
    o.put("code", needed(&x.code));
    put_when(&mut o, "onsetDateTime", "_onsetDateTime", when);
    o.opt("note", annotation(Some(if verified.is_some() { rest } else { note })));
    o.put("reaction", J::A(x.reactions.iter().filter_map(|r| reaction(r)).collect()));
    o
}

pub fn immunization(mut o: Obj, when: Option<When>, x: &Immunization) -> Obj {
    let states = ["completed", "entered-in-error", "not-done"];
    o.put("status", s(allowed(x.status.as_deref(), &states).unwrap_or("completed")));
    o.put("vaccineCode", needed(&x.code));
    match when {
        Some(_) => put_when(&mut o, "occurrenceDateTime", "_occurrenceDateTime", when),
        None => o.put("_occurrenceDateTime", no_date()),
    }
    o.text("lotNumber", x.lot.as_deref());
    o.opt("site", words(x.site.as_deref()));
    o.opt("note", annotation(x.note.as_deref()));
    let dose = x.dose.as_deref().and_then(text);
    o.opt("protocolApplied", dose.map(|d| one(J::O(Obj::default().with("doseNumberString", d)))));
    o
}

pub fn procedure(mut o: Obj, when: Option<When>, x: &Procedure) -> Obj {
    const STATES: [&str; 8] = [
        "preparation",
        "in-progress",
        "not-done",
        "on-hold",
        "stopped",
        "completed",
        "entered-in-error",
        "unknown",
    ];
    o.put("status", s(allowed(x.status.as_deref(), &STATES).unwrap_or("unknown")));
    o.put("code", needed(&x.code));
    match x.end {
        Some(_) => o.opt("performedPeriod", period(when, x.end)),
        None => put_when(&mut o, "performedDateTime", "_performedDateTime", when),
    }
    put_reason(&mut o, x.reason.as_deref());
    o.opt("note", annotation(x.note.as_deref()));
    o
}

pub fn encounter(mut o: Obj, when: Option<When>, x: &Encounter) -> Obj {
    const STATES: [&str; 9] = [
        "planned",
        "arrived",
        "triaged",
        "in-progress",
        "onleave",
        "finished",
        "cancelled",
        "entered-in-error",
        "unknown",
    ];
    o.put("status", s(allowed(x.status.as_deref(), &STATES).unwrap_or("unknown")));
    let class = x.class.as_deref();
    o.put(
        "class",
        match allowed(class, &CLASSES) {
            Some(code) => coding(ACT_CODE, code),
            None => display(class).unwrap_or_else(|| J::O(unknown())),
        },
    );
    let kind = concept(&x.code);
    if !kind.is_empty() {
        o.put("type", one(J::O(kind)));
    }
    o.opt("period", period(when, x.end));
    put_reason(&mut o, x.reason.as_deref());
    let place = display(x.place.as_deref());
    o.opt("location", place.map(|p| one(J::O(Obj::default().with("location", p)))));
    o
}

pub fn report(mut o: Obj, when: Option<When>, x: &DiagnosticReport) -> Obj {
    const STATES: [&str; 10] = [
        "registered",
        "partial",
        "preliminary",
        "final",
        "amended",
        "corrected",
        "appended",
        "cancelled",
        "entered-in-error",
        "unknown",
    ];
    o.put("status", s(allowed(x.status.as_deref(), &STATES).unwrap_or("unknown")));
    o.put("code", needed(&x.code));
    put_when(&mut o, "effectiveDateTime", "_effectiveDateTime", when);
    o.opt("performer", display(x.performer.as_deref()).map(one));
    o.put("result", J::A(x.results.iter().filter_map(|r| display(Some(r))).collect()));
    o.text("conclusion", x.conclusion.as_deref());
    o
}

pub fn note(mut o: Obj, when: Option<When>, x: &Note) -> Obj {
    o.put("status", s("current"));
    o.text("description", x.title.as_deref());
    let mut attachment = Obj::default().with("contentType", s("text/plain; charset=utf-8"));
    attachment.put("data", J::S(base64(x.text.as_bytes())));
    attachment.text("title", x.title.as_deref());
    o.put("content", one(J::O(Obj::default().with("attachment", J::O(attachment)))));
    let time = period(when, None);
    o.opt("context", time.map(|p| J::O(Obj::default().with("period", p))));
    o
}

/// Base64 of RFC 4648 with padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let n = at(0) << 16 | at(1) << 8 | at(2);
        for i in 0..4 {
            let letter = LETTERS[(n >> (18 - 6 * i)) as usize & 63];
            out.push(if i <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_matches_the_vectors_of_rfc_4648() {
        let cases = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, coded) in cases {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
