//! Escaping for the few places that write HTML as text.

/// Appends `s` so that it is text or a quoted attribute's value, never markup.
pub fn esc(out: &mut String, s: &str) {
    let mut from = 0;
    for (i, b) in s.bytes().enumerate() {
        let with = match b {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(&s[from..i]);
        out.push_str(with);
        from = i + 1;
    }
    out.push_str(&s[from..]);
}

/// Appends `s` so that it is one segment of a URL's path inside a quoted attribute.
pub fn segment(out: &mut String, s: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for b in s.bytes() {
        if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(b >> 4)]));
            out.push(char::from(HEX[usize::from(b & 15)]));
        }
    }
}

/// [`segment`] as a new text.
#[must_use]
pub fn url_segment(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    segment(&mut out, s);
    out
}

/// Appends a whole number.
pub fn int(out: &mut String, n: i64) {
    let mut buf = [0u8; 20];
    let mut at = buf.len();
    let mut rest = n.unsigned_abs();
    loop {
        at -= 1;
        buf[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if n < 0 {
        out.push('-');
    }
    out.extend(buf[at..].iter().map(|b| char::from(*b)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_name_stays_text() {
        let mut s = String::new();
        esc(&mut s, "<script>alert(\"1\")</script> & 'ü'");
        assert_eq!(s, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;ü&#39;");
    }

    #[test]
    fn a_segment_cannot_leave_its_path() {
        assert_eq!(url_segment("x-a/../\"?ü"), "x-a%2F..%2F%22%3F%C3%BC");
    }

    #[test]
    fn whole_numbers_are_written_as_the_standard_library_does() {
        for n in [0, 7, -1, 1234, i64::MIN, i64::MAX] {
            let mut s = String::new();
            int(&mut s, n);
            assert_eq!(s, n.to_string());
        }
    }
}
