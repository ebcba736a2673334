// Every main page on paper, in forced colours, without motion, in German, narrow and with large text.
import type { Page } from "@playwright/test";
import { PUBLIC_PAGES, demoPerson, expect, hydrated, noSideScroll, pagesOf, signUp, speak, test, visit } from "../lib/test";

// Two dozen pages in a test.
test.describe.configure({ timeout: 300_000 });

async function demo(page: Page) {
  await signUp(page);
  await demoPerson(page);
  return pagesOf(page);
}

/** Texts that are fainter than 4.5:1 on white paper, by what is computed for them. */
const faint = (page: Page) =>
  page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
    const luminance = (color: string) => {
      canvas.fillStyle = "white";
      canvas.fillRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const texts = document.createTreeWalker(document.querySelector("main")!, NodeFilter.SHOW_TEXT);
    const out = new Set<string>();
    while (texts.nextNode()) {
      const e = texts.currentNode.parentElement!;
      if (!texts.currentNode.textContent?.trim() || !e.checkVisibility()) continue;
      const style = getComputedStyle(e);
      const color = e instanceof SVGElement ? style.fill : style.color;
      if (1.05 / (luminance(color) + 0.05) < 4.5) out.add(`${e.getAttribute("class") ?? e.tagName}: ${color}`);
    }
    return [...out];
  });

/** Pages that are forms; nothing would be left of them. */
const FORMS = ["/add", "/settings", "/settings/account", "/settings/ask", "/settings/factors", "/settings/profiles", "/settings/tokens", "/prove"];

test.describe("on paper", () => {
  // What is left of A4 between the margins.
  test.use({ viewport: { width: 680, height: 1000 }, colorScheme: "dark" });

  test("pages print black on white without the frame, even from a dark screen", async ({ page, context, server }) => {
    const routes = await demo(page);
    await context.addCookies([{ name: "theme", value: "dark", url: server.url }]);
    for (const route of routes) {
      await visit(page, route);
      await page.emulateMedia({ media: "print" });
      const tools = [".Top", ".Places", ".AddPlace", ".Button", ".Chart-tools"];
      if (!FORMS.includes(route.split("?")[0])) tools.push("input", "select");
      for (const gone of tools) {
        expect.soft(await page.locator(`${gone}:visible`).count(), `${gone} on ${route}`).toBe(0);
      }
      expect.soft(await faint(page), `faint on ${route}`).toEqual([]);
      expect.soft(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), route).toBe("rgb(255, 255, 255)");
      await noSideScroll(page, `${route} on paper`);
      await expect.soft(page.getByRole("heading", { level: 1 }), route).toBeVisible();
      await page.emulateMedia({ media: "screen" });
    }
  });

  test("a marker prints its chart whole on the first sheet, and its table from there on", async ({ page }) => {
    const route = (await demo(page)).find((r) => r.startsWith("/markers/"))!;
    await visit(page, route);
    await page.emulateMedia({ media: "print" });
    const chart = (await page.locator(".Chart-svg:visible").boundingBox())!;
    const table = (await page.locator(".Values table").boundingBox())!;
    expect(chart.y + chart.height).toBeLessThan(1000);
    expect(chart.height).toBeGreaterThan(200);
    // A card that may not be broken would leave the rest of the first sheet empty.
    expect(await page.locator(".Card:has(.Values)").evaluate((e) => getComputedStyle(e).breakInside)).toBe("auto");
    expect(table.y).toBeLessThan(1000);
    const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
    const sheets = Math.max(...[...pdf.matchAll(/\/Count (\d+)/g)].map((m) => Number(m[1])));
    expect(sheets).toBeLessThanOrEqual(4);
  });
});

