//! From what was typed to what is kept, and back.

use super::{
    input::{Field, Input},
    place::Place,
};
use keepwell_domain::{measure::Number, time::Date};
use keepwell_journal::model::{
    Absence, Amount, BadTyped, Clock, EntityId, FieldType, Moment, Offsets, PlanWhen, Source, SourceKind,
    TextType, Value, Zone, diary::Symptom, journey::KeyDate, monitor::SizeBand,
};

/// What the controls of one field hold. Which parts are used depends on the [`Input`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Raw {
    /// The main control.
    pub text: String,
    /// Unit, time of day, or the base of a plan.
    pub extra: String,
    /// Offset of a plan from its base, and the direction; otherwise empty.
    pub third: String,
    /// Ticked choices.
    pub ticked: Vec<String>,
    /// Why there is no value: a code of [`Absence`], or empty.
    pub why: String,
}

/// Health data is not for printing.
impl std::fmt::Debug for Raw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Raw(***)")
    }
}

/// Why a field cannot be taken as it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No number.
    #[error("not a number")]
    Number,
    /// `1,250` may be a thousand or a decimal.
    #[error("a thousand or a decimal")]
    Thousand,
    /// A number that says little without its unit.
    #[error("no unit")]
    Unit,
    /// No date.
    #[error("not a date")]
    Date,
    /// No time of day.
    #[error("not a time")]
    Time,
    /// The clocks are set forward past that time.
    #[error("a time that is skipped")]
    Skipped,
    /// The clocks are set back and show that time twice.
    #[error("a time that comes twice")]
    Twice,
    /// No list of sizes.
    #[error("not a list of sizes")]
    Sizes,
    /// `14,12` may be one size or two.
    #[error("sizes not apart by spaces")]
    Parted,
    /// A name of whom nobody knows what they are.
    #[error("a source without a kind")]
    Source,
    /// Hours do not go with a time of day.
    #[error("hours and a time")]
    HoursAndTime,
    /// Hours from what has a day only.
    #[error("hours after a day")]
    HoursAfterDay,
    /// No such zone.
    #[error("not a time zone")]
    Zone,
    /// Both on a day and counted from a key date.
    #[error("a day and a count")]
    DayAndCount,
}

/// What a field holds now, as its controls show it.
#[must_use]
pub fn shown(input: Input, value: Option<&Value>) -> Raw {
    let mut raw = Raw::default();
    match (input, value) {
        (_, None) => {}
        (_, Some(Value::Absent(why))) => raw.why = why.as_str().to_owned(),
        (Input::Flag, Some(Value::Flag(b))) => raw.text = if *b { "yes" } else { "no" }.to_owned(),
        (_, Some(Value::Int(n))) => raw.text = n.to_string(),
        (Input::Amount(_) | Input::Dose(_), Some(Value::Text(t))) => {
            let amount = Amount::from_text(t);
            raw.text = amount.as_ref().map_or(t.clone(), |a| {
                format!("{}{}", a.comparator.map_or("", |c| c.as_str()), a.number.as_str())
            });
            raw.extra = amount.map_or(String::new(), |a| a.unit);
        }
        (Input::Moment, Some(Value::Text(t))) => {
            if let Some(m) = Moment::from_text(t) {
                raw.text = m.date.to_string();
                raw.extra = m.clock.map_or(String::new(), |c| c.to_string());
            }
        }
        (Input::When, Some(Value::Text(t))) => when_shown(t, &mut raw),
        (Input::Source(_), Some(Value::Text(t))) => match Source::from_text(t) {
            Some(source) => {
                raw.text = source.kind.as_str().to_owned();
                raw.extra = source.detail.unwrap_or_default();
            }
            None => raw.text.clone_from(t),
        },
        (Input::Sizes, Some(Value::List(l))) => {
            raw.text = l.join(" ");
            if l.is_empty() {
                raw.text = "0".to_owned();
            }
        }
        (Input::Bands, Some(Value::List(l))) => {
            raw.text = l.iter().map(|b| b.replace("..", "–")).collect::<Vec<_>>().join("\n");
        }
        (Input::Symptoms, Some(Value::List(l))) => {
            let (known, own): (Vec<String>, Vec<String>) =
                l.iter().cloned().partition(|s| Symptom::KNOWN.contains(&s.as_str()));
            raw.ticked = known;
            raw.text = own.join("\n");
        }
        (Input::CodeList(_) | Input::RefList(_), Some(Value::List(l))) => raw.ticked.clone_from(l),
        (Input::Clocks, Some(Value::List(l))) => raw.text = l.join(" "),
        (_, Some(Value::List(l))) => raw.text = l.join("\n"),
        (_, Some(Value::Text(t))) => raw.text.clone_from(t),
        (_, Some(Value::Flag(b))) => raw.text = b.to_string(),
    }
    raw
}

