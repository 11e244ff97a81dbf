// A clerk's morning: what to do first, what is due, who urges, and what was told.
import type { Browser, Page } from "@playwright/test";
import { accessible, expect, login, test } from "../person";

async function personOf(browser: Browser, name: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.on("pageerror", (error) => {
    throw error;
  });
  await login(page, "/", name);
  return page;
}

// The day so many days from now, in China.
function day(days: number): string {
  const moment = new Date(Date.now() + (8 * 3600 + days * 24 * 3600) * 1000);
  return moment.toISOString().slice(0, 10);
}

test.describe.serial("首页", () => {
  test("a clerk begins a target, and the home page says what to do and how long it takes", async ({ browser }) => {
    const clerk = await personOf(browser, "101a");
    await clerk.goto("/objects/o-001-05");
    await clerk.getByRole("link", { name: "编制绩效目标" }).click();
    await clerk.getByLabel("预算年度").selectOption("2022");
    await clerk.getByLabel(/为底稿/).check();
    await clerk.getByRole("button", { name: "开始填报" }).click();
    await expect(clerk.getByRole("heading", { level: 1, name: "填报绩效目标" })).toBeVisible();

    await clerk.goto("/");
    await expect(clerk.getByRole("heading", { level: 1, name: "先办这几件" })).toBeVisible();
    const cards = clerk.locator(".todo > li");
    const count = await cards.count();
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(3);
    for (const card of await cards.all()) await expect(card).toContainText(/约 \d+ 分钟/);
    await accessible(clerk);
    await clerk.context().close();
  });

  test("a date is set, is near, and then is past", async ({ browser }) => {
    const bureau = await personOf(browser, "jixiao");
    await bureau.goto("/deadlines");
    await accessible(bureau);
    const form = bureau.getByRole("form", { name: "设定一轮期限" });
    await form.getByLabel("工作").selectOption("绩效目标");
    await form.getByLabel("年度").fill("2022");
    await form.getByLabel("截止日").fill(day(-2));
    // Past its date, and still open for filing.
    await form.getByLabel("宽限天数").fill("60");
    await form.getByRole("button", { name: "设定期限" }).click();
    await expect(bureau.getByText("宽限中")).toBeVisible();

    await bureau.goto("/overdue");
    await expect(bureau.getByRole("heading", { level: 1, name: "逾期清单" })).toBeVisible();
    await expect(bureau.getByRole("columnheader", { name: "逾期天数" })).toBeVisible();
    await expect(bureau.getByRole("cell", { name: "2", exact: true }).first()).toBeVisible();
    await accessible(bureau);
    const [file] = await Promise.all([
      bureau.waitForEvent("download"),
      bureau.getByRole("link", { name: "导出 Excel" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("逾期清单.xlsx");
    await bureau.context().close();
  });

  test("the section urges, and the unit is told", async ({ browser }) => {
    const section = await personOf(browser, "gushi1");
    await section.goto("/urging?late=1");
    await accessible(section);
    await section.getByRole("checkbox").first().check();
    await section.getByRole("button", { name: "预览选中的" }).click();
    await section.getByRole("textbox", { name: "补充说明" }).fill("请于周五前送审。");
    await accessible(section);
    await section.getByRole("button", { name: "发送催报" }).click();
    await expect(section.getByRole("heading", { level: 1, name: "催报结果" })).toBeVisible();
    await section.context().close();

    const clerk = await personOf(browser, "101a");
    await expect(clerk.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: /消息/ })).toContainText(/\d/);
    await clerk.goto("/notices");
    const told = clerk.locator(".notices li.unread").filter({ hasText: "催报" }).first();
    await expect(told).toContainText("请于周五前送审。");
    await accessible(clerk);
    await told.getByRole("button").click();
    await clerk.goto("/notices");
    await expect(clerk.locator(".notices li.unread").filter({ hasText: "请于周五前送审。" })).toHaveCount(0);
    const all = clerk.getByRole("button", { name: "全部标为已读" });
    if (await all.isVisible()) await all.click();
    await clerk.goto("/notices?show=unread");
    await expect(clerk.getByText("没有未读的消息")).toBeVisible();
    await clerk.context().close();
  });

  test("the three lists and the calendar say the same", async ({ browser }) => {
    const clerk = await personOf(browser, "101a");
    const lists = clerk.getByRole("navigation", { name: "工作范围" });
    const list = clerk.getByRole("region", { name: "工作清单" }).last();
    // Others may have begun targets of the year too.
    const name = "机要保密和密码通信设备运维";
    const own = list.getByRole("row").filter({ hasText: day(-2) }).filter({ hasText: name });
    await expect(own).toBeVisible();
    await clerk.goto(`/calendar?month=${day(-2).slice(0, 7)}`);
    await expect(clerk.locator(`#d${day(-2)}`)).toContainText("绩效目标");
    await accessible(clerk);

    // What was handed on waits no more; it was done, and begun by the clerk.
    await clerk.goto("/");
    await own.getByRole("link").first().click();
    await clerk.getByRole("button", { name: "提交负责人", exact: true }).click();
    await expect(clerk.getByRole("alert")).toHaveCount(0);
    for (const tab of ["已办", "我发起的"]) {
      await clerk.goto("/");
      await expect(own).toHaveCount(0);
      await lists.getByRole("link", { name: tab }).click();
      await expect(lists.getByRole("link", { name: tab })).toHaveAttribute("aria-current", "page");
      await expect(list.getByRole("row").filter({ hasText: "绩效目标" }).first()).toBeVisible();
      await accessible(clerk);
    }
    await clerk.context().close();
  });
});
