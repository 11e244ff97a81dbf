// Money waits for its target: the library, added money that asks the unit for a target, what the
// congress gets and the reply. A unit enters a project of its own.
import type { Page } from "@playwright/test";
import { accessible, expect, login, test } from "../person";

test.describe("the budget office", () => {
  test.use({ who: "yusuan" });

  test("narrows the library and opens a project", async ({ person: page }) => {
    await page.goto("/budget?year=2020");
    await page.getByLabel("名称、编码或单位").fill("会议");
    await page.getByRole("button", { name: "查询" }).click();
    await expect(page.getByRole("link", { name: "市委重要会议和重大活动保障" })).toBeVisible();
    await accessible(page);
    await page.getByRole("link", { name: "市委重要会议和重大活动保障" }).click();
    await expect(page.getByRole("heading", { name: "各月执行（万元）" })).toBeVisible();
    await expect(page.getByText("资金都已下达")).toBeVisible();
    await accessible(page);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.goto("/budget.xlsx?year=2020&department=o-none").catch(() => undefined),
    ]);
    expect(file.suggestedFilename()).toBe("2020年项目库.xlsx");
  });

  test("adds money, which waits for the unit's target", async ({ person: page, browser }) => {
    await page.goto("/budget/projects/o-001-06?year=2021");
    await page.getByText("登记追加、调减或调剂").click();
    await page.getByLabel("金额（万元；调减写正数，调剂减少写负数）").fill("12.5");
    await page.getByLabel("文号", { exact: true }).last().fill("绵财建〔2021〕7号");
    await page.getByRole("button", { name: "登记", exact: true }).click();
    await expect(page.getByRole("status")).toContainText("单位的待办里已有一份待填报的目标");
    await expect(page.getByText("V14")).toBeVisible();
    await expect(page.getByRole("button", { name: "下达指标" })).toHaveCount(0);
    await accessible(page);
    const context = await browser.newContext();
    const clerk = await context.newPage();
    await login(clerk, "/?year=2021", "101a");
    await clerk.goto("/budget?year=2021&target=filling");
    await expect(clerk.getByRole("link", { name: "党内法规和信息报送工作经费" })).toBeVisible();
    await context.close();
  });

  test("submits, takes back, submits again and replies", async ({ person: page }) => {
    test.setTimeout(120_000);
    await submit(page);
    await accessible(page);
    await page.getByText("撤回材料").click();
    await page.getByLabel("撤回原因（必填）").fill("漏了一个部门");
    await page.getByRole("button", { name: /^撤回 / }).click();
    await expect(page.getByText("漏了一个部门")).toBeVisible();
    await submit(page);
    await page.getByRole("link", { name: "看全文、打印" }).click();
    await expect(page.getByRole("article")).toContainText("绵竹市财政局");
    await accessible(page);
    await page.goBack();
    await page.getByLabel("人大批准日期").fill("2021-02-10");
    await page.getByLabel("批复日期").fill("2021-02-25");
    await page.getByLabel("批复文号").fill("绵财预〔2021〕3号");
    await page.getByRole("button", { name: /^批复 / }).click();
    await expect(page.getByRole("status")).toContainText("目标已锁定");
    await expect(page.getByText("2021-03-02")).toBeVisible();
    await accessible(page);
  });
});

async function submit(page: Page): Promise<void> {
  await page.goto("/npc-packages?year=2021");
  const known = page.getByText("我已知道");
  if (await known.count()) await known.click();
  await page.getByRole("button", { name: /^报送 / }).click();
  await expect(page.getByRole("status")).toContainText("已报送");
}

test.describe("a unit", () => {
  test.use({ who: "101a" });

  test("enters a project and is led to its target", async ({ person: page }) => {
    await page.goto("/budget?year=2021");
    await page.getByRole("link", { name: "新增项目" }).click();
    await accessible(page);
    await page.getByLabel("项目名称").fill("档案数字化");
    await page.getByLabel("项目类别").selectOption("special_purpose");
    await page.getByLabel("2021 年申报金额（万元）").fill("30");
    await page.getByRole("button", { name: "加入项目库" }).click();
    await expect(page.getByText(/51068321T\d{12}/)).toBeVisible();
    await page.getByRole("link", { name: "编制绩效目标" }).click();
    await expect(page.getByLabel("预算年度")).toHaveValue("2021");
  });
});
