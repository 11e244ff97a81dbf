//! The field's words for what a receipt keeps as codes.

use domain::number::{Decimal, grouped};

/// The name of an operand.
pub(super) fn operand(name: &str) -> &'static str {
    match name {
        "target_text" => "目标（原文）",
        "actual_text" => "完成（原文）",
        "target" => "目标值",
        "actual" => "完成值",
        "weight" => "分值",
        "operator" => "计算符号",
        "ceiling" => "反向指标",
        "formula" => "计算方法",
        "budget_yuan" => "全年预算数（元）",
        "executed_yuan" => "全年执行数（元）",
        "received_yuan" => "到位资金（元）",
        "paid_yuan" => "实际支出（元）",
        "mode" => "执行率计分方式",
        "share_percent" => "得分比例（%）",
        "zero_budget" => "预算为 0 时",
        "low" => "下限",
        "high" => "上限",
        "due_on" => "应完成日期",
        "done_on" => "完成日期",
        "done" => "是否完成",
        "quality" => "完成情况",
        "full_from" => "满分线（%）",
        "zero_below" => "零分线（%）",
        "over_deduction" => "超额扣分",
        "points" => "扣分",
        "level1" => "一级指标",
        "given" => "评分",
        "of" => "满分",
        _ => "其他",
    }
}

/// The value of an operand as a person reads it.
pub(super) fn value(name: &str, value: String) -> String {
    if let (true, Ok(yuan)) = (name.ends_with("_yuan"), value.parse::<Decimal>()) {
        return grouped(yuan, 2);
    }
    let word = match (name, value.as_str()) {
        ("ceiling" | "done", "yes") => "是",
        ("ceiling" | "done", "no") => "否",
        ("formula", "full") => "达到目标，得满分",
        ("formula", "proportion") => "分值 × 完成值 ÷ 目标值",
        ("formula", "ratio") => "分值 × 目标值 ÷ 完成值",
        ("formula", "linear_to_double") => "线性扣分，达到目标的两倍为 0",
        ("formula", "nothing") => "目标为 0，超过即不得分",
        ("mode", "linear") => "分值 × 执行数 ÷ 预算数",
        ("mode", "steps") => "按执行率分档",
        ("zero_budget", "zero") => "不得分",
        ("zero_budget", "full") => "得满分",
        ("zero_budget", "exempt") => "不纳入自评",
        _ => return value,
    };
    word.to_owned()
}
