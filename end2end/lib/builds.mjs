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

/** Copies what the journal needs of a built site, but for packed variants, which would stay as they were. */
export async function copySite(from, to) {
  await mkdir(to, { recursive: true });
  const filter = (file) => !/\.(br|gz)$/.test(file);
  for (const folder of ["journal", "fonts"]) await cp(path.join(from, folder), path.join(to, folder), { recursive: true, filter });
}

/**
 * Makes another build of the journal: every file with another name and other contents, as `scripts/journal` would make it.
 * Parts of the program name each other, so one new name is in all of them.
 */
export async function otherBuild(from, to, mark) {
  await copySite(from, to);
  const folder = path.join(to, "journal");
  const names = await readdir(folder);
  const old = names.filter((name) => name.match(NAMED)?.[0] === name);
  const renamed = (text) => text.replace(NAMED, (all, stem, was, ext) => (old.includes(all) ? `${stem}.${hash(was + mark)}.${ext}` : all));
  const filled = async (name) => renamed(text(await readFile(path.join(folder, name))));
  const sums = {};
  for (const name of old) {
    const bytes = marked(Buffer.from(await filled(name), "latin1"), name.split(".").at(-1), mark);
    await rm(path.join(folder, name));
    await writeFile(path.join(folder, renamed(name)), bytes);
    sums[`/journal/${renamed(name)}`] = hash(bytes);
  }
  const build = await buildOf(from);
  for (const name of ["index.html", "sw.js"]) {
    const listed = (await filled(name)).replace(/"(\/journal\/[^"]+)":"[0-9a-f]{20}"/g, (all, file) => (sums[file] ? `"${file}":"${sums[file]}"` : all));
    await writeFile(path.join(folder, name), Buffer.from(listed.replaceAll(build, hash(build + mark)), "latin1"));
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
