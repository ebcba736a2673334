//! Break-glass: exactly what was named, for as long as it was said, watched by its person, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_domain::{
    access::LogQuery, act::ActBy, ids::GrantId, notice::News, record::Kind, sight::SightState,
    view::RecordForm,
};
use keepwell_services::{Actor, AdminActor, Granted, Role, ServiceError, SightWish, settings::SettingsBase};
use keepwell_store::{
    Store,
    testing::{for_each_engine, run_sql},
};
use std::sync::atomic::Ordering;
use support::{PASSWORD, Test, staff};

const WHY: &str = "She asked us to look for a lost result";

fn missing<T>(r: Result<T, ServiceError>) {
    assert!(matches!(r.err(), Some(ServiceError::NotFound)));
}

fn invalid<T>(r: Result<T, ServiceError>, name: &str) {
    match r.err() {
        Some(ServiceError::Invalid { field, .. }) => assert_eq!(field, name),
        other => panic!("{other:?}"),
    }
}

async fn add(t: &Test, who: &Actor, kind: &str, name: &str) {
    let form = RecordForm {
        kind: kind.into(),
        name: name.into(),
        note: format!("note of {name}"),
        date: "2024-01-01".into(),
        ..RecordForm::default()
    };
    t.services.add_record(who, &form).await.unwrap();
}

fn wish<'a>(who: &Actor, kinds: &'a [Kind], minutes: u16) -> SightWish<'a> {
    SightWish { person: who.account(), kinds, profile: None, reason: WHY, minutes }
}

async fn titles(t: &Test, g: &Granted, who: &Actor, kind: Kind) -> Result<Vec<String>, ServiceError> {
    let page = t.services.granted_list(g, who.profile(), kind, None).await?;
    Ok(page.items.into_iter().map(|i| i.title).collect())
}

async fn open(t: &Test, by: &AdminActor, who: &Actor, kinds: &[Kind], minutes: u16) -> (GrantId, Granted) {
    let view = t.services.ask_for_sight(by, &wish(who, kinds, minutes)).await.unwrap();
    assert_eq!(view.state, SightState::Open);
    (view.id, t.services.granted(by, view.id).await.unwrap())
}

/// The person again, with what was put into the account since.
async fn again(t: &Test, email: &str) -> Actor {
    staff::sign_in(t, email).await
}

#[tokio::test]
async fn grant_opens_exactly_what_it_names_and_its_person_sees_each_item() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person("eva@example.org").await;
        add(&t, &eva, "condition", "canary condition").await;
        add(&t, &eva, "medication", "canary medication").await;
        add(&t, &eva, "note", "canary note").await;
        let eva = again(&t, "eva@example.org").await;
        let root = staff::admin(&t, "root@example.org").await;
        let kinds = [Kind::Condition, Kind::Medication, Kind::Condition];
        let (id, g) = open(&t, &root, &eva, &kinds, 30).await;
        assert_eq!(titles(&t, &g, &eva, Kind::Condition).await.unwrap(), ["canary condition"]);
        assert_eq!(titles(&t, &g, &eva, Kind::Medication).await.unwrap(), ["canary medication"]);
        missing(titles(&t, &g, &eva, Kind::Note).await);
        missing(titles(&t, &g, &eva, Kind::Observation).await);
        let listed = s.granted_list(&g, eva.profile(), Kind::Condition, None).await.unwrap();
        let whole = s.granted_record(&g, eva.profile(), listed.items[0].id).await.unwrap();
        assert!(whole.fields.iter().any(|f| f.text == "note of canary condition"));
        // A record of a kind that was not named, by its id.
        let all = s.timeline(&eva, &keepwell_domain::view::TimelineQuery::default()).await.unwrap();
        let note = all.items.iter().find(|i| i.kind == Kind::Note).unwrap();
        missing(s.granted_record(&g, eva.profile(), note.id).await);
        // Somebody else's profile, and somebody else's grant.
        let bob = t.person("bob@example.org").await;
        missing(s.granted_list(&g, bob.profile(), Kind::Condition, None).await);
        let other = staff::admin(&t, "other@example.org").await;
        missing(s.granted(&other, id).await);
        missing(s.end_sight(&other, id).await);
        missing(s.watch_sight(&bob, id).await);

        let watch = s.watch_sight(&eva, id).await.unwrap();
        assert_eq!(watch.sight.reason, WHY);
        assert_eq!(watch.sight.kinds, [Kind::Condition, Kind::Medication]);
        let seen: Vec<_> = watch.seen.iter().rev().map(|i| (i.kind, i.is_whole)).collect();
        let listed = (Kind::Condition, false);
        assert_eq!(seen, [listed, (Kind::Medication, false), listed, (Kind::Condition, true)]);
        let log = s.access_log(&eva, &LogQuery::default()).await.unwrap();
        let by_admin =
            |code: &str| log.items.iter().filter(|i| i.code == code && i.by == Some(ActBy::Admin)).count();
        assert_eq!((by_admin("break_glass.granted"), by_admin("break_glass.viewed")), (1, 4));
        let notice = &s.notices(&eva).await.unwrap()[0];
        assert!(matches!(notice.news, News::SightGranted { grant, .. } if grant == id));
        assert_eq!(notice.reason.as_deref(), Some(WHY));
    })
    .await;
}

