// Passkeys as a way into the journal, results that are held, drugs and places, and what two devices wrote.
import type { BrowserContext, Page } from "@playwright/test";
import { PASSPHRASE, begin, day, enter, form, go, isOpen, make, unlock } from "../lib/journal";
import { axeClean, expect, noSideScroll, test } from "../lib/test";

// Passkeys are bound to a name: under a bare address browsers have none.
test.use({ baseURL: async ({ server }, use) => use(server.url.replace("127.0.0.1", "localhost")) });

/** A device of the browser that has passkeys, with or without the extension that gives keys. */
async function authenticator(context: BrowserContext, page: Page, hasPrf: boolean) {
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, hasPrf },
  });
  const count = async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length;
  return { cdp, authenticatorId, count };
}

async function addPasskey(page: Page, name: string) {
  await go(page, "#/ways");
  await page.getByLabel("Name, to tell it apart").fill(name);
  await page.locator("#passkey-present").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Add a passkey" }).click();
}

/** How many bytes the locked vault has: each way in adds to it. */
const vaultBytes = (page: Page) =>
  page.evaluate(async () => {
    const open = indexedDB.open("keepwell-journal");
    const db = await new Promise<IDBDatabase>((done) => (open.onsuccess = () => done(open.result)));
    const get = db.transaction("vault").objectStore("vault").get("locked");
    const bytes = await new Promise<Uint8Array>((done) => (get.onsuccess = () => done(get.result)));
    db.close();
    return bytes.length;
  });

test("a passkey opens the journal, beside the passphrase and never instead of it", async ({ page, context }) => {
  test.setTimeout(300_000);
  const sent: string[] = [];
  context.on("request", (r) => r.url().startsWith("http") && sent.push(`${r.method()} ${new URL(r.url()).pathname}`));
  const device = await authenticator(context, page, true);
  await begin(page);
  await addPasskey(page, "Kitchen tablet");
  await expect(page.getByText("The passkey opens the journal from now on.").first()).toBeVisible({ timeout: 60_000 });
  await expect(page.locator(".Ways")).toContainText("Passkey: Kitchen tablet");
  await expect(page.locator(".Ways > li")).toHaveCount(2);
  expect(await device.count()).toBe(1);
  await axeClean(page, "ways in");

  // Whoever finds the page open adds no way in of their own.
  await page.locator("#passkey-present").fill("a guess at the words");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("This is not the passphrase", { timeout: 60_000 });
  expect(await device.count()).toBe(1);

  // The same device has one already, and says so.
  await page.locator("#passkey-present").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("has a passkey for the journal already", { timeout: 60_000 });

  await page.reload();
  await page.getByRole("button", { name: "Open with a passkey" }).click();
  await isOpen(page);
  await page.getByRole("button", { name: "Lock" }).click();
  await unlock(page);

  // Another passphrase leaves the passkey what it is, which confirms it in the place of the old one.
  await go(page, "#/ways");
  await page.locator("#present-passphrase").fill("a guess at the words");
  await page.getByLabel("New passphrase").fill("a thief's own words");
  await page.getByLabel("Once more").fill("a thief's own words");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "This is not the passphrase" })).toBeVisible({ timeout: 60_000 });
  await page.locator("#present-passphrase").fill("");
  await page.getByLabel("New passphrase").fill("quite another set of words");
  await page.getByLabel("Once more").fill("quite another set of words");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(page.getByText("The passphrase is changed.")).toBeVisible({ timeout: 60_000 });
  await page.reload();
  await page.getByRole("button", { name: "Open with a passkey" }).click();
  await isOpen(page);
  await page.getByRole("button", { name: "Lock" }).click();
  await expect(page.getByText("Locked.")).toBeVisible();
  await axeClean(page, "the door with a passkey");
  await noSideScroll(page, "the door");

  // A person that is not recognised opens nothing, and is told so.
  await device.cdp.send("WebAuthn.setUserVerified", { authenticatorId: device.authenticatorId, isUserVerified: false });
  await page.getByRole("button", { name: "Open with a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("was not confirmed in time, or it was cancelled");
  await device.cdp.send("WebAuthn.setUserVerified", { authenticatorId: device.authenticatorId, isUserVerified: true });
  await unlock(page, "quite another set of words");

  await go(page, "#/ways");
  await page.getByRole("button", { name: "Remove the passkey Kitchen tablet" }).click();
  await page.getByRole("button", { name: "Yes, remove it" }).click();
  await expect(page.getByText("The passkey is removed.").first()).toBeVisible();
  await expect(page.locator(".Ways > li")).toHaveCount(1);
  await page.reload();
  await expect(page.getByText("Locked.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Open with a passkey" })).toHaveCount(0);
  await unlock(page, "quite another set of words");
  // No server heard of it.
  for (const one of sent) expect(one).toMatch(/^GET \/(journal$|journal\/[\w.-]+$|fonts\/)/);
});

