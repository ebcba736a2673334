//! Long pieces of HTML that are kept ready. A page is drawn with a mark where such a piece stands,
//! and the piece itself is put there as the page goes out: copied through every layer of the
//! drawing, a list of 150 markers costs more than all the rest of its page.

use leptos::prelude::use_context;
use std::{
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

/// A shorter piece is drawn where it stands.
const LONG: usize = 4 << 10;

/// The long pieces of one answer, in its request's extensions.
#[derive(Clone)]
pub struct Aside(Arc<Held>);

struct Held {
    /// Stands before a piece's number. It holds the answer's nonce, so that nothing that was written
    /// before the answer can look like it.
    mark: String,
    pieces: Mutex<Vec<Arc<str>>>,
}

/// Ends a mark.
const END: &str = "-->";

impl Aside {
    /// None yet.
    #[must_use]
    pub fn new(nonce: &str) -> Self {
        Self(Arc::new(Held { mark: format!("<!--aside:{nonce}:"), pieces: Mutex::default() }))
    }

    fn hold(&self, html: Arc<str>) -> Arc<str> {
        let mut pieces = self.0.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        let mut mark = self.0.mark.clone();
        let _ = write!(mark, "{}{END}", pieces.len());
        pieces.push(html);
        mark.into()
    }

    /// The pieces, by number; none are held any more.
    #[must_use]
    pub fn take(&self) -> Vec<Arc<str>> {
        std::mem::take(&mut *self.0.pieces.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The first mark in a drawn page: where it begins, where it ends, and the number of its piece.
    #[must_use]
    pub fn find(&self, page: &[u8]) -> Option<(usize, usize, usize)> {
        let mark = self.0.mark.as_bytes();
        let from = memchr::memmem::find(page, mark)?;
        let rest = &page[from + mark.len()..];
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let (number, rest) = rest.split_at(digits);
        let number = std::str::from_utf8(number).ok()?.parse().ok()?;
        rest.starts_with(END.as_bytes()).then_some((from, from + mark.len() + digits + END.len(), number))
    }
}

/// What a page writes for a piece of HTML: the piece, or its mark where the answer can take it later.
#[must_use]
pub fn aside(html: Arc<str>) -> Arc<str> {
    let into = use_context::<http::request::Parts>().and_then(|p| p.extensions.get::<Aside>().cloned());
    match into {
        Some(aside) if html.len() >= LONG => aside.hold(html),
        _ => html,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_mark_is_found_and_names_its_piece() {
        let aside = Aside::new("n0nce");
        let marks = [aside.hold("first".into()), aside.hold("second".into())];
        let page = format!("<p>a</p>{}<p>b</p>{}", marks[1], marks[0]);
        let (from, to, number) = aside.find(page.as_bytes()).unwrap();
        assert_eq!((&page[..from], &page[from..to], number), ("<p>a</p>", &*marks[1], 1));
        let rest = &page[to..];
        let (from, to, number) = aside.find(rest.as_bytes()).unwrap();
        assert_eq!((&rest[..from], &rest[to..], number), ("<p>b</p>", "", 0));
        assert_eq!(aside.take().iter().map(|p| &**p).collect::<Vec<_>>(), ["first", "second"]);
        assert!(aside.take().is_empty());
    }

    #[test]
    fn what_was_written_before_the_answer_is_no_mark() {
        let aside = Aside::new("n0nce");
        for text in
            ["<!--aside:other:0-->", "<!--aside::0-->", "<!--aside:n0nce:-->", "<!--aside:n0nce:0", ""]
        {
            assert_eq!(aside.find(text.as_bytes()), None, "{text}");
        }
    }
}
