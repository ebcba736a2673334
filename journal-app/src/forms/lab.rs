//! Retrieval, laboratory, embryos, transfers and what is stored.

use super::{
    input::{
        Field, Form,
        Input::{Amount, Code, Date, Flag, Int, Moment, Ref, RefList, Text},
        set,
    },
    people::{MONEY, SOURCE},
};
use keepwell_journal::model::{Kind, embryo::EventKind};

const CYCLE: Field = Field::of("cycle", Ref(Kind::Cycle)).more();

/// What an event of an embryo is about: asked for first. A finding on sex is not among it, for it is not wanted
/// by all.
#[must_use]
pub const fn about(what: EventKind) -> &'static [&'static str] {
    match what {
        EventKind::Observed => &["day", "grade", "scheme"],
        EventKind::Biopsied => &["pgt_kind"],
        EventKind::Tested => &["pgt", "pgt_kind", "pgt_detail", "held"],
        EventKind::Frozen => &["freezing", "storage", "place"],
        EventKind::Moved => &["storage", "place"],
        EventKind::Thawed => &["survived"],
        EventKind::Transferred => &["transfer"],
        EventKind::Donated => &["to"],
        EventKind::Outcome => &["outcome"],
        EventKind::Arrested | EventKind::Discarded => &[],
    }
}

pub const FORMS: &[Form] = &[
    Form {
        kind: Kind::Retrieval,
        fields: &[
            Field::of("at", Moment),
            Field::of("retrieved", Int).told(),
            Field::of("mature", Int).told(),
            Field::of("method", Code(set!(lab::Fertilisation as "fertilisation"))),
            Field::of("pn2", Int).told(),
            Field::of("day3", Int).told(),
            Field::of("day5", Int).told(),
            Field::of("day6", Int).told(),
            Field::of("frozen", Int).told(),
            Field::of("retrieved_right", Int).told().more(),
            Field::of("retrieved_left", Int).told().more(),
            Field::of("metaphase_1", Int).told().more(),
            Field::of("germinal_vesicle", Int).told().more(),
            Field::of("degenerate", Int).told().more(),
            Field::of("inseminated", Int).told().more(),
            Field::of("pn1", Int).told().more(),
            Field::of("pn3", Int).told().more(),
            Field::of("pn0", Int).told().more(),
            Field::of("day2", Int).told().more(),
            Field::of("day4", Int).told().more(),
            Field::of("day7", Int).told().more(),
            Field::of("blastocysts", Int).told().more(),
            Field::of("biopsied", Int).told().more(),
            Field::of("eggs_frozen", Int).told().more(),
            Field::of("eggs_thawed", Int).told().more(),
            Field::of("sperm", Code(set!(monitor::SpermOrigin as "sperm_origin"))).more(),
            Field::of("anaesthesia", Text).more(),
            Field::of("recovery", Text).more(),
            Field::of("clinic", Ref(Kind::Clinic)).more(),
            CYCLE,
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Embryo,
        fields: &[
            Field::of("label", Text),
            Field::of("name", Text),
            Field::of("fertilised_on", Date),
            Field::of("method", Code(set!(lab::Fertilisation as "fertilisation"))).more(),
            Field::of("show_sex", Flag).more(),
            Field::of("egg_source", Ref(Kind::Person)).more(),
            Field::of("sperm_source", Ref(Kind::Person)).more(),
            Field::of("retrieval", Ref(Kind::Retrieval)).more(),
            CYCLE,
            SOURCE,
        ],
    },
    Form {
        kind: Kind::EmbryoEvent,
        fields: &[
            Field::of("what", Code(set!(embryo::EventKind as "event_kind"))),
            Field::of("at", Moment),
            Field::of("day", Int),
            Field::of("grade", Text).told(),
            Field::of("scheme", Code(set!(grade::Scheme as "scheme"))),
            Field::of("transfer", Ref(Kind::Transfer)),
            Field::of("storage", Ref(Kind::Storage)),
            Field::of("place", Text),
            Field::of("cells", Int).told().more(),
            Field::of("fragments", Int).more(),
            Field::of("pronuclei", Int).more(),
            Field::of("pgt", Code(set!(embryo::Pgt as "pgt"))).told().more(),
            Field::of("pgt_kind", Code(set!(embryo::PgtKind as "pgt_kind"))).more(),
            Field::of("pgt_detail", Text).more(),
            Field::of("sex", Code(set!(embryo::Sex as "sex"))).more(),
            Field::of("held", Flag).more(),
            Field::of("freezing", Code(set!(lab::Freezing as "freezing"))).more(),
            Field::of("survived", Flag).told().more(),
            Field::of("outcome", Code(set!(embryo::EmbryoOutcome as "embryo_outcome"))).more(),
            Field::of("to", Text).more(),
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Transfer,
        fields: &[
            Field::of("at", Moment),
            Field::of("count", Int).told(),
            Field::of("embryo_day", Int).told(),
            Field::of("preparation", Code(set!(lab::Preparation as "preparation"))),
            Field::of("lining", Amount(&["mm"])).told(),
            Field::of("ease", Code(set!(lab::Ease as "ease"))).more(),
            Field::of("done_by", Text).more(),
            Field::of("assisted_hatching", Flag).told().more(),
            Field::of("additions", Text).more(),
            Field::of("clinic", Ref(Kind::Clinic)).more(),
            CYCLE,
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Storage,
        fields: &[
            Field::of("clinic", Ref(Kind::Clinic)),
            Field::of("what", Code(set!(lab::Stored as "stored"))),
            Field::of("count", Int),
            Field::of("started_on", Date),
            Field::of("limit_on", Date),
            Field::of("fee", MONEY),
            Field::of("fee_months", Int),
            Field::of("fee_first_due", Date),
            Field::of("contract", Text).more(),
            Field::of("ended_on", Date).more(),
            Field::of("owners", RefList(Kind::Person)).more(),
            SOURCE,
        ],
    },
    Form {
        kind: Kind::StorageFee,
        fields: &[
            Field::of("storage", Ref(Kind::Storage)),
            Field::of("due_on", Date),
            Field::of("amount", MONEY),
            Field::of("paid_on", Date),
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Consent,
        fields: &[
            Field::of("what", Code(set!(lab::ConsentFor as "consent_for"))),
            Field::of("storage", Ref(Kind::Storage)),
            Field::of("signed_on", Date),
            Field::of("valid_until", Date),
            Field::of("signed_by", RefList(Kind::Person)).more(),
            Field::of("withdrawn_on", Date).more(),
            CYCLE,
            SOURCE,
        ],
    },
];
