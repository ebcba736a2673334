// Every kind of entry is typed, read back as it was typed, corrected and removed.
import type { Page } from "@playwright/test";
import { begin, day, form, go, ids, make, save } from "../lib/journal";
import { axeClean, expect, test } from "../lib/test";

/** In an order in which each finds what it names. */
const KINDS = [
  "person", "clinic", "contact", "journey", "cycle", "medication", "plan_item", "amendment", "stock", "dose", "visit", "scan", "hormone",
  "semen", "trigger", "retrieval", "embryo", "transfer", "storage", "embryo_event", "storage_fee", "consent", "beta", "early_scan",
  "outcome", "cost", "note", "mood", "home_test",
];

type Held = Record<string, string[]>;

/** What all controls of the form hold. */
const held = (page: Page): Promise<Held> =>
  form(page).evaluate((element) => {
    const out: Record<string, string[]> = {};
    for (const [name, value] of new FormData(element as HTMLFormElement)) {
      if (name.startsWith("f.") && value !== "") (out[name] ??= []).push(String(value));
    }
    return out;
  });

/** Fills in every control of the form by what it is. */
async function fillAll(page: Page, date: string) {
  await form(page).evaluate((element, date) => {
    const special: Record<string, string> = {
      "f.zone": "Europe/Vienna", "f.follicles_right": "14 12.5", "f.follicles_left": "0", "f.also_at": "08:00 20:00",
      "f.bands_right": "10–14:4", "f.bands_left": "18–:2", "f.when.n": "2", "f.when.u": "", "f.when": "",
      "f.temperature": "36.50",
    };
    for (const control of element.querySelectorAll<HTMLInputElement>('[name^="f."]')) {
      const { name, type } = control;
      if (type === "hidden" || name.endsWith(".why")) continue;
      if (name in special) control.value = special[name];
      else if (type === "checkbox") control.checked = true;
      else if (control instanceof HTMLSelectElement) control.selectedIndex = control.options.length - 1;
      else if (type === "date") control.value = date;
      else if (type === "time") control.value = "07:35";
      // A dose begins with no unit.
      else if (name.endsWith(".x")) control.value ||= /amount|strength/.test(name) ? "mg" : "";
      else if (control.inputMode === "numeric") control.value = "2";
      else if (control.inputMode === "decimal") control.value = "12.50";
      else control.value = control instanceof HTMLTextAreaElement ? `Zeile ä\n${name} & more` : `Wort ß ${name}`;
    }
  }, date);
}

/** Opens the form of an entry; a result that is held is shown first. */
async function open(page: Page, kind: string, id: string) {
  await go(page, `#/edit/${kind}/${id}`);
  const show = page.getByRole("button", { name: "Show the result" });
  if ((await show.count()) > 0) {
    expect(await form(page).count(), `${kind} is held`).toBe(0);
    await show.click();
  }
  await form(page).waitFor();
}

/** What was typed into a form without why there is no value, and without the hold that showing took away. */
const typed = (all: Held, kind: string) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !(name === "f.held" && ["hormone", "beta", "embryo_event"].includes(kind))));

