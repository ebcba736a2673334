//! The clock, and what clocks show elsewhere.

use js_sys::{Array, Date as JsDate, Intl, Object, Reflect};
use keepwell_domain::time::{Date, Ts};
use keepwell_journal::model::{Moment, Offsets, Zone};
use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::{JsCast, JsValue};

/// Now, in UTC.
pub fn now() -> Ts {
    #[allow(clippy::cast_possible_truncation)]
    Ts((JsDate::now() * 1000.0) as i64)
}

/// The zone of this device, where the browser says. Asked once a minute: lists ask for every line, and a flight
/// takes longer.
pub fn here() -> Option<Zone> {
    let minute = now().0.div_euclid(60_000_000);
    HERE.with_borrow_mut(|known| match known {
        Some((at, zone)) if *at == minute => zone.clone(),
        _ => {
            let zone = look_here();
            *known = Some((minute, zone.clone()));
            zone
        }
    })
}

fn look_here() -> Option<Zone> {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    let name = Reflect::get(&options, &"timeZone".into()).ok().and_then(|v| v.as_string());
    Zone::parse(&name?).ok()
}

/// The names of all zones that the browser knows; none where it does not tell.
pub fn zones() -> Vec<String> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok();
    let all = intl.and_then(|intl| {
        let all: js_sys::Function = Reflect::get(&intl, &"supportedValuesOf".into()).ok()?.dyn_into().ok()?;
        all.call1(&intl, &"timeZone".into()).ok()?.dyn_into::<Array>().ok()
    });
    all.map(|all| all.iter().filter_map(|z| z.as_string()).collect()).unwrap_or_default()
}

/// The instant of a text of RFC 3339.
pub fn instant(text: &str) -> Ts {
    #[allow(clippy::cast_possible_truncation)]
    Ts((JsDate::parse(text) * 1000.0) as i64)
}

/// Now, as the clock on the wall shows it.
pub fn moment() -> Moment {
    on_the_wall(now())
}

/// A time as the clock on the wall here showed it, by the browser's own offset where the zone is not known.
pub fn on_the_wall(at: Ts) -> Moment {
    let zone = here();
    let offset = zone.as_ref().and_then(|z| Zones.offset_at(z, at));
    #[allow(clippy::cast_possible_truncation)]
    let offset = offset.unwrap_or_else(|| -(JsDate::new_0().get_timezone_offset() as i16));
    Moment::of_instant(at, offset, zone)
}

/// An instant, as the clock on the wall here shows it; `None` where the zone is not known.
pub fn moment_of(at: Ts) -> Option<Moment> {
    let zone = here()?;
    Some(Moment::of_instant(at, Zones.offset_at(&zone, at)?, Some(zone)))
}

/// Today on the wall.
pub fn today() -> Date {
    moment().date
}

/// Offsets from the browser's own table of zones.
pub struct Zones;

thread_local! {
    static HERE: RefCell<Option<(i64, Option<Zone>)>> = const { RefCell::new(None) };
    static FORMATS: RefCell<HashMap<String, Option<JsValue>>> = RefCell::new(HashMap::new());
}

fn format_of(zone: &str) -> Option<JsValue> {
    FORMATS.with_borrow_mut(|all| all.entry(zone.to_owned()).or_insert_with(|| build(zone)).clone())
}

/// `new Intl.DateTimeFormat("en", {timeZone, timeZoneName: "longOffset"})`, which throws for a zone that it
/// does not know.
fn build(zone: &str) -> Option<JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    Reflect::set(&options, &"timeZoneName".into(), &"longOffset".into()).ok()?;
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: js_sys::Function = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.dyn_into().ok()?;
    Reflect::construct(&class, &Array::of2(&"en".into(), &options)).ok()
}

impl Offsets for Zones {
    fn offset_at(&self, zone: &Zone, at: Ts) -> Option<i16> {
        let format = format_of(zone.as_str())?;
        let parts: js_sys::Function = Reflect::get(&format, &"formatToParts".into()).ok()?.dyn_into().ok()?;
        #[allow(clippy::cast_precision_loss)]
        let ms = JsValue::from_f64(at.0 as f64 / 1000.0);
        let parts: Array = parts.call1(&format, &ms).ok()?.dyn_into().ok()?;
        let get = |part: &JsValue, key: &str| Reflect::get(part, &key.into()).ok()?.as_string();
        let name = parts.iter().find(|p| get(p, "type").as_deref() == Some("timeZoneName"))?;
        parse(&get(&name, "value")?)
    }
}

/// `GMT`, `GMT+02:00`, `GMT-03:30`.
fn parse(text: &str) -> Option<i16> {
    let rest = text.strip_prefix("GMT")?;
    if rest.is_empty() {
        return Some(0);
    }
    // The minus sign is U+2212 in some browsers.
    let (sign, rest) = match rest.chars().next()? {
        '+' => (1, rest.get(1..)?),
        '-' => (-1, rest.get(1..)?),
        '−' => (-1, rest.get(3..)?),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    Some(sign * (hours.parse::<i16>().ok()? * 60 + minutes.get(..2).unwrap_or("0").parse::<i16>().ok()?))
}
