//! Chat completions as OpenAI made them: `POST …/chat/completions`, streamed. Servers that speak it differ in
//! much, so a lot is taken: calls in pieces or whole, without ids or places, `content: null`, usage or none, one
//! JSON in place of a stream, no `[DONE]`.

use super::{
    ModelEvent, Part, ProviderFault, Request, Speaker, Stop, Turn, Usage, WireFault,
    decode::{CALLS, Draft, count, text},
    sse::SseEvent,
};
use serde_json::{Value, json};

/// The body of a request.
#[must_use]
pub fn encode(request: &Request<'_>) -> Value {
    let mut messages = vec![json!({"role": "system", "content": request.system})];
    for turn in request.turns {
        add(turn, &mut messages);
    }
    let tools: Vec<Value> = request
        .tools
        .iter()
        .map(|t| {
            json!({
                "type": "function",
                "function": {"name": t.name, "description": t.description, "parameters": t.schema},
            })
        })
        .collect();
    let mut body = json!({
        "model": request.model,
        "stream": true,
        "stream_options": {"include_usage": true},
        "messages": messages,
        "tools": tools,
    });
    if !request.may_call {
        body["tool_choice"] = json!("none");
    }
    body[if request.new_limit_name { "max_completion_tokens" } else { "max_tokens" }] =
        request.max_tokens.into();
    body
}

fn add(turn: &Turn, messages: &mut Vec<Value>) {
    let mut words = String::new();
    let mut calls = Vec::new();
    for part in &turn.parts {
        match part {
            Part::Text(text) => words.push_str(text),
            Part::Call(c) => {
                let arguments = c.arguments.as_ref().map_or_else(|| "{}".to_owned(), Value::to_string);
                calls.push(json!({
                    "id": c.id, "type": "function", "function": {"name": c.name, "arguments": arguments},
                }));
            }
            Part::Result(r) => {
                messages.push(json!({"role": "tool", "tool_call_id": r.id, "content": r.content}));
            }
        }
    }
    match turn.speaker {
        Speaker::Person if words.is_empty() => {}
        Speaker::Person => messages.push(json!({"role": "user", "content": words})),
        Speaker::Model if calls.is_empty() => {
            messages.push(json!({"role": "assistant", "content": words}));
        }
        Speaker::Model => messages.push(json!({"role": "assistant", "content": words, "tool_calls": calls})),
    }
}

/// Reads an answer.
#[derive(Default)]
pub(super) struct Reader {
    pub usage: Usage,
    /// Calls with the place that the server gave them.
    calls: Vec<(Option<u64>, Draft)>,
    stop: Option<Stop>,
    thinking: Thinking,
}

impl Reader {
    pub fn event(&mut self, event: &SseEvent, out: &mut Vec<ModelEvent>) -> Result<(), WireFault> {
        if event.data.trim() == "[DONE]" {
            return self.end(out);
        }
        let data: Value = serde_json::from_str(&event.data).map_err(|_| WireFault::Format)?;
        self.chunk(&data, out)
    }

    /// An answer that came as one JSON.
    pub fn whole(&mut self, data: &Value, out: &mut Vec<ModelEvent>) -> Result<(), WireFault> {
        self.chunk(data, out)?;
        if self.stop.is_none() && data["choices"].get(0).is_none() {
            return Err(WireFault::Format);
        }
        self.stop.get_or_insert(Stop::End);
        self.end(out)
    }

    fn chunk(&mut self, data: &Value, out: &mut Vec<ModelEvent>) -> Result<(), WireFault> {
        if let Some(error) = data.get("error").filter(|e| !e.is_null()) {
            let named = [text(error, "type"), text(error, "code")].join(" ");
            return Err(WireFault::Provider(ProviderFault::of(&named)));
        }
        if let Some(usage) = data.get("usage") {
            self.usage.input = self.usage.input.max(count(usage, "prompt_tokens").unwrap_or(0));
            self.usage.output = self.usage.output.max(count(usage, "completion_tokens").unwrap_or(0));
        }
        // More than one choice is never asked for.
        let Some(choice) = data["choices"].get(0) else { return Ok(()) };
        let delta = choice.get("delta").or_else(|| choice.get("message")).unwrap_or(&Value::Null);
        match &delta["content"] {
            Value::String(words) => self.thinking.push(words, out),
            Value::Array(parts) => parts.iter().for_each(|p| self.thinking.push(text(p, "text"), out)),
            _ => {}
        }
        self.thinking.push(text(delta, "refusal"), out);
        for call in delta["tool_calls"].as_array().into_iter().flatten() {
            self.piece(call)?;
        }
        if let Some(reason) = choice["finish_reason"].as_str() {
            self.stop = Some(match reason {
                "tool_calls" | "function_call" => Stop::Tools,
                "length" => Stop::Length,
                "content_filter" => Stop::Refused,
                _ => Stop::End,
            });
        }
        Ok(())
    }

