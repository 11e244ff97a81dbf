// A target's whole way, in two browsers: filled, confirmed, returned with a comment at a field,
// mended, approved, and everything of it in the audit. The same again without script.
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { accessible, expect, login, test } from "../person";

const GOAL = "保障全市重要会议和重大活动 12 场，参会人员满意。";
const ROWS = [
  ["产出指标", "数量指标", "保障重要会议和活动场次", "≥", "12", "场", "30"],
  ["产出指标", "质量指标", "会议材料合格率", "≥", "98", "%", "20"],
  ["效益指标", "社会效益指标", "会议决定事项落实率", "≥", "95", "%", "30"],
  ["满意度指标", "服务对象满意度指标", "参会人员满意度", "≥", "90", "%", "10"],
];

type People = { clerk: Page; head: Page; reviewer: Page };

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with script" : "without script";
  // The two walks take two projects of the same unit.
  const object = javaScriptEnabled ? "o-001-03" : "o-001-04";

  test(`a target is filled, returned with a comment, mended and approved ${how}`, async ({ browser }) => {
    test.setTimeout(240_000);
    const contexts: BrowserContext[] = [];
    const open = async (name: string): Promise<Page> => person(browser, contexts, javaScriptEnabled, name);
    const people: People = { clerk: await open("101a"), head: await open("101b"), reviewer: await open("gushi1") };

    const id = await fill(people.clerk, object, javaScriptEnabled);
    await send(people, id);
    await act(await open("101c"), id, "审核通过");
    await comeBack(people, id, javaScriptEnabled);
    await send(people, id);
    await approve(open, people, id);
    await audit(await open("auditadmin"), id);
    for (const context of contexts) await context.close();
  });
}

async function person(
  browser: Browser,
  contexts: BrowserContext[],
  javaScriptEnabled: boolean,
  name: string,
): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled });
  contexts.push(context);
  const page = await context.newPage();
  page.on("pageerror", (error) => {
    throw error;
  });
  await login(page, "/", name);
  return page;
}

// A row's cell by its place on the page, from 1.
const cell = (page: Page, row: number, column: string) => page.getByLabel(`第 ${row} 行 ${column}`, { exact: true });

async function fill(page: Page, object: string, hasScript: boolean): Promise<string> {
  await page.goto(`/objects/${object}`);
  await page.getByRole("link", { name: "编制绩效目标" }).click();
  await page.getByLabel("预算年度").selectOption("2021");
  await page.getByLabel("从空白开始").check();
  await page.getByRole("button", { name: "开始填报" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "填报绩效目标" })).toBeVisible();
  const id = /\/targets\/([^/]+)\/edit/.exec(page.url())![1]!;

  await page.getByRole("textbox", { name: "年度目标" }).fill(GOAL);
  for (const [place, row] of ROWS.entries()) {
    await page.getByRole("button", { name: "新增一行" }).click();
    const number = place + 1;
    await expect(cell(page, number, "三级指标")).toBeVisible();
    const [level1, level2, name, sign, value, unit, weight] = row as [string, string, string, string, string, string, string];
    await cell(page, number, "一级指标").selectOption(level1);
    await cell(page, number, "二级指标").fill(level2);
    await cell(page, number, "三级指标").fill(name);
    await cell(page, number, "性质").selectOption(sign);
    await cell(page, number, "指标值").fill(value);
    await cell(page, number, "度量单位").fill(unit);
    await cell(page, number, "权重").fill(weight);
  }
  if (hasScript) {
    await expect(page.locator("[data-sum]")).toHaveText("90.00");
    await expect(page.locator("[data-sum-word]")).toHaveText("正好");
    await expect(page.locator("[data-kept]")).toContainText("已自动留存");
  }
  await save(page);
  await expect(page.getByText("送审前还有")).toHaveCount(0);
  if (hasScript) await accessible(page);
  await follow(page);
  return id;
}

// Advice is seen at its row, followed by its button, and folded away; nothing of it is needed.
async function follow(page: Page): Promise<void> {
  await expect(page.getByText("只供参考，不影响保存和送审")).toBeVisible();
  const advice = page.getByRole("listitem").filter({ hasText: "没有说怎样调查、问多少人" });
  await expect(advice).toBeVisible();
  await page.getByText("收起建议").click();
  await expect(advice).toBeHidden();
  await page.getByText("显示建议").click();
  await advice.getByRole("button", { name: /^采用建议/ }).click();
  await expect(cell(page, 4, "三级指标")).toHaveValue("参会人员满意度（抽样问卷，不少于30份）");
  await expect(advice).toHaveCount(0);
  await save(page);
}

