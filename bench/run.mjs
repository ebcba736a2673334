// Runs the scenarios one after the other, each in a process of its own, and joins what they print into
// target/bench.json and the table of docs/performance.md.   node run.mjs [SCENARIO...]
import { spawn, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { quick } from "./lib/env.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const SCENARIOS = ["seal", "fhir", "pages", "audit", "log", "slow", "flood", "series", "apple", "size", "enumeration", "ask", "streams", "journal"];
const LIMIT_MS = 20 * 60_000;
const [BEGIN, END] = ["<!-- bench:begin -->", "<!-- bench:end -->"];

function scenario(name) {
  return new Promise((done) => {
    const rows = [];
    const child = spawn(process.execPath, [path.join(here, `${name}.mjs`)], { stdio: ["ignore", "pipe", "inherit"], timeout: LIMIT_MS });
    let rest = "";
    child.stdout.on("data", (part) => {
      const lines = (rest + part).split("\n");
      rest = lines.pop();
      for (const line of lines.filter((l) => l.startsWith("{"))) {
        const one = { scenario: name, ...JSON.parse(line) };
        rows.push(one);
        console.error(`  ${describe(one)}`);
      }
    });
    child.on("close", (code, signal) => {
      if (code !== 0) rows.push({ scenario: name, name: `scenario ${name}`, failed: signal ? `ended by ${signal}` : `exit ${code}` });
      done(rows);
    });
  });
}

function figure(n) {
  if (n === undefined || n === null) return "";
  if (n >= 1000) return Math.round(n).toLocaleString("en");
  return String(Number(n.toPrecision(3)));
}
const describe = (r) =>
  r.failed || r.skipped
    ? `${r.name}: ${r.failed ?? `not measured: ${r.skipped}`}`
    : `${r.name}: ${figure(r.value)} ${r.unit}${r.ratio ? `, ${figure(r.ratio)} times ${r.peer} (${figure(r.peer_value)})` : ""}${r.ok === false ? "  MISSES ITS TARGET" : ""}`;

function machine() {
  const cpus = os.cpus();
  const tell = (program, ...args) => {
    try {
      return execFileSync(program, args, { encoding: "utf8", cwd: root }).trim().split("\n")[0];
    } catch {
      return `no ${program}`;
    }
  };
  return {
    cpu: cpus[0].model.trim(),
    cores: cpus.length,
    memory_gb: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    rustc: tell("rustc", "--version"),
    commit: tell("git", "rev-parse", "--short", "HEAD"),
  };
}

function table(rows, on) {
  const cell = (text) => String(text ?? "").replaceAll("|", "\\|");
  const line = (r) => {
    if (r.failed || r.skipped) return `| ${cell(r.name)} | ${cell(r.failed ?? `not measured: ${r.skipped}`)} | | | | |`;
    const met = r.ok === undefined ? "" : r.ok ? "yes" : "**no**";
    const peer = r.peer ? `${r.peer}: ${figure(r.peer_value)} ${r.unit}` : "";
    return `| ${cell(r.name)} | ${figure(r.value)} ${r.unit} | ${cell(peer)} | ${r.ratio ? figure(r.ratio) : ""} | ${cell(r.target)} | ${met} |`;
  };
  return [
    `Measured on ${on.cores} cores of ${on.cpu}, ${on.memory_gb} GiB, ${on.system}, ${on.rustc}, at commit ${on.commit}.`,
    "A ratio above 1 means that Keepwell did better than what ran beside it in the same run.",
    "",
    "| what | Keepwell | beside it | ratio | target | met |",
    "| --- | ---: | --- | ---: | --- | --- |",
    ...rows.map(line),
  ].join("\n");
}

function writeDocument(text) {
  const file = path.join(root, "docs/performance.md");
  const start = existsSync(file) ? readFileSync(file, "utf8") : `# Speed\n\n\`make bench\` writes this table.\n\n${BEGIN}\n${END}\n`;
  const [from, to] = [start.indexOf(BEGIN), start.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has lost its markers ${BEGIN} and ${END}`);
  writeFileSync(file, `${start.slice(0, from + BEGIN.length)}\n${text}\n${start.slice(to)}`);
}

const names = process.argv.slice(2);
for (const name of names) if (!SCENARIOS.includes(name)) throw new Error(`no scenario ${name}; there are ${SCENARIOS.join(", ")}`);
const rows = [];
for (const name of names.length ? names : SCENARIOS) {
  console.error(`==> ${name}`);
  rows.push(...(await scenario(name)));
}
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
mkdirSync(target, { recursive: true });
const on = machine();
writeFileSync(path.join(target, "bench.json"), `${JSON.stringify({ machine: on, quick, rows }, null, 2)}\n`);
// Parts and tries say nothing about the whole: only a full run rewrites the table.
if (names.length === 0 && !quick) writeDocument(table(rows, on));
else console.log(table(rows, on));
if (rows.some((r) => r.failed)) process.exitCode = 1;
