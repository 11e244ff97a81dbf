// The frame around every page: who sees what, a list that is kept as one likes it, the keyboard,
// dark and print, narrow screens, and work that takes longer than a moment.
import type { Browser, Page } from "@playwright/test";
import { accessible, expect, login, test } from "../person";

const LISTS = ["/objects?year=2020", "/overview?year=2020", "/metrics?year=2020", "/statement?year=2020"];
const WORK = ["/", "/notices", "/urging", "/overdue", "/deadlines", "/units", "/jobs"];

async function entries(page: Page): Promise<string[]> {
  const all = await page.getByRole("navigation", { name: "主导航" }).getByRole("link").allTextContents();
  return all.map((text) => text.replace(/\d+\+?$/, "").trim());
}

async function personOf(browser: Browser, name: string, javaScriptEnabled = true): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled });
  const page = await context.newPage();
  await login(page, "/", name);
  return page;
}

test("each role has the entries of its work and no other", async ({ browser }) => {
  for (const [name, seen, unseen] of [
    ["101a", ["首页", "消息", "项目与部门", "表格检查", "单位"], ["催报", "填报期限", "账号管理", "审计"]],
    ["gushi1", ["首页", "催报", "项目与部门", "总览"], ["账号管理", "邮件发送", "审计"]],
    ["jixiao", ["首页", "催报", "填报期限", "总览", "年度说明"], ["账号管理", "审计"]],
    ["sysadmin", ["首页", "账号管理", "邮件发送"], ["项目与部门", "催报", "总览", "审计"]],
  ] as const) {
    const page = await personOf(browser, name);
    const found = await entries(page);
    for (const entry of seen) expect(found, name).toContain(entry);
    for (const entry of unseen) expect(found, name).not.toContain(entry);
    await page.context().close();
  }
});

for (const javaScriptEnabled of [true, false]) {
  test(`a list is kept as one likes it ${javaScriptEnabled ? "with" : "without"} script`, async ({ browser }) => {
    const page = await personOf(browser, "guoku", javaScriptEnabled);
    const name = javaScriptEnabled ? "各部门" : "各部门二";
    await page.goto("/objects?year=2020");
    await page.getByRole("combobox", { name: "类型" }).selectOption("部门整体");
    if (!javaScriptEnabled) await page.getByRole("search", { name: "筛选" }).getByRole("button", { name: "查询" }).click();
    await expect(page.getByRole("rowheader", { name: "共 69 项" })).toBeVisible();
    await page.locator("summary", { hasText: "常用筛选" }).click();
    await page.getByLabel("存为常用筛选").fill(name);
    await page.getByRole("button", { name: "保存当前条件" }).click();
    await expect(page.locator("summary", { hasText: name })).toBeVisible();

    await page.locator("summary").filter({ hasText: /^列$/ }).click();
    await page.getByRole("checkbox", { name: "代码" }).check();
    await page.getByRole("checkbox", { name: "绩效目标" }).uncheck();
    await page.getByRole("radio", { name: "紧凑" }).check();
    await page.getByRole("button", { name: "保存", exact: true }).click();
    await expect(page.getByRole("columnheader", { name: "代码" })).toBeVisible();
    await expect(page.getByRole("columnheader", { name: "绩效目标" })).toHaveCount(0);
    await expect(page.locator("table.grid.dense")).toBeVisible();

    // Another visit begins where this one ended.
    await page.goto("/objects?year=2020");
    await expect(page.getByRole("columnheader", { name: "代码" })).toBeVisible();
    await page.locator("summary", { hasText: "常用筛选" }).click();
    await page.getByRole("link", { name, exact: true }).click();
    await expect(page.getByRole("rowheader", { name: "共 69 项" })).toBeVisible();
    await page.locator("summary", { hasText: name }).click();
    await page.getByRole("button", { name: `删除常用筛选“${name}”` }).click();
    await expect(page.locator("summary", { hasText: "常用筛选" })).toBeVisible();
    await page.locator("summary").filter({ hasText: /^列$/ }).click();
    await page.getByRole("button", { name: "恢复默认" }).click();
    await expect(page.getByRole("columnheader", { name: "绩效目标" })).toBeVisible();
    await page.context().close();
  });
}

