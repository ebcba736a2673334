import type { Page } from "@playwright/test";
import { staffMember } from "../lib/staff.mjs";
import { axeClean, expect, flip, forgeAnswer, forgetTruth, test, visit } from "../lib/test";

const LOG = "/admin/log";
const proof = (page: Page) => page.getByRole("region", { name: "Whether this list can be trusted" });

test("the browser of an administrator proves each page of the log and remembers its head", async ({ page, server }) => {
  await staffMember(page, server);
  await visit(page, LOG);
  await expect(proof(page)).toContainText(/all entries shown here \(\d+\) are proven to stand in the signed log/);
  await expect(proof(page)).toContainText("Your browser now remembers this log");
  await axeClean(page, LOG);
  await visit(page, `${LOG}?action=session.started`);
  await expect(proof(page)).toContainText("The log has only grown since you last looked");
  // One's own log is the same one.
  await visit(page, "/settings/access-log");
  await expect(proof(page)).toContainText("The log has only grown since you last looked");
});

test("a forged answer about the log is an alarm", async ({ page, server }) => {
  await staffMember(page, server);
  await visit(page, LOG);
  await expect(proof(page)).toContainText("are proven to stand");
  const forged = (change: (body: any) => void, said: string) => forgeAnswer(page, LOG, "**/api/v1/admin/log?*", change, said);
  await forged((body) => (body.items[0].proof = flip(body.items[0].proof)), "is not proven to stand in the log");
  await forged((body) => (body.items[1].leaf = body.items[0].leaf), "is not the one that stands in the log");
  await forged((body) => (body.items[0].position += 1), "is not the one that stands in the log");
  await forged((body) => body.items.pop(), "is not the one that stands in the log");
  await forged((body) => (body.checkpoint = body.checkpoint.replace(/\n\d+\n/, "\n999999\n")), "signature is wrong");
  await forged((body) => (body.key = body.key.replace("keepwell", "keepwall")), "another log");

  // The server shows a history that is not the one this browser saw.
  await forgetTruth(page, LOG);
  await axeClean(page, `${LOG} with an alarm`);
});
