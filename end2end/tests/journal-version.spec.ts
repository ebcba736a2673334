// Versions of the journal: one is complete or not there at all, and a newer one waits for the person's word.
import { mkdtemp, readFile, rm, unlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { buildOf, copySite, filesOf, front, otherBuild } from "../lib/builds.mjs";
import { begin, isKept, unlock } from "../lib/journal.mjs";
import { ROOT, expect, startServer, test as base } from "../lib/test";

type Decision = { to?: string; cut?: boolean; body?: string; gone?: boolean };
type Versions = {
  url: string;
  /** Servers of the first and second build, and what is asked of whom. */
  a: string;
  b: string;
  decide: (by: (path: string) => Decision) => void;
  /** Their ids and the files of each. */
  builds: [string, string];
  files: [string[], string[]];
  /** A further server, whose copy of the second build was spoilt. */
  spoilt: (spoil: (site: string) => Promise<void>) => Promise<string>;
};

const test = base.extend<{ versions: Versions }>({
  versions: async ({}, use) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "keepwell-builds-"));
    const [first, second] = ["a", "b"].map((name) => path.join(folder, name));
    await copySite(path.join(ROOT, "target/site"), first);
    await otherBuild(first, second, "the second build");
    const serve = (site: string) => startServer({ env: { KEEPWELL_SITE_DIR: site } });
    const servers = [await serve(first), await serve(second)];
    let by: (path: string) => Decision = () => ({ to: servers[0].url });
    const gate = await front((at: string) => by(at));
    await use({
      url: gate.url,
      a: servers[0].url,
      b: servers[1].url,
      decide: (next) => (by = next),
      builds: [await buildOf(first), await buildOf(second)],
      files: [await filesOf(first), await filesOf(second)],
      spoilt: async (spoil) => {
        const site = path.join(folder, `spoilt-${servers.length}`);
        await copySite(second, site);
        await spoil(site);
        servers.push(await serve(site));
        return servers.at(-1)!.url;
      },
    });
    await gate.close();
    for (const server of servers) await server.stop();
    await rm(folder, { recursive: true, force: true });
  },
  baseURL: async ({ versions }, use) => use(versions.url),
});

const build = (page: Page) => page.evaluate(() => document.documentElement.dataset.build);
const kept = (page: Page) => page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("keepwell-journal-")).sort());
const named = (build: string) => `keepwell-journal-${build}`;

/** The files with names of their own that windows were given. */
function given(context: BrowserContext) {
  const all: string[] = [];
  // What the worker fetches for later is no window's.
  context.on("response", (answer) => {
    if (!answer.request().serviceWorker()) all.push(new URL(answer.url()).pathname);
  });
  return () => all.splice(0).filter((at) => /\.[0-9a-f]{20}\.\w+$/.test(at));
}

/** Asks for a newer version; how that ended. */
const update = (page: Page) =>
  page.evaluate(async () => {
    const registration = (await navigator.serviceWorker.getRegistration("/journal"))!;
    const soon = () => new Promise((done) => setTimeout(done, 20));
    // The page asks as it starts, too. What joins a question that was asked before hears that one's answer: then once more.
    for (let tries = 0; tries < 3; tries += 1) {
      while (registration.installing) await soon();
      let worker: ServiceWorker | null = null;
      registration.addEventListener("updatefound", () => (worker ??= registration.installing), { once: true });
      const failed = await registration.update().then(() => "", (e) => String(e));
      if (failed) return `none: ${failed}`;
      for (let looks = 0; looks < 100 && !worker; looks += 1) await soon();
      const found = worker as ServiceWorker | null;
      if (!found) continue;
      while (!["installed", "redundant"].includes(found.state)) await soon();
      return found.state;
    }
    return "none";
  });

// Two builds are copied and two servers are started in a test's time.
test.describe.configure({ timeout: 240_000 });

