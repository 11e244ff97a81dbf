// A clerk checks a form before sending it on: what is wrong, in which cell, and what it scores.
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import writeWorkbook from "write-excel-file/node";
import { accessible, expect, login, test } from "../person";

// The sources do not make the total, and what was not reached has full points.
const FORM = [
  ["项目支出绩效自评表"],
  ["（2020年度）"],
  ["项目名称", "农村饮水安全巩固提升"],
  ["主管部门", "绵竹市水利局", null, null, "实施单位", "绵竹市水利局"],
  ["项目资金（万元）", null, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
  [null, "年度资金总额", 500, 500, 487, 10, "97.4%", 9.74],
  [null, "其中：财政拨款", 500, 500, 480],
  ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
  ["产出指标", "数量指标", "新建供水点", "≥500处", "487处", 20, 20],
  ["产出指标", "质量指标", "水质达标率", "≥95%", "96%", 20, 20],
  ["产出指标", "时效指标", "按期完工率", "≥90%", "92%", 10, 10],
  ["效益指标", "社会效益指标", "受益人口", "≥3万人", "3.1万人", 30, 30],
  ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "93%", 10, 10],
  ["总分", null, null, null, null, 100, 99.74],
];

async function workbook(name: string): Promise<string> {
  const file = join(tmpdir(), name);
  const cells = FORM.map((row) => row.map((value) => (value === null ? null : { value })));
  await writeWorkbook(cells).toFile(file);
  return file;
}

test("a dropped form is checked and scored, and the findings are saved", async ({ person }) => {
  await person.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: "表格检查" }).click();
  await expect(person.getByText("检查后，这里列出每张表的问题和得分")).toBeVisible();
  await accessible(person);

  // A drop, as the browser reports one.
  const bytes = [...(await readFile(await workbook("jixiao-drop.xlsx")))];
  const dropped = await person.evaluateHandle((bytes) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], "水利局自评表.xlsx"));
    return transfer;
  }, bytes);
  await person.locator("[data-drop]").dispatchEvent("drop", { dataTransfer: dropped });
  await expect(person.getByText("水利局自评表.xlsx")).toBeVisible();
  await expect(person.getByRole("button", { name: "开始检查" })).toBeFocused();
  await person.keyboard.press("Enter");

  await expect(person.getByRole("heading", { name: "检查了 1 张表：错误 1 个，提醒 1 个，提示 0 个" })).toBeFocused();
  await accessible(person);
  const findings = person.getByRole("region", { name: "问题清单" });
  await expect(findings.getByRole("button", { name: "复制位置 E6" })).toBeVisible();
  await expect(findings.getByRole("button", { name: "复制位置 G9" })).toBeVisible();
  await findings.getByText("V07 资金来源合计等于总额").click();
  await expect(findings.getByText("依据：财预〔2020〕10号").first()).toBeVisible();

  // Severity is narrowed by keyboard too: the filters are radio buttons.
  await person.getByLabel("全部 2").focus();
  await person.keyboard.press("ArrowRight");
  await expect(findings.getByText("资金来源与总额不符")).toBeVisible();
  await expect(findings.getByText("没有达到却得了满分")).toBeHidden();

  const receipt = person.locator(".receipt");
  await expect(receipt.locator(".receipt-total")).toContainText("99.22");
  await receipt.getByRole("button", { name: "复核" }).click();
  await expect(receipt.getByText("复核一致")).toBeVisible();

  for (const [button, name] of [["下载检查结果（Excel）", "检查结果.xlsx"], ["CSV", "检查结果.csv"]] as const) {
    const [file] = await Promise.all([
      person.waitForEvent("download"),
      person.getByRole("button", { name: button, exact: true }).click(),
    ]);
    expect(file.suggestedFilename()).toBe(name);
  }
});

test("what is too large is told before it is sent", async ({ person }) => {
  await person.goto("/check");
  await person.getByLabel("把绩效表拖到这里，或选择文件").setInputFiles({
    name: "带照片的表.xlsx",
    mimeType: "application/octet-stream",
    buffer: Buffer.alloc(21 * 1024 * 1024),
  });
  await expect(person.getByRole("alert")).toContainText("超过 20 MB");
  await expect(person.getByRole("button", { name: "开始检查" })).toBeDisabled();
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("a form is checked, a bad file is explained, and a receipt is recomputed", async ({ page }) => {
    await login(page, "/check");
    const broken = { name: "坏文件.xlsx", mimeType: "application/octet-stream", buffer: Buffer.from("PK\u0003\u0004") };
    await page.getByLabel("选择文件").setInputFiles(broken);
    await page.getByRole("button", { name: "开始检查" }).click();
    await expect(page.getByText("文件已损坏")).toBeVisible();

    await page.getByLabel("选择文件").setInputFiles(await workbook("jixiao-plain.xlsx"));
    await page.getByRole("button", { name: "开始检查" }).click();
    await expect(page.getByText("各项相加是 480万元")).toBeVisible();
    await page.getByRole("button", { name: "复核" }).click();
    await expect(page.getByText("复核一致")).toBeVisible();
  });
});