#[tokio::test]
async fn grant_ends_in_the_middle_of_a_list() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person("eva@example.org").await;
        for n in 0..20 {
            add(&t, &eva, "condition", &format!("condition {n}")).await;
        }
        let eva = again(&t, "eva@example.org").await;
        let root = staff::admin(&t, "root@example.org").await;
        let (id, g) = open(&t, &root, &eva, &[Kind::Condition], 1).await;
        assert_eq!(titles(&t, &g, &eva, Kind::Condition).await.unwrap().len(), 20);
        let before = t.services.watch_sight(&eva, id).await.unwrap();
        // The clock ticks with every look at it; the end lies a few items away.
        t.clock.0.store(before.sight.ends.0 - 40, Ordering::SeqCst);
        let page = t.services.granted_list(&g, eva.profile(), Kind::Condition, None).await.unwrap();
        assert!(page.is_cut && page.next.is_none());
        assert!((1..20).contains(&page.items.len()), "{}", page.items.len());
        missing(titles(&t, &g, &eva, Kind::Condition).await);
        missing(t.services.granted(&root, id).await);
        let eva = again(&t, "eva@example.org").await;
        let after = t.services.watch_sight(&eva, id).await.unwrap();
        assert_eq!(after.sight.state, SightState::Over);
        assert_eq!(after.seen.len(), 20 + page.items.len(), "what was not given out was not noted");
    })
    .await;
}

#[tokio::test]
async fn either_side_and_every_new_generation_end_it_at_once() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person("eva@example.org").await;
        add(&t, &eva, "condition", "canary").await;
        let eva = again(&t, "eva@example.org").await;
        let root = staff::admin(&t, "root@example.org").await;
        let chief = staff::admin(&t, "chief@example.org").await;

        let (id, g) = open(&t, &root, &eva, &[Kind::Condition], 60).await;
        s.end_sight_over_me(&eva, id).await.unwrap();
        missing(titles(&t, &g, &eva, Kind::Condition).await);
        missing(s.end_sight_over_me(&eva, id).await);
        assert_eq!(s.watch_sight(&eva, id).await.unwrap().sight.state, SightState::EndedByPerson);

        let (id, g) = open(&t, &root, &eva, &[Kind::Condition], 60).await;
        s.end_sight(&root, id).await.unwrap();
        missing(titles(&t, &g, &eva, Kind::Condition).await);
        assert_eq!(s.sight(&root, id).await.unwrap().state, SightState::EndedByAdmin);

        // The person's sessions are ended, and with them the grant.
        let (_, g) = open(&t, &root, &eva, &[Kind::Condition], 60).await;
        s.end_sessions_of(&chief.clone().into(), eva.account(), WHY).await.unwrap();
        missing(titles(&t, &g, &eva, Kind::Condition).await);
        let eva = again(&t, "eva@example.org").await;

        // The admin is suspended, and let in again: what was open stays shut.
        let (id, g) = open(&t, &root, &eva, &[Kind::Condition], 60).await;
        s.suspend(&chief, root.account(), WHY).await.unwrap();
        missing(titles(&t, &g, &eva, Kind::Condition).await);
        s.lift(&chief, root.account(), WHY).await.unwrap();
        missing(titles(&t, &g, &eva, Kind::Condition).await);
        assert_eq!(s.watch_sight(&eva, id).await.unwrap().sight.state, SightState::Ended);

        // Another role.
        let gone = staff::admin(&t, "gone@example.org").await;
        let (_, g) = open(&t, &gone, &eva, &[Kind::Condition], 60).await;
        s.change_role(&chief, gone.account(), Role::Support, WHY).await.unwrap();
        missing(titles(&t, &g, &eva, Kind::Condition).await);
    })
    .await;
}

