// What a first visit loads, as the browser counts it.
import { createRequire } from "node:module";
import path from "node:path";
import { demoPerson, hydrated, launchOptions, signUp } from "../end2end/lib/browser.mjs";
import { ROOT, exchange } from "../end2end/lib/server.mjs";
import { benchServer } from "./lib/person.mjs";
import { row } from "./lib/report.mjs";

const { chromium } = createRequire(path.join(ROOT, "end2end/package.json"))("@playwright/test");

/** Loads a page with an empty cache; counts until a second after hydration has gone by in silence. */
async function firstView(page, route) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.clearBrowserCache");
  const kinds = new Map();
  let [bytes, requests] = [0, 0];
  cdp.on("Network.responseReceived", ({ requestId, response }) => kinds.set(requestId, response));
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (!kinds.get(requestId)?.url.startsWith("http")) return;
    bytes += encodedDataLength;
    requests += 1;
  });
  await page.goto(route);
  await hydrated(page);
  await page.waitForTimeout(1000);
  const wasm = [...kinds.values()].filter(({ url }) => url.endsWith(".wasm")).map(({ url }) => url);
  await cdp.detach();
  return { bytes, requests, wasm };
}

const server = await benchServer();
const browser = await chromium.launch(launchOptions);
try {
  const page = await (await browser.newContext({ baseURL: server.url })).newPage();
  const views = [["the sign-in page", await firstView(page, "/login")]];
  await signUp(page);
  await demoPerson(page);
  views.push(["the demo person's overview", await firstView(page, "/overview")]);
  for (const [name, { bytes, requests }] of views) {
    row(`First view of ${name}`, bytes / 1000, "kB", { target: "at most 250", ok: bytes <= 250_000 });
    row("the same, requests", requests, "", { target: "at most 15", ok: requests <= 15 });
  }
  const sizes = new Map();
  for (const url of views[0][1].wasm) {
    const answer = await exchange(url, { headers: { "accept-encoding": "br" } });
    if (answer.headers["content-encoding"] !== "br") throw new Error(`${url} does not come with Brotli`);
    sizes.set(url, answer.body.length);
  }
  if (sizes.size === 0) throw new Error("the sign-in page loads no WASM");
  const entry = Math.max(...sizes.values());
  row("Entry WASM with Brotli", entry / 1000, "kB", { target: "at most 200", ok: entry <= 200_000 });
} finally {
  await browser.close();
  await server.stop();
}
