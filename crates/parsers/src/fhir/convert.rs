//! One resource as one record.

use super::{
    json::Json,
    refs::{Refs, contained},
    types::{concept, join, name, names, notes, when},
};
use crate::reason::Remark;
use keepwell_domain::{
    record::{Allergy, Body, Concept, Condition, DiagnosticReport, Encounter, Immunization, Procedure},
    time::When,
};

/// A resource being read, and what was noticed on the way.
pub(crate) struct Cx<'c, 'a> {
    pub(crate) refs: &'c Refs<'a>,
    pub(crate) res: &'c Json<'a>,
    pub(crate) warnings: Vec<Remark>,
}

/// The time to which a record belongs, and the record.
pub(crate) type Read = (Option<When>, Body);

impl<'c, 'a> Cx<'c, 'a> {
    pub(crate) fn new(refs: &'c Refs<'a>, res: &'c Json<'a>) -> Self {
        Self { refs, res, warnings: Vec::new() }
    }
    pub(crate) fn get(&self, key: &str) -> &'c Json<'a> {
        self.res.get(key)
    }
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.get(key).string()
    }
    /// A date or time, with a warning when there is one that cannot be read.
    pub(crate) fn when(&mut self, json: &Json<'_>) -> Option<When> {
        when(json).unwrap_or_else(|()| {
            self.warnings.push(Remark::BadTime);
            None
        })
    }
    /// The first of these fields that holds a date, or the start of a period.
    pub(crate) fn first_when(&mut self, keys: &[&str]) -> Option<When> {
        keys.iter().find_map(|k| {
            let json = self.get(k);
            if json.str().is_some() { self.when(json) } else { self.when(json.get("start")) }
        })
    }
    /// What a reference means, in words.
    pub(crate) fn named(&self, reference: &Json<'_>) -> Option<String> {
        self.refs.name(reference, self.res)
    }
    /// The names of all references of a list.
    pub(crate) fn all_named(&self, list: &Json<'_>) -> Option<String> {
        join(list.items().iter().filter_map(|r| self.named(r)), ", ")
    }
    /// Reasons: R4 `reasonCode` and `reasonReference`, R5 `reason`.
    pub(crate) fn reason(&self) -> Option<String> {
        let r5 = self.get("reason").items().iter().flat_map(|r| {
            let values = r.get("value").items();
            if values.is_empty() { std::slice::from_ref(r) } else { values }
        });
        let r5 = r5.filter_map(|r| name(r).or_else(|| self.named(r.get("reference"))));
        names(self.get("reasonCode"))
            .or_else(|| self.all_named(self.get("reasonReference")))
            .or_else(|| join(r5, ", "))
            .or_else(|| join(self.get("reasonReference").items().iter().filter_map(|r| name(r)), ", "))
    }
    /// A concept, or a reference to a resource that has one in `code` (R5 `CodeableReference` too).
    pub(crate) fn concept_or_reference(&self, code: &Json<'_>, reference: &Json<'_>) -> Concept {
        let direct = concept(code);
        if !direct.is_empty() {
            return direct;
        }
        let reference = if reference.is_null() { code.get("reference") } else { reference };
        let target = reference.get("reference").str();
        let found = match target {
            Some(t) if t.starts_with('#') => contained(self.res, &t[1..]).map(|r| concept(r.get("code"))),
            Some(t) => {
                let r = self.refs.resolve(t).and_then(|n| self.refs.read(n));
                r.map(|r| concept(r.get("code")))
            }
            None => None,
        };
        let mut found = found.unwrap_or_default();
        if found.is_empty() {
            found.text = reference.get("display").string();
        }
        found
    }
}

fn first_code(json: &Json<'_>) -> Option<String> {
    let c = concept(json);
    c.codings.first().map(|c| c.code.clone()).or(c.text)
}

pub(crate) fn condition(cx: &mut Cx<'_, '_>) -> Read {
    let onset = cx.first_when(&["onsetDateTime", "onsetPeriod"]);
    let abatement = cx.first_when(&["abatementDateTime"]).or_else(|| {
        let period = cx.get("abatementPeriod");
        cx.when(period.any(&["end", "start"]))
    });
    let abatement = abatement.or_else(|| cx.when(cx.get("onsetPeriod").get("end")));
    let words = |keys: [&str; 2]| keys.iter().find_map(|k| cx.text(k));
    let aged = |json: &Json<'_>| super::types::quantity_text(json);
    let began = words(["onsetString", "onsetText"]).or_else(|| aged(cx.get("onsetAge")));
    let ended = words(["abatementString", "abatementText"]).or_else(|| aged(cx.get("abatementAge")));
    let severity = name(cx.get("severity"));
    let sites = names(cx.get("bodySite"));
    let note = join(
        [
            severity.map(|s| format!("Severity: {s}")),
            sites.map(|s| format!("Body site: {s}")),
            began.map(|s| format!("Began: {s}")),
            ended.map(|s| format!("Ended: {s}")),
            notes(cx.get("note")),
        ]
        .into_iter()
        .flatten(),
        "\n",
    );
    let effective = onset.or_else(|| cx.first_when(&["recordedDate", "dateRecorded"]));
    let body = Condition {
        code: concept(cx.get("code")),
        clinical_status: first_code(cx.get("clinicalStatus")),
        verification: first_code(cx.get("verificationStatus")),
        onset,
        abatement,
        note,
    };
    (effective, Body::Condition(body))
}