fn when_shown(text: &str, raw: &mut Raw) {
    match PlanWhen::from_text(text) {
        Some(PlanWhen::Absolute(m)) => {
            raw.text = m.date.to_string();
            raw.extra = m.clock.map_or(String::new(), |c| c.to_string());
        }
        Some(PlanWhen::Days { from, days, clock }) => {
            raw.third = format!("{}{days:+}", from.as_str());
            raw.extra = clock.map_or(String::new(), |c| c.to_string());
        }
        Some(PlanWhen::Minutes { from, minutes }) => {
            let (sign, all) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
            let rest = if all % 60 == 0 { String::new() } else { format!(":{:02}", all % 60) };
            raw.third = format!("{}{sign}{}{rest}h", from.as_str(), all / 60);
        }
        None => raw.third = text.to_owned(),
    }
}

/// What is to be kept of what was typed; `None` where nothing was. `before` is what the field holds now:
/// a time keeps its zone unless another is chosen.
///
/// # Errors
/// [`Problem`] where it cannot be read; nothing is guessed.
pub fn read(
    field: &Field,
    raw: &Raw,
    before: Option<&Value>,
    place: &Place,
    offsets: &dyn Offsets,
) -> Result<Option<Value>, Problem> {
    let text = raw.text.trim();
    // A reason that stood there before says nothing against a value that was typed beside it.
    let is_typed = !text.is_empty() || !raw.ticked.is_empty();
    if let Some(why) = Absence::parse(&raw.why)
        && !(is_typed && before == Some(&Value::Absent(why)))
    {
        return Ok(Some(Value::Absent(why)));
    }
    if let Input::CodeList(_) | Input::RefList(_) | Input::Symptoms = field.input {
        let own = text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned);
        let all: Vec<String> = raw.ticked.iter().cloned().chain(own).collect();
        return Ok((!all.is_empty()).then_some(Value::List(all)));
    }
    let is_counted = matches!(field.input, Input::When) && !raw.third.is_empty();
    if let (Input::Source(_), "") = (field.input, text)
        && !raw.extra.trim().is_empty()
    {
        return Err(Problem::Source);
    }
    if text.is_empty() && !is_counted {
        // A time says nothing without its day.
        let is_lost = matches!(field.input, Input::Moment | Input::When) && !raw.extra.trim().is_empty();
        return if is_lost { Err(Problem::Date) } else { Ok(None) };
    }
    if is_counted && !text.is_empty() && shown(field.input, before).text != text {
        return Err(Problem::DayAndCount);
    }
    let moment = |date: &str, clock: &str| place.moment(date, clock, before, offsets);
    let value = match field.input {
        Input::Int => Value::Int(text.parse().map_err(|_| Problem::Number)?),
        Input::Flag => Value::Flag(text == "yes"),
        Input::Date => Date::parse(text).map_err(|_| Problem::Date)?.to_value(),
        Input::Moment => moment(text, &raw.extra)?.to_value(),
        Input::When => when(raw, &moment)?.to_value(),
        Input::Clock => Clock::parse(text).map_err(|_| Problem::Time)?.to_value(),
        Input::Clocks => {
            let all: Result<Vec<Clock>, _> =
                text.split([' ', ',', ';']).filter(|p| !p.is_empty()).map(Clock::parse).collect();
            all.map_err(|_| Problem::Time)?.to_value()
        }
        // A dose that was kept without a unit is left so.
        Input::Dose(_) if shown(field.input, before).text != text => typed_dose(text, &raw.extra)?.to_value(),
        Input::Amount(_) | Input::Dose(_) => amount(text, &raw.extra, before)?.to_value(),
        Input::Sizes => sizes(text)?.to_value(),
        Input::Bands => bands(text)?.to_value(),
        Input::Source(_) => source(text, &raw.extra),
        Input::Zone => Zone::parse(text).map_err(|_| Problem::Zone)?.to_value(),
        Input::Ref(_) => EntityId::parse(text).map_err(|_| Problem::Number)?.to_value(),
        Input::Words | Input::Coded(_) => {
            Value::List(text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect())
        }
        _ => Value::text(text),
    };
    Ok(Some(value))
}

