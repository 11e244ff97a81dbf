// A reviewer looks for what is due, finds a project, reads its life and recomputes its receipt.
import { accessible, expect, login, test } from "../person";

test("the login page leads to what was asked for", async ({ page }) => {
  await page.goto("/objects?year=2020");
  await accessible(page);
  await login(page, "/objects?year=2020");
  await expect(page).toHaveURL(/\/objects\?year=2020$/);
});

test("the overview says what is due and leads to it", async ({ person }) => {
  await person.goto("/overview?year=2020");
  await expect(person.getByRole("heading", { name: "2020 年总览" })).toBeVisible();
  await expect(person.locator(".chart-area svg").first()).toBeVisible();
  await accessible(person);
  await person.getByRole("region", { name: "各部门办到哪一步" }).getByRole("link", { name: "整改" }).click();
  await expect(person.getByRole("columnheader", { name: "整改" })).toHaveAttribute("aria-sort", "ascending");
  await person.getByRole("link", { name: "逐项查看" }).first().click();
  await expect(person.getByRole("heading", { name: "项目与部门" })).toBeVisible();
  await expect(person.getByText("待办：整改未完成")).toBeVisible();
});

test("the list is narrowed, sorted and left through a name", async ({ person }) => {
  await person.goto("/objects?year=2020");
  await person.getByRole("combobox", { name: "类型" }).selectOption("部门整体");
  await expect(person.getByRole("rowheader", { name: "共 69 项" })).toBeVisible();
  await expect(person).toHaveURL(/kind=department/);
  await person.getByRole("link", { name: "全年预算（万元）" }).click();
  await expect(person.getByRole("columnheader", { name: "全年预算（万元）" })).toHaveAttribute(
    "aria-sort",
    "descending",
  );
  await accessible(person);
  const [file] = await Promise.all([
    person.waitForEvent("download"),
    person.getByRole("link", { name: "导出 CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("2020年项目与部门.csv");
});

test("a receipt is recomputed before the reader's eyes", async ({ person }) => {
  await person.goto("/objects?year=2020&kind=project&sort=score&grade=%E5%B7%AE");
  await person.locator(".grid tbody th a").first().click();
  await expect(person.getByRole("heading", { name: "全过程" })).toBeVisible();
  await accessible(person);
  const receipt = person.locator(".receipt").first();
  await receipt.locator(".why summary").first().click();
  await expect(receipt.locator(".why dl").first()).toContainText("依据");
  await receipt.getByRole("button", { name: "复核" }).click();
  await expect(receipt.getByText("复核一致")).toBeVisible();
  await expect(person).toHaveURL(/\/objects\//);
  const [file] = await Promise.all([
    person.waitForEvent("download"),
    receipt.getByRole("button", { name: "下载回执" }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^得分回执-.+\.json$/);
});

test("a session that has ended asks for a login", async ({ page, context }) => {
  await login(page, "/objects?year=2020");
  await context.clearCookies();
  await page.getByRole("combobox", { name: "类型" }).selectOption("政策");
  await expect(page.getByRole("button", { name: "登录" })).toBeVisible();
});

test("everything is in reach of the keyboard", async ({ person }) => {
  await person.goto("/objects?year=2020");
  await person.keyboard.press("?");
  await expect(person.getByRole("dialog", { name: "键盘" })).toBeVisible();
  await person.keyboard.press("Escape");
  const first = person.locator(".grid tbody th a").first();
  await first.focus();
  await person.keyboard.press("ArrowDown");
  await expect(person.locator(".grid tbody th a").nth(1)).toBeFocused();
  await person.keyboard.press("/");
  await person.keyboard.type("人员经费");
  await person.keyboard.press("Enter");
  await expect(person.getByText("含“人员经费”")).toBeVisible();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 320, height: 640 } });

  test("no page is wider than the screen", async ({ person }) => {
    for (const path of ["/", "/objects?year=2020", "/objects?kind=department", "/password"]) {
      await person.goto(path);
      const tooWide = await person.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(tooWide, path).toBe(0);
      await accessible(person);
    }
  });
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("a receipt can be recomputed as well", async ({ page }) => {
    await login(page, "/objects?year=2020&kind=project&sort=score");
    await page.locator(".grid tbody th a").first().click();
    await page.locator(".receipt").first().getByRole("button", { name: "复核" }).click();
    await expect(page.getByText("复核一致")).toBeVisible();
  });
});
