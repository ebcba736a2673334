import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { modelServer } from "../lib/model.mjs";
import { startServer } from "../lib/server.mjs";
import { axeClean, documentsRead, expect, hydrated, noSideScroll, sendForm, signUp, test, uploadFiles, visit } from "../lib/test";

const bundle = path.join(path.dirname(fileURLToPath(import.meta.url)), "../fixtures/bundle.json");
const KEY = "sk-local-7f3a";

/** Looks the newest value up, and then says it beside a number of its own. */
function looksUp(request: any) {
  const last = request.messages.at(-1);
  if (last.role === "tool") return "Your HbA1c was [r1] on [r1.date]. Ideal would be 4.3 %. See [more](https://evil.example/x).";
  return { call: "latest", with: { marker: "4548-4", count: 1 } };
}

const exchanges = (page: Page) => page.locator(".Exchange:not(.is-live)");
const ask = async (page: Page, question: string) => {
  await page.getByRole("textbox", { name: "Your question" }).fill(question);
  await page.getByRole("button", { name: "Ask", exact: true }).click();
};

test("a model server on this machine answers after consent, with receipts, and not without", async ({ browser }) => {
  test.slow();
  const model = await modelServer(looksUp);
  const server = await startServer({
    env: {
      KEEPWELL_AI_KIND: "openai",
      KEEPWELL_AI_BASE_URL: model.url,
      KEEPWELL_AI_MODEL: "local-8b",
      KEEPWELL_AI_KEY: KEY,
      KEEPWELL_AI_NAME: "The model downstairs",
      KEEPWELL_AI_PLACE: "this house",
      KEEPWELL_LOG_LEVEL: "debug",
    },
  });
  const context = await browser.newContext({ baseURL: server.url, locale: "en-GB" });
  try {
    const page = await context.newPage();
    await signUp(page);
    await uploadFiles(page, bundle);
    await documentsRead(context, server.url, 1);
    await visit(page, "/ask");
    const leave = page.getByRole("checkbox", { name: /The model downstairs/ });
    await expect(leave, "off by default").not.toBeChecked();

    await test.step("nothing leaves while it is off", async () => {
      await ask(page, "What was my last HbA1c?");
      await page.waitForURL(/\/ask\/.+/);
      await expect(exchanges(page)).toHaveCount(1);
      expect(model.asked).toEqual([]);
    });

    await test.step("the sheet shows the real request before anything is sent", async () => {
      await visit(page, "/ask");
      await leave.check();
      await ask(page, "Is my HbA1c fine, asks Robin Fixture?");
      const sheet = page.locator(".Consent");
      await expect(sheet).toContainText("The model downstairs");
      await expect(sheet).toContainText("this house");
      await expect(sheet).toContainText("local-8b");
      await expect(sheet).toContainText("Robin Fixture");
      await sheet.locator("summary").click();
      const shown = await sheet.locator("pre").textContent();
      expect(shown).toContain("Is my HbA1c fine");
      expect(shown, "a stand-in takes the place of the name").not.toContain("Fixture");
      expect(shown).not.toContain(KEY);
      expect(model.asked).toEqual([]);
      await hydrated(page);
      await axeClean(page, "the sheet of consent");
      for (const width of [360, 1440]) {
        await page.setViewportSize({ width, height: 800 });
        await noSideScroll(page, `the sheet of consent at ${width}`);
      }
      await sheet.getByRole("button", { name: /^Agree/ }).click();
      await page.waitForURL(/\/ask\/.+/);
      await expect(exchanges(page)).toHaveCount(1, { timeout: 30_000 });
      expect(model.asked[0].body.messages.at(-1).content).toContain("Is my HbA1c fine");
      expect(JSON.stringify(model.asked[0].body)).not.toContain("Fixture");
      expect(model.asked[0].headers.authorization).toBe(`Bearer ${KEY}`);
    });

    await test.step("the value is the record's, the model's own number is marked, its link is words", async () => {
      const answer = exchanges(page).first();
      await expect(answer.locator("a.Receipt", { hasText: "5.5" }).first()).toBeVisible();
      await expect(answer.locator(".Unverified", { hasText: "4.3" })).toContainText("not verified");
      await expect(answer.locator('a[href*="evil"]')).toHaveCount(0);
      await answer.locator("a.Receipt", { hasText: "5.5" }).first().click();
      await page.waitForURL(/\/records\/.+/);
      await expect(page.locator("main")).toContainText("5.5");
    });

    await test.step("from now on a question goes there, and one press keeps it here", async () => {
      await visit(page, "/ask");
      await expect(leave).toBeChecked();
      await leave.uncheck();
      const before = model.asked.length;
      await ask(page, "What was my last HbA1c?");
      await page.waitForURL(/\/ask\/.+/);
      await expect(exchanges(page)).toHaveCount(1);
      expect(model.asked.length).toBe(before);
      await visit(page, "/ask");
      await ask(page, "And my HbA1c now?");
      await page.waitForURL(/\/ask\/.+/);
      await expect(exchanges(page)).toHaveCount(1);
      await expect(exchanges(page).first().locator(".Unverified")).toHaveCount(1);
      expect(model.asked.length).toBe(before + 2);
    });

    await test.step("consent is taken back, and nothing leaves any more", async () => {
      await visit(page, "/settings/ask");
      await expect(page.locator("main")).toContainText("The model downstairs");
      await axeClean(page, "who answers questions");
      await Promise.all([page.waitForResponse((r) => r.request().method() === "POST"), sendForm(page, "revoke_consent")]);
      await visit(page, "/ask");
      await expect(leave).not.toBeChecked();
      const before = model.asked.length;
      await leave.check();
      await ask(page, "And today?");
      await expect(page.locator(".Consent")).toBeVisible();
      expect(model.asked.length).toBe(before);
    });

    await test.step("a provider of one's own inside the network is refused with its field", async () => {
      await visit(page, "/settings/ask");
      const form = page.locator('form:has(input[value="set_own_provider"])');
      await form.getByLabel("Address").fill("https://192.168.0.10/v1");
      await form.getByLabel("Model").fill("mine");
      await form.getByLabel("Key").fill(KEY);
      await form.getByRole("button", { name: "Save provider" }).click();
      await expect(form.locator(".Field.is-wrong, [aria-invalid=true]").first()).toBeVisible();
      expect(model.asked.length).toBeGreaterThan(0);
    });
    expect(server.log(), "the key is in no log").not.toContain(KEY);
  } finally {
    await context.close();
    model.close();
    await server.stop();
  }
});
