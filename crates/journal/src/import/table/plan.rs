//! How a table is to be read.

use crate::model::open_codes;

open_codes! {
    /// What a column holds.
    Column {
        Date = "date", Temperature = "temperature", Time = "time", Bleeding = "bleeding",
        Mucus = "mucus", LhTest = "lh_test", PregnancyTest = "pregnancy_test", Symptoms = "symptoms",
        Feelings = "feelings", Note = "note",
        /// Kept word by word.
        Other = "other",
        /// Left out on purpose.
        Skip = "skip",
    }
    /// The order of day, month and year where it is not that of ISO 8601.
    DateOrder {
        DayFirst = "day_first", MonthFirst = "month_first",
        /// With a year of two digits.
        YearFirst = "year_first",
    }
    /// The unit of temperatures that stand there without one.
    Scale {
        Celsius = "celsius", Fahrenheit = "fahrenheit",
        /// Each as its size says.
        BySize = "by_size",
    }
    /// What numbers of bleeding mean, from 0 upwards.
    BleedingScale {
        NoneToVeryHeavy = "none_to_very_heavy", NoneSpottingToHeavy = "none_spotting_to_heavy",
        SpottingToHeavy = "spotting_to_heavy", NoYes = "no_yes",
    }
}

/// How a table is to be read: what the reader guesses, and the person may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePlan {
    /// What stands between cells.
    pub delimiter: u8,
    /// Whether the first row names the columns.
    pub has_head: bool,
    /// What each column holds.
    pub columns: Vec<Column>,
    /// The order of dates that may be read in more than one; `None` while nobody has said.
    pub dates: Option<DateOrder>,
    /// The unit of temperatures without one; `None` where they say it by their size.
    pub unit: Option<Scale>,
    /// What numbers of bleeding mean; `None` while nobody has said: then they are kept as they stand.
    pub bleeding: Option<BleedingScale>,
    /// Whether 0 and 1 are results of tests, negative and positive. Else they are kept as they stand.
    pub has_digit_results: bool,
}

impl TablePlan {
    /// The plan in one line of codes, to be kept.
    #[must_use]
    pub fn to_line(&self) -> String {
        let columns: Vec<&str> = self.columns.iter().map(|c| c.as_str()).collect();
        let flag = |is: bool| if is { "yes" } else { "" };
        [
            self.delimiter.to_string().as_str(),
            flag(self.has_head),
            &columns.join(" "),
            self.dates.map_or("", DateOrder::as_str),
            self.unit.map_or("", Scale::as_str),
            self.bleeding.map_or("", BleedingScale::as_str),
            flag(self.has_digit_results),
        ]
        .join(";")
    }

    /// The plan of such a line.
    #[must_use]
    pub fn from_line(line: &str) -> Option<Self> {
        let parts: Vec<&str> = line.split(';').collect();
        let [delimiter, head, columns, dates, unit, bleeding, results] = <[&str; 7]>::try_from(parts).ok()?;
        Some(Self {
            delimiter: delimiter.parse().ok().filter(u8::is_ascii)?,
            has_head: head == "yes",
            columns: columns.split(' ').map(Column::parse).collect::<Option<_>>()?,
            dates: DateOrder::parse(dates),
            unit: Scale::parse(unit),
            bleeding: BleedingScale::parse(bleeding),
            has_digit_results: results == "yes",
        })
    }
}
