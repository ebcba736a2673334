//! Medicines and vaccinations.

use super::{
    body::FIRST_WINTER,
    fhir::{Bundle, coded, her},
    json::{Json, object, one},
    life::{Life, day},
};
use keepwell_domain::time::Date;

const ATC: &str = "http://www.whocc.no/atc";
const CVX: &str = "http://hl7.org/fhir/sid/cvx";

/// ATC, name, start, end, dosage, reason, whether it was one prescription.
type Course = (&'static str, &'static str, f64, Option<f64>, &'static str, &'static str, bool);

const TABLET: &str = "1 tablet in the morning, 30 minutes before breakfast";

#[rustfmt::skip]
const COURSES: [Course; 19] = [
    ("N02BE01", "Paracetamol 500 mg", 1.45, Some(1.50), "1–2 tablets up to three times a day as needed", "Fracture pain", true),
    ("M01AE01", "Ibuprofen 400 mg", 1.45, Some(1.49), "1 tablet up to three times a day with food", "Fracture pain", true),
    ("A11CC05", "Colecalciferol 20,000 IU", 1.62, Some(1.85), "1 capsule once a week", "Vitamin D deficiency", true),
    ("H03AA01", "Levothyroxine 50 µg", 2.27, Some(2.41), TABLET, "Hashimoto thyroiditis", false),
    ("H03AA01", "Levothyroxine 75 µg", 2.413, Some(5.10), TABLET, "Hashimoto thyroiditis", false),
    ("H03AA01", "Levothyroxine 88 µg", 5.103, Some(6.58), TABLET, "Hashimoto thyroiditis", false),
    ("H03AA01", "Levothyroxine 112 µg", 6.583, Some(7.01), TABLET, "Hashimoto thyroiditis", false),
    ("H03AA01", "Levothyroxine 100 µg", 7.013, None, TABLET, "Hashimoto thyroiditis", false),
    ("B03AA07", "Ferrous sulfate 100 mg", 3.12, Some(3.82), "1 tablet every second morning with orange juice, not together with levothyroxine", "Iron deficiency anaemia", false),
    ("J01MA02", "Ciprofloxacin 400 mg i.v.", 4.349, Some(4.357), "400 mg twice a day", "Acute appendicitis (penicillin allergy)", true),
    ("J01XD01", "Metronidazole 500 mg i.v.", 4.349, Some(4.357), "500 mg three times a day", "Acute appendicitis", true),
    ("N02BB02", "Metamizole 500 mg", 4.349, Some(4.370), "1 tablet up to four times a day as needed", "Pain after surgery", true),
    ("B03BB01", "Folic acid 400 µg", 6.48, Some(7.60), "1 tablet a day", "Wish for a child", false),
    ("C10AA07", "Rosuvastatin 5 mg", 7.33, Some(8.10), "1 tablet in the evening", "Hypercholesterolaemia", false),
    ("C10AA07", "Rosuvastatin 10 mg", 8.103, None, "1 tablet in the evening", "Hypercholesterolaemia", false),
    ("J01MA02", "Ciprofloxacin 500 mg", 7.60, Some(7.62), "1 tablet twice a day for 7 days", "Pyelonephritis (penicillin allergy)", true),
    ("N02BE01", "Paracetamol 1,000 mg", 7.60, Some(7.61), "1 tablet up to three times a day as needed", "Fever", true),
    ("R01AD09", "Mometasone nasal spray 50 µg", 8.45, Some(8.70), "2 puffs into each nostril once a day", "Hay fever", true),
    ("C07AB02", "Metoprolol 23.75 mg", 7.00, Some(7.10), "1 tablet a day while palpitations last", "Palpitations with too much levothyroxine", true),
];

pub(super) fn medicines(b: &mut Bundle, life: Life) {
    for (atc, name, start, end, dosage, reason, is_prescription) in COURSES {
        let (start, end) = (life.on(start), end.map(|e| life.on(e)));
        course(b, (atc, name), (start, end), dosage, reason, is_prescription);
    }
}

fn course(
    b: &mut Bundle,
    (atc, name): (&str, &str),
    (start, end): (Date, Option<Date>),
    dosage: &str,
    reason: &str,
    is_prescription: bool,
) {
    let status = if end.is_some() { "completed" } else { "active" };
    let period = object([("start", start.to_string().into()), ("end", end.map(|e| e.to_string()).into())]);
    let reason = one(object([("text", reason.into())]));
    if is_prescription {
        let timing = object([("repeat", object([("boundsPeriod", period)]))]);
        let dose = object([("text", dosage.into()), ("timing", timing)]);
        b.add(
            "MedicationRequest",
            [
                ("status", status.into()),
                ("intent", "order".into()),
                ("medicationCodeableConcept", coded(ATC, atc, name)),
                ("subject", her()),
                ("authoredOn", start.to_string().into()),
                ("reasonCode", reason),
                ("dosageInstruction", one(dose)),
            ],
        );
    } else {
        b.add(
            "MedicationStatement",
            [
                ("status", status.into()),
                ("medicationCodeableConcept", coded(ATC, atc, name)),
                ("subject", her()),
                ("effectivePeriod", period),
                ("reasonCode", reason),
                ("dosage", one(object([("text", dosage.into())]))),
            ],
        );
    }
}

