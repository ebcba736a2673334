//! Names for people: of markers, metrics and groups.

use crate::{Lang, vault::Marker};

/// A marker's name in the person's language; for one that the catalogue does not know, as printed.
#[must_use]
pub fn marker(m: &Marker, lang: Lang) -> String {
    m.analyte.map_or_else(|| m.name.clone(), |a| lang.pick(a.name_en, a.name_de).to_owned())
}

/// `HKQuantityTypeIdentifierWalkingHeartRateAverage` becomes `Walking heart rate average`.
#[must_use]
pub fn metric_name(metric: &str) -> String {
    let short =
        ["HKQuantityTypeIdentifier", "HKCategoryTypeIdentifier", "HKDataType", "HKWorkoutActivityType"]
            .iter()
            .find_map(|p| metric.strip_prefix(p))
            .unwrap_or(metric);
    let mut out = String::with_capacity(short.len() + 4);
    let chars: Vec<char> = short.chars().collect();
    for (i, &c) in chars.iter().enumerate() {
        let starts_word = c.is_uppercase()
            && i > 0
            && (!chars[i - 1].is_uppercase() || chars.get(i + 1).is_some_and(|n| n.is_lowercase()));
        if starts_word {
            out.push(' ');
        }
        let keep = i == 0
            || chars.get(i + 1).is_some_and(|n| n.is_uppercase())
            || (i > 0 && chars[i - 1].is_uppercase());
        if c.is_uppercase() && !keep { out.extend(c.to_lowercase()) } else { out.push(c) }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::metric_name;

    #[test]
    fn metric_names_read_as_words() {
        assert_eq!(
            metric_name("HKQuantityTypeIdentifierWalkingHeartRateAverage"),
            "Walking heart rate average"
        );
        assert_eq!(
            metric_name("HKQuantityTypeIdentifierHeartRateVariabilitySDNN"),
            "Heart rate variability SDNN"
        );
        assert_eq!(metric_name("HKQuantityTypeIdentifierVO2Max"), "VO2 max");
        assert_eq!(metric_name("steps"), "steps");
    }
}
