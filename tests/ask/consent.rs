use crate::{
    Asker,
    server::{ModelServer, Reply, Say},
    settings,
};
use keepwell_domain::view::{AnsweredBy, Outcome};
use keepwell_services::{NewProvider, ServiceError};
use serde_json::{Value, json};

#[tokio::test]
async fn nothing_leaves_before_consent_and_what_was_shown_is_what_leaves() {
    let server = ModelServer::start(true, |_, _| Reply::Model(vec![Say::Text("Fine.")])).await;
    let asker = Asker::new(&server, true).await;
    let services = asker.services();
    assert!(!services.asks_model(&asker.actor).await.unwrap());
    let (reason, _) = asker.failure("How is the LDL of Annegret?").await;
    assert!(reason.contains("Nothing was sent"));
    let preview = services.consent_preview(&asker.actor, "How is the LDL of Annegret?").await.unwrap();
    assert!(server.bodies().is_empty());
    assert_eq!(preview.url, format!("{}/v1/messages", server.base()));
    assert_eq!((preview.provider.place.as_str(), preview.provider.consented), ("this machine", false));
    assert!(preview.stand_ins.iter().any(|(s, real)| s == "Person A" && real.contains("Musterfrau")));
    let wrong = services.consent(&asker.actor, "00").await;
    assert!(matches!(wrong, Err(ServiceError::Conflict)));
    services.consent(&asker.actor, &preview.fingerprint).await.unwrap();
    assert!(services.asks_model(&asker.actor).await.unwrap());
    asker.answer("How is the LDL of Annegret?").await;
    let sent: Value = serde_json::from_str(&server.bodies()[0]).unwrap();
    let shown: Value = serde_json::from_str(&preview.request).unwrap();
    assert_eq!(sent, shown);
    services.revoke_consent(&asker.actor).await.unwrap();
    asker.failure("And now?").await;
    assert_eq!(server.bodies().len(), 1);
}

#[tokio::test]
async fn another_model_place_or_terms_wants_another_consent() {
    let server = ModelServer::start(false, |_, _| Reply::Model(vec![Say::Text("Fine.")])).await;
    let asker = Asker::new(&server, false).await;
    asker.consent().await;
    let mut app = asker.app;
    let base = server.base();
    for change in 0..5 {
        app = app
            .restarted(|c| {
                settings(c, false, &base);
                match change {
                    0 => c.ai.model = Some("other".into()),
                    1 => c.ai.place = Some("elsewhere".into()),
                    2 => c.ai.terms = Some("https://terms.example".into()),
                    3 => c.ai.name = Some("Another".into()),
                    _ => {}
                }
            })
            .await;
        let actor = app.state.services.actor_for_email("anna@mail.example").await.unwrap();
        assert_eq!(app.state.services.asks_model(&actor).await.unwrap(), change == 4, "{change}");
    }
}

#[tokio::test]
async fn emergencies_and_doses_are_answered_here_and_never_sent() {
    let server = ModelServer::start(true, |_, _| Reply::Model(vec![Say::Text("Take more.")])).await;
    let asker = Asker::new(&server, true).await;
    asker.consent().await;
    for (question, outcome) in [
        ("I do not want to live any more", Outcome::Help),
        ("I have chest pain right now", Outcome::Help),
        ("How much ramipril should I take?", Outcome::Declined),
    ] {
        let answer = asker.answer(question).await;
        assert_eq!(answer.outcome, outcome, "{question}");
        assert!(answer.by == AnsweredBy::Builtin);
    }
    assert!(server.bodies().is_empty());
}

#[tokio::test]
async fn a_provider_of_ones_own_is_sealed_public_and_agreed_to_anew() {
    let server = ModelServer::start(true, |_, _| Reply::Model(vec![Say::Text("Fine.")])).await;
    let asker = Asker::new(&server, true).await;
    asker.consent().await;
    let services = asker.services();
    let new = |base_url: &'static str, key: &'static str| NewProvider {
        kind: "openai",
        base_url,
        model: "m",
        key,
        name: "",
        place: "France",
        terms: "",
    };
    for bad in [
        "http://api.example.com",
        "https://127.0.0.1",
        "https://localhost/v1",
        "https://api.example.com:8443",
        "https://[::ffff:10.0.0.1]",
    ] {
        let refused = services.set_own_provider(&asker.actor, &new(bad, "k")).await;
        assert!(matches!(refused, Err(ServiceError::Invalid { field: "base_url", .. })), "{bad}");
    }
    services
        .set_own_provider(&asker.actor, &new("https://api.example.com/v1", "own-key-canary"))
        .await
        .unwrap();
    let own = services.provider_of(&asker.actor).await.unwrap().unwrap();
    assert_eq!((own.host.as_str(), own.own, own.consented), ("api.example.com", true, false));
    assert!(!services.asks_model(&asker.actor).await.unwrap());
    // The key stays with its address, and goes to no other.
    services.set_own_provider(&asker.actor, &new("https://api.example.com/v1/", "")).await.unwrap();
    assert!(services.own_provider(&asker.actor).await.unwrap().unwrap().has_key);
    services.set_own_provider(&asker.actor, &new("https://api.example.org/v1", "")).await.unwrap();
    assert!(!services.own_provider(&asker.actor).await.unwrap().unwrap().has_key);
    let dump = keepwell_store::testing::dump(services.store()).await.unwrap();
    let text: String = dump.values().flatten().cloned().collect();
    assert!(!text.contains("own-key-canary") && !text.contains("api.example"));
    services.remove_own_provider(&asker.actor).await.unwrap();
    assert!(services.asks_model(&asker.actor).await.unwrap());
    assert!(matches!(services.remove_own_provider(&asker.actor).await, Err(ServiceError::NotFound)));
}

