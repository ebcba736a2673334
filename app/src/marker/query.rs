//! What stands in the address of a marker's page.

use crate::{
    charts::time_axis::{DAY, date_of},
    ui::esc::url_segment,
};
use keepwell_domain::time::{Date, When, days_in_month};

/// The address, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// First day as written.
    pub from: Option<String>,
    /// Last day as written.
    pub to: Option<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Steps of ten.
    pub is_log: bool,
    /// Whether all rows of the table are wanted.
    pub all_rows: bool,
}

/// `first..last` in milliseconds, as zooming leaves it in the address.
#[must_use]
pub fn zoom(text: &str) -> Option<(i64, i64)> {
    let (a, b) = text.split_once("..")?;
    let (a, b) = (a.parse().ok()?, b.parse().ok()?);
    (a < b).then_some((a, b))
}

/// An address with a zoom added, when there is one.
#[must_use]
pub fn with_zoom(address: &str, zoom: Option<&str>) -> String {
    let Some(text) = zoom.filter(|z| self::zoom(z).is_some()) else { return address.to_owned() };
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}zoom={text}")
}

/// The first millisecond of a stated day, month or year.
fn first(text: &str) -> Option<i64> {
    When::parse(text).ok().map(|w| w.date().days() * DAY)
}

/// The last millisecond of a stated day, month or year.
fn last(text: &str) -> Option<i64> {
    let date = match When::parse(text).ok()? {
        When::Year(y) => Date::new(y, 12, 31).ok()?,
        When::Month(y, m) => Date::new(y, m, days_in_month(y, m)).ok()?,
        w => w.date(),
    };
    Some(date.days() * DAY + DAY - 1)
}

impl Query {
    /// Reads an address; what cannot be read is as if it were not there.
    #[must_use]
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| get(name).filter(|v| !v.is_empty());
        Self {
            from: text("from").filter(|v| first(v).is_some()),
            to: text("to").filter(|v| last(v).is_some()),
            unit: text("unit"),
            is_log: text("scale").as_deref() == Some("log"),
            all_rows: text("rows").as_deref() == Some("all"),
        }
    }
    /// First time, UTC milliseconds.
    #[must_use]
    pub fn first_ms(&self) -> Option<i64> {
        self.from.as_deref().and_then(first)
    }
    /// Last time.
    #[must_use]
    pub fn last_ms(&self) -> Option<i64> {
        self.to.as_deref().and_then(last)
    }
    /// The address that reads as this.
    #[must_use]
    pub fn address(&self, key: &str) -> String {
        let mut out = format!("/markers/{}", url_segment(key));
        let rows = self.all_rows.then_some("all");
        let scale = self.is_log.then_some("log");
        let pairs = [
            ("from", self.from.as_deref()),
            ("to", self.to.as_deref()),
            ("unit", self.unit.as_deref()),
            ("scale", scale),
            ("rows", rows),
        ];
        let mut mark = '?';
        for (name, value) in pairs {
            if let Some(v) = value {
                out.push(mark);
                out.push_str(name);
                out.push('=');
                out.push_str(&url_segment(v));
                mark = '&';
            }
        }
        out
    }
    /// This, for the days up to the last value.
    #[must_use]
    pub fn last_days(&self, days: Option<i64>, last_ms: i64) -> Self {
        let from = days.map(|d| date_of(last_ms.saturating_sub(d * DAY)).to_string());
        Self { from, to: None, all_rows: false, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Query {
        Query::read(|name| pairs.iter().find(|(k, _)| *k == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn a_day_a_month_and_a_year_begin_and_end_where_they_should() {
        assert_eq!(read(&[("from", "1970-01-02")]).first_ms(), Some(DAY));
        assert_eq!(read(&[("to", "1970")]).last_ms(), Some(365 * DAY - 1));
        assert_eq!(read(&[("to", "1970-02")]).last_ms(), Some(59 * DAY - 1));
        assert_eq!(read(&[("to", "yesterday"), ("from", "<script>")]), Query::default());
    }

    #[test]
    fn an_address_reads_as_what_it_was_made_from() {
        let q = read(&[("from", "2020-01-02"), ("unit", "10*3/uL"), ("scale", "log"), ("rows", "all")]);
        assert_eq!(
            q.address("x-a/b"),
            "/markers/x-a%2Fb?from=2020-01-02&unit=10%2A3%2FuL&scale=log&rows=all"
        );
        assert_eq!(Query::default().address("718-7"), "/markers/718-7");
    }

    #[test]
    fn the_last_year_is_counted_from_the_last_value() {
        let q = Query::default().last_days(Some(365), 19_000 * DAY + 5);
        assert_eq!(q.first_ms(), Some(18_635 * DAY));
        assert_eq!(q.last_days(None, 0), Query::default());
    }

    #[test]
    fn a_zoom_is_added_to_an_address_and_nonsense_is_not() {
        assert_eq!(with_zoom("/markers/a", Some("1..2")), "/markers/a?zoom=1..2");
        assert_eq!(with_zoom("/markers/a?unit=g", Some("-1..2")), "/markers/a?unit=g&zoom=-1..2");
        assert_eq!(with_zoom("/markers/a", Some("2..1&x")), "/markers/a");
    }

    #[test]
    fn a_zoom_is_two_times_in_order() {
        assert_eq!(zoom("-5..10"), Some((-5, 10)));
        for bad in ["", "5", "5..", "9..9", "9..1", "a..b"] {
            assert_eq!(zoom(bad), None, "{bad}");
        }
    }
}
