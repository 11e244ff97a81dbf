// Who did what is kept, and anybody can have the chain verified.
import { accessible, expect, test } from "../person";

test.use({ who: "auditadmin" });

test("a login is told and the chain verifies", async ({ person: page }) => {
  await page.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: "审计" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "审计" })).toBeVisible();
  const newest = page.getByRole("table").locator("tbody tr").first();
  await expect(newest).toContainText("auditadmin");
  await expect(newest).toContainText("登录");
  await expect(newest).toContainText("来自 127.0.0.1");
  await accessible(page);

  await page.getByRole("button", { name: "校验" }).click();
  await expect(page.getByRole("status")).toContainText("审计链完整");
  await accessible(page);
});

test("the list is narrowed and saved as a file", async ({ person: page }) => {
  await page.goto("/audit");
  await page.getByRole("combobox", { name: "事项" }).selectOption({ label: "装入样例城市" });
  const rows = page.getByRole("table").locator("tbody tr");
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText("一级预算单位 69");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "导出 CSV" }).click();
  expect((await download).suggestedFilename()).toBe("审计.csv");

  await page.getByRole("searchbox", { name: "操作人" }).fill("没有这个人");
  await page.getByRole("button", { name: "查询" }).click();
  await expect(page.getByText("没有符合条件的事件")).toBeVisible();
  await accessible(page);
});
