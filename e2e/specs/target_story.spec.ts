// The targets of one year from the budget's figures to what the assessment counts, as the people of
// a city live it: a clerk copies last year's target, pastes ten indicators and is coached; the unit,
// its department and the section review; a meeting returns one target and grades the rest by
// keyboard; the congress gets the package, the reply locks the targets; added money waits for a
// target of its own, and an approved target is adjusted. Nothing is done but on pages.
import type { Browser, Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { accessible, expect, login, test } from "../person";

// This year, because a target is only adjusted in its own. The sample ends before it and no other
// story lives in it; the import of its budget opens it.
const TODAY = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const YEAR = Number(TODAY.slice(0, 4));
const CIPHER = { id: "o-001-05", code: "51068319T101000000005", name: "机要保密和密码通信设备运维" };
const INSPECTION = { id: "o-001-04", code: "51068319T101000000004", name: "督查督办和政策研究工作经费" };
const REFORM = { id: "o-001-07", code: "51068319T101000000007", name: "市委全面深化改革工作经费" };
// Gets money during the year.
const MEETINGS = { id: "o-001-03", code: "51068319T101000000003", name: "市委重要会议和重大活动保障" };
// Has money and never files a target.
const CONGRESS = { id: "o-002-03", code: "51068319T102000000003", name: "绵竹市人民代表大会会议经费" };
type Project = typeof CIPHER;

const BUDGET = [
  "项目编码,项目名称,单位编码,资金性质,年初预算数（万元）",
  `${CIPHER.code},${CIPHER.name},101,一般公共预算,80`,
  `${INSPECTION.code},${INSPECTION.name},101,一般公共预算,45.5`,
  `${REFORM.code},${REFORM.name},101,政府性基金预算,26`,
  `${CONGRESS.code},${CONGRESS.name},102,一般公共预算,120`,
  "合计,,,,271.5",
].join("\n");

// As a spreadsheet puts it on the clipboard. The weights make 85, which is 5 too few.
const PASTED = [
  ["产出指标", "数量指标", "保障密码通信线路", "≥", "72", "条", "10"],
  ["产出指标", "数量指标", "巡检密码设备次数", "≥", "24", "次", "10"],
  ["产出指标", "质量指标", "密码设备完好率", "≥", "98", "%", "10"],
  ["产出指标", "质量指标", "涉密文件传递差错", "≤", "0", "件", "10"],
  ["产出指标", "时效指标", "故障修复时间", "≤", "4", "小时", "5"],
  ["产出指标", "成本指标", "运维成本", "≤", "80", "万元", "5"],
  ["效益指标", "社会效益指标", "密码通信畅通率", "≥", "99", "%", "10"],
  ["效益指标", "社会效益指标", "失泄密事件", "≤", "0", "起", "10"],
  ["效益指标", "可持续影响指标", "机要人员持证上岗率", "≥", "100", "%", "5"],
  ["满意度指标", "服务对象满意度指标", "用密单位满意度", "≥", "90", "%", "10"],
];

const GOAL =
  "全年保障72条密码通信线路和用密单位的机要文件传递，巡检密码设备24次，密码通信畅通率达到99%，不发生失泄密事件。";

// How the package's files begin. A program that was built without its pdf feature offers no PDF.
const FORMATS = [["Word", "PK"], ["Excel", "PK"], ["PDF", "%PDF-"]].filter(
  ([name]) => name !== "PDF" || !process.env.JIXIAO_E2E_WITHOUT_PDF,
) as [string, string][];

test.use({ actionTimeout: 10_000 });

class City {
  private readonly people = new Map<string, Page>();
  constructor(private readonly browser: Browser) {}

  // The page of a person who is at work in this year; logged in when first asked for.
  async page(name: string): Promise<Page> {
    const known = this.people.get(name);
    if (known) return known;
    const context = await this.browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
    const page = await context.newPage();
    page.on("pageerror", (error) => {
      throw error;
    });
    await login(page, "/", name);
    this.people.set(name, page);
    return page;
  }

  async leave(): Promise<void> {
    for (const page of this.people.values()) await page.context().close();
  }
}

test("a year's targets are filled, reviewed, approved, added to, adjusted and counted", async ({ browser }) => {
  test.setTimeout(180_000);
  const city = new City(browser);
  await test.step("the budget office opens the year with its figures", () => importBudget(city));
  const cipher = await test.step("a clerk fills a target", () => fillByClipboard(city));
  const inspection = await begin(city, INSPECTION);
  const reform = await begin(city, REFORM);
  const targets = [cipher, inspection, reform];
  await test.step("unit, department and section review", async () => {
    for (const id of targets) await toTheSection(city, id);
    for (const id of targets) await pass(city, id);
  });
  await test.step("a meeting returns one target and grades the rest", () => meet(city, inspection));
  await test.step("the returned target is mended and agreed", () => mend(city, inspection));
  const npc = await test.step("the congress gets the package", () => submitPackage(city, targets));
  await test.step("the reply locks the targets", () => reply(city, npc, cipher));
  await test.step("added money waits for its target", () => addMoney(city));
  await test.step("an approved target is adjusted", () => adjust(city, cipher));
  await test.step("the assessment counts what was done", () => count(city));
  await city.leave();
});

async function importBudget(city: City): Promise<void> {
  const page = await city.page("yusuan");
  await page.goto("/budget/import");
  await page.getByLabel("预算年度").selectOption(String(YEAR));
  await page.locator("input[type=file]").setInputFiles({
    name: "年初预算.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(BUDGET),
  });
  await page.getByRole("button", { name: "上传并看差异" }).click();
  await expect(page.getByText("文件里的 1 个合计都相符")).toBeVisible();
  await page.getByRole("button", { name: `确认导入 ${YEAR} 年 4 笔` }).click();
  await expect(page).toHaveURL(`/objects?year=${YEAR}`);
  // The year took over which section each unit belongs to, so the section sees its projects.
  const section = await city.page("gushi1");
  await section.goto(`/budget?year=${YEAR}`);
  await expect(section.getByRole("link", { name: CIPHER.name })).toBeVisible();
}

// A row's cell by its place on the page, from 1.
const cell = (page: Page, row: number, column: string) => page.getByLabel(`第 ${row} 行 ${column}`, { exact: true });

// Begins a target as a copy of the last one, and saves it as it is.
async function begin(city: City, project: Project): Promise<string> {
  const page = await city.page("101a");
  await page.goto(`/budget/projects/${project.id}?year=${YEAR}`);
  await page.getByRole("link", { name: "编制绩效目标" }).click();
  await expect(page.getByLabel("预算年度")).toHaveValue(String(YEAR));
  await page.getByLabel(/以 \d+ 年的目标/).check();
  await page.getByRole("button", { name: "开始填报" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "填报绩效目标" })).toBeVisible();
  await save(page);
  return /\/targets\/([^/]+)\/edit/.exec(page.url())![1]!;
}

