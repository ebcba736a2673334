//! Which call counts in which class: one line for every route, form and server function.
//!
//! What is looked up is the route that the router chose, never the path that was sent, so no spelling
//! of a path escapes its class: `/api/v1//login`, `/api/v1/%6Cogin` or `/API/v1/login` are other routes,
//! or none. `tests/api/limits.rs` walks the router and fails on anything that is missing here.

use Rule::{Counted, Form, Free, Function};
use http::Method;
use keepwell_app::ssr::{self, FORM_PAGES};
use keepwell_services::limit::Class::{self, Api, Ask, Login, Signup, Upload};
use std::{collections::HashMap, sync::LazyLock};

/// How a route counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// In this class.
    Counted(Class),
    /// As the form that is sent does, see [`FUNCTIONS`].
    Form,
    /// As the server function that is called does, see [`FUNCTIONS`].
    Function,
    /// Not: bounded by connections, body size, time and load alone.
    Free,
}

/// Routes with their method. Reading a page or a file (GET outside the API) is never counted.
pub const ROUTES: &[(&str, &str, Rule)] = &[
    ("POST", "/api/v1/signup", Counted(Signup)),
    ("POST", "/api/v1/login", Counted(Login)),
    // Each with a password, or a code that stands for one, or a letter that is sent.
    ("POST", "/api/v1/verify", Counted(Login)),
    ("POST", "/api/v1/forgot", Counted(Login)),
    ("POST", "/api/v1/reset", Counted(Login)),
    ("POST", "/api/v1/email/confirm", Counted(Login)),
    ("POST", "/api/v1/email/stop", Counted(Login)),
    ("POST", "/api/v1/me/password", Counted(Login)),
    ("POST", "/api/v1/me/email", Counted(Login)),
    // The second half of a sign-in, and proofs.
    ("POST", "/api/v1/login/finish", Counted(Login)),
    ("POST", "/api/v1/login/passkey", Counted(Login)),
    ("POST", "/api/v1/login/passkey/options", Counted(Login)),
    ("POST", "/api/v1/me/proof", Counted(Login)),
    ("POST", "/api/v1/me/totp/confirm", Counted(Login)),
    ("POST", "/api/v1/me/proof/passkey", Counted(Api)),
    ("GET", "/api/v1/me/factors", Counted(Api)),
    ("POST", "/api/v1/me/totp", Counted(Api)),
    ("DELETE", "/api/v1/me/totp", Counted(Api)),
    ("POST", "/api/v1/me/recovery-codes", Counted(Api)),
    ("POST", "/api/v1/me/passkeys/options", Counted(Api)),
    ("POST", "/api/v1/me/passkeys", Counted(Api)),
    ("PATCH", "/api/v1/me/passkeys/{id}", Counted(Api)),
    ("DELETE", "/api/v1/me/passkeys/{id}", Counted(Api)),
    ("GET", "/api/v1/sessions", Counted(Api)),
    ("DELETE", "/api/v1/sessions", Counted(Api)),
    ("DELETE", "/api/v1/sessions/{id}", Counted(Api)),
    ("POST", "/api/v1/logout", Counted(Api)),
    ("GET", "/api/v1/me", Counted(Api)),
    // With the password as a proof.
    ("DELETE", "/api/v1/me", Counted(Login)),
    ("GET", "/api/v1/openapi.json", Counted(Api)),
    ("POST", "/api/v1/documents", Counted(Upload)),
    ("POST", "/api/v1/uploads", Counted(Upload)),
    ("GET", "/api/v1/uploads/{id}", Counted(Api)),
    ("DELETE", "/api/v1/uploads/{id}", Counted(Api)),
    // Pieces of an upload that was counted when it began.
    ("PATCH", "/api/v1/uploads/{id}", Free),
    ("POST", "/api/v1/uploads/{id}/finish", Free),
    ("GET", "/api/v1/documents", Counted(Api)),
    ("GET", "/api/v1/documents/events", Counted(Api)),
    ("GET", "/api/v1/documents/{id}", Counted(Api)),
    ("DELETE", "/api/v1/documents/{id}", Counted(Api)),
    ("GET", "/api/v1/documents/{id}/file", Counted(Api)),
    ("POST", "/api/v1/documents/{id}/answers", Counted(Api)),
    ("POST", "/api/v1/documents/{id}/read", Counted(Api)),
    ("GET", "/api/v1/documents/{id}/review", Counted(Api)),
    ("POST", "/api/v1/documents/{id}/review", Counted(Api)),
    ("GET", "/api/v1/records", Counted(Api)),
    ("POST", "/api/v1/records", Counted(Api)),
    ("GET", "/api/v1/records/{id}", Counted(Api)),
    ("DELETE", "/api/v1/records/{id}", Counted(Api)),
    ("GET", "/api/v1/markers", Counted(Api)),
    ("GET", "/api/v1/markers/{loinc}/series", Counted(Api)),
    ("GET", "/api/v1/export", Counted(Api)),
    ("GET", "/api/v1/audit", Counted(Api)),
    ("GET", "/api/v1/audit/checkpoint", Counted(Api)),
    ("GET", "/api/v1/audit/consistency", Counted(Api)),
    ("GET", "/api/v1/audit/{id}/proof", Counted(Api)),
    ("GET", "/api/v1/profiles", Counted(Api)),
    ("POST", "/api/v1/profiles", Counted(Api)),
    ("PATCH", "/api/v1/profiles/{id}", Counted(Api)),
    // With the password as a proof.
    ("DELETE", "/api/v1/profiles/{id}", Counted(Login)),
    ("GET", "/api/v1/admin/dashboard", Counted(Api)),
    ("POST", "/api/v1/admin/jobs/{id}/retry", Counted(Api)),
    ("DELETE", "/api/v1/admin/jobs/{id}", Counted(Api)),
    // At most five letters an hour, besides.
    ("POST", "/api/v1/admin/mail/test", Counted(Api)),
    ("GET", "/api/v1/admin/settings", Counted(Api)),
    ("PUT", "/api/v1/admin/settings/{name}", Counted(Api)),
    ("GET", "/api/v1/admin/invites", Counted(Api)),
    ("POST", "/api/v1/admin/invites", Counted(Api)),
    ("DELETE", "/api/v1/admin/invites/{id}", Counted(Api)),
    ("GET", "/api/v1/admin/log", Counted(Api)),
    ("POST", "/api/v1/admin/log/person", Counted(Api)),
    ("GET", "/api/v1/admin/log/check", Counted(Api)),
    ("GET", "/api/v1/admin/log/export", Counted(Api)),
    ("GET", "/api/v1/tokens", Counted(Api)),
    ("POST", "/api/v1/tokens", Counted(Api)),
    ("DELETE", "/api/v1/tokens", Counted(Api)),
    ("DELETE", "/api/v1/tokens/{id}", Counted(Api)),
    ("GET", "/api/v1/me/notices", Counted(Api)),
    ("DELETE", "/api/v1/me/notices/{id}", Counted(Api)),
    ("POST", "/api/v1/me/keep", Counted(Api)),
    ("GET", "/api/v1/me/grants", Counted(Api)),
    ("GET", "/api/v1/me/grants/{id}", Counted(Api)),
    ("DELETE", "/api/v1/me/grants/{id}", Counted(Api)),
    ("GET", "/api/v1/me/grants/{id}/events", Counted(Api)),
    ("POST", "/api/v1/admin/people/find", Counted(Api)),
    ("GET", "/api/v1/admin/people/{id}", Counted(Api)),
    ("POST", "/api/v1/admin/people/{id}/acts", Counted(Api)),
    ("GET", "/api/v1/admin/grants", Counted(Api)),
    ("POST", "/api/v1/admin/grants", Counted(Api)),
    ("GET", "/api/v1/admin/grants/{id}", Counted(Api)),
    ("POST", "/api/v1/admin/grants/{id}", Counted(Api)),
    ("DELETE", "/api/v1/admin/grants/{id}", Counted(Api)),
    ("GET", "/api/v1/admin/grants/{id}/records", Counted(Api)),
    ("GET", "/api/v1/admin/grants/{id}/record", Counted(Api)),
    ("POST", "/api/v1/ask", Counted(Ask)),
    ("GET", "/api/v1/ask/conversations", Counted(Api)),
    ("DELETE", "/api/v1/ask/conversations", Counted(Api)),
    ("GET", "/api/v1/ask/conversations/{id}", Counted(Api)),
    ("PATCH", "/api/v1/ask/conversations/{id}", Counted(Api)),
    ("DELETE", "/api/v1/ask/conversations/{id}", Counted(Api)),
    ("POST", "/api/v1/ask/conversations/{id}/again", Counted(Ask)),
    // Whoever may ask may stop, however often they asked.
    ("POST", "/api/v1/ask/conversations/{id}/stop", Counted(Api)),
    ("GET", "/api/v1/ask/provider", Counted(Api)),
    ("PUT", "/api/v1/ask/provider", Counted(Api)),
    ("DELETE", "/api/v1/ask/provider", Counted(Api)),
    ("GET", "/api/v1/ask/consent", Counted(Api)),
    ("PUT", "/api/v1/ask/consent", Counted(Api)),
    ("DELETE", "/api/v1/ask/consent", Counted(Api)),
    // Makes the whole of a request, and sends nothing.
    ("POST", "/api/v1/ask/consent/preview", Counted(Ask)),
    ("GET", "/api/v1/security", Counted(Api)),
    ("GET", "/api/v1/journal/vaults", Counted(Api)),
    ("POST", "/api/v1/journal/vaults", Counted(Api)),
    ("GET", "/api/v1/journal/vaults/{id}", Counted(Api)),
    ("DELETE", "/api/v1/journal/vaults/{id}", Counted(Api)),
    ("GET", "/api/v1/journal/vaults/{id}/items", Counted(Api)),
    ("GET", "/api/v1/journal/vaults/{id}/objects/{device}/{seq}", Counted(Api)),
    ("POST", "/api/v1/journal/vaults/{id}/objects", Counted(Api)),
    ("POST", "/api/v1/journal/vaults/{id}/statements", Counted(Api)),
    ("POST", "/api/v1/journal/vaults/{id}/compact", Counted(Api)),
    ("GET", "/api/v1/journal/vaults/{id}/events", Counted(Api)),
    ("POST", "/api/v1/journal/vaults/{id}/invites", Counted(Api)),
    ("GET", "/api/v1/journal/vaults/{id}/members", Counted(Api)),
    ("DELETE", "/api/v1/journal/vaults/{id}/members/{member}", Counted(Api)),
    ("POST", "/api/v1/journal/join", Counted(Api)),
    // Whoever fills the reports takes the tries of joining: neither is done often.
    ("POST", "/disclosure", Counted(Signup)),
    ("POST", "/", Form),
    ("POST", "/login", Form),
    ("POST", "/login/code", Form),
    ("POST", "/prove", Form),
    ("POST", "/settings/factors", Form),
    ("POST", "/signup", Form),
    ("POST", "/verify", Form),
    ("POST", "/forgot", Form),
    ("POST", "/reset", Form),
    ("POST", "/confirm", Form),
    ("POST", "/stop", Form),
    ("POST", "/overview", Form),
    ("POST", "/markers/{key}", Form),
    ("POST", "/records/{id}", Form),
    ("POST", "/documents/{id}", Form),
    ("POST", "/add", Form),
    ("POST", "/settings", Form),
    ("POST", "/settings/account", Form),
    ("POST", "/settings/sessions", Form),
    ("POST", "/settings/profiles", Form),
    ("POST", "/settings/tokens", Form),
    ("POST", "/admin", Form),
    ("POST", "/admin/log", Form),
    ("POST", "/admin/settings", Form),
    ("POST", "/settings/notices", Form),
    ("POST", "/settings/grants/{id}", Form),
    ("POST", "/admin/people", Form),
    ("POST", "/admin/people/{id}", Form),
    ("POST", "/admin/grants", Form),
    ("POST", "/admin/grants/{id}", Form),
    ("POST", "/settings/ask", Form),
    ("POST", "/ask", Form),
    ("POST", "/ask/{id}", Form),
    ("POST", "/documents/upload", Counted(Upload)),
    ("POST", "/csp-report", Free),
    ("POST", "/fn/{*name}", Function),
];

