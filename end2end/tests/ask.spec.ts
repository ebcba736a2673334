import path from "node:path";
import { fileURLToPath } from "node:url";
import { apiGet, documentsRead, expect, hydrated, sendForm, signUp, test, uploadFiles, visit } from "../lib/test";

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), "../fixtures");
const bundle = path.join(fixtures, "bundle.json");

const ask = async (page: any, question: string) => {
  await page.getByRole("textbox", { name: "Your question" }).fill(question);
  await page.keyboard.press("Enter");
};
const exchanges = (page: any) => page.locator(".Exchange:not(.is-live)");

test("a question is answered from one's own file, and its number leads to the record and the document", async ({ page, context, server }) => {
  await signUp(page);
  await uploadFiles(page, bundle);
  await documentsRead(context, server.url, 1);
  await visit(page, "/ask");
  await expect(page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: "Ask" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByText("Keepwell is not a doctor")).toBeVisible();
  await expect(page.locator(".Suggestion").first()).toBeVisible();

  await ask(page, "What was my last HbA1c?");
  await page.waitForURL(/\/ask\/.+/);
  await expect(exchanges(page)).toHaveCount(1);
  const first = exchanges(page).first();
  await expect(first.locator(".Exchange-answer")).toContainText("5.5");
  await expect(first.locator(".Answer-coverage")).toContainText(/Looked at/);
  // The page moved on to the conversation's own address, and whoever asked is still in the field.
  await expect(page.getByRole("textbox", { name: "Your question" })).toHaveValue("");
  await expect(page.getByRole("textbox", { name: "Your question" })).toBeFocused();
  await page.keyboard.type("and");
  await expect(page.getByRole("textbox", { name: "Your question" })).toHaveValue("and");

  await test.step("a follow-up knows what was meant, and stands below", async () => {
    await ask(page, "and before that?");
    await expect(exchanges(page)).toHaveCount(2);
    await expect(exchanges(page).nth(1)).toContainText("5.8");
  });

  await test.step("the value leads to its record, the source to its document", async () => {
    await exchanges(page).first().locator("a.Receipt", { hasText: "5.5" }).first().click();
    await page.waitForURL(/\/records\/.+/);
    await expect(page.locator("main")).toContainText("5.5");
    await page.goBack();
    await hydrated(page);
    const sources = exchanges(page).first().locator(".Answer-sources");
    if ((await sources.getAttribute("open")) === null) await sources.locator("summary").click();
    await sources.getByRole("link", { name: "bundle.json" }).first().click();
    await page.waitForURL(/\/documents\/.+/);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("bundle.json");
  });
});

test("a conversation is renamed, found by its words, asked again and deleted", async ({ page, context, server }) => {
  await signUp(page);
  await uploadFiles(page, bundle);
  await documentsRead(context, server.url, 1);
  await visit(page, "/ask");
  await ask(page, "What was my last HbA1c?");
  await page.waitForURL(/\/ask\/.+/);
  await expect(exchanges(page)).toHaveCount(1);
  await sendForm(page, "rename_conversation", { title: "Sugar over the years" });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sugar over the years");
  await hydrated(page);

  await test.step("asking again is no new page, and its answer comes where the old one stood", async () => {
    await page.evaluate(() => ((window as any).same = true));
    const again = page.waitForResponse((r) => r.url().endsWith("/again"));
    await page.getByRole("button", { name: /^Ask again/ }).click();
    expect((await again).headers()["content-type"]).toContain("text/event-stream");
    await expect(page.getByRole("button", { name: /^Ask again/ })).toBeVisible();
    await expect(exchanges(page)).toHaveCount(1);
    await expect(exchanges(page).first()).toContainText("5.5");
    await expect(page.getByRole("textbox", { name: "Your question" })).toBeFocused();
    expect(await page.evaluate(() => (window as any).same)).toBe(true);
  });

  await visit(page, "/ask");
  await ask(page, "Which medications am I taking?");
  await page.waitForURL(/\/ask\/.+/);
  await expect(page.locator(".Talk")).toHaveCount(2);
  await page.getByRole("searchbox", { name: "Find in conversations" }).fill("sugar");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=sugar/);
  await expect(page.locator(".Talk")).toHaveText([/Sugar over the years/]);
  await page.locator(".Talk").click();
  await page.waitForURL(/\/ask\/.+/);
  await hydrated(page);
  await sendForm(page, "delete_conversation");
  await page.waitForURL(/\/ask$/);
  await expect(page.locator(".Talk")).toHaveText([/Which medications/]);
  expect((await apiGet(context, server.url, "ask/conversations")).items).toHaveLength(1);
});

test("an answer that is on its way can be stopped, and says so", async ({ page }) => {
  await signUp(page);
  await visit(page, "/ask");
  // The answer is held back at the browser's door: what was asked is kept, and no answer arrives.
  await page.route("**/api/v1/ask", () => {});
  await ask(page, "Which allergies do I have?");
  const stop = page.getByRole("button", { name: "Stop" });
  await expect(stop).toBeVisible();
  await expect(page.locator(".Exchange.is-live")).toContainText("Which allergies do I have?");
  await stop.click();
  await expect(stop).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Ask", exact: true })).toBeVisible();
  await page.unroute("**/api/v1/ask");
  await ask(page, "Which allergies do I have?");
  await page.waitForURL(/\/ask\/.+/);
  await expect(exchanges(page)).toHaveCount(1);
});

test("Shift and Enter begin a new line, and an empty question is not sent", async ({ page }) => {
  await signUp(page);
  await visit(page, "/ask");
  const box = page.getByRole("textbox", { name: "Your question" });
  const sent: string[] = [];
  page.on("request", (r) => r.method() === "POST" && sent.push(r.url()));
  await box.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/ask$/);
  await box.fill("One");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("two");
  await expect(box).toHaveValue("One\ntwo");
  expect(sent).toEqual([]);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("questions are asked and conversations managed by plain forms", async ({ page, context, server }) => {
    await signUp(page, { script: false });
    await uploadFiles(page, bundle, { script: false });
    await documentsRead(context, server.url, 1);
    await page.goto("/ask");
    await page.locator(".Suggestion").first().click();
    await page.waitForURL(/\/ask\/.+#m-/);
    await expect(exchanges(page)).toHaveCount(1);
    await sendForm(page, "ask_again");
    await expect(exchanges(page)).toHaveCount(1);
    await page.getByRole("textbox", { name: "Your question" }).fill("What was my last LDL?");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await expect(exchanges(page)).toHaveCount(2);
    await expect(exchanges(page).nth(1)).toContainText("104");
    await sendForm(page, "rename_conversation", { title: "Fats" });
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fats");
    await sendForm(page, "delete_conversation");
    await page.waitForURL(/\/ask$/);
    await expect(page.locator(".Talk")).toHaveCount(0);
  });
});
