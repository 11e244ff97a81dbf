//! What an event says of a login that failed.

use domain::identity::LoginRefusal;
use serde_json::Value;

/// Where it came from and why it failed.
pub(super) fn refused(from: &str, refusal: &LoginRefusal) -> Value {
    let why = match refusal {
        LoginRefusal::Unknown => "用户名或密码不对",
        LoginRefusal::LockedUntil { .. } | LoginRefusal::Locked => "已锁定",
        LoginRefusal::Disabled => "已停用",
        LoginRefusal::Expired { .. } => "已过期",
        LoginRefusal::WrongPassword => "密码不对",
        LoginRefusal::NoSecondFactor => "没有绑定验证器",
        LoginRefusal::WrongCode => "验证码不对",
        LoginRefusal::UsedCode => "验证码已用过",
    };
    serde_json::json!({"from": from, "why": why})
}
