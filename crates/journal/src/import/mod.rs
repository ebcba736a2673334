//! Reading what other apps hold. Every reader turns bytes into drafts and problems; nothing of a file
//! falls away silently: what has no field of its own is kept word by word in the day it belongs to, and
//! a row that cannot be read is named with its reason.

mod archive;
mod clue;
mod clue_words;
mod days;
mod draft;
mod drip;
mod flo;
mod flo_words;
mod own;
mod table;
mod text;

pub use archive::{MAX_FILES, opened};
pub use draft::{Draft, Import, Problem, Reason, Written};
pub use own::read_journal;
pub use table::{
    BleedingScale, Column, ColumnLook, DateOrder, Scale, TableError, TableLook, TablePlan, guess_table,
    guess_table_by, look_at_table, read_table,
};
pub use text::is_western;
pub(crate) use text::text_of;

use crate::model::EntityId;

/// Longest file that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;

/// Where a file comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A journal of this program.
    Journal,
    /// drip, CSV.
    Drip,
    /// Clue, `measurements.json` or `.cluedata`.
    Clue,
    /// Flo, JSON.
    Flo,
    /// Some other table: the person says which column is what.
    Table,
}

/// Why a file is not read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Longer than [`MAX_BYTES`].
    #[error("the file is too large")]
    TooLarge,
    /// A ZIP archive, which [`opened`] opens; none of its files is known, or several are.
    #[error("the file is an archive")]
    Archive,
    /// A workbook of a spreadsheet program: only the tables that it saves are read.
    #[error("the file is a workbook")]
    Workbook,
    /// It is no text, or its letters are damaged.
    #[error("the letters of the file cannot be read")]
    Letters,
    /// It is not what it claims to be.
    #[error("the file is not of a known form")]
    Unknown,
    /// A journal of a newer version.
    #[error("the journal is of version {0}")]
    Newer(u64),
    /// A table needs to be told which column is what.
    #[error("the columns of the table are not known")]
    NeedsColumns,
}

/// What a file is, by its content.
///
/// # Errors
/// [`ImportError`] for a file that none of the readers takes.
pub fn detect(bytes: &[u8]) -> Result<Format, ImportError> {
    let text = text_of(bytes)?;
    match text.trim_start().as_bytes().first() {
        Some(b'{' | b'[') => {
            let root: serde_json::Value = serde_json::from_str(&text).map_err(|_| ImportError::Unknown)?;
            if root.get("format").and_then(serde_json::Value::as_str) == Some(crate::export::FORMAT) {
                Ok(Format::Journal)
            } else if flo::is_flo(&root) {
                Ok(Format::Flo)
            } else if clue::is_clue(&root) {
                Ok(Format::Clue)
            } else {
                Err(ImportError::Unknown)
            }
        }
        Some(_) if drip::is_drip(&text) => Ok(Format::Drip),
        Some(_) => Ok(Format::Table),
        None => Err(ImportError::Empty),
    }
}

/// Reads a file of another app into drafts. `person` is whose days these are.
///
/// # Errors
/// [`ImportError`] for a file that cannot be read at all; a journal of our own goes through
/// [`read_journal`], other tables through [`read_table`].
pub fn read(bytes: &[u8], person: EntityId) -> Result<(Format, Import), ImportError> {
    let format = detect(bytes)?;
    let text = text_of(bytes)?;
    let import = match format {
        Format::Drip => drip::read(&text, person),
        Format::Clue => clue::read(&text, person)?,
        Format::Flo => flo::read(&text, person)?,
        Format::Journal | Format::Table => return Err(ImportError::NeedsColumns),
    };
    Ok((format, import))
}
