//! The words for what events hold as codes.

use domain::audit::Content;
use domain::workflow::RecordKind;
use serde_json::Value;
use web::list::Choice;

use super::store::ALGORITHM;
use crate::workflow;

/// What is done, in the order of the select.
const ACTIONS: &[(&str, &str)] = &[
    ("login", "登录"),
    ("login_refused", "登录失败"),
    ("logout", "退出登录"),
    ("password_changed", "修改密码"),
    ("password_issued", "生成密码"),
    ("account_locked", "锁定账号"),
    ("sessions_ended", "退出其他设备"),
    ("second_factor_bound", "绑定验证器"),
    ("second_factor_removed", "解除验证器"),
    ("recovery_code_used", "使用恢复码"),
    ("recovery_codes_renewed", "更换恢复码"),
    ("account_made", "新建账号"),
    ("account_changed", "修改账号"),
    ("accounts_imported", "导入账号"),
    ("change_asked", "申请特权操作"),
    ("change_approved", "同意特权操作"),
    ("change_refused", "拒绝特权操作"),
    ("change_withdrawn", "撤回特权操作"),
    ("change_expired", "特权操作过期"),
    ("api_token_made", "生成接口令牌"),
    ("api_token_revoked", "收回接口令牌"),
    ("units_imported", "导入单位"),
    ("budget_imported", "导入预算"),
    ("execution_imported", "导入执行数"),
    ("project_entered", "新增项目"),
    ("budget_line_added", "登记预算变动"),
    ("budget_released", "下达指标"),
    ("budget_withheld", "决定不予安排"),
    ("package_submitted", "报送人大材料"),
    ("package_dated", "登记人大批准日期"),
    ("package_approved", "批复预算和目标"),
    ("package_withdrawn", "撤回人大材料"),
    ("package_exclusion_set", "设定公开范围"),
    ("unit_renamed", "单位更名"),
    ("unit_moved", "单位划转"),
    ("unit_merged", "单位合并"),
    ("unit_split", "单位分设"),
    ("unit_closed", "单位撤销"),
    ("unit_section_set", "设置归口股室"),
    ("unit_group_made", "新建单位分组"),
    ("unit_group_changed", "调整单位分组"),
    ("sample_loaded", "装入样例城市"),
    ("key_reset", "清除丢失的密钥"),
    ("algorithm_chosen", "选择摘要算法"),
    ("contact_changed", "修改邮箱"),
    ("units_urged", "催报"),
    ("mail_server_set", "设置邮件服务器"),
    ("mail_retried", "重发邮件"),
    ("attachment_added", "上传附件"),
    ("attachment_deleted", "删除附件"),
    ("job_asked", "开始长任务"),
    ("job_done", "长任务完成"),
    ("job_failed", "长任务失败"),
    ("job_cancelled", "取消长任务"),
    ("job_files_deleted", "删除过期文件"),
    ("indicator_made", "新增库指标"),
    ("indicator_changed", "修改库指标"),
    ("indicators_imported", "导入库指标"),
    ("target_begun", "编制绩效目标"),
    ("target_imported", "导入绩效目标"),
    ("target_adjustment_begun", "编制调整后的目标"),
    ("target_saved", "保存绩效目标"),
    ("comment_written", "写审核意见"),
    ("comment_answered", "答复审核意见"),
    ("comment_taken_back", "撤销审核意见"),
    ("target_reviewed", "填写审核表"),
    ("joint_review_planned", "安排会审"),
    ("joint_review_changed", "修改会审安排"),
    ("joint_review_agenda", "调整会审议程"),
    ("joint_review_opened", "开始会审"),
    ("joint_review_closed", "结束会审"),
    ("joint_review_deleted", "取消会审"),
];

/// The kinds of record.
const KINDS: &[(&str, &str)] = &[
    ("account", "账号"),
    ("privileged_change", "特权操作"),
    ("api_token", "接口令牌"),
    ("region", "行政区划"),
    ("organisation", "单位清单"),
    ("organisation_unit", "单位"),
    ("unit_group", "单位分组"),
    ("setting", "设置"),
    ("urging", "催报"),
    ("mail", "邮件"),
    ("job", "长任务"),
    ("performance_target", "绩效目标"),
    ("indicator_library", "指标库"),
    ("joint_review_session", "绩效目标会审"),
    ("managed_object", "项目"),
    ("budget_line", "预算"),
    ("npc_package", "报人大的材料"),
];