#[tokio::test]
async fn where_the_instance_allows_no_provider_nothing_leaves_whoever_agreed() {
    use keepwell_domain::setting::Setting;
    let server = ModelServer::start(true, |_, _| Reply::Model(vec![Say::Text("Fine.")])).await;
    let asker = Asker::new(&server, true).await;
    asker.consent().await;
    assert!(asker.services().asks_model(&asker.actor).await.unwrap());
    let base = server.base();
    let app = asker
        .app
        .restarted(|c| {
            settings(c, true, &base);
            assert!(c.settings.values.set(Setting::AiAllowed, "false").is_ok());
        })
        .await;
    let services = &app.state.services;
    let actor = services.actor_for_email("anna@mail.example").await.unwrap();
    assert!(services.provider_of(&actor).await.unwrap().is_none() && !services.allows_own_provider());
    assert!(!services.asks_model(&actor).await.unwrap());
    let (answer, _) =
        services.answer_builtin(&actor, "What was my last LDL?", &Default::default()).await.unwrap();
    assert!(answer.by == AnsweredBy::Builtin && server.bodies().is_empty());
}

#[tokio::test]
async fn consent_and_ones_own_provider_are_read_set_and_taken_back_over_the_api() {
    let server = ModelServer::start(true, |_, _| Reply::Model(vec![Say::Text("Fine.")])).await;
    let base = server.base();
    let app = crate::support::TestApp::with(|c| settings(c, true, &base)).await;
    let secret = app.person("anna@mail.example").await;
    let call = async |method: &str, path: &str, body: Value| {
        app.call(method, &format!("/api/v1/ask/{path}")).own().cookie(&secret).json(&body).send().await
    };
    let consent = call("GET", "consent", Value::Null).await.json();
    assert_eq!((&consent["provider"]["name"], &consent["consented"]), (&json!("Local"), &json!(false)));
    let preview = call("POST", "consent/preview", json!({"question": "LDL?"})).await.json();
    assert!(preview["request"].as_str().unwrap().contains("LDL?") && server.bodies().is_empty());
    call("PUT", "consent", json!({"fingerprint": "00"})).await.problem(409);
    let agree = json!({"fingerprint": preview["fingerprint"]});
    assert_eq!(call("PUT", "consent", agree.clone()).await.status, 204);
    assert_eq!(call("GET", "consent", Value::Null).await.json()["consented"], true);
    assert_eq!(call("DELETE", "consent", Value::Null).await.status, 204);
    call("DELETE", "consent", Value::Null).await.problem(404);

    let own = |base_url: &str| json!({"kind": "openai", "base_url": base_url, "model": "m", "api_key": "own-key-canary", "place": "France"});
    let refused = call("PUT", "provider", own("https://127.0.0.1")).await.problem(422);
    assert_eq!(refused["field"], "base_url");
    let mut bad = own("https://api.example.com");
    bad["api_key"] = json!("a\nb");
    assert_eq!(call("PUT", "provider", bad).await.problem(422)["field"], "api_key");
    assert_eq!(call("PUT", "provider", own("https://api.example.com/v1")).await.status, 204);
    let both = call("GET", "provider", Value::Null).await;
    let shown = both.json();
    assert!(!both.text().contains("own-key-canary"));
    assert_eq!((&shown["own"]["has_key"], &shown["provider"]["own"]), (&json!(true), &json!(true)));
    // Consent to the instance's was no consent to one's own.
    call("PUT", "consent", agree).await.problem(409);
    // A proof is as fresh as on the page.
    app.clock.advance(700);
    let stale = call("PUT", "provider", own("https://other.example")).await;
    assert_eq!(stale.problem(403)["type"], "/problems/proof-needed");
    assert_eq!(call("DELETE", "provider", Value::Null).await.status, 204);
    call("DELETE", "provider", Value::Null).await.problem(404);
    assert_eq!(call("GET", "provider", Value::Null).await.json()["provider"]["name"], "Local");
}
