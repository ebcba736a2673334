// What a first visit to each page loads, as a browser with an empty cache counts it: headers and bodies as
// they come over the wire, until somebody touches the page. What comes then is told beside it.
import { createRequire } from "node:module";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { demoPerson, hydrated, launchOptions, shown, signUp, uploadFiles } from "../end2end/lib/browser.mjs";
import { ROOT, documentsRead, exchange } from "../end2end/lib/server.mjs";
import { workFolder } from "./lib/env.mjs";
import { fhirBundle } from "./lib/generate.mjs";
import { benchServer } from "./lib/person.mjs";
import { row } from "./lib/report.mjs";

const { chromium } = createRequire(path.join(ROOT, "end2end/package.json"))("@playwright/test");
const MOST_BYTES = 250_000;
const MOST_REQUESTS = 15;
const MOST_WASM = 200_000;
const PUBLIC = ["/", "/login", "/signup", "/about"];
const PRIVATE = ["/overview", "/markers", "/timeline", "/documents", "/add", "/settings"];

const plain = (route) => route.replace(/[0-9a-f-]{36}/, "…");

/** Counts what the page of this session fetches. */
function meter(cdp) {
  const seen = new Map();
  cdp.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (request.url.startsWith("http")) seen.set(requestId, { url: request.url, bytes: 0 });
  });
  const add = (requestId, bytes) => {
    const one = seen.get(requestId);
    if (one) one.bytes += bytes;
  };
  // An event stream never ends: what has come of it counts, too.
  cdp.on("Network.responseReceived", ({ requestId, response }) => add(requestId, response.encodedDataLength));
  cdp.on("Network.dataReceived", ({ requestId, encodedDataLength }) => add(requestId, encodedDataLength));
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const one = seen.get(requestId);
    if (one) one.bytes = encodedDataLength;
  });
  return seen;
}

/** A browser without a window leaves out the icon and the manifest: they are fetched for it. */
async function leftOut(page, seen) {
  const links = await page.locator('link[rel="icon"], link[rel="manifest"]').evaluateAll((all) => all.map((one) => one.href));
  for (const url of links.filter((link) => ![...seen.values()].some((one) => one.url === link))) {
    const answer = await exchange(url, { headers: { "accept-encoding": "br" } });
    const head = Object.entries(answer.headers).reduce((sum, [name, value]) => sum + name.length + String(value).length + 4, 17);
    seen.set(url, { url, bytes: head + answer.body.length });
  }
}

/** Loads a page in a browser profile of its own; counts until the program's entry has been there for a second. */
async function firstView(browser, baseURL, storageState, route) {
  const context = await browser.newContext({ baseURL, storageState });
  try {
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send("Network.enable");
    const seen = meter(cdp);
    const answer = await page.goto(route);
    if (answer?.status() !== 200) throw new Error(`${route} answered ${answer?.status()}`);
    await shown(page);
    await page.waitForTimeout(1000);
    await leftOut(page, seen);
    const sum = () => [...seen.values()].reduce((sum, one) => sum + one.bytes, 0);
    const [bytes, requests, urls] = [sum(), seen.size, [...seen.values()].map(({ url }) => url)];
    const html = [...seen.values()].find(({ url }) => url === baseURL + route)?.bytes ?? 0;
    await hydrated(page);
    await page.waitForTimeout(1000);
    const touched = sum();
    const kb = (n) => (n / 1000).toFixed(1);
    console.error(`    ${plain(route)}: ${kb(bytes)} kB, ${kb(html)} of them HTML, ${requests} requests; touched ${kb(touched)} kB`);
    return { route, bytes, requests, urls, touched };
  } finally {
    await context.close();
  }
}

/** Of the pages that a list links to, the one with the most HTML. */
async function longest(context, url, list, prefix) {
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const html = async (route) => (await exchange(url + route, { headers: { cookie } })).body.toString();
  const links = new Set((await html(list)).match(new RegExp(`(?<=href=")${prefix}[^"/?]+(?=")`, "g")));
  let found = { route: list, length: 0 };
  for (const route of links) {
    const { length } = await html(route);
    if (length > found.length) found = { route, length };
  }
  return found.route;
}

async function pagesOf(context, url) {
  const pages = [...PRIVATE];
  for (const [list, prefix] of [["/markers", "/markers/"], ["/timeline", "/records/"], ["/documents", "/documents/"]]) {
    const route = await longest(context, url, list, prefix);
    if (route !== list) pages.push(route);
  }
  return pages;
}

async function person(browser, baseURL, fill) {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await signUp(page);
  await fill(page, context);
  const of = { state: await context.storageState(), pages: await pagesOf(context, baseURL) };
  await context.close();
  return of;
}

async function demo(page) {
  await demoPerson(page);
}

async function muchTested(page, context) {
  const file = path.join(workFolder(), "records.json");
  await writeFile(file, JSON.stringify(fhirBundle(10_000)));
  await uploadFiles(page, [file]);
  await documentsRead(context, server.url, 1);
}

/** The largest and the busiest of some first views, as rows. */
function report(name, views) {
  const most = (of) => views.reduce((a, b) => (of(b) > of(a) ? b : a));
  const [heavy, busy, alive] = [most((v) => v.bytes), most((v) => v.requests), most((v) => v.touched)];
  row(`First view, ${name}: the largest of ${views.length} pages, ${plain(heavy.route)}`, heavy.bytes / 1000, "kB", { target: "at most 250", ok: heavy.bytes <= MOST_BYTES });
  row(`the same, most requests, ${plain(busy.route)}`, busy.requests, "", { target: "at most 15", ok: busy.requests <= MOST_REQUESTS });
  row(`the same once a page is touched and alive, the largest, ${plain(alive.route)}`, alive.touched / 1000, "kB");
}

const server = await benchServer();
const browser = await chromium.launch(launchOptions);
try {
  const views = async (state, pages) => {
    const all = [];
    for (const route of pages) all.push(await firstView(browser, server.url, state, route));
    return all;
  };
  const open = await views(undefined, PUBLIC);
  report("nobody signed in", open);
  report("the journal, all of its program", await views(undefined, ["/journal"]));
  for (const [name, fill] of [["the demo person", demo], ["10,000 records", muchTested]]) {
    const one = await person(browser, server.url, fill);
    report(name, await views(one.state, one.pages));
  }
  const entry = open[0].urls.find((url) => /\/pkg\/keepwell\.[^/]*wasm$/.test(url));
  if (!entry) throw new Error("the first page loads no WASM");
  const packed = async (url) => {
    const answer = await exchange(url, { headers: { "accept-encoding": "br" } });
    if (answer.headers["content-encoding"] !== "br") throw new Error(`${url} does not come with Brotli`);
    return answer.body.length;
  };
  const [code, data] = [await packed(entry), await packed(entry.replace(/wasm$/, "data"))];
  row("Entry WASM with Brotli, as it comes with a page", code / 1000, "kB", { target: "at most 200", ok: code <= MOST_WASM });
  row("the same, its data, which follow at the first touch", data / 1000, "kB");
} finally {
  await browser.close();
  await server.stop();
}
