// A target filled offline: the workbook is taken away and comes back, and a unit's own old table,
// in a layout of its own, fills the form. The same without script. All targets of a unit go away in one
// file and come back.
import { readFile } from "node:fs/promises";
import { accessible, expect, login, test } from "../person";

const OLD_TABLE = [
  "项目名称,会议保障,,,",
  "年度目标,全年保障重要会议 30 次，参会人员满意。,,,",
  "一级指标,二级指标,三级指标,指标值,分值",
  "产出指标（50分）,数量,保障会议次数,≥30次,30",
  ",时效,会议材料印发及时率,98%以上,20",
  "效益指标（30分）,社会效益,会议决定事项落实率,不低于95%,30",
  "满意度指标（10分）,服务对象满意度,参会人员满意度,88 / 100,10",
].join("\n");

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with script" : "without script";
  const object = javaScriptEnabled ? "o-001-05" : "o-001-06";

  test(`a target is filled from workbooks ${how}`, async ({ browser }) => {
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    page.on("pageerror", (error) => {
      throw error;
    });
    await login(page, "/", "101a");
    await page.goto(`/objects/${object}`);
    await page.getByRole("link", { name: "编制绩效目标" }).click();
    await page.getByLabel("预算年度").selectOption("2021");
    await page.getByLabel("从空白开始").check();
    await page.getByRole("button", { name: "开始填报" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "填报绩效目标" })).toBeVisible();

    // The old table: what is certain is chosen already, the rest is to be looked at.
    await send(page, "旧表.csv", Buffer.from(OLD_TABLE));
    await expect(page.getByText("新增 4，变更 0，未变 0，文件里没有 0。")).toBeVisible();
    const doubtful = page.getByRole("checkbox", { name: "采用：参会人员满意度" });
    await expect(doubtful).not.toBeChecked();
    await expect(page.getByRole("checkbox", { name: "采用：保障会议次数" })).toBeChecked();
    if (javaScriptEnabled) await accessible(page);
    const refused = page.waitForEvent("download");
    await page.getByRole("button", { name: "下载没有勾选的行（带说明）" }).click();
    expect((await refused).suggestedFilename()).toContain("退回的行");
    await page.getByRole("button", { name: "采用勾选的内容" }).click();
    await expect(page.getByLabel("第 1 行 三级指标", { exact: true })).toHaveValue("保障会议次数");
    await expect(page.getByLabel("第 1 行 指标值", { exact: true })).toHaveValue("30");
    await expect(page.getByLabel("第 2 行 度量单位", { exact: true })).toHaveValue("%");
    await expect(page.getByLabel("第 4 行 三级指标", { exact: true })).toHaveCount(0);
    await page.locator(".edit-foot").getByRole("button", { name: "保存" }).click();
    await expect(page.getByText("已保存。")).toBeVisible();

    // What is taken away comes back as it was.
    const away = page.waitForEvent("download");
    await page.getByRole("link", { name: "下载填报表" }).click();
    const file = await away;
    expect(file.suggestedFilename()).toMatch(/2021年绩效目标\.xlsx$/);
    await send(page, "填报表.xlsx", await readFile(await file.path()));
    await expect(page.getByText("与填报页一致")).toBeVisible();
    await context.close();
  });
}

test("a unit's targets go away in one file and come back", async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await login(page, "/", "101a");
  await page.goto("/targets/progress?year=2020");
  await page.getByRole("link", { name: "单位目标表" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "单位目标表" })).toBeVisible();
  await accessible(page);
  const away = page.waitForEvent("download");
  await page.getByRole("link", { name: /^下载 .* 份目标$/ }).click();
  const file = await away;
  expect(file.suggestedFilename()).toMatch(/^101 .*2020年绩效目标\.xlsx$/);
  await bring(page, "单位.xlsx", await readFile(await file.path()));
  await expect(page.getByText("没有要保存的")).toBeVisible();

  // A project of next year that has none: one draft more, once it is confirmed.
  await page.goto("/targets/files?year=2021");
  const table = [
    "项目名称,年度目标,一级指标,二级指标,三级指标,指标性质,指标值,度量单位,权重",
    "市委全面深化改革工作经费,全年召开改革专题会议 12 次，参会人员满意。,产出指标,数量指标,召开专题会议次数,≥,12,次,90",
  ].join("\n");
  await bring(page, "单位自己的表.csv", Buffer.from(table));
  await expect(page.getByRole("region", { name: /的差异$/ })).toContainText("1 份目标有变化");
  await accessible(page);
  await page.getByRole("button", { name: "确认保存 1 份目标" }).click();
  await expect(page.getByText("已保存 1 份目标的草稿")).toBeVisible();
  await context.close();
});

async function bring(page: import("@playwright/test").Page, name: string, buffer: Buffer): Promise<void> {
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  await page.getByRole("button", { name: "上传并看差异" }).click();
  await expect(page.getByRole("heading", { name: /的差异$/ })).toBeVisible();
}

async function send(page: import("@playwright/test").Page, name: string, buffer: Buffer): Promise<void> {
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  await page.getByRole("button", { name: "上传并看差异" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "核对上传的表格" })).toBeVisible();
}
