//! What words and codes in the cells of a table mean.

use super::BleedingScale;
use crate::model::{
    Clock,
    diary::{Bleeding, MucusTexture, TestResult},
};

/// Bleeding in words, or in numbers where the person has said what they mean: with some 0 is none, with others spotting.
pub(super) fn bleeding(cell: &str, scale: Option<BleedingScale>) -> Option<Bleeding> {
    if is_number(cell) {
        let place: usize = cell.parse().ok()?;
        return steps(scale?).get(place).copied();
    }
    Some(match cell.to_lowercase().as_str() {
        "none" | "no" | "false" | "keine" | "nein" => Bleeding::None,
        "spotting" | "spot" | "schmierblutung" => Bleeding::Spotting,
        "light" | "leicht" => Bleeding::Light,
        "medium" | "moderate" | "mittel" => Bleeding::Medium,
        "heavy" | "stark" => Bleeding::Heavy,
        "very heavy" | "very_heavy" | "sehr stark" => Bleeding::VeryHeavy,
        "x" | "yes" | "true" | "ja" => Bleeding::Present,
        _ => return None,
    })
}

/// Whether something is said by a number alone.
pub(super) fn is_number(cell: &str) -> bool {
    !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit())
}

/// What the numbers from 0 mean.
const fn steps(scale: BleedingScale) -> &'static [Bleeding] {
    use Bleeding::{Heavy, Light, Medium, None, Present, Spotting, VeryHeavy};
    match scale {
        BleedingScale::NoneToVeryHeavy => &[None, Light, Medium, Heavy, VeryHeavy],
        BleedingScale::NoneSpottingToHeavy => &[None, Spotting, Light, Medium, Heavy],
        BleedingScale::SpottingToHeavy => &[Spotting, Light, Medium, Heavy],
        BleedingScale::NoYes => &[None, Present],
    }
}

pub(super) fn mucus(cell: &str) -> Option<MucusTexture> {
    Some(match cell.to_lowercase().as_str() {
        "none" | "nothing" | "nichts" => MucusTexture::Nothing,
        "creamy" | "cremig" => MucusTexture::Creamy,
        "egg white" | "egg_white" | "eggwhite" | "ewcm" | "spinnbar" => MucusTexture::EggWhite,
        "sticky" | "klebrig" => MucusTexture::Sticky,
        "watery" | "wässrig" => MucusTexture::Watery,
        _ => return None,
    })
}

/// The result of a test in words, or as 0 and 1 where the person has said that they are results: a laboratory's 1 is none.
pub(super) fn result(cell: &str, has_results: bool) -> Option<TestResult> {
    if is_number(cell) && !has_results {
        return None;
    }
    Some(match cell.to_lowercase().as_str() {
        "+" | "1" | "positive" | "pos" | "positiv" | "yes" | "ja" => TestResult::Positive,
        "-" | "0" | "negative" | "neg" | "negativ" | "no" | "nein" => TestResult::Negative,
        "faint" | "schwach" => TestResult::Faint,
        "high" | "hoch" => TestResult::High,
        "peak" | "maximal" => TestResult::Peak,
        "invalid" | "ungültig" => TestResult::Invalid,
        _ => return None,
    })
}

/// `7:30`, `07:30:00`, `7:30 pm`, `07:30 Uhr`.
pub(super) fn clock(cell: &str) -> Option<Clock> {
    let lower = cell.to_lowercase();
    let plain = lower.trim_end_matches("uhr");
    let half =
        plain.trim_end_matches('m').chars().last().filter(|c| plain.ends_with('m') && matches!(c, 'a' | 'p'));
    let plain = if half.is_some() { &plain[..plain.len() - 2] } else { plain }.trim();
    let (hours, rest) = plain.split_once(':')?;
    let hours = match (half, hours.parse::<u8>().ok().filter(|_| is_number(hours) && hours.len() <= 2)?) {
        (None, h) => h,
        (Some(_), 0 | 13..) => return None,
        (Some('p'), h) => h % 12 + 12,
        (Some(_), h) => h % 12,
    };
    Clock::parse(&format!("{hours:02}:{rest}")).ok()
}
