//! JSON whose numbers keep their text: `5.40` must not become `5.4`.

use std::io::{self, Write};

/// A JSON value to be written.
pub enum J {
    /// Text that is JSON already.
    Raw(String),
    /// A text.
    S(String),
    /// Yes or no.
    B(bool),
    /// A list.
    A(Vec<J>),
    /// An object.
    O(Obj),
}

/// Members of an object, in order; empty ones are left out.
#[derive(Default)]
pub struct Obj(Vec<(&'static str, J)>);

impl Obj {
    /// Adds a member.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: J) -> Self {
        self.put(key, value);
        self
    }
    /// Adds a member unless it is empty.
    pub fn put(&mut self, key: &'static str, value: J) {
        let empty = match &value {
            J::A(a) => a.is_empty(),
            J::O(o) => o.0.is_empty(),
            J::S(s) => s.is_empty(),
            _ => false,
        };
        if !empty {
            self.0.push((key, value));
        }
    }
    /// Adds a member that may not be there.
    pub fn opt(&mut self, key: &'static str, value: Option<J>) {
        if let Some(v) = value {
            self.put(key, v);
        }
    }
    /// Adds a text that may not be there.
    pub fn text(&mut self, key: &'static str, value: Option<&str>) {
        self.opt(key, value.and_then(text));
    }
    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A text as FHIR allows it: not blank, without control characters but line ends and tabs.
pub fn text(s: &str) -> Option<J> {
    let clean: String = s.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')).collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| J::S(clean.to_owned()))
}

/// A fixed text.
pub fn s(s: &str) -> J {
    J::S(s.to_owned())
}

/// A list of one.
pub fn one(j: J) -> J {
    J::A(vec![j])
}

impl J {
    /// Writes it without white space.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Raw(t) => out.write_all(t.as_bytes()),
            Self::S(t) => Ok(serde_json::to_writer(out, t)?),
            Self::B(b) => out.write_all(if *b { b"true" } else { b"false" }),
            Self::A(list) => {
                out.write_all(b"[")?;
                for (i, j) in list.iter().enumerate() {
                    if i > 0 {
                        out.write_all(b",")?;
                    }
                    j.write(out)?;
                }
                out.write_all(b"]")
            }
            Self::O(o) => {
                out.write_all(b"{")?;
                for (i, (k, j)) in o.0.iter().enumerate() {
                    let comma = if i > 0 { "," } else { "" };
                    write!(out, "{comma}\"{k}\":")?;
                    j.write(out)?;
                }
                out.write_all(b"}")
            }
        }
    }
}

/// A number's text in JSON's grammar: the same digits, without a leading `+`, a bare point or
/// leading zeros.
pub fn number(n: &str) -> J {
    let (sign, rest) = match n.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", n.strip_prefix('+').unwrap_or(n)),
    };
    let (mantissa, exponent) = rest.split_at(rest.find(['e', 'E']).unwrap_or(rest.len()));
    let (int, frac) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let int = int.trim_start_matches('0');
    let int = if int.is_empty() { "0" } else { int };
    let point = if frac.is_empty() { "" } else { "." };
    J::Raw(format!("{sign}{int}{point}{frac}{exponent}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_become_json() {
        let cases = [
            ("5.40", "5.40"),
            (".5", "0.5"),
            ("+5", "5"),
            ("5.", "5"),
            ("007", "7"),
            ("-0.10", "-0.10"),
            ("1.20E+3", "1.20E+3"),
            ("-.5e-2", "-0.5e-2"),
            ("0", "0"),
        ];
        for (given, want) in cases {
            let mut out = Vec::new();
            number(given).write(&mut out).unwrap();
            assert_eq!(String::from_utf8(out.clone()).unwrap(), want, "{given}");
            serde_json::from_slice::<f64>(&out).unwrap();
        }
    }
}
