//! Changes that two persons make together (双人复核): one asks with a reason, another decides, and
//! the change is made in the transaction of the decision.

use serde::{Deserialize, Serialize};

use crate::permission::{PersonId, Role};

/// A change that nobody makes alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Give roles to accounts.
    GrantRoles,
    /// Take roles from an account.
    RevokeRoles,
    /// Keep an account from logging in.
    DisableAccount,
    /// Let a disabled account log in again.
    EnableAccount,
    /// Lift the lock of failed logins.
    Unlock,
    /// Take the second factor away, so that a new one can be bound.
    ResetSecondFactor,
    /// Make a new one-time password.
    ResetPassword,
    /// Put an account that has roles into another unit or section, or bind it to another person of
    /// the common login.
    Rebind,
    /// Give what somebody has to do to another person.
    HandOver,
    /// Choose how long events are kept.
    SetRetention,
}

impl Change {
    /// Every change, in the order of the guide.
    pub const ALL: [Self; 10] = [
        Self::GrantRoles,
        Self::RevokeRoles,
        Self::DisableAccount,
        Self::EnableAccount,
        Self::Unlock,
        Self::ResetSecondFactor,
        Self::ResetPassword,
        Self::Rebind,
        Self::HandOver,
        Self::SetRetention,
    ];

    /// Its words on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::GrantRoles => "授予岗位",
            Self::RevokeRoles => "收回岗位",
            Self::DisableAccount => "停用账号",
            Self::EnableAccount => "恢复账号",
            Self::Unlock => "解除锁定",
            Self::ResetSecondFactor => "重置双因素",
            Self::ResetPassword => "重置密码",
            Self::Rebind => "调整单位或统一认证",
            Self::HandOver => "移交在办事项",
            Self::SetRetention => "修改日志保存期限",
        }
    }

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::GrantRoles => "grant_roles",
            Self::RevokeRoles => "revoke_roles",
            Self::DisableAccount => "disable_account",
            Self::EnableAccount => "enable_account",
            Self::Unlock => "unlock",
            Self::ResetSecondFactor => "reset_second_factor",
            Self::ResetPassword => "reset_password",
            Self::Rebind => "rebind",
            Self::HandOver => "hand_over",
            Self::SetRetention => "set_retention",
        }
    }

    /// The change of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|change| change.name() == name)
    }
}

/// The roles that may ask for a change.
pub fn askers(change: Change) -> &'static [Role] {
    match change {
        Change::GrantRoles | Change::RevokeRoles => &[Role::SystemAdmin, Role::SecurityAdmin],
        Change::DisableAccount
        | Change::EnableAccount
        | Change::ResetPassword
        | Change::Rebind
        | Change::HandOver => &[Role::SystemAdmin],
        Change::Unlock | Change::ResetSecondFactor => &[Role::SecurityAdmin, Role::SystemAdmin],
        Change::SetRetention => &[Role::AuditAdmin],
    }
}

/// The roles of the second person, when someone of the role `asker` asks for `change`; none when
/// that role cannot ask for it.
///
/// Source: GB/T 22239-2019 8.1.4.2 访问控制, "授予管理用户所需的最小权限，实现管理用户的权限分离".
/// House rule: one of the two is always the security administrator, except that he may ask the
/// system administrator, who knows the staff, to be his second. The audit administrator stands in
/// only where the change concerns an administrator: with three persons in all nobody else may be
/// left, and the two others must not be able to remove each other's supervision by themselves.
pub fn deciders(change: Change, asker: Role, concerns_administrator: bool) -> &'static [Role] {
    if !askers(change).contains(&asker) {
        return &[];
    }
    match (asker, concerns_administrator) {
        (Role::SystemAdmin, false) | (Role::AuditAdmin, _) => &[Role::SecurityAdmin],
        (Role::SystemAdmin, true) => &[Role::SecurityAdmin, Role::AuditAdmin],
        (Role::SecurityAdmin, false) => &[Role::SystemAdmin, Role::SecurityAdmin],
        (Role::SecurityAdmin, true) => &[Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin],
        _ => &[],
    }
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// Nobody has decided.
    Waiting,
    /// Approved, and made in the same moment.
    Applied,
    /// Refused by the second person.
    Refused,
    /// Taken back by who asked.
    Withdrawn,
    /// Its time ran out.
    Expired,
}

impl ChangeState {
    /// Every state.
    pub const ALL: [Self; 5] = [
        Self::Waiting,
        Self::Applied,
        Self::Refused,
        Self::Withdrawn,
        Self::Expired,
    ];

    /// Its words on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "待复核",
            Self::Applied => "已同意并生效",
            Self::Refused => "已拒绝",
            Self::Withdrawn => "已撤回",
            Self::Expired => "已过期",
        }
    }

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Applied => "applied",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }

    /// The state of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What is decided of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 同意
    Approve,
    /// 拒绝
    Refuse,
    /// 撤回, by who asked.
    Withdraw,
}

