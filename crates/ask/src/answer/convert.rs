//! A value in another unit, and where it comes from.

use super::{
    phrase::{Draft, number_words, words},
    token::same_unit,
    values::name,
};
use crate::facts::{MarkerFact, ValueFact};
use keepwell_domain::{
    analyte,
    view::{LeftOut, Span},
};

/// Where a value comes from.
pub fn source(d: &mut Draft<'_>, m: &MarkerFact, v: &ValueFact) {
    if let Some(lab) = d.value_lab(m, v) {
        d.say("It was measured by {0}.", "Gemessen hat ihn: {0}.", &[lab]);
    }
    let facts = d.facts;
    let docs = v.detail.as_ref().map_or(&[][..], |x| x.documents.as_slice());
    if docs.is_empty() && v.detail.is_some() {
        d.say("You typed it in yourself.", "Sie haben ihn selbst eingegeben.", &[]);
    }
    for doc in docs.iter().filter_map(|id| facts.document(*id)) {
        let parts = [d.document(doc)];
        d.say("It stands in {0}.", "Er steht in {0}.", &parts);
    }
}

/// A value in another unit, with the factor; declined where the conversion is not certain.
pub fn convert(d: &mut Draft<'_>, m: &MarkerFact, v: &ValueFact, unit: &str, aloud: bool) -> Option<Span> {
    let printed = v.detail.as_ref().map_or("", |x| x.shown.unit.as_str());
    if same_unit(printed, unit) || (v.detail.is_none() && same_unit(&m.unit, unit)) {
        if aloud {
            d.say(
                "That is the unit in which it was printed.",
                "Das ist die Einheit, in der er gedruckt wurde.",
                &[],
            );
        }
        return None;
    }
    let target = m.analyte.and_then(|a| a.units().into_iter().find(|u| same_unit(u.unit, unit)));
    let shown = m
        .analyte
        .zip(v.number)
        .zip(target.as_ref())
        .and_then(|((a, n), u)| analyte::convert_for_display(a, n, u.unit));
    let (Some(shown), Some(u), Some(a)) = (shown, target, m.analyte) else {
        if aloud {
            let parts = [name(m, d), words(analyte::unit_label(unit))];
            d.say(
                "{0} cannot be converted to {1} with certainty, so I leave it as printed.",
                "{0} lässt sich nicht sicher in {1} umrechnen; deshalb bleibt der Wert wie gedruckt.",
                &parts,
            );
            d.left_out(LeftOut::NotComparable, 1, None);
        }
        return None;
    };
    let sign = v.detail.as_ref().map_or("", |x| x.shown.comparator.as_str());
    let text =
        format!("{sign}{} {}", number_words(shown.number, usize::from(shown.decimals), d.lang), u.label);
    let formula = formula(a, printed, &u);
    let from = d.receipts_of(m, &[v]);
    let span = d.computed(Some(m), m.name(d.lang), text, formula.clone(), from);
    if aloud {
        d.say("In {1} that is {0}.", "In {1} sind das {0}.", &[span.clone(), words(u.label)]);
        let f = d.computed(Some(m), m.name(d.lang), formula.clone(), formula, Vec::new());
        d.say("Computed with: {0}.", "Gerechnet mit: {0}.", &[f]);
    }
    Some(span)
}

fn formula(a: &analyte::Analyte, printed: &str, to: &analyte::DisplayUnit) -> String {
    let of = |unit: &str| {
        a.units().into_iter().find(|u| same_unit(u.unit, unit)).map(|u| u.note).unwrap_or_default()
    };
    let steps = [of(printed), to.note.clone()];
    let steps: Vec<String> = steps.into_iter().filter(|s| !s.is_empty()).collect();
    if steps.is_empty() { format!("{printed} = {}", to.label) } else { steps.join("; ") }
}
