// The journal in a browser: what its first visit takes from the network, how soon it stands there without one, and how
// long ten thousand entries take from the stretched passphrase to the drawn page.
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { launchOptions } from "../../end2end/lib/browser.mjs";

const { chromium } = createRequire(fileURLToPath(new URL("../../end2end/package.json", import.meta.url)))("@playwright/test");
const PASSPHRASE = "five words that nobody joins";
/** As issue 5 has it: a processor four times as slow. */
export const SLOWER = 4;

/** Notes when a thing is first there, painted, and when a worker answered. */
function watch() {
  const seen = (globalThis.seen = {});
  const wanted = { asked: "#open-secret, #new-secret", opened: "nav.Places" };
  new MutationObserver(() => {
    for (const [name, selector] of Object.entries(wanted)) {
      if (seen[name] || !document.querySelector(selector)) continue;
      seen[name] = -1;
      requestAnimationFrame(() => setTimeout(() => (seen[name] = performance.now())));
    }
  }).observe(document, { childList: true, subtree: true });
  globalThis.Worker = class extends Worker {
    constructor(...of) {
      super(...of);
      this.addEventListener("message", () => (seen.stretched = performance.now()), { once: true });
    }
    postMessage(...of) {
      seen.begun = performance.now();
      super.postMessage(...of);
    }
  };
}

const when = async (page, name) => {
  await page.waitForFunction((n) => globalThis.seen[n] > 0, name, { timeout: 180_000 });
  return page.evaluate((n) => globalThis.seen[n], name);
};

/** Bytes that the page itself takes over the wire. What its worker keeps for later is no part of it: nobody waits for that. */
async function firstVisit(context, url) {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("Network.enable");
  let bytes = 0;
  cdp.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(`${url}/journal`);
  await page.waitForFunction(() => document.documentElement.dataset.offline !== undefined);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  return { page, bytes };
}

/** Milliseconds until the passphrase is asked for, without a network, the processor so many times as slow. */
async function openOffline(context, url, slower) {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slower });
  await page.goto(`${url}/journal`);
  const ms = await when(page, "asked");
  await page.close();
  return ms;
}

/** A journal file with so many entities: doses, most of them, and results. */
function journalFile(entities) {
  const start = Date.UTC(2020, 0, 1);
  const changes = [];
  const [device, cycle] = [randomUUID(), randomUUID()];
  const put = (kind, entity, fields) => {
    for (const [field, value] of Object.entries(fields)) {
      const stamp = ((BigInt(start) << 16n) + BigInt(changes.length)).toString(16).padStart(16, "0");
      changes.push({ kind, entity, field, stamp: `${stamp}@${device}`, value });
    }
  };
  put("cycle", cycle, { title: "A long one", cycle_type: "ivf", stimulation_start: "2026-01-01" });
  for (let n = 1; n < entities; n += 1) {
    const at = `${new Date(start + n * 4 * 3600_000).toISOString().slice(0, 16)}+00:00[UTC]`;
    // One cycle in twenty holds them: as many as anybody has in one, and the rest in others.
    const of = n % 40 === 0 ? { cycle } : {};
    if (n % 4) put("dose", randomUUID(), { ...of, drug: "Follitropin", amount: `${100 + (n % 50)} IU`, at, state: "given", site: "abdomen_left" });
    else put("hormone", randomUUID(), { ...of, hormone: "e2", value: `${n} pg/mL`, at });
  }
  return Buffer.from(JSON.stringify({ format: "keepwell-journal", version: 1, changes }));
}

async function fill(page, file) {
  await page.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
  await page.getByLabel("Once more").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Make the journal" }).click();
  await page.getByRole("navigation", { name: "Places" }).waitFor({ timeout: 180_000 });
  await page.evaluate(() => (location.hash = "#/import"));
  await page.getByLabel("File").setInputFiles({ name: "journal.json", mimeType: "application/json", buffer: file });
  await page.locator("section.Card .Button").click({ timeout: 180_000 });
  await page.getByText(/changes were taken in/).first().waitFor({ timeout: 300_000 });
  return page.evaluate(async () => {
    const open = indexedDB.open("keepwell-journal");
    const db = await new Promise((done) => (open.onsuccess = () => done(open.result)));
    const count = db.transaction("entries").objectStore("entries").count();
    return new Promise((done) => (count.onsuccess = () => done(count.result)));
  });
}

/** Milliseconds of stretching the passphrase, and from then to the drawn page. */
async function unlock(context, url, slower = 1) {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slower });
  await page.goto(`${url}/journal`);
  await page.locator("#open-secret").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Open" }).click();
  const opened = await when(page, "opened");
  const { begun, stretched } = await page.evaluate(() => globalThis.seen);
  await page.close();
  return { stretched: stretched - begun, drawn: opened - stretched };
}

/** All of it. `rounds` of what varies; the caller takes the middle. */
export async function measurePage(url, entities, rounds) {
  const browser = await chromium.launch(launchOptions);
  try {
    const context = await browser.newContext({ locale: "en-GB", timezoneId: "Europe/Berlin" });
    await context.addInitScript(watch);
    const { page, bytes } = await firstVisit(context, url);
    const kept = await fill(page, journalFile(entities));
    if (kept !== entities) throw new Error(`${kept} of ${entities} entries were taken in`);
    await page.close();
    await context.setOffline(true);
    const [opens, unlocks, slowly] = [[], [], []];
    for (let n = 0; n < rounds; n += 1) {
      opens.push(await openOffline(context, url, SLOWER));
      unlocks.push(await unlock(context, url));
      slowly.push(await unlock(context, url, SLOWER));
    }
    return { bytes, opens, unlocks, slowly };
  } finally {
    await browser.close();
  }
}
