// What follows from entries of the journal: figures beside the pictures, and what is said beside a field.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { PASSPHRASE, begin, day, enter, form, go, ids, make } from "../lib/journal";
import { unzip } from "../lib/zip.mjs";
import { axeClean, expect, noSideScroll, test } from "../lib/test";

const card = (page: Page, title: string) => page.locator("section.Card", { has: page.getByRole("heading", { name: title, exact: true }) });

test("follicles are counted from three sizes on and their growth is said, and counts by size are left as they are", async ({ page }) => {
  await begin(page);
  const cycle = await make(page, "cycle", { title: "Spring", stimulation_start: day(-12) });
  const of = `?cycle=${cycle}`;
  await make(page, "scan", { at: day(-6), follicles_right: "12 11", follicles_left: "10" }, of);
  const second = await make(page, "scan", { at: day(-4), follicles_right: "16 14", follicles_left: "15" }, of);
  await make(page, "scan", { at: day(-2), follicles_right: "19", bands_left: "14–18:3" }, of);
  await go(page, `#/cycle/${cycle}`);
  const table = page.getByRole("table", { name: "Follicles from scan to scan" });
  const row = (n: number) => table.getByRole("row").nth(n);
  await expect(row(2)).toContainText("+2 mm");
  await expect(row(2)).toContainText("3 (right 2, left 1)");
  await expect(row(3)).toContainText("4 (right 1, left 3)");
  await expect(row(3)).toContainText("right 1, left not comparable");
  await expect(page.getByText("Not comparable: the entries do not allow it")).toBeVisible();
  await axeClean(page, "follicles in figures");
  await noSideScroll(page, "follicles in figures");
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 360, height: 740 });
  await expect(table).toBeHidden();
  await expect(page.locator(".Tight .Line-link").nth(1)).toContainText("From 16 mm: 1 (right 1, left 0)");
  await noSideScroll(page, "follicles in figures on a phone");
  await page.setViewportSize(size);
  await row(2).getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`#/edit/scan/${second}$`));
  const facts = card(page, "Follicles in figures");
  await expect(facts).toContainText("Growth per day+2 mm");
  await expect(facts).toContainText("From 16 mm1 (right 1, left 0)");
});

test("a rise of hCG is said over 48 hours, not while a trigger may be measured with it", async ({ page }) => {
  await begin(page);
  // Days between which no clock is changed.
  const cycle = await make(page, "cycle", { title: "Spring", cycle_start: "2025-04-18" });
  const of = `?cycle=${cycle}`;
  await make(page, "trigger", { at: "2025-05-02", "at.x": "22:00", kind: "hcg" }, of);
  for (const [at, value] of [["2025-05-14", "40"], ["2025-05-18", "100"], ["2025-05-20", "180"]]) {
    await make(page, "beta", { at, "at.x": "08:00", value, "value.x": "IU/L" }, of);
  }
  await go(page, `#/cycle/${cycle}`);
  const betas = card(page, "hCG blood tests");
  await expect(betas.locator("figcaption")).toContainText("+80 % over 48 hours");
  await betas.getByText("As a table").click();
  const rows = betas.getByRole("row");
  await expect(rows.nth(2)).toContainText("doubling in");
  await expect(rows.nth(2)).not.toContainText("48 hours");
  await expect(rows.nth(3)).toContainText("+80 % over 48 hours");
});

test("what was opened says until when it may be used, in the stock and on the day before", async ({ page }) => {
  await begin(page);
  const known = await make(page, "medication", { name: "Pen A", strength: "900", "strength.x": "IU", days_once_open: "28" });
  const unknown = await make(page, "medication", { name: "Pen B", strength: "900", "strength.x": "IU" });
  for (const medication of [known, unknown]) await make(page, "stock", { medication, event: "opened", at: day(-27) });
  await go(page, "#/list/medication");
  const stock = card(page, "Stock");
  await expect(stock.getByText(/^opened on .*, use until tomorrow, /)).toHaveCount(1);
  await go(page, "#/list/stock");
  await expect(page.locator(".Lines").getByText("use until tomorrow")).toHaveCount(1);
  await go(page, "#/");
  const near = card(page, "Opened, last day of use near");
  await expect(near).toContainText("Pen A");
  await expect(near).not.toContainText("Pen B");
  await axeClean(page, "today with what was opened");
});

