//! Both wire formats, as the real servers write them and as others do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![forbid(unsafe_code)]

use keepwell_ask::model::{
    Decoder, ModelEvent, Part, ProviderFault, Request, Speaker, Stop, ToolCall, ToolResult, ToolSpec, Turn,
    Usage, Wire, WireFault,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(wire: Wire, pieces: &[&[u8]]) -> Result<Vec<ModelEvent>, WireFault> {
    let mut decoder = Decoder::new(wire);
    let mut events = Vec::new();
    for p in pieces {
        events.extend(decoder.push(p)?);
    }
    events.extend(decoder.finish()?);
    Ok(events)
}

fn whole(wire: Wire, text: &str) -> Result<Vec<ModelEvent>, WireFault> {
    read(wire, &[text.as_bytes()])
}

/// Events in words, texts joined.
fn told(events: &[ModelEvent]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut text = String::new();
    for event in events {
        if !matches!(event, ModelEvent::Text(_)) && !text.is_empty() {
            out.push(std::mem::take(&mut text));
        }
        match event {
            ModelEvent::Text(t) => text.push_str(t),
            ModelEvent::Call(c) => {
                let arguments = c.arguments.as_ref().map_or("?".to_owned(), Value::to_string);
                out.push(format!("{} {} {arguments}", c.id, c.name));
            }
            ModelEvent::Stop(stop, usage) => out.push(format!("{stop:?} {}/{}", usage.input, usage.output)),
        }
    }
    out
}

fn sse(events: &[Value]) -> String {
    events
        .iter()
        .map(|e| format!("event: {}\ndata: {e}\n\n", e["type"].as_str().unwrap_or("message")))
        .collect()
}

fn anthropic() -> String {
    sse(&[
        json!({"type": "message_start", "message": {"id": "msg_1", "role": "assistant", "content": [],
            "usage": {"input_tokens": 25, "cache_read_input_tokens": 5, "output_tokens": 1}}}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}}),
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "hm 77"}}),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}}),
        json!({"type": "ping"}),
        json!({"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "Grüße, "}}),
        json!({"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "ich sehe nach."}}),
        json!({"type": "content_block_stop", "index": 1}),
        json!({"type": "content_block_start", "index": 2,
            "content_block": {"type": "tool_use", "id": "toolu_1", "name": "latest", "input": {}}}),
        json!({"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": ""}}),
        json!({"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": "{\"marker\": \"L"}}),
        json!({"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": "DL\"}"}}),
        json!({"type": "content_block_stop", "index": 2}),
        json!({"type": "content_block_start", "index": 3,
            "content_block": {"type": "tool_use", "id": "toolu_2", "name": "missing", "input": {}}}),
        json!({"type": "content_block_stop", "index": 3}),
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use", "stop_sequence": null},
            "usage": {"output_tokens": 89}}),
        json!({"type": "message_stop"}),
    ])
}

fn chunks(events: &[Value], done: bool) -> String {
    let mut text: String = events.iter().map(|e| format!("data: {e}\n\n")).collect();
    if done {
        text.push_str("data: [DONE]\n\n");
    }
    text
}

