// Pages a second of the markers page of a person with 10,000 records, beside the same bytes from memory.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { example, quick, workFolder } from "./lib/env.mjs";
import { fhirBundle } from "./lib/generate.mjs";
import { allRead, benchServer, get, memory, newPerson, upload } from "./lib/person.mjs";
import { row } from "./lib/report.mjs";

const DURATION = quick ? "3s" : "15s";

function wrk(url, headers = []) {
  const text = execFileSync("wrk", ["-t1", "-c32", `-d${DURATION}`, "--latency", ...headers.flatMap((h) => ["-H", h]), url], { encoding: "utf8" });
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(`wrk met errors:\n${text}`);
  const [, half, unit] = text.match(/50%\s+([\d.]+)(us|ms|s)\b/);
  const perSecond = Number(text.match(/Requests\/sec:\s+([\d.]+)/)[1]);
  return { perSecond, median: Number(half) * { us: 0.001, ms: 1, s: 1000 }[unit] };
}

const folder = workFolder();
const server = await benchServer();
let peer;
try {
  const person = await newPerson(server);
  const bundle = path.join(folder, "records.json");
  await writeFile(bundle, JSON.stringify(fhirBundle(10_000)));
  await upload(person, bundle, "application/json");
  await allRead(person, 1);

  const page = await get(person, "/markers");
  const links = new Set(page.body.toString().match(/href="\/markers\/[^"/?]+"/g));
  if (links.size < 150) throw new Error(`the page shows ${links.size} markers, not 150`);
  const file = path.join(folder, "page.html");
  await writeFile(file, page.body);
  peer = spawn(example("static_peer"), [file, page.headers["content-type"]], { stdio: ["ignore", "pipe", "inherit"] });
  const [address] = await once(peer.stdout, "data");

  wrk(`${server.url}/markers`, [`Cookie: ${person.cookie}`]); // warm
  const ours = wrk(`${server.url}/markers`, [`Cookie: ${person.cookie}`]);
  const limit = wrk(String(address).trim());
  const what = `the same ${Math.round(page.body.length / 1000)} kB from memory by axum`;
  row("Markers page of 10,000 records, 32 connections", ours.perSecond, "pages/s", { peer: what, peer_value: limit.perSecond, target: "1,500", ok: ours.perSecond >= 1500 });
  row("the same, median time", ours.median, "ms", { less: true, peer: what, peer_value: limit.median, target: "under 10", ok: ours.median < 10 });
  const peak = memory(server.pid).peak / 1e6;
  row("the same, memory of the server at its peak", peak, "MB", { target: "under 150", ok: peak < 150 });
} finally {
  peer?.kill();
  await server.stop();
}
