//! The field's words for what the database keeps as codes.

/// 项目 部门整体 政策
pub(crate) fn kind(code: &str) -> &'static str {
    match code {
        "project" => "项目",
        "department" => "部门整体",
        "policy" => "政策",
        _ => "",
    }
}

/// 四本预算
pub(crate) fn book(code: &str) -> &'static str {
    match code {
        "general_public" => "一般公共预算",
        "gov_fund" => "政府性基金预算",
        "state_capital" => "国有资本经营预算",
        "social_insurance" => "社会保险基金预算",
        _ => "",
    }
}

/// The state of a target.
pub(crate) fn target_state(code: &str) -> &'static str {
    match code {
        "draft" => "填报中",
        "department_review" => "部门审核",
        "section_review" => "股室审核",
        "joint_review" => "会审",
        "returned" => "已退回",
        "reviewed" => "已审核",
        "in_budget" => "已编入预算",
        "submitted_to_npc" => "已提交人大",
        "approved" => "已批复",
        "adjusting" => "调整中",
        "superseded" => "已更新",
        "cancelled" => "已取消",
        "rejected" => "未通过",
        _ => "",
    }
}

/// The colour of a rank of the list: the worst is 1.
pub(crate) fn light(rank: Option<i64>) -> &'static str {
    match rank {
        Some(1) => "red",
        Some(2) => "yellow",
        Some(3) => "green",
        Some(4) => "blue",
        _ => "none",
    }
}