test("a grade that Gardner's scheme does not have is said beside the field and kept as typed", async ({ page }) => {
  await begin(page);
  await make(page, "embryo", { label: "E1" });
  await go(page, "#/new/embryo_event");
  const said = form(page).getByRole("status").filter({ hasText: "no grade of Gardner's scheme" });
  const grade = form(page).locator('[name="f.grade"]');
  await grade.fill("4AB");
  await expect(said).toHaveCount(0);
  await grade.fill("4ZZ");
  await expect(said).toBeVisible();
  await axeClean(page, "a grade that is none");
  await form(page).locator('[name="f.scheme"]').selectOption("own");
  await expect(said).toHaveCount(0);
  await form(page).locator('[name="f.scheme"]').selectOption("gardner");
  await enter(page, { what: "observed" });
  const [event] = await ids(page, "embryo_event");
  await go(page, `#/edit/embryo_event/${event}`);
  await expect(grade).toHaveValue("4ZZ");
  await expect(said).toBeVisible();
});

test("a grade begins in the scheme of the embryo's day, until the person says which", async ({ page }) => {
  await begin(page);
  const embryo = await make(page, "embryo", { label: "E1", fertilised_on: day(-3) });
  await go(page, `#/new/embryo_event?embryo=${embryo}`);
  const [scheme, grade, age] = ["scheme", "grade", "day"].map((name) => form(page).locator(`[name="f.${name}"]`));
  const said = form(page).getByRole("status").filter({ hasText: "no grade of Gardner's scheme" });
  await expect(scheme).toHaveValue("cleavage");
  await grade.fill("8A");
  await expect(said).toHaveCount(0);
  await form(page).locator('[name="f.at"]').fill(day(2));
  await expect(scheme).toHaveValue("gardner");
  await expect(said).toBeVisible();
  await form(page).locator('[name="f.at"]').fill(day(-1));
  await expect(scheme).toHaveValue("cleavage");
  await expect(said).toHaveCount(0);
  await form(page).locator('[name="f.at"]').fill(day(2));
  for (const more of await form(page).locator("details.More:not([open]) > summary").all()) await more.click();
  await age.fill("2");
  await expect(scheme).toHaveValue("cleavage");
  await scheme.selectOption("own");
  await age.fill("5");
  await expect(scheme).toHaveValue("own");
  await enter(page, { what: "observed" });
  const [event] = await ids(page, "embryo_event");
  await go(page, `#/edit/embryo_event/${event}`);
  await expect(scheme).toHaveValue("own");
  await expect(grade).toHaveValue("8A");
});

test("the month marks tests and mood by signs, with words for screen readers and a legend", async ({ page }) => {
  await begin(page);
  const middle = `${day(0).slice(0, 7)}-15`;
  await make(page, "home_test", { at: middle, kind: "lh", result: "peak" });
  await make(page, "home_test", { at: middle, kind: "hcg", result: "negative" });
  await make(page, "mood", { at: middle, score: "-1" });
  await go(page, `#/month/${middle.slice(0, 7)}`);
  const cell = page.locator(`.Month a[href="#/day/${middle}"]`);
  await expect(cell.locator(".Marks")).toHaveText(/LH▲\s*hCG−\s*M−1/);
  await expect(cell).toHaveAccessibleName(/LH test: Peak, Pregnancy test: Negative, Mood: −1/);
  const legend = page.getByRole("list", { name: "What the marks stand for" });
  for (const words of ["LH test", "Pregnancy test", "Peak", "Negative", "Mood from −2 to 2"]) await expect(legend).toContainText(words);
  await axeClean(page, "a month with its marks");
  await noSideScroll(page, "a month with its marks");
});

test("units are written as people write them, and kept and saved as they were", async ({ page }) => {
  await begin(page);
  await go(page, "#/new/semen");
  await form(page).locator("details.More > summary").click();
  await expect(form(page).locator('[name="f.concentration.x"]')).toHaveValue("million/mL");
  await enter(page, { at: day(-3), concentration: "42", total_count: "120" });
  await go(page, "#/list/semen");
  await expect(page.locator(".Lines")).toContainText("42 million/mL");
  await page.locator(".Lines a").click();
  await expect(form(page).locator('[name="f.concentration"]')).toHaveValue("42");
  await enter(page, { concentration: "43" });
  await go(page, "#/export");
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("section.Card", { hasText: "CSV" }).getByRole("button").click()]);
  const table = String(unzip(await readFile(await file.path())).get("semen.csv"));
  expect(table).toContain("43 10*6/mL");
  expect(table).toContain("120 10*6");
});

