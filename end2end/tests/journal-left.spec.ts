// A journal that was kept on one device while something was shared: nothing goes anywhere any more, it can be turned on again,
// and what was shared comes back when its person wants it.
import { account, begin, confirm, go, PASSPHRASE, toPhrase, turnOn, unlock, unlockAndAsk, upToDate, write } from "../lib/journal-sync";
import { expect, test } from "../lib/test";

test("what was left stays left, and is turned on again with all that is there", async ({ page, context, watch }) => {
  test.setTimeout(300_000);
  watch.allow(/40[49].*\/api\/v1\/journal/);
  const asked: string[] = [];
  page.on("request", (request) => {
    const vault = /\/journal\/vaults\/([^/?]+)/.exec(request.url());
    if (vault) asked.push(vault[1]);
  });
  await account(context);
  await begin(page);
  await write(page, "clinic", { name: "Erste" });
  await turnOn(page, "First");
  const own = asked[0];
  await go(page, "#/sync/share");
  await page.getByLabel("What they see as its name").fill("Anna");
  await page.getByRole("button", { name: "Make an invitation" }).click();
  await page.locator("#invitation").waitFor({ timeout: 60_000 });
  await upToDate(page);

  // The journal's own vault goes from the server; the shared one is well.
  expect(await page.evaluate((id) => fetch(`/api/v1/journal/vaults/${id}`, { method: "DELETE" }).then((r) => r.status), own)).toBe(200);
  await go(page, "#/sync");
  // It may find out by itself before it is asked to.
  const gone = page.getByRole("heading", { name: "The journal is not on the server" });
  const again = page.getByRole("button", { name: "Synchronise now" });
  await expect(async () => {
    if (await again.isVisible()) await again.click({ timeout: 2_000 });
    await expect(gone).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await page.getByRole("button", { name: "Keep it on this device alone" }).click();
  await expect(page.getByText("This journal lives on this device only.")).toBeVisible();
  asked.length = 0;
  await write(page, "clinic", { name: "Zweite" });
  // Opening it anew would ask at once, and finding both entries takes longer than a change waits to travel.
  await page.reload();
  await unlock(page);
  await go(page, "#/list/clinic");
  await expect(page.locator(".Lines .Line-link")).toHaveCount(2);
  await go(page, "#/sync");
  await expect(page.getByText("This journal lives on this device only.")).toBeVisible();
  expect(asked).toEqual([]);

  const words = await toPhrase(page);
  await confirm(page, words, "First");
  await page.getByLabel("Your passphrase").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Turn on" }).click();
  await upToDate(page);
  await page.reload();
  await unlockAndAsk(page);
  await go(page, "#/list/clinic");
  await expect(page.locator(".Lines .Line-link")).toHaveCount(2);

  // The shared one is come into anew, and ended.
  await go(page, "#/sync/share");
  await page.getByRole("button", { name: "Make an invitation" }).click();
  await page.locator("#invitation").waitFor({ timeout: 60_000 });
  await upToDate(page);
  await page.locator("summary", { hasText: "Stop sharing" }).click();
  await page.locator("details").getByRole("button", { name: "Stop sharing" }).click();
  await expect(page.getByRole("heading", { name: "2. Let the device in" })).toHaveCount(0, { timeout: 90_000 });
});
