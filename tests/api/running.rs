//! Running the instance: the dashboard, failed work, settings, invitations, uses of features, and the log.

use crate::{
    matrix::things::Caller,
    support::{Answer, PASSWORD, TestApp, fhir},
};
use keepwell_audit::{export::Trust, part};
use keepwell_domain::{counter::Counter, ids::JobId, setting::Setting, time::DAY};
use keepwell_services::{Role, clock::Clock};
use keepwell_store::{counter, job, testing::run_sql};
use serde_json::{Value, json};

async fn admin(app: &TestApp) -> String {
    Caller::staff(app, "admin", Role::Admin).await.secret.unwrap()
}

async fn get(app: &TestApp, path: &str, secret: &str) -> Answer {
    app.call("GET", path).bearer(secret).send().await
}

async fn set(app: &TestApp, secret: &str, name: &str, value: Value, reason: &str) -> Answer {
    let body = json!({"value": value, "reason": reason});
    app.call("PUT", &format!("/api/v1/admin/settings/{name}")).bearer(secret).json(&body).send().await
}

async fn sign_up(app: &TestApp, email: &str, invite: Option<&str>) -> Answer {
    let mut body = json!({"email": email, "password": PASSWORD});
    if let Some(code) = invite {
        body["invite"] = code.into();
    }
    app.call("POST", "/api/v1/signup").own().json(&body).send().await
}

fn total(board: &Value, code: &str) -> i64 {
    board["series"][code].as_array().unwrap().iter().filter_map(Value::as_i64).sum()
}

#[tokio::test]
async fn dashboard_counts_what_happened_and_names_nobody() {
    let app = TestApp::start().await;
    let secret = admin(&app).await;
    let person = app.person("counted@example.org").await;
    app.upload(&person, "canary-name.json", &fhir()).await;
    let wrong = json!({"email": "counted@example.org", "password": "not the password at all"});
    assert_eq!(app.call("POST", "/api/v1/login").own().json(&wrong).send().await.status, 401);
    app.state.services.count_error();
    app.state.services.note_levels().await.unwrap();
    // What the log says is counted when its entries get their places.
    assert_eq!(get(&app, "/api/v1/admin/log", &secret).await.status, 200);
    let answer = get(&app, "/api/v1/admin/dashboard?days=7", &secret).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let board = answer.json();
    assert_eq!(board["days"], 7);
    for (code, n) in
        [("people.new", 2), ("sign_ins.refused", 1), ("errors", 1), ("people", 2), ("people.active", 2)]
    {
        assert_eq!(total(&board, code), n, "{code}");
    }
    assert!(total(&board, "sign_ins") >= 2);
    assert_eq!(board["imports"], json!([{"family": "fhir", "done": 1, "kept": 0, "failed": 0}]));
    assert_eq!((board["people"].as_i64(), board["active"].as_i64()), (Some(2), Some(2)));
    assert!(board["storage_bytes"].as_i64().unwrap() > 0 && board["database_bytes"].as_i64().unwrap() > 0);
    assert_eq!(board["last_backup"], Value::Null);
    let text = answer.text();
    for word in ["canary", "counted@", "Potassium"] {
        assert!(!text.contains(word), "{word}");
    }
    get(&app, "/api/v1/admin/dashboard?days=8", &secret).await.problem(422);
    for names in Counter::ALL {
        assert!(board["series"][names.as_str()].is_array(), "{}", names.as_str());
    }
}

