//! The Overview page.

use super::{markers, timeline};
use crate::{
    Lang,
    vault::{Open, Vault},
};
use keepwell_domain::{
    record::{Body, Kind},
    time::{DAY, Ts},
    view::{DocumentRow, DocumentState, MarkerRow, OverviewView, Standing, TimelineItem},
};

const SHOWN: usize = 12;
/// A value older than this says little about today; it is not listed as out of range.
const STALE_DAYS: i64 = 3 * 365;

/// What is new, what changed, what is out of range, what is due.
#[must_use]
pub fn overview(v: &Vault, documents: &[DocumentRow], now: Ts, lang: Lang) -> OverviewView {
    let rows: Vec<(MarkerRow, Ts)> = v
        .markers
        .iter()
        .filter_map(|(k, m)| Some((markers::row(v, k, m, lang)?, m.values.last()?.t)))
        .collect();
    // A watch has something new every day; "what changed" is about results.
    let is_result = |r: &MarkerRow| v.markers.get(&r.key).is_some_and(|m| m.metrics.is_empty());
    let days = rows.iter().filter(|(r, _)| is_result(r)).map(|(_, t)| t.0.div_euclid(DAY));
    let newest_day = days.filter(|d| *d <= now.0 / DAY).max();
    let mut out_of_range: Vec<&(MarkerRow, Ts)> =
        rows.iter().filter(|(r, t)| is_out(r.standing) && now.0 - t.0 < STALE_DAYS * DAY).collect();
    out_of_range.sort_by_key(|(r, t)| (std::cmp::Reverse(*t), r.name.clone()));
    let changed = rows.iter().filter(|(r, t)| {
        is_result(r)
            && Some(t.0.div_euclid(DAY)) == newest_day
            && r.change.as_ref().is_some_and(|c| c.direction != 0)
    });
    OverviewView {
        is_empty: v.records.is_empty() && v.series.is_empty() && documents.is_empty(),
        out_of_range: out_of_range.into_iter().take(SHOWN).map(|(r, _)| r.clone()).collect(),
        changed: changed.take(SHOWN).map(|(r, _)| r.clone()).collect(),
        newest: v
            .records
            .iter()
            .filter(|o| is_past(o, now))
            .take(8)
            .map(|o| timeline::item(o, lang))
            .collect(),
        favourites: rows.iter().filter(|(r, _)| r.favourite).map(|(r, _)| r.clone()).collect(),
        due: due(v, &rows, now),
        active: active(v, lang),
        attention: documents.iter().filter(|d| d.state != DocumentState::Done).cloned().collect(),
        counts: counts(v),
        newest_date: newest_day.map_or(String::new(), |d| Ts(d * DAY).date().to_string()),
    }
}

fn is_past(o: &Open, now: Ts) -> bool {
    o.record.effective.is_some_and(|w| w.sort_key() <= now)
}

const fn is_out(s: Standing) -> bool {
    matches!(s, Standing::Low | Standing::High | Standing::Abnormal)
}

/// Markers measured at least three times, whose usual interval passed by half again. It says
/// what the records show, not what anyone should do.
fn due(v: &Vault, rows: &[(MarkerRow, Ts)], now: Ts) -> Vec<(MarkerRow, i64, i64)> {
    let mut out: Vec<(MarkerRow, i64, i64)> = rows
        .iter()
        .filter_map(|(r, last)| {
            let m = v.markers.get(&r.key).filter(|m| m.metrics.is_empty())?;
            let mut days: Vec<i64> = m.values.iter().map(|x| x.t.0.div_euclid(DAY)).collect();
            days.dedup();
            if days.len() < 3 {
                return None;
            }
            let mut gaps: Vec<i64> = days.windows(2).map(|w| w[1] - w[0]).collect();
            gaps.sort_unstable();
            let usual = gaps[gaps.len() / 2];
            let since = (now.0 - last.0) / DAY;
            (usual >= 20 && since * 2 > usual * 3 && since < STALE_DAYS).then(|| (r.clone(), usual, since))
        })
        .collect();
    out.sort_by_key(|(r, usual, since)| (std::cmp::Reverse(since * 100 / usual), r.name.clone()));
    out.truncate(SHOWN);
    out
}

fn active(v: &Vault, lang: Lang) -> Vec<(Kind, Vec<TimelineItem>)> {
    let is_active = |o: &&Open, kind: Kind| match (&o.record.body, kind) {
        (Body::Condition(c), Kind::Condition) => {
            c.abatement.is_none()
                && c.clinical_status
                    .as_deref()
                    .is_none_or(|s| matches!(s, "active" | "recurrence" | "relapse"))
                && c.verification.as_deref().is_none_or(|s| !matches!(s, "refuted" | "entered-in-error"))
        }
        (Body::Medication(m), Kind::Medication) => {
            m.end.is_none()
                && m.status.as_deref().is_none_or(|s| matches!(s, "active" | "intended" | "on-hold"))
        }
        (Body::Allergy(a), Kind::Allergy) => a.clinical_status.as_deref().is_none_or(|s| s == "active"),
        _ => false,
    };
    let of_kind = |kind: Kind| {
        let mut items: Vec<TimelineItem> = Vec::new();
        for item in v.records.iter().filter(|o| is_active(o, kind)).map(|o| timeline::item(o, lang)) {
            if !items.iter().any(|i| i.title == item.title && i.detail == item.detail) {
                items.push(item);
            }
        }
        (kind, items)
    };
    [Kind::Condition, Kind::Medication, Kind::Allergy]
        .into_iter()
        .map(of_kind)
        .filter(|(_, l)| !l.is_empty())
        .collect()
}

fn counts(v: &Vault) -> Vec<(Kind, u32)> {
    let of = |k: Kind| v.records.iter().filter(|o| o.record.body.kind() == k).count();
    Kind::ALL
        .into_iter()
        .map(|k| (k, u32::try_from(of(k)).unwrap_or(u32::MAX)))
        .filter(|(_, n)| *n > 0)
        .collect()
}
