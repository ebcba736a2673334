// Can the time of an answer tell whether an address has an account? 400 pairs of sign-in and of "forgot
// password", a known and an unknown address in random order; the difference of the medians counts.
import { randomInt } from "node:crypto";
import { PASSWORD } from "../end2end/lib/browser.mjs";
import { exchange, startServer } from "../end2end/lib/server.mjs";
import { scale } from "./lib/env.mjs";
import { median, now, row, seconds } from "./lib/report.mjs";

const PAIRS = scale(400);
// After five wrong passwords an address is slowed down: four tries each.
const TRIES = 4;
const WRONG = "not-the-password-of-anybody-here";

const server = await startServer();
const post = async (route, body, expected) => {
  const start = now();
  const answer = await exchange(`${server.url}/api/v1/${route}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.url, "sec-fetch-site": "same-origin" },
    body: JSON.stringify(body),
  });
  const ms = seconds(start) * 1000;
  if (answer.status !== expected) throw new Error(`${route} answered ${answer.status}: ${answer.body}`);
  return ms;
};

try {
  const people = Math.ceil(PAIRS / TRIES);
  const known = Array.from({ length: people }, (_, n) => `known-${n}@example.org`);
  const unknown = known.map((email) => email.replace("known", "other"));
  for (const email of known) await post("signup", { email, password: PASSWORD }, 201);
  for (const [name, route, extra, status] of [
    ["Sign-in with a wrong password", "login", { password: WRONG }, 401],
    ["Asking for a new password", "forgot", {}, 202],
  ]) {
    const times = { known: [], unknown: [] };
    for (let n = 0; n < PAIRS; n += 1) {
      const pair = [["known", known[n % people]], ["unknown", unknown[n % people]]];
      if (randomInt(2)) pair.reverse();
      for (const [kind, email] of pair) times[kind].push(await post(route, { email, ...extra }, status));
    }
    const apart = Math.abs(median(times.known) - median(times.unknown));
    row(`${name}: known and unknown address apart by (medians of ${PAIRS} pairs)`, apart, "ms", {
      target: "under 5",
      ok: apart < 5,
    });
    row(`${name}: median`, median(times.known), "ms");
  }
} finally {
  await server.stop();
}
