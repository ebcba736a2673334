// Signing out: what was on the screen must not come back, neither by Back nor by its address.
import { PASSWORD, exchange, expect, hydrated, sendForm, signUp, test } from "../lib/test";

const SECRET = "canary: only for my own eyes";

for (const script of [true, false]) {
  test.describe(script ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled: script });

    test("signing out works, and Back does not show what was seen before", async ({ page, context, server }) => {
      const { email } = await signUp(page, { script });
      const session = (await context.cookies()).find((c) => c.name === "__Host-keepwell");
      const added = await exchange(`${server.url}/api/v1/records`, {
        method: "POST",
        headers: { origin: server.url, cookie: `${session?.name}=${session?.value}`, "content-type": "application/json" },
        body: JSON.stringify({ kind: "note", name: SECRET, note: "x", date: "2024-03-01" }),
      });
      expect(added.status, added.body.toString()).toBe(201);
      await page.goto("/timeline");
      await expect(page.locator("main")).toContainText(SECRET);
      await page.goto("/settings");
      if (script) await hydrated(page);

      const answered = page.waitForResponse((r) => r.request().method() === "POST");
      if (script) await page.getByRole("button", { name: "Sign out" }).click();
      else await sendForm(page, "sign_out");
      const told = await (await answered).allHeaders();
      expect(told["clear-site-data"]).toBe('"cache"');
      await page.waitForURL((url) => url.pathname === "/");
      const left = await context.cookies();
      expect(left.map((c) => c.name)).not.toContain("__Host-keepwell");

      for (let back = 0; back < 2; back++) {
        await page.goBack();
        await page.waitForURL("**/login**");
        await expect(page.locator("body")).not.toContainText(SECRET);
        await expect(page.locator("body")).not.toContainText(email);
      }
      await page.goto("/timeline");
      await page.waitForURL("**/login**");

      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.waitForURL((url) => url.pathname === "/timeline");
      await expect(page.locator("main")).toContainText(SECRET);
    });
  });
}