#[tokio::test]
async fn failed_work_is_tried_again_or_given_up_for_a_reason_and_its_person_is_told() {
    let app = TestApp::start().await;
    let secret = admin(&app).await;
    let person = app.person("owner@example.org").await;
    let document = app.upload(&person, "a.json", &fhir()).await;
    let id = document["id"].as_str().unwrap();
    let store = app.state.services.store();
    let kill = async || {
        run_sql(store, "UPDATE job SET state = 'dead', error_code = 'lease_expired', attempts = 3")
            .await
            .unwrap();
        let dead = job::list_dead_jobs(store, 10).await.unwrap();
        assert_eq!(dead.len(), 1);
        dead[0].id
    };
    let first: JobId = kill().await;
    let board = get(&app, "/api/v1/admin/dashboard", &secret).await.json();
    assert_eq!(board["failed_jobs"], 1);
    let shown = &board["jobs"][0];
    assert_eq!(
        (shown["id"].as_str(), shown["error"].as_str()),
        (Some(&*first.to_string()), Some("lease_expired"))
    );
    assert!(!board.to_string().contains(id), "whose file it is stays unsaid");
    let retry = format!("/api/v1/admin/jobs/{first}/retry");
    let why = "The reader was repaired";
    let call = async |method: &str, path: &str, reason: &str| {
        app.call(method, path).bearer(&secret).json(&json!({"reason": reason})).send().await
    };
    for reason in ["", "short"] {
        let refused = call("POST", &retry, reason).await.problem(422);
        assert!(refused.to_string().contains("reason"), "{refused}");
    }
    assert_eq!(job::list_dead_jobs(store, 10).await.unwrap().len(), 1, "nothing was done without a reason");
    assert_eq!(get(&app, "/api/v1/me/notices", &person).await.json()["total"], 0);
    assert_eq!(call("POST", &retry, why).await.status, 204);
    call("POST", &retry, why).await.problem(404);
    for _ in 0..1200 {
        let board = get(&app, "/api/v1/admin/dashboard", &secret).await.json();
        if (board["queue"].as_i64(), board["failed_jobs"].as_i64()) == (Some(0), Some(0)) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    app.settled(&person, id).await;
    let second = kill().await;
    let discard = format!("/api/v1/admin/jobs/{second}");
    call("DELETE", &discard, " ").await.problem(422);
    // By the form of the page, which comes back with what was refused.
    let form = async |reason: &str| {
        let body = format!("_form=discard_job&id={second}&reason={reason}");
        let call = app.call("POST", "/admin").own().cookie(&secret).header("accept", "text/html");
        call.body("application/x-www-form-urlencoded", body).send().await
    };
    let refused = form("short").await;
    assert_eq!(refused.status, 422);
    let text = refused.text();
    assert!(text.contains("value=\"short\""));
    let unfolded = |d: &str| d.split('>').next().is_some_and(|head| head.contains(" open"));
    assert_eq!(text.split("<details").skip(1).filter(|d| d.contains(">Give up<") && unfolded(d)).count(), 1);
    assert_eq!(form("Nobody+can+read+this+kind").await.status, 303);
    call("DELETE", &discard, why).await.problem(404);
    let notices = get(&app, "/api/v1/me/notices", &person).await.json();
    let told: Vec<_> = notices["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| (&n["news"], &n["reason"], &n["document"]))
        .collect();
    let [given_up, retried] = [json!("file_given_up"), json!("file_retried")];
    let (nobody, why, id_json) = (json!("Nobody can read this kind"), json!(why), json!(id));
    assert_eq!(told, [(&given_up, &nobody, &id_json), (&retried, &why, &id_json)]);
    let page = app
        .call("GET", "/settings/notices")
        .cookie(&person)
        .header("accept", "text/html")
        .send()
        .await
        .text();
    assert!(page.contains(&format!("/documents/{id}")) && !page.contains("Potassium"));
    let log = get(&app, "/api/v1/audit?kind=admin", &person).await.json();
    let acts: Vec<_> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["action"].as_str().unwrap(), e["by"].as_str().unwrap(), e["object"].as_str().unwrap()))
        .collect();
    assert_eq!(acts, [("job.discarded", "admin", id), ("job.retried", "admin", id)]);
}

#[tokio::test]
async fn a_limit_that_is_changed_is_in_force_at_once_and_its_history_says_who_and_why() {
    let app = TestApp::start().await;
    let secret = admin(&app).await;
    let person = app.person("owner@example.org").await;
    assert_eq!(set(&app, &secret, "limits.upload", json!("1"), "too many files").await.status, 204);
    let upload =
        async || app.call("POST", "/api/v1/documents").bearer(&person).file("a.txt", b"x").send().await;
    assert_eq!(upload().await.status, 202);
    upload().await.problem(429);
    let page = get(&app, "/api/v1/admin/settings", &secret).await.json();
    let one =
        page["items"].as_array().unwrap().iter().find(|s| s["name"] == "limits.upload").unwrap().clone();
    assert_eq!((&one["value"], &one["changed"], &one["fixed"]), (&json!("1"), &json!(true), &json!(false)));
    let change = &page["changes"][0];
    assert_eq!(
        (&change["name"], &change["old"], &change["new"], &change["by"], &change["reason"]),
        (
            &json!("limits.upload"),
            &Value::Null,
            &json!("1"),
            &json!("admin@example.org"),
            &json!("too many files")
        )
    );
    assert_eq!(set(&app, &secret, "limits.upload", Value::Null, "enough").await.status, 204);
    let page = get(&app, "/api/v1/admin/settings", &secret).await.json();
    assert_eq!(page["changes"].as_array().unwrap().len(), 2);
    assert_eq!(page["changes"][0]["old"], "1");
    assert_eq!(app.state.services.settings_in_force().rates.upload, keepwell_services::limit::OFF);
    app.state.services.flush_counters().await.unwrap();
    let board = get(&app, "/api/v1/admin/dashboard", &secret).await.json();
    assert_eq!(total(&board, "refused.upload"), 1);
    let log = get(&app, "/api/v1/admin/log?action=instance.changed", &secret).await.json();
    assert_eq!(log["items"].as_array().unwrap().len(), 2);
    assert!(!log.to_string().contains("enough"), "the reason is sealed");
}

