//! Anthropic Messages: `POST /v1/messages` with `anthropic-version: 2023-06-01`, streamed.

use super::{
    ModelEvent, Part, ProviderFault, Request, Speaker, Stop, Turn, Usage, WireFault,
    decode::{CALLS, Draft, count, text},
    sse::SseEvent,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The version of the format, sent as `anthropic-version`.
pub const VERSION: &str = "2023-06-01";

/// The body of a request.
#[must_use]
pub fn encode(request: &Request<'_>) -> Value {
    let tools: Vec<Value> = request
        .tools
        .iter()
        .map(|t| json!({"name": t.name, "description": t.description, "input_schema": t.schema}))
        .collect();
    let mut body = json!({
        "model": request.model,
        "max_tokens": request.max_tokens,
        "stream": true,
        "system": request.system,
        "messages": request.turns.iter().map(message).collect::<Vec<_>>(),
        "tools": tools,
    });
    if !request.may_call {
        body["tool_choice"] = json!({"type": "none"});
    }
    body
}

fn message(turn: &Turn) -> Value {
    let parts: Vec<Value> = turn
        .parts
        .iter()
        .filter(|p| !matches!(p, Part::Text(t) if t.trim().is_empty()))
        .map(|part| match part {
            Part::Text(text) => json!({"type": "text", "text": text}),
            Part::Call(c) => json!({
                "type": "tool_use", "id": c.id, "name": c.name,
                "input": c.arguments.clone().unwrap_or_else(|| json!({})),
            }),
            Part::Result(r) => json!({
                "type": "tool_result", "tool_use_id": r.id, "content": r.content, "is_error": r.failed,
            }),
        })
        .collect();
    let role = match turn.speaker {
        Speaker::Person => "user",
        Speaker::Model => "assistant",
    };
    json!({"role": role, "content": parts})
}

/// Reads an answer.
#[derive(Default)]
pub(super) struct Reader {
    pub usage: Usage,
    calls: BTreeMap<u64, Draft>,
    done: usize,
    stop: Option<Stop>,
}

impl Reader {
    pub fn event(&mut self, event: &SseEvent, out: &mut Vec<ModelEvent>) -> Result<(), WireFault> {
        let data: Value = serde_json::from_str(&event.data).map_err(|_| WireFault::Format)?;
        let index = count(&data, "index").unwrap_or(0);
        match text(&data, "type") {
            "message_start" => self.used(&data["message"]["usage"]),
            "content_block_start" => self.block(index, &data["content_block"], out)?,
            "content_block_delta" => {
                let delta = &data["delta"];
                match text(delta, "type") {
                    "text_delta" => say(text(delta, "text"), out),
                    "input_json_delta" => {
                        let call = self.calls.get_mut(&index).ok_or(WireFault::Format)?;
                        call.more(text(delta, "partial_json"))?;
                    }
                    // Thinking, signatures, citations.
                    _ => {}
                }
            }
            "content_block_stop" => {
                if let Some(draft) = self.calls.remove(&index) {
                    self.call(draft, out)?;
                }
            }
            "message_delta" => {
                self.used(&data["usage"]);
                if let Some(reason) = data["delta"]["stop_reason"].as_str() {
                    self.stop = Some(stop(reason));
                }
            }
            "message_stop" => self.end(out)?,
            "error" => return Err(fault(&data)),
            // `ping`, and what later versions may add.
            _ => {}
        }
        Ok(())
    }

    /// An answer that came as one JSON.
    pub fn whole(&mut self, data: &Value, out: &mut Vec<ModelEvent>) -> Result<(), WireFault> {
        if data.get("error").is_some_and(|e| !e.is_null()) {
            return Err(fault(data));
        }
        let content = data["content"].as_array().ok_or(WireFault::Format)?;
        for (i, block) in content.iter().enumerate() {
            let i = i as u64;
            self.block(i, block, out)?;
            if let Some(draft) = self.calls.remove(&i) {
                self.call(draft, out)?;
            }
        }
        self.used(&data["usage"]);
        self.stop = Some(stop(text(data, "stop_reason")));
        self.end(out)
    }

    fn block(&mut self, index: u64, block: &Value, out: &mut Vec<ModelEvent>) -> Result<(), WireFault> {
        match text(block, "type") {
            "text" => say(text(block, "text"), out),
            "tool_use" => {
                if self.calls.len() + self.done >= CALLS {
                    return Err(WireFault::TooLong);
                }
                let draft = Draft {
                    id: text(block, "id").to_owned(),
                    name: text(block, "name").to_owned(),
                    arguments: String::new(),
                    object: block.get("input").cloned(),
                };
                self.calls.insert(index, draft);
            }
            _ => {}
        }
        Ok(())
    }

    fn call(&mut self, draft: Draft, out: &mut Vec<ModelEvent>) -> Result<(), WireFault> {
        out.push(ModelEvent::Call(draft.done(self.done)?));
        self.done += 1;
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<ModelEvent>) -> Result<(), WireFault> {
        if !self.calls.is_empty() {
            return Err(WireFault::Cut);
        }
        let stop = match self.stop {
            Some(Stop::Tools) if self.done == 0 => Stop::End,
            Some(stop) => stop,
            None => return Err(WireFault::Cut),
        };
        out.push(ModelEvent::Stop(stop, self.usage));
        Ok(())
    }

    /// Counts are totals, not additions.
    fn used(&mut self, usage: &Value) {
        let cached = ["cache_creation_input_tokens", "cache_read_input_tokens"];
        let cached = cached.iter().filter_map(|k| count(usage, k)).fold(0u64, u64::saturating_add);
        if let Some(n) = count(usage, "input_tokens") {
            self.usage.input = self.usage.input.max(n.saturating_add(cached));
        }
        if let Some(n) = count(usage, "output_tokens") {
            self.usage.output = self.usage.output.max(n);
        }
    }
}

fn say(text: &str, out: &mut Vec<ModelEvent>) {
    if !text.is_empty() {
        out.push(ModelEvent::Text(text.to_owned()));
    }
}

fn stop(reason: &str) -> Stop {
    match reason {
        "tool_use" => Stop::Tools,
        "max_tokens" | "model_context_window_exceeded" => Stop::Length,
        "refusal" => Stop::Refused,
        _ => Stop::End,
    }
}

fn fault(data: &Value) -> WireFault {
    WireFault::Provider(ProviderFault::of(text(&data["error"], "type")))
}
