//! The sentences of lists and pictures: what was deleted, what is drawn, what a file left over.

use super::{Lang, Row, find, texts::texts};
use keepwell_journal::import::Reason;

texts! {
    two_triggers: "Two times are planned for the trigger: {n} on the cycle, {m} in the plan. If only one of them holds, please change the other.", "Für die Auslösespritze sind zwei Zeiten geplant: {n} im Zyklus, {m} im Plan. Gilt nur eine davon, ändern Sie bitte die andere.";
    change_on_cycle: "Change it on the cycle", "Im Zyklus ändern";
    change_in_plan: "Change it in the plan", "Im Plan ändern";
    ordered: "{n} ordered", "{n} bestellt";
    uncounted: "{n} could not be counted", "{n} ließ sich nicht zählen";
    instead_of: "{n} instead of {m}", "{n} statt {m}";
    done_at: "{n} at {m}", "{n} um {m}";
    just_now: "Just now", "Gerade eben";
    when_was_it: "This was tapped on its reminder some time after it was due. When was it done?", "Das wurde auf der Erinnerung angetippt, als es schon eine Weile fällig war. Wann war es?";
    asked_on_today: "Today asks when this was done.", "Unter „Heute“ wird gefragt, wann das war.";
    neither: "Neither: enter nothing", "Weder noch: nichts eintragen";
    // Deleted
    gone: "Deleted entries", "Gelöschte Einträge";
    gone_about: "What was deleted stays here until it is brought back or erased.", "Was gelöscht wurde, bleibt hier, bis es zurückgeholt oder getilgt wird.";
    none_gone: "Nothing was deleted.", "Es wurde nichts gelöscht.";
    back_named: "Bring back: {n}", "Zurückholen: {n}";
    erase_about: "This entry and all earlier versions of it will be gone from all your devices. It cannot be undone.", "Dieser Eintrag und alle früheren Fassungen sind dann auf allen Ihren Geräten fort. Das lässt sich nicht zurücknehmen.";
    erase_sure: "Yes, erase it", "Ja, tilgen";
    erase_not: "Leave it", "Nicht tilgen";
    of_day: "Entries of this day", "Einträge dieses Tages";
    // Pictures
    oestrogen_day: "Day of oestrogen", "Tag mit Östrogen";
    mucus: "Mucus", "Schleim";
    lh_tests: "LH tests", "LH-Tests";
    cycle_from: "Cycle of {n}", "Zyklus vom {n}";
    earlier_cycle: "Earlier cycle", "Früherer Zyklus";
    later_cycle: "Later cycle", "Späterer Zyklus";
    lead_axis: "Largest follicle mm", "Größter Follikel mm";
    side_by_side: "By day of stimulation", "Nach Tag der Stimulation";
    course: "Course of the cycle", "Verlauf des Zyklus";
    // The month
    lh_test: "LH test", "LH-Test";
    pregnancy_test: "Pregnancy test", "Schwangerschaftstest";
    marks: "What the marks stand for", "Wofür die Zeichen stehen";
    mark_drop: "Bleeding, a ring for spotting", "Blutung, ein Ring für Schmierblutung";
    mark_plan: "So many things planned", "So viel geplant";
    mark_entry: "Temperature, symptoms or notes", "Temperatur, Symptome oder Notizen";
    mark_mood: "Mood", "Stimmung";
    // Follicles
    follicles: "Follicles from scan to scan", "Follikel von Ultraschall zu Ultraschall";
    follicles_here: "Follicles in figures", "Follikel in Zahlen";
    largest: "Largest follicle", "Größter Follikel";
    growth: "Growth per day", "Wachstum pro Tag";
    from_size: "From {n} mm", "Ab {n} mm";
    sides: "right {n}, left {m}", "rechts {n}, links {m}";
    not_comparable: "not comparable", "nicht vergleichbar";
    not_comparable_about: "Not comparable: the entries do not allow it, for example because a scan has counts by size and no single sizes, or tells of another ovary than the scan before.", "Nicht vergleichbar: Die Einträge lassen es nicht zu, zum Beispiel weil ein Ultraschall Anzahlen nach Größe hat und keine einzelnen Größen, oder von einem anderen Eierstock berichtet als der davor.";
    on_top: "Kept on top", "Oben gehalten";
    // What was opened
    opened_soon: "Opened, last day of use near", "Angebrochen, bald nicht mehr verwendbar";
    opened: "opened on {n}, use until {m}", "angebrochen am {n}, verwendbar bis {m}";
    opened_tomorrow: "opened on {n}, use until tomorrow, {m}", "angebrochen am {n}, verwendbar bis morgen, {m}";
    opened_today: "opened on {n}, use until today, {m}", "angebrochen am {n}, verwendbar bis heute, {m}";
    opened_past: "opened on {n}, was to be used until {m}", "angebrochen am {n}, war verwendbar bis {m}";
    // What a file left over
    why: "Why", "Warum";
    and_more: "And {n} more.", "Und {n} weitere.";
    left_kept: "When the file is taken in, all of it is kept: unknown words with their day, the rest in a note of today.", "Beim Aufnehmen bleibt alles erhalten: unbekannte Wörter bei ihrem Tag, der Rest in einer Notiz von heute.";
    not_of_form: "is not of the form that a value has", "hat nicht die Form eines Werts";
    from_elsewhere: "From another app, as it stood there", "Aus einer anderen App, wie es dort stand";
    // How long the browser keeps things
    not_promised: "This browser has not promised to keep what is written here: it may clear it when room gets scarce, and a private window forgets it when it is closed. Please use an ordinary window, and keep backups.", "Dieser Browser hat nicht zugesagt zu behalten, was hier geschrieben wird: Er kann es löschen, wenn der Platz knapp wird, und ein privates Fenster vergisst es beim Schließen. Bitte nehmen Sie ein gewöhnliches Fenster und sichern Sie das Journal.";
    little_room: "This browser gives the journal very little room, as private windows do. What is written here may be forgotten when the window is closed. Please open the journal in an ordinary window.", "Dieser Browser gibt dem Journal sehr wenig Platz, wie es private Fenster tun. Was hier geschrieben wird, kann beim Schließen vergessen sein. Bitte öffnen Sie das Journal in einem gewöhnlichen Fenster.";
}

