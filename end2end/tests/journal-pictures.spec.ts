// Lists and pictures of the journal: what was typed is found in them, and they lead back to it.
import { readFile } from "node:fs/promises";
import { begin, day, enter, form, go, ids, make } from "../lib/journal";
import { unzip } from "../lib/zip.mjs";
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

test("an ordinary cycle shows temperature as wished, mucus, tests and intercourse, and earlier cycles are reached", async ({ page }) => {
  test.setTimeout(240_000);
  await begin(page);
  for (const [n, more] of [
    [-40, { bleeding: "medium" }],
    [-10, { bleeding: "medium", temperature: "36.5", "temperature.x": "°C" }],
    [-9, { bleeding: "", temperature: "36.4", "temperature.x": "°C", mucus_feeling: "dry", mucus_texture: "egg_white" }],
  ] as const) {
    await go(page, `#/day/${day(n)}`);
    await enter(page, more);
  }
  const cycle = await make(page, "cycle", { title: "Natural", cycle_type: "natural", cycle_start: day(-10) });
  await go(page, `#/day/${day(-2)}`);
  await page.getByRole("link", { name: "Home test", exact: true }).click();
  await expect(form(page).locator('[name="f.cycle"]')).toHaveValue(cycle);
  await enter(page, { kind: "lh", result: "peak" });
  await go(page, `#/day/${day(-2)}`);
  const ofDay = page.locator("section.Card", { hasText: "Entries of this day" });
  await expect(ofDay).toContainText("Peak");
  await page.getByRole("link", { name: "Note", exact: true }).click();
  await enter(page, { text: "Ask about the lining" });
  await go(page, `#/day/${day(-2)}`);
  await expect(ofDay).toContainText("Ask about the lining");
  await go(page, "#/settings");
  await enter(page, { temperature: "fahrenheit" });

  await go(page, `#/month/${day(0).slice(0, 7)}`);
  const card = page.locator("section.Card", { has: page.locator(".Chart") });
  await expect(card.locator(".Chart-svg:visible")).toContainText("°F");
  for (const words of ["D Dry", "E Like egg white", "▲ Peak"]) await expect(card).toContainText(words);
  await card.getByText("As a table").click();
  await expect(card.getByRole("table")).toContainText("97.7 °F");
  await expect(card.getByRole("table")).toContainText("Peak");
  await axeClean(page, "a month with its cycle");
  await noSideScroll(page, "a month with its cycle");
  await card.locator("svg:visible .To").last().click();
  await expect(page).toHaveURL(/#\/day\//);
  await go(page, `#/month/${day(0).slice(0, 7)}`);
  await page.getByRole("button", { name: "Earlier cycle" }).click();
  await expect(page.getByRole("heading", { name: /^Cycle of / })).toBeVisible();
  await page.getByRole("button", { name: "Later cycle" }).click();
  await expect(page.getByRole("heading", { name: "This cycle" })).toBeVisible();
  // The entry keeps what was typed.
  await go(page, `#/day/${day(-10)}`);
  await expect(form(page).locator('[name="f.temperature"]')).toHaveValue("36.5");
});

test("a cycle without stimulation is drawn from its start, follicles by size and limits with it, and the points lead to their entries", async ({ page }) => {
  await begin(page);
  const cycle = await make(page, "cycle", { title: "Transfer", cycle_type: "fet_hrt", cycle_start: day(-40) });
  const of = `?cycle=${cycle}`;
  const scan = await make(page, "scan", { at: day(-30), bands_right: "10–14:4" }, of);
  await make(page, "hormone", { at: day(-30), hormone: "e2", value: "<20", "value.x": "pg/mL" }, of);
  await make(page, "hormone", { at: day(-2), hormone: "e2", value: "272.38", "value.x": "pg/mL" }, of);
  await make(page, "hormone", { at: day(-2), hormone: "amh", value: "2.1", "value.x": "ng/mL" }, of);
  await go(page, "#/settings");
  await enter(page, { units: "molar" });
  await go(page, `#/cycle/${cycle}`);
  const card = page.locator("section.Card", { hasText: "Course of the cycle" }).first();
  await expect(card.locator("svg:visible")).toContainText("Cycle day");
  await card.getByText("As a table").click();
  await expect(card.getByRole("table", { name: "Course of the cycle" })).toContainText("4 × 10–14 mm");
  await expect(card.getByRole("table", { name: "Course of the cycle" })).toContainText("1000 pmol/L");
  const limit = card.locator("svg:visible polyline.Dot");
  const fill = await limit.evaluate((e) => {
    const ground = getComputedStyle(e.closest(".Card")!).backgroundColor;
    return [getComputedStyle(e).fill === ground, getComputedStyle(e).stroke === ground];
  });
  expect(fill, "a limit is hollow").toEqual([true, false]);
  await axeClean(page, "a cycle without stimulation");
  await page.getByText(/^Blood values \(/).click();
  await expect(page.locator(".Lines", { hasText: "AMH" })).toContainText("15.0 pmol/L");
  await expect(card.locator("svg:visible .To .Band")).toHaveCount(1);
  await card.locator("svg:visible .To text").first().click();
  await expect(page).toHaveURL(new RegExp(`#/edit/scan/${scan}$`));
});

test("two cycles are drawn over one another by day of stimulation", async ({ page }) => {
  await begin(page);
  for (const [title, n] of [["Spring", -60], ["Autumn", -20]] as const) {
    const cycle = await make(page, "cycle", { title, stimulation_start: day(n) });
    await make(page, "hormone", { at: day(n + 4), hormone: "e2", value: "300", "value.x": "pg/mL" }, `?cycle=${cycle}`);
    await make(page, "hormone", { at: day(n + 8), hormone: "e2", value: "5000", "value.x": "pmol/L" }, `?cycle=${cycle}`);
  }
  await go(page, "#/compare");
  const picture = page.locator("section.Card", { hasText: "By day of stimulation" }).locator("svg:visible");
  for (const name of ["Spring", "Autumn", "pg/mL"]) await expect(picture).toContainText(name);
  await expect(picture.locator("polyline.Line")).toHaveCount(2);
  await axeClean(page, "cycle against cycle");
  await noSideScroll(page, "cycle against cycle");
});

test("the first page says when a browser may forget, tables are saved as one file, and a discreet journal names none", async ({ page }) => {
  await page.addInitScript(() => {
    navigator.storage.persisted = () => Promise.resolve(false);
  });
  await page.goto("/journal");
  await expect(page.locator(".Notice", { hasText: "a private window forgets it" })).toBeVisible();
  await axeClean(page, "the door with its notice");
  await begin(page);
  await make(page, "dose", { drug: "Menopur", amount: "75", "amount.x": "IU" });
  await page.evaluate(() => localStorage.setItem("keepwell-journal-look", "notes"));
  await go(page, "#/export");
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("section.Card", { hasText: "CSV" }).getByRole("button").click()]);
  expect(file.suggestedFilename()).toMatch(/^notes-.*\.zip$/);
  expect(String(unzip(await readFile(await file.path())).get("dose.csv"))).toContain("Menopur");
});

test("what a file leaves over is named with its reason and kept", async ({ page }) => {
  await begin(page);
  await go(page, "#/import");
  const csv = `Date,Bleeding,Temperature\n${day(-40)},gushing,36.5\n2026-13-77,light,36.6\n`;
  await page.getByLabel("File").setInputFiles({ name: "days.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.locator("summary", { hasText: "not taken as" }).click();
  await expect(page.getByRole("table")).toContainText("Not known here; kept with the day");
  await expect(page.getByRole("table")).toContainText("No date that exists");
  await axeClean(page, "what a file leaves over");
  await page.getByRole("button", { name: "Take them in" }).click();
  await expect(page.getByText(/changes were taken in/).first()).toBeVisible();
  await go(page, `#/day/${day(-40)}`);
  await expect(page.locator("section.Card", { hasText: "From another app" })).toContainText("gushing");
  await go(page, "#/list/note");
  await expect(page.locator(".Lines")).toContainText("2026-13-77");
});
