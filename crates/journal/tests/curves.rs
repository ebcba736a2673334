//! Hormones, betas and scans in figures.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_domain::measure::Number;
use keepwell_journal::{
    derive::{BetaWarning, CycleRecord, Ovary, beta_rises, betas, figures, growth, hormone},
    model::{
        Beta, Cycle, Dose, EntityId, Hormone, HormoneKind, Scan, TextType, Told, Transfer, Trigger,
        medicine::DoseState,
        monitor::{LiningPattern, SizeBand, TriggerKind},
        settings::UnitSystem,
    },
};
use kit::{Journal, amount, close, date, moment};

#[test]
fn hormones_convert_by_the_catalogues_molar_masses() {
    let shown = |kind, text: &str, unit: &str| hormone::in_unit(kind, &amount(text), unit).unwrap().number;
    // 1000 pg/mL ÷ 272.38 g/mol = 3671.34 pmol/L.
    close(shown(HormoneKind::Estradiol, "1000 pg/mL", "pmol/L"), 3671.34, 0.01);
    close(shown(HormoneKind::Estradiol, "3671.34 pmol/L", "pg/mL"), 1000.0, 0.01);
    // 1 ng/mL ÷ 314.46 g/mol = 3.180 nmol/L.
    close(shown(HormoneKind::Progesterone, "1 ng/mL", "nmol/L"), 3.180, 0.001);
    // 1 ng/mL ÷ 140 kDa = 7.143 pmol/L.
    close(shown(HormoneKind::Amh, "1.0 ng/mL", "pmol/L"), 7.143, 0.001);
    close(hormone::canonical(HormoneKind::Lh, &amount("5.2 mIU/mL")).unwrap(), 5.2, 1e-9);
    close(hormone::canonical(HormoneKind::Hcg, &amount("120 U/l")).unwrap(), 120.0, 1e-9);
    assert!(hormone::canonical(HormoneKind::Estradiol, &amount("5 mmHg")).is_none());
}

#[test]
fn a_system_of_units_leaves_alone_what_has_no_other() {
    let mass = |k, t: &str| hormone::in_system(k, &amount(t), UnitSystem::Mass);
    let molar = |k, t: &str| hormone::in_system(k, &amount(t), UnitSystem::Molar);
    assert_eq!(molar(HormoneKind::Estradiol, "200 pg/mL").unwrap().unit, "pmol/L");
    assert_eq!(mass(HormoneKind::Estradiol, "734 pmol/L").unwrap().unit, "pg/mL");
    assert!(molar(HormoneKind::Lh, "5 IU/L").is_none());
    assert!(hormone::in_system(HormoneKind::Estradiol, &amount("200 pg/mL"), UnitSystem::Entered).is_none());
}

#[test]
fn loinc_codes_follow_the_property_of_the_value() {
    assert_eq!(hormone::loinc(HormoneKind::Estradiol, &amount("200 pg/mL")), Some("2243-4"));
    assert_eq!(hormone::loinc(HormoneKind::Estradiol, &amount("200 pmol/L")), Some("14715-7"));
    assert_eq!(hormone::loinc(HormoneKind::Progesterone, &amount("3 nmol/l")), Some("14890-8"));
    assert_eq!(hormone::loinc(HormoneKind::Amh, &amount("20 pmol/L")), None);
    assert_eq!(hormone::loinc(HormoneKind::Estradiol, &amount("200")), None);
}

struct Betas {
    j: Journal,
    cycle: EntityId,
}

impl Betas {
    fn new() -> Self {
        let mut j = Journal::new();
        let cycle = j.add(Cycle::default());
        j.add(Transfer {
            cycle: cycle.into(),
            at: moment("2026-03-17T11:00+01:00").into(),
            ..Transfer::default()
        });
        Self { j, cycle }
    }
    fn draw(&mut self, at: &str, value: &str, lab: &str) {
        let laboratory = if lab.is_empty() { Told::Unknown } else { lab.to_owned().into() };
        self.j.add(Beta {
            cycle: self.cycle.into(),
            at: moment(at).into(),
            value: amount(value).into(),
            laboratory,
            ..Beta::default()
        });
    }
}

