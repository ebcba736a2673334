// What is typed is kept as it was meant, or asked back: nothing is guessed.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { begin, day, enter, form, go, ids, make, save } from "../lib/journal";
import { expect, test } from "../lib/test";

/** A control of the form that is shown. */
const control = (page: Page, name: string) => form(page).locator(`[name="f.${name}"]`);

/** The journal as JSON. */
async function exported(page: Page): Promise<string> {
  await go(page, "#/export");
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("section.Card", { hasText: "JSON" }).getByRole("button").click()]);
  return readFile(await file.path(), "utf8");
}

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

test("a number told at last takes the place of why there was none, and half a time is asked back", async ({ page }) => {
  await begin(page);
  const retrieval = await make(page, "retrieval", { at: day(-6), retrieved: "9", "day6.why": "not_told" });
  await go(page, `#/edit/retrieval/${retrieval}`);
  await control(page, "day6").fill("5");
  await expect(control(page, "day6.why")).toHaveValue("");
  await save(page);
  await go(page, `#/edit/retrieval/${retrieval}`);
  await expect(control(page, "day6")).toHaveValue("5");

  await go(page, "#/new/visit");
  await control(page, "at.x").fill("10:30");
  await trySave(page);
  await expect(form(page)).toContainText("Please enter a date.");
  // A date that was begun and left.
  await control(page, "at.x").fill("");
  await control(page, "at").click();
  await page.keyboard.type("12");
  await trySave(page);
  await expect(form(page)).toContainText("Please enter a date.");
  await control(page, "at").fill(day(1));
  await save(page);
});

test("a temperature begins in the wished unit, and one that no body has is asked back", async ({ page }) => {
  await begin(page);
  await go(page, `#/day/${day(-1)}`);
  await expect(control(page, "temperature.x")).toHaveValue("°C");
  await go(page, "#/settings");
  await enter(page, { temperature: "fahrenheit" });
  await go(page, `#/day/${day(-1)}`);
  await expect(control(page, "temperature.x")).toHaveValue("°F");
  await control(page, "temperature").fill("36.6");
  await trySave(page);
  await expect(form(page)).toContainText("A body hardly has 36.6");
  await control(page, "temperature").fill("97.7");
  await save(page);
  expect(await exported(page)).toContain("97.7 °F");
});

test("a new drug of a call has the unit that was said, and its stock", async ({ page }) => {
  await begin(page);
  const drug = await make(page, "medication", { name: "Cetrotide", route: "subcutaneous", strength: "0.25", "strength.x": "mg" });
  const cycle = await make(page, "cycle", { title: "Spring cycle", cycle_start: day(-3) });
  await go(page, `#/cycle/${cycle}/amend`);
  const look = page.getByRole("button", { name: "See what it changes" });
  await page.locator('[name="new.amount"]').fill("0.25");
  await look.click();
  await expect(page.getByRole("alert")).toHaveText("Please name the drug, too.");
  await page.locator('[name="new.drug"]').fill("cetrotide");
  await expect(page.locator('[name="new.course"]')).toHaveValue("daily");
  await page.locator('[name="new.days"]').fill("2");
  await look.click();
  await expect(page.getByRole("alert")).toHaveText(/Please say the unit, too/);
  await page.locator('[name="new.unit"]').fill("mg");
  await page.locator('[name="new.amount"]').fill("1.250");
  await look.click();
  await expect(page.getByRole("alert")).toHaveText(/Is this a thousand or a decimal/);
  await page.locator('[name="new.amount"]').fill("0.25");
  await look.click();
  await expect(page.locator(".Diff li")).toHaveCount(2);
  await expect(page.locator(".Diff")).toContainText("0.25 mg");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.locator(".Diff")).toContainText("0.25 mg");
  const items = await ids(page, "plan_item");
  await go(page, `#/edit/plan_item/${items[0]}`);
  await expect(control(page, "medication")).toHaveValue(drug);
  await expect(control(page, "route")).toHaveValue("subcutaneous");
});

