// Pictures of every page at three widths, light and dark, of an empty account and of the demo
// person, of the administration, of a sight that is watched and of the journal, and one sheet to look at them all.
//   node screens.mjs FOLDER [public|empty|demo|staff|journal ...]
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "@playwright/test";
import { ADMIN_PAGES, PUBLIC_PAGES, demoPerson, hydrated, launchOptions, pagesOf, signUp, tableInDoubt } from "./lib/browser.mjs";
import { add, begin, day, enter, go, wholeCycle } from "./lib/journal.mjs";
import { startServer } from "./lib/server.mjs";
import { openGrant, staffMember } from "./lib/staff.mjs";

const WIDTHS = { 360: 740, 768: 1024, 1440: 900 };
const SCHEMES = ["light", "dark"];
const folder = path.resolve(process.argv[2] ?? "../target/screens");
const shots = [];
const faults = [];

/** The same page keeps its name whichever document, marker or person stands for it. */
function nameOf(route) {
  if (route.includes("?review")) return "review";
  const parts = route.split("/").filter(Boolean);
  if (parts.length === 0) return "home";
  if (/^[0-9a-f-]{36}(\?.*)?$/.test(parts.at(-1))) return [...parts.slice(0, -1), parts.at(-1).includes("?") ? "kind" : "one"].join("-");
  return parts.length === 2 && !["settings", "admin"].includes(parts[0]) ? `${parts[0]}-one` : parts.join("-");
}

async function shoot(page, who, width, scheme, route) {
  await page.goto(route);
  await hydrated(page);
  await page.evaluate(() => document.fonts.ready);
  const file = `${who}-${nameOf(route)}-${width}-${scheme}.png`;
  await page.screenshot({ path: path.join(folder, file), fullPage: true, animations: "disabled" });
  shots.push({ who, width, scheme, route, file });
}

async function person(browser, server, who) {
  for (const width of Object.keys(WIDTHS).map(Number)) {
    for (const colorScheme of SCHEMES) {
      const look = {
        viewport: { width, height: WIDTHS[width] },
        colorScheme,
        reducedMotion: "reduce",
        locale: "en-GB",
        timezoneId: "Europe/Berlin",
      };
      const context = await browser.newContext({ baseURL: server.url, ...look });
      const page = await context.newPage();
      page.on("console", (message) => message.type() === "error" && faults.push(`${page.url()}: ${message.text()}`));
      page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
      if (who === "public") {
        for (const route of PUBLIC_PAGES) await shoot(page, who, width, colorScheme, route);
      } else if (who === "staff") {
        await staffMember(page, server);
        const sight = await openGrant(browser, server, page, look);
        for (const route of [...ADMIN_PAGES, ...sight.staff]) await shoot(page, who, width, colorScheme, route);
        for (const route of sight.watched) await shoot(sight.person, "watched", width, colorScheme, route);
        await sight.done();
      } else {
        await signUp(page);
        if (who === "demo") await demoPerson(page);
        const review = who === "demo" ? [await tableInDoubt(page)] : [];
        for (const route of [...(await pagesOf(page)), ...review]) await shoot(page, who, width, colorScheme, route);
      }
      await context.close();
    }
  }
}

/** What stands behind the `#` in the journal, under the name of its picture. */
const journalPages = (cycle) => {
  const all = [
    ["today", "#/"], ["month", `#/month/${day(-4).slice(0, 7)}`], ["day", `#/day/${day(-4)}`], ["cycles", "#/cycles"], ["compare", "#/compare"],
    ["ledger", "#/ledger"], ["more", "#/more"], ["settings", "#/settings"], ["backup", "#/backup"], ["import", "#/import"],
    ["export", "#/export"], ["sync", "#/sync"], ["about", "#/about"], ["doses", "#/list/dose"], ["form", "#/new/scan"],
  ];
  const parts = cycle ? ["", "/plan", "/amend", "/laboratory", "/sheet"].map((part) => [`cycle${part.replace("/", "-")}`, `#/cycle/${cycle}${part}`]) : [];
  return [...all, ...parts];
};

/** Every width and scheme of what is shown now. */
async function journalShots(page, who, name) {
  for (const width of Object.keys(WIDTHS).map(Number)) {
    await page.setViewportSize({ width, height: WIDTHS[width] });
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.evaluate(() => document.fonts.ready);
      const file = `${who}-${name}-${width}-${colorScheme}.png`;
      await page.screenshot({ path: path.join(folder, file), fullPage: true, animations: "disabled" });
      shots.push({ who, width, scheme: colorScheme, route: `/${name}`, file });
    }
  }
}

/** The journal's pages, empty and with a whole cycle in it. */
async function journal(browser, server) {
  const context = await browser.newContext({ baseURL: server.url, locale: "en-GB", timezoneId: "Europe/Berlin" });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && faults.push(`${page.url()}: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
  await page.goto("/journal");
  await page.getByLabel("Passphrase", { exact: true }).waitFor();
  await journalShots(page, "journal-empty", "door");
  await begin(page);
  const visitAll = async (who, cycle) => {
    for (const [name, hash] of journalPages(cycle)) {
      await go(page, hash);
      await page.locator("main h1").waitFor();
      await journalShots(page, who, name);
    }
  };
  await visitAll("journal-empty");
  await page.setViewportSize({ width: 1440, height: 900 });
  const cycle = await wholeCycle(page);
  for (const [n, bleeding, temperature] of [[-6, "medium", "36.45"], [-5, "light", "36.50"], [-4, "", "36.40"]]) {
    await go(page, `#/day/${day(n)}`);
    await page.locator('[aria-current="date"]').waitFor();
    await enter(page, { bleeding, temperature, "temperature.x": "°C" });
  }
  await add(page, cycle, "visit", { at: day(3), "at.x": "09:30" });
  await visitAll("journal", cycle);
  await page.getByRole("button", { name: "Lock" }).click();
  await page.locator("#open-secret").waitFor();
  await journalShots(page, "journal", "door");
  await context.close();
}

function sheet() {
  const groups = new Map();
  for (const shot of shots) {
    const key = `${shot.who}: ${nameOf(shot.route)}`;
    groups.set(key, [...(groups.get(key) ?? []), shot]);
  }
  const figure = ({ file, width, scheme }) =>
    `<figure><a href="${file}"><img loading="lazy" width="${Math.round(width / 3)}" src="${file}" alt="${file}"></a><figcaption>${width} ${scheme}</figcaption></figure>`;
  const rows = [...groups].map(([key, list]) => `<h2>${key}</h2><div>${list.map(figure).join("")}</div>`).join("\n");
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Keepwell, all pages</title>
<style>body{font:15px system-ui;margin:24px;background:#888}div{display:flex;gap:16px;align-items:flex-start;overflow-x:auto}figure{margin:0}img{display:block;box-shadow:0 1px 6px #0006}</style>
${rows}</html>\n`;
}

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const server = await startServer();
const browser = await chromium.launch(launchOptions);
try {
  for (const who of process.argv.length > 3 ? process.argv.slice(3) : ["public", "empty", "demo", "staff", "journal"]) {
    if (who === "journal") await journal(browser, server);
    else await person(browser, server, who);
  }
} finally {
  await writeFile(path.join(folder, "index.html"), sheet());
  await browser.close();
  await server.stop();
}
console.log(`${shots.length} pictures in ${folder}`);
if (faults.length > 0) {
  console.error(`errors in the pages:\n${[...new Set(faults)].join("\n")}`);
  process.exitCode = 1;
}
