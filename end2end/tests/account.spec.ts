// Accounts where mail is sent: signing up by a letter, a forgotten password, another password and
// address, sessions; with script and without.
import { startPost } from "../lib/post.mjs";
import { startServer } from "../lib/server.mjs";
import { PASSWORD, axeClean, expect, hydrated, newEmail, noSideScroll, sendForm, test as base } from "../lib/test";

const NEW = "plain ferries carry nine lanterns";

type Post = Awaited<ReturnType<typeof startPost>>;

const test = base.extend<{}, { post: Post }>({
  post: [
    async ({}, use) => {
      const post = await startPost();
      await use(post);
      await post.stop();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ post }, use) => {
      const server = await startServer({
        env: (url: string) => ({
          KEEPWELL_PUBLIC_URL: url,
          KEEPWELL_MAIL_SMTP_URL: post.url,
          KEEPWELL_MAIL_FROM: "keepwell@example.org",
        }),
      });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
});

for (const script of [true, false]) {
  test.describe(script ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled: script });

    test("an account opens by its letter, and a forgotten password is set anew", async ({ page, post, watch }) => {
      const email = newEmail();
      const ready = async (where: string) => {
        if (!script) return;
        await hydrated(page);
        await axeClean(page, where);
        await noSideScroll(page, where);
      };
      /** Opens a letter's link; without script its code is typed in. */
      const follow = async (link: { url: string; code: string }) => {
        await page.goto(link.url);
        if (script) await hydrated(page);
        const field = page.getByLabel("Code from the letter");
        if (script) {
          await expect(field).toHaveValue(link.code);
          expect(page.url()).not.toContain(link.code);
        } else {
          await expect(field).toHaveValue("");
          await field.fill(link.code);
        }
        await ready(new URL(link.url).pathname);
      };

      await page.goto("/signup");
      await ready("/signup");
      await sendForm(page, "sign_up", { email, password: PASSWORD });
      await page.waitForURL("**/sent?for=signup");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Look at your mail");
      await ready("/sent");
      await follow(await post.link(email, "/verify"));
      await sendForm(page, "verify_account", { password: PASSWORD });
      await page.waitForURL("**/overview");

      await page.goto("/settings/sessions");
      await ready("/settings/sessions");
      await expect(page.getByRole("listitem").filter({ hasText: "the server's own computer" })).toHaveCount(1);
      await page.goto("/settings");
      await ready("/settings");
      await sendForm(page, "sign_out");
      await page.waitForURL((url) => url.pathname === "/");

      await page.goto("/login");
      await page.getByRole("link", { name: "Forgot your password?" }).click();
      await page.waitForURL("**/forgot");
      await ready("/forgot");
      await sendForm(page, "forgot_password", { email });
      await page.waitForURL("**/sent?for=reset");
      const link = await post.link(email, "/reset");
      await follow(link);
      // Too easy: the reason stands beside the field, and the link still works.
      watch.allow(/422/);
      await sendForm(page, "reset_password", { password: "passwordpassword" });
      await expect(page.getByRole("alert")).toContainText("too easy to guess");
      if (script) await hydrated(page);
      await sendForm(page, "reset_password", { password: NEW });
      await page.waitForURL("**/login?done=reset");
      await expect(page.getByRole("status")).toContainText("new password is set");
      await sendForm(page, "sign_in", { email, password: NEW });
      await page.waitForURL("**/overview");
      await page.goto(link.url);
      if (script) await hydrated(page);
      await page.getByLabel("Code from the letter").fill(link.code);
      await sendForm(page, "reset_password", { password: PASSWORD });
      await expect(page.getByRole("alert")).toContainText("does not work any more");
    });

    test("password and address change, and the old address is told", async ({ page, post }) => {
      const [email, other] = [newEmail(), newEmail()];
      await page.goto("/signup");
      if (script) await hydrated(page);
      await sendForm(page, "sign_up", { email, password: PASSWORD });
      await page.waitForURL("**/sent?for=signup");
      const { code } = await post.link(email, "/verify");
      await page.goto("/verify");
      if (script) await hydrated(page);
      await sendForm(page, "verify_account", { code, password: PASSWORD });
      await page.waitForURL("**/overview");

      await page.goto("/settings/account");
      if (script) {
        await hydrated(page);
        await axeClean(page, "/settings/account");
        await noSideScroll(page, "/settings/account");
      }
      await expect(page.getByText("confirmed", { exact: true })).toBeVisible();
      await sendForm(page, "change_password", { current_password: PASSWORD, password: NEW });
      await page.waitForURL("**/settings/account?done=password");
      await expect(page.getByRole("status")).toContainText("password is changed");
      if (script) await hydrated(page);
      await sendForm(page, "change_email", { current_password: NEW, email: other });
      await page.waitForURL("**/settings/account?done=sent");
      await post.link(email, "/stop");
      const confirm = await post.link(other, "/confirm");
      await page.goto("/confirm");
      if (script) await hydrated(page);
      await sendForm(page, "confirm_email", { code: confirm.code });
      await page.waitForURL("**/settings/account?done=confirmed");
      await expect(page.getByText(other)).toBeVisible();
    });
  });
}
