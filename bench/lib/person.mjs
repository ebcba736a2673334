// A person on a bench server, by the API alone: sign-up, upload, wait.
import { randomUUID } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { exchange, startServer } from "../../end2end/lib/server.mjs";

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** A release server; its memory is what the parser children need too, when they run. */
export const benchServer = (env = {}) => startServer({ env: { KEEPWELL_LOG_LEVEL: "warn", ...env } });

export async function newPerson(server) {
  const answer = await exchange(`${server.url}/api/v1/signup`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.url },
    body: JSON.stringify({ email: `bench-${randomUUID()}@example.org`, password: "brisk otters fold nine maps" }),
  });
  const cookies = [answer.headers["set-cookie"] ?? []].flat().map((cookie) => cookie.split(";")[0]);
  if (answer.status >= 300 || cookies.length === 0) throw new Error(`sign-up answered ${answer.status}: ${answer.body}`);
  return { server, cookie: cookies.join("; ") };
}

export async function get({ server, cookie }, route) {
  const answer = await exchange(server.url + route, { headers: { cookie } });
  if (answer.status !== 200) throw new Error(`GET ${route} answered ${answer.status}`);
  return answer;
}

export const getJson = async (person, route) => JSON.parse((await get(person, `/api/v1/${route}`)).body.toString());

/** Streams a file up as a browser does; resolves with the answer's JSON. */
export async function upload({ server, cookie }, file, type) {
  const boundary = `bench-${randomUUID()}`;
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${path.basename(file)}"\r\ncontent-type: ${type}\r\n\r\n`;
  const tail = `\r\n--${boundary}--\r\n`;
  const { size } = await stat(file);
  return new Promise((done, fail) => {
    const request = http.request(`${server.url}/api/v1/documents`, {
      method: "POST",
      agent: false,
      headers: {
        cookie,
        origin: server.url,
        accept: "application/json",
        "content-type": `multipart/form-data; boundary=${boundary}`,
        "content-length": head.length + size + tail.length,
      },
    });
    request.on("error", fail);
    request.on("response", (answer) => {
      let text = "";
      answer.on("data", (part) => (text += part));
      answer.on("end", () => {
        if (answer.statusCode === 202) done(JSON.parse(text));
        else fail(new Error(`upload answered ${answer.statusCode}: ${text.slice(0, 300)}`));
      });
    });
    request.write(head);
    createReadStream(file, { highWaterMark: 1 << 20 })
      .on("error", fail)
      .on("end", () => request.end(tail))
      .pipe(request, { end: false });
  });
}

/** Waits until all documents are read; fails when one of them failed. */
export async function allRead(person, count, ms = 600_000) {
  const deadline = Date.now() + ms;
  for (;;) {
    const { items } = await getJson(person, "documents");
    if (items.length >= count && items.every(({ state }) => state === "done")) return items;
    const failed = items.find(({ state }) => state === "failed");
    if (failed) throw new Error(`a document failed: ${failed.reason}`);
    if (Date.now() > deadline) throw new Error("not read in time");
    await pause(20);
  }
}

/** Resident memory of a process and its children, in bytes: { now, peak } of the process itself. */
export function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kib = (key) => Number(status.match(new RegExp(`^${key}:\\s+(\\d+) kB`, "m"))?.[1] ?? 0);
  return { now: kib("VmRSS") * 1024, peak: kib("VmHWM") * 1024 };
}

/** Highest sum of resident memory of a process and its children while `work` runs. */
export async function peakMemory(pid, work) {
  let peak = 0;
  const children = () => {
    try {
      return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
    } catch {
      return [];
    }
  };
  const look = () => {
    let sum = 0;
    for (const one of [pid, ...children()]) {
      try {
        sum += memory(one).now;
      } catch {
        // It has ended between the list and the look.
      }
    }
    peak = Math.max(peak, sum);
  };
  const timer = setInterval(look, 50);
  try {
    return { result: await work(), peak: () => peak };
  } finally {
    look();
    clearInterval(timer);
  }
}
