//! What the dashboard, the log, the settings and the reports say.
#![allow(missing_docs)] // each text is its own explanation

macro_rules! texts {
    ($($name:ident: $en:literal, $de:literal;)+) => {
        /// See the module.
        pub struct Texts { $(pub $name: &'static str),+ }
        /// English.
        pub static EN: Texts = Texts { $($name: $en),+ };
        /// German.
        pub static DE: Texts = Texts { $($name: $de),+ };
    };
}

texts! {
    spans: "Days shown", "Gezeigte Tage";
    days: "{n} days", "{n} Tage";
    as_table: "As a table", "Als Tabelle";
    day: "Day", "Tag";
    nothing_counted: "Nothing was counted in these days.", "In diesen Tagen wurde nichts gezählt.";
    now: "Right now", "Jetzt gerade";
    failed_work: "Files that could not be read", "Dateien, die nicht gelesen werden konnten";
    failed_work_text: "Work that failed for good: what it was and why, not whose file. Whoever it belongs to finds in their log that it was tried again or given up.", "Arbeit, die endgültig fehlschlug: was es war und warum, nicht wessen Datei. Wem sie gehört, findet im eigenen Protokoll, dass sie wiederholt oder aufgegeben wurde.";
    failed_work_none: "Nothing failed for good.", "Nichts ist endgültig fehlgeschlagen.";
    retry: "Try again", "Noch einmal versuchen";
    discard: "Give up", "Aufgeben";
    imports: "Files by kind", "Dateien nach Art";
    letters: "Letters", "Briefe";
    uses: "What is used", "Was benutzt wird";
    reports_link: "Reports of weaknesses and of browsers", "Meldungen von Schwachstellen und von Browsern";

    log_text: "Everything that was done on this instance: pseudonyms, acts and times, nothing of what is sealed. That you looked is logged, too.", "Alles, was auf dieser Instanz geschah: Pseudonyme, Taten und Zeiten, nichts von dem, was versiegelt ist. Auch dass Sie nachsehen, wird protokolliert.";
    kind: "What", "Was";
    action: "Act", "Tat";
    outcome: "Outcome", "Ausgang";
    by: "By whom", "Durch wen";
    all: "All", "Alle";
    from: "From", "Von";
    until: "Until", "Bis";
    show: "Show", "Zeigen";
    clear: "Show everything", "Alles zeigen";
    older: "Older entries", "Ältere Einträge";
    none: "No entry matches.", "Kein Eintrag passt.";
    find: "One person's entries", "Einträge einer Person";
    find_text: "By the exact e-mail address, the id of an account, or a pseudonym. What you type does not stand in the address of the page; that you looked stands in the person's log.", "Mit der genauen E-Mail-Adresse, der Kennung eines Kontos oder einem Pseudonym. Was Sie tippen, steht nicht in der Adresse der Seite; dass Sie nachsehen, steht im Protokoll der Person.";
    find_field: "Address, id or pseudonym", "Adresse, Kennung oder Pseudonym";
    find_do: "Find", "Finden";
    only_person: "Only the entries of {n}", "Nur die Einträge von {n}";
    entry: "Entry", "Eintrag";
    when: "When (UTC)", "Wann (UTC)";
    whose: "Whose log", "Wessen Protokoll";
    actor: "Who did it", "Wer es tat";
    object: "To what", "Woran";
    hash: "Hash", "Hash";
    check: "Check a range", "Einen Bereich prüfen";
    check_text: "Every hash from the first to the last entry is computed anew and held against the signed head, at most 20,000 entries at once.", "Jeder Hash vom ersten bis zum letzten Eintrag wird neu berechnet und gegen die signierte Spitze gehalten, höchstens 20.000 Einträge auf einmal.";
    check_from: "First entry", "Erster Eintrag";
    check_to: "Last entry", "Letzter Eintrag";
    check_do: "Check", "Prüfen";
    export: "Take the entries along", "Die Einträge mitnehmen";
    export_text: "The newest 20,000 entries that match, each with its proof, as a file. Whoever has it checks it without this instance: keepwell audit verify --file.", "Die neuesten 20.000 passenden Einträge, jeder mit seinem Nachweis, als Datei. Wer sie hat, prüft sie ohne diese Instanz: keepwell audit verify --file.";
    export_do: "Download with proofs", "Mit Nachweisen herunterladen";

    settings_text: "What may change while the instance runs. Each change is in force on all servers within seconds, and stands below with its reason.", "Was sich im laufenden Betrieb ändern darf. Jede Änderung gilt in Sekunden auf allen Servern und steht unten mit ihrem Grund.";
    value: "Value", "Wert";
    reason: "Why", "Warum";
    change: "Change", "Ändern";
    reset: "Back to the default", "Zurück zur Vorgabe";
    fixed: "Fixed by the settings file or the environment", "Von Einstellungsdatei oder Umgebung festgelegt";
    changed_here: "Changed here; otherwise it would be {n}", "Hier geändert; sonst wäre es {n}";
    history: "What was changed", "Was geändert wurde";
    history_none: "Nothing was changed so far.", "Bisher wurde nichts geändert.";
    older_changes: "Older changes", "Ältere Änderungen";
    setting: "Setting", "Einstellung";
    old_new: "From … to", "Von … auf";
    who: "Who", "Wer";
    invites: "Invitations", "Einladungen";
    invites_text: "Each opens one account, once. Its link is shown once, when it is made; hand it over yourself.", "Jede öffnet ein Konto, ein einziges Mal. Ihr Link wird einmal gezeigt, wenn sie gemacht wird; geben Sie ihn selbst weiter.";
    invite_label: "For whom (only for you to recognise it)", "Für wen (nur damit Sie sie wiedererkennen)";
    invite_do: "Make an invitation", "Eine Einladung machen";
    invite_made: "The invitation is made", "Die Einladung ist gemacht";
    invite_made_text: "Copy the link now: it is not kept and cannot be shown again.", "Kopieren Sie den Link jetzt: Er wird nicht aufbewahrt und kann nicht noch einmal gezeigt werden.";
    invite_revoke: "Take back", "Zurücknehmen";
    invite_none: "There are none.", "Es gibt keine.";
    mail: "Mail", "Post";

    reports_text: "What strangers told about weaknesses, and what browsers refused to load.", "Was Fremde über Schwachstellen meldeten und was Browser nicht laden wollten.";
    weaknesses: "Weaknesses", "Schwachstellen";
    weaknesses_none: "Nobody reported any.", "Niemand hat welche gemeldet.";
    contact: "Contact", "Kontakt";
    browsers: "Refused by browsers under the content policy", "Von Browsern nach der Inhaltsregel abgelehnt";
    browsers_none: "Browsers refused nothing.", "Browser haben nichts abgelehnt.";
}
