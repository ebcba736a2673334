//! A talk with a model, in no provider's words. What holds text of a person has no `Debug`.

use serde_json::Value;

/// The wire formats that are spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wire {
    /// Anthropic Messages.
    Anthropic,
    /// Chat completions as OpenAI made them and most local servers speak them.
    OpenAi,
}

impl Wire {
    /// The name in the settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anthropic => "anthropic",
            Self::OpenAi => "openai",
        }
    }
    /// The format of that name.
    #[must_use]
    pub fn parse(s: &str) -> Option<Self> {
        [Self::Anthropic, Self::OpenAi].into_iter().find(|w| w.as_str() == s)
    }
    /// The path of a call below the provider's base address, which may end in `/v1` or not for the first and
    /// does for the second.
    #[must_use]
    pub fn path(self, base: &str) -> &'static str {
        match self {
            Self::Anthropic if base.trim_end_matches('/').ends_with("/v1") => "/messages",
            Self::Anthropic => "/v1/messages",
            Self::OpenAi => "/chat/completions",
        }
    }
    /// The body of a request.
    #[must_use]
    pub fn encode(self, request: &Request<'_>) -> Value {
        match self {
            Self::Anthropic => super::anthropic::encode(request),
            Self::OpenAi => super::openai::encode(request),
        }
    }
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The person; results of tools come in this voice too.
    Person,
    /// The model.
    Model,
}

/// A piece of a turn.
#[derive(Clone, PartialEq)]
pub enum Part {
    /// Words.
    Text(String),
    /// The model calls a tool.
    Call(ToolCall),
    /// What the tool gave.
    Result(ToolResult),
}

/// One turn of the talk.
#[derive(Clone, PartialEq)]
pub struct Turn {
    /// Whose.
    pub speaker: Speaker,
    /// Its pieces.
    pub parts: Vec<Part>,
}

impl Turn {
    /// A turn of words alone.
    #[must_use]
    pub fn text(speaker: Speaker, text: impl Into<String>) -> Self {
        Self { speaker, parts: vec![Part::Text(text.into())] }
    }
}

/// A call of a tool.
#[derive(Clone, PartialEq)]
pub struct ToolCall {
    /// By which its result is known; made up here where the server sent none.
    pub id: String,
    /// The tool's name as the model wrote it.
    pub name: String,
    /// The arguments; `None` when they are no JSON object.
    pub arguments: Option<Value>,
}

/// The result of a call.
#[derive(Clone, PartialEq)]
pub struct ToolResult {
    /// Of which call.
    pub id: String,
    /// What it gave.
    pub content: String,
    /// Whether the call was wrong.
    pub failed: bool,
}

/// A tool as it is told to a model.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolSpec {
    /// Its name.
    pub name: &'static str,
    /// What it does, in a few sentences.
    pub description: &'static str,
    /// JSON schema of its arguments.
    pub schema: Value,
}

/// Everything that one request says.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The model's name.
    pub model: &'a str,
    /// What it is told before the talk.
    pub system: &'a str,
    /// The talk.
    pub turns: &'a [Turn],
    /// The tools.
    pub tools: &'a [ToolSpec],
    /// Whether the tools may be called, or are only there for what was called before.
    pub may_call: bool,
    /// Tokens that the answer may have.
    pub max_tokens: u32,
    /// Whether the limit goes by its newer name (`max_completion_tokens`), as OpenAI itself wants it while many
    /// local servers only know the older one.
    pub new_limit_name: bool,
}

/// Why a model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// It was done.
    End,
    /// It waits for results of tools.
    Tools,
    /// The limit of tokens was reached.
    Length,
    /// The provider or the model refused.
    Refused,
}

/// Tokens used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Read, those from the provider's cache with them.
    pub input: u64,
    /// Written.
    pub output: u64,
}

/// What comes from a model, in order.
#[derive(Clone, PartialEq)]
pub enum ModelEvent {
    /// Some text.
    Text(String),
    /// A whole call of a tool.
    Call(ToolCall),
    /// The end, once.
    Stop(Stop, Usage),
}

/// What a provider says went wrong. Its words are not kept: they may quote the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderFault {
    /// Too many requests, or overloaded: later it may work.
    Busy,
    /// The key is wrong or may not do this.
    Key,
    /// No such model or address.
    NotFound,
    /// The request was not understood or is too long.
    Request,
    /// Anything else.
    Other,
}

impl ProviderFault {
    /// From the `type` or `code` of an error object.
    #[must_use]
    pub fn of(kind: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|w| kind.contains(w));
        if has(&["overloaded", "rate_limit", "timeout", "unavailable", "quota"]) {
            Self::Busy
        } else if has(&["authentication", "permission", "api_key", "billing"]) {
            Self::Key
        } else if has(&["not_found"]) {
            Self::NotFound
        } else if has(&["invalid_request", "request_too_large", "context_length"]) {
            Self::Request
        } else {
            Self::Other
        }
    }
}

/// Why what a server sent could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireFault {
    /// It is not the format that was agreed on.
    #[error("the answer is not in the format of the provider")]
    Format,
    /// It is longer than anything that is taken.
    #[error("the answer is too long")]
    TooLong,
    /// It ended in the middle.
    #[error("the answer broke off")]
    Cut,
    /// The provider said that something is wrong.
    #[error("the provider reported an error")]
    Provider(ProviderFault),
}
