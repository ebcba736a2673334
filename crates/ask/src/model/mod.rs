//! Models of providers: their wire formats, the tools that they may call, and what becomes of their words.
//!
//! Bytes in, events out; who sends the bytes, and whether they may be sent, is decided elsewhere. A model is
//! given tools over the facts, never the facts themselves, and none of what it writes is believed: see
//! [`check`].

pub mod anthropic;
pub mod check;
pub mod decode;
pub mod ledger;
pub mod openai;
pub mod prompt;
pub mod sse;
pub mod standin;
pub mod tools;
pub mod turn;

pub use decode::Decoder;
pub use turn::{
    ModelEvent, Part, ProviderFault, Request, Speaker, Stop, ToolCall, ToolResult, ToolSpec, Turn, Usage,
    Wire, WireFault,
};
