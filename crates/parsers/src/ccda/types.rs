//! CDA's data types as the records of the domain.

use super::tree::Node;
use crate::{
    clinical::{number, some},
    hl7v2::time,
};
use keepwell_domain::{
    measure::{Comparator, Quantity, RefRange, Value},
    record::{Coding, Concept, LOINC, SNOMED},
    time::When,
};
use std::collections::HashMap;

/// Elements of the narrative by their `ID`.
pub(crate) struct Narrative<'n>(HashMap<&'n str, &'n Node>);

impl<'n> Narrative<'n> {
    pub(crate) fn of(root: &'n Node) -> Self {
        let mut map = HashMap::new();
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            if let Some(id) = node.attr("ID") {
                map.entry(id).or_insert(node);
            }
            waiting.extend(node.elements());
        }
        Self(map)
    }
    /// The text of an `ED`: its own, and what its reference points to.
    pub(crate) fn text(&self, ed: &Node) -> Option<String> {
        let own = ed.text();
        let own = some(&own);
        own.or_else(|| some(&self.target(ed)?.text()))
    }
    /// A short name out of an `ED`: a reference to a whole row gives its first cell.
    fn name(&self, ed: &Node) -> Option<String> {
        let text = some(&ed.text()).or_else(|| {
            let target = self.target(ed)?;
            let first = if target.name == "tr" { target.elements().next()? } else { target };
            some(&first.text())
        })?;
        (text.len() <= 300).then(|| text.replace(['\n', '\t'], " "))
    }
    fn target(&self, ed: &Node) -> Option<&'n Node> {
        let reference = ed.get("reference").attr("value")?;
        self.0.get(reference.strip_prefix('#').unwrap_or(reference)).copied()
    }
}

/// URI of a code system by its OID.
pub(crate) fn system(oid: &str) -> String {
    let uri = match oid {
        "2.16.840.1.113883.6.1" => LOINC,
        "2.16.840.1.113883.6.96" => SNOMED,
        "2.16.840.1.113883.6.88" => "http://www.nlm.nih.gov/research/umls/rxnorm",
        "2.16.840.1.113883.6.103" | "2.16.840.1.113883.6.104" | "2.16.840.1.113883.6.2" => {
            "http://hl7.org/fhir/sid/icd-9-cm"
        }
        "2.16.840.1.113883.6.90" => "http://hl7.org/fhir/sid/icd-10-cm",
        "2.16.840.1.113883.6.3" => "http://hl7.org/fhir/sid/icd-10",
        "2.16.840.1.113883.6.4" => "http://www.cms.gov/Medicare/Coding/ICD10",
        "2.16.840.1.113883.12.292" | "2.16.840.1.113883.6.59" => "http://hl7.org/fhir/sid/cvx",
        "2.16.840.1.113883.6.69" => "http://hl7.org/fhir/sid/ndc",
        "2.16.840.1.113883.6.12" => "http://www.ama-assn.org/go/cpt",
        "2.16.840.1.113883.6.73" => "http://www.whocc.no/atc",
        "2.16.840.1.113883.4.9" => "http://fdasis.nlm.nih.gov",
        "2.16.840.1.113883.3.26.1.1" => "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
        "2.16.840.1.113883.5.83" => "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
        other => return format!("urn:oid:{other}"),
    };
    uri.to_owned()
}

/// `CD`, `CE`, `CV`, `CO`, `CS`: code, translations, original text.
pub(crate) fn concept(node: &Node, narrative: &Narrative<'_>) -> Concept {
    let mut codings = Vec::new();
    let original = node.get("originalText");
    let mut text = some(&original.text()).filter(|t| t.len() <= 300);
    for c in std::iter::once(node).chain(node.all("translation")) {
        match c.attr("code") {
            Some(code) => codings.push(Coding {
                system: c.attr("codeSystem").map(system).unwrap_or_default(),
                code: code.to_owned(),
                display: c.attr("displayName").map(str::to_owned),
            }),
            None => {
                let named = c.attr("displayName").map(str::to_owned);
                text = text.or(named).or_else(|| narrative.name(c.get("originalText")));
            }
        }
    }
    // References into the narrative are often wrong (a reaction in place of the drug), so they name
    // only what has no name of its own.
    if text.is_none() && codings.iter().all(|c| c.display.is_none()) {
        text = narrative.name(original);
    }
    Concept { text, codings }
}

