// A model server that speaks OpenAI-compatible chat completions over HTTP, streaming, as llama.cpp, vLLM and
// Ollama do: pieces of text, calls of tools in pieces, an end.
import http from "node:http";

const piece = (delta, finish_reason = null) =>
  `data: ${JSON.stringify({ id: "chat-1", object: "chat.completion.chunk", created: 1, model: "local", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;

/**
 * `answer(request, n)` says what comes: a text, or `{call: name, with: arguments}`. `n` counts what was asked so far.
 * `asked` holds the requests as they came.
 */
export async function modelServer(answer) {
  const asked = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      const sent = { path: request.url, headers: request.headers, body: JSON.parse(body) };
      asked.push(sent);
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(piece({ role: "assistant", content: "" }));
      const said = answer(sent.body, asked.length);
      if (typeof said === "string") {
        for (const word of said.match(/\S+\s*|\s+/g) ?? []) response.write(piece({ content: word }));
        response.write(piece({}, "stop"));
      } else {
        const text = JSON.stringify(said.with);
        const half = Math.ceil(text.length / 2);
        response.write(piece({ tool_calls: [{ index: 0, id: `call-${asked.length}`, type: "function", function: { name: said.call, arguments: "" } }] }));
        for (const part of [text.slice(0, half), text.slice(half)]) response.write(piece({ tool_calls: [{ index: 0, function: { arguments: part } }] }));
        response.write(piece({}, "tool_calls"));
      }
      response.write(`data: ${JSON.stringify({ id: "chat-1", object: "chat.completion.chunk", choices: [], usage: { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 } })}\n\n`);
      response.end("data: [DONE]\n\n");
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
