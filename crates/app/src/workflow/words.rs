//! The words for what happens to records.

use domain::permission::{Role, Scope};
use domain::workflow::{RecordKind, Signer};

/// What can happen to a record, by its name in events.
pub(crate) const FACTS: &[(&str, &str)] = &[
    ("handed_in", "提交负责人"),
    ("hand_in_withdrawn", "从负责人处取回"),
    ("hand_in_returned", "负责人退回"),
    ("submitted", "送审"),
    ("withdrawn", "撤回"),
    ("signed", "签署意见"),
    ("approved", "审核通过"),
    ("returned", "退回"),
    ("delegated", "转办"),
    ("consulted", "会签"),
    ("signer_added", "加签"),
    ("decision_withdrawn", "撤销会审议决"),
    ("selected", "财政选定评估"),
    ("concluded", "出具结论"),
    ("audited", "审核评估结论"),
    ("reassessed", "再评估"),
    ("applied_to_budget", "用于预算"),
    ("entered_budget", "纳入预算"),
    ("rejected", "不予通过"),
    ("submitted_to_npc", "报送人大"),
    ("withdrawn_from_npc", "撤回报人大"),
    ("adjustment_opened", "发起调整"),
    ("adjustment_dropped", "放弃调整"),
    ("superseded", "替换"),
    ("cancelled", "作废"),
    ("filling_started", "开始填报"),
    ("filling_resumed", "重新填报"),
    ("scored", "计分"),
    ("published", "公开"),
    ("notified", "下达通知书"),
    ("scheme_drafted", "提交方案"),
    ("scheme_returned", "退回方案"),
    ("scheme_approved", "审定方案"),
    ("fieldwork_started", "开始现场评价"),
    ("preliminary_concluded", "形成初步结论"),
    ("opinions_asked", "征求意见"),
    ("finalised", "形成正式结论"),
    ("filed", "归档"),
    ("result_delivered", "反馈结果"),
    ("issued", "下达"),
    ("feedback_started", "开始整改"),
    ("decided", "股室决定"),
    ("fed_back", "书面反馈"),
    ("procured", "采购"),
    ("contracted", "签约"),
    ("started", "开始履约"),
    ("delivered", "交付"),
    ("delivery_returned", "退回成果"),
    ("quality_scored", "质量评分"),
    ("paid", "付款"),
    ("closed", "办结"),
    ("terminated", "终止"),
    ("prepared", "备齐材料"),
    ("preparation_returned", "退回材料"),
    ("exempted", "免予公开"),
    ("field_commented", "字段批注"),
    ("field_comment_answered", "答复批注"),
    ("work_handed_over", "移交工作"),
    ("deadline_set", "设定截止日"),
    ("round_reopened", "重新开放填报"),
    ("year_closed", "年度归档"),
    ("year_opened", "撤销年度归档"),
];

/// The names in the two sides of an event.
pub(crate) const NAMES: &[(&str, &str)] = &[
    ("state", "状态"),
    ("version", "版本"),
    ("outcome", "结论"),
    ("comment", "意见"),
    ("submission", "送审回执"),
    ("successor", "接手人"),
    ("records", "记录"),
    ("assignments", "任务"),
    ("due_on", "截止日"),
    ("grace_days", "宽限天数"),
    ("open_until", "开放至"),
    ("reason", "理由"),
    ("unit", "单位"),
    ("field", "字段"),
    ("text", "内容"),
];

/// The word for what happened; the name itself where none is known.
pub(super) fn fact(name: &str) -> &str {
    let found = FACTS.iter().find(|(known, _)| *known == name);
    found.map_or(name, |(_, word)| word)
}

/// A state's word; the name itself where the machine has no such state.
pub(super) fn state(kind: RecordKind, name: &str) -> &str {
    kind.machine().row(name).map_or(name, |row| row.label)
}

/// Who a signer is: `本股室归口单位的业务股室审核人` reads badly, so the role alone where its scope is
/// the usual one.
pub(super) fn signer(signer: Signer) -> &'static str {
    match (signer.role, signer.scope) {
        (Role::DepartmentReviewer, Scope::OwnUnit) => "主管部门审核人（本单位）",
        (role, _) => role.label(),
    }
}
