//! The plan, apart from what happened.

use super::{
    amount::Amount,
    code::codes,
    field::{TextType, text_fields},
    id::EntityId,
    journey::KeyDate,
    medicine::Route,
    moment::{Clock, Moment},
    view::view,
};
use crate::redact::redacted;
use keepwell_domain::time::Date;

codes! {
    /// What an item of the plan is.
    PlanKind {
        Dose = "dose", Scan = "scan", Blood = "blood", Visit = "visit", Trigger = "trigger",
        Retrieval = "retrieval", Transfer = "transfer", Insemination = "insemination", Beta = "beta",
        EarlyScan = "early_scan", Call = "call", Fasting = "fasting", HomeTest = "home_test",
        Intercourse = "intercourse", Task = "task",
    }
    /// What a drug is for.
    Purpose {
        Suppression = "suppression", Priming = "priming", Stimulation = "stimulation",
        /// Keeps ovulation back: antagonist or progestin.
        Blocking = "blocking",
        Trigger = "trigger", Luteal = "luteal", Lining = "lining", Supplement = "supplement",
        Antibiotic = "antibiotic", Steroid = "steroid", Anticoagulant = "anticoagulant",
        Pain = "pain", Other = "other",
    }
}

impl PlanKind {
    /// Whether it must not be missed where the plan does not say so.
    #[must_use]
    pub const fn is_critical(self) -> bool {
        matches!(self, Self::Trigger)
    }
}

/// When an item of the plan is due for the first time.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum PlanWhen {
    /// At a moment of its own.
    Absolute(Moment),
    /// So many days after a key date (0 is that day itself), at a time of day.
    Days {
        /// Counted from here.
        from: KeyDate,
        /// Days after it; negative before.
        days: i32,
        /// The time of day, where one was given.
        clock: Option<Clock>,
    },
    /// So many minutes after a key date that is known to the minute: retrieval 36 h after trigger.
    Minutes {
        /// Counted from here.
        from: KeyDate,
        /// Minutes after it.
        minutes: i32,
    },
}

/// `trigger+2d@21:30`, `trigger+2160m`, or a [`Moment`].
impl TextType for PlanWhen {
    fn to_text(&self) -> String {
        match self {
            Self::Absolute(m) => m.to_text(),
            Self::Days { from, days, clock } => {
                let at = clock.map_or(String::new(), |c| format!("@{c}"));
                format!("{}{days:+}d{at}", from.as_str())
            }
            Self::Minutes { from, minutes } => format!("{}{minutes:+}m", from.as_str()),
        }
    }
    fn from_text(text: &str) -> Option<Self> {
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return Moment::from_text(text).map(Self::Absolute);
        }
        let (from, rest) = text.split_at_checked(text.find(['+', '-'])?)?;
        let from = KeyDate::parse(from)?;
        let (count, clock) = match rest.split_once('@') {
            Some((count, clock)) => (count, Some(Clock::parse(clock).ok()?)),
            None => (rest, None),
        };
        if let Some(minutes) = count.strip_suffix('m') {
            let minutes = minutes.parse().ok()?;
            return clock.is_none().then_some(Self::Minutes { from, minutes });
        }
        Some(Self::Days { from, days: count.strip_suffix('d')?.parse().ok()?, clock })
    }
}
text_fields!(PlanWhen);

view! {
    /// One item of the plan, perhaps repeated.
    PlanItem as PlanItem {
        /// The cycle.
        cycle: EntityId,
        /// For whom.
        person: EntityId,
        /// What it is.
        what: PlanKind,
        /// When it is due first.
        when: PlanWhen,
        /// Further times on the same days.
        also_at: Vec<Clock>,
        /// It comes again every so many days; unknown for once.
        every_days: i64,
        /// For how many days, the first included; unknown for open-ended.
        for_days: i64,
        /// No occurrence on or after this day.
        stopped_from: Date,
        /// The amendment that stopped it.
        stopped_by: EntityId,
        /// The amendment that brought it.
        amendment: EntityId,
        /// The item that it takes the place of.
        replaces: EntityId,
        /// What the reminder says; for a dose the drug speaks for itself.
        title: String,
        /// The drug in the person's catalogue.
        medication: EntityId,
        /// The drug's name as the plan has it.
        drug: String,
        /// How much.
        amount: Amount,
        /// How.
        route: Route,
        /// What for.
        purpose: Purpose,
        /// Whether it must not be missed; reminders come in two stages.
        critical: bool,
        /// Minutes within which it still counts as in time.
        grace_minutes: i64,
        /// Minutes of warning before it is due.
        remind_before: i64,
        /// Whether reminders are off.
        silent: bool,
        /// The appointment.
        visit: EntityId,
    }
}
view! {
    /// "The nurse called": a change of the plan.
    Amendment as Amendment {
        /// The cycle.
        cycle: EntityId,
        /// When it was said.
        said_at: Moment,
        /// Who said it, from the contacts.
        said_by: EntityId,
        /// Who said it, as a name.
        said_by_name: String,
        /// From which day it holds.
        from: Date,
        /// By what means it came.
        by: AmendmentWay,
        /// What was said, in the person's words.
        words: String,
    }
}
codes! {
    /// By what means a change came.
    AmendmentWay {
        Call = "call", Message = "message", Portal = "portal", Visit = "visit", Voicemail = "voicemail",
        Letter = "letter", Own = "own",
    }
}

redacted!(PlanWhen);
