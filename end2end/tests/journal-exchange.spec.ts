// Laboratory values between the journal and the records, each by choice.
import { begin, day, form, go, make } from "../lib/journal";
import { apiGet, axeClean, bundleFile, documentsRead, expect, noSideScroll, signUp, test, uploadFiles } from "../lib/test";

const E2 = { code: "2243-4", name: "Estradiol", unit: "pg/mL" };

test("nobody is asked before the person presses, and whoever is signed out is told so", async ({ page, context, watch }) => {
  const asked: string[] = [];
  context.on("request", (r) => r.url().includes("/api/") && asked.push(r.url()));
  await begin(page);
  await make(page, "hormone", { at: day(-3), hormone: "amh", value: "1.9", "value.x": "ng/mL" });
  await go(page, "#/records");
  await expect(page.getByText("Nothing is asked of the server before you press.")).toBeVisible();
  await axeClean(page, "records, before");
  expect(asked).toEqual([]);
  watch.allow(/401/);
  await page.getByRole("button", { name: "Ask for my profiles" }).click();
  await expect(page.getByRole("alert")).toContainText("Nobody is signed in to Keepwell");
  await expect(page.getByRole("link", { name: "Sign in (new tab)" })).toBeVisible();
  expect(asked).toHaveLength(1);
});

test("values go from the journal into the records and from the records into the journal, each once", async ({ page, context, baseURL }) => {
  test.setTimeout(240_000);
  await signUp(page);
  await uploadFiles(page, [bundleFile(E2, [{ when: day(-40), value: 210.5 }, { when: day(-12), value: 88 }])]);
  await documentsRead(context, baseURL!, 1);

  await begin(page);
  await make(page, "hormone", { at: day(-3), "at.x": "08:30", hormone: "p4", value: "<0.50", "value.x": "ng/mL", laboratory: "Labor Süd", range: "0.1–1.5", note: "for my eyes only" });
  await make(page, "beta", { at: day(-1), value: "112", "value.x": "IU/L" });
  await make(page, "hormone", { at: day(-2), hormone: "e2", value: "1777", "value.x": "pg/mL", held: "yes" });
  await make(page, "hormone", { at: day(-12), hormone: "e2", value: "88", "value.x": "pg/mL" });

  await go(page, "#/records");
  await page.getByRole("button", { name: "Ask for my profiles" }).click();
  const out = page.locator("section.Card", { hasText: "From the journal into the records" });
  await expect(out.locator(".Tick")).toHaveCount(3);
  await expect(out).toContainText("Results that are held are not listed: 1.");
  await expect(out).not.toContainText("1777");
  await axeClean(page, "records");
  await noSideScroll(page, "records");
  await out.getByRole("button", { name: "See exactly" }).click();
  await expect(out.getByRole("alert")).toContainText("Nothing is ticked yet.");

  // The records have the estradiol of that day already: it is noticed and left out.
  const posted: string[] = [];
  context.on("request", (r) => r.method() === "POST" && r.url().endsWith("/api/v1/records") && posted.push(r.postData() ?? ""));
  for (const box of await out.getByRole("checkbox").all()) await box.check();
  await out.getByRole("button", { name: "See exactly" }).click();
  await expect(out.locator(".Exactly > li")).toHaveCount(3);
  await expect(out.locator(".Exactly > li", { hasText: "same value of that day" })).toContainText("88 pg/mL");
  await expect(out.locator(".Exactly")).toContainText("Copied from the journal. Laboratory: Labor Süd.");
  await expect(out).toContainText("The server will keep this in the records of");
  await axeClean(page, "exactly this");
  await noSideScroll(page, "exactly this");
  expect(posted).toEqual([]);
  await out.getByRole("button", { name: "Copy 2 values" }).click();
  await expect(out.getByRole("status").last()).toHaveText("2 values are copied.");
  expect(posted).toHaveLength(2);
  expect(posted.join()).not.toContain("my eyes");
  // What is copied is marked, and cannot be copied twice.
  await expect(out.locator(".Tick", { hasText: "is in the records" })).toHaveCount(2);
  await expect(out.getByRole("checkbox", { disabled: true })).toHaveCount(2);
  const { items } = await apiGet(context, baseURL!, `records?kind=observation&from=${day(-3)}&to=${day(0)}`);
  const p4 = items.find((i: any) => i.canonical?.loinc === "2839-9");
  expect(p4.value).toMatchObject({ comparator: "<", number: 0.5, unit: "ng/mL" });
  expect(p4.effective).toContain(`${day(-3)}T08:30`);
  expect(p4.sources).toEqual([]);
  expect(items.find((i: any) => i.canonical?.loinc === "19080-1").value.number).toBe(112);
  expect(items).toHaveLength(2);

  // The other way: what came from the journal and what it has already is said.
  const into = page.locator("section.Card", { hasText: "From the records into the journal" });
  await into.getByRole("button", { name: "Look for values" }).click();
  await expect(into.locator(".Tick")).toHaveCount(4);
  await expect(into.locator(".Tick", { hasText: "is in the journal" })).toHaveCount(2);
  await expect(into.locator(".Tick", { hasText: "the same value of that day" })).toHaveCount(1);
  await axeClean(page, "values of the records");
  await into.locator(".Tick", { hasText: "210.5" }).getByRole("checkbox").check();
  await into.getByRole("button", { name: "Copy into the journal" }).click();
  await expect(into.getByRole("status").last()).toHaveText("1 value is copied.");
  await into.getByRole("button", { name: "Look for values" }).click();
  await expect(into.locator(".Tick", { hasText: "is in the journal" })).toHaveCount(3);
  await go(page, "#/list/hormone");
  await page.locator("main a", { hasText: "210.5" }).click();
  await expect(form(page).locator('[name="f.value"]')).toHaveValue("210.5");
  await expect(form(page).locator('[name="f.at"]')).toHaveValue(day(-40));

  // Deleted here, it can be copied once more.
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByRole("button", { name: "Bring it back" })).toBeVisible();
  await go(page, "#/records");
  await page.getByRole("button", { name: "Ask for my profiles" }).click();
  await into.getByRole("button", { name: "Look for values" }).click();
  await into.locator(".Tick", { hasText: "210.5" }).getByRole("checkbox").check();
  await into.getByRole("button", { name: "Copy into the journal" }).click();
  await expect(into.getByRole("status").last()).toHaveText("1 value is copied.");
  await go(page, "#/list/hormone");
  await expect(page.locator("main div.Card")).toContainText("210.5");
});

