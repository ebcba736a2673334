//! Questions where words are not enough: emergencies and self-harm, for which help comes first, and what only
//! a person who treats one can say: doses, diagnoses, prognoses.
//!
//! Numbers: 112 in the whole EU (Directive (EU) 2018/1972, article 109); 911 and 988 in the United States;
//! 999 and Samaritans 116 123 in the United Kingdom and Ireland; in Germany TelefonSeelsorge 0800 111 0 111,
//! 0800 111 0 222 and 116 123, and 116 117 for what cannot wait for the practice to open and is no emergency.

use super::{ask::has, lexicon::Phrases, phrase::Draft};

/// What a text needs before any answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// Nothing.
    None,
    /// It speaks of an emergency that is there now.
    Emergency,
    /// It speaks of harming oneself or of not wanting to live.
    SelfHarm,
}

/// Help by phone: number and what it is.
type Line = (&'static str, &'static str);

static SELF_HARM: Phrases = Phrases::new(include_str!("words/self_harm.txt"));

static EMERGENCY: Phrases = Phrases::new(include_str!("words/emergency.txt"));

/// Words with which the same things are told as history, of others, or asked of the records.
static TOLD: Phrases = Phrases::new(include_str!("words/told.txt"));

/// Words that say that it is now, whatever else is told.
const NOW: &[&str] = &[
    "right now",
    "now",
    "i m having",
    "i am having",
    "i have chest pain",
    "i think i m having",
    "i think i am having",
    "help me",
    "at this moment",
    "just took",
    "just now",
    "jetzt",
    "gerade",
    "hilfe",
    "ich habe brustschmerzen",
    "ich glaube ich habe",
    "soeben",
    "im moment",
    "ich bekomme",
    "ich kriege",
];

/// What a question's words need. `full` are its folded words.
#[must_use]
pub fn care(full: &str) -> Care {
    if SELF_HARM.any(full) && !has(full, &["suicide risk score", "suicide screening", "suizid screening"]) {
        return Care::SelfHarm;
    }
    if EMERGENCY.any(full)
        && (!TOLD.any(full)
            || (has(full, NOW) && !has(full, &["family", "familie", "vater", "mutter", "father", "mother"])))
    {
        return Care::Emergency;
    }
    Care::None
}

static ADVICE: Phrases = Phrases::new(include_str!("words/advice.txt"));

/// What of that is asked of the records after all.
const ASKED_OF_RECORDS: &[&str] = &[
    "what should i ask",
    "should i test",
    "test again",
    "should i be tested",
    "should i retest",
    "wieder testen",
    "kontrolliert werden",
    "kann ich fragen",
    "what can i ask",
    "was kann ich fragen",
    "was kann ich dich fragen",
    "soll ich wieder",
    "muss ich wieder zur",
    "how can i ask",
    "wie kann ich fragen",
    "what do i have to review",
    "was muss ich prufen",
    "was muss ich noch prufen",
    "what do i still have to review",
];

/// Whether only somebody who treats the person can say that.
#[must_use]
pub fn is_advice(full: &str) -> bool {
    (ADVICE.any(full) || asks_leave(full)) && !has(full, ASKED_OF_RECORDS)
}

/// `May I stop X`, `kann ich X absetzen`: a medicine's name stands between the words.
fn asks_leave(full: &str) -> bool {
    const MAY: &[&str] =
        &["can i", "may i", "should i", "could i", "kann ich", "darf ich", "soll ich", "sollte ich"];
    const DO: &[&str] = &[
        "stop",
        "skip",
        "take",
        "taking",
        "increase",
        "reduce",
        "lower",
        "double",
        "combine",
        "absetzen",
        "weglassen",
        "nehmen",
        "einnehmen",
        "erhohen",
        "senken",
        "reduzieren",
        "verdoppeln",
        "aufhoren",
        "kombinieren",
    ];
    has(full, MAY) && has(full, DO)
}