async function save(page: Page): Promise<void> {
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("status").filter({ hasText: "已保存。" })).toBeVisible();
}

async function fillByClipboard(city: City): Promise<string> {
  const id = await begin(city, CIPHER);
  const page = await city.page("101a");
  // What was copied gives way to this year's ten indicators.
  const rows = page.locator("tr[data-row]");
  for (let left = await rows.count(); left > 1; left -= 1) {
    await page.getByRole("button", { name: `删除第 ${left} 行` }).click();
    await expect(rows).toHaveCount(left - 1);
  }
  await page.evaluate((text) => navigator.clipboard.writeText(text), PASTED.map((row) => row.join("\t")).join("\r\n"));
  await cell(page, 1, "一级指标").focus();
  await page.keyboard.press("Control+v");
  await expect(rows).toHaveCount(PASTED.length);
  for (const [place, column] of ["一级指标", "二级指标", "三级指标", "性质", "指标值", "度量单位", "权重"].entries()) {
    await expect(cell(page, 10, column)).toHaveValue(PASTED[9]![place]!);
  }
  await expect(page.locator("[data-sum]")).toHaveText("85.00");
  await expect(page.locator("[data-sum-word]")).toHaveText("还差 5.00");

  // Coached while typing: advice comes by itself and is followed with its button.
  await page.getByRole("textbox", { name: "年度目标" }).fill(GOAL);
  const advice = page.getByRole("listitem").filter({ hasText: "没有说怎样调查、问多少人" });
  await expect(advice).toBeVisible();
  await accessible(page);
  await advice.getByRole("button", { name: /^采用建议/ }).click();
  await expect(cell(page, 10, "三级指标")).toHaveValue("用密单位满意度（抽样问卷，不少于30份）");
  await expect(advice).toHaveCount(0);

  // The sum is a finding once it is saved; its link leads to the table, and it is mended there.
  await save(page);
  const summary = page.locator(".error-summary");
  await expect(summary).toContainText("送审前还有 1 处必须改正");
  await summary.getByRole("link", { name: /权重/ }).click();
  await cell(page, 1, "权重").fill("15");
  await expect(page.locator("[data-sum-word]")).toHaveText("正好");
  await save(page);
  await expect(summary).toHaveCount(0);
  await page.getByRole("link", { name: "填好了，去提交" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "办理", exact: true })).toBeVisible();
  return id;
}

