//! Clue's words and what they are here.

use crate::model::diary::{Bleeding, Intercourse, MucusTexture, Strength, TestKind, TestResult};

/// What a word of Clue's is.
pub(super) enum Word<'a> {
    Bleeding(Bleeding),
    /// Spotting, of a colour that has no field here.
    Spotting,
    Texture(MucusTexture),
    Desire(Strength),
    Intercourse(Intercourse),
    Symptom(&'a str),
    Feeling(&'a str),
    Test(TestKind, TestResult),
    /// Told that nothing hurt.
    NoPain,
    /// No field here: kept as it is.
    Kept,
}

/// The meaning of an option of a kind, of either export.
pub(super) fn word<'a>(kind: &str, option: &'a str) -> Word<'a> {
    match kind {
        "period" => bleeding(option).map_or(Word::Kept, Word::Bleeding),
        "spotting" if option == "spotting" => Word::Bleeding(Bleeding::Spotting),
        "spotting" => Word::Spotting,
        "pain" => pain(option),
        "feelings" | "mood" | "mind" | "energy" => match option {
            "exhausted" | "tired" => Word::Symptom("fatigue"),
            _ => Word::Feeling(option),
        },
        "digestion" => match option {
            "nauseous" | "nauseated" => Word::Symptom("nausea"),
            "bloated" => Word::Symptom("bloating"),
            _ => Word::Kept,
        },
        "stool" => match option {
            "constipated" => Word::Symptom("constipation"),
            "diarrhea" => Word::Symptom("diarrhoea"),
            _ => Word::Kept,
        },
        "craving" | "cravings" => Word::Kept,
        "sex_life" | "sex" => sex(option),
        "discharge" | "fluid" => match option {
            "none" => Word::Texture(MucusTexture::Nothing),
            "sticky" => Word::Texture(MucusTexture::Sticky),
            "creamy" => Word::Texture(MucusTexture::Creamy),
            "egg_white" => Word::Texture(MucusTexture::EggWhite),
            "watery" => Word::Texture(MucusTexture::Watery),
            _ => Word::Kept,
        },
        "tests" | "test" => test(option),
        _ => Word::Kept,
    }
}

fn bleeding(option: &str) -> Option<Bleeding> {
    Some(match option {
        "spotting" => Bleeding::Spotting,
        "light" => Bleeding::Light,
        "medium" => Bleeding::Medium,
        "heavy" => Bleeding::Heavy,
        "very_heavy" => Bleeding::VeryHeavy,
        "none" => Bleeding::None,
        _ => return None,
    })
}

fn pain(option: &str) -> Word<'_> {
    match option {
        "pain_free" => Word::NoPain,
        "period_cramps" | "cramps" => Word::Symptom("cramps"),
        "ovulation" | "ovulation_pain" => Word::Symptom("ovulation_pain"),
        "lower_back" => Word::Symptom("backache"),
        "breast_tenderness" | "tender_breasts" => Word::Symptom("tender_breasts"),
        other => Word::Symptom(other),
    }
}

fn sex(option: &str) -> Word<'_> {
    match option {
        "no_sex_today" => Word::Intercourse(Intercourse::None),
        "protected" => Word::Intercourse(Intercourse::Protected),
        "unprotected" => Word::Intercourse(Intercourse::Unprotected),
        "withdrawal" => Word::Intercourse(Intercourse::Withdrawal),
        "masturbation" => Word::Intercourse(Intercourse::Solo),
        "high_sex_drive" | "high" => Word::Desire(Strength::High),
        "low_sex_drive" => Word::Desire(Strength::Low),
        _ => Word::Kept,
    }
}

fn test(option: &str) -> Word<'_> {
    let kind = if option.contains("ovulation") {
        TestKind::Lh
    } else if option.contains("pregnancy") {
        TestKind::Hcg
    } else {
        return Word::Kept;
    };
    // `ovulation_positive`, `positive_ovulation_test`, `ovulation_test_neg`.
    let has = |end: &str| option.split('_').any(|w| w == end);
    if has("positive") || has("pos") {
        Word::Test(kind, TestResult::Positive)
    } else if has("negative") || has("neg") {
        Word::Test(kind, TestResult::Negative)
    } else {
        Word::Kept
    }
}
