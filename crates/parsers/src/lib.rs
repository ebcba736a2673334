//! Readers of health file formats: bytes in, typed records out.
//!
//! No I/O but the given source, no clock, no randomness; memory is bounded by [`sink::Limits`].
#![forbid(unsafe_code)]

pub mod apple;
pub mod ccda;
mod clinical;
pub mod error;
pub mod fhir;
pub mod hl7v2;
pub mod reason;
pub mod report;
pub mod restore;
pub mod sink;
pub mod sniff;
pub mod source;
pub mod table;
pub mod text;
pub mod zip;

use error::{Excess, ParseError, Reason, Thing};
use sink::{Options, Sink, Summary};
use sniff::Format;
use source::{Cursor, ReadAt};

/// Reads one document into `sink`. What it is, is told from its bytes; the name is not needed and
/// never decides alone.
///
/// # Errors
/// [`ParseError`], whose text is a sentence for the person. Items handed over before it are sound.
/// `Refused` means that the file is to be kept as a document; [`sniff::identify`] tells its type.
pub fn read(
    source: &mut dyn ReadAt,
    _name_hint: Option<&str>,
    options: &Options,
    sink: &mut dyn Sink,
) -> Result<Summary, ParseError> {
    dispatch(source, options, 0, sink)
}

/// Reads a document that lies `depth` archives deep.
fn dispatch(
    source: &mut dyn ReadAt,
    options: &Options,
    depth: usize,
    sink: &mut dyn Sink,
) -> Result<Summary, ParseError> {
    let format = sniff::identify(source, &options.limits)?;
    match format {
        Format::Empty => Err(Reason::Empty.into()),
        Format::EncryptedZip => Err(Reason::LockedZip.into()),
        Format::Zip | Format::AppleHealthZip => zip::read(source, format, options, depth, sink),
        Format::KeepwellExport if depth == 0 => restore::read(source, options, sink),
        Format::KeepwellExport => Err(ParseError::Refused(Reason::ExportInside)),
        Format::AppleHealthXml => apple_xml(source, options, sink),
        Format::FhirNdjson if source.len() > options.limits.whole_bytes => {
            fhir::read_blocks(source, options.limits.whole_bytes, sink)
        }
        Format::FhirJson | Format::FhirNdjson | Format::FhirXml => fhir::read(&whole(source, options)?, sink),
        Format::Ccda => ccda::read(&whole(source, options)?, sink),
        Format::Hl7v2 => hl7v2::read(&whole(source, options)?, sink),
        Format::Csv => table::read(&whole(source, options)?, options, sink),
        Format::Json => json(source, options, sink),
        other => Err(other.kept_because().unwrap_or(Reason::Unknown).into()),
    }
}

/// JSON that shows nothing of FHIR in its first part. It may be a SMART Health Card, or a FHIR file
/// cut off early: a broken one is told apart from a sound one that is kept and not read.
fn json(source: &mut dyn ReadAt, options: &Options, sink: &mut dyn Sink) -> Result<Summary, ParseError> {
    if source.len() > options.limits.whole_bytes {
        return Err(Reason::OtherJson.into());
    }
    fhir::read(&whole(source, options)?, sink).map_err(|e| match e {
        ParseError::Malformed { why, at, .. } => ParseError::malformed(Thing::Json, why, at),
        ParseError::Refused(Reason::NoFhir) => Reason::OtherJson.into(),
        other => other,
    })
}

fn whole(source: &mut dyn ReadAt, options: &Options) -> Result<Vec<u8>, ParseError> {
    let limit = options.limits.whole_bytes;
    if source.len() > limit {
        return Err(ParseError::too_large(Excess::Contents, limit >> 20));
    }
    Ok(source::read_whole(source, limit)?)
}

fn apple_xml(source: &mut dyn ReadAt, options: &Options, sink: &mut dyn Sink) -> Result<Summary, ParseError> {
    let total = source.len();
    let mut mark = [0; 2];
    source.read_at(0, &mut mark)?;
    let cursor = Cursor::new(source);
    if text::is_utf16(&mark) {
        return apple::read(text::Transcode::new(cursor), total, false, &options.limits, sink);
    }
    apple::read(cursor, total, true, &options.limits, sink)
}
