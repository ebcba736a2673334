// The journal on several devices: turned on, paired, edited apart, brought together; and what the server then has.
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { account, another, begin, byPhrase, confirm, day, enter, go, isKept, isOpen, pair, PASSPHRASE, shownPhrase, sure, turnOn, unlock, unlockAndAsk, upToDate, write } from "../lib/journal-sync";
import { expect, test } from "../lib/test";

/** Every file below the server's data folder that holds one of the words, plainly, in hexadecimal or in Base64. */
async function holding(folder: string, words: string[]) {
  const found: string[] = [];
  let looked = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    // A database's own files come and go.
    const bytes = await readFile(file).catch((e) => (e.code === "ENOENT" ? Buffer.alloc(0) : Promise.reject(e)));
    looked += bytes.length;
    const text = bytes.toString("latin1").toLowerCase();
    for (const word of words) {
      const plain = Buffer.from(word, "utf8");
      const forms = [plain.toString("latin1"), plain.toString("hex"), plain.toString("base64").replace(/=+$/, "").slice(0, -1)];
      if (forms.some((form) => text.includes(form.toLowerCase()))) found.push(`${word} in ${file}`);
    }
  }
  expect(looked).toBeGreaterThan(100_000);
  return found;
}

/** The titles in a list of the journal. */
async function titles(page: Page, kind: string) {
  await go(page, `#/list/${kind}`);
  await page.locator("main h1").waitFor();
  return (await page.locator(".Lines .Line-link").allInnerTexts()).map((t) => t.replace(/\s+/g, " ")).sort();
}

/** Both show the same in a list, which is this. */
async function alike(a: Page, b: Page, kind: string, count: number) {
  for (const page of [a, b]) {
    await go(page, `#/list/${kind}`);
    await expect(page.locator(".Lines .Line-link")).toHaveCount(count, { timeout: 60_000 });
  }
  await expect(async () => expect(await titles(a, kind)).toEqual(await titles(b, kind))).toPass({ timeout: 60_000 });
}

/** Opens the one entry of a list whose title is this. */
async function edit(page: Page, kind: string, title: string, values: Record<string, string>) {
  await go(page, `#/list/${kind}`);
  await page.locator(".Lines .Line-link", { hasText: title }).click();
  await enter(page, values);
  await page.waitForFunction(() => !location.hash.startsWith("#/edit"));
}