test("the keyboard searches, walks, picks and folds", async ({ person }) => {
  await person.goto("/objects?year=2020");
  await person.keyboard.press("j");
  await expect(person.locator(".grid tbody th a").first()).toBeFocused();
  await person.keyboard.press("ArrowDown");
  await expect(person.locator(".grid tbody th a").nth(1)).toBeFocused();
  await person.keyboard.press("x");
  await expect(person.getByText("已选 1 项")).toBeVisible();
  await person.keyboard.press("[");
  await expect(person.locator("html")).toHaveClass(/folded/);
  await person.keyboard.press("[");
  await person.keyboard.press("/");
  await expect(person.locator("[data-search]")).toBeFocused();
});

test("dark is chosen once and stays", async ({ person }) => {
  test.setTimeout(180_000);
  await person.goto("/objects?year=2020");
  await accessible(person);
  await person.locator("details.person summary").click();
  await person.getByRole("button", { name: "深色" }).click();
  await expect(person).toHaveURL(/\/objects\?year=2020$/);
  const ground = () => person.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  expect(dark).not.toBe("rgb(245, 246, 248)");
  for (const path of [...LISTS, ...WORK]) {
    await person.goto(path);
    expect(await ground(), path).toBe(dark);
    await accessible(person);
  }
  await person.locator("details.person summary").click();
  await person.getByRole("button", { name: "浅色" }).click();
  expect(await ground()).toBe("rgb(245, 246, 248)");
});

test("on paper there is the content alone", async ({ person }) => {
  await person.emulateMedia({ media: "print" });
  for (const path of ["/objects?year=2020", "/overdue", "/metrics?year=2020"]) {
    await person.goto(path);
    for (const part of ["header.top", "nav.side", ".strip-box", ".title-line .actions"]) {
      for (const found of await person.locator(part).all()) await expect(found, `${path} ${part}`).toBeHidden();
    }
    await expect(person.getByRole("heading", { level: 1 })).toBeVisible();
  }
});

for (const [width, height, what] of [
  [1366, 768, "an office screen"],
  [1093, 614, "the same at 125 %"],
  [390, 844, "a phone"],
] as const) {
  test.describe(`on ${what}`, () => {
    test.use({ viewport: { width, height } });

    test("no page is wider than the screen", async ({ person }) => {
      test.setTimeout(180_000);
      for (const path of [...LISTS, ...WORK]) {
        await person.goto(path);
        const tooWide = await person.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(tooWide, path).toBe(0);
        await accessible(person);
      }
    });
  });
}

for (const javaScriptEnabled of [true, false]) {
  test(`a long export is made in the background ${javaScriptEnabled ? "with" : "without"} script`, async ({ browser }) => {
    const page = await personOf(browser, "jixiao", javaScriptEnabled);
    await page.goto("/objects?year=2020");
    await page.getByRole("button", { name: "导出 Excel" }).click();
    await expect(page).toHaveURL(/\/jobs\/[0-9a-zA-Z_-]+$/);
    const here = page.url();
    await expect(page.getByRole("heading", { level: 1, name: "2020年项目与部门.xlsx" })).toBeVisible();
    await expect(page.getByRole("progressbar")).toBeVisible();
    if (javaScriptEnabled) await accessible(page);
    // The page may be left; the work goes on, and the person's menu leads back.
    await page.goto("/");
    await page.locator("details.person summary").click();
    await page.getByRole("link", { name: "我的长任务" }).click();
    await page.getByRole("link", { name: "2020年项目与部门.xlsx" }).first().click();
    expect(page.url().split("?")[0]).toBe(here);
    await expect(page.getByText("完成", { exact: true })).toBeVisible({ timeout: 30_000 });
    if (javaScriptEnabled) await accessible(page);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "下载" }).click()]);
    expect(file.suggestedFilename()).toBe("2020年项目与部门.xlsx");
    await page.context().close();
  });
}