    /// A piece of a call: by its place, else by its id, else a new one when it has a name, else the last.
    fn piece(&mut self, call: &Value) -> Result<(), WireFault> {
        let (index, id, function) = (count(call, "index"), text(call, "id"), &call["function"]);
        let name = text(function, "name");
        let known = match index {
            Some(_) => self.calls.iter().position(|(i, _)| *i == index),
            None if !id.is_empty() => self.calls.iter().position(|(_, d)| d.id == id),
            None if name.is_empty() => self.calls.len().checked_sub(1),
            None => None,
        };
        let at = match known {
            Some(at) => at,
            None if self.calls.len() >= CALLS => return Err(WireFault::TooLong),
            None => {
                self.calls.push((index, Draft::default()));
                self.calls.len() - 1
            }
        };
        let Some((_, draft)) = self.calls.get_mut(at) else { return Err(WireFault::Format) };
        if draft.id.is_empty() {
            id.clone_into(&mut draft.id);
        }
        if draft.name.is_empty() {
            name.clone_into(&mut draft.name);
        }
        match &function["arguments"] {
            Value::String(text) => draft.more(text)?,
            object @ Value::Object(_) => draft.object = Some(object.clone()),
            _ => {}
        }
        Ok(())
    }

    /// The stream has ended, with `[DONE]` or without.
    pub fn end(&mut self, out: &mut Vec<ModelEvent>) -> Result<(), WireFault> {
        let Some(stop) = self.stop else { return Err(WireFault::Cut) };
        self.thinking.finish(out);
        let calls = std::mem::take(&mut self.calls);
        // Some say "stop" although they wait for tools.
        let stop = match stop {
            Stop::End | Stop::Tools if calls.is_empty() => Stop::End,
            Stop::End => Stop::Tools,
            other => other,
        };
        // Arguments that were cut off by the limit are no arguments.
        if stop == Stop::Tools {
            for (n, (_, draft)) in calls.into_iter().enumerate() {
                out.push(ModelEvent::Call(draft.done(n)?));
            }
        }
        out.push(ModelEvent::Stop(stop, self.usage));
        Ok(())
    }
}

/// Leaves out what a local model thinks aloud at the start: `<think>…</think>`.
#[derive(Default)]
struct Thinking {
    held: String,
    state: ThinkState,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum ThinkState {
    /// It may begin with `<think>`.
    #[default]
    Unknown,
    Inside,
    Over,
}

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

impl Thinking {
    fn push(&mut self, words: &str, out: &mut Vec<ModelEvent>) {
        if words.is_empty() {
            return;
        }
        if self.state == ThinkState::Over {
            out.push(ModelEvent::Text(words.to_owned()));
            return;
        }
        self.held.push_str(words);
        if self.state == ThinkState::Unknown {
            let begun = self.held.trim_start();
            if begun.starts_with(OPEN) {
                self.state = ThinkState::Inside;
            } else if !OPEN.starts_with(begun) {
                self.state = ThinkState::Over;
                out.push(ModelEvent::Text(std::mem::take(&mut self.held)));
            }
        }
        if self.state == ThinkState::Inside {
            match self.held.find(CLOSE) {
                Some(at) => {
                    let rest = self.held.split_off(at + CLOSE.len());
                    self.held.clear();
                    self.state = ThinkState::Over;
                    self.push(rest.trim_start(), out);
                }
                // Only the end can still be a part of the closing mark.
                None => {
                    let mut keep = self.held.len().saturating_sub(CLOSE.len());
                    while !self.held.is_char_boundary(keep) {
                        keep -= 1;
                    }
                    self.held.replace_range(..keep, "");
                }
            }
        }
    }

    fn finish(&mut self, out: &mut Vec<ModelEvent>) {
        let held = std::mem::take(&mut self.held);
        if self.state == ThinkState::Unknown && !held.trim().is_empty() {
            out.push(ModelEvent::Text(held));
        }
    }
}
