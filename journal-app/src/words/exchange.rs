//! The sentences about copying values between the journal and the records.

use super::texts::texts;

texts! {
    title: "Values from and to the records", "Werte aus der Akte und in die Akte";
    about: "Single laboratory values, each by your choice. Nothing is asked of the server before you press.", "Einzelne Laborwerte, jeder nach Ihrer Wahl. Vom Server wird nichts verlangt, bevor Sie drücken.";
    account: "Your account", "Ihr Konto";
    account_about: "This asks the server for the profiles of the account that is signed in in this browser. So the server learns that the journal is in use here, but nothing that is in it.", "Damit wird der Server nach den Profilen des Kontos gefragt, das in diesem Browser angemeldet ist. Er erfährt also, dass das Journal hier benutzt wird, aber nichts von seinem Inhalt.";
    account_ask: "Ask for my profiles", "Nach meinen Profilen fragen";
    signed_out: "Nobody is signed in to Keepwell in this browser. Please sign in, in a new tab, and ask again.", "In diesem Browser ist niemand bei Keepwell angemeldet. Bitte melden Sie sich in einem neuen Tab an und fragen Sie noch einmal.";
    sign_in: "Sign in (new tab)", "Anmelden (neuer Tab)";
    asking: "Asking the server.", "Der Server wird gefragt.";
    profile: "Whose records", "Wessen Akte";
    bad_offline: "No answer came from the server. Nothing was copied.", "Vom Server kam keine Antwort. Es wurde nichts kopiert.";
    bad_busy: "The server asks to wait a minute. What was copied until now is marked below.", "Der Server bittet um eine Minute Geduld. Was bis jetzt kopiert ist, ist unten gekennzeichnet.";
    bad_refused: "The server did not take it.", "Der Server hat es nicht angenommen.";
    bad_reason: "The server did not take it: {n}", "Der Server hat es nicht angenommen: {n}";
    bad_answer: "The answer of the server cannot be read.", "Die Antwort des Servers lässt sich nicht lesen.";
    // From the journal
    out: "From the journal into the records", "Aus dem Journal in die Akte";
    out_none: "The journal has no laboratory value with a date yet.", "Das Journal hat noch keinen Laborwert mit Datum.";
    out_held: "Results that are held are not listed: {n}.", "Zurückgehaltene Ergebnisse stehen nicht in der Liste: {n}.";
    out_is_there: "is in the records", "steht in der Akte";
    out_look: "See exactly what is copied", "Genau sehen, was kopiert wird";
    out_look_about: "To find values that are in the records already, this asks the server for the laboratory values of those days.", "Um Werte zu finden, die schon in der Akte stehen, wird der Server nach den Laborwerten dieser Tage gefragt.";
    out_exactly: "Exactly this is sent", "Genau das wird gesendet";
    out_learns: "The server will keep this in the records of “{n}”, as entered by you. In the records it is sealed too, but there the server holds the key: it can read it for you, for others to whom you show the records, and for exports.", "Der Server behält das in der Akte „{n}“, als von Ihnen eingetragen. Auch dort ist es versiegelt, aber den Schlüssel hat der Server: Er kann es für Sie lesen, für andere, denen Sie die Akte zeigen, und für Ausfuhren.";
    out_same: "The records have the same value of that day already. It is left out.", "Die Akte hat denselben Wert dieses Tages schon. Er wird weggelassen.";
    out_one: "Copy {n} value", "{n} Wert kopieren";
    out_many: "Copy {n} values", "{n} Werte kopieren";
    out_copying: "Copying.", "Wird kopiert.";
    back: "Back", "Zurück";
    // From the records
    into: "From the records into the journal", "Aus der Akte in das Journal";
    into_about: "This asks the server for the laboratory values of a span of days. It notes in the account's log that they were looked at, as it does for its own pages. Which of them you take it does not learn.", "Damit wird der Server nach den Laborwerten einer Zeitspanne gefragt. Er vermerkt im Protokoll des Kontos, dass sie angesehen wurden, wie bei seinen eigenen Seiten. Welche Sie übernehmen, erfährt er nicht.";
    from: "From", "Von";
    until: "Until", "Bis";
    into_ask: "Look for values", "Nach Werten suchen";
    into_none: "There is no value in this span that the journal knows.", "In dieser Zeitspanne gibt es keinen Wert, den das Journal kennt.";
    too_many: "The records of this span are too many for one look. Please choose fewer days.", "Für diese Spanne hat die Akte zu viele Einträge auf einmal. Bitte wählen Sie weniger Tage.";
    into_copied: "is in the journal", "steht im Journal";
    into_same: "the journal has the same value of that day", "das Journal hat denselben Wert dieses Tages";
    into_cycle: "Add them to the cycle", "Zum Zyklus hinzufügen";
    into_take: "Copy into the journal", "In das Journal kopieren";
    none_ticked: "Nothing is ticked yet.", "Noch ist nichts angekreuzt.";
    one_done: "{n} value is copied.", "{n} Wert ist kopiert.";
    some_done: "{n} values are copied.", "{n} Werte sind kopiert.";
    // What goes with a value
    note_copied: "Copied from the journal.", "Aus dem Journal kopiert.";
    what: "What", "Was";
    value: "Value", "Wert";
    range: "Range", "Bereich";
    day: "Date and time", "Datum und Uhrzeit";
    remark: "Remark", "Bemerkung";
    code: "LOINC code", "LOINC-Code";
    laboratory: "Laboratory", "Labor";
    method: "Method", "Verfahren";
    which: "Values", "Werte";
}
