//! FHIR's data types as the records of the domain.

use super::json::Json;
use keepwell_domain::{
    measure::{Comparator, Number, Quantity, RefRange, Value},
    record::{Coding, Concept, UCUM},
    time::When,
};

/// A `CodeableConcept`, a `Coding`, or an R5 `CodeableReference` with a concept.
pub(crate) fn concept(json: &Json<'_>) -> Concept {
    let json = if json.get("concept").is_null() { json } else { json.get("concept") };
    let mut out = Concept { text: json.get("text").string(), codings: Vec::new() };
    let codings = if json.get("coding").is_null() && !json.get("code").is_null() {
        std::slice::from_ref(json)
    } else {
        json.get("coding").items()
    };
    for c in codings {
        let display = c.get("display").string();
        match c.get("code").scalar() {
            Some(code) => out.codings.push(Coding {
                system: c.get("system").str().unwrap_or("").to_owned(),
                code: code.to_owned(),
                display,
            }),
            None => out.text = out.text.or(display),
        }
    }
    if out.text.is_none() {
        out.text = json.str().map(str::to_owned);
    }
    out
}

/// The name of a concept, if it has one.
pub(crate) fn name(json: &Json<'_>) -> Option<String> {
    let c = concept(json);
    (!c.is_empty()).then(|| c.name().to_owned())
}

/// The names of all concepts of a list, joined.
pub(crate) fn names(json: &Json<'_>) -> Option<String> {
    join(json.items().iter().filter_map(name), ", ")
}

/// Joins what is there.
pub(crate) fn join(parts: impl Iterator<Item = String>, by: &str) -> Option<String> {
    let parts: Vec<_> = parts.collect();
    (!parts.is_empty()).then(|| parts.join(by))
}

/// What became of a FHIR `Quantity`.
pub(crate) enum Read {
    /// A quantity.
    Good(Quantity),
    /// It has a value that is no number here (`1e400`, an unknown comparator): as text.
    Odd(String),
    /// It has no value.
    Nothing,
}

/// A `Quantity`.
pub(crate) fn quantity(json: &Json<'_>) -> Read {
    let Some(raw) = json.get("value").scalar() else { return Read::Nothing };
    let code = json.get("code").string();
    let unit = json.get("unit").string().or_else(|| code.clone());
    let is_ucum = matches!(
        json.get("system").str(),
        Some(
            UCUM | "https://unitsofmeasure.org"
                | "http://unitsofmeasure.org/"
                | "urn:oid:2.16.840.1.113883.6.8"
        )
    );
    let sign = json.get("comparator").str();
    let comparator = sign.and_then(Comparator::parse);
    match Number::parse(raw) {
        Ok(number) if sign.is_none() || comparator.is_some() => {
            Read::Good(Quantity { number, comparator, unit, ucum: code.filter(|_| is_ucum) })
        }
        _ => Read::Odd(
            join([sign.map(str::to_owned), Some(raw.to_owned()), unit].into_iter().flatten(), " ")
                .unwrap_or_default(),
        ),
    }
}

fn good(json: &Json<'_>) -> Option<Quantity> {
    match quantity(json) {
        Read::Good(q) => Some(q),
        _ => None,
    }
}

/// A quantity as text: `10 mg`.
pub(crate) fn quantity_text(json: &Json<'_>) -> Option<String> {
    let value = json.get("value").scalar()?;
    let unit = json.get("unit").str().or_else(|| json.get("code").str()).filter(|u| *u != "1");
    let sign = json.get("comparator").str().unwrap_or("");
    Some(unit.map_or_else(|| format!("{sign}{value}"), |u| format!("{sign}{value} {u}")))
}

/// `value[x]` of an observation or component. The flag tells that a number could not be kept as one.
pub(crate) fn value(json: &Json<'_>) -> (Option<Value>, bool) {
    let q = json.get("valueQuantity");
    match quantity(q) {
        Read::Good(q) => return (Some(Value::Quantity(q)), false),
        Read::Odd(text) => return (Some(Value::Text(text)), true),
        Read::Nothing => {}
    }
    let c = json.get("valueCodeableConcept");
    if !c.is_null() {
        let c = concept(c);
        if !c.is_empty() {
            return (Some(Value::Concept(c)), false);
        }
    }
    let text = ["valueString", "valueTime", "valueDateTime", "valueDate", "valueInstant"]
        .iter()
        .find_map(|k| json.get(k).scalar());
    if let Some(text) = text {
        return (Some(Value::Text(text.to_owned())), false);
    }
    if let Json::Bool(b) = json.get("valueBoolean") {
        return (Some(Value::Bool(*b)), false);
    }
    if let Some(n) = json.any(&["valueInteger", "valueDecimal"]).scalar() {
        return match Number::parse(n) {
            Ok(number) => (Some(plain(number)), false),
            Err(_) => (Some(Value::Text(n.to_owned())), true),
        };
    }
    (compound(json).or_else(|| absent(json)), false)
}

fn plain(number: Number) -> Value {
    Value::Quantity(Quantity { number, comparator: None, unit: None, ucum: None })
}

