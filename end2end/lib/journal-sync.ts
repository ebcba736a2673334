// A journal on several devices: turning it on, letting devices in, and what journal.mjs does on each.
import type { Browser, BrowserContext, Locator, Page } from "@playwright/test";
import { hydrated, signUp } from "./browser.mjs";
import { PASSPHRASE, begin, day, enter, go, isKept, isOpen, unlock } from "./journal.mjs";
import { expect, texts } from "./test";

export { PASSPHRASE, begin, day, enter, go, isKept, isOpen, unlock };

/** A person with an account, whose journal is on the server. */
export async function synchronised(browser: Browser, baseURL: string) {
  const context = await browser.newContext({ baseURL });
  const who = await account(context);
  const page = await context.newPage();
  await begin(page);
  await turnOn(page, "First");
  return { context, page, who };
}

/** A journal with a clinic in it, on the page's device and on a second one of the same person. */
export async function onTwoDevices(page: Page, browser: Browser, baseURL: string | undefined, clinic: string) {
  const who = await account(page.context());
  await begin(page);
  await write(page, "clinic", { name: clinic });
  await turnOn(page, "First");
  const second = await another(browser, baseURL, who);
  await pair(page, second.page, "Second");
  return second;
}

/** Writes a new entry of a kind that has a list, and gives its address for editing. */
export async function write(page: Page, kind: string, values: Record<string, string>) {
  await go(page, `#/new/${kind}`);
  await page.locator(`[name="f.${Object.keys(values)[0]}"]`).waitFor();
  await enter(page, values);
  await page.waitForFunction(() => !location.hash.startsWith("#/new"));
}

/** Signs the person of an account in, in another page of the same browser. */
export async function signIn(context: BrowserContext, email: string, password: string) {
  const page = await context.newPage();
  await page.goto("/login");
  await hydrated(page);
  await page.locator('input[name="email"]').fill(email);
  await page.locator('input[name="password"]').fill(password);
  await page.locator('form:has(input[name="password"]) button[type="submit"]').first().click();
  await page.waitForURL("**/overview");
  await page.close();
}

/** Makes an account in another page of the same browser. */
export async function account(context: BrowserContext) {
  const page = await context.newPage();
  const made = await signUp(page);
  await page.close();
  return made;
}

/** Goes to the step that shows the recovery phrase, and reads it. */
export async function toPhrase(page: Page) {
  await go(page, "#/sync/on");
  await page.getByRole("button", { name: "Go on" }).click();
  return shownPhrase(page);
}

/** The recovery phrase, once it is seen who is signed in. */
export async function shownPhrase(page: Page) {
  await expect(page.getByText(/^Signed in as/)).toBeVisible();
  await page.getByRole("button", { name: "Go on" }).click();
  return phraseWords(page);
}

/** The words of the recovery phrase, once they are shown. */
export const phraseWords = (page: Page) => texts(page.locator(".PhraseWords li"), 24);

/** Types the words that are asked for. */
export async function repeat(page: Page, words: string[]) {
  await page.getByRole("button", { name: "I have written them down" }).click();
  const fields = page.locator(".WordFields input");
  await expect(fields).toHaveCount(4);
  for (const field of await fields.all()) {
    const at = Number((await field.getAttribute("name"))!.slice(1));
    await field.fill(words[at]);
  }
}

/** The same, and what the device is called. */
export async function confirm(page: Page, words: string[], device: string) {
  await repeat(page, words);
  await page.getByLabel("Name of this device").fill(device);
}

/** Turns synchronisation on; the words of the phrase. */
export async function turnOn(page: Page, device: string) {
  const words = await toPhrase(page);
  await confirm(page, words, device);
  await page.getByRole("button", { name: "Turn on" }).click();
  await upToDate(page);
  return words;
}

/** Everything is sent and fetched. The journal gives a request up after a minute without an answer, and makes it again. */
export async function upToDate(page: Page) {
  await expect(page.locator(".SyncLine")).toHaveText("Up to date", { timeout: 90_000 });
}

/** Opens the journal and waits until it has asked the server: what it remembers is "up to date" before that. */
export async function unlockAndAsk(page: Page) {
  const asked = page.waitForResponse((r) => r.url().includes("/api/v1/journal/vaults/"), { timeout: 90_000 });
  await unlock(page);
  await asked;
  await upToDate(page);
}

/** Does what is asked about once more, folded into a row. A row that is drawn anew meanwhile folds itself. */
export async function sure(row: Locator, fold: string, act: string) {
  const button = row.getByRole("button", { name: act });
  await expect(async () => {
    if (!(await button.isVisible())) await row.locator("summary", { hasText: fold }).click({ timeout: 3_000 });
    await button.click({ timeout: 3_000 });
  }).toPass({ timeout: 90_000 });
}

