//! Archives: Clue and Flo hand out their exports packed. The one file in it that a reader knows is taken.

use super::{Format, ImportError, MAX_BYTES, detect};
use std::{
    borrow::Cow,
    io::{Cursor, Read},
};
use zip::ZipArchive;

/// Most files of an archive that are looked at.
pub const MAX_FILES: usize = 1000;

/// A file as it is, or what an archive holds of it: the file that another app's or our own journal is, or its
/// only table. At most [`MAX_BYTES`] are unpacked in all.
///
/// # Errors
/// [`ImportError::Archive`] where none is known or several are alike, [`ImportError::Workbook`],
/// [`ImportError::TooLarge`].
pub fn opened(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ImportError> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return Ok(Cow::Borrowed(bytes));
    }
    if bytes.len() > MAX_BYTES {
        return Err(ImportError::TooLarge);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ImportError::Archive)?;
    if is_workbook(&archive) {
        return Err(ImportError::Workbook);
    }
    let mut room = MAX_BYTES as u64;
    let (mut known, mut tables) = (Vec::new(), Vec::new());
    for index in 0..archive.len().min(MAX_FILES) {
        let Some(text) = unpacked(&mut archive, index, room) else { continue };
        room = room.checked_sub(text.len() as u64).ok_or(ImportError::TooLarge)?;
        match detect(&text) {
            Ok(Format::Table) => tables.push(text),
            Ok(_) => known.push(text),
            Err(_) => {}
        }
    }
    let found = if known.is_empty() { tables } else { known };
    match <[Vec<u8>; 1]>::try_from(found) {
        Ok([one]) => Ok(Cow::Owned(one)),
        Err(_) => Err(ImportError::Archive),
    }
}

/// Workbooks are archives, too: of Excel, of LibreOffice, of Numbers.
fn is_workbook(archive: &ZipArchive<Cursor<&[u8]>>) -> bool {
    let has = |name: &str| archive.index_for_name_raw(name.as_bytes()).is_some();
    let is_open_document = has("content.xml") && has("META-INF/manifest.xml");
    has("xl/workbook.xml") || has("Index/Document.iwa") || is_open_document
}

/// A file's bytes, one more than there is room for at most; `None` for what is no text of an app, or cannot be
/// unpacked: its neighbours may be sound.
fn unpacked(archive: &mut ZipArchive<Cursor<&[u8]>>, index: usize, room: u64) -> Option<Vec<u8>> {
    let file = archive.by_index(index).ok()?;
    let name = file.name().ok()?.to_ascii_lowercase();
    // macOS lays a shadow of each file beside it.
    let is_shadow = name.starts_with("__macosx/");
    let is_text = [".json", ".csv", ".cluedata"].iter().any(|end| name.ends_with(end));
    if !file.is_file() || is_shadow || !is_text {
        return None;
    }
    let mut out = Vec::new();
    file.take(room + 1).read_to_end(&mut out).ok()?;
    Some(out)
}
