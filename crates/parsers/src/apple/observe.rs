//! Sparse Apple Health measurements and workouts as records.

use super::value::{Stamp, unescape};
use keepwell_domain::{
    locator::Locator,
    measure::{Number, Quantity, Value},
    record::{Body, Category, Coding, Component, Concept, LOINC, Observation, ParsedRecord, Record},
};

/// Code system under which Apple's type identifiers are kept.
pub const HEALTHKIT: &str = "urn:apple:healthkit";

/// Types that become records, each with its LOINC code where one says exactly the same.
const SPARSE: [(&str, Option<&str>, Category); 11] = [
    ("BodyMass", Some("29463-7"), Category::VitalSigns),
    ("BodyMassIndex", Some("39156-5"), Category::VitalSigns),
    ("Height", Some("8302-2"), Category::VitalSigns),
    ("LeanBodyMass", None, Category::VitalSigns),
    ("BodyFatPercentage", Some("41982-0"), Category::VitalSigns),
    ("WaistCircumference", None, Category::VitalSigns),
    ("BodyTemperature", Some("8310-5"), Category::VitalSigns),
    ("PeakExpiratoryFlowRate", None, Category::Other),
    ("ForcedExpiratoryVolume1", None, Category::Other),
    ("ForcedVitalCapacity", None, Category::Other),
    ("VO2Max", None, Category::Other),
];

/// Whether records of this type become records of ours.
#[must_use]
pub fn is_sparse(metric: &str) -> bool {
    metric.strip_prefix("HKQuantityTypeIdentifier").is_some_and(|m| SPARSE.iter().any(|(n, ..)| *n == m))
}

/// Apple's identifier in words: `HKQuantityTypeIdentifierBodyMassIndex` is `Body mass index`.
#[must_use]
pub fn words(identifier: &str) -> String {
    let name = [
        "HKQuantityTypeIdentifier",
        "HKCategoryTypeIdentifier",
        "HKWorkoutActivityType",
        "HKCorrelationTypeIdentifier",
        "HKDataType",
    ]
    .into_iter()
    .find_map(|p| identifier.strip_prefix(p))
    .unwrap_or(identifier);
    if name == "VO2Max" {
        return "VO2 max".to_owned();
    }
    let mut out = String::with_capacity(name.len() + 8);
    let mut before = ' ';
    for c in name.chars() {
        let starts = c.is_uppercase() || (c.is_ascii_digit() && !before.is_ascii_digit());
        if starts && !out.is_empty() && !before.is_uppercase() {
            out.push(' ');
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

/// An Apple identifier as a concept, with LOINC where the catalogue or the table above knows it.
#[must_use]
pub fn concept(identifier: &str, loinc: Option<&str>) -> Concept {
    let text = words(identifier);
    let mut codings = Vec::new();
    if let Some(code) = loinc {
        codings.push(Coding { system: LOINC.to_owned(), code: code.to_owned(), display: None });
    }
    codings.push(Coding { system: HEALTHKIT.to_owned(), code: identifier.to_owned(), display: None });
    Concept { text: Some(text), codings }
}

/// A quantity from a number's text and a unit as written.
#[must_use]
pub fn quantity(number: &str, unit: &str) -> Option<Quantity> {
    let number = Number::parse(number.trim()).ok()?;
    let unit = Some(unit).filter(|u| !u.is_empty()).map(str::to_owned);
    Some(Quantity { number, comparator: None, unit, ucum: None })
}

/// `0.253` as `25.3`: HealthKit's percent is a fraction.
#[must_use]
pub fn percent_text(text: &str) -> Option<String> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |d| ("-", d));
    let (int, frac) = digits.split_once('.').unwrap_or((digits, ""));
    if !int.bytes().chain(frac.bytes()).all(|c| c.is_ascii_digit()) || int.is_empty() {
        return None;
    }
    let padded = format!("{frac:0<2}");
    let whole = format!("{int}{}", &padded[..2]);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let rest = &padded[2..];
    Some(if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") })
}

/// When, from what and where a measurement comes.
pub struct Origin<'a> {
    /// Start.
    pub start: Stamp,
    /// End.
    pub end: Stamp,
    /// Device or app.
    pub source: &'a str,
    /// Byte range of the tag, where offsets in the file are known.
    pub bytes: Option<(u64, u64)>,
    /// Path in the file.
    pub path: &'static str,
}

impl Origin<'_> {
    /// A record of this origin.
    #[must_use]
    pub fn record(
        &self,
        code: Concept,
        category: Category,
        value: Option<Value>,
        components: Vec<Component>,
    ) -> Box<ParsedRecord> {
        let performer = Some(self.source).filter(|s| !s.is_empty()).map(str::to_owned);
        let observation = Observation {
            code,
            category,
            value,
            range: None,
            flag: None,
            components,
            end: (self.end.seconds != self.start.seconds).then(|| self.end.when()),
            specimen: None,
            method: None,
            performer,
            status: None,
            note: None,
        };
        Box::new(ParsedRecord {
            record: Record { effective: Some(self.start.when()), body: Body::Observation(observation) },
            locator: Locator::Path { path: self.path.to_owned(), bytes: self.bytes },
            source_id: None,
        })
    }
}

