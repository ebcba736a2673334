// Lists and pictures of the journal: what was typed is found in them, and they lead back to it.
import { begin, day, enter, form, go, ids, make } from "../lib/journal";
import { axeClean, expect, noSideScroll, test } from "../lib/test";

test("the storage ledger counts what lies there, and its fees lead to their entries", async ({ page }) => {
  await begin(page);
  const storage = await make(page, "storage", {
    what: "eggs", count: "8", started_on: day(-30), fee: "240", "fee.x": "EUR", fee_months: "12", fee_first_due: day(20),
  });
  const fee = await make(page, "storage_fee", { storage, due_on: day(-25), amount: "100", "amount.x": "EUR" });
  await go(page, "#/ledger");
  await expect(page.locator(".Facts").filter({ hasText: "How many" })).toContainText("8");
  await axeClean(page, "the ledger");
  await page.locator(`a[href="#/edit/storage_fee/${fee}"]`).click();
  await expect(form(page).locator('[name="f.amount"]')).toHaveValue("100");
  // A fee that follows from the agreement begins with what is known of it.
  await go(page, "#/ledger");
  await page.locator(".Lines a", { hasText: "240" }).first().click();
  await expect(form(page).locator('[name="f.amount"]')).toHaveValue("240");
  await expect(form(page).locator('[name="f.due_on"]')).toHaveValue(day(20));
  await enter(page, { paid_on: day(0) });
  expect(await ids(page, "storage_fee")).toHaveLength(2);
});
