// Bringing files in a real browser: dropped, picked, cut off, refused.
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "@playwright/test";
import { FERRITIN, apiGet, bundleFile, documentsRead, expect, exchange, hydrated, signUp, startServer, test, texts, visit } from "../lib/test";

const fixture = (name: string) => path.join(path.dirname(fileURLToPath(import.meta.url)), "../fixtures", name);
const MB = 1_000_000;
const rows = (page: Page) => page.locator(".Upload");
const pick = (page: Page, files: Parameters<ReturnType<Page["locator"]>["setInputFiles"]>[0]) =>
  page.locator('input[type="file"][name="file"]').setInputFiles(files);
/** What a file that must not be read as anything looks like. */
const bytes = (size: number) => ({ name: "scan.bin", mimeType: "application/octet-stream", buffer: randomBytes(size) });
const sha = (content: Buffer) => createHash("sha256").update(content).digest("hex");

async function original(context: BrowserContext, url: string, id: string) {
  const cookie = (await context.cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
  return (await exchange(`${url}/api/v1/documents/${id}/file`, { headers: { cookie } })).body;
}

/** Lets one piece through and holds the rest until the word, so that there is a middle to do something in. */
async function held(page: Page) {
  let go = () => {};
  const word = new Promise<void>((done) => (go = done));
  let pieces = 0;
  await page.route("**/api/v1/uploads/*", async (route) => {
    if (route.request().method() === "PATCH" && (pieces += 1) > 1) await word;
    // The page may have given it up meanwhile.
    await route.continue().catch(() => {});
  });
  return go;
}

const someArrived = (page: Page) =>
  expect.poll(() => rows(page).locator("progress").first().evaluate((p) => (p as HTMLProgressElement).value)).toBeGreaterThan(0);

test.describe("bringing files", () => {
  let folder: string;
  test.beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "keepwell-drop-"));
    await mkdir(path.join(folder, "year/deeper"), { recursive: true });
    await writeFile(path.join(folder, "year/a.json"), bundleFile(FERRITIN, [{ when: "2021-01-02", value: 11 }]).buffer);
    await writeFile(path.join(folder, "year/deeper/b.json"), bundleFile(FERRITIN, [{ when: "2022-01-02", value: 22 }]).buffer);
    await writeFile(path.join(folder, "year/.DS_Store"), "clutter");
  });
  test.afterAll(async () => rm(folder, { recursive: true, force: true }));

  test("several files and a folder are dropped at once, and are read while one looks on", async ({ page, context, server }) => {
    await signUp(page);
    await visit(page, "/documents");
    const box = (await page.locator(".Drop").boundingBox())!;
    const cdp = await context.newCDPSession(page);
    const data = { items: [], files: [fixture("labs.hl7"), fixture("labs.csv"), path.join(folder, "year")], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const) {
      await cdp.send("Input.dispatchDragEvent", { type, x: box.x + box.width / 2, y: box.y + box.height - 8, data });
    }
    await expect(rows(page)).toHaveCount(4);
    const names = await texts(page.locator(".Upload-name"), 4);
    expect(names.sort()).toEqual(["a.json", "b.json", "labs.csv", "labs.hl7"]);
    await expect(page.locator(".Upload-state")).toHaveText(["Arrived", "Arrived", "Arrived", "Arrived"]);
    await expect(page.getByRole("status").filter({ hasText: "4 of 4 arrived" })).toHaveCount(1);
    await documentsRead(context, server.url, 4);
    // Without a reload: the server's events change the rows.
    await expect(page.locator(".Doc .State.is-done")).toHaveCount(4);
    await page.locator(".Upload").filter({ hasText: "a.json" }).getByRole("link", { name: "Open" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("a.json");
  });

  test("a folder is picked without what systems leave in it", async ({ page, context, server }) => {
    await signUp(page);
    await visit(page, "/add");
    await page.locator("input[webkitdirectory]").setInputFiles(path.join(folder, "year"));
    await page.waitForURL("**/documents");
    expect((await documentsRead(context, server.url, 2)).map(({ name }: { name: string }) => name).sort()).toEqual(["a.json", "b.json"]);
  });

  test("the same file twice is said to be here already", async ({ page }) => {
    await signUp(page);
    await visit(page, "/documents");
    await pick(page, fixture("labs.csv"));
    await expect(page.locator(".Upload-state")).toHaveText(["Arrived"]);
    await pick(page, fixture("labs.csv"));
    await expect(page.locator(".Upload-state")).toHaveText(["Arrived", "This file was here already"]);
    await expect(page.locator(".Doc-link")).toHaveCount(1);
  });

  test("a file that cannot be read says why and is kept", async ({ page }) => {
    await signUp(page);
    await visit(page, "/documents");
    await pick(page, { name: "half.json", mimeType: "application/json", buffer: Buffer.from('{"resourceType":"Bundle","entry":[') });
    const row = page.locator(".Doc").filter({ hasText: "half.json" });
    await expect(row.locator(".State")).not.toHaveText(/Reading|Waiting/);
    await expect(row.locator(".State-reason")).toContainText(/\w+ \w+/);
    await row.getByRole("link").click();
    await expect(page.getByRole("link", { name: "Download" })).toBeVisible();
  });
});

