import { demoPerson, expect, hydrated, newEmail, PASSWORD, pagesOf, signUp, test, visit } from "../lib/test";
import type { Page } from "@playwright/test";

/** What has the focus, and whether one can see that. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const shows = (x: Element | null) => {
      if (!x) return false;
      const style = getComputedStyle(x);
      return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
    };
    // A control that is drawn by its label has its ring there.
    const ring = shows(e) || shows(e.closest("label")) || (!!e.closest("label") && shows(e.nextElementSibling));
    const all = [...document.querySelectorAll("*")];
    return { index: all.indexOf(e), name: `${e.tagName.toLowerCase()} ${(e.textContent ?? "").trim().slice(0, 30)}`, ring };
  });

/** Everything one can act on that is in sight and not switched off. */
const actionable = (page: Page) =>
  page.evaluate(() => {
    const all = [...document.querySelectorAll("*")];
    const grouped = new Set<string>();
    return all
      .filter((e) => e.matches("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"))
      .filter((e) => !e.matches(":disabled, [tabindex='-1']") && (e as HTMLElement).checkVisibility({ visibilityProperty: true }))
      .filter((e) => {
        // Radio buttons of one name are one stop.
        if (!(e instanceof HTMLInputElement) || e.type !== "radio") return true;
        const first = !grouped.has(e.name);
        grouped.add(e.name);
        return first;
      })
      .map((e) => ({ index: all.indexOf(e), name: `${e.tagName.toLowerCase()} ${(e.textContent ?? "").trim().slice(0, 30)}`, radio: (e as HTMLInputElement).type === "radio" }));
  });

test("a person signs up and out with the keyboard alone", async ({ page }) => {
  await page.goto("/signup");
  await hydrated(page);
  const reach = async (matches: string) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((selector) => !!document.activeElement?.matches(selector), matches)) return;
    }
    throw new Error(`Tab never reached ${matches}`);
  };
  await reach('input[name="email"]');
  await page.keyboard.type(newEmail());
  await reach('input[name="password"]');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/overview");
});

test("the first stop skips to the content", async ({ page }) => {
  await signUp(page);
  await visit(page, "/overview");
  await page.keyboard.press("Tab");
  const skip = page.locator(":focus");
  await expect(skip).toHaveAttribute("href", /^#|\/overview#/);
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#/);
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => !!document.activeElement?.closest("main"))).toBe(true);
});

test("Tab reaches all that can be used, each with a visible ring", async ({ page }) => {
  test.slow();
  await signUp(page);
  await demoPerson(page);
  for (const route of await pagesOf(page)) {
    await visit(page, route);
    const wanted = (await actionable(page)).slice(0, 150);
    const seen = new Set<number>();
    const dull: string[] = [];
    for (let presses = 0; presses < wanted.length + 40 && wanted.some((w) => !seen.has(w.index)); presses += 1) {
      await page.keyboard.press("Tab");
      const now = await focused(page);
      if (!now) continue;
      seen.add(now.index);
      if (!now.ring) dull.push(now.name);
    }
    const missed = wanted.filter((w) => !seen.has(w.index) && !w.radio).map((w) => w.name);
    expect.soft(missed, `not reached on ${route}`).toEqual([]);
    expect.soft([...new Set(dull)], `no visible focus on ${route}`).toEqual([]);
  }
});
