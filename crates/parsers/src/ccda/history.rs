//! Problems, allergies, procedures and encounters.

use super::{
    tree::Node,
    types::{Narrative, concept, name, period},
    walk::{Walk, is_nullified, note_of, reason},
};
use crate::reason::Remark;
use crate::{clinical::some, error::ParseError};
use keepwell_domain::{
    record::{Allergy, Body, Concept, Condition, Encounter, Procedure},
    time::When,
};

/// Observations that an act holds, or the entry itself when it is one.
fn observations(node: &Node) -> Vec<&Node> {
    if node.name == "observation" {
        return vec![node];
    }
    node.all("entryRelationship").map(|r| r.get("observation")).filter(|o| o.exists()).collect()
}

/// A status observation (LOINC 33999-4) below the entry, in FHIR's words.
fn stated_status(node: &Node, narrative: &Narrative<'_>) -> Option<String> {
    let status = node
        .all("entryRelationship")
        .map(|r| r.get("observation"))
        .find(|o| o.get("code").attr("code") == Some("33999-4"))?;
    let value = status.get("value");
    let word = match value.attr("code") {
        Some("55561003") => "active",
        Some("73425007") => "inactive",
        Some("413322009") => "resolved",
        _ => return name(value, narrative).map(|n| n.to_lowercase()),
    };
    Some(word.to_owned())
}

fn status(act: &Node, observation: &Node, ended: bool, narrative: &Narrative<'_>) -> Option<String> {
    if let Some(stated) = stated_status(observation, narrative) {
        return Some(stated);
    }
    if ended {
        return Some("resolved".to_owned());
    }
    if act.name != "act" {
        return None;
    }
    let word = match act.get("statusCode").attr("code")? {
        "active" => "active",
        "completed" | "aborted" | "suspended" => "inactive",
        _ => return None,
    };
    Some(word.to_owned())
}

fn is_negated(node: &Node) -> bool {
    node.attr("negationInd") == Some("true")
}

/// A concern's observations, one by one: the ones that are nullified or say nothing are told of,
/// the others become records. Problems and allergies have this shape in common.
fn each(
    walk: &mut Walk<'_, '_>,
    act: &Node,
    path: &str,
    (what, unsaid): (&str, Remark),
    read: impl for<'n> Fn(&Narrative<'_>, &'n Node, &'n Node) -> Option<(Option<When>, Body)>,
) -> Result<(), ParseError> {
    if is_nullified(act) {
        return walk.nullified(act, path);
    }
    let all = observations(act);
    if all.is_empty() {
        walk.out.summary.skip(&act.name, 1);
    }
    for (n, o) in all.into_iter().enumerate() {
        let path = if o.name == act.name {
            path.to_owned()
        } else {
            format!("{path}/entryRelationship[{n}]/observation")
        };
        if is_nullified(o) {
            walk.nullified(o, &path)?;
            continue;
        }
        match read(walk.narrative, act, o) {
            Some((began, body)) => {
                let effective = began.or_else(|| period(act.get("effectiveTime")).0);
                walk.record(effective, body, o, &path)?;
            }
            None => {
                walk.out.summary.skip(what, 1);
                walk.warn(o, &path, unsaid)?;
            }
        }
    }
    Ok(())
}

pub(crate) fn problem(walk: &mut Walk<'_, '_>, act: &Node, path: &str) -> Result<(), ParseError> {
    let unsaid = Remark::NoProblem;
    each(walk, act, path, ("problem", unsaid), |narrative, act, o| {
        let mut code = concept(o.get("value"), narrative);
        if code.is_empty() {
            code.text = some(&o.get("value").text())
                .or_else(|| narrative.text(o.get("text")).filter(|t| t.len() <= 300));
        }
        if code.is_empty() {
            return None;
        }
        let time = o.get("effectiveTime");
        let (onset, abatement) = period(time);
        // An end at an unknown time ends the problem only where nobody calls it active still.
        let closed = act.get("statusCode").attr("code") == Some("completed");
        let ended = abatement.is_some() || (closed && time.get("high").attr("nullFlavor") == Some("UNK"));
        let body = Condition {
            code,
            clinical_status: status(act, o, ended, narrative),
            verification: is_negated(o).then(|| "refuted".to_owned()),
            onset,
            abatement,
            note: note_of(o, narrative).or_else(|| note_of(act, narrative)),
        };
        Some((onset, Body::Condition(body)))
    })
}

pub(crate) fn allergy(walk: &mut Walk<'_, '_>, act: &Node, path: &str) -> Result<(), ParseError> {
    let unsaid = Remark::NoAllergen;
    each(walk, act, path, ("allergy", unsaid), |narrative, act, o| {
        let kind = o.get("value");
        let mut code = substance(o, narrative);
        if is_negated(o) {
            code = Concept::text(no_allergy(&code, kind.attr("code").unwrap_or("")));
        } else if code.is_empty() {
            code = concept(kind, narrative);
        }
        if code.is_empty() {
            return None;
        }
        let (onset, end) = period(o.get("effectiveTime"));
        let body = Allergy {
            code,
            clinical_status: status(act, o, end.is_some(), narrative),
            criticality: criticality(o),
            category: category(kind.attr("code").unwrap_or("")).map(str::to_owned),
            reactions: reactions(o, narrative),
            note: note_of(o, narrative).or_else(|| note_of(act, narrative)),
        };
        Some((onset, Body::Allergy(body)))
    })
}

