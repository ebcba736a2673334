// Can the time of an answer tell whether an address has an account, or one with a second factor? 400 rounds
// of sign-in and of "forgot password", each with a known address, a known one with an authenticator app and
// an unknown one in random order; the differences of the medians count.
import { createHmac, randomInt } from "node:crypto";
import { PASSWORD } from "../end2end/lib/browser.mjs";
import { exchange, startServer } from "../end2end/lib/server.mjs";
import { scale } from "./lib/env.mjs";
import { median, now, row, seconds } from "./lib/report.mjs";

const PAIRS = scale(400);
// After five wrong passwords an address is slowed down: four tries each.
const TRIES = 4;
const WRONG = "not-the-password-of-anybody-here";

const server = await startServer();
const post = async (route, body, expected) => (await ask(route, body, expected)).ms;
const ask = async (route, body, expected, token) => {
  const start = now();
  const answer = await exchange(`${server.url}/api/v1/${route}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token ? { authorization: `Bearer ${token}` } : { origin: server.url, "sec-fetch-site": "same-origin" }),
    },
    body: JSON.stringify(body),
  });
  const ms = seconds(start) * 1000;
  if (answer.status !== expected) throw new Error(`${route} answered ${answer.status}: ${answer.body}`);
  return { ms, body: token || expected === 201 ? JSON.parse(answer.body) : {} };
};

/** The code of an app (RFC 6238) whose secret is in base32. */
function code(secret) {
  let bits = "";
  for (const letter of secret.replaceAll(" ", "")) {
    bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  }
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(step).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, "0");
}

function shuffled(list) {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = randomInt(i + 1);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

try {
  const people = Math.ceil(PAIRS / TRIES);
  const names = (kind) => Array.from({ length: people }, (_, n) => `${kind}-${n}@example.org`);
  const addresses = { known: names("known"), factor: names("factor"), unknown: names("other") };
  for (const email of addresses.known) await post("signup", { email, password: PASSWORD }, 201);
  for (const email of addresses.factor) {
    const { token } = (await ask("signup", { email, password: PASSWORD }, 201)).body;
    const { secret } = (await ask("me/totp", {}, 200, token)).body;
    await ask("me/totp/confirm", { code: code(secret) }, 200, token);
  }
  for (const [name, route, extra, status] of [
    ["Sign-in with a wrong password", "login", { password: WRONG }, 401],
    ["Asking for a new password", "forgot", {}, 202],
  ]) {
    const times = { known: [], factor: [], unknown: [] };
    for (let n = 0; n < PAIRS; n += 1) {
      for (const kind of shuffled(Object.keys(times))) {
        const email = addresses[kind][n % people];
        times[kind].push(await post(route, { email, ...extra }, status));
      }
    }
    for (const [kind, words] of [["known", "known"], ["factor", "known with a second factor"]]) {
      const apart = Math.abs(median(times[kind]) - median(times.unknown));
      row(`${name}: ${words} and unknown address apart by (medians of ${PAIRS} rounds)`, apart, "ms", {
        target: "under 5",
        ok: apart < 5,
      });
    }
    row(`${name}: median`, median(times.known), "ms");
  }
} finally {
  await server.stop();
}
