//! What the pages about grants of sight say, to those who have one and to those whose records they open.

use keepwell_domain::sight::SightState;

super::texts! {
    grants: "Sights", "Einblicke";
    grants_text: "Who was granted sight of somebody's records, why, and for how long. Begin on the page of a person.",
        "Wem Einsicht in jemandes Daten gewährt wurde, warum und wie lange. Beginnen Sie auf der Seite einer Person.";
    none: "No sight was ever granted here.", "Hier wurde noch nie ein Einblick gewährt.";
    grant: "A sight", "Ein Einblick";
    grant_text: "Read-only. The person sees each item as you see it, and can end this at any moment.",
        "Nur lesend. Die Person sieht jeden Eintrag, den Sie sehen, und kann dies jederzeit beenden.";
    person: "Person", "Person";
    admin: "Administrator", "Verwaltung";
    approver: "Agreed to by", "Zugestimmt hat";
    kinds: "Kinds", "Arten";
    reason: "Reason", "Grund";
    state: "State", "Zustand";
    starts: "From", "Von";
    ends: "Until at the latest", "Bis spätestens";
    minutes: "{n} minutes", "{n} Minuten";
    seen: "Items seen", "Gesehene Einträge";
    waiting: "Waits for a second administrator", "Wartet auf eine zweite Zustimmung";
    open: "Open", "Offen";
    over: "Over", "Vorbei";
    ended_by_person: "Ended by the person", "Von der Person beendet";
    ended_by_admin: "Ended by the administrator", "Von der Verwaltung beendet";
    ended: "Ended with somebody's access", "Mit jemandes Zugang beendet";
    left: "{n} left", "noch {n}";
    approve: "Agree", "Zustimmen";
    refuse: "Refuse", "Ablehnen";
    withdraw: "Withdraw", "Zurückziehen";
    end: "End it now", "Jetzt beenden";
    look: "Look", "Ansehen";
    choose: "Choose what to look at. Each line that is shown counts as seen.",
        "Wählen Sie, was Sie ansehen. Jede gezeigte Zeile gilt als gesehen.";
    profile_n: "Profile {n}", "Profil {n}";
    cut: "The sight ended while this list was read. The rest is not shown.",
        "Der Einblick endete, während diese Liste gelesen wurde. Der Rest wird nicht gezeigt.";
    empty: "There is nothing of this kind.", "Von dieser Art gibt es nichts.";
    back: "Back to the list", "Zurück zur Liste";
    closed: "This sight shows nothing any more.", "Dieser Einblick zeigt nichts mehr.";
    own: "Sights of your records", "Einblicke in Ihre Daten";
    own_text: "When somebody who runs this instance was allowed to look at some of your records, and what they saw.",
        "Wann jemand aus dem Betrieb dieser Instanz einige Ihrer Daten ansehen durfte, und was dabei gesehen wurde.";
    own_none: "Nobody was ever allowed to look.", "Niemand durfte je hineinsehen.";
    watch: "A sight of your records", "Ein Einblick in Ihre Daten";
    watch_text: "Each item appears here as it is seen. You can end this at once, without giving a reason.",
        "Jeder Eintrag erscheint hier, sobald er gesehen wird. Sie können dies sofort beenden, ohne Grund.";
    nothing_seen: "Nothing was seen so far.", "Bisher wurde nichts gesehen.";
    listed: "in a list", "in einer Liste";
    opened: "opened", "geöffnet";
    profiles: "Profiles", "Profile";
}

impl Texts {
    /// The word for how a grant stands.
    #[must_use]
    pub const fn state_name(&self, state: SightState) -> &'static str {
        match state {
            SightState::Waiting => self.waiting,
            SightState::Open => self.open,
            SightState::Over => self.over,
            SightState::EndedByPerson => self.ended_by_person,
            SightState::EndedByAdmin => self.ended_by_admin,
            SightState::Ended => self.ended,
        }
    }
}
