//! Acts at one moment on one account, or of two on one another: one is done and the other is told a reason, on both
//! engines. On PostgreSQL two that wait for each other would end with "the database is not available".
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_services::{Actor, AdminActor, Device, Role, ServiceError, SessionToken};
use keepwell_store::testing::for_each_engine;
use support::{PASSWORD, Test, staff};

const NEW: &str = "plain ferries carry nine lanterns";
const ROUNDS: usize = 12;
const WHY: &str = "Because of the ticket 4711";

fn here() -> Device {
    Device::default()
}

async fn who(t: &Test, token: &SessionToken) -> Actor {
    t.services.authenticate(token.reveal()).await.unwrap().unwrap()
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
