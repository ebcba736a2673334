// The pages of synchronisation, narrow and dark, wide and light: nothing for axe to find, nothing that sticks out.
import type { Page } from "@playwright/test";
import { account, another, begin, confirm, go, pair, PASSPHRASE, phraseWords, repeat, shownPhrase, toJoin, unlock, upToDate } from "../lib/journal-sync";
import { axeClean, expect, noSideScroll, test } from "../lib/test";

for (const [width, colorScheme, locale] of [[360, "dark", "en-GB"], [1440, "light", "en-GB"]] as const) {
  test(`the way to several devices is clean at ${width} px, ${colorScheme}`, async ({ browser, baseURL }) => {
    test.setTimeout(240_000);
    const context = await browser.newContext({ baseURL, colorScheme, locale, viewport: { width, height: 800 }, reducedMotion: "reduce" });
    const page = await context.newPage();
    const clean = async (one: Page, what: string) => {
      await axeClean(one, `${what} at ${width}`);
      await noSideScroll(one, `${what} at ${width}`);
    };
    await page.goto("/journal");
    await page.getByLabel("Passphrase", { exact: true }).waitFor();
    await page.getByText("Bring a journal from another device").click();
    await clean(page, "the door");
    await begin(page);
    await go(page, "#/sync/on");
    await page.getByRole("heading", { name: "What the server learns" }).waitFor();
    await clean(page, "what it means");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByText("Nobody is signed in").waitFor();
    await clean(page, "nobody signed in");
    const who = await account(context);
    await page.getByRole("button", { name: "I am signed in" }).click();
    const words = await shownPhrase(page);
    await clean(page, "the phrase");
    await confirm(page, words, "First");
    await clean(page, "some words once more");
    await page.getByRole("button", { name: "Turn on" }).click();
    await upToDate(page);
    await clean(page, "how it stands");

    const b = await another(browser, baseURL, who);
    await b.page.setViewportSize({ width, height: 800 });
    const form = await toJoin(b.page);
    await clean(b.page, "joining");
    await form.getByLabel("Passphrase for this device").fill(PASSPHRASE);
    await form.getByLabel("Once more").fill(PASSPHRASE);
    await form.getByRole("button", { name: "Show the code" }).click();
    await b.page.locator("#ticket").waitFor();
    await clean(b.page, "the code");
    await form.getByRole("button", { name: "Cancel" }).click();
    await b.page.reload();
    await pair(page, b.page, "Second");
    await clean(page, "a device that was let in");
    await go(page, "#/sync");
    for (const fold of await page.locator(".Act > summary").all()) await fold.click();
    await clean(page, "devices");
    await page.getByRole("link", { name: "A new recovery phrase" }).click();
    const others = await phraseWords(page);
    await clean(page, "new words");
    await repeat(page, others);
    await clean(page, "some of the new words");
    await go(page, "#/sync/share");
    await page.getByRole("heading", { name: "1. Invite" }).waitFor();
    await clean(page, "sharing");
    await go(page, "#/sync/off");
    await page.getByRole("button", { name: "Delete the server's copy" }).waitFor();
    await clean(page, "turning off");

    // One page at a time: whoever opens it in another tab locks it here, and is told so.
    const tab = await context.newPage();
    await tab.goto("/journal");
    await unlock(tab);
    await expect(page.getByText("opened in another tab")).toBeVisible();
    await clean(page, "locked by another tab");
    await page.locator("summary", { hasText: "Passphrase lost?" }).click();
    await clean(page, "a lost passphrase");
    await unlock(page);
    await expect(tab.getByText("opened in another tab")).toBeVisible();
    await b.context.close();
    await context.close();
  });
}
