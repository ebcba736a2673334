//! Where the next injection goes.

use crate::{
    model::{
        Dose, Medication, Moment, Told,
        medicine::{DoseState, Site},
    },
    order,
};

/// The next site in turn: the one of the drug's own list that was used longest ago; one that was never
/// used comes first, in the order of the list. `None` without a list.
#[must_use]
pub fn next_site(medication: &Medication, doses: &[Dose]) -> Option<Site> {
    next_of(medication.sites.known().map_or(&[][..], Vec::as_slice), doses)
}

fn next_of(wanted: &[Site], doses: &[Dose]) -> Option<Site> {
    let last_use = |site: &Site| {
        doses
            .iter()
            .filter(|d| d.site == Told::Known(*site))
            .filter_map(|d| d.at.known())
            .map(crate::model::Moment::sort_key)
            .max()
    };
    // `min_by_key` keeps the first of equals.
    wanted.iter().copied().min_by_key(last_use)
}

/// Where the last doses went, and where the next goes in turn.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Turn {
    /// The last places with their times, the newest first.
    pub last: Vec<(Moment, Site)>,
    /// The place that was used longest ago, of the drug's own list, else of the places used so far. `None`
    /// where there is nothing to take turns between.
    pub next: Option<Site>,
}

/// The turn as it stands. Places belong to the body: doses of every drug count.
#[must_use]
pub fn turn(medication: Option<&Medication>, doses: &[Dose], count: usize) -> Turn {
    let mut used: Vec<(Moment, Site)> = doses
        .iter()
        .filter(|d| d.state != Told::Known(DoseState::Skipped))
        .filter_map(|d| Some((d.at.known()?.clone(), d.site.get()?)))
        .collect();
    order::sort_by(&mut used, |a, b| b.0.sort_key().cmp(&a.0.sort_key()));
    let own = medication.and_then(|m| m.sites.known()).filter(|l| l.len() > 1).cloned();
    let places = own.unwrap_or_else(|| {
        let mut seen: Vec<Site> = Vec::new();
        for (_, site) in &used {
            if !seen.contains(site) {
                seen.push(*site);
            }
        }
        seen
    });
    let next = if places.len() > 1 { next_of(&places, doses) } else { None };
    used.truncate(count);
    Turn { last: used, next }
}

crate::redact::redacted!(Turn);