/// A request as it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is asked for.
    pub change: Change,
    /// Where it stands.
    pub state: ChangeState,
    /// Who asked.
    pub asked_by: PersonId,
    /// In which role.
    pub asked_as: Role,
    /// Whom it concerns.
    pub concerns: Vec<PersonId>,
    /// Whether one of them is an administrator, or becomes one by it.
    pub concerns_administrator: bool,
    /// Until when it can be decided; ISO 8601.
    pub expires_at: String,
}

/// Who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decider<'a> {
    /// The person.
    pub id: &'a PersonId,
    /// The roles held.
    pub roles: &'a [Role],
}

/// Why a request or a decision is refused, as a Chinese sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrivilegedRefusal {
    /// The role cannot ask for it.
    #[error("您不能申请{}；这件事由{}申请。", change.label(), labels(askers(*change)))]
    NotYoursToAsk {
        /// What was asked for.
        change: Change,
    },
    /// No reason was given.
    #[error("请写明理由：复核的人要靠它判断。")]
    NoReason,
    /// The one who asked decides.
    #[error("这件事是您申请的，不能由您自己复核；请交给{seconds}。")]
    OwnRequest {
        /// Who can.
        seconds: String,
    },
    /// The one whom it concerns decides.
    #[error("这件事涉及您自己的账号，不能由您复核；请交给另一位{seconds}。")]
    OwnAccount {
        /// Who can.
        seconds: String,
    },
    /// The role is not the second person for it.
    #[error("您不能复核这件事；它由{seconds}复核。")]
    NotYoursToDecide {
        /// Who can.
        seconds: String,
    },
    /// Only who asked takes it back.
    #[error("只有申请人可以撤回；您可以同意或拒绝。")]
    NotYoursToWithdraw,
    /// It was decided already.
    #[error("这件事{}，不能再办理。", state.label())]
    Over {
        /// Where it stands.
        state: ChangeState,
    },
    /// Nobody would be left.
    #[error("这样做之后系统里就没有可用的{}了：请先给另一个人授予这个岗位。", role.label())]
    LastOfItsKind {
        /// The administrator's role.
        role: Role,
    },
}

/// As which of his roles someone asks for a change.
///
/// # Errors
/// None of the roles can ask for it, or there is no reason.
pub fn ask(change: Change, roles: &[Role], reason: &str) -> Result<Role, PrivilegedRefusal> {
    let asker = roles.iter().find(|role| askers(change).contains(role));
    let asker = *asker.ok_or(PrivilegedRefusal::NotYoursToAsk { change })?;
    if reason.trim().is_empty() {
        return Err(PrivilegedRefusal::NoReason);
    }
    Ok(asker)
}

/// Where the request stands after the verdict at `now`. A request whose time has run out expires,
/// whatever the verdict was.
///
/// # Errors
/// It was decided already, or this person cannot give this verdict.
pub fn decide_change(
    request: &Request,
    decider: Decider<'_>,
    verdict: Verdict,
    now: &str,
) -> Result<ChangeState, PrivilegedRefusal> {
    if request.state != ChangeState::Waiting {
        return Err(PrivilegedRefusal::Over {
            state: request.state,
        });
    }
    let is_own = *decider.id == request.asked_by;
    if verdict == Verdict::Withdraw {
        return if is_own {
            Ok(ChangeState::Withdrawn)
        } else {
            Err(PrivilegedRefusal::NotYoursToWithdraw)
        };
    }
    let possible = deciders(
        request.change,
        request.asked_as,
        request.concerns_administrator,
    );
    let seconds = labels(possible);
    if is_own {
        return Err(PrivilegedRefusal::OwnRequest { seconds });
    }
    if !decider.roles.iter().any(|role| possible.contains(role)) {
        return Err(PrivilegedRefusal::NotYoursToDecide { seconds });
    }
    if request.concerns.contains(decider.id) {
        return Err(PrivilegedRefusal::OwnAccount { seconds });
    }
    if *now >= *request.expires_at {
        return Ok(ChangeState::Expired);
    }
    Ok(match verdict {
        Verdict::Approve => ChangeState::Applied,
        Verdict::Refuse | Verdict::Withdraw => ChangeState::Refused,
    })
}

/// Which kind of administrator would be left with nobody, when `taken` are taken from one of the
/// active persons who hold `held` (one entry for each person and role).
///
/// # Errors
/// The role that nobody would hold.
pub fn leaves_no_administrator(held: &[Role], taken: &[Role]) -> Result<(), PrivilegedRefusal> {
    let count = |roles: &[Role], wanted: Role| roles.iter().filter(|role| **role == wanted).count();
    let last = taken
        .iter()
        .find(|role| role.is_administrator() && count(held, **role) <= count(taken, **role));
    match last {
        Some(role) => Err(PrivilegedRefusal::LastOfItsKind { role: *role }),
        None => Ok(()),
    }
}

fn labels(roles: &[Role]) -> String {
    let labels: Vec<&str> = roles.iter().map(|role| role.label()).collect();
    labels.join("或")
}
