import path from "node:path";
import { fileURLToPath } from "node:url";
import { documentsRead } from "./server.mjs";

// How Debian's Chromium is started. Playwright's own downloads are never used.
export const launchOptions = {
  executablePath: process.env.KEEPWELL_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
};

/** The zone of the browsers. */
export const ZONE = "Europe/Berlin";

export const PASSWORD = "brisk otters fold nine maps";
/** How long the program of a page may take to be fetched and compiled, unpacked and as big as builds for tests are. */
const ALIVE = 60_000;
let people = 0;
export const newEmail = () => `person-${process.pid}-${Date.now()}-${(people += 1)}@example.org`;

/** Waits until the page can be read and the program's entry is there. Nothing has touched the page yet. */
export const shown = (page) =>
  page.waitForFunction(() => document.documentElement.dataset.script !== undefined, null, { timeout: ALIVE });

export const TRUST_PAGES = ["/security", "/privacy", "/terms", "/disclosure"];
export const PUBLIC_PAGES = ["/", "/about", "/signup", "/login", "/forgot", "/reset", "/verify", "/confirm", "/stop", "/sent", ...TRUST_PAGES];

/** A page comes alive when it is first touched; the app marks the document once its WASM has taken over. */
export async function hydrated(page) {
  // The pages about trust bring no script.
  if (TRUST_PAGES.includes(new URL(page.url()).pathname)) return;
  await page.waitForFunction(
    () => {
      dispatchEvent(new Event("keydown"));
      return document.documentElement.dataset.hydrated === "true";
    },
    null,
    { timeout: ALIVE },
  );
}

export async function visit(page, route) {
  const answer = await page.goto(route);
  if (!answer || answer.status() >= 400) throw new Error(`${route} answered ${answer?.status()}`);
  await hydrated(page);
}

/** Signs a new person up by the form and ends on the overview. */
export async function signUp(page, { email = newEmail(), password = PASSWORD, script = true } = {}) {
  await page.goto("/signup");
  if (script) await hydrated(page);
  await page.locator('input[name="email"]').fill(email);
  await page.locator('input[name="password"]').fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/overview");
  if (script) await hydrated(page);
  return { email, password };
}

/**
 * Sends the form of one server function, wherever it stands on the page, opening what it is folded into.
 * Works without script too.
 */
export async function sendForm(page, name, fields = {}) {
  const form = page.locator(`form:has(input[name="_form"][value="${name}"])`).first();
  const folds = page.locator("details:not([open])", { has: form });
  while ((await folds.count()) > 0) await folds.first().locator("summary").first().click();
  for (const [field, value] of Object.entries(fields)) {
    const control = form.locator(`[name="${field}"]`);
    if ((await control.getAttribute("type")) === "checkbox") await control.check();
    else await control.fill(value);
  }
  await form.locator('button[type="submit"], button:not([type])').first().click();
}

/** Brings files by the page /add: picking them is enough where there is script, else the form is sent. */
export async function uploadFiles(page, files, { script = true } = {}) {
  await page.goto("/add");
  if (script) await hydrated(page);
  await page.locator('input[type="file"][name="file"]').setInputFiles(files);
  if (!script) await page.getByRole("button", { name: "Upload", exact: true }).click();
}

/** Chooses the language of the account by the page Settings. */
export async function speak(page, lang) {
  await visit(page, "/settings");
  const form = page.locator('form:has(input[name="_form"][value="choose_lang"])').first();
  await form.locator(`label:has(input[value="${lang}"])`).click();
  await form.locator('button[type="submit"]').click();
  await page.waitForFunction((want) => document.documentElement.lang === want, lang);
}

/** Fills an empty account with the demo person. */
export async function demoPerson(page) {
  await visit(page, "/overview");
  await sendForm(page, "add_demo");
  // The overview comes back after some seconds, whatever is read by then.
  await documentsRead(page.context(), new URL(page.url()).origin, 1, 90_000);
  await visit(page, "/overview");
  await page.locator('a[href^="/markers/"]').first().waitFor();
}

/** The signed-in pages, with a marker and a document of this person where there are some. */
export async function pagesOf(page) {
  const first = async (list, prefix) => {
    await page.goto(list);
    const hrefs = await page.locator(`a[href^="${prefix}"]`).evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    return hrefs.filter((href) => href && !href.slice(prefix.length).includes("/") && href.length > prefix.length).slice(0, 1);
  };
  const marker = await first("/markers", "/markers/");
  const document = await first("/documents", "/documents/");
  // A conversation with an answer in it.
  await page.goto("/ask");
  const suggestion = page.locator(".Suggestion").first();
  if ((await page.locator("a.Talk").count()) === 0 && (await suggestion.count()) > 0) {
    await suggestion.click();
    await page.waitForURL(/\/ask\/.+/);
  }
  const talk = await first("/ask", "/ask/");
  return ["/overview", "/markers", ...marker, "/timeline", "/documents", ...document, "/ask", ...talk, "/add", "/settings", "/settings/account", "/settings/factors", "/prove?next=/settings", "/settings/sessions", "/settings/access-log", "/settings/profiles", "/settings/tokens", "/settings/ask", "/settings/notices", "/settings/grants"];
}

/** The pages of an administrator. */
export const ADMIN_PAGES = ["/admin", "/admin?days=365", "/admin/log", "/admin/reports", "/admin/settings"];

/** Brings a table whose rows wait for a word, and returns the address of its review. */
export async function tableInDoubt(page) {
  await uploadFiles(page, path.join(path.dirname(fileURLToPath(import.meta.url)), "../fixtures/unsure.csv"));
  await page.waitForURL("**/documents");
  const link = page.locator("main a[href^='/documents/']", { hasText: "unsure.csv" }).first();
  for (let tries = 0; tries < 100; tries += 1) {
    await page.waitForTimeout(300);
    await page.goto("/documents");
    if ((await link.count()) === 0) continue;
    const review = `${(await link.getAttribute("href")).split("?")[0]}?review=1`;
    await page.goto(review);
    if ((await page.locator(".ReviewRow").count()) > 0) return review;
  }
  throw new Error("the table in doubt was not read");
}
