//! Results, vital signs, social history and functional status.

use super::{
    tree::Node,
    types::{Narrative, concept, name, period, person, reference_range, value},
    walk::{Walk, is_nullified, note_of},
};
use crate::reason::Remark;
use crate::{clinical::some, error::ParseError};
use keepwell_domain::{
    measure::Value,
    record::{Body, Category, Concept, DiagnosticReport, Observation},
    time::When,
};

/// An organizer, or an observation that stands alone.
pub(crate) fn read(
    walk: &mut Walk<'_, '_>,
    node: &Node,
    path: &str,
    category: Category,
) -> Result<(), ParseError> {
    match node.name.as_str() {
        "organizer" => organizer(walk, node, path, category),
        "observation" => observation(walk, node, path, category, None),
        other => {
            walk.out.summary.skip(other, 1);
            Ok(())
        }
    }
}

fn organizer(walk: &mut Walk<'_, '_>, node: &Node, path: &str, category: Category) -> Result<(), ParseError> {
    if is_nullified(node) {
        return walk.nullified(node, path);
    }
    let (start, _) = period(node.get("effectiveTime"));
    let parts: Vec<_> = node
        .all("component")
        .flat_map(Node::elements)
        .filter(|n| matches!(n.name.as_str(), "observation" | "organizer"))
        .collect();
    let code = concept(node.get("code"), walk.narrative);
    if category == Category::Laboratory && !code.is_empty() {
        let names = parts.iter().filter_map(|p| observed_name(p, walk.narrative)).collect();
        let report = DiagnosticReport {
            code,
            status: status(node),
            results: names,
            conclusion: None,
            performer: performer(node),
        };
        walk.record(start, Body::DiagnosticReport(report), node, path)?;
    }
    for (n, part) in parts.into_iter().enumerate() {
        let path = format!("{path}/component[{n}]/{}", part.name);
        match part.name.as_str() {
            "organizer" => organizer(walk, part, &path, category)?,
            _ => observation(walk, part, &path, category, start)?,
        }
    }
    Ok(())
}

fn observed_name(node: &Node, narrative: &Narrative<'_>) -> Option<String> {
    name(node.get("code"), narrative).or_else(|| narrative.text(node.get("text")).filter(|t| t.len() <= 200))
}

/// One observation; `time` is its organizer's.
pub(crate) fn observation(
    walk: &mut Walk<'_, '_>,
    node: &Node,
    path: &str,
    category: Category,
    time: Option<When>,
) -> Result<(), ParseError> {
    if is_nullified(node) {
        return walk.nullified(node, path);
    }
    if node.attr("moodCode").is_some_and(|m| m != "EVN") {
        walk.out.summary.skip("planned", 1);
        return Ok(());
    }
    if node.attr("negationInd") == Some("true") {
        walk.out.summary.skip("not done", 1);
        return walk.warn(node, path, Remark::NotFound);
    }
    let narrative = walk.narrative;
    let mut code = concept(node.get("code"), narrative);
    if code.is_empty() {
        code.text = narrative.text(node.get("text")).filter(|t| t.len() <= 200);
    }
    name_assertion(&mut code, node);
    if code.is_empty() {
        walk.out.summary.skip("observation", 1);
        return walk.warn(node, path, Remark::NothingMeasured);
    }
    let found = value(node.get("value"), narrative).or_else(|| Some(Value::Absent("unknown".to_owned())));
    let unit = match &found {
        Some(Value::Quantity(q)) => q.unit.clone(),
        _ => None,
    };
    let flags: Vec<_> = node
        .all("interpretationCode")
        .filter_map(|i| i.attr("code").map(str::to_owned).or_else(|| name(i, narrative)))
        .collect();
    let (start, end) = period(node.get("effectiveTime"));
    let playing = node.at(&["specimen", "specimenRole", "specimenPlayingEntity"]);
    let specimen = name(playing.get("code"), narrative).or_else(|| some(&playing.get("name").text()));
    let body = Observation {
        code,
        category,
        range: reference_range(node.all("referenceRange"), unit.as_deref(), narrative),
        value: found,
        flag: (!flags.is_empty()).then(|| flags.join(", ")),
        components: Vec::new(),
        end: end.filter(|e| Some(*e) != start),
        specimen,
        method: name(node.get("methodCode"), narrative),
        performer: performer(node),
        status: status(node),
        note: note_of(node, narrative),
    };
    walk.record(start.or(end).or(time), Body::Observation(body), node, path)
}

/// `ASSERTION` says that the value is the whole finding; its template says what about.
fn name_assertion(code: &mut Concept, node: &Node) {
    let is_assertion = code.codings.first().is_some_and(|c| c.code == "ASSERTION");
    if !is_assertion || code.text.is_some() {
        return;
    }
    let template = |id: &str| node.all("templateId").any(|t| t.attr("root") == Some(id));
    let word = if template("2.16.840.1.113883.10.20.22.4.78") || template("2.16.840.1.113883.10.22.4.78") {
        "Smoking status"
    } else if template("2.16.840.1.113883.10.20.22.4.85") {
        "Tobacco use"
    } else if template("2.16.840.1.113883.10.20.15.3.8") {
        "Pregnancy status"
    } else {
        "Finding"
    };
    code.text = Some(word.to_owned());
}

fn performer(node: &Node) -> Option<String> {
    let who = node.at(&["performer", "assignedEntity"]);
    some(&who.at(&["representedOrganization", "name"]).text())
        .or_else(|| person(who.at(&["assignedPerson", "name"])))
}

fn status(node: &Node) -> Option<String> {
    let word = match node.get("statusCode").attr("code")? {
        "completed" => "final",
        "active" => "preliminary",
        "aborted" | "cancelled" => "cancelled",
        _ => "registered",
    };
    Some(word.to_owned())
}