async function save(page: Page): Promise<void> {
  await page.locator(".edit-foot").getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存。送审前可以继续修改。")).toBeVisible();
}

// One step on the page of the record's way.
async function act(page: Page, id: string, verb: string, fields: { outcome?: string; comment?: string } = {}): Promise<void> {
  await page.goto(`/records/performance_target/${id}`);
  const form = page.locator("details.act").filter({ has: page.locator("summary b", { hasText: new RegExp(`^${verb}$`) }) });
  if ((await form.getAttribute("open")) === null) await form.locator("summary").first().click();
  if (fields.outcome) await form.getByLabel("结论").selectOption(fields.outcome);
  if (fields.comment) await form.getByLabel("意见").fill(fields.comment);
  await form.getByRole("button", { name: verb, exact: true }).click();
  await expect(page.getByRole("alert"), verb).toHaveCount(0);
}

async function send({ clerk, head }: People, id: string): Promise<void> {
  await act(clerk, id, "提交负责人");
  await act(head, id, "送审");
  await expect(head.getByRole("link", { name: "查看、打印回执" })).toBeVisible();
  await head.getByRole("link", { name: "查看、打印回执" }).click();
  await expect(head.getByText(/SB-510683-\d{4}-\d{6}/).first()).toBeVisible();
  // What was sent is read only.
  await clerk.goto(`/targets/${id}/edit`);
  await expect(clerk.getByText("不能修改")).toBeVisible();
}

async function comeBack({ clerk, reviewer }: People, id: string, hasScript: boolean): Promise<void> {
  await reviewer.goto(`/targets/${id}`);
  const box = reviewer.locator("details.comment-box").filter({ hasText: "对第 1 行提意见" });
  await box.locator("summary").click();
  await box.getByLabel("第 1 行的哪一栏").selectOption({ label: "指标值" });
  await box.getByLabel("对第 1 行的意见").fill("去年实际保障 15 场，12 场偏低，请核对。");
  await box.getByRole("button", { name: "写下意见" }).click();
  await expect(reviewer.getByText("12 场偏低")).toBeVisible();
  if (hasScript) await accessible(reviewer);
  await act(reviewer, id, "退回", { comment: "场次偏低，请核对后再报。" });

  await clerk.goto(`/targets/${id}/edit`);
  await expect(clerk.getByText("去年实际保障 15 场")).toBeVisible();
  await cell(clerk, 1, "指标值").fill("15");
  await clerk.getByLabel(/^答复/).fill("已按去年实际改为 15 场");
  await save(clerk);
  await clerk.goto(`/records/performance_target/${id}/diff`);
  await expect(clerk.getByText("1 处改动")).toBeVisible();
  await expect(clerk.locator("del")).toContainText(["划去的", "12"]);
  await expect(clerk.locator("ins")).toContainText(["加底色的", "15"]);
  if (hasScript) await accessible(clerk);
}

async function approve(open: (name: string) => Promise<Page>, { reviewer }: People, id: string): Promise<void> {
  await act(await open("101c"), id, "审核通过");
  await reviewer.goto(`/records/performance_target/${id}/diff`);
  await expect(reviewer.getByText("1 处改动")).toBeVisible();
  await reviewer.goto(`/targets/${id}`);
  await expect(reviewer.getByText("已按去年实际改为 15 场")).toBeVisible();
  await act(reviewer, id, "审核通过");
  const chair = await open("jixiao");
  await chair.goto(`/targets/${id}/review`);
  for (const row of await chair.locator("[data-row]").all()) await row.getByText("优", { exact: true }).click();
  await chair.getByRole("button", { name: "审定" }).click();
  await expect(chair.getByText("已办理：审核通过")).toBeVisible();
  const budget = await open("yusuan");
  await act(budget, id, "推进");
  await act(budget, id, "推进");
  await act(budget, id, "审核通过");
  await budget.goto(`/targets/${id}`);
  await expect(budget.getByText("批复时相同，没有改动")).toBeVisible();
  await expect(budget.getByRole("row").filter({ hasText: "批复" })).toHaveCount(1);
}

async function audit(page: Page, id: string): Promise<void> {
  await page.goto(`/audit?record=${id}`);
  const rows = page.getByRole("table").locator("tbody");
  for (const what of ["编制绩效目标", "保存绩效目标", "写审核意见", "答复审核意见"]) {
    await expect(rows).toContainText(what);
  }
  await page.goto("/audit");
  await page.getByRole("button", { name: "校验" }).click();
  await expect(page.getByRole("status")).toContainText("审计链完整");
}
