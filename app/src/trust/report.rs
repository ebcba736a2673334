//! How to report a weakness, with safe harbour, and the form for it.

use super::{
    document::{PageInfo, page},
    texts::texts,
};
use crate::i18n::Lang;
use leptos::prelude::*;

/// The form as it is shown.
#[derive(Default)]
pub struct ReportForm {
    /// How to reach whoever runs the instance, when they said so.
    pub operator: Option<String>,
    /// The number of the report that just arrived.
    pub sent: Option<String>,
    /// Why the last one was refused.
    pub refused: Option<Refused>,
    /// What was typed.
    pub text: String,
    /// What was typed.
    pub contact: String,
}

/// Why a report was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Nothing in it.
    Empty,
    /// Too long.
    Long,
    /// Not now.
    Full,
}

/// Safe harbour and rules, after disclose.io's core terms (CC0), in plain words.
const RULES: fn(Lang) -> &'static [&'static str] = |lang| match lang {
    Lang::En => &[
        "Safe harbour: whoever looks for weaknesses in good faith and keeps to these rules acts with our permission. We will not take legal action over it, and if others do, we will say that you kept to the rules.",
        "Look only at accounts and data of your own. If you come across somebody else's data, stop, do not keep it, and report what you saw.",
        "No attacks that hinder others (floods, mass requests), no deceiving of people, no break-in into buildings or devices.",
        "Give time to mend it before you speak in public: 90 days, or less when we agree on it. An answer should reach you within 7 days if you left a contact.",
        "Weaknesses of the program itself are best reported to the project too, so that every instance is mended.",
    ],
    Lang::De => &[
        "Sicherer Hafen: Wer in guter Absicht nach Schwachstellen sucht und sich an diese Regeln hält, handelt mit unserer Erlaubnis. Wir gehen dagegen nicht rechtlich vor, und wenn andere es tun, sagen wir, dass Sie sich an die Regeln gehalten haben.",
        "Sehen Sie nur eigene Konten und Daten an. Wenn Sie auf fremde Daten stoßen: aufhören, nichts behalten, und melden, was zu sehen war.",
        "Keine Angriffe, die andere behindern (Fluten, Massenanfragen), kein Täuschen von Menschen, kein Eindringen in Gebäude oder Geräte.",
        "Geben Sie Zeit zum Beheben, bevor Sie öffentlich sprechen: 90 Tage, oder weniger, wenn wir es vereinbaren. Eine Antwort soll Sie binnen 7 Tagen erreichen, wenn Sie einen Kontakt hinterlassen.",
        "Schwachstellen des Programms selbst melden Sie am besten auch dem Projekt, damit jede Instanz geheilt wird.",
    ],
};

impl ReportForm {
    /// The page as HTML.
    #[must_use]
    pub fn html(&self, info: PageInfo) -> String {
        let t = texts(info.lang);
        let rules = RULES(info.lang).iter().map(|r| view! { <li>{*r}</li> }).collect_view();
        let contact =
            self.operator.clone().map(|c| view! { <p>{t.contact_operator} " " <strong>{c}</strong></p> });
        let sent = self.sent.clone().map(|id| {
            view! { <div class="Notice" role="status"><p>{t.report_thanks}</p><p>{t.report_number} " " <code>{id}</code></p></div> }
        });
        let refused = self.refused.map(|r| {
            let why = match r {
                Refused::Empty => t.report_empty,
                Refused::Long => t.report_long,
                Refused::Full => t.report_full,
            };
            view! { <p class="Alert" role="alert" id="refused">{why}</p> }
        });
        let body = view! {
            {sent}
            <section class="Prose">{contact}<ul class="Bullets">{rules}</ul></section>
            <form class="Form Card" method="post" action="/disclosure">
                {refused}
                <div class="Field">
                    <label for="text">{t.report_text}</label>
                    <p class="Field-hint" id="text-hint">{t.report_hint}</p>
                    <textarea id="text" name="text" rows="8" required maxlength="20000" aria-describedby="text-hint">{self.text.clone()}</textarea>
                </div>
                <div class="Field">
                    <label for="contact">{t.report_contact}</label>
                    <p class="Field-hint" id="contact-hint">{t.report_contact_hint}</p>
                    <input id="contact" name="contact" maxlength="300" autocomplete="email" value=self.contact.clone() aria-describedby="contact-hint"/>
                </div>
                <div class="Actions"><button class="Button" type="submit">{t.report_send}</button></div>
            </form>
        };
        page(info, t.disclosure, t.disclosure_context, body)
    }
}
