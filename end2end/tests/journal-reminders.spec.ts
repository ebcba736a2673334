// Reminders of the journal as notifications, and what a tap on one writes.
import { readFile } from "node:fs/promises";
import type { BrowserContext, Page } from "@playwright/test";
import { add, begin, enter, go, newCycle, unlock } from "../lib/journal.mjs";
import { expect, test } from "../lib/test";

// The clocks go forward in the night that follows.
const EVENING = new Date("2027-03-27T20:30:00+01:00");
const DAY = "2027-03-27";

/** Numbers and their units are kept together by other spaces. */
const spaced = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

/** What is shown by the system. */
const shown = async (page: Page) => {
  const titles = await page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((n) => n.title));
  return titles.map(spaced).sort();
};

/** Remembers what the system took to show. Before the page is loaded. */
const listen = (page: Page) =>
  page.addInitScript(() => {
    const rung: string[] = [];
    const show = ServiceWorkerRegistration.prototype.showNotification;
    ServiceWorkerRegistration.prototype.showNotification = async function (title, options) {
      await show.call(this, title, options);
      rung.push(title);
    };
    (globalThis as any).rung = rung;
  });

/**
 * Waits until the system has taken so many since the page was loaded. Only then may it be asked what it shows: Chromium
 * forgets a notification when it is asked for all of them while that one is on its way to be shown.
 */
const rang = (page: Page, count: number) => expect.poll(() => page.evaluate(() => (globalThis as any).rung.length)).toBe(count);

/** A tap on an action of a notification, as the system tells the worker of it. */
async function tap(context: BrowserContext, title: string, action: string) {
  // The browser may have ended it meanwhile; whatever the page asks for starts it.
  const started = async () => {
    const [worker] = await Promise.all([context.waitForEvent("serviceworker"), context.pages()[0].evaluate(() => fetch("/journal/journal.svg"))]);
    return worker;
  };
  const worker = context.serviceWorkers()[0] ?? (await started());
  await worker.evaluate(
    async ([title, action]) => {
      const scope = self as unknown as ServiceWorkerGlobalScope;
      const all = await scope.registration.getNotifications();
      const notification = all.find((n) => n.title.replace(/[\u00a0\u202f]/g, " ") === title);
      if (!notification) throw new Error(`no such notification: ${title}`);
      const Kind = (self as any).NotificationEvent;
      scope.dispatchEvent(new Kind("notificationclick", { notification, action }));
    },
    [title, action] as const,
  );
}

/** What a day of the plan says became of something. */
const row = (page: Page, text: string) => page.locator(".PlanRow", { hasText: text }).first();

async function plan(page: Page) {
  const cycle = await newCycle(page, { cycle_start: DAY, stimulation_start: DAY });
  const from = { "when.b": "stimulation_start", "when.n": "0" };
  for (const item of [
    { what: "dose", drug: "Follitropin", amount: "150", "amount.x": "IU", ...from, "when.x": "21:00", every_days: "1" },
    { what: "trigger", drug: "Choriogonadotropin", amount: "250", "amount.x": "µg", ...from, "when.x": "21:30" },
    { what: "dose", drug: "Progesterone", amount: "200", "amount.x": "mg", ...from, "when.x": "23:00" },
    { what: "call", title: "The clinic", ...from, "when.x": "20:55" },
  ]) {
    await go(page, `#/cycle/${cycle}/plan`);
    await page.getByRole("link", { name: "Add to the plan" }).click();
    await enter(page, item);
    await page.waitForURL(`**/journal#/cycle/${cycle}/plan`);
  }
  await go(page, "#/settings");
  await enter(page, { quiet_from: "22:00", quiet_until: "07:00" });
  return cycle;
}

