//! Where times are those of: the zone of what is typed, and which of two where the clocks are set back.

use super::read::Problem;
use keepwell_domain::time::Date;
use keepwell_journal::model::{
    Clock, FieldType, Fit, Moment, Offsets, TextType, Value, Zone, resolve, resolve_later,
};

/// Which of two times that the clocks show when they are set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// That of summer time.
    Earlier,
    /// That after the clocks were set back.
    Later,
}

/// Where the times of a form are those of.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The zone of this device.
    pub here: Option<Zone>,
    /// The zone that the person chose, where it is another than the form began with.
    pub chosen: Option<Zone>,
    /// Which of two times, where the person said so.
    pub fold: Option<Fold>,
}

/// Where somebody is, is not for printing.
impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Place(***)")
    }
}

impl Place {
    /// A day and, where one was typed, a time: in the zone that was chosen, else in that of what stood there
    /// before, else in the one here.
    ///
    /// # Errors
    /// [`Problem`] where they cannot be read, and where there is no such time or there are two.
    pub fn moment(
        &self,
        date: &str,
        clock: &str,
        before: Option<&Value>,
        offsets: &dyn Offsets,
    ) -> Result<Moment, Problem> {
        let date = Date::parse(date.trim()).map_err(|_| Problem::Date)?;
        if clock.trim().is_empty() {
            return Ok(Moment::day(date));
        }
        let clock = Clock::parse(clock.trim()).map_err(|_| Problem::Time)?;
        let old = match before {
            Some(Value::Text(t)) => Moment::from_text(t),
            _ => None,
        };
        let same = old.as_ref().filter(|m| m.date == date && m.clock == Some(clock));
        if let (Some(same), None, None) = (same, &self.chosen, self.fold) {
            return Ok(same.clone());
        }
        let known = || old.as_ref().and_then(|m| m.zone.clone()).or_else(|| self.here.clone());
        let Some(zone) = self.chosen.clone().or_else(known) else {
            return Ok(Moment { date, clock: Some(clock), offset: None, zone: None });
        };
        match (resolve(date, clock, &zone, offsets), self.fold) {
            (Some((_, Fit::Skipped)), _) => Err(Problem::Skipped),
            (Some((_, Fit::Twice)), None) => Err(Problem::Twice),
            (Some((first, Fit::Twice)), Some(Fold::Later)) => {
                Ok(resolve_later(date, clock, &zone, offsets).unwrap_or(first))
            }
            (Some((moment, _)), _) => Ok(moment),
            // What stood there in a zone that this browser does not know stays as it is.
            (None, _) => Ok(same.filter(|m| m.zone.as_ref() == Some(&zone)).cloned().unwrap_or(Moment {
                date,
                clock: Some(clock),
                offset: None,
                zone: Some(zone),
            })),
        }
    }

    /// [`Self::moment`] of a day that was read already.
    ///
    /// # Errors
    /// As there.
    pub fn moment_on(
        &self,
        date: Date,
        clock: &str,
        before: Option<&Moment>,
        offsets: &dyn Offsets,
    ) -> Result<Moment, Problem> {
        self.moment(&date.to_string(), clock, before.map(FieldType::to_value).as_ref(), offsets)
    }
}

