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

test("a long document is read page by page by plain links", async ({ page, context, server }) => {
  await signUp(page, { script: false });
  const code = { coding: [{ system: "http://loinc.org", code: "2276-4" }], text: "Ferritin" };
  const entry = Array.from({ length: 230 }, (_, n) => ({
    resource: {
      resourceType: "Observation",
      id: `r${n}`,
      status: "final",
      code,
      effectiveDateTime: `${2000 + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, "0")}-11`,
      valueQuantity: { value: n + 4, unit: "ng/mL", system: "http://unitsofmeasure.org", code: "ng/mL" },
    },
  }));
  const bundle = JSON.stringify({ resourceType: "Bundle", type: "collection", entry });
  const file = { name: "years.json", mimeType: "application/json", buffer: Buffer.from(bundle) };
  await uploadFiles(page, file, { script: false });
  const [document] = await documentsRead(context, server.url, 1);
  expect(document.state).toBe("done");

  const records = page.locator("#records");
  const shows = async (first: number, count: number) => {
    await expect(records.locator(".Item")).toHaveCount(count);
    await expect(records.locator(".Item").first()).toContainText(`${first} ng/mL`);
  };
  await page.goto(`/documents/${document.id}`);
  await shows(4, 100);
  await expect(records.getByText("Previous records")).toHaveCount(0);
  await records.getByRole("link", { name: "Next records" }).click();
  await shows(104, 100);
  await records.getByRole("link", { name: "Next records" }).click();
  await shows(204, 30);
  await expect(records.getByText("Next records")).toHaveCount(0);
  await records.getByRole("link", { name: "Previous records" }).click();
  await shows(104, 100);
});