#[tokio::test]
async fn settings_are_refused_outside_their_rules_without_a_reason_without_a_proof_and_where_they_are_fixed()
{
    let app = TestApp::with(|c| {
        c.settings.fixed.insert(Setting::LimitAsk);
    })
    .await;
    let secret = admin(&app).await;
    for (name, value, reason, field) in [
        ("limits.api", "0", "why", "value"),
        ("limits.api", "many", "why", "value"),
        ("limits.api", "5", "  ", "reason"),
        ("signup.mode", "sometimes", "why", "value"),
        ("limits.ask", "5", "why", "value"),
        ("sessions.idle_minutes", "44640", "why", "value"),
    ] {
        let problem = set(&app, &secret, name, json!(value), reason).await.problem(422);
        assert!(problem.to_string().contains(field), "{name} {value}: {problem}");
    }
    set(&app, &secret, "no.such", json!("5"), "why").await.problem(404);
    app.clock.advance(700);
    let stale = set(&app, &secret, "limits.api", json!("5"), "why").await;
    assert_eq!(stale.status, 403, "{}", stale.text());
    assert_eq!(keepwell_store::setting::last_change(app.state.services.store()).await.unwrap(), 0);
}

#[tokio::test]
async fn another_instance_takes_a_change_up_when_it_looks() {
    let app = TestApp::start().await;
    let secret = admin(&app).await;
    let other = keepwell::instance::open(&app.config).await.unwrap();
    assert_eq!(
        set(&app, &secret, "break_glass.second_admin", json!("true"), "two are better").await.status,
        204
    );
    assert!(!other.settings_in_force().second_admin);
    other.refresh_settings().await.unwrap();
    assert!(other.settings_in_force().second_admin);
    assert_eq!(other.instance_setting(Setting::SecondAdmin), "true");
}

#[tokio::test]
async fn nobody_joins_a_closed_instance_and_known_and_unknown_addresses_are_told_the_same() {
    let app = TestApp::start().await;
    let secret = admin(&app).await;
    app.person("known@example.org").await;
    assert_eq!(set(&app, &secret, "signup.mode", json!("closed"), "full").await.status, 204);
    let [known, unknown] =
        [sign_up(&app, "known@example.org", None).await, sign_up(&app, "new@example.org", None).await];
    let strip = |a: &Answer| {
        let mut p = a.problem(403);
        p["request_id"] = Value::Null;
        p
    };
    assert_eq!(strip(&known), strip(&unknown));
    let page = app.call("GET", "/signup").header("accept", "text/html").send().await.text();
    assert!(!page.contains("name=\"password\""), "no form where nobody can join");
    let form = async |email: &str| {
        let body = format!("_form=sign_up&email={email}&password=quiet-otter-reads-the-tide-tables-7");
        let call = app.call("POST", "/signup").own().header("accept", "text/html");
        call.body("application/x-www-form-urlencoded", body).send().await.status
    };
    assert_eq!((form("known%40example.org").await, form("new%40example.org").await), (403, 403));
}