/// Which of two times a moment is; `None` where its clocks showed it once.
#[must_use]
pub fn fold_of(at: &Moment, offsets: &dyn Offsets) -> Option<Fold> {
    let (clock, zone) = (at.clock?, at.zone.as_ref()?);
    let later = resolve_later(at.date, clock, zone, offsets)?;
    Some(if later.offset == at.offset { Fold::Later } else { Fold::Earlier })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::forms::{Field, Input, Raw, read};
    use keepwell_domain::time::Ts;

    /// Summer time of 2026 in Berlin; New York is five hours behind, Madrid has the time of Berlin.
    struct Summer;
    impl Offsets for Summer {
        fn offset_at(&self, zone: &Zone, at: Ts) -> Option<i16> {
            let change = |t: &str| Moment::from_text(t).and_then(|m| m.instant());
            let is_summer = at >= change("2026-03-29T01:00Z")? && at < change("2026-10-25T01:00Z")?;
            let summer = if is_summer { 60 } else { 0 };
            match zone.as_str() {
                "Europe/Berlin" | "Europe/Madrid" => Some(60 + summer),
                "America/New_York" => Some(-300),
                _ => None,
            }
        }
    }

    fn zone(name: &str) -> Option<Zone> {
        Zone::parse(name).ok()
    }
    fn here() -> Place {
        Place { here: zone("Europe/Berlin"), ..Place::default() }
    }
    fn typed(place: &Place, day: &str, at: &str, before: Option<&str>) -> Result<String, Problem> {
        let raw = Raw { text: day.into(), extra: at.into(), ..Raw::default() };
        let before = before.map(Value::text);
        match read(&Field::of("x", Input::Moment), &raw, before.as_ref(), place, &Summer)? {
            Some(Value::Text(text)) => Ok(text),
            _ => panic!("a text"),
        }
    }

    #[test]
    fn time_that_the_clocks_skip_is_asked_back() {
        let at = |clock: &str, before: Option<&str>| typed(&here(), "2026-03-29", clock, before);
        assert_eq!(at("02:30", None), Err(Problem::Skipped));
        assert_eq!(at("03:30", None).unwrap(), "2026-03-29T03:30+02:00[Europe/Berlin]");
        assert!(at("01:59", None).is_ok());
        // What stands there already is not asked about.
        let before = "2026-03-29T02:30[Europe/Berlin]";
        assert_eq!(at("02:30", Some(before)).unwrap(), before);
    }

    #[test]
    fn time_that_comes_twice_is_asked_back_until_it_is_said_which() {
        let at = |fold, before| typed(&Place { fold, ..here() }, "2026-10-25", "02:30", before);
        assert_eq!(at(None, None), Err(Problem::Twice));
        let (first, second) =
            ("2026-10-25T02:30+02:00[Europe/Berlin]", "2026-10-25T02:30+01:00[Europe/Berlin]");
        assert_eq!(at(Some(Fold::Earlier), None).unwrap(), first);
        assert_eq!(at(Some(Fold::Later), None).unwrap(), second);
        // What is kept stays, and can be said anew.
        assert_eq!(at(None, Some(second)).unwrap(), second);
        assert_eq!(at(Some(Fold::Earlier), Some(second)).unwrap(), first);
        let fold = |t: &str| fold_of(&Moment::from_text(t).unwrap(), &Summer);
        assert_eq!((fold(first), fold(second)), (Some(Fold::Earlier), Some(Fold::Later)));
        assert_eq!(fold("2026-10-25T03:30+01:00[Europe/Berlin]"), None);
        // Said for nothing, it changes nothing.
        let later = Place { fold: Some(Fold::Later), ..here() };
        assert_eq!(
            typed(&later, "2026-10-25", "04:00", None).unwrap(),
            "2026-10-25T04:00+01:00[Europe/Berlin]"
        );
    }

    #[test]
    fn time_keeps_the_zone_in_which_it_was_entered_unless_another_is_chosen() {
        let before = "2026-03-02T21:30-05:00[America/New_York]";
        let at = |place: &Place, clock: &str| typed(place, "2026-03-02", clock, Some(before)).unwrap();
        assert_eq!(at(&here(), "21:45"), "2026-03-02T21:45-05:00[America/New_York]");
        assert_eq!(at(&here(), "21:30"), before);
        let madrid = Place { chosen: zone("Europe/Madrid"), ..here() };
        assert_eq!(at(&madrid, "21:30"), "2026-03-02T21:30+01:00[Europe/Madrid]");
        // Also a trigger that is put off by "the nurse called", and a new one is one of the zone here.
        let put_off = |place: &Place, before: Option<&str>| {
            let before = before.and_then(Moment::from_text);
            let day = Date::parse("2026-03-02").unwrap();
            place.moment_on(day, "22:00", before.as_ref(), &Summer).unwrap().to_text()
        };
        assert_eq!(put_off(&here(), Some(before)), "2026-03-02T22:00-05:00[America/New_York]");
        assert_eq!(put_off(&here(), None), "2026-03-02T22:00+01:00[Europe/Berlin]");
        assert_eq!(put_off(&madrid, None), "2026-03-02T22:00+01:00[Europe/Madrid]");
    }

    #[test]
    fn zone_that_the_browser_does_not_know_loses_nothing() {
        let before = "2026-03-02T21:30+03:00[Mars/Olympus]";
        let fold = Place { fold: Some(Fold::Later), ..here() };
        assert_eq!(typed(&fold, "2026-03-02", "21:30", Some(before)).unwrap(), before);
        assert_eq!(
            typed(&here(), "2026-03-02", "22:00", Some(before)).unwrap(),
            "2026-03-02T22:00[Mars/Olympus]"
        );
    }
}
