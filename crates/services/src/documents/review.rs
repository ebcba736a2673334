//! The review of a table: its rows that wait, with what is read of them and why they wait.

use super::meta::{Meta, question};
use crate::{
    Lang,
    actor::Actor,
    audit::Act,
    core::Services,
    error::Result,
    import::{person::PersonAnswer, waiting},
    picture::{record::form_of, timeline},
    vault::{Vault, marker_key},
};
use keepwell_domain::{
    act::Action,
    analyte,
    ids::{DocumentId, ReviewRowId},
    locator::Locator,
    measure::Value,
    record::{Body, Record},
    time::When,
    view::{DoubtView, RecordForm, ReviewRowView, ReviewView, Sureness, TimelineItem},
};
use keepwell_parsers::table::doubt::{Doubt, Unsure};
use keepwell_store::{
    document as rows,
    review::{self, ReviewRow, ReviewState},
};

/// Rows on one page.
pub(crate) const PAGE: u32 = 10;
/// Rows that are opened to count the likely ones.
pub(super) const LOOKED_AT: i64 = 5_000;
/// Left-out rows that are listed.
const LEFT_OUT: i64 = 50;
/// Records shown beside a row.
const BESIDE: usize = 4;

impl Services {
    /// One page of a document's rows that wait; pages count from 1, and one beyond the last is the
    /// last.
    ///
    /// # Errors
    /// [`crate::ServiceError::NotFound`] for a document that is not there or not theirs.
    pub async fn review(&self, actor: &Actor, id: DocumentId, page: u32) -> Result<ReviewView> {
        let keys = self.profile_keys(actor).await?;
        let store = &self.0.store;
        let row = rows::get_document(store, actor.profile, id).await?;
        self.log_view(Act::of(actor, Action::DocumentViewed).on(id.uuid())).await?;
        let meta = Meta::open(&keys, &row)?;
        let list =
            |state, skip, limit| review::list_review_rows(store, actor.profile, id, state, skip, limit);
        let waiting = review::count_review_rows(store, actor.profile, id, ReviewState::Waiting).await?;
        let waiting = u64::try_from(waiting).unwrap_or(0);
        let pages = u32::try_from(waiting.div_ceil(u64::from(PAGE))).unwrap_or(u32::MAX).max(1);
        let page = page.clamp(1, pages);
        let skip = i64::from(page - 1) * i64::from(PAGE);
        let here = list(ReviewState::Waiting, skip, i64::from(PAGE)).await?;
        let left_out = list(ReviewState::LeftOut, 0, LEFT_OUT).await?;
        let mut likely = 0;
        for r in list(ReviewState::Waiting, 0, LOOKED_AT).await? {
            likely += u64::from(is_likely(&waiting::open(&keys, &r)?));
        }
        let vault = self.vault_of(actor.profile).await?;
        let view = |r: &ReviewRow| Ok(show(r, &waiting::open(&keys, r)?, &vault, actor.lang));
        let others = meta.subject.clone().filter(|_| meta.person == Some(PersonAnswer::Import));
        Ok(ReviewView {
            rows: here.iter().map(view).collect::<Result<_>>()?,
            left_out: left_out.iter().map(view).collect::<Result<_>>()?,
            questions: meta.questions.iter().map(|q| question(q, actor.lang)).collect(),
            heading: meta.heading.clone(),
            person: others,
            row: meta.row(&row, None, actor.lang),
            page,
            pages,
            waiting,
            likely,
        })
    }

    /// One row that waits or was decided on.
    ///
    /// # Errors
    /// [`crate::ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn review_row(&self, actor: &Actor, id: DocumentId, row: ReviewRowId) -> Result<ReviewRowView> {
        let keys = self.profile_keys(actor).await?;
        let row = review::get_review_row(&self.0.store, actor.profile, id, row).await?;
        self.log_view(Act::of(actor, Action::DocumentViewed).on(id.uuid())).await?;
        let vault = self.vault_of(actor.profile).await?;
        Ok(show(&row, &waiting::open(&keys, &row)?, &vault, actor.lang))
    }
}

/// Whether a row's only doubts are slight ones.
pub(super) fn is_likely(row: &Unsure) -> bool {
    row.doubts.iter().all(Doubt::is_slight)
}