test("a box shows what holds, and clearing it says no", async ({ page }) => {
  await begin(page);
  await go(page, "#/settings");
  const breaks = control(page, "quiet_breaks_for_critical");
  await expect(breaks).toBeChecked();
  await breaks.uncheck();
  await save(page);
  await go(page, "#/more");
  await go(page, "#/settings");
  await expect(breaks).not.toBeChecked();

  await go(page, "#/new/plan_item");
  const critical = control(page, "critical");
  await expect(critical).not.toBeChecked();
  await control(page, "what").selectOption("trigger");
  await expect(critical).toBeChecked();
  await control(page, "what").selectOption("dose");
  await expect(critical).not.toBeChecked();
  const item = await make(page, "plan_item", { what: "trigger", critical: "no" });
  await go(page, `#/edit/plan_item/${item}`);
  await expect(critical).not.toBeChecked();
});

test("the link of a drug follows its name as it stands", async ({ page }) => {
  await begin(page);
  const short = await make(page, "medication", { name: "Progesterone", route: "vaginal", strength: "200", "strength.x": "mg" });
  const long = await make(page, "medication", { name: "Progesterone in oil", route: "intramuscular", strength: "1", "strength.x": "mL" });
  await go(page, "#/new/dose");
  await control(page, "drug").pressSequentially("Progesterone");
  await expect(control(page, "medication")).toHaveValue(short);
  await expect(control(page, "amount.x")).toHaveValue("mg");
  await control(page, "drug").pressSequentially(" in oi");
  await expect(control(page, "medication")).toHaveValue("");
  await expect(control(page, "route")).toHaveValue("");
  await control(page, "drug").pressSequentially("l");
  await expect(control(page, "medication")).toHaveValue(long);
  await expect(control(page, "route")).toHaveValue("intramuscular");
  await expect(control(page, "amount.x")).toHaveValue("mL");
  // What the person chose stays.
  await control(page, "route").evaluate((e) => ((e as HTMLSelectElement).value = "subcutaneous"));
  await control(page, "drug").fill("Progesterone");
  await expect(control(page, "medication")).toHaveValue(short);
  await expect(control(page, "route")).toHaveValue("subcutaneous");
  // A correction of the name corrects the link.
  const dose = await make(page, "dose", { drug: "Progesterone in oil", amount: "1", "amount.x": "mL", at: day(0) });
  await go(page, `#/edit/dose/${dose}`);
  await expect(control(page, "medication")).toHaveValue(long);
  await control(page, "drug").fill("Progesterone");
  await expect(control(page, "medication")).toHaveValue(short);
});

test("what an event of an embryo is about stands in sight", async ({ page }) => {
  await begin(page);
  for (const [what, field] of [["tested", "pgt"], ["thawed", "survived"], ["outcome", "outcome"]]) {
    await go(page, `#/new/embryo_event?what=${what}`);
    await expect(control(page, "what")).toHaveValue(what);
    await expect(control(page, field)).toBeVisible();
    await expect(control(page, "sex")).toBeHidden();
  }
  await go(page, "#/new/embryo_event");
  await expect(control(page, "survived")).toBeHidden();
  await control(page, "what").selectOption("thawed");
  await expect(control(page, "survived")).toBeVisible();
});

