// What is typed is kept as it was meant, or asked back: nothing is guessed.
import type { Page } from "@playwright/test";
import { begin, form, go, make } from "../lib/journal";
import { expect, test } from "../lib/test";

/** A control of the form that is shown. */
const control = (page: Page, name: string) => form(page).locator(`[name="f.${name}"]`);

const trySave = (page: Page) => form(page).getByRole("button", { name: "Save", exact: true }).click();

test("a number or a unit that may mean two things is asked back, and nothing that was typed is lost", async ({ page }) => {
  await begin(page);
  await go(page, "#/new/hormone");
  await expect(control(page, "value.x")).toHaveValue("");
  await control(page, "hormone").selectOption("p4");
  await expect(control(page, "value.x")).toHaveValue("ng/mL");
  await control(page, "hormone").selectOption("lh");
  await expect(control(page, "value.x")).toHaveValue("IU/L");
  await control(page, "value.x").fill("pg/mL");
  await control(page, "value").fill("1,250");
  await trySave(page);
  await expect(form(page)).toContainText("Is this a thousand or a decimal?");
  await control(page, "value").fill("5.2");
  await trySave(page);
  await expect(form(page)).toContainText("LH is reported in IU/L, mIU/mL.");
  await expect(control(page, "value")).toHaveValue("5.2");
  // A unit that the person chose follows nothing.
  await control(page, "hormone").selectOption("e2");
  await expect(control(page, "value.x")).toHaveValue("pg/mL");
  await control(page, "value.x").fill("pmol/L");
  await control(page, "hormone").selectOption("p4");
  await expect(control(page, "value.x")).toHaveValue("pmol/L");

  // The next value of a hormone begins with the unit of the last.
  await make(page, "hormone", { hormone: "p4", value: "3.1", "value.x": "nmol/L" });
  await go(page, "#/new/hormone");
  await control(page, "hormone").selectOption("p4");
  await expect(control(page, "value.x")).toHaveValue("nmol/L");

  await go(page, "#/new/scan");
  await control(page, "follicles_right").fill("14,12");
  await trySave(page);
  await expect(form(page)).toContainText("Please part sizes by spaces");
  await expect(control(page, "follicles_right")).toHaveValue("14,12");
});