test("reminders ring as notifications, and a tap on one is an entry", async ({ page, context }) => {
  await context.grantPermissions(["notifications"]);
  await page.addInitScript(() => localStorage.setItem("keepwell-journal-lock-after", "0"));
  await listen(page);
  await page.clock.install({ time: EVENING });
  await begin(page);
  const cycle = await plan(page);
  await go(page, "#/");
  const [dose, trigger, call] = ["Follitropin 150 IU", "Choriogonadotropin Trigger · 250 µg", "The clinic Call"];

  // From here on the clock stands still in between. 20:56: what is no dose.
  await page.clock.pauseAt(new Date("2027-03-27T20:56:00+01:00"));
  await rang(page, 1);
  await expect.poll(() => shown(page)).toEqual([`Now: ${call}`]);
  await tap(context, `Now: ${call}`, "taken");
  await expect(row(page, "The clinic")).toHaveClass(/is-done/);

  // 21:01: the dose, and half an hour before the trigger its warning.
  await page.clock.pauseAt(new Date("2027-03-27T21:01:00+01:00"));
  await rang(page, 3);
  await expect.poll(() => shown(page)).toEqual([`Now: ${dose}`, `Soon: ${trigger}`]);
  await tap(context, `Now: ${dose}`, "taken");
  await expect(row(page, "Follitropin")).toHaveClass(/is-done/);
  await expect.poll(() => shown(page)).toEqual([`Soon: ${trigger}`]);

  // 21:31 and 21:41: on time, and once more.
  await page.clock.pauseAt(new Date("2027-03-27T21:31:00+01:00"));
  await rang(page, 4);
  await expect.poll(() => shown(page)).toEqual([`Now: ${trigger}`, `Soon: ${trigger}`]);
  await page.clock.pauseAt(new Date("2027-03-27T21:41:00+01:00"));
  await rang(page, 5);
  await expect.poll(() => shown(page)).toContain(`Still open: ${trigger}`);

  // 23:01: quiet. What is not critical rings at seven, by the new time.
  await page.clock.pauseAt(new Date("2027-03-27T23:01:00+01:00"));
  expect((await shown(page)).join()).not.toContain("Progesterone");
  await page.clock.pauseAt(new Date("2027-03-28T06:59:00+02:00"));
  expect((await shown(page)).join()).not.toContain("Progesterone");
  await page.clock.pauseAt(new Date("2027-03-28T07:01:00+02:00"));
  await rang(page, 6);
  await expect.poll(() => shown(page)).toContain("Now: Progesterone 200 mg");

  // Locked, or loaded anew in between: what was tapped is done once the journal is open.
  await page.reload();
  await expect(page.getByText("Locked.")).toBeVisible();
  await tap(context, "Now: Progesterone 200 mg", "skipped");
  await tap(context, `Still open: ${trigger}`, "taken");
  await unlock(page);

  // Half a night later nobody knows whether it was done in time: it is asked, and nothing is entered before.
  const question = page.getByRole("region", { name: /^Choriogonadotropin/ });
  await expect(question).toContainText("When was it done?");
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await unlock(page);
  await expect(question.getByRole("button", { name: "Done at 28 March 2027, 07:01" })).toBeVisible();
  await go(page, `#/cycle/${cycle}/plan`);
  const evening = page.locator(".PlanDay", { hasText: "27 March" });
  const shot = evening.locator(".PlanRow", { hasText: "Choriogonadotropin" });
  await expect(evening.locator(".PlanRow", { hasText: "Progesterone" }).first()).toHaveClass(/is-skipped/);
  await expect(shot).not.toHaveClass(/is-late|is-done/);
  await go(page, "#/");
  await question.getByRole("button", { name: "Done at 27 March 2027, 21:30" }).click();
  await expect(question).toHaveCount(0);
  await go(page, `#/cycle/${cycle}/plan`);
  await expect(shot).toHaveClass(/is-done/);

  // It is an entry of its own, with what the plan says of it, and the dose that it was.
  await go(page, `#/cycle/${cycle}`);
  const entries = (name: string) => page.locator("details.Card", { hasText: name });
  await expect(entries("Triggers (1)")).toContainText("Choriogonadotropin");
  await expect(entries("Doses (3)")).toContainText("Choriogonadotropin");
});