test("every kind of entry is typed, opened as it was typed, corrected, removed and brought back", async ({ page }) => {
  test.setTimeout(600_000);
  await begin(page);
  const made = new Map<string, string>();
  for (const kind of KINDS) {
    await test.step(`${kind} is typed and corrected`, async () => {
      await go(page, `#/new/${kind}`);
      await fillAll(page, day(-3));
      const before = typed(await held(page), kind);
      expect(Object.keys(before).length, `${kind} has fields`).toBeGreaterThan(2);
      await save(page);
      const [id] = await ids(page, kind);
      expect(id, `${kind} is in its list`).toBeTruthy();
      made.set(kind, id);
      await open(page, kind, id);
      expect(typed(await held(page), kind)).toEqual(before);

      // A correction of one field leaves the others as they were, and the history says what was there.
      const name = "f.note" in before ? "f.note" : Object.keys(before).find((n) => before[n][0].startsWith("Zeile"))!;
      await form(page).locator(`[name="${name}"]`).evaluate((control) => ((control as HTMLTextAreaElement).value = "Berichtigt"));
      await save(page);
      await open(page, kind, id);
      expect(typed(await held(page), kind)).toEqual({ ...before, [name]: ["Berichtigt"] });
      await expect(page.locator("details", { hasText: "History" })).toContainText("Zeile ä");
    });
  }
  for (const kind of [...KINDS].reverse()) {
    await test.step(`${kind} is removed and brought back`, async () => {
      const id = made.get(kind)!;
      await go(page, `#/edit/${kind}/${id}`);
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await expect(page.getByRole("button", { name: "Bring it back" })).toBeVisible();
      expect(await ids(page, kind)).toEqual([]);
      await page.getByText("Deleted", { exact: true }).click();
      await page.locator("details .Lines a").click();
      await page.getByRole("button", { name: "Bring it back" }).click();
      await form(page).waitFor();
      expect(Object.values(await held(page)).flat()).toContain("Berichtigt");
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("button", { name: "Erase for good" }).click();
      expect(page.url(), "nothing is erased by one press").toMatch(/#\/edit\//);
      await page.getByRole("button", { name: "Yes, erase it" }).click();
      await expect(page).toHaveURL(new RegExp(`#/list/${kind}$`));
      await expect(page.locator("main")).not.toContainText("Deleted");
    });
  }
});

test("a day is typed, corrected, removed and typed anew", async ({ page }) => {
  await begin(page);
  await go(page, `#/day/${day(-2)}`);
  await fillAll(page, day(-2));
  const before = await held(page);
  await save(page);
  await go(page, "#/");
  await go(page, `#/day/${day(-2)}`);
  expect(await held(page)).toEqual(before);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Bring it back" }).click();
  await expect(form(page)).toBeVisible();
  expect(await held(page)).toEqual(before);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Erase for good" }).click();
  await page.getByRole("button", { name: "Yes, erase it" }).click();
  await expect(form(page)).toBeVisible();
  expect((await held(page))["f.note"]).toBeUndefined();
});

test("what was deleted is found under More and comes back from there", async ({ page }) => {
  await begin(page);
  const cycle = await make(page, "cycle", { title: "Spring cycle" });
  const dose = await make(page, "dose", { drug: "Menopur", amount: "75", "amount.x": "IU" }, `?cycle=${cycle}`);
  for (const [kind, id] of [["dose", dose], ["cycle", cycle]]) {
    await go(page, `#/edit/${kind}/${id}`);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await expect(page.getByRole("button", { name: "Bring it back" })).toBeVisible();
  }
  await go(page, "#/more");
  await page.getByRole("link", { name: "Deleted entries" }).click();
  await expect(page.getByRole("heading", { name: "Deleted entries" })).toBeVisible();
  await axeClean(page, "what was deleted");
  await page.getByRole("button", { name: /^Bring back: Menopur/ }).click();
  await expect(page.getByText("It is back.").first()).toBeVisible();
  await expect(page.getByRole("button", { name: /^Bring back: Menopur/ })).toHaveCount(0);
  await page.getByRole("button", { name: /^Bring back: Spring cycle/ }).click();
  await expect(page.getByText("Nothing was deleted.")).toBeVisible();
  expect(await ids(page, "dose")).toEqual([dose]);
});

test("what was typed into one form is not in the next", async ({ page }) => {
  await begin(page);
  await go(page, "#/new/medication");
  await form(page).locator('[name="f.name"]').fill("Menopur");
  await go(page, "#/new/dose");
  await expect(form(page).locator('[name="f.drug"]')).toHaveValue("");
  await form(page).locator('[name="f.drug"]').fill("Menopur");
  await go(page, "#/new/clinic");
  await expect(form(page).locator('[name="f.name"]')).toHaveValue("");
});

test("what the person wants of the journal is kept", async ({ page }) => {
  await begin(page);
  await go(page, "#/settings");
  await fillAll(page, day(0));
  const before = await held(page);
  await save(page);
  await go(page, "#/more");
  await go(page, "#/settings");
  expect(await held(page)).toEqual(before);
});

test("somebody who goes on before an entry is kept is not taken back to its form", async ({ page }) => {
  await begin(page);
  await go(page, "#/cycles");
  await go(page, "#/new/cycle");
  await page.locator('[name="f.title"]').fill("Autumn cycle");
  await page.locator('[name="f.cycle_type"]').selectOption("icsi");
  await page.evaluate(() => {
    document.querySelector<HTMLElement>('form.is-form button[type="submit"]')!.click();
    location.hash = "#/cycles";
  });
  await expect(page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
  await expect(page.getByRole("link", { name: /Autumn cycle/ })).toBeVisible();
  expect(new URL(page.url()).hash).toBe("#/cycles");
});