fn substance(o: &Node, narrative: &Narrative<'_>) -> Concept {
    for p in o.all("participant") {
        let entity = p.at(&["participantRole", "playingEntity"]);
        let mut code = concept(entity.get("code"), narrative);
        if code.is_empty() {
            code.text = some(&entity.get("name").text());
        }
        if !code.is_empty() {
            return code;
        }
    }
    Concept::default()
}

/// What a negated allergy says: it must never look like an allergy.
fn no_allergy(substance: &Concept, kind: &str) -> String {
    const GENERAL: [&str; 4] = ["105590001", "410942007", "762766007", "373873005"];
    let general =
        substance.is_empty() || substance.codings.iter().any(|c| GENERAL.contains(&c.code.as_str()));
    if !general {
        return format!("No known allergy to {}", substance.name());
    }
    match category(kind) {
        Some("medication") => "No known drug allergies",
        Some("food") => "No known food allergies",
        _ => "No known allergies",
    }
    .to_owned()
}

/// Kind of allergy by its SNOMED CT code.
fn category(code: &str) -> Option<&'static str> {
    Some(match code {
        "416098002" | "419511003" | "59037007" => "medication",
        "414285001" | "418471000" | "235719002" => "food",
        "426232007" => "environment",
        _ => return None,
    })
}

fn criticality(o: &Node) -> Option<String> {
    let coded = o
        .all("entryRelationship")
        .map(|r| r.get("observation"))
        .find(|x| x.get("code").attr("code") == Some("82606-5"))?;
    let word = match coded.get("value").attr("code")? {
        "CRITL" => "low",
        "CRITH" => "high",
        _ => "unable-to-assess",
    };
    Some(word.to_owned())
}

fn reactions(o: &Node, narrative: &Narrative<'_>) -> Vec<String> {
    o.all("entryRelationship")
        .filter(|r| r.attr("typeCode") == Some("MFST"))
        .filter_map(|r| {
            let x = r.get("observation");
            let shown = name(x.get("value"), narrative)
                .or_else(|| narrative.text(x.get("text")).filter(|t| t.len() <= 200))?;
            let severity = x
                .all("entryRelationship")
                .map(|s| s.get("observation"))
                .find(|s| s.get("code").attr("code") == Some("SEV"))
                .and_then(|s| name(s.get("value"), narrative));
            Some(severity.map_or_else(|| shown.clone(), |s| format!("{shown} ({s})")))
        })
        .collect()
}

pub(crate) fn procedure(walk: &mut Walk<'_, '_>, node: &Node, path: &str) -> Result<(), ParseError> {
    if is_nullified(node) {
        return walk.nullified(node, path);
    }
    if node.attr("moodCode").is_some_and(|m| m != "EVN") {
        walk.out.summary.skip("planned", 1);
        return Ok(());
    }
    let narrative = walk.narrative;
    let mut code = concept(node.get("code"), narrative);
    if code.is_empty() {
        code.text = narrative.text(node.get("text")).filter(|t| t.len() <= 300);
    }
    if code.is_empty() || !matches!(node.name.as_str(), "procedure" | "act" | "observation") {
        walk.out.summary.skip(&node.name, 1);
        return walk.warn(node, path, Remark::NoProcedure);
    }
    let (start, end) = period(node.get("effectiveTime"));
    let done = node.get("statusCode").attr("code").map(|s| match s {
        "aborted" => "stopped",
        "active" => "in-progress",
        "cancelled" => "not-done",
        _ => "completed",
    });
    let status = if is_negated(node) { Some("not-done") } else { done };
    let site = name(node.get("targetSiteCode"), narrative).map(|s| format!("Body site: {s}"));
    let note: Vec<_> = [site, note_of(node, narrative)].into_iter().flatten().collect();
    let body = Procedure {
        code,
        status: status.map(str::to_owned),
        end,
        reason: reason(node, narrative),
        note: (!note.is_empty()).then(|| note.join("\n")),
    };
    walk.record(start.or(end), Body::Procedure(body), node, path)
}

pub(crate) fn encounter(walk: &mut Walk<'_, '_>, node: &Node, path: &str) -> Result<(), ParseError> {
    if is_nullified(node) {
        return walk.nullified(node, path);
    }
    if node.name != "encounter" || node.attr("moodCode").is_some_and(|m| m != "EVN") {
        walk.out.summary.skip(&node.name, 1);
        return Ok(());
    }
    let narrative = walk.narrative;
    let (start, end) = period(node.get("effectiveTime"));
    let diagnoses: Vec<_> = node
        .all("entryRelationship")
        .flat_map(|r| observations(r.get("act")))
        .filter_map(|o| name(o.get("value"), narrative))
        .collect();
    let place = node.all("participant").filter(|p| p.attr("typeCode") == Some("LOC")).find_map(|p| {
        let role = p.get("participantRole");
        some(&role.at(&["playingEntity", "name"]).text()).or_else(|| name(role.get("code"), narrative))
    });
    let body = Encounter {
        code: concept(node.get("code"), narrative),
        class: None,
        status: node
            .get("statusCode")
            .attr("code")
            .map(|s| if s == "completed" { "finished" } else { s }.to_owned()),
        end,
        reason: reason(node, narrative).or_else(|| (!diagnoses.is_empty()).then(|| diagnoses.join(", "))),
        place,
    };
    walk.record(start.or(end), Body::Encounter(body), node, path)
}