#[test]
fn doubling_time_is_that_of_exponential_growth() {
    let mut b = Betas::new();
    b.draw("2026-04-01T08:00+02:00", "120 IU/L", "A");
    b.draw("2026-04-03T08:00+02:00", "250 mIU/mL", "A");
    b.draw("2026-04-05T08:00+02:00", "125 IU/L", "B");
    let r = b.j.record(b.cycle);
    let points = betas(&r);
    assert_eq!(points[0].days_past_transfer, Some(15));
    let rises = beta_rises(&points);
    // 48 h · ln 2 / ln(250/120) = 33.2711 / 0.733969 = 45.330 h; 250/120 − 1 = 108.33 % in 48 h.
    close(rises[0].hours, 48.0, 1e-9);
    close(rises[0].doubling_hours.unwrap(), 45.330, 0.001);
    close(rises[0].percent_in_48_hours.unwrap(), 108.333, 0.001);
    assert!(rises[0].warnings.is_empty() && rises[0].halving_hours.is_none());
    // Half of it in 48 hours.
    assert!(rises[1].doubling_hours.is_none());
    close(rises[1].halving_hours.unwrap(), 48.0, 1e-6);
    close(rises[1].percent_in_48_hours.unwrap(), -50.0, 1e-6);
    assert_eq!(rises[1].warnings, [BetaWarning::DifferentLaboratories]);
}

#[test]
fn the_hours_between_draws_are_true_hours_across_summer_time() {
    let mut b = Betas::new();
    b.draw("2026-03-28T08:00+01:00[Europe/Berlin]", "100 IU/L", "");
    b.draw("2026-03-30T08:00+02:00[Europe/Berlin]", "200 IU/L", "");
    let r = b.j.record(b.cycle);
    let rises = beta_rises(&betas(&r));
    close(rises[0].doubling_hours.unwrap(), 47.0, 1e-9);
}

#[test]
fn a_draw_soon_after_an_hcg_trigger_is_marked() {
    let mut b = Betas::new();
    b.j.add(Trigger {
        cycle: b.cycle.into(),
        at: moment("2026-03-10T22:00+01:00").into(),
        kind: TriggerKind::Hcg.into(),
        ..Trigger::default()
    });
    b.draw("2026-03-20", "60 IU/L", "");
    b.draw("2026-03-26", "<2 IU/L", "");
    b.draw("2026-03-28", "0 IU/L", "");
    b.draw("2026-03-28", "5 bananas", "");
    let r = b.j.record(b.cycle);
    let rises = beta_rises(&betas(&r));
    assert_eq!(
        rises[0].warnings,
        [BetaWarning::WithoutTime, BetaWarning::NearTrigger { days: 10 }, BetaWarning::Censored]
    );
    close(rises[0].hours, 144.0, 0.0);
    assert_eq!(rises[1].doubling_hours.or(rises[1].halving_hours), None, "nothing divides by zero");
    assert_eq!(rises.len(), 2, "two draws of one day give no rise");
    assert_eq!(rises[0].percent_in_48_hours, None, "part of it is the trigger's");
}

#[test]
fn the_trigger_before_a_draw_counts_whichever_draw_that_is() {
    let mut b = Betas::new();
    for at in ["2026-03-10T22:00+01:00", "2026-05-10T22:00+02:00"] {
        let (at, kind) = (moment(at).into(), TriggerKind::Hcg.into());
        b.j.add(Trigger { cycle: b.cycle.into(), at, kind, ..Trigger::default() });
    }
    b.draw("2026-03-09T08:00+01:00", "1 IU/L", "");
    b.draw("2026-03-14T08:00+01:00", "60 IU/L", "");
    let r = b.j.record(b.cycle);
    let rises = beta_rises(&betas(&r));
    assert_eq!(rises[0].warnings, [BetaWarning::NearTrigger { days: 4 }]);
    assert_eq!(rises[0].percent_in_48_hours, None);
}

#[test]
fn a_held_result_leaves_no_rise() {
    let mut b = Betas::new();
    b.draw("2026-04-01T08:00+02:00", "100 IU/L", "");
    b.j.add(Beta {
        cycle: b.cycle.into(),
        at: moment("2026-04-03T08:00+02:00").into(),
        value: amount("5 IU/L").into(),
        held: true.into(),
        ..Beta::default()
    });
    b.draw("2026-04-05T08:00+02:00", "400 IU/L", "");
    let r = b.j.record(b.cycle);
    let rises = beta_rises(&betas(&r));
    assert_eq!(rises.len(), 1);
    close(rises[0].doubling_hours.unwrap(), 48.0, 1e-9);
}