test("a device whose passkeys give no key is refused in plain words, and nothing is left behind", async ({ page, context }) => {
  await authenticator(context, page, false);
  await begin(page);
  await go(page, "#/ways");
  const before = await vaultBytes(page);
  await addPasskey(page, "Old key");
  await expect(page.getByRole("alert")).toContainText("This passkey cannot open a journal", { timeout: 60_000 });
  await expect(page.locator(".Ways > li")).toHaveCount(1);
  expect(await vaultBytes(page)).toBe(before);
  await page.reload();
  await expect(page.getByText("Locked.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Open with a passkey" })).toHaveCount(0);
});

test("a held result stays out of sight until it is shown, and a finding on sex by itself", async ({ page }) => {
  await begin(page);
  const cycle = await make(page, "cycle", { title: "One", cycle_start: day(-20), stimulation_start: day(-18) });
  const on = `?cycle=${cycle}`;
  await make(page, "hormone", { at: day(-10), hormone: "e2", value: "420", "value.x": "pg/mL" }, on);
  const held = await make(page, "hormone", { at: day(-8), hormone: "e2", value: "1777", "value.x": "pg/mL", held: "yes" }, on);
  const beta = await make(page, "beta", { at: day(-1), value: "3141", "value.x": "IU/L", held: "yes" }, on);
  for (const hash of ["#/list/hormone", "#/list/beta", `#/cycle/${cycle}`, `#/cycle/${cycle}/sheet`, `#/cycle/${cycle}/plan`, `#/edit/hormone/${held}`, `#/edit/beta/${beta}`, "#/"]) {
    await go(page, hash);
    expect(await page.locator("main").innerHTML(), hash).not.toMatch(/1777|1,777|3141|3,141/);
  }
  await go(page, `#/edit/hormone/${held}`);
  await axeClean(page, "a held result");
  await page.getByRole("button", { name: "Show the result" }).click();
  await expect(form(page).locator('[name="f.value"]')).toHaveValue("1777");
  await go(page, "#/list/hormone");
  await expect(page.locator("main")).toContainText("1777");

  // Who wants new results held need not think of it each time.
  await go(page, "#/settings");
  await enter(page, { hold_results: "yes" });
  for (const kind of ["hormone", "beta", "embryo_event"]) {
    await go(page, `#/new/${kind}`);
    await expect(form(page).locator('[name="f.held"]')).toBeChecked();
  }

  const embryo = await make(page, "embryo", { label: "3" }, on);
  await go(page, `#/new/embryo_event?embryo=${embryo}&what=tested`);
  await enter(page, { at: day(-5), pgt: "euploid", pgt_detail: "46,XX", sex: "xx", held: "yes" });
  await go(page, `#/embryo/${embryo}`);
  await expect(page.locator("main")).toContainText("Result held");
  await expect(page.locator(".Facts")).not.toContainText("Euploid");
  await page.getByRole("button", { name: "Show the result" }).click();
  await expect(page.locator(".Facts")).toContainText("Euploid");
  await expect(page.locator("main")).not.toContainText("XX");
  // The form does not show it either, and saving it changes nothing.
  await page.locator('a[href^="#/edit/embryo_event/"]').click();
  await expect(page.getByText("There is a finding. It is not shown.")).toBeVisible();
  await expect(page.getByText("There is a finding in words.")).toBeVisible();
  await expect(form(page).locator("select[name='f.sex'], input[name='f.pgt_detail']:not([type=hidden])")).toHaveCount(0);
  await expect(page.locator("main")).not.toContainText("XX");
  await axeClean(page, "a hidden finding");
  await enter(page, { place: "Tank 3" });
  await go(page, `#/embryo/${embryo}`);
  await page.getByRole("button", { name: "Show the finding on sex" }).click();
  await expect(page.locator(".Facts")).toContainText("46,XX");
});

