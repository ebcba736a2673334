//! Splits a text into rows and cells: delimiter, quotes, line ends.
//!
//! Written here and not taken from a library: a stray quote must spoil one cell and not swallow
//! the rest of the file, and every row needs the line on which it starts.

use std::borrow::Cow;

/// A quoted cell longer than this is not a quoted cell but a stray quote.
const MAX_QUOTED: usize = 64 << 10;
/// Cells of one row at most.
const MAX_CELLS: usize = 4_096;

/// A row and the line, counted from 1, on which it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'a> {
    /// Line.
    pub line: u64,
    /// Cells, trimmed.
    pub cells: Vec<Cow<'a, str>>,
}

impl Row<'_> {
    /// A cell, empty where the row is shorter.
    #[must_use]
    pub fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", |c| c.as_ref())
    }
    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|c| c.is_empty())
    }
}

/// A text with its delimiter.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    text: &'a str,
    delimiter: u8,
    line: u64,
}

impl<'a> Text<'a> {
    /// The rows, blank ones left out.
    pub fn rows(self) -> impl Iterator<Item = Row<'a>> {
        Rows { text: self.text, delimiter: self.delimiter, line: self.line }.filter(|r| !r.is_blank())
    }
    /// Finds the delimiter: that with which most rows have the same number of cells. `None` where
    /// no two rows do.
    #[must_use]
    pub fn detect(text: &'a str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}');
        if let Some(rest) = text.get(..4).filter(|h| h.eq_ignore_ascii_case("sep=")).and(text.get(4..))
            && let Some(delimiter @ (b',' | b';' | b'\t' | b'|')) = rest.as_bytes().first().copied()
        {
            let after = rest.find('\n').map_or(rest.len(), |n| n + 1);
            return Some(Self { text: &rest[after..], delimiter, line: 2 });
        }
        let scored = [b'\t', b';', b'|', b','].map(|delimiter| {
            let candidate = Self { text, delimiter, line: 1 };
            (candidate, candidate.score())
        });
        scored.into_iter().filter(|(_, s)| *s > 0.0).max_by(|a, b| a.1.total_cmp(&b.1)).map(|(t, _)| t)
    }

    fn score(self) -> f64 {
        let counts: Vec<usize> = self.rows().take(300).map(|r| r.cells.len()).collect();
        let mode = counts
            .iter()
            .filter(|c| **c > 1)
            .max_by_key(|c| counts.iter().filter(|o| o == c).count() * 1000 + (**c).min(999));
        let Some(&mode) = mode else { return 0.0 };
        let same = counts.iter().filter(|c| **c == mode).count();
        let share = same as f64 / counts.len() as f64;
        let prose = mode == 2 && self.delimiter == b',' && (same < 3 || share < 0.8);
        if same < 2 || share < 0.4 || prose { 0.0 } else { share * share * (mode.min(9) - 1) as f64 }
    }
}

struct Rows<'a> {
    text: &'a str,
    delimiter: u8,
    line: u64,
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        if self.text.is_empty() {
            return None;
        }
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            let (cell, used) = self.cell();
            if cells.len() < MAX_CELLS {
                cells.push(cell);
            }
            let end = self.text.as_bytes().get(used).copied();
            let skip = match end {
                Some(b'\r') if self.text.as_bytes().get(used + 1) == Some(&b'\n') => 2,
                Some(_) => 1,
                None => 0,
            };
            self.text = &self.text[used + skip..];
            if end != Some(self.delimiter) {
                self.line += u64::from(end.is_some());
                return Some(Row { line, cells });
            }
        }
    }
}

impl<'a> Rows<'a> {
    /// The cell at the start of the rest, and how many bytes it takes without what ends it.
    fn cell(&mut self) -> (Cow<'a, str>, usize) {
        let text = self.text;
        let blank = |c: &u8| *c == b' ' || (*c == b'\t' && self.delimiter != b'\t');
        let lead = text.bytes().take_while(|c| blank(c)).count();
        if text.as_bytes().get(lead) == Some(&b'"')
            && let Some((cell, used)) = self.quoted(lead)
        {
            return (cell, used);
        }
        let stop = |c: u8| c == self.delimiter || c == b'\n' || c == b'\r';
        let end = text.bytes().position(stop).unwrap_or(text.len());
        (Cow::Borrowed(text[..end].trim()), end)
    }

    fn quoted(&mut self, lead: usize) -> Option<(Cow<'a, str>, usize)> {
        let (text, b) = (self.text, self.text.as_bytes());
        let start = lead + 1;
        let (mut i, mut doubled) = (start, false);
        let end = loop {
            let quote = i + memchr::memchr(b'"', b.get(i..)?)?;
            if quote - start > MAX_QUOTED {
                return None;
            }
            if b.get(quote + 1) != Some(&b'"') {
                break quote;
            }
            doubled = true;
            i = quote + 2;
        };
        let mut used = end + 1;
        while b.get(used) == Some(&b' ') {
            used += 1;
        }
        // Text behind the closing quote: then it was none.
        if !matches!(b.get(used), None | Some(b'\n' | b'\r')) && b.get(used) != Some(&self.delimiter) {
            return None;
        }
        let inner = &text[start..end];
        self.line += memchr::memchr_iter(b'\n', inner.as_bytes()).count() as u64;
        let inner = inner.trim();
        Some((if doubled { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) }, used))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn cells(text: &str, delimiter: u8) -> Vec<(u64, Vec<String>)> {
        let all = Text { text, delimiter, line: 1 };
        all.rows().map(|r| (r.line, r.cells.iter().map(ToString::to_string).collect())).collect()
    }

    #[test]
    fn quotes_line_ends_and_lines_are_right() {
        let rows = cells("a,\"b \"\"c\"\"\",\r\n\"two\nlines\",x,y\r\rlast, \"q\" ,", b',');
        let want =
            [(1, vec!["a", "b \"c\"", ""]), (2, vec!["two\nlines", "x", "y"]), (5, vec!["last", "q", ""])];
        assert_eq!(rows, want.map(|(l, c)| (l, c.into_iter().map(str::to_owned).collect())));
    }

    #[test]
    fn a_stray_quote_spoils_one_cell_only() {
        let rows = cells("a,\"5 inch,b\nc,d,e\n", b',');
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].1[1], "\"5 inch");
    }

    #[test]
    fn decimal_commas_do_not_make_a_comma_file() {
        let text = Text::detect("Test;Wert;Einheit\nNatrium;140,5;mmol/l\nKalium;4,1;mmol/l\n").unwrap();
        assert_eq!(text.delimiter, b';');
        assert!(Text::detect("Dear Robin,\nthe results, as you see, are fine.\nBye\n").is_none());
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_and_every_row_advances(s in "[a,;\"\\r\\n\\t |ä1.]{0,60}") {
            for d in [b',', b';', b'\t', b'|'] {
                let rows = cells(&s, d);
                proptest::prop_assert!(rows.len() <= s.len() + 1);
                proptest::prop_assert!(rows.windows(2).all(|w| w[0].0 < w[1].0));
            }
            let _ = Text::detect(&s);
        }
    }
}