/// Vitamin D in winter and an antihistamine in spring, year after year.
pub(super) fn in_season(b: &mut Bundle, life: Life) {
    let mut season = |from: Date, to: Date, what: (&str, &str), dosage: &str, reason: &str| {
        if life.holds(from) {
            let end = (to <= life.today).then_some(to);
            course(b, what, (from, end), dosage, reason, false);
        }
    };
    for year in life.first().year()..=life.today.year() {
        let cetirizine = ("R06AE07", "Cetirizine 10 mg");
        season(day(year, 4, 5), day(year, 7, 10), cetirizine, "1 tablet in the evening", "Hay fever");
        let winter = day(year, 10, 15).max(life.on(FIRST_WINTER));
        if winter < day(year + 1, 4, 15) {
            let vitamin = ("A11CC05", "Colecalciferol 1,000 IU");
            season(
                winter,
                day(year + 1, 4, 15),
                vitamin,
                "1 tablet a day with a meal",
                "Vitamin D in winter",
            );
        }
    }
}

/// COVID-19 vaccinations came on real days of the calendar.
const COVID: [(i16, u8, u8, &str, &str, u8); 6] = [
    (2021, 5, 12, "208", "COVID-19 mRNA vaccine, 30 µg", 1),
    (2021, 6, 23, "208", "COVID-19 mRNA vaccine, 30 µg", 2),
    (2021, 12, 8, "208", "COVID-19 mRNA vaccine, 30 µg", 3),
    (2022, 10, 11, "300", "COVID-19 mRNA vaccine, bivalent (original/BA.4-5)", 4),
    (2023, 10, 17, "309", "COVID-19 mRNA vaccine, XBB.1.5", 5),
    (2024, 10, 15, "", "COVID-19 mRNA vaccine, JN.1", 6),
];

pub(super) fn vaccinations(b: &mut Bundle, life: Life) {
    let at = |t: f64| life.workday(t);
    let given = [
        ("115", "Tetanus, diphtheria, pertussis (Tdap), booster", life.on(1.45), ""),
        ("77", "Tick-borne encephalitis", at(2.30), "1/3"),
        ("77", "Tick-borne encephalitis", at(2.39), "2/3"),
        ("77", "Tick-borne encephalitis", at(2.95), "3/3"),
        ("77", "Tick-borne encephalitis, booster", at(5.95), ""),
        ("77", "Tick-borne encephalitis, booster", at(9.10), ""),
        ("03", "Measles, mumps, rubella", at(6.60), "1"),
    ];
    for (cvx, name, date, dose) in given {
        vaccination(b, cvx, name, date, dose);
    }
    for (y, m, d, cvx, name, dose) in COVID {
        if life.holds(day(y, m, d)) {
            vaccination(b, cvx, name, day(y, m, d), &dose.to_string());
        }
    }
    for year in life.first().year()..=life.today.year() {
        let date = day(year, 10, 4 + (year.unsigned_abs() % 9) as u8);
        // Three strains since the season of 2024, four before.
        let (cvx, name) =
            if year >= 2024 { ("140", "Influenza, trivalent") } else { ("150", "Influenza, quadrivalent") };
        if life.holds(date) {
            vaccination(b, cvx, name, date, "");
        }
    }
}

fn vaccination(b: &mut Bundle, cvx: &str, name: &str, date: Date, dose: &str) {
    let (number, of) = dose.split_once('/').unwrap_or((dose, ""));
    let whole = |n: &str| if n.is_empty() { Json::Nothing } else { Json::Raw(n.to_owned()) };
    let protocol = object([("doseNumberPositiveInt", whole(number)), ("seriesDosesPositiveInt", whole(of))]);
    b.add(
        "Immunization",
        [
            ("status", "completed".into()),
            ("vaccineCode", coded(CVX, cvx, name)),
            ("patient", her()),
            ("occurrenceDateTime", date.to_string().into()),
            ("lotNumber", format!("DEMO{:04}", date.days() % 10_000).into()),
            ("site", object([("text", "Left upper arm".into())])),
            ("protocolApplied", if number.is_empty() { Json::Nothing } else { one(protocol) }),
        ],
    );
}
