//! Making a change, in the transaction of its approval.

use db::Tx;
use domain::identity::{Change, leaves_no_administrator, retention_flaw};
use domain::permission::{PersonId, Role, role_conflict};

use super::request::RETENTION;
use super::{Grant, Payload, Refused};
use crate::audit;
use crate::identity::entry;
use crate::identity::store::privileged as store;
use crate::identity::store::{self as accounts, Account, directory, second_factor, session};
use crate::workflow;

/// Whom a change concerns.
#[derive(Debug, Clone, Default)]
pub(super) struct Target {
    /// The accounts' ids.
    pub(super) concerns: Vec<String>,
    /// Their login names.
    pub(super) logins: Vec<String>,
    /// Whether one of them is an administrator, or becomes one.
    pub(super) concerns_administrator: bool,
}

impl Target {
    fn add(&mut self, account: &Account, roles: &[Role]) {
        self.concerns.push(account.id.clone());
        self.logins.push(account.login.clone());
        self.concerns_administrator |= roles.iter().any(|role| role.is_administrator());
    }
}

fn because<T>(sentence: impl Into<String>) -> Result<T, Refused> {
    Err(Refused::Because(sentence.into()))
}

fn account(tx: &mut Tx<'_>, id: &str) -> Result<Account, Refused> {
    accounts::find_by_id(tx, id)?.ok_or(Refused::NotFound)
}

/// Whether the change could be made now, and whom it concerns.
///
/// # Errors
/// Why it could not.
pub(super) fn check(
    tx: &mut Tx<'_>,
    change: Change,
    subject: &str,
    payload: &Payload,
    now: &str,
) -> Result<Target, Refused> {
    let mut target = Target::default();
    match change {
        Change::GrantRoles => {
            for grant in &payload.grants {
                let account = account(tx, &grant.account)?;
                let roles = granted(tx, &account, grant)?;
                target.add(&account, &roles);
            }
            if target.concerns.is_empty() {
                return because("请至少选择一个岗位。");
            }
            return Ok(target);
        }
        Change::SetRetention => {
            let region = audit::region(tx)?;
            let days = payload.days.unwrap_or_default();
            return match retention_flaw(&entry::rules(&region).audit, days) {
                Some(flaw) => because(flaw.to_string()),
                None => Ok(target),
            };
        }
        _ => {}
    }
    let account = account(tx, subject)?;
    let roles = accounts::roles(tx, subject)?;
    target.add(&account, &roles);
    match change {
        Change::RevokeRoles => {
            let taken = taken(payload, &roles)?;
            stays_manned(tx, &taken, now)?;
        }
        Change::DisableAccount if account.is_disabled => return because("这个账号已经停用。"),
        Change::DisableAccount => stays_manned(tx, &roles, now)?,
        Change::EnableAccount if !account.is_disabled => {
            return because("这个账号没有停用，不用恢复。");
        }
        Change::Unlock if !account.present().is_locked(now) => {
            return because("这个账号现在没有锁定，不用解除。");
        }
        Change::ResetSecondFactor if !account.has_second_factor => {
            return because("这个账号没有绑定验证器，不用重置。");
        }
        Change::Rebind => check_place(tx, &account, &roles, payload)?,
        Change::HandOver => {
            let successor = check_successor(tx, &account, &roles, payload, now)?;
            target.concerns.push(successor.id);
            target.logins.push(successor.login);
        }
        _ => {}
    }
    Ok(target)
}

/// All roles of the account after the grant.
fn granted(tx: &mut Tx<'_>, account: &Account, grant: &Grant) -> Result<Vec<Role>, Refused> {
    let mut roles = accounts::roles(tx, &account.id)?;
    let new = named(&grant.roles)?;
    if new.is_empty() {
        return because("请至少选择一个岗位。");
    }
    for role in new {
        if roles.contains(&role) {
            return because(format!("{}已经是{}。", account.login, role.label()));
        }
        roles.push(role);
    }
    if let Some(conflict) = role_conflict(&roles) {
        return because(format!("{}：{conflict}", account.login));
    }
    fits_place(account.unit.is_some(), account.section.is_some(), &roles)
        .map_or(Ok(roles), |flaw| {
            because(format!("{}：{flaw}", account.login))
        })
}

/// Why somebody of these roles must belong elsewhere.
pub(in crate::identity) fn fits_place(
    has_unit: bool,
    has_section: bool,
    roles: &[Role],
) -> Option<String> {
    let needs_unit = |role: &&Role| {
        matches!(
            role,
            Role::UnitClerk | Role::UnitHead | Role::DepartmentReviewer
        )
    };
    let needy = roles.iter().find(needs_unit).filter(|_| !has_unit);
    if let Some(role) = needy {
        return Some(format!("{}要有所在单位，请先填写单位。", role.label()));
    }
    let reviewer = roles.contains(&Role::SectionReviewer) && !has_section;
    reviewer.then(|| "业务股室审核人要有所在股室，请先填写股室。".to_owned())
}

