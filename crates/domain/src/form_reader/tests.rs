use proptest::prelude::*;

use super::*;
use crate::form::Field;
use crate::number::Decimal;

/// A sheet from lines of cells parted by `|`; merged areas as `A1:B2`.
fn sheet(lines: &str, merges: &[&str]) -> Grid {
    let rows = lines
        .trim()
        .lines()
        .map(|line| {
            line.split('|')
                .map(|text| GridCell {
                    text: text.trim().replace("\\n", "\n"),
                    ..GridCell::default()
                })
                .collect()
        })
        .collect();
    let corner = |text: &str| {
        let column = usize::from(text.as_bytes()[0] - b'A');
        (text[1..].parse::<usize>().unwrap() - 1, column)
    };
    let merges = merges
        .iter()
        .map(|merge| {
            let (from, to) = merge.split_once(':').unwrap();
            let ((top, left), (bottom, right)) = (corner(from), corner(to));
            Area {
                top,
                left,
                bottom,
                right,
            }
        })
        .collect();
    Grid {
        rows,
        merges,
        ..Grid::default()
    }
}

fn one(lines: &str, merges: &[&str]) -> Reading {
    let mut forms = read(&[sheet(lines, merges)]).unwrap();
    assert_eq!(forms.len(), 1, "{forms:#?}");
    forms.remove(0)
}

fn printed<T>(field: Option<&Field<T>>) -> &str {
    field.map_or("∅", |field| field.printed.as_str())
}

fn number(field: Option<&Field<Decimal>>) -> String {
    field
        .and_then(|field| field.value)
        .map_or("∅".into(), |value| value.to_string())
}

const NATIONAL: &str = "
项目支出绩效自评表
（2021年度）
项目名称 | 临时救助
主管部门 | 民政局 | | 实施单位（盖章） | 救助站
项目资金\\n（万元） | | 年初预算数 | 全年预算数（A） | 全年执行数（B） | 分值 | 执行率 | 得分
 | 年度资金总额 | 100 | 1,120.50 | 1,120.50 | 10 | 100% | 10
 | 其中：当年财政拨款 | 100 | 120 | 120 | — | | —
 | 其他资金 | 0 | 1000.50 | 1000.50 | — | | —
年度总体目标 | 预期目标 | | | 实际完成情况
 | 救助困难群众 | | | 全部救助
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度\\n指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
 | 产出指标（50分） | 数量指标 | 救助人数 | ≥100人 | 120人 | 50 | 50 |
 | 效益指标 | 社会效益指标 | 困难缓解 | 有效 | 有效 | 30 | 28 | 个别未到位
 | 满意度指标 | 满意度 | 满意率 | ≥95% | 96% | 10 | 10 |
总分 | | | | | | 100 | 98 |
自评等级 | 优";

#[test]
fn the_national_form_is_read_whole() {
    let (form, findings) = one(
        NATIONAL,
        &["A1:I1", "B3:I3", "B9:D9", "B10:D10", "E9:I9", "E10:I10"],
    );
    assert_eq!(findings, []);
    assert_eq!(form.kind, FormKind::ProjectSelfEvaluation);
    assert_eq!(printed(form.title.as_ref()), "项目支出绩效自评表");
    assert_eq!(form.fiscal_year.unwrap().value, Some(2021));
    assert_eq!(printed(form.department.as_ref()), "民政局");
    assert_eq!(printed(form.unit.as_ref()), "救助站");
    assert_eq!(form.money.unit.unwrap().value, Some(MoneyUnit::WanYuan));
    let total = form.money.total.unwrap();
    assert_eq!(number(total.adjusted.as_ref()), "1120.5");
    assert_eq!(total.adjusted.unwrap().place, "D6");
    assert_eq!(number(total.rate.as_ref()), "100");
    assert_eq!(form.money.sources.len(), 2);
    assert_eq!(form.money.sources[0].weight, None);
    assert_eq!(printed(form.objectives.as_ref()), "救助困难群众");
    assert_eq!(printed(form.actual_summary.as_ref()), "全部救助");
    assert_eq!(form.indicators.len(), 3);
    assert_eq!(
        printed(form.indicators[0].level1.as_ref()),
        "产出指标（50分）"
    );
    assert_eq!(printed(form.indicators[0].target.as_ref()), "≥100人");
    assert_eq!(form.indicators[1].score.as_ref().unwrap().place, "H13");
    assert_eq!(number(form.total_weight.as_ref()), "100");
    assert_eq!(number(form.total_score.as_ref()), "98");
    assert_eq!(printed(form.grade.as_ref()), "优");
}

