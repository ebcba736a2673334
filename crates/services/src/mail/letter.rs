//! Letters out of words, links and codes: the same as plain text and as HTML, with nothing remote,
//! nothing that counts who reads, and nothing about health.

use super::{
    FactorNews, Mail,
    texts::{Texts, texts},
};
use crate::Lang;
use keepwell_domain::{notice::News, time::Ts};

/// What a letter says.
pub(super) enum Say<'a> {
    SignUp { token: &'a str },
    Exists,
    ExistsWanted,
    Reset { token: &'a str },
    ConfirmEmail { token: &'a str },
    EmailWanted { token: &'a str },
    EmailChanged,
    PasswordChanged,
    Factor { news: FactorNews, stop: Option<&'a str> },
    NewDevice { device: &'a str, area: &'a str, at: Ts },
    Invite { code: &'a str, until: Ts },
    Trial,
    News { news: &'a News, reason: Option<&'a str> },
}

/// A change that was held back, and is told with another one.
pub(super) struct Also<'a> {
    pub at: Ts,
    pub say: Say<'a>,
}

struct Parts {
    subject: &'static str,
    before: Vec<String>,
    button: Option<(&'static str, String)>,
    code: Option<String>,
    after: Vec<String>,
}

impl Parts {
    fn plain(subject: &'static str, text: impl Into<String>) -> Self {
        Self { subject, before: vec![text.into()], button: None, code: None, after: Vec::new() }
    }
}

/// Minutes for which a mailed link works.
pub(crate) const LINK_MINUTES: i64 = 30;
/// Days for which a change of address, or a factor that was added, can be taken back.
pub(crate) const STOP_DAYS: i64 = 7;

/// Writes a letter. `also`: what else it tells of. `base` is the instance's public address.
pub(super) fn write(say: &Say<'_>, also: &[Also<'_>], to: &str, base: &str, lang: Lang) -> Mail {
    let t = texts(lang);
    let days = || t.valid_days.replace("{days}", &STOP_DAYS.to_string());
    let minutes = || t.valid_minutes.replace("{minutes}", &LINK_MINUTES.to_string());
    let link = |path: &str, token: &str| format!("{base}{path}#{token}");
    let with_link = |subject, text: &str, button, path: &str, token: &str| Parts {
        button: Some((button, link(path, token))),
        code: Some(token.to_owned()),
        after: vec![minutes(), t.not_you_nothing.to_owned()],
        ..Parts::plain(subject, text)
    };
    let then_reset =
        |parts: Parts| Parts { after: vec![format!("{} {base}/forgot", t.not_you_reset)], ..parts };
    let parts = match say {
        Say::SignUp { token } => {
            with_link(t.sign_up_subject, t.sign_up_text, t.sign_up_button, "/verify", token)
        }
        Say::Reset { token } => with_link(t.reset_subject, t.reset_text, t.reset_button, "/reset", token),
        Say::ConfirmEmail { token } => {
            with_link(t.confirm_subject, t.confirm_text, t.confirm_button, "/confirm", token)
        }
        Say::EmailWanted { token } => Parts {
            before: vec![t.wanted_text.to_owned(), t.wanted_stop.to_owned()],
            after: vec![days()],
            ..with_link(t.wanted_subject, "", t.wanted_button, "/stop", token)
        },
        Say::Exists | Say::ExistsWanted => Parts {
            button: Some((t.exists_button, format!("{base}/login"))),
            ..Parts::plain(
                t.exists_subject,
                if matches!(say, Say::Exists) { t.exists_text } else { t.exists_wanted_text },
            )
        },
        Say::EmailChanged => Parts::plain(t.email_changed_subject, t.email_changed_text),
        Say::PasswordChanged => then_reset(Parts::plain(t.password_changed_subject, t.password_changed_text)),
        Say::Factor { news, stop } => {
            let what = format!("{} {}", factor_text(*news, t), t.factor_ended);
            match stop {
                Some(token) => Parts {
                    before: vec![what, t.factor_stop.to_owned()],
                    after: vec![days()],
                    ..with_link(t.factor_subject, "", t.factor_stop_button, "/stop", token)
                },
                None => then_reset(Parts::plain(t.factor_subject, what)),
            }
        }
        Say::Invite { code, until } => Parts {
            after: vec![t.invite_until.replace("{when}", &when(*until)), t.not_you_nothing.to_owned()],
            ..with_link(t.invite_subject, t.invite_text, t.invite_button, "/signup", code)
        },
        Say::Trial => Parts::plain(t.trial_subject, t.trial_text),
        Say::News { news, .. } => news_parts(news, base, t),
        Say::NewDevice { device, area, at } => {
            let or = |s: &str, other: &str| if s.is_empty() { other.to_owned() } else { s.to_owned() };
            let text = t
                .new_device_text
                .replace("{device}", &or(device, t.unknown_device))
                .replace("{area}", &or(area, t.unknown_area))
                .replace("{when}", &when(*at));
            then_reset(Parts::plain(t.new_device_subject, text))
        }
    };
    let parts = match (say, parts) {
        (Say::News { reason: Some(reason), .. }, mut parts) => {
            parts.before.push(format!("{} {reason}", t.news_reason));
            parts
        }
        (_, parts) => parts,
    };
    let parts = told_together(parts, also, t);
    let host = base.split_once("://").map_or(base, |(_, host)| host);
    let foot = format!("{} {}", t.address_is.replace("{host}", host), t.automatic);
    Mail {
        to: to.to_owned(),
        subject: parts.subject.to_owned(),
        text: text(&parts, t.code_hint, &foot),
        html: html(&parts, t.code_hint, &foot, lang),
    }
}

const fn factor_text(news: FactorNews, t: &Texts) -> &'static str {
    match news {
        FactorNews::AppAdded => t.factor_app_added,
        FactorNews::AppRemoved => t.factor_app_removed,
        FactorNews::PasskeyAdded => t.factor_passkey_added,
        FactorNews::PasskeyRemoved => t.factor_passkey_removed,
        FactorNews::CodesMade => t.factor_codes_made,
        FactorNews::CodeUsed => t.factor_code_used,
        FactorNews::Reset => t.factor_reset,
        FactorNews::Stopped => t.factor_stopped,
    }
}

/// Names what was held back, each with its time, below what the letter is about.
fn told_together(mut parts: Parts, also: &[Also<'_>], t: &Texts) -> Parts {
    let line = |a: &Also<'_>| {
        let what = match &a.say {
            Say::Factor { news, .. } => factor_text(*news, t),
            Say::EmailWanted { .. } => t.wanted_subject,
            Say::EmailChanged => t.email_changed_subject,
            _ => t.password_changed_subject,
        };
        format!("{}: {what}", when(a.at))
    };
    if !also.is_empty() {
        parts.before.push(t.also.to_owned());
        parts.before.extend(also.iter().map(line));
    }
    parts
}

fn news_parts(news: &News, base: &str, t: &Texts) -> Parts {
    let in_app =
        |parts: Parts| Parts { button: Some((t.news_button, format!("{base}/settings/notices"))), ..parts };
    let plain = |text: &str| Parts::plain(t.news_subject, text);
    match news {
        News::Suspended => plain(t.news_suspended),
        News::Lifted => in_app(plain(t.news_lifted)),
        News::SessionsEnded => in_app(plain(t.news_sessions)),
        News::ResetForced => plain(t.news_reset),
        News::RoleChanged { .. } => in_app(plain(t.news_role)),
        News::DeletionSet { due } => in_app(plain(&t.news_deletion.replace("{when}", &when(*due)))),
        News::DeletionDropped => in_app(plain(t.news_kept)),
        News::FileRetried { .. } => in_app(plain(t.news_file_retried)),
        News::FileGivenUp { .. } => in_app(plain(t.news_file_given_up)),
        News::SightGranted { grant, until } => Parts {
            button: Some((t.news_sight_button, format!("{base}/settings/grants/{grant}"))),
            ..plain(&t.news_sight.replace("{when}", &when(*until)))
        },
    }
}

/// `2026-01-31 14:05 UTC`: nobody's time zone is known here.
fn when(at: Ts) -> String {
    let text = at.rfc3339();
    format!("{} {} UTC", text.get(..10).unwrap_or_default(), text.get(11..16).unwrap_or_default())
}

fn text(p: &Parts, code_hint: &str, foot: &str) -> String {
    let mut blocks: Vec<String> = p.before.clone();
    if let Some((label, url)) = &p.button {
        blocks.push(format!("{label}:\n{url}"));
    }
    if let Some(code) = &p.code {
        blocks.push(format!("{code_hint}\n{code}"));
    }
    blocks.extend(p.after.iter().cloned());
    blocks.push(format!("-- \n{foot}"));
    blocks.join("\n\n") + "\n"
}

fn html(p: &Parts, code_hint: &str, foot: &str, lang: Lang) -> String {
    let mut body = String::new();
    let mut add = |inner: String| {
        body.push_str("<p>");
        body.push_str(&inner);
        body.push_str("</p>\n");
    };
    p.before.iter().for_each(|b| add(escape(b)));
    if let Some((label, url)) = &p.button {
        add(format!("<a href=\"{}\"><strong>{}</strong></a>", escape(url), escape(label)));
    }
    if let Some(code) = &p.code {
        add(format!("{}<br><code>{}</code>", escape(code_hint), escape(code)));
    }
    p.after.iter().for_each(|a| add(escape(a)));
    add(format!("<small>{}</small>", escape(foot)));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head><body>\n{body}</body></html>\n",
        lang.as_str(),
        escape(p.subject)
    )
}

fn escape(s: &str) -> String {
    s.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SECRET: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn all() -> Vec<Say<'static>> {
        vec![
            Say::SignUp { token: SECRET },
            Say::Exists,
            Say::Trial,
            Say::Invite { code: SECRET, until: Ts(1_763_700_000_000_000) },
            Say::ExistsWanted,
            Say::Reset { token: SECRET },
            Say::ConfirmEmail { token: SECRET },
            Say::EmailWanted { token: SECRET },
            Say::EmailChanged,
            Say::PasswordChanged,
            Say::Factor { news: FactorNews::CodeUsed, stop: None },
            Say::Factor { news: FactorNews::Reset, stop: None },
            Say::Factor { news: FactorNews::PasskeyAdded, stop: Some(SECRET) },
            Say::News { news: &News::Suspended, reason: Some("<b>because") },
            Say::News { news: &News::FileRetried { document: None }, reason: None },
            Say::News { news: &News::FileGivenUp { document: None }, reason: None },
            Say::News { news: &News::DeletionSet { due: Ts(1_763_700_000_000_000) }, reason: None },
            Say::NewDevice { device: "<b>Firefox", area: "192.0.2.0/24", at: Ts(1_763_700_000_000_000) },
        ]
    }

    #[test]
    fn letters_say_the_same_as_text_and_html_and_load_nothing() {
        for lang in [Lang::En, Lang::De] {
            for say in all() {
                let mail = write(&say, &[], "eva@example.org", "https://health.example", lang);
                assert!(!mail.subject.is_empty() && !mail.text.contains('{'), "{}", mail.text);
                for word in ["src=", "<img", "<link", "@import", "url(", "<script", "<b>"] {
                    assert!(!mail.html.contains(word), "{word}: {}", mail.html);
                }
                for word in ["health", "Keepwell", "Gesundheit", "medical"] {
                    assert!(!mail.subject.contains(word));
                }
                assert_eq!(mail.text.contains(SECRET), mail.html.contains(SECRET));
                assert!(mail.text.matches("http").count() == mail.html.matches("http").count());
            }
        }
    }

    #[test]
    fn tokens_stand_behind_the_hash_of_a_link_only() {
        let mail = write(&Say::Reset { token: SECRET }, &[], "e@x.org", "https://h.example", Lang::En);
        assert!(mail.text.contains(&format!("https://h.example/reset#{SECRET}\n")));
        assert!(!mail.text.contains(&format!("?{SECRET}")) && !mail.text.contains(&format!("/{SECRET}")));
    }
}