/// A sparse measurement.
#[must_use]
pub fn sparse(metric: &str, value: Quantity, origin: &Origin<'_>) -> Box<ParsedRecord> {
    let known =
        metric.strip_prefix("HKQuantityTypeIdentifier").and_then(|m| SPARSE.iter().find(|(n, ..)| *n == m));
    let (loinc, category) = known.map_or((None, Category::Other), |(_, l, c)| (*l, *c));
    origin.record(concept(metric, loinc), category, Some(Value::Quantity(value)), Vec::new())
}

/// A component with a quantity.
#[must_use]
pub fn component(code: Concept, value: Quantity) -> Component {
    Component { code, value: Some(Value::Quantity(value)), range: None, flag: None }
}

/// A workout whose end tag has not come yet.
pub struct Workout {
    /// `HKWorkoutActivityType…`.
    pub activity: String,
    /// Number and unit of its duration.
    pub duration: Option<Quantity>,
    /// Energy, distance, statistics.
    pub parts: Vec<Component>,
    /// Start and end.
    pub times: (Stamp, Stamp),
    /// Device or app.
    pub source: String,
    /// Byte range of its start tag.
    pub bytes: Option<(u64, u64)>,
}

impl Workout {
    /// Its record.
    #[must_use]
    pub fn record(self) -> Box<ParsedRecord> {
        let origin = Origin {
            start: self.times.0,
            end: self.times.1,
            source: &self.source,
            bytes: self.bytes,
            path: "HealthData/Workout",
        };
        origin.record(
            concept(&self.activity, None),
            Category::Activity,
            self.duration.map(Value::Quantity),
            self.parts,
        )
    }
    /// Adds what a `WorkoutStatistics` element says.
    pub fn statistics<'t>(&mut self, attrs: impl Iterator<Item = (&'t [u8], &'t [u8])>) {
        let all: Vec<_> = attrs.filter_map(|(n, v)| Some((n, unescape(v)?))).collect();
        let get = |name: &[u8]| all.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_ref());
        let (Some(metric), unit) = (get(b"type"), get(b"unit").unwrap_or("")) else { return };
        for (name, suffix) in [
            (&b"sum"[..], ""),
            (b"average", " (average)"),
            (b"minimum", " (minimum)"),
            (b"maximum", " (maximum)"),
        ] {
            if self.parts.len() < 64
                && let Some(value) = get(name).and_then(|v| quantity(v, unit))
            {
                let mut code = concept(metric, None);
                if let Some(text) = code.text.as_mut().filter(|_| !suffix.is_empty()) {
                    text.push_str(suffix);
                }
                self.parts.push(component(code, value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_read_as_words() {
        for (id, want) in [
            ("HKQuantityTypeIdentifierBodyMassIndex", "Body mass index"),
            ("HKQuantityTypeIdentifierVO2Max", "VO2 max"),
            ("HKWorkoutActivityTypeRunning", "Running"),
            ("HKWorkoutActivityTypeHighIntensityIntervalTraining", "High intensity interval training"),
            ("HKQuantityTypeIdentifierForcedExpiratoryVolume1", "Forced expiratory volume 1"),
        ] {
            assert_eq!(words(id), want);
        }
    }

    #[test]
    fn fractions_become_percents_digit_by_digit() {
        for (text, want) in [
            ("0.253", Some("25.3")),
            ("0.2", Some("20")),
            ("1", Some("100")),
            ("0.005", Some("0.5")),
            ("0.1800", Some("18.00")),
            ("x", None),
        ] {
            assert_eq!(percent_text(text).as_deref(), want);
        }
    }
}