test.describe("in a zone whose clocks change", () => {
  test.use({ timezoneId: "Europe/Berlin" });
  test("a time that the clocks skip is asked back", async ({ page }) => {
    await begin(page);
    await go(page, "#/new/dose");
    await control(page, "drug").fill("Menopur");
    await control(page, "at").fill("2026-03-29");
    await control(page, "at.x").fill("02:30");
    await trySave(page);
    await expect(form(page)).toContainText("There is no such time on that day");
    await expect(control(page, "at.x")).toHaveValue("02:30");
  });

  test("a time that the clocks show twice is asked back, and it is kept which one it is", async ({ page }) => {
    await begin(page);
    await go(page, "#/new/dose");
    await control(page, "drug").fill("Ovitrelle");
    await control(page, "at").fill("2026-10-25");
    await control(page, "at.x").fill("02:30");
    await expect(page.getByLabel("On the night when the clocks are set back")).toBeHidden();
    await trySave(page);
    await expect(form(page)).toContainText("show this time twice");
    await page.getByLabel("On the night when the clocks are set back").selectOption("later");
    await save(page);
    const id = (await ids(page, "dose"))[0];
    await go(page, `#/edit/dose/${id}`);
    await expect(page.locator("#fold")).toHaveValue("later");
    await save(page);
    expect(await exported(page)).toContain("2026-10-25T02:30+01:00[Europe/Berlin]");

    // A call asks the same, where it can be answered.
    const cycle = await make(page, "cycle", { title: "Autumn cycle", cycle_start: "2026-10-20" });
    await go(page, `#/cycle/${cycle}/amend`);
    const which = page.getByLabel("On the night when the clocks are set back");
    for (const [name, value] of [["from", "2026-10-25"], ["new.drug", "Ovitrelle"], ["new.amount", "250"], ["new.unit", "µg"], ["new.time", "02:30"]]) {
      await page.locator(`[name="${name}"]`).fill(value);
    }
    await page.getByRole("button", { name: "See what it changes" }).click();
    await expect(page.getByRole("alert")).toContainText("show this time twice");
    // It is the trigger, and once.
    await expect(page.locator('[name="new.course"]')).toHaveValue("trigger");
    await which.selectOption("earlier");
    await page.getByRole("button", { name: "See what it changes" }).click();
    await expect(page.locator(".Diff li")).toHaveCount(1);
    await expect(page.locator(".Diff")).toContainText(/Ovitrelle Trigger · 250\s.g 02:30/);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText("Saved.").first()).toBeVisible();
    expect(await exported(page)).toContain("2026-10-25T02:30+02:00[Europe/Berlin]");
    await go(page, `#/edit/plan_item/${(await ids(page, "plan_item"))[0]}`);
    await expect(control(page, "what")).toHaveValue("trigger");
    await expect(control(page, "every_days")).toHaveValue("");
    await expect(control(page, "critical")).toBeChecked();
  });

  test("a time of another zone is typed and told as one", async ({ page }) => {
    await begin(page);
    await make(page, "clinic", { name: "Clínica", zone: "Atlantic/Canary" });
    await go(page, "#/new/dose");
    await control(page, "drug").fill("Gonal-f");
    await control(page, "at").fill("2026-07-01");
    await control(page, "at.x").fill("21:30");
    await page.getByText("Time zone: Europe/Berlin").click();
    await expect(form(page)).toContainText("Your clinics: Atlantic/Canary");
    const zone = page.getByLabel("Times of this entry are those of");
    await zone.fill("Middle-earth");
    await trySave(page);
    await expect(form(page)).toContainText("Please enter a zone");
    await expect(control(page, "at.x")).toHaveValue("21:30");
    await zone.fill("atlantic/canary");
    await save(page);
    await go(page, "#/list/dose");
    await expect(page.locator(".Lines")).toContainText("1 July 2026, 21:30 (Atlantic/Canary)");
    expect(await exported(page)).toContain("2026-07-01T21:30+01:00[Atlantic/Canary]");
    // The same time may turn out to be one of here.
    await go(page, `#/edit/dose/${(await ids(page, "dose"))[0]}`);
    await page.getByText("Time zone: Atlantic/Canary").click();
    await zone.fill("Europe/Berlin");
    await save(page);
    expect(await exported(page)).toContain("2026-07-01T21:30+02:00[Europe/Berlin]");
  });

  test("a trigger that a call puts off keeps its zone", async ({ page }) => {
    await begin(page);
    const cycle = await make(page, "cycle", { title: "Spring cycle", cycle_start: day(-3) });
    await make(page, "plan_item", { what: "trigger", drug: "Ovitrelle", when: day(2), "when.x": "22:00" }, `?cycle=${cycle}`);
    await go(page, `#/cycle/${cycle}/amend`);
    await page.locator('select[name^="act."]').selectOption("change");
    await page.locator('input[name^="time."]').fill("22:30");
    await page.getByRole("button", { name: "See what it changes" }).click();
    await expect(page.locator(".Diff")).toContainText("22:00 → 22:30");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText("Saved.").first()).toBeVisible();
    expect(await exported(page)).toMatch(/T22:30\+0[12]:00\[Europe\/Berlin\]/);
  });
});