test("feelings that another app brought are shown in German and kept by their code", async ({ page }) => {
  await begin(page);
  await go(page, "#/import");
  const csv = `date,bleeding.value,temperature.value,mood.sad,mood.energetic\n${day(-3)},2,36.5,true,true\n`;
  await page.getByLabel("File").setInputFiles({ name: "drip.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.getByRole("button", { name: "Take them in" }).click();
  await expect(page.getByText(/changes were taken in/).first()).toBeVisible();
  await make(page, "mood", { at: day(-3), feelings: "mood_swings" });
  await page.evaluate(() => localStorage.setItem("keepwell-journal-lang", "de"));
  await page.reload();
  await page.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
  await page.getByRole("button", { name: "Öffnen", exact: true }).click();
  await expect(page.getByRole("navigation", { name: "Bereiche" })).toBeVisible({ timeout: 90_000 });
  await go(page, `#/day/${day(-3)}`);
  await expect(page.locator("section.Card", { hasText: "Einträge dieses Tages" })).toContainText("Stimmungsschwankungen");
  const feelings = form(page).locator('[name="f.feelings"]');
  await expect(feelings).toHaveValue("traurig\nvoller Energie");
  await feelings.fill("traurig\nvoller Energie\nwie auf Wolken");
  await form(page).getByRole("button", { name: "Speichern", exact: true }).click();
  await expect(page.getByText("Gespeichert.").first()).toBeVisible();
  await go(page, "#/export");
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("section.Card", { hasText: "CSV" }).getByRole("button").click()]);
  const table = String(unzip(await readFile(await file.path())).get("day.csv"));
  for (const word of ["sad", "energetic", "wie auf Wolken"]) expect(table).toContain(word);
  expect(table).not.toContain("traurig");
});

test("a journal that calls itself something else shows the discreet titles of journeys", async ({ page }) => {
  await begin(page);
  const journey = await make(page, "journey", { title: "IVF at last", goal: "pregnancy", discreet_title: "Garden" });
  await expect(page.locator(".Lines")).toContainText("IVF at last");
  await page.evaluate(() => localStorage.setItem("keepwell-journal-look", "notes"));
  await go(page, "#/more");
  await go(page, "#/list/journey");
  await expect(page.locator(".Lines")).toContainText("Garden");
  await expect(page.locator(".Lines")).not.toContainText("IVF");
  await expect(page.locator(".Lines")).not.toContainText("Pregnancy");
  await go(page, "#/new/cycle");
  await form(page).locator("details.More > summary").click();
  await expect(form(page).locator(`[name="f.journey"] option[value="${journey}"]`)).toHaveText("Garden");
  await go(page, `#/edit/journey/${journey}`);
  await expect(page.locator(".Heading-context")).toHaveText("Garden");
  await expect(form(page).locator('[name="f.title"]')).toHaveValue("IVF at last");
});

test("notes that are kept on top come first in their list and stand on today", async ({ page }) => {
  await begin(page);
  await make(page, "note", { text: "Number of the clinic", at: day(-20), pinned: "yes" });
  await make(page, "note", { text: "Slept well", at: day(-1) });
  await go(page, "#/list/note");
  await expect(page.locator(".Lines .Line-title")).toHaveText(["Number of the clinic", "Slept well"]);
  await go(page, "#/");
  await expect(card(page, "Kept on top")).toContainText("Number of the clinic");
  await expect(card(page, "Kept on top")).not.toContainText("Slept well");
  await axeClean(page, "today with a note on top");
  await card(page, "Kept on top").getByRole("link").click();
  await expect(form(page).locator('[name="f.text"]')).toHaveValue("Number of the clinic");
  await enter(page, { done: "yes" });
  await go(page, "#/");
  await expect(card(page, "Kept on top")).toHaveCount(0);
});

test("a cycle that is a donation says so in its form and on the clinic sheet", async ({ page }) => {
  await begin(page);
  const cycle = await make(page, "cycle", { title: "For my sister", cycle_type: "egg_donation", donor_role: "egg_donor" });
  await go(page, `#/edit/cycle/${cycle}`);
  await expect(page.getByLabel("Done for somebody else, as")).toHaveValue("egg_donor");
  await go(page, `#/cycle/${cycle}/sheet`);
  await expect(page.locator(".Facts").first()).toContainText("Done for somebody else, asEgg donor");
  await axeClean(page, "the sheet of a donation");
});
