//! From a server's bytes to events, whatever it sends: a stream as it was asked for, or one JSON.

use super::{
    ModelEvent, ToolCall, WireFault, anthropic, openai,
    sse::{SseEvent, SseParser},
    turn::{Usage, Wire},
};
use serde_json::Value;

/// Bytes of an answer that comes as one JSON.
pub const WHOLE: usize = 4 << 20;
/// Calls of tools in one answer.
pub const CALLS: usize = 32;
/// Bytes of the arguments of one call.
pub const ARGUMENTS: usize = 64 << 10;
/// Bytes of an id or a name.
const NAME: usize = 256;

enum Shape {
    /// Nothing but white space came yet.
    Unknown,
    Stream(SseParser),
    Whole(Vec<u8>),
}

enum Format {
    Anthropic(anthropic::Reader),
    OpenAi(openai::Reader),
}

/// Reads one answer.
pub struct Decoder {
    shape: Shape,
    format: Format,
    ended: bool,
}

impl Decoder {
    /// A reader of that format.
    #[must_use]
    pub fn new(wire: Wire) -> Self {
        let format = match wire {
            Wire::Anthropic => Format::Anthropic(anthropic::Reader::default()),
            Wire::OpenAi => Format::OpenAi(openai::Reader::default()),
        };
        Self { shape: Shape::Unknown, format, ended: false }
    }

    /// Whether the end was read: what may still come says nothing.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        self.ended
    }

    /// Tokens that were reported up to now.
    #[must_use]
    pub const fn usage(&self) -> Usage {
        match &self.format {
            Format::Anthropic(r) => r.usage,
            Format::OpenAi(r) => r.usage,
        }
    }

    /// Takes more bytes.
    ///
    /// # Errors
    /// [`WireFault`]; the answer is to be given up then.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<ModelEvent>, WireFault> {
        let mut out = Vec::new();
        if self.ended {
            return Ok(out);
        }
        if matches!(self.shape, Shape::Unknown) {
            // What a server says of its answer is often wrong, the first byte is not.
            self.shape = match bytes.iter().find(|b| !b.is_ascii_whitespace()) {
                None => return Ok(out),
                Some(b'{') => Shape::Whole(Vec::new()),
                Some(b'<' | b'[') => return Err(WireFault::Format),
                Some(_) => Shape::Stream(SseParser::default()),
            };
        }
        match &mut self.shape {
            Shape::Unknown => {}
            Shape::Whole(all) => {
                if all.len() + bytes.len() > WHOLE {
                    return Err(WireFault::TooLong);
                }
                all.extend_from_slice(bytes);
            }
            Shape::Stream(parser) => {
                let mut events = Vec::new();
                parser.push(bytes, &mut events)?;
                self.take(&events, &mut out)?;
            }
        }
        Ok(out)
    }

    /// The server closed the answer.
    ///
    /// # Errors
    /// [`WireFault::Cut`] when it was not whole; others as [`Decoder::push`].
    pub fn finish(mut self) -> Result<Vec<ModelEvent>, WireFault> {
        let mut out = Vec::new();
        if self.ended {
            return Ok(out);
        }
        match std::mem::replace(&mut self.shape, Shape::Unknown) {
            Shape::Unknown => return Err(WireFault::Cut),
            Shape::Whole(all) => {
                let whole: Value = serde_json::from_slice(&all).map_err(|e| match e.classify() {
                    serde_json::error::Category::Eof => WireFault::Cut,
                    _ => WireFault::Format,
                })?;
                match &mut self.format {
                    Format::Anthropic(r) => r.whole(&whole, &mut out)?,
                    Format::OpenAi(r) => r.whole(&whole, &mut out)?,
                }
            }
            Shape::Stream(parser) => {
                let mut events = Vec::new();
                parser.finish(&mut events)?;
                self.take(&events, &mut out)?;
                if !self.ended {
                    match &mut self.format {
                        Format::Anthropic(_) => return Err(WireFault::Cut),
                        Format::OpenAi(r) => r.end(&mut out)?,
                    }
                }
            }
        }
        Ok(out)
    }

    fn take(&mut self, events: &[SseEvent], out: &mut Vec<ModelEvent>) -> Result<(), WireFault> {
        for event in events {
            if self.ended {
                break;
            }
            match &mut self.format {
                Format::Anthropic(r) => r.event(event, out)?,
                Format::OpenAi(r) => r.event(event, out)?,
            }
            self.ended = matches!(out.last(), Some(ModelEvent::Stop(..)));
        }
        Ok(())
    }
}

/// A call that is still being written.
#[derive(Default)]
pub(super) struct Draft {
    pub id: String,
    pub name: String,
    pub arguments: String,
    /// Arguments that came as JSON and not as text.
    pub object: Option<Value>,
}

impl Draft {
    /// Appends to the arguments.
    pub fn more(&mut self, text: &str) -> Result<(), WireFault> {
        if self.arguments.len() + text.len() > ARGUMENTS {
            return Err(WireFault::TooLong);
        }
        self.arguments.push_str(text);
        Ok(())
    }

    /// The whole call; `n` names it where the server did not.
    pub fn done(self, n: usize) -> Result<ToolCall, WireFault> {
        if self.id.len() > NAME || self.name.len() > NAME {
            return Err(WireFault::TooLong);
        }
        let arguments = match self.object.filter(|o| o.as_object().is_some_and(|o| !o.is_empty())) {
            Some(object) if self.arguments.is_empty() => Some(object),
            // A call without arguments is written as nothing at all by some.
            _ if self.arguments.trim().is_empty() => Some(Value::Object(serde_json::Map::new())),
            _ => serde_json::from_str::<Value>(&self.arguments).ok().filter(Value::is_object),
        };
        let id = if self.id.is_empty() { format!("call_{n}") } else { self.id };
        Ok(ToolCall { id, name: self.name, arguments })
    }
}

/// A field that is a text; empty where it is none.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

/// A field that is a count.
pub(super) fn count(value: &Value, key: &str) -> Option<u64> {
    value.get(key).and_then(Value::as_u64)
}
