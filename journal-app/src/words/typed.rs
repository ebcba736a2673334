//! Why something cannot be taken as it was typed, where it could mean more than one thing.

use super::texts::texts;

texts! {
    thousand: "Is this a thousand or a decimal? Please write 1250 for the one, or 1.25 or 1.2500 for the other.", "Ist das ein Tausender oder ein Dezimalwert? Bitte schreiben Sie 1250 für das eine, 1,25 oder 1,2500 für das andere.";
    parted: "Please part sizes by spaces, for example 14 12.5 11.", "Bitte trennen Sie Größen durch Leerzeichen, zum Beispiel 14 12,5 11.";
    skipped: "There is no such time on that day: the clocks are set forward past it. Please enter the time that they showed.", "Diese Uhrzeit gibt es an dem Tag nicht: Die Uhren werden darüber hinweg vorgestellt. Bitte geben Sie die Zeit ein, die sie zeigten.";
    twice: "The clocks are set back that night and show this time twice. Please say under time zone which one it is.", "In dieser Nacht werden die Uhren zurückgestellt und zeigen diese Zeit zweimal. Bitte sagen Sie bei der Zeitzone, welche es ist.";
    zone: "Times of this entry are those of", "Die Zeiten dieses Eintrags gelten in";
    zone_of: "Time zone: {n}", "Zeitzone: {n}";
    zone_clinic: "Your clinics: {n}", "Ihre Kliniken: {n}";
    fold: "On the night when the clocks are set back", "In der Nacht, in der die Uhren zurückgestellt werden";
    fold_earlier: "the first time (summer time)", "die erste Zeit (Sommerzeit)";
    fold_later: "the second time (winter time)", "die zweite Zeit (Winterzeit)";
    source: "Please choose who that is.", "Bitte wählen Sie, wer das ist.";
    source_name: "name", "Name";
    hours_and_time: "Hours lead to a time by themselves. Please empty the time, or count in days.", "Stunden führen von selbst zu einer Uhrzeit. Bitte leeren Sie die Uhrzeit, oder zählen Sie in Tagen.";
    hours_after_day: "This is known by its day only. Please count in days, or from what has a time, such as the trigger.", "Davon ist nur der Tag bekannt. Bitte zählen Sie in Tagen, oder ab etwas mit Uhrzeit wie der Auslösespritze.";
    day_and_count: "Either on a day, or counted from another one. Please empty one of the two.", "Entweder an einem Tag, oder von einem anderen gezählt. Bitte leeren Sie eines von beiden.";
    warmth: "A body hardly has {n}. Please look at the unit.", "{n} hat ein Körper kaum. Bitte sehen Sie nach der Einheit.";
    after_it: "So many after", "So viele danach";
    days: "days", "Tage";
    hours: "hours", "Stunden";
    unit_of: "{n} is reported in {m}. Please take the unit from the laboratory's report.", "{n} wird in {m} angegeben. Bitte übernehmen Sie die Einheit vom Laborbericht.";
    unit_missing: "Please say the unit, too, for example IU or mg.", "Bitte nennen Sie auch die Einheit, zum Beispiel IU oder mg.";
    no_gardner: "This is no grade of Gardner's scheme, such as 4AB. It is kept as it stands; where the clinic uses another scheme, please choose that.", "Das ist kein Grad nach Gardner, wie zum Beispiel 4AB. Er bleibt, wie er dasteht; verwendet die Klinik ein anderes Schema, wählen Sie bitte dieses.";
    drug_missing: "Please name the drug, too.", "Bitte nennen Sie auch das Mittel.";
}
