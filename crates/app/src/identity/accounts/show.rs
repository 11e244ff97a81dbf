//! One account: what it is, what may be asked for about it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::identity::{Change, askers};
use domain::permission::{Action, Role, may};
use web::{Error, Shell};

use crate::identity::store::directory;
use crate::identity::store::privileged::{self as requests, Kept};
use crate::identity::store::{self, Account};
use crate::serve::{App, Frame, now_text};

/// A change that can be asked for here.
struct Wishable {
    change: Change,
    /// One sentence about what it does.
    what: &'static str,
}

#[derive(Template)]
#[template(path = "identity/accounts/show.html")]
struct ShowPage {
    shell: Shell,
    account: Account,
    roles: Vec<Role>,
    others: Vec<Role>,
    unit: Option<(String, String)>,
    section: Option<String>,
    sections: Vec<(String, String)>,
    is_locked: bool,
    is_past: bool,
    waiting: Vec<Kept>,
    wishable: Vec<Wishable>,
    can_manage: bool,
    error: Option<String>,
    reason: String,
}

impl ShowPage {
    fn is_section(&self, id: &str) -> bool {
        self.account.section.as_deref() == Some(id)
    }

    fn unit_code(&self) -> &str {
        self.unit.as_ref().map_or("", |(code, _)| code)
    }
}

/// `GET /accounts/{id}`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    page(&app, frame, id, None, String::new()).await
}

/// The account's page, with what is wrong with a wish.
pub(super) async fn page(
    app: &App,
    frame: Frame,
    id: String,
    error: Option<String>,
    reason: String,
) -> Result<Response, Error> {
    let found = app
        .db
        .read(move |tx| {
            let Some(account) = store::find_by_id(tx, &id)? else {
                return Ok::<_, db::Error>(None);
            };
            let unit = match &account.unit {
                Some(unit) => directory::unit(tx, unit)?,
                None => None,
            };
            let section = match &account.section {
                Some(section) => directory::section(tx, section)?,
                None => None,
            };
            let roles = store::roles(tx, &id)?;
            let waiting = requests::waiting_of(tx, &id)?;
            let sections = store::sections(tx)?;
            Ok(Some((account, unit, section, roles, waiting, sections)))
        })
        .await?;
    let Some((account, unit, section, roles, waiting, sections)) = found else {
        return Err(Error::NotFound);
    };
    let now = now_text();
    let today = now.get(..10).unwrap_or_default();
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let others = Role::ALL.into_iter().filter(|role| !roles.contains(role));
    let page = web::page(&ShowPage {
        others: others.collect(),
        is_locked: account.present().is_locked(&now),
        is_past: account.valid_to.as_deref().is_some_and(|to| to < today),
        wishable: wishable(&frame.actor.roles, &account, &roles, &now),
        can_manage: may(&frame.actor, Action::ManageUsers).is_allowed(),
        shell: frame.shell.at("/accounts"),
        account,
        roles,
        unit,
        section,
        sections,
        waiting,
        error,
        reason,
    })?;
    Ok((status, page).into_response())
}

/// The changes that someone of the roles `own` can ask for now, in the order in which they are
/// usually needed.
fn wishable(own: &[Role], account: &Account, roles: &[Role], now: &str) -> Vec<Wishable> {
    let all = [
        (Change::GrantRoles, true, "增加一个或几个岗位。"),
        (
            Change::RevokeRoles,
            !roles.is_empty(),
            "收回一个或几个岗位，立即失去相应权限。",
        ),
        (
            Change::Unlock,
            account.present().is_locked(now),
            "连续输错密码被锁定，解除后可以马上再登录。",
        ),
        (
            Change::ResetPassword,
            !account.is_disabled,
            "忘记密码时使用。同意后给出新的一次性密码，原来的登录全部退出。",
        ),
        (
            Change::ResetSecondFactor,
            account.has_second_factor,
            "手机丢失、恢复码也没有时使用。重置后本人重新绑定。",
        ),
        (
            Change::Rebind,
            true,
            "调到别的单位或股室，或绑定统一认证的标识。改动后原来的登录全部退出。",
        ),
        (
            Change::HandOver,
            !roles.is_empty(),
            "离岗前把手里没办完的事交给接手人。",
        ),
        (
            Change::DisableAccount,
            !account.is_disabled,
            "停用后不能登录，已登录的立即退出。留下的记录不变。",
        ),
        (
            Change::EnableAccount,
            account.is_disabled,
            "恢复后可以再登录。",
        ),
    ];
    all.into_iter()
        .filter(|(change, is_possible, _)| {
            *is_possible && own.iter().any(|role| askers(*change).contains(role))
        })
        .map(|(change, _, what)| Wishable { change, what })
        .collect()
}