#[test]
fn hcg_among_the_hormones_is_a_beta_too() {
    let mut b = Betas::new();
    b.draw("2026-04-03T08:00+02:00", "250 IU/L", "");
    b.j.add(Hormone {
        cycle: b.cycle.into(),
        hormone: HormoneKind::Hcg.into(),
        at: moment("2026-04-01T08:00+02:00").into(),
        value: amount("120 IU/L").into(),
        ..Hormone::default()
    });
    let r = b.j.record(b.cycle);
    let values: Vec<f64> = betas(&r).iter().filter_map(|p| p.iu_per_litre).collect();
    assert_eq!(values, [120.0, 250.0]);
}

fn numbers(list: &[&str]) -> Told<Vec<Number>> {
    list.iter().map(|n| Number::parse(n).unwrap()).collect::<Vec<_>>().into()
}

#[test]
fn follicles_and_lining_grow_by_the_day() {
    let mut j = Journal::new();
    let cycle = j.add(Cycle { stimulation_start: date("2026-05-01").into(), ..Cycle::default() });
    let first = Scan {
        cycle: cycle.into(),
        at: moment("2026-05-06T09:00+02:00").into(),
        follicles_left: numbers(&["9", "12.5", "8"]),
        follicles_right: numbers(&[]),
        lining: amount("6.2 mm").into(),
        ..Scan::default()
    };
    j.add(first);
    j.add(Scan {
        cycle: cycle.into(),
        at: moment("2026-05-08T09:00+02:00").into(),
        follicles_left: numbers(&["16", "13"]),
        follicles_right: Told::NotTold,
        bands_right: vec![
            SizeBand { from: Some(10), below: Some(14), count: 3 },
            SizeBand { from: Some(14), below: Some(16), count: 2 },
        ]
        .into(),
        lining: amount("0.82 cm").into(),
        lining_pattern: LiningPattern::Trilaminar.into(),
        ..Scan::default()
    });
    let points = growth(&j.record(cycle));
    assert_eq!((points[0].stimulation_day, points[1].stimulation_day), (Some(6), Some(8)));
    assert_eq!(points[0].left.as_deref(), Some(&[12.5, 9.0, 8.0][..]));
    assert_eq!(points[0].right.as_deref(), Some(&[][..]), "none is not unknown");
    assert_eq!(points[1].right, None);
    close(points[1].lead_growth.unwrap(), 1.75, 1e-9);
    close(points[1].lining.unwrap(), 8.2, 1e-9);
    close(points[1].lining_growth.unwrap(), 1.0, 1e-9);
    assert_eq!(points[0].at_least(9), Some(2));
    assert_eq!(points[1].at_least(14), Some(3));
    assert_eq!(points[1].at_least(12), None, "the band from 10 to 14 does not say");
    assert_eq!(
        (points[1].at_least_in(Ovary::Right, 14), points[1].at_least_in(Ovary::Left, 12)),
        (Some(2), Some(2))
    );
}

/// A scan of so many days after the first, with sizes and bands as they are typed.
fn scan(day: u8, left: Option<&[&str]>, right: Option<&[&str]>, bands: &[&str]) -> (EntityId, Scan) {
    let bands: Vec<SizeBand> = bands.iter().map(|b| SizeBand::from_text(b).unwrap()).collect();
    let scan = Scan {
        at: moment(&format!("2026-05-{:02}", 6 + day)).into(),
        follicles_left: left.map_or(Told::NotTold, numbers),
        follicles_right: right.map_or(Told::NotTold, numbers),
        bands_right: if bands.is_empty() { Told::Unknown } else { bands.into() },
        ..Scan::default()
    };
    (EntityId::random([day; 16]), scan)
}

fn growths(scans: Vec<(EntityId, Scan)>) -> Vec<(Option<f64>, Option<f64>)> {
    let r = CycleRecord { scans, ..CycleRecord::default() };
    growth(&r).iter().map(|p| (p.lead, p.lead_growth)).collect()
}

