// Headless Chromium without a GPU now and then stops drawing a page for good: script goes on, `requestAnimationFrame`
// is never called again, and no click is possible since nothing is ever "stable". That says nothing about Keepwell.
// A test that failed in such a browser is tried once more in a new one; any other failure stays a failure.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page, TestInfo } from "@playwright/test";

const PATIENCE = 10_000;

const mark = (info: TestInfo) => path.join(info.project.outputDir, ".not-drawn", info.testId);

/** Whether a page draws, as the page itself finds out. */
const LOOK = `new Promise((done) => {
  if (document.visibilityState !== "visible") return done(false);
  requestAnimationFrame(() => done(false));
  setTimeout(() => done(true), ${PATIENCE});
})`;

/**
 * Whether a page runs script and yet draws nothing. A page that hangs altogether is our fault, not the browser's.
 * Asked beside the page's own script, for which a test may have stopped the clock, and with it the drawing.
 */
async function stoppedDrawing(page: Page): Promise<boolean> {
  if (page.isClosed()) return false;
  const look = async () => {
    const devtools = await page.context().newCDPSession(page);
    const { frameTree } = await devtools.send("Page.getFrameTree");
    const { executionContextId: contextId } = await devtools.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
    const { result } = await devtools.send("Runtime.evaluate", { expression: LOOK, contextId, awaitPromise: true });
    return result.value === true;
  };
  const silence = new Promise<boolean>((done) => setTimeout(() => done(false), PATIENCE * 1.5));
  return Promise.race([look().catch(() => false), silence]);
}

/** Remembers that the browser of a failed test had stopped drawing. */
export async function noteIfNotDrawn(browser: Browser, info: TestInfo) {
  const pages = browser.contexts().flatMap((context) => context.pages());
  if (!(await Promise.all(pages.map(stoppedDrawing))).includes(true)) return;
  mkdirSync(path.dirname(mark(info)), { recursive: true });
  writeFileSync(mark(info), "");
}

/** Refuses a second try of what failed in a browser that drew. */
export function refuseSecondTry(info: TestInfo) {
  if (info.retry > 0 && !existsSync(mark(info))) throw new Error("It failed before, in a browser that drew: it is not tried again.");
}