/// The name of a coded element.
pub(crate) fn name(node: &Node, narrative: &Narrative<'_>) -> Option<String> {
    let c = concept(node, narrative);
    (!c.is_empty()).then(|| c.name().to_owned())
}

/// The type that `xsi:type` states, or that the attributes show.
fn kind(node: &Node) -> &str {
    if let Some(t) = node.attr("type") {
        return t.rsplit(':').next().unwrap_or(t);
    }
    if node.attr("code").is_some() {
        "CD"
    } else if node.get("low").exists() || node.get("high").exists() {
        "IVL_PQ"
    } else if node.attr("value").is_some() {
        "PQ"
    } else {
        "ST"
    }
}

fn quantity(node: &Node, comparator: Option<Comparator>) -> Option<Quantity> {
    if let Some(value) = node.attr("value") {
        let number = number::number(value)?;
        let unit = node.attr("unit").map(str::to_owned);
        return Some(Quantity { number, comparator, ucum: unit.clone(), unit });
    }
    // A unit that is no UCUM makes the value null; number and unit then stand in a translation.
    let t = node.all("translation").find(|t| t.attr("value").is_some())?;
    let number = number::number(t.attr("value")?)?;
    let unit = t.attr("unit").map(str::to_owned).or_else(|| some(&t.get("originalText").text()));
    let unit = unit.or_else(|| t.attr("displayName").or_else(|| t.attr("code")).map(str::to_owned));
    Some(Quantity { number, comparator, ucum: None, unit })
}

/// An observation's `value`.
pub(crate) fn value(node: &Node, narrative: &Narrative<'_>) -> Option<Value> {
    let found = match kind(node) {
        "PQ" | "REAL" | "INT" | "MO" | "PPD_PQ" => number_or_text(node),
        k if k.starts_with("IVL_TS") => join_times(node),
        k if k.starts_with("IVL_") => interval(node),
        k if k.starts_with("RTO") => ratio(node),
        "CD" | "CE" | "CV" | "CO" | "CS" => {
            let c = concept(node, narrative);
            (!c.is_empty()).then_some(Value::Concept(c))
        }
        "BL" => node.attr("value").map(|v| Value::Bool(v == "true")),
        "TS" => {
            node.attr("value").map(|v| Value::Text(time(v).map_or_else(|| v.to_owned(), |w| w.to_string())))
        }
        "ED" if node.attr("representation") == Some("B64") => {
            Some(Value::Text("(an attached document)".to_owned()))
        }
        _ => narrative
            .text(node)
            .or_else(|| node.attr("value").or_else(|| node.attr("displayName")).map(str::to_owned))
            .map(Value::Text),
    };
    found.or_else(|| node.attr("nullFlavor").map(|n| Value::Absent(n.to_owned())))
}

fn number_or_text(node: &Node) -> Option<Value> {
    if let Some(q) = quantity(node, None) {
        return Some(Value::Quantity(q));
    }
    let text =
        node.attr("value").map_or_else(|| node.get("translation").get("originalText").text(), str::to_owned);
    let unit = node.attr("unit");
    // Some systems write `<5` into the number's attribute.
    number::value(&text, unit, unit).or_else(|| some(&text).map(Value::Text))
}

fn interval(node: &Node) -> Option<Value> {
    if let Some(q) = quantity(node, None).or_else(|| quantity(node.get("center"), None)) {
        return Some(Value::Quantity(q));
    }
    let (low, high) = (node.get("low"), node.get("high"));
    let open = |n: &Node| n.attr("inclusive") == Some("false");
    match (quantity(low, None), quantity(high, None)) {
        (Some(l), Some(h)) => Some(Value::Range { low: Some(l), high: Some(h) }),
        (Some(l), None) => {
            let sign = if open(low) { Comparator::Gt } else { Comparator::Ge };
            Some(Value::Quantity(Quantity { comparator: Some(sign), ..l }))
        }
        (None, Some(h)) => {
            let sign = if open(high) { Comparator::Lt } else { Comparator::Le };
            Some(Value::Quantity(Quantity { comparator: Some(sign), ..h }))
        }
        (None, None) => None,
    }
}

