//! The page of a call that was turned away before anything was done for it. Complete without script
//! and without anything of the person's: nobody was looked up for it.

use crate::{
    boot::Theme,
    i18n::{Lang, fill, plural},
    style,
    ui::esc::esc,
};
use keepwell_domain::time::Ts;

/// Why.
#[derive(Debug, Clone, Copy)]
pub enum Refusal {
    /// Too many calls within a minute.
    TooMany {
        /// Seconds to wait.
        seconds: u32,
        /// When that is over.
        at: Ts,
    },
    /// Calls cannot be counted now.
    Unavailable,
}

/// The page. `back` is the path of the page to which the call belonged.
#[must_use]
pub fn page(lang: keepwell_services::Lang, theme: Theme, refusal: &Refusal, back: &str) -> String {
    let lang = Lang::parse(lang.as_str());
    let t = lang.texts();
    let (title, text, wait) = match refusal {
        Refusal::TooMany { seconds, at } => {
            let stated = at.rfc3339();
            let time =
                format!("<time datetime=\"{stated}\">{}</time>", stated.get(11..19).unwrap_or_default());
            let wait = plural(lang, u64::from(*seconds), t.wait_second, t.wait_seconds);
            let at = fill(t.too_many_at, &time);
            let wait = format!("<p><strong>{wait}</strong></p><p class=\"Fine\">{at}</p>");
            (t.too_many, t.too_many_text, wait)
        }
        Refusal::Unavailable => (t.failed, t.error_unavailable, String::new()),
    };
    // A form that leads nowhere by itself is no page to go back to.
    let mut to = String::new();
    esc(&mut to, if back == "/documents/upload" { "/add" } else { back });
    let (style, theme, again, lang) = (style::path(), theme.as_str(), t.try_again, lang.as_str());
    // Not a view: those carry marks for the script that takes them over, and here comes none.
    format!(
        "<!DOCTYPE html><html lang=\"{lang}\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title} · Keepwell</title>\
         <link rel=\"stylesheet\" href=\"{style}\"><link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\"></head>\
         <body><main id=\"main\" class=\"Public\"><section class=\"Empty is-failed\" role=\"alert\"><h1>{title}</h1>\
         <p>{text}</p>{wait}<div class=\"Actions\"><a class=\"Button\" href=\"{to}\">{again}</a></div>\
         </section></main></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use keepwell_services::Lang::{De, En};

    const AT: Ts = Ts(1_800_000_042_000_000);

    #[test]
    fn page_says_in_how_many_seconds_and_at_what_time_in_both_languages() {
        let refusal = Refusal::TooMany { seconds: 42, at: AT };
        let english = page(En, Theme::Dark, &refusal, "/login");
        assert!(english.contains("Please try again in 42 seconds."), "{english}");
        assert!(english.contains("<time datetime=\"2027-01-15T08:00:42Z\">08:00:42</time>"), "{english}");
        assert!(english.contains("lang=\"en\"") && english.contains("data-theme=\"dark\""), "{english}");
        assert!(english.contains("href=\"/login\"") && !english.contains("<script"), "{english}");
        let german = page(De, Theme::Auto, &Refusal::TooMany { seconds: 1, at: AT }, "/login");
        assert!(german.contains("in 1 Sekunde noch einmal") && german.contains("lang=\"de\""), "{german}");
    }

    #[test]
    fn path_cannot_break_out_of_the_page() {
        let html = page(En, Theme::Auto, &Refusal::Unavailable, "/x\"><script>alert(1)</script>");
        assert!(!html.contains("<script>"), "{html}");
    }
}
