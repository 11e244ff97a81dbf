//! Who may log in now, how old a password is, and when a session has ended.
//!
//! Moments are ISO 8601 texts of one and the same offset, which compare as times do; stretches of
//! time come from the caller, who has the clock.

use crate::permission::{Action, Role, Scope, grants};
use crate::rulepack::{SecondFactorRules, SessionRules};

/// Seconds of a minute, an hour and a day.
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What is known of an account when somebody has proved to be its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present<'a> {
    /// Whether it was disabled.
    pub is_disabled: bool,
    /// The last day on which it may be used, `2021-03-05`.
    pub expires_on: Option<&'a str>,
    /// Until when failed logins have locked it; far away where only an administrator unlocks it.
    pub locked_until: Option<&'a str>,
}

/// Why somebody does not get in, as a Chinese sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoginRefusal {
    /// Nobody learns whether the name or the password was wrong.
    #[error("用户名或密码不对：请检查后重新输入。")]
    Unknown,
    /// Too many failures; told whether or not such an account exists.
    #[error("这个用户名连续输错次数过多，已锁定。请在 {until} 之后再试，或请安全保密管理员解锁。")]
    LockedUntil {
        /// When it may be tried again, as it is read: `3月5日 09:30`.
        until: String,
    },
    /// Too many failures, and only an administrator unlocks.
    #[error("这个用户名连续输错次数过多，已锁定。请联系安全保密管理员解锁。")]
    Locked,
    /// It was disabled.
    #[error("这个账号已停用，不能登录。如需恢复，请联系系统管理员。")]
    Disabled,
    /// Its last day is over.
    #[error("这个账号的有效期到 {on} 为止，已经过期。如需延长，请联系系统管理员。")]
    Expired {
        /// The last day.
        on: String,
    },
    /// Somebody who is logged in showed another password than the account's.
    #[error("密码不对：请重新输入。")]
    WrongPassword,
    /// The role demands a second factor, and there is none.
    #[error("您的岗位必须使用双因素登录：请先绑定验证器，再办理这件事。")]
    NoSecondFactor,
    /// The second factor did not fit.
    #[error("验证码不对：请输入验证器上现在显示的 6 位数字，或一个没用过的恢复码。")]
    WrongCode,
    /// The code was used already.
    #[error("这个验证码已经用过：请等验证器换一个新的再输入。")]
    UsedCode,
}

impl Present<'_> {
    /// Why this account does not get in at `now` on `today`, though its password was right.
    pub fn refusal(&self, today: &str) -> Option<LoginRefusal> {
        if self.is_disabled {
            return Some(LoginRefusal::Disabled);
        }
        let expired = self.expires_on.filter(|on| *on < today);
        expired.map(|on| LoginRefusal::Expired { on: on.to_owned() })
    }

    /// Whether failed logins keep it locked at `now`. Asked before the password is looked at, so
    /// that a lock tells nobody whether a guess was right.
    pub fn is_locked(&self, now: &str) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }
}

/// How a password stands by its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Young enough.
    Good,
    /// Must be changed within so many days.
    Warn {
        /// Whole days that are left, at least 1.
        days: i64,
    },
    /// Must be changed before anything else is done.
    Over,
}

/// How a password that was chosen `seconds` ago stands. Without a greatest age it is always good.
pub fn password_age(max_age_days: u16, warn_days: u16, seconds: i64) -> Age {
    if max_age_days == 0 {
        return Age::Good;
    }
    let left = i64::from(max_age_days)
        .saturating_mul(DAY)
        .saturating_sub(seconds);
    if left <= 0 {
        return Age::Over;
    }
    let days = left.saturating_add(DAY - 1) / DAY;
    if days <= i64::from(warn_days) {
        Age::Warn { days }
    } else {
        Age::Good
    }
}

/// Whether a session that began `age` seconds ago and was last used `idle` seconds ago has ended.
pub fn session_has_ended(rules: &SessionRules, age: i64, idle: i64) -> bool {
    age >= i64::from(rules.absolute_hours).saturating_mul(HOUR)
        || idle >= i64::from(rules.idle_minutes).saturating_mul(MINUTE)
}

/// What somebody who is logged in shows again, before something is made that outlives the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// The role demands a second factor, and none was ever shown: one is bound first.
    BindFirst,
    /// A code of the authenticator.
    Code,
    /// The password.
    Password,
    /// There is nothing of ours to be shown: the person comes by the common login alone.
    Nothing,
}

/// What has to be shown by somebody whose roles demand a second factor (`must`) or do not.
///
/// House rule: whoever finds a desk unlocked must not leave with a key that is good for a year.
pub fn confirmation(must: bool, has_second_factor: bool, has_password: bool) -> Confirmation {
    match (has_second_factor, must, has_password) {
        (true, _, _) => Confirmation::Code,
        (false, true, _) => Confirmation::BindFirst,
        (false, false, true) => Confirmation::Password,
        (false, false, false) => Confirmation::Nothing,
    }
}

/// Whether someone of these roles must show a second factor at login.
///
/// Source: GB/T 22239-2019 8.1.4.1 d), two or more ways to prove oneself. House rule: a switch for
/// the three administrators and one for whoever of the bureau signs for the region or a section,
/// because hardware and phones are the place's to provide.
pub fn must_prove_twice(wanted: &SecondFactorRules, roles: &[Role]) -> bool {
    let signs = |role: &Role| {
        [
            Action::Review,
            Action::Conclude,
            Action::Ratify,
            Action::EnterBudget,
        ]
        .into_iter()
        .any(|action| {
            grants(action).iter().any(|(holder, scope)| {
                holder == role && matches!(scope, Scope::OwnSection | Scope::Region)
            })
        })
    };
    (wanted.administrators && roles.iter().any(|role| role.is_administrator()))
        || (wanted.finance_approvers && roles.iter().any(signs))
}
