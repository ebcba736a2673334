//! The sentences of lists and pictures: what was deleted, what is drawn, what a file left over.

use super::{Lang, texts::texts};

texts! {
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
    course: "Course of the cycle", "Verlauf des Zyklus";
}

/// The texts in a language.
#[must_use]
pub const fn of(lang: Lang) -> &'static Texts {
    match lang {
        Lang::En => &EN,
        Lang::De => &DE,
    }
}