/// Whether what was read of a form is something else than what its field began with. Where no control shows why there is
/// no value, nothing typed is no change of that.
#[must_use]
pub fn is_changed(field: &Field, value: Option<&Value>, start: Option<&Value>) -> bool {
    match (value, start) {
        (None, Some(Value::Absent(why))) => field.told && *why != Absence::Unknown,
        (None, Some(Value::List(all))) => !all.is_empty() || field.told,
        (value, start) => value != start,
    }
}

/// A number and a unit. A number that stood in the field already stays as it is: it was read from the journal.
fn amount(text: &str, unit: &str, before: Option<&Value>) -> Result<Amount, Problem> {
    if shown(Input::Amount(&[]), before).text == text {
        return Amount::new(text, unit).map_err(|_| Problem::Number);
    }
    typed_amount(text, unit)
}

/// A number and a unit as a person types them.
///
/// # Errors
/// [`Problem`] where it is no number, or may be two.
pub fn typed_amount(number: &str, unit: &str) -> Result<Amount, Problem> {
    Amount::typed(number, unit).map_err(|bad| match bad {
        BadTyped::NoNumber => Problem::Number,
        BadTyped::Thousand => Problem::Thousand,
    })
}

/// How much of a drug, which says little without its unit.
///
/// # Errors
/// [`Problem`] as for any amount, and where the unit is missing.
pub fn typed_dose(number: &str, unit: &str) -> Result<Amount, Problem> {
    let dose = typed_amount(number, unit)?;
    if dose.unit.is_empty() { Err(Problem::Unit) } else { Ok(dose) }
}

/// Who says so; a kind that a newer version wrote stays as it is.
fn source(kind: &str, name: &str) -> Value {
    let detail = Some(name.trim()).filter(|n| !n.is_empty()).map(str::to_owned);
    SourceKind::parse(kind).map_or_else(|| Value::text(kind), |kind| Source { kind, detail }.to_value())
}

fn when(raw: &Raw, moment: &dyn Fn(&str, &str) -> Result<Moment, Problem>) -> Result<PlanWhen, Problem> {
    let third = raw.third.trim();
    if third.is_empty() {
        return moment(&raw.text, &raw.extra).map(PlanWhen::Absolute);
    }
    if let Some(whole) = PlanWhen::from_text(third) {
        return Ok(whole);
    }
    let at = third.find(['+', '-']).ok_or(Problem::Number)?;
    let (from, days) = third.split_at(at);
    let from = KeyDate::parse(from).ok_or(Problem::Date)?;
    let clock = raw.extra.trim();
    if let Some(hours) = days.strip_suffix('h') {
        let minutes = minutes(hours).ok_or(Problem::Number)?;
        return match (clock, from.has_clock()) {
            ("", true) => Ok(PlanWhen::Minutes { from, minutes }),
            ("", false) => Err(Problem::HoursAfterDay),
            _ => Err(Problem::HoursAndTime),
        };
    }
    let days = days.parse().map_err(|_| Problem::Number)?;
    let clock = if clock.is_empty() { None } else { Some(Clock::parse(clock).map_err(|_| Problem::Time)?) };
    Ok(PlanWhen::Days { from, days, clock })
}