fn delta(delta: Value, finish: Option<&str>) -> Value {
    json!({"id": "c", "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], "usage": null})
}

fn openai() -> String {
    chunks(
        &[
            delta(json!({"role": "assistant", "content": null, "reasoning_content": "hm 77"}), None),
            delta(json!({"content": "Grüße, "}), None),
            delta(json!({"content": "ich sehe nach."}), None),
            delta(
                json!({"tool_calls": [{"index": 0, "id": "call_a", "type": "function",
                "function": {"name": "latest", "arguments": ""}}]}),
                None,
            ),
            delta(json!({"tool_calls": [{"index": 0, "function": {"arguments": "{\"marker\": \"L"}}]}), None),
            delta(
                json!({"tool_calls": [{"index": 1, "id": "call_b", "type": "function",
                "function": {"name": "missing", "arguments": "{}"}}]}),
                None,
            ),
            delta(json!({"tool_calls": [{"index": 0, "function": {"arguments": "DL\"}"}}]}), None),
            delta(json!({}), Some("tool_calls")),
            json!({"choices": [], "usage": {"prompt_tokens": 30, "completion_tokens": 89}}),
        ],
        true,
    )
}

#[test]
fn a_stream_of_each_format_says_the_same() {
    let rest = ["Tools 30/89"];
    assert_eq!(
        told(&whole(Wire::Anthropic, &anthropic()).unwrap()),
        [&["Grüße, ich sehe nach.", "toolu_1 latest {\"marker\":\"LDL\"}", "toolu_2 missing {}"], &rest[..]]
            .concat()
    );
    assert_eq!(
        told(&whole(Wire::OpenAi, &openai()).unwrap()),
        [&["Grüße, ich sehe nach.", "call_a latest {\"marker\":\"LDL\"}", "call_b missing {}"], &rest[..]]
            .concat()
    );
}

#[test]
fn one_json_in_place_of_a_stream_is_taken() {
    let answer = json!({"type": "message", "content": [{"type": "text", "text": "Ja."},
        {"type": "tool_use", "id": "t", "name": "latest", "input": {"marker": "LDL"}}],
        "stop_reason": "tool_use", "usage": {"input_tokens": 3, "output_tokens": 4}});
    let expected = ["Ja.", "t latest {\"marker\":\"LDL\"}", "Tools 3/4"];
    assert_eq!(told(&whole(Wire::Anthropic, &answer.to_string()).unwrap()), expected);
    let answer = json!({"choices": [{"message": {"role": "assistant", "content": "Ja.", "tool_calls": [
        {"id": "t", "type": "function", "function": {"name": "latest", "arguments": {"marker": "LDL"}}}]},
        "finish_reason": "tool_calls"}], "usage": {"prompt_tokens": 3, "completion_tokens": 4}});
    assert_eq!(told(&whole(Wire::OpenAi, &format!("\n {answer}")).unwrap()), expected);
}

#[test]
fn servers_without_ids_places_usage_or_end_are_understood() {
    let call = |name: &str| json!({"function": {"name": name, "arguments": "{\"marker\":\"LDL\"}"}});
    let text = chunks(
        &[
            delta(json!({"content": "<thi"}), None),
            delta(json!({"content": "nk>it is 77</th"}), None),
            delta(json!({"content": "ink>\n\nJa"}), None),
            delta(json!({"content": [{"type": "text", "text": "."}]}), None),
            delta(json!({"tool_calls": [call("latest"), call("series")]}), None),
            delta(json!({}), Some("stop")),
        ],
        false,
    );
    assert_eq!(
        told(&whole(Wire::OpenAi, &text).unwrap()),
        ["Ja.", "call_0 latest {\"marker\":\"LDL\"}", "call_1 series {\"marker\":\"LDL\"}", "Tools 0/0"]
    );
    let text = chunks(&[delta(json!({"content": "<the"}), Some("stop"))], true);
    assert_eq!(told(&whole(Wire::OpenAi, &text).unwrap()), ["<the", "End 0/0"]);
}

#[test]
fn arguments_that_are_no_object_are_a_call_without_arguments_to_be_answered() {
    for arguments in ["{\"marker\":", "[1]", "\"x\"", "nonsense"] {
        let text = chunks(
            &[delta(
                json!({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "latest", "arguments": arguments}}]}),
                Some("tool_calls"),
            )],
            true,
        );
        assert_eq!(told(&whole(Wire::OpenAi, &text).unwrap()), ["a latest ?", "Tools 0/0"]);
    }
}

#[test]
fn an_answer_that_breaks_off_is_never_whole() {
    let (a, o) = (anthropic(), openai());
    for (wire, text, end) in
        [(Wire::Anthropic, &a, "message_stop"), (Wire::OpenAi, &o, "finish_reason\":\"tool_calls")]
    {
        let last = text.rfind(end).unwrap();
        for cut in (0..last).filter(|&c| text.is_char_boundary(c)).step_by(7) {
            let fault = whole(wire, &text[..cut]).err().unwrap();
            assert!(matches!(fault, WireFault::Cut | WireFault::Format), "{cut}: {fault:?}");
        }
    }
    assert_eq!(whole(Wire::OpenAi, "{\"choices\": [").err(), Some(WireFault::Cut));
    assert_eq!(whole(Wire::OpenAi, "").err(), Some(WireFault::Cut));
}

