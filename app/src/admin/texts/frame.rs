//! What the frame says, and the place-holder of the first page.

use crate::admin::Place;

/// See the module.
pub struct Texts {
    /// What this is.
    pub area: &'static str,
    /// The way back.
    pub leave: &'static str,
    /// The rail, for screen readers.
    pub places: &'static str,
    /// Place.
    pub dashboard: &'static str,
    /// Its line.
    pub dashboard_text: &'static str,
    /// Place.
    pub people: &'static str,
    /// Place.
    pub grants: &'static str,
    /// Place.
    pub log: &'static str,
    /// Place.
    pub settings: &'static str,
    /// Place.
    pub reports: &'static str,
}

impl Texts {
    /// The name of a place.
    #[must_use]
    pub const fn name(&self, place: Place) -> &'static str {
        match place {
            Place::Dashboard => self.dashboard,
            Place::People => self.people,
            Place::Grants => self.grants,
            Place::Log => self.log,
            Place::Settings => self.settings,
            Place::Reports => self.reports,
        }
    }
}

/// English.
pub static EN: Texts = Texts {
    area: "Running the instance",
    leave: "Back to your own",
    places: "Places of the administration",
    dashboard: "Dashboard",
    dashboard_text: "How the instance does. Nothing here shows anybody's records.",
    people: "People",
    grants: "Grants",
    log: "Log",
    settings: "Settings",
    reports: "Reports",
};

/// German.
pub static DE: Texts = Texts {
    area: "Betrieb der Instanz",
    leave: "Zurück zum Eigenen",
    places: "Orte der Verwaltung",
    dashboard: "Übersicht",
    dashboard_text: "Wie es der Instanz geht. Nichts hier zeigt Daten von Personen.",
    people: "Personen",
    grants: "Einblicke",
    log: "Protokoll",
    settings: "Einstellungen",
    reports: "Meldungen",
};
