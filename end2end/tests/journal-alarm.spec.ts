// A server that was tampered with: a piece changed in its database, and an older copy of it put back.
import { cp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { another, go, pair, synchronised, unlock, upToDate, write } from "../lib/journal-sync";
import { axeClean, expect, startServer, test } from "../lib/test";

type Server = Awaited<ReturnType<typeof startServer>>;

/** Ends a server in good order, so that its database is one file, and leaves its data. */
async function end(server: Server) {
  process.kill(server.pid!, "SIGTERM");
  for (let tries = 0; tries < 600; tries += 1) {
    try {
      process.kill(server.pid!, 0);
    } catch {
      return;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("the server did not end");
}

/** Changes one bit of bytes that stand somewhere in the data. */
async function alter(folder: string, needle: Buffer) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    const at = bytes.indexOf(needle);
    if (at < 0) continue;
    bytes[at] ^= 1;
    await writeFile(file, bytes);
    return;
  }
  throw new Error("the piece is not there");
}

/** The last thing that a page pushed: the end of its sealed object. */
function lastPush(page: Page) {
  let last: Buffer | null = null;
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/objects")) last = request.postDataBuffer();
  });
  return () => last!.subarray(-48);
}

const stopped = async (page: Page, code: string, sentence: RegExp) => {
  await expect(page.getByText("Synchronising has stopped.")).toBeVisible({ timeout: 60_000 });
  await page.getByRole("link", { name: "See why" }).click();
  await expect(page.getByRole("heading", { name: "Synchronising has stopped" })).toBeVisible();
  await expect(page.getByText(sentence)).toBeVisible();
  await expect(page.getByText(`The code is ${code}.`)).toBeVisible();
};

test("a changed piece and an older copy are noticed, said plainly, and the journal goes on", async ({ browser }) => {
  test.setTimeout(300_000);
  let server = await startServer();
  const { data, port, url } = server;
  const old = `${data}-old`;
  try {
    const { context, page, who } = await synchronised(browser, url);
    const b = await another(browser, url, who);
    await pair(page, b.page, "Second");
    await b.context.setOffline(true);
    await expect(b.page.locator(".SyncLine")).toHaveText("Offline");
    await upToDate(page);

    // An object is altered while the second device is away.
    const pushed = lastPush(page);
    await write(page, "clinic", { name: "Heimklinik" });
    await upToDate(page);
    await end(server);
    await cp(data, old, { recursive: true });
    await alter(data, pushed());
    server = await startServer({ data, port });
    await b.context.setOffline(false);
    await stopped(b.page, "altered", /was changed on the server/);
    await axeClean(b.page, "the alarm");
    // Nothing of it was taken over, and one can go on writing; a reload asks nothing by itself.
    await go(b.page, "#/list/clinic");
    await expect(b.page.locator(".Lines .Line-link")).toHaveCount(0);
    await write(b.page, "clinic", { name: "Eigenklinik" });
    const asked: string[] = [];
    b.context.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await b.page.reload();
    await unlock(b.page);
    await expect(b.page.getByText("Synchronising has stopped.")).toBeVisible();
    expect(asked.filter((p) => p.startsWith("/api"))).toEqual([]);
    // Looking again finds the same for as long as it is so.
    await go(b.page, "#/sync");
    const seen = b.page.waitForResponse((r) => r.url().includes("/api/v1/journal/"));
    await b.page.getByRole("button", { name: "Look again" }).click();
    // Not what stood there before: only once it has looked may the server go.
    await seen;
    await expect(b.page.getByText("The code is altered.")).toBeVisible({ timeout: 60_000 });

    // What was altered is put right: looking again goes on with everything.
    await end(server);
    await rm(data, { recursive: true });
    await cp(old, data, { recursive: true });
    server = await startServer({ data, port });
    await b.page.getByRole("button", { name: "Look again" }).click();
    await upToDate(b.page);
    await go(b.page, "#/list/clinic");
    await expect(b.page.locator(".Lines .Line-link")).toHaveCount(2);
    await expect(page.locator(".SyncLine")).toHaveText("Up to date", { timeout: 90_000 });
    await go(page, "#/list/clinic");
    await expect(page.locator(".Lines .Line-link")).toHaveCount(2, { timeout: 60_000 });

    // An older copy of the whole server.
    await write(page, "clinic", { name: "Spätklinik" });
    await upToDate(page);
    await expect(async () => {
      await go(b.page, "#/list/clinic");
      await expect(b.page.locator(".Lines .Line-link")).toHaveCount(3, { timeout: 2_000 });
    }).toPass({ timeout: 60_000 });
    await end(server);
    await rm(data, { recursive: true });
    await cp(old, data, { recursive: true });
    server = await startServer({ data, port });
    await page.bringToFront();
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await stopped(page, "rolled_back", /older state/);
    await b.context.close();
    await context.close();
  } finally {
    await server.stop();
    await rm(old, { recursive: true, force: true });
  }
});
