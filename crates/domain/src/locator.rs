//! Where in a document a record was read, precise enough to show that very place.

use serde::{Deserialize, Serialize};

/// A place inside one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Locator {
    /// A path in a tree: a FHIR path such as `Bundle.entry[3].resource`, an XML path, or an
    /// HL7 v2 path such as `MSG[0]/OBX[4]`. `start`/`end` are byte offsets in the file when known.
    Path {
        /// The path in the format's own words.
        path: String,
        /// Byte range in the file, `start..end`, when the reader knows it.
        bytes: Option<(u64, u64)>,
    },
    /// A row of a table; lines and columns count from 1. `columns` are those that were used.
    Row {
        /// The line on which the row starts, counted from 1.
        line: u64,
        /// The columns used, counted from 1.
        columns: Vec<u32>,
    },
    /// The whole file.
    Whole,
    /// Typed in by the person.
    Typed,
}