#[test]
fn two_forms_on_a_sheet_are_two_forms() {
    let grid = sheet(&format!("{NATIONAL}\n\n{}", NATIONAL.trim()), &[]);
    let forms = read(&[grid]).unwrap();
    assert_eq!(forms.len(), 2);
    for (form, _) in &forms {
        assert_eq!(form.indicators.len(), 3);
        assert_eq!(printed(form.title.as_ref()), "项目支出绩效自评表");
    }
}

#[test]
fn what_is_no_form_names_the_labels_that_were_looked_for() {
    let error = read(&[sheet("姓名 | 年龄\n甲 | 30", &[])]).unwrap_err();
    assert!(error.to_string().contains("一级指标"));
}

/// What Sichuan's own form looks like (510000_0013zp).
const SICHUAN: &str = "
部门预算项目支出绩效自评表（2023年度）
项目名称 | 51000021R000000019951-工资
主管部门 | 发改局 | | | | 实施单位（盖章） | 发改局
项目基本情况 | 1.项目年度目标完成情况 | 项目年度目标 | | | 年度目标完成情况
 | | 按时发放 | | | 已按时发放
 | 2.项目实施内容及过程概述 | 按月发放
预算执行情况（10分） | 年度预算数（万元） | 年初预算 | 调整后预算数 | 预算执行数 | 预算执行率 | 权重 | 得分 | 原因
 | 总额 | 238.93 | 251.89 | 251.89 | 100.00% | 10 | 10 |
 | 其中：财政资金 | 238.93 | 251.89 | 251.89 | 100.00% | / | / | /
 | 财政专户管理资金 | 0 | 0 | 0 | 0.00% | / | / | /
 | 单位资金 | 0 | 0 | 0 | 0.00% | / | / | /
 | 其他资金 | 0 | 0 | 0 | 0.00% | / | / | /
绩效指标（90分） | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分 | 未完成原因分析
 | 产出指标 | 数量指标 | 发放覆盖率 | ＝ | 100 | % | 100 | 60 | 60 |
 | 效益指标 | 社会效益指标 | 足额保障率 | ＝ | 100 | % | 100 | 30 | 30 |
合计 | | | | | | | | 100 | 100 |
评价结论 | 自评总分100分
存在问题 | 无
改进措施 | 无
项目负责人： | | | 财务负责人：";

#[test]
fn the_sichuan_form_is_read_whole() {
    let merges = ["A4:A6", "B4:B5", "A7:A12", "A13:A15", "C4:E4", "C5:E5"];
    let (form, findings) = one(SICHUAN, &merges);
    assert_eq!(findings, []);
    assert_eq!(
        printed(form.project_name.as_ref()),
        "51000021R000000019951-工资"
    );
    assert_eq!(printed(form.objectives.as_ref()), "按时发放");
    assert_eq!(printed(form.actual_summary.as_ref()), "已按时发放");
    assert_eq!(form.money.unit.unwrap().value, Some(MoneyUnit::WanYuan));
    let total = form.money.total.unwrap();
    let amounts = [
        total.initial,
        total.adjusted,
        total.executed,
        total.rate,
        total.weight,
        total.score,
    ];
    assert_eq!(
        amounts.map(|field| number(field.as_ref())),
        ["238.93", "251.89", "251.89", "100", "10", "10"]
    );
    assert_eq!(form.money.sources.len(), 4);
    assert_eq!(form.indicators.len(), 2);
    assert_eq!(printed(form.indicators[0].operator.as_ref()), "＝");
    assert_eq!(printed(form.indicators[0].unit.as_ref()), "%");
    assert_eq!(number(form.total_score.as_ref()), "100");
    assert_eq!(form.texts[1].printed, "自评总分100分");
}