test("the drug list fills in the form, and the place of an injection takes turns", async ({ page }) => {
  await begin(page);
  await go(page, "#/new/medication");
  await form(page).locator('[name="f.note"]').evaluate((e) => ((e as HTMLTextAreaElement).value = "from the corner pharmacy"));
  await page.getByLabel("Look up in the built-in list").fill("menop");
  await axeClean(page, "the drug list");
  await page.getByRole("button", { name: /Menopur 75 IU/ }).click();
  await expect(page.getByText("Packs differ: 5, 10 pieces are common.")).toBeVisible();
  await expect(form(page).locator('[name="f.name"]')).toHaveValue("Menopur");
  await expect(form(page).locator('[name="f.form"]')).toHaveValue("vial");
  await expect(form(page).locator('[name="f.strength"]')).toHaveValue("75");
  await expect(form(page).locator('[name="f.strength.x"]')).toHaveValue("IU");
  await expect(form(page).locator('[name="f.substance"]')).toHaveValue("menotropin");
  await expect(form(page).locator('[name="f.note"]')).toHaveValue("from the corner pharmacy");
  await page.getByLabel("Look up in the built-in list").fill("Herbal drops");
  await expect(page.getByText("Not in the list. Please fill in the form.")).toBeVisible();
  await enter(page, { pack_size: "5" });
  await make(page, "medication", { name: "Herbal drops", form: "drops" });
  await go(page, "#/list/medication");
  await expect(page.locator("main")).toContainText("Menopur");

  await go(page, "#/new/dose");
  await expect(form(page).locator(".Sites")).toHaveCount(0);
  // A drug that is named brings its unit and how it is taken, but nothing over what was typed.
  await form(page).locator('[name="f.drug"]').fill("Cetrotide");
  await expect(form(page).locator('[name="f.amount.x"]')).toHaveValue("mg");
  await expect(form(page).locator('[name="f.route"]')).toHaveValue("subcutaneous");
  await form(page).locator('[name="f.amount"]').fill("0.25");
  await form(page).locator('[name="f.drug"]').fill("Menopur");
  await expect(form(page).locator('[name="f.amount.x"]')).toHaveValue("mg");
  const suggested = await form(page).locator('datalist[id="f-drug-list"] option').evaluateAll((all) => all.map((o) => (o as HTMLOptionElement).value));
  expect(suggested).toEqual(expect.arrayContaining(["Herbal drops", "Ovitrelle"]));
  for (const [n, site] of [[-3, "abdomen_left"], [-2, "abdomen_right"], [-1, "thigh_left"]] as const) {
    await make(page, "dose", { drug: "Menopur", amount: "150", at: day(n), "at.x": "21:00", site });
  }
  await go(page, "#/new/dose");
  await expect(form(page).locator(".Sites")).toContainText("Thigh, left");
  await expect(form(page).locator(".Sites")).toContainText("Next in turn: Abdomen, left.");
  // A drug with places of its own takes turns among those.
  const own = await make(page, "medication", { name: "Cetrotide" });
  await go(page, `#/edit/medication/${own}`);
  for (const more of await form(page).locator("details.More:not([open]) > summary").all()) await more.click();
  for (const site of ["thigh_left", "thigh_right"]) await form(page).locator(`[name="f.sites.t"][value="${site}"]`).check();
  await enter(page, {});
  await go(page, "#/new/dose");
  await form(page).locator('[name="f.drug"]').fill("Cetrotide");
  await expect(form(page).locator(".Sites")).toContainText("Next in turn: Thigh, right.");
});

test("what two devices wrote is shown, and the person chooses", async ({ page, browser, baseURL }) => {
  await begin(page);
  const note = await make(page, "note", { text: "Ask about the dose" });
  const backup = async (of: Page) => {
    await go(of, "#/backup");
    const [file] = await Promise.all([of.waitForEvent("download"), of.getByRole("button", { name: "Save the file" }).click()]);
    return { name: "journal.kwjb", mimeType: "application/octet-stream", buffer: await (await import("node:fs/promises")).readFile(await file.path()) };
  };
  const first = await backup(page);
  const elsewhere = await browser.newContext({ baseURL, locale: "en-GB" });
  const other = await elsewhere.newPage();
  await other.goto("/journal");
  await other.getByText("Bring one back from a backup").click();
  await other.getByLabel("Backup file").setInputFiles(first);
  await other.getByLabel("Passphrase of the file").fill(PASSPHRASE);
  await other.getByRole("button", { name: "Bring back" }).click();
  await expect(other.getByRole("heading", { name: "Today", level: 1 })).toBeVisible({ timeout: 60_000 });

  await go(page, `#/edit/note/${note}`);
  await enter(page, { text: "Ask about the evening dose" });
  await go(other, `#/edit/note/${note}`);
  await enter(other, { text: "Ask about both doses" });
  const second = await backup(other);
  await elsewhere.close();

  await go(page, "#/backup");
  await page.getByLabel("Backup file").setInputFiles(second);
  await page.getByLabel("Passphrase of the file").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Bring back" }).click();
  await expect(page.getByText(/changes were taken in/).first()).toBeVisible({ timeout: 60_000 });
  await go(page, "#/");
  await page.locator("section.Card", { hasText: "Written on two devices" }).getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`#/edit/note/${note}$`));
  const card = page.locator("section.Card", { hasText: "Written on two devices" });
  await expect(card).toContainText("Ask about both doses");
  await expect(card).toContainText("Ask about the evening dose");
  await axeClean(page, "a conflict");
  await noSideScroll(page, "a conflict");
  await card.getByRole("button", { name: "Text: take the other" }).click();
  await expect(form(page).locator('[name="f.text"]')).toHaveValue("Ask about the evening dose");
  await expect(page.getByText("Written on two devices")).toHaveCount(0);
  await page.getByRole("heading", { name: "History" }).click();
  await expect(page.locator("details", { hasText: "History" })).toContainText("Ask about both doses");
  await page.reload();
  await unlock(page);
  await go(page, `#/edit/note/${note}`);
  await expect(form(page).locator('[name="f.text"]')).toHaveValue("Ask about the evening dose");
  await expect(page.getByText("Written on two devices")).toHaveCount(0);
});