/** A second browser of the same account, with an empty journal page. */
export async function another(browser: Browser, baseURL: string | undefined, who?: { email: string; password: string }) {
  const context = await browser.newContext({ baseURL });
  if (who) await signIn(context, who.email, who.password);
  const page = await context.newPage();
  await page.goto("/journal");
  return { context, page };
}

const join = (page: Page) => page.locator("details", { hasText: "Bring a journal from another device" }).last();

/** Opens the form of a new device. */
export async function toJoin(page: Page) {
  const form = join(page);
  await form.locator("summary").click();
  await form.getByRole("button", { name: "Go on" }).click();
  await expect(form.getByText(/^Signed in as/)).toBeVisible();
  return form;
}

/** Lets a new device in by the code that it shows. */
export async function pair(host: Page, guest: Page, name: string) {
  const form = await toJoin(guest);
  await form.getByLabel("Passphrase for this device").fill(PASSPHRASE);
  await form.getByLabel("Once more").fill(PASSPHRASE);
  await form.getByLabel("Name of this device").fill(name);
  await form.getByRole("button", { name: "Show the code" }).click();
  const ticket = await guest.locator("#ticket").inputValue();
  expect(ticket).toMatch(/^KWJ1\./);
  const digits = await guest.locator(".Digits strong").innerText();
  await go(host, "#/sync/pair");
  await host.getByLabel("Code of the new device").fill(ticket);
  await expect(host.locator(".Digits strong")).toHaveText(digits);
  await host.getByLabel("Name of the new device").fill(name);
  await host.getByRole("button", { name: /let it in/ }).click();
  await expect(host.getByText(`“${name}” is in.`)).toBeVisible({ timeout: 90_000 });
  await isOpen(guest);
  await upToDate(guest);
}

/** Brings the journal to a new device by the recovery phrase. */
export async function byPhrase(page: Page, words: string[], name: string) {
  await tryPhrase(page, words, name);
  await isOpen(page);
  await upToDate(page);
}

/** Asks for the journal by these words, whatever they are; the form. */
export async function tryPhrase(page: Page, words: string[], name: string) {
  const form = await toJoin(page);
  await form.getByRole("radio", { name: "With the recovery phrase" }).check();
  await form.getByLabel("The 24 words").fill(words.join(" "));
  await form.getByLabel("Passphrase for this device").fill(PASSPHRASE);
  await form.getByLabel("Once more").fill(PASSPHRASE);
  await form.getByLabel("Name of this device").fill(name);
  await form.getByRole("button", { name: "Fetch the journal" }).click();
  return form;
}

/** Invites, accepts on the other's page, and lets the device in. */
export async function share(owner: Page, partner: Page, what: "May read" | "May read and write", name: string, isOneOfSeveral = false) {
  await go(owner, "#/sync/share");
  const called = owner.getByLabel("What they see as its name");
  await owner.getByRole("heading", { name: "1. Invite" }).waitFor();
  if ((await called.count()) > 0) await called.fill("Anna");
  await owner.getByRole("radio", { name: what, exact: true }).check();
  await owner.getByRole("button", { name: "Make an invitation" }).click();
  const invitation = await owner.locator("#invitation").inputValue({ timeout: 90_000 });
  await partner.getByRole("button", { name: "A journal that somebody shares with me" }).click();
  await partner.getByRole("button", { name: "Go on" }).click();
  await partner.getByLabel("Invitation").fill(invitation);
  await expect(partner.getByLabel("What you call it")).toHaveValue("Anna");
  await partner.getByLabel("Passphrase for this device").fill(PASSPHRASE);
  await partner.getByLabel("Once more").fill(PASSPHRASE);
  await partner.getByRole("button", { name: "Show the code" }).click();
  const ticket = await partner.locator("#ticket").inputValue();
  await owner.getByLabel("Code of the new device").fill(ticket);
  await owner.getByLabel("Who it is").fill(name);
  const letIn = owner.getByRole("button", { name: /let it in/ });
  await letIn.click();
  if (isOneOfSeveral) {
    // The server knows several accounts by now: whose device it is, the person says.
    const whose = owner.getByRole("group", { name: "Whose device it is" });
    await expect(whose.getByRole("radio")).toHaveCount(2, { timeout: 90_000 });
    await whose.getByRole("radio", { name: /^Took an invitation on/ }).check();
    await letIn.click();
  }
  await isOpen(partner);
  await expect(owner.locator(".DeviceRow", { hasText: name })).toBeVisible({ timeout: 90_000 });
}

/** A list holds so many entries, by now or soon. */
export async function count(page: Page, kind: string, n: number) {
  await go(page, `#/list/${kind}`);
  await expect(page.locator(".Lines .Line-link")).toHaveCount(n, { timeout: 90_000 });
}