#[test]
fn the_largest_follicle_is_compared_with_that_of_the_same_ovaries_only() {
    let both = scan(0, Some(&["14"]), Some(&["10"]), &[]);
    let right = scan(2, None, Some(&["13"]), &[]);
    let lining_only = scan(3, None, None, &[]);
    let right_again = scan(4, None, Some(&["16"]), &[]);
    let found = growths(vec![both, right, lining_only, right_again]);
    let expected = [(Some(14.0), None), (Some(13.0), None), (None, None), (Some(16.0), Some(1.5))];
    assert_eq!(found, expected);
}

#[test]
fn a_band_that_may_hold_a_larger_follicle_leaves_the_largest_unknown() {
    let sizes = scan(0, Some(&["12"]), Some(&["11"]), &[]);
    let open = scan(2, Some(&["16"]), None, &["14..:2"]);
    let small = scan(4, Some(&["19"]), None, &["10..14:4"]);
    let found = growths(vec![sizes, open, small]);
    assert_eq!(found, [(Some(12.0), None), (None, None), (Some(19.0), None)]);
}

#[test]
fn sizes_beside_bands_are_counted_only_above_the_bands() {
    let r = CycleRecord {
        scans: vec![scan(0, Some(&[]), Some(&["18", "17"]), &["10..14:4"])],
        ..CycleRecord::default()
    };
    let p = &growth(&r)[0];
    assert_eq!((p.at_least(14), p.at_least(10), p.at_least(12)), (Some(2), None, None));
    assert_eq!(p.lead, Some(18.0));
}

#[test]
fn a_cycle_in_figures_adds_up_drugs_and_takes_levels_at_the_trigger() {
    let mut j = Journal::new();
    let cycle = j.add(Cycle { stimulation_start: date("2026-05-01").into(), ..Cycle::default() });
    for (day, dose, state) in [
        ("2026-05-01", "225 IU", DoseState::Given),
        ("2026-05-02", "225 IE", DoseState::Given),
        ("2026-05-03", "150 IU", DoseState::Partial),
        ("2026-05-04", "225 IU", DoseState::Skipped),
    ] {
        j.add(Dose {
            cycle: cycle.into(),
            at: moment(day).into(),
            drug: "Gonal-F".to_owned().into(),
            amount: amount(dose).into(),
            state: state.into(),
            ..Dose::default()
        });
    }
    let level = |kind: HormoneKind, at: &str, value: &str, held: bool| Hormone {
        cycle: cycle.into(),
        hormone: kind.into(),
        at: moment(at).into(),
        value: amount(value).into(),
        held: held.into(),
        ..Hormone::default()
    };
    j.add(level(HormoneKind::Estradiol, "2026-05-08", "5000 pmol/L", false));
    j.add(level(HormoneKind::Estradiol, "2026-05-10", "2100 pg/mL", false));
    j.add(level(HormoneKind::Estradiol, "2026-05-11", "9999 pg/mL", true));
    j.add(level(HormoneKind::Progesterone, "2026-05-10", "0.9 ng/mL", false));
    j.add(level(HormoneKind::Progesterone, "2026-05-20", "22 ng/mL", false));
    j.add(Trigger { cycle: cycle.into(), at: moment("2026-05-11T22:00+02:00").into(), ..Trigger::default() });
    let f = figures(&j.record(cycle));
    assert_eq!(f.stimulation_days, Some(11));
    assert_eq!(f.drugs.len(), 1, "IU and IE are one unit");
    close(f.drugs[0].total, 600.0, 1e-9);
    assert_eq!((f.drugs[0].doses, f.drugs[0].days), (3, 3));
    close(f.peak_e2.unwrap().value, 2100.0, 1e-6);
    close(f.p4_at_trigger.unwrap().value, 0.9, 1e-9);
    assert!(f.outcome.is_none() && f.transfer_day.is_none());
}

#[test]
fn amounts_keep_what_was_typed() {
    for text in ["5.40 pg/mL", "<0.1 ng/mL", ">=10000 IU/L", "0 IU", "150", "12.5 mg per day"] {
        assert_eq!(amount(text).to_text(), text);
    }
    let a = keepwell_journal::model::Amount::new("≤ 0,50", " ng/mL ").unwrap();
    assert_eq!(a.to_text(), "<=0.50 ng/mL");
    assert!(keepwell_journal::model::Amount::new("1.234,5", "").is_err());
}