#[tokio::test]
async fn second_admin_has_to_agree_where_the_instance_says_so() {
    for_each_engine(async |store| {
        let mut rules = SettingsBase::default();
        rules.values.second_admin = true;
        let t = Test::with_rules(store, rules).await;
        let s = &t.services;
        let eva = t.person("eva@example.org").await;
        add(&t, &eva, "condition", "canary").await;
        let eva = again(&t, "eva@example.org").await;
        let (root, chief) =
            (staff::admin(&t, "root@example.org").await, staff::admin(&t, "chief@example.org").await);
        let kinds = [Kind::Condition];
        let ask = s.ask_for_sight(&root, &wish(&eva, &kinds, 10)).await.unwrap();
        assert_eq!(ask.state, SightState::Waiting);
        missing(s.granted(&root, ask.id).await);
        assert!(s.notices(&eva).await.unwrap().is_empty());
        invalid(s.approve_sight(&root, ask.id).await, "grant");
        s.approve_sight(&chief, ask.id).await.unwrap();
        missing(s.approve_sight(&chief, ask.id).await);
        let g = s.granted(&root, ask.id).await.unwrap();
        assert_eq!(titles(&t, &g, &eva, Kind::Condition).await.unwrap(), ["canary"]);
        missing(s.granted(&chief, ask.id).await);
        let watch = s.watch_sight(&eva, ask.id).await.unwrap();
        assert_eq!((watch.sight.approver, watch.sight.minutes), (Some(chief.account()), 10));
        assert_eq!(s.notices(&eva).await.unwrap().len(), 1);
        // Refused by the other, and forgotten after a day.
        let ask = s.ask_for_sight(&root, &wish(&eva, &kinds, 10)).await.unwrap();
        s.end_sight(&chief, ask.id).await.unwrap();
        missing(s.approve_sight(&chief, ask.id).await);
        s.ask_for_sight(&root, &wish(&eva, &kinds, 10)).await.unwrap();
        t.wait(25 * 3600);
        s.housekeeping().await.unwrap();
        let chief = s.as_admin(&staff::actor(&t, "third@example.org", Role::Admin).await).unwrap();
        assert!(s.sights(&chief).await.unwrap().iter().all(|v| v.state != SightState::Waiting));
    })
    .await;
}

#[tokio::test]
async fn wishes_are_bounded_and_rows_cannot_be_stretched() {
    for_each_engine(async |store: Store| {
        let t = Test::new(store.clone()).await;
        let s = &t.services;
        let eva = t.person("eva@example.org").await;
        let bob = t.person("bob@example.org").await;
        add(&t, &eva, "condition", "canary").await;
        let eva = again(&t, "eva@example.org").await;
        let root_actor = staff::actor(&t, "root@example.org", Role::Admin).await;
        let root = s.as_admin(&root_actor).unwrap();
        let kinds = [Kind::Condition];
        invalid(s.ask_for_sight(&root, &wish(&eva, &[], 10)).await, "kinds");
        for minutes in [0, 61, u16::MAX] {
            invalid(s.ask_for_sight(&root, &wish(&eva, &kinds, minutes)).await, "minutes");
        }
        invalid(
            s.ask_for_sight(&root, &SightWish { reason: "  because ", ..wish(&eva, &kinds, 10) }).await,
            "reason",
        );
        invalid(s.ask_for_sight(&root, &wish(&root_actor, &kinds, 10)).await, "person");
        missing(
            s.ask_for_sight(&root, &SightWish { profile: Some(bob.profile()), ..wish(&eva, &kinds, 10) })
                .await,
        );

        let (id, g) = open(&t, &root, &eva, &kinds, 1).await;
        assert!(
            run_sql(&store, "UPDATE break_glass SET ends_at = starts_at + 3600000001").await.is_err(),
            "an hour is the most"
        );
        // Whoever can write to the database wins no minute: the end is sealed, too.
        run_sql(&store, "UPDATE break_glass SET ends_at = starts_at + 3600000000").await.unwrap();
        t.wait(61);
        missing(s.granted(&root, id).await);
        missing(titles(&t, &g, &eva, Kind::Condition).await);
        // Without a fresh proof nothing new is opened.
        t.wait(600);
        let late = s.ask_for_sight(&root, &wish(&eva, &kinds, 10)).await;
        assert!(matches!(late.err(), Some(ServiceError::ProofNeeded)));
        s.delete_account(&eva, PASSWORD).await.unwrap();
        missing(s.sight(&root, id).await);
    })
    .await;
}

/// By source: of the administration only the door itself touches what opens records.
#[test]
fn nothing_in_the_administration_opens_records_but_the_door() {
    let opens = [
        "vault",
        "picture::",
        "records::",
        "documents::",
        "ProfileKeys",
        "keys.profile",
        "profile_keys",
        "blobs",
        "leave::",
        "series::",
        "DataKey",
        "samples",
        "record::",
        "document::",
    ];
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/admin");
    let (mut read, mut door) = (0, false);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // What a comment says opens nothing, and the names of kinds are no records.
        let text: String = std::fs::read_to_string(&path)
            .unwrap()
            .lines()
            .filter(|l| !l.trim_start().starts_with("//") && l.trim() != "record::Kind,")
            .collect::<Vec<_>>()
            .join("\n");
        let found: Vec<_> = opens.iter().filter(|word| text.contains(**word)).collect();
        if path.file_name().unwrap() == "granted.rs" {
            door = found.contains(&&"vault");
        } else {
            assert!(found.is_empty(), "{} has {found:?}", path.display());
        }
        read += 1;
    }
    assert!(door && read >= 6, "the door stands where it is looked for");
}