fn compound(json: &Json<'_>) -> Option<Value> {
    let range = json.get("valueRange");
    let (low, high) = (good(range.get("low")), good(range.get("high")));
    if low.is_some() || high.is_some() {
        return Some(Value::Range { low, high });
    }
    let ratio = json.get("valueRatio");
    if !ratio.is_null() {
        let (n, d) = (ratio.get("numerator"), ratio.get("denominator"));
        return match (good(n), good(d)) {
            (Some(numerator), Some(denominator)) => Some(Value::Ratio { numerator, denominator }),
            _ => join([quantity_text(n), quantity_text(d)].into_iter().flatten(), " : ").map(Value::Text),
        };
    }
    let period = json.get("valuePeriod");
    if !period.is_null() {
        return join(["start", "end"].iter().filter_map(|k| period.get(k).string()), " – ").map(Value::Text);
    }
    let sampled = json.get("valueSampledData");
    if !sampled.is_null() {
        let points = sampled.get("data").str().map_or(0, |d| d.split_whitespace().count());
        return Some(Value::Text(format!("{points} samples of a waveform")));
    }
    json.get("valueAttachment").get("title").string().map(Value::Text)
}

fn absent(json: &Json<'_>) -> Option<Value> {
    let reason = json.get("dataAbsentReason");
    if let Some(coded) = concept(reason).codings.into_iter().next() {
        return Some(Value::Absent(coded.code));
    }
    if let Some(name) = name(reason) {
        return Some(Value::Absent(name));
    }
    let held = json.any(&["valueQuantity", "_valueQuantity", "_valueString", "_valueCodeableConcept"]);
    held.get("extension")
        .items()
        .iter()
        .find(|e| e.get("url").str().is_some_and(|u| u.ends_with("data-absent-reason")))
        .and_then(|e| e.any(&["valueCode", "valueString"]).string())
        .map(Value::Absent)
        .or_else(|| (!json.get("valueQuantity").is_null()).then(|| Value::Absent("unknown".to_owned())))
}

/// Of several reference ranges the one for normal values; the rest stays as text beside it.
pub(crate) fn reference_range(json: &Json<'_>, unit: Option<&str>) -> Option<RefRange> {
    let all = json.items();
    let is_normal = |r: &Json<'_>| {
        let kind = concept(r.get("type"));
        kind.is_empty()
            || kind.codings.iter().any(|c| matches!(c.code.as_str(), "normal" | "N" | "260395002"))
            || kind.name().eq_ignore_ascii_case("normal")
            || kind.name().eq_ignore_ascii_case("normal range")
    };
    // Two normal ranges hold for two sexes or ages: which one holds here nobody said.
    let mut normal = all.iter().filter(|r| is_normal(r));
    let main = normal.next().filter(|_| normal.next().is_none());
    let mut out = RefRange::default();
    let mut texts = Vec::new();
    for r in all {
        let text = range_text(r);
        let is_main = main.is_some_and(|m| std::ptr::eq(m, r));
        if is_main {
            (out.low, out.high) = (limit(r.get("low")), limit(r.get("high")));
            let stated = good(r.get("low")).or_else(|| good(r.get("high"))).and_then(|q| q.unit);
            out.unit = stated.filter(|u| Some(u.as_str()) != unit);
            if out.low.is_none()
                && out.high.is_none()
                && all.len() == 1
                && let Some(read) = r.get("text").str().and_then(|t| crate::clinical::number::range(t, unit))
            {
                (out.low, out.high) = (read.low, read.high);
            }
        }
        // A lone range that says only low and high needs no text.
        let qualified = !(r.get("appliesTo").is_null() && r.get("age").is_null());
        if all.len() > 1 || qualified || r.get("text").str().is_some() {
            texts.extend(text);
        }
    }
    out.text = join(texts.into_iter(), "; ");
    (!out.is_empty()).then_some(out)
}

fn limit(json: &Json<'_>) -> Option<Number> {
    good(json).map(|q| q.number)
}

fn range_text(r: &Json<'_>) -> Option<String> {
    let span = |r: &Json<'_>| {
        let (low, high) = (quantity_text(r.get("low")), quantity_text(r.get("high")));
        match (low, high) {
            (Some(l), Some(h)) => Some(format!("{l} – {h}")),
            (Some(l), None) => Some(format!("from {l}")),
            (None, Some(h)) => Some(format!("to {h}")),
            (None, None) => None,
        }
    };
    let mut text = r.get("text").string().or_else(|| span(r))?;
    let kind = name(r.get("type"));
    let who = names(r.get("appliesTo"));
    let age = span(r.get("age")).map(|a| format!("age {a}"));
    if let Some(more) = join([kind, who, age].into_iter().flatten(), ", ") {
        text = format!("{text} ({more})");
    }
    Some(text)
}

/// The flags, as their codes.
pub(crate) fn flag(json: &Json<'_>) -> Option<String> {
    join(
        json.items().iter().filter_map(|i| {
            let c = concept(i);
            c.codings.first().map(|c| c.code.clone()).or(c.text)
        }),
        ", ",
    )
}

/// The texts of a list of annotations, in order.
pub(crate) fn notes(json: &Json<'_>) -> Option<String> {
    join(json.items().iter().filter_map(|n| n.get("text").string().or_else(|| n.string())), "\n")
}

/// A date or time; `Err` when there is one that cannot be read.
pub(crate) fn when(json: &Json<'_>) -> Result<Option<When>, ()> {
    match json.str() {
        None => Ok(None),
        Some(s) => When::parse(s).map(Some).map_err(drop),
    }
}
