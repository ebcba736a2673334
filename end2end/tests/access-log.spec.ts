import path from "node:path";
import { fileURLToPath } from "node:url";
import { axeClean, documentsRead, expect, flip, forgeAnswer, forgetTruth, signUp, test, uploadFiles, visit } from "../lib/test";

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), "../fixtures");
const LOG = "/settings/access-log";
const proof = (page: import("@playwright/test").Page) => page.getByRole("region", { name: "Whether this list can be trusted" });

test("a person reads who did what, filters it, and the browser proves it", async ({ page, context, server }) => {
  await signUp(page);
  await uploadFiles(page, path.join(fixtures, "bundle.json"));
  await documentsRead(context, server.url, 1);
  await visit(page, "/markers");
  await visit(page, "/settings");
  await page.getByRole("link", { name: "Show the access log" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Access log");
  const list = page.locator("main .Items");
  await expect(list).toContainText("Looked at the list of markers");
  await expect(list).toContainText("Brought a file");
  await expect(list).toContainText("Created the account");
  await expect(list).toContainText("the server, for you");
  await expect(list).toContainText(/you · Chrome · Linux · 127\.0\.0\.1/);
  await expect(proof(page)).toContainText(/all entries shown here \(\d+\) are proven to stand in the signed log/);
  await expect(proof(page)).toContainText("Your browser now remembers this log");
  await axeClean(page, LOG);

  // Nothing has to be touched for the check to run; and it remembers.
  await page.goto(LOG);
  await expect(proof(page)).toContainText("The log has only grown since you last looked");

  await page.getByLabel("What").selectOption({ label: "Adding and changing" });
  await page.getByRole("button", { name: "Show" }).click();
  await page.waitForURL(/kind=change/);
  await expect(list).toContainText("Brought a file");
  await expect(list).not.toContainText("Looked at the list of markers");
  await expect(proof(page)).toContainText("are proven to stand");
  await page.getByLabel("By whom").selectOption({ label: "an administrator" });
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByText("0 entries")).toBeVisible();
});

test("a changed proof, entry or history raises the alarm", async ({ page }) => {
  await signUp(page);
  await visit(page, "/markers");
  await visit(page, LOG);
  await expect(proof(page)).toContainText("are proven to stand");

  const tamper = (change: (body: any) => void, said: string) => forgeAnswer(page, LOG, "**/api/v1/audit?*", change, said, () => axeClean(page, `${LOG} with an alarm`));
  await tamper((body) => (body.items[0].proof = flip(body.items[0].proof)), "is not proven to stand in the log");
  await tamper((body) => (body.items[1].leaf = body.items[0].leaf), "is not the one that stands in the log");
  await tamper((body) => (body.checkpoint = body.checkpoint.replace(/\n\d+\n/, "\n999999\n")), "signature is wrong");
  await tamper((body) => (body.key = body.key.replace("keepwell", "keepwall")), "another log");

  // Another history than the one that this browser saw.
  await forgetTruth(page, LOG);
  await page.getByRole("button", { name: "I know why" }).click();
  await expect(proof(page)).toContainText("Your browser now remembers this log");
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });
  test("the log reads and filters all the same", async ({ page }) => {
    await signUp(page, { script: false });
    await page.goto("/markers");
    await page.goto(`${LOG}?kind=view`);
    await expect(page.locator("main .Items")).toContainText("Looked at the list of markers");
    await expect(page.locator("main .Items")).not.toContainText("Signed in");
  });
});
