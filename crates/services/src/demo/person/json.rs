//! JSON whose keys keep their order and whose numbers keep their zeros: `5.40` is not `5.4`.

/// A value to write.
pub(super) enum Json {
    Text(String),
    /// A number or another literal, as it is written.
    Raw(String),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
    /// Left out of the object that holds it.
    Nothing,
}

impl From<&str> for Json {
    fn from(s: &str) -> Self {
        Self::Text(s.to_owned())
    }
}
impl From<String> for Json {
    fn from(s: String) -> Self {
        Self::Text(s)
    }
}
impl From<Vec<Json>> for Json {
    fn from(v: Vec<Json>) -> Self {
        Self::List(v)
    }
}
impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::Nothing, Into::into)
    }
}

/// An object; its keys keep this order.
pub(super) fn object<const N: usize>(fields: [(&'static str, Json); N]) -> Json {
    Json::Object(fields.into())
}

/// A list of one.
pub(super) fn one(item: Json) -> Json {
    Json::List(vec![item])
}

impl Json {
    pub(super) fn write(&self, out: &mut String) {
        match self {
            Self::Text(s) => text(s, out),
            Self::Raw(s) => out.push_str(s),
            Self::List(items) => {
                out.push('[');
                for (n, item) in items.iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(fields) => {
                out.push('{');
                let there = fields.iter().filter(|(_, v)| !matches!(v, Self::Nothing));
                for (n, (key, value)) in there.enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    text(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
            Self::Nothing => out.push_str("null"),
        }
    }
}

fn text(s: &str, out: &mut String) {
    out.push('"');
    for c in s.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Base64 (RFC 4648, section 4), for FHIR attachments.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |n: usize| u32::from(three.get(n).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for n in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * n)) as usize & 63];
            out.push(if n > three.len() { '=' } else { char::from(digit) });
        }
    }
    out
}
