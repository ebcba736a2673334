// Two hundred answers held open at once on two cores: a model server that never finishes speaks the
// OpenAI-compatible wire format, and each person listens to the event stream of a question.
import { execFileSync } from "node:child_process";
import http from "node:http";
import path from "node:path";
import { writeFile } from "node:fs/promises";
import { quick, workFolder } from "./lib/env.mjs";
import { exchange } from "../end2end/lib/server.mjs";
import { fhirBundle } from "./lib/generate.mjs";
import { allRead, benchServer, get, memory, newPerson, upload } from "./lib/person.mjs";
import { median, row } from "./lib/report.mjs";

const STREAMS = quick ? 20 : 200;
const PEOPLE = 10;
const HELD_MS = quick ? 3000 : 15_000;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Settings that lead to that model, and let as many listen from one address. */
const env = (model) => ({
  KEEPWELL_AI_KIND: "openai",
  KEEPWELL_AI_BASE_URL: model,
  KEEPWELL_AI_MODEL: "slow",
  KEEPWELL_AI_KEY: "bench",
  KEEPWELL_AI_NAME: "Slow model",
  KEEPWELL_AI_PLACE: "this machine",
  KEEPWELL_HTTP_CONNECTIONS_PER_ADDRESS: "1000",
});

/** Agrees to the provider by the page's own form, as a person does. */
async function consent(person) {
  const { url } = person.server;
  const form = (fields) => {
    const headers = { cookie: person.cookie, origin: url, "content-type": "application/x-www-form-urlencoded" };
    return exchange(`${url}/ask`, { method: "POST", headers, body: new URLSearchParams(fields).toString() });
  };
  const hidden = (html, name) => html.match(new RegExp(`name="${name}"[^>]*value="([^"]*)"`))?.[1];
  const profile = hidden((await get(person, "/ask")).body.toString(), "_profile");
  const sheet = await form({ _form: "ask_question", _profile: profile, question: "May I agree?", leave: "1" });
  const fingerprint = hidden(sheet.body.toString(), "fingerprint");
  if (!fingerprint) throw new Error(`no consent was asked for: ${sheet.status}`);
  const agreed = await form({ _form: "give_consent", _profile: profile, question: "May I agree?", fingerprint, word: "agree" });
  if (agreed.status !== 303) throw new Error(`agreeing answered ${agreed.status}`);
}

/** A model server that says a word a second, for ever; only the question of consent has an end. */
function slowModel() {
  let asked = 0;
  const server = http.createServer((request, answer) => {
    let text = "";
    request.on("data", (part) => (text += part));
    request.on("end", () => {
      asked += 1;
      answer.writeHead(200, { "content-type": "text/event-stream" });
      const say = (content) => answer.write(`data: ${JSON.stringify({ id: "x", object: "chat.completion.chunk", choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }] })}\n\n`);
      say("Well");
      if (text.includes("May I agree?")) {
        answer.write(`data: ${JSON.stringify({ id: "x", object: "chat.completion.chunk", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\n`);
        answer.end("data: [DONE]\n\n");
        return;
      }
      const timer = setInterval(() => say(" …"), 1000);
      answer.on("close", () => clearInterval(timer));
    });
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done({ url: `http://127.0.0.1:${server.address().port}/v1`, asked: () => asked, close: () => server.closeAllConnections() || server.close() })));
}

/** Asks and listens; `opened` is called with the first event. */
function listen(person, question, opened) {
  const request = http.request(`${person.server.url}/api/v1/ask`, {
    method: "POST",
    agent: false,
    headers: { cookie: person.cookie, origin: person.server.url, accept: "text/event-stream", "content-type": "application/json" },
  });
  const state = { open: false, ended: false, status: 0, close: () => request.destroy() };
  request.on("error", () => (state.ended = true));
  request.on("response", (answer) => {
    state.status = answer.statusCode;
    answer.on("error", () => (state.ended = true));
    answer.once("data", () => {
      state.open = answer.statusCode === 200;
      opened();
    });
    answer.resume();
    answer.on("close", () => (state.ended = true));
  });
  request.end(JSON.stringify({ question }));
  return state;
}

const folder = workFolder();
const model = await slowModel();
const server = await benchServer(env(model.url));
try {
  // Two cores, whatever the machine has.
  execFileSync("taskset", ["-a", "-c", "-p", "0,1", String(server.pid)], { stdio: "ignore" });
  const people = [];
  const bundle = path.join(folder, "records.json");
  await writeFile(bundle, JSON.stringify(fhirBundle(1000)));
  for (let n = 0; n < PEOPLE; n += 1) {
    const person = await newPerson(server);
    await upload(person, bundle, "application/json");
    await allRead(person, 1);
    await consent(person);
    people.push(person);
  }
  const before = memory(server.pid).now;
  let open = 0;
  const all = Array.from({ length: STREAMS }, (_, n) => listen(people[n % PEOPLE], `What was my last glucose, number ${n}?`, () => (open += 1)));
  for (let waited = 0; open < STREAMS; waited += 100) {
    if (waited > 60_000) throw new Error(`only ${open} of ${STREAMS} streams are open: ${all.find((s) => !s.open)?.status}`);
    await pause(100);
  }
  await pause(HELD_MS);
  const held = all.filter((s) => s.open && !s.ended).length;
  const now = memory(server.pid).now;
  row(`Answers held open at once on two cores, of ${STREAMS}`, held, "streams", { target: String(STREAMS), ok: held === STREAMS });
  row("memory of the server meanwhile", now / 1e6, "MB", { target: "under 200", ok: now < 200e6 });
  row("of it for the streams", Math.max(now - before, 0) / 1e6, "MB");
  const times = [];
  for (let n = 0; n < 20; n += 1) {
    const start = performance.now();
    await get(people[n % PEOPLE], "/markers");
    times.push(performance.now() - start);
  }
  row("Markers page meanwhile, median", median(times), "ms");
  all.forEach((s) => s.close());
} finally {
  model.close();
  await server.stop();
}
