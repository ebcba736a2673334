// The chart of a marker by mouse, wheel, touch, keyboard and screen reader, and what it is drawn from.
import type { Page } from "@playwright/test";
import { FERRITIN, GLUCOSE, apiGet, bundleFile, documentsRead, expect, heartRates, hydrated, signUp, test, uploadFiles, visit } from "../lib/test";

const LABS = [
  { when: "2020-03-02", value: 12, low: 15, high: 150, lab: "North Lab" },
  { when: "2021-03-02", value: 40, low: 15, high: 150, lab: "North Lab" },
  { when: "2022-03-02", value: 5, comparator: "<", low: 15, high: 150, lab: "North Lab" },
  { when: "2023-03-02", value: 90, low: 30, high: 400, lab: "South Lab" },
  { when: "2024-03-02T08:15:00+01:00", value: 31, low: 30, high: 400, lab: "South Lab" },
];
const HOUR = 3_600_000;

const stage = (page: Page) => page.locator(".Chart-stage");
const card = (page: Page) => page.locator(".Chart-card");
const spoken = (page: Page) => page.locator('.Chart [aria-live="polite"]');
const zoomOf = (page: Page) => {
  const [a, b] = (new URL(page.url()).searchParams.get("zoom") ?? "..").split("..").map(Number);
  return { from: a, to: b, length: b - a };
};
const zoomed = (page: Page) => page.waitForURL(/[?&]zoom=/);

/** Zooms twice and gives what is shown then. The address follows when the hand rests, which may be between the two. */
async function zoomTwice(page: Page, once: () => Promise<void>) {
  await once();
  await zoomed(page);
  const { length } = zoomOf(page);
  await once();
  await expect.poll(() => zoomOf(page).length).toBeLessThan(length);
  return zoomOf(page);
}

async function chartOf(page: Page, marker: { code: string }, results: object[], query = "") {
  await signUp(page);
  await uploadFiles(page, bundleFile(marker, results));
  await page.waitForURL("**/documents");
  await documentsRead(page.context(), new URL(page.url()).origin, 1);
  await visit(page, `/markers/${marker.code}${query}`);
  await expect(stage(page)).toHaveAttribute("tabindex", "0");
}

/** The middle of the plot, on the screen. */
async function middle(page: Page) {
  await stage(page).scrollIntoViewIfNeeded();
  const box = (await stage(page).boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, box };
}

