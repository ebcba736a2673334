// Sign-in attempts over the limit, while somebody who is signed in looks at a page.
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { exchange } from "../end2end/lib/server.mjs";
import { quick, workFolder } from "./lib/env.mjs";
import { fhirBundle } from "./lib/generate.mjs";
import { allRead, benchServer, get, memory, newPerson, peakMemory, upload } from "./lib/person.mjs";
import { row } from "./lib/report.mjs";

const DURATION = quick ? "3s" : "15s";
const CONNECTIONS = 64;
const BODY = JSON.stringify({ email: "flood@example.org", password: "not the right password" });

/** What wrk says of a run, in milliseconds and answers a second. */
async function wrk(url, connections, args) {
  const child = spawn("wrk", ["-t1", `-c${connections}`, `-d${DURATION}`, "--latency", ...args, url], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const part of child.stdout) text += part;
  if (/Socket errors/.test(text)) throw new Error(`wrk met errors:\n${text}`);
  const quantile = (q) => {
    const [, number, unit] = text.match(new RegExp(`${q}%\\s+([\\d.]+)(us|ms|s)\\b`));
    return Number(number) * { us: 0.001, ms: 1, s: 1000 }[unit];
  };
  return {
    requests: Number(text.match(/(\d+) requests in/)[1]),
    refused: Number(text.match(/Non-2xx or 3xx responses: (\d+)/)?.[1] ?? 0),
    perSecond: Number(text.match(/Requests\/sec:\s+([\d.]+)/)[1]),
    median: quantile(50),
    slow: quantile(99),
  };
}

const folder = workFolder();
const server = await benchServer({ KEEPWELL_LIMITS_LOGIN: "5" });
try {
  const person = await newPerson(server);
  const bundle = path.join(folder, "records.json");
  await writeFile(bundle, JSON.stringify(fhirBundle(1000)));
  await upload(person, bundle, "application/json");
  await allRead(person, 1);

  const attempt = async () => {
    const headers = { "content-type": "application/json", origin: server.url };
    const answer = await exchange(`${server.url}/api/v1/login`, { method: "POST", headers, body: BODY });
    return answer.status;
  };
  /** A script for wrk that sends attempts, each connection one in so many milliseconds. */
  const script = async (name, pause) => {
    const file = path.join(folder, name);
    const delay = pause ? `function delay() return ${pause} end\n` : "";
    const headers = `wrk.headers["Content-Type"] = "application/json"\nwrk.headers["Origin"] = "${server.url}"\n`;
    await writeFile(file, `wrk.method = "POST"\nwrk.body = '${BODY}'\n${headers}${delay}`);
    return ["-s", file];
  };
  const page = () => wrk(`${server.url}/markers`, 4, ["-H", `Cookie: ${person.cookie}`]);
  const flood = (args) => wrk(`${server.url}/api/v1/login`, CONNECTIONS, args);

  await get(person, "/markers");
  const alone = await page();
  // Five go through, at the price of five password hashes; what follows within the minute is refused.
  const first = await Promise.all(Array.from({ length: 6 }, attempt));
  if (!first.includes(429)) throw new Error(`the limit is not reached: ${first}`);
  const before = memory(server.pid).now;

  const slowly = await script("steady.lua", CONNECTIONS);
  const [steady, during] = await Promise.all([flood(slowly), page()]);
  row("Markers page while 1,000 sign-ins a second are refused, median", during.median, "ms", { less: true, peer: "without them", peer_value: alone.median, target: "under 20", ok: during.median < 20 && steady.perSecond > 900 });

  const fast = await script("most.lua", 0);
  const work = () => Promise.all([flood(fast), page()]);
  const { result: [most, beside], peak } = await peakMemory(server.pid, work);
  const refused = (most.refused / most.requests) * most.perSecond;
  row("Sign-ins over the limit refused beside that page, 64 connections", refused, "/s", { target: "5,000", ok: refused >= 5000 && most.requests - most.refused <= 5 });
  row("the page meanwhile, median", beside.median, "ms", { less: true, peer: "without them", peer_value: alone.median, target: "under 20", ok: beside.median < 20 });
  row("the page meanwhile, 99 of 100", beside.slow, "ms", { less: true, peer: "without them", peer_value: alone.slow });
  const grown = (peak() - before) / 1e6;
  row("memory that the floods took at their peak", Math.max(grown, 0), "MB", { target: "under 100", ok: grown < 100 });
} finally {
  await server.stop();
}