/// Puts the help numbers first.
pub fn help(d: &mut Draft<'_>, care: Care) {
    let is_self_harm = care == Care::SelfHarm;
    if is_self_harm {
        d.say_first(
            "It sounds as if things are very hard right now. You are not alone with this, and there are people who listen, day and night, free of charge.",
            "Das klingt, als wäre es gerade sehr schwer. Sie sind damit nicht allein, und es gibt Menschen, die zuhören, Tag und Nacht, kostenlos.",
            &[],
        );
    } else {
        d.say_first(
            "If this is happening now, please call for help at once. Do not wait for an answer here.",
            "Wenn das gerade geschieht, rufen Sie bitte sofort Hilfe. Warten Sie nicht auf eine Antwort hier.",
            &[],
        );
    }
    for (number, what) in lines(d.lang, is_self_harm) {
        let text = format!("{number}: {what}");
        d.say_first(&text, &text, &[]);
    }
}

const fn lines(lang: crate::Lang, is_self_harm: bool) -> &'static [Line] {
    match (lang, is_self_harm) {
        (crate::Lang::De, true) => &[
            ("0800 111 0 111", "TelefonSeelsorge in Deutschland, auch 0800 111 0 222 oder 116 123"),
            ("142", "Telefonseelsorge in Österreich; in der Schweiz 143, Die Dargebotene Hand"),
            ("112", "Notruf, wenn Ihr Leben in Gefahr ist"),
        ],
        (crate::Lang::De, false) => &[
            ("112", "Notruf in Deutschland, Österreich, der Schweiz und der ganzen EU"),
            ("116 117", "ärztlicher Bereitschaftsdienst in Deutschland, wenn es nicht lebensbedrohlich ist"),
        ],
        (crate::Lang::En, true) => &[
            ("988", "Suicide & Crisis Lifeline in the United States, by call or text"),
            ("116 123", "Samaritans in the United Kingdom and Ireland"),
            ("112 or 911", "emergency services, if your life is in danger (999 in the United Kingdom)"),
        ],
        (crate::Lang::En, false) => &[
            (
                "112 or 911",
                "emergency services: 112 in the EU and the United Kingdom, 911 in the United States",
            ),
            ("999", "emergency services in the United Kingdom and Ireland"),
        ],
    }
}

/// What is said when only somebody who treats the person can answer.
pub fn decline(d: &mut Draft<'_>, has_values: bool) {
    d.say(
        "That is a question for a doctor or pharmacist who knows you. I can show what your records say, but not what to take, what it means for you, or what will come.",
        "Das kann nur eine Ärztin, ein Arzt oder eine Apotheke beantworten, die Sie kennt. Ich kann zeigen, was in Ihren Einträgen steht, aber nicht, was Sie nehmen sollten, was es für Sie bedeutet oder was kommt.",
        &[],
    );
    if has_values {
        d.say("This is what your records say about it:", "Dazu steht in Ihren Einträgen:", &[]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(q: &str) -> Care {
        care(&format!(" {} ", crate::text::fold(q)))
    }

    #[test]
    fn emergencies_are_recognised_and_histories_are_not() {
        for q in [
            "I think I'm having a heart attack",
            "I can't breathe",
            "Ich habe starke Brustschmerzen",
            "Ich kriege keine Luft",
        ] {
            assert_eq!(of(q), Care::Emergency, "{q}");
        }
        for q in ["I want to kill myself", "ich will nicht mehr leben", "Ich möchte mich umbringen"] {
            assert_eq!(of(q), Care::SelfHarm, "{q}");
        }
        for q in [
            "Is there a heart attack in my family history?",
            "Did I have a stroke?",
            "Hatte mein Vater einen Herzinfarkt?",
            "What is my latest ferritin?",
            "When was I in the emergency room?",
        ] {
            assert_eq!(of(q), Care::None, "{q}");
        }
    }

    #[test]
    fn advice_is_told_from_questions_to_the_records() {
        let is = |q: &str| is_advice(&format!(" {} ", crate::text::fold(q)));
        assert!(is("Should I take more levothyroxine?"));
        assert!(is("Habe ich Krebs?"));
        assert!(!is("Do I take levothyroxine?"));
        assert!(!is("What can I ask?"));
    }
}
