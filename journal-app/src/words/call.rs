//! "The nurse called", beyond its first words.

use super::texts::texts;

texts! {
    undated: "Day not known yet", "Tag noch offen";
    until: "until {n}", "bis {n}";
    since: "from {n}", "ab {n}";
    how_often: "How often", "Wie oft";
    daily: "every day", "jeden Tag";
    once: "once", "einmal";
    trigger: "once, as the trigger", "einmal, als Auslösespritze";
    for_days: "For so many days (empty: open end)", "Für so viele Tage (leer: offenes Ende)";
    may_be_trigger: "{n} can also be the trigger. If it is, please choose that under “How often”.", "{n} kann auch die Auslösespritze sein. Falls ja, wählen Sie das bitte unter „Wie oft“.";
    put_off: "{n}: it is entered for that day already. The change begins on {m}; what is still due before then stays as it was.", "{n}: Für den Tag ist schon etwas eingetragen. Die Änderung gilt ab {m}; was bis dahin noch ansteht, bleibt, wie es war.";
    given: "What is to change was already entered for that day, and nothing of it comes after. Please put what comes in addition below.", "Was sich ändern soll, ist für den Tag schon eingetragen, und danach kommt davon nichts mehr. Bitte tragen Sie unten ein, was zusätzlich kommt.";
    no_day: "The day of this is not known yet, so its time cannot be changed here: it is counted in hours, or the time is one of another zone. Please change it in the plan itself, or once the day is known.", "Der Tag dafür steht noch nicht fest, darum lässt sich die Uhrzeit hier nicht ändern: Sie zählt in Stunden oder gilt in einer anderen Zeitzone. Bitte ändern Sie sie im Plan selbst, oder sobald der Tag feststeht.";
}
