//! An Apple Health export: steps of a phone and a watch that count the same walks, heart rate,
//! sleep and weight of the last 400 days.

use super::{
    body,
    life::{BIRTHDAY, Life, offset},
    rng::Rng,
};
use keepwell_domain::time::Date;
use std::fmt::Write as _;

const DAYS: i64 = 400;
const PHONE: &str = "Mara’s iPhone";
const WATCH: &str = "Mara’s Apple Watch";
const SCALES: &str = "Demo Scales";

pub(super) fn export(life: Life, rng: &mut Rng) -> Vec<u8> {
    let mut out = String::with_capacity(6 << 20);
    let (month, day) = BIRTHDAY;
    // The beginning of a day's export is that day: nothing in it may lie ahead.
    let made = at(life.today, 0, offset(life.today));
    let _ = write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<HealthData locale=\"en_GB\">\n <ExportDate value=\"{made}\"/>\n \
         <Me HKCharacteristicTypeIdentifierDateOfBirth=\"{:04}-{month:02}-{day:02}\" \
         HKCharacteristicTypeIdentifierBiologicalSex=\"HKBiologicalSexFemale\" \
         HKCharacteristicTypeIdentifierBloodType=\"HKBloodTypeNotSet\" \
         HKCharacteristicTypeIdentifierFitzpatrickSkinType=\"HKFitzpatrickSkinTypeNotSet\" \
         HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse=\"None\"/>\n",
        life.birth_year()
    );
    for back in (1..=DAYS).rev() {
        let mut day = Day { date: Date::from_days(life.today.days() - back), out: &mut out, rng };
        let t = life.years(day.date);
        // The night that ended this morning began on the day before.
        if back < DAYS {
            day.night();
        }
        day.steps();
        day.heart(back % 5 == 0);
        if back % 6 == 0 {
            day.scales(t);
        }
    }
    out.push_str("</HealthData>\n");
    out.into_bytes()
}

fn at(day: Date, seconds: i64, offset: i16) -> String {
    let (day, seconds) =
        (Date::from_days(day.days() + seconds.div_euclid(86_400)), seconds.rem_euclid(86_400));
    format!("{day} {:02}:{:02}:{:02} +{:02}00", seconds / 3600, seconds / 60 % 60, seconds % 60, offset / 60)
}

struct Day<'a> {
    date: Date,
    out: &'a mut String,
    rng: &'a mut Rng,
}

impl Day<'_> {
    /// `span` in seconds of the day, negative for the evening before.
    fn record(&mut self, kind: &str, source: &str, unit: &str, (from, to): (i64, i64), value: &str) {
        // One offset for the whole night: where the clocks change no span may end before it begins.
        let offset = offset(self.date);
        let (from, to) = (at(self.date, from, offset), at(self.date, to, offset));
        let unit = if unit.is_empty() { String::new() } else { format!(" unit=\"{unit}\"") };
        let _ = writeln!(
            self.out,
            " <Record type=\"HK{kind}\" sourceName=\"{source}\" sourceVersion=\"11.2\"{unit} creationDate=\"{to}\" \
             startDate=\"{from}\" endDate=\"{to}\" value=\"{value}\"/>"
        );
    }

    fn is_weekend(&self) -> bool {
        matches!(self.date.days().rem_euclid(7), 2 | 3)
    }

    /// Walks of the day, each counted by the watch and, where the phone was carried, by both.
    fn steps(&mut self) {
        let walks = if self.is_weekend() { self.rng.whole(7, 12) } else { self.rng.whole(9, 14) };
        let mut from = 7 * 3600 + self.rng.whole(0, 1500);
        for n in 0..walks {
            let is_long = n == 1 || n == walks - 2 || (self.is_weekend() && n == 4);
            let minutes = if is_long { self.rng.whole(14, 38) } else { self.rng.whole(2, 10) };
            let to = from + minutes * 60 + self.rng.whole(0, 59);
            let steps = minutes * self.rng.whole(84, 112);
            self.record("QuantityTypeIdentifierStepCount", WATCH, "count", (from, to), &steps.to_string());
            if self.rng.unit() < 0.72 {
                let fewer = steps * self.rng.whole(91, 99) / 100;
                let late = self.rng.whole(0, 25);
                let span = (from + late, to + late);
                self.record("QuantityTypeIdentifierStepCount", PHONE, "count", span, &fewer.to_string());
            }
            from = to + self.rng.whole(900, 5200);
            if from > 22 * 3600 {
                break;
            }
        }
    }

    /// One resting heart rate a day; single beats per minute every few minutes on every third day.
    fn heart(&mut self, is_dense: bool) {
        let resting = self.rng.around(58.0, 0.035);
        let whole_day = (5 * 60, 23 * 3600);
        let text = format!("{resting:.0}");
        self.record("QuantityTypeIdentifierRestingHeartRate", WATCH, "count/min", whole_day, &text);
        if !is_dense {
            return;
        }
        let run = if self.is_weekend() { 10 * 3600 } else { 18 * 3600 };
        let mut second = self.rng.whole(60, 600);
        while second < 86_000 {
            let is_night = !(6 * 3600 + 1800..23 * 3600).contains(&second);
            let is_run = (run..run + 2700).contains(&second);
            let beats = if is_run {
                self.rng.around(146.0, 0.06)
            } else if is_night {
                self.rng.around(resting - 3.0, 0.05)
            } else {
                self.rng.around(resting + 17.0, 0.12)
            };
            let span = (second, second);
            self.record("QuantityTypeIdentifierHeartRate", WATCH, "count/min", span, &format!("{beats:.0}"));
            second += if is_run { self.rng.whole(20, 90) } else { self.rng.whole(400, 1100) };
        }
    }

    /// In bed by the phone, stages of sleep by the watch.
    fn night(&mut self) {
        let late = if self.is_weekend() { 2400 } else { 0 };
        let bed = -5400 + late + self.rng.whole(-1500, 1800);
        let up = 6 * 3600 + 1200 + late * 2 + self.rng.whole(-1200, 1500);
        self.sleep(PHONE, (bed, up), "InBed");
        let mut from = bed + self.rng.whole(300, 1500);
        for n in 0i32.. {
            let stage =
                ["AsleepCore", "AsleepDeep", "AsleepCore", "AsleepREM"][(n % 4).unsigned_abs() as usize];
            // Deep sleep comes early, dreams towards the morning.
            let minutes = match stage {
                "AsleepDeep" => self.rng.whole(14, 38) - i64::from(n) * 2,
                "AsleepREM" => self.rng.whole(10, 18) + i64::from(n) * 2,
                _ => self.rng.whole(24, 58),
            };
            let to = (from + minutes.max(5) * 60).min(up - 240);
            if to <= from {
                break;
            }
            self.sleep(WATCH, (from, to), stage);
            from = to;
            if self.rng.unit() < 0.12 {
                let awake = (from + self.rng.whole(120, 720)).min(up - 240);
                if awake > from {
                    self.sleep(WATCH, (from, awake), "Awake");
                    from = awake;
                }
            }
        }
    }

    fn sleep(&mut self, source: &str, span: (i64, i64), stage: &str) {
        let value = format!("HKCategoryValueSleepAnalysis{stage}");
        self.record("CategoryTypeIdentifierSleepAnalysis", source, "", span, &value);
    }

    fn scales(&mut self, t: f64) {
        let weight = format!("{:.1}", body::weight(t, self.rng));
        let second = 7 * 3600 + self.rng.whole(0, 1200);
        self.record("QuantityTypeIdentifierBodyMass", SCALES, "kg", (second, second), &weight);
    }
}