test.describe("in forced colours", () => {
  test("charts, bars, badges, choices and the ring of the focus use the colours asked for", async ({ page }) => {
    const marker = (await demo(page)).find((r) => r.startsWith("/markers/"))!;
    const system = (name: string) =>
      page.evaluate((n) => {
        const e = document.body.appendChild(document.createElement("i"));
        e.style.color = n;
        const { color } = getComputedStyle(e);
        e.remove();
        return color;
      }, name);
    const paint = (selector: string, property: string) =>
      page.locator(selector).first().evaluate((e, p) => getComputedStyle(e).getPropertyValue(p), property);
    for (const colorScheme of ["light", "dark"] as const) {
      await visit(page, marker);
      await page.emulateMedia({ forcedColors: "active", colorScheme });
      const [text, canvas, mark] = [await system("CanvasText"), await system("Canvas"), await system("Highlight")];
      expect(text).not.toBe(canvas);
      expect.soft(await paint(".Chart-svg .Line", "stroke")).toBe(text);
      expect.soft(await paint(".Chart-svg .Tick", "fill")).toBe(text);
      expect.soft(await paint(".Chart-svg .Dot", "stroke")).toBe(text);
      expect.soft(await paint(".Chart-svg .Band", "stroke")).not.toBe("none");
      expect.soft(await paint('.Choices a[aria-current="true"]', "border-top-width")).toBe("2px");
      await page.locator(".Chart-stage").focus();
      await page.keyboard.press("Home");
      expect.soft(await paint(".Chart-stage", "outline-style")).toBe("solid");
      expect.soft(await paint(".Chart-over circle", "stroke")).toBe(mark);

      await visit(page, "/markers");
      await page.emulateMedia({ forcedColors: "active", colorScheme });
      expect.soft(await paint(".Bar-dot", "fill")).toBe(text);
      expect.soft(await paint(".Bar-band", "stroke")).toBe(text);
      expect.soft(await paint(".Spark polyline", "stroke")).toBe(text);
      expect.soft(await paint('.Places a[aria-current="page"]', "outline-style")).toBe("solid");
      const badge = await page.locator(".Badge.is-high").first().evaluate((e) => {
        const s = getComputedStyle(e, "::before");
        return [s.borderBottomColor, s.borderLeftColor];
      });
      expect.soft(badge).toEqual([text, "rgba(0, 0, 0, 0)"]);
    }
  });
});

test.describe("without motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("nothing moves by itself or slides", async ({ page }) => {
    for (const route of await demo(page)) {
      await visit(page, route);
      const moving = await page.evaluate(() =>
        [...document.querySelectorAll("*")]
          .filter((e) => {
            const s = getComputedStyle(e);
            return s.transitionDuration.split(", ").some((t) => parseFloat(t) > 0) || s.animationName !== "none" || s.scrollBehavior === "smooth";
          })
          .map((e) => e.className),
      );
      expect.soft(moving, route).toEqual([]);
      expect.soft(await page.evaluate(() => document.getAnimations().length), route).toBe(0);
    }
  });
});

test.describe("in German", () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test("every page fits 360 and 320 px, and twice as large text", async ({ page }) => {
    test.slow();
    const routes = await demo(page);
    await speak(page, "de");
    await visit(page, "/timeline");
    const record = await page.locator('a[href^="/records/"]').first().getAttribute("href");
    for (const route of [...routes, record!, `${record}?edit=1`, "/settings?delete=1"]) {
      for (const width of [360, 320]) {
        await page.setViewportSize({ width, height: 740 });
        await page.goto(route);
        await hydrated(page);
        await noSideScroll(page, `${route} at ${width} px in German`);
      }
      await page.setViewportSize({ width: 360, height: 740 });
      await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
      await noSideScroll(page, `${route} with text twice as large`);
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll(".Button, .State, .Badge, h1, h2, label, .Row-name, .Item-title, .Places span")]
          .filter((e) => e.checkVisibility() && (e as HTMLElement).scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow !== "visible" && e.clientWidth > 1)
          .map((e) => `${e.className}: ${e.textContent?.trim().slice(0, 30)}`),
      );
      expect.soft(cut, `cut off on ${route}`).toEqual([]);
    }
  });
});

test("public pages fit 320 px in both languages", async ({ page, context, server }) => {
  await page.setViewportSize({ width: 320, height: 568 });
  for (const lang of ["en", "de"]) {
    await context.addCookies([{ name: "lang", value: lang, url: server.url }]);
    for (const route of PUBLIC_PAGES) {
      await page.goto(route);
      await hydrated(page);
      expect(await page.locator("html").getAttribute("lang")).toBe(lang);
      await noSideScroll(page, `${route} at 320 px in ${lang}`);
    }
  }
});