test("hovering reads out value, unit, date and laboratory, and leaving ends it", async ({ page }) => {
  await chartOf(page, FERRITIN, LABS);
  const { box } = await middle(page);
  await page.mouse.move(box.x + box.width - 20, box.y + 100);
  await expect(card(page)).toContainText("31 ng/mL");
  await expect(card(page)).toContainText("2 Mar 2024, 08:15");
  await expect(card(page)).toContainText("South Lab");
  await expect(page.locator(".Chart-over circle")).toBeVisible();
  await page.mouse.move(box.x + 60, box.y + 100);
  await expect(card(page)).toContainText("12 ng/mL");
  await expect(card(page)).toContainText("below range");
  await page.mouse.move(box.x + 60, box.y - 60);
  await expect(card(page)).toContainText("5 values");
  await page.mouse.click(box.x + box.width - 20, box.y + 100);
  await card(page).getByRole("link", { name: "Open the record" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Ferritin");
});

test("the wheel scrolls the page and zooms only with Ctrl; dragging moves; the address keeps it", async ({ page }) => {
  await page.setViewportSize({ width: 1100, height: 500 });
  await chartOf(page, FERRITIN, LABS);
  const { x, y } = await middle(page);
  await page.mouse.move(x, y);
  const top = await page.evaluate(() => scrollY);
  await page.mouse.wheel(0, 120);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(top);
  await page.mouse.wheel(0, -120);
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(top);
  expect(page.url()).not.toContain("zoom=");

  await page.keyboard.down("Control");
  const near = await zoomTwice(page, () => page.mouse.wheel(0, -300));
  await page.keyboard.up("Control");
  expect(near.length).toBeLessThan(4 * 365 * 24 * HOUR);

  await page.mouse.down();
  await page.mouse.move(x + 150, y, { steps: 6 });
  await page.mouse.up();
  await expect.poll(() => zoomOf(page).from).toBeLessThan(near.from);
  expect(zoomOf(page).length).toBe(near.length);

  await page.mouse.move(0, 0);
  // The address follows when the hand rests.
  const day = 24 * HOUR;
  const shown = async () => Date.parse(`${(await card(page).textContent())!.split(" – ")[0]} UTC`) / day;
  await expect.poll(async () => (await shown()) - Math.floor(zoomOf(page).from / day)).toBe(0);
  const said = await card(page).textContent();
  await page.reload();
  await hydrated(page);
  await page.mouse.move(0, 0);
  await expect(card(page)).toHaveText(said!);
  expect(zoomOf(page).length).toBe(near.length);
  await page.getByRole("button", { name: "Show all" }).click();
  await page.waitForURL((url) => !url.search.includes("zoom"));
  await expect(card(page)).toContainText("5 values");
});

test("arrow keys go from value to value aloud, Home and End to the ends, Escape shows all", async ({ page }) => {
  await chartOf(page, FERRITIN, LABS);
  await expect(stage(page)).toHaveRole("application");
  await expect(stage(page)).toHaveAccessibleName(
    "Ferritin, 5 values from 2 Mar 2020 to 2 Mar 2024, 08:15, latest 31 ng/mL, within range 30–400.",
  );
  await expect(stage(page)).toHaveAccessibleDescription(/Arrow keys/);
  await stage(page).focus();
  await page.keyboard.press("Home");
  await expect(spoken(page)).toHaveText("12 ng/mL, 2 Mar 2020, below range, North Lab");
  await page.keyboard.press("ArrowRight");
  await expect(spoken(page)).toHaveText("40 ng/mL, 2 Mar 2021, within range, North Lab");
  await page.keyboard.press("ArrowRight");
  await expect(spoken(page)).toContainText("<5 ng/mL");
  await page.keyboard.press("End");
  await expect(spoken(page)).toHaveText("31 ng/mL, 2 Mar 2024, 08:15, within range, South Lab");
  const { length } = await zoomTwice(page, () => page.keyboard.press("+"));
  await page.keyboard.press("-");
  await expect.poll(() => zoomOf(page).length).toBeGreaterThan(length);
  await page.keyboard.press("Home");
  await expect(spoken(page)).toContainText("2 Mar 2020");
  await expect(page.locator(".Chart-over circle")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => !url.search.includes("zoom"));
  await expect(page.locator(".Chart-over circle")).toHaveCount(0);
});

test("ranges are steps per laboratory, limits of measuring are open, the table has every point", async ({ page, context, server }) => {
  await chartOf(page, FERRITIN, LABS);
  const chart = page.locator(".Chart-drawing.is-wide svg");
  await expect(chart.locator(".Band")).toHaveCount(2);
  await expect(chart.locator(".LabRule")).toHaveCount(1);
  await expect(chart.locator(".Lab")).toHaveText(["North Lab", "South Lab"]);
  // One open triangle for `<5`, one filled for what is below its range.
  expect((await chart.locator("path.Dot.is-open").getAttribute("d"))!.match(/M/g)).toHaveLength(1);
  expect((await chart.locator("path.Dot.is-out").getAttribute("d"))!.match(/M/g)).toHaveLength(1);
  const rows = page.locator(".Values tbody tr");
  await expect(rows).toHaveCount(LABS.length);
  const { points } = await apiGet(context, server.url, "markers/2276-4/series");
  const values = points.map(([, value]: [string, number]) => String(value)).reverse();
  for (const [i, value] of values.entries()) await expect(rows.nth(i)).toContainText(value);
  await expect(rows.nth(2).locator(".Dot.is-open")).toHaveCount(1);
  for (const link of await rows.locator("td:first-child a").all()) {
    expect(await link.getAttribute("href")).toMatch(/^\/records\//);
  }
});

test("another unit converts chart and table alike, names its factor and keeps the time shown", async ({ page }) => {
  const results = [90, 108, 126].map((value, i) => ({ when: `202${i + 1}-05-01`, value, low: 70, high: 99 }));
  await chartOf(page, GLUCOSE, results);
  await stage(page).focus();
  await page.keyboard.press("End");
  await page.keyboard.press("+");
  await zoomed(page);
  const before = zoomOf(page);
  const units = page.getByRole("navigation", { name: "Unit" });
  await expect(units.locator('[aria-current="true"]')).toHaveCount(1);
  const current = (await units.locator('[aria-current="true"]').textContent())!;
  const other = current === "mg/dL" ? "mmol/L" : "mg/dL";
  await units.getByRole("link", { name: other, exact: true }).click();
  await expect(units.locator('[aria-current="true"]')).toHaveText(other);
  expect(zoomOf(page)).toEqual(before);
  await expect(page.locator(".Marker-bar + .Fine")).toContainText(/\d/);
  await units.getByRole("link", { name: "mmol/L", exact: true }).click();
  await expect(units.locator('[aria-current="true"]')).toHaveText("mmol/L");
  await expect(page.locator(".Chart-svg .Unit").last()).toHaveText("mmol/L");
  const row = page.locator(".Values tbody tr").first();
  await expect(row).toContainText("126 mg/dL");
  await expect(row).toContainText(/(6\.99|7\.0)/);
  await stage(page).focus();
  await page.keyboard.press("End");
  await expect(spoken(page)).toContainText("126 mg/dL, 1 May 2023, above range");
});

test("fifteen hundred results keep their ranges and records, on the page and by the API", async ({ page, context, server }) => {
  const day = (i: number) => new Date(Date.UTC(2018, 0, 1) + i * 24 * HOUR).toISOString().slice(0, 10);
  const results = Array.from({ length: 1500 }, (_, i) => ({ when: day(i), value: 20 + (i % 50), low: 15, high: 60, lab: "North Lab" }));
  await chartOf(page, FERRITIN, results, "?rows=all");
  await expect(page.locator(".Values tbody tr")).toHaveCount(1500);
  await expect(page.locator('.Values tbody a[href^="/records/"]')).toHaveCount(1500);
  await expect(page.locator(".Chart-drawing.is-wide svg .Band")).toHaveCount(1);
  const series = await apiGet(context, server.url, "markers/2276-4/series?points=800");
  expect(series.points).toHaveLength(1500);
  expect(series.thinned).toBe(false);
});

test.describe("far from where it was measured", () => {
  test.use({ timezoneId: "America/Los_Angeles" });

  test("samples show the clock of the place, and a dense series is moved through smoothly", async ({ page, context, server }, info) => {
    await signUp(page);
    const from = Date.parse("2024-05-01T00:00:00+02:00");
    await uploadFiles(page, heartRates({ from, every: 60, count: 20_000, offset: "+0200" }));
    await documentsRead(context, server.url, 1);
    const { items } = await apiGet(context, server.url, "markers");
    const code = items.find((m: { name: string }) => /heart rate/i.test(m.name)).loinc;
    const eight = Date.UTC(2024, 4, 3, 8);
    await visit(page, `/markers/${code}?zoom=${eight - HOUR}..${eight + HOUR}`);
    const chart = page.locator(".Chart-drawing.is-wide svg");
    await expect(chart.locator(".Tick.is-zone")).toHaveText("local time");
    await expect(chart.locator(".Tick.is-time").filter({ hasText: "08:00" })).toHaveCount(1);
    await expect(page.getByText("those of the clock where the value was taken")).toBeVisible();
    // The coarse points of all the time are replaced by single samples although nothing was moved.
    await expect(card(page)).toContainText("121 values");
    const { x, y } = await middle(page);
    await page.mouse.move(x + 8, y);
    await expect(card(page)).toContainText(/3 May 2024, 0[78]:\d\d/);
    await expect(card(page)).not.toContainText("UTC");

    await page.evaluate(() => {
      const times: number[] = [];
      let last = performance.now();
      const tick = (now: number) => {
        times.push(now - last);
        last = now;
        if (times.length < 600) requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
      (globalThis as any).frames_ = times;
    });
    const before = zoomOf(page);
    await page.mouse.down();
    for (let i = 1; i <= 40; i += 1) await page.mouse.move(x + i * 4, y);
    await page.mouse.up();
    await expect.poll(() => zoomOf(page).from).toBeLessThan(before.from);
    const frames: number[] = await page.evaluate(() => (globalThis as any).frames_);
    const sorted = frames.slice(1).sort((a, b) => a - b);
    await info.attach("frame times, ms", { body: `median ${sorted[sorted.length >> 1]}, longest ${sorted.at(-1)}` });
    // Samples of the time moved to were fetched; there are none before the first.
    await expect(chart.locator(".Line")).toHaveAttribute("d", /M.*L/);
  });
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });

  test("a tap reads out, two fingers zoom, one finger moves, and the page still scrolls", async ({ page, context }) => {
    await chartOf(page, FERRITIN, LABS);
    const { x, y, box } = await middle(page);
    await page.touchscreen.tap(box.x + box.width - 20, y);
    await expect(card(page)).toContainText("31 ng/mL");
    const cdp = await context.newCDPSession(page);
    const touch = (type: string, points: [number, number][]) =>
      cdp.send("Input.dispatchTouchEvent", { type: type as "touchStart", touchPoints: points.map(([px, py], id) => ({ x: px, y: py, id })) });
    await touch("touchStart", [[x - 30, y], [x + 30, y]]);
    for (let by = 40; by <= 110; by += 10) await touch("touchMove", [[x - by, y], [x + by, y]]);
    await touch("touchEnd", []);
    await zoomed(page);
    // The fingers end more than three times as far apart, and the address may follow before.
    await expect.poll(() => zoomOf(page).length).toBeLessThan(0.3 * 4 * 366 * 24 * HOUR);
    const near = zoomOf(page);
    await touch("touchStart", [[x, y]]);
    for (let by = 10; by <= 100; by += 10) await touch("touchMove", [[x + by, y]]);
    await touch("touchEnd", []);
    await expect.poll(() => zoomOf(page).from).toBeLessThan(near.from);

    const top = await page.evaluate(() => scrollY);
    const scale = await page.evaluate(() => visualViewport!.scale);
    expect(scale).toBe(1);
    await touch("touchStart", [[x, y]]);
    for (let by = 10; by <= 200; by += 10) await touch("touchMove", [[x, y - by]]);
    await touch("touchEnd", []);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(top);
    const tools = page.getByRole("button", { name: "Show all" });
    expect((await tools.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  });
});
