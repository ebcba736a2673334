//! Acts at one moment on one account, or of two on one another: one is done and the other is told a reason, on both
//! engines. On PostgreSQL two that wait for each other would end with "the database is not available".
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_domain::{profile::Relation, view::TimelineQuery};
use keepwell_services::{Actor, AdminActor, Device, Role, ServiceError, SessionToken};
use keepwell_store::testing::for_each_engine;
use support::{PASSWORD, Test, bundle, lab, staff};

const NEW: &str = "plain ferries carry nine lanterns";
const ROUNDS: usize = 12;
const WHY: &str = "Because of the ticket 4711";

fn here() -> Device {
    Device::default()
}

async fn who(t: &Test, token: &SessionToken) -> Actor {
    t.services.authenticate(token.reveal()).await.unwrap().unwrap()
}

/// A value for each of thirty days.
fn month() -> Vec<u8> {
    let day = |n: u32| lab(&format!("l{n}"), "2345-7", "Glucose", &format!("2026-01-{n:02}"), "90", "mg/dL");
    bundle(&(1..=30).map(day).collect::<Vec<_>>())
}

/// The one that was done; the other has to have been told that it came too late.
fn one<T>(a: Result<T, ServiceError>, b: Result<T, ServiceError>) -> T {
    let (done, late) = match (a, b) {
        (Ok(done), Err(late)) | (Err(late), Ok(done)) => (done, late),
        (Ok(_), Ok(_)) => panic!("both were done"),
        (Err(a), Err(b)) => panic!("none was done: {a:?}, {b:?}"),
    };
    let is_told = matches!(late, ServiceError::Ended | ServiceError::Conflict | ServiceError::Invalid { .. });
    assert!(is_told, "{late:?}");
    done
}

#[tokio::test]
async fn of_two_new_passwords_one_is_taken() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let mut actor = t.person("eva@example.org").await;
        let (mut now, mut next) = (PASSWORD, NEW);
        for _ in 0..ROUNDS {
            let device = here();
            let (a, b) = tokio::join!(
                s.change_password(&actor, now, next, &device),
                s.change_password(&actor, now, next, &device)
            );
            let token = one(a, b);
            (now, next) = (next, now);
            actor = who(&t, &token).await;
        }
    })
    .await;
}

#[tokio::test]
async fn who_switches_profiles_and_who_ends_sessions_wait_for_each_other() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person("eva@example.org").await;
        let child = s.create_profile(&eva, "Lea", Relation::Child).await.unwrap();
        let sign_in = async || {
            let token = s.sign_in("eva@example.org", PASSWORD, false, &here()).await.unwrap();
            who(&t, &token.session().unwrap()).await
        };
        for _ in 0..ROUNDS {
            let other = sign_in().await;
            let (switched, ended) = tokio::join!(s.switch_profile(&other, child), s.end_other_sessions(&eva));
            assert!(
                matches!(switched, Ok(()) | Err(ServiceError::Ended | ServiceError::NotFound)),
                "{switched:?}"
            );
            assert!(ended.is_ok(), "{ended:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn more_are_deleted_at_once_than_the_database_has_connections() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person("eva@example.org").await;
        t.bring(&eva, "labs.json", &month()).await;
        let all = s.timeline(&eva, &TimelineQuery::default()).await.unwrap();
        let delete = all.items.iter().map(|r| s.delete_record(&eva, r.id));
        for deleted in futures::future::join_all(delete).await {
            assert!(deleted.is_ok(), "{deleted:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_account_that_is_deleted_while_others_are_tidied_away_is_gone_and_says_so() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        for round in 0..4 {
            let eva = t.person(&format!("eva{round}@example.org")).await;
            t.bring(&eva, "labs.json", &month()).await;
            let (deleted, tidied) = tokio::join!(s.delete_account(&eva, PASSWORD), async {
                for _ in 0..20 {
                    s.housekeeping().await?;
                }
                Ok::<(), ServiceError>(())
            });
            assert!(deleted.is_ok() && tidied.is_ok(), "{deleted:?}, {tidied:?}");
        }
    })
    .await;
}

async fn suspend(t: &Test, by: &AdminActor, whom: &Actor) -> Result<(), ServiceError> {
    t.services.suspend(by, whom.account(), WHY).await
}

#[tokio::test]
async fn of_two_who_suspend_each_other_one_is_suspended() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        staff::actor(&t, "third@example.org", Role::Admin).await;
        for round in 0..ROUNDS {
            let ann = staff::actor(&t, &format!("ann{round}@example.org"), Role::Admin).await;
            let ben = staff::actor(&t, &format!("ben{round}@example.org"), Role::Admin).await;
            let (a, b) = (t.services.as_admin(&ann).unwrap(), t.services.as_admin(&ben).unwrap());
            let (by_ann, by_ben) = tokio::join!(suspend(&t, &a, &ben), suspend(&t, &b, &ann));
            one(by_ann, by_ben);
        }
    })
    .await;
}