fn ratio(node: &Node) -> Option<Value> {
    let (n, d) = (node.get("numerator"), node.get("denominator"));
    match (quantity(n, None), quantity(d, None)) {
        (Some(numerator), Some(denominator)) => Some(Value::Ratio { numerator, denominator }),
        _ => None,
    }
}

fn join_times(node: &Node) -> Option<Value> {
    let (start, end) = period(node);
    let parts: Vec<_> = [start, end].into_iter().flatten().map(|w| w.to_string()).collect();
    (!parts.is_empty()).then(|| Value::Text(parts.join(" – ")))
}

/// Start and end of a `TS` or `IVL_TS`; a single time is a start.
pub(crate) fn period(node: &Node) -> (Option<When>, Option<When>) {
    let at = |n: &Node| n.attr("value").and_then(time);
    let start = at(node).or_else(|| at(node.get("low"))).or_else(|| at(node.get("center")));
    (start, at(node.get("high")))
}

/// The laboratory's range out of `referenceRange` elements.
pub(crate) fn reference_range<'n>(
    ranges: impl Iterator<Item = &'n Node>,
    unit: Option<&str>,
    narrative: &Narrative<'_>,
) -> Option<RefRange> {
    let all: Vec<_> = ranges.map(|r| r.get("observationRange")).collect();
    let is_normal = |r: &Node| matches!(r.get("interpretationCode").attr("code"), None | Some("N"));
    let mut normal = all.iter().filter(|r| is_normal(r));
    let main = normal.next().filter(|_| normal.next().is_none());
    let mut out = RefRange::default();
    if let Some(r) = main {
        limits(r, unit, narrative, &mut out);
    }
    let texts: Vec<_> = all
        .iter()
        .filter_map(|r| {
            let text = narrative.text(r.get("text")).filter(|t| t.len() <= 2000);
            text.or_else(|| if all.len() > 1 { span(r.get("value")) } else { None })
        })
        .collect();
    out.text = (!texts.is_empty()).then(|| texts.join("; "));
    (!out.is_empty()).then_some(out)
}

fn limits(r: &Node, unit: Option<&str>, narrative: &Narrative<'_>, out: &mut RefRange) {
    let value = r.get("value");
    let (low, high) = (quantity(value.get("low"), None), quantity(value.get("high"), None));
    let stated = low.as_ref().or(high.as_ref()).and_then(|q| q.unit.clone());
    out.unit = stated.filter(|u| Some(u.as_str()) != unit);
    (out.low, out.high) = (low.map(|q| q.number), high.map(|q| q.number));
    if out.low.is_none() && out.high.is_none() {
        let text = narrative.text(r.get("text")).or_else(|| some(&value.text()));
        if let Some(read) = text.and_then(|t| number::range(&t, unit)) {
            *out = read;
        }
    }
}

fn span(value: &Node) -> Option<String> {
    let side = |k: &str| {
        let n = value.get(k);
        n.attr("value").map(|v| n.attr("unit").map_or_else(|| v.to_owned(), |u| format!("{v} {u}")))
    };
    match (side("low"), side("high")) {
        (Some(l), Some(h)) => Some(format!("{l} – {h}")),
        (Some(l), None) => Some(format!("from {l}")),
        (None, Some(h)) => Some(format!("to {h}")),
        (None, None) => None,
    }
}

/// `root#extension` of the first id.
pub(crate) fn id(node: &Node) -> Option<String> {
    let id = node.all("id").find(|i| i.attr("root").is_some())?;
    let root = id.attr("root")?;
    Some(id.attr("extension").map_or_else(|| root.to_owned(), |e| format!("{root}#{e}")))
}

/// A person's name.
pub(crate) fn person(node: &Node) -> Option<String> {
    let parts = |k: &'static str| node.all(k).filter_map(|n| some(&n.text()));
    let words: Vec<_> = ["prefix", "given", "family", "suffix"].into_iter().flat_map(parts).collect();
    if words.is_empty() { some(&node.text()) } else { Some(words.join(" ")) }
}
