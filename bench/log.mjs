// Looking through the whole log: pages by every kind of filter out of five million entries.
import { execFileSync } from "node:child_process";
import { example, figures, scale, workFolder } from "./lib/env.mjs";
import { row } from "./lib/report.mjs";

const entries = scale(5_000_000);
const count = entries.toLocaleString("en");
const f = figures(execFileSync(example("log_bench"), [workFolder(), String(entries)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
row(`A filter over ${count} entries of the log, with its count, from SQLite (median of all filters)`, f.sqlite_median_ms, "ms");
row("the same, the slowest of 180", f.sqlite_slowest_ms, "ms", { target: "under 100", ok: f.sqlite_slowest_ms < 100 });
