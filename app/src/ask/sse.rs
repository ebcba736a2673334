//! Server-sent events out of pieces of bytes, as an event stream brings them (WHATWG HTML, 9.2).

/// Bytes that are no whole event yet.
#[derive(Default)]
pub struct Events(Vec<u8>);

impl Events {
    /// Takes some more bytes, and gives the `data` of each event that is whole now.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        self.0.extend_from_slice(bytes);
        let mut out = Vec::new();
        while let Some(end) = self.0.windows(2).position(|w| w == b"\n\n") {
            let event: Vec<u8> = self.0.drain(..end + 2).collect();
            let text = String::from_utf8_lossy(&event);
            let data: Vec<&str> = text
                .lines()
                .filter_map(|l| l.strip_prefix("data:"))
                .map(|l| l.strip_prefix(' ').unwrap_or(l))
                .collect();
            if !data.is_empty() {
                out.push(data.join("\n"));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_whole_however_their_bytes_are_cut() {
        let stream = ":\n\nevent: delta\ndata: {\"a\":\"ü\"}\n\ndata: 1\ndata: 2\n\ndata: rest".as_bytes();
        for cut in 1..stream.len() {
            let mut events = Events::default();
            let mut found = events.push(&stream[..cut]);
            found.extend(events.push(&stream[cut..]));
            assert_eq!(found, ["{\"a\":\"ü\"}", "1\n2"], "{cut}");
        }
    }
}
