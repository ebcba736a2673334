// The peer of bench/journal.mjs: Actual Budget's own server and client library, with its end-to-end encryption. One device
// adds rows and pushes them, a second one pulls them. Prints `total_s=… memory_mb=…`.
//   actual.mjs FOLDER CHANGES            FOLDER has @actual-app/sync-server and @actual-app/api in it
//   actual.mjs FOLDER pull URL BUDGET    the second device, started by the first
import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [folder, what, url, budget] = process.argv.slice(2);
const PASSWORD = "brisk otters fold nine maps";
// Of one row, as the peer counts changes: it writes account, date, amount, notes, whether it is cleared, and a place in the order.
const FIELDS = 6;
// So many changes at once are above what it takes as it comes.
const LIMITS = Object.fromEntries(["FILE", "FILE_SYNC", "SYNC_ENCRYPTED_FILE_SYNC"].map((what) => [`ACTUAL_UPLOAD_${what}_SIZE_LIMIT_MB`, "500"]));
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const resolve = createRequire(path.join(folder, "package.json")).resolve;
const api = await import(pathToFileURL(resolve("@actual-app/api")).href);
const dataDir = mkdtempSync(path.join(os.tmpdir(), "actual-"));
process.on("exit", () => rmSync(dataDir, { recursive: true, force: true }));
// It tells its steps on standard output, where only figures belong.
console.log = () => {};
const say = (text) => process.stdout.write(`${text}\n`);

function freePort() {
  return new Promise((done) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

async function startServer() {
  const port = await freePort();
  const program = path.join(folder, "node_modules/@actual-app/sync-server/build/app.js");
  const data = path.join(dataDir, "server");
  const env = { ...process.env, ACTUAL_PORT: String(port), ACTUAL_HOSTNAME: "127.0.0.1", ACTUAL_DATA_DIR: data, ACTUAL_SERVER_FILES: path.join(data, "server-files"), ACTUAL_USER_FILES: path.join(data, "user-files"), ...LIMITS };
  execFileSync("mkdir", ["-p", env.ACTUAL_SERVER_FILES, env.ACTUAL_USER_FILES]);
  const child = spawn(process.execPath, [program], { env, stdio: "ignore" });
  const at = `http://127.0.0.1:${port}`;
  for (let n = 0; n < 300; n += 1) {
    try {
      const told = await fetch(`${at}/account/bootstrap`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ password: PASSWORD }) });
      if (told.ok) return { child, at };
    } catch {
      // It does not listen yet.
    }
    await pause(100);
  }
  child.kill();
  throw new Error("the peer's server did not start within 30 s");
}

const resident = (pid) => Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1000;

async function pull() {
  await api.init({ dataDir, serverURL: url, password: PASSWORD });
  await api.downloadBudget(budget, { password: PASSWORD });
  say("ready=1");
  await new Promise((go) => process.stdin.once("data", go));
  await api.sync();
  say("pulled=1");
  await api.shutdown();
}

async function run(changes) {
  const { child, at } = await startServer();
  try {
    const { send } = await api.init({ dataDir, serverURL: at, password: PASSWORD });
    await send("create-budget", { budgetName: "Bench", avoidUpload: true });
    const account = await api.createAccount({ name: "Bench" });
    const fault = (await send("upload-budget"))?.error ?? (await send("key-make", { password: PASSWORD }))?.error;
    if (fault) throw new Error(`the peer did not begin: ${JSON.stringify(fault)}`);
    const { groupId } = await send("load-prefs");
    const other = spawn(process.execPath, [fileURLToPath(import.meta.url), folder, "pull", at, groupId], { stdio: ["pipe", "pipe", "inherit"] });
    const told = (word) =>
      new Promise((done, fail) => {
        other.stdout.on("data", (part) => String(part).includes(word) && done());
        other.on("close", () => fail(new Error("the second device ended")));
      });
    await told("ready");
    const added = Array.from({ length: Math.ceil(changes / FIELDS) }, (_, n) => ({ id: randomUUID(), account, date: "2026-01-01", amount: n, notes: `row number ${n}`, cleared: false }));
    const start = performance.now();
    await send("transactions-batch-update", { added, updated: [], deleted: [], learnCategories: false, runTransfers: false });
    await api.sync();
    const pulled = told("pulled");
    other.stdin.write("go\n");
    await pulled;
    say(`total_s=${((performance.now() - start) / 1000).toFixed(3)} memory_mb=${resident(child.pid).toFixed(0)}`);
    other.kill();
    await api.shutdown();
  } finally {
    child.kill();
  }
}

await (what === "pull" ? pull() : run(Number(what)));
process.exit(0);
