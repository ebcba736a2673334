import { PUBLIC_PAGES, axeClean, demoPerson, expect, hydrated, noSideScroll, pagesOf, signUp, tableInDoubt, test, visit } from "../lib/test";

const WIDTHS = [360, 1440];
const SCHEMES = ["light", "dark"] as const;

// Dozens of pages each, every one looked at by axe.
test.describe.configure({ timeout: 300_000 });

for (const width of WIDTHS) {
  for (const colorScheme of SCHEMES) {
    test.describe(`at ${width} px, ${colorScheme}`, () => {
      test.use({ viewport: { width, height: 900 }, colorScheme, contextOptions: { reducedMotion: "reduce" } });

      test("public pages and an empty account are accessible and fit", async ({ page }) => {
        for (const route of PUBLIC_PAGES) await look(page, route);
        await signUp(page);
        for (const route of await pagesOf(page)) await look(page, `${route}`);
      });

      test("every page of the demo person is accessible and fits", async ({ page }) => {
        await signUp(page);
        await demoPerson(page);
        const routes = await pagesOf(page);
        expect(routes.filter((route) => route.startsWith("/markers/"))).toHaveLength(1);
        for (const route of [...routes, await tableInDoubt(page)]) await look(page, route);
      });
    });
  }
}

test("text twice as large loses nothing", async ({ page }) => {
  // 200 % zoom of a 1,280 px window leaves 640 px.
  await page.setViewportSize({ width: 640, height: 450 });
  await signUp(page);
  await demoPerson(page);
  for (const route of await pagesOf(page)) {
    await visit(page, route);
    await noSideScroll(page, `${route} at 200 %`);
  }
});

async function look(page: import("@playwright/test").Page, route: string) {
  await page.goto(route);
  await hydrated(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  expect.soft(await page.title(), route).not.toBe("");
  expect.soft(await page.locator("html").getAttribute("lang"), route).toBeTruthy();
  await axeClean(page, route);
  await noSideScroll(page, route);
}
