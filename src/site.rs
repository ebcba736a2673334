//! The built site: from a folder, or from inside the binary (feature `embed`). Read once at start
//! and served from memory; the variants that lie beside a file as `.br` and `.gz` are picked by
//! what the browser takes.

use crate::middleware::headers::JOURNAL_POLICY;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use keepwell_app::{ssr, style};
use std::{collections::HashMap, path::Path, sync::Arc};

#[cfg(feature = "embed")]
#[derive(rust_embed::RustEmbed)]
#[folder = "target/site"]
struct Embedded;

/// Where the build puts the packed style sheet.
const STYLE: &str = "/style.css";

/// Where the files of the journal lie.
const JOURNAL: &str = "/journal/";
/// The worker that keeps the journal's files for when there is no network.
const WORKER: &str = "/journal/sw.js";

/// A file as it was built.
struct Built {
    bytes: Bytes,
    /// What names its contents, where the build worked that out.
    sum: Option<[u8; 32]>,
}

impl From<Vec<u8>> for Built {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into(), sum: None }
    }
}

/// All files of the site by URL path.
#[derive(Default)]
pub struct Site {
    files: HashMap<String, Asset>,
}

struct Asset {
    plain: Bytes,
    br: Option<Bytes>,
    gz: Option<Bytes>,
    media_type: &'static str,
    etag: HeaderValue,
    /// Whether the name changes with the contents.
    hashed: bool,
}

impl Site {
    /// Reads the site inside the binary, when there is one, else the folder.
    #[must_use]
    pub fn load(folder: &Path) -> Self {
        let mut raw = HashMap::new();
        embedded(&mut raw);
        if raw.is_empty() && collect(folder, "", &mut raw).is_err() {
            tracing::warn!(folder = %folder.display(), "the site is not built: pages will do without script and style pictures");
        }
        add_style(&mut raw);
        let plain = raw.iter().filter(|(path, _)| !is_variant(path, &raw));
        let asset = |(path, built): (&String, &Built)| {
            let variant = |ext: &str| raw.get(&format!("{path}{ext}")).map(|b| b.bytes.clone());
            let asset = Asset {
                br: variant(".br"),
                gz: variant(".gz"),
                media_type: media_type(path),
                etag: etag(built),
                hashed: ["/pkg/", JOURNAL].iter().any(|at| path.starts_with(at)) && is_hashed(path)
                    || path == style::path(),
                plain: built.bytes.clone(),
            };
            (path.clone(), asset)
        };
        Self { files: plain.map(asset).collect() }
    }

    /// Where the browser finds the program.
    #[must_use]
    pub fn assets(&self) -> ssr::Assets {
        let find = |ext: &str| {
            let mut names: Vec<&String> = self.files.keys().filter(|p| is_entry(p, ext)).collect();
            // The hashed name before a plain one that an older build left behind.
            names.sort_by_key(|n| (!is_hashed(n), n.len()));
            names.first().map(|n| Arc::<str>::from(n.as_str()))
        };
        let default = ssr::Assets::default();
        let wasm = find(".wasm").unwrap_or(default.wasm);
        let data = wasm.strip_suffix(".wasm").map(|stem| format!("{stem}.data"));
        let data = data.filter(|d| self.files.contains_key(d)).map_or(default.data, Arc::from);
        ssr::Assets { js: find(".js").unwrap_or(default.js), wasm, data }
    }

    /// The file at a path, when there is one.
    #[must_use]
    pub fn find(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
        let asset = self.files.get(path)?;
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Some((StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response());
        }
        let cache = if asset.hashed { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
        let mut out = HeaderMap::new();
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        if path.starts_with(JOURNAL) {
            out.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(JOURNAL_POLICY));
        }
        if path == WORKER {
            // The page is `/journal`, above the worker's own folder.
            out.insert("service-worker-allowed", HeaderValue::from_static("/journal"));
            out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
        out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        out.insert(header::ETAG, asset.etag.clone());
        if headers.get(header::IF_NONE_MATCH).is_some_and(|v| *v == asset.etag) {
            return Some((StatusCode::NOT_MODIFIED, out).into_response());
        }
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
        let body = match (&asset.br, &asset.gz) {
            (Some(br), _) if takes(headers, "br") => {
                out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
                br
            }
            (_, Some(gz)) if takes(headers, "gzip") => {
                out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                gz
            }
            _ => &asset.plain,
        };
        Some((out, body.clone()).into_response())
    }
}

/// The files inside the binary stay where they are, and what nobody asks for is never read.
#[cfg(feature = "embed")]
fn embedded(into: &mut HashMap<String, Built>) {
    for name in Embedded::iter() {
        if let Some(file) = Embedded::get(&name) {
            let bytes = match file.data {
                std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
            };
            into.insert(format!("/{name}"), Built { bytes, sum: Some(file.metadata.sha256_hash()) });
        }
    }
}
#[cfg(not(feature = "embed"))]
fn embedded(_: &mut HashMap<String, Built>) {}

fn collect(folder: &Path, at: &str, into: &mut HashMap<String, Built>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{at}/{}", entry.file_name().to_string_lossy());
        match entry.file_type()? {
            kind if kind.is_dir() => collect(&entry.path(), &path, into)?,
            kind if kind.is_file() => drop(into.insert(path, Built::from(std::fs::read(entry.path())?))),
            // A link could lead out of the folder.
            _ => {}
        }
    }
    Ok(())
}