test("two devices write apart and come together, and the server has no word of it", async ({ page, context, browser, baseURL, server, watch }) => {
  test.setTimeout(300_000);
  watch.allow(/401.*\/api\/v1\/me/);
  watch.allow(/ERR_INTERNET_DISCONNECTED/);
  const asked: string[] = [];
  context.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await begin(page);
  await context.setOffline(true);
  await write(page, "clinic", { name: "Zwielichtklinik", phone: "0301234567" });
  await write(page, "note", { text: "Quittengelee canarynote" });
  await context.setOffline(false);

  // What it means is told, and nothing is asked before the person goes on.
  await go(page, "#/sync");
  await page.getByRole("link", { name: "Keep it on several devices" }).click();
  await expect(page.getByRole("heading", { name: "What the server learns" })).toBeVisible();
  expect(asked.filter((p) => p.startsWith("/api"))).toEqual([]);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText("Nobody is signed in to this server in this browser.")).toBeVisible();
  const who = await account(context);
  await page.getByRole("button", { name: "I am signed in" }).click();
  await expect(page.getByText(`Signed in as ${who.email}.`)).toBeVisible();

  // A phrase that was not written down turns nothing on.
  const words = await shownPhrase(page);
  await confirm(page, words, "Canarylaptop");
  await page.locator(".WordFields input").first().fill("wrong");
  await page.getByRole("button", { name: "Turn on" }).click();
  await expect(page.getByRole("alert")).toContainText("another word");
  expect(asked.filter((p) => p.startsWith("/api/v1/journal"))).toEqual([]);
  await page.getByRole("button", { name: "Show the words again" }).click();
  await confirm(page, words, "Canarylaptop");
  await page.getByRole("button", { name: "Turn on" }).click();
  await upToDate(page);
  await expect(page.locator(".DeviceRow")).toContainText("Canarylaptop");

  const b = await another(browser, baseURL, who);
  await pair(page, b.page, "Canaryphone");
  await alike(page, b.page, "clinic", 1);
  await go(page, "#/sync");
  await expect(page.locator(".DeviceRow")).toHaveCount(2);
  await expect(page.locator(".DeviceRow", { hasText: "Canaryphone" })).toBeVisible();

  // What one writes appears in the other's open page.
  await go(b.page, "#/list/contact");
  await write(page, "contact", { name: "Schwester Canaryines" });
  await expect(b.page.getByText("Schwester Canaryines")).toBeVisible({ timeout: 60_000 });

  // A form that stands open reverts nothing that the other device writes meanwhile.
  await go(b.page, `#/day/${day(-1)}`);
  await b.page.locator('[name="f.symptoms.t"][value="cramps"]').check();
  const heard = b.page.waitForResponse((r) => r.request().method() === "GET" && r.url().includes("/items"), { timeout: 60_000 });
  await go(page, `#/day/${day(-1)}`);
  await enter(page, { temperature: "36.6" });
  await heard;
  await upToDate(b.page);
  await expect(b.page.locator('[name="f.temperature"]')).toHaveValue("");
  await enter(b.page, {});
  await upToDate(b.page);
  // A form is not drawn anew by what arrives: it is opened until both are there.
  for (const one of [page, b.page]) {
    await expect(async () => {
      await go(one, "#/list/contact");
      await go(one, `#/day/${day(-1)}`);
      await expect(one.locator('[name="f.temperature"]')).toHaveValue("36.6", { timeout: 1_000 });
      await expect(one.locator('[name="f.symptoms.t"][value="cramps"]')).toBeChecked({ timeout: 1_000 });
    }).toPass({ timeout: 60_000 });
  }

  // Apart: different fields of one entry, the same field of another, and something new on each.
  await isKept(b.page);
  for (const one of [context, b.context]) await one.setOffline(true);
  await edit(page, "clinic", "Zwielichtklinik", { phone: "0309999999" });
  await edit(b.page, "clinic", "Zwielichtklinik", { email: "canarymail@example.org" });
  await edit(page, "contact", "Canaryines", { name: "Canaryfirst" });
  await edit(b.page, "contact", "Canaryines", { name: "Canarysecond" });
  await write(page, "note", { text: "Canarybasement" });
  await write(b.page, "note", { text: "Canaryattic" });
  await expect(page.locator(".SyncLine")).toHaveText("3 changes wait");
  // What waits outlives a reload and a lock.
  await page.reload();
  await unlock(page);
  await expect(page.locator(".SyncLine")).toHaveText("3 changes wait");
  await b.page.getByRole("button", { name: "Lock" }).click();
  await unlock(b.page);
  for (const one of [context, b.context]) await one.setOffline(false);
  for (const one of [page, b.page]) await upToDate(one);
  await alike(page, b.page, "clinic", 1);
  await alike(page, b.page, "contact", 1);
  await alike(page, b.page, "note", 3);
  expect((await titles(page, "contact")).join()).toContain("Canarysecond");
  await go(page, "#/list/clinic");
  await page.locator(".Lines .Line-link").click();
  await expect(page.locator('[name="f.phone"]')).toHaveValue("0309999999");
  await page.locator("details.More > summary").click();
  await expect(page.locator('[name="f.email"]')).toHaveValue("canarymail@example.org");

  const typed = ["canary", "Zwielicht", "Quittengelee", "0301234567", "0309999999", "laptop", PASSPHRASE, "\u0006clinic", "\u0007contact", "\u0004note", "attic", "basement", words.join(" "), ...words.slice(0, 23).map((w, n) => `${w} ${words[n + 1]}`)];
  expect(await holding(server.data, typed)).toEqual([]);
  // The control: what is not sealed would be found.
  expect(await holding(server.data, ["journal_vault"])).not.toEqual([]);

  // One is removed: it says so, keeps what it has, and hears nothing more. What is written meanwhile on another page stays.
  let letGo = () => {};
  const word = new Promise<void>((done) => (letGo = done));
  await context.route("**/api/v1/journal/vaults/*/statements", async (route) => {
    await word;
    await route.continue();
  });
  await go(page, "#/sync");
  await sure(page.locator(".DeviceRow", { hasText: "Canaryphone" }), "Remove", "Yes, remove it");
  await go(page, "#/new/note");
  const text = page.locator('[name="f.text"]');
  await text.fill("Canaryafterwards");
  letGo();
  await expect(page.locator(".Said")).toHaveText("It is removed.", { timeout: 90_000 });
  await expect(text).toHaveValue("Canaryafterwards");
  await enter(page, {});
  await go(page, "#/sync");
  await expect(page.locator(".DeviceRow")).toHaveCount(1);
  await expect(b.page.getByText("Synchronising has stopped.")).toBeVisible({ timeout: 90_000 });
  await go(b.page, "#/sync");
  await expect(b.page.getByRole("heading", { name: "This device was removed" })).toBeVisible();
  await upToDate(page);
  await go(b.page, "#/list/note");
  await expect(b.page.locator(".Lines .Line-link")).toHaveCount(3);
  // After the new key it still opens here.
  await page.reload();
  await unlockAndAsk(page);
  expect((await titles(page, "note")).join()).toContain("Canaryafterwards");

  // A device that comes after the key was changed and the server forgot what came before gets all of it.
  const c = await another(browser, baseURL, who);
  await byPhrase(c.page, words, "Canarytablet");
  await alike(page, c.page, "note", 4);
  await alike(page, c.page, "contact", 1);
  // The removed one keeps what it has, alone.
  await go(b.page, "#/sync");
  await b.page.getByRole("button", { name: "Keep it on this device alone" }).click();
  await expect(b.page.getByText("This journal lives on this device only.")).toBeVisible();
  expect(await holding(server.data, typed)).toEqual([]);
  for (const one of [b, c]) await one.context.close();
});
