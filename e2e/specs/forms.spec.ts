// A department's own form: filled on the page with and without script, its amounts are checked, it is
// printed as the official form, and its workbook comes back as it was. Rows of its tables change places.
import { readFile } from "node:fs/promises";
import { accessible, expect, login, test } from "../person";

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with script" : "without script";
  // A target of a year is begun once.
  const [who, object] = ["101a", "o-001-00"];
  const year = javaScriptEnabled ? "2021" : "2022";

  test(`a department's form is filled, checked and printed ${how}`, async ({ browser }) => {
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    page.on("pageerror", (error) => {
      throw error;
    });
    await login(page, "/", who);
    await page.goto(`/targets?object=${object}&year=2021`);
    await page.getByLabel("预算年度").selectOption(year);
    await page.getByLabel("从空白开始").check();
    await page.getByRole("button", { name: "开始填报" }).click();
    await expect(page.getByText("部门（单位）名称")).toBeVisible();
    if (javaScriptEnabled) await accessible(page);

    const save = page.locator(".edit-foot").getByRole("button", { name: "保存" });
    await page.getByLabel("年度预算总额（万元）").fill("120.5");
    await page.getByLabel("其中：基本支出").fill("100");
    await page.getByLabel("项目支出", { exact: true }).fill("20.5");
    await page.getByRole("button", { name: "新增一行" }).first().click();
    await page.getByLabel("第 1 行 任务名称").fill("保障机关运转");
    await page.getByLabel("第 1 行 主要内容").fill("办公、会议和信息化");
    await page.getByLabel("第 1 行 总额").fill("120.50");
    await page.getByLabel("第 1 行 财政拨款").fill("100");
    await page.getByLabel("第 1 行 其他资金").fill("20");
    if (javaScriptEnabled) {
      await expect(page.locator('[data-money-sum="tasks.2"]')).toHaveText("120.50");
    }
    await page.getByRole("textbox", { name: "年度总体目标" }).fill("全年保障会议 30 次，干部群众满意。");
    await save.click();
    await expect(page.getByText("已保存。")).toBeVisible();

    // The amounts of the task do not make its total; the summary leads to the field.
    const summary = page.locator(".error-summary");
    await expect(summary).toContainText("应等于财政拨款＋其他资金 120.00 万元");
    await page.getByLabel("第 1 行 其他资金").fill("20.5");
    await save.click();
    await expect(summary).not.toContainText("应等于财政拨款");

    // The official form, alone on paper.
    const edit = page.url();
    await page.goto(edit.replace(/\/edit.*/, "/print"));
    await expect(page.getByRole("heading", { name: "部门（单位）整体支出绩效目标申报表" })).toBeVisible();
    await expect(page.getByText("预算金额（万元）")).toBeVisible();
    await page.emulateMedia({ media: "print" });
    await expect(page.getByRole("heading", { level: 1 })).toBeHidden();
    await page.emulateMedia({ media: "screen" });
    if (javaScriptEnabled) await accessible(page);

    // What is taken away comes back as it was.
    await page.goto(edit.replace(/\?.*/, ""));
    const away = page.waitForEvent("download");
    await page.getByRole("link", { name: "下载填报表" }).click();
    const file = await (await away).path();
    await page.locator("input[type=file]").setInputFiles({
      name: "部门整体.xlsx",
      mimeType: "application/octet-stream",
      buffer: await readFile(file),
    });
    await page.getByRole("button", { name: "上传并看差异" }).click();
    await expect(page.getByText("与填报页一致")).toBeVisible();
    await context.close();
  });
}

test("a row goes to another place by keys and by its handle, and back", async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await login(page, "/", "101a");
  await page.goto("/objects/o-001-02");
  await page.getByRole("link", { name: "编制绩效目标" }).click();
  await page.getByLabel("预算年度").selectOption("2022");
  await page.getByLabel("从空白开始").check();
  await page.getByRole("button", { name: "开始填报" }).click();
  const names = page.locator("tr[data-row] [name$='.name']");
  for (const [place, name] of ["会议次数", "参会人数", "参会人员满意度"].entries()) {
    await page.getByRole("button", { name: "新增一行" }).last().click();
    await names.nth(place).fill(name);
  }
  const order = () => names.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
  const said = page.locator("[data-moved]");

  // The cursor stays in its cell; the foot says what moved.
  await page.getByLabel("第 3 行 指标值", { exact: true }).press("Alt+ArrowUp");
  await expect(said).toContainText("第 3 行移到第 2 行");
  expect(await order()).toEqual(["会议次数", "参会人员满意度", "参会人数"]);
  await expect(page.getByLabel("第 2 行 指标值", { exact: true })).toBeFocused();
  await said.getByRole("button", { name: "撤销" }).click();
  await expect(said).toContainText("第 2 行移到第 3 行");
  expect(await order()).toEqual(["会议次数", "参会人数", "参会人员满意度"]);

  // The handle is dragged from the last row over the first.
  const handle = page.locator("tr[data-row] [data-drag]");
  await handle.nth(2).scrollIntoViewIfNeeded();
  await handle.nth(2).hover();
  await page.mouse.down();
  await handle.nth(0).hover({ position: { x: 6, y: 2 }, force: true });
  await page.mouse.up();
  await expect(said).toContainText("第 3 行移到第 1 行");
  expect(await order()).toEqual(["参会人员满意度", "会议次数", "参会人数"]);
  await accessible(page);

  // The foot tells what must be mended while it is typed.
  await expect(page.locator("[data-foot]")).toContainText("处必须改正");
  await page.locator(".edit-foot").getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存。")).toBeVisible();
  expect(await order()).toEqual(["参会人员满意度", "会议次数", "参会人数"]);
  await context.close();
});