test("an upload is cancelled in the middle of a piece, and the next file goes on", async ({ page, context, server }) => {
  await signUp(page);
  await visit(page, "/documents");
  const go = await held(page);
  await pick(page, [bytes(12 * MB), bundleFile(FERRITIN, [{ when: "2021-01-02", value: 11 }], "next.json")]);
  await expect(page.locator(".Upload-state").first()).toContainText("/ 12");
  const gone = page.waitForResponse((r) => r.request().method() === "DELETE");
  await rows(page).first().getByRole("button", { name: /^Cancel/ }).click();
  expect((await gone).status()).toBe(204);
  go();
  await expect(page.locator(".Upload-state")).toHaveText(["Cancelled", "Arrived"]);
  const documents = await documentsRead(context, server.url, 1);
  expect(documents.map(({ name }: { name: string }) => name)).toEqual(["next.json"]);
});

test("an upload goes on after the connection broke in the middle, byte for byte", async ({ page, context, server, watch }) => {
  watch.allow(/ERR_INTERNET_DISCONNECTED|ERR_NETWORK/);
  await signUp(page);
  await visit(page, "/documents");
  const go = await held(page);
  const file = bytes(20 * MB);
  await pick(page, file);
  await someArrived(page);
  await context.setOffline(true);
  go();
  await expect(page.locator(".Upload-state")).toHaveText("The connection broke. Trying again.");
  await context.setOffline(false);
  await page.getByRole("button", { name: /^Try now/ }).click({ timeout: 2000 }).catch(() => {});
  await expect(page.locator(".Upload-state")).toHaveText("Arrived", { timeout: 60_000 });
  const [document] = await documentsRead(context, server.url, 1);
  expect(sha(await original(context, server.url, document.id))).toBe(sha(file.buffer));
});

test("leaving for another page loses nothing: the upload goes on, is in sight again and arrives whole", async ({ page, context, server }) => {
  await signUp(page);
  await visit(page, "/add");
  const go = await held(page);
  const file = bytes(20 * MB);
  await pick(page, file);
  await someArrived(page);
  await page.getByRole("link", { name: "Timeline" }).click();
  await page.waitForURL("**/timeline");
  await page.getByRole("link", { name: "More", exact: true }).click();
  await page.waitForURL("**/settings");
  await page.getByRole("link", { name: "Documents", exact: true }).click();
  await expect(page.locator(".Upload-state")).toHaveText(/\/ 20/);
  go();
  await expect(page.locator(".Upload-state")).toHaveText("Arrived", { timeout: 60_000 });
  const [document] = await documentsRead(context, server.url, 1);
  expect(sha(await original(context, server.url, document.id))).toBe(sha(file.buffer));
});

test("after a reload the page tells of the rest, and the same file goes on where it stopped", async ({ page, context, server }) => {
  await signUp(page);
  await visit(page, "/add");
  const go = await held(page);
  const folder = await mkdtemp(path.join(os.tmpdir(), "keepwell-reload-"));
  const file = path.join(folder, "scan.bin");
  const content = randomBytes(20 * MB);
  await writeFile(file, content);
  await pick(page, file);
  await someArrived(page);
  await page.reload();
  go();
  await hydrated(page);
  await expect(page.locator(".Notice")).toContainText(/cut off after .* of 20/);
  const offsets: number[] = [];
  page.on("request", (r) => {
    const offset = r.headers()["upload-offset"];
    if (offset) offsets.push(Number(offset));
  });
  await visit(page, "/add");
  await pick(page, file);
  await page.waitForURL("**/documents", { timeout: 60_000 });
  expect(offsets[0]).toBeGreaterThan(0);
  const [document] = await documentsRead(context, server.url, 1);
  expect(sha(await original(context, server.url, document.id))).toBe(sha(content));
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("upload:")))).toEqual([]);
  await rm(folder, { recursive: true, force: true });
});

test("what was cut off can be discarded, and another file of the same size is not joined to it", async ({ page, context, server }) => {
  await signUp(page);
  await visit(page, "/add");
  const go = await held(page);
  const one = bytes(12 * MB);
  await pick(page, one);
  await someArrived(page);
  await page.reload();
  go();
  await visit(page, "/documents");
  const two = { ...bytes(12 * MB), name: one.name };
  await expect(page.locator(".Notice")).toBeVisible();
  await pick(page, two);
  await expect(page.locator(".Upload-state")).toHaveText("Arrived", { timeout: 60_000 });
  const [document] = await documentsRead(context, server.url, 1);
  expect(sha(await original(context, server.url, document.id))).toBe(sha(two.buffer));
  await visit(page, "/documents");
  const gone = page.waitForResponse((r) => r.request().method() === "DELETE");
  await page.getByRole("button", { name: "Discard what arrived" }).click();
  expect((await gone).status()).toBe(204);
  await expect(page.locator(".Notice")).toHaveCount(0);
});

