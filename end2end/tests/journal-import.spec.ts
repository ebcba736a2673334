// Tables of any other program: the person sees how they are read, and says otherwise where they are not meant so.
import type { Page } from "@playwright/test";
import { PASSPHRASE, begin, day, go } from "../lib/journal";
import { axeClean, expect, noSideScroll, test } from "../lib/test";

const pick = async (page: Page, text: string | Buffer, label = "File") => {
  await page.getByLabel(label, { exact: true }).setInputFiles({ name: "days.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
};
const how = (page: Page) => page.locator("section.Card", { hasText: "How the table is read" });
const holds = (page: Page, name: string) => page.getByLabel(`“${name}” holds`, { exact: true });
const takeIn = async (page: Page) => {
  await page.getByRole("button", { name: "Take them in" }).click();
  await expect(page.getByText(/changes were taken in/).first()).toBeVisible();
};

test("a table with names that nobody knows is read as the person chooses, by keyboard, in either language", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 720 });
  await begin(page);
  await go(page, "#/import");
  const csv = `Wann;Wert;Stufe;Was war;;\r\n${day(-40)};36,5;1;gut;;\r\n${day(-39)};97,9;3;"müde; ${"x".repeat(90)}";;\r\n`;
  await pick(page, csv);
  await expect(holds(page, "Wann")).toHaveValue("date");
  await expect(holds(page, "Wert")).toHaveValue("other");
  await expect(how(page).locator(".Field.is-choice")).toHaveCount(4);
  await expect(how(page)).toContainText("For example: 36,5 · 97,9");
  await expect(page.getByText("2 rows, 2 entries")).toBeVisible();
  await expect(page.getByText("Days: 2. From ")).toBeVisible();

  // By keyboard: the focus stays where it is while what is read changes below.
  await holds(page, "Wert").focus();
  await page.keyboard.press("W");
  await page.keyboard.press("Tab");
  await expect(holds(page, "Wert")).toHaveValue("temperature");
  await expect(holds(page, "Stufe")).toBeFocused();
  await page.keyboard.press("B");
  await expect(holds(page, "Stufe")).toHaveValue("bleeding");
  await expect(holds(page, "Stufe")).toBeFocused();
  await holds(page, "Was war").selectOption("skip");
  await expect(page.locator(".Alert")).toContainText("Some temperatures look like °C and some like °F.");
  await expect(page.getByRole("button", { name: "Take them in" })).toHaveCount(0);
  const unit = page.getByLabel("Temperatures that stand there without a unit are in");
  await expect(unit).toHaveValue("");
  await unit.selectOption("celsius");
  await page.locator("summary", { hasText: "3 values were not taken" }).click();
  await expect(page.getByRole("table")).toContainText("No temperature in the unit that it has");
  await expect(page.getByRole("table")).toContainText("Not known here; kept with the day");
  await unit.selectOption("by_size");
  await page.getByLabel("Numbers of bleeding mean").selectOption("none_spotting_to_heavy");
  await expect(page.locator("summary", { hasText: "not taken" })).toHaveCount(0);
  await axeClean(page, "how a table is read");
  await noSideScroll(page, "how a table is read");

  // The language is another one, the journal was closed meanwhile, and nothing is asked twice.
  await go(page, "#/settings");
  await page.locator("#local-lang").selectOption("de");
  await page.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
  await page.getByRole("button", { name: "Öffnen", exact: true }).click();
  await expect(page.getByRole("navigation", { name: "Bereiche" })).toBeVisible({ timeout: 90_000 });
  await go(page, "#/import");
  await pick(page, csv, "Datei");
  await expect(page.getByLabel("„Wert“ enthält", { exact: true })).toHaveValue("temperature");
  await expect(page.getByLabel("„Was war“ enthält", { exact: true })).toHaveValue("skip");
  await expect(page.getByLabel("Temperaturen, die ohne Einheit dastehen, sind in")).toHaveValue("by_size");
  await expect(page.getByLabel("Zahlen zur Blutung bedeuten")).toHaveValue("none_spotting_to_heavy");
  await expect(page.getByText("Tage: 2. Vom ")).toBeVisible();
  await axeClean(page, "how a table is read, in German");
  await noSideScroll(page, "how a table is read, in German");
  await page.getByRole("button", { name: "Aufnehmen" }).click();
  await expect(page.getByText(/Änderungen wurden aufgenommen/).first()).toBeVisible();

  for (const [n, temperature, unit, bleeding] of [[-40, "36.5", "°C", "spotting"], [-39, "97.9", "°F", "medium"]] as const) {
    await go(page, `#/day/${day(n)}`);
    await expect(page.locator('[name="f.temperature"]')).toHaveValue(temperature);
    await expect(page.locator('[name="f.temperature.x"]')).toHaveValue(unit);
    await expect(page.locator('[name="f.bleeding"]')).toHaveValue(bleeding);
  }
});

