//! What follows from the entries. Nothing here is kept: it is worked out from the book each time, so
//! that a correction corrects everything that hangs on it.

mod amend;
mod amounts;
mod beta;
mod compare;
mod cycle;
mod deeds;
mod embryo_course;
mod embryos;
mod ending;
mod funnel;
mod growth;
pub mod hormone;
mod key_dates;
mod labels;
mod matching;
mod month;
mod ordinary;
mod parts;
mod plan;
mod schedule;
mod shift;
mod sites;
mod stock;
mod storage;
mod today;
mod two_triggers;
mod whole_plan;

pub use amend::{
    AmendError, NewPlan, PlanChange, PlanEdit, amend, amended, amendment_changes, is_replaced, plan_changes,
    sooner_end,
};
pub use amounts::in_unit;
pub use beta::{BetaPoint, BetaRise, BetaWarning, beta_rises, betas};
pub use compare::{CycleFigures, DrugTotal, Level, figures};
pub use cycle::{CycleRecord, cycles, planned_visits, record, records, running};
pub use embryo_course::age_on;
pub use embryos::{EmbryoCard, day_zero, embryo_cards};
pub use ending::{last_day, lasts_on};
pub use funnel::{Funnel, FunnelStage, FunnelStep, funnel};
pub use growth::{Ovary, ScanPoint, growth};
pub use key_dates::{Certainty, Fixed, KeyDates, key_dates};
pub use labels::{DayLabel, day_labels, day_labels_at, embryo_age, minutes_to_trigger};
pub use month::{MonthDay, month};
pub use ordinary::{OrdinaryCycle, Statistics, days_of, ordinary_cycles, own_person, statistics};
pub use parts::Given;
pub use plan::{PlanRow, RowState, plan_rows};
pub use schedule::{
    MAX_OCCURRENCES, Occurrence, PlanPlace, Rest, Span, is_dated, occurrences, plan_place, rest_from,
};
pub use shift::{TemperatureShift, celsius, temperature_shift};
pub use sites::{Turn, next_site, turn};
pub use stock::{Expiry, Runway, runway, runways};
pub use storage::{ConsentLine, FeeLine, StorageLine, storage_ledger};
pub use today::{Today, today};
pub use two_triggers::{TwoTriggers, two_triggers};
pub use whole_plan::whole_plan;