test("a server that cannot be reached or refuses costs nothing", async ({ page, context, watch }) => {
  await signUp(page);
  await begin(page);
  await make(page, "hormone", { at: day(-3), hormone: "amh", value: "1.9", "value.x": "ng/mL" });
  await go(page, "#/records");
  watch.allow(/failed: |ERR_INTERNET|422|Failed to load/);
  await context.setOffline(true);
  await page.getByRole("button", { name: "Ask for my profiles" }).click();
  await expect(page.getByRole("alert")).toContainText("No answer came from the server.");
  await context.setOffline(false);
  await page.getByRole("button", { name: "Ask for my profiles" }).click();
  const out = page.locator("section.Card", { hasText: "From the journal into the records" });
  await out.getByRole("checkbox").check();
  await out.getByRole("button", { name: "See exactly" }).click();
  await page.route("**/api/v1/records", (route) => route.fulfill({ status: 422, contentType: "application/problem+json", body: JSON.stringify({ title: "Invalid", detail: "value: This is not a number." }) }));
  await out.getByRole("button", { name: "Copy 1 value" }).click();
  await expect(out.getByRole("alert")).toContainText("The server did not take it: value: This is not a number.");
  await page.unroute("**/api/v1/records");
  await out.getByRole("button", { name: "Copy 1 value" }).click();
  await expect(out.getByRole("status").last()).toHaveText("1 value is copied.");
});