/// Server functions and the forms that call them, by name. What pages read is not counted: it is
/// what a page view without script would read.
pub const FUNCTIONS: &[(&str, Option<Class>)] = &[
    ("sign_in", Some(Login)),
    ("finish_sign_in", Some(Login)),
    ("passkey_sign_in", Some(Login)),
    ("prove_self", Some(Login)),
    ("confirm_app", Some(Login)),
    ("sign_up", Some(Signup)),
    ("verify_account", Some(Login)),
    ("forgot_password", Some(Login)),
    ("reset_password", Some(Login)),
    ("confirm_email", Some(Login)),
    ("stop_email_change", Some(Login)),
    ("change_password", Some(Login)),
    ("change_email", Some(Login)),
    ("delete_account", Some(Login)),
    ("delete_profile", Some(Login)),
    ("paste_text", Some(Upload)),
    ("add_demo", Some(Upload)),
    // An address that is tried is a call, whoever tries it.
    ("find_person", Some(Api)),
    ("act_on_person", Some(Api)),
    ("ask_for_sight", Some(Api)),
    ("accept_likely", None),
    ("admin_dashboard", None),
    ("admin_log", None),
    ("admin_reports", None),
    ("admin_settings", None),
    ("change_setting", None),
    ("create_invite", None),
    ("discard_job", None),
    ("find_in_log", None),
    ("reset_setting", None),
    ("retry_job", None),
    ("send_test_letter", Some(Api)),
    ("revoke_invite", None),
    ("approve_sight", None),
    ("dismiss_notice", None),
    ("end_my_sight", None),
    ("end_sight", None),
    ("granted", None),
    ("keep_account", None),
    ("my_sights", None),
    ("notices", None),
    ("open_notices", None),
    ("person_facts", None),
    ("sights", None),
    ("watch_sight", None),
    ("ask_again", Some(Ask)),
    ("ask_question", Some(Ask)),
    ("give_consent", Some(Ask)),
    ("ask_page", None),
    ("ask_settings", None),
    ("consent_preview", None),
    ("remove_own_provider", None),
    ("revoke_consent", None),
    ("set_own_provider", None),
    ("delete_conversation", None),
    ("delete_conversations", None),
    ("rename_conversation", None),
    ("access_log", None),
    ("add_passkey", None),
    ("begin_app", None),
    ("factors", None),
    ("half_open", None),
    ("make_recovery_codes", None),
    ("remove_app", None),
    ("remove_passkey", None),
    ("rename_passkey", None),
    ("add_record", None),
    ("answer_questions", None),
    ("choose_lang", None),
    ("choose_theme", None),
    ("decide_row", None),
    ("change_profile", None),
    ("create_profile", None),
    ("create_token", None),
    ("profiles", None),
    ("revoke_all_tokens", None),
    ("revoke_token", None),
    ("switch_profile", None),
    ("tokens", None),
    ("delete_record", None),
    ("document", None),
    ("documents", None),
    ("edit_record", None),
    ("end_other_sessions", None),
    ("end_session", None),
    ("marker_choices", None),
    ("markers", None),
    ("me", None),
    ("overview", None),
    ("read_again", None),
    ("record", None),
    ("remove_demo", None),
    ("review", None),
    ("series", None),
    ("sessions", None),
    ("set_favourite", None),
    ("settings", None),
    ("sign_out", None),
    ("suggest_passphrase", None),
    ("timeline", None),
    ("undo_import", None),
];

