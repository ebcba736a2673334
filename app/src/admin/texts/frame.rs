//! What the frame says, and the place-holder of the first page.

use crate::admin::Place;

super::texts! {
    area: "Running the instance", "Betrieb der Instanz";
    leave: "Back to your own", "Zurück zum Eigenen";
    places: "Places of the administration", "Orte der Verwaltung";
    dashboard: "Dashboard", "Übersicht";
    dashboard_text: "How the instance does. Nothing here shows anybody's records.",
        "Wie es der Instanz geht. Nichts hier zeigt Daten von Personen.";
    people: "People", "Personen";
    grants: "Sights", "Einblicke";
    log: "Log", "Protokoll";
    settings: "Settings", "Regeln";
    reports: "Reports", "Meldungen";
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
