//! Originals on their way out: as attachments that can do nothing in a browser.

use crate::{middleware::headers::DOWNLOAD_POLICY, problem::Problem};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use keepwell_services::FileReader;
use std::{io, sync::Arc};

/// Bytes opened at a time.
const STEP: u64 = 1 << 20;

/// The file, or the range of it that was asked for.
///
/// # Errors
/// 416 for a range beyond the end.
pub fn answer(file: FileReader, headers: &HeaderMap) -> Result<Response, Problem> {
    let len = file.len();
    let asked = headers.get(header::RANGE).and_then(|v| v.to_str().ok());
    let range = match asked.map(|a| range(a, len)) {
        Some(Asked::Part(from, to)) => Some((from, to)),
        Some(Asked::Beyond) => return Ok(beyond(len)),
        Some(Asked::Nonsense) | None => None,
    };
    let (from, to) = range.unwrap_or((0, len));
    let mut out = HeaderMap::new();
    let mut put = |name, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            out.insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, safe_type(file.media_type()));
    put(header::CONTENT_DISPOSITION, disposition(file.name()));
    put(header::CONTENT_SECURITY_POLICY, DOWNLOAD_POLICY.to_owned());
    put(header::ACCEPT_RANGES, "bytes".to_owned());
    put(header::CONTENT_LENGTH, (to - from).to_string());
    if range.is_some() {
        put(header::CONTENT_RANGE, format!("bytes {from}-{}/{len}", to - 1));
    }
    let status = if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    Ok((status, out, Body::from_stream(bytes(file, from, to))).into_response())
}

fn bytes(file: FileReader, from: u64, to: u64) -> impl futures::Stream<Item = io::Result<Bytes>> {
    let file = Arc::new(file);
    futures::stream::try_unfold(from, move |at| {
        let file = Arc::clone(&file);
        async move {
            if at >= to {
                return Ok(None);
            }
            // Up to the next whole step, so that reads fall on sealed chunks.
            let end = ((at / STEP + 1) * STEP).min(to);
            let len = usize::try_from(end - at).map_err(io::Error::other)?;
            let bytes =
                file.read_range(at, len).await.map_err(|_| io::Error::other("the file cannot be opened"))?;
            Ok(Some((Bytes::from(bytes), end)))
        }
    })
}

fn beyond(len: u64) -> Response {
    let mut response = Problem::of(StatusCode::RANGE_NOT_SATISFIABLE).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("bytes */{len}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    response
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// From, and one past the last.
    Part(u64, u64),
    Beyond,
    /// Several ranges, or none that can be read: the whole file is a right answer (RFC 9110 §14.2).
    Nonsense,
}

fn range(text: &str, len: u64) -> Asked {
    let Some((first, last)) =
        text.strip_prefix("bytes=").filter(|t| !t.contains(',')).and_then(|t| t.split_once('-'))
    else {
        return Asked::Nonsense;
    };
    let number = |s: &str| s.trim().parse::<u64>().ok();
    match (first.trim().is_empty(), number(first), last.trim().is_empty(), number(last)) {
        (true, _, false, Some(0)) => Asked::Beyond,
        (true, _, false, Some(_)) if len == 0 => Asked::Beyond,
        (true, _, false, Some(n)) => Asked::Part(len.saturating_sub(n), len),
        (false, Some(from), _, _) if from >= len => Asked::Beyond,
        (false, Some(from), true, _) => Asked::Part(from, len),
        (false, Some(from), false, Some(to)) if to >= from => {
            Asked::Part(from, to.saturating_add(1).min(len))
        }
        _ => Asked::Nonsense,
    }
}

/// Never a type that a browser would run on our origin.
fn safe_type(found: &str) -> String {
    let risky = ["html", "svg", "xml", "javascript", "ecmascript"].iter().any(|r| found.contains(r));
    if risky { "application/octet-stream".to_owned() } else { found.to_owned() }
}

/// `attachment` with a plain name and the real one (RFC 6266, RFC 8187).
pub fn disposition(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control() && !matches!(c, '/' | '\\')).collect();
    let name = if name.is_empty() { "document".to_owned() } else { name };
    let plain: String =
        name.chars().map(|c| if c.is_ascii() && !matches!(c, '"' | '%' | ';') { c } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._~!#$&+^`|".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        assert_eq!(range("bytes=0-0", 10), Asked::Part(0, 1));
        assert_eq!(range("bytes=5-", 10), Asked::Part(5, 10));
        assert_eq!(range("bytes=-3", 10), Asked::Part(7, 10));
        assert_eq!(range("bytes=-30", 10), Asked::Part(0, 10));
        assert_eq!(range("bytes=8-99", 10), Asked::Part(8, 10));
        assert_eq!(range("bytes=0-18446744073709551615", 10), Asked::Part(0, 10));
        for beyond in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            assert_eq!(range(beyond, 10), Asked::Beyond, "{beyond}");
        }
        for nonsense in [
            "bytes=5-4",
            "bytes=a-b",
            "lines=1-2",
            "bytes=0-1,3-4",
            "bytes=-",
            "bytes=",
            "bytes=99999999999999999999-",
        ] {
            assert_eq!(range(nonsense, 10), Asked::Nonsense, "{nonsense}");
        }
        assert_eq!(range("bytes=0-0", 0), Asked::Beyond);
        assert_eq!(range("bytes=-1", 0), Asked::Beyond);
    }

    #[test]
    fn names_cannot_break_out_of_their_header() {
        assert_eq!(
            disposition("Blutwerte \"März\"; x.pdf\r\nSet-Cookie: a=b"),
            "attachment; filename=\"Blutwerte _M_rz__ x.pdfSet-Cookie: a=b\"; filename*=UTF-8''Blutwerte%20%22M%C3%A4rz%22%3B%20x.pdfSet-Cookie%3A%20a%3Db"
        );
        assert_eq!(
            disposition("../../etc/passwd"),
            "attachment; filename=\"....etcpasswd\"; filename*=UTF-8''....etcpasswd"
        );
        assert!(disposition("\u{7}").contains("\"document\""));
    }

    #[test]
    fn active_types_leave_as_plain_bytes() {
        for risky in ["text/html", "image/svg+xml", "application/xml", "text/javascript"] {
            assert_eq!(safe_type(risky), "application/octet-stream");
        }
        assert_eq!(safe_type("application/pdf"), "application/pdf");
    }
}
