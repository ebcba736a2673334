//! The journal in forms that outlive this program: JSON with everything in it, CSV tables, FHIR R4.

mod csv_table;
mod fhir;
mod fhir_parts;
mod json;
mod node;

pub use csv_table::{csv_archive, csv_table, csv_tables};
pub use fhir::fhir_bundle;
pub use json::{FORMAT, JSON_VERSION, journal_json};

/// Why an export could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the export could not be written")]
pub struct ExportError;