#[tokio::test]
async fn an_invitation_opens_one_account_and_only_while_it_is_good() {
    let app = TestApp::start().await;
    let secret = admin(&app).await;
    app.person("known@example.org").await;
    assert_eq!(set(&app, &secret, "signup.mode", json!("invite"), "slowly").await.status, 204);
    for bad in [None, Some("nonsense"), Some("A-code-that-nobody-was-sent-00000000000000")] {
        for email in ["known@example.org", "new@example.org"] {
            let problem = sign_up(&app, email, bad).await.problem(422);
            assert!(problem.to_string().contains("invite"), "{problem}");
        }
    }
    let make = async || {
        let call = app.call("POST", "/api/v1/admin/invites").bearer(&secret);
        let made = call.json(&json!({"label": "canary-mia"})).send().await;
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()
    };
    let made = make().await;
    let code = made["code"].as_str().unwrap();
    assert_eq!(sign_up(&app, "mia@example.org", Some(code)).await.status, 201);
    sign_up(&app, "two@example.org", Some(code)).await.problem(422);
    let taken = make().await;
    let path = format!("/api/v1/admin/invites/{}", taken["id"].as_str().unwrap());
    assert_eq!(app.call("DELETE", &path).bearer(&secret).send().await.status, 204);
    sign_up(&app, "two@example.org", taken["code"].as_str()).await.problem(422);
    let late = make().await;
    app.clock.advance(7 * 86_400 + 1);
    sign_up(&app, "two@example.org", late["code"].as_str()).await.problem(422);
    let again = Caller::staff(&app, "admin2", Role::Admin).await.secret.unwrap();
    let list = get(&app, "/api/v1/admin/invites", &again).await;
    let states: Vec<_> = list.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| i["state"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(states, ["over", "revoked", "used"]);
    assert!(!list.text().contains(code), "the code is kept nowhere");
}

#[tokio::test]
async fn uses_are_counted_only_when_switched_on_and_never_for_whoever_says_no() {
    let app = TestApp::start().await;
    let secret = admin(&app).await;
    let person = app.person("owner@example.org").await;
    let look = async |header: Option<(&'static str, &str)>| {
        let mut call = app.call("GET", "/overview").cookie(&person).header("accept", "text/html");
        if let Some((name, value)) = header {
            call = call.header(name, value);
        }
        assert_eq!(call.send().await.status, 200);
        app.state.services.flush_counters().await.unwrap();
        counter::list_uses(app.state.services.store(), 0).await.unwrap()
    };
    assert!(look(None).await.is_empty(), "off unless somebody switches it on");
    assert_eq!(set(&app, &secret, "usage.counts", json!("true"), "to know what is used").await.status, 204);
    assert!(look(Some(("dnt", "1"))).await.is_empty());
    assert!(look(Some(("sec-gpc", "1"))).await.is_empty());
    let counted = look(None).await;
    assert_eq!(counted.len(), 1);
    // All that a row holds: the pattern fails to compile when a column is added.
    let counter::UseOfDay { day, feature, n } = &counted[0];
    assert_eq!((*day, feature.as_str(), *n), (app.clock.now().0.div_euclid(DAY), "overview", 1));
    assert_eq!(look(Some(("dnt", "0"))).await[0].n, 2);
    let board = get(&app, "/api/v1/admin/dashboard", &secret).await.json();
    assert_eq!(board["counts_uses"], true);
    assert_eq!(
        board["uses"]["overview"].as_array().unwrap().iter().filter_map(Value::as_i64).sum::<i64>(),
        2
    );
}

#[tokio::test]
async fn the_log_is_filtered_paged_checked_and_written_out_and_opens_nothing() {
    let app = TestApp::start().await;
    let auditor = Caller::staff(&app, "auditor", Role::Auditor).await.secret.unwrap();
    let person = app.person("owner@example.org").await;
    for _ in 0..3 {
        let wrong = json!({"email": "owner@example.org", "password": "not the password at all"});
        app.call("POST", "/api/v1/login").own().json(&wrong).send().await;
    }
    app.call("POST", "/api/v1/records")
        .bearer(&person)
        .json(&json!({"kind": "note", "name": "n", "note": "canary-note", "date": "2024-01-01"}))
        .send()
        .await;
    let refused = get(&app, "/api/v1/admin/log?outcome=refused&limit=2", &auditor).await.json();
    assert_eq!(refused["items"].as_array().unwrap().len(), 2);
    let next = refused["next"].as_str().unwrap();
    let rest = get(&app, &format!("/api/v1/admin/log?outcome=refused&cursor={next}"), &auditor).await.json();
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert!(rest["items"].as_array().unwrap().iter().all(|e| e["outcome"] == "refused"));

    let find = async |who: &str| {
        let call = app.call("POST", "/api/v1/admin/log/person").bearer(&auditor);
        call.json(&json!({"person": who})).send().await
    };
    let me = get(&app, "/api/v1/me", &person).await.json();
    let by_email = find("owner@example.org").await.json()["pseudonym"].as_str().unwrap().to_owned();
    assert_eq!(find(me["id"].as_str().unwrap()).await.json()["pseudonym"], by_email);
    find("owner").await.problem(422);
    let own = get(&app, &format!("/api/v1/admin/log?person={by_email}"), &auditor).await;
    let items = own.json()["items"].as_array().unwrap().clone();
    assert!(items.len() > 4 && items.iter().all(|e| e["person"] == by_email));
    for word in ["canary", "owner@", "127.0.0.1"] {
        assert!(!own.text().contains(word), "{word}");
    }
    // That somebody looked stands in the person's own log.
    let log = get(&app, "/api/v1/audit?kind=admin", &person).await.json();
    assert_eq!(
        (&log["items"][0]["action"], &log["items"][0]["by"]),
        (&json!("log.viewed"), &json!("auditor"))
    );

    let good = get(&app, "/api/v1/admin/log/check?from=0&to=5", &auditor).await.json();
    assert_eq!((&good["holds"], &good["broken_at"]), (&json!(true), &Value::Null));
    get(&app, "/api/v1/admin/log/check?from=5&to=5", &auditor).await.problem(422);
    let file = get(&app, "/api/v1/admin/log/export?kind=access", &auditor).await;
    let key = app.state.services.audit_key();
    let found = part::verify(&file.body[..], &Trust { key: Some(&key), note: None }).unwrap();
    assert!(found.entries >= 4);

    // Somebody with the database in hand changes an entry.
    run_sql(app.state.services.store(), "DROP TRIGGER audit_entry_no_update").await.unwrap();
    run_sql(app.state.services.store(), "UPDATE audit_entry SET outcome = 'failed' WHERE position = 3")
        .await
        .unwrap();
    let bad = get(&app, "/api/v1/admin/log/check?from=0&to=5", &auditor).await.json();
    assert_eq!((&bad["holds"], &bad["broken_at"]), (&json!(false), &json!(0)));
}

#[tokio::test]
async fn none_of_this_is_there_for_people_and_the_rest_of_the_staff() {
    let app = TestApp::start().await;
    let person = app.person("owner@example.org").await;
    let support = Caller::staff(&app, "support", Role::Support).await.secret.unwrap();
    let auditor = Caller::staff(&app, "auditor", Role::Auditor).await.secret.unwrap();
    for path in ["dashboard", "settings", "invites"] {
        for secret in [&person, &support, &auditor] {
            get(&app, &format!("/api/v1/admin/{path}"), secret).await.problem(404);
        }
    }
    for secret in [&person, &support] {
        get(&app, "/api/v1/admin/log", secret).await.problem(404);
    }
    for page in ["/admin", "/admin/log", "/admin/settings", "/admin/reports"] {
        let answer = app.call("GET", page).cookie(&person).header("accept", "text/html").send().await;
        assert_eq!(answer.status, 404, "{page}");
    }
}

#[tokio::test]
async fn pages_are_drawn_for_an_administrator_without_script() {
    let app = TestApp::start().await;
    let secret = admin(&app).await;
    app.state.services.note_levels().await.unwrap();
    for (page, words) in [
        ("/admin?days=7", &["Right now", "Nothing failed for good", "Last backup", "<svg"][..]),
        ("/admin/log?kind=access", &["Signed in", "entr", "Check a range"][..]),
        ("/admin/settings", &["limits.login", "signup.mode", "What was changed", "Make an invitation"][..]),
        ("/admin/reports", &["Nobody reported any"][..]),
        ("/admin/log?check=0&upto=2", &["all there and unchanged"][..]),
    ] {
        let answer = app.call("GET", page).cookie(&secret).header("accept", "text/html").send().await;
        assert_eq!(answer.status, 200, "{page}");
        for word in words {
            assert!(answer.text().contains(word), "{page} does not say {word}");
        }
    }
}

#[tokio::test]
async fn language_that_is_switched_off_is_offered_nowhere() {
    let app = TestApp::start().await;
    let secret = admin(&app).await;
    let person = app.person("owner@example.org").await;
    let pages = async || {
        let mut all = Vec::new();
        for (path, is_in) in [("/", false), ("/login", false), ("/security", false), ("/settings", true)] {
            let call = app.call("GET", path).header("accept", "text/html");
            let call = if is_in { call.cookie(&person) } else { call };
            all.push((path, call.send().await.text()));
        }
        all
    };
    for (path, text) in pages().await {
        assert!(text.contains("Deutsch") && text.contains("English"), "{path} offers both");
    }
    assert_eq!(set(&app, &secret, "languages", json!("en"), "nobody here reads it").await.status, 204);
    for (path, text) in pages().await {
        assert!(
            !text.contains("Deutsch") && !text.contains("choose_lang"),
            "{path} offers one that is refused"
        );
    }
}
