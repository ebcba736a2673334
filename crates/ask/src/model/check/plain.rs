//! A model's text without anything that could be more than text: no links, no images, no HTML, no marks.

/// What stands in the place of an address.
#[must_use]
pub const fn removed(german: bool) -> &'static str {
    if german { "(Link entfernt)" } else { "(link removed)" }
}

/// One line without links, images, HTML, emphasis and characters that cannot be seen.
#[must_use]
pub fn neutral(line: &str, german: bool) -> String {
    let mut text: String = line.chars().filter_map(visible).collect();
    for _ in 0..4 {
        let next = without_tags(&without_links(&text));
        if next == text {
            break;
        }
        text = next;
    }
    without_marks(&without_addresses(&text, german))
}

/// Characters that are shown as themselves; white space becomes a space.
fn visible(c: char) -> Option<char> {
    match c {
        '\t' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{ad}'
        | '\u{e0000}'..='\u{e007f}' => None,
        c if c.is_control() => None,
        c => Some(c),
    }
}

/// `[text](address)`, `![text](address)` and `[text][name]` become their text. Tags stay.
fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let (before, from) = rest.split_at(open);
        let link = from.find(']').and_then(|close| {
            let label = &from[1..close];
            let after = &from[close + 1..];
            let end = match after.chars().next()? {
                '(' => after.find(')')?,
                '[' => after.find(']')?,
                _ => return None,
            };
            let is_tags = super::scan::tags(&from[..=close]).is_some();
            (!is_tags).then_some((label, &after[end + 1..]))
        });
        match link {
            Some((label, after)) => {
                out.push_str(before.strip_suffix('!').unwrap_or(before));
                out.push_str(label);
                rest = after;
            }
            None => {
                out.push_str(before);
                out.push('[');
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// HTML goes, what it encloses stays. A `<` before a number is a sign of comparison.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        let from = &rest[open + 1..];
        if from.starts_with(|c: char| c.is_alphabetic() || matches!(c, '/' | '!' | '?')) {
            // Without an end all the rest is taken for a tag, as a browser does.
            rest = from.find('>').map_or("", |close| &from[close + 1..]);
        } else {
            out.push('<');
            rest = from;
        }
    }
    out.push_str(rest);
    out
}

fn without_addresses(text: &str, german: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, word) in text.split(' ').enumerate() {
        if i > 0 {
            out.push(' ');
        }
        let lower = word.to_lowercase();
        let schemes = ["javascript:", "data:", "mailto:", "tel:", "sms:", "file:", "vbscript:", "blob:"];
        let at = [lower.find("://"), lower.find("www."), lower.strip_prefix("//").map(|_| 0)]
            .into_iter()
            .chain(schemes.iter().map(|s| lower.find(s).filter(|at| lower.len() > at + s.len())))
            .flatten()
            .min();
        match at {
            Some(_) => out.push_str(removed(german)),
            None => out.push_str(word),
        }
    }
    out
}

/// Marks of emphasis and code go; `10*9/L` keeps its star.
fn without_marks(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let inside = |i: usize| {
        let near = |j: Option<usize>| j.and_then(|j| chars.get(j)).is_some_and(|c| c.is_alphanumeric());
        near(i.checked_sub(1)) && near(i.checked_add(1))
    };
    let kept = chars.iter().enumerate().filter(|(i, c)| match c {
        '`' => false,
        '*' | '_' => inside(*i),
        _ => true,
    });
    kept.map(|(_, c)| *c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_images_html_and_addresses_become_plain_text() {
        for (from, to) in [
            ("see [the page](https://evil.example/?q=5.4) now", "see the page now"),
            ("![x](http://evil.example/a.png)", "x"),
            ("[a][1] and [b]: https://evil.example", "a and [b]: (link removed)"),
            ("<img src=x onerror=alert(1)>hello</img>", "hello"),
            ("<https://evil.example/a> b", " b"),
            ("[![a](http://e.example)](http://e.example/b)", "a"),
            ("[x](javascript:alert(1))", "x)"),
            (
                "go to HTTPS://Evil.example/x or www.evil.example, //evil.example",
                "go to (link removed) or (link removed) (link removed)",
            ),
            ("click javascript:alert(1)", "click (link removed)"),
            ("**LDL** is _high_ at `5.4` 10*9/L, <5 and < 6", "LDL is high at 5.4 10*9/L, <5 and < 6"),
            ("a\u{202e}b\u{200b}c\u{7}d", "abcd"),
            ("kept: [r12] and [r1](x), data: fine", "kept: [r12] and [r1](x), data: fine"),
        ] {
            assert_eq!(neutral(from, false), to, "{from}");
        }
        assert_eq!(neutral("http://a.example", true), "(Link entfernt)");
    }
}
