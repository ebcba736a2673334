//! The journal as a FHIR R4 bundle (collection): results as Observation, doses as
//! MedicationAdministration, retrievals and transfers as Procedure. LOINC codes stand only where they
//! fit the value's property exactly; everything else is a text. Findings on sex are left out, and so are semen
//! analyses, the course of the embryos, outcomes, the plan and most of the diary.

use super::{
    ExportError,
    fhir_parts::{absent_reason, coding, concept, concept_of, date_time, quantity, urn},
    node::Node,
};
use crate::{
    derive::hormone,
    merge::Book,
    model::{
        Absence, Amount, Beta, Day, Dose, EarlyScan, EntityId, HomeTest, Hormone, HormoneKind, Medication,
        Moment, Person, Retrieval, Scan, Told, Transfer, Trigger,
        diary::{TemperatureSite, TestKind, TestResult},
        medicine::DoseState,
        monitor::SizeBand,
        people::Role,
    },
};
use keepwell_domain::time::Ts;
use std::collections::BTreeSet;

/// LOINC for a temperature of the body, wherever it was measured.
const BODY_TEMPERATURE: &str = "8310-5";

/// The journal as the text of a bundle.
///
/// # Errors
/// [`ExportError`] when it cannot be written.
pub fn fhir_bundle(book: &Book, now: Ts) -> Result<String, ExportError> {
    let mut b = Builder { book, entries: Vec::new(), patient: patient_id(book) };
    b.patients();
    b.results();
    b.scans();
    b.days();
    b.medication();
    b.procedures();
    let root = Node::from([
        ("resourceType", "Bundle".into()),
        ("type", "collection".into()),
        ("timestamp", now.rfc3339().into()),
        ("entry", Node::List(b.entries)),
    ]);
    serde_json::to_string(&root).map_err(|_| ExportError)
}

/// The journal's own patient: the one entered as such, else one that stands for nobody in particular.
fn patient_id(book: &Book) -> EntityId {
    let is_patient = |p: &Person| p.roles.known().is_some_and(|r| r.contains(&Role::Patient));
    let entered = book.all::<Person>().find(|(_, p)| is_patient(p)).map(|(id, _)| id);
    entered.unwrap_or_else(|| EntityId::derived(&[b"fhir-patient"]))
}

struct Builder<'a> {
    book: &'a Book,
    entries: Vec<Node>,
    patient: EntityId,
}

