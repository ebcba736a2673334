// Builds of the journal that differ, and a server whose build changes while the browser looks away.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";

const NAMED = /([\w-]+)\.([0-9a-f]{20})\.(\w+)/g;
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 20);
const text = (bytes) => bytes.toString("latin1");

/** Changes a file's contents and nothing of what it does. */
function marked(bytes, ext, mark) {
  if (ext === "css" || ext === "js") return Buffer.concat([bytes, Buffer.from(`\n/* ${mark} */\n`)]);
  if (ext !== "wasm") return bytes;
  // A custom section: WebAssembly Core Specification 2.0, 5.5.3.
  const name = Buffer.from(mark);
  return Buffer.concat([bytes, Buffer.from([0, name.length + 1, name.length]), name]);
}

/** Copies what the journal needs of a built site. */
export async function copySite(from, to) {
  await mkdir(to, { recursive: true });
  for (const folder of ["journal", "fonts"]) await cp(path.join(from, folder), path.join(to, folder), { recursive: true });
}

/** Makes another build of the journal: every file with another name, as `scripts/journal` would name it. */
export async function otherBuild(from, to, mark) {
  await copySite(from, to);
  const folder = path.join(to, "journal");
  const names = await readdir(folder);
  const old = names.filter((name) => name.match(NAMED)?.[0] === name);
  const contents = new Map(await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name))])));
  const renamed = new Map();
  const said = (bytes) => [...new Set(text(bytes).match(NAMED) ?? [])].filter((name) => old.includes(name));
  const filled = (bytes) => {
    const now = said(bytes).reduce((all, name) => all.replaceAll(name, renamed.get(name)), text(bytes));
    return Buffer.from(now, "latin1");
  };
  // What names another file comes after it, for its own name depends on that one's.
  while (renamed.size < old.length) {
    const next = old.find((name) => !renamed.has(name) && said(contents.get(name)).every((other) => other === name || renamed.has(other)));
    if (!next) throw new Error("files of the journal name each other");
    const [, stem, , ext] = [...next.matchAll(NAMED)][0];
    const bytes = marked(filled(contents.get(next)), ext, mark);
    renamed.set(next, `${stem}.${hash(bytes)}.${ext}`);
    await rm(path.join(folder, next));
    await writeFile(path.join(folder, renamed.get(next)), bytes);
  }
  const build = await buildOf(from);
  for (const name of ["index.html", "sw.js"]) {
    const whole = text(filled(contents.get(name))).replaceAll(build, hash(build + mark));
    await writeFile(path.join(folder, name), Buffer.from(whole, "latin1"));
  }
}

/** The id of a build. */
export async function buildOf(site) {
  const page = await readFile(path.join(site, "journal/index.html"), "utf8");
  return /data-build="(\w+)"/.exec(page)[1];
}

/** The files of a build whose names have their contents in them, as paths. */
export async function filesOf(site) {
  const names = await readdir(path.join(site, "journal"));
  return names.filter((name) => name.match(NAMED)?.[0] === name).map((name) => `/journal/${name}`);
}

/**
 * One address in front of several servers. `decide(path)` names the server that answers, or what happens
 * instead: `{ to }`, `{ to, cut: true }` (the connection breaks within the body), `{ body }` (something in between
 * answers that), `{ gone: true }` (nobody answers).
 */
export async function front(decide) {
  const proxy = http.createServer((request, response) => {
    const { to, cut, body, gone } = decide(request.url);
    if (gone) return response.destroy();
    if (body !== undefined) return response.writeHead(200, { "content-type": "text/html" }).end(body);
    const url = new URL(request.url, to);
    const onwards = http.request(url, { method: request.method, headers: { ...request.headers, host: url.host } }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      if (!cut) return answer.pipe(response);
      answer.once("data", (part) => response.write(part.subarray(0, 100), () => response.destroy()));
    });
    onwards.on("error", () => response.destroy());
    request.pipe(onwards);
  });
  await new Promise((done) => proxy.listen(0, "127.0.0.1", done));
  const close = () => {
    proxy.closeAllConnections();
    return new Promise((done) => proxy.close(done));
  };
  return { url: `http://127.0.0.1:${proxy.address().port}`, close };
}