/// Puts the style sheet under its hashed name. The build leaves a copy with its packed variants at
/// `/style.css`; they count only while that copy is the very sheet that this program has.
fn add_style(raw: &mut HashMap<String, Built>) {
    let sheet = Bytes::from_static(style::CSS.as_bytes());
    let is_ours = raw.remove(STYLE).is_some_and(|built| built.bytes == sheet);
    for ext in [".br", ".gz"] {
        if let Some(packed) = raw.remove(&format!("{STYLE}{ext}")).filter(|_| is_ours) {
            raw.insert(format!("{}{ext}", style::path()), packed);
        }
    }
    raw.insert(style::path().to_owned(), Built { bytes: sheet, sum: None });
}

fn is_variant(path: &str, all: &HashMap<String, Built>) -> bool {
    [".br", ".gz"].iter().any(|ext| path.strip_suffix(ext).is_some_and(|plain| all.contains_key(plain)))
}

/// `/pkg/keepwell.js`, `/pkg/keepwell.<hash>.js`, `/pkg/keepwell_bg.wasm`.
fn is_entry(path: &str, ext: &str) -> bool {
    let Some(rest) = path.strip_prefix("/pkg/keepwell").and_then(|r| r.strip_suffix(ext)) else {
        return false;
    };
    let rest = rest.strip_prefix("_bg").unwrap_or(rest);
    rest.is_empty()
        || rest.strip_prefix('.').is_some_and(|hash| !hash.is_empty() && !hash.contains(['.', '/']))
}

/// Whether the name has a part that only contents can have made: split parts carry it, too.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let parts = name.split(['.', '_', '-']);
    parts.into_iter().any(|p| {
        p.len() >= 16
            && p.bytes().all(|b| b.is_ascii_alphanumeric())
            && p.bytes().any(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    })
}

fn etag(built: &Built) -> HeaderValue {
    // FNV-1a, 64 bit: names a version and protects nothing.
    let named = built.sum.as_ref().map_or(&built.bytes[..], |sum| &sum[..]);
    let hash = named
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    HeaderValue::from_str(&format!("\"{hash:016x}-{:x}\"", built.bytes.len()))
        .unwrap_or(HeaderValue::from_static("\"0\""))
}

fn takes(headers: &HeaderMap, coding: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    lines.flat_map(|l| l.split(',')).any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        let named = pieces.next().is_some_and(|n| n.eq_ignore_ascii_case(coding));
        named
            && !pieces.any(|p| p.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q == 0.0)))
    })
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn built(files: &[(&str, &str)]) -> Site {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Site::load(dir.path())
    }

    fn get(site: &Site, path: &str, encodings: &str) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, encodings.parse().unwrap());
        site.find(&Method::GET, path, &headers).unwrap()
    }

    #[test]
    fn hashed_entry_is_found_and_may_be_kept_for_ever() {
        let site = built(&[
            ("pkg/keepwell.js", "old"),
            ("pkg/keepwell.a1B2c3D4e5F6a7B8.js", "new"),
            ("pkg/keepwell.a1B2c3D4e5F6a7B8.wasm", "w"),
            ("pkg/split_1_keepwell.js", "x"),
        ]);
        assert_eq!(&*site.assets().js, "/pkg/keepwell.a1B2c3D4e5F6a7B8.js");
        assert_eq!(&*site.assets().wasm, "/pkg/keepwell.a1B2c3D4e5F6a7B8.wasm");
        assert!(
            get(&site, "/pkg/keepwell.a1B2c3D4e5F6a7B8.js", "").headers()[header::CACHE_CONTROL]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        assert!(
            !get(&site, "/pkg/keepwell.js", "").headers()[header::CACHE_CONTROL]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
    }

    #[test]
    fn data_belong_to_the_code_of_the_same_name() {
        let (code, data) = ("pkg/keepwell.a1B2c3D4e5F6a7B8.wasm", "pkg/keepwell.a1B2c3D4e5F6a7B8.data");
        assert_eq!(&*built(&[(code, "w"), (data, "d")]).assets().data, format!("/{data}"));
        let other = "pkg/keepwell.b1B2c3D4e5F6a7B8.data";
        assert_eq!(&*built(&[(code, "w"), (other, "d")]).assets().data, "");
    }

    #[test]
    fn variant_is_picked_by_what_the_browser_takes() {
        let site = built(&[("a.js", "plain"), ("a.js.br", "b"), ("a.js.gz", "g")]);
        for (takes, coding) in [
            ("gzip, br", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip", Some("gzip")),
            ("", None),
            ("identity", None),
        ] {
            let response = get(&site, "/a.js", takes);
            assert_eq!(
                response.headers().get(header::CONTENT_ENCODING).map(|v| v.to_str().unwrap()),
                coding,
                "{takes}"
            );
            assert_eq!(response.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        }
        assert!(site.find(&Method::GET, "/a.js.br", &HeaderMap::new()).is_none());
    }

    #[test]
    fn packed_style_is_served_only_while_it_is_this_programs_sheet() {
        let coding = |sheet: &str| {
            let site = built(&[("style.css", sheet), ("style.css.br", "packed")]);
            assert!(site.find(&Method::GET, "/style.css", &HeaderMap::new()).is_none());
            get(&site, style::path(), "br").headers().get(header::CONTENT_ENCODING).cloned()
        };
        assert_eq!(coding(style::CSS).unwrap(), "br");
        assert_eq!(coding("body{}"), None);
    }

    #[test]
    fn style_is_there_even_without_a_built_site() {
        let site = Site::load(Path::new("/nowhere"));
        assert_eq!(get(&site, style::path(), "").status(), StatusCode::OK);
        assert!(site.find(&Method::GET, "/../etc/passwd", &HeaderMap::new()).is_none());
    }
}
