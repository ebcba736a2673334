// Where a scenario finds what was built for it.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const need = (name) => process.env[name] ?? (() => { throw new Error(`${name} is not set: run make bench`); })();

/** A tenth of every size, to try a scenario; such figures are not for the table. */
export const quick = process.env.KEEPWELL_BENCH_QUICK === "1";
export const scale = (n) => (quick ? Math.ceil(n / 10) : n);

export const example = (name) => path.join(need("KEEPWELL_BENCH_EXAMPLES"), name);
export const peer = (name) => path.join(need("KEEPWELL_BENCH_PEERS"), "bin", name);

/** A folder on the real disk (never a tmpfs), gone when the scenario ends. */
export function workFolder() {
  const parent = need("KEEPWELL_BENCH_TMP");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, "run-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const lastCore = os.cpus().length - 1;
/** Runs a program on one core and gives back what it printed. */
export const onOneCore = (program, args, options = {}) =>
  execFileSync("taskset", ["-c", String(lastCore), program, ...args], { encoding: "utf8", ...options });
/** Holds a running process, and the children it will have, to one core. */
export const pin = (pid) => execFileSync("taskset", ["-a", "-c", "-p", String(lastCore), String(pid)], { stdio: "ignore" });

/** `a=1 b=2.5` as { a: 1, b: 2.5 } */
export const figures = (text) => Object.fromEntries([...text.matchAll(/([a-z_]+)=([\d.]+)/g)].map(([, k, v]) => [k, Number(v)]));
