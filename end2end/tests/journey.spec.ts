import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { apiGet, demoPerson, documentsRead, expect, hydrated, sendForm, signUp, test, uploadFiles, visit } from "../lib/test";
import { unzip } from "../lib/zip.mjs";

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), "../fixtures");
const fixture = (name: string) => path.join(fixtures, name);

test("a new person gets from sign-up to a chart of their own file, and away again", async ({ page, context, server, watch }) => {
  test.setTimeout(300_000);
  const { email, password } = await signUp(page);

  await test.step("upload two files", async () => {
    await uploadFiles(page, [fixture("bundle.json"), fixture("labs.csv")]);
    const documents = await documentsRead(context, server.url, 2);
    expect(documents.map((d: any) => [d.name, d.state]).sort()).toEqual([["bundle.json", "done"], ["labs.csv", "done"]]);
  });

  await test.step("the markers show the latest value with unit and range", async () => {
    await visit(page, "/markers");
    const link = page.locator('a[href="/markers/4548-4"]').first();
    await expect(link).toBeVisible();
    const row = page.locator("li, tr, article").filter({ has: page.locator('a[href="/markers/4548-4"]') }).last();
    await expect(row).toContainText("5.5");
    await expect(row).toContainText("%");
    await link.click();
    await page.waitForURL("**/markers/4548-4");
  });

  await test.step("one marker is a chart with its table", async () => {
    await expect(page.getByRole("heading", { level: 1 })).toContainText(/a1c/i);
    await expect(page.locator("main svg").first()).toBeVisible();
    const table = page.locator("main table").first();
    for (const value of ["6.4", "6.1", "5.8", "5.5"]) await expect(table).toContainText(value);
    await page.reload();
    await hydrated(page);
    await expect(page.locator("main svg").first()).toBeVisible();
  });

  await test.step("the timeline holds results, the condition and the medication", async () => {
    await visit(page, "/timeline");
    await expect(page.locator("main")).toContainText("Prediabetes");
    await expect(page.locator("main")).toContainText("Atorvastatin");
    await visit(page, "/timeline?q=prediabetes");
    await expect(page.locator("main")).toContainText("Prediabetes");
    await expect(page.locator("main")).not.toContainText("Atorvastatin");
  });

  await test.step("the same file again adds nothing", async () => {
    const before = (await apiGet(context, server.url, "records")).total;
    await uploadFiles(page, fixture("bundle.json"));
    await page.waitForURL("**/documents");
    await documentsRead(context, server.url, 2);
    expect((await apiGet(context, server.url, "records")).total).toBe(before);
  });

  await test.step("one import is undone, the other stays", async () => {
    await visit(page, "/documents");
    await page.getByRole("link", { name: "labs.csv" }).first().click();
    await page.waitForURL(/\/documents\/.+/);
    await page.getByRole("link", { name: "Undo this import" }).click();
    await page.waitForURL("**?undo=1");
    await sendForm(page, "undo_import");
    await expect
      .poll(async () => (await apiGet(context, server.url, "documents")).items.map((d: any) => d.name))
      .toEqual(["bundle.json"]);
    await visit(page, "/documents");
    await expect(page.getByRole("link", { name: "labs.csv" })).toHaveCount(0);
    const { items } = await apiGet(context, server.url, "markers");
    const codes = items.map((m: any) => m.loinc);
    expect(codes).toContain("4548-4");
    expect(codes).not.toContain("2276-4");
  });

  await test.step("the export holds the original byte for byte", async () => {
    await visit(page, "/settings");
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: /export|download everything/i }).or(page.getByRole("button", { name: /export|download everything/i })).first().click();
    const bytes = readFileSync(await (await download).path());
    const files = unzip(bytes);
    const names = [...files.keys()];
    expect(names.some((name) => name.endsWith("index.html"))).toBe(true);
    expect(names.some((name) => name.endsWith(".csv"))).toBe(true);
    const original = readFileSync(fixture("bundle.json"));
    expect([...files.values()].some((content) => content.equals(original))).toBe(true);
    const fhir = names.filter((name) => name.endsWith(".json")).map((name) => JSON.parse(files.get(name)!.toString()));
    expect(fhir.some((file) => file.resourceType === "Bundle" && file.entry.length >= 14)).toBe(true);
  });

  await test.step("the account is deleted and signs in no more", async () => {
    watch.allow(/^4\d\d: POST .*\/login|status of 4\d\d/);
    await visit(page, "/settings?delete=1");
    await sendForm(page, "delete_account", { password });
    await page.waitForURL((url) => !url.pathname.startsWith("/settings"));
    await page.goto("/login");
    await hydrated(page);
    await page.locator('input[name="email"]').fill(email);
    await page.locator('input[name="password"]').fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await page.goto("/overview");
    await page.waitForURL("**/login**");
  });
});

test("the demo person comes and goes by one click", async ({ page, context, server }) => {
  await signUp(page);
  await demoPerson(page);
  const { items } = await apiGet(context, server.url, "markers");
  expect(items.length).toBeGreaterThan(20);
  await expect(page.locator("body")).toContainText(/demo/i);
  await visit(page, "/settings");
  await sendForm(page, "remove_demo");
  await expect.poll(async () => (await apiGet(context, server.url, "markers")).items.length).toBe(0);
});

test("one person never sees another's document", async ({ page, context, server, browser }) => {
  await signUp(page);
  await uploadFiles(page, fixture("labs.hl7"));
  const [document] = await documentsRead(context, server.url, 1);

  const other = await browser.newContext({ baseURL: server.url });
  const stranger = await other.newPage();
  await signUp(stranger);
  const foreign = await stranger.goto(`/documents/${document.id}`);
  const missing = await stranger.goto("/documents/00000000-0000-7000-8000-000000000000");
  expect(foreign?.status()).toBe(404);
  expect(missing?.status()).toBe(404);
  await expect(apiGet(other, server.url, `documents/${document.id}/file`)).rejects.toThrow(/404/);
  await other.close();
});
