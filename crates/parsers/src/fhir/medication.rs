//! FHIR `MedicationStatement`, `MedicationRequest`, `MedicationAdministration` and
//! `MedicationDispense`.

use super::{
    convert::{Cx, Read},
    json::Json,
    types::{join, name, notes, quantity_text},
};
use keepwell_domain::record::{Body, Medication};

pub(crate) fn medication(cx: &mut Cx<'_, '_>, source: &str) -> Read {
    let code = match cx.get("medicationCodeableConcept") {
        Json::Null => cx.concept_or_reference(cx.get("medication"), cx.get("medicationReference")),
        code => cx.concept_or_reference(code, cx.get("medicationReference")),
    };
    let dosages = cx.res.any(&["dosage", "dosageInstruction"]);
    let period = cx.res.any(&["effectivePeriod", "occurrencePeriod"]);
    let bounds = dosages
        .items()
        .iter()
        .map(|d| d.get("timing").get("repeat").get("boundsPeriod"))
        .find(|b| !b.is_null());
    let bounds = bounds.unwrap_or(period);
    let start = cx
        .when(period.get("start"))
        .or_else(|| cx.first_when(&["effectiveDateTime", "occurrenceDateTime"]))
        .or_else(|| cx.when(bounds.get("start")));
    let end = cx.when(period.get("end")).or_else(|| cx.when(bounds.get("end")));
    let effective = start.or_else(|| {
        cx.first_when(&["authoredOn", "whenHandedOver", "whenPrepared", "dateAsserted", "recorded"])
    });
    let intent = cx.text("intent").filter(|i| matches!(i.as_str(), "proposal" | "plan" | "option"));
    let note =
        join([intent.map(|i| format!("Intent: {i}")), notes(cx.get("note"))].into_iter().flatten(), "\n");
    let route = dosages.items().iter().find_map(|d| name(d.get("route")));
    let body = Medication {
        code,
        status: cx.text("status"),
        source: Some(source.to_owned()),
        start,
        end,
        dosage: join(dosages.items().iter().filter_map(dosage), "; "),
        route,
        reason: cx.reason(),
        note,
    };
    (effective.or(end), Body::Medication(body))
}

/// A dosage as printed, else as built from its parts.
fn dosage(d: &Json<'_>) -> Option<String> {
    let printed = d.any(&["text", "patientInstruction"]).string();
    if printed.is_some() {
        return printed;
    }
    let rate = d.get("doseAndRate").first();
    let amount = [rate.get("doseQuantity"), d.get("doseQuantity"), d.get("dose")]
        .into_iter()
        .find_map(quantity_text)
        .or_else(|| span(rate.get("doseRange")))
        .or_else(|| quantity_text(rate.get("rateQuantity")));
    let as_needed = d.get("asNeededBoolean").is_true() || d.get("asNeeded").is_true();
    let needed_for = name(d.any(&["asNeededCodeableConcept", "asNeededFor"]).first());
    let needed = match needed_for {
        Some(why) => Some(format!("as needed ({why})")),
        None => as_needed.then(|| "as needed".to_owned()),
    };
    join([amount, timing(d.get("timing")), needed].into_iter().flatten(), ", ")
}

fn span(range: &Json<'_>) -> Option<String> {
    join(["low", "high"].iter().filter_map(|k| quantity_text(range.get(k))), " – ")
}

/// `2 times per 1 day`, `every 8 h`, or the timing's own name.
fn timing(t: &Json<'_>) -> Option<String> {
    if let Some(code) = name(t.get("code")) {
        return Some(code);
    }
    let r = t.get("repeat");
    let period = r.get("period").scalar()?;
    let unit = match r.get("periodUnit").str()? {
        "s" => "second",
        "min" => "minute",
        "h" => "hour",
        "d" => "day",
        "wk" => "week",
        "mo" => "month",
        "a" => "year",
        other => other,
    };
    let per = if period == "1" { format!("per {unit}") } else { format!("per {period} {unit}s") };
    let frequency = r.get("frequency").scalar().unwrap_or("1");
    Some(if frequency == "1" { format!("once {per}") } else { format!("{frequency} times {per}") })
}
