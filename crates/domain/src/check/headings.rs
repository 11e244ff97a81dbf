//! Indicators under the heading that they belong to.

use super::context::{Block, Context, Found, Note, Row};
use super::targets::listed;
use super::text::{has_any, is_percent_unit};

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    type Test = fn(&Row<'_>) -> bool;
    let families: [(&'static str, Test, &str); 6] = [
        (
            "C43",
            is_rate_as_quantity,
            "放在数量指标下，却是比率；数量指标应填个数、次数、面积等绝对数，比率请移到质量或时效指标",
        ),
        (
            "C44",
            is_count_as_satisfaction,
            "放在满意度指标下，却不是满意程度；请移到相应的产出或效益指标",
        ),
        (
            "C45",
            is_misplaced_satisfaction,
            "是满意度，放错了位置；请移到满意度指标",
        ),
        (
            "C45",
            is_satisfaction_under_benefit,
            "在效益指标下；现行自评表里满意度指标单列为一级指标，请单列",
        ),
        (
            "C46",
            is_no_cost,
            "放在成本指标下，却不是成本；请改成金额、单价或成本节约率，或移到其他指标",
        ),
        (
            "C48",
            is_wrong_counting_unit,
            "数的是人，单位却不是「人」；请核对单位",
        ),
    ];
    for (rule, test, what) in families {
        let rows: Vec<&Row<'_>> = context.rows.iter().filter(|row| test(row)).collect();
        let Some(first) = rows.first() else { continue };
        let message = format!("{}{what}", listed(&rows));
        let place = first.place_of(first.cells.level3.as_ref());
        found.add(Note::new(rule, &place, message).printed(first.title()));
    }
}

/// Whether a name says a share: 覆盖率, 合格率, 占比.
pub(crate) fn is_rate_name(name: &str) -> bool {
    let bare = name.split(['(', '（', '=']).next().unwrap_or(name);
    let bare = bare.trim_end_matches(|letter: char| {
        letter.is_ascii_digit() || matches!(letter, '%' | '.' | '≥' | '≤')
    });
    ["率", "比例", "占比", "百分比", "比重"]
        .iter()
        .any(|word| bare.ends_with(word))
        && !bare.ends_with("频率")
        && !bare.ends_with("功率")
        && !bare.ends_with("效率")
}

fn is_rate_as_quantity(row: &Row<'_>) -> bool {
    let counted = row
        .quantity()
        .is_some_and(|(_, unit)| !unit.is_empty() && !is_percent_unit(unit));
    let named = is_rate_name(&row.name) || row.is_percent();
    row.level2().contains("数量") && named && !counted
}

fn is_count_as_satisfaction(row: &Row<'_>) -> bool {
    let satisfied = has_any(
        &row.name,
        &[
            "满意", "认可", "好评", "投诉", "信访", "评价", "支持", "认同", "知晓", "反馈",
        ],
    );
    let counted = row
        .quantity()
        .is_some_and(|(_, unit)| !unit.is_empty() && !is_percent_unit(unit) && unit != "分");
    row.block == Block::Satisfaction && !satisfied && counted
}

fn names_satisfaction(row: &Row<'_>) -> bool {
    row.name.contains("满意")
}

fn is_misplaced_satisfaction(row: &Row<'_>) -> bool {
    let elsewhere = matches!(row.block, Block::Output | Block::Benefit | Block::Cost);
    names_satisfaction(row) && elsewhere && !row.level2().contains("满意") && {
        let level2 = row.level2();
        has_any(
            level2,
            &[
                "质量",
                "数量",
                "时效",
                "成本",
                "经济",
                "社会",
                "生态",
                "可持续",
            ],
        )
    }
}

fn is_satisfaction_under_benefit(row: &Row<'_>) -> bool {
    row.block == Block::Benefit && row.level2().contains("满意")
}

fn is_no_cost(row: &Row<'_>) -> bool {
    let level2 = row.level2();
    let cost = level2.contains("成本") && !has_any(level2, &["社会成本", "生态"]);
    let words = [
        "成本", "费", "支出", "节约", "节支", "预算", "资金", "价", "标准", "投资", "消耗", "补助",
        "补贴", "经费", "金额", "概算", "控制", "投入", "采购", "工资", "薪", "定额", "元", "超支",
        "结余", "下降", "降低", "待遇", "奖",
    ];
    let share = row.is_percent();
    !row.name.is_empty() && cost && share && !has_any(&row.name, &words)
}

fn is_wrong_counting_unit(row: &Row<'_>) -> bool {
    let people = ["人数", "人口数", "人员数", "人员数量", "人口数量"]
        .iter()
        .any(|word| row.name.ends_with(word));
    people
        && row
            .quantity()
            .is_some_and(|(_, unit)| matches!(unit, "个" | "户" | "家" | "台" | "元" | "万元"))
}