// One step on the page of the record's way.
async function act(page: Page, id: string, verb: string, comment = ""): Promise<void> {
  await page.goto(`/records/performance_target/${id}?year=${YEAR}`);
  const form = page.locator("details.act").filter({ has: page.locator("summary b", { hasText: new RegExp(`^${verb}$`) }) });
  if ((await form.getAttribute("open")) === null) await form.locator("summary").first().click();
  if (comment) await form.getByLabel(/^意见/).fill(comment);
  await form.getByRole("button", { name: verb, exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: /已办理|已送审/ }), verb).toBeVisible();
}

// From the unit's clerk to the section's desk.
async function toTheSection(city: City, id: string): Promise<void> {
  await act(await city.page("101a"), id, "提交负责人");
  await act(await city.page("101b"), id, "送审");
  await act(await city.page("101c"), id, "审核通过");
}

// The section passes it on with the form's eight items, by keyboard.
async function pass(city: City, id: string): Promise<void> {
  const page = await city.page("gushi1");
  await page.goto(`/targets/${id}/review?year=${YEAR}`);
  for (const digit of "11121121") await page.keyboard.press(digit);
  await expect(page.locator("#live-grade")).toHaveAttribute("data-grade", "优", { timeout: 15_000 });
  await page.keyboard.press("Enter");
  await expect(page.getByText("已办理：审核通过")).toBeVisible();
}

// Plans a meeting with every target that waits for one, and starts it: where it is held.
async function convene(page: Page, topic: string, targets: number): Promise<string> {
  await page.goto(`/joint-reviews?year=${YEAR}`);
  await page.getByRole("link", { name: "安排会审" }).click();
  await page.getByLabel("主题").fill(topic);
  await page.getByLabel("地点").fill("二楼会议室");
  await page.getByRole("button", { name: "保存" }).click();
  await page.getByRole("button", { name: `全部加入（${targets} 项）` }).click();
  await page.getByRole("button", { name: "开始会审" }).click();
  await expect(page.getByRole("link", { name: /^逐项会审/ })).toBeVisible();
  return page.url();
}

async function close(page: Page, meeting: string): Promise<void> {
  await page.goto(meeting);
  await page.getByText("结束会审…").click();
  await page.getByRole("button", { name: "确认结束" }).click();
  await expect(page.getByRole("link", { name: "会审纪要" })).toBeVisible();
}

async function meet(city: City, returned: string): Promise<void> {
  const page = await city.page("jixiao");
  const meeting = await convene(page, `${YEAR} 年目标会审（第一次）`, 3);
  const agenda = page.getByRole("table").first().locator("tbody");
  await expect(agenda).toContainText("行政政法股");
  await agenda.getByRole("link", { name: INSPECTION.name }).click();
  await expect(page.locator("[data-pace]")).toBeVisible();
  await page.keyboard.press("r");
  await expect(page.getByLabel(/^总体意见/)).toBeFocused();
  await page.keyboard.type("督查次数比上年少，请说明并核对指标值。");
  await page.keyboard.press("Escape");
  await page.keyboard.press("r");
  await expect(page.getByText("上一项已退回单位")).toBeVisible();

  // The rest are chosen and graded together without touching the mouse.
  await page.goto(meeting);
  await expect(agenda).toContainText("退回");
  await page.getByRole("checkbox", { name: "全选" }).focus();
  await page.keyboard.press("Space");
  await expect(page.getByText("已选 2 项")).toBeVisible();
  await page.getByRole("button", { name: "一起审定或退回…" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "一起审定 2 项" })).toBeVisible();
  await accessible(page);
  await page.keyboard.press("0");
  await expect(page.locator("#live-grade")).toHaveAttribute("data-grade", "优");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { level: 1, name: "2 项已办，0 项没有办" })).toBeVisible();
  await close(page, meeting);
}