/// The national target form: money, objectives and indicators once for the whole period and once
/// for the year.
const TARGET: &str = "
项目支出绩效目标申报表
（2022年度）
项目名称 | 道路维护
主管部门及代码 | 交通局 | | | | 实施单位 | 公路段
项目资金（万元） | 实施期资金总额： | 300 | | | 年度资金总额： | 100
 | 其中：财政拨款 | 290 | | | 其中：财政拨款 | 90
 | 其他资金 | 10 | | | 其他资金 | 10
总体目标 | 实施期目标 | | | | 年度目标
 | 三年修完 | | | | 修三分之一
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 二级指标 | 三级指标 | 指标值
 | 产出指标 | 数量指标 | 里程 | ≥90公里 | 数量指标 | 里程 | ≥30公里
 | | 质量指标 | 合格率 | ≥95% | 质量指标 | 合格率 | ≥96%
 | 效益指标 | 社会效益指标 | 通行 | 改善 | 社会效益指标 | 通行 | 好转";

#[test]
fn a_target_form_gives_the_columns_of_the_year() {
    let (form, _) = one(TARGET, &["B8:E8", "B9:E9", "F8:H8", "F9:H9", "B11:B12"]);
    assert_eq!(form.kind, FormKind::ProjectTarget);
    assert_eq!(printed(form.objectives.as_ref()), "修三分之一");
    assert_eq!(number(form.money.total.unwrap().adjusted.as_ref()), "100");
    let sources: Vec<String> = form
        .money
        .sources
        .iter()
        .map(|row| number(row.adjusted.as_ref()))
        .collect();
    assert_eq!(sources, ["90", "10"]);
    let targets: Vec<&str> = form
        .indicators
        .iter()
        .map(|row| printed(row.target.as_ref()))
        .collect();
    assert_eq!(targets, ["≥30公里", "≥96%", "好转"]);
    assert_eq!(printed(form.indicators[1].level1.as_ref()), "产出指标");
    assert_eq!(printed(form.indicators[1].level2.as_ref()), "质量指标");
}

#[test]
fn a_transfer_form_gives_its_central_and_local_money() {
    let (form, findings) = one(
        "
中央对地方转移支付区域绩效自评表
转移支付名称 | 就业补助资金
地方主管部门 | 财政局 | | 资金使用单位 | 就业局
资金投入情况（万元） | | 全年预算数（A） | 全年执行数（B） | 预算执行率（B/A×100%）
 | 年度资金总额： | 7165.32 | 6992.95 | 97.59%
 | 其中：中央财政资金 | 3144 | 3144 | 100%
 | 地方资金 | 4021.32 | 3848.95 | 95.71%
一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值 | 未完成原因和改进措施
产出指标 | 数量指标 | 人数 | 4443 | 4500 |
",
        &["A4:A7"],
    );
    assert_eq!(findings, []);
    assert_eq!(printed(form.project_name.as_ref()), "就业补助资金");
    assert_eq!(printed(form.unit.as_ref()), "就业局");
    let total = form.money.total.unwrap();
    assert_eq!(number(total.rate.as_ref()), "97.59");
    assert_eq!(form.money.sources.len(), 2);
    assert_eq!(form.money.sources[1].executed.as_ref().unwrap().place, "D7");
}

