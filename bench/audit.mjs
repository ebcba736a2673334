// The audit log: verifying a million entries offline, proofs out of ten million, and what a look costs.
import { execFileSync } from "node:child_process";
import { example, figures, scale, workFolder } from "./lib/env.mjs";
import { benchServer, newPerson } from "./lib/person.mjs";
import { row } from "./lib/report.mjs";

const [entries, tree] = [scale(1_000_000), scale(10_000_000)];
const f = figures(execFileSync(example("audit_bench"), [workFolder(), String(entries), String(tree)], { encoding: "utf8" }));
const count = (n) => n.toLocaleString("en");
row(`Verifying ${count(entries)} entries offline (${f.verify_mb} MB)`, f.verify_s, "s", { target: "under 10", ok: f.verify_s < 10 });
row(`Proof of inclusion out of ${count(tree)} entries, from SQLite`, f.proof_ms, "ms", { target: "under 5", ok: f.proof_ms < 5 });
row("the same, the slowest of 500", f.proof_slowest_ms, "ms");
row("the same, its size", f.proof_bytes, "bytes", { target: "at most 1,024", ok: f.proof_bytes <= 1024 });
row("First looks by 32 at once: an entry each, on disk before the answer", f.first_per_s, "looks/s");
row("the same, median time", f.first_ms, "ms", { less: true, peer: "one bare write and sync of this disk", peer_value: f.sync_ms });

const server = await benchServer();
try {
  const person = await newPerson(server);
  const text = execFileSync("wrk", ["-t1", "-c32", "-d3s", "--latency", "-H", `Cookie: ${person.cookie}`, `${server.url}/markers`], { encoding: "utf8" });
  const [, half, unit] = text.match(/50%\s+([\d.]+)(us|ms|s)\b/);
  const median = Number(half) * { us: 0.001, ms: 1, s: 1000 }[unit];
  // Of a page without a single record, the quickest there is: of any other it is less.
  const share = (100 * f.again_us) / 1000 / median;
  row("A look again within the minute", f.again_us, "µs");
  row("the same, of the median of an empty Markers page at 32 connections", share, "%", { target: "under 10", ok: share < 10 });
} finally {
  await server.stop();
}
