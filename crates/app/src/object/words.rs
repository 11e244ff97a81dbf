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
        "outside" => "专户、单位和其他资金",
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

/// The state of an ex-ante assessment.
pub(crate) fn ex_ante_state(code: &str) -> &'static str {
    match code {
        "draft" => "填报中",
        "submitted" => "已提交",
        "returned" => "已退回",
        "selected_by_bureau" => "财政组织评估",
        "concluded" => "已有结论",
        "audited" => "已审核",
        "applied_to_budget" => "已用于预算",
        _ => "",
    }
}

/// Where a target comes from.
pub(crate) fn target_origin(code: &str) -> &'static str {
    match code {
        "initial" => "年初预算",
        "supplement" => "年中追加",
        "transfer_from_above" => "上级资金",
        _ => "",
    }
}

/// The state of a monitoring.
pub(crate) fn monitoring_state(code: &str) -> &'static str {
    match code {
        "open" => "待填报",
        "filling" => "填报中",
        "department_review" => "部门审核",
        "section_review" => "股室审核",
        "concluded" => "已有结论",
        _ => "",
    }
}

/// The state of a self-evaluation.
pub(crate) fn self_evaluation_state(code: &str) -> &'static str {
    match code {
        "open" => "待填报",
        "filling" => "填报中",
        "scored" => "已计分",
        "department_review" => "部门审核",
        "section_review" => "股室审核",
        "returned" => "已退回",
        "accepted" => "已审定",
        "published" => "已公开",
        _ => "",
    }
}

/// The state of a key evaluation.
pub(crate) fn key_evaluation_state(code: &str) -> &'static str {
    match code {
        "planned" => "已列入计划",
        "notified" => "已通知",
        "scheme_drafted" => "方案起草",
        "scheme_approved" => "方案已批准",
        "fieldwork" => "现场评价",
        "preliminary_conclusion" => "初步结论",
        "opinion_exchange" => "交换意见",
        "final" => "已定稿",
        "filed" => "已归档",
        "result_delivered" => "结果已反馈",
        _ => "",
    }
}

/// The state of a rectification.
pub(crate) fn rectification_state(code: &str) -> &'static str {
    match code {
        "drafted" => "起草中",
        "issued" => "已下达",
        "unit_feedback" => "单位已反馈",
        "section_review" => "股室审核",
        "returned" => "已退回",
        "closed" => "已销号",
        _ => "",
    }
}

/// The state of a result's application.
pub(crate) fn application_state(code: &str) -> &'static str {
    match code {
        "proposed" => "已提出",
        "decided_by_section" => "股室已决定",
        "in_budget" => "已编入预算",
        "feedback_given" => "已书面反馈",
        _ => "",
    }
}

/// 新增 延续
pub(crate) fn nature(code: &str) -> &'static str {
    match code {
        "new" => "新增项目",
        "continuing" => "延续项目",
        _ => "",
    }
}

/// 人员类 运转类 特定目标类
pub(crate) fn project_kind(code: &str) -> &'static str {
    match code {
        "personnel" => "人员类",
        "operating" => "运转类",
        "special_purpose" => "特定目标类",
        _ => "",
    }
}
