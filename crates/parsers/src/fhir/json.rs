//! A JSON reader for records: number text is kept as written, offsets in the file are known, and
//! one wrongly typed field does not lose its neighbours.
//!
//! `serde_json` cannot do this: without `arbitrary_precision` a value tree turns `5.40` into an
//! `f64`, a struct is lost by one field of an unexpected type, and an escaped lone surrogate ends
//! the whole file. The grammar accepted is RFC 8259's; a test holds it against `serde_json`.

use std::{borrow::Cow, ops::Range};

/// Deepest nesting that is read. FHIR's own data stays below 30.
pub(crate) const MAX_DEPTH: usize = 120;

/// A JSON value. Numbers are their text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Num(&'a str),
    Str(Cow<'a, str>),
    Arr(Vec<Json<'a>>),
    Obj(Vec<(Cow<'a, str>, Json<'a>)>),
}

static NULL: Json<'static> = Json::Null;

impl<'a> Json<'a> {
    /// The member of that name (the last of several), or null.
    pub(crate) fn get(&self, key: &str) -> &Self {
        match self {
            Self::Obj(m) => m.iter().rev().find(|(k, _)| k == key).map_or(&NULL, |(_, v)| v),
            _ => &NULL,
        }
    }
    /// The first member that is there, of several names.
    pub(crate) fn any(&self, keys: &[&str]) -> &Self {
        keys.iter().map(|k| self.get(k)).find(|v| !v.is_null()).unwrap_or(&NULL)
    }
    /// The elements; a single value that should have been an array counts as one.
    pub(crate) fn items(&self) -> &[Json<'a>] {
        match self {
            Self::Arr(a) => a,
            Self::Null => &[],
            one => std::slice::from_ref(one),
        }
    }
    /// The first element, or null.
    pub(crate) fn first(&self) -> &Self {
        self.items().first().unwrap_or(&NULL)
    }
    /// A text that is not blank, trimmed.
    pub(crate) fn str(&self) -> Option<&str> {
        match self {
            Self::Str(s) => Some(s.trim()).filter(|s| !s.is_empty()),
            _ => None,
        }
    }
    /// A text or a number as text.
    pub(crate) fn scalar(&self) -> Option<&str> {
        match self {
            Self::Num(n) => Some(n),
            Self::Bool(true) => Some("true"),
            Self::Bool(false) => Some("false"),
            other => other.str(),
        }
    }
    pub(crate) fn string(&self) -> Option<String> {
        self.str().map(str::to_owned)
    }
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
    pub(crate) fn is_true(&self) -> bool {
        matches!(self, Self::Bool(true))
    }
}

/// Why a text is no JSON that is read, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Syntax(usize),
    TooDeep,
}