/// Why something of a file was not taken as it stands.
const REASONS: &[Row] = &[
    ("bad_date", "No date that exists", "Kein Datum, das es gibt"),
    ("repeated", "The day stands there twice; the first counts", "Der Tag steht zweimal da; der erste zählt"),
    ("bad_number", "Not a number", "Keine Zahl"),
    ("implausible", "Out of all range", "Außerhalb jedes Bereichs"),
    (
        "unit_differs",
        "No temperature in the unit that it has; kept with the day",
        "Keine Temperatur in der Einheit, die es hat; bleibt beim Tag",
    ),
    (
        "other_zone",
        "A time in UTC: which day it was for you is not known",
        "Eine Uhrzeit in UTC: Welcher Tag es für Sie war, ist nicht bekannt",
    ),
    ("unknown_value", "Not known here; kept with the day", "Hier nicht bekannt; bleibt beim Tag"),
    ("bad_shape", "Not of the form that it should have", "Nicht in der Form, die es haben sollte"),
    (
        "bad_span",
        "The end lies before the start, or far away",
        "Das Ende liegt vor dem Anfang oder weit entfernt",
    ),
    (
        "pregnancy",
        "Entered for a pregnancy; not taken as a period",
        "Zu einer Schwangerschaft eingetragen; nicht als Periode übernommen",
    ),
    ("deleted_there", "The other app had deleted it", "Die andere App hatte es gelöscht"),
    (
        "differs",
        "The journal holds another value, which stays",
        "Im Journal steht ein anderer Wert, er bleibt",
    ),
    (
        "deleted_here",
        "You deleted this entry; it stays deleted",
        "Sie haben diesen Eintrag gelöscht; er bleibt gelöscht",
    ),
    ("nothing", "Nothing in it", "Nichts darin"),
];

/// Why something of a file was not taken as it stands, in words.
#[must_use]
pub fn reason(lang: Lang, reason: Reason) -> &'static str {
    find(REASONS, reason.as_str()).map_or("", |row| lang.pick(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_words() {
        for one in Reason::ALL {
            assert!(Lang::ALL.iter().all(|lang| !reason(*lang, *one).is_empty()), "{one:?}");
        }
    }
}
