// A second device is let in by the code on its screen, which the first one sees with its camera.
import { withCamera } from "../lib/camera";
import { PASSPHRASE, another, begin, count, go, isOpen, signIn, toJoin, turnOn, upToDate, write } from "../lib/journal-sync";
import { signUp, expect, test } from "../lib/test";

test("a device is paired by the code that the camera sees", async ({ page, browser, baseURL }) => {
  test.setTimeout(240_000);
  const who = await signUp(page);
  const camera = await withCamera();
  try {
    const context = await camera.browser.newContext({ baseURL, locale: "en-GB" });
    await signIn(context, who.email, who.password);
    const host = await context.newPage();
    await begin(host);
    await write(host, "clinic", { name: "Clinic by the lake" });
    await turnOn(host, "First");

    const { page: guest, context: other } = await another(browser, baseURL, who);
    const form = await toJoin(guest);
    await form.getByLabel("Passphrase for this device").fill(PASSPHRASE);
    await form.getByLabel("Once more").fill(PASSPHRASE);
    await form.getByLabel("Name of this device").fill("Second");
    await form.getByRole("button", { name: "Show the code" }).click();
    const ticket = await guest.locator("#ticket").inputValue();
    // Copied, it is pasted where somebody likes.
    await guest.getByRole("button", { name: "Copy", exact: true }).click();
    await expect(guest.getByText("Copied.", { exact: true })).toBeVisible();
    const digits = await guest.locator(".Digits strong").innerText();

    await go(host, "#/sync/pair");
    const field = host.getByLabel("Code of the new device");
    const use = host.getByRole("button", { name: "Use the camera" });
    await camera.show(guest.locator(".Qr"));
    await use.click();
    await expect(field).toHaveValue(ticket, { timeout: 120_000 });
    await expect(host.getByLabel("What the camera sees")).toHaveCount(0);
    await expect(host.locator(".Digits strong")).toHaveText(digits);
    await host.getByLabel("Name of the new device").fill("Second");
    await host.getByRole("button", { name: /let it in/ }).click();
    await expect(host.getByText("“Second” is in.")).toBeVisible({ timeout: 60_000 });
    await isOpen(guest);
    await upToDate(guest);
    await count(guest, "clinic", 1);
    await other.close();
  } finally {
    await camera.close();
  }
});
