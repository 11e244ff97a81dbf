//! The words for what events hold as codes.

use domain::audit::Content;
use domain::workflow::RecordKind;
use serde_json::Value;

use super::store::ALGORITHM;
use crate::workflow;

/// What is done, in the order of the select.
pub(super) const ACTIONS: &[(&str, &str)] = &[
    ("login", "登录"),
    ("login_refused", "登录失败"),
    ("logout", "退出登录"),
    ("password_changed", "修改密码"),
    ("password_issued", "生成密码"),
    ("api_token_made", "生成接口令牌"),
    ("api_token_revoked", "收回接口令牌"),
    ("sample_loaded", "装入样例城市"),
    ("algorithm_chosen", "选择摘要算法"),
    ("contact_changed", "修改邮箱"),
    ("units_urged", "催报"),
    ("mail_server_set", "设置邮件服务器"),
    ("mail_retried", "重发邮件"),
    ("attachment_added", "上传附件"),
    ("attachment_deleted", "删除附件"),
];

/// The kinds of record.
pub(super) const KINDS: &[(&str, &str)] = &[
    ("account", "账号"),
    ("api_token", "接口令牌"),
    ("region", "行政区划"),
    ("setting", "设置"),
    ("urging", "催报"),
    ("mail", "邮件"),
];

/// The names in `before_json` and `after_json`, in the order in which they are printed.
const NAMES: &[(&str, &str)] = &[
    ("name", "名称"),
    ("expires_at", "有效期至"),
    ("from", "来自"),
    ("sample", "样例"),
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
];

/// The settings that an event can be about.
const SETTINGS: &[(&str, &str)] = &[(ALGORITHM, "摘要算法")];

/// The word for a code; the code itself where no word is known.
fn word<'a>(words: &[(&str, &'a str)], code: &'a str) -> &'a str {
    let found = words.iter().find(|(known, _)| *known == code);
    found.map_or(code, |(_, word)| word)
}

/// What happens to records, beside [`ACTIONS`].
pub(super) use workflow::words::FACTS;

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