#[test]
fn faults_of_the_provider_are_known_and_its_words_dropped() {
    let error =
        json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded: your LDL"}});
    let busy = Some(WireFault::Provider(ProviderFault::Busy));
    assert_eq!(whole(Wire::Anthropic, &sse(std::slice::from_ref(&error))).err(), busy);
    assert_eq!(whole(Wire::Anthropic, &error.to_string()).err(), busy);
    let error = json!({"error": {"message": "x", "type": "invalid_request_error", "code": "context_length_exceeded"}});
    let bad = Some(WireFault::Provider(ProviderFault::Request));
    assert_eq!(whole(Wire::OpenAi, &chunks(std::slice::from_ref(&error), true)).err(), bad);
    assert_eq!(whole(Wire::OpenAi, &error.to_string()).err(), bad);
    for wire in [Wire::Anthropic, Wire::OpenAi] {
        assert_eq!(whole(wire, "<html>nginx</html>").err(), Some(WireFault::Format));
        assert_eq!(whole(wire, "data: {not json}\n\n").err(), Some(WireFault::Format));
        assert_eq!(whole(wire, "{\"a\": 1}").err(), Some(WireFault::Format));
    }
}

#[test]
fn hostile_sizes_end_the_answer() {
    let piece =
        json!({"tool_calls": [{"index": 0, "function": {"name": "a", "arguments": "x".repeat(40_000)}}]});
    let text = chunks(&[delta(piece.clone(), None), delta(piece, None)], true);
    assert_eq!(whole(Wire::OpenAi, &text).err(), Some(WireFault::TooLong));
    let many: Vec<Value> = (0..100)
        .map(|i| {
            delta(json!({"tool_calls": [{"index": i, "id": i.to_string(), "function": {"name": "a"}}]}), None)
        })
        .collect();
    assert_eq!(whole(Wire::OpenAi, &chunks(&many, true)).err(), Some(WireFault::TooLong));
    let many: Vec<Value> = (0..100)
        .map(|i| json!({"type": "content_block_start", "index": i, "content_block": {"type": "tool_use", "id": "a", "name": "b"}}))
        .collect();
    assert_eq!(whole(Wire::Anthropic, &sse(&many)).err(), Some(WireFault::TooLong));
    let big = format!("{{\"a\": \"{}\"}}", "x".repeat(5 << 20));
    assert_eq!(whole(Wire::OpenAi, &big).err(), Some(WireFault::TooLong));
}

fn talk() -> (Vec<Turn>, Vec<ToolSpec>) {
    let call = ToolCall { id: "c1".into(), name: "latest".into(), arguments: Some(json!({"marker": "LDL"})) };
    let result = ToolResult { id: "c1".into(), content: "{}".into(), failed: false };
    let turns = vec![
        Turn::text(Speaker::Person, "LDL?"),
        Turn { speaker: Speaker::Model, parts: vec![Part::Text(String::new()), Part::Call(call)] },
        Turn { speaker: Speaker::Person, parts: vec![Part::Result(result)] },
    ];
    let tool = ToolSpec { name: "latest", description: "Newest.", schema: json!({"type": "object"}) };
    (turns, vec![tool])
}

