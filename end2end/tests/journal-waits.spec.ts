// When the server cannot take anything: nobody is signed in, there is no room, it is not there. What was written waits.
import { go, signIn, synchronised, unlock, upToDate, write } from "../lib/journal-sync";
import { expect, startServer, test } from "../lib/test";

test("signed out, full or gone, it says so plainly, loses nothing and does not press", async ({ browser }) => {
  test.setTimeout(240_000);
  let server = await startServer({ env: { KEEPWELL_JOURNAL_SPACE_MB: "1" } });
  const { data, port, url } = server;
  try {
    const { context, page, who } = await synchronised(browser, url);
    const state = page.locator(".SyncState");

    // Nobody is signed in any more.
    await context.clearCookies();
    await write(page, "note", { text: "While signed out" });
    await go(page, "#/sync");
    await expect(state).toHaveText("Signed out", { timeout: 60_000 });
    await expect(page.getByRole("link", { name: "Sign in (new tab)" })).toBeVisible();
    await page.reload();
    await unlock(page);
    await go(page, "#/sync");
    await expect(state).toHaveText("Signed out", { timeout: 60_000 });
    await signIn(context, who.email, who.password);
    await page.getByRole("button", { name: "Synchronise now" }).click();
    await upToDate(page);

    // The server is not there.
    await server.kill();
    await write(page, "note", { text: "While it is away" });
    await expect(page.locator(".SyncLine")).toHaveText("1 change waits");
    await go(page, "#/sync");
    await expect(page.getByText("It is tried again by itself.")).toBeVisible({ timeout: 60_000 });
    server = await startServer({ data, port, env: { KEEPWELL_JOURNAL_SPACE_MB: "1" } });
    await upToDate(page);

    // More than there is room for.
    const pushes: number[] = [];
    page.on("request", (request) => request.url().endsWith("/objects") && pushes.push(Date.now()));
    await write(page, "note", { text: "long ".repeat(70_000) });
    await go(page, "#/sync");
    await expect(state).toHaveText("No room on the server", { timeout: 60_000 });
    await page.waitForTimeout(3_000);
    expect(pushes.length).toBeLessThan(4);
    await page.reload();
    await unlock(page);
    await go(page, "#/list/note");
    await expect(page.locator(".Lines .Line-link")).toHaveCount(3);
    await context.close();
  } finally {
    await server.stop();
  }
});
