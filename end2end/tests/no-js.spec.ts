import path from "node:path";
import { fileURLToPath } from "node:url";
import { documentsRead, expect, sendForm, signUp, test, uploadFiles } from "../lib/test";

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), "../fixtures");

test.use({ javaScriptEnabled: false });

test("without JavaScript a person signs up, uploads by a plain form and reads a chart", async ({ page, context, server }) => {
  await signUp(page, { script: false });
  await uploadFiles(page, path.join(fixtures, "bundle.json"), { script: false });
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const [document] = await documentsRead(context, server.url, 1);
  expect(document.state).toBe("done");

  await page.goto("/markers");
  await page.getByRole("link", { name: /ldl/i }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/ldl/i);
  await expect(page.locator("main svg").first()).toBeVisible();
  await expect(page.locator("main table").first()).toContainText("104");

  await page.goto("/settings");
  await sendForm(page, "sign_out");
  await page.waitForURL((url) => url.pathname !== "/settings");
  await page.goto("/overview");
  await page.waitForURL("**/login**");
});

test("the range of a chart changes by a plain link", async ({ page, context, server }) => {
  await signUp(page, { script: false });
  await uploadFiles(page, path.join(fixtures, "bundle.json"), { script: false });
  await documentsRead(context, server.url, 1);
  await page.goto("/markers/4548-4?from=2023-01-01");
  const table = page.locator("main table").first();
  await expect(table).toContainText("5.8");
  await expect(table).not.toContainText("6.4");
});
