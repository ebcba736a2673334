//! The sentences of the pages.

/// Declares a text by name, English and German side by side.
macro_rules! texts {
    ($($name:ident: $en:literal, $de:literal;)+) => {
        /// All texts of a language.
        #[allow(missing_docs)]
        pub struct Texts { $(pub $name: &'static str),+ }
        /// English.
        pub const EN: Texts = Texts { $($name: $en),+ };
        /// German.
        pub const DE: Texts = Texts { $($name: $de),+ };
        /// The texts in a language.
        #[must_use]
        pub const fn of(lang: $crate::words::Lang) -> &'static Texts {
            match lang {
                $crate::words::Lang::En => &EN,
                $crate::words::Lang::De => &DE,
            }
        }
        /// All texts with their names.
        #[cfg(test)]
        pub fn pairs() -> Vec<(&'static str, &'static str, &'static str)> {
            vec![$((stringify!($name), $en, $de)),+]
        }
    };
}
pub(super) use texts;

texts! {
    // The frame
    journal: "Journal", "Journal";
    notes_name: "Notes", "Notizen";
    skip: "Skip to content", "Zum Inhalt springen";
    places: "Places", "Bereiche";
    today: "Today", "Heute";
    days: "Days", "Tage";
    cycles: "Cycles", "Zyklen";
    more: "More", "Mehr";
    lock: "Lock", "Sperren";
    leave: "Leave", "Verlassen";
    looking: "One moment…", "Einen Moment…";
    newer: "A new version of the journal is ready.", "Eine neue Fassung des Journals ist bereit.";
    newer_act: "Lock and switch to it", "Sperren und wechseln";
    kept: "All its files are kept on this device: it opens without a network.", "Alle seine Dateien liegen auf diesem Gerät: Es öffnet sich ohne Netz.";
    unkept: "The files of the journal are not on this device yet, so it does not open without a network. It keeps trying while this page is open; private windows of some browsers never allow it.", "Die Dateien des Journals liegen noch nicht auf diesem Gerät, deshalb öffnet es sich nicht ohne Netz. Solange diese Seite offen ist, wird es weiter versucht; private Fenster mancher Browser erlauben es nie.";
    saved: "Saved.", "Gespeichert.";
    yes: "Yes", "Ja";
    no: "No", "Nein";
    none: "None", "Keine";
    save: "Save", "Speichern";
    edit: "Edit", "Bearbeiten";
    delete: "Delete", "Löschen";
    deleted: "Deleted", "Gelöscht";
    add: "Add", "Hinzufügen";
    later: "Later", "Später";
    // Before it is open
    first_context: "For fertility treatment and cycles. It stays on this device.", "Für Kinderwunschbehandlung und Zyklen. Es bleibt auf diesem Gerät.";
    first_1: "No account. What you write is kept in this browser only, sealed with your passphrase.", "Kein Konto. Was Sie schreiben, liegt nur in diesem Browser, versiegelt mit Ihrer Passphrase.";
    first_2: "Nothing is sent to a server, not even that this journal exists.", "Nichts geht an einen Server, auch nicht, dass es dieses Journal gibt.";
    first_3: "It works without a network once this page has been opened.", "Es funktioniert ohne Netz, sobald diese Seite einmal geöffnet war.";
    first_4: "Nobody can open it without the passphrase: if it is lost, so is the journal. Keep backups.", "Ohne Passphrase kann es niemand öffnen: Geht sie verloren, ist auch das Journal verloren. Sichern Sie es.";
    first_card: "Make a journal on this device", "Ein Journal auf diesem Gerät anlegen";
    passphrase: "Passphrase", "Passphrase";
    passphrase_hint: "At least 8 characters. Several words that only you would put together are best.", "Mindestens 8 Zeichen. Am besten mehrere Wörter, die nur Sie so zusammenstellen.";
    once_more: "Once more", "Noch einmal";
    not_the_same: "The two are not the same.", "Die beiden sind nicht gleich.";
    make: "Make the journal", "Journal anlegen";
    making: "Making the key. This takes a second or two.", "Der Schlüssel wird erzeugt. Das dauert ein bis zwei Sekunden.";
    bring_back: "Bring one back from a backup", "Aus einer Sicherung zurückholen";
    restore_about: "Choose the backup file. The journal on this device gets the same passphrase.", "Wählen Sie die Sicherungsdatei. Das Journal auf diesem Gerät bekommt dieselbe Passphrase.";
    backup_file: "Backup file", "Sicherungsdatei";
    file_passphrase: "Passphrase of the file", "Passphrase der Datei";
    file_passphrase_hint: "The one that the journal had when the file was made.", "Die, die das Journal hatte, als die Datei entstand.";
    restore: "Bring back", "Zurückholen";
    restoring: "Opening the file. This takes some seconds.", "Die Datei wird geöffnet. Das dauert einige Sekunden.";
    locked_context: "Locked.", "Gesperrt.";
    unlock: "Open", "Öffnen";
    unlock_hint: "Or your recovery phrase.", "Oder Ihre Wiederherstellungswörter.";
    unlocking: "Opening. This takes a second or two.", "Wird geöffnet. Das dauert ein bis zwei Sekunden.";
    private_window: "In a private window browsers keep nothing, or forget it when the window is closed. Please open the journal in an ordinary window.", "In einem privaten Fenster behalten Browser nichts oder vergessen es beim Schließen. Bitte öffnen Sie das Journal in einem gewöhnlichen Fenster.";
    // Trouble
    bad_no_storage: "This browser gives the journal no place to keep anything.", "Dieser Browser gibt dem Journal keinen Platz, um etwas zu behalten.";
    bad_full: "There is no room left on this device. Your last entry was not kept. Please make room and save it again.", "Auf diesem Gerät ist kein Platz mehr. Ihr letzter Eintrag wurde nicht behalten. Bitte schaffen Sie Platz und speichern Sie ihn erneut.";
    bad_no_key: "The key of this device is gone, so what lies here cannot be opened. Please bring the journal back from a backup.", "Der Schlüssel dieses Geräts ist fort, darum lässt sich nichts davon öffnen. Bitte holen Sie das Journal aus einer Sicherung zurück.";
    bad_damaged: "What lies here was changed or damaged and does not open.", "Was hier liegt, wurde verändert oder beschädigt und lässt sich nicht öffnen.";
    bad_secret: "This is not the passphrase.", "Das ist nicht die Passphrase.";
    bad_short: "The passphrase needs at least 8 characters.", "Die Passphrase braucht mindestens 8 Zeichen.";
    bad_file: "This file is no backup of a journal.", "Diese Datei ist keine Sicherung eines Journals.";
    bad_failed: "That did not work. Nothing was changed.", "Das hat nicht geklappt. Es wurde nichts geändert.";
    bad_part: "This page could not be loaded. Nothing is lost.", "Diese Seite konnte nicht geladen werden. Es ist nichts verloren.";
    bad_there: "There is a journal on this device by now: it was made in another tab or window. Nothing was changed. Please reload this page and open it.", "Auf diesem Gerät gibt es inzwischen ein Journal: Es wurde in einem anderen Tab oder Fenster angelegt. Es wurde nichts geändert. Bitte laden Sie diese Seite neu und öffnen Sie es.";
    try_again: "Try again", "Noch einmal versuchen";
    bad_number: "Please enter a number.", "Bitte geben Sie eine Zahl ein.";
    bad_date: "Please enter a date.", "Bitte geben Sie ein Datum ein.";
    bad_time: "Please enter a time, for example 21:30.", "Bitte geben Sie eine Uhrzeit ein, zum Beispiel 21:30.";
    bad_sizes: "Please enter sizes in mm, for example 14 12.5 11.", "Bitte geben Sie Größen in mm ein, zum Beispiel 14 12,5 11.";
    bad_zone: "Please enter a zone, for example Europe/Berlin.", "Bitte geben Sie eine Zone ein, zum Beispiel Europe/Berlin.";
    not_there: "There is nothing here any more.", "Hier ist nichts mehr.";
    none_yet: "Nothing yet.", "Noch nichts.";
    // Forms
    unit: "unit", "Einheit";
    time: "time", "Uhrzeit";
    a_day: "A date", "Ein Datum";
    own_words: "words of your own", "eigene Worte";
    why_not: "why there is no value", "warum es keinen Wert gibt";
    why_value: "Value", "Wert";
    counted_from: "Counted from", "Gezählt ab";
    more_fields: "More", "Mehr";
    history: "History", "Verlauf";
    field: "Field", "Feld";
    was: "It was", "Es war";
    entered_on: "Entered on", "Eingetragen am";
    remark: "Remark", "Bemerkung";
    at_the_same_time: "Written on another device at the same time", "Zur selben Zeit auf einem anderen Gerät geschrieben";
    brought_back: "It is back.", "Es ist wieder da.";
    bring_it_back: "Bring it back", "Zurückholen";
    deleted_about: "It is hidden and can be brought back, or erased with its history.", "Es ist ausgeblendet und kann zurückgeholt oder samt Verlauf getilgt werden.";
    erase: "Erase for good", "Endgültig tilgen";
    erased: "Erased.", "Getilgt.";
    held: "Result held. Open it when you want to see it.", "Ergebnis zurückgehalten. Öffnen Sie es, wenn Sie es sehen möchten.";
    on_the_day: "on the day itself", "am Tag selbst";
    day_after: "{n} day after", "{n} Tag danach";
    days_after: "{n} days after", "{n} Tage danach";
    day_before: "{n} day before", "{n} Tag davor";
    days_before: "{n} days before", "{n} Tage davor";
    // Day names
    label_cycle: "Cycle day {n}", "Zyklustag {n}";
    label_suppression: "Suppression day {n}", "Unterdrückungstag {n}";
    label_stimulation: "Stimulation day {n}", "Stimulationstag {n}";
    label_second: "Second stimulation, day {n}", "Zweite Stimulation, Tag {n}";
    label_oestrogen: "Oestrogen day {n}", "Östrogentag {n}";
    label_progesterone: "Progesterone day {n}", "Progesterontag {n}";
    label_trigger_today: "Trigger day", "Tag der Auslösespritze";
    label_trigger_hours: "Trigger {n}", "Auslösespritze {n}";
    label_to_trigger_1: "{n} day to the trigger", "{n} Tag bis zur Auslösespritze";
    label_retrieval_1: "{n} day past retrieval", "{n} Tag nach der Punktion";
    label_ovulation_1: "{n} day past ovulation", "{n} Tag nach dem Eisprung";
    label_insemination_1: "{n} day past insemination", "{n} Tag nach der Insemination";
    label_transfer_1: "{n} day past transfer", "{n} Tag nach dem Transfer";
    label_to_trigger: "{n} days to the trigger", "{n} Tage bis zur Auslösespritze";
    label_retrieval: "{n} days past retrieval", "{n} Tage nach der Punktion";
    label_ovulation: "{n} days past ovulation", "{n} Tage nach dem Eisprung";
    label_insemination: "{n} days past insemination", "{n} Tage nach der Insemination";
    label_transfer: "{n} days past transfer", "{n} Tage nach dem Transfer";
    // Today
    begin_about: "Your journal is empty. Begin with a cycle of treatment, with today, or with what another app holds.", "Ihr Journal ist leer. Beginnen Sie mit einem Behandlungszyklus, mit heute oder mit dem, was eine andere App hält.";
    begin_cycle: "Set up a cycle", "Zyklus einrichten";
    begin_day: "Enter today", "Heute eintragen";
    due: "Due", "Fällig";
    nothing_due: "Nothing is due today.", "Heute ist nichts fällig.";
    next: "Next", "Als Nächstes";
    next_visit: "Next appointment", "Nächster Termin";
    open_questions: "Questions to ask", "Offene Fragen";
    to_order: "To order", "Zu bestellen";
    stored: "Storage", "Lagerung";
    storage_pressing: "A fee, consent or limit comes up within two months.", "Eine Gebühr, Einwilligung oder Frist steht in den nächsten zwei Monaten an.";
    on_hand: "{n} there", "{n} vorhanden";
    lasts_until: "lasts until {n}", "reicht bis {n}";
    runs_out: "not enough for {n}", "reicht nicht für den {n}";
    order_by: "order by {n}", "bestellen bis {n}";
    add_entry: "Add an entry", "Eintrag hinzufügen";
    this_day: "This day", "Dieser Tag";
    backup_never: "There is no backup of this journal yet. A file takes a moment and brings everything back.", "Von diesem Journal gibt es noch keine Sicherung. Eine Datei ist schnell gemacht und bringt alles zurück.";
    backup_old: "The last backup is more than two weeks old.", "Die letzte Sicherung ist älter als zwei Wochen.";
    // Plan
    plan: "Plan", "Plan";
    row_ahead: "Planned", "Geplant";
    row_due: "Due", "Fällig";
    row_open: "Not entered", "Nicht eingetragen";
    row_done: "Done", "Erledigt";
    row_late: "Done, {n} min late", "Erledigt, {n} min später";
    row_partial: "Partly", "Teilweise";
    row_skipped: "Left out", "Ausgelassen";
    row_extra: "Not planned", "Nicht geplant";
    taken: "Taken", "Genommen";
    otherwise: "Otherwise", "Anders";
    skip_it: "Leave out", "Auslassen";
    enter: "Enter", "Eintragen";
    done: "Done", "Erledigt";
    earlier_days: "Earlier days", "Frühere Tage";
    add_plan: "Add to the plan", "Zum Plan hinzufügen";
    no_plan: "There is no plan yet.", "Noch gibt es keinen Plan.";
    plan_items: "All items of the plan", "Alle Einträge des Plans";
    nurse_called: "The nurse called", "Die Praxis hat angerufen";
    said_by: "{n} said", "{n} sagte";
    changed: "What it changed", "Was sich änderte";
    this_changes: "This changes", "Das ändert sich";
    nothing_changes: "Nothing changes.", "Es ändert sich nichts.";
    comes: "Comes", "Kommt hinzu";
    goes: "Goes", "Entfällt";
    changes: "Changes", "Ändert sich";
    stays: "Stays", "Bleibt";
    stops: "Stops", "Endet";
    from_day: "From", "Ab";
    how_told: "How", "Wie";
    who_said: "Who said it", "Wer es sagte";
    or_name: "Or a name", "Oder ein Name";
    new_drug: "In addition", "Zusätzlich";
    drug: "Drug", "Mittel";
    amount: "Amount", "Menge";
    their_words: "In their words", "In deren Worten";
    look_first: "See what it changes", "Sehen, was sich ändert";
    // Days
    months: "Months", "Monate";
    before: "Before", "Davor";
    after: "After", "Danach";
    this_month: "This month", "Dieser Monat";
    month: "Month", "Monat";
    day_before_it: "Day before", "Tag davor";
    day_after_it: "Day after", "Tag danach";
    one_plan: "{n} planned", "{n} geplant";
    some_plan: "{n} planned", "{n} geplant";
    has_entries: "has entries", "hat Einträge";
    day: "Day", "Tag";
    date: "Date", "Datum";
    temperature: "Temperature", "Temperatur";
    bleeding_axis: "Bleeding", "Blutung";
    cycle_day_axis: "Cycle day", "Zyklustag";
    this_cycle: "This cycle", "Dieser Zyklus";
    cycle_since: "Cycle since {n}", "Zyklus seit {n}";
    rise_from: "temperatures higher from {n} on", "höhere Temperaturen ab {n}";
    figures: "Figures", "Zahlen";
    cycles_counted: "Complete cycles", "Vollständige Zyklen";
    cycle_length: "Length in days, middle (range)", "Länge in Tagen, Mitte (Spanne)";
    bleeding_days: "Days of bleeding", "Blutungstage";
    next_between: "If the next is as long as those before", "Wenn der nächste so lang ist wie die davor";
    no_promise: "A range of what was, not a forecast.", "Eine Spanne dessen, was war, keine Vorhersage.";
    // Cycles
    cycle: "Cycle", "Zyklus";
    new_cycle: "New cycle", "Neuer Zyklus";
    no_cycles: "No cycle yet.", "Noch kein Zyklus.";
    compare: "Cycle against cycle", "Zyklus neben Zyklus";
    compare_about: "Figures side by side. Nothing is rated.", "Zahlen nebeneinander. Nichts wird bewertet.";
    one_cycle_only: "With two cycles they stand here side by side.", "Mit zwei Zyklen stehen sie hier nebeneinander.";
    parts: "Parts of the cycle", "Teile des Zyklus";
    set_up: "Set up", "Einrichten";
    laboratory: "Laboratory", "Labor";
    sheet: "Clinic sheet", "Blatt für die Klinik";
    quiet_words: "This cycle rests. Nothing is counted and nothing is asked. Everything is here when you want it.", "Dieser Zyklus ruht. Nichts wird gezählt und nichts gefragt. Alles ist hier, wenn Sie es möchten.";
    key_dates: "Dates", "Daten";
    no_dates: "No dates yet.", "Noch keine Daten.";
    planned: "planned", "geplant";
    as_table: "As a table", "Als Tabelle";
    stimulation: "Stimulation", "Stimulation";
    second_stimulation: "Second stimulation", "Zweite Stimulation";
    stimulation_day: "Day of stimulation", "Tag der Stimulation";
    follicles_axis: "Follicles mm", "Follikel mm";
    lining_axis: "Lining", "Schleimhaut";
    left: "Left", "Links";
    right: "Right", "Rechts";
    scan: "Scan", "Ultraschall";
    what: "What", "Was";
    value: "Value", "Wert";
    trigger_mark: "Trigger", "Auslösen";
    retrieval_mark: "Retrieval", "Punktion";
    sum_scan: "{n} scan", "{n} Ultraschall";
    sum_scans: "{n} scans", "{n} Ultraschalle";
    sum_lead: "largest follicle {n} mm", "größter Follikel {n} mm";
    sum_lining: "lining {n} mm", "Schleimhaut {n} mm";
    // Betas
    betas: "hCG blood tests", "hCG-Bluttests";
    one_beta: "One value so far.", "Bisher ein Wert.";
    day_name: "Day name", "Tagesname";
    since_before: "Since the one before", "Seit dem davor";
    short_transfer: "day {n}", "Tag {n}";
    rise_hours: "{n} hours apart", "{n} Stunden auseinander";
    doubles_in: "doubling in {n} hours", "Verdopplung in {n} Stunden";
    halves_in: "halving in {n} hours", "Halbierung in {n} Stunden";
    in_48_hours: "{n} over 48 hours", "{n} auf 48 Stunden";
    warn_trigger: "{n} days after hCG was given: part of it may still be measured.", "{n} Tage nach einer Gabe von hCG: Ein Teil davon kann noch mitgemessen werden.";
    warn_labs: "Two laboratories: their values compare badly.", "Zwei Labore: Ihre Werte sind schlecht vergleichbar.";
    warn_limit: "One value is a limit, not a number.", "Ein Wert ist eine Grenze, keine Zahl.";
    warn_time: "Without the times of day, whole days were counted.", "Ohne Uhrzeiten wurden ganze Tage gezählt.";
    warn_short: "Less than a day apart: the error of the test outweighs the change.", "Weniger als ein Tag dazwischen: Der Messfehler überwiegt die Änderung.";
    warn_unit: "A unit could not be read.", "Eine Einheit ließ sich nicht lesen.";
    // Laboratory
    eggs_and_embryos: "Eggs and embryos", "Eizellen und Embryonen";
    to_come: "{n} still to come", "{n} noch offen";
    cells: "{n} cells", "{n} Zellen";
    day_n: "Day {n}", "Tag {n}";
    add_embryos: "Add so many embryos", "So viele Embryonen hinzufügen";
    embryo: "Embryo", "Embryo";
    state: "State", "Stand";
    since: "Since", "Seit";
    grade: "Grade", "Beurteilung";
    genetic_test: "Genetic test", "Genetischer Test";
    sex: "Chromosomes of sex", "Geschlechtschromosomen";
    place: "Place", "Ort";
    what_happened: "What happened", "Was geschah";
    impossible: "Some entries cannot both have happened. Please look at them.", "Einige Einträge können nicht beide geschehen sein. Bitte sehen Sie sie an.";
    // Storage
    ledger: "Storage over the years", "Lagerung über die Jahre";
    nothing_stored: "Nothing is stored.", "Es ist nichts eingelagert.";
    at_most_until: "At most until", "Längstens bis";
    paid_in_all: "Paid in all", "Insgesamt bezahlt";
    paid_on: "paid on {n}", "bezahlt am {n}";
    fees: "Fees", "Gebühren";
    day_left: "in {n} day", "in {n} Tag";
    days_left: "in {n} days", "in {n} Tagen";
    day_past: "{n} day ago", "vor {n} Tag";
    days_past: "{n} days ago", "vor {n} Tagen";
    all_stock: "All entries of the stock", "Alle Bestandseinträge";
    // Comparing, sheet
    began: "Began", "Begonnen";
    kind_of_cycle: "Type", "Art";
    protocol: "Protocol", "Protokoll";
    days_of_stimulation: "Days of stimulation", "Tage der Stimulation";
    peak_e2: "Highest E2", "Höchstes E2";
    p4_at_trigger: "P4 at trigger", "P4 bei Auslösung";
    drugs_in_sum: "Drugs in sum", "Mittel in Summe";
    outcome: "Outcome", "Ausgang";
    overview: "Overview", "Überblick";
    allergies: "Allergies", "Allergien";
    purpose: "What for", "Wofür";
    in_sum: "In sum", "In Summe";
    how_many: "How many", "Wie viele";
    print: "Print", "Drucken";
    // More
    lists: "Lists", "Listen";
    views: "Views", "Ansichten";
    this_journal: "This journal", "Dieses Journal";
    settings: "Settings", "Einstellungen";
    about: "What it does and what it cannot do", "Was es tut und was es nicht kann";
    about_does: "What it does", "Was es tut";
    about_cannot: "What it cannot do", "Was es nicht kann";
    about_1: "Every entry is sealed by itself (XAES-256-GCM). The key comes from your passphrase (Argon2id) and from a key that this browser does not give out.", "Jeder Eintrag ist für sich versiegelt (XAES-256-GCM). Der Schlüssel kommt aus Ihrer Passphrase (Argon2id) und aus einem Schlüssel, den dieser Browser nicht herausgibt.";
    about_2: "It gives no chances of success and no advice, and it celebrates nothing.", "Es nennt keine Erfolgsaussichten, gibt keinen Rat und feiert nichts.";
    about_3: "A browser may clear what it keeps when room gets scarce, and some do after weeks without a visit. Install the journal and keep backups.", "Ein Browser kann löschen, was er behält, wenn der Platz knapp wird; manche tun es nach Wochen ohne Besuch. Installieren Sie das Journal und sichern Sie es.";
    about_4: "A browser rings only while the journal's page is open. For a trigger shot use an alarm of your telephone as well, or the calendar file.", "Ein Browser klingelt nur, solange die Seite des Journals offen ist. Stellen Sie für eine Auslösespritze auch den Wecker Ihres Telefons, oder nutzen Sie die Kalenderdatei.";
    about_5: "Whoever can change this device or read what you type can read along. Leave takes you to an empty page; earlier pages stay in the history as locked ones.", "Wer dieses Gerät verändern oder mitlesen kann, was Sie tippen, liest mit. Verlassen führt auf eine leere Seite; frühere Seiten bleiben gesperrt im Verlauf.";
    this_device: "On this device", "Auf diesem Gerät";
    lock_after: "Lock by itself after", "Von selbst sperren nach";
    lock_after_about: "Without a touch.", "Ohne Berührung.";
    one_minute: "{n} minute", "{n} Minute";
    some_minutes: "{n} minutes", "{n} Minuten";
    never: "Never", "Nie";
    look: "Name and icon", "Name und Symbol";
    look_about: "An installed app keeps what it had when it was installed.", "Eine installierte App behält, was sie bei der Installation hatte.";
    look_journal: "Journal", "Journal";
    look_notes: "Notes, with a plain icon", "Notizen, mit schlichtem Symbol";
    link: "Link in Keepwell's menu", "Link im Menü von Keepwell";
    link_about: "Hidden, the journal is found by its address only.", "Ausgeblendet findet man das Journal nur über seine Adresse.";
    link_shown: "Shown", "Sichtbar";
    link_hidden: "Hidden", "Ausgeblendet";
    language: "Language", "Sprache";
    wishes: "How the journal behaves", "Wie sich das Journal verhält";
    reminders: "Reminders", "Erinnerungen";
    reminders_about: "Reminders ring while the journal's page is open in this browser, also behind other windows. Once it has locked itself they ring for three more days and say only that something is due; after the page was closed or loaded anew it has to be unlocked once. No browser promises more. Where it counts to the minute, set an alarm of your telephone as well.", "Erinnerungen klingeln, solange die Seite des Journals in diesem Browser offen ist, auch hinter anderen Fenstern. Hat es sich gesperrt, klingeln sie noch drei Tage und sagen nur, dass etwas ansteht; wurde die Seite geschlossen oder neu geladen, muss es einmal entsperrt werden. Mehr verspricht kein Browser. Wo es auf die Minute ankommt, stellen Sie auch den Wecker Ihres Telefons.";
    notify_on: "Reminders are allowed.", "Erinnerungen sind erlaubt.";
    notify_off: "Reminders are not allowed yet.", "Erinnerungen sind noch nicht erlaubt.";
    notify_none: "This browser has no reminders.", "Dieser Browser kennt keine Erinnerungen.";
    notify_ask: "Allow reminders", "Erinnerungen erlauben";
    ring_soon: "Soon: {n}", "Gleich: {n}";
    ring_due: "Now: {n}", "Jetzt: {n}";
    ring_again: "Still open: {n}", "Noch offen: {n}";
    ring_gone: "That reminder is not in the plan any more, or is done already. Nothing was entered.", "Diese Erinnerung steht nicht mehr im Plan oder ist schon erledigt. Es wurde nichts eingetragen.";
    ring_locked: "Something in your journal is due", "In Ihrem Journal steht etwas an";
    ring_discreet: "Reminder", "Erinnerung";
    change_about: "From then on only the new one opens the journal. Backups keep the passphrase that they were made under.", "Danach öffnet nur noch die neue das Journal. Sicherungen behalten die Passphrase, unter der sie entstanden.";
    new_passphrase: "New passphrase", "Neue Passphrase";
    change: "Change", "Ändern";
    passphrase_changed: "The passphrase is changed.", "Die Passphrase ist geändert.";
    end_it: "Take the journal from this device", "Das Journal von diesem Gerät nehmen";
    end_about: "{n} entries and their keys will be gone from this device. Only a backup brings them back.", "{n} Einträge und ihre Schlüssel sind dann von diesem Gerät fort. Nur eine Sicherung bringt sie zurück.";
    end_act: "Take it from this device", "Von diesem Gerät nehmen";
    end_sure: "Yes, all of it", "Ja, alles";
    sync: "Other devices", "Andere Geräte";
    // Backup, import, export
    backup: "Backup", "Sicherung";
    backup_card: "Save a backup", "Sicherung speichern";
    backup_about: "One file with everything, sealed with your passphrase. Keep it where only you can reach it.", "Eine Datei mit allem, versiegelt mit Ihrer Passphrase. Bewahren Sie sie auf, wo nur Sie hinkommen.";
    backup_last: "Last saved on {n}.", "Zuletzt gespeichert am {n}.";
    backup_none: "None saved on this device yet.", "Auf diesem Gerät noch keine gespeichert.";
    backup_save: "Save the file", "Datei speichern";
    backup_made: "The backup is saved.", "Die Sicherung ist gespeichert.";
    restore_card: "Take in a backup", "Eine Sicherung aufnehmen";
    merge_about: "Its entries join those that are here. What is newer stays.", "Ihre Einträge kommen zu denen hinzu, die hier sind. Was neuer ist, bleibt.";
    took_in: "{n} changes were taken in.", "{n} Änderungen wurden aufgenommen.";
    room_card: "Room on this device", "Platz auf diesem Gerät";
    room_used: "{n} MB used of {m} MB.", "{n} MB von {m} MB belegt.";
    room_kept: "The browser has promised not to clear the journal by itself.", "Der Browser hat zugesagt, das Journal nicht von selbst zu löschen.";
    room_not_kept: "The browser may clear the journal when room gets scarce.", "Der Browser kann das Journal löschen, wenn der Platz knapp wird.";
    room_ask: "Ask it to keep it", "Um Behalten bitten";
    room_about: "When the device is full, new entries cannot be kept; you are told at once, and what is there stays.", "Wenn das Gerät voll ist, lassen sich neue Einträge nicht behalten; Sie erfahren es sofort, und was da ist, bleibt.";
    import: "From other apps", "Aus anderen Apps";
    import_about: "Exports of drip (CSV), Clue and Flo (JSON), a table (CSV), or a journal (JSON), also in a ZIP archive. The file is read on this device and sent nowhere.", "Exporte von drip (CSV), Clue und Flo (JSON), eine Tabelle (CSV) oder ein Journal (JSON), auch in einem ZIP-Archiv. Die Datei wird auf diesem Gerät gelesen und nirgendwohin geschickt.";
    import_file: "File", "Datei";
    import_archive: "This archive holds no file that can be read here, or more than one. Please unpack it and choose the file you mean.", "In diesem Archiv ist keine Datei, die hier gelesen werden kann, oder mehr als eine. Bitte entpacken Sie es und wählen Sie die Datei, die Sie meinen.";
    import_newer: "This journal was written by a newer version.", "Dieses Journal stammt von einer neueren Fassung.";
    import_large: "The file is too large.", "Die Datei ist zu groß.";
    import_unknown: "This file cannot be read. Nothing was changed.", "Diese Datei lässt sich nicht lesen. Es wurde nichts geändert.";
    dates_in_doubt: "Which comes first in the dates?", "Was kommt bei den Daten zuerst?";
    day_first: "The day", "Der Tag";
    month_first: "The month", "Der Monat";
    found: "What was found", "Was gefunden wurde";
    one_row: "{n} row", "{n} Zeile";
    some_rows: "{n} rows", "{n} Zeilen";
    one_entry: "{n} entry", "{n} Eintrag";
    some_entries: "{n} entries", "{n} Einträge";
    own_stays: "What you entered yourself stays.", "Was Sie selbst eingetragen haben, bleibt.";
    found_journal: "A journal with {n} values.", "Ein Journal mit {n} Werten.";
    keep_it: "Take them in", "Aufnehmen";
    row: "Row", "Zeile";
    one_left: "{n} value was not taken as it stands", "{n} Wert wurde nicht übernommen, wie er dasteht";
    some_left: "{n} values were not taken as they stand", "{n} Werte wurden nicht übernommen, wie sie dastehen";
    export: "Save as files", "Als Dateien speichern";
    export_about: "These files are not sealed: whoever has them can read them. JSON and CSV hold everything, results that are held back and findings on sex, too. FHIR holds what is held back as well, and leaves out semen analyses, what became of the embryos, outcomes, findings on sex, the plan and most of the diary.", "Diese Dateien sind nicht versiegelt: Wer sie hat, kann sie lesen. In JSON und CSV steht alles, auch zurückgehaltene Ergebnisse und Befunde zum Geschlecht. In FHIR steht auch Zurückgehaltenes; es fehlen dort Spermiogramme, was aus den Embryonen wurde, Ausgänge, Befunde zum Geschlecht, der Plan und das meiste aus dem Tagebuch.";
    export_made: "The file is saved.", "Die Datei ist gespeichert.";
    save_file: "Save", "Speichern";
    json_about: "Everything, to be read back by this or another program.", "Alles, um es mit diesem oder einem anderen Programm zurückzulesen.";
    csv_about: "A table for each kind of entry, in one ZIP file.", "Eine Tabelle für jede Art von Eintrag, in einer ZIP-Datei.";
    fhir_about: "For clinics and health records (FHIR R4).", "Für Kliniken und Gesundheitsakten (FHIR R4).";
    calendar: "Calendar file", "Kalenderdatei";
    calendar_about: "The plan of the next three months and your appointments, for a calendar that rings by itself. Take in a new file after each change of the plan. What you deleted in the journal, and what is left of an appointment or a cycle that was called off, you have to delete in the calendar yourself.", "Der Plan der nächsten drei Monate und Ihre Termine, für einen Kalender, der von selbst klingelt. Lesen Sie nach jeder Änderung des Plans die neue Datei ein. Was Sie im Journal gelöscht haben, und was von einem abgesagten Termin oder abgebrochenen Zyklus übrig ist, müssen Sie im Kalender selbst löschen.";
}
