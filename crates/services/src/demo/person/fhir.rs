//! The clinic's export: a FHIR R4 bundle.

use super::{
    body::{self, HEIGHT},
    history,
    json::{Json, object, one},
    life::{BIRTHDAY, Life, stamp},
    results::{Outcome, Sample},
    rng::Rng,
    visits::{REPEATED, Reported, VISITS, Visit},
};

/// Her name; whoever reads it knows that she does not exist.
pub(super) const GIVEN: &str = "Mara";
/// See [`GIVEN`].
pub(super) const FAMILY: &str = "Demo-Lindqvist";
/// What every export says of itself.
pub(super) const DISCLAIMER: &str = "This is a demo person. All values are invented.";

const LOINC: &str = "http://loinc.org";
const UCUM: &str = "http://unitsofmeasure.org";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const FLAGS: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
/// `.invalid` is reserved (RFC 2606): no such server can exist.
const BASE: &str = "https://clinic.demo.invalid/fhir";

/// A bundle under construction.
pub(super) struct Bundle {
    out: String,
    counts: Vec<(&'static str, u32)>,
}

impl Bundle {
    fn new(life: Life) -> Self {
        let mut out = String::with_capacity(1 << 20);
        out.push_str(
            "{\"resourceType\":\"Bundle\",\"id\":\"demo-export\",\"type\":\"collection\",\"timestamp\":",
        );
        Json::from(stamp(life.today, 0)).write(&mut out);
        out.push_str(",\"entry\":[");
        Self { out, counts: Vec::new() }
    }