#[test]
fn a_department_form_is_told_from_a_project_form() {
    let (form, _) = one(
        "
部门整体支出绩效自评表
部门（单位）名称 | 水利局 | 年度 | 2021
年度资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
 | 合计 | 500 | 520 | 520 | 10 | 100% | 10
 | 基本支出 | 300 | 320 | 320
 | 项目支出 | 200 | 200 | 200
 | 按收入性质分：财政拨款 | 520
 | 按支出性质分：基本支出 | 320
 | 按支出性质分：项目支出 | 200
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 水库 | 3座 | 3座 | 90 | 90
自评总分 | | | | | 100 | 100
自评等级：优",
        &[],
    );
    assert_eq!(form.kind, FormKind::DepartmentSelfEvaluation);
    assert_eq!(printed(form.department.as_ref()), "水利局");
    assert_eq!(form.fiscal_year.unwrap().value, Some(2021));
    assert_eq!(form.money.sources.len(), 2);
    let splits: Vec<(&str, usize)> = form
        .money
        .splits
        .iter()
        .map(|split| (split.label.as_str(), split.lines.len()))
        .collect();
    assert_eq!(splits, [("按收入性质分", 1), ("按支出性质分", 2)]);
    assert_eq!(printed(form.grade.as_ref()), "优");
}

