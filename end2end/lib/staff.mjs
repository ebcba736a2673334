// Those who run the instance: made by the command line, as anywhere, and signed in with an app's codes.
import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import path from "node:path";
import { PASSWORD, newEmail, sendForm, signUp, visit } from "./browser.mjs";
import { ROOT } from "./server.mjs";

/** The six digits that an app shows now (RFC 6238), or some steps away. */
export function totp(secret, steps = 0) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replace(/\s/g, "")].map((c) => alphabet.indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Makes somebody who works for the instance of this server and signs them in on this page; ends on the overview. */
export async function staffMember(page, server, role = "admin") {
  const binary = process.env.KEEPWELL_BIN ?? path.join(ROOT, "target/debug/keepwell");
  const email = newEmail();
  const made = spawnSync(binary, ["admin", "create", "--email", email, "--role", role, "--data-dir", server.data], { input: `${PASSWORD}\n`, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`admin create: ${made.stderr}`);
  await page.goto("/login");
  await page.locator('input[name="email"]').fill(email);
  await page.locator('input[name="password"]').fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  if (role !== "admin") {
    await page.waitForURL("**/overview");
    return { email };
  }
  await page.waitForURL("**/settings/factors");
  await sendForm(page, "begin_app");
  const secret = await page.locator(".Secret").textContent();
  await sendForm(page, "confirm_app", { code: totp(secret) });
  await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
  return { email, secret };
}

const WHY = "She asked us to look for a lost result";

/**
 * Somebody with a note, in a browser like the admin's own, and a sight of it that this admin asked for.
 * Ends with the admin on the sight. `staff` and `person` are the pages that this makes for both.
 */
export async function openGrant(browser, server, admin, options = {}) {
  const context = await browser.newContext({ baseURL: server.url, ...options });
  const person = await context.newPage();
  const { email } = await signUp(person);
  await visit(person, "/add?kind=note");
  await sendForm(person, "add_record", { name: "Marmalade diary", note: "about marmalade", date: "2024-01-01" });
  await person.waitForURL("**/records/*");
  await admin.goto("/admin/people");
  await admin.getByLabel("E-mail address or id").fill(email);
  await admin.getByRole("button", { name: "Find" }).click();
  await admin.waitForURL("**/admin/people/*");
  const found = new URL(admin.url()).pathname;
  const form = admin.locator('form:has(input[value="ask_for_sight"])');
  await form.locator("label", { hasText: "Notes" }).click();
  await form.getByLabel("Minutes").fill("10");
  await form.getByLabel("Reason").fill(WHY);
  await form.getByRole("button", { name: "Ask" }).click();
  await admin.waitForURL("**/admin/grants/*");
  const grant = new URL(admin.url()).pathname;
  const notes = await admin.getByRole("link", { name: "Notes", exact: true }).getAttribute("href");
  return {
    person,
    staff: ["/admin/people", found, "/admin/grants", grant, notes],
    watched: ["/overview", "/settings/notices", "/settings/grants", grant.replace("/admin/", "/settings/")],
    done: () => context.close(),
  };
}
