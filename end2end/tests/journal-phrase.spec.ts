// The recovery phrase: a new device by it, a lost passphrase, and turning off and on again with new words.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  account, another, begin, byPhrase, confirm, go, isOpen, pair, PASSPHRASE, phraseWords, repeat, toPhrase, tryPhrase, turnOn, unlock, unlockAndAsk, upToDate, write,
} from "../lib/journal-sync";
import { axeClean, exchange, expect, test } from "../lib/test";

test("the phrase brings the journal to a new device, and opens it where the passphrase is lost", async ({ page, context, browser, baseURL, watch }) => {
  test.setTimeout(240_000);
  watch.allow(/404.*\/api\/v1\/journal/);
  const who = await account(context);
  await begin(page);
  await write(page, "clinic", { name: "Phrasenklinik" });
  const words = await turnOn(page, "First");

  // Nobody else's words open it, and the reason is plain.
  const b = await another(browser, baseURL, who);
  const form = b.page.locator("details", { hasText: "Bring a journal from another device" }).last();
  await form.locator("summary").click();
  await form.getByRole("button", { name: "Go on" }).click();
  await form.getByRole("radio", { name: "With the recovery phrase" }).check();
  await form.getByLabel("The 24 words").fill(`${words.slice(1).join(" ")} ${words[0] === "zoo" ? "abandon" : "zoo"}`);
  await form.getByLabel("Passphrase for this device").fill(PASSPHRASE);
  await form.getByLabel("Once more").fill(PASSPHRASE);
  await form.getByRole("button", { name: "Fetch the journal" }).click();
  await expect(form.getByRole("alert").first()).toContainText("not 24 words");
  await b.page.reload();
  await byPhrase(b.page, words, "Second");
  await go(b.page, "#/list/clinic");
  await expect(b.page.getByText("Phrasenklinik")).toBeVisible();
  await go(page, "#/sync");
  await expect(page.locator(".DeviceRow", { hasText: "Second" })).toBeVisible({ timeout: 60_000 });

  // On a device that came by a code the same words open it, and set another passphrase.
  const c = await another(browser, baseURL, who);
  await pair(page, c.page, "Third");
  await c.page.reload();
  await c.page.locator("summary", { hasText: "Passphrase lost?" }).click();
  const lost = c.page.locator("details", { hasText: "Passphrase lost?" });
  await lost.getByLabel("The 24 words").fill(words.map((w) => w.slice(0, 4)).join("  ").toUpperCase());
  await lost.getByLabel("New passphrase").fill("another passphrase here");
  await lost.getByLabel("Once more").fill("another passphrase here");
  await lost.getByRole("button", { name: "Open and set the passphrase" }).click();
  await isOpen(c.page);
  await c.page.reload();
  await unlock(c.page, "another passphrase here");
  await go(c.page, "#/list/clinic");
  await expect(c.page.getByText("Phrasenklinik")).toBeVisible();

  // Turned off on one device, the others say so and keep everything.
  await go(page, "#/sync/off");
  await page.getByRole("button", { name: "Delete the server's copy" }).click();
  await expect(page.getByRole("heading", { name: "Receipt of the deletion" })).toBeVisible({ timeout: 60_000 });
  await expect(b.page.getByText("Synchronising has stopped.")).toBeVisible({ timeout: 60_000 });
  await go(b.page, "#/sync");
  await expect(b.page.getByRole("heading", { name: "The journal is not on the server" })).toBeVisible();
  await b.page.getByRole("button", { name: "Keep it on this device alone" }).click();
  await go(b.page, "#/list/clinic");
  await expect(b.page.getByText("Phrasenklinik")).toBeVisible();
  await b.context.close();
  await c.context.close();
});

