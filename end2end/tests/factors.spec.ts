import { createHmac } from "node:crypto";
import type { Page } from "@playwright/test";
import { axeClean, expect, hydrated, sendForm, signUp, test, texts, visit } from "../lib/test";

// Passkeys are bound to a name: under a bare address browsers have none.
test.use({ baseURL: async ({ server }, use) => use(server.url.replace("127.0.0.1", "localhost")) });

/** The six digits that an app shows now (RFC 6238), or some steps away. */
function totp(secret: string, steps = 0): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replace(/\s/g, "")].map((c) => alphabet.indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)!.map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function signIn(page: Page, email: string, password: string) {
  await page.goto("/login");
  await page.getByLabel("E-mail", { exact: false }).first().fill(email);
  await page.locator('input[name="password"]').fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Sets an app up by the page; its secret and the recovery codes. */
async function addApp(page: Page) {
  await page.goto("/settings/factors");
  await sendForm(page, "begin_app");
  const secret = (await page.locator(".Secret").textContent())!;
  await expect(page.locator("svg.Qr")).toBeVisible();
  await sendForm(page, "confirm_app", { code: totp(secret) });
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeVisible();
  const codes = await texts(page.locator(".RecoveryCodes code"), 10);
  return { secret, codes };
}

for (const script of [true, false]) {
  test.describe(script ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled: script });

    test("an app is set up, asked for at sign-in, and a recovery code stands in for it", async ({ page, watch }) => {
      watch.allow(/422/);
      const { email, password } = await signUp(page, { script });
      await page.goto("/settings/account");
      await page.getByRole("link", { name: "Manage the second step" }).click();
      await page.waitForURL("**/settings/factors");
      const { secret, codes } = await addApp(page);
      expect(page.url()).not.toContain(codes[0]);
      await page.goto("/settings/factors");
      await expect(page.locator("main")).not.toContainText(codes[0]);
      await expect(page.locator("main")).toContainText("10 codes are left.");

      await page.goto("/settings");
      await sendForm(page, "sign_out");
      await page.waitForURL((url) => url.pathname === "/");
      await signIn(page, email, password);
      await page.waitForURL("**/login/code**");
      if (!script) await expect(page.locator("main")).not.toContainText("Use a passkey");
      await page.getByLabel("Code").fill("000000");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(page.getByRole("alert").filter({ hasText: "not right" })).toBeVisible();
      // The code of now confirmed the app, so it is used up: the next one counts already.
      await page.getByLabel("Code").fill(totp(secret, 1));
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.waitForURL("**/overview");

      await page.goto("/settings");
      await sendForm(page, "sign_out");
      await page.waitForURL((url) => url.pathname === "/");
      await signIn(page, email, password);
      await page.waitForURL("**/login/code**");
      await page.getByLabel("Code").fill(codes[4].toUpperCase());
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.waitForURL("**/overview");
      await page.goto("/settings/factors");
      await expect(page.locator("main")).toContainText("9 codes are left.");
      await sendForm(page, "remove_app");
      await expect(page.locator("main")).toContainText("Add an app");
    });
  });
}

test("an app is set up by keyboard alone, and the pages please axe", async ({ page }) => {
  await signUp(page);
  await visit(page, "/settings/factors");
  const axe = (where: string) => axeClean(page, where);
  await axe("the empty page");
  const add = page.getByRole("button", { name: "Add an app" });
  await add.focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("svg.Qr")).toBeVisible();
  await axe("the page with the picture");
  const secret = (await page.locator(".Secret").textContent())!;
  await page.getByLabel("Six digits that the app shows").focus();
  await page.keyboard.type(totp(secret));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeVisible();
  await axe("the recovery codes");
  await page.goto("/prove?next=/settings");
  await axe("the proof");
});

test("a passkey is added, signs in alone, proves, and is removed", async ({ page, context }) => {
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  const { email, password } = await signUp(page);
  await page.goto("/settings/factors");
  // At the first press, before anything else has touched the page.
  await page.locator('form:has(input[value="add_passkey"]) input[name="name"]').fill("This laptop");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeVisible();
  await expect(page.locator("main")).toContainText("This laptop");

  await visit(page, "/settings");
  await sendForm(page, "sign_out");
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto("/login");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForURL("**/overview");

  await page.goto("/prove?next=/settings/factors");
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.waitForURL("**/settings/factors");
  await expect(page.locator("main")).toContainText("Last used");

  await visit(page, "/settings");
  await sendForm(page, "sign_out");
  await page.waitForURL((url) => url.pathname === "/");
  await signIn(page, email, password);
  await page.waitForURL("**/login/code**");
  await hydrated(page);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.waitForURL("**/overview");

  await page.goto("/settings/factors");
  await page.getByRole("button", { name: "Remove This laptop" }).click();
  await expect(page.locator("main")).not.toContainText("This laptop");
});
