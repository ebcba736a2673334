//! Flo's words and what they are here.

use crate::model::diary::{
    Bleeding, Intercourse, MucusFeeling, MucusTexture, Strength, TestKind, TestResult,
};

/// What a word of Flo's is.
pub(super) enum Word {
    Bleeding(Bleeding),
    Texture(MucusTexture),
    Feeling(MucusFeeling),
    Desire(Strength),
    Intercourse(Intercourse),
    Symptom(String),
    Mood(String),
    Test(TestKind, TestResult),
    Temperature,
    /// No field here: kept as it is.
    Kept,
}

/// The meaning of a category and its subcategory.
pub(super) fn word(category: &str, sub: &str) -> Word {
    match category {
        "Symptom" => symptom(sub),
        "Mood" => Word::Mood(snake(sub)),
        "Sex" => sex(sub),
        "Fluid" | "Discharge" => fluid(sub),
        "Period" => match sub {
            "Light" => Word::Bleeding(Bleeding::Light),
            "Medium" => Word::Bleeding(Bleeding::Medium),
            "Heavy" => Word::Bleeding(Bleeding::Heavy),
            "Spotting" => Word::Bleeding(Bleeding::Spotting),
            _ => Word::Kept,
        },
        "OvulationTest" => result(sub).map_or(Word::Kept, |r| Word::Test(TestKind::Lh, r)),
        "PregnancyTest" => result(sub).map_or(Word::Kept, |r| Word::Test(TestKind::Hcg, r)),
        "Temperature" | "BasalTemperature" | "BBT" => Word::Temperature,
        _ => Word::Kept,
    }
}

fn symptom(sub: &str) -> Word {
    let name = match sub {
        "" => return Word::Kept,
        "Spotting" => return Word::Bleeding(Bleeding::Spotting),
        "FeelGood" | "MoodSwings" => return Word::Mood(snake(sub)),
        "DrawingPain" | "Cramps" => "cramps",
        "AbdominalPain" | "LowerAbdominalPain" => "pelvic_pain",
        "TenderBreasts" | "BreastTenderness" => "tender_breasts",
        "Cravings" | "IncreasedAppetite" => "cravings",
        "Diarrhea" => "diarrhoea",
        "VaginalItching" => "itching",
        other => return Word::Symptom(snake(other)),
    };
    Word::Symptom(name.to_owned())
}

fn sex(sub: &str) -> Word {
    match sub {
        "None" | "NoSex" | "DidntHaveSex" => Word::Intercourse(Intercourse::None),
        "Protected" => Word::Intercourse(Intercourse::Protected),
        "Unprotected" => Word::Intercourse(Intercourse::Unprotected),
        "Masturbation" => Word::Intercourse(Intercourse::Solo),
        "HighSexDrive" | "HighDrive" => Word::Desire(Strength::High),
        "NeutralSexDrive" => Word::Desire(Strength::Medium),
        "LowSexDrive" | "LowDrive" => Word::Desire(Strength::Low),
        _ => Word::Kept,
    }
}

fn fluid(sub: &str) -> Word {
    match sub {
        "None" | "NoDischarge" => Word::Texture(MucusTexture::Nothing),
        "Dry" => Word::Feeling(MucusFeeling::Dry),
        "Sticky" => Word::Texture(MucusTexture::Sticky),
        "Creamy" => Word::Texture(MucusTexture::Creamy),
        "Eggwhite" | "EggWhite" => Word::Texture(MucusTexture::EggWhite),
        "Watery" => Word::Texture(MucusTexture::Watery),
        "Spotting" => Word::Bleeding(Bleeding::Spotting),
        _ => Word::Kept,
    }
}

fn result(sub: &str) -> Option<TestResult> {
    Some(match sub {
        "Positive" => TestResult::Positive,
        "Negative" => TestResult::Negative,
        "Faint" | "FaintPositive" | "FaintLine" => TestResult::Faint,
        "High" => TestResult::High,
        "Peak" => TestResult::Peak,
        _ => return None,
    })
}

/// `LowEnergy` as `low_energy`.
fn snake(word: &str) -> String {
    let mut out = String::with_capacity(word.len() + 4);
    for (i, c) in word.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}
