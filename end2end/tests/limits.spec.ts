import { axeClean, expect, noSideScroll, test as base } from "../lib/test";
import { startServer } from "../lib/server.mjs";

// A server of its own, on which one sign-in a minute is allowed.
const test = base.extend<{}, { strict: Awaited<ReturnType<typeof startServer>> }>({
  strict: [
    async ({}, use) => {
      const server = await startServer({ env: { KEEPWELL_LIMITS_LOGIN: "1" } });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
});

for (const [locale, wait, again] of [
  ["en-GB", /Please try again in \d+ seconds?\./, "Try again"],
  ["de-DE", /Bitte versuchen Sie es in \d+ Sekunden? noch einmal\./, "Noch einmal versuchen"],
] as const) {
  test.describe(locale, () => {
    test.use({ locale, javaScriptEnabled: false, viewport: { width: 360, height: 740 } });

    test("a sign-in over the limit is answered by a page that says when to try again", async ({ page, strict, watch }) => {
      watch.allow(/^(401|422|429): POST /);
      watch.allow(/Failed to load resource/);
      // The first is allowed unless another test was quicker; where a minute ends between two, it takes a third.
      for (let n = 0; n < 4 && !(await page.getByText(wait).isVisible()); n += 1) {
        await page.goto(`${strict.url}/login`);
        await page.locator('input[name="email"]').fill("nobody@example.org");
        await page.locator('input[name="password"]').fill("not the right password");
        await page.locator('form:has(input[value="sign_in"]) button[type="submit"]').click();
        await page.waitForLoadState();
      }
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByText(wait)).toBeVisible();
      await expect(page).toHaveTitle(/^[^<>]+ · Keepwell$/);
      await noSideScroll(page, "refused sign-in");
      await page.getByRole("link", { name: again }).click();
      await expect(page.locator('input[name="password"]')).toBeVisible();
    });
  });
}

test("the page of a refusal is accessible", async ({ page, strict, watch }) => {
  watch.allow(/^(401|422|429): POST /);
  watch.allow(/Failed to load resource/);
  const send = { form: { _form: "sign_in", email: "x@example.org", password: "not the right password" }, headers: { origin: strict.url } };
  let refused = await page.request.post(`${strict.url}/login`, send);
  for (let n = 0; n < 3 && refused.status() !== 429; n += 1) refused = await page.request.post(`${strict.url}/login`, send);
  expect(refused.status()).toBe(429);
  await page.route(`${strict.url}/refused`, async (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: await refused.text() }));
  await page.goto(`${strict.url}/refused`);
  await axeClean(page, "refused sign-in");
  if (process.env.KEEPWELL_TEST_SHOT) await page.screenshot({ path: process.env.KEEPWELL_TEST_SHOT });
});
