//! A letter as a message of RFC 5322.

use keepwell_services::mail::Mail;
use lettre::{
    Message,
    message::{Mailbox, MultiPart, header},
};

/// Tells other programs not to answer (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The message, or that its address cannot be written to.
pub(super) fn message(mail: &Mail, from: &Mailbox) -> Option<Message> {
    let to: lettre::Address = mail.to.parse().ok()?;
    // Not the host's name, which is nobody's business.
    let id = format!("<{}@{}>", uuid::Uuid::new_v4(), from.email.domain());
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(mail.subject.clone())
        .message_id(Some(id))
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .ok()
}

/// The letter as text with its headers, for the operator.
#[must_use]
pub fn rendered(mail: &Mail) -> String {
    format!("To: {}\nSubject: {}\n\n{}", mail.to, mail.subject, mail.text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn mail(to: &str, subject: &str) -> Mail {
        Mail {
            to: to.to_owned(),
            subject: subject.to_owned(),
            text: "Grüße\n".to_owned(),
            html: "<p>Grüße</p>".to_owned(),
        }
    }

    #[test]
    fn message_has_both_parts_and_asks_for_no_answer() {
        let from: Mailbox = "Keepwell <k@health.example>".parse().unwrap();
        let text =
            String::from_utf8(message(&mail("e@x.org", "Adresse bestätigen"), &from).unwrap().formatted())
                .unwrap();
        for part in [
            "Auto-Submitted: auto-generated",
            "multipart/alternative",
            "text/plain; charset=utf-8",
            "text/html; charset=utf-8",
            "@health.example>",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn lines_cannot_be_put_into_the_head() {
        let from: Mailbox = "k@health.example".parse().unwrap();
        assert!(message(&mail("e@x.org\r\nBcc: v@x.org", "x"), &from).is_none());
        let text =
            String::from_utf8(message(&mail("e@x.org", "x\r\nBcc: v@x.org"), &from).unwrap().formatted())
                .unwrap();
        assert!(!text.lines().any(|l| l.starts_with("Bcc")), "{text}");
    }
}
