import path from "node:path";
import { fileURLToPath } from "node:url";
import { PASSWORD, apiGet, axeClean, documentsRead, expect, hydrated, noSideScroll, sendForm, signUp, test, uploadFiles, visit } from "../lib/test";
import type { Page } from "@playwright/test";

const fixture = (name: string) => path.join(path.dirname(fileURLToPath(import.meta.url)), "../fixtures", name);

async function createChild(page: Page, name: string) {
  await page.goto("/settings/profiles");
  await sendForm(page, "create_profile", { name });
  await page.waitForURL("**/settings/profiles");
  await expect(page.getByRole("heading", { level: 2, name, exact: true })).toBeVisible();
}

/** By the switcher in the frame, as somebody without a mouse does it. */
async function switchTo(page: Page, name: string) {
  const switcher = page.locator("details.Switcher");
  await switcher.locator("summary").focus();
  await page.keyboard.press("Enter");
  await switcher.getByRole("button", { name }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/overview?switched=1");
}

const chip = (page: Page) => page.locator(".Top .Chip").first();

for (const script of [true, false]) {
  test.describe(script ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled: script });

    test("a parent keeps a child's records apart from their own", async ({ page, context, server }) => {
      await signUp(page, { script });
      await expect(chip(page)).toContainText("Me");
      await createChild(page, "Mia");
      await switchTo(page, "Mia");
      await expect(page.getByRole("status").filter({ hasText: "You are now in the profile Mia" })).toBeVisible();
      await expect(chip(page)).toContainText("Mia");
      await uploadFiles(page, fixture("bundle.json"), { script });
      const [document] = await documentsRead(context, server.url, 1);
      expect(document.state).toBe("done");
      await page.goto("/markers");
      await expect(page.locator('a[href="/markers/4548-4"]').first()).toBeVisible();

      await switchTo(page, "Me");
      await expect(chip(page)).toContainText("Me");
      for (const route of ["/overview", "/markers", "/timeline", "/documents"]) {
        await page.goto(route);
        if (script) await hydrated(page);
        await expect(page.locator("main")).not.toContainText(/bundle\.json|Prediabetes|A1c/i);
      }
    });

    test("a form of a window that shows another profile is refused", async ({ page, context, watch }) => {
      watch.allow(/409/);
      await signUp(page, { script });
      await createChild(page, "Mia");
      await page.goto("/add?kind=note");
      if (script) await hydrated(page);
      const other = await context.newPage();
      await other.goto("/overview");
      if (script) await hydrated(other);
      await switchTo(other, "Mia");
      // The first window still shows "Me", and writes to nobody.
      await expect(chip(page)).toContainText("Me");
      const form = page.locator('form:has(input[name="_form"][value="paste_text"])').first();
      const folds = page.locator("details:not([open])", { has: form });
      while ((await folds.count()) > 0) await folds.first().locator("summary").first().click();
      await form.locator('[name="text"]').fill("glucose 5.4 mmol/L");
      await form.locator('button[type="submit"]').click();
      await expect(page.getByRole("heading", { level: 1 })).toContainText("You switched profiles in another window");
      await expect(page.locator("body")).not.toContainText("glucose");
      if (script) {
        await hydrated(page);
        await axeClean(page, "the page that says so");
      }
      await page.goto("/documents");
      await expect(page.locator("main")).not.toContainText("pasted");
    });

    test("a profile is deleted with a receipt, the last one cannot be", async ({ page, context, server }) => {
      await signUp(page, { script });
      await page.goto("/settings/profiles");
      await expect(page.locator("main")).toContainText("This is your last profile");
      await createChild(page, "Mia");
      await switchTo(page, "Mia");
      await uploadFiles(page, fixture("bundle.json"), { script });
      await documentsRead(context, server.url, 1);
      await page.goto("/settings/profiles");
      await page.getByRole("link", { name: "Delete profile Mia" }).click();
      await page.waitForURL("**/settings/profiles?delete=*");
      await sendForm(page, "delete_profile", { password: PASSWORD });
      await page.waitForURL("**/receipt?what=profile*");
      await expect(page.getByRole("heading", { level: 1 })).toContainText("The profile was deleted");
      await page.goto("/overview");
      await expect(chip(page)).toContainText("Me");
      const me = await apiGet(context, server.url, "me");
      expect(me.profiles).toHaveLength(1);
    });
  });
}

test("a window that shows another profile reads nothing of the one in use", async ({ page, context, watch }) => {
  watch.allow(/409/);
  await signUp(page);
  await createChild(page, "Mia");
  await visit(page, "/overview");
  const other = await context.newPage();
  await visit(other, "/overview");
  await switchTo(other, "Mia");
  await uploadFiles(other, fixture("bundle.json"));
  await other.waitForURL("**/documents**").catch(() => {});
  await page.getByRole("link", { name: "Markers" }).first().click();
  await expect(page.locator("main")).toContainText("You switched profiles in another window");
  await expect(page.locator("main")).not.toContainText(/A1c/i);
  await page.getByRole("link", { name: "Go to the profile in use" }).click();
  await expect(chip(page)).toContainText("Mia");
});

test("an upload picked in a window of one profile lands there although another is in use", async ({ page, context, server, watch }) => {
  // What the window shows next, the list, is refused: another profile is in use.
  watch.allow(/409/);
  await signUp(page);
  await createChild(page, "Mia");
  await visit(page, "/add");
  const other = await context.newPage();
  await visit(other, "/overview");
  await switchTo(other, "Mia");
  await page.locator('input[type="file"][name="file"]').setInputFiles(fixture("bundle.json"));
  const me = await apiGet(context, server.url, "me");
  const own = me.profiles.find((p: any) => p.relation === "self").id;
  await expect.poll(async () => (await apiGet(context, server.url, `documents?profile=${own}`)).total, { timeout: 30_000 }).toBe(1);
  expect((await apiGet(context, server.url, "documents")).total).toBe(0);
});

for (const width of [360, 1440]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`at ${width} px, ${colorScheme}`, () => {
      test.use({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });

      test("switcher, profiles and tokens are accessible and fit", async ({ page }, info) => {
        await signUp(page);
        await createChild(page, "Maximiliane Alexandra Friederike von und zu Hohenlohe-Waldenburg");
        const picture = (name: string) => page.screenshot({ path: `../target/screens/i-${name}-${width}-${colorScheme}.png`, fullPage: true });
        await hydrated(page);
        await page.locator("details.Switcher summary").click();
        await axeClean(page, "the open switcher");
        await noSideScroll(page, "the open switcher");
        if (process.env.PICTURES) await picture("switcher");
        const remove = await page.getByRole("link", { name: /^Delete profile Max/ }).getAttribute("href");
        for (const route of ["/settings/profiles", remove ?? "", "/overview?switched=1", "/settings/tokens", "/settings"]) {
          await visit(page, route);
          await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
          await axeClean(page, route);
          await noSideScroll(page, route);
          if (process.env.PICTURES) await picture(route.replace(/\W+/g, "-").slice(0, 30));
        }
        await Promise.all([page.waitForResponse((r) => r.request().method() === "POST"), sendForm(page, "switch_profile")]);
        await visit(page, "/settings/tokens");
        await page.getByLabel("Name").fill("Backup at home");
        await page.getByLabel(/Read records/).check();
        await sendForm(page, "create_token");
        await expect(page.getByRole("textbox", { name: "Your new token" })).toHaveValue(/^kw_pat_[a-z2-7]{58}$/);
        await hydrated(page);
        await axeClean(page, "a new token");
        await noSideScroll(page, "a new token");
        if (process.env.PICTURES) await picture("made");
      });
    });
  }
}