/// The names in `before_json` and `after_json`, in the order in which they are printed.
const NAMES: &[(&str, &str)] = &[
    ("kind", "工作"),
    ("name", "名称"),
    ("expires_at", "有效期至"),
    ("change", "事项"),
    ("lines", "内容"),
    ("accounts", "账号"),
    ("login", "用户名"),
    ("reason", "理由"),
    ("from", "来自"),
    ("why", "原因"),
    ("failures", "连续失败"),
    ("until", "锁定到"),
    ("sessions", "退出设备"),
    ("valid_to", "有效期至"),
    ("file", "文件"),
    ("sample", "样例"),
    ("fiscal_year", "年度"),
    ("new_rows", "新增"),
    ("changed_rows", "变更"),
    ("unchanged_rows", "未变"),
    ("changed_on", "生效日期"),
    ("level", "级次"),
    ("section", "归口股室"),
    ("code", "编码"),
    ("removed", "移出"),
    ("units", "一级预算单位"),
    ("projects", "项目和政策"),
    ("rows", "记录"),
    ("algorithm", "摘要算法"),
    ("type", "类型"),
    ("digest", "摘要"),
    ("email", "邮箱"),
    ("wants_mail", "收邮件"),
    ("urged_units", "催报单位"),
    ("remark", "补充说明"),
    ("mails", "邮件"),
    ("mail_host", "服务器"),
    ("mail_port", "端口"),
    ("mail_tls", "加密方式"),
    ("mail_from", "发件地址"),
    ("site_address", "网址"),
    ("grade", "等级"),
    ("session", "会审"),
    ("held_on", "日期"),
    ("topic", "主题"),
    ("place", "地点"),
    ("chair", "主持人"),
    ("attendees", "参会人员"),
    ("sections", "参加股室"),
    ("targets", "议程"),
    ("dealt", "已议"),
    ("linked", "记入目标"),
    ("added", "加入"),
    ("moved", "移动"),
    ("skipped", "跳过"),
    ("project", "项目"),
    ("amount", "金额"),
    ("document", "文号"),
    ("target", "绩效目标"),
    ("begun_targets", "待填报的目标"),
    ("congress_approved_on", "人大批准"),
    ("approved_on", "批复"),
];

/// The settings that an event can be about.
const SETTINGS: &[(&str, &str)] = &[(ALGORITHM, "摘要算法")];

/// The word for a code; the code itself where no word is known.
fn word<'a>(words: &[(&str, &'a str)], code: &'a str) -> &'a str {
    let found = words.iter().find(|(known, _)| *known == code);
    found.map_or(code, |(_, word)| word)
}

/// What happens to records, beside [`ACTIONS`].
use workflow::words::FACTS;

/// Everything that can be chosen as what was done.
pub(super) fn actions() -> Vec<Choice> {
    let all = ACTIONS.iter().chain(FACTS);
    all.map(|(code, word)| Choice::new(*code, *word)).collect()
}

/// Every kind of record that can be chosen.
pub(super) fn kinds() -> Vec<Choice> {
    let own = KINDS.iter().map(|(code, word)| Choice::new(*code, *word));
    let records = RecordKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.name(), kind.label()));
    own.chain(records).collect()
}

/// 登录 …
pub(super) fn action(code: &str) -> &str {
    word(FACTS, word(ACTIONS, code))
}

/// 账号 …
pub(super) fn kind(code: &str) -> &str {
    match RecordKind::find(code) {
        Some(kind) => kind.label(),
        None => word(KINDS, code),
    }
}

/// The record: 账号 admin.
pub(super) fn record(content: &Content) -> String {
    let id = match &*content.record_kind {
        "setting" => word(SETTINGS, &content.record_id),
        _ => &content.record_id,
    };
    format!("{} {id}", kind(&content.record_kind))
        .trim_end()
        .to_owned()
}

/// What is known of the change: 来自 127.0.0.1.
pub(super) fn details(content: &Content) -> String {
    let side = |json: &Option<String>| json.as_deref().map(side_text).unwrap_or_default();
    let (before, after) = (side(&content.before_json), side(&content.after_json));
    match (before.is_empty(), after.is_empty()) {
        (true, _) => after,
        (false, true) => format!("原为 {before}"),
        (false, false) => format!("{before} → {after}"),
    }
}

fn side_text(json: &str) -> String {
    // An event whose text was damaged is shown as it stands.
    let Ok(Value::Object(fields)) = serde_json::from_str(json) else {
        return json.to_owned();
    };
    let field = |(name, value): (&String, &Value)| {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        format!(
            "{} {value}",
            word(workflow::words::NAMES, word(NAMES, name))
        )
    };
    let place = |name: &str| NAMES.iter().position(|(known, _)| *known == name);
    let mut fields: Vec<_> = fields.iter().collect();
    // A name without a word comes last, as it stands.
    fields.sort_by_key(|(name, _)| place(name).unwrap_or(NAMES.len()));
    fields.into_iter().map(field).collect::<Vec<_>>().join("，")
}
