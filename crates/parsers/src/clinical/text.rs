//! Plain text out of marked-up narrative.

/// Characters of a note at most; longer ones are cut at a character's end.
pub(crate) const NOTE_LIMIT: usize = 1 << 20;

/// XHTML or HTML as plain text: blocks become lines, cells are set apart by tabs, scripts and
/// styles go, the usual entities are resolved.
pub(crate) fn from_markup(html: &str) -> String {
    let mut out = Lines::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.words(&entities(&rest[..at]));
        rest = &rest[at..];
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|e| e + 3)
        } else {
            rest.find('>').map(|e| e + 1)
        };
        let Some(end) = end else {
            rest = "";
            break;
        };
        let tag = rest[1..end].trim_start_matches('/');
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("").to_ascii_lowercase();
        let opening = !rest[1..].starts_with('/') && !rest[..end].ends_with("/>");
        rest = &rest[end..];
        match name.as_str() {
            "script" | "style" if opening => {
                let close = format!("</{name}");
                rest = find_no_case(rest, &close).map_or("", |at| &rest[at..]);
            }
            "td" | "th" => out.cell(),
            "p" | "div" | "br" | "tr" | "li" | "table" | "ul" | "ol" | "h1" | "h2" | "h3" | "h4" | "h5"
            | "h6" | "thead" | "tbody" | "caption" | "dt" | "dd" | "pre" | "blockquote" => out.line(),
            _ => {}
        }
    }
    out.words(&entities(rest));
    out.finish()
}

fn find_no_case(haystack: &str, needle: &str) -> Option<usize> {
    haystack.as_bytes().windows(needle.len()).position(|w| w.eq_ignore_ascii_case(needle.as_bytes()))
}

/// Collects words into lines, with single spaces and tabs between cells.
#[derive(Default)]
pub(crate) struct Lines {
    out: String,
    line: String,
    space: bool,
    tab: bool,
}

impl Lines {
    /// Adds running text; white space of any length counts as one space.
    pub(crate) fn words(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() {
                self.space = true;
                continue;
            }
            if !self.line.is_empty() {
                if self.tab {
                    self.line.push('\t');
                } else if self.space {
                    self.line.push(' ');
                }
            }
            (self.space, self.tab) = (false, false);
            self.line.push(c);
        }
    }
    /// Begins or ends a cell.
    pub(crate) fn cell(&mut self) {
        self.tab = true;
    }
    /// Ends the line, if anything stands in it.
    pub(crate) fn line(&mut self) {
        (self.space, self.tab) = (false, false);
        if self.line.is_empty() {
            return;
        }
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out.push_str(&self.line);
        self.line.clear();
    }
    /// The text.
    pub(crate) fn finish(mut self) -> String {
        self.line();
        cut(self.out)
    }
}

/// Bounds a text to [`NOTE_LIMIT`].
pub(crate) fn cut(mut text: String) -> String {
    if text.len() > NOTE_LIMIT {
        let end = (0..=NOTE_LIMIT).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
        text.truncate(end);
    }
    text
}

/// Resolves the entities of XML and the commonest of HTML; unknown ones stay as they are.
pub(crate) fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.as_bytes().iter().take(12).position(|&b| b == b';');
        if let Some((end, c)) = end.and_then(|end| Some((end, entity(&rest[1..end])?))) {
            out.push(c);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// The character that `&name;` stands for.
pub(crate) fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32).filter(|c| !c.is_control() || c.is_whitespace());
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "micro" => 'µ',
        "deg" => '°',
        "le" => '≤',
        "ge" => '≥',
        "ndash" => '–',
        "mdash" => '—',
        "plusmn" => '±',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_become_lines_and_scripts_vanish() {
        let html = "<div xmlns=\"x\"><p>Blood &lt;count&gt;</p><script>alert(1)</script>\
                    <table><tr><th>Hb</th><td> 13.1\n g/dL</td></tr><tr><td>Leuko</td><td>5</td></tr></table></div>";
        assert_eq!(from_markup(html), "Blood <count>\nHb\t13.1 g/dL\nLeuko\t5");
    }

    #[test]
    fn broken_markup_ends_without_harm() {
        assert_eq!(from_markup("a <b"), "a");
        assert_eq!(from_markup("a <!-- b"), "a");
        assert_eq!(from_markup("x &unknown; &#x41; &#0; &"), "x &unknown; A &#0; &");
        assert_eq!(from_markup("<SCRIPT>x</script >y"), "y");
        assert_eq!(from_markup("ä<ü>ö&ß"), "äö&ß");
    }
}