test("a newer version waits for a word, and then all windows change together", async ({ page, context, versions }) => {
  const [a, b] = versions.builds;
  const seen = given(context);
  await begin(page);
  const other = await context.newPage();
  await other.goto("/journal");
  await unlock(other);
  expect(await build(other)).toBe(a);

  versions.decide(() => ({ to: versions.b }));
  await page.reload();
  await unlock(page);
  const notice = (where: Page) => where.getByText("A new version of the journal is ready.");
  await expect(notice(page)).toBeVisible({ timeout: 60_000 });
  await expect(notice(other)).toBeVisible({ timeout: 60_000 });
  expect(await build(page)).toBe(a);
  for (const file of seen()) expect(versions.files[0], "of the first build").toContain(file);
  expect(await kept(page)).toEqual([a, b].map(named).sort());

  // Reloading is no word.
  await page.reload();
  await unlock(page);
  expect(await build(page)).toBe(a);
  await expect(notice(page)).toBeVisible({ timeout: 60_000 });
  for (const file of seen()) expect(versions.files[0], "of the first build").toContain(file);

  await page.getByRole("button", { name: "Lock and switch to it" }).click();
  for (const window of [page, other]) {
    await window.waitForFunction((want) => document.documentElement.dataset.build === want, b);
    await expect(window.getByText("Locked.")).toBeVisible();
  }
  for (const file of seen()) expect(versions.files[1], "of the second build").toContain(file);
  expect(await kept(page)).toEqual([named(b)]);

  // What was written is there, and the new version needs no network either.
  await context.setOffline(true);
  await page.reload();
  await unlock(page);
  expect(await build(page)).toBe(b);
  await expect(notice(page)).toHaveCount(0);
  for (const file of seen()) expect(versions.files[1], "of the second build").toContain(file);
});

test("half a version, a mixed one and one that something in between changed never take over", async ({ page, versions, watch }) => {
  test.setTimeout(240_000);
  watch.allow(/(404|failed): GET .*\/journal(\/|$| )|journal\/sw\.js|bad HTTP response code|Failed to fetch|an unknown error occurred when fetching the script/);
  const [a] = versions.builds;
  await begin(page);
  // Always the same file: whatever else a try fetched right is not asked for again, so only this one is sure to be.
  const boot = versions.files[1].find((name) => name.includes("boot"))!;
  const incomplete = await versions.spoilt((site) => unlink(path.join(site, boot)));
  const changed = await versions.spoilt(async (site) => {
    const file = path.join(site, boot);
    await writeFile(file, `${await readFile(file, "utf8")}\nfetch("https://elsewhere.example/");\n`);
  });
  const faults: [string, (at: string) => Decision][] = [
    ["a file is not what its name says", () => ({ to: changed })],
    ["a file is not there yet", () => ({ to: incomplete })],
    ["the page is still that of the other build", (at) => ({ to: at === "/journal" ? versions.a : versions.b })],
    ["the network ends within a file", (at) => ({ to: versions.b, cut: at === boot })],
    ["a hotspot answers in its own way", (at) => (at.endsWith("sw.js") ? { to: versions.b } : { body: "<h1>Welcome to our network</h1>" })],
  ];
  for (const [what, decide] of faults) {
    versions.decide(decide);
    await isKept(page);
    expect(await update(page), what).toBe("redundant");
    expect(await kept(page), what).toEqual([named(a)]);
    await page.reload();
    await expect(page.getByText("Locked."), what).toBeVisible();
    expect(await build(page), what).toBe(a);
  }

  // No network while it looks for a newer one: nothing happens.
  versions.decide(() => ({ gone: true }));
  expect(await update(page)).toMatch(/^none: TypeError/);
  await page.reload();
  await unlock(page);
  await expect(page.getByText("A new version of the journal is ready.")).toHaveCount(0);

  // In the end it comes whole.
  versions.decide(() => ({ to: versions.b }));
  expect(await update(page)).toBe("installed");
  await expect(page.getByText("A new version of the journal is ready.")).toBeVisible({ timeout: 60_000 });
});

