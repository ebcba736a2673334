// 10,000 changes of the journal: written and sealed on one device, pushed, pulled and merged on a second one, beside the
// end-to-end-encrypted synchronisation of Actual Budget, which does the same for the rows of a budget. Then the journal's
// page in a browser.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { example, figures, quick, workFolder } from "./lib/env.mjs";
import { SLOWER, measurePage } from "./lib/journal-page.mjs";
import { benchServer, memory, newPerson } from "./lib/person.mjs";
import { median, row, skipped } from "./lib/report.mjs";

const CHANGES = quick ? 1000 : 10_000;
const ROUNDS = 3;
const ACTUAL = "26.9.0";
const here = path.dirname(fileURLToPath(import.meta.url));

/** The last line of why a program ended badly. */
const why = (e) => String(e.stderr || e.message).trim().split("\n").at(-1).slice(0, 200);

/** Installs the peer into the cache of peers, unless it is there. */
function install() {
  const folder = path.join(process.env.KEEPWELL_BENCH_PEERS ?? workFolder(), `actual-${ACTUAL}`);
  if (!existsSync(path.join(folder, "done"))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "actual-peer", private: true, type: "module" }));
    const wanted = [`@actual-app/sync-server@${ACTUAL}`, `@actual-app/api@${ACTUAL}`];
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...wanted], { cwd: folder, stdio: ["ignore", "ignore", "pipe"], encoding: "utf8", timeout: 10 * 60_000 });
    writeFileSync(path.join(folder, "done"), "");
  }
  return folder;
}

/** Runs the peer in processes of its own: it ends them as it likes. */
function actual() {
  const folder = install();
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [path.join(here, "lib/actual.mjs"), folder, String(CHANGES)], { cwd: folder, stdio: ["ignore", "pipe", "pipe"], timeout: 5 * 60_000 });
    let [out, err] = ["", ""];
    child.stdout.on("data", (part) => (out += part));
    child.stderr.on("data", (part) => (err += part));
    child.on("error", fail);
    child.on("close", (code) => {
      const told = figures(out);
      if (code === 0 && told.total_s && told.memory_mb) done(told);
      else fail(new Error(err.trim() || `it ended with ${code}`));
    });
  });
}

/** A site that was not packed is one to try things with; its figures say so. */
async function buildOf(url) {
  const worker = await (await fetch(`${url}/journal/sw.js`)).text();
  const program = worker.match(/"(\/journal\/[^"]+\.wasm)"/)[1];
  const answer = await fetch(url + program, { method: "HEAD", headers: { "accept-encoding": "br" } });
  return answer.headers.get("content-encoding") === "br" ? "" : ", of a build that is not packed";
}

/** What a person waits for, and what the first visit takes from the network. */
async function page(url) {
  const build = await buildOf(url);
  const { bytes, opens, unlocks, slowly } = await measurePage(url, CHANGES, ROUNDS);
  const slow = `a processor ${SLOWER} times as slow`;
  const entries = `${CHANGES.toLocaleString("en")} entries`;
  const of = (rounds, name) => median(rounds.map((round) => round[name]));
  row(`first visit of the journal, until it asks for a passphrase${build}`, bytes / 1000, "kB", { target: "under 250", ok: bytes < 250_000 });
  row(`the journal without a network, until it asks for the passphrase, ${slow}${build}`, median(opens), "ms", { target: "under 1,000", ok: median(opens) < 1000 });
  row(`stretching the passphrase in its worker${build}`, of(unlocks, "stretched"), "ms");
  row(`from there to the drawn page, ${entries}${build}`, of(unlocks, "drawn"), "ms", { target: "under 500", ok: of(unlocks, "drawn") < 500 });
  row(`the same on ${slow}${build}`, of(slowly, "drawn"), "ms");
}

const server = await benchServer();
try {
  const host = new URL(server.url).host;
  const rounds = [];
  // Passwords are hashed before it is looked: what that takes is not the journal's.
  const people = [];
  for (let n = 0; n < ROUNDS; n += 1) people.push(await newPerson(server));
  const before = memory(server.pid).now / 1e6;
  for (const { cookie } of people) {
    rounds.push(figures(execFileSync(example("journal_bench"), [host, cookie, String(CHANGES)], { encoding: "utf8" })));
  }
  const of = (name) => median(rounds.map((round) => round[name]));
  const held = memory(server.pid).now / 1e6;
  const grown = Math.max(held - before, 0);
  let peer;
  try {
    peer = await actual();
  } catch (e) {
    skipped("Actual Budget's synchronisation, as the peer", why(e));
  }
  const beside = (value) => (peer ? { less: true, peer: `Actual Budget ${ACTUAL}`, peer_value: value } : {});
  row(`${CHANGES.toLocaleString("en")} changes of the journal, written, pushed and pulled`, of("total_s"), "s", { ...beside(peer?.total_s), target: "under 1.5", ok: of("total_s") < 1.5 });
  row("of it writing, sealing and pushing", of("write_s") + of("up_s"), "s");
  row("of it pulling, opening and merging", of("down_s"), "s");
  row("memory of the server after three rounds", held, "MB", { ...beside(peer?.memory_mb), target: "under 60", ok: held < 60 });
  row("of it since before the first round", grown, "MB");
  row("what the server holds of it", of("sealed_mb"), "MB");
  await page(server.url);
} finally {
  await server.stop();
}
