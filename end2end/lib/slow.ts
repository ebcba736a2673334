// Finds tests that look before a page is ready: `SLOW_PAGES=6` gives pages a processor so many times as slow, while
// the tests go on at their own pace. What passes only where pages are fast fails then at every run, not once in a hundred.
import type { Browser, BrowserContext, Page } from "@playwright/test";

const rate = Number(process.env.SLOW_PAGES ?? 1);

async function slow(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate });
}

/** The browser, whose pages are slow where that is asked for. */
export function slowed(browser: Browser): Browser {
  if (rate <= 1) return browser;
  const make = browser.newContext.bind(browser);
  browser.newContext = async (...options): Promise<BrowserContext> => {
    const context = await make(...options);
    // A page that is gone before it could be slowed was none to be slowed.
    context.on("page", (page) => slow(page).catch(() => {}));
    return context;
  };
  return browser;
}