pub(crate) fn allergy(cx: &mut Cx<'_, '_>) -> Read {
    let mut code = concept(cx.get("code"));
    let mut reactions = Vec::new();
    for r in cx.get("reaction").items() {
        let shown = names(r.get("manifestation")).or_else(|| r.get("description").string());
        let severity = r.get("severity").str().map(|s| format!(" ({s})")).unwrap_or_default();
        reactions.extend(shown.map(|s| format!("{s}{severity}")));
        if code.is_empty() {
            code = concept(r.get("substance"));
        }
    }
    let effective = cx.first_when(&["onsetDateTime", "onsetPeriod", "recordedDate"]);
    let category = join(cx.get("category").items().iter().filter_map(Json::string), ", ");
    let verification = first_code(cx.get("verificationStatus")).filter(|v| v != "confirmed");
    let note = join(
        [verification.map(|v| format!("Verification: {v}")), notes(cx.get("note"))].into_iter().flatten(),
        "\n",
    );
    let body = Allergy {
        code,
        clinical_status: first_code(cx.get("clinicalStatus")),
        criticality: cx.text("criticality"),
        category,
        reactions,
        note,
    };
    (effective, Body::Allergy(body))
}

pub(crate) fn immunization(cx: &mut Cx<'_, '_>) -> Read {
    let effective = cx.first_when(&["occurrenceDateTime", "date"]);
    let doses = cx.get("protocolApplied").items().iter().filter_map(|p| {
        let n = p.any(&["doseNumber", "doseNumberPositiveInt", "doseNumberString"]).scalar()?;
        let of = p.any(&["seriesDoses", "seriesDosesPositiveInt", "seriesDosesString"]).scalar();
        Some(of.map_or_else(|| n.to_owned(), |of| format!("{n}/{of}")))
    });
    let note = join(
        [
            cx.text("occurrenceString"),
            name(cx.get("statusReason")).map(|r| format!("Reason: {r}")),
            notes(cx.get("note")),
        ]
        .into_iter()
        .flatten(),
        "\n",
    );
    let body = Immunization {
        code: concept(cx.get("vaccineCode")),
        status: cx.text("status"),
        dose: join(doses, ", "),
        lot: cx.text("lotNumber"),
        site: name(cx.get("site")),
        note,
    };
    (effective, Body::Immunization(body))
}

pub(crate) fn procedure(cx: &mut Cx<'_, '_>) -> Read {
    let effective =
        cx.first_when(&["performedDateTime", "performedPeriod", "occurrenceDateTime", "occurrencePeriod"]);
    let period = cx.get("performedPeriod");
    let period = if period.is_null() { cx.get("occurrencePeriod") } else { period };
    let end = cx.when(period.get("end"));
    let note = join(
        [
            cx.text("performedString").or_else(|| cx.text("occurrenceString")),
            names(cx.get("bodySite")).map(|s| format!("Body site: {s}")),
            names(cx.get("outcome")).map(|s| format!("Outcome: {s}")),
            notes(cx.get("note")),
        ]
        .into_iter()
        .flatten(),
        "\n",
    );
    let body = Procedure {
        code: concept(cx.get("code")),
        status: cx.text("status"),
        end,
        reason: cx.reason(),
        note,
    };
    (effective.or(end), Body::Procedure(body))
}

pub(crate) fn encounter(cx: &mut Cx<'_, '_>) -> Read {
    let period = cx.res.any(&["period", "actualPeriod"]);
    let (start, end) = (cx.when(period.get("start")), cx.when(period.get("end")));
    let mut code = concept(cx.get("type").first());
    if code.is_empty() {
        code = concept(cx.get("serviceType").first());
    }
    let class = concept(cx.get("class").first());
    let place = join(cx.get("location").items().iter().filter_map(|l| cx.named(l.get("location"))), ", ");
    let body = Encounter {
        code,
        class: class.codings.first().map(|c| c.code.clone()).or(class.text),
        status: cx.text("status"),
        end,
        reason: cx.reason(),
        place: place.or_else(|| cx.named(cx.get("serviceProvider"))),
    };
    (start.or(end), Body::Encounter(body))
}

pub(crate) fn report(cx: &mut Cx<'_, '_>) -> Read {
    let effective = cx.first_when(&["effectiveDateTime", "effectivePeriod"]).or_else(|| {
        let issued = cx.when(cx.get("issued"));
        if issued.is_some() {
            cx.warnings.push(Remark::ExamIssued);
        }
        issued
    });
    let results = cx.get("result").items().iter().filter_map(|r| cx.named(r)).collect();
    let conclusion = cx.text("conclusion").or_else(|| names(cx.get("conclusionCode")));
    let body = DiagnosticReport {
        code: concept(cx.get("code")),
        status: cx.text("status"),
        results,
        conclusion,
        performer: cx.all_named(cx.get("performer")),
    };
    (effective, Body::DiagnosticReport(body))
}
