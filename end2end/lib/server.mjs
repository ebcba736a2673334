// Starts the built binary on a free port with an empty data folder of its own, and asks it things.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const START_MS = 60_000;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Many sign-ups from one address are what these tests do; the limits have tests of their own. From a
// million on, a class is not counted.
const SETTINGS = Object.fromEntries(
  ["LOGIN", "SIGNUP", "UPLOAD", "ASK", "API"].map((name) => [`KEEPWELL_LIMITS_${name}`, "1000000"]),
);

function freePort() {
  return new Promise((done, fail) => {
    const probe = net.createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {net.AddressInfo} */ (probe.address());
      probe.close(() => done(port));
    });
  });
}

/**
 * One HTTP exchange with nothing added: no Origin, no cookies, no redirects.
 * `body: null` with a `content-length` announces a body and never sends it.
 * @returns {Promise<{status: number, headers: Record<string, string>, body: Buffer}>}
 */
export function exchange(url, { method = "GET", headers = {}, body = undefined } = {}) {
  return new Promise((done, fail) => {
    const request = http.request(url, { method, headers, agent: false, timeout: 20_000 }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", fail);
      answer.on("end", () => {
        done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) });
        request.destroy();
      });
    });
    request.on("error", fail);
    request.on("timeout", () => request.destroy(new Error(`no answer to ${method} ${url} in 20 s`)));
    if (body === null) request.flushHeaders();
    else request.end(body);
  });
}

/**
 * `env`: variables, or a function that makes them of the server's own address. `data` and `port` of a server
 * that was killed bring it back as it was.
 */
export async function startServer({ env = {}, args = [], data = "", port = 0 } = {}) {
  const binary = process.env.KEEPWELL_BIN ?? path.join(ROOT, "target/debug/keepwell");
  const isAnyPort = !port && !data;
  data ||= await mkdtemp(path.join(os.tmpdir(), "keepwell-e2e-"));
  port ||= await freePort();
  const url = `http://127.0.0.1:${port}`;
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith("KEEPWELL_")));
  const child = spawn(binary, ["serve", "--listen", `127.0.0.1:${port}`, "--data-dir", data, ...args], {
    cwd: ROOT,
    env: { ...inherited, ...SETTINGS, ...(typeof env === "function" ? env(url) : env) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (log += part));
  const ended = new Promise((done) => child.once("exit", done));
  child.once("error", (error) => (log += `\n${error}`));

  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid) {
      child.kill("SIGTERM");
      await Promise.race([ended, pause(10_000).then(() => child.kill("SIGKILL"))]);
    }
    await rm(data, { recursive: true, force: true });
  };

  const deadline = Date.now() + START_MS;
  for (;;) {
    const ready = await exchange(`${url}/readyz`).then((answer) => answer.status === 200, () => false);
    const isGone = child.exitCode !== null || !child.pid;
    if (ready && !isGone) break;
    if (isGone || Date.now() > deadline) {
      await stop();
      // The port was free a moment ago: the server of another worker was quicker.
      if (isAnyPort && /address (already )?in use/i.test(log)) return startServer({ env, args });
      throw new Error(`${binary} did not get ready:\n${log}`);
    }
    await pause(50);
  }
  return { url, port, data, pid: child.pid, kill, stop, log: () => log };
}

/** GETs a path of the API as the person whose browser context this is. */
export async function apiGet(context, url, route) {
  const jar = await context.cookies(url);
  // Secure cookies are listed for https only by some versions: take all, the context holds one person.
  const cookies = (jar.length ? jar : await context.cookies()).map(({ name, value }) => `${name}=${value}`);
  const answer = await exchange(`${url}/api/v1/${route}`, { headers: { cookie: cookies.join("; "), accept: "application/json" } });
  if (answer.status !== 200) throw new Error(`GET ${route} answered ${answer.status}: ${answer.body.toString().slice(0, 300)}`);
  return JSON.parse(answer.body.toString());
}

/** Waits until no document is queued or being read any more; returns them. */
export async function documentsRead(context, url, count, ms = 60_000) {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await apiGet(context, url, "documents");
    const documents = answer.items ?? answer.documents;
    const open = documents.filter(({ state }) => state === "queued" || state === "reading");
    if (documents.length >= count && open.length === 0) return documents;
    if (Date.now() > deadline) throw new Error(`still not read: ${JSON.stringify(documents)}`);
    await pause(100);
  }
}