test("a journal that has locked itself rings, and says only that something is due", async ({ page, context }) => {
  await context.grantPermissions(["notifications"]);
  await listen(page);
  await page.clock.install({ time: EVENING });
  await begin(page);
  await plan(page);
  await go(page, "#/");
  await expect(row(page, "Follitropin")).toBeVisible();
  // More than the five minutes after which it locks by itself.
  await page.clock.pauseAt(new Date("2027-03-27T20:50:00+01:00"));
  await expect(page.getByText("Locked.")).toBeVisible();
  await page.clock.pauseAt(new Date("2027-03-27T20:56:00+01:00"));
  await rang(page, 1);
  await expect.poll(() => shown(page)).toEqual(["Something in your journal is due"]);
  await page.clock.pauseAt(new Date("2027-03-27T21:01:00+01:00"));
  // The dose, and the warning before the trigger.
  await rang(page, 3);
  await expect.poll(() => shown(page)).toEqual(Array(3).fill("Something in your journal is due"));
  // Quiet hours hold here, too, but for the trigger: on time, and once more.
  await page.clock.pauseAt(new Date("2027-03-27T23:30:00+01:00"));
  await rang(page, 5);
  await page.clock.pauseAt(new Date("2027-03-28T06:59:00+02:00"));
  const before = (await shown(page)).length;
  await page.clock.pauseAt(new Date("2027-03-28T07:01:00+02:00"));
  await rang(page, 6);
  await expect.poll(async () => (await shown(page)).length).toBe(before + 1);
  await unlock(page);
  await expect(page.locator("main")).toContainText("Follitropin");
});

