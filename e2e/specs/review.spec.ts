// 会审 by keyboard: a meeting is planned, its agenda filled, targets are graded, agreed on, given back
// and put aside, and the minutes are final once it is closed. Then the board of who has not filed.
import type { Page } from "@playwright/test";
import { accessible, expect, test } from "../person";

async function plan(page: Page): Promise<void> {
  await page.goto("/joint-reviews?year=2021");
  await page.getByRole("link", { name: "安排会审" }).click();
  await page.getByLabel("主题").fill("2021 年目标会审（第一次）");
  await page.getByLabel("地点").fill("三楼会议室");
  await accessible(page);
  await page.getByRole("button", { name: "保存" }).click();
  await page.getByRole("button", { name: /^全部加入/ }).click();
  await expect(page.getByRole("button", { name: "开始会审" })).toBeEnabled();
  await accessible(page);
  await page.getByRole("button", { name: "开始会审" }).click();
}

// Presses the keys, and waits until the page of the next target is there.
async function onBy(page: Page, press: () => Promise<void>): Promise<void> {
  const before = page.url();
  await press();
  await page.waitForURL((url) => url.href !== before);
  await expect(page.locator("[data-pace]")).toBeVisible();
}

test("a meeting is held by keyboard and its minutes are final once it is closed", async ({ person: page }) => {
  test.setTimeout(120_000);
  await plan(page);
  const meeting = page.url();
  await page.getByRole("link", { name: /^逐项会审/ }).click();
  await expect(page.locator("[data-pace]")).toHaveText(/^1\//);
  await accessible(page);

  // All eight items alike: two keys.
  await page.keyboard.press("0");
  await expect(page.locator("#live-grade")).toHaveAttribute("data-grade", "优");
  await onBy(page, () => page.keyboard.press("Enter"));

  // A slip of the hand is taken back on the spot; what was judged is still in the form.
  const status = page.getByRole("status").filter({ hasText: "上一项已审定" });
  await expect(status).toContainText("优，通过");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("撤销上一项的议决");
  await page.keyboard.press("Escape");
  await onBy(page, () => page.keyboard.press("u"));
  await expect(page.getByText("已撤销议决，这一项重新审议")).toBeVisible();
  await expect(page.locator("#live-grade")).toHaveAttribute("data-grade", "优");
  await accessible(page);
  await onBy(page, () => page.keyboard.press("Enter"));
  await expect(status.getByRole("button", { name: "撤销" })).toBeVisible();

  // 良 asks for what was agreed; the cursor goes there.
  for (const digit of "11111222") await page.keyboard.press(digit);
  await expect(page.locator("#live-grade")).toHaveAttribute("data-grade", "良");
  await expect(page.locator("#live-grade")).toContainText("若有 1 项由良改为优，就是优");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel(/^商定的修改意见/)).toBeFocused();
  await page.keyboard.type("满意度指标值改为 92%");
  await onBy(page, () => page.keyboard.press("Control+Enter"));

  await onBy(page, () => page.keyboard.press("s"));
  await page.keyboard.press("r");
  await expect(page.getByLabel(/^总体意见/)).toBeFocused();
  await page.keyboard.type("指标没有量化，请补充");
  await page.keyboard.press("Escape");
  await onBy(page, () => page.keyboard.press("r"));

  await page.goto(meeting);
  const rows = page.getByRole("table").first().locator("tbody");
  await expect(rows).toContainText("优，通过");
  await expect(rows).toContainText("良，按商定意见修改后通过");
  await expect(rows).toContainText("跳过，待议");
  await page.getByText("结束会审…").click();
  await page.getByRole("button", { name: "确认结束" }).click();
  await page.getByRole("link", { name: "会审纪要" }).click();
  await expect(page.getByText("已定稿")).toBeVisible();
  await expect(page.locator(".paper")).toContainText("满意度指标值改为 92%");
  await accessible(page);
});

test("the board leads from the sections to whoever holds a target", async ({ person: page }) => {
  await page.goto("/targets/progress?year=2021");
  await accessible(page);
  await page.getByRole("link", { name: "行政政法股", exact: true }).click();
  const board = page.getByRole("region", { name: /行政政法股/ });
  await board.locator("tbody tr").first().getByRole("link").first().click();
  await expect(board.locator("thead")).toContainText("单位");
  await page.getByRole("link", { name: "去催报" }).click();
  await expect(page.getByRole("heading", { name: "催报" })).toBeVisible();
});