test("turning off deletes the server's copy with a receipt, and it can be turned on again with new words", async ({ page, context, baseURL, server, watch }) => {
  test.setTimeout(240_000);
  watch.allow(/404.*\/api\/v1\/journal/);
  await account(context);
  await begin(page);
  await write(page, "clinic", { name: "Bleibklinik" });
  const words = await turnOn(page, "Only one");
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const vaults = async () => (await exchange(`${server.url}/api/v1/journal/vaults`, { headers: { cookie } })).body.length;
  expect(await vaults()).toBe(3 + 16);

  await go(page, "#/sync/off");
  await page.getByRole("button", { name: "Delete the server's copy" }).click();
  await expect(page.getByRole("heading", { name: "Receipt of the deletion" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("This journal lives on this device only.")).toBeVisible();
  expect(await vaults()).toBe(3);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save the receipt" }).click()]);
  const receipt = await readFile(await file.path(), "utf8");
  const [, vault, leaf] = receipt.match(/Journal: ([0-9a-f]{32})[^]*log: ([0-9a-f]{64})/)!;
  expect((await exchange(`${server.url}/api/v1/journal/vaults/${vault}`, { headers: { cookie } })).status).toBe(404);
  // The line that the receipt names stands in the account's log.
  const log = await exchange(`${server.url}/api/v1/audit`, { headers: { cookie } });
  const { items } = JSON.parse(log.body.toString());
  const hashes = items.map((item: { leaf: string }) => createHash("sha256").update(Buffer.of(0)).update(Buffer.from(item.leaf, "base64")).digest("hex"));
  expect(hashes).toContain(leaf);

  // All is still here; nothing more is sent; the receipt outlives a reload.
  const asked: string[] = [];
  context.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await write(page, "clinic", { name: "Danachklinik" });
  await page.reload();
  await unlock(page);
  await go(page, "#/list/clinic");
  await expect(page.locator(".Lines .Line-link")).toHaveCount(2);
  await go(page, "#/sync");
  await expect(page.getByText(vault)).toBeVisible();
  expect(asked.filter((p) => p.startsWith("/api"))).toEqual([]);

  // Again: new keys and new words, so the passphrase is asked for.
  const again = await toPhrase(page);
  expect(again).not.toEqual(words);
  await confirm(page, again, "Once more");
  await page.getByLabel("Your passphrase").fill("not the passphrase");
  await page.getByRole("button", { name: "Turn on" }).click();
  await expect(page.getByRole("alert")).toContainText("not the passphrase", { timeout: 60_000 });
  await page.getByLabel("Your passphrase").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Turn on" }).click();
  await upToDate(page);
  expect(await vaults()).toBe(3 + 16);
  await page.reload();
  await unlockAndAsk(page);
  await go(page, "#/list/clinic");
  await expect(page.locator(".Lines .Line-link")).toHaveCount(2);
  expect(baseURL).toBe(server.url);
});

test("new words take the place of the old ones, on every device", async ({ page, context, browser, baseURL, watch }) => {
  test.setTimeout(240_000);
  watch.allow(/(404|[Ff]ailed).*\/api\/v1\/journal/);
  const who = await account(context);
  await begin(page);
  await write(page, "clinic", { name: "Phrasenklinik" });
  const old = await turnOn(page, "First");
  const b = await another(browser, baseURL, who);
  await pair(page, b.page, "Second");

  // Without an answer of the server nothing is claimed: both papers are kept.
  const replace = async () => {
    await go(page, "#/sync");
    await page.getByRole("link", { name: "A new recovery phrase" }).click();
    const words = await phraseWords(page);
    expect(words).not.toEqual(old);
    await repeat(page, words);
    return words;
  };
  const put = page.getByRole("button", { name: "Put the new words in place" });
  await context.route("**/api/v1/journal/vaults/*/statements**", (route) => route.abort());
  const lost = await replace();
  await axeClean(page, "the words once more");
  await page.getByLabel("Your passphrase").fill(PASSPHRASE);
  await put.click();
  await expect(page.getByRole("alert")).toContainText("keep both papers", { timeout: 90_000 });
  await context.unrouteAll();

  // Neither other words nor another passphrase put new ones in place.
  const words = await replace();
  expect(words).not.toEqual(lost);
  const first = page.locator(".WordFields input").first();
  const right = await first.inputValue();
  await first.fill(right === "zoo" ? "abandon" : "zoo");
  await page.getByLabel("Your passphrase").fill(PASSPHRASE);
  await put.click();
  await expect(page.getByRole("alert")).toContainText("another word");
  await first.fill(right);
  await page.getByLabel("Your passphrase").fill("not the passphrase");
  await put.click();
  await expect(page.getByRole("alert")).toContainText("not the passphrase", { timeout: 60_000 });
  await page.getByLabel("Your passphrase").fill(PASSPHRASE);
  await put.click();
  await expect(page.locator(".Said")).toHaveText(/^The new words are in place/, { timeout: 60_000 });
  await upToDate(page);

  // A new device: by the new words, and by no others.
  const c = await another(browser, baseURL, who);
  for (const others of [old, lost]) {
    const form = await tryPhrase(c.page, others, "Third");
    await expect(form.getByRole("alert").first()).toContainText("No journal of this account opens", { timeout: 60_000 });
    await c.page.reload();
  }
  await byPhrase(c.page, words, "Third");
  await go(c.page, "#/list/clinic");
  await expect(c.page.getByText("Phrasenklinik")).toBeVisible();

  // A device that was there before, at its door.
  await write(page, "clinic", { name: "Danachklinik" });
  await go(b.page, "#/list/clinic");
  await expect(b.page.getByText("Danachklinik")).toBeVisible({ timeout: 60_000 });
  await b.page.reload();
  await b.page.locator("summary", { hasText: "Passphrase lost?" }).click();
  const door = b.page.locator("details", { hasText: "Passphrase lost?" });
  for (const given of [old, words]) {
    await door.getByLabel("The 24 words").fill(given.join(" "));
    await door.getByLabel("New passphrase").fill("another passphrase here");
    await door.getByLabel("Once more").fill("another passphrase here");
    await door.getByRole("button", { name: "Open and set the passphrase" }).click();
    if (given === old) await expect(door.getByRole("alert")).toBeVisible({ timeout: 60_000 });
  }
  await isOpen(b.page);
  await go(b.page, "#/list/clinic");
  await expect(b.page.getByText("Danachklinik")).toBeVisible();
  await b.context.close();
  await c.context.close();
});
