//! What the files say, read by a reader of its own that shares no code with the product: FHIR as plain JSON,
//! the laboratory's table and message line by line, units by factors written down here.

use serde_json::Value as Json;

/// A test: id, (code or German name, factor to the first unit, shift).
type Test = (&'static str, &'static [(&'static str, f64, f64)]);

/// The tests that questions are about.
const TESTS: &[Test] = &[
    ("tsh", &[("3016-3", 1.0, 0.0), ("TSH basal", 1.0, 0.0)]),
    ("ferr", &[("2276-4", 1.0, 0.0), ("Ferritin", 1.0, 0.0)]),
    ("ldl", &[("2089-1", 1.0, 0.0), ("22748-8", 38.665, 0.0), ("LDL-Cholesterin", 1.0, 0.0)]),
    ("hdl", &[("2085-9", 1.0, 0.0), ("14646-4", 38.665, 0.0), ("HDL-Cholesterin", 1.0, 0.0)]),
    ("chol", &[("2093-3", 1.0, 0.0), ("14647-2", 38.665, 0.0), ("Cholesterin gesamt", 1.0, 0.0)]),
    ("tg", &[("2571-8", 1.0, 0.0), ("14927-8", 88.543, 0.0), ("Triglyceride", 1.0, 0.0)]),
    ("crea", &[("2160-0", 1.0, 0.0), ("14682-9", 1.0 / 88.402, 0.0), ("Kreatinin", 1.0, 0.0)]),
    ("plt", &[("777-3", 1.0, 0.0), ("Thrombozyten", 1.0, 0.0)]),
    ("wbc", &[("6690-2", 1.0, 0.0), ("Leukozyten", 1.0, 0.0)]),
    ("k", &[("2823-3", 1.0, 0.0), ("Kalium", 1.0, 0.0)]),
    ("na", &[("2951-2", 1.0, 0.0), ("Natrium", 1.0, 0.0)]),
    ("vitd", &[("1989-3", 1.0, 0.0), ("14635-7", 1.0 / 2.496, 0.0), ("25-OH-Vitamin D", 1.0, 0.0)]),
    ("b12", &[("2132-9", 1.0, 0.0), ("14685-2", 1.0 / 0.7378, 0.0), ("Vitamin B12", 1.0, 0.0)]),
    ("a1c", &[("4548-4", 1.0, 0.0), ("59261-8", 0.09148, 2.152), ("HbA1c", 1.0, 0.0)]),
    ("crp", &[("1988-5", 1.0, 0.0), ("CRP", 1.0, 0.0)]),
    ("alt", &[("1742-6", 1.0, 0.0), ("GPT (ALAT)", 1.0, 0.0)]),
    ("ggt", &[("2324-2", 1.0, 0.0), ("Gamma-GT", 1.0, 0.0)]),
    ("ft4", &[("3024-7", 1.0, 0.0), ("14920-3", 1.0 / 12.872, 0.0), ("fT4", 1.0, 0.0)]),
    ("glu", &[("1558-6", 1.0, 0.0), ("14771-0", 1.0 / 0.055_507, 0.0), ("Glucose nüchtern", 1.0, 0.0)]),
    ("amh", &[("38476-8", 1.0, 0.0)]),
    ("lpa", &[("43583-4", 1.0, 0.0)]),
    ("sys", &[("8480-6", 1.0, 0.0)]),
    ("dia", &[("8462-4", 1.0, 0.0)]),
    ("hb", &[("718-7", 1.0, 0.0), ("Hämoglobin", 1.0, 0.0)]),
    // Of the small bundles.
    ("lip", &[("3040-3", 1.0, 0.0)]),
    ("zinc", &[("5763-8", 1.0, 0.0), ("Zink", 1.0, 0.0)]),
    ("ua", &[("3084-1", 1.0, 0.0), ("14933-6", 1.0 / 59.485, 0.0), ("Harnsäure", 1.0, 0.0)]),
    ("psa", &[("2857-1", 1.0, 0.0)]),
    ("acr", &[("9318-7", 1.0, 0.0)]),
    ("quel", &[("QI-1", 1.0, 0.0)]),
    ("egfr", &[("98979-8", 1.0, 0.0), ("eGFR (CKD-EPI)", 1.0, 0.0)]),
    ("hcy", &[("13965-9", 1.0, 0.0)]),
    ("testo", &[("2986-8", 1.0, 0.0)]),
    ("mg", &[("2601-3", 1.0, 0.0)]),
    ("cort", &[("2143-6", 1.0, 0.0)]),
    ("bnp", &[("33762-6", 1.0, 0.0)]),
    ("calp", &[("38445-3", 1.0, 0.0)]),
    ("inr", &[("6301-6", 1.0, 0.0)]),
    ("fibro", &[("FX-7", 1.0, 0.0)]),
    ("kg", &[("29463-7", 1.0, 0.0)]),
    ("s_glu", &[("2345-7", 1.0, 0.0), ("14749-6", 18.0156, 0.0)]),
];

/// A value as a file states it.
#[derive(Debug, Clone)]
pub struct Stated {
    /// `YYYY-MM-DD`.
    pub day: String,
    /// The number as printed.
    pub printed: f64,
    /// The unit as printed.
    pub unit: String,
    /// `<` or empty.
    pub sign: String,
    /// In the first unit of the test.
    pub number: f64,
    /// -1 below its range, 1 above, 0 within, `None` without one.
    pub standing: Option<i8>,
}

/// A record that is no value.
#[derive(Debug, Clone)]
pub struct Thing {
    pub kind: String,
    pub name: String,
    pub start: String,
    pub end: String,
    pub active: bool,
}

/// All that the files say.
#[derive(Default)]
pub struct Oracle {
    values: Vec<(String, Stated)>,
    pub things: Vec<Thing>,
}

impl Oracle {
    /// Reads files by their names.
    pub fn of(files: &[(String, Vec<u8>)]) -> Self {
        let mut o = Self::default();
        for (name, bytes) in files {
            let text = String::from_utf8_lossy(bytes);
            if name.ends_with(".json") {
                o.bundle(&serde_json::from_str(&text).unwrap());
            } else if name.ends_with(".csv") {
                o.table(&text);
            } else if name.ends_with(".hl7") {
                o.message(&text);
            }
        }
        // What two files say alike is one result.
        o.values.sort_by(|a, b| (&a.0, &a.1.day).cmp(&(&b.0, &b.1.day)));
        o.values.dedup_by(|a, b| a.0 == b.0 && a.1.day == b.1.day && (a.1.number - b.1.number).abs() < 1e-9);
        o
    }

    fn add(&mut self, code: &str, mut v: Stated) {
        for (id, names) in TESTS {
            for (n, factor, shift) in *names {
                if *n == code {
                    // Haemoglobin has one code for two units.
                    let factor = if *id == "hb" && v.unit == "g/L" { 0.1 } else { *factor };
                    v.number = v.printed * factor + shift;
                    self.values.push(((*id).to_owned(), v));
                    return;
                }
            }
        }
    }

    fn bundle(&mut self, b: &Json) {
        let text = |j: &Json| j.as_str().unwrap_or("").to_owned();
        let name = |c: &Json| {
            let t = text(&c["text"]);
            if t.is_empty() { text(&c["coding"][0]["display"]) } else { t }
        };
        for r in b["entry"].as_array().unwrap().iter().map(|e| &e["resource"]) {
            let kind = text(&r["resourceType"]);
            let start = [
                "effectiveDateTime",
                "onsetDateTime",
                "recordedDate",
                "occurrenceDateTime",
                "performedDateTime",
                "authoredOn",
                "date",
            ]
            .iter()
            .map(|k| text(&r[*k]))
            .chain([
                text(&r["effectivePeriod"]["start"]),
                text(&r["performedPeriod"]["start"]),
                text(&r["period"]["start"]),
                text(&r["dosageInstruction"][0]["timing"]["repeat"]["boundsPeriod"]["start"]),
            ])
            .find(|t| !t.is_empty())
            .unwrap_or_default();
            let day = start.get(..10).unwrap_or("").to_owned();
            if kind == "Observation" {
                self.observation(r, &day);
                for c in r["component"].as_array().into_iter().flatten() {
                    self.observation(c, &day);
                }
                continue;
            }
            let concept = ["code", "vaccineCode", "medicationCodeableConcept"]
                .iter()
                .map(|k| &r[*k])
                .find(|c| !c.is_null());
            let concept = concept.cloned().unwrap_or_else(|| r["type"][0].clone());
            let end = [
                text(&r["abatementDateTime"]),
                text(&r["effectivePeriod"]["end"]),
                text(&r["dosageInstruction"][0]["timing"]["repeat"]["boundsPeriod"]["end"]),
            ];
            let end = end.into_iter().find(|t| !t.is_empty()).unwrap_or_default();
            let status = text(&r["clinicalStatus"]["coding"][0]["code"]);
            let status = if status.is_empty() { text(&r["status"]) } else { status };
            let mut title = name(&concept);
            if title.is_empty() {
                title = text(&r["description"]);
            }
            self.things.push(Thing {
                name: title,
                start: day,
                active: end.is_empty() && status == "active",
                end: end.get(..10).unwrap_or("").to_owned(),
                kind,
            });
        }
    }

    fn observation(&mut self, o: &Json, day: &str) {
        let Some(printed) = o["valueQuantity"]["value"].as_f64() else { return };
        let limit = |side: &str| o["referenceRange"][0][side]["value"].as_f64();
        let (low, high) = (limit("low"), limit("high"));
        let sign = o["valueQuantity"]["comparator"].as_str().unwrap_or("").to_owned();
        let v = Stated {
            day: day.to_owned(),
            printed,
            unit: o["valueQuantity"]["unit"].as_str().unwrap_or("").to_owned(),
            standing: standing(printed, &sign, low, high),
            sign,
            number: printed,
        };
        for c in o["code"]["coding"].as_array().into_iter().flatten() {
            self.add(c["code"].as_str().unwrap_or(""), v.clone());
        }
    }

    fn table(&mut self, text: &str) {
        for l in text.lines().skip(1) {
            let c: Vec<&str> = l.split(';').collect();
            // The small world's table has a row that waits: nobody's fact yet.
            if c.len() < 6 {
                continue;
            }
            let d: Vec<&str> = c[4].split('.').collect();
            let (sign, number) = c[1].strip_prefix('<').map_or(("", c[1]), |n| ("<", n));
            let Ok(printed) = number.trim().replace(',', ".").parse::<f64>() else { continue };
            let range = c[3].replace(',', ".");
            let number = |t: &str| t.trim().parse::<f64>().ok();
            let (low, high) =
                match (range.split_once(" - "), range.strip_prefix("< "), range.strip_prefix("> ")) {
                    (Some((l, h)), ..) => (number(l), number(h)),
                    (None, Some(h), _) => (None, number(h)),
                    (None, None, Some(l)) => (number(l), None),
                    _ => (None, None),
                };
            let v = Stated {
                day: format!("{}-{}-{}", d[2], d[1], d[0]),
                printed,
                unit: c[2].to_owned(),
                sign: sign.to_owned(),
                number: printed,
                standing: standing(printed, sign, low, high),
            };
            self.add(c[0], v);
        }
    }

    fn message(&mut self, text: &str) {
        for l in text.split('\r').filter(|l| l.starts_with("OBX")) {
            let f: Vec<&str> = l.split('|').collect();
            let value = f[5].split('^').next_back().unwrap_or("");
            let Ok(printed) = value.parse::<f64>() else { continue };
            let t = f[14];
            let v = Stated {
                day: format!("{}-{}-{}", &t[..4], &t[4..6], &t[6..8]),
                printed,
                unit: f[6].split('^').nth(1).unwrap_or("").to_owned(),
                sign: f[5].split_once('^').map_or("", |s| s.0).to_owned(),
                number: printed,
                standing: None,
            };
            self.add(f[3].split('^').next().unwrap_or(""), v);
        }
    }

    /// Values of a test in a stretch of days, oldest first.
    pub fn values(&self, id: &str, from: &str, to: &str) -> Vec<&Stated> {
        assert!(TESTS.iter().any(|t| t.0 == id), "no test {id}");
        let mut out: Vec<&Stated> = self
            .values
            .iter()
            .filter(|(i, v)| i == id && v.day.as_str() >= from && (to.is_empty() || v.day.as_str() <= to))
            .map(|(_, v)| v)
            .collect();
        out.sort_by(|a, b| a.day.cmp(&b.day));
        out
    }

    /// Records whose name has these words.
    pub fn named(&self, words: &str) -> Vec<&Thing> {
        let all: Vec<&Thing> =
            self.things.iter().filter(|t| t.name.to_lowercase().contains(&words.to_lowercase())).collect();
        assert!(!all.is_empty(), "the files have no {words}");
        all
    }
}

fn standing(v: f64, sign: &str, low: Option<f64>, high: Option<f64>) -> Option<i8> {
    if low.is_none() && high.is_none() {
        return None;
    }
    if sign == "<" {
        return high.filter(|h| v <= *h).map(|_| 0);
    }
    Some(if low.is_some_and(|l| v < l) { -1 } else { i8::from(high.is_some_and(|h| v > h)) })
}
