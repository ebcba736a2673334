// Keeps a journal by its pages: makes one, opens it, fills in its forms, up to a whole IVF cycle.
import { expect } from "@playwright/test";
import { ZONE } from "./browser.mjs";

export const PASSPHRASE = "five words that nobody joins";
const DAY = 24 * 3600 * 1000;

/** The date so many days from today, as a form takes it: today of the browser, wherever this machine is. */
export const day = (n) => {
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE }).format(new Date());
  return new Date(Date.parse(`${today}T00:00:00Z`) + n * DAY).toISOString().slice(0, 10);
};

/** Makes a journal and waits until the files of its version are kept. */
export async function begin(page) {
  await page.goto("/journal");
  await page.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
  await page.locator("#new-again").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Make the journal" }).click();
  await isOpen(page);
  await isKept(page);
}

/** Waits until the files are kept and the worker serves this page; says how far that came where it does not. */
export async function isKept(page) {
  const standing = () =>
    page.evaluate(async () => {
      const { active, waiting, installing } = (await navigator.serviceWorker.getRegistration("/journal")) ?? {};
      const workers = [active, waiting, installing].map((worker) => worker?.state ?? "none").join(", ");
      const said = document.documentElement.dataset.offline !== undefined;
      return said && navigator.serviceWorker.controller ? "kept" : `said: ${said}, serves: ${!!navigator.serviceWorker.controller}, workers: ${workers}`;
    });
  // It may load anew meanwhile, where another version takes over.
  await expect.poll(() => standing().catch(String), { timeout: 60_000 }).toBe("kept");
}

export const isOpen = (page) => expect(page.getByRole("navigation", { name: "Places" })).toBeVisible({ timeout: 90_000 });

export async function unlock(page, passphrase = PASSPHRASE) {
  await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await isOpen(page);
}

/** Moves within the journal without loading anything; done once the journal has drawn the page from what it holds. */
export const go = (page, hash) =>
  page.evaluate(
    (to) =>
      new Promise((done) => {
        const wanted = new URL(to, location.href).href;
        // The journal hears of it first, and what it draws is drawn before the next task. Not `setTimeout`: a test may
        // have stopped the clock.
        const task = (then) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = then;
          port2.postMessage(null);
        };
        const drawn = () => task(() => task(() => done()));
        if (location.href === wanted) return drawn();
        addEventListener("hashchange", function heard({ newURL }) {
          // A move that was still on its way comes first.
          if (newURL !== wanted) return;
          removeEventListener("hashchange", heard);
          drawn();
        });
        location.href = wanted;
      }),
    hash,
  );

/** Notes in the page whether a form is being left: it says that it is saved before the way back is taken. */
const noteLeaving = (page) =>
  page.evaluate(() => {
    if (globalThis.leaving) return;
    const leaving = (globalThis.leaving = { open: false });
    const back = history.back.bind(history);
    history.back = () => {
      leaving.open = true;
      back();
    };
    addEventListener("hashchange", () => (leaving.open = false));
  });

/**
 * Fills in the form that is shown and saves it; `field.x` is the unit or the time. Done once the form is left or says
 * that it is saved, or why not: a page that one goes to while it is still being left would be left, too.
 */
export async function enter(page, values) {
  const form = page.locator("form.is-form").first();
  for (const [name, value] of Object.entries(values)) {
    const control = form.locator(`[name="f.${name}"]`);
    const [tag, type] = await control.evaluate((e) => {
      e.closest("details.More")?.setAttribute("open", "");
      return [e.tagName, e.type];
    });
    if (tag === "SELECT") await control.selectOption(value);
    else if (type === "checkbox") await control.setChecked(value === "yes");
    else await control.fill(value);
  }
  await form.waitFor();
  await noteLeaving(page);
  const before = await page.evaluate(() => location.href);
  await form.getByRole("button", { name: "Save", exact: true }).click();
  const left = (was) =>
    !globalThis.leaving?.open && (location.href !== was || !!document.querySelector("main > :is(.Said, .Alert), main .Field-reason:not(:empty)"));
  await page.waitForFunction(left, before, { timeout: 60_000 });
  await expect(page.locator("form.Form [aria-invalid], form.Form .Field-reason:not(:empty)")).toHaveCount(0);
}

/** Adds an entry to the cycle and comes back to it. */
export async function add(page, cycle, kind, values) {
  await go(page, `#/cycle/${cycle}`);
  await page.locator(`a[href^="#/new/${kind}?"]`).first().click();
  await enter(page, values);
  await page.waitForURL(`**/journal#/cycle/${cycle}`);
}

