//! The words of charts and of a marker's page, per language.

use crate::i18n::Lang;
use keepwell_domain::view::Standing;

macro_rules! words {
    ($($name:ident: $en:literal, $de:literal;)+) => {
        /// All words, by what they are for.
        #[allow(missing_docs)]
        pub struct Words { $(pub $name: &'static str,)+ }
        static EN: Words = Words { $($name: $en,)+ };
        static DE: Words = Words { $($name: $de,)+ };
        #[cfg(test)]
        const ALL: &[(&str, &str, &str)] = &[$((stringify!($name), $en, $de)),+];
    };
}

words! {
    all: "All", "Alles";
    as_printed: "As printed: {n}", "Wie gedruckt: {n}";
    aside: "Not on the chart", "Nicht im Diagramm";
    change_since: "{n} since {d}", "{n} seit {d}";
    chart: "Chart", "Diagramm";
    day_values: "lowest to highest", "niedrigster bis höchster";
    events: "Events in this time", "Ereignisse in dieser Zeit";
    events_many: "{n} events", "{n} Ereignisse";
    factors: "Steps of ten", "Zehnerschritte";
    even: "Even steps", "Gleiche Schritte";
    in_unit: "In {n}", "In {n}";
    keys: "Arrow keys move from value to value, plus and minus zoom, Enter opens the record, Escape shows all.",
        "Pfeiltasten gehen von Wert zu Wert, Plus und Minus vergrößern und verkleinern, Enter öffnet den Eintrag, Escape zeigt alles.";
    lab: "Laboratory", "Labor";
    last_shown: "Last value in this time", "Letzter Wert in dieser Zeit";
    latest: "Latest value", "Letzter Wert";
    mean: "mean", "Mittel";
    local_time: "local time", "Ortszeit";
    month: "1 month", "1 Monat";
    no_points: "No value in this time can be drawn.", "Kein Wert in dieser Zeit lässt sich zeichnen.";
    no_range: "no range", "kein Bereich";
    open: "Open the record", "Eintrag öffnen";
    per_point: "Each point stands for several values: their mean, lowest and highest.",
        "Jeder Punkt steht für mehrere Werte: Mittel, niedrigster und höchster.";
    range: "Range", "Bereich";
    reset: "Show all", "Alles zeigen";
    rows_all: "Show all {n} rows", "Alle {n} Zeilen zeigen";
    scale: "Scale", "Skala";
    standing: "Standing", "Einordnung";
    time: "Time shown", "Gezeigte Zeit";
    times: "Times of day are those of the clock where the value was taken, as its source states them; UTC where it states only that.",
        "Uhrzeiten sind die der Uhr am Ort der Messung, wie die Quelle sie angibt; UTC, wo sie nur das angibt.";
    unit: "Unit", "Einheit";
    value_many: "{n} values", "{n} Werte";
    value_one: "{n} value", "{n} Wert";
    values: "Values", "Werte";
    week: "1 week", "1 Woche";
    wheel: "Ctrl or ⌘ and the wheel zoom, dragging moves.",
        "Strg oder ⌘ mit dem Mausrad vergrößert, Ziehen verschiebt.";
    within: "within range", "im Bereich";
    year: "1 year", "1 Jahr";
    years: "5 years", "5 Jahre";
    zoom_in: "Zoom in", "Vergrößern";
    zoom_out: "Zoom out", "Verkleinern";
}

/// The words of a language.
#[must_use]
pub fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::De => &DE,
    }
}

/// The word for any standing.
#[must_use]
pub fn standing(lang: Lang, s: Standing) -> &'static str {
    let t = lang.texts();
    match s {
        Standing::Unknown => words(lang).no_range,
        Standing::Within => words(lang).within,
        Standing::Low => t.low,
        Standing::High => t.high,
        Standing::Abnormal => t.abnormal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_keep_the_places_to_fill_in() {
        for (name, en, de) in ALL {
            assert!(!en.is_empty() && !de.is_empty(), "{name}");
            for place in ["{n}", "{d}"] {
                assert_eq!(en.matches(place).count(), de.matches(place).count(), "{name}");
            }
        }
    }
}
