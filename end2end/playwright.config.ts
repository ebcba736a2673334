import { defineConfig } from "@playwright/test";
import { launchOptions } from "./lib/browser.mjs";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: !!process.env.CI,
  retries: 0,
  workers: 2,
  reporter: [["list"], ["./lib/summary.ts"]],
  use: {
    launchOptions,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    acceptDownloads: true,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
  },
});
