//! Who is told of a request: those who may decide it, and who asked when it is decided.

use db::{Error, Tx};
use domain::identity::{ChangeState, Request, Verdict, deciders};
use domain::permission::Actor;

use super::page::{judge, whole};
use crate::audit;
use crate::identity::moment;
use crate::identity::store as accounts;
use crate::identity::store::privileged::{self as store, Kept};
use crate::notice::{self, Kind, Notice};
use crate::serve::now_text;

/// How many requests wait for this person's decision.
///
/// # Errors
/// The database fails.
pub(crate) fn waiting_for(tx: &mut Tx<'_>, actor: &Actor) -> Result<i64, Error> {
    let now = now_text();
    let mut found = 0;
    for kept in store::waiting(tx)? {
        let after = judge(&whole(kept), actor, Verdict::Approve, &now);
        found += i64::from(after == Ok(ChangeState::Applied));
    }
    Ok(found)
}

/// Tells everybody who may decide the request.
pub(super) fn asked(
    tx: &mut Tx<'_>,
    id: &str,
    request: &Request,
    reason: &str,
    now: &str,
) -> Result<(), Error> {
    let possible = deciders(
        request.change,
        request.asked_as,
        request.concerns_administrator,
    );
    let asker = accounts::find_by_id(tx, &request.asked_by.0)?;
    let asker = asker.map(|account| account.name).unwrap_or_default();
    let title = format!("有一件“{}”待您复核", request.change.label());
    let body = format!(
        "申请人：{asker}（{}）。理由：{reason}\n请在 {} 前同意或拒绝，过期要重新申请。",
        request.asked_as.label(),
        moment(&request.expires_at)
    );
    let region = audit::region(tx)?;
    for (account, role) in store::administrators(tx, now.get(..10).unwrap_or_default())? {
        let is_own = account == request.asked_by.0;
        let is_concerned = request.concerns.iter().any(|one| one.0 == account);
        if is_own || is_concerned || !possible.contains(&role) {
            continue;
        }
        let notice = Notice {
            account: &account,
            region: &region,
            kind: Kind::System,
            title: &title,
            body: &body,
            link: &format!("/privileged-changes/{id}"),
            sent_by: Some(&asker),
            key: &format!("privileged_change:{id}:asked"),
        };
        notice::tell(tx, now, &notice)?;
    }
    Ok(())
}

/// Tells who asked how the request ended, unless it was he who took it back.
pub(super) fn decided(
    tx: &mut Tx<'_>,
    kept: &Kept,
    state: ChangeState,
    (by, remark): (Option<&str>, &str),
    now: &str,
) -> Result<(), Error> {
    if matches!(state, ChangeState::Withdrawn | ChangeState::Waiting) {
        return Ok(());
    }
    let title = format!("您申请的“{}”{}", kept.request.change.label(), state.label());
    let body = match (state, remark) {
        (ChangeState::Expired, _) => "没有人在期限内复核。还需要办理的，请重新申请。".to_owned(),
        (_, "") => String::new(),
        (_, remark) => format!("复核意见：{remark}"),
    };
    let region = audit::region(tx)?;
    let notice = Notice {
        account: &kept.request.asked_by.0,
        region: &region,
        kind: Kind::System,
        title: &title,
        body: &body,
        link: &format!("/privileged-changes/{}", kept.id),
        sent_by: by,
        key: &format!("privileged_change:{}:decided", kept.id),
    };
    notice::tell(tx, now, &notice).map(drop)
}
