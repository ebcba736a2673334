// The journal as somebody without an account keeps it: a whole IVF cycle, most of it with the network off.
import { readFile } from "node:fs/promises";
import type { BrowserContext, Page, Request } from "@playwright/test";
import { axeClean, expect, noSideScroll, test } from "../lib/test";

const PASSPHRASE = "five words that nobody joins";
const DAY = 24 * 3600 * 1000;

/** The date so many days from today, as a form takes it. */
const day = (n: number) => {
  const at = new Date(Date.now() + n * DAY);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
};

/** Makes a journal and waits until the files of its version are kept. */
async function begin(page: Page) {
  await page.goto("/journal");
  await page.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
  await page.getByLabel("Once more").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Make the journal" }).click();
  await expect(page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible({ timeout: 60_000 });
  await page.waitForFunction(() => document.documentElement.dataset.offline !== undefined && navigator.serviceWorker.controller !== null);
}

async function unlock(page: Page) {
  await page.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
  await page.getByRole("button", { name: "Open" }).click();
  await expect(page.getByRole("navigation", { name: "Places" })).toBeVisible({ timeout: 60_000 });
}

/** Moves within the journal without loading anything. */
const go = (page: Page, hash: string) => page.evaluate((to) => (location.hash = to), hash);

/** Fills in the form that is shown and saves it; `field.x` is the unit or the time. */
async function enter(page: Page, values: Record<string, string>) {
  const form = page.locator("form.Form").first();
  const more = form.locator("details.More:not([open]) > summary");
  if ((await more.count()) > 0) await more.click();
  for (const [name, value] of Object.entries(values)) {
    const control = form.locator(`[name="f.${name}"]`);
    const [tag, type] = await control.evaluate((e) => [e.tagName, (e as HTMLInputElement).type]);
    if (tag === "SELECT") await control.selectOption(value);
    else if (type === "checkbox") await control.setChecked(value === "yes");
    else await control.fill(value);
  }
  await form.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.locator("form.Form [aria-invalid], form.Form .Field-reason:not(:empty)")).toHaveCount(0);
}

/** Adds an entry to the cycle and comes back to it. */
async function add(page: Page, cycle: string, kind: string, values: Record<string, string>) {
  await go(page, `#/cycle/${cycle}`);
  await page.locator(`a[href^="#/new/${kind}?"]`).first().click();
  await enter(page, values);
  await page.waitForURL(`**/journal#/cycle/${cycle}`);
}

/** All that went over the wire; a download is no request. */
function traffic(context: BrowserContext) {
  const all: Request[] = [];
  context.on("request", (request) => {
    if (request.url().startsWith("http")) all.push(request);
  });
  return all;
}

/** A whole cycle, from set-up to outcome. Its id. */
async function wholeCycle(page: Page) {
  await go(page, "#/new/cycle");
  await enter(page, {
    title: "Spring cycle", cycle_type: "icsi", protocol: "antagonist", cycle_start: day(-20), stimulation_start: day(-18),
    planned_trigger: day(-8), "planned_trigger.x": "22:00",
  });
  await go(page, "#/cycles");
  await page.getByRole("link", { name: /Spring cycle/ }).click();
  await page.waitForURL(/#\/cycle\//);
  const cycle = page.url().split("#/cycle/")[1];

  // The plan, and what the nurse says.
  await go(page, `#/cycle/${cycle}/plan`);
  await page.getByRole("link", { name: "Add to the plan" }).click();
  await enter(page, { what: "dose", drug: "Follitropin", amount: "150", "amount.x": "IU", "when.b": "stimulation_start", "when.n": "0", "when.x": "21:00", every_days: "1", for_days: "30" });
  await go(page, `#/cycle/${cycle}/amend`);
  await page.getByLabel("From", { exact: true }).fill(day(0));
  await page.locator('select[name^="act."]').selectOption("change");
  await page.locator('input[name^="amount."]').fill("225");
  await page.getByLabel("Or a name").fill("Sister Ines");
  await page.getByRole("button", { name: "See what it changes" }).click();
  await expect(page.locator(".Diff")).toContainText("150 IU → 225 IU");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Sister Ines said" })).toBeVisible();
  await expect(page.locator(".Diff")).toContainText("150 IU → 225 IU");

  for (const n of [-18, -17, -16]) {
    await add(page, cycle, "dose", { drug: "Follitropin", amount: "150", "amount.x": "IU", at: day(n), "at.x": "21:05", site: "abdomen_left" });
  }
  await add(page, cycle, "scan", { at: day(-12), "at.x": "08:30", follicles_right: "14 12.5 11", follicles_left: "13 12", lining: "7.5", "lining.x": "mm" });
  await add(page, cycle, "scan", { at: day(-9), "at.x": "08:30", follicles_right: "19 18 16", follicles_left: "18 17", lining: "10", "lining.x": "mm", lining_pattern: "trilaminar" });
  await add(page, cycle, "hormone", { at: day(-12), "at.x": "08:40", hormone: "e2", value: "420", "value.x": "pg/mL" });
  await add(page, cycle, "hormone", { at: day(-9), "at.x": "08:40", hormone: "e2", value: "1850", "value.x": "pg/mL" });
  await add(page, cycle, "trigger", { at: day(-8), "at.x": "22:00", kind: "hcg", drug: "Choriogonadotropin", amount: "250", "amount.x": "µg" });
  await add(page, cycle, "retrieval", { at: day(-6), "at.x": "09:00", retrieved: "9", mature: "7", method: "icsi", pn2: "5", "day6.why": "not_told", frozen: "0" });

  // Embryos one by one, one of them transferred.
  await go(page, `#/cycle/${cycle}/laboratory`);
  await page.getByLabel("Add so many embryos").fill("2");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.locator(".Embryo")).toHaveCount(2);
  await page.locator(".Embryo a").first().click();
  await page.getByRole("link", { name: "Looked at" }).click();
  await enter(page, { at: day(-1), grade: "4AB" });
  await expect(page.locator(".Facts")).toContainText("4AB");
  await add(page, cycle, "transfer", { at: day(-1), "at.x": "11:00", count: "1", embryo_day: "5" });
  await go(page, `#/cycle/${cycle}/laboratory`);
  await page.locator(".Embryo a").first().click();
  await page.getByRole("link", { name: "Transferred", exact: true }).click();
  await enter(page, { at: day(-1) });
  await expect(page.locator(".Facts")).toContainText("Transferred");

  await add(page, cycle, "beta", { at: day(9), "at.x": "08:00", value: "112", "value.x": "IU/L" });
  await add(page, cycle, "beta", { at: day(11), "at.x": "08:00", value: "230", "value.x": "IU/L" });
  await add(page, cycle, "early_scan", { at: day(20), sacs: "1", heartbeat: "yes", site: "uterus" });
  await add(page, cycle, "outcome", { kind: "ongoing", on: day(20) });
  return cycle;
}

test("a whole cycle is kept offline, locked, opened, saved and brought back, and nothing is sent but for files", async ({ page, context, browser, baseURL }) => {
  test.setTimeout(300_000);
  const sent = traffic(context);
  await begin(page);
  await context.setOffline(true);
  const cycle = await wholeCycle(page);

  await go(page, `#/cycle/${cycle}`);
  await expect(page.locator(".Chart-svg:visible").first()).toBeVisible();
  await expect(page.getByText(/doubling in 46 hours/).first()).toBeVisible();
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
  for (const word of ["Follitropin", "Spring", "4AB", "Ines", "cycle"]) expect(stored.text).not.toContain(word);

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
  test.setTimeout(120_000);
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