static BY_ROUTE: LazyLock<HashMap<(&str, &str), Rule>> =
    LazyLock::new(|| ROUTES.iter().map(|(method, route, rule)| ((*method, *route), *rule)).collect());
static BY_NAME: LazyLock<HashMap<&str, Option<Class>>> =
    LazyLock::new(|| FUNCTIONS.iter().copied().collect());

/// The rule of a route. One that was forgotten counts as a call of the API when it is one or writes.
#[must_use]
pub fn rule(method: &Method, route: &str) -> Rule {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    let is_read = matches!(*method, Method::GET | Method::OPTIONS);
    match BY_ROUTE.get(&(method.as_str(), route)) {
        Some(rule) => *rule,
        // The framework gives each server function a route of its own.
        None if is_call(route) => Function,
        None if is_read && !route.starts_with("/api/") => Free,
        None => Counted(Api),
    }
}

/// The class of a server function. One that was forgotten counts as a call of the API.
#[must_use]
pub fn of_function(name: &str) -> Option<Class> {
    BY_NAME.get(name).copied().unwrap_or(Some(Api))
}

/// The class of a call of a server function by its path.
#[must_use]
pub fn of_call(path: &str) -> Option<Class> {
    let name = path.strip_prefix(ssr::FN_PREFIX).and_then(|n| n.strip_prefix('/'));
    of_function(name.unwrap_or_default())
}

