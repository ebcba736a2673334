//! The place in the original from which a record was read.

/// A text in three parts: before the place, the place, after it.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// Before.
    pub before: &'a str,
    /// The place; empty when it is not inside.
    pub place: &'a str,
    /// After.
    pub after: &'a str,
}

fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Splits a text whose first byte is byte `first` of the file at the file's bytes `from..to`.
#[must_use]
pub fn by_bytes(text: &str, first: u64, from: u64, to: u64) -> Parts<'_> {
    let offset = |x: u64| usize::try_from(x.saturating_sub(first)).unwrap_or(usize::MAX);
    let (a, b) = (boundary(text, offset(from)), boundary(text, offset(to.max(from))));
    Parts { before: &text[..a], place: &text[a..b], after: &text[b..] }
}

/// Splits at a line, counted from 1, of a text that starts where the file starts.
#[must_use]
pub fn by_line(text: &str, line: u64) -> Parts<'_> {
    let mut at = 0;
    for (n, l) in (1u64..).zip(text.split_inclusive('\n')) {
        if n == line {
            let end = at + l.trim_end_matches(['\n', '\r']).len();
            return Parts { before: &text[..at], place: &text[at..end], after: &text[end..] };
        }
        at += l.len();
    }
    Parts { before: text, place: "", after: "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_very_line_is_marked() {
        let p = by_line("a,b\r\nHb,13\r\nx,1\r\n", 2);
        assert_eq!((p.before, p.place), ("a,b\r\n", "Hb,13"));
        assert_eq!(by_line("a\nb", 9).place, "");
    }

    #[test]
    fn bytes_inside_a_character_do_not_split_it() {
        let p = by_bytes("xäy", 100, 102, 103);
        assert_eq!((p.before, p.place, p.after), ("x", "ä", "y"));
        assert_eq!(by_bytes("abc", 0, 2, 99).place, "c");
        assert_eq!(by_bytes("abc", 50, 2, 10).place, "");
    }
}
