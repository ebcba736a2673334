// The journal as somebody without an account keeps it: a whole IVF cycle, most of it with the network off.
import { readFile } from "node:fs/promises";
import type { BrowserContext, Request } from "@playwright/test";
import { PASSPHRASE, begin, day, enter, go, unlock, wholeCycle } from "../lib/journal.mjs";
import { axeClean, expect, noSideScroll, test } from "../lib/test";

/** All that went over the wire; a download is no request. */
function traffic(context: BrowserContext) {
  const all: Request[] = [];
  context.on("request", (request) => {
    if (request.url().startsWith("http")) all.push(request);
  });
  return all;
}

test("a whole cycle is kept offline, locked, opened, saved and brought back, and nothing is sent but for files", async ({ page, context, browser, baseURL }) => {
  test.setTimeout(300_000);
  const sent = traffic(context);
  await begin(page);
  await context.setOffline(true);
  const cycle = await wholeCycle(page);

  await go(page, `#/cycle/${cycle}`);
  await expect(page.locator(".Chart-svg:visible").first()).toBeVisible();
  await expect(page.getByText(/doubling in 4[5-7] hours/).first()).toBeVisible();
  await expect(page.locator(".Funnel")).toContainText("Retrieved");
  await expect(page.locator(".Board")).toContainText("4AB");

  // Without a network the page comes back, asks for the passphrase, and has everything.
  await page.reload();
  await expect(page.getByText("Locked.")).toBeVisible();
  await page.getByLabel("Passphrase", { exact: true }).fill("some other words entirely");
  await page.getByRole("button", { name: "Open" }).click();
  await expect(page.getByRole("alert")).toHaveText("This is not the passphrase.", { timeout: 60_000 });
  await unlock(page);
  await expect(page.getByText("Spring cycle").first()).toBeVisible();
  await page.getByRole("button", { name: "Lock" }).click();
  await expect(page.getByText("Spring cycle")).toHaveCount(0);
  await unlock(page);

  // Out as plain JSON, and as a backup that opens elsewhere with the passphrase alone.
  await go(page, "#/export");
  const [json] = await Promise.all([page.waitForEvent("download"), page.locator("section.Card", { hasText: "JSON" }).getByRole("button").click()]);
  expect(await readFile(await json.path(), "utf8")).toContain("Choriogonadotropin");
  await go(page, "#/backup");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save the file" }).click()]);
  const backup = await readFile(await file.path());
  expect(backup.includes("Choriogonadotropin")).toBe(false);

  // What lies in the browser's database is sealed, too.
  const stored = await page.evaluate(async () => {
    const open = indexedDB.open("keepwell-journal");
    const db = await new Promise<IDBDatabase>((done) => (open.onsuccess = () => done(open.result)));
    const all = db.transaction("entries").objectStore("entries").getAll();
    const entries = await new Promise<Uint8Array[]>((done) => (all.onsuccess = () => done(all.result)));
    const key = db.transaction("vault").objectStore("vault").get("device");
    const device = await new Promise<CryptoKey>((done) => (key.onsuccess = () => done(key.result)));
    return { count: entries.length, text: entries.map((e) => new TextDecoder("latin1").decode(e)).join(""), extractable: device.extractable };
  });
  expect(stored.count).toBeGreaterThan(20);
  expect(stored.extractable).toBe(false);
  // Long ones: three letters stand somewhere in so many sealed bytes once in a hundred times.
  for (const word of ["Follitropin", "Spring cycle", "Sister Ines", "trilaminar", "abdomen_left"]) expect(stored.text).not.toContain(word);

  await context.setOffline(false);
  for (const request of sent) {
    const url = new URL(request.url());
    expect(request.method(), url.href).toBe("GET");
    expect(url.href, "of this host").toContain(baseURL);
    expect(url.pathname, "a file of the journal").toMatch(/^\/(journal$|journal\/[\w.-]+$|fonts\/)/);
    expect(url.search).toBe("");
    expect((await request.allHeaders()).cookie).toBeUndefined();
  }

  const elsewhere = await browser.newContext({ baseURL });
  const other = await elsewhere.newPage();
  await other.goto("/journal");
  await other.getByText("Bring one back from a backup").click();
  await other.getByLabel("Backup file").setInputFiles({ name: "journal.kwjb", mimeType: "application/octet-stream", buffer: backup });
  await other.getByLabel("Passphrase of the file").fill(PASSPHRASE);
  await other.getByRole("button", { name: "Bring back" }).click();
  await expect(other.getByRole("heading", { name: "Today", level: 1 })).toBeVisible({ timeout: 60_000 });
  await go(other, "#/cycles");
  await expect(other.getByRole("link", { name: /Spring cycle/ })).toBeVisible();
  await elsewhere.close();
});

