//! Counters, settings, invitations, failed work and the log as those see it who run the instance: on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_domain::{
    ids::{AuditId, JobId},
    sealed::Fingerprint,
    time::{DAY, Ts},
};
use keepwell_store::{
    Store, StoreError,
    audit::{self, AuditRow, Facet, OfPerson, PlacedRow, Stretch},
    counter::{self, Count, Join, Use},
    invite::{self, Invite},
    job,
    session::TokenHash,
    setting::{self, SettingChange},
    testing::{fingerprint, for_each_engine, insert_person, new_uuid, sealed},
};

const NOW: Ts = Ts(1_800_000_000_000_000);
const ALWAYS: Stretch = Stretch { from: Ts(i64::MIN), until: Ts(i64::MAX), before: None };

fn count(name: &str, hour: i64, n: i64) -> Count {
    Count { name: name.into(), hour, n }
}

async fn put(store: &Store, counts: &[Count], join: Join) {
    let mut tx = store.begin().await.unwrap();
    counter::put_counts(&mut tx, counts, join).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn counts_of_two_writers_add_up_and_levels_take_the_place_of_older_ones() {
    for_each_engine(async |store| {
        let day = 20_000;
        let hour = day * 24;
        for _ in 0..2 {
            put(&store, &[count("errors", hour + 3, 2), count("errors", hour, 1)], Join::Add).await;
        }
        put(&store, &[count("queue", hour, 9)], Join::Raise).await;
        put(&store, &[count("queue", hour, 4)], Join::Raise).await;
        put(&store, &[count("disk.free", hour, 9), count("disk.free", hour + 1, 8)], Join::Lower).await;
        put(&store, &[count("disk.free", hour, 4)], Join::Lower).await;
        put(&store, &[count("people", hour, 9)], Join::Replace).await;
        put(&store, &[count("people", hour, 4)], Join::Replace).await;
        put(&store, &[count("errors", hour - 1, 7)], Join::Add).await;
        let found = counter::list_counts(&store, day).await.unwrap();
        let of = |name: &str| found.iter().filter(|c| c.name == name).collect::<Vec<_>>();
        assert_eq!((of("errors")[0].sum, of("errors")[0].most, of("errors")[0].least), (6, 4, 2));
        assert_eq!(of("errors").len(), 1, "the hour before belongs to the day before");
        assert_eq!((of("queue")[0].most, of("people")[0].most), (9, 4));
        assert_eq!(of("disk.free")[0].least, 4);
        assert_eq!(counter::list_counts(&store, day - 1).await.unwrap().len(), found.len() + 1);

        let uses = [Use { day, feature: "asks", n: 2 }, Use { day, feature: "uploads", n: 1 }];
        for _ in 0..2 {
            let mut tx = store.begin().await.unwrap();
            counter::add_uses(&mut tx, &uses).await.unwrap();
            tx.commit().await.unwrap();
        }
        let used = counter::list_uses(&store, day).await.unwrap();
        assert_eq!(
            used.iter().map(|u| (u.feature.as_str(), u.n)).collect::<Vec<_>>(),
            [("asks", 4), ("uploads", 2)]
        );
        let mut tx = store.begin().await.unwrap();
        counter::delete_counts(&mut tx, day + 1).await.unwrap();
        tx.commit().await.unwrap();
        assert!(counter::list_counts(&store, 0).await.unwrap().is_empty());
        assert!(counter::list_uses(&store, 0).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn levels_count_people_and_work_that_waits() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        insert_person(&store, NOW).await;
        let mut tx = store.begin().await.unwrap();
        let id = JobId::new(new_uuid());
        let new = job::NewJob {
            id,
            kind: "read",
            profile_id: Some(profile),
            subject_id: None,
            max_attempts: 1,
            run_at: NOW,
        };
        job::enqueue_job(&mut tx, &new, NOW).await.unwrap();
        tx.commit().await.unwrap();
        let levels = counter::read_levels(&store, Ts(NOW.0 - DAY)).await.unwrap();
        assert_eq!((levels.people, levels.active, levels.queue, levels.dead), (2, 0, 1, 0));
        assert_eq!((levels.oldest, levels.storage), (Some(NOW), 0));

        let owner = new_uuid();
        assert!(matches!(job::get_dead_job(&store, id).await, Err(StoreError::NotFound)));
        job::claim_job(&store, owner, NOW, NOW.plus_seconds(9)).await.unwrap().unwrap();
        let mut tx = store.begin().await.unwrap();
        job::fail_job(&mut tx, id, owner, "crashed", None, NOW).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(job::get_dead_job(&store, id).await.unwrap().error_code.as_deref(), Some("crashed"));
        assert_eq!(counter::read_levels(&store, NOW).await.unwrap().dead, 1);
        let mut tx = store.begin().await.unwrap();
        job::retry_dead_job(&mut tx, id, NOW).await.unwrap();
        assert!(matches!(job::retry_dead_job(&mut tx, id, NOW).await, Err(StoreError::NotFound)));
        assert!(matches!(job::discard_dead_job(&mut tx, id).await, Err(StoreError::NotFound)));
        tx.commit().await.unwrap();
        let again = job::claim_job(&store, owner, NOW, NOW.plus_seconds(9)).await.unwrap().unwrap();
        assert_eq!((again.id, again.attempts), (id, 1));
        let mut tx = store.begin().await.unwrap();
        job::fail_job(&mut tx, id, owner, "crashed", None, NOW).await.unwrap();
        job::discard_dead_job(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(counter::read_levels(&store, NOW).await.unwrap().dead, 0);
    })
    .await;
}

fn change(seq: i64, name: &str, value: Option<&str>) -> SettingChange {
    SettingChange {
        seq,
        id: new_uuid(),
        setting: name.into(),
        value: value.map(str::to_owned),
        old_value: None,
        at: NOW,
        why_sealed: sealed("why"),
    }
}

#[tokio::test]
async fn newest_change_of_a_setting_counts_and_no_two_have_one_number() {
    for_each_engine(async |store| {
        assert_eq!(setting::last_change(&store).await.unwrap(), 0);
        let mut tx = store.begin().await.unwrap();
        for c in [change(1, "a", Some("1")), change(2, "b", Some("2")), change(3, "a", None)] {
            setting::insert_change(&mut tx, &c).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(setting::last_change(&store).await.unwrap(), 3);
        let now = setting::list_current(&store).await.unwrap();
        let now: Vec<_> = now.iter().map(|c| (c.setting.as_str(), c.value.as_deref())).collect();
        assert_eq!(now, [("b", Some("2")), ("a", None)]);
        let page = setting::list_changes(&store, 3, 1).await.unwrap();
        assert_eq!(page.iter().map(|c| c.seq).collect::<Vec<_>>(), [2]);
        let mut tx = store.begin().await.unwrap();
        let twice = setting::insert_change(&mut tx, &change(3, "c", None)).await;
        assert!(matches!(twice, Err(StoreError::Conflict { .. })), "{twice:?}");
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_good_once_in_its_time_and_not_after_it_was_taken_back() {
    for_each_engine(async |store| {
        let hash = |n: u8| TokenHash([n; 32]);
        let mut ids = Vec::new();
        for n in 0..3u8 {
            let new = Invite {
                id: new_uuid(),
                label_sealed: sealed("for"),
                created_at: NOW.plus_seconds(n.into()),
                expires_at: NOW.plus_seconds(100),
                used_at: None,
                revoked_at: None,
            };
            let mut tx = store.begin().await.unwrap();
            invite::insert_invite(&mut tx, &new, hash(n)).await.unwrap();
            tx.commit().await.unwrap();
            ids.push(new.id);
        }
        let at = |s| NOW.plus_seconds(s);
        assert_eq!(invite::find_invite(&store, hash(0), at(99)).await.unwrap(), Some(ids[0]));
        assert_eq!(invite::find_invite(&store, hash(0), at(100)).await.unwrap(), None);
        assert_eq!(invite::find_invite(&store, hash(9), at(1)).await.unwrap(), None);
        let mut tx = store.begin().await.unwrap();
        assert!(invite::take_invite(&mut tx, ids[0], at(1)).await.unwrap());
        assert!(!invite::take_invite(&mut tx, ids[0], at(1)).await.unwrap(), "twice");
        assert!(!invite::revoke_invite(&mut tx, ids[0], at(1)).await.unwrap(), "used");
        assert!(invite::revoke_invite(&mut tx, ids[1], at(1)).await.unwrap());
        assert!(!invite::take_invite(&mut tx, ids[1], at(1)).await.unwrap(), "taken back");
        assert!(!invite::revoke_invite(&mut tx, ids[2], at(100)).await.unwrap(), "over");
        tx.commit().await.unwrap();
        assert_eq!(invite::find_invite(&store, hash(1), at(1)).await.unwrap(), None);
        let listed = invite::list_invites(&store, 10).await.unwrap();
        assert_eq!(listed.iter().map(|i| i.id).collect::<Vec<_>>(), [ids[2], ids[1], ids[0]]);
        let mut tx = store.begin().await.unwrap();
        assert_eq!(invite::delete_over(&mut tx, at(101)).await.unwrap(), 3);
        tx.commit().await.unwrap();
    })
    .await;
}

/// A number that looks like chance and is the same every time.
fn dice(n: i64, of: i64) -> i64 {
    (n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407) >> 33).rem_euclid(of)
}

const ACTIONS: [(&str, &str); 4] = [
    ("record.viewed", "view"),
    ("session.started", "access"),
    ("admin.viewed", "admin"),
    ("markers.viewed", "view"),
];

async fn fill(store: &Store, entries: i64) -> Vec<PlacedRow> {
    let rows: Vec<(AuditRow, &'static str)> = (0..entries)
        .map(|n| {
            let (action, kind) = ACTIONS[usize::try_from(dice(n, 4)).unwrap()];
            let row = AuditRow {
                id: AuditId::new(new_uuid()),
                // Several at one time, and some out of order.
                at: Ts(NOW.0 + (n / 3 - dice(n + 7, 5)) * 1_000_000),
                span: 0,
                times: 1,
                done_by: ["person", "token", "admin"][usize::try_from(dice(n + 99, 3)).unwrap()].into(),
                action: action.into(),
                outcome: if dice(n + 5, 20) == 0 { "refused" } else { "done" }.into(),
                actor_fp: None,
                person_fp: Some(fingerprint(u64::try_from(dice(n + 3, 3)).unwrap())),
                object_fp: None,
                payload_hash: None,
                salt: vec![7; 16],
                detail_sealed: None,
            };
            (row, kind)
        })
        .collect();
    let mut tx = store.begin().await.unwrap();
    audit::lock_tree(&mut tx).await.unwrap();
    audit::add_to_tree(&mut tx, 0, &rows, &[]).await.unwrap();
    tx.commit().await.unwrap();
    let mut all = audit::list_audit_from(store, 0, entries).await.unwrap();
    all.sort_by_key(|e| std::cmp::Reverse((e.at, e.position)));
    all
}

fn places(rows: &[PlacedRow]) -> Vec<i64> {
    rows.iter().map(|r| r.position).collect()
}

#[tokio::test]
async fn a_filter_finds_in_pages_what_reading_everything_finds() {
    for_each_engine(async |store| {
        let all = fill(&store, 600).await;
        let facets = audit::list_facets(&store).await.unwrap();
        assert_eq!(facets.iter().map(|f| f.n).sum::<i64>(), 600);
        let stretches = [(i64::MIN, i64::MAX), (NOW.0 + 40_000_000, NOW.0 + 90_000_000), (NOW.0, NOW.0)];
        for (from, until) in stretches {
            for (outcome, by) in [("", ""), ("refused", ""), ("", "token"), ("refused", "admin"), ("no", "")]
            {
                let is_meant =
                    |o: &str, b: &str| (outcome.is_empty() || o == outcome) && (by.is_empty() || b == by);
                let some: Vec<Facet> =
                    facets.iter().filter(|f| is_meant(&f.outcome, &f.done_by)).cloned().collect();
                let expected: Vec<&PlacedRow> = all
                    .iter()
                    .filter(|r| is_meant(&r.outcome, &r.done_by) && (from..until).contains(&r.at.0))
                    .collect();
                let (mut found, mut before) = (Vec::new(), None);
                loop {
                    let stretch = Stretch { from: Ts(from), until: Ts(until), before };
                    let page = audit::list_log(&store, &some, &stretch, 17).await.unwrap();
                    let Some(last) = page.last() else { break };
                    before = Some((last.at, last.position));
                    found.extend(places(&page));
                }
                assert_eq!(found, expected.iter().map(|r| r.position).collect::<Vec<_>>(), "{outcome} {by}");
                let stretch = Stretch { from: Ts(from), until: Ts(until), before: None };
                for most in [5, 10_000] {
                    let counted = audit::count_log(&store, &some, &stretch, most).await.unwrap();
                    assert_eq!(counted, most.min(i64::try_from(expected.len()).unwrap()));
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn entries_of_one_pseudonym_are_found_by_what_they_say() {
    for_each_engine(async |store| {
        let all = fill(&store, 300).await;
        let who: Fingerprint = fingerprint(1);
        for of in [
            OfPerson::default(),
            OfPerson { kind: "view", ..OfPerson::default() },
            OfPerson { action: "session.started", outcome: "refused", ..OfPerson::default() },
            OfPerson { done_by: "admin", ..OfPerson::default() },
        ] {
            let kind = |r: &PlacedRow| ACTIONS.iter().find(|a| a.0 == r.action).unwrap().1;
            let fits = |is: &str, want: &str| want.is_empty() || is == want;
            let mut expected: Vec<i64> = all
                .iter()
                .filter(|r| r.person_fp == Some(who) && fits(kind(r), of.kind) && fits(&r.action, of.action))
                .filter(|r| fits(&r.outcome, of.outcome) && fits(&r.done_by, of.done_by))
                .map(|r| r.position)
                .collect();
            expected.sort_unstable_by(|a, b| b.cmp(a));
            let found = audit::list_log_of(&store, who, &of, &ALWAYS, 1000).await.unwrap();
            assert_eq!(places(&found), expected);
            let counted = audit::count_log_of(&store, who, &of, &ALWAYS, 1000).await.unwrap();
            assert_eq!(usize::try_from(counted).unwrap(), expected.len());
            if let Some(at) = expected.get(3) {
                let stretch = Stretch { before: Some((NOW, *at)), ..ALWAYS };
                let rest = audit::list_log_of(&store, who, &of, &stretch, 1000).await.unwrap();
                assert_eq!(places(&rest), expected[4..]);
            }
        }
        let newest = audit::list_log_all(&store, 10, 3).await.unwrap();
        assert_eq!(places(&newest), [9, 8, 7]);
    })
    .await;
}
