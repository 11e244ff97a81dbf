// A leader reads the statement, doubts a figure, and follows it to its records and one project.
import { accessible, expect, login, test } from "../person";

test("every figure opens its records, and a record leads to its object's life", async ({ person }) => {
  await person.goto("/statement?year=2020");
  await expect(person.getByRole("heading", { name: "关于2020年预算绩效管理工作情况的说明" })).toBeVisible();
  await accessible(person);

  const figure = person.locator('.paper a.figure[data-figure="P3.3"]').filter({ hasText: /^24$/ });
  await expect(figure).toHaveAttribute("title", /财政重点绩效评价数（项目）：.+；2020 年：24；2019 年：/);
  await figure.focus();
  await person.keyboard.press("Enter");
  const sheet = person.getByRole("dialog", { name: "财政重点绩效评价数（项目）" });
  await expect(sheet.locator(".figure-value")).toContainText("24 个");
  await expect(sheet.getByText("第 1–24 条，共 24 条：计入 24 条")).toBeVisible();
  await expect(sheet.locator("tbody tr")).toHaveCount(24);
  await accessible(person);

  await sheet.getByRole("link", { name: "全部 31" }).click();
  const whole = person.getByRole("dialog", { name: "财政重点绩效评价数" });
  await expect(whole.locator("tbody tr")).toHaveCount(31);
  await person.keyboard.press("Escape");
  await expect(person.getByRole("dialog")).toBeHidden();
  await expect(figure).toBeFocused();

  await figure.click();
  const record = person.getByRole("dialog").locator("tbody a").first();
  const name = (await record.textContent()) ?? "";
  await record.click();
  await expect(person).toHaveURL(/\/objects\/[^/]+\?year=2020/);
  await expect(person.getByRole("heading", { level: 1 })).toContainText(name.trim());
  await person.goBack();
  await expect(person.getByRole("heading", { name: "关于2020年预算绩效管理工作情况的说明" })).toBeVisible();
});

test("the statement is saved as a Word file", async ({ person }) => {
  await person.goto("/statement?year=2020");
  await person.getByText("导出", { exact: true }).click();
  const [file] = await Promise.all([
    person.waitForEvent("download"),
    person.getByRole("link", { name: "Word 文档" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("statement-2020.docx");
});

test("the statement is set as PDF outside of the request", async ({ person }) => {
  await person.goto("/statement?year=2020");
  await person.getByText("导出", { exact: true }).click();
  await person.getByRole("button", { name: "PDF" }).click();
  await expect(person.getByText("完成", { exact: true })).toBeVisible({ timeout: 30_000 });
  const [file] = await Promise.all([
    person.waitForEvent("download"),
    person.getByRole("link", { name: "下载" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("statement-2020.pdf");
});

test("on paper there is the sheet alone", async ({ person }) => {
  await person.goto("/statement?year=2020");
  await person.emulateMedia({ media: "print" });
  await expect(person.locator(".paper")).toBeVisible();
  for (const part of ["header.top", "nav.side", ".title-line", ".statement-side"]) {
    await expect(person.locator(part)).toBeHidden();
  }
});

test("a share shows what does not count first, page by page", async ({ person }) => {
  await person.goto("/metrics?year=2020");
  await accessible(person);
  await person.getByRole("row", { name: "自评抽查复评率" }).getByRole("link").first().click();
  await expect(person.getByRole("heading", { name: "P3.8 自评抽查复评率" })).toBeVisible();
  await accessible(person);
  await expect(person.locator("tbody tr").first()).toContainText("未计入");
  await person.getByRole("link", { name: "下一页" }).click();
  await expect(person.getByText(/^第 51–100 条/)).toBeVisible();
  const [file] = await Promise.all([
    person.waitForEvent("download"),
    person.getByRole("link", { name: "导出 CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("2020年自评抽查复评率.csv");
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("a figure is a plain link to its records", async ({ page }) => {
    await login(page, "/statement?year=2020");
    await page.locator('.paper a.figure[data-figure="P3.3"]').filter({ hasText: /^24$/ }).click();
    await expect(page.getByRole("heading", { level: 1, name: "P3.3 财政重点绩效评价数" })).toBeVisible();
    await expect(page.locator("tbody tr")).toHaveCount(24);
    await page.getByRole("link", { name: "全部 31" }).click();
    await expect(page.locator("tbody tr")).toHaveCount(31);
  });
});
