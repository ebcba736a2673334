import { exchange, expect, hydrated, sendForm, signUp, test, visit } from "../lib/test";

for (const script of [true, false]) {
  test.describe(script ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled: script });

    test("a token is made, shown once, used by a program and revoked", async ({ page, server, watch }) => {
      watch.allow(/422/);
      await signUp(page, { script });
      await page.goto("/settings");
      await page.getByRole("link", { name: "Manage access tokens" }).click();
      await page.waitForURL("**/settings/tokens");
      if (script) await hydrated(page);
      await expect(page.locator("main")).toContainText("There are no tokens.");

      // Nothing is chosen yet: what was typed stays, and the reason stands beside the choices.
      await sendForm(page, "create_token", { name: "Backup at home" });
      await expect(page.getByRole("alert")).toContainText("choose at least one");
      await expect(page.getByLabel("Name")).toHaveValue("Backup at home");

      await page.getByLabel(/Read records/).check();
      await sendForm(page, "create_token");
      const shown = page.getByRole("textbox", { name: "Your new token" });
      await expect(shown).toHaveValue(/^kw_pat_[a-z2-7]{58}$/);
      const token = await shown.inputValue();
      expect(page.url()).not.toContain("kw_pat_");
      const ask = (path: string) => exchange(`${server.url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } });
      expect((await ask("records")).status).toBe(200);
      expect((await ask("documents")).status).toBe(403);

      await page.goto("/settings/tokens");
      if (script) await hydrated(page);
      await expect(page.locator("body")).not.toContainText(token);
      expect(await page.content()).not.toContain(token);
      await expect(page.locator("main")).toContainText("Backup at home");
      await expect(page.locator("main")).toContainText("Last used");
      await page.getByRole("button", { name: "Revoke Backup at home" }).click();
      await expect(page.locator("main")).toContainText("There are no tokens.");
      expect((await ask("records")).status).toBe(401);
    });
  });
}

test("a token that was shown is gone after moving on", async ({ page }) => {
  await signUp(page);
  await visit(page, "/settings/tokens");
  await page.getByLabel("Name").fill("x");
  await page.getByLabel(/Export everything/).check();
  await sendForm(page, "create_token");
  const shown = page.getByRole("textbox", { name: "Your new token" });
  await expect(shown).toBeVisible();
  await hydrated(page);
  await page.getByRole("link", { name: "Settings", exact: true }).first().click();
  await page.waitForURL("**/settings");
  await page.getByRole("link", { name: "Manage access tokens" }).click();
  await page.waitForURL("**/settings/tokens");
  await expect(page.getByRole("button", { name: "Revoke x" })).toBeVisible();
  await expect(shown).toHaveCount(0);
});
