import { defineConfig } from "@playwright/test";
import { launchOptions, ZONE } from "./lib/browser.mjs";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: !!process.env.CI,
  // A second try is for a browser that stopped drawing, and for nothing else: lib/drawing.ts.
  retries: 1,
  workers: 2,
  reporter: [["list"], ["./lib/summary.ts"]],
  use: {
    launchOptions,
    locale: "en-GB",
    timezoneId: ZONE,
    acceptDownloads: true,
    screenshot: "only-on-failure",
    // A trace takes pictures all the time, which costs the two cores of the CI much, and nobody can fetch it there.
    trace: process.env.CI ? "off" : "retain-on-failure",
  },
});
