//! What the pages about accounts say.

use keepwell_domain::{people::PersonAct, role::Role};

super::texts! {
    people: "People", "Personen";
    people_text: "Find one account by its exact address or its id. Nobody can be browsed, and nothing here shows records.",
        "Finden Sie ein Konto über seine genaue Adresse oder seine Kennung. Niemand lässt sich durchblättern, und nichts hier zeigt Daten.";
    wanted: "E-mail address or id", "E-Mail-Adresse oder Kennung";
    wanted_hint: "Written out in full. Every try stands in the log.", "Vollständig ausgeschrieben. Jeder Versuch steht im Protokoll.";
    find: "Find", "Finden";
    nobody: "There is no account with exactly this address or id.", "Es gibt kein Konto mit genau dieser Adresse oder Kennung.";
    person: "One account", "Ein Konto";
    person_text: "Facts of the account. Counts are rounded up; that you looked stands in this person's own log.",
        "Tatsachen des Kontos. Anzahlen sind aufgerundet; dass Sie hier waren, steht im Protokoll dieser Person.";
    facts: "Facts", "Tatsachen";
    id: "Id", "Kennung";
    address: "Address", "Adresse";
    role: "Role", "Rolle";
    state: "State", "Zustand";
    active: "In use", "In Gebrauch";
    suspended: "Suspended", "Gesperrt";
    leaving: "Will be deleted on", "Wird gelöscht am";
    created: "Made on", "Angelegt am";
    signed_in: "Last sign-in", "Letzte Anmeldung";
    not_lately: "Not lately", "Länger nicht";
    confirmed: "Address confirmed", "Adresse bestätigt";
    second_step: "Second step", "Zweiter Schritt";
    yes: "Yes", "Ja";
    no: "No", "Nein";
    sessions: "Open sessions", "Offene Sitzungen";
    files: "Sealed files", "Versiegelte Dateien";
    documents: "Documents", "Dokumente";
    records: "Records", "Einträge";
    at_most: "at most {n}", "höchstens {n}";
    none: "none", "keine";
    megabytes: "at most {n} MB", "höchstens {n} MB";
    acts: "What can be done", "Was sich tun lässt";
    acts_none: "Nothing can be done to this account from here.", "An diesem Konto lässt sich von hier aus nichts tun.";
    reason: "Reason", "Grund";
    reason_hint: "At least ten characters. The person reads it in the app.", "Mindestens zehn Zeichen. Die Person liest ihn in der App.";
    new_role: "New role", "Neue Rolle";
    done: "Done. The person was told.", "Erledigt. Die Person wurde benachrichtigt.";
    end_sessions: "End all sessions", "Alle Sitzungen beenden";
    end_sessions_text: "Every session, access token and link ends at once. The person signs in again as usual.",
        "Jede Sitzung, jedes Zugriffstoken und jeder Link endet sofort. Die Person meldet sich wie gewohnt neu an.";
    force_reset: "Force a new password", "Neues Passwort erzwingen";
    force_reset_text: "The old password stops working, all sessions end, and a letter with a link for a new one is sent.",
        "Das alte Passwort gilt nicht mehr, alle Sitzungen enden, und ein Brief mit einem Link für ein neues wird verschickt.";
    suspend: "Suspend", "Sperren";
    suspend_text: "Nobody can sign in until you lift it. Everything in the account stays.",
        "Niemand kann sich anmelden, bis Sie das aufheben. Alles im Konto bleibt.";
    lift: "Lift the suspension", "Sperre aufheben";
    lift_text: "The person can sign in again. Sessions that were ended stay so.",
        "Die Person kann sich wieder anmelden. Beendete Sitzungen bleiben beendet.";
    change_role: "Change the role", "Rolle ändern";
    change_role_text: "All sessions end. No role opens other people's records.",
        "Alle Sitzungen enden. Keine Rolle öffnet Daten anderer Personen.";
    delete: "Delete the account", "Konto löschen";
    delete_text: "The person is told at once and can keep the account until the waiting time is over. Then everything in it is gone for good.",
        "Die Person erfährt es sofort und kann das Konto bis zum Ende der Frist behalten. Danach ist alles darin endgültig fort.";
    keep: "Keep the account", "Konto behalten";
    keep_text: "Takes the announced deletion back.", "Nimmt die angekündigte Löschung zurück.";
    role_person: "Person", "Person";
    role_support: "Support", "Hilfe";
    role_admin: "Administration", "Verwaltung";
    role_auditor: "Audit", "Prüfung";
    sight: "Ask for sight of records", "Um Einsicht in Daten bitten";
    sight_text: "For an hour at most, of the kinds that you name, read-only. The person is told at once, sees each item as you see it, and can end it.",
        "Höchstens eine Stunde, nur die Arten, die Sie nennen, nur lesend. Die Person erfährt es sofort, sieht jeden Eintrag, den Sie sehen, und kann es beenden.";
    kinds: "Kinds of records", "Arten von Einträgen";
    profile: "Profile", "Profil";
    profile_all: "All profiles", "Alle Profile";
    profile_n: "Profile {n}", "Profil {n}";
    minutes: "Minutes", "Minuten";
    minutes_hint: "1 to 60. There is no extending: more time is a new grant with a new notice.",
        "1 bis 60. Verlängern geht nicht: Mehr Zeit ist ein neuer Einblick mit neuer Nachricht.";
    ask: "Ask", "Bitten";
}

impl Texts {
    /// The name of a role.
    #[must_use]
    pub const fn role_name(&self, role: Role) -> &'static str {
        match role {
            Role::Person => self.role_person,
            Role::Support => self.role_support,
            Role::Admin => self.role_admin,
            Role::Auditor => self.role_auditor,
        }
    }
    /// The name of an act, and what it does.
    #[must_use]
    pub const fn act(&self, act: PersonAct) -> (&'static str, &'static str) {
        match act {
            PersonAct::EndSessions => (self.end_sessions, self.end_sessions_text),
            PersonAct::ForceReset => (self.force_reset, self.force_reset_text),
            PersonAct::Suspend => (self.suspend, self.suspend_text),
            PersonAct::Lift => (self.lift, self.lift_text),
            PersonAct::ChangeRole => (self.change_role, self.change_role_text),
            PersonAct::Delete => (self.delete, self.delete_text),
            PersonAct::Keep => (self.keep, self.keep_text),
        }
    }
}
