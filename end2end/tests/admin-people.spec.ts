import type { Page } from "@playwright/test";
import { staffMember } from "../lib/staff.mjs";
import { axeClean, expect, noSideScroll, sendForm, signUp, test, visit } from "../lib/test";

const WHY = "She asked us to look for a lost result";

/** A second person in a browser of their own. */
async function another(page: Page) {
  const context = await page.context().browser()!.newContext({ baseURL: new URL(page.url()).origin });
  return context.newPage();
}

async function find(admin: Page, email: string) {
  await admin.goto("/admin/people");
  await admin.getByLabel("E-mail address or id").fill(email);
  await admin.getByRole("button", { name: "Find" }).click();
  await admin.waitForURL("**/admin/people/*");
}

async function act(admin: Page, name: string) {
  await admin.locator("summary", { hasText: name }).click();
  const form = admin.locator("details[open]", { hasText: name });
  await form.getByLabel("Reason").fill(WHY);
  await form.getByRole("button", { name, exact: true }).click();
  // What is said of an act before it stands there meanwhile: once done, it is offered no more.
  await expect(admin.locator("summary", { hasText: name })).toHaveCount(0);
  await expect(admin.getByRole("status").filter({ hasText: "The person was told" })).toBeVisible();
}

async function addNote(person: Page, name: string) {
  await visit(person, "/add?kind=note");
  await sendForm(person, "add_record", { name, note: `about ${name}`, date: "2024-01-01" });
  await person.waitForURL("**/records/*");
}

test("a person is found, suspended and let in again, and reads why", async ({ page, server, watch }) => {
  test.slow();
  watch.allow(/422/);
  await page.goto("/");
  const person = await another(page);
  const { email, password } = await signUp(person);
  await staffMember(page, server);

  await page.goto("/admin/people");
  await page.getByLabel("E-mail address or id").fill("nobody@example.org");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.getByText("There is no account with exactly this address")).toBeVisible();
  await find(page, email);
  await expect(page.locator("main")).toContainText("…@example.org");
  await expect(page.locator("main")).not.toContainText(email);

  await act(page, "Suspend");
  await person.goto("/overview");
  await person.waitForURL("**/login**");
  const signIn = async () => {
    await person.goto("/login");
    await person.locator('input[name="email"]').fill(email);
    await person.locator('input[name="password"]').fill(password);
    await person.getByRole("button", { name: "Sign in", exact: true }).click();
  };
  await signIn();
  await expect(person.getByText("This account was suspended")).toBeVisible();

  await act(page, "Lift the suspension");
  await signIn();
  await person.waitForURL("**/overview");
  await expect(person.locator(".News")).toContainText(WHY);
  await axeClean(person, "news above a page");
  const news = person.locator(".News .News-item");
  for (let left = await news.count(); left > 0; left -= 1) {
    await news.getByRole("button", { name: /^Put away/ }).first().click();
    await expect(news).toHaveCount(left - 1);
  }
  await expect(person.locator(".News")).toHaveCount(0);
  await person.goto("/settings/notices");
  await expect(person.locator("main")).toContainText(WHY);
  await person.context().close();
});

test("a grant is watched live by its person and ended by them", async ({ page, server, watch }) => {
  test.slow();
  watch.allow(/404/);
  await page.goto("/");
  const person = await another(page);
  const { email } = await signUp(person);
  await addNote(person, "Marmalade diary");
  await staffMember(page, server);
  await find(page, email);
  const form = page.locator('form:has(input[value="ask_for_sight"])');
  await form.locator("label", { hasText: "Notes" }).click();
  await form.getByLabel("Minutes").fill("10");
  await form.getByLabel("Reason").fill(WHY);
  await form.getByRole("button", { name: "Ask" }).click();
  await page.waitForURL("**/admin/grants/*");
  await expect(page.locator(".Countdown")).toContainText(/[0-9]:[0-5][0-9] left/);

  // Where no stream of events gets through, the page asks by itself.
  await person.route("**/events", (route) => route.abort());
  await person.goto("/overview");
  await person.getByRole("link", { name: "Watch it, or end it" }).click();
  await person.waitForURL("**/settings/grants/*");
  await expect(person.locator("main")).toContainText("Nothing was seen so far.");
  await page.getByRole("link", { name: "Notes", exact: true }).click();
  await expect(page.locator("main")).toContainText("Marmalade diary");
  await expect(person.locator("main .Item")).toHaveCount(1, { timeout: 15_000 });

  // With the stream nothing is asked until something was seen, and then it is there without a reload.
  await person.unroute("**/events");
  const stream = person.waitForResponse((r) => r.url().endsWith("/events"));
  await person.reload();
  expect((await stream).headers()["content-type"]).toContain("text/event-stream");
  await expect(person.locator("main .Item")).toHaveCount(1);
  let asked = 0;
  person.on("request", (r) => (asked += Number(r.url().endsWith("/fn/watch_sight"))));
  await person.waitForTimeout(4_000);
  expect(asked).toBe(0);
  await page.getByRole("link", { name: "Marmalade diary" }).click();
  await expect(page.locator("main")).toContainText("about Marmalade diary");
  await expect(person.locator("main .Item")).toHaveCount(2);
  expect(asked).toBe(1);
  for (const [who, where] of [[page, "a grant, for the admin"], [person, "a grant, for its person"]] as const) {
    await axeClean(who, where);
    await noSideScroll(who, where);
  }
  await person.getByRole("button", { name: "End it now" }).click();
  await expect(person.locator("main")).toContainText("Ended by the person");
  await page.reload();
  await expect(page.locator("main")).not.toContainText("Marmalade diary");
  await expect(page.locator("main")).toContainText("This sight shows nothing any more.");
  await person.context().close();
});

test("the administration reads well, small and large, and is nothing to others", async ({ page, server, watch }) => {
  test.slow();
  watch.allow(/404/);
  await page.goto("/");
  const person = await another(page);
  const { email } = await signUp(person);
  const missing = await person.goto("/admin/people");
  expect(missing!.status()).toBe(404);
  await expect(person.locator("main")).not.toContainText("People");
  await staffMember(page, server);
  await find(page, email);
  const pages = ["/admin", "/admin/people", new URL(page.url()).pathname, "/admin/grants"];
  for (const width of [360, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    for (const where of pages) {
      await page.goto(where);
      await axeClean(page, `${where} at ${width}`);
      await noSideScroll(page, `${where} at ${width}`);
    }
  }
  await person.context().close();
});
