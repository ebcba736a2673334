// A question to the built-in answerer over 10,000 records: from sending it to the first words of the answer,
// through the server, with the conversation kept and the act logged.
import http from "node:http";
import path from "node:path";
import { writeFile } from "node:fs/promises";
import { workFolder } from "./lib/env.mjs";
import { fhirBundle } from "./lib/generate.mjs";
import { allRead, benchServer, get, newPerson, upload } from "./lib/person.mjs";
import { median, row } from "./lib/report.mjs";

const QUESTIONS = [
  "What was my last ferritin?",
  "How has my LDL changed since 2015?",
  "Which results are out of range?",
  "What was my highest glucose last year?",
  "Wie war mein Hämoglobin im Mai 2014?",
  "Compare my sodium in 2013 and 2014",
  "How many potassium results do I have?",
  "What changed since my last visit?",
];

/** Milliseconds to the first words and to the end. */
function ask(person, agent, question) {
  const start = performance.now();
  return new Promise((done, fail) => {
    const request = http.request(`${person.server.url}/api/v1/ask`, {
      method: "POST",
      agent,
      headers: { cookie: person.cookie, origin: person.server.url, accept: "text/event-stream", "content-type": "application/json" },
    });
    request.on("error", fail);
    request.on("response", (answer) => {
      let text = "";
      let first;
      answer.on("data", (part) => {
        text += part;
        if (first === undefined && /^event: (delta|done)$/m.test(text)) first = performance.now() - start;
      });
      answer.on("end", () => {
        if (!/^event: done$/m.test(text)) fail(new Error(`${question}: ${answer.statusCode} ${text.slice(0, 300)}`));
        else done({ first, whole: performance.now() - start });
      });
    });
    request.end(JSON.stringify({ question }));
  });
}

const folder = workFolder();
const server = await benchServer();
try {
  const person = await newPerson(server);
  const bundle = path.join(folder, "records.json");
  await writeFile(bundle, JSON.stringify(fhirBundle(10_000)));
  await upload(person, bundle, "application/json");
  await allRead(person, 1);
  await get(person, "/overview"); // Whoever asks has looked at a page before.
  const agent = new http.Agent({ keepAlive: true });
  const opening = await ask(person, agent, QUESTIONS[0]);
  row("First words of an answer, 10,000 records, the first question", opening.first, "ms", { target: "under 50", ok: opening.first < 50 });
  const later = [];
  for (let round = 0; round < 20; round += 1) for (const question of QUESTIONS) later.push(await ask(person, agent, question));
  const firsts = later.map(({ first }) => first);
  row("the same, later questions, median", median(firsts), "ms", { target: "under 50", ok: median(firsts) < 50 });
  row("the same, the slowest of 160", Math.max(...firsts), "ms", { target: "under 50", ok: Math.max(...firsts) < 50 });
  row("the same, to the end of the answer, median", median(later.map(({ whole }) => whole)), "ms");
  agent.destroy();
} finally {
  await server.stop();
}