fn show(r: &ReviewRow, row: &Unsure, vault: &Vault, lang: Lang) -> ReviewRowView {
    let (line, used) = match &row.parsed.locator {
        Locator::Row { line, columns } => (*line, columns.clone()),
        _ => (0, Vec::new()),
    };
    let sureness = if row.doubts.iter().any(Doubt::needs_an_edit) {
        Sureness::Incomplete
    } else if is_likely(row) {
        Sureness::Likely
    } else {
        Sureness::Unsure
    };
    let p = &row.printed;
    ReviewRowView {
        id: r.id,
        line,
        used,
        cells: row.cells.clone(),
        printed: [&p.name, &p.value, &p.unit, &p.range, &p.date].map(Clone::clone),
        form: form(row),
        test: test(&row.parsed.record, lang),
        sureness,
        doubts: row.doubts.iter().map(|d| doubt(d, lang)).collect(),
        there: beside(&row.parsed.record, vault, lang),
    }
}

/// The record as a form. What has two readings, or none, is left empty: nothing is filled in that
/// the file does not say.
pub(super) fn form(row: &Unsure) -> RecordForm {
    let mut f = form_of(&row.parsed.record);
    let open = |d: &Doubt| matches!(d, Doubt::NumberTwoWays { .. } | Doubt::UnitIsNumber | Doubt::ExtraCells);
    if row.doubts.iter().any(open) {
        f.value.clear();
    }
    if row.doubts.iter().any(|d| matches!(d, Doubt::UnitIsNumber | Doubt::ExtraCells)) {
        f.unit.clear();
    } else if row.doubts.iter().any(|d| matches!(d, Doubt::NumberTwoWays { .. })) {
        f.unit.clone_from(&row.printed.unit);
    }
    f
}

fn test(r: &Record, lang: Lang) -> Option<String> {
    let Body::Observation(o) = &r.body else { return None };
    let unit = match &o.value {
        Some(Value::Quantity(q)) => q.unit.as_deref(),
        _ => None,
    };
    let (_, analyte) = marker_key(&o.code, unit, o.specimen.as_deref())?;
    analyte.map(|a| a.name(lang.as_str()).to_owned())
}

/// Records of the same test on the same day.
fn beside(r: &Record, vault: &Vault, lang: Lang) -> Vec<TimelineItem> {
    let Body::Observation(o) = &r.body else { return Vec::new() };
    let Some(day) = r.effective.filter(|w| !matches!(w, When::Year(_) | When::Month(..))) else {
        return Vec::new();
    };
    let day = day.date();
    let key = |o: &keepwell_domain::record::Observation| {
        let unit = match &o.value {
            Some(Value::Quantity(q)) => q.unit.as_deref().or(q.ucum.as_deref()),
            _ => None,
        };
        marker_key(&o.code, unit, o.specimen.as_deref()).map(|(key, _)| key)
    };
    let Some(mine) = key(o) else { return Vec::new() };
    let same = |open: &&crate::vault::Open| {
        open.record.effective.is_some_and(|w| w.date() == day)
            && matches!(&open.record.body, Body::Observation(o) if key(o).as_ref() == Some(&mine))
    };
    vault.records.iter().filter(same).take(BESIDE).map(|o| timeline::item(o, lang)).collect()
}

/// A number without the marks that leave it open: `250.000` is `250`.
fn plainly(number: &str) -> String {
    number.parse::<f64>().map_or_else(|_| number.to_owned(), |n| n.to_string())
}

