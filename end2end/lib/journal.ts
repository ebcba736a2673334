// Entries of the journal in a browser: what journal.mjs does, waiting for each page, and what was made by it.
import type { Page } from "@playwright/test";
import { PASSPHRASE, begin, day, enter as fillIn, go as move, isOpen, unlock } from "./journal.mjs";
import { expect } from "./test";

export { PASSPHRASE, begin, day, isOpen, unlock };

/** Moves within the journal without loading anything, and waits for the page. */
export async function go(page: Page, hash: string) {
  await move(page, hash);
  await page.waitForFunction((to) => location.hash === to, hash);
  await page.locator("main h1").waitFor();
}

export const form = (page: Page) => page.locator("form.is-form").first();

/** Fills in the form that is shown and saves it, and is told so. */
export async function enter(page: Page, values: Record<string, string>) {
  await fillIn(page, values);
  await expect(page.getByText("Saved.").first()).toBeVisible();
}

export const save = (page: Page) => enter(page, {});

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
