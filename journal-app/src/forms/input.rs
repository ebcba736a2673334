//! The kinds of controls.

use crate::words::coded::Set;
use keepwell_journal::model::Kind;

/// The codes of an enum of the journal, with the name under which their words stand.
#[derive(Clone, Copy)]
pub struct Codes {
    /// Name of the set.
    pub set: &'static str,
    /// The codes in the order in which they are offered.
    pub all: fn() -> Vec<&'static str>,
}

/// How a field is filled in.
#[derive(Clone, Copy)]
pub enum Input {
    /// A line.
    Text,
    /// Several lines.
    Long,
    /// A whole number.
    Int,
    /// Yes or no.
    Flag,
    /// A day.
    Date,
    /// A day and, where known, a time.
    Moment,
    /// A time of day.
    Clock,
    /// Several times of day.
    Clocks,
    /// A number with a unit; suggestions for the unit. The first is filled in, none where it is empty.
    Amount(&'static [&'static str]),
    /// How much of a drug; suggestions for the unit, which has to be said.
    Dose(&'static [&'static str]),
    /// One of a set.
    Code(Codes),
    /// Any of a set.
    CodeList(Codes),
    /// Another entity.
    Ref(Kind),
    /// Other entities.
    RefList(Kind),
    /// Words, one to a line.
    Words,
    /// Words, one to a line, some of them codes of other apps.
    Coded(Set),
    /// Follicles in mm, apart by spaces.
    Sizes,
    /// Follicles by size: `10-14: 4`.
    Bands,
    /// When an item of the plan is due.
    When,
    /// A time zone.
    Zone,
    /// Who says so, and their name.
    Source(Codes),
    /// Known symptoms, and words of one's own.
    Symptoms,
}

/// One field of a form.
#[derive(Clone, Copy)]
pub struct Field {
    /// Its name in the journal.
    pub name: &'static str,
    /// How it is filled in.
    pub input: Input,
    /// Whether it can be said why there is no value.
    pub told: bool,
    /// Whether it is folded away at first.
    pub more: bool,
}

impl Field {
    /// A field that is always shown.
    #[must_use]
    pub const fn of(name: &'static str, input: Input) -> Self {
        Self { name, input, told: false, more: false }
    }
    /// With a choice of why there is no value.
    #[must_use]
    pub const fn told(self) -> Self {
        Self { told: true, ..self }
    }
    /// Folded away at first.
    #[must_use]
    pub const fn more(self) -> Self {
        Self { more: true, ..self }
    }
}

/// The fields of a kind.
pub struct Form {
    /// The kind.
    pub kind: Kind,
    /// Its fields in the order in which they are asked for.
    pub fields: &'static [Field],
}

/// The set of codes of an enum of the journal.
macro_rules! set {
    ($($path:ident)::+ as $name:literal) => {
        $crate::forms::Codes {
            set: $name,
            all: || keepwell_journal::model::$($path)::+::ALL.iter().map(|c| c.as_str()).collect(),
        }
    };
}
pub(crate) use set;
