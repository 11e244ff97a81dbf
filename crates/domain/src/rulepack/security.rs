//! What a pack says of accounts: passwords, locks, sessions, second factors, the second person,
//! and how long events are kept.

use serde::Deserialize;

/// The longest password that every place must take, so that a sentence can be a password.
const LONGEST_AT_LEAST: u16 = 64;

/// The kinds of characters that are told apart.
const MOST_CLASSES: u8 = 4;

/// 账号安全.
///
/// Source: GB/T 22239-2019（等级保护基本要求）8.1.4.1 身份鉴别: complexity and regular change of
/// what a person proves himself with, a limit on failed logins, an end of idle connections.
/// House rule: it gives no numbers, so each number is the place's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// 密码
    pub password: PasswordRules,
    /// 登录失败锁定
    pub lock: LockRules,
    /// 会话
    pub session: SessionRules,
    /// 双因素登录
    pub second_factor: SecondFactorRules,
    /// 特权操作的双人复核
    pub privileged: PrivilegedRules,
    /// 审计日志
    pub audit: AuditRules,
}

/// What a password must be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordRules {
    /// The fewest characters.
    pub min_characters: u16,
    /// The most characters; at least 64.
    pub max_characters: u16,
    /// How many of the four kinds (大写字母、小写字母、数字、其他字符) it must have, 1 to 4.
    pub classes: u8,
    /// How many of the passwords before, the present one among them, must not be chosen again;
    /// 0 where none is remembered.
    pub history: u16,
    /// After so many days it must be changed; 0 where it never must.
    pub max_age_days: u16,
    /// So many days before that the person is told.
    pub warn_days: u16,
    /// Whether a password that somebody else made must be changed at the first login.
    pub change_at_first_login: bool,
    /// Words that it must not contain, in small letters.
    pub forbidden_words: Vec<String>,
    /// So many characters must be left when common words, years and neighbouring keys are taken
    /// away; 0 where it is not asked.
    pub own_characters: u16,
    /// Words that count for nothing, in small letters.
    pub common_words: Vec<String>,
    /// The place's own names, which count for nothing either.
    pub place_words: Vec<String>,
}

/// When an account is locked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockRules {
    /// After so many failed logins one after the other.
    pub failures: u16,
    /// For so many minutes; 0 until the security administrator unlocks it.
    pub minutes: u16,
}

/// How long a session lasts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRules {
    /// So many minutes without a request.
    pub idle_minutes: u16,
    /// So many hours in all.
    pub absolute_hours: u16,
}

/// Who must show a second factor at login.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorRules {
    /// The three administrators.
    pub administrators: bool,
    /// Whoever of the bureau reviews, concludes or decides.
    pub finance_approvers: bool,
}

/// Changes that two persons make together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivilegedRules {
    /// A request that nobody decided ends after so many days.
    pub expires_days: u16,
}

/// How long events are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditRules {
    /// The fewest days that the bureau may choose.
    pub least_retention_days: u32,
    /// The days that hold where nothing was chosen.
    pub retention_days: u32,
}

impl Security {
    /// The first mistake: the key and a Chinese clause.
    pub(super) fn flaw(&self) -> Option<(&'static str, String)> {
        let flaws = [
            (
                "security.lock.failures",
                !(3..=20).contains(&self.lock.failures),
                "应在 3 至 20 之间",
            ),
            (
                "security.session.idle_minutes",
                !(5..=480).contains(&self.session.idle_minutes),
                "应在 5 至 480 之间",
            ),
            (
                "security.session.absolute_hours",
                !(1..=24).contains(&self.session.absolute_hours),
                "应在 1 至 24 之间",
            ),
            (
                "security.privileged.expires_days",
                !(1..=30).contains(&self.privileged.expires_days),
                "应在 1 至 30 之间",
            ),
            (
                "security.audit.least_retention_days",
                self.audit.least_retention_days < LEGAL_RETENTION_DAYS,
                "不能少于 184 天（六个月）",
            ),
            (
                "security.audit.retention_days",
                self.audit.retention_days < self.audit.least_retention_days,
                "不能少于 least_retention_days",
            ),
        ];
        let password = self.password.flaws();
        password
            .into_iter()
            .chain(flaws)
            .find(|(_, is_wrong, _)| *is_wrong)
            .map(|(key, _, reason)| (key, reason.to_owned()))
    }
}

/// A key, whether its value is wrong, and a Chinese clause.
type Flaw = (&'static str, bool, &'static str);

impl PasswordRules {
    fn flaws(&self) -> [Flaw; 6] {
        [
            (
                "security.password.min_characters",
                !(8..=LONGEST_AT_LEAST).contains(&self.min_characters),
                "应在 8 至 64 之间",
            ),
            (
                "security.password.max_characters",
                !(LONGEST_AT_LEAST..=1024).contains(&self.max_characters),
                "应在 64 至 1024 之间",
            ),
            (
                "security.password.classes",
                !(1..=MOST_CLASSES).contains(&self.classes),
                "应在 1 至 4 之间",
            ),
            (
                "security.password.history",
                self.history > 24,
                "应在 0 至 24 之间",
            ),
            (
                "security.password.warn_days",
                self.max_age_days > 0 && self.warn_days >= self.max_age_days,
                "应小于 max_age_days",
            ),
            (
                "security.password.own_characters",
                self.own_characters > self.min_characters,
                "不能大于 min_characters",
            ),
        ]
    }
}

/// The fewest days that the law lets anybody keep logs.
///
/// Source: 《中华人民共和国网络安全法》（2016）第二十一条第（三）项, "留存相关的网络日志不少于六个月".
/// House rule: the longest six months in a row have 184 days.
pub const LEGAL_RETENTION_DAYS: u32 = 184;