impl Builder<'_> {
    fn add(&mut self, id: EntityId, resource: Node) {
        self.entries.push([("fullUrl", urn(id).into()), ("resource", resource)].into());
    }

    fn subject(&self, person: Told<EntityId>) -> Node {
        // A person that is not in the book would be a reference to nothing.
        let known = person.get().filter(|p| self.book.get::<Person>(*p).is_some());
        [("reference", urn(known.unwrap_or(self.patient)).into())].into()
    }

    fn patients(&mut self) {
        let people: Vec<(EntityId, Person)> = self.book.all::<Person>().collect();
        if !people.iter().any(|(id, _)| *id == self.patient) {
            self.add(self.patient, [("resourceType", "Patient".into())].into());
        }
        for (id, p) in people {
            let name = p.name.known().map(|n| Node::List(vec![[("text", n.as_str().into())].into()]));
            let born = p.born_on.get().map(|d| d.to_string()).or(p.born_in.get().map(|y| format!("{y:04}")));
            let resource = Node::from([("resourceType", "Patient".into())])
                .with("name", name)
                .with("birthDate", born.map(Node::from));
            self.add(id, resource);
        }
    }

    /// An observation without its value.
    fn observation(&self, code: Node, category: &str, person: Told<EntityId>, at: &Moment) -> Node {
        let system = "http://terminology.hl7.org/CodeSystem/observation-category";
        let category: Node = [("coding", Node::List(vec![coding(system, category)]))].into();
        [
            ("resourceType", "Observation".into()),
            ("status", "final".into()),
            ("category", Node::List(vec![category])),
            ("code", code),
            ("subject", self.subject(person)),
            ("effectiveDateTime", date_time(at).into()),
        ]
        .into()
    }

    /// An amount, or why there is none; nothing at all where it is only unknown.
    fn measured(&mut self, id: EntityId, observation: Node, value: &Told<Amount>) {
        let value = match value {
            Told::Known(a) => quantity(a).map(|q| ("valueQuantity", q)),
            absent => absent
                .absence()
                .filter(|a| *a != Absence::Unknown)
                .map(|a| ("dataAbsentReason", absent_reason(a))),
        };
        if let Some((key, value)) = value {
            self.add(id, observation.with(key, Some(value)));
        }
    }

    fn results(&mut self) {
        for (id, h) in self.book.all::<Hormone>() {
            let Told::Known(at) = &h.at else { continue };
            let kind = h.hormone.get().unwrap_or(HormoneKind::Other);
            let loinc = h.value.known().and_then(|v| hormone::loinc(kind, v));
            let name = match (&h.name, hormone::analyte(kind, h.value.known())) {
                (Told::Known(n), _) => n.clone(),
                (_, Some(a)) => a.name_en.to_owned(),
                _ => kind.as_str().to_owned(),
            };
            let o = self.observation(concept(loinc, &name), "laboratory", h.person, at);
            self.measured(id, note(o, &h.note), &h.value);
        }
        for (id, b) in self.book.all::<Beta>() {
            let Told::Known(at) = &b.at else { continue };
            let loinc = b.value.known().and_then(|v| hormone::loinc(HormoneKind::Hcg, v));
            let o = self.observation(concept(loinc, "hCG"), "laboratory", b.person, at);
            self.measured(id, note(o, &b.note), &b.value);
        }
        for (id, t) in self.book.all::<HomeTest>() {
            let (Told::Known(at), Some(kind), Some(result)) = (&t.at, t.kind.get(), t.result.get()) else {
                continue;
            };
            let code = match kind {
                TestKind::Hcg => concept(Some("2106-3"), "Pregnancy test, urine"),
                TestKind::Lh => concept(None, "Ovulation test (LH), urine"),
                TestKind::Progesterone => concept(None, "Pregnanediol glucuronide test, urine"),
                TestKind::Oestrogen => concept(None, "Oestrone glucuronide test, urine"),
            };
            let o = self.observation(code, "laboratory", t.person, at);
            self.add(id, o.with("valueCodeableConcept", Some(concept(None, shown(result)))));
        }
    }

    fn scans(&mut self) {
        for (id, s) in self.book.all::<Scan>() {
            let Told::Known(at) = &s.at else { continue };
            let sizes = |side: &Told<Vec<keepwell_domain::measure::Number>>| {
                side.known().map(|l| l.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(", "))
            };
            let mut parts = Vec::new();
            for (name, list) in [
                ("Follicles of the left ovary, mm", sizes(&s.follicles_left)),
                ("Follicles of the right ovary, mm", sizes(&s.follicles_right)),
                ("Follicles of the left ovary by size, mm", banded(&s.bands_left)),
                ("Follicles of the right ovary by size, mm", banded(&s.bands_right)),
                ("Pattern of the endometrium", s.lining_pattern.get().map(|p| p.as_str().to_owned())),
            ] {
                if let Some(text) = list {
                    parts.push(Node::from([("code", concept(None, name)), ("valueString", said(text))]));
                }
            }
            if let Some(q) = s.lining.known().and_then(quantity) {
                parts.push(
                    [("code", concept(None, "Thickness of the endometrium")), ("valueQuantity", q)].into(),
                );
            }
            for (name, n) in [
                ("Antral follicles of the left ovary", s.antral_left),
                ("Antral follicles of the right ovary", s.antral_right),
                ("Antral follicles", s.antral_total),
            ] {
                if let Some(n) = n.get().and_then(Node::int) {
                    parts.push([("code", concept(None, name)), ("valueInteger", n)].into());
                }
            }
            if !parts.is_empty() {
                let o =
                    self.observation(concept(None, "Scan of ovaries and uterus"), "imaging", s.person, at);
                self.add(id, note(o, &s.note).with("component", Some(Node::List(parts))));
            }
        }
        for (id, s) in self.book.all::<EarlyScan>() {
            let Told::Known(at) = &s.at else { continue };
            let mut parts = Vec::new();
            for (name, value) in
                [("Crown rump length", &s.crown_rump), ("Mean diameter of the sac", &s.sac_diameter)]
            {
                if let Some(q) = value.known().and_then(quantity) {
                    parts.push(Node::from([("code", concept(None, name)), ("valueQuantity", q)]));
                }
            }
            if let Told::Known(seen) = s.heartbeat {
                parts.push(
                    [("code", concept(None, "Heartbeat seen")), ("valueBoolean", Node::Flag(seen))].into(),
                );
            }
            if !parts.is_empty() {
                let o = self.observation(concept(None, "Scan in early pregnancy"), "imaging", s.person, at);
                self.add(id, note(o, &s.note).with("component", Some(Node::List(parts))));
            }
        }
    }

    fn days(&mut self) {
        for (id, d) in self.book.all::<Day>() {
            let Told::Known(date) = d.date else { continue };
            let at = d.temperature_at.known().cloned().unwrap_or_else(|| Moment::day(date));
            if d.temperature.is_known() {
                // The profile of vital signs asks for the plain code beside that of the place.
                let loinc: &[&str] = match d.temperature_site.get() {
                    Some(TemperatureSite::Oral) => &["8331-1", BODY_TEMPERATURE],
                    Some(TemperatureSite::Rectal) => &["8332-9", BODY_TEMPERATURE],
                    Some(TemperatureSite::Armpit) => &["8328-7", BODY_TEMPERATURE],
                    Some(TemperatureSite::Ear) => &["8333-7", BODY_TEMPERATURE],
                    _ => &[BODY_TEMPERATURE],
                };
                let code = concept_of(loinc, "Basal body temperature");
                let o = self.observation(code, "vital-signs", d.person, &at);
                self.measured(part(id, "temperature"), o, &d.temperature);
            }
            if d.weight.is_known() {
                let code = concept(Some("29463-7"), "Body weight");
                let o = self.observation(code, "vital-signs", d.person, &Moment::day(date));
                self.measured(part(id, "weight"), o, &d.weight);
            }
            if let Told::Known(b) = d.bleeding {
                let code = concept(None, "Menstrual bleeding");
                let o = self.observation(code, "survey", d.person, &Moment::day(date));
                self.add(
                    part(id, "bleeding"),
                    o.with("valueCodeableConcept", Some(concept(None, b.as_str()))),
                );
            }
        }
    }

    fn medication(&mut self) {
        let mut listed = BTreeSet::new();
        for (id, d) in self.book.all::<Dose>() {
            let (Some(at), Some(drug)) = (d.at.known().or(d.planned_for.known()), self.drug(&d)) else {
                continue;
            };
            let state = d.state.get().unwrap_or(DoseState::Given);
            let status = if state == DoseState::Skipped { "not-done" } else { "completed" };
            let route = d.route.get().map(|r| concept(None, r.as_str()));
            let site = d.site.get().map(|s| concept(None, s.as_str()));
            let dose = d.amount.known().filter(|_| state != DoseState::Skipped).and_then(quantity);
            let resource = self.administration(&drug, status, d.person, at, (dose, route, site));
            self.add(id, note(resource, &d.note));
            listed.insert(id);
        }
        for (id, t) in self.book.all::<Trigger>() {
            let is_listed = t.dose.get().is_some_and(|dose| listed.contains(&dose));
            let first = (!is_listed).then_some((id, &t.drug, &t.amount, t.at.known()));
            let second_at = t.second_at.known().or(t.at.known());
            let second = (part(id, "second"), &t.second_drug, &t.second_amount, second_at);
            for (id, drug, amount, at) in first.into_iter().chain([second]) {
                let (Some(at), Told::Known(drug)) = (at, drug) else { continue };
                // The way is told of the first drug only.
                let route = t.route.get().filter(|_| Some(id) == first.map(|f| f.0));
                let route = route.map(|r| concept(None, r.as_str()));
                let dose = amount.known().and_then(quantity);
                let resource = self.administration(drug, "completed", t.person, at, (dose, route, None));
                self.add(id, resource);
            }
        }
    }

    /// What a dose was of: as it says itself, or as the person's catalogue calls it.
    fn drug(&self, d: &Dose) -> Option<String> {
        let of_catalogue = || {
            let m: Medication = self.book.get(d.medication.get()?)?;
            m.name.into_known().or(m.substance.into_known())
        };
        d.drug.known().cloned().or_else(of_catalogue)
    }

    fn administration(
        &self,
        drug: &str,
        status: &str,
        person: Told<EntityId>,
        at: &Moment,
        (dose, route, site): (Option<Node>, Option<Node>, Option<Node>),
    ) -> Node {
        // A dosage must hold a dose or a rate (constraint mad-1).
        let dosage = dose
            .map(|q| Node::Object(Vec::new()).with("site", site).with("route", route).with("dose", Some(q)));
        Node::from([
            ("resourceType", "MedicationAdministration".into()),
            ("status", status.into()),
            ("medicationCodeableConcept", concept(None, drug)),
            ("subject", self.subject(person)),
            ("effectiveDateTime", date_time(at).into()),
        ])
        .with("dosage", dosage)
    }

    fn procedures(&mut self) {
        for (id, x) in self.book.all::<Retrieval>() {
            if let Told::Known(at) = &x.at {
                let counts = [("retrieved", x.retrieved), ("mature", x.mature), ("two pronuclei", x.pn2)];
                let p = self.procedure("Oocyte retrieval", x.person, at);
                let words: Vec<String> =
                    counts.iter().filter_map(|(name, n)| Some(format!("{name}: {}", n.get()?))).collect();
                let told = (!words.is_empty()).then(|| notes(words.join("; ")));
                self.add(id, p.with("note", told));
            }
        }
        for (id, x) in self.book.all::<Transfer>() {
            if let Told::Known(at) = &x.at {
                let p = self.procedure("Embryo transfer", x.person, at);
                self.add(id, note(p, &x.note));
            }
        }
    }

    fn procedure(&self, name: &str, person: Told<EntityId>, at: &Moment) -> Node {
        [
            ("resourceType", "Procedure".into()),
            ("status", "completed".into()),
            ("code", concept(None, name)),
            ("subject", self.subject(person)),
            ("performedDateTime", date_time(at).into()),
        ]
        .into()
    }
}

