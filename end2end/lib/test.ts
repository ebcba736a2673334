// The test object of all specs: a server per worker, and a page that fails on anything unclean.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test as base, expect, type BrowserContext, type Locator, type Page } from "@playwright/test";
import { hydrated } from "./browser.mjs";
import { noteIfNotDrawn, refuseSecondTry } from "./drawing";
import { startServer } from "./server.mjs";
import { slowed } from "./slow";

type Server = Awaited<ReturnType<typeof startServer>>;
type Watch = { problems: string[]; allow: (pattern: RegExp) => void };

/** Collects whatever a clean visit never shows. */
function watchContext(context: BrowserContext, noScript: boolean): Watch {
  const found: string[] = [];
  const allowed: RegExp[] = [];
  const note = (text: string) => found.push(text);
  context.on("console", (message) => {
    if (message.type() === "error" || /content security policy/i.test(message.text())) {
      note(`console: ${message.text()} (${message.location().url})`);
    }
  });
  context.on("weberror", (error) => note(`uncaught: ${error.error().message}`));
  context.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    // Where script is switched off, the browser itself refuses the preload of the program.
    if (noScript && why === "csp" && request.url().includes("/pkg/")) return;
    // Leaving a page ends its streams and turns a download into a file: both count as aborted.
    if (why !== "net::ERR_ABORTED") note(`failed: ${request.method()} ${request.url()} ${why}`);
  });
  context.on("response", (answer) => {
    if (answer.status() >= 400) note(`${answer.status()}: ${answer.request().method()} ${answer.url()}`);
  });
  return {
    get problems() {
      return found.filter((text) => !allowed.some((pattern) => pattern.test(text)));
    },
    allow: (pattern) => allowed.push(pattern),
  };
}

export const test = base.extend<{ drawing: void; watch: Watch }, { server: Server }>({
  browser: [async ({ browser }, use) => use(slowed(browser)), { scope: "worker" }],
  drawing: [
    async ({ browser, context: _first }, use, info) => {
      refuseSecondTry(info);
      await use();
      if (info.status !== info.expectedStatus) await noteIfNotDrawn(browser, info);
    },
    { auto: true, timeout: 60_000 },
  ],
  server: [
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  watch: [
    async ({ context, server, javaScriptEnabled }, use, info) => {
      const watch = watchContext(context, javaScriptEnabled === false);
      const before = server.log().length;
      await use(watch);
      if (info.status !== info.expectedStatus) {
        await info.attach("server.log", { body: server.log().slice(before), contentType: "text/plain" });
      }
      expect(watch.problems, "console errors, CSP violations, failed requests").toEqual([]);
    },
    { auto: true },
  ],
});

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Runs axe with all rules of WCAG 2.2 AA and its best practices; nothing may be found. */
export async function axeClean(page: Page, where: string) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const axe = (globalThis as any).axe;
    const { violations } = await axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return violations.map((v: any) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 4).map((n: any) => n.target.join(" ")).join(" | ")}`);
  });
  expect.soft(found, `axe on ${where}`).toEqual([]);
}

/** The texts of so many elements, once there are so many: a bare look at a list finds none while it is being drawn. */
export async function texts(all: Locator, count: number) {
  await expect(all).toHaveCount(count);
  return all.allTextContents();
}

/** Nothing sticks out to the side; scrolling boxes inside the page (wide tables) are fine. */
export async function noSideScroll(page: Page, where: string) {
  const { wide, names } = await page.evaluate(() => {
    const root = document.documentElement;
    const scrolls = (e: Element | null): boolean =>
      !!e && e !== root && (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const out = [...document.body.querySelectorAll("*")].filter(
      (e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(e.parentElement),
    );
    return {
      wide: root.scrollWidth - root.clientWidth,
      names: out.slice(0, 5).map((e) => `${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""}`),
    };
  });
  expect.soft(wide, `${where} scrolls sideways because of ${names.join(", ")}`).toBeLessThanOrEqual(0);
}

export { expect };
export { ROOT, apiGet, documentsRead, exchange, startServer } from "./server.mjs";
export { FERRITIN, GLUCOSE, bundleFile, heartRates } from "./made.mjs";
export { ADMIN_PAGES, PASSWORD, PUBLIC_PAGES, demoPerson, hydrated, newEmail, pagesOf, sendForm, shown, signUp, speak, tableInDoubt, uploadFiles, visit } from "./browser.mjs";

/** The same text with another first letter: what a forger makes of a hash or a proof. */
export const flip = (text: string) => (text.startsWith("A") ? "B" : "A") + text.slice(1);

/** Opens a page of a log whose answer is changed on the way, and waits for the alarm. `meanwhile` looks at it. */
export async function forgeAnswer(page: Page, where: string, api: string, change: (body: any) => void, said: string, meanwhile = async () => {}) {
  await page.route(api, async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    change(body);
    await route.fulfill({ response: answer, json: body });
  });
  await page.goto(where);
  await hydrated(page);
  await expect(page.getByRole("alert")).toContainText(said);
  await meanwhile();
  await page.unroute(api);
}

/** Makes the browser remember another history of the log than the one it saw, and opens the page again. */
export async function forgetTruth(page: Page, where: string) {
  await page.evaluate(() => {
    const [key, size, root, at] = localStorage.getItem("keepwell-log")!.split("\n");
    const other = (root.startsWith("A") ? "B" : "A") + root.slice(1);
    localStorage.setItem("keepwell-log", [key, size, other, at].join("\n"));
  });
  await page.goto(where);
  await expect(page.getByRole("alert")).toContainText("the log was changed since you last looked");
}
