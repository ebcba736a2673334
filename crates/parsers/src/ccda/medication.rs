//! Medications and immunisations.

use super::{
    tree::Node,
    types::{Narrative, concept, name, period},
    walk::{Walk, is_nullified, note_of, reason},
};
use crate::reason::Remark;
use crate::{clinical::some, error::ParseError};
use keepwell_domain::record::{Body, Concept, Immunization, Medication};

fn product(node: &Node, narrative: &Narrative<'_>) -> Concept {
    let made = node.at(&["consumable", "manufacturedProduct"]);
    let made = if made.exists() { made } else { node.at(&["product", "manufacturedProduct"]) };
    let material = made.get("manufacturedMaterial");
    let material = if material.exists() { material } else { made.get("manufacturedLabeledDrug") };
    let mut code = concept(material.get("code"), narrative);
    if code.is_empty() {
        code.text = some(&material.get("name").text());
    }
    code
}

pub(crate) fn medication(walk: &mut Walk<'_, '_>, entry: &Node, path: &str) -> Result<(), ParseError> {
    // Discharge and administered medications wrap the statement in an act.
    let inner = entry.all("entryRelationship").map(|r| r.get("substanceAdministration")).find(|s| s.exists());
    let node = if entry.name == "act" { inner.unwrap_or(entry) } else { entry };
    if is_nullified(node) {
        return walk.nullified(node, path);
    }
    let narrative = walk.narrative;
    let code = product(node, narrative);
    if code.is_empty() {
        walk.out.summary.skip(&node.name, 1);
        return walk.warn(node, path, Remark::NoMedication);
    }
    let mut times = (None, None);
    let mut rhythm = Vec::new();
    for t in node.all("effectiveTime") {
        let kind = t.attr("type").unwrap_or("");
        if kind.contains("PIVL") || t.get("period").exists() {
            rhythm.extend(every(t.get("period")));
        } else if kind.contains("EIVL") {
            rhythm.extend(t.get("event").attr("code").map(str::to_owned));
        } else if times == (None, None) {
            times = period(t);
        }
    }
    let dose = amount(node.get("doseQuantity")).or_else(|| amount(node.get("rateQuantity")));
    let as_needed = node.get("precondition").exists().then(|| "as needed".to_owned());
    let dosage: Vec<_> = dose.into_iter().chain(rhythm).chain(as_needed).collect();
    let printed = sig(node, narrative);
    let status = match node.get("statusCode").attr("code") {
        _ if node.attr("negationInd") == Some("true") => Some("not-taken"),
        Some("aborted" | "cancelled") => Some("stopped"),
        Some("suspended" | "held") => Some("on-hold"),
        other => other,
    };
    let source = match (node.name.as_str(), node.attr("moodCode")) {
        ("supply", _) => "dispense",
        (_, Some("INT" | "RQO" | "PRMS")) => "request",
        _ => "statement",
    };
    let body = Medication {
        code,
        status: status.map(str::to_owned),
        source: Some(source.to_owned()),
        start: times.0,
        end: times.1,
        dosage: printed.or_else(|| (!dosage.is_empty()).then(|| dosage.join(", "))),
        route: name(node.get("routeCode"), narrative),
        reason: reason(node, narrative),
        note: note_of(node, narrative),
    };
    walk.record(times.0.or(times.1), Body::Medication(body), node, path)
}

/// Free-text instructions (Medication Free Text Sig).
fn sig(node: &Node, narrative: &Narrative<'_>) -> Option<String> {
    let found = node
        .all("entryRelationship")
        .map(|r| r.get("substanceAdministration"))
        .find(|s| s.all("templateId").any(|t| t.attr("root") == Some("2.16.840.1.113883.10.20.22.4.147")))?;
    narrative.text(found.get("text")).filter(|t| t.len() <= 2000)
}

fn amount(q: &Node) -> Option<String> {
    let one = |n: &Node| {
        let unit = n.attr("unit").filter(|u| *u != "1");
        n.attr("value").map(|v| unit.map_or_else(|| v.to_owned(), |u| format!("{v} {u}")))
    };
    one(q).or_else(|| match (one(q.get("low")), one(q.get("high"))) {
        (Some(l), Some(h)) if l != h => Some(format!("{l} – {h}")),
        (l, h) => l.or(h),
    })
}

fn every(period: &Node) -> Option<String> {
    amount(period).map(|p| format!("every {p}"))
}

pub(crate) fn immunization(walk: &mut Walk<'_, '_>, node: &Node, path: &str) -> Result<(), ParseError> {
    if is_nullified(node) {
        return walk.nullified(node, path);
    }
    if node.attr("moodCode").is_some_and(|m| m != "EVN") {
        walk.out.summary.skip("planned", 1);
        return Ok(());
    }
    let narrative = walk.narrative;
    let code = product(node, narrative);
    if code.is_empty() {
        walk.out.summary.skip(&node.name, 1);
        return walk.warn(node, path, Remark::NoVaccine);
    }
    let (start, end) = node.all("effectiveTime").map(period).find(|t| t.0.is_some()).unwrap_or_default();
    let status = match node.get("statusCode").attr("code") {
        _ if node.attr("negationInd") == Some("true") => Some("not-done"),
        other => other,
    };
    let material = node.at(&["consumable", "manufacturedProduct", "manufacturedMaterial"]);
    let body = Immunization {
        code,
        status: status.map(str::to_owned),
        dose: node.get("repeatNumber").attr("value").map(str::to_owned),
        lot: some(&material.get("lotNumberText").text()),
        site: name(node.get("approachSiteCode"), narrative),
        note: note_of(node, narrative),
    };
    walk.record(start.or(end), Body::Immunization(body), node, path)
}