async function mend(city: City, id: string): Promise<void> {
  const clerk = await city.page("101a");
  await clerk.goto(`/targets/${id}/edit?year=${YEAR}`);
  await expect(clerk.getByText("督查次数比上年少")).toBeVisible();
  await cell(clerk, 1, "指标值").fill("36");
  await save(clerk);
  await toTheSection(city, id);
  await pass(city, id);
  const page = await city.page("jixiao");
  const meeting = await convene(page, `${YEAR} 年目标会审（第二次）`, 1);
  await page.getByRole("link", { name: /^逐项会审/ }).click();
  await expect(page.locator("[data-pace]")).toHaveText("1/1");
  // The section's marks are there already; one item is judged otherwise, and 良 says what was agreed.
  for (const digit of "11112222") await page.keyboard.press(digit);
  await expect(page.locator("#live-grade")).toHaveAttribute("data-grade", "良");
  await page.keyboard.press("Enter");
  await page.keyboard.type("满意度调查改为年中、年末各一次");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("cell", { name: "良，按商定意见修改后通过" })).toBeVisible();
  await close(page, meeting);
}

async function submitPackage(city: City, targets: string[]): Promise<string> {
  const page = await city.page("yusuan");
  for (const id of targets) await act(page, id, "推进");
  await page.goto(`/npc-packages?year=${YEAR}`);
  await page.getByText("我已知道").click();
  await page.getByRole("button", { name: "报送 3 份目标" }).click();
  await expect(page.getByRole("status")).toContainText("已报送");
  const address = page.url();
  const all = page.locator("#departments").locator("..");
  for (const [name, begins] of FORMATS) {
    const away = page.waitForEvent("download");
    await all.getByRole("link", { name, exact: true }).click();
    const bytes = await readFile(await (await away).path());
    expect(bytes.subarray(0, begins.length).toString(), name).toBe(begins);
  }
  await page.getByRole("link", { name: "看全文、打印" }).click();
  const sheet = page.getByRole("article");
  for (const { name } of [CIPHER, INSPECTION, REFORM]) await expect(sheet).toContainText(name);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("navigation", { name: "主导航" })).toBeHidden();
  const paper = await page.pdf({ format: "A4" });
  expect(paper.length).toBeGreaterThan(10_000);
  await page.emulateMedia({ media: "screen" });
  return address;
}

async function reply(city: City, address: string, cipher: string): Promise<void> {
  const page = await city.page("yusuan");
  await page.goto(address);
  await page.getByLabel("人大批准日期").fill(TODAY);
  await page.getByLabel("批复日期").fill(TODAY);
  await page.getByLabel("批复文号").fill(`绵财预〔${YEAR}〕2号`);
  await page.getByRole("button", { name: "批复 3 份目标" }).click();
  await expect(page.getByRole("status")).toContainText("目标已锁定");
  const clerk = await city.page("101a");
  await clerk.goto(`/targets/${cipher}/edit?year=${YEAR}`);
  await expect(clerk.getByText("不能修改")).toBeVisible();
}

async function addMoney(city: City): Promise<void> {
  const page = await city.page("yusuan");
  const project = `/budget/projects/${MEETINGS.id}?year=${YEAR}`;
  await page.goto(project);
  await page.getByText("登记追加、调减或调剂").click();
  await page.getByLabel("金额（万元；调减写正数，调剂减少写负数）").fill("18");
  await page.getByLabel("文号", { exact: true }).last().fill(`绵财建〔${YEAR}〕41号`);
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.getByText("等绩效目标")).toBeVisible();
  await expect(page.getByRole("button", { name: "下达指标" })).toHaveCount(0);

  // The empty target is on the clerk's desk; it is filled from the last one.
  const clerk = await city.page("101a");
  await clerk.goto(project);
  await clerk.getByRole("link", { name: "看目标" }).click();
  await clerk.getByRole("link", { name: "填报", exact: true }).click();
  await clerk.getByRole("button", { name: "复制上年或相似项目的目标" }).click();
  await clerk.getByRole("button", { name: "复制勾选的内容" }).click();
  await expect(clerk.getByText("还没有保存的内容")).toBeVisible();
  await save(clerk);
  const id = /\/targets\/([^/]+)\/edit/.exec(clerk.url())![1]!;
  await toTheSection(city, id);
  await pass(city, id);
  await agree(city, id);
  await page.goto(project);
  await expect(page.getByRole("button", { name: "下达指标" })).toHaveCount(0);
  await approve(city, id);
  await page.goto(project);
  await page.getByRole("button", { name: "下达指标" }).click();
  await expect(page.getByText("资金都已下达")).toBeVisible();
}

// The performance section grades a target outside a meeting.
async function agree(city: City, id: string): Promise<void> {
  const page = await city.page("jixiao");
  await page.goto(`/targets/${id}/review?year=${YEAR}`);
  await page.keyboard.press("Enter");
  await expect(page.getByText("已办理：审核通过")).toBeVisible();
}

