// Sharing with a partner: for reading, then taken back; and for writing.
import { account, another, count, enter, go, onTwoDevices, share, sure, unlock, unlockAndAsk, upToDate, write } from "../lib/journal-sync";
import { axeClean, expect, test } from "../lib/test";

test("a partner reads along and cannot write, another writes, and a share that is taken back ends", async ({ page, browser, baseURL, watch }) => {
  test.setTimeout(300_000);
  // Where somebody was quicker, the server says so, and it is done anew.
  watch.allow(/40[49].*\/api\/v1\/journal/);
  const second = await onTwoDevices(page, browser, baseURL, "Paarklinik");

  const reader = await another(browser, baseURL);
  await account(reader.context);
  await share(page, reader.page, "May read", "Ben");
  await axeClean(page, "sharing");
  await expect(page.locator(".DeviceRow", { hasText: "Ben" })).toContainText("May read");
  await expect(reader.page.getByText("The journal of Anna")).toBeVisible();
  await expect(reader.page.getByText("Shared with you. You can read it.")).toBeVisible();
  await axeClean(reader.page, "a shared journal");
  await count(reader.page, "clinic", 1);
  // Reading only: the page offers nothing new, says why it keeps nothing, and nothing arrives.
  await expect(reader.page.locator('a[href^="#/new/"]:visible')).toHaveCount(0);
  await reader.page.locator(".Lines .Line-link").first().click();
  await enter(reader.page, { phone: "030 1" });
  await expect(reader.page.getByRole("alert")).toContainText("Your entry was not kept");
  await reader.page.reload();
  await unlock(reader.page);
  await count(reader.page, "clinic", 1);

  // Where a code came by message both read the same digits.
  await page.locator("summary", { hasText: "Compare digits" }).click();
  const digits = await page.locator(".Safety").innerText();
  expect(digits).toMatch(/^(\d{5} ?){8}$/);
  await go(reader.page, "#/sync");
  await reader.page.locator("summary", { hasText: "Compare digits" }).click();
  await expect(reader.page.locator(".Safety")).toHaveText(digits);

  // What the owner writes on either device is seen at once; what is about the owner's devices is not shared.
  await write(page, "note", { text: "Von der ersten" });
  await upToDate(page);
  await write(second.page, "note", { text: "Von der zweiten" });
  await count(reader.page, "note", 2);
  await go(reader.page, "#/sync");
  await expect(reader.page.getByText("Second")).toHaveCount(0);

  // Somebody who may write.
  const writer = await another(browser, baseURL);
  await account(writer.context);
  await share(page, writer.page, "May read and write", "Cem", true);
  await expect(page.locator(".DeviceRow", { hasText: "Cem" })).toContainText("May read and write");
  await write(writer.page, "note", { text: "Von Cem" });
  for (const one of [page, second.page, reader.page]) await count(one, "note", 3);

  // Taken back: it says so, keeps what it has, gets nothing more.
  await go(page, "#/sync/share");
  await sure(page.locator(".DeviceRow", { hasText: "Ben" }), "Take back", "Yes, take it back");
  await expect(page.locator(".DeviceRow")).toHaveCount(1, { timeout: 90_000 });
  await expect(reader.page.getByText("Synchronising has stopped.")).toBeVisible({ timeout: 90_000 });
  await write(page, "note", { text: "Nur noch für Cem" });
  await count(writer.page, "note", 4);
  await count(reader.page, "note", 3);
  await expect(reader.page.getByText("what you write stays on this device")).toBeVisible();
  await expect(reader.page.getByText("You can read it.")).toHaveCount(0);
  await go(reader.page, "#/sync");
  await reader.page.getByRole("button", { name: "Keep it on this device alone" }).click();
  await expect(reader.page.getByRole("heading", { name: "This device was removed" })).toHaveCount(0);
  await expect(reader.page.getByRole("heading", { name: "Leave this journal" })).toBeVisible();
  await expect(reader.page.getByRole("link", { name: "Keep it on several devices" })).toHaveCount(0);

  // An own device that is removed hears nothing of the share either, and the others go on.
  await go(page, "#/sync");
  await sure(page.locator(".DeviceRow", { hasText: "Second" }), "Remove", "Yes, remove it");
  await expect(page.locator(".DeviceRow")).toHaveCount(1, { timeout: 90_000 });
  await write(writer.page, "note", { text: "Noch einmal Cem" });
  await count(page, "note", 5);
  await page.reload();
  await unlockAndAsk(page);
  await write(page, "note", { text: "Nach dem neuen Schlüssel" });
  await count(writer.page, "note", 6);

  await count(second.page, "note", 4);

  // The end of the share.
  await go(page, "#/sync/share");
  await page.locator("summary", { hasText: "Stop sharing" }).click();
  await page.locator("details").getByRole("button", { name: "Stop sharing" }).click();
  await expect(page.getByRole("heading", { name: "2. Let the device in" })).toHaveCount(0, { timeout: 90_000 });
  await expect(writer.page.getByText("Synchronising has stopped.")).toBeVisible({ timeout: 60_000 });
  await upToDate(page);
  for (const one of [second, reader, writer]) await one.context.close();
});