/// Minutes of `+36`, `-1:30`, `+36.5` hours; `None` for what is no number of whole minutes.
fn minutes(hours: &str) -> Option<i32> {
    let (sign, text) = match hours.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, hours.strip_prefix('+').unwrap_or(hours)),
    };
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit()).then(|| t.parse::<i32>().ok()).flatten();
    let all = if let Some((whole, rest)) = text.split_once(':') {
        let rest = digits(rest).filter(|m| rest.len() == 2 && *m < 60)?;
        digits(whole)?.checked_mul(60)?.checked_add(rest)?
    } else if let Some((whole, part)) = text.split_once([',', '.']) {
        let scale = 10_i32.checked_pow(u32::try_from(part.len()).ok()?)?;
        let sixtieths = digits(part)?.checked_mul(60)?;
        let rest = (sixtieths % scale == 0).then_some(sixtieths / scale)?;
        digits(whole)?.checked_mul(60)?.checked_add(rest)?
    } else {
        digits(text)?.checked_mul(60)?
    };
    Some(sign * all)
}

/// `14 12.5 11,5`; a single 0 says that there were none.
fn sizes(text: &str) -> Result<Vec<Number>, Problem> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ';' | '/' | '+'));
    let one = |p: &str| match p.split_once(',') {
        // Sizes are told to a tenth of a millimetre: 14,12 is rather two of them.
        Some((_, rest)) if rest.len() > 1 => Err(Problem::Parted),
        _ => Number::parse(&p.replace(',', ".")).map_err(|_| Problem::Sizes),
    };
    let all: Result<Vec<Number>, _> =
        parts.map(|p| p.trim_matches(',')).filter(|p| !p.is_empty()).map(one).collect();
    let all = all?;
    if all.iter().any(|n| n.value() < 0.0) {
        return Err(Problem::Sizes);
    }
    Ok(if all.len() == 1 && all[0].value() == 0.0 { Vec::new() } else { all })
}

