//! What a person wants of the journal, kept in it so that all devices agree.

use super::{
    code::codes,
    id::EntityId,
    moment::{Clock, Moment},
    view::view,
};

codes! {
    /// Which unit system results are shown in, besides the one they were entered in.
    UnitSystem {
        /// pg/mL, ng/mL.
        Mass = "mass",
        /// pmol/L, nmol/L.
        Molar = "molar",
        /// As entered.
        Entered = "entered",
    }
    /// What became of a reminder.
    MarkKind {
        Done = "done", Skipped = "skipped", Snoozed = "snoozed",
    }
    /// How temperatures are shown.
    TemperatureUnit { Celsius = "celsius", Fahrenheit = "fahrenheit" }
}

view! {
    /// Wishes of the person.
    Preferences as Preferences {
        /// The journal's own person: whose ordinary days these are.
        person: EntityId,
        /// Units of hormones.
        units: UnitSystem,
        /// Unit of temperatures.
        temperature: TemperatureUnit,
        /// The quiet hours begin.
        quiet_from: Clock,
        /// They end.
        quiet_until: Clock,
        /// Whether critical reminders may break them.
        quiet_breaks_for_critical: bool,
        /// Whether titles of reminders and calendar entries say nothing.
        discreet: bool,
        /// The words that they show instead.
        discreet_title: String,
        /// Whether new results are held until the person wants to see them.
        hold_results: bool,
        /// Whether findings on sex are shown for all embryos.
        show_sex: bool,
        /// Whether the first day of the week is Sunday.
        week_starts_sunday: bool,
        /// Minutes of warning before something critical.
        remind_before: i64,
        /// Minutes after which something critical is asked for again.
        remind_again: i64,
        /// Whether ordinary cycle tracking is hidden.
        hide_tracking: bool,
    }
}

impl Preferences {
    /// Critical reminders break the quiet hours unless the person says otherwise.
    pub const CRITICAL_BREAKS_QUIET: bool = true;

    /// The one id of the wishes of a journal.
    #[must_use]
    pub fn id() -> EntityId {
        EntityId::derived(&[b"preferences"])
    }
}

view! {
    /// What was done with one reminder.
    ReminderMark as ReminderMark {
        /// The item of the plan.
        plan_item: EntityId,
        /// Which of its occurrences.
        planned_for: Moment,
        /// What became of it.
        what: MarkKind,
        /// When.
        at: Moment,
        /// Until when it was put off.
        until: Moment,
    }
}

impl ReminderMark {
    /// The id of the mark on one occurrence, the same on all devices.
    #[must_use]
    pub fn id(plan_item: EntityId, planned_for: &Moment) -> EntityId {
        use super::field::TextType;
        EntityId::derived(&[b"mark", plan_item.as_bytes(), planned_for.to_text().as_bytes()])
    }
}
