import path from "node:path";
import { fileURLToPath } from "node:url";
import { axeClean, documentsRead, expect, hydrated, noSideScroll, signUp, test, uploadFiles } from "../lib/test";

const table = path.join(path.dirname(fileURLToPath(import.meta.url)), "../fixtures/unsure.csv");

test.describe("with script", () => {
  for (const [width, colorScheme] of [[360, "light"], [1440, "dark"]] as const) {
    test.describe(`at ${width} px, ${colorScheme}`, () => {
      test.use({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });

      test("rows in doubt are reviewed by keyboard and become records", async ({ page, context, server }, info) => {
        await signUp(page);
        await uploadFiles(page, table);
        const [document] = await documentsRead(context, server.url, 1);
        expect([document.state, document.records]).toEqual(["review", 1]);
        await page.goto(`/documents/${document.id}`);
        await hydrated(page);
        await page.getByRole("link", { name: "Review rows" }).click();
        await hydrated(page);
        const rows = page.locator(".ReviewRow");
        await expect(rows).toHaveCount(3);
        await expect(rows.first()).toContainText("physically plausible");
        if (width > 1000) await expect(page.locator(".Review-table tbody tr")).toHaveCount(3);
        await page.screenshot({ path: info.outputPath("review.png"), fullPage: true });
        await axeClean(page, "the review");
        await noSideScroll(page, "the review");

        // The second row has the focus after two steps: the first step goes to the first row.
        await page.keyboard.press("j");
        await expect(rows.nth(0)).toBeFocused();
        await page.keyboard.press("j");
        await expect(rows.nth(1)).toBeFocused();
        await page.keyboard.press("k");
        await expect(rows.nth(0)).toBeFocused();
        await page.keyboard.press("x");
        await expect(rows).toHaveCount(2);
        await hydrated(page);
        await page.keyboard.press("a");
        await expect(rows).toHaveCount(1);
        await hydrated(page);
        await expect(rows.first()).toContainText("03/04/2024");
        await page.getByRole("radio", { name: "3 Apr 2024" }).check();
        await page.keyboard.press("a");
        await page.waitForURL((url) => !url.search.includes("review"));
        await hydrated(page);
        await expect(page.locator("main")).toContainText("Potassium");
        const [done] = await documentsRead(context, server.url, 1);
        expect([done.state, done.records]).toEqual(["done", 3]);

        // What was left out can be brought back.
        await page.goto(`/documents/${document.id}?review=1`);
        await page.getByText("Left out").click();
        await page.getByRole("button", { name: "Bring back" }).click();
        await expect(rows).toHaveCount(1);
      });
    });
  }
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("rows in doubt are edited and accepted by plain forms, and read again", async ({ page, context, server, watch }) => {
    watch.allow(/^422: POST .*\/documents\//);
    watch.allow(/console: Failed to load resource: the server responded with a status of 422/);
    await signUp(page, { script: false });
    await uploadFiles(page, table, { script: false });
    const [document] = await documentsRead(context, server.url, 1);
    await page.goto(`/documents/${document.id}`);
    await page.getByRole("link", { name: "Review rows" }).click();
    const rows = page.locator(".ReviewRow");
    await expect(rows).toHaveCount(3);
    // A date that is not chosen is asked for beside its row.
    await rows.nth(2).getByRole("button", { name: "Accept" }).click();
    await expect(rows.nth(2).getByRole("alert")).toBeVisible();
    await rows.nth(0).getByText("Edit").click();
    await rows.nth(0).getByLabel("Value").fill("140");
    await rows.nth(0).getByRole("button", { name: "Accept" }).click();
    await expect(rows).toHaveCount(2);
    await page.getByRole("button", { name: /likely/ }).click();
    await expect(rows).toHaveCount(1);
    await page.getByRole("radio", { name: "4 Mar 2024" }).check();
    await rows.first().getByRole("button", { name: "Accept" }).click();
    await page.waitForURL((url) => !url.search.includes("review"));
    await expect(page.locator("main")).toContainText("140");
    await page.getByRole("button", { name: "Read again" }).click();
    const [done] = await documentsRead(context, server.url, 1);
    expect([done.state, done.records]).toEqual(["done", 4]);
  });
});