// What goes past the congress is approved by the budget office itself.
async function approve(city: City, id: string): Promise<void> {
  const page = await city.page("yusuan");
  await act(page, id, "推进");
  await act(page, id, "审核通过");
}

async function adjust(city: City, first: string): Promise<void> {
  const head = await city.page("101b");
  await head.goto(`/targets/${first}?year=${YEAR}`);
  await head.getByRole("link", { name: "调整目标" }).click();
  await head.getByLabel("为什么要调整").fill("年中新增 6 条密码通信线路");
  await head.getByLabel(/^批准调整的文号/).fill(`绵府办〔${YEAR}〕19号`);
  await head.getByRole("button", { name: "开始编第 2 版" }).click();
  await expect(head.getByRole("heading", { level: 1, name: /第 2 版/ })).toBeVisible();
  const second = /\/targets\/([^/?]+)/.exec(head.url())![1]!;
  const clerk = await city.page("101a");
  await clerk.goto(`/targets/${second}/edit?year=${YEAR}`);
  await cell(clerk, 1, "指标值").fill("78");
  await save(clerk);
  await toTheSection(city, second);
  await pass(city, second);
  await agree(city, second);
  await clerk.goto(`/targets/${first}?year=${YEAR}`);
  await expect(clerk.getByText("新的一版批复之前，这一版仍然有效")).toBeVisible();
  await approve(city, second);
  await clerk.goto(`/targets/${second}/editions?year=${YEAR}`);
  await expect(clerk.getByText("1 处改动")).toBeVisible();
  await expect(clerk.locator("del")).toContainText("72");
  await expect(clerk.locator("ins")).toContainText("78");
  const editions = clerk.getByRole("region", { name: "第 1 版 → 第 2 版" }).first();
  await expect(editions).toContainText("已被替换");
  await expect(editions).toContainText("年中新增 6 条密码通信线路");
}

// What the assessment asks of targets, each figure reckoned here by hand from what was done above.
async function count(city: City): Promise<void> {
  const page = await city.page("jixiao");
  const figure = (name: string) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });
  const shown = async (name: string, value: string, records: number) => {
    await expect(figure(name).locator("a.value"), name).toHaveText(value);
    await expect(figure(name).getByRole("link", { name: `${records} 条记录` }), name).toBeVisible();
  };
  await page.goto(`/metrics?year=${YEAR}`);
  // P4.1: one unit of the first level (101) has an approved target; the city has 69: 1 ÷ 69 = 1.449…%.
  await shown("目标管理部门覆盖率", "1.45%", 69);
  // P4.2: projects with money are the four imported and the one added to; only the congress's own
  // session has no target: 4 ÷ 5 = 80%.
  await shown("目标管理项目覆盖率", "80%", 5);
  // P4.3: the approved ones are paid from 一般公共预算 (three projects) and 政府性基金预算 (one):
  // 2 books of 4 records.
  await shown("目标管理资金范围", "2 本", 4);
  // P4.4: two meetings were closed.
  await shown("绩效目标会审", "是", 2);
  // Sent for the budget of the beginning: three, graded in the two meetings: 3 ÷ 3. The added money's
  // target and the adjusted edition are not of the beginning.
  await shown("会审覆盖率", "100%", 3);
  // P4.5: one package.
  await shown("绩效目标提交人大审查", "是", 1);
  // P5.2: four targets in force had a grade that decided on the budget: three 优 (among them the
  // adjusted edition, which stands for the one it replaced) and one 良.
  await shown("目标结果应用", "4 个", 4);
  await expect(figure("目标结果应用")).toContainText("优 3、良 1");
  await accessible(page);

  // Each figure leads to its records, those that do not count first.
  const sheet = page.getByRole("main");
  await figure("目标管理项目覆盖率").locator("a.value").click();
  await expect(sheet).toContainText("计入 4 条 ÷ 全部 5 条 × 100% ＝ 80%");
  const first = sheet.locator("table.records tbody tr").first();
  await expect(first).toContainText("未计入");
  await first.getByRole("link", { name: CONGRESS.name }).click();
  await expect(page.getByRole("heading", { level: 1, name: CONGRESS.name })).toBeVisible();

  await page.goto(`/metrics?year=${YEAR}`);
  await figure("目标结果应用").locator("a.value").click();
  await sheet.getByRole("link", { name: /^良 1/ }).click();
  await sheet.getByRole("link", { name: INSPECTION.name }).click();
  await expect(page.getByRole("heading", { level: 1, name: INSPECTION.name })).toBeVisible();
}
