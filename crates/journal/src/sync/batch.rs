//! What is in the object of a batch: one or more contents, as they were queued, each `u32 length ‖ bytes`.
//!
//! Small ones are joined while they wait, so that ten thousand changes made without a network are a few dozen
//! objects, and their number tells little.

use super::{alarm::Alarm, head::Kind, state::Outgoing};
use crate::vault::{bytes::Reader, pad::OBJECTS};
use zeroize::Zeroizing;

const LENGTH: usize = 4;
/// Contents are joined while together they fit the step of 64 KiB, in bytes.
const JOINED: usize = (64 << 10) - 1;
/// Longest single content, in bytes.
pub(crate) const MAX_CONTENT: usize = (1 << 20) - 1 - LENGTH;

/// Adds a content to what waits: to the last that waits, if that is a batch that was not sealed yet.
pub(crate) fn add(last: Option<&mut Outgoing>, content: &[u8]) -> Option<Outgoing> {
    let size = LENGTH + content.len();
    match last {
        Some(last) if last.kind == Kind::Batch && last.seen.is_none() && last.text.len() + size <= JOINED => {
            grow(&mut last.text, size);
            put(&mut last.text, content);
            None
        }
        _ => {
            let mut text = Zeroizing::new(Vec::with_capacity(size));
            put(&mut text, content);
            Some(Outgoing { kind: Kind::Batch, seen: None, text })
        }
    }
}

fn put(text: &mut Vec<u8>, content: &[u8]) {
    // Checked against the longest content before.
    text.extend_from_slice(&(content.len() as u32).to_be_bytes());
    text.extend_from_slice(content);
}

/// Makes room in a new buffer and wipes the old one, which a growing vector would leave behind.
fn grow(text: &mut Zeroizing<Vec<u8>>, by: usize) {
    let needed = text.len() + by;
    if needed > text.capacity() {
        let mut larger = Vec::with_capacity((2 * needed).min(JOINED));
        larger.extend_from_slice(text);
        *text = Zeroizing::new(larger);
    }
}

/// The contents of a batch.
pub(crate) fn split(text: &[u8]) -> Result<Vec<Zeroizing<Vec<u8>>>, Alarm> {
    let mut reader = Reader::new(text);
    let mut contents = Vec::new();
    while reader.left() > 0 {
        let content = reader.part(OBJECTS.max()).map_err(Alarm::of_bytes)?;
        contents.push(Zeroizing::new(content.to_vec()));
    }
    Ok(contents)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn small_contents_are_joined_and_come_out_as_they_went_in() {
        let mut waiting: Vec<Outgoing> = Vec::new();
        let contents: Vec<Vec<u8>> = (0..1000u32).map(|n| n.to_be_bytes().repeat(25)).collect();
        for content in &contents {
            let new = add(waiting.last_mut(), content);
            waiting.extend(new);
        }
        assert_eq!(waiting.len(), 2);
        assert!(waiting.iter().all(|one| one.text.len() <= JOINED));
        let out: Vec<_> =
            waiting.iter().flat_map(|one| split(&one.text).unwrap()).map(|one| one.to_vec()).collect();
        assert_eq!(out, contents);
    }

    #[test]
    fn large_content_stands_alone_and_nothing_joins_what_a_snapshot_follows() {
        let mut first = add(None, &[1; 70_000]).unwrap();
        assert!(add(Some(&mut first), &[2; 10]).is_some());
        let mut frozen = add(None, &[1; 10]).unwrap();
        frozen.seen = Some(Vec::new());
        assert!(add(Some(&mut frozen), &[2; 10]).is_some());
        assert_eq!(LENGTH + MAX_CONTENT, OBJECTS.max());
    }

    #[test]
    fn batch_that_is_cut_is_refused() {
        let one = add(None, b"content").unwrap();
        assert_eq!(split(&one.text[..one.text.len() - 1]).err(), Some(Alarm::Truncated));
        assert_eq!(split(&[]).unwrap().len(), 0);
    }
}
