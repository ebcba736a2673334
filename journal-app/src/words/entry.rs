//! The sentences beside single entries: what is held, what two devices wrote, drugs and places on the body.

use super::texts::texts;

texts! {
    // Held
    held_about: "This result is held. It stays out of lists, pictures and the clinic sheet until you show it.", "Dieses Ergebnis ist zurückgehalten. Es fehlt in Listen, Bildern und auf dem Blatt für die Klinik, bis Sie es zeigen.";
    show: "Show the result", "Ergebnis zeigen";
    shown: "The result is shown. It can be held again in its form.", "Das Ergebnis wird gezeigt. Im Formular lässt es sich wieder zurückhalten.";
    sex_hidden: "There is a finding. It is not shown.", "Es gibt einen Befund. Er wird nicht gezeigt.";
    finding_hidden: "There is a finding in words. It may name the sex and is not shown.", "Es gibt einen Befund in Worten. Er kann das Geschlecht nennen und wird nicht gezeigt.";
    show_finding: "Show the finding", "Den Befund zeigen";
    show_sex: "Show the finding on sex", "Den Befund zum Geschlecht zeigen";
    // Two devices
    both: "Written on two devices", "Auf zwei Geräten geschrieben";
    both_about: "Two devices wrote something else here, neither knowing of the other. Nothing is lost: please choose.", "Zwei Geräte haben hier Verschiedenes geschrieben, keines wusste vom anderen. Nichts ist verloren: Bitte wählen Sie.";
    both_list: "In these entries two devices wrote different things, neither knowing of the other. Nothing is lost.", "In diesen Einträgen haben zwei Geräte Verschiedenes geschrieben, keines wusste vom anderen. Nichts ist verloren.";
    now: "Now", "Jetzt";
    other: "Other, written on {n}", "Anderer Wert, geschrieben am {n}";
    nothing: "nothing", "nichts";
    take: "Take the other", "Den anderen nehmen";
    take_named: "{n}: take the other", "{n}: den anderen nehmen";
    keep: "Keep this one", "Diesen behalten";
    keep_named: "{n}: keep this one", "{n}: diesen behalten";
    // Drugs
    look_up: "Look up in the built-in list", "In der eingebauten Liste suchen";
    look_up_hint: "By brand or substance. It fills in the form; everything can be changed, and a drug that is not in the list is simply typed below.", "Nach Handelsname oder Wirkstoff. Es füllt das Formular aus; alles lässt sich ändern, und ein Mittel, das nicht in der Liste steht, tragen Sie einfach unten ein.";
    not_listed: "Not in the list. Please fill in the form.", "Nicht in der Liste. Bitte füllen Sie das Formular aus.";
    filled: "{n} is filled in below. The pack in your hand decides.", "{n} ist unten eingetragen. Es gilt die Packung in Ihrer Hand.";
    packs: "Packs differ: {n} pieces are common.", "Packungen sind verschieden: {n} Stück sind üblich.";
    // Places on the body
    last_places: "Last", "Zuletzt";
    next_place: "Next in turn: {n}", "Der Reihe nach als Nächstes: {n}";
}
