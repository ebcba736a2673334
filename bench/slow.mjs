// A signed-in page while thousands of slow connections are held against the server.
import path from "node:path";
import { writeFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { quick, workFolder } from "./lib/env.mjs";
import { fhirBundle } from "./lib/generate.mjs";
import { allRead, benchServer, get, memory, newPerson, upload } from "./lib/person.mjs";
import { median, row } from "./lib/report.mjs";

const CONNECTIONS = 5000;
const PAGES = quick ? 100 : 500;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Milliseconds of each page, one after the other, each on a connection of its own. */
async function pages(person, count) {
  const times = [];
  for (let n = 0; n < count; n += 1) {
    const start = process.hrtime.bigint();
    await get(person, "/markers");
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
    await pause(10);
  }
  return times.sort((a, b) => a - b);
}

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

async function held(server, person, addresses, least) {
  const port = Number(new URL(server.url).port);
  const flood = new Worker(new URL("./lib/slow.mjs", import.meta.url), { workerData: { port, connections: CONNECTIONS, addresses } });
  let state = { open: 0, opened: 0, dropped: 0 };
  flood.on("message", (now) => (state = now));
  for (let waited = 0; state.open < least; waited += 100) {
    if (waited > 60_000) throw new Error(`only ${state.open} connections are open, of ${state.opened}`);
    await pause(100);
  }
  // Until the first have been dropped and have come again: from then on it stays as it is.
  await pause(8000);
  const times = await pages(person, PAGES);
  const seen = { ...state, memory: memory(server.pid).now / 1e6 };
  await flood.terminate();
  return { times, seen };
}

const folder = workFolder();
const server = await benchServer();
try {
  const person = await newPerson(server);
  const bundle = path.join(folder, "records.json");
  await writeFile(bundle, JSON.stringify(fhirBundle(1000)));
  await upload(person, bundle, "application/json");
  await allRead(person, 1);
  await pages(person, 50); // warm
  const alone = await pages(person, PAGES);
  row("Signed-in page, new connection each, alone: 99th percentile", at(alone, 0.99), "ms");

  for (const [what, addresses, least] of [["200 addresses", 200, 3500], ["the same address as the person", 1, 100]]) {
    const { times, seen } = await held(server, person, addresses, least);
    const p99 = at(times, 0.99);
    row(`the same under ${CONNECTIONS.toLocaleString("en")} slow connections from ${what}`, p99, "ms", { target: "under 100", ok: p99 < 100 });
    row("the same, median", median(times), "ms");
    row("the same, memory of the server", seen.memory, "MB");
    console.error(`  open ${seen.open}, opened ${seen.opened}, dropped ${seen.dropped}`);
    await pause(3000);
  }
} finally {
  await server.stop();
}