/// Reads JSON out of a text.
pub(crate) struct Reader<'a> {
    text: &'a str,
    pub(crate) at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }
    pub(crate) fn fault(&self) -> Fault {
        Fault::Syntax(self.at)
    }
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
    /// The next byte that is not white space.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }
    fn expect(&mut self, c: u8) -> Result<(), Fault> {
        if self.peek() == Some(c) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.fault())
        }
    }

    /// Calls `f` with each key of the object here; `f` must read the value.
    pub(crate) fn members(
        &mut self,
        mut f: impl FnMut(&mut Self, Cow<'a, str>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.expect(b'{')?;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.fault());
            }
            let key = self.text()?;
            self.expect(b':')?;
            self.peek();
            f(self, key)?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.fault()),
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Calls `f` at each element of the array here; `f` must read the value.
    pub(crate) fn elements(
        &mut self,
        mut f: impl FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.expect(b'[')?;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.peek();
            f(self)?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.fault()),
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Checks the value here without keeping it, and tells where it lies.
    pub(crate) fn skip(&mut self, depth: usize) -> Result<Range<usize>, Fault> {
        if depth >= MAX_DEPTH {
            return Err(Fault::TooDeep);
        }
        let first = self.peek();
        let start = self.at;
        match first {
            Some(b'{') => self.members(|r, _| r.skip(depth + 1).map(drop))?,
            Some(b'[') => self.elements(|r| r.skip(depth + 1).map(drop))?,
            Some(b'"') => drop(self.text()?),
            _ => drop(self.atom()?),
        }
        Ok(start..self.at)
    }

    /// Reads the value here.
    pub(crate) fn value(&mut self, depth: usize) -> Result<Json<'a>, Fault> {
        if depth >= MAX_DEPTH {
            return Err(Fault::TooDeep);
        }
        Ok(match self.peek() {
            Some(b'{') => {
                let mut members = Vec::new();
                self.members(|r, key| {
                    members.push((key, r.value(depth + 1)?));
                    Ok(())
                })?;
                Json::Obj(members)
            }
            Some(b'[') => {
                let mut elements = Vec::new();
                self.elements(|r| {
                    elements.push(r.value(depth + 1)?);
                    Ok(())
                })?;
                Json::Arr(elements)
            }
            Some(b'"') => Json::Str(self.text()?),
            _ => self.atom()?,
        })
    }

    fn atom(&mut self) -> Result<Json<'a>, Fault> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        for (word, value) in [("true", Json::Bool(true)), ("false", Json::Bool(false)), ("null", Json::Null)]
        {
            if rest.starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        let length = number_length(rest).ok_or_else(|| self.fault())?;
        let number = &self.text[self.at..self.at + length];
        self.at += length;
        Ok(Json::Num(number))
    }

    /// Reads the string here, the opening quote included.
    pub(crate) fn text(&mut self) -> Result<Cow<'a, str>, Fault> {
        let start = self.at + 1;
        self.at = start;
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Borrowed(&self.text[start..self.at - 1]));
                }
                Some(b'\\') => break,
                Some(0x20..) => self.at += 1,
                _ => return Err(self.fault()),
            }
        }
        self.escaped(start).map(Cow::Owned)
    }

    fn escaped(&mut self, start: usize) -> Result<String, Fault> {
        let bytes = self.text.as_bytes();
        let mut out = self.text[start..self.at].to_owned();
        loop {
            let run = self.at;
            while matches!(bytes.get(self.at), Some(c) if *c >= 0x20 && *c != b'"' && *c != b'\\') {
                self.at += 1;
            }
            out.push_str(&self.text[run..self.at]);
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                _ => return Err(self.fault()),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let c = self.text.as_bytes().get(self.at + 1).copied();
        let plain = match c {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.fault()),
        };
        self.at += 2;
        Ok(plain)
    }

    /// `\uXXXX`, with a pair of surrogates joined; half a pair becomes U+FFFD.
    fn unicode(&mut self) -> Result<char, Fault> {
        let high = self.hex4()?;
        if !(0xd800..0xdc00).contains(&high) {
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let after = self.at;
        if self.text.as_bytes().get(after..after + 2) == Some(b"\\u") {
            let low = self.hex4()?;
            if (0xdc00..0xe000).contains(&low) {
                let c = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = after;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex4(&mut self) -> Result<u32, Fault> {
        let digits = self.text.as_bytes().get(self.at + 2..self.at + 6).ok_or_else(|| self.fault())?;
        let code = digits
            .iter()
            .try_fold(0, |n, &d| char::from(d).to_digit(16).map(|d| n * 16 + d))
            .ok_or_else(|| self.fault())?;
        self.at += 6;
        Ok(code)
    }
}

/// Length of the number at the start, by RFC 8259's grammar.
fn number_length(b: &[u8]) -> Option<usize> {
    let digits = |from: usize| b[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut at = usize::from(b.first() == Some(&b'-'));
    match b.get(at) {
        Some(b'0') => at += 1,
        Some(b'1'..=b'9') => at += digits(at),
        _ => return None,
    }
    if b.get(at) == Some(&b'.') {
        let n = digits(at + 1);
        if n == 0 {
            return None;
        }
        at += 1 + n;
    }
    if matches!(b.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(b.get(at + 1), Some(b'+' | b'-')));
        let n = digits(at + 1 + sign);
        if n == 0 {
            return None;
        }
        at += 1 + sign + n;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Json<'_>, Fault> {
        let mut r = Reader::new(text, 0);
        let v = r.value(0)?;
        if r.peek().is_some() { Err(r.fault()) } else { Ok(v) }
    }

    #[test]
    fn numbers_keep_their_text() {
        assert_eq!(
            parse("[5.40, 1e400, -0]").unwrap().items(),
            [Json::Num("5.40"), Json::Num("1e400"), Json::Num("-0")]
        );
    }

    #[test]
    fn lone_surrogates_become_the_replacement_character() {
        assert_eq!(parse(r#""a\uD800b""#).unwrap().str(), Some("a\u{fffd}b"));
        assert_eq!(parse(r#""\uD83D\uDE00\uDC00\uD800\u0041""#).unwrap().str(), Some("😀\u{fffd}\u{fffd}A"));
    }

    #[test]
    fn the_last_of_two_equal_keys_counts() {
        assert_eq!(parse(r#"{"a":1,"a":2}"#).unwrap().get("a"), &Json::Num("2"));
    }

    #[test]
    fn deep_nesting_is_told_without_an_overflow() {
        let deep = "[".repeat(200_000);
        assert_eq!(parse(&deep), Err(Fault::TooDeep));
        assert_eq!(Reader::new(&deep, 0).skip(0), Err(Fault::TooDeep));
    }

    proptest! {
        #[test]
        fn the_grammar_is_that_of_serde_json(
            text in r#"[\[\]{}:,"\\u0-9eE+.a-fntrl \-]{0,24}|\{("[a-b]":[0-9.e+\-]{1,5},?){0,3}\}"#
        ) {
            let theirs = serde_json::from_str::<Box<serde_json::value::RawValue>>(&text).is_ok();
            prop_assert_eq!(parse(&text).is_ok(), theirs);
            prop_assert_eq!(Reader::new(&text, 0).skip(0).is_ok(), Reader::new(&text, 0).value(0).is_ok());
        }
    }
}
