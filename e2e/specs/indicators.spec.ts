// The library of indicators: the bureau keeps it, a clerk takes rows from it with the keyboard, and
// copies from last year and from other projects. The same without script.
import type { Page } from "@playwright/test";
import { accessible, expect, login, test } from "../person";

test("the bureau finds, adds, changes and retires an indicator", async ({ person: page }) => {
  await page.goto("/indicator-library");
  await expect(page.getByText(/共 \d+ 条/)).toBeVisible();
  await accessible(page);
  await page.getByLabel("名称、解释或领域").fill("公路 里程");
  await page.getByRole("button", { name: "查询" }).click();
  await expect(page.locator("tbody tr").first().locator("th")).toContainText("农村公路里程");
  await expect(page.locator("tbody mark").first()).toBeVisible();

  await page.getByRole("link", { name: "新增指标" }).click();
  await page.getByLabel("指标编码").fill("900-01");
  await page.getByLabel("指标名称").fill("年画作坊扶持户数");
  await page.getByLabel("度量单位").fill("户");
  await page.getByLabel("领域").fill("文化旅游体育");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已新增")).toBeVisible();
  await page.getByRole("link", { name: "修改" }).click();
  await page.getByLabel("参考值").fill("20");
  await page.getByLabel("修改原因").fill("按上年定参考值");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存为第 2 版")).toBeVisible();
  await expect(page.getByRole("region", { name: "历史" })).toContainText("按上年定参考值");
  await accessible(page);
  await page.getByLabel("原因", { exact: true }).fill("试用结束");
  await page.getByRole("button", { name: "停用，不再供选用" }).click();
  await expect(page.getByText("不再供选用；已经用了的目标不受影响")).toBeVisible();

  // The list goes away as a file and comes back as it was.
  await page.goto("/indicator-library?retired=1");
  const away = page.waitForEvent("download");
  await page.getByRole("link", { name: "导出 Excel" }).click();
  const file = await (await away).path();
  await page.goto("/indicator-library/import");
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByRole("button", { name: "上传并看差异" }).click();
  await expect(page.getByText("与指标库一致")).toBeVisible();
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with script" : "without script";
  const object = javaScriptEnabled ? "o-001-03" : "o-001-04";

  test(`a clerk takes rows from the library and copies ${how}`, async ({ browser }) => {
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    page.on("pageerror", (error) => {
      throw error;
    });
    await login(page, "/", "101a");
    await page.goto(`/objects/${object}`);
    await page.getByRole("link", { name: "编制绩效目标" }).click();
    await page.getByLabel("预算年度").selectOption("2022");
    await page.getByLabel("从空白开始").check();
    await page.getByRole("button", { name: "开始填报" }).click();
    await page.locator("#f-goal").fill("这是刚打的字，还没有保存");

    await page.getByRole("button", { name: "从指标库选" }).click();
    const search = page.getByLabel("名称、解释或领域");
    await search.fill("验收合格率");
    if (javaScriptEnabled) {
      await expect(page.locator("[data-library-row] mark").first()).toHaveText("验收合格率");
      await accessible(page);
      await search.press("ArrowDown");
      await page.keyboard.press("Enter");
      await expect(page.locator("dialog.library-dialog")).toHaveCount(0);
      await expect(page.getByLabel("第 1 行 指标值", { exact: true })).toBeFocused();
    } else {
      await page.getByRole("button", { name: "查询" }).click();
      await page.getByRole("checkbox", { name: "选 验收合格率" }).check();
      await page.getByRole("button", { name: "加入所选" }).click();
    }
    await expect(page.getByLabel("第 1 行 三级指标", { exact: true })).toHaveValue("验收合格率");
    await expect(page.getByLabel("第 1 行 度量单位", { exact: true })).toHaveValue("%");
    await expect(page.locator("#f-goal")).toHaveValue("这是刚打的字，还没有保存");

    await page.getByRole("button", { name: "复制上年或相似项目的目标" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("复制上年或相似项目的目标");
    if (javaScriptEnabled) await accessible(page);
    await page.getByRole("button", { name: "复制勾选的内容" }).click();
    await expect(page.getByLabel("第 2 行 三级指标", { exact: true })).not.toHaveValue("");
    await page.locator(".edit-foot").getByRole("button", { name: "保存" }).click();
    await expect(page.getByText("已保存。")).toBeVisible();

    await used(page);
    await context.close();
  });
}

// What was taken is counted from the target, and leads to it.
async function used(page: Page): Promise<void> {
  await page.goto("/indicator-library?q=验收合格率");
  await page.locator("tbody tr").first().getByRole("link", { name: "验收合格率", exact: true }).click();
  await expect(page.getByRole("region", { name: "谁在用" }).getByRole("link").first()).toBeVisible();
}
