//! The states of an embryo. It is in exactly one, which follows from its events; an event that cannot
//! happen in that state is refused.

use super::{code::codes, lab::EmbryoEvent, told::Told};

codes! {
    /// What happens to an embryo.
    EventKind {
        /// Looked at and graded. Changes nothing.
        Observed = "observed",
        Biopsied = "biopsied",
        /// A result of the test came. Changes nothing.
        Tested = "tested",
        Frozen = "frozen",
        /// Moved to another place of storage.
        Moved = "moved",
        Thawed = "thawed",
        Transferred = "transferred",
        /// Stopped growing.
        Arrested = "arrested",
        Discarded = "discarded",
        Donated = "donated",
        /// Known what became of it after the transfer.
        Outcome = "outcome",
    }
    /// What a genetic test found. No chances follow from it here.
    Pgt {
        Euploid = "euploid", LowMosaic = "low_mosaic", HighMosaic = "high_mosaic", Mosaic = "mosaic",
        Aneuploid = "aneuploid", Segmental = "segmental",
        /// Not affected (PGT-M, PGT-SR).
        Unaffected = "unaffected",
        Carrier = "carrier", Affected = "affected",
        NoResult = "no_result", Inconclusive = "inconclusive",
    }
    /// Which genetic test.
    PgtKind { Aneuploidy = "pgt_a", Monogenic = "pgt_m", Structural = "pgt_sr", Polygenic = "pgt_p" }
    /// The chromosomes of sex that a test found.
    Sex { Xx = "xx", Xy = "xy", Other = "other" }
    /// What became of an embryo after its transfer.
    EmbryoOutcome {
        NotImplanted = "not_implanted", Biochemical = "biochemical", Miscarriage = "miscarriage",
        Ectopic = "ectopic", Ongoing = "ongoing", Born = "born", Stillborn = "stillborn", Ended = "ended",
    }
    /// The one state of an embryo.
    EmbryoState {
        /// In culture.
        Growing = "growing",
        Frozen = "frozen",
        Thawed = "thawed",
        /// The thaw went wrong.
        NotSurvived = "not_survived",
        Transferred = "transferred",
        Arrested = "arrested",
        Discarded = "discarded",
        Donated = "donated",
        /// Known what became of it after the transfer.
        Concluded = "concluded",
    }
}

/// An event that cannot happen in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the event cannot happen in the state of the embryo")]
pub struct Impossible {
    /// The state it was in.
    pub from: EmbryoState,
    /// What was to happen.
    pub event: EventKind,
}

impl EmbryoState {
    /// Whether it may still be used.
    #[must_use]
    pub const fn is_available(self) -> bool {
        matches!(self, Self::Growing | Self::Frozen | Self::Thawed)
    }

    /// The state after an event.
    ///
    /// # Errors
    /// [`Impossible`] where the event cannot happen in this state.
    pub fn after(self, event: &EmbryoEvent) -> Result<Self, Impossible> {
        let Told::Known(what) = event.what else { return Ok(self) };
        let refused = Impossible { from: self, event: what };
        let living = matches!(self, Self::Growing | Self::Thawed);
        match what {
            EventKind::Observed if living => Ok(self),
            EventKind::Biopsied if living => Ok(self),
            // Results come while it is frozen, and a late one may come after anything.
            EventKind::Tested => Ok(self),
            EventKind::Frozen if living => Ok(Self::Frozen),
            EventKind::Moved if self == Self::Frozen => Ok(self),
            EventKind::Thawed if self == Self::Frozen => {
                Ok(if event.survived == Told::Known(false) { Self::NotSurvived } else { Self::Thawed })
            }
            EventKind::Transferred if living => Ok(Self::Transferred),
            EventKind::Arrested if living => Ok(Self::Arrested),
            EventKind::Discarded
                if !matches!(self, Self::Transferred | Self::Concluded | Self::Discarded | Self::Donated) =>
            {
                Ok(Self::Discarded)
            }
            EventKind::Donated if self.is_available() => Ok(Self::Donated),
            EventKind::Outcome if matches!(self, Self::Transferred | Self::Concluded) => Ok(Self::Concluded),
            _ => Err(refused),
        }
    }
}

/// An embryo's state and the events that do not fit, by their place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The state now.
    pub state: EmbryoState,
    /// Events that were left out because they cannot have happened: two devices may each have written
    /// one that was possible where it was written.
    pub impossible: Vec<(usize, Impossible)>,
}

/// Follows events that are in their order in time.
#[must_use]
pub fn follow(events: &[EmbryoEvent]) -> Course {
    let mut course = Course { state: EmbryoState::Growing, impossible: Vec::new() };
    for (i, event) in events.iter().enumerate() {
        match course.state.after(event) {
            Ok(next) => course.state = next,
            Err(why) => course.impossible.push((i, why)),
        }
    }
    course
}