    /// Adds a resource under the next id of its kind and answers a reference to it.
    pub(super) fn add<const N: usize>(
        &mut self,
        kind: &'static str,
        fields: [(&'static str, Json); N],
    ) -> Json {
        let number = match self.counts.iter_mut().find(|(k, _)| *k == kind) {
            Some((_, n)) => {
                *n += 1;
                *n
            }
            None => {
                self.counts.push((kind, 1));
                1
            }
        };
        let id = format!("{}-{number}", kind.to_lowercase());
        let reference = format!("{kind}/{id}");
        let mut resource = vec![("resourceType", Json::from(kind)), ("id", id.into())];
        resource.extend(fields);
        self.out.push_str(if self.out.ends_with('[') { "\n" } else { ",\n" });
        object([("fullUrl", format!("{BASE}/{reference}").into()), ("resource", Json::Object(resource))])
            .write(&mut self.out);
        object([("reference", reference.into())])
    }

    fn end(mut self) -> Vec<u8> {
        self.out.push_str("\n]}\n");
        self.out.into_bytes()
    }
}

/// The reference to her.
pub(super) fn her() -> Json {
    object([("reference", "Patient/patient-1".into())])
}

/// A concept of one code, and the text.
pub(super) fn coded(system: &str, code: &str, text: &str) -> Json {
    let coding = object([("system", system.into()), ("code", code.into())]);
    let coding = if code.is_empty() { Json::Nothing } else { one(coding) };
    object([("coding", coding), ("text", text.into())])
}

/// The bundle.
pub(super) fn bundle(life: Life, samples: &[Sample], rng: &mut Rng) -> Vec<u8> {
    let mut b = Bundle::new(life);
    let (month, day) = BIRTHDAY;
    let name = object([("use", "official".into()), ("family", FAMILY.into()), ("given", one(GIVEN.into()))]);
    b.add(
        "Patient",
        [
            ("name", one(name)),
            ("gender", "female".into()),
            ("birthDate", format!("{}-{month:02}-{day:02}", life.birth_year()).into()),
        ],
    );
    history::add_all(&mut b, life);
    for visit in &VISITS {
        encounter(&mut b, life, visit, rng);
    }
    for sample in samples {
        laboratory(&mut b, sample);
    }
    b.end()
}

/// The day of a visit.
pub(super) fn day_of(life: Life, visit: &Visit) -> keepwell_domain::time::Date {
    if visit.is_urgent { life.on(visit.t) } else { life.workday(visit.t) }
}

fn encounter(b: &mut Bundle, life: Life, v: &Visit, rng: &mut Rng) {
    let date = day_of(life, v);
    let end = v.minutes + v.lasted;
    let last = keepwell_domain::time::Date::from_days(date.days() + end / 1440);
    let class = object([
        ("system", "http://terminology.hl7.org/CodeSystem/v3-ActCode".into()),
        ("code", v.class.into()),
    ]);
    let period = object([("start", stamp(date, v.minutes).into()), ("end", stamp(last, end % 1440).into())]);
    b.add(
        "Encounter",
        [
            ("status", "finished".into()),
            ("class", class),
            ("type", one(object([("text", v.kind.into())]))),
            ("subject", her()),
            ("period", period),
            ("reasonCode", one(object([("text", v.reason.into())]))),
            ("serviceProvider", object([("display", v.place.into())])),
        ],
    );
    if v.class != "IMP" {
        vitals(b, v, &stamp(date, v.minutes + 5), rng);
    }
}

fn vitals(b: &mut Bundle, v: &Visit, when: &str, rng: &mut Rng) {
    let found = body::vitals(v.t, rng);
    let part = |code: &str, name: &str, value: f64| {
        object([
            ("code", coded(LOINC, code, name)),
            ("valueQuantity", quantity("", &format!("{value:.0}"), "mmHg", "mm[Hg]")),
        ])
    };
    let components = vec![
        part("8480-6", "Systolic blood pressure", found.systolic),
        part("8462-4", "Diastolic blood pressure", found.diastolic),
    ];
    b.add(
        "Observation",
        [
            ("status", "final".into()),
            ("category", one(coded(CATEGORY, "vital-signs", "Vital signs"))),
            ("code", coded(LOINC, "85354-9", "Blood pressure")),
            ("subject", her()),
            ("effectiveDateTime", when.into()),
            ("component", components.into()),
        ],
    );
    let mut vital = |code: &str, name: &str, text: String, unit: &str, ucum: &str| {
        b.add(
            "Observation",
            [
                ("status", "final".into()),
                ("category", one(coded(CATEGORY, "vital-signs", "Vital signs"))),
                ("code", coded(LOINC, code, name)),
                ("subject", her()),
                ("effectiveDateTime", when.into()),
                ("valueQuantity", quantity("", &text, unit, ucum)),
            ],
        );
    };
    vital("8867-4", "Heart rate", format!("{:.0}", found.pulse), "/min", "/min");
    let is_check_up = v.kind == "Yearly check-up";
    if is_check_up || v.kind == "Specialist consultation" {
        vital("29463-7", "Body weight", format!("{:.1}", found.weight), "kg", "kg");
    }
    if is_check_up {
        let bmi = found.weight / (HEIGHT / 100.0).powi(2);
        vital("8302-2", "Body height", format!("{HEIGHT:.0}"), "cm", "cm");
        vital("39156-5", "BMI", format!("{bmi:.1}"), "kg/m²", "kg/m2");
    }
    if v.class == "EMER" || v.reason.contains("infection") {
        vital("8310-5", "Body temperature", format!("{:.1}", found.temperature), "°C", "Cel");
    }
}

fn quantity(sign: &str, number: &str, unit: &str, ucum: &str) -> Json {
    let given = |s: &str| if s.is_empty() { Json::Nothing } else { s.into() };
    object([
        ("value", Json::Raw(number.to_owned())),
        ("comparator", given(sign)),
        ("unit", given(unit)),
        ("system", if unit.is_empty() { Json::Nothing } else { UCUM.into() }),
        ("code", if unit.is_empty() { Json::Nothing } else { ucum.into() }),
    ])
}

/// The results of a sample and the report that groups them.
fn laboratory(b: &mut Bundle, s: &Sample) {
    let when = stamp(s.date, s.draw.minutes);
    let is_repeated = |o: &&Outcome| s.draw.reported == Reported::Clinic || REPEATED.contains(&o.assay.id);
    let results: Vec<Json> =
        s.outcomes.iter().filter(is_repeated).map(|o| observation(b, s, o, &when)).collect();
    // A laboratory's own message brings its own report.
    if s.draw.reported == Reported::Message {
        return;
    }
    b.add(
        "DiagnosticReport",
        [
            ("status", "final".into()),
            ("category", one(coded("http://terminology.hl7.org/CodeSystem/v2-0074", "LAB", "Laboratory"))),
            ("code", coded(LOINC, "11502-2", &format!("Laboratory report: {}", s.draw.title))),
            ("subject", her()),
            ("effectiveDateTime", when.into()),
            ("performer", one(object([("display", s.draw.lab.name().into())]))),
            ("result", results.into()),
        ],
    );
}

fn observation(b: &mut Bundle, s: &Sample, o: &Outcome, when: &str) -> Json {
    let p = o.print;
    let limit = |number: &str| {
        if number.is_empty() { Json::Nothing } else { quantity("", number, p.unit, p.ucum) }
    };
    let has_range = o.is_number && !(p.low.is_empty() && p.high.is_empty());
    let range = has_range.then(|| one(object([("low", limit(p.low)), ("high", limit(p.high))])));
    let flag = o
        .flag()
        .map(|f| one(object([("coding", one(object([("system", FLAGS.into()), ("code", f.into())])))])));
    let (number, words) = if o.is_number {
        (quantity(o.sign, &o.text, p.unit, p.ucum), Json::Nothing)
    } else {
        (Json::Nothing, o.text.as_str().into())
    };
    let specimen =
        if o.assay.id.starts_with('u') && !matches!(o.assay.id, "urea" | "ua") { "Urine" } else { "Blood" };
    b.add(
        "Observation",
        [
            ("status", "final".into()),
            ("category", one(coded(CATEGORY, "laboratory", "Laboratory"))),
            ("code", coded(LOINC, p.loinc, o.assay.name)),
            ("subject", her()),
            ("effectiveDateTime", when.into()),
            ("performer", one(object([("display", s.draw.lab.name().into())]))),
            ("valueQuantity", number),
            ("valueString", words),
            ("interpretation", flag.into()),
            ("specimen", object([("display", specimen.into())])),
            ("referenceRange", range.into()),
        ],
    )
}
