//! What is watched: scans, blood, semen, the trigger; betas and early scans.

use super::{
    input::{
        Field, Form,
        Input::{self, Amount, Bands, Code, Flag, Int, Moment, Ref, Sizes, Text},
        set,
    },
    people::{DOSE, ROUTE, SAID, SITE, SOURCE},
};
use keepwell_journal::model::Kind;

const MM: Input = Amount(&["mm"]);
const PERCENT: Input = Amount(&["%"]);
const CYCLE: Field = Field::of("cycle", Ref(Kind::Cycle)).more();

pub const FORMS: &[Form] = &[
    Form {
        kind: Kind::Scan,
        fields: &[
            Field::of("at", Moment),
            Field::of("purpose", Code(set!(monitor::ScanPurpose as "scan_purpose"))),
            Field::of("follicles_right", Sizes).told(),
            Field::of("follicles_left", Sizes).told(),
            Field::of("lining", MM).told(),
            Field::of("lining_pattern", Code(set!(monitor::LiningPattern as "lining_pattern"))),
            Field::of("bands_right", Bands).more(),
            Field::of("bands_left", Bands).more(),
            Field::of("antral_right", Int).told().more(),
            Field::of("antral_left", Int).told().more(),
            Field::of("antral_total", Int).told().more(),
            Field::of("cysts", Text).more(),
            Field::of("free_fluid", Text).more(),
            Field::of("volume_right", Amount(&["mL"])).more(),
            Field::of("volume_left", Amount(&["mL"])).more(),
            CYCLE,
            SAID,
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Hormone,
        fields: &[
            Field::of("at", Moment),
            Field::of("hormone", Code(set!(monitor::HormoneKind as "hormone"))),
            // The unit follows the hormone; before that there is none.
            Field::of("value", Amount(&["", "pg/mL", "pmol/L", "ng/mL", "nmol/L", "mIU/mL", "IU/L"])).told(),
            Field::of("held", Flag),
            Field::of("laboratory", Text).more(),
            Field::of("range", Text).more(),
            Field::of("method", Text).more(),
            Field::of("name", Text).more(),
            CYCLE,
            SAID,
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Semen,
        fields: &[
            Field::of("at", Moment),
            Field::of("origin", Code(set!(monitor::SpermOrigin as "sperm_origin"))),
            Field::of("volume", Amount(&["mL"])).told(),
            Field::of("concentration", Amount(&["10*6/mL"])).told(),
            Field::of("progressive", PERCENT).told(),
            Field::of("motile", PERCENT).told(),
            Field::of("normal_forms", PERCENT).told(),
            Field::of("total_count", Amount(&["10*6"])).more(),
            Field::of("abstinence_days", Int).more(),
            Field::of("dna_fragmentation", PERCENT).more(),
            Field::of("prepared_count", Amount(&["10*6"])).more(),
            Field::of("person", Ref(Kind::Person)).more(),
            CYCLE,
            SAID,
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Trigger,
        fields: &[
            Field::of("at", Moment),
            Field::of("kind", Code(set!(monitor::TriggerKind as "trigger_kind"))),
            Field::of("drug", Text),
            Field::of("amount", DOSE),
            Field::of("second_drug", Text).more(),
            Field::of("second_amount", DOSE).more(),
            Field::of("second_at", Moment).more(),
            Field::of("planned_at", Moment).more(),
            Field::of("route", ROUTE).more(),
            Field::of("site", SITE).more(),
            CYCLE,
            SAID,
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Beta,
        fields: &[
            Field::of("at", Moment),
            Field::of("value", Amount(&["IU/L", "mIU/mL"])).told(),
            Field::of("held", Flag),
            Field::of("progesterone", Amount(&["ng/mL", "nmol/L"])).more(),
            Field::of("laboratory", Text).more(),
            CYCLE,
            SAID,
            SOURCE,
        ],
    },
    Form {
        kind: Kind::EarlyScan,
        fields: &[
            Field::of("at", Moment),
            Field::of("site", Code(set!(pregnancy::PregnancySite as "pregnancy_site"))),
            Field::of("sacs", Int).told(),
            Field::of("yolk_sac", Flag).told(),
            Field::of("embryos", Int).told(),
            Field::of("crown_rump", MM).told(),
            Field::of("heartbeat", Flag).told(),
            Field::of("heart_rate", Int).told(),
            Field::of("sac_diameter", MM).more(),
            Field::of("haematoma", Text).more(),
            Field::of("stated_days", Int).more(),
            CYCLE,
            SAID,
            SOURCE,
        ],
    },
];
