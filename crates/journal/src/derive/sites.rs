//! Where the next injection goes.

use crate::model::{Dose, Medication, Told, medicine::Site};

/// The next site in turn: the one of the drug's own list that was used longest ago; one that was never
/// used comes first, in the order of the list. `None` without a list.
#[must_use]
pub fn next_site(medication: &Medication, doses: &[Dose]) -> Option<Site> {
    let wanted = medication.sites.known().map_or(&[][..], Vec::as_slice);
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
