//! Server-sent events, as far as model providers use them (WHATWG HTML, 9.2.6), from any pieces of bytes.

use super::WireFault;

/// Bytes of one line.
pub const LINE: usize = 1 << 20;
/// Bytes of the data of one event.
pub const EVENT: usize = 1 << 20;
/// Bytes of a whole stream.
pub const STREAM: usize = 16 << 20;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SseEvent {
    /// Its name; empty where none was given.
    pub name: String,
    /// Its data, lines joined.
    pub data: String,
}

/// Reads events.
#[derive(Default)]
pub struct SseParser {
    line: Vec<u8>,
    event: SseEvent,
    has_data: bool,
    after_cr: bool,
    begun: bool,
    total: usize,
}

impl SseParser {
    /// Takes more bytes; what is whole by now is handed to `to`.
    ///
    /// # Errors
    /// [`WireFault::TooLong`]; the stream is to be given up then.
    pub fn push(&mut self, bytes: &[u8], to: &mut Vec<SseEvent>) -> Result<(), WireFault> {
        self.total = self.total.saturating_add(bytes.len());
        if self.total > STREAM {
            return Err(WireFault::TooLong);
        }
        for &b in bytes {
            let after_cr = std::mem::take(&mut self.after_cr);
            match b {
                b'\n' if after_cr => {}
                b'\n' => self.end_line(to)?,
                b'\r' => {
                    self.after_cr = true;
                    self.end_line(to)?;
                }
                _ if self.line.len() >= LINE => return Err(WireFault::TooLong),
                _ => self.line.push(b),
            }
        }
        Ok(())
    }

    /// The stream has ended. An event without its empty line counts: some servers forget it.
    ///
    /// # Errors
    /// [`WireFault::TooLong`].
    pub fn finish(mut self, to: &mut Vec<SseEvent>) -> Result<(), WireFault> {
        if !self.line.is_empty() {
            self.end_line(to)?;
        }
        self.end_event(to);
        Ok(())
    }

    fn end_line(&mut self, to: &mut Vec<SseEvent>) -> Result<(), WireFault> {
        let bytes = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&bytes);
        let mut line: &str = &text;
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            self.end_event(to);
            return Ok(());
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if self.event.data.len() + value.len() + 1 > EVENT {
                    return Err(WireFault::TooLong);
                }
                if std::mem::replace(&mut self.has_data, true) {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            "event" => value.clone_into(&mut self.event.name),
            // Comments, ids, times to wait, and fields that nobody defined.
            _ => {}
        }
        Ok(())
    }

    fn end_event(&mut self, to: &mut Vec<SseEvent>) {
        let event = std::mem::take(&mut self.event);
        if std::mem::take(&mut self.has_data) {
            to.push(event);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    fn all(pieces: &[&[u8]]) -> Result<Vec<SseEvent>, WireFault> {
        let (mut parser, mut events) = (SseParser::default(), Vec::new());
        for p in pieces {
            parser.push(p, &mut events)?;
        }
        parser.finish(&mut events)?;
        Ok(events)
    }

    fn event(name: &str, data: &str) -> SseEvent {
        SseEvent { name: name.to_owned(), data: data.to_owned() }
    }

    #[test]
    fn every_line_end_comment_and_mark_is_read_as_the_standard_says() {
        let text = "\u{feff}: hello\r\nevent: a\r\ndata: 1\r\ndata:2\r\n\r\nid: 7\rdata:  x\r\rretry: 1\n\ndata\n\nevent: lost\n\ndata: end";
        let events = all(&[text.as_bytes()]).unwrap();
        assert_eq!(events, [event("a", "1\n2"), event("", " x"), event("", ""), event("", "end")]);
    }

    #[test]
    fn sizes_are_bounded() {
        let long = vec![b'x'; LINE + 2];
        assert_eq!(all(&[b"data: ", &long]), Err(WireFault::TooLong));
        let line = [b"data: ".as_slice(), &vec![b'x'; LINE / 2], b"\n"].concat();
        assert_eq!(all(&[&line, &line, &line]), Err(WireFault::TooLong));
        let comment = [b":".as_slice(), &vec![b'x'; 1 << 19], b"\n"].concat();
        let endless: Vec<&[u8]> = std::iter::repeat_n(comment.as_slice(), 40).collect();
        assert_eq!(all(&endless), Err(WireFault::TooLong));
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(text in "(data: ?[a-zä€\u{1f600}]{0,6}|event: [a-z]{0,3}|:[a-z]{0,3}|)(\r\n|\r|\n){1,2}", n in 1usize..12, cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..8)) {
            let bytes = text.repeat(n).into_bytes();
            let mut at: Vec<usize> = cuts.iter().map(|c| c.index(bytes.len() + 1)).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let pieces: Vec<&[u8]> = at.windows(2).map(|w| &bytes[w[0]..w[1]]).collect();
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            let whole = all(&[&bytes]).unwrap();
            prop_assert_eq!(&all(&pieces).unwrap(), &whole);
            prop_assert_eq!(&all(&single).unwrap(), &whole);
        }

        #[test]
        fn no_bytes_make_it_panic(pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..64), 0..8)) {
            let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
            all(&pieces).unwrap();
        }
    }
}
