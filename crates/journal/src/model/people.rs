//! The people of a treatment, and those who treat.

use super::{amount::Amount, code::codes, id::EntityId, moment::Moment, view::view, zone::Zone};
use crate::model::field::{TextType, text_fields};
use keepwell_domain::time::Date;

codes! {
    /// What a person is in a treatment; one may be several.
    Role {
        Patient = "patient", Partner = "partner", EggDonor = "egg_donor", SpermDonor = "sperm_donor",
        EmbryoDonor = "embryo_donor", Carrier = "carrier",
    }
    /// What someone at a clinic does.
    ContactRole {
        Doctor = "doctor", Nurse = "nurse", Coordinator = "coordinator", Embryologist = "embryologist",
        Sonographer = "sonographer", Psychologist = "psychologist", Pharmacy = "pharmacy",
        Laboratory = "laboratory", Finance = "finance", Emergency = "emergency", Other = "other",
    }
}

impl TextType for Zone {
    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }
    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}
text_fields!(Zone);

view! {
    /// A person in the treatment.
    Person as Person {
        /// What the journal calls them.
        name: String,
        /// What they are in it.
        roles: Vec<Role>,
        /// Day of birth.
        born_on: Date,
        /// Year of birth, where no more is known (donors).
        born_in: i64,
        /// The donor's number at the bank.
        donor_code: String,
        /// The bank or agency.
        agency: String,
        /// Blood group as stated.
        blood_group: String,
        /// Height as entered.
        height: Amount,
        /// Weight as entered.
        weight: Amount,
        /// Allergies, as stated.
        allergies: Vec<String>,
    }
}
view! {
    /// A clinic, laboratory, bank or pharmacy.
    Clinic as Clinic {
        /// What it is called.
        name: String,
        /// The number to call.
        phone: String,
        /// The number outside of opening hours.
        emergency_phone: String,
        /// The address for mail.
        email: String,
        /// Where it is.
        address: String,
        /// Its pages.
        website: String,
        /// Opening hours as written.
        hours: String,
        /// Where its clocks are.
        zone: Zone,
        /// Its number of this patient.
        patient_number: String,
    }
}
view! {
    /// Someone to call.
    Contact as Contact {
        /// What they are called.
        name: String,
        /// What they do.
        role: ContactRole,
        /// The clinic.
        clinic: EntityId,
        /// The number to call.
        phone: String,
        /// The address for mail.
        email: String,
        /// When they can be reached, as written.
        hours: String,
    }
}
view! {
    /// An appointment.
    Visit as Visit {
        /// The cycle.
        cycle: EntityId,
        /// Whose.
        person: EntityId,
        /// When.
        at: Moment,
        /// Minutes that it is to take.
        minutes: i64,
        /// The clinic.
        clinic: EntityId,
        /// Who is seen.
        with: EntityId,
        /// What for.
        purpose: VisitPurpose,
        /// Where it stands.
        state: VisitState,
        /// What was said.
        summary: String,
        /// To bring, to do before: fasting, full bladder.
        preparation: String,
        /// The item of the plan that it fulfils.
        plan_item: EntityId,
    }
}
codes! {
    /// What an appointment is for.
    VisitPurpose {
        Consultation = "consultation", Scan = "scan", Blood = "blood", ScanAndBlood = "scan_and_blood",
        Retrieval = "retrieval", Transfer = "transfer", Insemination = "insemination",
        Teaching = "teaching", Anaesthesia = "anaesthesia", Counselling = "counselling", Call = "call",
        Hysteroscopy = "hysteroscopy", EarlyPregnancy = "early_pregnancy", Other = "other",
    }
    /// Where an appointment stands.
    VisitState { Planned = "planned", Done = "done", Cancelled = "cancelled", Missed = "missed" }
}
