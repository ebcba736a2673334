import { spawnSync } from "node:child_process";
import path from "node:path";
import { staffMember } from "../lib/staff.mjs";
import { ADMIN_PAGES, ROOT, axeClean, expect, noSideScroll, startServer, test as base, visit } from "../lib/test";

// A server of its own: here limits are changed, which the settings of the common one fix.
const test = base.extend<object, { server: Awaited<ReturnType<typeof startServer>> }>({
  server: [
    async ({}, use) => {
      const server = await startServer({ env: { KEEPWELL_LIMITS_UPLOAD: undefined } });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
});

function command(data: string, args: string[]) {
  const binary = process.env.KEEPWELL_BIN ?? path.join(ROOT, "target/debug/keepwell");
  const done = spawnSync(binary, [...args, "--data-dir", data], { encoding: "utf8" });
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
}

test("an administrator runs the instance for a day", async ({ page, server, watch }) => {
  test.slow();
  await staffMember(page, server);

  // Every page: nothing for axe to find, and nothing sticks out.
  for (const where of ADMIN_PAGES) {
    await visit(page, where);
    await axeClean(page, where);
    await noSideScroll(page, where);
  }

  await visit(page, "/admin");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Dashboard");
  await expect(page.getByText("Nothing failed for good")).toBeVisible();
  await expect(page.getByText("none: Keepwell makes no backups yet")).toBeVisible();
  await page.getByRole("link", { name: "7 days" }).click();
  await page.waitForURL(/days=7/);

  // A limit is changed with a reason, and is in force at once.
  await visit(page, "/admin/settings");
  const row = page.locator(".Setting", { hasText: "limits.upload" });
  await row.locator("summary").click();
  await row.getByLabel("Value").fill("1");
  await row.getByLabel("Why").fill("too many files");
  await row.getByRole("button", { name: "Change" }).click();
  await expect(page.locator(".Setting", { hasText: "limits.upload" })).toContainText("otherwise it would be 10");
  await expect(page.getByRole("region", { name: "What was changed" })).toContainText("too many files");
  watch.allow(/429/);
  // By the page itself: the session's cookie is Secure, and nothing but a browser sends it to http://127.0.0.1.
  const upload = () =>
    page.evaluate(async () => {
      const body = new FormData();
      body.append("file", new File([`x${crypto.randomUUID()}`], "a.txt", { type: "text/plain" }));
      return (await fetch("/api/v1/documents", { method: "POST", body })).status;
    });
  expect(await upload()).toBe(202);
  expect(await upload()).toBe(429);

  // An invitation, shown once.
  await page.getByLabel("For whom").fill("Mia");
  await page.getByRole("button", { name: "Make an invitation" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The invitation is made" })).toBeVisible();
  await expect(page.locator("textarea.Secret")).toHaveValue(/\/signup#[\w-]{43}$/);
  await visit(page, "/admin/settings");
  await expect(page.locator("textarea.Secret")).toHaveCount(0);
  await expect(page.getByText("Mia")).toBeVisible();

  // A letter tries the mail, and its fate is said.
  await page.getByRole("button", { name: "Send a test letter" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The letter lies in the outbox folder" })).toBeVisible();
  await axeClean(page, "/admin/settings with a test letter");
  expect(command(server.data, ["outbox", "list"])).toMatch(/test letter|[0-9a-f-]{36}/);

  // The log: filtered, and a range of it checked.
  await visit(page, "/admin/log");
  expect(await page.locator(".LogLines > li").count()).toBeGreaterThan(1);
  await page.getByRole("combobox", { name: "Act", exact: true }).selectOption("instance.changed");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.waitForURL(/action=instance.changed/);
  await expect(page.locator(".LogLines > li")).toHaveCount(1);
  await expect(page.locator(".LogLines > li")).toContainText("Changed a setting of the server");
  await page.getByLabel("First entry").fill("0");
  await page.getByLabel("Last entry").fill("3");
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByText("are all there and unchanged")).toBeVisible();

  // What was taken along holds without the instance.
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download with proofs" }).click()]);
  expect(command(server.data, ["audit", "verify", "--file", await file.path()])).toContain("are in the log");
});