/// A doubt in words.
pub(super) fn doubt(d: &Doubt, lang: Lang) -> DoubtView {
    let plain = |code: &str, en: &'static str, de: &'static str| DoubtView {
        code: code.to_owned(),
        reason: lang.pick(en, de).to_owned(),
        field: String::new(),
        choices: Vec::new(),
    };
    let choose = |d: DoubtView, field: &str, values: &[(&String, String)]| DoubtView {
        field: field.to_owned(),
        choices: values
            .iter()
            .filter(|(v, _)| !v.is_empty())
            .map(|(v, label)| ((*v).clone(), label.clone()))
            .collect(),
        ..d
    };
    match d {
        Doubt::DateOrder { day_first, month_first } => choose(
            plain(
                "date_order",
                "The date can be read with the day or the month first.",
                "Das Datum lässt sich mit dem Tag oder dem Monat zuerst lesen.",
            ),
            "date",
            &[(day_first, day_first.clone()), (month_first, month_first.clone())],
        ),
        Doubt::DateUnreadable => {
            plain("date_unreadable", "The date cannot be read.", "Das Datum ist nicht lesbar.")
        }
        Doubt::DateImpossible => plain(
            "date_impossible",
            "There is no such day in the order of day and month that the other rows have.",
            "Diesen Tag gibt es nicht in der Reihenfolge von Tag und Monat, die die anderen Zeilen haben.",
        ),
        Doubt::DateMissing => {
            plain("date_missing", "This row has no date.", "In dieser Zeile steht kein Datum.")
        }
        Doubt::DateFuture => {
            plain("date_future", "The date lies in the future.", "Das Datum liegt in der Zukunft.")
        }
        Doubt::DateLongAgo => {
            plain("date_long_ago", "The date lies before 1900.", "Das Datum liegt vor 1900.")
        }
        Doubt::NumberTwoWays { point, comma } => choose(
            plain(
                "number_two_ways",
                "The number can be read in two ways: the mark in it may be a decimal sign or part thousands.",
                "Die Zahl lässt sich zweifach lesen: Das Zeichen darin kann Dezimalzeichen oder Tausendertrenner sein.",
            ),
            "value",
            &[(point, plainly(point)), (comma, plainly(comma))],
        ),
        Doubt::UnitIsNumber => plain(
            "unit_is_number",
            "A number stands where the unit should; a decimal comma may have split the result in two.",
            "Wo die Einheit stehen sollte, steht eine Zahl; vielleicht hat ein Dezimalkomma das Ergebnis geteilt.",
        ),
        Doubt::UnitMissing => plain(
            "unit_missing",
            "The unit is missing. Without one the value is kept as printed and not drawn on the chart.",
            "Die Einheit fehlt. Ohne sie bleibt der Wert wie gedruckt und kommt nicht in das Diagramm.",
        ),
        Doubt::UnitUnknown => plain(
            "unit_unknown",
            "The unit is not known. The value is kept as printed and not drawn on the chart.",
            "Die Einheit ist unbekannt. Der Wert bleibt wie gedruckt und kommt nicht in das Diagramm.",
        ),
        Doubt::UnitUnfit { usual } => {
            let usual = analyte::unit_label(usual);
            DoubtView {
                reason: match lang {
                    Lang::De => format!("Diese Einheit passt nicht zu diesem Test; üblich ist {usual}."),
                    Lang::En => format!("This unit does not fit this test; {usual} is usual."),
                },
                ..plain("unit_unfit", "", "")
            }
        }
        Doubt::Spelling { loinc } => {
            let name = analyte::find_by_loinc(loinc).map_or("", |a| a.name(lang.as_str())).to_owned();
            let d = DoubtView {
                reason: match lang {
                    Lang::De => format!("Der Name ist unbekannt; gemeint sein könnte {name}."),
                    Lang::En => format!("The name is not known; it may mean {name}."),
                },
                ..plain("spelling", "", "")
            };
            choose(d, "key", &[(loinc, name)])
        }
        Doubt::Implausible => plain(
            "implausible",
            "The value lies outside what is physically plausible. A unit or a decimal sign may be wrong.",
            "Der Wert liegt außerhalb des körperlich Möglichen. Vielleicht stimmt die Einheit oder das Komma nicht.",
        ),
        Doubt::ExtraCells => plain(
            "extra_cells",
            "This row has more cells than the heading, so it is not clear which is which.",
            "Diese Zeile hat mehr Zellen als die Überschrift; welche welche ist, ist unklar.",
        ),
        Doubt::NameMissing => plain(
            "name_missing",
            "The row does not say what was tested.",
            "Die Zeile sagt nicht, was untersucht wurde.",
        ),
        Doubt::NearlyKnown => plain(
            "nearly_known",
            "A record of the same test and day says nearly the same; it may be the same result, rounded.",
            "Ein Eintrag zum selben Test und Tag sagt fast dasselbe; vielleicht ist es dasselbe Ergebnis, gerundet.",
        ),
    }
}
