// A page comes alive at the first touch; what was done before that counts, too.
import { demoPerson, expect, shown, signUp, test } from "../lib/test";

const isAlive = "document.documentElement.dataset.hydrated === 'true'";

test("a page rests until it is touched", async ({ page }) => {
  await page.goto("/login");
  await shown(page);
  expect(await page.evaluate(isAlive)).toBe(false);
  await page.keyboard.press("Tab");
  await page.waitForFunction(isAlive);
});

test("the hand that wakes a chart picks a point", async ({ page }) => {
  await signUp(page);
  await demoPerson(page);
  await page.goto("/markers");
  const marker = await page.locator('.MarkerList a[href^="/markers/"]').first().getAttribute("href");
  await page.goto(marker ?? "");
  await shown(page);
  expect(await page.evaluate(isAlive)).toBe(false);
  await page.locator(".Chart-stage").hover();
  await expect(page.locator(".Chart-over circle")).toBeVisible();
});

test("a file that is picked before the page is alive is uploaded", async ({ page }) => {
  await signUp(page);
  await page.goto("/add");
  const file = { name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("kept as it is") };
  await page.locator('input[type="file"][name="file"]').setInputFiles([file]);
  await page.waitForURL("**/documents");
  await expect(page.getByText("note.txt").first()).toBeVisible();
});
