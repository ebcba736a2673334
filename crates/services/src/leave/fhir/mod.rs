//! All records as one FHIR R4 Bundle, for other programs.
//!
//! FHIR cannot say everything that a record says (a time without an offset, a flag of no code
//! list); `keepwell/records.ndjson` beside it is the whole truth.

mod drugs;
mod kinds;
mod values;

use super::{
    gather::{Held, Person},
    json::{J, Obj, one, s},
};
use keepwell_domain::{ids::ProfileId, record::Body};
use std::io::{self, Write};

/// Writes the Bundle entry by entry.
///
/// # Errors
/// Those of the writer.
pub fn write(person: &Person, out: &mut impl Write) -> io::Result<()> {
    let now = person.now.rfc3339();
    write!(out, r#"{{"resourceType":"Bundle","type":"collection","timestamp":"{now}","entry":["#)?;
    let patient =
        Obj::default().with("resourceType", s("Patient")).with("id", s(&person.profile.to_string()));
    entry(&person.profile.to_string(), patient).write(out)?;
    for held in &person.records {
        out.write_all(b",\n")?;
        let id = held.open.id.to_string();
        entry(&id, resource(person.profile, held)).write(out)?;
    }
    out.write_all(b"]}\n")
}

fn entry(id: &str, resource: Obj) -> J {
    J::O(Obj::default().with("fullUrl", s(&format!("urn:uuid:{id}"))).with("resource", J::O(resource)))
}

/// The resource of a record.
fn resource(profile: ProfileId, held: &Held) -> Obj {
    let record = &held.open.record;
    let when = record.effective;
    let new =
        |kind: &str| Obj::default().with("resourceType", s(kind)).with("id", s(&held.open.id.to_string()));
    let who = || J::O(Obj::default().with("reference", s(&format!("urn:uuid:{profile}"))));
    match &record.body {
        Body::Observation(o) => kinds::observation(new("Observation").with("subject", who()), when, o),
        Body::Condition(c) => kinds::condition(new("Condition").with("subject", who()), when, c),
        Body::Medication(m) => drugs::medication(&new, who(), when, m),
        Body::Allergy(a) => kinds::allergy(new("AllergyIntolerance").with("patient", who()), when, a),
        Body::Immunization(i) => kinds::immunization(new("Immunization").with("patient", who()), when, i),
        Body::Procedure(p) => kinds::procedure(new("Procedure").with("subject", who()), when, p),
        Body::Encounter(e) => kinds::encounter(new("Encounter").with("subject", who()), when, e),
        Body::DiagnosticReport(r) => kinds::report(new("DiagnosticReport").with("subject", who()), when, r),
        Body::Note(n) => kinds::note(new("DocumentReference").with("subject", who()), when, n),
    }
}

/// Adds `reasonCode`.
fn put_reason(o: &mut Obj, reason: Option<&str>) {
    o.opt("reasonCode", values::words(reason).map(one));
}
