// Logging in by the place's own provider, a second person's approval, and a second factor.
import { createHmac } from "node:crypto";
import type { Browser, Page } from "@playwright/test";
import { accessible, expect, login, test } from "../person";

// A browser of its own, as another person has.
async function visitor(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage();
}

// What the provider's own pages ask: a name, then consent.
async function atProvider(page: Page, name: string): Promise<void> {
  await page.locator("input[name=login]").fill(name);
  await page.locator("input[name=password]").fill("whatever");
  await page.locator("button[type=submit]").click();
  await page.locator("button[type=submit]").click();
}

test.describe.serial("统一认证", () => {
  test("an account is made, named at the provider, and let in", async ({ browser }) => {
    const page = await visitor(browser);
    await login(page, "/accounts", "sysadmin");
    await page.goto("/accounts");
    await accessible(page);
    await page.getByRole("link", { name: "新建账号" }).click();
    await page.getByLabel("用户名").fill("tongyi");
    await page.getByLabel("姓名").fill("统一登录的人");
    await page.getByLabel("统一认证标识").fill("idp-wang");
    await accessible(page);
    await page.getByRole("button", { name: "新建账号" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "一次性密码" })).toBeVisible();
    await accessible(page);

    const person = await visitor(browser);
    await person.goto("/login?next=/rights");
    await accessible(person);
    await person.getByRole("link", { name: "统一认证登录" }).click();
    await atProvider(person, "idp-wang");
    await expect(person.getByRole("heading", { level: 1, name: "我的权限" })).toBeVisible();
    await accessible(person);
    await person.goto("/sessions");
    await expect(person.getByRole("cell", { name: "统一认证" })).toBeVisible();
    await accessible(person);
  });

  test("whom the system does not know stays out", async ({ browser }) => {
    const page = await visitor(browser);
    await page.goto("/login");
    await page.getByRole("link", { name: "统一认证登录" }).click();
    await atProvider(page, "idp-stranger");
    await expect(page.getByRole("alert")).toContainText("没有对应的账号");
  });

  for (const [name, words] of [["nonce", "答复不可信"], ["state", "不是从这个浏览器开始"]] as const) {
    test(`an answer with another ${name} is refused`, async ({ browser }) => {
      const page = await visitor(browser);
      const begun = await page.request.get("/login/common", { maxRedirects: 0 });
      const address = new URL(begun.headers()["location"] ?? "");
      expect(address.searchParams.get("code_challenge_method")).toBe("S256");
      address.searchParams.set(name, "forged-by-somebody");
      await page.goto(address.href);
      await atProvider(page, "idp-wang");
      await expect(page.getByRole("alert")).toContainText(words);
    });
  }

  test("two persons close the account, and the provider lets nobody in", async ({ browser }) => {
    const asker = await visitor(browser);
    await login(asker, "/", "sysadmin");
    await asker.goto("/accounts?text=tongyi");
    await asker.getByRole("link", { name: "统一登录的人" }).click();
    await accessible(asker);
    const wish = asker.locator("details", { hasText: "停用后不能登录" });
    await wish.locator("summary").click();
    await wish.getByLabel("理由").fill("调离");
    await wish.getByRole("button", { name: "申请停用账号" }).click();
    await expect(asker.getByText("不能由您自己复核")).toBeVisible();

    const second = await visitor(browser);
    await login(second, "/", "secadmin");
    await second.goto("/privileged-changes");
    await accessible(second);
    await second.getByRole("link", { name: "停用账号" }).first().click();
    await accessible(second);
    await second.getByRole("button", { name: "同意并立即生效" }).click();
    await expect(second.getByText("已同意并生效")).toBeVisible();

    const person = await visitor(browser);
    await person.goto("/login");
    await person.getByRole("link", { name: "统一认证登录" }).click();
    await atProvider(person, "idp-wang");
    await expect(person.getByRole("alert")).toContainText("已停用，不能登录");
  });
});

// The six digits that an authenticator shows (RFC 6238).
function code(secret: string, seconds: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replaceAll(" ", "")].map((c) => letters.indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("an authenticator is bound, asked for, and taken away", async ({ browser }) => {
  const page = await visitor(browser);
  await login(page, "/", "renda");
  await page.goto("/second-factor");
  await accessible(page);
  await page.getByRole("button", { name: "绑定验证器" }).click();
  const picture = page.getByRole("img");
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await accessible(page);
  const secret = (await page.locator("code.secret").textContent()) ?? "";
  // The step before, so that the present one is still unused.
  await page.getByLabel("验证码").fill(code(secret, Date.now() / 1000 - 30));
  await page.getByRole("button", { name: "绑定" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "请保存恢复码" })).toBeVisible();
  await accessible(page);
  const recovery = (await page.locator(".codes code").first().textContent()) ?? "";

  const again = await visitor(browser);
  const passwords = JSON.parse(process.env.JIXIAO_E2E_PASSWORDS ?? "{}");
  await again.goto("/login");
  await again.getByLabel("用户名").fill("renda");
  await again.getByLabel("密码").fill(passwords["renda"] ?? "");
  await again.getByRole("button", { name: "登录" }).click();
  await expect(again.getByRole("heading", { level: 1, name: "输入验证码" })).toBeVisible();
  await accessible(again);
  await again.getByLabel("验证码").fill(code(secret, Date.now() / 1000));
  await again.getByRole("button", { name: "继续" }).click();
  await expect(again.getByRole("navigation", { name: "主导航" })).toBeVisible();

  await again.goto("/second-factor");
  await again.getByLabel("验证器上现在的 6 位数字").fill(recovery);
  await again.getByRole("button", { name: "解除绑定" }).click();
  await expect(again.getByText("未绑定")).toBeVisible();
});
