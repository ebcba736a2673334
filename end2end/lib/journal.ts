// The journal in a browser: making one, moving about in it, filling in its forms.
import type { Page } from "@playwright/test";
import { expect } from "./test";

export const PASSPHRASE = "five words that nobody joins";
const DAY = 24 * 3600 * 1000;

/** The date so many days from today, as a form takes it. */
export const day = (n: number) => {
  const at = new Date(Date.now() + n * DAY);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
};

/** Makes a journal. */
export async function begin(page: Page) {
  await page.goto("/journal");
  await page.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
  await page.getByLabel("Once more").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Make the journal" }).click();
  await expect(page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible({ timeout: 60_000 });
}

export async function unlock(page: Page, passphrase = PASSPHRASE) {
  await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page.getByRole("navigation", { name: "Places" })).toBeVisible({ timeout: 60_000 });
}

/** Moves within the journal without loading anything, and waits for the page. */
export async function go(page: Page, hash: string) {
  await page.evaluate((to) => (location.hash = to), hash);
  await page.waitForFunction((to) => location.hash === to, hash);
  await page.locator("main h1").waitFor();
}

export const form = (page: Page) => page.locator("form.is-form").first();

/** Fills in the form that is shown and saves it; `field.x` is the unit or the time. */
export async function enter(page: Page, values: Record<string, string>) {
  for (const more of await form(page).locator("details.More:not([open]) > summary").all()) await more.click();
  for (const [name, value] of Object.entries(values)) {
    const control = form(page).locator(`[name="f.${name}"]`);
    const [tag, type] = await control.evaluate((e) => [e.tagName, (e as HTMLInputElement).type]);
    if (tag === "SELECT") await control.selectOption(value);
    else if (type === "checkbox") await control.setChecked(value === "yes");
    else await control.fill(value);
  }
  await save(page);
}

export async function save(page: Page) {
  await form(page).getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved.").first()).toBeVisible();
  await expect(page.locator("form.is-form .Field-reason:not(:empty)")).toHaveCount(0);
}

/** Makes an entry of a kind; its id. */
export async function make(page: Page, kind: string, values: Record<string, string>, query = "") {
  const before = await ids(page, kind);
  await go(page, `#/new/${kind}${query}`);
  await enter(page, values);
  const after = await ids(page, kind);
  const made = after.filter((id) => !before.includes(id));
  expect(made, `one ${kind} more`).toHaveLength(1);
  return made[0];
}

/** The ids of all live entries of a kind, as its list has them. */
export async function ids(page: Page, kind: string) {
  await go(page, `#/list/${kind}`);
  const links = await page.locator("main div.Card > .Lines a").evaluateAll((all) => all.map((a) => a.getAttribute("href")!));
  return links.map((href) => href.split("/").pop()!);
}
