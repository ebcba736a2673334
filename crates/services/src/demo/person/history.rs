//! Diagnoses, allergies, procedures, reports and letters.

use super::{
    fhir::{Bundle, DISCLAIMER, FAMILY, GIVEN, coded, her},
    json::{Json, base64, object, one},
    life::{Life, stamp},
    treatment,
    visits::{CITY_PRACTICE, HORMONES, HOSPITAL, PRACTICE},
};

const ICD: &str = "http://hl7.org/fhir/sid/icd-10";
const SNOMED: &str = "http://snomed.info/sct";

pub(super) fn add_all(b: &mut Bundle, life: Life) {
    conditions(b, life);
    allergies(b, life);
    treatment::medicines(b, life);
    treatment::in_season(b, life);
    treatment::vaccinations(b, life);
    procedures(b, life);
    reports(b, life);
    letters(b, life);
}

/// ICD-10, name, onset, end, note.
const CONDITIONS: [(&str, &str, f64, Option<f64>, &str); 8] = [
    ("J30.1", "Allergic rhinitis due to pollen (grasses, birch)", 0.45, None, "Yearly from April to July."),
    (
        "S52.5",
        "Fracture of the lower end of the left radius",
        1.45,
        Some(1.75),
        "Closed, after a fall from a bicycle.",
    ),
    ("E55.9", "Vitamin D deficiency", 1.60, Some(2.1), ""),
    (
        "E06.3",
        "Autoimmune (Hashimoto) thyroiditis with hypothyroidism",
        2.27,
        None,
        "Anti-TPO positive, TSH above 9 mU/L at diagnosis.",
    ),
    ("D50.9", "Iron deficiency anaemia", 3.12, Some(3.82), "Heavy periods; coeliac disease excluded."),
    ("K35.8", "Acute appendicitis", 4.346, Some(4.39), ""),
    ("E78.0", "Hypercholesterolaemia, lipoprotein(a) high", 7.33, None, "Father had a heart attack at 52."),
    ("N10", "Acute pyelonephritis, right", 7.60, Some(7.66), ""),
];

fn conditions(b: &mut Bundle, life: Life) {
    let status = |system: &str, code: &str| {
        coded(&format!("http://terminology.hl7.org/CodeSystem/condition-{system}"), code, code)
    };
    for (code, name, onset, end, note) in CONDITIONS {
        let is_over = end.is_some();
        b.add(
            "Condition",
            [
                ("clinicalStatus", status("clinical", if is_over { "resolved" } else { "active" })),
                ("verificationStatus", status("ver-status", "confirmed")),
                ("code", coded(ICD, code, name)),
                ("subject", her()),
                ("onsetDateTime", life.on(onset).to_string().into()),
                ("abatementDateTime", end.map(|e| life.on(e).to_string()).into()),
                ("note", remark(note)),
            ],
        );
    }
}

fn remark(text: &str) -> Json {
    if text.is_empty() { Json::Nothing } else { one(object([("text", text.into())])) }
}