/** Makes an ICSI cycle and goes to its page. Its id. */
export async function newCycle(page, values) {
  await go(page, "#/new/cycle");
  await enter(page, { title: "Spring cycle", cycle_type: "icsi", ...values });
  await go(page, "#/cycles");
  await page.getByRole("link", { name: /Spring cycle/ }).click();
  await page.waitForURL(/#\/cycle\//);
  return page.url().split("#/cycle/")[1];
}

/** A whole cycle, from set-up to outcome. Its id. */
export async function wholeCycle(page) {
  const cycle = await newCycle(page, {
    protocol: "antagonist", cycle_start: day(-20), stimulation_start: day(-18), planned_trigger: day(-8), "planned_trigger.x": "22:00",
  });

  // The plan, and what the nurse says.
  await go(page, `#/cycle/${cycle}/plan`);
  await page.getByRole("link", { name: "Add to the plan" }).click();
  await enter(page, { what: "dose", drug: "Follitropin", amount: "150", "amount.x": "IU", "when.b": "stimulation_start", "when.n": "0", "when.x": "21:00", every_days: "1", for_days: "30" });
  await go(page, `#/cycle/${cycle}/amend`);
  await page.getByLabel("From", { exact: true }).fill(day(0));
  await page.locator('select[name^="act."]').selectOption("change");
  await page.locator('input[name^="amount."]').fill("225");
  await page.getByLabel("Or a name").fill("Sister Ines");
  await page.getByRole("button", { name: "See what it changes" }).click();
  await expect(page.locator(".Diff")).toContainText("150 IU → 225 IU");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Sister Ines said" })).toBeVisible();
  await expect(page.locator(".Diff")).toContainText("150 IU → 225 IU");

  for (const n of [-18, -17, -16]) {
    await add(page, cycle, "dose", { drug: "Follitropin", amount: "150", "amount.x": "IU", at: day(n), "at.x": "21:05", site: "abdomen_left" });
  }
  await add(page, cycle, "scan", { at: day(-12), "at.x": "08:30", follicles_right: "14 12.5 11", follicles_left: "13 12", lining: "7.5", "lining.x": "mm" });
  await add(page, cycle, "scan", { at: day(-9), "at.x": "08:30", follicles_right: "19 18 16", follicles_left: "18 17", lining: "10", "lining.x": "mm", lining_pattern: "trilaminar" });
  await add(page, cycle, "hormone", { at: day(-12), "at.x": "08:40", hormone: "e2", value: "420", "value.x": "pg/mL" });
  await add(page, cycle, "hormone", { at: day(-9), "at.x": "08:40", hormone: "e2", value: "1850", "value.x": "pg/mL" });
  await add(page, cycle, "trigger", { at: day(-8), "at.x": "22:00", kind: "hcg", drug: "Choriogonadotropin", amount: "250", "amount.x": "µg" });
  await add(page, cycle, "retrieval", { at: day(-6), "at.x": "09:00", retrieved: "9", mature: "7", method: "icsi", pn2: "5", "day6.why": "not_told", frozen: "0" });

  // Embryos one by one, one of them transferred.
  await go(page, `#/cycle/${cycle}/laboratory`);
  await page.getByLabel("Add so many embryos").fill("2");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.locator(".Embryo")).toHaveCount(2);
  await page.locator(".Embryo a").first().click();
  await page.getByRole("link", { name: "Looked at" }).click();
  await enter(page, { at: day(-1), grade: "4AB" });
  await expect(page.locator(".Facts")).toContainText("4AB");
  await add(page, cycle, "transfer", { at: day(-1), "at.x": "11:00", count: "1", embryo_day: "5" });
  await go(page, `#/cycle/${cycle}/laboratory`);
  await page.locator(".Embryo a").first().click();
  await page.getByRole("link", { name: "Transferred", exact: true }).click();
  await enter(page, { at: day(-1) });
  await expect(page.locator(".Facts")).toContainText("Transferred");

  await add(page, cycle, "beta", { at: day(9), "at.x": "08:00", value: "112", "value.x": "IU/L" });
  await add(page, cycle, "beta", { at: day(11), "at.x": "08:00", value: "230", "value.x": "IU/L" });
  await add(page, cycle, "early_scan", { at: day(20), sacs: "1", heartbeat: "yes", site: "uterus" });
  await add(page, cycle, "outcome", { kind: "ongoing", on: day(20) });
  return cycle;
}