/// Whether a path is that of a server function.
#[must_use]
pub fn is_call(path: &str) -> bool {
    path.strip_prefix(ssr::FN_PREFIX).is_some_and(|rest| rest.starts_with('/'))
}

/// How the forms of a page count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forms {
    /// All alike, so it is known before one has been read.
    Alike(Option<Class>),
    /// Each in its own way, see [`of_function`].
    Apart,
}

/// How the forms of a page count.
#[must_use]
pub fn of_page(route: &str) -> Forms {
    let forms = FORM_PAGES.iter().find(|(page, _)| *page == route).map_or(&[][..], |(_, forms)| forms);
    let mut classes = forms.iter().map(|form| of_function(form));
    let first = classes.next().unwrap_or(Some(Api));
    if classes.all(|class| class == first) { Forms::Alike(first) } else { Forms::Apart }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn nothing_is_listed_twice() {
        assert_eq!(BY_ROUTE.len(), ROUTES.len());
        assert_eq!(BY_NAME.len(), FUNCTIONS.len());
    }

    #[test]
    fn what_was_forgotten_counts() {
        assert_eq!(rule(&Method::POST, "/new"), Counted(Api));
        assert_eq!(rule(&Method::GET, "/api/v1/new"), Counted(Api));
        assert_eq!(rule(&Method::HEAD, "/api/v1/me"), Counted(Api));
        assert_eq!(rule(&Method::GET, "/new"), Free);
        assert_eq!(of_call("/fn/new"), Some(Api));
        assert_eq!(of_call("/fn/sign_in"), Some(Login));
        assert_eq!(of_call("/fn/sign_in/"), Some(Api), "no function has that path");
    }

    #[test]
    fn proofs_are_counted_before_their_form_is_read_where_a_page_has_no_other() {
        assert_eq!(of_page("/login"), Forms::Alike(Some(Login)));
        assert_eq!(of_page("/signup"), Forms::Alike(Some(Signup)));
        assert_eq!(of_page("/settings"), Forms::Apart);
        assert_eq!(of_page("/records/{id}"), Forms::Alike(None));
    }
}
