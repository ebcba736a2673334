//! Ordinary days, mood, notes, costs, and what a person wants of the journal.

use super::{
    input::{
        Field, Form,
        Input::{Amount, Clock, Code, CodeList, Coded, Date, Flag, Int, Long, Moment, Ref, Symptoms, Text},
        set,
    },
    people::{MONEY, SAID, SOURCE},
};
use crate::words::coded::Set;
use keepwell_journal::model::Kind;

const CYCLE: Field = Field::of("cycle", Ref(Kind::Cycle)).more();

pub const FORMS: &[Form] = &[
    Form {
        kind: Kind::Day,
        fields: &[
            Field::of("bleeding", Code(set!(diary::Bleeding as "bleeding"))),
            Field::of("temperature", Amount(&["°C", "°F"])),
            Field::of("mucus_feeling", Code(set!(diary::MucusFeeling as "mucus_feeling"))),
            Field::of("mucus_texture", Code(set!(diary::MucusTexture as "mucus_texture"))),
            Field::of("symptoms", Symptoms),
            Field::of("intercourse", CodeList(set!(diary::Intercourse as "intercourse"))),
            Field::of("bleeding_excluded", Flag).more(),
            Field::of("temperature_site", Code(set!(diary::TemperatureSite as "temperature_site"))).more(),
            Field::of("temperature_excluded", Flag).more(),
            Field::of("temperature_note", Text).more(),
            Field::of("mucus_excluded", Flag).more(),
            Field::of("cervix_opening", Code(set!(diary::CervixOpening as "cervix_opening"))).more(),
            Field::of("cervix_firmness", Code(set!(diary::CervixFirmness as "cervix_firmness"))).more(),
            Field::of("cervix_position", Code(set!(diary::CervixPosition as "cervix_position"))).more(),
            Field::of("cervix_excluded", Flag).more(),
            Field::of("contraception", Coded(Set::Contraception)).more(),
            Field::of("desire", Code(set!(diary::Strength as "strength"))).more(),
            Field::of("feelings", Coded(Set::Feelings)).more(),
            Field::of("weight", Amount(&["kg", "lb"])).more(),
            Field::of("sleep", Amount(&["h"])).more(),
            SOURCE,
        ],
    },
    Form {
        kind: Kind::HomeTest,
        fields: &[
            Field::of("at", Moment),
            Field::of("kind", Code(set!(diary::TestKind as "test_kind"))),
            Field::of("result", Code(set!(diary::TestResult as "test_result"))),
            Field::of("value", Amount(&[""])).more(),
            Field::of("brand", Text).more(),
            CYCLE,
            SAID,
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Mood,
        fields: &[
            Field::of("at", Moment),
            Field::of("score", Int),
            Field::of("stress", Int),
            Field::of("words", Long),
            Field::of("feelings", Coded(Set::Feelings)).more(),
            CYCLE,
        ],
    },
    Form {
        kind: Kind::Note,
        fields: &[
            Field::of("text", Long),
            Field::of("kind", Code(set!(diary::NoteKind as "note_kind"))),
            Field::of("at", Moment),
            Field::of("pinned", Flag).more(),
            Field::of("done", Flag).more(),
            Field::of("answers", Ref(Kind::Note)).more(),
            Field::of("visit", Ref(Kind::Visit)).more(),
            CYCLE,
        ],
    },
    Form {
        kind: Kind::Cost,
        fields: &[
            Field::of("on", Date),
            Field::of("kind", Code(set!(diary::CostKind as "cost_kind"))),
            Field::of("amount", MONEY),
            Field::of("payee", Text),
            Field::of("paid_on", Date),
            Field::of("reimbursed", MONEY).more(),
            Field::of("invoice", Text).more(),
            Field::of("storage", Ref(Kind::Storage)).more(),
            CYCLE,
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Preferences,
        fields: &[
            Field::of("units", Code(set!(settings::UnitSystem as "units"))),
            Field::of("temperature", Code(set!(settings::TemperatureUnit as "temperature_unit"))),
            Field::of("hold_results", Flag),
            Field::of("show_sex", Flag),
            Field::of("week_starts_sunday", Flag),
            Field::of("hide_tracking", Flag),
            Field::of("discreet", Flag),
            Field::of("discreet_title", Text),
            Field::of("quiet_from", Clock),
            Field::of("quiet_until", Clock),
            Field::of("quiet_breaks_for_critical", Flag),
            Field::of("remind_before", Int),
            Field::of("remind_again", Int),
            Field::of("person", Ref(Kind::Person)).more(),
        ],
    },
];
