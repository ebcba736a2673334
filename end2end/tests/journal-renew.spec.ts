// A way in that is taken away on one device: what all devices write from then on is not for it.
import type { Page } from "@playwright/test";
import { PASSPHRASE, account, another, begin, go, pair, turnOn, unlock, upToDate, write } from "../lib/journal-sync";
import { expect, startServer, test } from "../lib/test";

/** How many statements a page has brought to the server. */
function statements(page: Page) {
  let count = 0;
  page.on("response", (answer) => {
    if (answer.request().method() === "POST" && answer.url().endsWith("/statements") && answer.ok()) count += 1;
  });
  return () => count;
}

test("a passkey that is removed, and a passphrase that is changed, make a new key for every device", async ({ browser }) => {
  test.setTimeout(300_000);
  const server = await startServer();
  try {
    // Passkeys need a name, and the other pages of this test an address of the same kind.
    const url = server.url.replace("127.0.0.1", "localhost");
    const context = await browser.newContext({ baseURL: url });
    const who = await account(context);
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send("WebAuthn.enable");
    await cdp.send("WebAuthn.addVirtualAuthenticator", {
      options: { protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, hasPrf: true },
    });
    await begin(page);
    await turnOn(page, "First");
    const second = await another(browser, url, who);
    await pair(page, second.page, "Second");

    await go(page, "#/ways");
    await page.getByLabel("Name, to tell it apart").fill("Key");
    await page.locator("#passkey-present").fill(PASSPHRASE);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await expect(page.locator(".Ways")).toContainText("Passkey: Key", { timeout: 60_000 });
    const made = statements(page);
    await page.getByRole("button", { name: "Remove the passkey Key" }).click();
    await page.locator(".Ways-sure button").click();
    await expect(page.locator(".Ways")).not.toContainText("Passkey: Key", { timeout: 60_000 });
    await expect.poll(made, { timeout: 60_000 }).toBe(1);
    await upToDate(page);

    await page.locator("#present-passphrase").fill(PASSPHRASE);
    await page.getByLabel("New passphrase").fill("quite another set of words");
    await page.getByLabel("Once more").fill("quite another set of words");
    await page.getByRole("button", { name: "Change", exact: true }).click();
    await expect.poll(made, { timeout: 60_000 }).toBe(2);
    await upToDate(page);

    // Both go on under the new key, also after what is stored was opened again.
    await page.reload();
    await unlock(page, "quite another set of words");
    await write(page, "note", { text: "After the change" });
    await upToDate(page);
    await go(second.page, "#/list/note");
    await expect(second.page.getByText("After the change")).toBeVisible({ timeout: 60_000 });
    await second.page.reload();
    await unlock(second.page);
    await write(second.page, "note", { text: "And back" });
    await upToDate(second.page);
    await go(page, "#/list/note");
    await expect(page.getByText("And back")).toBeVisible({ timeout: 60_000 });
    await context.close();
    await second.context.close();
  } finally {
    await server.stop();
  }
});
