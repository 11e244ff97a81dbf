// One real browser against the real program and a fresh sample city. `cargo xtask test` says where
// they are: CHROMIUM, JIXIAO_BIN and JIXIAO_E2E_DATA.
import { defineConfig } from "@playwright/test";

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the browser tests through \`cargo xtask test\``);
  return value;
}

export const address = `127.0.0.1:${process.env.JIXIAO_E2E_PORT ?? "8099"}`;

export default defineConfig({
  testDir: "specs",
  globalSetup: "./server.ts",
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  reporter: "list",
  use: {
    baseURL: `http://${address}`,
    locale: "zh-CN",
    viewport: { width: 1366, height: 768 },
    launchOptions: {
      executablePath: needed("CHROMIUM"),
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
    screenshot: "only-on-failure",
  },
});