#[test]
fn a_hormone_has_the_units_that_laboratories_report() {
    let first = |kind| hormone::printed_units(kind).into_iter().next();
    for (kind, unit) in [
        (HormoneKind::Estradiol, "pg/mL"),
        (HormoneKind::Progesterone, "ng/mL"),
        (HormoneKind::Lh, "IU/L"),
        (HormoneKind::Fsh, "IU/L"),
        (HormoneKind::Hcg, "IU/L"),
        (HormoneKind::Amh, "ng/mL"),
        (HormoneKind::Prolactin, "ng/mL"),
        (HormoneKind::Tsh, "mIU/L"),
        (HormoneKind::Dheas, "µg/dL"),
    ] {
        assert_eq!(first(kind).as_deref(), Some(unit), "{}", kind.as_str());
    }
    for kind in HormoneKind::ALL {
        for unit in hormone::printed_units(*kind) {
            assert!(hormone::has_unit(*kind, &unit), "{} {unit}", kind.as_str());
        }
    }
    let fits = [
        (HormoneKind::Lh, "mIU/ml"),
        (HormoneKind::Lh, "U/l"),
        (HormoneKind::Progesterone, "µg/l"),
        (HormoneKind::Estradiol, "ng/L"),
        (HormoneKind::Estradiol, "nmol/L"),
        (HormoneKind::Prolactin, "µIU/mL"),
        (HormoneKind::Other, "anything"),
    ];
    assert!(fits.iter().all(|(kind, unit)| hormone::has_unit(*kind, unit)));
    for (kind, unit) in [
        (HormoneKind::Progesterone, "pg/mL"),
        (HormoneKind::Progesterone, "pmol/L"),
        (HormoneKind::Estradiol, "ng/mL"),
        (HormoneKind::Lh, "pg/mL"),
        (HormoneKind::Lh, "mIU/L"),
        (HormoneKind::Hcg, "ng/mL"),
        (HormoneKind::Prolactin, "IU/L"),
        (HormoneKind::Amh, ""),
    ] {
        assert!(!hormone::has_unit(kind, unit), "{} {unit}", kind.as_str());
    }
}

#[test]
fn a_new_value_begins_with_the_unit_of_the_last() {
    let mut j = Journal::new();
    let value = |kind: HormoneKind, at: &str, value: &str| Hormone {
        hormone: kind.into(),
        at: moment(at).into(),
        value: amount(value).into(),
        ..Hormone::default()
    };
    let usual = |j: &Journal, kind| hormone::usual_unit(&j.book, kind);
    assert_eq!(usual(&j, HormoneKind::Progesterone).as_deref(), Some("ng/mL"));
    assert_eq!(usual(&j, HormoneKind::Other), None);
    j.add(value(HormoneKind::Progesterone, "2026-05-10", "3.1 nmol/L"));
    j.add(value(HormoneKind::Progesterone, "2026-05-08", "0.9 ng/mL"));
    // One in a unit that does not fit is not followed.
    j.add(value(HormoneKind::Progesterone, "2026-05-12", "1.2 pg/mL"));
    assert_eq!(usual(&j, HormoneKind::Progesterone).as_deref(), Some("nmol/L"));
    assert_eq!(usual(&j, HormoneKind::Estradiol).as_deref(), Some("pg/mL"));
}

#[test]
fn a_thousand_or_a_decimal_is_asked_back() {
    use keepwell_journal::model::{Amount, BadTyped};
    for text in ["1,250", "1.250", "12.345", "<1,250", "> 999.000", "-1,250"] {
        assert_eq!(Amount::typed(text, "IU/L"), Err(BadTyped::Thousand), "{text}");
    }
    for (text, kept) in [
        ("1250", "1250"),
        ("1,25", "1.25"),
        ("1.2500", "1.2500"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("1250.125", "1250.125"),
        ("1,250.50", "1250.50"),
        ("1.250,5", "1250.5"),
        ("<1,250,000", "<1250000"),
        ("1.250.000", "1250000"),
        ("1.2e3", "1.2e3"),
    ] {
        assert_eq!(Amount::typed(text, "").unwrap().to_text(), kept, "{text}");
    }
    for text in ["1,25,5", "12.05.2026", "1,250.5,5", "1,250.", "01,250.5", "1,2500.5", ",", "", "few"] {
        assert_eq!(Amount::typed(text, ""), Err(BadTyped::NoNumber), "{text}");
    }
    // What was written before is read as it was written.
    assert_eq!(amount("1.250 ng/mL").to_text(), "1.250 ng/mL");
}
