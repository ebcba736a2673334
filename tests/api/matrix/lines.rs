//! The matrix: every route, page, form and server function with what a caller who means it would send.
//! `{document}` and the like stand for ids, see [`super::things`].

use crate::support::PASSWORD;
use serde_json::{Value, json};

/// What is sent.
#[derive(Clone)]
pub enum Sent {
    Nothing,
    Json(Value),
    File,
    Bytes,
    /// `application/x-www-form-urlencoded`.
    Form(&'static str),
    /// The arguments of a server function that reads.
    Ask(Vec<Arg>),
    /// The answer does not end by itself.
    Stream,
}

/// An argument in postcard.
#[derive(Clone)]
pub enum Arg {
    Text(&'static str),
    /// `None`, `0`, `false`, an empty list.
    Zero,
    One,
}

const WRONG: &str = "not the right one at all";

/// Operations of the API.
pub fn api() -> Vec<(&'static str, &'static str, Sent)> {
    use Sent::{Bytes, File, Json, Nothing, Stream};
    let code = "A-code-that-nobody-was-sent-0000000000000000";
    vec![
        ("POST", "/api/v1/signup", Json(json!({"email": "owner@example.org", "password": PASSWORD}))),
        (
            "POST",
            "/api/v1/login",
            Json(json!({"email": "owner@example.org", "password": WRONG, "keep": true})),
        ),
        ("POST", "/api/v1/login/finish", Json(json!({"ticket": code, "code": "123456"}))),
        (
            "POST",
            "/api/v1/login/passkey",
            Json(json!({"ticket": code, "passkey": {"id": "x"}, "keep": true})),
        ),
        ("POST", "/api/v1/login/passkey/options", Json(json!({"ticket": code}))),
        ("GET", "/api/v1/me/factors", Nothing),
        ("POST", "/api/v1/me/proof", Json(json!({"password": WRONG, "code": "123456"}))),
        ("POST", "/api/v1/me/proof/passkey", Nothing),
        ("POST", "/api/v1/me/totp", Nothing),
        ("DELETE", "/api/v1/me/totp", Nothing),
        ("POST", "/api/v1/me/totp/confirm", Json(json!({"code": "12345"}))),
        ("POST", "/api/v1/me/recovery-codes", Nothing),
        ("POST", "/api/v1/me/passkeys/options", Nothing),
        (
            "POST",
            "/api/v1/me/passkeys",
            Json(json!({"ticket": code, "passkey": {"id": "x"}, "name": "My phone"})),
        ),
        ("PATCH", "/api/v1/me/passkeys/{passkey}", Json(json!({"name": "Mine"}))),
        ("DELETE", "/api/v1/me/passkeys/{passkey}", Nothing),
        ("POST", "/api/v1/logout", Nothing),
        ("POST", "/api/v1/verify", Json(json!({"code": code, "password": WRONG}))),
        ("POST", "/api/v1/forgot", Json(json!({"email": "owner@example.org"}))),
        (
            "POST",
            "/api/v1/reset",
            Json(json!({"code": code, "password": "plain ferries carry nine lanterns"})),
        ),
        ("POST", "/api/v1/email/confirm", Json(json!({"code": code}))),
        ("POST", "/api/v1/email/stop", Json(json!({"code": code, "password": WRONG}))),
        (
            "POST",
            "/api/v1/me/password",
            Json(json!({"current_password": WRONG, "password": "plain ferries carry nine lanterns"})),
        ),
        ("POST", "/api/v1/me/email", Json(json!({"current_password": WRONG, "email": "new@example.org"}))),
        ("GET", "/api/v1/sessions", Nothing),
        ("DELETE", "/api/v1/sessions", Nothing),
        ("DELETE", "/api/v1/sessions/{session}", Nothing),
        ("GET", "/api/v1/me", Nothing),
        ("DELETE", "/api/v1/me", Json(json!({"password": WRONG}))),
        ("POST", "/api/v1/uploads", Json(json!({"name": "x", "size": 5}))),
        ("GET", "/api/v1/uploads/{upload}", Nothing),
        ("PATCH", "/api/v1/uploads/{upload}", Bytes),
        ("DELETE", "/api/v1/uploads/{upload}", Nothing),
        ("POST", "/api/v1/uploads/{upload}/finish", Nothing),
        ("GET", "/api/v1/documents", Nothing),
        ("POST", "/api/v1/documents", File),
        ("GET", "/api/v1/documents/events", Stream),
        ("GET", "/api/v1/documents/{document}", Nothing),
        ("DELETE", "/api/v1/documents/{document}", Nothing),
        ("GET", "/api/v1/documents/{document}/file", Nothing),
        ("POST", "/api/v1/documents/{document}/answers", Json(json!({"answers": {}}))),
        ("POST", "/api/v1/documents/{document}/read", Nothing),
        ("GET", "/api/v1/documents/{document}/review", Nothing),
        ("POST", "/api/v1/documents/{document}/review", Json(json!({"action": "accept", "row": "{row}"}))),
        (
            "POST",
            "/api/v1/ask",
            Json(json!({"question": "What was my last potassium?", "conversation": "{conversation}"})),
        ),
        ("GET", "/api/v1/ask/conversations", Nothing),
        ("GET", "/api/v1/ask/conversations/{conversation}", Nothing),
        ("PATCH", "/api/v1/ask/conversations/{conversation}", Json(json!({"title": "Mine"}))),
        ("POST", "/api/v1/ask/conversations/{conversation}/again", Json(json!({"message": "{message}"}))),
        ("POST", "/api/v1/ask/conversations/{conversation}/stop", Nothing),
        ("DELETE", "/api/v1/ask/conversations/{conversation}", Nothing),
        ("DELETE", "/api/v1/ask/conversations", Nothing),
        ("GET", "/api/v1/records", Nothing),
        (
            "POST",
            "/api/v1/records",
            Json(json!({"kind": "note", "name": "n", "note": "text", "date": "2024-01-01"})),
        ),
        ("GET", "/api/v1/records/{record}", Nothing),
        ("DELETE", "/api/v1/records/{record}", Nothing),
        ("GET", "/api/v1/markers", Nothing),
        ("GET", "/api/v1/markers/{loinc}/series", Nothing),
        ("GET", "/api/v1/export", Nothing),
        ("GET", "/api/v1/audit", Nothing),
        ("GET", "/api/v1/audit/checkpoint", Nothing),
        ("GET", "/api/v1/audit/consistency?from=1&to=2", Nothing),
        ("GET", "/api/v1/audit/{entry}/proof", Nothing),
        ("GET", "/api/v1/profiles", Nothing),
        ("POST", "/api/v1/profiles", Json(json!({"name": "Mia", "relation": "child"}))),
        ("PATCH", "/api/v1/profiles/{profile}", Json(json!({"name": "Mia"}))),
        ("DELETE", "/api/v1/profiles/{profile}", Json(json!({"password": PASSWORD}))),
        ("GET", "/api/v1/tokens", Nothing),
        (
            "POST",
            "/api/v1/tokens",
            Json(json!({"name": "t", "scopes": ["export"], "days": 7, "profile": "{profile}"})),
        ),
        ("DELETE", "/api/v1/tokens", Nothing),
        ("DELETE", "/api/v1/tokens/{token}", Nothing),
    ]
}

/// Pages; the path's id is named as above.
pub const PAGES: &[&str] = &[
    "/",
    "/signup",
    "/login",
    "/login/code",
    "/prove",
    "/settings/factors",
    "/forgot",
    "/reset",
    "/verify",
    "/confirm",
    "/stop",
    "/sent",
    "/about",
    "/receipt",
    "/overview",
    "/markers",
    "/markers/{loinc}",
    "/timeline",
    "/records/{record}",
    "/documents",
    "/documents/{document}",
    "/add",
    "/settings",
    "/settings/account",
    "/settings/sessions",
    "/settings/access-log",
    "/settings/profiles",
    "/settings/tokens",
    "/settings/ask",
    "/ask",
    "/ask/{conversation}",
];

/// What is neither of the API's description, nor a page, nor a server function; all of it is for anybody
/// but the upload.
pub fn others() -> Vec<(&'static str, &'static str, Sent)> {
    use Sent::{File, Form, Json, Nothing};
    let report = json!({"csp-report": {"violated-directive": "script-src", "document-uri": "http://x/"}});
    vec![
        ("GET", "/healthz", Nothing),
        ("GET", "/readyz", Nothing),
        ("GET", "/security", Nothing),
        ("GET", "/privacy", Nothing),
        ("GET", "/terms", Nothing),
        ("GET", "/disclosure", Nothing),
        ("POST", "/disclosure", Form("text=found&contact=me")),
        ("GET", "/.well-known/security.txt", Nothing),
        ("GET", "/.well-known/change-password", Nothing),
        ("GET", "/api/v1/security", Nothing),
        ("GET", "/api/v1/openapi.json", Nothing),
        ("POST", "/csp-report", Json(report)),
        ("POST", "/documents/upload", File),
    ]
}

/// Server functions; those that take a form are sent from their pages as well.
pub fn functions() -> Vec<(&'static str, Sent)> {
    use Arg::{One, Text, Zero};
    use Sent::{Ask, Form};
    vec![
        ("accept_likely", Form("document={document}")),
        ("access_log", Ask(vec![Zero, Zero, Zero, Zero, Zero])),
        ("ask_again", Form("conversation={conversation}&message={message}")),
        ("ask_page", Ask(vec![Text("{conversation}"), Zero])),
        ("ask_question", Form("conversation={conversation}&question=What+was+my+last+potassium")),
        ("ask_settings", Ask(vec![])),
        ("consent_preview", Ask(vec![Text("What was my last potassium?")])),
        (
            "give_consent",
            Form("fingerprint=00&question=What+was+my+last+potassium&word=here&conversation={conversation}"),
        ),
        ("remove_own_provider", Form("")),
        ("revoke_consent", Form("")),
        ("set_own_provider", Form("kind=openai&base_url=https%3A%2F%2Fmodels.example&model=m&api_key=k")),
        ("delete_conversation", Form("conversation={conversation}")),
        ("delete_conversations", Form("")),
        ("rename_conversation", Form("conversation={conversation}&title=Mine")),
        ("add_demo", Form("")),
        ("add_passkey", Form("name=Mine&ticket=x&answer=x")),
        ("begin_app", Form("")),
        ("confirm_app", Form("code=12345")),
        ("factors", Ask(vec![])),
        ("finish_sign_in", Form("ticket=x&code=123456&next=%2Fmarkers")),
        ("half_open", Ask(vec![])),
        ("make_recovery_codes", Form("")),
        ("passkey_sign_in", Form("ticket=x&answer=x&keep=1&next=%2Fmarkers")),
        ("prove_self", Form("password=wrong&code=123456&next=%2Fsettings")),
        ("remove_app", Form("")),
        ("remove_passkey", Form("id={passkey}")),
        ("rename_passkey", Form("id={passkey}&name=Mine")),
        ("add_record", Form("kind=note&name=n&note=x&date=2024-01-01")),
        ("answer_questions", Form("document={document}&answers[order]=dmy")),
        ("change_email", Form("current_password=wrong&email=new%40example.org")),
        ("change_password", Form("current_password=wrong&password=plain+ferries+carry+nine+lanterns")),
        ("change_profile", Form("profile={profile}&name=Mia&relation=child")),
        ("choose_lang", Form("lang=en")),
        ("choose_theme", Form("theme=dark")),
        ("confirm_email", Form("code=x")),
        ("create_profile", Form("name=Mia&relation=child")),
        ("create_token", Form("name=t&days=7&scopes[export]=on&profile={profile}")),
        ("decide_row", Form("document={document}&row={row}&word=accept")),
        ("delete_account", Form("password=wrong")),
        ("delete_profile", Form("profile={profile}&password=quiet-otter-reads-the-tide-tables-7")),
        ("delete_record", Form("record={record}")),
        ("document", Ask(vec![Text("{document}"), Zero, Zero])),
        ("documents", Ask(vec![])),
        ("edit_record", Form("record={record}&version=1&kind=note&name=n&note=x&date=2024-01-01")),
        ("end_other_sessions", Form("")),
        ("end_session", Form("session={session}")),
        ("forgot_password", Form("email=owner%40example.org")),
        ("marker_choices", Ask(vec![Text("Potassium")])),
        ("markers", Ask(vec![Zero, Zero])),
        ("me", Ask(vec![])),
        ("overview", Ask(vec![])),
        ("paste_text", Form("text=some+words")),
        ("profiles", Ask(vec![])),
        ("read_again", Form("document={document}")),
        ("record", Ask(vec![Text("{record}")])),
        ("remove_demo", Form("")),
        ("reset_password", Form("code=x&password=plain+ferries+carry+nine+lanterns")),
        ("review", Ask(vec![Text("{document}"), One])),
        ("revoke_all_tokens", Form("")),
        ("revoke_token", Form("id={token}")),
        ("series", Ask(vec![Text("{loinc}"), Zero, Zero, Zero, Zero])),
        ("sessions", Ask(vec![])),
        ("set_favourite", Form("key={loinc}&on=true")),
        ("settings", Ask(vec![])),
        ("sign_in", Form("email=owner%40example.org&password=wrong")),
        ("sign_out", Form("")),
        ("sign_up", Form("email=owner%40example.org&password=quiet-otter-reads-the-tide-tables-7")),
        ("stop_email_change", Form("code=x&password=wrong")),
        ("suggest_passphrase", Ask(vec![])),
        ("switch_profile", Form("profile={profile}")),
        ("timeline", Ask(vec![Zero, Zero, Zero, Zero, Zero, Zero])),
        ("tokens", Ask(vec![])),
        ("undo_import", Form("document={document}")),
        ("verify_account", Form("code=x&password=wrong")),
    ]
}

/// What anybody may call without having signed in, besides the pages and operations that
/// [`crate::every_route`] lists as open.
pub const OPEN_FUNCTIONS: &[&str] = &[
    "choose_lang",
    "choose_theme",
    "confirm_email",
    "finish_sign_in",
    "forgot_password",
    "half_open",
    "marker_choices",
    "passkey_sign_in",
    "reset_password",
    "sign_in",
    "sign_up",
    "stop_email_change",
    "suggest_passphrase",
    "verify_account",
];

/// What takes the caller's session.
pub const ENDS: &[&str] = &["/api/v1/logout", "sign_out"];