test("a table without one date, with dates of two meanings, or parted otherwise is asked about on the spot", async ({ page }) => {
  await begin(page);
  await go(page, "#/import");
  await pick(page, "Start date,End date,Flow\n03/04/2026,05/04/2026,heavy\n04/04/2026,06/04/2026,light\n");
  await expect(page.locator(".Alert")).toContainText("More than one column holds the date.");
  await holds(page, "End date").selectOption("skip");
  await expect(page.locator(".Alert")).toContainText("The dates can be read in more than one way.");
  await holds(page, "Start date").selectOption("note");
  await expect(page.locator(".Alert")).toContainText("No column holds the date yet.");
  await expect(page.getByLabel("Which comes first in the dates?")).toHaveCount(0);
  await holds(page, "Start date").selectOption("date");
  await page.getByLabel("Which comes first in the dates?").selectOption("day_first");
  await expect(page.getByText("Days: 2. From 3 April 2026 to 4 April 2026.")).toBeVisible();
  await page.getByLabel("Which comes first in the dates?").selectOption("month_first");
  await expect(page.getByText("Days: 2. From 4 March 2026 to 4 April 2026.")).toBeVisible();
  await axeClean(page, "dates of two meanings");

  await pick(page, "sep=,\nTag;Temp (°F)\n2026-04-03;97.9\n2026-04-04;36.6\n");
  const parted = page.getByLabel("Cells are parted by");
  await expect(parted).toHaveValue("44");
  await expect(page.locator(".Alert")).toContainText("No column holds the date yet.");
  await parted.focus();
  await parted.selectOption("59");
  await expect(parted).toBeFocused();
  await expect(holds(page, "Temp (°F)")).toHaveValue("temperature");
  await page.locator("summary", { hasText: "1 value was not taken" }).click();
  await expect(page.getByRole("table")).toContainText("36.6");
  await takeIn(page);
  await go(page, "#/day/2026-04-03");
  await expect(page.locator('[name="f.temperature.x"]')).toHaveValue("°F");
  await go(page, "#/day/2026-04-04");
  await expect(page.locator('[name="f.temperature"]')).toHaveValue("");
});

test("a first row of data, letters of Windows, and what is no table are said and kept as they should", async ({ page }) => {
  await begin(page);
  await go(page, "#/import");
  await pick(page, Buffer.from("2026-04-03;müde\n2026-04-04;fröhlich\n", "latin1"));
  await expect(how(page)).toContainText("they are read as Windows-1252");
  await expect(page.getByLabel("The first row names the columns")).not.toBeChecked();
  await page.getByLabel("Column B holds", { exact: true }).selectOption("feelings");
  await expect(page.getByText("2 rows, 2 entries")).toBeVisible();
  await page.getByLabel("The first row names the columns").check();
  await expect(page.getByText("1 row, 1 entry")).toBeVisible();
  await expect(holds(page, "müde")).toHaveValue("feelings");
  await page.getByLabel("The first row names the columns").uncheck();
  await expect(page.getByText("2 rows, 2 entries")).toBeVisible();

  // What is no table takes the card of the one before away.
  await pick(page, Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]));
  await expect(page.getByRole("alert")).toContainText("This is a workbook of a spreadsheet program.");
  await expect(how(page)).toHaveCount(0);
  await pick(page, Buffer.from("Tag;Wörter\n", "utf16le"));
  await expect(page.getByRole("alert")).toContainText("The letters of this file cannot be read.");
  await pick(page, "\ufeffTag;Stimmung\n2026-04-05;müde, froh\n");
  await expect(how(page)).not.toContainText("Windows-1252");
  await takeIn(page);
  await go(page, "#/day/2026-04-05");
  await expect(page.locator('[name="f.feelings"]')).toHaveValue("müde\nfroh");
});