#[test]
fn requests_are_written_as_each_format_wants_them() {
    let (turns, tools) = talk();
    let request = Request {
        model: "m",
        system: "Be kind.",
        turns: &turns,
        tools: &tools,
        may_call: true,
        max_tokens: 9,
        new_limit_name: false,
    };
    assert_eq!(
        Wire::Anthropic.encode(&request),
        json!({"model": "m", "max_tokens": 9, "stream": true, "system": "Be kind.",
        "tools": [{"name": "latest", "description": "Newest.", "input_schema": {"type": "object"}}],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "LDL?"}]},
            {"role": "assistant", "content": [
                {"type": "tool_use", "id": "c1", "name": "latest", "input": {"marker": "LDL"}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "c1", "content": "{}", "is_error": false}]},
        ]})
    );
    assert_eq!(
        Wire::OpenAi.encode(&request),
        json!({"model": "m", "max_tokens": 9, "stream": true, "stream_options": {"include_usage": true},
        "tools": [{"type": "function", "function":
            {"name": "latest", "description": "Newest.", "parameters": {"type": "object"}}}],
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "LDL?"},
            {"role": "assistant", "content": "", "tool_calls": [{"id": "c1", "type": "function",
                "function": {"name": "latest", "arguments": "{\"marker\":\"LDL\"}"}}]},
            {"role": "tool", "tool_call_id": "c1", "content": "{}"},
        ]})
    );
    let last = Request { may_call: false, ..request };
    assert_eq!(Wire::OpenAi.encode(&last)["tool_choice"], json!("none"));
    assert_eq!(Wire::Anthropic.encode(&last)["tool_choice"], json!({"type": "none"}));
    let newer = Wire::OpenAi.encode(&Request { new_limit_name: true, ..request });
    assert_eq!((&newer["max_completion_tokens"], &newer["max_tokens"]), (&json!(9), &Value::Null));
    assert_eq!(Wire::Anthropic.path("https://a.example"), "/v1/messages");
    assert_eq!(Wire::Anthropic.path("https://a.example/v1/"), "/messages");
}

#[test]
fn what_was_used_is_known_also_of_an_answer_that_breaks_off() {
    let text = anthropic();
    let mut decoder = Decoder::new(Wire::Anthropic);
    decoder.push(&text.as_bytes()[..400]).unwrap();
    assert_eq!(decoder.usage(), Usage { input: 30, output: 1 });
    assert_eq!(Stop::End, Stop::End);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn pieces_do_not_matter(cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..24), crlf in any::<bool>()) {
        for (wire, text) in [(Wire::Anthropic, anthropic()), (Wire::OpenAi, openai())] {
            let text = if crlf { text.replace('\n', "\r\n") } else { text };
            let bytes = text.as_bytes();
            let mut at: Vec<usize> = cuts.iter().map(|c| c.index(bytes.len() + 1)).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let pieces: Vec<&[u8]> = at.windows(2).map(|w| &bytes[w[0]..w[1]]).collect();
            let expected = told(&whole(wire, &text).unwrap());
            prop_assert_eq!(told(&read(wire, &pieces).unwrap()), expected);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(noise in proptest::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), len in 0usize..40) {
        for (wire, text) in [(Wire::Anthropic, anthropic()), (Wire::OpenAi, openai())] {
            let _ = read(wire, &[&noise]);
            let mut bytes = text.into_bytes();
            let from = at.index(bytes.len());
            let to = (from + len).min(bytes.len());
            bytes.splice(from..to, noise.iter().copied());
            let _ = read(wire, &[&bytes]);
        }
    }

    #[test]
    fn no_json_of_the_right_names_makes_it_panic(
        kind in "message_start|content_block_(start|delta|stop)|message_(delta|stop)|error|ping",
        index in prop_oneof![Just(json!(0)), Just(json!(-1)), Just(json!(1e30)), Just(json!("x")), Just(Value::Null)],
        inner in prop_oneof![Just(json!([])), Just(json!({"type": "tool_use"})), Just(json!({"type": "input_json_delta", "partial_json": 3})), Just(json!("x")), Just(json!({"tool_calls": [null, 1, {"function": []}]}))],
    ) {
        let event = json!({"type": kind, "index": index, "delta": inner, "content_block": inner, "message": inner, "usage": inner, "choices": [{"delta": inner, "finish_reason": index}]});
        for wire in [Wire::Anthropic, Wire::OpenAi] {
            let _ = whole(wire, &sse(&[event.clone(), event.clone()]));
            let _ = whole(wire, &event.to_string());
        }
    }
}
