// Removing an own device takes several steps on the server: out of what is shared, out of the journal, and another
// key for what is shared. Whatever comes between them, the rest is done later.
import { account, another, count, go, isOpen, onTwoDevices, share, sure, unlock, upToDate, write } from "../lib/journal-sync";
import { expect, test } from "../lib/test";

test("a removal that was interrupted is said not to be finished, and what is left of it is done later", async ({ page, context, browser, baseURL, watch }) => {
  test.setTimeout(300_000);
  watch.allow(/(40[49]|[Ff]ailed).*\/api\/v1\/journal/);
  const second = await onTwoDevices(page, browser, baseURL, "Paarklinik");
  const ben = await another(browser, baseURL);
  const shared = new Set<string>();
  const vault = (url: string) => /\/journal\/vaults\/([0-9a-f]{32})\//.exec(url)?.[1];
  ben.page.on("request", (request) => {
    const id = vault(request.url());
    if (id) shared.add(id);
  });
  await account(ben.context);
  await share(page, ben.page, "May read", "Ben");
  await write(second.page, "note", { text: "Von der zweiten" });
  await count(ben.page, "note", 1);
  expect(shared.size).toBe(1);

  // What the server takes from the first device, and what does not arrive there.
  const taken: string[] = [];
  let stops = (_isShared: boolean) => false;
  await context.route("**/api/v1/journal/vaults/*/statements", async (route) => {
    const isShared = shared.has(vault(route.request().url())!);
    if (route.request().method() === "POST" && stops(isShared)) return route.abort();
    const answer = await route.fetch();
    if (answer.ok()) taken.push(isShared ? "shared" : "own");
    return route.fulfill({ response: answer });
  });
  const remove = async () => {
    await go(page, "#/sync");
    const row = page.locator(".DeviceRow", { hasText: "Second" });
    await sure(row, "Remove", "Yes, remove it");
    return row;
  };
  const anew = async () => {
    await page.reload();
    await unlock(page);
  };

  // Out of what is shared, and no further.
  stops = (isShared) => !isShared;
  const row = await remove();
  await expect(row.getByRole("alert")).toContainText("could not be finished", { timeout: 90_000 });
  expect(taken[0]).toBe("shared");
  expect(taken).not.toContain("own");
  await anew();
  stops = () => false;
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await upToDate(page);
  await go(page, "#/sync");
  await expect(page.locator(".DeviceRow", { hasText: "Second" })).toBeVisible();
  // It is a device of the journal as before, in what is shared, too, as soon as that has its new key.
  await expect.poll(() => taken.filter((one) => one === "shared").length, { timeout: 90_000 }).toBeGreaterThanOrEqual(3);
  await write(page, "note", { text: "Zwischendurch" });
  for (const one of [second.page, ben.page]) await count(one, "note", 2);

  // Out of both, and no further: the key of what is shared is still one that the device knows.
  taken.length = 0;
  stops = (isShared) => isShared && taken.includes("own");
  await remove();
  await expect(page.locator(".DeviceRow")).toHaveCount(1, { timeout: 90_000 });
  await expect(second.page.getByText("Synchronising has stopped.")).toBeVisible({ timeout: 60_000 });
  expect(taken.at(-1)).toBe("own");
  expect(taken.at(-1)).toBe("own");
  stops = () => false;
  await anew();
  // A new keeper in, and the old one out.
  await expect.poll(() => taken.slice(taken.indexOf("own") + 1).length, { timeout: 90_000 }).toBeGreaterThanOrEqual(2);
  await write(page, "note", { text: "Ohne die zweite" });
  await count(ben.page, "note", 3);
  await count(second.page, "note", 2);
  await second.page.reload();
  await unlock(second.page);
  await isOpen(second.page);
  await count(second.page, "note", 2);
  for (const one of [second, ben]) await one.context.close();
});
