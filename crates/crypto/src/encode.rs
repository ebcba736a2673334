//! Unambiguous encoding of several parts into one string of bytes.

/// Appends `u64 BE length ‖ part`. Joined parts can then never be cut in another place.
pub(crate) fn put(out: &mut Vec<u8>, part: &[u8]) {
    out.extend_from_slice(&length(part));
    out.extend_from_slice(part);
}

/// The length prefix of [`put`], for callers that stream the part.
pub(crate) fn length(part: &[u8]) -> [u8; 8] {
    (part.len() as u64).to_be_bytes()
}