/// The id of one observation among several of an entity.
fn part(id: EntityId, name: &str) -> EntityId {
    EntityId::derived(&[b"fhir-part", id.as_bytes(), name.as_bytes()])
}

fn note(resource: Node, text: &Told<String>) -> Node {
    resource.with("note", text.known().filter(|t| !t.trim().is_empty()).map(|t| notes(t.clone())))
}

fn notes(text: String) -> Node {
    Node::List(vec![[("text", text.into())].into()])
}

/// Follicles by size in words, where any were told so.
fn banded(bands: &Told<Vec<SizeBand>>) -> Option<String> {
    let one = |b: &SizeBand| {
        let range = match (b.from, b.below) {
            (Some(from), Some(below)) => format!("from {from} to below {below}"),
            (Some(from), None) => format!("from {from}"),
            (None, Some(below)) => format!("below {below}"),
            (None, None) => "of any size".to_owned(),
        };
        format!("{range}: {}", b.count)
    };
    let told = bands.known().filter(|all| !all.is_empty())?;
    Some(told.iter().map(one).collect::<Vec<_>>().join("; "))
}

/// FHIR allows no empty text.
fn said(text: String) -> Node {
    if text.is_empty() { "none".into() } else { text.into() }
}

const fn shown(result: TestResult) -> &'static str {
    match result {
        TestResult::Invalid => "Invalid",
        TestResult::Negative => "Negative",
        TestResult::Faint => "Faintly positive",
        TestResult::High => "High",
        TestResult::Positive => "Positive",
        TestResult::Peak => "Peak",
    }
}