for (const [width, colorScheme] of [[360, "dark"], [1440, "light"]] as const) {
  test(`pages of the journal are clean at ${width} px, ${colorScheme}`, async ({ browser, baseURL }) => {
    test.setTimeout(240_000);
    const context = await browser.newContext({ baseURL, colorScheme, viewport: { width, height: 800 }, reducedMotion: "reduce" });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.goto("/journal");
    await page.getByLabel("Passphrase", { exact: true }).waitFor();
    await axeClean(page, "the door");
    await begin(page);
    const cycle = await wholeCycle(page);
    const month = day(0).slice(0, 7);
    for (const hash of [
      "#/", `#/month/${month}`, `#/day/${day(0)}`, "#/cycles", `#/cycle/${cycle}`, `#/cycle/${cycle}/plan`, `#/cycle/${cycle}/amend`,
      `#/cycle/${cycle}/laboratory`, `#/cycle/${cycle}/sheet`, "#/new/scan", "#/new/plan_item", "#/new/medication", "#/new/dose", "#/list/dose", "#/compare", "#/ledger",
      "#/more", "#/settings", "#/ways", "#/records", "#/backup", "#/import", "#/export", "#/sync", "#/about",
    ]) {
      await go(page, hash);
      await page.locator("main h1").waitFor();
      await axeClean(page, hash);
      await noSideScroll(page, `${hash} at ${width}`);
    }
    expect(problems).toEqual([]);
    await context.close();
  });
}

test("ordinary days are drawn, and another app's file is taken in", async ({ page }) => {
  await begin(page);
  for (const [n, bleeding, temperature] of [[-6, "medium", "36.45"], [-5, "light", "36.50"], [-4, "", "36.40"]] as const) {
    await go(page, `#/day/${day(n)}`);
    await expect(page.getByRole("listitem").filter({ has: page.locator('[aria-current="date"]') })).toBeVisible();
    await enter(page, { bleeding, temperature, "temperature.x": "°C" });
    await expect(page.getByText("Saved.").first()).toBeVisible();
  }
  await go(page, `#/month/${day(-4).slice(0, 7)}`);
  await expect(page.locator(".Chart-svg:visible")).toBeVisible();

  await go(page, "#/import");
  const csv = `Date,Bleeding,Temperature\n${day(-40)},heavy,36.5\n${day(-39)},light,36.6\n`;
  await page.getByLabel("File").setInputFiles({ name: "days.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await expect(page.getByText("2 rows")).toBeVisible();
  await page.getByRole("button", { name: "Take them in" }).click();
  await expect(page.getByText(/changes were taken in/).first()).toBeVisible();
});

test("the page is the same for everybody and sets nothing", async ({ request }) => {
  const plain = await request.get("/journal", { headers: { accept: "text/html" } });
  const signed = await request.get("/journal", { headers: { accept: "text/html", cookie: "__Host-keepwell=anything" } });
  expect(await plain.text()).toBe(await signed.text());
  expect(plain.headers()["set-cookie"]).toBeUndefined();
  const policy = plain.headers()["content-security-policy"];
  expect(policy).toContain("default-src 'none'");
  for (const word of ["nonce", "unsafe-inline", "report"]) expect(policy).not.toContain(word);
});
