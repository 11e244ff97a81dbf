//! How long events are kept.

use crate::rulepack::AuditRules;

/// The most days that can be chosen: a hundred years.
const MOST_DAYS: u32 = 36525;

/// Why a time to keep events is refused, as a Chinese sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RetentionRefusal {
    /// Shorter than the rule.
    #[error(
        "保存期限太短：{days} 天少于规则包规定的 {least} 天（《网络安全法》要求日志留存不少于六个月）。"
    )]
    TooShort {
        /// What was asked for.
        days: u32,
        /// What the pack asks for.
        least: u32,
    },
    /// Longer than anybody can mean.
    #[error("保存期限太长：{days} 天超过 {MOST_DAYS} 天（一百年），请检查是否多输了数字。")]
    TooLong {
        /// What was asked for.
        days: u32,
    },
}

/// Why events cannot be kept for `days`, if they cannot.
pub fn retention_flaw(rules: &AuditRules, days: u32) -> Option<RetentionRefusal> {
    if days < rules.least_retention_days {
        return Some(RetentionRefusal::TooShort {
            days,
            least: rules.least_retention_days,
        });
    }
    (days > MOST_DAYS).then_some(RetentionRefusal::TooLong { days })
}
