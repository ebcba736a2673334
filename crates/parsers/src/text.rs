//! Text in the encodings that health software still writes.

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::{
    borrow::Cow,
    io::{self, Read},
};

/// The encoding that a byte order mark states, if there is one.
#[must_use]
pub fn marked(head: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_bom(head).map(|(e, _)| e)
}

/// A whole text: by its byte order mark, else UTF-8, else Windows-1252 (which contains Latin-1's
/// printable characters).
#[must_use]
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(&bytes[mark..]).0,
        None => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
        },
    }
}

/// The beginning of a text, cut at `head`'s end wherever that falls.
#[must_use]
pub fn decode_head(head: &[u8]) -> Cow<'_, str> {
    let whole = match marked(head) {
        Some(e) if e == UTF_16LE || e == UTF_16BE => head.len() & !1,
        Some(_) => head.len(),
        None => match std::str::from_utf8(head) {
            // Only a character cut in two at the very end is forgiven.
            Err(e) if e.error_len().is_none() => e.valid_up_to(),
            _ => head.len(),
        },
    };
    decode(&head[..whole])
}

/// Whether the bytes are UTF-16 by their mark.
#[must_use]
pub fn is_utf16(head: &[u8]) -> bool {
    marked(head).is_some_and(|e| e != UTF_8)
}

/// Turns a stream of UTF-16 into UTF-8.
pub struct Transcode<R> {
    input: R,
    decoder: Decoder,
    raw: Vec<u8>,
    out: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Transcode<R> {
    /// A stream whose mark says UTF-16; without a mark, UTF-8 passes unchanged.
    pub fn new(input: R) -> Self {
        let decoder = UTF_8.new_decoder();
        Self { input, decoder, raw: vec![0; 64 << 10], out: Vec::new(), given: 0, ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let n = self.input.read(&mut self.raw)?;
        self.ended = n == 0;
        let room = self.decoder.max_utf8_buffer_length(n).unwrap_or(0);
        self.out.resize(room, 0);
        let (_, _, written, _) = self.decoder.decode_to_utf8(&self.raw[..n], &mut self.out, self.ended);
        self.out.truncate(written);
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Transcode<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() && !self.ended {
            self.refill()?;
        }
        let ready = &self.out[self.given..];
        let n = ready.len().min(buf.len());
        buf[..n].copy_from_slice(&ready[..n]);
        self.given += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        let mark = if big { vec![0xfe, 0xff] } else { vec![0xff, 0xfe] };
        let units = text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() });
        mark.into_iter().chain(units).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "Hämoglobin µg/dl ≤ 5";
        assert_eq!(decode(text.as_bytes()), text);
        assert_eq!(decode(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), text);
        assert_eq!(decode(&utf16(text, true)), text);
        assert_eq!(decode(&utf16(text, false)), text);
        assert_eq!(decode(b"H\xe4moglobin \xb5g/dl"), "Hämoglobin µg/dl");
    }

    #[test]
    fn a_long_utf16_stream_is_turned_into_utf8() {
        let text = "Größe 😀 ".repeat(30_000);
        for big in [true, false] {
            let mut out = String::new();
            Transcode::new(utf16(&text, big).as_slice()).read_to_string(&mut out).unwrap();
            assert_eq!(out, text);
        }
    }
}
