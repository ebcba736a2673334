// A device without room, and one with two pages of the journal: nothing is lost, doubled or overwritten.
import type { Page } from "@playwright/test";
import { PASSPHRASE, account, another, begin, enter, go, isOpen, pair, turnOn, unlock, upToDate, write } from "../lib/journal-sync";
import { expect, test } from "../lib/test";

/** Has the browser's database keep nothing that is put into it, as it does on a full disk: the puts succeed, and then
 * the transaction as a whole does not. Or keep it again. */
const setFull = (page: Page, isFull: boolean) =>
  page.evaluate((full) => {
    const at = window as unknown as { put?: typeof IDBObjectStore.prototype.put };
    const put = (at.put ??= IDBObjectStore.prototype.put);
    const open = new Map<IDBTransaction, number>();
    IDBObjectStore.prototype.put = full
      ? function (this: IDBObjectStore, ...what: Parameters<typeof put>) {
          const { transaction } = this;
          open.set(transaction, (open.get(transaction) ?? 0) + 1);
          const request = put.apply(this, what);
          request.addEventListener("success", () => {
            const left = open.get(transaction)! - 1;
            open.set(transaction, left);
            if (left === 0) transaction.abort();
          });
          return request;
        }
      : put;
  }, isFull);

async function notes(page: Page, ...texts: string[]) {
  await go(page, "#/list/note");
  const lines = page.locator(".Lines .Line-link");
  await expect(lines).toHaveCount(texts.length, { timeout: 60_000 });
  for (const text of texts) await expect(lines.filter({ hasText: text })).toHaveCount(1);
}

const noRoom = (page: Page) => expect(page.getByRole("alert").filter({ hasText: "no room left on this device" })).toBeVisible();

async function saveInVain(page: Page, text: string) {
  await setFull(page, true);
  await page.locator('[name="f.text"]').waitFor();
  await enter(page, { text });
  await noRoom(page);
  await setFull(page, false);
}

const saved = async (page: Page) => {
  const before = page.url();
  await page.locator("form.Form").first().getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForFunction((url) => location.href !== url, before);
};

test("an entry that found no room is written when it is saved again, once", async ({ page }) => {
  await begin(page);
  await write(page, "note", { text: "Canaryfirst" });
  await go(page, "#/list/note");
  await page.locator(".Lines .Line-link").click();
  await saveInVain(page, "Canarysecond");
  await saved(page);
  await go(page, "#/new/note");
  await saveInVain(page, "Canarythird");
  await saved(page);
  await notes(page, "Canarysecond", "Canarythird");
  await page.reload();
  await unlock(page);
  await notes(page, "Canarysecond", "Canarythird");
});

test("what comes to a device without room comes again, and does not lock it", async ({ page, context, browser, baseURL }) => {
  test.setTimeout(240_000);
  const who = await account(context);
  await begin(page);
  await turnOn(page, "Laptop");
  const b = await another(browser, baseURL, who);
  await pair(page, b.page, "Phone");
  await setFull(b.page, true);
  await write(page, "note", { text: "Canarycame" });
  await expect(b.page.locator(".SyncLine")).toHaveText("No room on this device", { timeout: 60_000 });
  await setFull(b.page, false);
  await upToDate(b.page);
  await notes(b.page, "Canarycame");
  await b.page.reload();
  await unlock(b.page);
  await notes(b.page, "Canarycame");
  await b.context.close();
});

test("a page that was open before the journal was made does not make another in its place", async ({ page, context }) => {
  const stale = await context.newPage();
  await stale.goto("/journal");
  await stale.getByLabel("Passphrase", { exact: true }).waitFor();
  await begin(page);
  await write(page, "note", { text: "Canarykept" });
  await stale.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
  await stale.locator("#new-again").fill(PASSPHRASE);
  await stale.getByRole("button", { name: "Make the journal" }).click();
  await expect(stale.getByRole("alert")).toContainText("There is a journal on this device by now", { timeout: 90_000 });
  await isOpen(page);
  await stale.reload();
  await unlock(stale);
  await notes(stale, "Canarykept");
  await expect(page.getByText("opened in another tab or window")).toBeVisible();
});
