//! Which passwords are taken, and the reason where one is not (spec 2.2, NIST SP 800-63B-4).

use crate::Lang;
use keepwell_crypto::password::{MAX_LEN, Password};
use zxcvbn::{Score, zxcvbn};

/// The least number of characters, counted as Unicode code points after NFC.
pub const MIN_CHARS: usize = 15;

/// Only so much of a password is scored: the estimate's time grows with the square of the length.
const SCORED_CHARS: usize = 100;

/// Why a new password is refused; `None` when it is fine. `email` counts as known to an attacker.
#[must_use]
pub fn refusal(password: &str, email: &str, lang: Lang) -> Option<String> {
    let too_long = || {
        let de = format!("Höchstens {MAX_LEN} Bytes sind möglich.");
        let en = format!("At most {MAX_LEN} bytes are possible.");
        lang.pick(&en, &de).to_owned()
    };
    if password.len() > MAX_LEN {
        return Some(too_long());
    }
    let Ok(p) = Password::new(password) else { return Some(too_long()) };
    let text = p.normalised();
    let chars = text.chars().count();
    if chars < MIN_CHARS {
        let en = format!(
            "Please use at least {MIN_CHARS} characters; this has {chars}. A few words in a row are fine."
        );
        let de = format!(
            "Bitte mindestens {MIN_CHARS} Zeichen; das sind {chars}. Einige Wörter hintereinander genügen."
        );
        return Some(lang.pick(&en, &de).to_owned());
    }
    let scored: String = text.chars().take(SCORED_CHARS).collect();
    let local = email.split('@').next().unwrap_or(email);
    let estimate = zxcvbn(&scored, &[email, local, "keepwell"]);
    if estimate.score() >= Score::Three {
        return None;
    }
    Some(weak(&estimate, lang))
}

fn weak(estimate: &zxcvbn::Entropy, lang: Lang) -> String {
    let why = estimate.feedback().and_then(|f| f.warning()).map(|w| w.to_string());
    let general = lang.pick(
        "This password is too easy to guess. Unrelated words in a row make a good one.",
        "Dieses Passwort ist zu leicht zu erraten. Mehrere Wörter ohne Zusammenhang ergeben ein gutes.",
    );
    // The estimator's own warnings exist in English only.
    match (lang, why) {
        (Lang::En, Some(w)) => format!("{general} {w}"),
        _ => general.to_owned(),
    }
}

/// An e-mail address as far as it can be checked without sending mail; trimmed, domain in lower case.
#[must_use]
pub fn email(text: &str) -> Option<String> {
    let t = text.trim();
    let (local, domain) = t.rsplit_once('@')?;
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | ',' | ';' | '"');
    let label = |l: &str| !l.is_empty() && l.len() <= 63 && !l.starts_with('-') && !l.ends_with('-');
    let fits = t.len() <= 254
        && !local.is_empty()
        && local.len() <= 64
        && !local.contains('@')
        && t.chars().all(plain)
        && domain.split('.').all(label);
    fits.then(|| format!("{local}@{}", domain.to_lowercase()))
}

/// The form of an address under which it is looked up: all in lower case.
#[must_use]
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fourteen_characters_are_refused_and_fifteen_good_ones_taken() {
        assert!(refusal("vat mule gaudy", "a@b.example", Lang::En).is_some_and(|r| r.contains("15")));
        assert_eq!(refusal("vat mule gaudy9", "a@b.example", Lang::En), None);
        assert_eq!(refusal("käse über grünem öl", "a@b.example", Lang::De), None);
    }

    #[test]
    fn long_but_guessable_ones_are_refused_with_a_reason() {
        for p in ["aaaaaaaaaaaaaaaaaaaa", "passwordpassword", "123456789012345678", "qwertyuiopasdfghjkl"] {
            assert!(refusal(p, "a@b.example", Lang::En).is_some(), "{p}");
        }
        let own = "rosa.luxemburg@example.org";
        assert!(refusal(own, own, Lang::En).is_some());
    }

    #[test]
    fn the_limit_is_1024_bytes() {
        let seed = "correct horse battery staple glance ";
        let max: String = seed.chars().cycle().take(1024).collect();
        assert_eq!(refusal(&max, "a@b.example", Lang::En), None);
        assert!(refusal(&format!("{max}x"), "a@b.example", Lang::En).is_some());
    }

    #[test]
    fn addresses_are_checked_by_shape() {
        assert_eq!(email(" Eva@Example.ORG "), Some("Eva@example.org".into()));
        assert_eq!(email("eva@localhost"), Some("eva@localhost".into()));
        for bad in ["", "eva", "@x.org", "eva@", "e va@x.org", "eva@x..org", "a@b@c.org\n", "<a@b.org>"] {
            assert_eq!(email(bad), None, "{bad:?}");
        }
    }
}