test("who said it is kept with a value, and stands in its history", async ({ page }) => {
  await begin(page);
  const id = await make(page, "hormone", { hormone: "fsh", value: "6.1", source: "laboratory", "source.x": "Labor Süd" });
  await go(page, `#/edit/hormone/${id}`);
  await expect(control(page, "source")).toHaveValue("laboratory");
  await expect(control(page, "source.x")).toHaveValue("Labor Süd");
  await control(page, "source").selectOption("");
  await trySave(page);
  await expect(form(page)).toContainText("Please choose who that is.");
  await control(page, "source").selectOption("portal");
  await save(page);
  await go(page, `#/edit/hormone/${id}`);
  await expect(page.locator("details", { hasText: "History" })).toContainText("Laboratory, Labor Süd");
});

test("the plan counts hours from what has a time", async ({ page }) => {
  await begin(page);
  const cycle = await make(page, "cycle", { title: "Spring cycle", cycle_start: day(-3), planned_trigger: day(3), "planned_trigger.x": "22:00" });
  await go(page, `#/new/plan_item?cycle=${cycle}`);
  await control(page, "what").selectOption("retrieval");
  await control(page, "when.n").fill("36:30");
  await control(page, "when.u").selectOption("h");
  await control(page, "when.b").selectOption("cycle_start");
  await trySave(page);
  await expect(form(page)).toContainText("This is known by its day only.");
  await control(page, "when.b").selectOption("trigger");
  await control(page, "when.x").fill("09:00");
  await trySave(page);
  await expect(form(page)).toContainText("Hours lead to a time by themselves.");
  await control(page, "when.x").fill("");
  await save(page);
  await go(page, `#/cycle/${cycle}/plan`);
  await expect(page.locator(".PlanRow").filter({ hasText: "Retrieval" })).toContainText(/(09|10|11):30/);
  const [item] = await ids(page, "plan_item");
  await go(page, `#/edit/plan_item/${item}`);
  await expect(control(page, "when.n")).toHaveValue("36:30");
  await expect(control(page, "when.u")).toHaveValue("h");
});

test("two times for one trigger are told, and a dose says what was given", async ({ page }) => {
  await begin(page);
  const cycle = await make(page, "cycle", { title: "Spring cycle", cycle_start: day(-3), planned_trigger: day(1), "planned_trigger.x": "22:00" });
  await go(page, "#/");
  const two = page.locator("main .Notice", { hasText: "Two times are planned for the trigger" });
  await expect(page.locator(".PlanRow")).toHaveCount(1);
  await expect(two).toHaveCount(0);
  // The clinic calls and says another time.
  await go(page, `#/cycle/${cycle}/amend`);
  for (const [name, value] of [["from", day(1)], ["new.drug", "Ovitrelle"], ["new.amount", "250"], ["new.unit", "µg"], ["new.time", "23:30"]]) {
    await page.locator(`[name="${name}"]`).fill(value);
  }
  await page.getByRole("button", { name: "See what it changes" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved.").first()).toBeVisible();
  for (const where of ["#/", `#/cycle/${cycle}/plan`]) {
    await go(page, where);
    await expect(two).toContainText("22:00 on the cycle");
    await expect(two).toContainText("23:30 in the plan");
  }
  await two.getByRole("link", { name: "Change it on the cycle" }).click();
  await control(page, "planned_trigger.x").fill("23:30");
  await save(page);
  await go(page, "#/");
  await expect(page.locator(".PlanRow")).toHaveCount(1);
  await expect(two).toHaveCount(0);

  await make(page, "plan_item", { what: "dose", drug: "Gonal-f", amount: "225", "amount.x": "IU", when: day(0), "when.x": "00:05" }, `?cycle=${cycle}`);
  await make(page, "dose", { drug: "Gonal-f", amount: "75", "amount.x": "IU", at: day(0), "at.x": "00:05" }, `?cycle=${cycle}`);
  await go(page, `#/cycle/${cycle}/plan`);
  await expect(page.locator(".PlanRow", { hasText: "Gonal-f" })).toContainText(/75\s.?IU instead of 225\s.?IU/);
  // The next pen holds the rest of it.
  await make(page, "dose", { drug: "Gonal-f", amount: "150", "amount.x": "IU", at: day(0), "at.x": "00:10" }, `?cycle=${cycle}`);
  await go(page, `#/cycle/${cycle}/plan`);
  await expect(page.locator(".PlanRow", { hasText: "Gonal-f" })).toContainText(/75\s.?IU \+ 150\s.?IU/);
});
