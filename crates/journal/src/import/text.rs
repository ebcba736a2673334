//! The text of a file, whatever letters a program has written it in.

use super::{ImportError, MAX_BYTES};
use std::borrow::Cow;

/// What the bytes from 0x80 to 0x9f are in Windows-1252; the rest of it is Latin-1. Five stand for nothing.
const WESTERN: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“',
    '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];
const UTF8_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
/// How an OLE file begins: an Excel workbook of before 2007.
const OLE: [u8; 4] = [0xd0, 0xcf, 0x11, 0xe0];

/// The text of a file, without a byte order mark: UTF-16 by its mark, else UTF-8, else Windows-1252, in which
/// spreadsheets of western languages save.
pub(crate) fn text_of(bytes: &[u8]) -> Result<Cow<'_, str>, ImportError> {
    if bytes.len() > MAX_BYTES {
        return Err(ImportError::TooLarge);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(ImportError::Archive);
    }
    if bytes.starts_with(&OLE) {
        return Err(ImportError::Workbook);
    }
    let text = decoded(bytes)?;
    if text.trim().is_empty() {
        return Err(ImportError::Empty);
    }
    // UTF-16 without its mark, or no text at all.
    if text.contains('\0') { Err(ImportError::Letters) } else { Ok(text) }
}

fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, ImportError> {
    if let Some(rest) = bytes.strip_prefix(&UTF8_MARK) {
        return std::str::from_utf8(rest).map(Cow::Borrowed).map_err(|_| ImportError::Letters);
    }
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, odd) = rest.as_chunks::<2>();
        let units = pairs.iter().map(|pair| unit(*pair));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        text.ok().filter(|_| odd.is_empty()).map(Cow::Owned).ok_or(ImportError::Letters)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => western(bytes, error.valid_up_to()).map(Cow::Owned),
        },
    }
}

/// A text in Windows-1252, if it can be one. What begins with letters in UTF-8 was written in it and is damaged: read
/// otherwise, all of its letters would be wrong. JSON is never written in Windows-1252.
fn western(bytes: &[u8], utf8_until: usize) -> Result<String, ImportError> {
    let is_utf8 = !bytes[..utf8_until].is_ascii();
    let is_json = matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['));
    if is_utf8 || is_json {
        return Err(ImportError::Letters);
    }
    bytes.iter().map(|byte| letter(*byte)).collect::<Option<String>>().ok_or(ImportError::Letters)
}

fn letter(byte: u8) -> Option<char> {
    let letter = match byte {
        0x80..=0x9f => WESTERN[usize::from(byte - 0x80)],
        _ => char::from(byte),
    };
    (!letter.is_control() || matches!(letter, '\t' | '\n' | '\r')).then_some(letter)
}

/// Whether the letters of a file are read as Windows-1252, which it does not say itself. From another language's
/// spreadsheet they may be others: the person has to look.
#[must_use]
pub fn is_western(bytes: &[u8]) -> bool {
    let has_mark = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    !has_mark && std::str::from_utf8(bytes).is_err()
}