fn named(names: &[String]) -> Result<Vec<Role>, Refused> {
    let find = |name: &String| Role::ALL.into_iter().find(|role| role.name() == *name);
    let roles: Option<Vec<Role>> = names.iter().map(find).collect();
    roles.map_or_else(|| because("没有这个岗位：请重新选择。"), Ok)
}

/// The roles that are to be taken, which the account must have.
fn taken(payload: &Payload, held: &[Role]) -> Result<Vec<Role>, Refused> {
    let names: Vec<String> = payload
        .grants
        .iter()
        .flat_map(|grant| grant.roles.clone())
        .collect();
    let roles = named(&names)?;
    if roles.is_empty() {
        return because("请至少选择一个岗位。");
    }
    match roles.iter().find(|role| !held.contains(role)) {
        Some(role) => because(format!("这个账号不是{}，不用收回。", role.label())),
        None => Ok(roles),
    }
}

/// One of each kind of administrator stays.
fn stays_manned(tx: &mut Tx<'_>, taken: &[Role], now: &str) -> Result<(), Refused> {
    let held = store::administrators(tx, now.get(..10).unwrap_or_default())?;
    let held: Vec<Role> = held.into_iter().map(|(_, role)| role).collect();
    Ok(leaves_no_administrator(&held, taken)?)
}

fn check_place(
    tx: &mut Tx<'_>,
    account: &Account,
    roles: &[Role],
    payload: &Payload,
) -> Result<(), Refused> {
    let Some(place) = &payload.place else {
        return because("请填写要调整到的单位、股室或统一认证标识。");
    };
    if let Some(unit) = &place.unit {
        directory::unit(tx, unit)?.ok_or(Refused::NotFound)?;
    }
    if let Some(section) = &place.section {
        directory::section(tx, section)?.ok_or(Refused::NotFound)?;
    }
    if let Some(subject) = &place.subject {
        let owner = directory::of_subject(tx, subject)?;
        if owner.is_some_and(|owner| owner != account.id) {
            return because("这个统一认证标识已经属于另一个账号。");
        }
    }
    match fits_place(place.unit.is_some(), place.section.is_some(), roles) {
        Some(flaw) => because(flaw),
        None => Ok(()),
    }
}

/// Who goes on: an active account that holds a role of the one who leaves.
fn check_successor(
    tx: &mut Tx<'_>,
    leaver: &Account,
    held: &[Role],
    payload: &Payload,
    now: &str,
) -> Result<Account, Refused> {
    let id = payload.successor.clone().unwrap_or_default();
    let Some(successor) = accounts::find_by_id(tx, &id)? else {
        return because("请填写接手人的用户名。");
    };
    if successor.id == leaver.id {
        return because("接手人不能是本人：请填写另一个人。");
    }
    if let Some(refusal) = successor
        .present()
        .refusal(now.get(..10).unwrap_or_default())
    {
        return because(format!("接手人不能登录：{refusal}"));
    }
    let roles = accounts::roles(tx, &successor.id)?;
    let business = |role: &&Role| !role.is_administrator();
    if held
        .iter()
        .filter(business)
        .any(|role| roles.contains(role))
    {
        Ok(successor)
    } else {
        because("接手人没有同样的岗位：请先给他授予岗位，或换一位接手人。")
    }
}

/// What a change needs that is no part of the request.
#[derive(Debug, Clone)]
pub(super) struct Means {
    /// The hash of a one-time password.
    pub(super) hash: String,
    /// The login name of who decides.
    pub(super) by: String,
}

/// Makes the change.
///
/// # Errors
/// It cannot be made any more; or the database fails.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    change: Change,
    subject: &str,
    payload: &Payload,
    means: &Means,
    now: &str,
) -> Result<(), Refused> {
    match change {
        Change::GrantRoles => {
            for grant in &payload.grants {
                for role in named(&grant.roles)? {
                    store::add_role(tx, &grant.account, role)?;
                }
            }
        }
        Change::RevokeRoles => {
            let held = accounts::roles(tx, subject)?;
            for role in taken(payload, &held)? {
                store::drop_role(tx, subject, role)?;
            }
        }
        Change::DisableAccount => {
            store::set_active(tx, subject, false)?;
            session::end_all(tx, subject)?;
        }
        Change::EnableAccount => store::set_active(tx, subject, true)?,
        Change::Unlock => accounts::lock(tx, subject, None)?,
        Change::ResetSecondFactor => {
            second_factor::unbind(tx, subject)?;
            session::end_all(tx, subject)?;
        }
        Change::ResetPassword => {
            accounts::set_password(tx, subject, &means.hash, now, true)?;
            accounts::lock(tx, subject, None)?;
        }
        Change::Rebind => {
            let place = payload.place.clone().unwrap_or_default();
            store::place(tx, subject, &place)?;
            session::end_all(tx, subject)?;
        }
        Change::HandOver => {
            let successor = PersonId(payload.successor.clone().unwrap_or_default());
            let leaver = PersonId(subject.to_owned());
            workflow::hand_over(tx, &leaver, &successor, now, &means.by)?;
        }
        Change::SetRetention => {
            let days = payload.days.unwrap_or_default().to_string();
            store::set_setting(tx, RETENTION, &days)?;
        }
    }
    Ok(())
}
