// Apple Health exports: from the sealed upload to sealed columns, on one core; and two programs that
// do a like job (XML into SQLite, unsealed), on a smaller file because they are slow.
import { execFileSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { example, onOneCore, peer, pin, scale, workFolder } from "./lib/env.mjs";
import { appleXml } from "./lib/generate.mjs";
import { allRead, benchServer, newPerson, peakMemory, upload } from "./lib/person.mjs";
import { median, now, row, seconds, skipped } from "./lib/report.mjs";

const PEER_LIMIT_MS = 240_000;
const folder = workFolder();

/** export.xml and export.zip of one size, named and laid out as the phone does. */
async function exportOf(name, bytes) {
  const inner = path.join(folder, name, "apple_health_export");
  await mkdir(inner, { recursive: true });
  const xml = path.join(inner, "export.xml");
  const made = await appleXml(xml, { bytes });
  execFileSync("python3", ["-m", "zipfile", "-c", "export.zip", "apple_health_export"], { cwd: path.join(folder, name) });
  return { xml, zip: path.join(folder, name, "export.zip"), bytes: made.bytes };
}

function peerSpeed(program, args, env, bytes) {
  const start = now();
  try {
    onOneCore(peer(program), args, { env: { ...process.env, ...env }, stdio: "ignore", timeout: PEER_LIMIT_MS });
  } catch (error) {
    return { reason: error.code === "ETIMEDOUT" ? "not done in four minutes" : String(error.message).split("\n")[0] };
  }
  return { speed: bytes / 1e6 / seconds(start) };
}

async function ours(file, type, bytes) {
  const server = await benchServer();
  try {
    const person = await newPerson(server);
    pin(server.pid);
    await upload(person, file, type);
    const start = now();
    const { result, peak } = await peakMemory(server.pid, async () => {
      await allRead(person, 1);
      return seconds(start);
    });
    return { speed: bytes / 1e6 / result, memory: peak() / 1e6 };
  } finally {
    await server.stop();
  }
}

/** The reader without server and sealing, beside a loop that does nothing but look at every attribute. */
function readerAlone() {
  const megabytes = scale(300);
  const text = onOneCore(example("apple_bench"), [String(megabytes)]);
  const speeds = (label) => {
    const all = [...text.matchAll(new RegExp(`^${label}: ([\\d.]+) MB/s`, "gm"))].map(([, n]) => Number(n));
    if (all.length === 0) throw new Error(`apple_bench told nothing of ${label}:\n${text}`);
    return median(all);
  };
  const beside = { peer: "bare quick-xml attribute loop", peer_value: speeds("quick-xml attribute loop") };
  row(`Apple Health export.xml of ${megabytes} MB, the reader alone, one core`, speeds("export\\.xml"), "MB/s of XML", beside);
}

readerAlone();
const small = await exportOf("small", scale(60e6));
const peers = {
  "healthkit-to-sqlite": peerSpeed("healthkit-to-sqlite", [small.xml, path.join(folder, "a.db"), "--xml"], {}, small.bytes),
  "apple-health-export-mcp": peerSpeed("apple-health-export-mcp-ingest", [small.zip], { AH_DB_PATH: path.join(folder, "b.db") }, small.bytes),
};
const big = await exportOf("big", scale(1e9));
const size = `${Math.round(big.bytes / 1e6).toLocaleString("en")} MB`;
for (const [kind, file, type, least] of [
  ["export.xml", big.xml, "application/xml", 150],
  ["export.zip", big.zip, "application/zip", 100],
]) {
  const { speed, memory } = await ours(file, type, big.bytes);
  for (const [name, { speed: theirs, reason }] of Object.entries(peers)) {
    const what = `Apple Health ${kind} of ${size}, one core`;
    const beside = `${name} on ${Math.round(small.bytes / 1e6)} MB`;
    if (theirs) row(what, speed, "MB/s of XML", { peer: beside, peer_value: theirs, target: String(least), ok: speed >= least });
    else {
      row(what, speed, "MB/s of XML", { target: String(least), ok: speed >= least });
      skipped(beside, reason);
    }
  }
  row(`the same (${kind}), server and parser together at their peak`, memory, "MB", { target: "under 200", ok: memory < 200 });
}