test("a page that came from a server which was replaced meanwhile loads anew", async ({ page, versions, watch }) => {
  watch.allow(/journal\/sw\.js/);
  const [, b] = versions.builds;
  versions.decide((at) => ({ to: at.endsWith("sw.js") ? versions.b : versions.a }));
  // The worker of the second build refuses the page of the first.
  await page.goto("/journal");
  await page.getByLabel("Passphrase", { exact: true }).waitFor();
  let pages = 0;
  versions.decide((at) => {
    if (at === "/journal") pages += 1;
    return { to: at === "/journal" && pages === 1 || versions.files[0].includes(at) ? versions.a : versions.b };
  });
  await page.reload();
  await page.waitForFunction((want) => document.documentElement.dataset.build === want, b);
  await isKept(page);
  expect(await kept(page)).toEqual([named(b)]);
});

test("files that could not be fetched are fetched again, and the page says so until they are there", async ({ page, context, versions, watch }) => {
  watch.allow(/failed: GET|ERR_|Failed to fetch|an unknown error occurred when fetching the script/);
  const [a] = versions.builds;
  const worker = versions.files[0].find((name) => name.includes("worker"))!;
  versions.decide((at) => ({ to: versions.a, cut: at === worker }));
  await page.goto("/journal");
  const notice = page.getByText("The files of the journal are not on this device yet");
  await expect(notice).toBeVisible({ timeout: 60_000 });
  expect(await kept(page)).toEqual([]);
  versions.decide(() => ({ to: versions.a }));
  // The word of the system that there is a network again; without it the next try comes by itself.
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await isKept(page);
  await expect(notice).toHaveCount(0);
  expect(await kept(page)).toEqual([named(a)]);
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByLabel("Passphrase", { exact: true })).toBeVisible();
});

test("a window that the worker passed over is served by it all the same", async ({ page, context }) => {
  await begin(page);
  await page.addInitScript(() => ((globalThis as any).passedOver = navigator.serviceWorker.controller === null));
  const devtools = await context.newCDPSession(page);
  // As with the shift key: past the worker.
  await devtools.send("Page.reload", { ignoreCache: true });
  await unlock(page);
  await isKept(page);
  expect(await page.evaluate(() => (globalThis as any).passedOver)).toBe(true);
});

test("files that went from the browser's cache are fetched anew", async ({ page, context }) => {
  await begin(page);
  const emptied = await page.evaluate(async () => {
    const cache = await caches.open((await caches.keys()).find((name) => name.startsWith("keepwell-journal-"))!);
    const all = await cache.keys();
    for (const one of all.slice(1)) await cache.delete(one);
    return all.length;
  });
  expect(emptied).toBeGreaterThan(5);
  await page.reload();
  await isKept(page);
  await context.setOffline(true);
  await page.reload();
  await unlock(page);
  expect(await page.evaluate(async () => (await (await caches.open((await caches.keys())[0])).keys()).length)).toBe(emptied);
});

test("a window that waited long for its files is not loaded anew under somebody's hands", async ({ page, versions, watch }) => {
  watch.allow(/failed: GET|ERR_|Failed to fetch|an unknown error occurred when fetching the script/);
  const [a, b] = versions.builds;
  const worker = versions.files[0].find((name) => name.includes("worker"))!;
  versions.decide((at) => ({ to: versions.a, cut: at === worker }));
  await page.goto("/journal");
  await expect(page.getByText("The files of the journal are not on this device yet")).toBeVisible({ timeout: 60_000 });
  const typed = page.locator("#new-again");
  await typed.fill("words in the making");
  versions.decide(() => ({ to: versions.b }));
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(page.getByText("A new version of the journal is ready.")).toBeVisible({ timeout: 60_000 });
  expect(await build(page)).toBe(a);
  await expect(typed).toHaveValue("words in the making");
  await page.getByRole("button", { name: "Lock and switch to it" }).click();
  await page.waitForFunction((want) => document.documentElement.dataset.build === want, b);
  await isKept(page);
});