#[test]
fn a_formula_without_a_value_is_a_finding_and_not_zero() {
    let mut grid = sheet(NATIONAL, &[]);
    let cell = &mut grid.rows[5][4];
    cell.text = "=SUM(E7:E8)".into();
    cell.content = Content::FormulaWithoutValue;
    let (form, findings) = read(&[grid]).unwrap().remove(0);
    let executed = form.money.total.unwrap().executed.unwrap();
    assert_eq!((executed.value, executed.place.as_str()), (None, "E6"));
    let found: Vec<(&str, &str)> = findings
        .iter()
        .map(|finding| (finding.rule, finding.r#where.as_str()))
        .collect();
    assert_eq!(found, [("C91", "E6")]);
}

#[test]
fn a_rate_printed_as_a_fraction_is_a_rate_in_percent() {
    let lines = NATIONAL.replace("| 100% | 10\n", "| 1 | 10\n");
    let (form, _) = one(&lines, &[]);
    assert_eq!(number(form.money.total.unwrap().rate.as_ref()), "100");
}

#[test]
fn a_heading_repeated_on_the_next_page_continues_the_table() {
    let heading =
        " | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |\n 总分";
    let lines = NATIONAL.replace(
        "总分",
        &heading.replace(
            "\n 总分",
            "\n | 效益指标 | 社会效益指标 | 续页 | 好 | 好 | 5 | 5 |\n总分",
        ),
    );
    let (form, _) = one(&lines, &[]);
    assert_eq!(form.indicators.len(), 4);
    assert_eq!(number(form.total_score.as_ref()), "98");
}

#[test]
fn points_shared_by_merged_cells_count_once() {
    let (form, _) = one(
        "
项目名称 | 甲
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 一 | 1 | 1 | 20 | 20
 | | 二 | 2 | 2 | |
总分 | | | | | 20 | 20",
        &["F3:F4", "G3:G4", "A3:A4", "B3:B4"],
    );
    assert_eq!(number(form.indicators[0].weight.as_ref()), "20");
    assert_eq!(form.indicators[1].weight, None);
    assert_eq!(printed(form.indicators[1].level2.as_ref()), "数量指标");
}

proptest! {
    #[test]
    fn no_grid_makes_the_reader_panic(
        cells in prop::collection::vec(prop::collection::vec(prop::sample::select(vec![
            "", "一级指标", "二级指标", "三级指标", "年度指标值", "得分", "分值", "总分", "合计",
            "项目名称", "年度资金总额", "年初预算数", "全年执行数", "全年预算数", "执行率",
            "其中：财政拨款", "按收入性质分", "10", "100%", "项目资金（万元）", "—", "１２",
            "5万元", "预期目标", "年度", "自评等级", "2021年度", "、", "其中", "=A1", "：",
        ]), 0..9), 0..14),
        merges in prop::collection::vec((0_usize..15, 0_usize..10, 0_usize..15, 0_usize..10), 0..6),
    ) {
        let rows = cells
            .into_iter()
            .map(|row| {
                row.into_iter()
                    .map(|text| GridCell { text: text.into(), content: Content::Plain })
                    .collect()
            })
            .collect();
        let merges = merges
            .into_iter()
            .map(|(top, left, bottom, right)| Area { top, left, bottom, right })
            .collect();
        let _ = read(&[Grid { rows, merges, ..Grid::default() }]);
    }
}

#[test]
fn what_is_left_of_the_template_is_no_indicator() {
    let filled = NATIONAL.replace(
        " | 效益指标 |",
        " | | | 指标2： | | | | |
 | | | …… | | | | |
 | 效益指标 |",
    );
    let (form, _) = one(&filled, &[]);
    assert_eq!(form.indicators.len(), 3, "{:#?}", form.indicators);
    let scored = NATIONAL.replace(
        " | 效益指标 |",
        " | | | 指标2： | | | 5 | 5 |
 | 效益指标 |",
    );
    let (form, _) = one(&scored, &[]);
    assert_eq!(form.indicators.len(), 4, "points without a name are kept");
}

#[test]
fn a_line_of_execution_in_the_indicator_table_counts_once() {
    let line = " | 预算执行率（10分） | 预算执行率 | | | | 10 | 10 |
 | 产出指标（50分） |";
    let twice = NATIONAL.replace(" | 产出指标（50分） |", line);
    let only = twice.replace(
        "1,120.50 | 1,120.50 | 10 | 100% | 10",
        "1,120.50 | 1,120.50 | | 100% |",
    );
    for filled in [twice, only] {
        let (form, _) = one(&filled, &[]);
        assert_eq!(form.indicators.len(), 3, "{:#?}", form.indicators);
        let total = form.money.total.unwrap();
        assert_eq!(number(total.weight.as_ref()), "10");
        assert_eq!(number(total.score.as_ref()), "10");
    }
}

#[test]
fn a_grade_is_the_ticked_one() {
    let check = |cell: &str, expected: &str| {
        let filled = NATIONAL.replace("自评等级 | 优", &format!("自评等级 | {cell}"));
        let (form, _) = one(&filled, &[]);
        assert_eq!(printed(form.grade.as_ref()), expected, "{cell}");
    };
    check("优", "优");
    check("优□ 良☑ 中□ 差□", "良");
    check("☑优 □良 □中 □差", "优");
    check("优（ √ ） 良", "优（ √ ） 良");
    check("优□ 良□ 中□ 差□", "");
}

#[test]
fn a_text_table_keeps_the_blank_cells_of_merged_ones() {
    let filled = "
项目支出绩效目标申报表 | | | | |
项目名称 | | 社区养老补助 | | |
项目资金（万元） | | 年度资金总额 | | 380 |
 | | 其中：财政拨款 | | 300 |
 | | 其他资金 | | 80 |
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 分值 |
产出指标 | 数量指标 | 补助设施数量 | ≥32个 | 50 |
评价等级 | | 优 | | |";
    let (form, _) = one(filled, &[]);
    assert_eq!(printed(form.project_name.as_ref()), "社区养老补助");
    assert_eq!(printed(form.grade.as_ref()), "优");
    let total = form.money.total.unwrap();
    assert_eq!(number(total.adjusted.as_ref()), "380");
    let sources: Vec<String> = form
        .money
        .sources
        .iter()
        .map(|source| number(source.adjusted.as_ref()))
        .collect();
    assert_eq!(sources, ["300", "80"]);
}

#[test]
fn the_indicators_of_the_whole_period_are_not_the_years() {
    let filled = "
项目绩效目标申报表
项目名称 | 基础设施建设
长期绩效指标 | 一级指标 | 二级指标 | 指标内容 | 指标值 | 备注
 | 产出指标 | 数量指标 | 改造立面 | ≥88000平方米 |
 | 满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90% |
年度绩效指标 | 一级指标 | 二级指标 | 指标内容 | 指标值 | 备注
 | 产出指标 | 数量指标 | 改造立面 | ≥12000平方米 |
 | 满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90% |";
    let (form, _) = one(filled, &[]);
    let targets: Vec<&str> = form
        .indicators
        .iter()
        .map(|row| printed(row.target.as_ref()))
        .collect();
    assert_eq!(targets, ["≥12000平方米", "≥90%"]);
}

#[test]
fn the_objectives_are_no_source_of_money() {
    let filled = NATIONAL.replace(
        "年度总体目标 | 预期目标 | | | 实际完成情况
 | 救助困难群众 | | | 全部救助",
        "年度总体目标 | 规范使用救助经费 | | | 经费全部支出",
    );
    let (form, findings) = one(&filled, &[]);
    assert_eq!(form.money.sources.len(), 2, "{:#?}", form.money.sources);
    assert_eq!(findings, []);
}

fn rules(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.rule).collect()
}

#[test]
fn a_filled_column_under_an_unknown_heading_is_told() {
    let misspelt = NATIONAL.replace("年度\\n指标值", "年度指杯植");
    let (_, findings) = one(&misspelt, &[]);
    assert_eq!(rules(&findings), ["C98"]);
    assert_eq!(findings[0].r#where, "E11");
    let blank = NATIONAL.replace("| 分值 | 得分 | 偏差", "| | 得分 | 偏差");
    let (_, findings) = one(&blank, &[]);
    assert_eq!(rules(&findings), ["C98"]);
    assert_eq!(findings[0].r#where, "G11");
}

#[test]
fn a_column_of_notes_is_not_told() {
    let noted = NATIONAL.replace("偏差原因分析及改进措施", "备注");
    let (_, findings) = one(&noted, &[]);
    assert_eq!(findings, []);
}

#[test]
fn the_same_form_twice_is_told_once() {
    let both = read(&[sheet(NATIONAL, &[]), sheet(NATIONAL, &[])]).unwrap();
    assert_eq!(both.len(), 2);
    assert_eq!(both[0].1, []);
    assert_eq!(rules(&both[1].1), ["C99"]);
}

#[test]
fn blank_rows_and_columns_hide_nothing() {
    let apart = NATIONAL
        .replace("项目名称 |", "项目名称 | |")
        .replace(" | 其中：当年财政拨款", "\n | 其中：当年财政拨款");
    let (form, findings) = one(&apart, &[]);
    assert_eq!(findings, []);
    assert_eq!(printed(form.project_name.as_ref()), "临时救助");
    assert_eq!(form.money.sources.len(), 2);
}

#[test]
fn a_field_that_was_left_blank_is_not_filled_from_beyond_its_area() {
    let blank = NATIONAL.replace("项目名称 | 临时救助", "项目名称 | | | | 另表");
    let (form, _) = one(&blank, &["B3:D3"]);
    assert_eq!(printed(form.project_name.as_ref()), "");
}

#[test]
fn signs_that_nobody_sees_are_no_part_of_a_number() {
    let marked = NATIONAL.replace(
        "| 1,120.50 | 1,120.50 |",
        "| 1,120.50\u{200b} | \u{feff}1,120.50 |",
    );
    let (form, findings) = one(&marked, &[]);
    assert_eq!(findings, []);
    assert_eq!(
        number(form.money.total.unwrap().adjusted.as_ref()),
        "1120.5"
    );
}

#[test]
fn an_amount_that_is_no_number_is_told_where_it_stands() {
    for damaged in ["叁佰万元整", "8l4", "10606..75", "########"] {
        let lines = format!(
            "项目名称 | 临时救助
主管部门 | 民政局
年度资金总额（万元） | {damaged}
一级指标 | 二级指标 | 三级指标 | 指标值
产出指标 | 数量指标 | 救助人数 | ≥100人"
        );
        let (_, findings) = one(&lines, &[]);
        assert_eq!(rules(&findings), ["C93"], "{damaged}");
        assert_eq!(findings[0].r#where, "B3");
    }
}
