//! FHIR `Observation`.

use super::{
    convert::{Cx, Read},
    json::Json,
    types::{concept, flag, name, notes, reference_range, value},
};
use crate::reason::Remark;
use keepwell_domain::{
    measure::Value,
    record::{Body, Category, Component, Observation},
    time::When,
};

pub(crate) fn observation(cx: &mut Cx<'_, '_>) -> Read {
    let (effective, end) = time(cx);
    let (found, odd) = value(cx.res);
    note_odd(cx, odd);
    let mut components = Vec::new();
    for c in cx.get("component").items() {
        let (found, odd) = value(c);
        note_odd(cx, odd);
        components.push(Component {
            code: concept(c.get("code")),
            range: reference_range(c.get("referenceRange"), unit(found.as_ref())),
            value: found,
            flag: flag(c.get("interpretation")),
        });
    }
    let specimen = cx.get("specimen");
    let body = Observation {
        code: concept(cx.get("code")),
        category: category(cx.get("category")),
        range: reference_range(cx.get("referenceRange"), unit(found.as_ref())),
        value: found,
        flag: flag(cx.get("interpretation")),
        components,
        end,
        specimen: cx.named(specimen).or_else(|| name(specimen)),
        method: name(cx.get("method")),
        performer: cx.all_named(cx.get("performer")),
        status: cx.text("status"),
        note: notes(cx.get("note")),
    };
    (effective, Body::Observation(body))
}

fn note_odd(cx: &mut Cx<'_, '_>, odd: bool) {
    if odd {
        cx.warnings.push(Remark::KeptAsText);
    }
}

fn unit(value: Option<&Value>) -> Option<&str> {
    match value {
        Some(Value::Quantity(q)) => q.unit.as_deref(),
        _ => None,
    }
}

fn time(cx: &mut Cx<'_, '_>) -> (Option<When>, Option<When>) {
    let timing = cx.get("effectiveTiming");
    let period = match cx.get("effectivePeriod") {
        Json::Null => timing.get("repeat").get("boundsPeriod"),
        period => period,
    };
    let end = cx.when(period.get("end"));
    let start = cx
        .first_when(&["effectiveDateTime", "effectiveInstant"])
        .or_else(|| cx.when(timing.get("event").first()))
        .or_else(|| cx.when(period.get("start")));
    if start.is_some() || end.is_some() {
        return (start.or(end), end);
    }
    let issued = cx.when(cx.get("issued"));
    if issued.is_some() {
        cx.warnings.push(Remark::MeasureIssued);
    }
    (issued, None)
}

/// The first category that is known; categories of national code lists are told by their codes.
fn category(json: &Json<'_>) -> Category {
    let known = |code: &str| {
        Some(match code {
            "laboratory" | "LAB" | "26436-6" | "49581000146104" | "275711006" | "CH" | "HM" | "MB" => {
                Category::Laboratory
            }
            "vital-signs" | "8716-3" | "61746007" | "1184593002" => Category::VitalSigns,
            "survey" => Category::Survey,
            "social-history" | "29762-2" => Category::SocialHistory,
            "activity" => Category::Activity,
            "imaging" | "RAD" | "18748-4" => Category::Imaging,
            _ => return None,
        })
    };
    let all: Vec<_> = json.items().iter().map(concept).collect();
    let coded = all.iter().flat_map(|c| &c.codings).find_map(|c| known(&c.code));
    let named = || all.iter().find_map(|c| known(&c.name().to_lowercase().replace(' ', "-")));
    coded.or_else(named).unwrap_or_default()
}