fn allergies(b: &mut Bundle, life: Life) {
    let status =
        |code: &str| coded("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code, code);
    let reaction = |shown: [&str; 2], severity: &str| {
        let shown = shown.into_iter().map(|s| object([("text", s.into())])).collect::<Vec<_>>();
        one(object([("manifestation", shown.into()), ("severity", severity.into())]))
    };
    let all = [
        (
            "91936005",
            "Penicillin",
            "medication",
            "high",
            0.06,
            reaction(["Hives", "swelling of the lips"], "moderate"),
            "As a child, after amoxicillin.",
        ),
        (
            "",
            "Grass and birch pollen",
            "environment",
            "low",
            0.45,
            reaction(["Sneezing", "itching eyes"], "mild"),
            "",
        ),
    ];
    for (code, name, category, criticality, t, reaction, note) in all {
        b.add(
            "AllergyIntolerance",
            [
                ("clinicalStatus", status("active")),
                ("type", "allergy".into()),
                ("category", one(category.into())),
                ("criticality", criticality.into()),
                ("code", coded(SNOMED, code, name)),
                ("patient", her()),
                ("recordedDate", life.workday(t).to_string().into()),
                ("reaction", reaction),
                ("note", remark(note)),
            ],
        );
    }
}

fn procedures(b: &mut Bundle, life: Life) {
    let all = [
        (
            "",
            "Closed reduction and forearm cast, left wrist",
            life.on(1.45),
            1170,
            40,
            "Fracture of the lower end of the left radius",
            "Local anaesthesia.",
        ),
        ("", "Removal of the forearm cast", life.workday(1.57), 515, 10, "Fracture healed", ""),
        (
            "6025007",
            "Laparoscopic appendectomy",
            life.on(4.349),
            130,
            55,
            "Acute appendicitis",
            "Without complications. Antibiotics without penicillin because of the allergy.",
        ),
        (
            "",
            "Gastroscopy with duodenal biopsy",
            life.workday(3.20),
            600,
            20,
            "Cause of iron deficiency",
            "No coeliac disease, no bleeding.",
        ),
    ];
    for (code, name, date, start, lasted, reason, note) in all {
        let period =
            object([("start", stamp(date, start).into()), ("end", stamp(date, start + lasted).into())]);
        b.add(
            "Procedure",
            [
                ("status", "completed".into()),
                ("code", coded(SNOMED, code, name)),
                ("subject", her()),
                ("performedPeriod", period),
                ("reasonCode", one(object([("text", reason.into())]))),
                ("note", remark(note)),
            ],
        );
    }
}

fn reports(b: &mut Bundle, life: Life) {
    let all = [
        (
            life.on(1.45),
            1105,
            HOSPITAL,
            "X-ray of the left wrist, two planes",
            "Fracture of the distal radius with 15° dorsal tilt, no step in the joint. Ulnar styloid intact.",
        ),
        (
            life.on(1.45),
            1225,
            HOSPITAL,
            "X-ray of the left wrist after reduction",
            "Good position in the cast.",
        ),
        (
            life.workday(1.57),
            500,
            PRACTICE,
            "X-ray of the left wrist, control",
            "Fracture healed in good position.",
        ),
        (
            life.workday(2.27),
            660,
            HORMONES,
            "Ultrasound of the thyroid",
            "Volume 9 mL. Uneven, hypoechoic texture as in Hashimoto thyroiditis. No nodules.",
        ),
        (
            life.on(4.346),
            1345,
            HOSPITAL,
            "Ultrasound of the abdomen",
            "Appendix 11 mm, not compressible, free fluid around it. Findings fit acute appendicitis.",
        ),
        (
            life.workday(6.48),
            690,
            HORMONES,
            "Ultrasound of the pelvis",
            "Antral follicle count 11 (right 6, left 5). Uterus and ovaries without findings.",
        ),
        (life.workday(7.00), 970, CITY_PRACTICE, "Electrocardiogram", "Sinus tachycardia, otherwise normal."),
        (
            life.on(7.60),
            1230,
            HOSPITAL,
            "Ultrasound of the kidneys",
            "Right kidney slightly swollen, no congestion, no stone.",
        ),
    ];
    for (date, minutes, place, name, conclusion) in all {
        let is_image = !name.starts_with("Electro");
        b.add(
            "DiagnosticReport",
            [
                ("status", "final".into()),
                ("code", coded("http://loinc.org", if is_image { "18748-4" } else { "" }, name)),
                ("subject", her()),
                ("effectiveDateTime", stamp(date, minutes).into()),
                ("performer", one(object([("display", place.into())]))),
                ("conclusion", conclusion.into()),
            ],
        );
    }
}

fn letters(b: &mut Bundle, life: Life) {
    let person = format!(
        "{DISCLAIMER}\n\n{GIVEN} {FAMILY} does not exist, and neither do her doctors and laboratories. Nothing \
         here is medical advice. Remove her with one click when you have seen enough."
    );
    let all = [
        (life.today, "About this demo person", person),
        (
            life.workday(2.27),
            "Letter of the endocrinologist",
            "Diagnosis: Hashimoto thyroiditis with hypothyroidism.\nFor months tired, cold and 4 kg heavier. TSH and \
             anti-TPO raised, free T4 low, ultrasound typical.\nPlan: levothyroxine 50 µg, TSH in 6 to 8 weeks, aim \
             1 to 2.5 mU/L."
                .to_owned(),
        ),
        (
            life.on(4.363),
            "Discharge letter",
            "Laparoscopic appendectomy for acute appendicitis. Penicillin allergy: ciprofloxacin and metronidazole. \
             Course without complications, stitches out after ten days at the practice."
                .to_owned(),
        ),
        (
            life.workday(6.58),
            "Letter about the fertility work-up",
            "One cycle with ovulation, AMH in the range of her age, prolactin and androgens normal, no immunity to \
             rubella. Levothyroxine raised for a TSH below 2.5 mU/L, folic acid, vaccination against measles, mumps \
             and rubella. She will think about the next steps."
                .to_owned(),
        ),
        (
            life.workday(7.01),
            "Note of the practice",
            "Palpitations: TSH suppressed under 112 µg levothyroxine. ECG and troponin without findings. Dose \
             lowered to 100 µg, control in ten weeks."
                .to_owned(),
        ),
    ];
    for (date, title, text) in all {
        let attachment = object([
            ("contentType", "text/plain; charset=utf-8".into()),
            ("data", base64(text.as_bytes()).into()),
            ("title", title.into()),
        ]);
        b.add(
            "DocumentReference",
            [
                ("status", "current".into()),
                ("subject", her()),
                ("date", stamp(date, 0).into()),
                ("description", title.into()),
                ("content", one(object([("attachment", attachment)]))),
            ],
        );
    }
}