/// `10-14: 4`, one to a line or apart by commas.
fn bands(text: &str) -> Result<Vec<SizeBand>, Problem> {
    let parts = text.split(['\n', ',', ';']).map(str::trim).filter(|p| !p.is_empty());
    let one = |p: &str| {
        let plain: String =
            p.replace("..", "-").replace('–', "-").chars().filter(|c| !c.is_whitespace()).collect();
        SizeBand::from_text(&plain.replacen('-', "..", 1)).ok_or(Problem::Sizes)
    };
    parts.map(one).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use keepwell_domain::time::Ts;

    struct Plus(i16);
    impl Offsets for Plus {
        fn offset_at(&self, _: &Zone, _: Ts) -> Option<i16> {
            Some(self.0)
        }
    }
    fn typed(input: Input, raw: &Raw, before: Option<&Value>) -> Result<Option<Value>, Problem> {
        let here = Place { here: Zone::parse("Europe/Berlin").ok(), ..Place::default() };
        read(&Field::of("x", input), raw, before, &here, &Plus(60))
    }
    fn text(t: &str) -> Raw {
        Raw { text: t.to_owned(), ..Raw::default() }
    }

    const SOURCES: crate::forms::Codes = crate::forms::input::set!(SourceKind as "source");

    #[test]
    fn hours_are_counted_from_what_has_a_time() {
        let when = |third: &str, extra: &str| {
            let raw = Raw { third: third.into(), extra: extra.into(), ..Raw::default() };
            typed(Input::When, &raw, None)
        };
        let kept = |t: &str| Ok(Some(Value::text(t)));
        assert_eq!(when("trigger+36h", ""), kept("trigger+2160m"));
        for hours in ["trigger+36:30h", "trigger+36.5h", "trigger+36,5h"] {
            assert_eq!(when(hours, ""), kept("trigger+2190m"));
        }
        assert_eq!(when("retrieval-2h", ""), kept("retrieval-120m"));
        assert_eq!(when("trigger+36h", "09:00"), Err(Problem::HoursAndTime));
        assert_eq!(when("cycle_start+36h", ""), Err(Problem::HoursAfterDay));
        for bad in ["trigger+h", "trigger+36:5h", "trigger+36:75h", "trigger+0.333h", "trigger+few h"] {
            assert_eq!(when(bad, ""), Err(Problem::Number), "{bad}");
        }
    }

    #[test]
    fn name_alone_does_not_say_who_they_are() {
        let name = Raw { extra: "Ines".into(), ..Raw::default() };
        assert_eq!(typed(Input::Source(SOURCES), &name, None), Err(Problem::Source));
        assert_eq!(typed(Input::Source(SOURCES), &text(""), None), Ok(None));
    }

    #[test]
    fn nothing_typed_is_nothing_kept_and_zero_is_a_value() {
        assert_eq!(typed(Input::Int, &text(" "), None), Ok(None));
        assert_eq!(typed(Input::Int, &text("0"), None), Ok(Some(Value::Int(0))));
        let why = Raw { why: "not_told".to_owned(), ..text("7") };
        assert_eq!(typed(Input::Int, &why, None), Ok(Some(Value::Absent(Absence::NotTold))));
        // A reason that was there before gives way to the number that is told at last.
        let before = Value::Absent(Absence::NotTold);
        assert_eq!(typed(Input::Int, &why, Some(&before)), Ok(Some(Value::Int(7))));
        let still = Raw { why: "not_told".to_owned(), ..Raw::default() };
        assert_eq!(typed(Input::Int, &still, Some(&before)), Ok(Some(before.clone())));
        let other = Raw { why: "not_done".to_owned(), ..Raw::default() };
        assert_eq!(typed(Input::Int, &other, Some(&before)), Ok(Some(Value::Absent(Absence::NotDone))));
        assert_eq!(typed(Input::Sizes, &text("0"), None), Ok(Some(Value::List(Vec::new()))));
    }

    #[test]
    fn a_time_without_its_day_and_a_day_beside_a_count_are_asked_back() {
        let raw = |text: &str, extra: &str, third: &str| Raw {
            text: text.into(),
            extra: extra.into(),
            third: third.into(),
            ..Raw::default()
        };
        for input in [Input::Moment, Input::When] {
            assert_eq!(typed(input, &raw("", "10:30", ""), None), Err(Problem::Date));
            assert_eq!(typed(input, &raw("", "", ""), None), Ok(None));
        }
        let both = raw("2026-03-02", "", "trigger+2");
        assert_eq!(typed(Input::When, &both, None), Err(Problem::DayAndCount));
        // The day that it stood on is left behind by a count.
        let before = Value::text("2026-03-02");
        let counted = typed(Input::When, &both, Some(&before)).unwrap();
        assert_eq!(shown(Input::When, counted.as_ref()).third, "trigger+2");
    }

    #[test]
    fn only_what_a_person_changed_is_a_change() {
        let (told, plain) = (Field::of("x", Input::Int).told(), Field::of("x", Input::Int));
        let (one, two) = (Value::Int(1), Value::Int(2));
        let (unknown, not_done) = (Value::Absent(Absence::Unknown), Value::Absent(Absence::NotDone));
        let none = Value::List(Vec::new());
        assert!(!is_changed(&plain, Some(&one), Some(&one)) && is_changed(&plain, Some(&two), Some(&one)));
        assert!(is_changed(&plain, Some(&one), None) && is_changed(&plain, None, Some(&one)));
        assert!(!is_changed(&plain, None, None) && !is_changed(&told, None, Some(&unknown)));
        // The reason can be taken back where it is shown, and is left where it is not.
        assert!(is_changed(&told, None, Some(&not_done)) && !is_changed(&plain, None, Some(&not_done)));
        assert!(!is_changed(&plain, None, Some(&none)), "nothing hurt is not unknown");
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        assert_eq!(typed(Input::Int, &text("few"), None), Err(Problem::Number));
        assert_eq!(typed(Input::Amount(&["IU"]), &text("1a"), None), Err(Problem::Number));
        assert_eq!(typed(Input::Dose(&["IU", "mg"]), &text("0.25"), None), Err(Problem::Unit));
        let kept = Amount::new("2", "").unwrap().to_value();
        assert!(typed(Input::Dose(&["IU", "mg"]), &text("2"), Some(&kept)).is_ok(), "as it was kept");
        assert_eq!(typed(Input::Date, &text("1.2.2026"), None), Err(Problem::Date));
        assert_eq!(typed(Input::Sizes, &text("12 x"), None), Err(Problem::Sizes));
        assert_eq!(typed(Input::Bands, &text("14-10: 3"), None), Err(Problem::Sizes));
    }

    #[test]
    fn what_may_be_two_things_is_asked_back() {
        let amount = |t: &str, before: Option<&Value>| {
            typed(Input::Amount(&["IU/L"]), &Raw { extra: "IU/L".into(), ..text(t) }, before)
        };
        assert_eq!(amount("1,250", None), Err(Problem::Thousand));
        assert_eq!(amount("1.250", None), Err(Problem::Thousand));
        assert_eq!(amount("1,250.5", None), Ok(Some(Value::text("1250.5 IU/L"))));
        // What another reader wrote is not asked about again.
        let before = Value::text("1.250 mIU/mL");
        assert_eq!(amount("1.250", Some(&before)), Ok(Some(Value::text("1.250 IU/L"))));

        let sizes = |t: &str| typed(Input::Sizes, &text(t), None);
        for unclear in ["14,12", "14,12,11", "12,5,11", "9 14,12"] {
            assert_eq!(sizes(unclear), Err(Problem::Parted), "{unclear}");
        }
        let list = |all: &[&str]| Ok(Some(Value::List(all.iter().map(|s| (*s).to_owned()).collect())));
        assert_eq!(sizes("12,5 11"), list(&["12.5", "11"]));
        assert_eq!(sizes("14, 12,5, 11"), list(&["14", "12.5", "11"]));
    }

    #[test]
    fn what_is_kept_is_shown_as_it_was_typed() {
        let amount = Raw { text: "112.5".into(), extra: "IU".into(), ..Raw::default() };
        let day = Raw { text: "2026-03-02".into(), extra: "21:30".into(), ..Raw::default() };
        let plan = Raw { third: "trigger+2".into(), extra: "09:00".into(), ..Raw::default() };
        let ticks = Raw { ticked: vec!["cramps".into()], text: "own word".into(), ..Raw::default() };
        for (input, raw) in [
            (Input::Amount(&["IU"]), amount),
            (Input::Moment, day.clone()),
            (Input::When, day),
            (Input::When, plan),
            (Input::When, Raw { third: "trigger+36h".into(), ..Raw::default() }),
            (Input::When, Raw { third: "retrieval-1:30h".into(), ..Raw::default() }),
            (
                Input::Source(SOURCES),
                Raw { text: "laboratory".into(), extra: "Labor: Süd".into(), ..Raw::default() },
            ),
            (Input::Source(SOURCES), text("nurse")),
            (Input::Source(SOURCES), text("oracle:of a newer version")),
            (Input::Symptoms, ticks),
            (Input::Sizes, text("14 12.5 11")),
            (Input::Bands, text("10–14:4\n18–:2")),
            (Input::Clocks, text("08:00 20:00")),
            (Input::Flag, text("no")),
        ] {
            let value = typed(input, &raw, None).unwrap().unwrap();
            assert_eq!(shown(input, Some(&value)), raw);
        }
    }
}
