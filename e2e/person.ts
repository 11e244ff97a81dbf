// What the specs share: a person who is logged in, and what no page may ever do.
import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";

export const test = base.extend<{ who: string; person: Page }>({
  // The login name of the person: test.use({ who: "auditadmin" }).
  who: ["jixiao", { option: true }],
  // Logged in; the test fails if any page logs an error or breaks its own policy.
  person: async ({ page, who }, use) => {
    const errors: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`));
    await login(page, "/", who);
    await use(page);
    expect(errors).toEqual([]);
  },
});

// The sample city's people; the bureau's performance section unless the spec says otherwise.
export async function login(page: Page, path = "/", name = "jixiao"): Promise<void> {
  const passwords = JSON.parse(process.env.JIXIAO_E2E_PASSWORDS ?? "{}");
  await page.goto(path);
  await page.getByLabel("用户名").fill(name);
  await page.getByLabel("密码").fill(passwords[name] ?? "");
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("navigation", { name: "主导航" })).toBeVisible();
}

// No finding that keeps somebody from using the page.
export async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const found = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`);
  expect(found, page.url()).toEqual([]);
}

export { expect };
