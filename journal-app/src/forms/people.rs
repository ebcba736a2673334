//! People, clinics, drugs and what is in the cupboard.

use super::input::{
    Field, Form,
    Input::{self, Amount, Code, CodeList, Date, Dose, Int, Long, Moment, Ref, Source, Text, Words, Zone},
    set,
};
use keepwell_journal::model::Kind;

/// How a drug is taken.
pub const ROUTE: Input = Code(set!(medicine::Route as "route"));
/// Where it went in.
pub const SITE: Input = Code(set!(medicine::Site as "site"));
/// What it is for.
pub const PURPOSE: Input = Code(set!(plan::Purpose as "purpose"));
/// Units of doses.
pub const DOSE_UNITS: &[&str] = &["IU", "µg", "mg", "mL", "g", "drops", "tablets", "puffs"];
/// How much of a drug. No unit is there before one is chosen: that of one drug is a thousand times that of another.
pub const DOSE: Input = Dose(DOSE_UNITS);
/// Money.
pub const MONEY: Input = Amount(&["€", "£", "$", "CHF"]);
/// Who says so: of what was measured, told or planned by somebody.
pub const SAID: Field = Field::of("source", Source(set!(SourceKind as "source"))).more();
/// A remark, the last of every form.
pub const SOURCE: Field = Field::of("note", Long).more();

pub const FORMS: &[Form] = &[
    Form {
        kind: Kind::Person,
        fields: &[
            Field::of("name", Text),
            Field::of("roles", CodeList(set!(people::Role as "role"))),
            Field::of("born_on", Date),
            Field::of("born_in", Int).more(),
            Field::of("donor_code", Text).more(),
            Field::of("agency", Text).more(),
            Field::of("blood_group", Text).more(),
            Field::of("height", Amount(&["cm", "in"])).more(),
            Field::of("weight", Amount(&["kg", "lb"])).more(),
            Field::of("allergies", Words).more(),
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Clinic,
        fields: &[
            Field::of("name", Text),
            Field::of("phone", Text),
            Field::of("emergency_phone", Text),
            Field::of("email", Text).more(),
            Field::of("address", Long).more(),
            Field::of("website", Text).more(),
            Field::of("hours", Long).more(),
            Field::of("zone", Zone).more(),
            Field::of("patient_number", Text).more(),
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Contact,
        fields: &[
            Field::of("name", Text),
            Field::of("role", Code(set!(people::ContactRole as "contact_role"))),
            Field::of("clinic", Ref(Kind::Clinic)),
            Field::of("phone", Text),
            Field::of("email", Text).more(),
            Field::of("hours", Long).more(),
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Medication,
        fields: &[
            Field::of("name", Text),
            Field::of("form", Code(set!(medicine::Form as "form"))),
            Field::of("route", ROUTE),
            Field::of("purpose", PURPOSE),
            Field::of("strength", DOSE),
            Field::of("pack_size", Int),
            Field::of("substance", Text).more(),
            Field::of("pack_price", MONEY).more(),
            Field::of("keeping", Code(set!(medicine::Keeping as "keeping"))).more(),
            Field::of("days_once_open", Int).more(),
            Field::of("order_days", Int).more(),
            Field::of("reserve_days", Int).more(),
            Field::of("pharmacy", Ref(Kind::Clinic)).more(),
            Field::of("sites", CodeList(set!(medicine::Site as "site"))).more(),
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Stock,
        fields: &[
            Field::of("medication", Ref(Kind::Medication)),
            Field::of("event", Code(set!(medicine::StockEvent as "stock_event"))),
            Field::of("at", Moment),
            Field::of("packs", Int),
            Field::of("pieces", Int),
            Field::of("amount", DOSE).more(),
            Field::of("expires_on", Date).more(),
            Field::of("lot", Text).more(),
            SOURCE,
        ],
    },
    Form {
        kind: Kind::Visit,
        fields: &[
            Field::of("at", Moment),
            Field::of("purpose", Code(set!(people::VisitPurpose as "visit_purpose"))),
            Field::of("state", Code(set!(people::VisitState as "visit_state"))),
            Field::of("clinic", Ref(Kind::Clinic)),
            Field::of("with", Ref(Kind::Contact)).more(),
            Field::of("minutes", Int).more(),
            Field::of("preparation", Long).more(),
            Field::of("summary", Long),
            Field::of("cycle", Ref(Kind::Cycle)).more(),
            SOURCE,
        ],
    },
];