test("a nurse's change keeps the end of what it changes, in the calendar file too", async ({ page }) => {
  await page.clock.install({ time: EVENING });
  await begin(page);
  const cycle = await newCycle(page, { cycle_start: DAY, stimulation_start: DAY });
  await go(page, `#/cycle/${cycle}/plan`);
  await page.getByRole("link", { name: "Add to the plan" }).click();
  await enter(page, { what: "dose", drug: "Follitropin", amount: "150", "amount.x": "IU", "when.b": "stimulation_start", "when.n": "0", "when.x": "21:00", every_days: "2", for_days: "9" });
  await go(page, `#/cycle/${cycle}/amend`);
  await page.getByLabel("From", { exact: true }).fill("2027-03-30");
  await page.locator('select[name^="act."]').selectOption("change");
  await page.locator('input[name^="amount."]').fill("225");
  await page.getByRole("button", { name: "See what it changes" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForURL(/#\/amendment\//);
  await expect(page.locator(".Diff li")).toHaveCount(3);

  expect(await events(page)).toEqual([
    "20270327T210000 Follitropin 150 IU", "20270329T210000 Follitropin 150 IU", "20270331T210000 Follitropin 225 IU",
    "20270402T210000 Follitropin 225 IU", "20270404T210000 Follitropin 225 IU",
  ]);
});

/** The events of the calendar file, by time. */
async function events(page: Page) {
  await go(page, "#/export");
  const card = page.locator("section.Card", { has: page.getByRole("heading", { name: "Calendar" }) });
  const [file] = await Promise.all([page.waitForEvent("download"), card.getByRole("button").click()]);
  const text = await readFile(await file.path(), "utf8");
  return [...text.matchAll(/DTSTART:(\S+)[\s\S]*?SUMMARY:([^\r]+)/g)].map(([, at, what]) => `${at} ${spaced(what)}`).sort();
}

test("a planned trigger stands in the plan, is entered once it is done, and a quiet cycle asks nothing", async ({ page }) => {
  await page.clock.install({ time: EVENING });
  await begin(page);
  const cycle = await newCycle(page, {
    cycle_start: "2027-03-15", stimulation_start: "2027-03-17", planned_trigger: DAY, "planned_trigger.x": "21:10", planned_retrieval: "2027-03-29", "planned_retrieval.x": "09:10",
  });
  for (const item of [{ what: "visit", title: "Last scan", "when.x": "20:15" }, { what: "call", title: "The clinic", "when.x": "20:55" }]) {
    await go(page, `#/cycle/${cycle}/plan`);
    await page.getByRole("link", { name: "Add to the plan" }).click();
    await enter(page, { "when.b": "stimulation_start", "when.n": "10", ...item });
    await page.waitForURL(`**/journal#/cycle/${cycle}/plan`);
  }
  expect(await events(page)).toEqual(["20270327T201000Z Trigger", "20270327T201500 Last scan Appointment", "20270327T205500 The clinic Call", "20270329T071000Z Retrieval"]);

  await go(page, "#/");
  await expect(page.locator(".DayName").first()).toContainText(/Trigger day.*Trigger −\d+\smin/);
  const trigger = page.locator(".PlanRow", { has: page.getByRole("link", { name: "Trigger", exact: true }) }).first();
  await trigger.getByRole("button", { name: "Done" }).click();
  await expect(trigger).toHaveClass(/is-done/);
  // What is entered from the plan took place.
  await row(page, "Last scan").getByRole("link", { name: "Enter" }).click();
  await expect(page.locator('[name="f.state"]')).toHaveValue("done");
  await expect(page.locator('[name="f.at.x"]')).toHaveValue("20:15");
  await enter(page, {});
  await go(page, `#/cycle/${cycle}`);
  await expect(page.locator("details.Card", { hasText: "Triggers (1)" })).toBeVisible();
  await go(page, `#/cycle/${cycle}/plan`);
  await expect(row(page, "Last scan")).toHaveClass(/is-(done|late)/);
  await expect(row(page, "The clinic").getByRole("button", { name: "Done" })).toBeVisible();

  await add(page, cycle, "outcome", { kind: "negative", on: DAY, quiet: "yes" });
  await go(page, `#/cycle/${cycle}/plan`);
  await expect(row(page, "The clinic")).toBeVisible();
  await expect(page.locator(".PlanRow-acts")).toHaveCount(0);
  expect(await events(page)).toEqual([]);
});

test("what is tapped late is asked: it was done when it was to be, or just now", async ({ page }) => {
  await page.clock.install({ time: EVENING });
  await begin(page);
  const cycle = await newCycle(page, { cycle_start: DAY, stimulation_start: DAY });
  const from = { "when.b": "stimulation_start", "when.n": "0" };
  for (const [drug, clock] of [["Follitropin", "19:00"], ["Cetrorelix", "17:30"], ["Progesterone", "20:40"]]) {
    await go(page, `#/cycle/${cycle}/plan`);
    await page.getByRole("link", { name: "Add to the plan" }).click();
    await enter(page, { what: "dose", drug, amount: "1", "amount.x": "mg", ...from, "when.x": clock });
    await page.waitForURL(`**/journal#/cycle/${cycle}/plan`);
  }
  await go(page, "#/");
  await row(page, "Follitropin").getByRole("button", { name: "Taken at 19:00" }).click();
  await expect(row(page, "Follitropin")).toHaveClass(/is-done/);
  await row(page, "Cetrorelix").getByRole("button", { name: "Just now" }).click();
  await expect(row(page, "Cetrorelix")).toHaveClass(/is-late/);
  // In time there is nothing to ask, until the page has stood for long.
  const last = row(page, "Progesterone").getByRole("button");
  await expect(last).toHaveText(["Taken", "Leave out"]);
  await page.clock.setSystemTime(new Date("2027-03-27T21:30:00+01:00"));
  await last.first().click();
  await expect(last).toHaveText(["Taken at 20:40", "Just now", "Leave out"]);
  await last.first().click();
  await expect(row(page, "Progesterone")).toHaveClass(/is-done/);
  await go(page, "#/list/dose");
  for (const at of ["19:00", "20:40"]) await expect(page.locator("main")).toContainText(`27 March 2027, ${at}`);
});
