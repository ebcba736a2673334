//! Those who run the instance, signed in with all that they need.

use super::{PASSWORD, Test};
use keepwell_services::{Actor, AdminActor, Device, Role, SignedIn, SupportActor};
use std::sync::atomic::Ordering;
use totp_rs::{Builder, Secret};

/// Makes somebody who works here and signs them in; an administrator sets up an app first.
pub async fn actor(t: &Test, email: &str, role: Role) -> Actor {
    t.services.create_staff(email, PASSWORD, role).await.unwrap();
    let actor = sign_in(t, email).await;
    if role != Role::Admin {
        return actor;
    }
    let app = t.services.begin_app(&actor).await.unwrap();
    let secret = Secret::try_from_base32(app.secret.replace(' ', "")).unwrap();
    let phone = Builder::new().with_secret(secret).build().unwrap();
    let now = u64::try_from(t.clock.0.load(Ordering::SeqCst) / 1_000_000).unwrap();
    let code = phone.generate(now).to_string();
    let done = t.services.confirm_app(&actor, &code, &Device::default()).await.unwrap();
    t.services.authenticate(done.session.reveal()).await.unwrap().unwrap()
}

pub async fn sign_in(t: &Test, email: &str) -> Actor {
    let SignedIn::In(token) = t.services.sign_in(email, PASSWORD, false, &Device::default()).await.unwrap()
    else {
        panic!("a second factor is asked for")
    };
    t.services.authenticate(token.reveal()).await.unwrap().unwrap()
}

pub async fn admin(t: &Test, email: &str) -> AdminActor {
    t.services.as_admin(&actor(t, email, Role::Admin).await).unwrap()
}

pub async fn support(t: &Test, email: &str) -> SupportActor {
    t.services.as_support(&actor(t, email, Role::Support).await).unwrap()
}