test("a file of 200 MB arrives with its bar moving", async ({ page, context, server }) => {
  test.slow();
  const folder = await mkdtemp(path.join(os.tmpdir(), "keepwell-big-"));
  const file = path.join(folder, "big.bin");
  const hash = createHash("sha256");
  const handle = await open(file, "w");
  for (let i = 0; i < 200; i += 1) {
    const part = randomBytes(MB);
    hash.update(part);
    await handle.write(part);
  }
  await handle.close();
  await signUp(page);
  await visit(page, "/documents");
  await page.evaluate(() => {
    const seen = ((globalThis as any).seen = new Set<number>());
    const note = (all: MutationRecord[]) => all.forEach(({ target }) => target instanceof HTMLProgressElement && seen.add(target.value));
    new MutationObserver(note).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["value"] });
  });
  await pick(page, file);
  await expect(page.locator(".Upload-state")).toHaveText("Arrived", { timeout: 90_000 });
  expect(await page.evaluate(() => (globalThis as any).seen.size)).toBeGreaterThan(3);
  const [document] = await documentsRead(context, server.url, 1, 90_000);
  expect(document.size).toBe(200 * MB);
  expect(sha(await original(context, server.url, document.id))).toBe(hash.digest("hex"));
  await rm(folder, { recursive: true, force: true });
});

test("full, too large, signed out and too often are each said plainly, and trying again works", async ({ page, watch }) => {
  watch.allow(/507|413|429|401/);
  await signUp(page);
  await visit(page, "/documents");
  const answer = (status: number) =>
    page.route("**/api/v1/uploads/*/finish", (route) => route.fulfill({ status, contentType: "application/problem+json", body: '{"detail":"x"}' }));
  const small = bundleFile(FERRITIN, [{ when: "2021-01-02", value: 11 }]);
  await answer(507);
  await pick(page, small);
  const state = page.locator(".Upload-state").first();
  await expect(state).toHaveText(/^The disk of this Keepwell is full\. Nothing that was here is lost\./);
  await page.unrouteAll({ behavior: "wait" });
  await answer(413);
  await page.getByRole("button", { name: /^Try again/ }).click();
  await expect(state).toHaveText("This file is larger than this Keepwell takes.");
  await page.unrouteAll({ behavior: "wait" });
  await answer(401);
  await page.getByRole("button", { name: /^Try again/ }).click();
  await expect(state).toHaveText(/^You were signed out\./);
  await page.unrouteAll({ behavior: "wait" });
  // So many files a minute: nothing is wrong, it waits as long as it is told to.
  await page.route("**/api/v1/uploads/*/finish", (route) => route.fulfill({ status: 429, headers: { "retry-after": "2" } }), { times: 1 });
  await page.getByRole("button", { name: /^Try again/ }).click();
  await expect(state).toHaveText("Waiting");
  await expect(state).toHaveText("Arrived");
});

test.describe("a server of one's own", () => {
  const context = async (browser: import("@playwright/test").Browser, url: string) => {
    const own = await browser.newContext({ baseURL: url, locale: "en-GB" });
    return { own, page: await own.newPage() };
  };

  test("a server that is killed and comes back gets the rest, in both languages a limit is told", async ({ browser }) => {
    test.slow();
    let server = await startServer({ env: { KEEPWELL_UPLOADS_MAX_BYTES: String(30 << 20) } });
    const { own, page } = await context(browser, server.url);
    await signUp(page);
    await visit(page, "/documents");
    const go = await held(page);
    const file = bytes(20 * MB);
    await pick(page, file);
    await someArrived(page);
    await server.kill();
    go();
    await expect(page.locator(".Upload-state")).toHaveText("The connection broke. Trying again.");
    server = await startServer({ data: server.data, port: server.port, env: { KEEPWELL_UPLOADS_MAX_BYTES: String(30 << 20) } });
    await expect(page.locator(".Upload-state")).toHaveText("Arrived", { timeout: 40_000 });
    const [document] = await documentsRead(own, server.url, 1);
    expect(sha(await original(own, server.url, document.id))).toBe(sha(file.buffer));

    await pick(page, bytes(40 * MB));
    await expect(page.locator(".Upload-state").nth(1)).toHaveText("This file is larger than the 30.0 MiB that this Keepwell takes.");
    await own.close();
    await server.stop();
  });
});
